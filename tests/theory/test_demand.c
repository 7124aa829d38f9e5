/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand down the whole street, from a scenario's text to what is observed: exact results of
 * queueing theory, and cases by hand. Seeds are fixed. An interval is the mean of independent
 * replications +- 3.9 standard errors (Student t): it misses a right mean in 1 of 10,000 seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "demand_street.h"
#include "kernel/stats.h"
#include "model/world.h"
#include "share.h"
#include "world_helper.h"

/* ---- theory -------------------------------------------------------------------------------- */

/* Erlang's C, c servers, offered load a. */
static double erlang_c(int c, double a)
{
    double b = 1;

    for (int i = 1; i <= c; i++) b = a * b / (i + a * b);
    return b / (1 - a / c * (1 - b));
}

static void test_erlang_c(void **state)
{
    const demand_street s = {.gpus = 10,
                             .demand = "      detail: jobs\n"
                                       "      policy: fifo\n"
                                       "      classes:\n"
                                       "        all:\n"
                                       "          arrivals: 192/day\n"
                                       "          gpus: 1\n"
                                       "          duration: {varies: {distribution: exponential, "
                                       "mean: 1 hours}}\n"};
    fc_tally wait = repeat_demand(&s, FC_M_wait_mean, 0, 40);
    fc_tally held = repeat_demand(&s, FC_M_allocation, FC_NONE, 12);

    (void)state;
    /* Waiting time C(10, 8) / (10 - 8) hours; Little: 8 of 10 GPUs held. */
    assert_mean(&wait, erlang_c(10, 8) / 2, 0.06);
    assert_mean(&held, 0.8, 0.01);
}

/* M/G/infinity: as many GPUs as anyone wants; jobs and flow both hold rate x duration x GPUs. */
static void test_plenty(void **state)
{
    static const char *const details[] = {"jobs", "fluid"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        char demand[400];
        snprintf(
            demand, sizeof demand,
            "      detail: %s\n"
            "      classes:\n"
            "        all: {arrivals: 100/day, gpus: 4, duration: {varies: {low: 1 hours, high: "
            "3 hours}}}\n",
            details[i]);
        const demand_street s = {.gpus = 1000, .demand = demand};
        fc_tally held = repeat_demand(&s, FC_M_gpus_allocated, FC_NONE, 12);
        if (i == 0)
            assert_mean(&held, 100 * 4 * 2 / 24.0, 0.05);
        else
            assert_near(held.mean, 100 * 4 * 2 / 24.0, 1e-9);
    }
}

/* Erlang's B: jobs without patience leave if they cannot start at once. */
static void test_erlang_b(void **state)
{
    const demand_street s = {.gpus = 5,
                             .demand =
                                 "      detail: jobs\n"
                                 "      policy: fifo\n"
                                 "      classes:\n"
                                 "        all: {arrivals: 96/day, gpus: 1, duration: 1 hours, "
                                 "patience: 0 hours}\n"};
    fc_tally left = repeat_demand(&s, FC_M_class_left_share, 0, 12);
    double b = 1;

    (void)state;
    for (int i = 1; i <= 5; i++) b = 4 * b / (i + 4 * b);
    assert_mean(&left, b, 0.05);
}

/* ---- arrivals ------------------------------------------------------------------------------ */

