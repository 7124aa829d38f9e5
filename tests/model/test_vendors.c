/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What vendors and their governments allow, by hand: allotments over quarters, export rules and
 * what is bought in place of what they ban. Won, slots and ledger.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "procurement_helper.h"

/* ---- allotments ---------------------------------------------------------------------------- */

/* 40 accelerators (5 servers) of p are made on day 80 and 16 of q on day 85; 20 a quarter, 40 from
 * 2025-07-01 (day 181). Quarters begin on days 90, 181. So: 16 of p in the first, 16 of p in the
 * second, in the third 8 of p (ordered first) and 16 of q. */
static void test_allotment(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 60);
    fc_plan *plan = NULL;
    trial t;

    build_allotment(b,
                    (fc_allotment){.name = "vendor",
                                   .models = build_refs(b, 1, one),
                                   .a_quarter = build_steps(b, "q", 20, "2025-07-01", 40., NULL)});
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, add_money(b, "a", 4000, 20)),
                                      .mix = build_mix(b, 1, one, 1.0),
                                      .announced = build_number(b, "announced", 40)});
    build_programme(b, (fc_programme){.name = "q",
                                      .pays_from = build_refs(b, 1, add_money(b, "c", 1600, 25)),
                                      .mix = build_mix(b, 1, one, 1.0)});
    t = follow(b,
               "20 release a -1 4000 money\n"
               "20 order korea.programmes.p 0 40 GPU\n"
               "25 release c -1 1600 money\n"
               "25 order korea.programmes.q 1 16 GPU\n"
               "80 delivery korea.programmes.p 0 16 GPU\n"
               "80 in_service korea.programmes.p 0 16 GPU\n"
               "90 delivery korea.programmes.p 2 16 GPU\n"
               "90 in_service korea.programmes.p 2 16 GPU\n"
               "181 delivery korea.programmes.p 3 8 GPU\n"
               "181 delivery korea.programmes.q 1 16 GPU\n"
               "181 in_service korea.programmes.p 3 8 GPU\n"
               "181 in_service korea.programmes.q 1 16 GPU\n",
               &plan);
    assert_true(charged(&t, FC_CAUSE_supply) == 16 * 60 + 16 * 70 + 8 * 161);
    assert_true(series(&t, FC_M_money_paid, 0, 2) == 1600); /* end of March: the first 16 */
    assert_true(series(&t, FC_M_money_committed, 0, 2) == 4000);
    assert_true(series(&t, FC_M_money_paid, 0, 3) == 3200);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 5600);
    done(&t, plan);
}

/* 8 a quarter until a shock on day 100 makes it 24: 16 more leave at once, then 16 on day 181. */
static void test_allotment_raised(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 60);
    fc_param q = build_number(b, "q", 8);
    fc_plan *plan = NULL;
    trial t;

    build_allotment(
        b, (fc_allotment){.name = "vendor", .models = build_refs(b, 1, one), .a_quarter = q});
    add_shock(b, "more", 100, q, FC_SET, 24, FC_KEEP);
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, add_money(b, "a", 4800, 40)),
                                      .mix = build_mix(b, 1, one, 1.0),
                                      .install = days(b, "install", 700)});
    t = follow(b,
               "40 release a -1 4800 money\n"
               "40 order korea.programmes.p 0 48 GPU\n"
               "100 delivery korea.programmes.p 0 24 GPU\n"
               "181 delivery korea.programmes.p 1 24 GPU\n",
               &plan);
    done(&t, plan);
}

/* ---- export rules -------------------------------------------------------------------------- */

/* 3 servers of `big` (2,000 won each) ordered on day 10, made on day 70. From day 40 on `big` is
 * banned. `small` costs 900 a server of 4 and takes 30 days. Announced: 24. */
static fc_programme banned_plan(plan_builder *b, fc_param *from)
{
    int32_t big = add_model(b, "big", 8, 0.25, 60);
    fc_programme p = {.name = "p",
                      .pays_from = build_refs(b, 1, add_money(b, "a", 6500, 10)),
                      .mix = build_mix(b, 1, big, 1.0),
                      .announced = build_number(b, "announced", 24)};

    add_model(b, "small", 4, 0.225, 30);
    *from = days(b, "from", 40);
    build_export_rule(b, (fc_export_rule){.name = "ban",
                                          .models = build_refs(b, 1, big),
                                          .from = *from,
                                          .status = build_number(b, "ban", FC_EXPORT_BANNED)});
    return p;
}

