/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A path of arrivals begins at its first date: nobody comes before. Seeds are fixed; a number of
 * jobs may be five standard deviations from its mean, which fresh seeds would miss once in a
 * million times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/world.h"
#include "street.h"

/* Jobs that came in 2025. */
static double came(const char *detail, const char *arrivals)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
                   "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, "
                   "bf16_dense: 1000 TFLOPS}}}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock: {old: {model: h100, count: 64, since: 2024-01-01}}\n"
                   "    demand:\n"
                   "      detail: %s\n"
                   "      classes: {u: {arrivals: %s, gpus: 1, duration: 12 hours}}\n",
                   detail, arrivals);
    seen one = see_street(load_street(&text), 1);
    double jobs = outcome(&one.trial, FC_M_class_arrivals, 0, 0);

    forget(&one);
    return jobs;
}

static void test_steps(void **state)
{
    const double expected = 24. * 184; /* July to December */

    (void)state;
    assert_near(came("jobs", "{2025-07-01: 24/day}"), expected, 5 * sqrt(expected));
    assert_near(came("fluid", "{2025-07-01: 24/day}"), expected, 1e-6);
}

/* Nobody until the first point either; from there on the line. */
static void test_line(void **state)
{
    const double expected = 36. * 184;

    (void)state;
    assert_near(came("jobs", "{linear: {2025-07-01: 24/day, 2026-01-01: 48/day}}"), expected,
                5 * sqrt(expected));
}

/* One figure holds from the beginning. */
static void test_figure(void **state)
{
    const double expected = 24. * 365;

    (void)state;
    assert_near(came("jobs", "24/day"), expected, 5 * sqrt(expected));
    assert_near(came("fluid", "24/day"), expected, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
