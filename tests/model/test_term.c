/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The end of accelerators by hand: terms that end, are renewed or lead to a transfer, refresh
 * ahead of it, the operator's share. Days count from 2025-01-01; a dollar is 1,000 won.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "procurement_helper.h"

static fc_programme bought(plan_builder *b, int32_t model, int32_t money)
{
    return (fc_programme){
        .name = "p", .pays_from = build_refs(b, 1, money), .mix = build_mix(b, 1, model, 1.0)};
}

static void add_target(plan_builder *b, const char *name, double by, double gpus, int without)
{
    build_target(b, (fc_target){.name = name,
                                .by = days(b, name, by),
                                .gpus = build_number(b, name, gpus),
                                .counted_at = FC_IN_SERVICE,
                                .operator_counts = without,
                                .includes_all = true});
}

/* 5 servers of 4 accelerators at 1,000,000 won each, ordered on day 10, made on day 40. */
static fc_programme five_servers(plan_builder *b)
{
    int32_t model = add_model(b, "gpu", 4, 1000, 30);

    return bought(b, model, add_money(b, "m", 20e6, 10));
}

/* The cliff: the term ends on day 300, three days before the target's date: met, not held, and the
 * shortfall from then on is charged to `retired`, to the slot and second. A lot that is
 * commissioned after the end leaves at once. */
static void test_cliff(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = five_servers(b);
    fc_plan *plan = NULL;
    trial t;

    p.pays_from = build_refs(b, 2, p.pays_from.index[0], add_money(b, "late", 4e6, 310));
    p.term.ends = days(b, "ends", 300);
    p.announced = build_steps(b, "announced", 0, "2025-01-21", 20.0, NULL); /* day 20 */
    build_programme(b, p);
    add_target(b, "goal", 302, 20, 0);
    t = follow(b,
               "10 release m -1 20000000 money\n"
               "10 order korea.programmes.p 0 20 GPU\n"
               "40 delivery korea.programmes.p 0 20 GPU\n"
               "40 in_service korea.programmes.p 0 20 GPU\n"
               "300 term_end korea.programmes.p 0 20 GPU\n"
               "310 release late -1 4000000 money\n"
               "310 order korea.programmes.p 1 4 GPU\n"
               "340 delivery korea.programmes.p 1 4 GPU\n"
               "340 in_service korea.programmes.p 1 4 GPU\n"
               "340 term_end korea.programmes.p 1 4 GPU\n",
               &plan);
    assert_true(outcome(&t, FC_M_met, 0, 0) == 1);
    assert_true(outcome(&t, FC_M_held, 0, 0) == 0);
    assert_true(outcome(&t, FC_M_count_by, 0, 0) == 0);
    assert_true(charged(&t, FC_CAUSE_supply) == 20 * 20);
    assert_true(charged(&t, FC_CAUSE_retired) == 20 * (730 - 300));
    assert_true(delay_sum(&t, 0) == 20 * 20 + 20 * 430);
    assert_true(outcome(&t, FC_M_gpus_left, 0, FC_NONE) == 24);
    assert_true(outcome(&t, FC_M_gpus_retired, 0, FC_NONE) == 24);
    done(&t, plan);
}

/* A shock on day 100 puts the end off to day 400: one that has not come moves. */
static void test_end_put_off(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = five_servers(b);
    fc_plan *plan = NULL;
    trial t;

    p.term = (fc_term){.ends = days(b, "ends", 300), .then = FC_TERM_TRANSFER};
    build_programme(b, p);
    add_shock(b, "longer", 100, p.term.ends, FC_SET, 400 * FC_DAY, FC_RESCALE);
    t = follow(b,
               "10 release m -1 20000000 money\n"
               "10 order korea.programmes.p 0 20 GPU\n"
               "40 delivery korea.programmes.p 0 20 GPU\n"
               "40 in_service korea.programmes.p 0 20 GPU\n"
               "400 term_end korea.programmes.p 0 20 GPU\n",
               &plan);
    assert_true(outcome(&t, FC_M_gpus_transferred, 0, FC_NONE) == 20);
    assert_true(outcome(&t, FC_M_gpus_retired, 0, FC_NONE) == 0);
    assert_true(outcome(&t, FC_M_gpus_contracted, 0, FC_NONE) == 0);
    done(&t, plan);
}

/* 100 days of term; of 5 servers 60 % are renewed for 50 days, at 100,000 won an accelerator, from
 * what is left of 2.3 m: 3 servers cost 1.2 m; then of 3 servers 60 % are 1, for 0.4 m; then of 1
 * none. What is not renewed is transferred. */
