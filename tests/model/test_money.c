/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public money by hand, won by won: fiscal years with carry-over and lapse, orders ahead of the
 * release, payments by instalments and at other exchange rates, private money, building money,
 * present values. Exchange rates that walk are held against theory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "money_helper.h"

/* ---- accounts ------------------------------------------------------------------------------- */

static void assert_account(const fc_account *a, int64_t free, int64_t committed, int64_t paid,
                           int64_t ahead, int64_t due)
{
    assert_true(fc_account_balances(a));
    assert_int_equal(a->free, free);
    assert_int_equal(a->committed, committed);
    assert_int_equal(a->paid, paid);
    assert_int_equal(a->ahead, ahead);
    assert_int_equal(a->due, due);
}

static void test_account(void **state)
{
    (void)state;
    fc_account a = {0};

    /* 70 of an order of 100 fall due before any money has come; 80 come, then 40. */
    assert_int_equal(fc_account_commit(&a, 100, 99), FC_E_LEDGER);
    assert_int_equal(fc_account_commit(&a, 100, 100), FC_OK);
    assert_int_equal(fc_account_pay(&a, 101), FC_E_LEDGER);
    assert_int_equal(fc_account_pay(&a, 70), FC_OK);
    assert_account(&a, 0, 0, 0, 100, 70);
    assert_int_equal(fc_account_pay(&a, 31), FC_E_LEDGER);
    assert_int_equal(fc_account_release(&a, 80), FC_OK);
    assert_account(&a, 0, 10, 70, 20, 0);
    assert_int_equal(fc_account_receive(&a, 40), FC_OK);
    assert_account(&a, 20, 30, 70, 0, 0);

    /* The 30 left now cost 55: 20 are free, 5 come from outside. Then 45: 10 are free. */
    assert_int_equal(fc_account_revalue(&a, 30, 55), FC_OK);
    assert_account(&a, 0, 55, 70, 0, 0);
    assert_int_equal(a.topped_up, 5);
    assert_int_equal(fc_account_revalue(&a, 55, 45), FC_OK);
    assert_account(&a, 10, 45, 70, 0, 0);
    assert_int_equal(a.exchange_loss, 15);
    assert_int_equal(fc_account_pay(&a, 45), FC_OK);
    assert_account(&a, 10, 0, 115, 0, 0);

    /* 15 of it come back; an order of 40, 15 of it ahead, is void. */
    assert_int_equal(fc_account_return(&a, 15), FC_OK);
    assert_account(&a, 25, 0, 100, 0, 0);
    assert_int_equal(fc_account_commit(&a, 40, 15), FC_OK);
    assert_account(&a, 0, 25, 100, 15, 0);
    assert_int_equal(fc_account_cancel(&a, 41), FC_E_LEDGER);
    assert_int_equal(fc_account_cancel(&a, 40), FC_OK);
    assert_account(&a, 25, 0, 100, 0, 0);
    assert_int_equal(fc_account_lapse(&a, 26), FC_E_LEDGER);
    assert_int_equal(fc_account_lapse(&a, 25), FC_OK);
    assert_account(&a, 0, 0, 100, 0, 0);
    assert_int_equal(a.released + a.received + a.topped_up, 125);
}

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

/* ---- orders ahead of the release ------------------------------------------------------------ */

/* 500 of the 600 of 2026 may be on order from 1 October 2025 on: 5 at 90 (450). They are delivered
 * on day 373 (100 days later), paid at once as the money came on day 365; what is left, 150, buys 1
 * more. With the money coming 60 days late, the delivery is paid on that day. */
static void run_ahead(const char *enacted, const char *expected_log, double due_at_delivery)
{
    money_plan m = money_start("2025-01-01", "2027-01-01");
    fc_budget budget = money_budget(&m, 600, enacted);

    budget.ahead.ceiling = build_number(m.b, "ceiling", 500);
    budget.ahead.from = build_date(m.b, "from", "2025-10-01");
    money_programme(&m, build_budget(m.b, budget), 90, 100, (fc_programme){0});

    trial t = money_run(&m);
    assert_string_equal(t.log.data, expected_log);
    assert_true(outcome(&t, FC_M_year_ahead, 0, 0) == 450);
    assert_true(outcome(&t, FC_M_year_available, 0, 0) == 0);
    assert_true(outcome(&t, FC_M_year_really_spent, 0, 1) == 540);
    assert_true(series(&t, FC_M_money_ahead, 0, 12) == due_at_delivery); /* January 2026 */
    assert_true(outcome(&t, FC_M_money_ahead, 0, FC_NONE) == 0);
    money_end(&m, &t);
}

