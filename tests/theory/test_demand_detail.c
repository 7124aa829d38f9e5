/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand down the whole street: the two levels of detail against one another, why it is not met,
 * and a frontier run. Seeds are fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "demand_street.h"
#include "kernel/stats.h"
#include "model/world.h"
#include "share.h"
#include "world_helper.h"

/* ---- the two levels of detail -------------------------------------------------------------- */

static double served(const char *detail, double load, const char *patience)
{
    char demand[600];
    demand_street s = {.gpus = 256, .demand = demand};
    fc_tally tally;

    /* 0.5 x 1 + 0.5 x 7 = 4 GPUs, 6 hours: 24 GPU-hours a job, 6144 GPU-hours a day. */
    snprintf(demand, sizeof demand,
             "      detail: %s\n"
             "      policy: easy\n"
             "      classes:\n"
             "        all:\n"
             "          arrivals: %.6f/day\n"
             "          hours: [2 %%, 2 %%, 2 %%, 2 %%, 2 %%, 2 %%, 2 %%, 4 %%, 5 %%, 6 %%, 6 %%, "
             "6 %%, 6 %%, 6 %%, 6 %%, 6 %%, 6 %%, 6 %%, 5 %%, 5 %%, 4 %%, 3 %%, 3 %%, 3 %%]\n"
             "          gpus: {varies: {one_of: {1: 50 %%, 7: 50 %%}}}\n"
             "          duration: {varies: {distribution: exponential, mean: 6 hours}}\n%s",
             detail, load * 256, patience);
    tally = repeat_demand(&s, FC_M_class_served, 0, strcmp(detail, "jobs") == 0 ? 6 : 1);
    return tally.mean / (256 * 24 * 365);
}

static void test_fluid_agrees_with_jobs(void **state)
{
    static const double loads[] = {0.4, 0.8, 1.2, 1.5};

    (void)state;
    for (int i = 0; i < 4; i++) {
        const char *patience = "          patience: 12 hours\n";
        double jobs = served("jobs", loads[i], patience);
        double fluid = served("fluid", loads[i], patience);
        if (fabs(jobs / fluid - 1) >= 0.01)
            fail_msg("load %g: jobs %.4f, fluid %.4f", loads[i], jobs, fluid);
    }
    /* Without patience, too, all that fits is served. */
    assert_true(fabs(served("jobs", 1.3, "") / served("fluid", 1.3, "") - 1) < 0.01);
}

/* Overloaded fluid: what does not fit leaves, in proportion, and what is limited to a model that
 * is not there leaves for that. */
