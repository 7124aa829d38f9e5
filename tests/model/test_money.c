/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public money spent, by hand, won by won: accounts, orders ahead of the release, payments by
 * instalments and at other exchange rates, building money, running cost, present values.
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
