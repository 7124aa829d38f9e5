/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GPUs that are lost, that leave and that change pools: nobody holds what is not there, nobody's
 * GPUs are another's as well, and a server that fails stops all the jobs on it. Every conservation
 * law is checked after every event. Seeds are fixed; an interval is the mean of independent
 * replications +- 3.9 standard errors (Student t): it misses a right mean in 1 of 10,000 seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "kernel/stats.h"
#include "model/world.h"
#include "share.h"
#include "street.h"

static const double YEAR = 8760; /* h, 2025 */

/* h100 from the start, or (`programme`) ordered then; what follows `fleets.one`. */
static fc_scenario *load(const char *end, int gpus, const char *fleet, const char *demand)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: %s}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 TFLOPS, "
                   "price: 1 USD, lead_time: 1 days}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    currency: USD\n",
                   end);
    if (gpus > 0)
        fc_text_printf(&text, "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n",
                       gpus);
    fc_text_printf(&text, "%s    demand:\n      detail: jobs\n%s", fleet, demand);
    return load_street(&text);
}

static double of_class(const seen *s, int metric, int32_t class)
{
    return outcome(&s->trial, metric, 0, class);
}

/* GPU-hours held at the end of the year of `gpus` that all ran all the time. */
static double held(const seen *s, int gpus)
{
    return outcome(&s->trial, FC_M_allocation, 0, FC_NONE) * gpus * YEAR;
}

static const fc_demand_state *demand_of(const seen *s)
{
    return &s->trial.world->demands[0];
}

/* ---- failures ------------------------------------------------------------------------------ */

/* 20 servers of 8, of whose GPUs half are held by jobs of 1 GPU and 10 h, run without a checkpoint.
 * A server fails r times an hour and so does each of its GPUs. A job that begins anew at each
 * failure holds its GPU for (e^(r d) - 1) / r in all (renewal at each failure), of which d is of
 * use: lost is 1 - r d / (e^(r d) - 1) of what is held. With jobs of 8 GPUs, the same share. */
static void lose_to_failures(const char *placement, int gpus)
{
    double r = 0.5 / 24, d = 10, expected = 1 - r * d / expm1(r * d), half = 0;
    const uint32_t n = share_of(24, 8);
    fc_tally lost = FC_TALLY_EMPTY;
    char demand[200];

    snprintf(demand, sizeof demand,
             "      placement: %s\n"
             "      classes: {u: {arrivals: %g/h, gpus: %d, duration: 10 hours}}\n",
             placement, 0.5 * 160 / 10 / gpus, gpus);
    fc_scenario *scenario = load(
        "2025-04-01", 160, "    upkeep: {failure_rate: 0.5/day, repair_time: 0 hours}\n", demand);
    trial t = trial_start(scenario->plan);

    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(trial_run(&t, i), FC_OK);
        fc_tally_add(&lost, outcome(&t, FC_M_class_lost, 0, 0) /
                                (outcome(&t, FC_M_allocation, 0, FC_NONE) * 160 * 24 * 90));
    }
    trial_end(&t);
    fc_scenario_free(scenario);
    half = fc_student_half_width(&lost, 0.9999);
    if (fabs(lost.mean - expected) > half)
        fail_msg("%s, %d: lost %.4f +- %.4f, expected %.4f", placement, gpus, lost.mean, half,
                 expected);
    assert_true(half < 0.07 * share_width() * expected);
}

static void test_failures_stop_all(void **state)
{
    (void)state;
    lose_to_failures("pooled", 1);
    lose_to_failures("servers", 1);
    lose_to_failures("pooled", 8);
    lose_to_failures("servers", 8);
}

/* ---- shares that change -------------------------------------------------------------------- */

/* 8 jobs of 8 GPUs and 300 days fill the pool a within the first hour; many more wait. */
#define A_LONG                                                                                     \
    "{pool: a, arrivals: {2025-01-01: 50/h, 2025-01-02: 0/day}, gpus: 8, duration: 300 days}"

/* All GPUs go from one pool to the other in March, but the jobs on them end in October: the other
 * has them then, an hour after each at the latest, and until the year is over. */
static void test_jobs_keep_what_moves(void **state)
{
    static const char *const placements[] = {"pooled", "servers"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text demand = FC_TEXT_EMPTY;
        fc_text_printf(&demand,
                       "      placement: %s\n"
                       "      pools:\n"
                       "        a: {share: {2025-01-01: 100 %%, 2025-03-01: 0 %%}}\n"
                       "        b: {share: {2025-01-01: 0 %%, 2025-03-01: 100 %%}}\n"
                       "      classes:\n"
                       "        u: " A_LONG "\n"
                       "        v: {pool: b, arrivals: 10/day, gpus: 8, duration: 90 days}\n",
                       placements[i]);
        seen one = see_street(load("2026-01-01", 64, "", demand.data), 0);
        double to_a = 8 * 8 * 300 * 24.0, to_b = held(&one, 64) - to_a;

        fc_text_free(&demand);
        assert_close(of_class(&one, FC_M_class_served, 0), to_a);
        assert_true(of_class(&one, FC_M_class_lost, 0) == 0);
        /* Of what is left, those that came first to a were late by an hour at most. */
        assert_true(to_b < 64 * YEAR - to_a && to_b > 64 * YEAR - to_a - 64 * 2);
        assert_int_equal(demand_of(&one)->pools[0].owed[0], 0);
        assert_int_equal(demand_of(&one)->pools[1].late[0], 0);
        forget(&one);
    }
}

/* In March to the other pool and in June back: none of the jobs of 300 days notices, the other pool
 * never has a GPU, and those that wait go on in October. */
