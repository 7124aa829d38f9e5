/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ages, spares, replacements and batches against exact results. Statistical tests use fixed seeds.
 * Means: +- 3.9 standard errors, which misses a right mean in 1 of 10,000 seeds. Variances: the
 * ratio's F interval with the same error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/stats.h"
#include "plan_builder.h"
#include "share.h"
#include "world_helper.h"

static const double SURE = 0.9999;

static plan_builder *open_shop(uint64_t seed)
{
    return build_start("2025-01-01", "2026-01-01", seed);
}

/* A stock of servers of 8 that is in service since `age` days before the start. */
static fc_plan *stock_plan(plan_builder *b, int servers, double age, fc_upkeep upkeep)
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
                              .count = build_number(b, "count", 8 * servers),
                              .since = build_number(b, "since", -age * FC_DAY)});
    return build_plan(b);
}

/* Failures, mean share in repair, and accelerators in repair at the end, over replications. */
typedef struct seen {
    fc_tally failures, share, end;
} seen;

static seen run(fc_plan *plan, uint32_t replications)
{
    seen out = {FC_TALLY_EMPTY, FC_TALLY_EMPTY, FC_TALLY_EMPTY};
    trial t = trial_start(plan);

    assert_int_equal(trial_run(&t, 0), FC_OK); /* verified after every event */
    for (uint32_t r = 0; r < share_of(replications, 100); r++) {
        assert_int_equal(fc_world_run(t.world, r, NULL, &t.record, NULL), FC_OK);
        fc_tally_add(&out.failures, outcome(&t, FC_M_failures, 0, FC_NONE));
        fc_tally_add(&out.share, outcome(&t, FC_M_repair_share, 0, FC_NONE));
        fc_tally_add(&out.end, series(&t, FC_M_gpus_in_repair, 0, plan->n_months - 1) / 8);
    }
    trial_end(&t);
    fc_plan_free(plan);
    return out;
}

static void assert_mean(const fc_tally *tally, double expected)
{
    double half = fc_student_half_width(tally, SURE);

    if (fabs(tally->mean - expected) > half)
        fail_msg("mean %.8g +- %.2g, expected %.8g", tally->mean, half, expected);
    assert_true(half < 0.05 * share_width() * expected); /* narrow enough to tell anything */
}

/* Of nearly normal observations. */
static void assert_variance(const fc_tally *tally, double expected)
{
    double df = (double)tally->n - 1, ratio = fc_tally_variance(tally) / expected;

    if (ratio * df < gsl_cdf_chisq_Pinv((1 - SURE) / 2, df) ||
        ratio * df > gsl_cdf_chisq_Qinv((1 - SURE) / 2, df))
        fail_msg("variance %.6g, expected %.6g", fc_tally_variance(tally), expected);
}

/* ---- ages ---------------------------------------------------------------------------------- */

/* A bathtub; a stock that is 100 days old; repairs take no time and change no age: failures are a
 * Poisson process whose mean is the rate's integral over the ages that are lived through. */
static void test_bathtub(void **state)
{
    (void)state;
    static const double from[] = {0, 150 * FC_DAY, 300 * FC_DAY}, factor[] = {3, 1, 2};
    plan_builder *b = open_shop(21);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", 0.02 / FC_DAY),
                   .by_age = {3, from, factor}};
    seen s = run(stock_plan(b, 5, 100, u), 2000);
    double mean = 5 * 0.02 * (3 * 50 + 150 + 2 * 165);

    assert_mean(&s.failures, mean);
    assert_variance(&s.failures, mean);
}

enum { STEPS = 240, GRID = 4000 };

/* A Weibull hazard of shape 2, in steps that hold its mean over each: h(a) = 2 a / scale^2. */
static fc_ages weibull(double scale, double days)
{
    static double from[STEPS], factor[STEPS];

    for (int i = 0; i < STEPS; i++) {
        from[i] = days * i / STEPS * FC_DAY;
        factor[i] = 2 * (days * (i + 0.5) / STEPS) / (scale * scale);
    }
    return (fc_ages){STEPS, from, factor};
}

