/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is beside sampled windows all the time: inference services, which are in the same pool, and
 * grants, in pools of their own. Seeds are fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "demand_shapes.h"
#include "kernel/histogram.h"
#include "kernel/stats.h"
#include "model/demand_windows.h"
#include "model/world.h"
#include "share.h"
#include "street.h"
#include "world_helper.h"

/* 20,000 tokens a second on average, of which a GPU generates 1,000: 20 GPUs, half of them in the
 * four hours from 20:00: 12 GPUs, then 60. */
#define CHAT                                                                                       \
    "users: 172.8 mn, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s, "             \
    "hours: [2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, "        \
    "2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 12.5 %, 12.5 %, 12.5 %, "      \
    "12.5 %]"

static fc_scenario *scenario_of(shape_id shape, double load, const char *detail, const char *rest)
{
    char all[4000];
    fc_scenario *scenario = NULL;

    snprintf(all, sizeof all, "%s\n%s", detail, rest);
    all[strlen(all) - 1] = '\0'; /* its end is that of the line */
    scenario = shape_scenario(shape, load, all);
    assert_non_null(scenario);
    return scenario;
}

static const fc_pool_sample *sample_in(const trial *t, int pool)
{
    return t->world->demands[0].pools[pool].sample;
}

static int sampled(const fc_pool_sample *s)
{
    int n = 0;

    for (size_t i = 0; i < s->n_cohorts; i++) n += s->cohorts[i].weight > 1;
    return n;
}

/* ---- services ------------------------------------------------------------------------------ */

/* Where jobs leave room enough a service has what it asks for, windows or not: at half load 24
 * GPUs by day and 120 in the evening. */
