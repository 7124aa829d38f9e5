/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Procurement by hand: tenders with failed calls, orders for a target, mixes by count and by year.
 * Won, slots and ledger; and the directions in which more is more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "procurement_helper.h"

/* ---- tenders ------------------------------------------------------------------------------- */

/* Calls fail for certain until a day, and never after. */
static fc_param fails_until(plan_builder *b, double day)
{
    double times[] = {-1e12, day * FC_DAY};
    uint32_t values[] = {build_constant(b, 1), build_constant(b, 0)};

    return build_param(b, "fails", build_path_of(b, FC_FORM_STEP, 1, 2, times, values));
}

static fc_tender tender(plan_builder *b, double fail_until)
{
    return (fc_tender){.review = days(b, "review", 10),
                       .call = days(b, "call", 40),
                       .fails = fails_until(b, fail_until),
                       .relaunch = days(b, "relaunch", 20)};
}

/* Money for 2 servers (800 won each) on day 30, for 1 more on day 100. Review to day 40, a call
 * that fails on day 80, the next from day 100 to 140: the order is placed then, with the money that
 * joined. 40 announced from day 0: 24 bought, 16 never.
 *   days 0-30     all 40 to funding
 *   days 30-100   16 to the tender, 24 to funding
 *   days 100-140  24 to the tender, 16 to funding (there is no more money)
 *   days 140-200  24 to supply; 16 to funding until day 730 */
static void test_a_failed_call(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 60), a = add_money(b, "a", 1600, 30);
    int32_t c = add_money(b, "c", 900, 100);
    fc_plan *plan = NULL;
    trial t;

    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 2, a, c),
                                      .mix = build_mix(b, 1, one, 1.0),
                                      .tender = tender(b, 100),
                                      .announced = build_number(b, "announced", 40)});
    t = follow(b,
               "30 release a -1 1600 money\n"
               "30 tender korea.programmes.p -1 16 GPU\n"
               "80 failed_call korea.programmes.p -1 1 attempt\n"
               "100 release c -1 900 money\n"
               "140 order korea.programmes.p 0 16 GPU\n"
               "140 order korea.programmes.p 1 8 GPU\n"
               "200 delivery korea.programmes.p 0 16 GPU\n"
               "200 delivery korea.programmes.p 1 8 GPU\n"
               "200 in_service korea.programmes.p 0 16 GPU\n"
               "200 in_service korea.programmes.p 1 8 GPU\n",
               &plan);
    assert_true(charged(&t, FC_CAUSE_tender) == 16 * 70 + 24 * 40);
    assert_true(charged(&t, FC_CAUSE_supply) == 24 * 60);
    assert_true(charged(&t, FC_CAUSE_funding) == 40 * 30 + 24 * 70 + 16 * (730 - 100));
    assert_true(delay_sum(&t, 0) == 40 * 200 + 16 * 530);
    assert_true(outcome(&t, FC_M_failed_calls, 0, FC_NONE) == 1);
    assert_true(outcome(&t, FC_M_any_failed_call, 0, FC_NONE) == 1);
    assert_true(outcome(&t, FC_M_first_contract, 0, FC_NONE) ==
                (double)(plan->epoch.start_day + 140));
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 2400);
    done(&t, plan);
}

/* Two calls at most: given up on day 140, with the money of the first release; the release of day
 * 300 starts the second tender, which buys for both. The first budget lapses on day 320, during
 * it. */
