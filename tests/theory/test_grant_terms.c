/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grants: rounds with a date, what projects pay, and where users are, worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/world.h"
#include "street.h"
#include "world_helper.h"

enum { DAYS = 365, GPUS = 100 };

/* 100 accelerators from the start; so many projects apply that there is always one. */
static seen see(const char *fleet, const char *call, const char *classes, const char *rest)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
                   "world:\n"
                   "  currencies: {KRW: {per_usd: 1400 KRW/USD}}\n"
                   "  accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 "
                   "TFLOPS}}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    currency: KRW\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n%s"
                   "    demand:\n"
                   "      calls: {open: {%s}}\n"
                   "      classes:\n%s%s",
                   GPUS, fleet, call, classes, rest);
    return see_street(load_street(&text), 3);
}

static double of(const seen *s, int metric, int32_t class)
{
    return outcome(&s->trial, metric, 0, class);
}

#define ALL "        all: {access: open, arrivals: 30/day, gpus: 20}\n"

/* ---- rounds with a date --------------------------------------------------------------------- */

/* Written in any order, one twice, one before the start: they close at the ends of 31 January (day
 * 31), of the first quarter (day 90) and of 9 October (day 282), and never again. Grants of 10
 * days, of which each round makes five. */
static void test_rounds(void **state)
{
    static const char call[] =
        "rounds: [2025-10-09, 2025-01, 2024-11-30, 2025-Q1, 2025-01-31], term: 10 days";
    seen s = see("", call, ALL, "");
    const fc_call *plan = &s.scenario->plan->calls[0];

    (void)state;
    assert_int_equal(plan->n_rounds, 4);
    assert_close(plan->rounds[0], -31 * FC_DAY);
    assert_close(plan->rounds[1], 31 * FC_DAY);
    assert_close(plan->rounds[2], 90 * FC_DAY);
    assert_close(plan->rounds[3], 282 * FC_DAY);
    assert_close(of(&s, FC_M_projects_granted, 0), 15);
    assert_close(of(&s, FC_M_grant_hours, 0), 3 * 10 * 24 * 100);
    forget(&s);
}

/* The review of 40 days puts the last decision on day 322; series are of the ends of months. */
static void test_rounds_and_review(void **state)
{
    seen s = see("", "rounds: [2025-10-09], review: 40 days, term: 900 days", ALL, "");

    (void)state;
    assert_close(of(&s, FC_M_grant_hours, 0), (DAYS - 322) * 24.0 * 100);
    assert_close(of(&s, FC_M_projects_granted, 0), 5);
    forget(&s);
}

/* All rounds are before the start: nobody is granted anything. */
static void test_no_round(void **state)
{
    seen s = see("", "rounds: [2024-11-30], term: 10 days", ALL, "");

    (void)state;
    assert_close(of(&s, FC_M_projects_granted, 0), 0);
    forget(&s);
}

/* Whose patience has ended by the horizon's end has left, looked at or not: all but those of the
 * last 30 days. Each would have used its 5 GPUs for a term of 10 days, as more jobs come than fit.
 */
static void test_patience_without_rounds(void **state)
{
    seen s = see("", "rounds: [2024-11-30], term: 10 days",
                 "        all: {access: open, arrivals: 4/day, gpus: 5, patience: 30 days, jobs: "
                 "{arrivals: 100/day, gpus: 1, duration: 1 days}}\n",
                 "");
    double left = of(&s, FC_M_projects_left, 0), came = of(&s, FC_M_class_arrivals, 0);

    (void)state;
    assert_true(fabs(left - 4 * 335) < 4 * sqrt(4 * 335));
    assert_true(fabs(came - left - 4 * 30) < 4 * sqrt(4 * 30));
    assert_close(of(&s, FC_M_unmet_no_grant, FC_NONE), left * 5 * 10 * 24);
    forget(&s);
}

/* ---- what projects pay ---------------------------------------------------------------------- */

/* 20 % of 2 dollars at 1,400 won, for all hours in service: from day 31 on. */
static void test_co_payment(void **state)
{
    seen s = see("", "rounds: [2025-01-31], term: 900 days, price: 2 USD/GPU-h, co_payment: 20 %",
                 ALL, "");

    (void)state;
    assert_close(of(&s, FC_M_co_payments, FC_NONE), 0.2 * 2 * 1400 * 100 * 24.0 * (DAYS - 31));
    forget(&s);
}

/* What is agreed at the decision holds for the term: the first round's five pay 600 won until day
 * 200, the second's, which begin then, 30 % of 5,000. Only what is in service is paid for. */
static void test_agreed(void **state)
{
    seen s = see("",
                 "rounds: [2025-01-31, 2025-07-19], term: 169 days, price: 3000 KRW/GPU-h, "
                 "co_payment: 20 %",
                 ALL,
                 "shocks:\n"
                 "  dear: {at: 2025-03-01, set: {fleets.one.demand.calls.open.price: 5000 "
                 "KRW/GPU-h, fleets.one.demand.calls.open.co_payment: 30 %}}\n");

    (void)state;
    assert_close(of(&s, FC_M_co_payments, FC_NONE), 100 * 24.0 * (600 * 169 + 1500 * (DAYS - 200)));
    forget(&s);
    s = see("    upkeep: {failure_rate: 0.05/day, repair_time: 5 days}\n",
            "rounds: [2025-01-31], term: 900 days, price: 1 KRW/GPU-h, co_payment: 100 %", ALL, "");
    assert_close(of(&s, FC_M_co_payments, FC_NONE), of(&s, FC_M_grant_hours, 0));
    assert_true(of(&s, FC_M_grant_hours, 0) < 0.95 * 100 * 24.0 * (DAYS - 31));
    forget(&s);
}

/* ---- where users are ------------------------------------------------------------------------ */

/* Two equal classes ask for more than there is. By lot each has about half; with a bonus those
 * outside the capital region have all. A class whose region is not said does not count. */
static void test_region(void **state)
{
    static const char classes[] =
        "        in: {access: open, arrivals: 3/day, gpus: 5, region: capital}\n"
        "        out: {access: open, arrivals: 3/day, gpus: 5, region: non-capital}\n"
        "        some: {access: open, arrivals: 2/month, gpus: 5, priority: 5}\n";
    static const char call[] = "closes: 2025-01-30, every: 30 days, share: 60 %, term: 60 days";
    fc_text text = FC_TEXT_EMPTY;
    seen s = see("", call, classes, "");
    double by_lot = of(&s, FC_M_non_capital_share, FC_NONE);

    (void)state;
    assert_close(by_lot, of(&s, FC_M_grant_hours, 1) /
                             (of(&s, FC_M_grant_hours, 0) + of(&s, FC_M_grant_hours, 1)));
    assert_true(by_lot > 0.1 && by_lot < 0.9);
    forget(&s);
    fc_text_printf(&text, "%s, regional_bonus: 1", call);
    s = see("", text.data, classes, "");
    assert_close(of(&s, FC_M_non_capital_share, FC_NONE), 1);
    assert_true(of(&s, FC_M_grant_hours, 2) > 0);
    forget(&s);
    fc_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounds),     cmocka_unit_test(test_rounds_and_review),
        cmocka_unit_test(test_no_round),   cmocka_unit_test(test_patience_without_rounds),
        cmocka_unit_test(test_co_payment), cmocka_unit_test(test_agreed),
        cmocka_unit_test(test_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