/* All of a day's jobs come in the hour from 09:00 of weekdays: 240 a day of the mean week. */
static void test_profiles(void **state)
{
    const demand_street s = {
        .end = "2025-12-31", /* 52 whole weeks */
        .gpus = 8,
        .demand = "      detail: jobs\n"
                  "      classes:\n"
                  "        all:\n"
                  "          arrivals: 240/day\n"
                  "          hours: [0, 0, 0, 0, 0, 0, 0, 0, 0, 100 %, 0, 0, 0, 0, 0, 0, "
                  "0, 0, 0, 0, 0, 0, 0, 0]\n"
                  "          weekdays: [20 %, 20 %, 20 %, 20 %, 20 %, 0, 0]\n"
                  "          gpus: 1\n"
                  "          duration: 1 minutes\n"};
    fc_scenario *scenario = load_demand(&s);
    trial t = trial_start(scenario->plan);
    fc_tally came = FC_TALLY_EMPTY;

    (void)state;
    for (uint32_t r = 0; r < share_of(12, 8); r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        fc_tally_add(&came, outcome(&t, FC_M_class_arrivals, 0, 0));
    }
    assert_mean(&came, 364 * 240.0, 0.01);
    /* By steps: nothing comes but in that hour. */
    assert_int_equal(fc_params_begin(t.world->params, 0, NULL, NULL), FC_OK);
    fc_arrivals_begin(t.world, 0);
    for (int i = 0; i < 2000; i++) {
        double at = fc_arrivals_next(t.world, 0, 300 * FC_DAY);
        int weekday = fc_epoch_weekday(scenario->plan->epoch, at);

        assert_true(fc_time_of_day(at) >= 9 * FC_HOUR && fc_time_of_day(at) < 10 * FC_HOUR);
        assert_true(weekday <= 5);
        fc_arrivals_take(t.world, 0);
    }
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* Where one looks does not move an arrival; nor does a rate that changes move the uniforms. */
static void test_looking_leaves_no_trace(void **state)
{
    const demand_street s = {.gpus = 8,
                             .demand =
                                 "      detail: jobs\n"
                                 "      classes:\n"
                                 "        all: {arrivals: {linear: {2025-01-01: 1/day, 2026-01-01: "
                                 "9/day}}, gpus: 1, duration: 1 hours}\n"};
    fc_scenario *scenario = load_demand(&s);
    trial t = trial_start(scenario->plan);
    double whole[500];

    (void)state;
    assert_int_equal(trial_run(&t, 3), FC_OK);
    fc_arrivals_begin(t.world, 0);
    for (int i = 0; i < 500; i++) {
        whole[i] = fc_arrivals_next(t.world, 0, INFINITY);
        fc_arrivals_take(t.world, 0);
    }
    fc_arrivals_begin(t.world, 0);
    for (int i = 0; i < 500; i++) {
        double at = INFINITY;
        for (double bound = i > 0 ? whole[i - 1] : 0; at == INFINITY; bound += 1234.5)
            at = fc_arrivals_next(t.world, 0, bound);
        assert_memory_equal(&at, &whole[i], sizeof at);
        fc_arrivals_take(t.world, 0);
    }
    trial_end(&t);
    fc_scenario_free(scenario);
}

/* Every job is the same under every policy, placement and fleet. */
static void test_policies_leave_jobs(void **state)
{
    static const char *const policies[] = {"fifo", "priority", "preemptive",  "sjf",
                                           "easy", "fair",     "conservative"};
    fc_arrivals first[2];

    (void)state;
    for (int i = 0; i < 7; i++) {
        char demand[900];
        snprintf(demand, sizeof demand,
                 "      detail: jobs\n"
                 "      policy: %s\n"
                 "      placement: %s\n"
                 "      classes:\n"
                 "        a: {arrivals: 30/day, gpus: {varies: {one_of: {1: 50 %%, 8: 50 %%}}}, "
                 "duration: {varies: {usual: 2 hours, bad_1_in_20: 20 hours}}, patience: 1 days}\n"
                 "        b: {arrivals: 2/day, gpus: 16, duration: 10 hours, patience: {varies: "
                 "{low: 1 hours, high: 9 hours}}, offshore: at_arrival, offshore_price: "
                 "2.5 USD/GPU-h, priority: 3}\n",
                 policies[i], i % 2 ? "servers" : "pooled");
        const demand_street s = {.end = "2025-07-01", .gpus = i < 4 ? 64 : 40, .demand = demand};
        seen one = see_demand(&s, 1);
        for (int c = 0; c < 2; c++) {
            const fc_arrivals *a = &one.trial.world->classes[c].arrivals;
            if (i == 0) first[c] = *a;
            assert_memory_equal(&first[c].at, &a->at, sizeof a->at);
            assert_memory_equal(&first[c].left, &a->left, sizeof a->left);
            assert_int_equal(first[c].ordinal, a->ordinal);
        }
        forget(&one);
    }
}

/* ---- pools and capacity -------------------------------------------------------------------- */

/* 100 GPUs at 30, 20 and 50 %: jobs of a year that never end fill what their pool has. */
static void test_pools(void **state)
{
    const demand_street s = {.gpus = 100,
                             .demand =
                                 "      detail: jobs\n"
                                 "      pools: {industry: {share: 30 %}, academia: {share: 20 %}, "
                                 "national: {share: 50 %}}\n"
                                 "      classes:\n"
                                 "        i: {pool: industry, arrivals: 9/h, gpus: 1, duration: 5 "
                                 "years}\n"
                                 "        a: {pool: academia, arrivals: 9/h, gpus: 1, duration: 5 "
                                 "years}\n"
                                 "        n: {pool: national, arrivals: 9/h, gpus: 1, duration: 5 "
                                 "years}\n"};
    seen one = see_demand(&s, 0);
    const fc_demand_state *d = &one.trial.world->demands[0];

    (void)state;
    assert_int_equal(d->pools[0].units[0], 30);
    assert_int_equal(d->pools[1].units[0], 20);
    assert_int_equal(d->pools[2].units[0], 50);
    assert_near(of_fleet(&one, FC_M_gpus_allocated), 100, 1e-9);
    forget(&one);
}

/* Shares move on a date: what a pool loses goes as it falls free. */
static void test_shares_move(void **state)
{
    const demand_street s = {
        .gpus = 80,
        .demand = "      detail: jobs\n"
                  "      placement: servers\n"
                  "      pools: {x: {share: {2025-01-01: 100 %, 2025-07-01: 0 %}}, y: "
                  "{share: {2025-01-01: 0 %, 2025-07-01: 40 %}}}\n"
                  "      classes:\n"
                  "        x: {pool: x, arrivals: 9/h, gpus: 8, duration: 1 days}\n"
                  "        y: {pool: y, arrivals: 9/h, gpus: 8, duration: 1 days}\n"};
    seen one = see_demand(&s, 0);
    const fc_demand_state *d = &one.trial.world->demands[0];

    (void)state;
    assert_int_equal(d->pools[0].units[0], 0);
    assert_int_equal(d->pools[1].units[0], 4);
    assert_int_equal(d->idle_units[0], 6);
    assert_near(of_fleet(&one, FC_M_gpus_allocated), 32, 1e-9);
    forget(&one);
}

/* 2 servers, of which one goes on 2025-07-02; a job a day of 16 GPUs runs before, none after. */
static void test_fleet_shrinks(void **state)
{
    const demand_street s = {
        .end = "2026-01-01",
        .gpus = 8,
        .fleet = "    currency: USD\n"
                 "    budgets: {m: {amount: 1 m USD, enacted: 2025-01-01}}\n"
                 "    programmes: {p: {pays_from: [m], mix: {h100: 100 %}, price: "
                 "100000 USD, order: {rule: schedule, quantity: {2025-01-01: 8}}, "
                 "install: 0 days, service_life: 182 days}}\n",
        .demand = "      detail: jobs\n"
                  "      classes:\n"
                  "        all: {arrivals: 1/day, gpus: 16, duration: 1 minutes, "
                  "patience: 2 days, offshore: at_patience, offshore_price: "
                  "2 USD/GPU-h}\n"};
    seen one = see_demand(&s, 0);
    double hours = 16 / 60.0, abroad = of_class(&one, FC_M_class_offshore, 0);
    double came = of_class(&one, FC_M_class_arrivals, 0);
    double home = of_class(&one, FC_M_class_served, 0);
    double waits = came - (home + abroad) / hours; /* of the last two days */

    (void)state;
    assert_true(came > 300 && home / hours > 140 && home / hours < 225);
    assert_true(waits >= -1e-6 && waits < 12);
    assert_near(of_fleet(&one, FC_M_offshore_rent), 2 * abroad, 1e-6);
    assert_near(of_fleet(&one, FC_M_unmet_too_few), abroad, 1e-6);
    assert_near(of_fleet(&one, FC_M_home_share), home / (home + abroad), 1e-12);
    forget(&one);
}

/* ---- failures ------------------------------------------------------------------------------ */

/* One job a class that holds everything for ever, on one server that fails once in 10 days and is
 * repaired at once: with a checkpoint a day it loses half a day each time on average (less where
 * failures follow closely: 1/r - 1/(e^r - 1) of a day at r = 0.1 failures a day). */
static void test_failures_strike(void **state)
{
    const demand_street s = {
        .end = "2035-01-01",
        .gpus = 8,
        .fleet = "    upkeep: {failure_rate: 0.1/day}\n",
        .demand = "      detail: jobs\n"
                  "      placement: servers\n"
                  "      classes:\n"
                  "        all: {arrivals: {2025-01-01: 99/day, 2025-01-03: 0/day}, "
                  "gpus: 8, duration: 10 years, checkpoint: 1 days, patience: 3 days}\n"};
    fc_tally lost = repeat_demand(&s, FC_M_class_lost, 0, 12);
    double days = 3652, r = 0.1, each = 1 / r - 1 / expm1(r);

    (void)state;
    assert_mean(&lost, r * days * each * 24 * 8, 0.1);
}

/* ---- efficiency ---------------------------------------------------------------------------- */

/* On 2025-07-02, half of the year, work falls to a tenth: without rebound GPU-hours of the second
 * half do; with elasticity 1 they stay, and with 0.5 they fall to sqrt(0.1). */
static void test_efficiency(void **state)
{
    static const double rebounds[] = {0, 0.5, 1};
    static const char *const details[] = {"jobs", "fluid"};

    (void)state;
    for (int i = 0; i < 6; i++) {
        char demand[600];
        double e = rebounds[i % 3], hours = 24 * 2 * 3.0, after = pow(0.1, 1 - e);
        snprintf(demand, sizeof demand,
                 "      detail: %s\n"
                 "      rebound: %g\n"
                 "      work_per_result: {training: 1}\n"
                 "      classes:\n"
                 "        t: {arrivals: 1/h, gpus: 2, duration: 3 hours}\n"
                 "        r: {work: research, arrivals: 1/h, gpus: 2, duration: 3 hours}\n",
                 details[i / 3], e);
        const demand_street s = {
            .gpus = 500,
            .demand = demand,
            .rest = "shocks:\n"
                    "  leap: {at: 2025-07-02, scale: {fleets.one.demand.work_per_result.training: "
                    "0.1}}\n"};
        fc_tally t = repeat_demand(&s, FC_M_class_served, 0, 6);
        fc_tally other = repeat_demand(&s, FC_M_class_served, 1, 6);
        assert_true(fabs(t.mean / (hours * (182 + 183 * after)) - 1) < 0.03);
        assert_true(fabs(other.mean / (hours * 365) - 1) < 0.03);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erlang_c),
        cmocka_unit_test(test_plenty),
        cmocka_unit_test(test_erlang_b),
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_looking_leaves_no_trace),
        cmocka_unit_test(test_policies_leave_jobs),
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_shares_move),
        cmocka_unit_test(test_fleet_shrinks),
        cmocka_unit_test(test_failures_strike),
        cmocka_unit_test(test_efficiency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