static void test_room_for_all(void **state)
{
    fc_scenario *scenario =
        scenario_of(SHAPE_DAY, 0.2, "windows",
                    "      services:\n        chat: {" CHAT ", target_load: 50 %}\n");
    trial t = trial_of(scenario->plan, 1);
    double held = (20 * 24 + 4 * 120) / 24.0;

    (void)state;
    assert_int_equal(sampled(sample_in(&t, 0)), 8);
    assert_close(outcome(&t, FC_M_service_wanted, 0, 0), held);
    assert_close(outcome(&t, FC_M_service_held, 0, 0), held);
    assert_close(outcome(&t, FC_M_service_peak, 0, 0), 120);
    assert_close(outcome(&t, FC_M_service_load, 0, 0), 20 / held);
    assert_close(outcome(&t, FC_M_service_served, 0, 0), 365 * 24 * 20);
    assert_close(outcome(&t, FC_M_service_home_share, 0, 0), 1);
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* Every outcome of the first, but for users, who are not told apart in windows. Returns how many
 * say something. */
static int assert_same_outcomes(const trial *a, const trial *b)
{
    int compared = 0;

    for (uint32_t i = 0; i < a->plan->n_outcomes; i++) {
        const fc_observable *o = &a->plan->outcomes[i];

        if (o->metric == FC_M_gini_users || o->metric == FC_M_top10_share) continue;
        double x = a->record.outcomes[i], y = outcome(b, o->metric, o->fleet, o->entity);
        if (isnan(x) && isnan(y)) continue;
        if (!(fabs(x - y) <= 1e-9 * (1 + fabs(x)))) fail_msg("%s: %.17g, %.17g", o->name, x, y);
        compared++;
    }
    return compared;
}

/* What jobs and a service want together decides what is simulated in full: 0.8 and 40 of 256 GPUs
 * (0.956). In full windows are `detail: jobs`, of the service too. */
static void test_in_full_is_jobs(void **state)
{
    static const char *const rests[] = {
        "      services:\n        chat: {" CHAT
        ", target_load: 50 %, replica: 2, scale_up_delay: 20 minutes, scale_down_delay: 2 hours}\n",
        "      placement: servers\n      services:\n        chat: {" CHAT
        ", target_load: 50 %, replica: 8, scale_up_delay: 20 minutes}\n"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_scenario *jobs = scenario_of(SHAPE_DAY, 0.8, "jobs", rests[i]);
        fc_scenario *windows = scenario_of(SHAPE_DAY, 0.8, "windows", rests[i]);
        trial a = trial_of(jobs->plan, 2), b = trial_of(windows->plan, 2);

        assert_int_equal(sampled(sample_in(&b, 0)), 0);
        assert_true(outcome(&a, FC_M_service_starting, 0, 0) > 0);
        assert_true(outcome(&a, FC_M_service_too_few, 0, 0) > 0);
        assert_true(assert_same_outcomes(&a, &b) > 20);
        for (uint32_t month = 0; month < 12; month++)
            assert_close(series(&b, FC_M_gpus_allocated, 0, month),
                         series(&a, FC_M_gpus_allocated, 0, month));
        trial_end(&a);
        trial_end(&b);
        fc_scenario_free(jobs);
        fc_scenario_free(windows);
    }
}

/* Means over replications, without verifying each event; of a job's wait the pooled p95. */
typedef struct means {
    fc_tally unserved, held, served;
    double p95;
} means;

static means means_of(shape_id shape, double load, const char *detail, const char *rest, uint32_t n)
{
    fc_scenario *scenario = scenario_of(shape, load, detail, rest);
    means out = {FC_TALLY_EMPTY, FC_TALLY_EMPTY, FC_TALLY_EMPTY, 0};
    trial t = trial_start(scenario->plan);
    fc_histogram waits = FC_HISTOGRAM_EMPTY;

    for (uint32_t r = 0; r < n; r++) {
        fc_histogram one = FC_HISTOGRAM_EMPTY;

        assert_int_equal(fc_world_run(t.world, r, NULL, &t.record, t.diag), FC_OK);
        fc_tally_add(&out.unserved, outcome(&t, FC_M_service_unserved, 0, 0));
        fc_tally_add(&out.held, outcome(&t, FC_M_service_held, 0, 0));
        fc_tally_add(&out.served, outcome(&t, FC_M_class_served, 0, 0));
        if (t.record.waits[0].data == NULL) continue;
        assert_int_equal(fc_histogram_read(&one, t.record.waits[0].data, t.record.waits[0].length),
                         FC_OK);
        assert_int_equal(fc_histogram_merge(&waits, &one), FC_OK);
        fc_histogram_free(&one);
    }
    out.p95 = fc_histogram_quantile(&waits, 0.95) / FC_HOUR;
    fc_histogram_free(&waits);
    trial_end(&t);
    fc_scenario_free(scenario);
    return out;
}

/* Jobs of 6 hours have the GPUs that a service asks for at 20:00: what it misses is known only job
 * by job, as in the fluid they give them up at once. The bounds are four standard errors. */
static void test_near_full(void **state)
{
    static const char rest[] = "      services:\n        chat: {" CHAT "}\n";
    uint32_t n = share_of(40, 8);
    double slack = share_slack(40, 8);
    means full = means_of(SHAPE_PLAIN, 0.8, "jobs", rest, n);
    means part = means_of(SHAPE_PLAIN, 0.8, "windows", rest, n);
    means flow = means_of(SHAPE_PLAIN, 0.8, "fluid", rest, 1);

    (void)state;
    assert_true(flow.unserved.mean == 0 && full.unserved.mean > 1000);
    double error =
        sqrt((fc_tally_variance(&full.unserved) + fc_tally_variance(&part.unserved)) / n);
    assert_near(part.unserved.mean, full.unserved.mean, 4 * error);
    assert_true(error < 0.03 * slack * full.unserved.mean);
    assert_near(part.held.mean / full.held.mean, 1, 0.004 * slack);
    assert_near(part.served.mean / full.served.mean, 1, 0.008 * slack);
    assert_near(part.p95 / full.p95, 1, 0.08 * slack);
}

/* Weeks of delay: a service remembers days of three times as many users for 30 days, and its
 * replicas serve 5 days after they have their GPUs. There is room for it at any time, so what it
 * has among the jobs is what it has beside the fluid: it goes into windows with all it remembers.
 */
static void test_memory_goes_with_it(void **state)
{
    static const char rest[] =
        "      services:\n        chat: {users: {2025-01-01: 86.4 mn, 2025-02-03: 259.2 mn, "
        "2025-02-05: 86.4 mn, 2025-04-20: 259.2 mn, 2025-04-22: 86.4 mn, 2025-07-05: 259.2 mn, "
        "2025-07-15: 86.4 mn, 2025-08-20: 172.8 mn, 2025-11-10: 259.2 mn}, tokens_per_user: 10 "
        "tokens/day, tokens_per_gpu: 1000 tokens/s, scale_up_delay: 5 days, scale_down_delay: 30 "
        "days}\n";
    static const int same[] = {FC_M_service_held, FC_M_service_served, FC_M_service_starting,
                               FC_M_service_load};
    fc_scenario *fluid = scenario_of(SHAPE_PLAIN, 0.1, "fluid", rest);
    uint32_t n = share_of(10, 2);

    (void)state;
    for (uint32_t r = 0; r < n; r++) {
        fc_scenario *windows = scenario_of(SHAPE_PLAIN, 0.1, "windows", rest);
        trial a = trial_of(fluid->plan, r), b = trial_of(windows->plan, r);

        assert_int_equal(sampled(sample_in(&b, 0)), 8);
        assert_true(outcome(&a, FC_M_service_starting, 0, 0) > 20 * 24 * 4);
        for (int i = 0; i < 4; i++)
            assert_close(outcome(&b, same[i], 0, 0), outcome(&a, same[i], 0, 0));
        trial_end(&a);
        trial_end(&b);
        fc_scenario_free(windows);
    }
    fc_scenario_free(fluid);
}

/* What is not served at home is paid abroad. */
static void test_rent(void **state)
{
    static const char rest[] = "      services:\n        chat: {" CHAT
                               ", offshore: overflow, offshore_price: 3 USD/GPU-h}\n";
    fc_scenario *scenario = scenario_of(SHAPE_PLAIN, 0.8, "windows", rest);
    trial t = trial_of(scenario->plan, 1);
    double abroad = outcome(&t, FC_M_service_offshore, 0, 0);

    (void)state;
    assert_int_equal(sampled(sample_in(&t, 0)), 8);
    assert_true(abroad > 1000);
    assert_close(outcome(&t, FC_M_offshore_rent, 0, FC_NONE), 3 * abroad);
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* ---- grants -------------------------------------------------------------------------------- */

/* Half of the fleet is given out by a call, to projects with jobs of their own and to some without;
 * in the other half jobs queue at 0.6 of 100 GPUs. */
static fc_scenario *with_grants(const char *detail)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(
        &text,
        "fleetcast: 1\n"
        "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
        "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 "
        "TFLOPS}}}\n"
        "fleets:\n"
        "  one:\n"
        "    stock: {old: {model: h100, count: 200, since: 2024-01-01}}\n"
        "    upkeep: {failure_rate: 0.01/day, repair_time: 3 days}\n"
        "    demand:\n"
        "      detail: %s\n"
        "      pools: {given: {share: 50 %%}, queued: {share: 50 %%}}\n"
        "      calls: {open: {pool: given, closes: 2025-01-30, every: 60 days, term: 200 days,\n"
        "        reclaim: {every: 30 days, below: 30 %%}}}\n"
        "      classes:\n"
        "        teams: {access: open, arrivals: 0.2/day, gpus: 10, patience: 90 days, jobs: "
        "{arrivals: 2/day, gpus: 4, duration: 15 hours}}\n"
        "        labs: {access: open, arrivals: 0.2/day, gpus: 5, use: 60 %%}\n"
        "        all: {pool: queued, arrivals: 60/day, gpus: 4, duration: 6 hours}\n",
        detail);
    return load_street(&text);
}

/* Grants are what they are in the run in full, to the last of their jobs; the jobs beside them are
 * sampled. */
static void test_grants_are_exact(void **state)
{
    fc_scenario *scenarios[] = {with_grants("jobs"), with_grants("windows")};
    trial a = trial_of(scenarios[0]->plan, 1), b = trial_of(scenarios[1]->plan, 1);
    const fc_plan *plan = b.plan;
    int compared = 0;

    (void)state;
    assert_int_equal(sampled(sample_in(&b, 1)), 8);
    for (uint32_t i = 0; i < a.plan->n_outcomes; i++) {
        const fc_observable *o = &a.plan->outcomes[i];
        double x = a.record.outcomes[i];

        if (o->entity < 0 || o->entity > 1 || isnan(x)) continue; /* teams and labs */
        assert_true(outcome(&b, o->metric, o->fleet, o->entity) == x);
        compared += x > 0;
    }
    assert_true(compared > 10);
    /* A job on a grant counts once, one that queues many times. */
    assert_int_equal(fc_counts_a_job(&plan->fleets[0].demand, &plan->classes[0]), 1);
    assert_int_equal(fc_counts_a_job(&plan->fleets[0].demand, &plan->classes[2]), FC_WINDOW_COUNTS);
    assert_close(outcome(&b, FC_M_granted_share, 0, FC_NONE),
                 outcome(&a, FC_M_granted_share, 0, FC_NONE));
    assert_relative(outcome(&b, FC_M_allocation, 0, FC_NONE),
                    outcome(&a, FC_M_allocation, 0, FC_NONE), 0.02);
    trial_end(&a);
    trial_end(&b);
    for (int i = 0; i < 2; i++) fc_scenario_free(scenarios[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room_for_all), cmocka_unit_test(test_in_full_is_jobs),
        cmocka_unit_test(test_near_full),    cmocka_unit_test(test_memory_goes_with_it),
        cmocka_unit_test(test_rent),         cmocka_unit_test(test_grants_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