static void test_renewals(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = five_servers(b);
    fc_plan *plan = NULL;
    trial t;

    p.pays_from = build_refs(b, 2, p.pays_from.index[0], add_money(b, "renewals", 2.3e6, 90));
    p.term = (fc_term){.lasts = days(b, "lasts", 100),
                       .then = FC_TERM_RENEW,
                       .otherwise = FC_TERM_TRANSFER,
                       .renewed = build_number(b, "renewed", 0.6),
                       .renewal = days(b, "renewal", 50),
                       .cost = build_number(b, "cost", 100),
                       .cost_currency = 1};
    p.announced = build_steps(b, "announced", 0, "2025-01-21", 20.0, NULL);
    build_programme(b, p);
    t = follow(b,
               "10 release m -1 20000000 money\n"
               "10 order korea.programmes.p 0 20 GPU\n"
               "40 delivery korea.programmes.p 0 20 GPU\n"
               "40 in_service korea.programmes.p 0 20 GPU\n"
               "90 release renewals -1 2300000 money\n"
               "140 renewed korea.programmes.p 1 12 GPU\n"
               "140 term_end korea.programmes.p 0 8 GPU\n"
               "190 renewed korea.programmes.p 2 4 GPU\n"
               "190 term_end korea.programmes.p 1 8 GPU\n"
               "240 term_end korea.programmes.p 2 4 GPU\n",
               &plan);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 20e6 + 1.2e6 + 0.4e6);
    assert_true(outcome(&t, FC_M_gpus_renewed, 0, FC_NONE) == 16);
    assert_true(outcome(&t, FC_M_gpus_transferred, 0, FC_NONE) == 20);
    assert_true(charged(&t, FC_CAUSE_retired) == 8 * 50 + 16 * 50 + 20 * (730 - 240));
    done(&t, plan);
}

/* The money pays for 2 of 5 servers; who is waiting for the room of the other 3 gets it: the site
 * takes 5 servers, a second programme's 4 wait for it since day 45. */
static void test_money_and_room(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = five_servers(b);
    fc_plan *plan = NULL;
    int32_t site = 0;
    trial t;

    site = build_site(b, (fc_site){.name = "s", .design_pue = build_number(b, "pue", 1)});
    build_phase(b, (fc_phase){.name = "x", .power = build_number(b, "x", 50e3)});
    p.host = build_refs(b, 1, site);
    p.term = (fc_term){.lasts = days(b, "lasts", 100),
                       .then = FC_TERM_RENEW,
                       .cost = build_number(b, "cost", 100e3),
                       .cost_currency = 0};
    p.pays_from = build_refs(b, 2, p.pays_from.index[0], add_money(b, "renewals", 0.9e6, 90));
    build_programme(b, p);
    p.name = "q";
    p.pays_from = build_refs(b, 1, add_money(b, "n", 16e6, 15));
    p.term = (fc_term){0};
    build_programme(b, p);
    t = follow(b,
               "0 phase_start korea.sites.s.phases.x -1 0 W\n"
               "0 phase korea.sites.s.phases.x -1 50000 W\n"
               "10 release m -1 20000000 money\n"
               "10 order korea.programmes.p 0 20 GPU\n"
               "15 release n -1 16000000 money\n"
               "15 order korea.programmes.q 1 16 GPU\n"
               "40 delivery korea.programmes.p 0 20 GPU\n"
               "40 in_service korea.programmes.p 0 20 GPU\n"
               "45 delivery korea.programmes.q 1 16 GPU\n"
               "90 release renewals -1 900000 money\n"
               "140 renewed korea.programmes.p 2 8 GPU\n"
               "140 term_end korea.programmes.p 0 12 GPU\n"
               "140 in_service korea.programmes.q 1 12 GPU\n",
               &plan);
    assert_true(outcome(&t, FC_M_gpus_in_service, 0, FC_NONE) == 20);
    assert_true(outcome(&t, FC_M_gpus_waiting, 0, FC_NONE) == 4);
    done(&t, plan);
}

/* The lot leaves on day 240 by age; orders take 30 days and installation 5, the margin is 10: the
 * successor is ordered on day 195 and serves from day 230. Its own term runs out on day 430, and
 * it replaces itself: ordered on day 385. */
static void test_refresh(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = five_servers(b);
    fc_plan *plan = NULL;
    trial t;

    p.service_life = days(b, "life", 200);
    build_programme(b, p);
    p.name = "successor";
    p.rule = FC_RULE_REFRESH;
    p.pays_from = build_refs(b, 1, add_money(b, "n", 40e6, 5));
    p.replaces = build_refs(b, 2, 0, 1);
    p.margin = days(b, "margin", 10);
    p.install = days(b, "install", 5);
    p.service_life = 0;
    p.term.lasts = days(b, "lasts", 200);
    build_programme(b, p);
    t = follow(b,
               "5 release n -1 40000000 money\n"
               "10 release m -1 20000000 money\n"
               "10 order korea.programmes.p 0 20 GPU\n"
               "40 delivery korea.programmes.p 0 20 GPU\n"
               "40 in_service korea.programmes.p 0 20 GPU\n"
               "195 order korea.programmes.successor 1 20 GPU\n"
               "225 delivery korea.programmes.successor 1 20 GPU\n"
               "230 in_service korea.programmes.successor 1 20 GPU\n"
               "240 retired korea.programmes.p 0 20 GPU\n"
               "385 order korea.programmes.successor 2 20 GPU\n"
               "415 delivery korea.programmes.successor 2 20 GPU\n"
               "420 in_service korea.programmes.successor 2 20 GPU\n"
               "430 term_end korea.programmes.successor 1 20 GPU\n"
               "620 term_end korea.programmes.successor 2 20 GPU\n",
               &plan);
    done(&t, plan);
}

