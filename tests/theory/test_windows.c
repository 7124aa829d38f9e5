/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand by sampled windows: where they lie, what they begin with, and how near they come to the
 * run in full. Seeds are fixed; tolerances are some three standard errors of the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "demand_shapes.h"
#include "kernel/stats.h"
#include "model/demand_windows.h"
#include "model/world.h"
#include "share.h"
#include "world_helper.h"

static fc_scenario *scenario_of(shape_id shape, double load, const char *detail)
{
    fc_scenario *scenario = shape_scenario(shape, load, detail);

    assert_non_null(scenario);
    return scenario;
}

static shape_result result_of(shape_id shape, double load, const char *detail, uint32_t n)
{
    fc_scenario *scenario = scenario_of(shape, load, detail);
    shape_result result;

    assert_int_equal(shape_run(scenario, n, &result), FC_OK);
    fc_scenario_free(scenario);
    return result;
}

static const fc_pool_sample *sample_in(const trial *t)
{
    return t->world->demands[0].pools[0].sample;
}

/* Every stretch that is measured is all of its stratum, one after the other. */
static void assert_in_full(shape_id shape, double load, const char *detail)
{
    fc_scenario *scenario = scenario_of(shape, load, detail);
    trial t = trial_of(scenario->plan, 1);
    const fc_pool_sample *s = sample_in(&t);

    assert_true(s->n_cohorts > 0);
    for (size_t i = 0; i < s->n_cohorts; i++) {
        assert_true(s->cohorts[i].weight == 1);
        assert_true(s->cohorts[i].from == (i > 0 ? s->cohorts[i - 1].until : 0));
    }
    assert_true(s->cohorts[s->n_cohorts - 1].until == scenario->plan->horizon);
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* Near a load of 1, where the jobs of all classes are longer than windows (99 % of those with a
 * heavy tail within 3.7 days), and where there is no room for windows, all is simulated. */
static void test_where_in_full(void **state)
{
    (void)state;
    assert_in_full(SHAPE_PLAIN, 0.96, "windows");
    assert_in_full(SHAPE_HEAVY, 0.6, "windows\n      windows: {length: 3 days}");
    assert_in_full(SHAPE_PLAIN, 0.6, "windows\n      windows: {length: 46 days}");
}

/* Without gaps windows are `detail: jobs`, job by job. */
static void test_in_full_is_jobs(void **state)
{
    fc_scenario *jobs = scenario_of(SHAPE_DAY, 0.98, "jobs");
    fc_scenario *windows = scenario_of(SHAPE_DAY, 0.98, "windows");
    trial a = trial_of(jobs->plan, 2), b = trial_of(windows->plan, 2);
    int compared = 0;

    (void)state;
    for (uint32_t i = 0; i < jobs->plan->n_outcomes; i++) {
        const fc_observable *o = &jobs->plan->outcomes[i];
        double x = a.record.outcomes[i], y = outcome(&b, o->metric, o->fleet, o->entity);

        if (isnan(x) && isnan(y)) continue;
        if (!(fabs(x - y) <= 1e-9 * fabs(x))) fail_msg("%s: %.17g, %.17g", o->name, x, y);
        compared += o->metric >= FC_M_wait_p50 && o->metric <= FC_M_slowdown_p99;
    }
    assert_true(compared >= 9);
    trial_end(&a);
    trial_end(&b);
    fc_scenario_free(jobs);
    fc_scenario_free(windows);
}

/* Of the mixed jobs 99 % of the large ones are done within 9.2 days. Where that is longer than a
 * window they are simulated all the time: those that come are those of `detail: jobs`, one by one,
 * and each has its GPUs as long (none gives up after 4 days, and in the gaps none waits for the
 * small ones, which moves the work under way at the end). The small ones are sampled. */
static void test_long_class(void **state)
{
    fc_scenario *jobs = scenario_of(SHAPE_MIXED, 0.6, "jobs");
    fc_scenario *windows =
        scenario_of(SHAPE_MIXED, 0.6, "windows\n      windows: {length: 9 days}");
    trial a = trial_of(jobs->plan, 5), b = trial_of(windows->plan, 5);
    const fc_pool_sample *s = sample_in(&b);

    (void)state;
    assert_int_equal(s->n_cohorts, 8);
    for (int k = 0; k < 8; k++) assert_true(s->cohorts[k].until - s->cohorts[k].from == 9 * FC_DAY);
    assert_true(outcome(&a, FC_M_class_arrivals, 0, 1) == outcome(&b, FC_M_class_arrivals, 0, 1));
    assert_true(outcome(&a, FC_M_class_arrivals, 0, 0) != outcome(&b, FC_M_class_arrivals, 0, 0));
    assert_true(fabs(outcome(&b, FC_M_class_served, 0, 1) / outcome(&a, FC_M_class_served, 0, 1) -
                     1) < 0.002);
    trial_end(&a);
    trial_end(&b);
    fc_scenario_free(jobs);
    fc_scenario_free(windows);
}

/* One window a stratum, of its length, within it and behind the warm-up, weighing what it stands
 * for; at other places in another replication, at the same ones under another policy. */
static void test_places(void **state)
{
    static const char *const details[] = {"windows", "windows\n      placement: servers"};
    fc_cohort first[8];

    (void)state;
    for (int i = 0; i < 3; i++) {
        fc_scenario *scenario = scenario_of(SHAPE_DAY, 0.8, details[i % 2]);
        trial t = trial_of(scenario->plan, i < 2 ? 3 : 4);
        const fc_pool_sample *s = sample_in(&t);
        double place[8];
        int alike = 0; /* places in one quarter and the next */

        assert_int_equal(s->n_cohorts, 8);
        if (i == 0) memcpy(first, s->cohorts, sizeof first);
        assert_int_equal(memcmp(first, s->cohorts, sizeof first) == 0, i < 2);
        for (int k = 0; k < 8; k++) {
            const fc_cohort *c = &s->cohorts[k];
            double quarter[] = {0, 90, 181, 273, 365};
            double days = quarter[k / 2 + 1] - quarter[k / 2];
            double from = quarter[k / 2] + (k % 2) * floor(days / 2);
            double until = k % 2 ? quarter[k / 2 + 1] : from + floor(days / 2);

            assert_true(c->until - c->from == 14 * FC_DAY);
            assert_true(c->from >= (from + 2) * FC_DAY && c->until <= until * FC_DAY);
            assert_true(fabs(c->weight - (until - from) / 14) < 1e-12);
            place[k] = c->from / FC_DAY - from;
            alike += k >= 2 && place[k] == place[k - 2];
        }
        assert_true(alike < 4); /* of 6, at 1 place in 30 */
        trial_end(&t);
        fc_scenario_free(scenario);
    }
}

/* What is left of a job under way is 135.2 hours on average (test_long_jobs_are_under_way): a
 * warm-up of 2.5 times that is 15 whole days, and the stratum in which the run fills is simulated
 * in full. Of exponential jobs of 2 days it is 5. */
static void test_warm_up(void **state)
{
    static const struct {
        shape_id shape;
        double days;
    } cases[] = {{SHAPE_HEAVY, 15}, {SHAPE_MIXED, 5}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        double least = INFINITY;

        for (uint32_t r = 0; r < 12; r++) {
            fc_scenario *scenario = scenario_of(cases[i].shape, 0.5, "windows");
            trial t = trial_of(scenario->plan, r);
            const fc_pool_sample *s = sample_in(&t);

            assert_int_equal(s->n_cohorts, 8);
            assert_true(s->cohorts[0].weight == 1 && s->cohorts[0].until == 45 * FC_DAY);
            for (int k = 2; k < 8; k++) {
                double quarter[] = {0, 90, 181, 273};
                double half[] = {45, 45, 46, 46};
                double from = quarter[k / 2] + (k % 2) * half[k / 2];

                least = fmin(least, s->cohorts[k].from / FC_DAY - from);
            }
            trial_end(&t);
            fc_scenario_free(scenario);
        }
        assert_true(least >= cases[i].days && least < cases[i].days + 2);
    }
}

/* ---- the jobs a window begins with --------------------------------------------------------- */

typedef struct under_way {
    fc_tally jobs, left; /* how many, and hours left to each on average */
} under_way;

static under_way look_at_first(shape_id shape, double t, double stopped, uint32_t n)
{
    under_way out = {FC_TALLY_EMPTY, FC_TALLY_EMPTY};
    fc_scenario *scenario = scenario_of(shape, 0.5, "windows");
    trial run = trial_of(scenario->plan, 0);
    fc_pool_state *pool = &run.world->demands[0].pools[0];

    for (uint32_t r = 0; r < n; r++) {
        double left = 0;

        run.world->replication = r;
        assert_int_equal(fc_params_begin(run.world->params, r, NULL, NULL), FC_OK);
        run.world->classes[0].arrivals.day = NAN;
        run.world->classes[0].flow.waiting = 0;
        pool->sample->stopped = stopped;
        assert_int_equal(fc_windows_gather_first(run.world, pool, t), FC_OK);
        for (size_t i = 0; i < pool->sample->n_first; i++)
            left += pool->sample->first[i].duration / FC_HOUR;
        fc_tally_add(&out.jobs, (double)pool->sample->n_first);
        if (pool->sample->n_first > 0)
            fc_tally_add(&out.left, left / (double)pool->sample->n_first);
    }
    trial_end(&run);
    fc_scenario_free(scenario);
    return out;
}

/* Student's interval, missed by 1 in 10,000 seeds. */
static void assert_mean(const fc_tally *tally, double expected)
{
    double half = fc_student_half_width(tally, 0.9999);

    if (!(fabs(tally->mean - expected) <= half && half < 0.05 * expected))
        fail_msg("mean %.6g +- %.2g, expected %.6g", tally->mean, half, expected);
}

/* M/M/infinity: of jobs of 6 hours that come at 0.5 x 256 GPUs x 24 / 24 GPU-hours = 128 a day
 * there are 32, as many as Poisson, and each has 6 hours left. Of those that came in the last 6
 * hours alone, 1 - 1/e of that. */
static void test_under_way(void **state)
{
    under_way all = look_at_first(SHAPE_PLAIN, 100 * FC_DAY, 0, 600);
    under_way some = look_at_first(SHAPE_PLAIN, 100 * FC_DAY, 99.75 * FC_DAY, 600);
    double variance = fc_tally_variance(&all.jobs);

    (void)state;
    assert_mean(&all.jobs, 32);
    assert_mean(&all.left, 6);
    assert_mean(&some.jobs, 32 * (1 - exp(-1)));
    /* Of 600 Poisson numbers: 32 +- 3.9 sqrt(2 / 600) of it. */
    assert_true(fabs(variance / 32 - 1) < 3.9 * sqrt(2 / 600.0) + 0.01);
}

/* M(t)/M/infinity with the profile of the day: the integral of rate x exp(-age / 6 h), hour by hour
 * back from midnight and from 15:00. */
static void test_under_way_by_hour(void **state)
{
    static const double share[24] = {2, 2, 2, 2, 2, 2, 2, 4, 5, 6, 6, 6,
                                     6, 6, 6, 6, 6, 6, 5, 5, 4, 3, 3, 3};
    static const int at[] = {0, 15};

    (void)state;
    for (int i = 0; i < 2; i++) {
        double expected = 0;

        for (int age = 0; age < 240; age++)
            expected += 128 * share[(at[i] + 239 - age) % 24] / 100 * 6 *
                        (exp(-age / 6.0) - exp(-(age + 1) / 6.0));
        under_way is = look_at_first(SHAPE_DAY, 100 * FC_DAY + at[i] * FC_HOUR, 0, 600);
        assert_mean(&is.jobs, expected);
    }
}

/* Lognormal durations are length-biased: what is left of one under way is E[D^2] / (2 E[D]) = 135.2
 * hours, and 123.1 of those that came in the 300 days since the start (their standard error is 2 %
 * here). */
static void test_long_jobs_are_under_way(void **state)
{
    under_way is = look_at_first(SHAPE_HEAVY, 300 * FC_DAY, 0, 2000);

    (void)state;
    assert_true(fabs(is.left.mean / 123.1 - 1) < 0.06);
    assert_true(fabs(is.jobs.mean / (128 / 2.0) - 1) < 0.05);
}

/* ---- against the run in full --------------------------------------------------------------- */

static void assert_near_full(shape_id shape, double load, uint32_t most, double served, double p95,
                             double p99)
{
    uint32_t n = share_of(most, 4);
    double slack = share_slack(most, 4);
    shape_result full = result_of(shape, load, "jobs", n);
    shape_result part = result_of(shape, load, "windows", n);

    if (!(fabs(part.served / full.served - 1) < served * slack))
        fail_msg("%s: served %.4f, %.4f", shape_name(shape), part.served, full.served);
    if (!(fabs(part.wait[1] - full.wait[1]) <= p95 * slack * full.wait[1]))
        fail_msg("%s: p95 %.4f, %.4f", shape_name(shape), part.wait[1], full.wait[1]);
    if (!(fabs(part.wait[2] - full.wait[2]) <= p99 * slack * full.wait[2]))
        fail_msg("%s: p99 %.4f, %.4f", shape_name(shape), part.wait[2], full.wait[2]);
}

static void test_near_full(void **state)
{
    (void)state;
    assert_near_full(SHAPE_PLAIN, 0.6, 12, 0.015, 0, 0);
    assert_near_full(SHAPE_DAY, 0.8, 12, 0.015, 0.1, 0.1);
    /* The fluid, or windows that stand for themselves alone, would serve 3 or 2 % less. */
    assert_near_full(SHAPE_DAY, 0.9, 24, 0.012, 0.1, 0.1);
    assert_near_full(SHAPE_PLAIN, 0.9, 30, 0.01, 0.2, 0.2);
    assert_near_full(SHAPE_STEPS, 0.85, 12, 0.015, 0.25, 0.25);
    assert_near_full(SHAPE_MIXED, 0.85, 24, 0.03, 0.25, 0.25);
}

/* A shock in the middle of a stratum, of arrivals and of durations: jobs and windows follow it, and
 * demand that is to become critical is simulated in full from the stratum's begin on. */
static void test_shock(void **state)
{
    static const char *const details[] = {"jobs", "windows"};
    static const char rest[] =
        "shocks:\n"
        "  more: {at: 2025-03-01, scale: {fleets.one.demand.classes.c0.duration: 1.5}}\n"
        "  most: {at: 2025-11-01, scale: {fleets.one.demand.classes.c0.arrivals: 1.4}}\n";
    shape_result is[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_scenario *scenario = shape_scenario_with(SHAPE_PLAIN, 0.5, details[i], rest);
        trial t = trial_of(scenario->plan, 0); /* which verifies after every event */
        const fc_pool_sample *s = sample_in(&t);

        if (s != NULL) {
            assert_true(s->cohorts[s->n_cohorts - 1].weight == 1);
            assert_true(s->cohorts[s->n_cohorts - 2].weight == 1);
            assert_true(s->cohorts[s->n_cohorts - 3].weight > 3);
        }
        trial_end(&t);
        assert_int_equal(shape_run(scenario, 12, &is[i]), FC_OK);
        fc_scenario_free(scenario);
    }
    assert_true(fabs(is[1].served / is[0].served - 1) < 0.02);
    assert_true(fabs(is[1].wait[2] / is[0].wait[2] - 1) < 0.15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_in_full),     cmocka_unit_test(test_in_full_is_jobs),
        cmocka_unit_test(test_long_class),        cmocka_unit_test(test_places),
        cmocka_unit_test(test_warm_up),           cmocka_unit_test(test_under_way),
        cmocka_unit_test(test_under_way_by_hour), cmocka_unit_test(test_long_jobs_are_under_way),
        cmocka_unit_test(test_near_full),         cmocka_unit_test(test_shock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
