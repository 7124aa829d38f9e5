/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public money granted, by hand, won by won: fiscal years with carry-over and lapse, requests,
 * bills and cuts, private money.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "money_helper.h"

/* ---- fiscal years --------------------------------------------------------------------------- */

/* A main budget of 1,000 enacted on 2 December 2024 is released from 1 January 2025 on: 400, 300,
 * 200, 100. One accelerator costs 90 and takes 100 days. January buys 4 (360, free 40), April 3
 * (free 70), July 3 (free 0), October 1 (free 10). Delivered on day 100: 360; on day 190: 270; 281:
 * 270; on day 373 of 2026: 90. So 2025 pays 900 and carries over 10 + 90. Free money is carried
 * over one year: the 10 lapse as 2026 ends. */
static void test_fiscal_year(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2028-01-01");
    fc_budget budget = money_budget(&m, 1000, "2024-12-02");
    const double expected[][6] = {
        /* available, spent, really spent, carried over, lapsed, ahead */
        {1000, 900, 900, 100, 0, 0},
        {100, 90, 90, 0, 10, 0},
        {0, 0, 0, 0, 0, 0},
    };

    budget.type = FC_BUDGET_MAIN;
    budget.apportioned[0] = build_number(m.b, "q1", 0.4);
    budget.apportioned[1] = build_number(m.b, "q2", 0.3);
    budget.apportioned[2] = build_number(m.b, "q3", 0.2);
    budget.carry_over = build_number(m.b, "carry", 1 * FC_YEAR);
    money_programme(&m, build_budget(m.b, budget), 90, 100, (fc_programme){0});

    trial t = money_run(&m);
    assert_string_equal(t.log.data, "0 release main -1 400 money\n"
                                    "0 order korea.programmes.state 0 4 GPU\n"
                                    "90 release main -1 300 money\n"
                                    "90 order korea.programmes.state 1 3 GPU\n"
                                    "100 delivery korea.programmes.state 0 4 GPU\n"
                                    "100 energised korea.programmes.state 0 4 GPU\n"
                                    "100 in_service korea.programmes.state 0 4 GPU\n"
                                    "181 release main -1 200 money\n"
                                    "181 order korea.programmes.state 2 3 GPU\n"
                                    "190 delivery korea.programmes.state 1 3 GPU\n"
                                    "190 energised korea.programmes.state 1 3 GPU\n"
                                    "190 in_service korea.programmes.state 1 3 GPU\n"
                                    "273 release main -1 100 money\n"
                                    "273 order korea.programmes.state 3 1 GPU\n"
                                    "281 delivery korea.programmes.state 2 3 GPU\n"
                                    "281 energised korea.programmes.state 2 3 GPU\n"
                                    "281 in_service korea.programmes.state 2 3 GPU\n"
                                    "373 delivery korea.programmes.state 3 1 GPU\n"
                                    "373 energised korea.programmes.state 3 1 GPU\n"
                                    "373 in_service korea.programmes.state 3 1 GPU\n"
                                    "730 lapse main -1 10 money\n");
    for (int32_t y = 0; y < 3; y++)
        for (int i = 0; i < 6; i++)
            assert_true(outcome(&t, FC_M_year_available + i, 0, y) == expected[y][i]);
    assert_true(outcome(&t, FC_M_year_spending_rate, 0, 0) == 0.9);
    assert_true(isnan(outcome(&t, FC_M_year_actual_rate, 0, 2)));
    assert_true(series(&t, FC_M_money_lapsed, 0, 23) == 10); /* December 2026 has it already */
    assert_true(outcome(&t, FC_M_unit_price_gpu, 0, FC_NONE) == 90);
    money_end(&m, &t);
}

/* Of committed money only: what is free lapses with the year. A contribution is spent when it is
 * handed on, and really spent when the agency pays. */
static void test_contribution(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2027-01-01");
    fc_budget budget = money_budget(&m, 1000, "2025-10-01");

    budget.kind = FC_MONEY_CONTRIBUTION;
    budget.carry_over = build_number(m.b, "carry", 0);
    money_programme(&m, build_budget(m.b, budget), 90, 100, (fc_programme){0});

    trial t = money_run(&m);
    assert_true(outcome(&t, FC_M_year_available, 0, 0) == 1000);
    assert_true(outcome(&t, FC_M_year_spending_rate, 0, 0) == 1);
    assert_true(outcome(&t, FC_M_year_actual_rate, 0, 0) == 0);
    assert_true(outcome(&t, FC_M_year_lapsed, 0, 0) == 10);
    assert_true(outcome(&t, FC_M_year_carried_over, 0, 0) == 990);
    assert_true(outcome(&t, FC_M_year_actual_rate, 0, 1) == 1);
    assert_true(outcome(&t, FC_M_recoverable_share, 0, FC_NONE) == 0);
    money_end(&m, &t);
}