/* The operator keeps 30 % of 20: 6. The target that does not count them is missed, the other met;
 * an order for it buys 20 / 0.7 = 28.6, that is 8 servers, of which 23 count. */
static void test_operator_share(void **state)
{
    (void)state;
    for (int ordered_for = 0; ordered_for < 2; ordered_for++) {
        plan_builder *b = bare_korea();
        fc_programme p = five_servers(b);
        fc_plan *plan = NULL;
        trial t;

        p.owner = FC_OWNER_OPERATOR;
        p.operator_share = build_number(b, "share", 0.3);
        if (ordered_for) {
            p.rule = FC_RULE_TO_TARGET;
            p.targets = build_refs(b, 1, 1);
            p.pays_from = build_refs(b, 1, add_money(b, "much", 1e9, 10));
        }
        build_programme(b, p);
        add_target(b, "all", 100, 20, 0);
        add_target(b, "users", 100, 20, 1);
        plan = build_plan(b);
        t = trial_of(plan, 0);
        assert_true(outcome(&t, FC_M_gpus_operator_owned, 0, FC_NONE) == (ordered_for ? 32 : 20));
        assert_true(outcome(&t, FC_M_gpus_operator_use, 0, FC_NONE) == (ordered_for ? 9 : 6));
        assert_true(outcome(&t, FC_M_count_by, 0, 0) == (ordered_for ? 32 : 20));
        assert_true(outcome(&t, FC_M_count_by, 0, 1) == (ordered_for ? 23 : 14));
        assert_true(outcome(&t, FC_M_met, 0, 1) == ordered_for);
        done(&t, plan);
    }
}

/* A term ends while servers are being repaired and others are off for want of power: the world is
 * verified after every event, whatever the share that is renewed. */
static void test_renewal_of_failed(void **state)
{
    (void)state;
    for (int share = 0; share <= 10; share++) {
        plan_builder *b = build_start("2025-01-01", "2026-01-01", (uint64_t)share);
        int32_t site = 0, model = 0;
        fc_programme p;
        fc_plan *plan = NULL;
        trial t;

        build_currency(b, "KRW", 0, build_number(b, "krw", 1000));
        build_currency(b, "USD", 2, build_number(b, "usd", 1));
        model = add_model(b, "gpu", 4, 1000, 0);
        build_fleet(b, (fc_fleet){.name = "korea",
                                  .upkeep = {.failure_rate = build_number(b, "f", 0.05 / FC_DAY),
                                             .repair_time = days(b, "r", 10),
                                             .crews = build_number(b, "crews", 4)}});
        site = build_site(b, (fc_site){.name = "s",
                                       .design_pue = build_number(b, "pue", 1),
                                       .available = build_steps(b, "a", 1, "2025-03-01", 0.7,
                                                                "2025-06-01", 1.0, NULL)});
        build_phase(b, (fc_phase){.name = "x", .power = build_number(b, "x", 200e3)});
        p = bought(b, model, add_money(b, "m", 80e6, 1));
        p.host = build_refs(b, 1, site);
        p.term = (fc_term){.lasts = days(b, "lasts", 80),
                           .then = FC_TERM_RENEW,
                           .renewed = build_number(b, "renewed", share / 10.0),
                           .renewal = days(b, "renewal", 20)};
        p.announced = build_steps(b, "announced", 0, "2025-01-11", 60.0, NULL);
        build_programme(b, p);
        plan = build_plan(b);
        t = trial_of(plan, 0);
        if (share < 10) assert_true(outcome(&t, FC_M_gpus_left, 0, FC_NONE) > 0);
        if (share == 10) assert_true(outcome(&t, FC_M_gpus_renewed, 0, FC_NONE) > 80 * 10);
        done(&t, plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cliff),
        cmocka_unit_test(test_end_put_off),
        cmocka_unit_test(test_renewals),
        cmocka_unit_test(test_money_and_room),
        cmocka_unit_test(test_refresh),
        cmocka_unit_test(test_operator_share),
        cmocka_unit_test(test_renewal_of_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