static void test_a_tender_given_up(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 60), a = 0, c = add_money(b, "c", 900, 300);
    fc_tender two = tender(b, 200);
    fc_plan *plan = NULL;
    trial t;

    a = build_budget(b, (fc_budget){.name = "a",
                                    .amount = build_number(b, "a", 1600),
                                    .currency = 0,
                                    .enacted = days(b, "a", 30),
                                    .lapses = days(b, "a", 320)});
    two.at_most = build_number(b, "at_most", 2);
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 2, a, c),
                                      .mix = build_mix(b, 1, one, 1.0),
                                      .tender = two});
    t = follow(b,
               "30 release a -1 1600 money\n"
               "30 tender korea.programmes.p -1 16 GPU\n"
               "80 failed_call korea.programmes.p -1 1 attempt\n"
               "140 failed_call korea.programmes.p -1 2 attempt\n"
               "300 release c -1 900 money\n"
               "300 tender korea.programmes.p -1 24 GPU\n"
               "320 lapse a -1 1600 money\n"
               "350 order korea.programmes.p 0 8 GPU\n"
               "410 delivery korea.programmes.p 0 8 GPU\n"
               "410 in_service korea.programmes.p 0 8 GPU\n",
               &plan);
    assert_true(outcome(&t, FC_M_failed_calls, 0, FC_NONE) == 2);
    assert_true(outcome(&t, FC_M_money_lapsed, 0, FC_NONE) == 1600);
    done(&t, plan);
}

/* Struck on day 60, halfway through a call of 40 days, which now takes 80: it ends on day 100. */
static void test_a_call_in_progress(void **state)
{
    (void)state;
    static const fc_in_progress how[] = {FC_KEEP, FC_RESCALE, FC_REDRAW};
    static const char *const order[] = {"80 order", "100 order", "120 order"};

    for (int i = 0; i < 3; i++) {
        plan_builder *b = bare_korea();
        int32_t one = add_model(b, "one", 8, 0.1, 60);
        fc_programme p = {.name = "p",
                          .pays_from = build_refs(b, 1, add_money(b, "a", 1600, 30)),
                          .mix = build_mix(b, 1, one, 1.0),
                          .tender = tender(b, 0)};
        fc_plan *plan = NULL;
        trial t;

        add_shock(b, "slow", 60, p.tender.call, FC_SCALE, 2, how[i]);
        build_programme(b, p);
        plan = build_plan(b);
        t = trial_of(plan, 0);
        assert_non_null(strstr(t.log.data, order[i]));
        done(&t, plan);
    }
}

/* With a chance of 0.3, 2,000 replications hold 600 failed first calls, 3 standard deviations
 * either side: by chance once in 370 seeds. A smaller chance fails a subset of the same calls. */
static void test_chance_of_a_failed_call(void **state)
{
    (void)state;
    int failed[2] = {0}, only_small = 0;
    bool first[2000];

    for (int i = 0; i < 2; i++) {
        plan_builder *b = bare_korea();
        int32_t one = add_model(b, "one", 8, 0.1, 60);
        fc_plan *plan = NULL;
        trial t;

        build_programme(
            b, (fc_programme){.name = "p",
                              .pays_from = build_refs(b, 1, add_money(b, "a", 1600, 30)),
                              .mix = build_mix(b, 1, one, 1.0),
                              .tender = {.call = days(b, "call", 40),
                                         .fails = build_number(b, "fails", i == 0 ? 0.3 : 0.2)}});
        plan = build_plan(b);
        t = trial_start(plan);
        for (uint32_t r = 0; r < 2000; r++) {
            bool any = false;

            assert_int_equal(trial_run(&t, r), FC_OK);
            any = outcome(&t, FC_M_any_failed_call, 0, FC_NONE) > 0;
            failed[i] += any;
            if (i == 0) first[r] = any;
            if (i == 1) only_small += any && !first[r];
        }
        done(&t, plan);
    }
    assert_true(fabs(failed[0] - 600.0) < 3 * sqrt(2000 * 0.3 * 0.7));
    assert_true(failed[1] < failed[0] && only_small == 0);
}

/* ---- to_target ----------------------------------------------------------------------------- */