static void test_names_of_years(void **state)
{
    (void)state;
    /* first month, day, the year's name, its first day */
    static const struct {
        int64_t month;
        const char *day;
        int name;
        const char *first;
    } rows[] = {
        {1, "2025-12-31", 2025, "2025-01-01"},  {10, "2025-09-30", 2025, "2024-10-01"},
        {10, "2025-10-01", 2026, "2025-10-01"}, {4, "2026-03-31", 2025, "2025-04-01"},
        {4, "2026-04-01", 2026, "2026-04-01"},  {7, "2025-06-30", 2025, "2024-07-01"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        money_plan m = money_start("2025-01-01", "2027-01-01");
        fc_plan *plan = build_unfinished(m.b);

        plan->fleets[0].fiscal_year_starts = rows[i].month;
        assert_int_equal(fc_fiscal_year_at(plan, 0, build_time(m.b, rows[i].day)), rows[i].name);
        assert_true(fc_fiscal_year_begins(plan, 0, rows[i].name) == build_time(m.b, rows[i].first));
        fc_plan_free(build_plan(m.b));
    }
}

/* A main budget enacted late is released on that day, with what earlier quarters had; a
 * supplementary one belongs to its year. */
static void test_late_enactment(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2027-01-01");
    fc_budget late = money_budget(&m, 1000, "2025-02-10"), extra = late;

    late.type = FC_BUDGET_MAIN;
    late.apportioned[0] = build_number(m.b, "q1", 0.25);
    late.apportioned[1] = build_number(m.b, "q2", 0.75);
    build_budget(m.b, late);
    extra.name = "extra";
    extra.enacted = build_date(m.b, "enacted", "2025-08-01");
    extra.apportioned[1] = build_number(m.b, "q2", 0.5);
    build_budget(m.b, extra);

    trial t = money_run(&m);
    assert_string_equal(t.log.data, "40 release main -1 250 money\n"
                                    "90 release main -1 750 money\n"
                                    "212 release extra -1 500 money\n"
                                    "273 release extra -1 500 money\n");
    money_end(&m, &t);
}

/* ---- what is granted ------------------------------------------------------------------------ */

/* 2,000 requested and cut by 25 %; 300 that is surely refused; 500 granted beside 600 requested. */
static void test_requests(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget cut = money_budget(&m, 0, "2025-03-01"), refused, other;

    cut.amount = 0;
    refused = cut;
    refused.name = "refused";
    refused.requested = build_number(m.b, "refused", 300);
    refused.probability = build_number(m.b, "never", 0);
    other = money_budget(&m, 500, "2025-03-01");
    other.name = "other";
    other.requested = build_number(m.b, "other", 600);
    cut.requested = build_number(m.b, "requested", 2000);
    cut.cut = build_number(m.b, "cut", 0.25);
    build_budget(m.b, cut);
    build_budget(m.b, refused);
    build_budget(m.b, other);

    trial t = money_run(&m);
    assert_true(outcome(&t, FC_M_money_requested, 0, FC_NONE) == 2900);
    assert_true(outcome(&t, FC_M_money_granted, 0, FC_NONE) == 2000);
    assert_true(outcome(&t, FC_M_money_released, 0, FC_NONE) == 2000);
    money_end(&m, &t);
}

/* Asked for are 900 on day 31, the bill of day 151 says 800, 10 % of which are cut: 720 on day 334.
 * Without a bill the cut is of what was asked for. Of the 8 that 720 buy at 90 nothing was budgeted
 * before day 31, and nothing released until the enactment; a ninth waits to be budgeted. */
static void test_three_stages_of_a_budget(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 0, "2025-12-01");
    fc_programme p = {.announced = build_steps(m.b, "announced", 9, "2030-01-01", 9., NULL)};

    budget.amount = 0;
    budget.requested = build_number(m.b, "requested", 900);
    budget.requested_on = build_date(m.b, "requested_on", "2025-02-01");
    budget.bill = build_number(m.b, "bill", 800);
    budget.introduced = build_date(m.b, "introduced", "2025-06-01");
    budget.cut = build_number(m.b, "cut", 0.1);
    money_programme(&m, build_budget(m.b, budget), 90, 31, p);
    trial t = money_run(&m);
    assert_string_equal(t.log.data, "31 requested main -1 900 money\n"
                                    "151 bill main -1 800 money\n"
                                    "334 release main -1 720 money\n"
                                    "334 order korea.programmes.state 0 8 GPU\n");
    assert_true(outcome(&t, FC_M_money_requested, 0, FC_NONE) == 900);
    assert_true(outcome(&t, FC_M_money_bill, 0, FC_NONE) == 800);
    assert_true(outcome(&t, FC_M_money_granted, 0, FC_NONE) == 720);
    assert_true(outcome(&t, FC_M_delay_funding, 0, FC_GAP_unbudgeted) == 9 * 31 + 334);
    assert_true(outcome(&t, FC_M_delay_funding, 0, FC_GAP_unreleased) == 8 * (334 - 31));
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_supply) == 8 * 31);
    money_end(&m, &t);
}

