/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchange rates that walk, against theory. With N replications a mean is tested to 4.4 of its
 * standard errors (wrong once in 1e5), a variance of a normal sample likewise, whose standard error
 * is its value x sqrt(2 / N). Seeds are fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "money_helper.h"

enum { N = 4000, MONTHS = 36 };
static const double limit = 4.4;

static money_plan walking(double volatility, double reversion_a_year, const char *from)
{
    money_plan m = money_start("2025-01-01", "2028-01-01");
    fc_walk walk = {.volatility = build_number(m.b, "volatility", volatility)};

    if (reversion_a_year > 0)
        walk.reversion = build_number(m.b, "reversion", reversion_a_year / FC_YEAR);
    if (from != NULL) walk.from = build_date(m.b, "from", from);
    build_unfinished(m.b)->currencies[m.krw].walk = walk;
    m.plan = build_plan(m.b);
    return m;
}

/* ln(rate / path) at the end of a month, in each replication. */
static void sample(money_plan *m, uint32_t month, double x[N])
{
    trial t = trial_start(m->plan);

    for (uint32_t r = 0; r < N; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        x[r] = log(series(&t, FC_M_exchange_rate, 0, month) / 1000);
    }
    trial_end(&t);
    fc_plan_free(m->plan);
}

static void assert_moments(const double x[N], double variance)
{
    double mean = 0, square = 0, level = 0;

    for (int i = 0; i < N; i++) {
        mean += x[i] / N;
        level += exp(x[i]) / N;
    }
    for (int i = 0; i < N; i++) square += (x[i] - mean) * (x[i] - mean) / (N - 1);
    assert_true(fabs(mean + variance / 2) < limit * sqrt(variance / N));
    assert_true(fabs(square - variance) < limit * variance * sqrt(2.0 / N));
    /* The mean of the rate is its path. */
    assert_true(fabs(level - 1) < limit * sqrt(expm1(variance) / N));
}

/* After n steps of a month: s^2 n / 12. The rate of December 2027 has made 35. */
static void test_brownian_motion(void **state)
{
    (void)state;
    static double x[N];
    money_plan m = walking(0.2, 0, NULL);

    sample(&m, MONTHS - 1, x);
    assert_moments(x, 0.04 * 35 / 12);
    m = walking(0.2, 0, NULL);
    sample(&m, 5, x);
    assert_moments(x, 0.04 * 5 / 12);
}

/* With reversion k: s^2 (1 - exp(-2 k t)) / (2 k). */
static void test_mean_reversion(void **state)
{
    (void)state;
    static double x[N];
    money_plan m = walking(0.2, 1.5, NULL);

    sample(&m, MONTHS - 1, x);
    assert_moments(x, 0.04 * (1 - exp(-3.0 * 35 / 12)) / 3);
    m = walking(0.2, 1.5, NULL);
    sample(&m, 2, x);
    assert_moments(x, 0.04 * (1 - exp(-3.0 * 2 / 12)) / 3);
}

/* The correlation of the deviation in December 2026 and December 2027 is exp(-k) sqrt(v1 / v2). */
static void test_autocorrelation(void **state)
{
    (void)state;
    static double early[N], late[N];
    double v1 = 0.04 * (1 - exp(-3.0 * 23 / 12)) / 3, v2 = 0.04 * (1 - exp(-3.0 * 35 / 12)) / 3;
    double sum = 0, expected = exp(-1.5) * sqrt(v1 / v2), r = 0;
    money_plan m = walking(0.2, 1.5, NULL);

    sample(&m, 23, early);
    m = walking(0.2, 1.5, NULL);
    sample(&m, 35, late);
    for (int i = 0; i < N; i++) sum += (early[i] + v1 / 2) * (late[i] + v2 / 2);
    r = sum / N / sqrt(v1 * v2);
    assert_true(fabs(r - expected) < limit * (1 - expected * expected) / sqrt(N));
}

/* Before it begins the rate is its path; a step has its month's draw, whenever the walk began. */
static void test_pairing(void **state)
{
    (void)state;
    money_plan a = walking(0.2, 0, NULL), b = walking(0.2, 0, "2026-01-15");
    trial ta = trial_of(a.plan, 0), tb = trial_of(b.plan, 0);

    for (uint32_t month = 0; month < MONTHS; month++) {
        double step[2];
        const trial *t[] = {&ta, &tb};

        if (month <= 12) assert_true(series(&tb, FC_M_exchange_rate, 0, month) == 1000);
        if (month <= 12) continue;
        for (int i = 0; i < 2; i++)
            step[i] = log(series(t[i], FC_M_exchange_rate, 0, month) /
                          series(t[i], FC_M_exchange_rate, 0, month - 1));
        assert_true(fabs(step[0] - step[1]) < 1e-12);
        assert_true(step[0] != 0);
    }
    trial_end(&ta);
    trial_end(&tb);
    fc_plan_free(a.plan);
    fc_plan_free(b.plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_brownian_motion),
        cmocka_unit_test(test_mean_reversion),
        cmocka_unit_test(test_autocorrelation),
        cmocka_unit_test(test_pairing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