static double lifetime(const fc_ages *ages, double days)
{
    double hazard = 0;

    for (uint32_t i = 0; i < ages->n && ages->from[i] < days * FC_DAY; i++) {
        double end = i + 1 < ages->n ? ages->from[i + 1] / FC_DAY : INFINITY;
        hazard += ages->factor[i] * (fmin(end, days) - ages->from[i] / FC_DAY);
    }
    return 1 - exp(-hazard);
}

/* Mean and variance of the renewals in [0, t] from the renewal equation M = F + M * F; with
 * E N(N - 1) = 2 M * M (Cox 1962, Renewal Theory, section 4). */
static void renewals(const fc_ages *ages, double t, double *mean, double *variance)
{
    static double f[GRID + 1], m[GRID + 1];
    double pairs = 0;

    for (int i = 0; i <= GRID; i++) f[i] = lifetime(ages, t * i / GRID);
    for (int i = 1; i <= GRID; i++) {
        /* the renewal within a cell is at its middle */
        double sum = f[i];
        for (int k = 1; k < i; k++) sum += (m[i - k] + m[i - k + 1]) / 2 * (f[k] - f[k - 1]);
        sum += m[1] / 2 * (f[i] - f[i - 1]);
        m[i] = sum;
    }
    for (int k = 1; k <= GRID; k++)
        pairs += (m[GRID - k] + m[GRID - k + 1]) / 2 * (m[k] - m[k - 1]);
    *mean = m[GRID];
    *variance = 2 * pairs + m[GRID] - m[GRID] * m[GRID];
}

/* Four servers that are as new after each failure: four renewal processes. As old they would fail
 * by the integral of the hazard, four times as often. */
static void test_weibull_renewals(void **state)
{
    (void)state;
    fc_ages ages = weibull(60, 365);
    plan_builder *b = open_shop(22);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", 1 / FC_DAY),
                   .by_age = ages,
                   .repaired_as = FC_REPAIRED_NEW};
    double mean = 0, variance = 0;
    seen s = run(stock_plan(b, 4, 0, u), 3000);

    renewals(&ages, 365, &mean, &variance);
    assert_true(fabs(mean - 365 / (60 * sqrt(M_PI) / 2) + 0.5 - 0.1366) < 0.05); /* asymptote */
    assert_mean(&s.failures, 4 * mean);
    assert_variance(&s.failures, 4 * variance);

    b = open_shop(23);
    u.failure_rate = build_number(b, "rate", 1 / FC_DAY);
    u.repaired_as = FC_REPAIRED_OLD;
    s = run(stock_plan(b, 4, 0, u), 400);
    assert_mean(&s.failures, 4 * 365 * 365 / 3600.);
}

/* ---- spares and replacements ----------------------------------------------------------------- */

/* Time average over [0, horizon] of sum(reward x p) of a birth-death process that starts in 0,
 * from the Kolmogorov forward equations (Runge-Kutta, fourth order). */
static double reward(int n, const double *up, const double *down, const double *gain,
                     double horizon)
{
    enum { MOST = 64 };
    double p[MOST + 1] = {1}, fastest = 0, area = 0;
    long steps = 0;

    assert_true(n <= MOST);
    for (int i = 0; i <= n; i++) fastest = fmax(fastest, up[i] + down[i]);
    steps = lrint(ceil(horizon * fastest / 0.02));
    for (long s = 0; s < steps; s++) {
        double k[4][MOST + 1], dt = horizon / (double)steps;

        for (int i = 0; i <= n; i++) area += gain[i] * p[i] * dt / 2;
        for (int stage = 0; stage < 4; stage++) {
            double ahead = stage == 0 ? 0 : stage == 3 ? dt : dt / 2, q[MOST + 1];

            for (int i = 0; i <= n; i++) q[i] = p[i] + (stage ? ahead * k[stage - 1][i] : 0);
            for (int i = 0; i <= n; i++) {
                k[stage][i] = -(up[i] + down[i]) * q[i];
                if (i > 0) k[stage][i] += up[i - 1] * q[i - 1];
                if (i < n) k[stage][i] += down[i + 1] * q[i + 1];
            }
        }
        for (int i = 0; i <= n; i++)
            p[i] += dt / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
        for (int i = 0; i <= n; i++) area += gain[i] * p[i] * dt / 2;
    }
    return area / horizon;
}

