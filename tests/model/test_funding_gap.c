/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why there was no money, by hand: what is charged to funding is divided among money not budgeted,
 * not released and lapsed, prices and exchange rates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "money_helper.h"

/* ---- sharing out ----------------------------------------------------------------------------- */

static void assert_shares(const int64_t n[FC_LIFT_SETS], int64_t wanted,
                          const int64_t expected[FC_N_GAPS])
{
    int64_t out[FC_N_GAPS];

    fc_gap_share(n, wanted, out);
    for (int i = 0; i < FC_N_GAPS; i++) assert_int_equal(out[i], expected[i]);
}

static void test_shares(void **state)
{
    (void)state;
    int64_t one[FC_LIFT_SETS], either[FC_LIFT_SETS], both[FC_LIFT_SETS], three[FC_LIFT_SETS];
    const int all = FC_LIFT_RELEASE | FC_LIFT_PRICE | FC_LIFT_EXCHANGE;

    for (int s = 0; s < FC_LIFT_SETS; s++) {
        bool price = (s & FC_LIFT_PRICE) != 0, exchange = (s & FC_LIFT_EXCHANGE) != 0;

        one[s] = (s & FC_LIFT_RELEASE) != 0 ? 10 : 0;
        either[s] = price || exchange ? 8 : 0;
        both[s] = price && exchange ? 8 : 0;
        three[s] = (s & all) == all ? 10 : 0;
    }
    /* In the order of the table: unbudgeted, unreleased, lapsed, price, exchange. */
    assert_shares(one, 12, (int64_t[]){2, 10, 0, 0, 0});
    assert_shares(either, 8, (int64_t[]){0, 0, 0, 4, 4});
    assert_shares(both, 8, (int64_t[]){0, 0, 0, 4, 4});
    assert_shares(three, 10, (int64_t[]){0, 4, 0, 3, 3}); /* a third each, the rest to the first */
}

/* ---- programmes ------------------------------------------------------------------------------ */

/* 100 days; so many announced for day 10. An order takes 10 days to deliver. */
static money_plan ground(void)
{
    return money_start("2025-01-01", "2025-04-11");
}

static fc_programme announcing(money_plan *m, double gpus, const char *start)
{
    return (fc_programme){.start = build_date(m->b, "start", start),
                          .announced = build_steps(m->b, "announced", 0, "2025-01-11", gpus, NULL)};
}

/* In GPU-days; they are what is charged to funding. */
static void check(money_plan *m, const double expected[FC_N_GAPS])
{
    trial t = money_run(m);
    double sum = 0;

    for (int i = 0; i < FC_N_GAPS; i++) {
        double days = outcome(&t, FC_M_delay_funding, 0, i);

        if (days != expected[i])
            fail_msg("%s: %g GPU-days, not %g", fc_gaps[i].id, days, expected[i]);
        sum += days;
    }
    assert_true(sum == outcome(&t, FC_M_delay, 0, FC_CAUSE_funding));
    money_end(m, &t);
}

#define CHECK(m, ...) check(m, (const double[FC_N_GAPS]){__VA_ARGS__})

/* 400 on day 0 buy 4, 400 on day 40 4 more. Of 12 that are announced 4 wait for the second budget
 * until day 40, and 4 for one that there is not. */
static void test_not_released(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_budget first = money_budget(&m, 400, "2025-01-01"),
              second = money_budget(&m, 400, "2025-02-10");
    fc_programme p = announcing(&m, 12, "2025-01-01");

    second.name = "second";
    money_programme(&m, build_budget(m.b, first), 100, 10, p);
    build_unfinished(m.b)->programmes[0].pays_from =
        build_refs(m.b, 2, 0, build_budget(m.b, second));
    CHECK(&m, [FC_GAP_unreleased] = 4 * 30, [FC_GAP_unbudgeted] = 4 * 90);
}

/* Half is released on day 0, the rest (of a supplementary budget) as its second quarter begins. */
static void test_apportioned(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_budget budget = money_budget(&m, 800, "2025-01-01");

    budget.apportioned[0] = build_number(m.b, "q1", 0.5);
    money_programme(&m, build_budget(m.b, budget), 100, 10, announcing(&m, 8, "2025-01-01"));
    CHECK(&m, [FC_GAP_unreleased] = 4 * 90);
}

/* Enacted on day 0 at 100 each; on day 20, when orders may begin, they cost 125. 1,000 buy 8, not
 * 10; the eleventh was never budgeted. */
static void test_price(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_programme p = announcing(&m, 11, "2025-01-21");

    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 0, 10, p);
    build_unfinished(m.b)->accelerators[0].price =
        build_steps(m.b, "catalogue", 0.1, "2025-01-15", 0.125, NULL);
    CHECK(&m, [FC_GAP_price] = 2 * 80, [FC_GAP_unbudgeted] = 80);
}

/* The same with a won that is weaker by a quarter. */
static void test_exchange(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_programme p = announcing(&m, 11, "2025-01-21");

    money_rate(&m, 1000, "2025-01-15", 1250);
    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 0, 10, p);
    CHECK(&m, [FC_GAP_exchange] = 2 * 80, [FC_GAP_unbudgeted] = 80);
}

