/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Failures and repairs against exact results. Statistical tests use fixed seeds; each interval is
 * the mean of independent replications +- 3.9 standard errors: it misses a right mean in 1 of
 * 10,000 seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "kernel/stats.h"
#include "plan_builder.h"
#include "world_helper.h"

static const double SURE = 0.9999;

static plan_builder *open_shop(int years, uint64_t seed)
{
    char end[32];

    snprintf(end, sizeof end, "%d-01-01", 2025 + years);
    return build_start("2025-01-01", end, seed);
}

/* A stock that is in service from the start. */
static fc_plan *stock_plan(plan_builder *b, int gpus, fc_upkeep upkeep)
{
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    int32_t model =
        build_accelerator(b, (fc_accelerator){.name = "h100",
                                              .per_server = build_number(b, "per_server", 8),
                                              .server_power = build_number(b, "power", 10200)});

    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw, .upkeep = upkeep});
    build_stock(b, (fc_stock){.name = "old",
                              .model = model,
                              .site = FC_NONE,
                              .count = build_number(b, "count", gpus),
                              .since = build_number(b, "since", -FC_YEAR)});
    return build_plan(b);
}

/* Mean of a metric over replications must be `expected`. Frees the plan. */
static fc_tally run(fc_plan *plan, int metric, uint32_t replications)
{
    fc_tally tally = FC_TALLY_EMPTY;
    fc_world *world = NULL;
    fc_record record = {0};
    uint32_t at = 0;

    while (plan->outcomes[at].metric != metric) at++;
    assert_int_equal(fc_world_create(plan, &world), FC_OK);
    assert_int_equal(fc_record_init(&record, plan), FC_OK);
    for (uint32_t r = 0; r < replications; r++) {
        assert_int_equal(fc_world_run(world, r, NULL, &record, NULL), FC_OK);
        fc_tally_add(&tally, record.outcomes[at]);
    }
    fc_record_free(&record);
    fc_world_free(world);
    fc_plan_free(plan);
    return tally;
}

static void assert_mean(const fc_tally *tally, double expected)
{
    double half = fc_student_half_width(tally, SURE);

    if (fabs(tally->mean - expected) > half)
        fail_msg("mean %.8g +- %.2g, expected %.8g", tally->mean, half, expected);
    /* The interval must be narrow enough to tell anything. */
    assert_true(half < 0.05 * expected);
}

/* M/M/c//N, finite horizon: mean number down over [0, T] from the Kolmogorov forward equations of
 * the birth-death process, starting with all machines up (Runge-Kutta, fourth order). */
static double mean_down(int machines, double fails, double repairs, int crews, double horizon)
{
    enum { MOST = 64 };
    double p[MOST + 1] = {1}, area = 0, mean = 0, dt = 0.02 / (machines * fails + crews * repairs);
    long steps = lrint(ceil(horizon / dt));

    assert_true(machines <= MOST);
    dt = horizon / (double)steps;
    for (long s = 0; s < steps; s++) {
        double k[4][MOST + 1], before = mean;

        for (int stage = 0; stage < 4; stage++) {
            double ahead = stage == 0 ? 0 : stage == 3 ? dt : dt / 2;
            double q[MOST + 1];

            for (int i = 0; i <= machines; i++)
                q[i] = p[i] + (stage == 0 ? 0 : ahead * k[stage - 1][i]);
            for (int i = 0; i <= machines; i++) {
                double up = (machines - i) * fails, down = fmin(i, crews) * repairs;

                k[stage][i] = -(up + down) * q[i];
                if (i > 0) k[stage][i] += (machines - i + 1) * fails * q[i - 1];
                if (i < machines) k[stage][i] += fmin(i + 1, crews) * repairs * q[i + 1];
            }
        }
        mean = 0;
        for (int i = 0; i <= machines; i++) {
            p[i] += dt / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
            mean += i * p[i];
        }
        area += dt * (before + mean) / 2;
    }
    return area / horizon;
}

/* The stationary mean in closed form: p(k) from p(k-1) by detailed balance. */
static double stationary_down(int machines, double fails, double repairs, int crews)
{
    double weight = 1, sum = 1, mean = 0;

    for (int k = 1; k <= machines; k++) {
        weight *= (machines - k + 1) * fails / (fmin(k, crews) * repairs);
        sum += weight;
        mean += k * weight;
    }
    return mean / sum;
}

