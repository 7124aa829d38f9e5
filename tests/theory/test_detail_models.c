/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The levels of detail against one another where classes can use some of a pool's models only.
 * Seeds are fixed. What a class wants in a year has a standard deviation of 0.7 % between
 * replications at most, of 0.4 % in the mean of 3: where chance matters 2 % are five of these,
 * which fresh seeds would miss once in a million times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "share.h"
#include "street.h"

enum { H100 = 64, YEAR_HOURS = 365 * 24, MOST = 3 };

static fc_scenario *load(const char *detail, int npus, const char *classes)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 TFLOPS}\n"
                   "    npu: {per_server: 8, server_power: 10 kW, bf16_dense: 500 TFLOPS}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock:\n"
                   "      a: {model: h100, count: %d, since: 2024-01-01}\n"
                   "      b: {model: npu, count: %d, since: 2024-01-01}\n"
                   "    demand:\n"
                   "      detail: %s\n"
                   "      classes:\n%s",
                   H100, npus, detail, classes);
    return load_street(&text);
}

/* GPU-hours a year that n classes were served, and last those left for want of the right model. */
static void run(const char *detail, int npus, const char *classes, int n, double *served)
{
    uint32_t runs = detail[0] == 'f' ? 1 : share_of(3, 1);
    fc_scenario *scenario = load(detail, npus, classes);
    trial t = trial_start(scenario->plan);

    for (int i = 0; i <= n; i++) served[i] = 0;
    for (uint32_t r = 0; r < runs; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        for (int i = 0; i < n; i++) served[i] += outcome(&t, FC_M_class_served, 0, i) / runs;
        served[n] += outcome(&t, FC_M_unmet_wrong_model, 0, FC_NONE) / runs;
    }
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* Two classes that need the 64 h100 and want 60 of them each; 640 npus stand idle. */
static void test_nobody_has_what_another_has(void **state)
{
    static const char classes[] =
        "        c1: {arrivals: 60/day, gpus: 2, duration: 12 hours, models: [h100], "
        "patience: 2 days}\n"
        "        c2: {arrivals: 60/day, gpus: 2, duration: 12 hours, models: [h100], "
        "patience: 2 days}\n";
    double fluid[MOST], jobs[MOST], all = H100 * YEAR_HOURS;

    (void)state;
    run("fluid", 640, classes, 2, fluid);
    run("jobs", 640, classes, 2, jobs);
    assert_true(fabs(fluid[0] / (all / 2) - 1) < 1e-9 && fabs(fluid[1] / (all / 2) - 1) < 1e-9);
    assert_true(fabs((jobs[0] + jobs[1]) / all - 1) < 0.002);
    assert_true(fabs(jobs[0] / fluid[0] - 1) < 0.02 * share_slack(3, 1));
    assert_true(fabs(jobs[2] / fluid[2] - 1) < 0.03 * share_slack(3, 1));
}

/* Those who need an h100 want twice as many; who takes an npu first is served there. */
static void test_the_rest_is_for_others(void **state)
{
    static const char classes[] =
        "        narrow: {arrivals: 128/day, gpus: 2, duration: 12 hours, models: [h100], "
        "patience: 2 days}\n"
        "        wide: {arrivals: 48/day, gpus: 2, duration: 12 hours, prefers: [npu], "
        "patience: 2 days}\n";
    double fluid[MOST], jobs[MOST];

    (void)state;
    run("fluid", 96, classes, 2, fluid);
    run("jobs", 96, classes, 2, jobs);
    assert_true(fabs(fluid[0] / (H100 * YEAR_HOURS) - 1) < 1e-9);
    for (int i = 0; i < 2; i++)
        assert_true(fabs(jobs[i] / fluid[i] - 1) < 0.02 * share_slack(3, 1));
    assert_true(fabs(jobs[2] / fluid[2] - 1) < 0.04 * share_slack(3, 1));
}

/* All are short: what is there is given out once and whole; whom it goes to is not the same. */
static void test_whole_pool(void **state)
{
    static const char classes[] =
        "        c1: {arrivals: 96/day, gpus: 2, duration: 12 hours, models: [h100, npu], "
        "patience: 2 days}\n"
        "        c2: {arrivals: 64/day, gpus: 2, duration: 12 hours, models: [npu], "
        "patience: 2 days}\n";
    double fluid[MOST], jobs[MOST];

    (void)state;
    run("fluid", 64, classes, 2, fluid);
    run("jobs", 64, classes, 2, jobs);
    assert_true(fabs((jobs[0] + jobs[1]) / (fluid[0] + fluid[1]) - 1) < 0.005);
    assert_true(fluid[1] <= 64 * YEAR_HOURS && fluid[2] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_has_what_another_has),
        cmocka_unit_test(test_the_rest_is_for_others),
        cmocka_unit_test(test_whole_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