static void test_orders_ahead(void **state)
{
    (void)state;
    run_ahead("2026-01-01",
              "273 order korea.programmes.state 0 5 GPU\n"
              "365 release main -1 600 money\n"
              "365 order korea.programmes.state 1 1 GPU\n"
              "373 delivery korea.programmes.state 0 5 GPU\n"
              "373 energised korea.programmes.state 0 5 GPU\n"
              "373 in_service korea.programmes.state 0 5 GPU\n"
              "465 delivery korea.programmes.state 1 1 GPU\n"
              "465 energised korea.programmes.state 1 1 GPU\n"
              "465 in_service korea.programmes.state 1 1 GPU\n",
              0);
    run_ahead("2026-03-02",
              "273 order korea.programmes.state 0 5 GPU\n"
              "373 delivery korea.programmes.state 0 5 GPU\n"
              "373 energised korea.programmes.state 0 5 GPU\n"
              "373 in_service korea.programmes.state 0 5 GPU\n"
              "425 release main -1 600 money\n"
              "425 order korea.programmes.state 1 1 GPU\n"
              "525 delivery korea.programmes.state 1 1 GPU\n"
              "525 energised korea.programmes.state 1 1 GPU\n"
              "525 in_service korea.programmes.state 1 1 GPU\n",
              450);
}

/* A policy raises the ceiling by enough for one more. */
static void test_ceiling_changes(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 600, "2026-01-01");
    int32_t more =
        build_driver(m.b, (fc_driver){.name = "more", .at = build_date(m.b, "at", "2025-06-01")});

    budget.ahead.ceiling = build_number(m.b, "ceiling", 100);
    build_change(m.b, more, budget.ahead.ceiling, FC_SET, build_constant(m.b, 200), FC_KEEP);
    money_programme(&m, build_budget(m.b, budget), 90, 1000, (fc_programme){0});

    trial t = money_run(&m);
    assert_string_equal(t.log.data, "0 order korea.programmes.state 0 1 GPU\n"
                                    "151 driver more -1 0 \n"
                                    "151 order korea.programmes.state 1 1 GPU\n");
    assert_true(outcome(&t, FC_M_year_ahead, 0, 0) == 180);
    money_end(&m, &t);
}

/* ---- instalments ---------------------------------------------------------------------------- */

/* 10 at 100: 300 on the order, 500 on delivery (day 100), 200 when commissioned (day 120). */
static void test_instalments(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_programme p = {.payments = {.advance = build_number(m.b, "advance", 0.3),
                                   .acceptance = build_number(m.b, "acceptance", 0.2)},
                      .install = build_number(m.b, "install", 20 * FC_DAY)};

    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 100, 100, p);
    trial t = money_run(&m);
    assert_true(series(&t, FC_M_money_paid, 0, 0) == 300);
    assert_true(series(&t, FC_M_money_committed, 0, 0) == 700);
    assert_true(series(&t, FC_M_money_paid, 0, 3) == 800); /* 30 April: day 120 is 1 May */
    assert_true(series(&t, FC_M_money_paid, 0, 4) == 1000);
    money_end(&m, &t);
}

/* The order is banned on day 50 and cancelled: the advance comes back and lapses with the rest. */
static void test_advance_comes_back(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget budget = money_budget(&m, 1000, "2025-01-01");
    fc_programme p = {.payments = {.advance = build_number(m.b, "advance", 0.3)},
                      .fallback = {.otherwise = FC_OTHERWISE_CANCEL}};

    budget.lapses = build_date(m.b, "lapses", "2025-02-01");
    build_export_rule(m.b,
                      (fc_export_rule){.name = "ban",
                                       .from = build_number(m.b, "ban", 50 * FC_DAY),
                                       .status = build_number(m.b, "status", FC_EXPORT_BANNED)});
    money_programme(&m, build_budget(m.b, budget), 100, 100, p);
    trial t = money_run(&m);
    assert_true(series(&t, FC_M_money_paid, 0, 0) == 300);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 0);
    assert_true(outcome(&t, FC_M_money_lapsed, 0, FC_NONE) == 1000);
    money_end(&m, &t);
}