/* M/M/c//N with S spares: n machines failed, n - S places empty. */
static double empty_places(int n, int s, double fails, double repairs, int crews, double horizon)
{
    double up[65] = {0}, down[65] = {0}, gain[65] = {0};

    for (int i = 0; i <= n + s; i++) {
        gain[i] = fmax(0, i - s);
        up[i] = (n - gain[i]) * fails;
        down[i] = fmin(i, crews) * repairs;
    }
    return reward(n + s, up, down, gain, horizon);
}

static void test_spares(void **state)
{
    (void)state;
    for (int spares = 0; spares <= 4; spares += 2) {
        plan_builder *b = open_shop(24);
        fc_upkeep u = {.failure_rate = build_number(b, "rate", 0.1 / FC_DAY),
                       .crews = build_number(b, "crews", 3),
                       .spares = build_number(b, "spares", spares)};
        u.repair_time =
            build_param(b, "r", build_varies(b, "r", FC_DIST_EXPONENTIAL, 1, 2 * FC_DAY));
        seen s = run(stock_plan(b, 20, 0, u), 600);

        assert_mean(&s.share, empty_places(20, spares, 0.1, 0.5, 3, 365) / 20);
    }
}

/* A swap takes a fixed 6 hours and spares never run out: each server is up for an exponential time
 * and down for 6 hours; of the mean share nearly nothing is due to the start. */
static void test_swap(void **state)
{
    (void)state;
    plan_builder *b = open_shop(25);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", 0.05 / FC_DAY),
                   .repair_time = build_number(b, "r", 20 * FC_DAY),
                   .spares = build_number(b, "spares", 200),
                   .swap_time = build_number(b, "swap", FC_DAY / 4)};
    seen s = run(stock_plan(b, 50, 0, u), 600);
    double cycle = 20.25, down = 0.25 / cycle;

    /* Of an alternating renewal process: the down time in [0, t] has mean t down - down (1 - down)
     * cycle ... / 2, to order 1 / t; here less than 0.1 %. */
    assert_mean(&s.share, down * (1 - (20 * 20 + 0.25 * 20) / (2 * cycle * 365) / 20.));
}

/* 30 % are scrapped and replaced after 40 days on average, the others repaired in 5: up, in repair
 * and awaited is a chain of three states. */
static void test_scrapped(void **state)
{
    (void)state;
    plan_builder *b = open_shop(26);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", 0.02 / FC_DAY),
                   .scrapped = build_number(b, "scrapped", 0.3)};
    double p[3] = {1, 0, 0}, area = 0, dt = 0.01;
    seen s;

    u.repair_time = build_param(b, "r", build_varies(b, "r", FC_DIST_EXPONENTIAL, 1, 5 * FC_DAY));
    u.replacement = build_param(b, "n", build_varies(b, "n", FC_DIST_EXPONENTIAL, 1, 40 * FC_DAY));
    s = run(stock_plan(b, 40, 0, u), 600);
    for (long i = 0; i < 36500; i++) {
        double middle[3];
        for (int half = 0; half < 2; half++) { /* midpoint rule */
            const double *q = half ? middle : p;
            double d[3] = {0, 0.014 * q[0] - q[1] / 5, 0.006 * q[0] - q[2] / 40};
            d[0] = -d[1] - d[2];
            if (half) area += (1 - q[0]) * dt;
            for (int k = 0; k < 3; k++) (half ? p : middle)[k] = p[k] + d[k] * (half ? dt : dt / 2);
        }
    }
    assert_mean(&s.share, area / 365);
}