/* 100 by day 399 (the end of it is day 400), 10 % spares: 110, less a stock of 14: 96 wanted, 12
 * servers of 8. Lead time 60 days, installation 30, margin 10, tender 5 + 40: the tender starts on
 * day 400 - 30 - 10 - 60 - 45 = 255 at the latest, earliest on day 20, when there is money. A shock
 * on day 100 doubles the lead time: by day 195. */
static void test_orders_for_a_target(void **state)
{
    (void)state;
    static const char *const expected[] = {"20 tender", "255 tender", "195 tender"};

    for (int i = 0; i < 3; i++) {
        plan_builder *b = bare_korea();
        int32_t one = add_model(b, "one", 8, 0.1, 60);
        fc_plan *plan = NULL;
        trial t;

        build_stock(b, (fc_stock){.name = "old",
                                  .model = one,
                                  .site = FC_NONE,
                                  .count = build_number(b, "count", 14),
                                  .since = days(b, "since", 0)});
        build_target(b, (fc_target){.name = "goal",
                                    .by = days(b, "by", 399),
                                    .gpus = build_number(b, "gpus", 100),
                                    .counted_at = FC_IN_SERVICE,
                                    .includes_all = true});
        if (i == 2)
            add_shock(b, "crunch", 100, build_unfinished(b)->accelerators[one].lead_time, FC_SCALE,
                      2, FC_KEEP);
        build_programme(b,
                        (fc_programme){.name = "p",
                                       .pays_from = build_refs(b, 1, add_money(b, "a", 99999, 20)),
                                       .rule = FC_RULE_TO_TARGET,
                                       .targets = build_refs(b, 1, 0),
                                       .spares = build_number(b, "spares", 0.1),
                                       .when = i == 0 ? FC_WHEN_EARLIEST : FC_WHEN_LATEST_SAFE,
                                       .margin = days(b, "margin", 10),
                                       .install = days(b, "install", 30),
                                       .mix = build_mix(b, 1, one, 1.0),
                                       .tender = {.review = days(b, "review", 5),
                                                  .call = days(b, "call", 40)}});
        plan = build_plan(b);
        t = trial_of(plan, 0);
        assert_non_null(strstr(t.log.data, expected[i]));
        assert_non_null(strstr(t.log.data, "order korea.programmes.p 1 96 GPU"));
        assert_true(outcome(&t, FC_M_met, 0, 0) == 1);
        assert_true(outcome(&t, FC_M_reached_in_service, 0, 0) ==
                    (double)(plan->epoch.start_day + (i == 0 ? 155 : 390)));
        assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 9600);
        done(&t, plan);
    }
}

/* What retires before the target's date is ordered anew, what retires after it was met is not. */
static void test_replacement_for_a_target(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 60);
    fc_plan *plan = NULL;
    trial t;

    build_target(b, (fc_target){.name = "goal",
                                .by = days(b, "by", 399),
                                .gpus = build_number(b, "gpus", 10),
                                .counted_at = FC_IN_SERVICE,
                                .includes_all = true});
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, add_money(b, "a", 99999, 20)),
                                      .rule = FC_RULE_TO_TARGET,
                                      .targets = build_refs(b, 1, 0),
                                      .service_life = days(b, "life", 200),
                                      .mix = build_mix(b, 1, one, 1.0)});
    t = follow(b,
               "20 release a -1 99999 money\n"
               "20 order korea.programmes.p 0 16 GPU\n"
               "80 delivery korea.programmes.p 0 16 GPU\n"
               "80 in_service korea.programmes.p 0 16 GPU\n"
               "280 retired korea.programmes.p 0 16 GPU\n"
               "280 order korea.programmes.p 1 16 GPU\n"
               "340 delivery korea.programmes.p 1 16 GPU\n"
               "340 in_service korea.programmes.p 1 16 GPU\n"
               "540 retired korea.programmes.p 1 16 GPU\n",
               &plan);
    done(&t, plan);
}

/* ---- mixes --------------------------------------------------------------------------------- */