/* ---- exchange rates ------------------------------------------------------------------------- */

/* A price of 100, 80 % of it in dollars and reckoned at 1,000 a dollar; ordered at 1,250: it costs
 * 120. Of 1,000, 8 are bought for 960; 40 are free. Paid at 1,500: of each instalment 80 % grow by
 * 20 %, unless hedged: 960 becomes 1,113.6. The loss of 154 (rounded) takes the 40 and 114 from
 * outside. At 1,000: 960 becomes 806.4, a gain of 154, which buys one more at 100. */
static void run_exchange(double rate_of_payment, double hedge, double paid, double loss,
                         double top_up, double gpus)
{
    money_plan m = money_start("2025-01-01", "2026-06-01");
    fc_programme p = {.exchange = {.in_dollars = build_number(m.b, "in_dollars", 0.8),
                                   .budget_rate = build_number(m.b, "budget_rate", 1000),
                                   .hedge = build_number(m.b, "hedge", hedge)}};

    money_rate(&m, 1250, "2025-03-01", rate_of_payment);
    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 100, 100, p);
    trial t = money_run(&m);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == paid);
    assert_true(outcome(&t, FC_M_exchange_loss, 0, FC_NONE) == loss);
    assert_true(outcome(&t, FC_M_exchange_top_up, 0, FC_NONE) == top_up);
    assert_true(outcome(&t, FC_M_gpus_contracted, 0, FC_NONE) == gpus);
    money_end(&m, &t);
}

static void test_exchange_risk(void **state)
{
    (void)state;
    run_exchange(1500, 1.0, 960, 0, 0, 8);
    run_exchange(1500, 0.0, 1114, 154, 114, 8);
    run_exchange(1500, 0.5, 960 + 77, 77, 37, 8);
    run_exchange(1000, 1.0, 960, 0, 0, 8);
    run_exchange(1000, 0.0, 806 + 100, -154, 0, 9); /* 40 + 154 free, one more at 100, paid later */
}

/* A price in dollars is owed in dollars, all of it: 0.1 dollars at 1,000, 10 for the 1,000; paid at
 * 1,100. */
static void test_price_in_dollars(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2025-12-01");
    fc_programme p = {.exchange = {.hedge = build_number(m.b, "hedge", 0)}};

    money_rate(&m, 1000, "2025-03-01", 1100);
    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 0, 100, p);
    trial t = money_run(&m);
    assert_true(outcome(&t, FC_M_gpus_contracted, 0, FC_NONE) == 10);
    assert_true(outcome(&t, FC_M_exchange_loss, 0, FC_NONE) == 100);
    assert_true(outcome(&t, FC_M_exchange_top_up, 0, FC_NONE) == 100);
    money_end(&m, &t);
}

/* ---- present value -------------------------------------------------------------------------- */

/* 300 paid on the base date, 700 exactly two years (of 365.25 days) later, at 4.5 % and 2 %. */
static void test_present_value(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2028-01-01");
    fc_programme p = {.payments = {.advance = build_number(m.b, "advance", 0.3)}};
    fc_plan *unfinished = build_unfinished(m.b);

    unfinished->fleets[0].valuation =
        (fc_valuation){.base = build_date(m.b, "base", "2025-01-01"),
                       .discount_rate = build_number(m.b, "discount", 0.045 / FC_YEAR),
                       .inflation = build_number(m.b, "inflation", 0.02 / FC_YEAR)};
    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 100, 730.5, p);
    trial t = money_run(&m);
    assert_true(fabs(outcome(&t, FC_M_paid_present_value, 0, FC_NONE) -
                     (300 + 700 / (1.045 * 1.045))) < 1e-9);
    assert_true(fabs(outcome(&t, FC_M_paid_real, 0, FC_NONE) - (300 + 700 / (1.02 * 1.02))) < 1e-9);
    money_end(&m, &t);
}

/* ---- building money ------------------------------------------------------------------------- */

/* A phase of 10 kW at 70 a kW needs 700. 60 % of 1,000 are 600 in January: it waits, and is begun
 * when 400 more come in July, with permit 20 and works of 100 days, while the connection (50 days)
 * ran from January. Who waits for room is charged: first the money, then the permit, the works. */