/* A chance of 0.3, in 2,000 replications: within 4.4 standard deviations, wrong once in 1e5. */
static void test_probability(void **state)
{
    (void)state;
    enum { N = 2000 };
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 100, "2025-03-01");
    int enacted = 0;

    budget.probability = build_number(m.b, "chance", 0.3);
    build_budget(m.b, budget);
    fc_plan *plan = build_plan(m.b);
    trial t = trial_start(plan);
    for (uint32_t r = 0; r < N; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        enacted += outcome(&t, FC_M_money_released, 0, FC_NONE) > 0;
    }
    assert_true(fabs(enacted - 0.3 * N) < 4.4 * sqrt(N * 0.3 * 0.7));
    trial_end(&t);
    fc_plan_free(plan);
}

/* 51 of public money bring 49 of private; half of both is for GPUs, a third for building. */
static void test_private_money(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 5100, "2025-03-01");

    budget.private_share = build_number(m.b, "private", 0.49);
    budget.line[FC_LINE_GPU] = build_number(m.b, "gpu", 0.5);
    budget.line[FC_LINE_BUILDING] = build_number(m.b, "building", 1 / 3.0);
    budget.kind = FC_MONEY_EQUITY;
    money_programme(&m, build_budget(m.b, budget), 1000, 30, (fc_programme){0});

    trial t = money_run(&m);
    assert_true(outcome(&t, FC_M_money_received, 0, FC_NONE) == 2450 + 1633);
    assert_true(outcome(&t, FC_M_money_released, 0, FC_NONE) == 2550 + 1700);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 5000);
    assert_true(outcome(&t, FC_M_recoverable_share, 0, FC_NONE) == 1);
    assert_true(fabs(outcome(&t, FC_M_state_share, 0, FC_NONE) - 0.51) < 1e-4);
    money_end(&m, &t);
}

/* A cut in June touches only what has not been released: 400 + 300 of 1,000, then nothing of 700.
 */
static void test_cut_within_the_year(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 1000, "2025-01-01");
    int32_t cut =
        build_driver(m.b, (fc_driver){.name = "cut", .at = build_date(m.b, "at", "2025-06-01")});

    budget.apportioned[0] = build_number(m.b, "q1", 0.4);
    budget.apportioned[1] = build_number(m.b, "q2", 0.3);
    build_change(m.b, cut, budget.amount, FC_SCALE, build_constant(m.b, 0.8), FC_KEEP);
    build_budget(m.b, budget);

    trial t = money_run(&m);
    assert_string_equal(t.log.data, "0 release main -1 400 money\n"
                                    "90 release main -1 300 money\n"
                                    "151 driver cut -1 0 \n"
                                    "181 release main -1 0 money\n"
                                    "273 release main -1 100 money\n");
    money_end(&m, &t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fiscal_year),
        cmocka_unit_test(test_contribution),
        cmocka_unit_test(test_names_of_years),
        cmocka_unit_test(test_late_enactment),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_three_stages_of_a_budget),
        cmocka_unit_test(test_probability),
        cmocka_unit_test(test_private_money),
        cmocka_unit_test(test_cut_within_the_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