/* Shares of accelerators 70:30 in servers of 8 and 4, at 100 and 300 won an accelerator.
 * 10,000 won: 62 accelerators are 43.4 (5.425 servers of 8) and 18.6 (4.65 servers of 4); the
 * larger remainder gets the one server for which there is room: 5 and 5 servers, 40 and 20, 4,000 +
 * 6,000 won. Up to 66 it is the same; 67 (5.86 and 5.03) has room for a small one only: 11,200 won;
 * 68 to 71 are 6 and 5 servers: 10,800 won; 72 gets one more small one: 12,000 won. So 10,900 won
 * buy the 68, though they do not buy the 67. */
static void test_mix_by_count(void **state)
{
    (void)state;
    static const double amounts[] = {10000, 10800};
    static const char *const orders[][2] = {
        {"order korea.programmes.p 0 40 GPU", "order korea.programmes.p 1 20 GPU"},
        {"order korea.programmes.p 0 48 GPU", "order korea.programmes.p 1 20 GPU"}};

    for (int i = 0; i < 2; i++) {
        plan_builder *b = bare_korea();
        int32_t large = add_model(b, "large", 8, 0.1, 60),
                small = add_model(b, "small", 4, 0.3, 60);
        fc_plan *plan = NULL;
        trial t;

        build_programme(
            b, (fc_programme){.name = "p",
                              .pays_from = build_refs(b, 1, add_money(b, "a", amounts[i], 20)),
                              .mix = build_mix(b, 2, large, 0.7, small, 0.3),
                              .mix_by = FC_MIX_BY_COUNT});
        plan = build_plan(b);
        t = trial_of(plan, 0);
        assert_non_null(strstr(t.log.data, orders[i][0]));
        assert_non_null(strstr(t.log.data, orders[i][1]));
        assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == (i == 0 ? 10000 : 10800));
        done(&t, plan);
    }
}

/* A number of 100 by count: 70 and 30 are 8.75 and 7.5 servers; 8 and 7 hold 92; the first of the
 * remainders adds a large server: 100. */
static void test_number_by_count(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    int32_t large = add_model(b, "large", 8, 0.1, 60), small = add_model(b, "small", 4, 0.3, 60);
    fc_plan *plan = NULL;
    trial t;

    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, add_money(b, "a", 99999, 20)),
                                      .rule = FC_RULE_SCHEDULE,
                                      .quantity = build_number(b, "quantity", 100),
                                      .mix = build_mix(b, 2, large, 0.7, small, 0.3),
                                      .mix_by = FC_MIX_BY_COUNT,
                                      .install = days(b, "install", 700)});
    t = follow(b,
               "20 release a -1 99999 money\n"
               "20 order korea.programmes.p 0 72 GPU\n"
               "20 order korea.programmes.p 1 28 GPU\n"
               "80 delivery korea.programmes.p 0 72 GPU\n"
               "80 delivery korea.programmes.p 1 28 GPU\n",
               &plan);
    done(&t, plan);
}

/* 2024 and 2026 have mixes; orders of 2025 are by that of 2024. Of 1,300 won one
 * server of 8 is bought on the last day of 2025; its 500 buy one of 4 the day after. */
static void test_mix_by_year(void **state)
{
    (void)state;
    static int64_t years[] = {2024, 2026};
    plan_builder *b = bare_korea();
    int32_t old = add_model(b, "old", 8, 0.1, 60), new = add_model(b, "new", 4, 0.1, 60);
    fc_mix mixes[2];
    fc_plan *plan = NULL;
    trial t;

    mixes[0] = build_mix(b, 1, old, 1.0);
    mixes[1] = build_mix(b, 1, new, 1.0);
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 2, add_money(b, "a", 1300, 364),
                                                              add_money(b, "c", 1300, 365)),
                                      .mix_by_year = {.n = 2, .year = years, .mix = mixes},
                                      .install = days(b, "install", 700)});
    t = follow(b,
               "364 release a -1 1300 money\n"
               "364 order korea.programmes.p 0 8 GPU\n"
               "365 release c -1 1300 money\n"
               "365 order korea.programmes.p 1 4 GPU\n"
               "365 order korea.programmes.p 2 12 GPU\n"
               "424 delivery korea.programmes.p 0 8 GPU\n"
               "425 delivery korea.programmes.p 1 4 GPU\n"
               "425 delivery korea.programmes.p 2 12 GPU\n",
               &plan);
    done(&t, plan);
}