static void test_back_before_it_went(void **state)
{
    (void)state;
    seen one =
        see_street(load("2026-01-01", 64, "",
                        "      pools:\n"
                        "        a: {share: {2025-01-01: 100 %, 2025-03-01: 0 %, "
                        "2025-06-01: 100 %}}\n"
                        "        b: {share: {2025-01-01: 0 %, 2025-03-01: 100 %, "
                        "2025-06-01: 0 %}}\n"
                        "      classes:\n"
                        "        u: " A_LONG "\n"
                        "        v: {pool: b, arrivals: 10/day, gpus: 8, duration: 1 days}\n"),
                   0);

    assert_close(of_class(&one, FC_M_class_served, 0), held(&one, 64));
    assert_true(of_class(&one, FC_M_class_lost, 0) == 0);
    assert_true(of_class(&one, FC_M_class_served, 1) == 0);
    assert_true(held(&one, 64) > 64 * YEAR - 64 && held(&one, 64) < 64 * YEAR);
    assert_int_equal(demand_of(&one)->pools[0].units[0], 64);
    forget(&one);
}

/* A third pool gets what jobs have let go of too, and free GPUs move within the hour:
 * of 90 in one pool, of which its jobs hold 30 for ever, 60 go to two others. */
static void test_free_ones_move(void **state)
{
    (void)state;
    seen one = see_street(load("2026-01-01", 90, "",
                               "      pools:\n"
                               "        a: {share: {2025-01-01: 100 %, 2025-03-01: 0 %}}\n"
                               "        b: {share: {2025-01-01: 0 %, 2025-03-01: 50 %}}\n"
                               "        c: {share: {2025-01-01: 0 %, 2025-03-01: 25 %}}\n"
                               "      classes:\n"
                               "        u: {pool: a, arrivals: {2025-01-01: 1/h, 2025-01-31: "
                               "0/day}, gpus: 30, quota: 30, duration: 2 years}\n"
                               "      policy: fair\n"),
                          0);
    const fc_demand_state *d = demand_of(&one);

    assert_int_equal(d->pools[0].units[0] + d->pools[0].owed[0], 30);
    assert_int_equal(d->pools[0].owed[0], 30);
    /* 90 are due to b, c and nobody as 2 : 1 : 1; 60 have come. */
    assert_int_equal(d->pools[1].units[0] + d->pools[1].late[0], 45);
    assert_int_equal(d->pools[1].units[0] + d->pools[2].units[0] + d->idle_units[0], 60);
    assert_int_equal(
        d->pools[2].units[0] + d->pools[2].late[0] + d->idle_units[0] + d->idle_late[0], 45);
    forget(&one);
}

/* A call gives out the pool that gets the GPUs in July: a grant has what jobs have let go of. */
static void test_grants_wait_for_jobs(void **state)
{
    (void)state;
    seen one = see_street(load("2026-01-01", 64, "",
                               "      pools:\n"
                               "        a: {share: {2025-01-01: 100 %, 2025-03-01: 0 %}}\n"
                               "        b: {share: {2025-01-01: 0 %, 2025-03-01: 100 %}}\n"
                               "      calls: {c: {pool: b, closes: 2025-11-15, every: 30 days, "
                               "term: 300 days}}\n"
                               "      classes:\n"
                               "        u: " A_LONG "\n"
                               "        v: {access: c, arrivals: 1/day, gpus: 64}\n"),
                          0);

    assert_close(of_class(&one, FC_M_class_served, 0), 8 * 8 * 300 * 24.0);
    assert_true(held(&one, 64) <= 64 * YEAR);
    assert_int_equal(demand_of(&one)->pools[1].units[0], 64);
    assert_int_equal(one.trial.world->grants.allocated[0], 64);
    forget(&one);
}

/* ---- what leaves --------------------------------------------------------------------------- */

/* A programme's 64 GPUs retire after half a year: jobs of 300 days stop then and have run in vain;
 * of 32 more that stay the jobs go on, for those that run on free GPUs stop nobody. */
static void test_retired_are_gone(void **state)
{
    static const char programme[] =
        "    budgets: {b: {amount: 1000 USD, enacted: 2025-01-01, lines: {gpu: 100 %}}}\n"
        "    programmes: {p: {pays_from: [b], order: {rule: schedule, quantity: {2025-01-02: 64}}, "
        "mix: {h100: 100 %}, service_life: 6 months}}\n";
    static const char jobs[] =
        "      placement: servers\n"
        "      classes: {u: {arrivals: {2025-01-01: 50/h, 2025-01-02: 0/day}, gpus: 8, "
        "duration: 300 days, patience: 40 days}}\n";

    (void)state;
    for (int stock = 0; stock <= 32; stock += 32) {
        seen one = see_street(load("2026-01-01", stock, programme, jobs), 0);
        double share = outcome(&one.trial, FC_M_allocation, 0, FC_NONE);
        const fc_demand_state *d = demand_of(&one);

        assert_true(share > 0.99 && share <= 1);
        assert_int_equal(d->running[0], stock);
        assert_int_equal(fc_jobs_held(d->pools[0].engine, 0), stock);
        /* 8 jobs stop that began when the programme's GPUs came, or (on the emptiest servers, that
         * is any) on the first day. */
        assert_true(of_class(&one, FC_M_class_lost, 0) > 64 * 24 * 180.0);
        assert_true(of_class(&one, FC_M_class_lost, 0) < 64 * 24 * 186.0);
        forget(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failures_stop_all),    cmocka_unit_test(test_jobs_keep_what_moves),
        cmocka_unit_test(test_back_before_it_went),  cmocka_unit_test(test_free_ones_move),
        cmocka_unit_test(test_grants_wait_for_jobs), cmocka_unit_test(test_retired_are_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