static fc_upkeep upkeep(plan_builder *b, double fails, double repairs, double crews)
{
    fc_upkeep u = {
        .failure_rate = build_number(b, "failure_rate", fails / FC_DAY),
        .repair_time = build_param(
            b, "repair", build_varies(b, "repair", FC_DIST_EXPONENTIAL, 1, FC_DAY / repairs)),
    };

    if (crews > 0) u.crews = build_number(b, "crews", crews);
    return u;
}

static void test_crews_are_scarce(void **state)
{
    (void)state;
    /* 20 servers fail every 10 days each; 3 crews take 2 days: 30 % of servers are down or so. */
    plan_builder *b = open_shop(4, 11);
    fc_upkeep u = upkeep(b, 0.1, 0.5, 3);
    fc_tally share = run(stock_plan(b, 160, u), FC_M_repair_share, 400);
    double days = 4 * 365 + 1, exact = mean_down(20, 0.1, 0.5, 3, days);

    assert_true(fabs(exact / stationary_down(20, 0.1, 0.5, 3) - 1) < 0.005); /* the formulas */
    assert_mean(&share, exact / 20);
}

static void test_one_crew_is_swamped(void **state)
{
    (void)state;
    /* Most servers wait: nearly every candidate names a server that is down. */
    plan_builder *b = open_shop(2, 12);
    fc_upkeep u = upkeep(b, 0.5, 1, 1);
    fc_tally share = run(stock_plan(b, 80, u), FC_M_repair_share, 400);

    assert_mean(&share, mean_down(10, 0.5, 1, 1, 730) / 10);
}

static void test_crews_without_limit(void **state)
{
    (void)state;
    plan_builder *b = open_shop(2, 13);
    fc_upkeep u = upkeep(b, 0.05, 0.2, 0);
    fc_tally share = run(stock_plan(b, 400, u), FC_M_repair_share, 400);
    double a = 0.05, m = 0.2, t = 730;

    assert_mean(&share, a / (a + m) * (1 - (1 - exp(-(a + m) * t)) / ((a + m) * t)));
}

/* One server that is down for exactly d days after each failure: the n-th failure comes at
 * (n - 1) d + Gamma(n, 1/rate). */
static void test_renewal_counts(void **state)
{
    (void)state;
    const double rate = 0.2, d = 3, t = 365;
    plan_builder *b = open_shop(1, 14);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", rate / FC_DAY),
                   .repair_time = build_number(b, "repair", d * FC_DAY)};
    fc_tally count = run(stock_plan(b, 8, u), FC_M_failures, 4000);
    double mean = 0, square = 0;

    for (int n = 1; (n - 1) * d < t; n++) {
        double at_least = gsl_cdf_gamma_P(t - (n - 1) * d, n, 1 / rate);
        mean += at_least;
        square += (2 * n - 1) * at_least;
    }
    assert_mean(&count, mean);
    /* The sample variance of 4,000 nearly normal counts: relative sd sqrt(2 / 4000). */
    assert_true(fabs(fc_tally_variance(&count) / (square - mean * mean) - 1) <
                3.9 * sqrt(2.0 / 4000));
}

/* The rate is nil until day 100, 0.02 until day 200 and 0.05 from then on; repairs take no time:
 * a Poisson process. 20 accelerators are 3 servers, one of them short, which counts as one. */
static void test_rate_that_steps(void **state)
{
    (void)state;
    plan_builder *b = open_shop(1, 15);
    double times[] = {100 * FC_DAY, 200 * FC_DAY};
    uint32_t values[] = {build_constant(b, 0.02 / FC_DAY), build_constant(b, 0.05 / FC_DAY)};
    fc_upkeep u = {.failure_rate =
                       build_param(b, "rate", build_path_of(b, FC_FORM_STEP, 0, 2, times, values))};
    fc_plan *plan = stock_plan(b, 20, u);
    trial t = trial_start(plan);
    fc_tally count = FC_TALLY_EMPTY;
    double mean = 3 * (0.02 * 100 + 0.05 * 165);

    assert_int_equal(trial_run(&t, 0), FC_OK); /* verified after every event */
    trial_end(&t);
    count = run(plan, FC_M_failures, 2000);
    assert_mean(&count, mean);
    assert_true(fabs(fc_tally_variance(&count) / mean - 1) < 3.9 * sqrt(2.0 / 2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crews_are_scarce),    cmocka_unit_test(test_one_crew_is_swamped),
        cmocka_unit_test(test_crews_without_limit), cmocka_unit_test(test_renewal_counts),
        cmocka_unit_test(test_rate_that_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