/* ---- directions ---------------------------------------------------------------------------- */

/* One model, calls that may fail, licences that take their time and an allotment, without
 * thresholds or fallbacks: at no month's end of any replication are there fewer in service for more
 * money (`step` 1), a shorter lead time (2), calls that fail less often (3), faster decisions (4)
 * or a larger allotment (5). */
static fc_plan *plan_of_step(int step, double better)
{
    plan_builder *b = bare_korea();
    int32_t one = add_model(b, "one", 8, 0.1, 0);
    double slow = 1 - better;

    build_unfinished(b)->accelerators[one].lead_time = build_param(
        b, "lead",
        build_varies(b, "lead", FC_DIST_USUAL_BAD, 2, (step == 2 ? slow : 1) * 60 * FC_DAY,
                     (step == 2 ? slow : 1) * 200 * FC_DAY));
    build_allotment(
        b, (fc_allotment){.name = "vendor",
                          .models = build_refs(b, 1, one),
                          .a_quarter = build_number(b, "q", step == 5 ? 40 + 100 * better : 40)});
    build_export_rule(b, (fc_export_rule){.name = "rule",
                                          .from = days(b, "from", 200),
                                          .status = build_number(b, "status", FC_EXPORT_LICENCE),
                                          .delay = days(b, "delay", step == 4 ? 150 * slow : 150)});
    build_programme(
        b, (fc_programme){.name = "p",
                          .pays_from = build_refs(
                              b, 2, add_money(b, "a", step == 1 ? 9000 + 9000 * better : 9000, 20),
                              add_money(b, "c", 8000, 150)),
                          .mix = build_mix(b, 1, one, 1.0),
                          .tender = {.call = days(b, "call", 40),
                                     .fails = build_number(b, "fails", step == 3 ? slow / 2 : 0.5),
                                     .relaunch = days(b, "relaunch", 20)}});
    return build_plan(b);
}

static void test_directions(void **state)
{
    (void)state;
    enum { MONTHS = 24, REPLICATIONS = 40 };

    for (int step = 1; step <= 5; step++) {
        double before[REPLICATIONS][MONTHS] = {{0}}, first = 0, last = 0;

        for (int i = 0; i < 8; i++) {
            fc_plan *plan = plan_of_step(step, i / 8.0);
            trial t = trial_start(plan);

            assert_int_equal(plan->n_months, MONTHS);
            for (uint32_t r = 0; r < REPLICATIONS; r++) {
                assert_int_equal(trial_run(&t, r), FC_OK);
                for (uint32_t m = 0; m < MONTHS; m++) {
                    double now = series(&t, FC_M_gpus_in_service, 0, m);

                    assert_true(now >= before[r][m]);
                    before[r][m] = now;
                    if (i == 0) first += now;
                    if (i == 7) last += now;
                }
            }
            done(&t, plan);
        }
        assert_true(last > first); /* it does make a difference */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_call),       cmocka_unit_test(test_a_tender_given_up),
        cmocka_unit_test(test_a_call_in_progress),  cmocka_unit_test(test_chance_of_a_failed_call),
        cmocka_unit_test(test_orders_for_a_target), cmocka_unit_test(test_replacement_for_a_target),
        cmocka_unit_test(test_mix_by_count),        cmocka_unit_test(test_number_by_count),
        cmocka_unit_test(test_mix_by_year),         cmocka_unit_test(test_directions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