/* The contract's 6,000 won buy 6 servers of 4 (5,400) in its place; 600 are free again, and with
 * the 500 that were left they buy one more, as rules that change are an occasion to order. The 24
 * slots pass on: 0-10 funding, 10-40 supply, 40-70 supply of the others. */
static void test_substitution_under_a_ban(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_param from = 0;
    fc_programme p = banned_plan(b, &from);
    fc_plan *plan = NULL;
    trial t;

    p.fallback.models = build_refs(b, 1, 1);
    build_programme(b, p);
    t = follow(b,
               "10 release a -1 6500 money\n"
               "10 order korea.programmes.p 0 24 GPU\n"
               "40 cancelled korea.programmes.p 0 24 GPU\n"
               "40 order korea.programmes.p 1 24 GPU\n"
               "40 order korea.programmes.p 2 4 GPU\n"
               "70 delivery korea.programmes.p 1 24 GPU\n"
               "70 delivery korea.programmes.p 2 4 GPU\n"
               "70 in_service korea.programmes.p 1 24 GPU\n"
               "70 in_service korea.programmes.p 2 4 GPU\n",
               &plan);
    assert_true(charged(&t, FC_CAUSE_funding) == 24 * 10);
    assert_true(charged(&t, FC_CAUSE_supply) == 24 * 60);
    assert_true(delay_sum(&t, 0) == 24 * 70);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 5400 + 900);
    assert_true(outcome(&t, FC_M_money_committed, 0, FC_NONE) == 0);
    assert_true(outcome(&t, FC_M_gpus_cancelled, 0, FC_NONE) == 24);
    assert_true(outcome(&t, FC_M_gpus_contracted, 0, FC_NONE) == 28);
    done(&t, plan);
}

/* A second lot of 8 `slow` waits 500 days for a licence. Of 12 announced, all are slots of the
 * first lot; what is bought in its place takes them over, so that the second is never short. */
static void test_a_substitute_takes_over_the_slots(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_param from = 0;
    fc_programme p = banned_plan(b, &from);
    int32_t slow = add_model(b, "slow", 8, 0.25, 60);
    fc_plan *plan = NULL;
    trial t;

    build_export_rule(b, (fc_export_rule){.name = "slow",
                                          .models = build_refs(b, 1, slow),
                                          .status = build_number(b, "l", FC_EXPORT_LICENCE),
                                          .delay = days(b, "delay", 500)});
    p.pays_from = build_refs(b, 1, add_money(b, "c", 8000, 10));
    p.mix = build_mix(b, 2, 0, 0.75, slow, 0.25);
    p.fallback.models = build_refs(b, 1, 1);
    p.announced = build_number(b, "few", 12);
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "510 licence korea.programmes.p 1 8 GPU"));
    assert_true(charged(&t, FC_CAUSE_licence) == 0);
    assert_true(charged(&t, FC_CAUSE_supply) == 12 * 60);
    assert_true(delay_sum(&t, 0) == 12 * 70);
    done(&t, plan);
}

/* It waits, held from day 70 when it is made, until a shock ends the ban on day 100. */
static void test_waiting_for_the_rules(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_param from = 0;
    fc_programme p = banned_plan(b, &from);
    fc_plan *plan = NULL;
    trial t;

    add_shock(b, "lifted", 100, from, FC_SET, 4000 * FC_DAY, FC_KEEP);
    build_programme(b, p);
    t = follow(b,
               "10 release a -1 6500 money\n"
               "10 order korea.programmes.p 0 24 GPU\n"
               "100 delivery korea.programmes.p 0 24 GPU\n"
               "100 in_service korea.programmes.p 0 24 GPU\n",
               &plan);
    assert_true(charged(&t, FC_CAUSE_supply) == 24 * 30);
    assert_true(charged(&t, FC_CAUSE_licence) == 24 * 60);
    assert_true(delay_sum(&t, 0) == 24 * 100);
    done(&t, plan);
}

