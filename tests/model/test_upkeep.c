/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Repairs under way when a driver changes their duration, worked by hand. Exact results of failures
 * and repairs are in tests/theory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "procurement_helper.h"

/* Days for which one server, that fails once, is down, of 730: fails soon, and on day 50 failures
 * end. On day 100 the repair time is set to half, as `how` says. */
static double days_down(double repair, fc_in_progress how)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 7);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1000));
    fc_upkeep upkeep = {.failure_rate = build_number(b, "rate", 0.1 / FC_DAY),
                        .repair_time = days(b, "repair", repair)};
    fc_plan *plan = NULL;
    double share = 0;
    trial t;

    build_currency(b, "USD", 2, build_number(b, "usd", 1));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw, .upkeep = upkeep});
    build_stock(b, (fc_stock){.name = "one",
                              .model = add_model(b, "gpu", 8, 1000, 0),
                              .site = FC_NONE,
                              .count = build_number(b, "count", 8),
                              .since = days(b, "since", 0)});
    add_shock(b, "sound", 50, upkeep.failure_rate, FC_SET, 0, FC_KEEP);
    add_shock(b, "quick", 100, upkeep.repair_time, FC_SCALE, 0.5, how);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_true(outcome(&t, FC_M_failures, 0, FC_NONE) == 1);
    share = outcome(&t, FC_M_repair_share, 0, FC_NONE);
    done(&t, plan);
    return share * 730;
}

static void test_repair_under_way(void **state)
{
    (void)state;
    double failed = 730 - days_down(10000, FC_KEEP); /* the day of the failure */

    assert_true(failed > 0 && failed < 50);
    assert_true(fabs(days_down(400, FC_KEEP) - 400) < 1e-6);
    /* (failed + 400 - 100) / 400 of 200 days are left on day 100. */
    assert_true(fabs(days_down(400, FC_RESCALE) - (100 - failed + (failed + 300) / 2)) < 1e-6);
    /* What does not vary ends 200 days after it began. */
    assert_true(fabs(days_down(400, FC_REDRAW) - 200) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_repair_under_way)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