/* ---- batches --------------------------------------------------------------------------------- */

static seen batched(int servers, double rate, double crews, double scrapped, bool batch,
                    uint64_t seed)
{
    plan_builder *b = open_shop(seed);
    fc_upkeep u = {.failure_rate = build_number(b, "rate", rate / FC_DAY)};

    u.repair_time =
        build_param(b, "r", build_varies(b, "r", FC_DIST_USUAL_BAD, 2, 1 * FC_DAY, 14 * FC_DAY));
    if (crews > 0) u.crews = build_number(b, "crews", crews);
    if (scrapped > 0) {
        u.scrapped = build_number(b, "scrapped", scrapped);
        u.replacement = build_number(b, "n", 30 * FC_DAY);
    }
    if (batch) u.exact_up_to = build_number(b, "exact", 100);
    return run(stock_plan(b, servers, 30, u), 500);
}

/* The same mean within the error of both and a stated slack (what fails in the last day is not
 * seen: 1 in 365), and the same variance. */
static void assert_same(const fc_tally *a, const fc_tally *b, double slack, const char *what)
{
    double se = hypot(fc_tally_standard_error(a), fc_tally_standard_error(b));
    double df = (double)a->n - 1, ratio = fc_tally_variance(a) / fc_tally_variance(b);
    double most = gsl_cdf_fdist_Qinv((1 - SURE) / 2, df, df);

    if (fabs(a->mean - b->mean) > 3.9 * se + slack * b->mean)
        fail_msg("%s: batched mean %.6g, exact %.6g, se %.2g", what, a->mean, b->mean, se);
    if (ratio > most || ratio < 1 / most)
        fail_msg("%s: batched variance %.6g, exact %.6g", what, fc_tally_variance(a),
                 fc_tally_variance(b));
    assert_true(se < 0.06 * share_width() * b->mean);
}

static void test_batched(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        double rate, crews, scrapped, slack;
    } cases[] = {
        {"no limit", 0.00379, 0, 0, 0.004}, {"scrapped", 0.00379, 0, 0.1, 0.004},
        {"crews", 0.00379, 30, 0, 0.01},    {"scarce crews", 0.00379, 20, 0, 0.01},
        {"fails often", 0.02, 0, 0, 0.01},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        seen a = batched(2000, cases[i].rate, cases[i].crews, cases[i].scrapped, true, 31);
        seen b = batched(2000, cases[i].rate, cases[i].crews, cases[i].scrapped, false, 32);

        if (getenv("FC_SHOW") != NULL)
            printf(
                "%-14s failures %.1f (%.1f) exact %.1f (%.1f); share %.5f exact %.5f +- %.5f; end "
                "%.2f (%.1f) exact %.2f (%.1f)\n",
                cases[i].what, a.failures.mean, fc_tally_variance(&a.failures), b.failures.mean,
                fc_tally_variance(&b.failures), a.share.mean, b.share.mean,
                fc_tally_standard_error(&b.share), a.end.mean, fc_tally_variance(&a.end),
                b.end.mean, fc_tally_variance(&b.end));
        assert_same(&a.failures, &b.failures, cases[i].slack, cases[i].what);
        assert_same(&a.share, &b.share, cases[i].slack, cases[i].what);
        assert_same(&a.end, &b.end, cases[i].slack, cases[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bathtub),  cmocka_unit_test(test_weibull_renewals),
        cmocka_unit_test(test_spares),   cmocka_unit_test(test_swap),
        cmocka_unit_test(test_scrapped), cmocka_unit_test(test_batched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