static void test_fluid_overload(void **state)
{
    const demand_street s = {
        .gpus = 100,
        .demand = "      classes:\n"
                  "        a: {arrivals: 100/h, gpus: 1, duration: 1 hours, "
                  "patience: 5 hours}\n"
                  "        b: {arrivals: 100/h, gpus: 1, duration: 1 hours, "
                  "patience: 5 hours}\n"
                  "        c: {arrivals: 10/h, gpus: 1, duration: 1 hours, patience: "
                  "5 hours, models: [npu]}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_near(of_fleet(&one, FC_M_gpus_allocated), 100, 1e-6);
    assert_near(of_class(&one, FC_M_class_served, 0), of_class(&one, FC_M_class_served, 1), 1e-6);
    assert_near(of_class(&one, FC_M_class_served, 2), 0, 1e-9);
    forget(&one);
}

/* A little more is wanted than there is, and nobody gives up. Two classes that want as much of it,
 * one with jobs of 10 hours, one lognormal with that mean, 10 exp(-1.5^2 / 2) = 3.2465 h being the
 * median: of both as many GPUs are wanted and held, but for the 47 - 5 hours by which the second
 * comes later to its 51 at the start: 0.5 % of a year at the most. If those that wait counted as
 * those under way, which have 47 hours left on average, it would be held back by 0.9 %. */
static void test_fluid_is_fair_to_heavy_tails(void **state)
{
    const demand_street s = {.gpus = 100,
                             .demand =
                                 "      classes:\n"
                                 "        a: {arrivals: 5.1/h, gpus: 1, duration: 10 hours}\n"
                                 "        b: {arrivals: 5.1/h, gpus: 1, duration: {varies: "
                                 "{distribution: lognormal, median: 3.24652467 hours, sigma: 1.5}}}"
                                 "\n"};
    seen one = see_demand(&s, 0);
    double a = of_class(&one, FC_M_class_served, 0), b = of_class(&one, FC_M_class_served, 1);

    (void)state;
    assert_near(of_fleet(&one, FC_M_gpus_allocated), 100, 1e-6);
    assert_true(fabs(b / a - 1) < 0.005);
    forget(&one);
}

/* What a fluid does not know is not there, rather than zero. */
static void test_fluid_has_no_waits(void **state)
{
    const demand_street s = {
        .gpus = 100, .demand = "      classes: {a: {arrivals: 1/h, gpus: 1, duration: 1 hours}}\n"};
    fc_scenario *scenario = load_demand(&s);
    const fc_plan *plan = scenario->plan;

    (void)state;
    for (uint32_t i = 0; i < plan->n_outcomes; i++)
        assert_false(plan->outcomes[i].metric >= FC_M_wait_p50 &&
                     plan->outcomes[i].metric <= FC_M_slowdown_p99);
    fc_scenario_free(scenario);
}

/* ---- causes, and a frontier run ------------------------------------------------------------- */

/* A job of 8 on 2 servers of 8, each half full for ever, finds 8 free and no place; one that needs
 * an NPU finds free GPUs of the wrong model. */
static void test_causes(void **state)
{
    const demand_street s = {
        .gpus = 16,
        .demand = "      detail: jobs\n"
                  "      policy: easy\n"
                  "      placement: servers\n"
                  "      frontier_run: {work: 1e21 FLOP, mfu: 50 %}\n"
                  "      classes:\n"
                  "        full: {arrivals: {2025-01-01: 99/day, 2025-01-02: 0/day}, "
                  "gpus: 5, duration: 9 years, patience: 1 hours}\n"
                  "        npu: {arrivals: 1/day, gpus: 1, duration: 1 hours, "
                  "patience: 1 hours, models: [npu]}\n"
                  "        six: {arrivals: {2025-01-01: 0/day, 2025-02-01: 1/day}, "
                  "gpus: 6, duration: 1 hours, patience: 1 hours}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_near(of_fleet(&one, FC_M_unmet_wrong_model), of_class(&one, FC_M_class_abandoned, 1),
                1e-6);
    /* Of those of 5, too, that came too late: 3 are free on each server. */
    assert_near(of_fleet(&one, FC_M_unmet_fragmented),
                of_class(&one, FC_M_class_abandoned, 0) + of_class(&one, FC_M_class_abandoned, 2),
                1e-3);
    assert_true(of_class(&one, FC_M_class_abandoned, 2) > 1000);
    assert_near(of_fleet(&one, FC_M_largest_run), 16, 0);
    /* 1e21 / (16 x 1e15 x 0.5) s */
    assert_near(of_fleet(&one, FC_M_run_days), 1e21 / 8e15 / 86400, 1e-9);
    forget(&one);
}

static void test_quota(void **state)
{
    const demand_street s = {
        .gpus = 16,
        .demand = "      detail: jobs\n"
                  "      policy: fair\n"
                  "      classes:\n"
                  "        all: {arrivals: 1/h, gpus: 1, duration: 9 years, patience: "
                  "1 hours, quota: 6}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_near(of_fleet(&one, FC_M_gpus_allocated), 6, 1e-9);
    assert_near(of_fleet(&one, FC_M_unmet_quota), of_class(&one, FC_M_class_abandoned, 0), 1e-3);
    forget(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fluid_agrees_with_jobs),
        cmocka_unit_test(test_fluid_overload),
        cmocka_unit_test(test_fluid_is_fair_to_heavy_tails),
        cmocka_unit_test(test_fluid_has_no_waits),
        cmocka_unit_test(test_causes),
        cmocka_unit_test(test_quota),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