/* A price of 100 won reckoned at a budget rate of 800 won, half of it in dollars: at 1,000 it costs
 * 100 (1 + (1,000/800 - 1) / 2) = 112.5, so that 900 buy 8 and not 9. */
static void test_budget_rate(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_programme p = announcing(&m, 9, "2025-01-01");

    p.exchange.in_dollars = build_number(m.b, "in_dollars", 0.5);
    p.exchange.budget_rate = build_number(m.b, "budget_rate", 800);
    money_programme(&m, build_budget(m.b, money_budget(&m, 900, "2025-01-01")), 100, 10, p);
    CHECK(&m, [FC_GAP_exchange] = 90);
}

/* Price and rate both double: 1,000 buy 2 at 400, and 200 are left. At the old price or at the old
 * rate 3 more could be had (200 + half of 800, at 200 each), at both 8 (200 + 600, at 100): 4 each.
 * Neither comes first. */
static void test_price_and_exchange(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_programme p = announcing(&m, 10, "2025-01-21");

    money_rate(&m, 1000, "2025-01-15", 2000);
    money_programme(&m, build_budget(m.b, money_budget(&m, 1000, "2025-01-01")), 0, 10, p);
    build_unfinished(m.b)->accelerators[0].price =
        build_steps(m.b, "catalogue", 0.1, "2025-01-15", 0.2, NULL);
    CHECK(&m, [FC_GAP_price] = 4 * 80, [FC_GAP_exchange] = 4 * 80);
}

/* What falls is nobody's fault: at half the price 20 could be bought, were it released. */
static void test_in_favour(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_budget budget = money_budget(&m, 1000, "2025-02-10"); /* day 40 */
    fc_programme p = announcing(&m, 20, "2025-01-01");

    money_programme(&m, build_budget(m.b, budget), 0, 10, p);
    build_unfinished(m.b)->accelerators[0].price =
        build_steps(m.b, "catalogue", 0.1, "2025-01-06", 0.05, NULL);
    CHECK(&m, [FC_GAP_unreleased] = 20 * 30);
}

/* 1,000 lapse on day 15, before the programme may order. */
static void test_lapsed(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_budget budget = money_budget(&m, 1000, "2025-01-01");

    budget.lapses = build_date(m.b, "lapses", "2025-01-16");
    money_programme(&m, build_budget(m.b, budget), 100, 10, announcing(&m, 10, "2025-01-21"));
    CHECK(&m, [FC_GAP_lapsed] = 10 * 80);
}

/* Until day 50 it is a bill, then it is refused. */
static void test_refused(void **state)
{
    (void)state;
    money_plan m = ground();
    fc_budget budget = money_budget(&m, 1000, "2025-02-20");

    budget.probability = build_number(m.b, "probability", 0);
    money_programme(&m, build_budget(m.b, budget), 100, 10, announcing(&m, 10, "2025-01-01"));
    CHECK(&m, [FC_GAP_unreleased] = 10 * 40, [FC_GAP_unbudgeted] = 10 * 50);
}

/* ---- phases ---------------------------------------------------------------------------------- */

/* 10 kW at 70 a kW cost 700 on day 15, when works are to begin; reckoned was on day 0, at 60. There
 * are 600, from day 50 on `more`. 4 accelerators wait for room from day 10 on. */
static void check_works(double others, double unreleased, double price)
{
    money_plan m = ground();
    fc_budget budget = money_budget(&m, 1000, "2025-01-01"), more;
    int32_t one, site;

    budget.line[FC_LINE_GPU] = build_number(m.b, "gpu", 0.4);
    budget.line[FC_LINE_BUILDING] = build_number(m.b, "building", 0.6);
    one = build_budget(m.b, budget);
    more = money_budget(&m, others, "2025-02-20");
    more.name = "more";
    more.line[FC_LINE_GPU] = build_number(m.b, "none", 0);
    more.line[FC_LINE_BUILDING] = build_number(m.b, "all", 1);
    site = build_site(m.b, (fc_site){.name = "hall",
                                     .pays_from = build_refs(m.b, 2, one, build_budget(m.b, more)),
                                     .cost = build_steps(m.b, "cost", 60, "2025-01-11", 70., NULL),
                                     .cost_currency = m.krw});
    build_phase(m.b, (fc_phase){.name = "first",
                                .start = build_date(m.b, "begins", "2025-01-16"),
                                .power = build_number(m.b, "power", 10e3)});
    fc_programme p = announcing(&m, 4, "2025-01-01");
    p.host = build_refs(m.b, 1, site);
    money_programme(&m, one, 100, 10, p);
    CHECK(&m, [FC_GAP_unreleased] = unreleased, [FC_GAP_price] = price);
}

/* Without more money only the price keeps them from beginning, to the end. Where 100 more come on
 * day 50, either that or the price would have done: half the wait each. */
static void test_works(void **state)
{
    (void)state;
    check_works(0, 0, 4 * 90);
    check_works(100, 4 * 40 / 2, 4 * 40 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_not_released),
        cmocka_unit_test(test_apportioned),
        cmocka_unit_test(test_price),
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_budget_rate),
        cmocka_unit_test(test_price_and_exchange),
        cmocka_unit_test(test_in_favour),
        cmocka_unit_test(test_lapsed),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