static void test_building_money(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget first = money_budget(&m, 1000, "2025-01-01"),
              second = money_budget(&m, 800, "2025-07-01");
    int32_t site;

    first.line[FC_LINE_GPU] = second.line[FC_LINE_GPU] = build_number(m.b, "gpu", 0.4);
    first.line[FC_LINE_BUILDING] = build_number(m.b, "building", 0.6);
    second.line[FC_LINE_BUILDING] = build_number(m.b, "building2", 0.5);
    second.name = "second";
    int32_t one = build_budget(m.b, first), two = build_budget(m.b, second);
    site = build_site(m.b, (fc_site){.name = "hall",
                                     .pays_from = build_refs(m.b, 2, one, two),
                                     .cost = build_number(m.b, "cost", 70),
                                     .cost_currency = m.krw});
    build_phase(m.b, (fc_phase){.name = "first",
                                .power = build_number(m.b, "power", 10e3),
                                .permit = build_number(m.b, "permit", 20 * FC_DAY),
                                .build = build_number(m.b, "build", 100 * FC_DAY),
                                .connect = build_number(m.b, "connect", 50 * FC_DAY)});
    money_programme(
        &m, one, 100, 10,
        (fc_programme){.host = build_refs(m.b, 1, site),
                       .announced = build_steps(m.b, "announced", 0, "2025-01-11", 4., NULL)});
    trial t = money_run(&m);
    assert_true(series(&t, FC_M_money_committed, 0, 5) == 0);
    assert_true(series(&t, FC_M_money_committed, 0, 6) == 700);
    assert_true(outcome(&t, FC_M_money_paid, 0, FC_NONE) == 700 + 400);
    assert_true(outcome(&t, FC_M_unit_price_building, 0, FC_NONE) == 175);
    assert_true(outcome(&t, FC_M_gpus_in_service, 0, FC_NONE) == 4);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_funding) == 4 * (181 - 10));
    assert_true(outcome(&t, FC_M_delay_funding, 0, FC_GAP_unreleased) == 4 * (181 - 10));
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_permit) == 4 * 20);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_building) == 4 * 100);
    money_end(&m, &t);
}

/* ---- running cost --------------------------------------------------------------------------- */

/* 300 and 200 in two currencies' running lines, the second worth twice: 700 in all. */
static void test_running_money(void **state)
{
    (void)state;
    money_plan m = money_start("2025-01-01", "2026-01-01");
    fc_budget first = money_budget(&m, 300, "2025-01-01"), second = first;
    double paid = 0;

    first.line[FC_LINE_GPU] = build_number(m.b, "gpu", 0);
    first.line[FC_LINE_RUNNING] = build_number(m.b, "running", 1);
    second.line[FC_LINE_GPU] = first.line[FC_LINE_GPU];
    second.line[FC_LINE_RUNNING] = first.line[FC_LINE_RUNNING];
    second.name = "second";
    second.amount = build_number(m.b, "second", 200);
    second.currency = build_currency(m.b, "AAA", 2, build_number(m.b, "aaa", 500));
    build_budget(m.b, first);
    build_budget(m.b, second);
    trial t = money_run(&m);
    assert_true(fc_running_money(t.world, 0) == 700);
    assert_int_equal(fc_running_pay(t.world, 0, 310, &paid), FC_OK);
    assert_true(paid == 310);
    assert_true(fc_running_money(t.world, 0) == 390);
    assert_int_equal(fc_account_of(t.world, 1, FC_LINE_RUNNING)->paid, 500);
    assert_int_equal(fc_running_pay(t.world, 0, 1000, &paid), FC_OK);
    assert_true(paid == 390);
    assert_true(fc_running_money(t.world, 0) == 0);
    money_end(&m, &t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_account),
        cmocka_unit_test(test_fiscal_year),
        cmocka_unit_test(test_contribution),
        cmocka_unit_test(test_names_of_years),
        cmocka_unit_test(test_late_enactment),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_three_stages_of_a_budget),
        cmocka_unit_test(test_probability),
        cmocka_unit_test(test_private_money),
        cmocka_unit_test(test_cut_within_the_year),
        cmocka_unit_test(test_orders_ahead),
        cmocka_unit_test(test_ceiling_changes),
        cmocka_unit_test(test_instalments),
        cmocka_unit_test(test_advance_comes_back),
        cmocka_unit_test(test_exchange_risk),
        cmocka_unit_test(test_price_in_dollars),
        cmocka_unit_test(test_present_value),
        cmocka_unit_test(test_building_money),
        cmocka_unit_test(test_running_money),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