/* Cancelled: all the money is free again, but its budget has lapsed on day 35, and so it is lost.
 * The slots are charged to the licence for good; the release of day 200 buys nothing that is
 * banned. */
static void test_cancelling_under_a_ban(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_param from = 0;
    fc_programme p = banned_plan(b, &from);
    fc_plan *plan = NULL;
    trial t;

    build_unfinished(b)->budgets[0].lapses = days(b, "lapses", 35);
    p.fallback.otherwise = FC_OTHERWISE_CANCEL;
    p.pays_from = build_refs(b, 2, 0, add_money(b, "c", 8000, 200));
    build_programme(b, p);
    t = follow(b,
               "10 release a -1 6500 money\n"
               "10 order korea.programmes.p 0 24 GPU\n"
               "35 lapse a -1 500 money\n"
               "40 cancelled korea.programmes.p 0 24 GPU\n"
               "40 lapse a -1 6000 money\n"
               "200 release c -1 8000 money\n",
               &plan);
    assert_true(charged(&t, FC_CAUSE_funding) == 24 * 10);
    assert_true(charged(&t, FC_CAUSE_supply) == 24 * 30);
    assert_true(charged(&t, FC_CAUSE_licence) == 24 * (730 - 40));
    assert_true(outcome(&t, FC_M_money_committed, 0, FC_NONE) == 0);
    assert_true(outcome(&t, FC_M_gpus_contracted, 0, FC_NONE) == 0);
    done(&t, plan);
}

/* From the start `big` needs a licence, decided 90 days after the order: granted where none is
 * denied, on day 100. Where all are denied the fallback acts on that day. `small` is slower than a
 * rule's threshold and needs none. */
static void test_licences(void **state)
{
    (void)state;
    for (int denied = 0; denied < 2; denied++) {
        plan_builder *b = bare_korea();
        int32_t big = add_model(b, "big", 8, 0.25, 60);
        fc_plan *plan = NULL;
        trial t;

        add_model(b, "small", 4, 0.225, 30);
        build_unfinished(b)->accelerators[1].bf16_dense = build_number(b, "slow", 1e14);
        build_export_rule(b,
                          (fc_export_rule){.name = "rule",
                                           .at_least = build_number(b, "at_least", 3e14),
                                           .buyers = build_refs(b, 1, 0),
                                           .status = build_number(b, "status", FC_EXPORT_LICENCE),
                                           .delay = days(b, "delay", 90),
                                           .denied = build_number(b, "denied", denied)});
        build_programme(b,
                        (fc_programme){.name = "p",
                                       .pays_from = build_refs(b, 1, add_money(b, "a", 6500, 10)),
                                       .mix = build_mix(b, 1, big, 1.0),
                                       .fallback = {.models = build_refs(b, 1, 1)},
                                       .announced = build_number(b, "announced", 24)});
        t = follow(b,
                   denied ? "10 release a -1 6500 money\n"
                            "10 order korea.programmes.p 0 24 GPU\n"
                            "100 denied korea.programmes.p 0 24 GPU\n"
                            "100 cancelled korea.programmes.p 0 24 GPU\n"
                            "100 order korea.programmes.p 1 24 GPU\n"
                            "130 delivery korea.programmes.p 1 24 GPU\n"
                            "130 in_service korea.programmes.p 1 24 GPU\n"
                          : "10 release a -1 6500 money\n"
                            "10 order korea.programmes.p 0 24 GPU\n"
                            "100 licence korea.programmes.p 0 24 GPU\n"
                            "100 delivery korea.programmes.p 0 24 GPU\n"
                            "100 in_service korea.programmes.p 0 24 GPU\n",
                   &plan);
        assert_true(charged(&t, FC_CAUSE_licence) == 24 * 90);
        assert_true(charged(&t, FC_CAUSE_supply) == (denied ? 24 * 30 : 0));
        done(&t, plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allotment),
        cmocka_unit_test(test_allotment_raised),
        cmocka_unit_test(test_substitution_under_a_ban),
        cmocka_unit_test(test_a_substitute_takes_over_the_slots),
        cmocka_unit_test(test_waiting_for_the_rules),
        cmocka_unit_test(test_cancelling_under_a_ban),
        cmocka_unit_test(test_licences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
