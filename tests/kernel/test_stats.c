/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Statistics against closed forms and published figures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>
#include <gsl/gsl_cdf.h>

#include "fleetcast/error.h"
#include "kernel/stats.h"

#define assert_near(got, expected, tolerance)                                                      \
    do {                                                                                           \
        double got_ = (got), expected_ = (expected);                                               \
        if (!(fabs(got_ - expected_) <= (tolerance)))                                              \
            fail_msg("%s is %.17g, not %.17g", #got, got_, expected_);                             \
    } while (0)

/* splitmix64 (Steele, Lea and Flood 2014) */
static double uniform(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void test_sum(void **state)
{
    (void)state;
    fc_sum s = FC_SUM_ZERO;
    const double terms[] = {1, 1e100, 1, -1e100}; /* plain and Kahan summation give 0 */

    for (size_t i = 0; i < 4; i++) fc_sum_add(&s, terms[i]);
    assert_true(fc_sum_value(&s) == 2);
    s = FC_SUM_ZERO;
    for (int i = 0; i < 10000000; i++) fc_sum_add(&s, 0.1);
    assert_true(fc_sum_value(&s) == 1e6);
    s = FC_SUM_ZERO;
    fc_sum_add(&s, 1);
    fc_sum_add(&s, INFINITY);
    assert_true(fc_sum_value(&s) == INFINITY);
}

static void test_tally(void **state)
{
    (void)state;
    fc_tally t = FC_TALLY_EMPTY;

    assert_true(isnan(fc_tally_mean(&t)) && isnan(fc_tally_variance(&t)));
    assert_true(isnan(fc_tally_min(&t)) && isnan(fc_tally_max(&t)));
    fc_tally_add(&t, -3);
    assert_true(fc_tally_mean(&t) == -3 && isnan(fc_tally_sd(&t)));
    assert_true(isnan(fc_tally_standard_error(&t)));
    assert_true(fc_tally_min(&t) == -3 && fc_tally_max(&t) == -3);

    /* The sum of squares minus the square of the sum would lose this variance. */
    t = FC_TALLY_EMPTY;
    const double values[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    for (size_t i = 0; i < 4; i++) fc_tally_add(&t, values[i]);
    assert_int_equal(t.n, 4);
    assert_true(fc_tally_mean(&t) == 1e9 + 10 && fc_tally_variance(&t) == 30);
    assert_true(fc_tally_sd(&t) == sqrt(30) && fc_tally_standard_error(&t) == sqrt(7.5));
    assert_true(fc_tally_min(&t) == 1e9 + 4 && fc_tally_max(&t) == 1e9 + 16);
}

/* Split anywhere, the parts merge to the whole; against two passes over the values. */
static void test_tally_merge(void **state)
{
    (void)state;
    enum { N = 1000 };
    double x[N], mean = 0, m2 = 0;
    uint64_t seed = 1;
    fc_tally whole = FC_TALLY_EMPTY;

    for (int i = 0; i < N; i++) {
        x[i] = 1e6 + uniform(&seed);
        fc_tally_add(&whole, x[i]);
    }
    for (int i = 0; i < N; i++) mean += (x[i] - 1e6) / N;
    for (int i = 0; i < N; i++) m2 += (x[i] - 1e6 - mean) * (x[i] - 1e6 - mean);
    assert_near(fc_tally_mean(&whole), 1e6 + mean, 1e-8);
    assert_near(fc_tally_variance(&whole), m2 / (N - 1), 1e-10);
    for (int cut = 0; cut <= N; cut += 50) {
        fc_tally a = FC_TALLY_EMPTY, b = FC_TALLY_EMPTY;
        for (int i = 0; i < N; i++) fc_tally_add(i < cut ? &a : &b, x[i]);
        fc_tally_merge(&a, &b);
        assert_int_equal(a.n, N);
        assert_near(a.mean, whole.mean, 1e-8);
        assert_near(a.m2, whole.m2, 1e-7);
        assert_true(a.min == whole.min && a.max == whole.max);
    }
}

static void test_level(void **state)
{
    (void)state;
    fc_level level;

    fc_level_init(&level, 10, 4);
    assert_true(fc_level_mean(&level, 10) == 4 && fc_level_integral(&level, 10) == 0);
    assert_true(fc_level_min(&level, 10) == 4 && fc_level_max(&level, 10) == 4);
    fc_level_set(&level, 12, 1);   /* 2 s at 4 */
    fc_level_add(&level, 15, 99);  /* 3 s at 1 */
    fc_level_add(&level, 15, -98); /* 100 for no time at all */
    fc_level_advance(&level, 16);
    assert_true(fc_level_integral(&level, 20) == 8 + 3 + 10);
    assert_true(fc_level_mean(&level, 20) == 2.1);
    assert_true(fc_level_min(&level, 20) == 1 && fc_level_max(&level, 20) == 4);
    /* Asking changes nothing. */
    assert_true(fc_level_integral(&level, 16) == 13);
    fc_level_set(&level, 20, 7);
    assert_true(fc_level_max(&level, 20) == 4 && fc_level_max(&level, 21) == 7);
    fc_level_restart(&level, 30);
    assert_true(level.value == 7 && fc_level_integral(&level, 32) == 14);
    assert_true(fc_level_min(&level, 32) == 7 && fc_level_mean(&level, 32) == 7);
}

static void test_level_int(void **state)
{
    (void)state;
    fc_level_int level = {.value = 3, .since = -5};

    fc_level_int_set(&level, 5, 30000);
    fc_level_int_set(&level, 5, 12);
    fc_level_int_set(&level, 8, -1);
    assert_true(fc_level_int_integral(&level, 10) == 30 + 36 - 2);
    /* The extremes of the type, where 64 bits would wrap round. */
    level = (fc_level_int){.value = INT64_MIN, .since = INT64_MIN};
    fc_level_int_set(&level, INT64_MAX, INT64_MAX);
    assert_true(level.area == INT64_MIN * (((fc_int128)1 << 64) - 1));
    assert_true(fc_level_int_integral(&level, INT64_MAX) == level.area);
}

static void test_quantile(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, 8};

    /* numpy.quantile([1, 2, 4, 8], ...) and R quantile(c(1, 2, 4, 8)) */
    assert_true(fc_quantile_sorted(x, 4, 0.25) == 1.75);
    assert_true(fc_quantile_sorted(x, 4, 0.5) == 3);
    assert_true(fc_quantile_sorted(x, 4, 0.75) == 5);
    assert_near(fc_quantile_sorted(x, 4, 0.9), 6.8, 1e-14);
    assert_true(fc_quantile_sorted(x, 4, 0) == 1 && fc_quantile_sorted(x, 4, 1) == 8);
    assert_true(fc_quantile_sorted(x, 4, -1) == 1 && fc_quantile_sorted(x, 4, 2) == 8);
    assert_true(fc_quantile_sorted(x, 1, 0.3) == 1);
    assert_true(isnan(fc_quantile_sorted(x, 0, 0.5)) && isnan(fc_quantile_sorted(x, 4, NAN)));
    /* 0 .. 1000 in a shuffled order: the quantile of p is 1000 p. */
    double values[1001], p[101], out[101];
    for (int i = 0; i <= 1000; i++) values[i] = i * 617 % 1001;
    for (int i = 0; i <= 100; i++) p[i] = i / 100.0;
    assert_int_equal(fc_quantiles(values, 1001, p, 101, out), FC_OK);
    for (int i = 0; i <= 100; i++) assert_near(out[i], 10.0 * i, 1e-12);
    assert_true(values[1] == 617); /* the caller's order is kept */
    assert_int_equal(fc_quantiles(NULL, 0, p, 1, out), FC_OK);
    assert_true(isnan(out[0]));
    fc_sort(values, 1001);
    for (int i = 0; i <= 1000; i++) assert_true(values[i] == i);
}

/* The i-th of n values of samples that sorting finds hard, or easy. */
static double hard_value(int shape, size_t i, size_t n, uint64_t *seed)
{
    switch (shape) {
    case 0: /* all different */
        return uniform(seed);
    case 1: /* few different */
        return floor(3 * uniform(seed));
    case 2: /* all equal */
        return 7;
    case 3: /* ascending */
        return (double)i;
    case 4: /* descending */
        return -(double)i;
    case 5: /* up and down */
        return (double)(i < n / 2 ? i : n - i);
    case 6: /* a third not reached */
        return uniform(seed) < 1.0 / 3 ? INFINITY : uniform(seed);
    case 7: /* ascending but for the last */
        return i + 1 < n ? (double)i : -1;
    default: /* mean for a median of three: the middle is always next to the least */
        return i % 2 ? (double)i : (double)(n - i) / 2;
    }
}

/* Selection gives what sorting gives, to the last bit. */
static void test_quantiles_select(void **state)
{
    enum { N = 3000, SHAPES = 9 };
    static const size_t sizes[] = {0, 1, 2, 3, 15, 16, 17, 18, 33, 100, 257, 1000, N};
    static const double p[] = {0.5, 0.05, 0.95, 0.25, 0.75, 0, 1, -3, 4, 0.999, NAN, 0.3335, 1e-9};
    enum { COUNT = sizeof p / sizeof *p };
    double values[N], sorted[N], copy[N], out[COUNT];
    uint64_t seed = 20260101;
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t count = 0; count <= COUNT; count += 4) {
                size_t n = sizes[s];
                for (size_t i = 0; i < n; i++) values[i] = hard_value(shape, i, n, &seed);
                memcpy(sorted, values, sizeof values);
                memcpy(copy, values, sizeof values);
                fc_sort(sorted, n);
                fc_quantiles_select(copy, n, p, count, out);
                for (size_t k = 0; k < count; k++) {
                    double expected = fc_quantile_sorted(sorted, n, p[k]);
                    assert_true(out[k] == expected || (isnan(out[k]) && isnan(expected)));
                }
                fc_sort(copy, n); /* nothing was lost */
                if (n > 0) assert_memory_equal(copy, sorted, n * sizeof *copy);
            }
}

static void test_quantile_censored(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, INFINITY, INFINITY};

    assert_true(fc_quantile_sorted(x, 5, 0.5) == 4); /* the last that was reached, exactly */
    assert_true(fc_quantile_sorted(x, 5, nextafter(0.5, 1)) == INFINITY);
    assert_true(fc_quantile_sorted(x, 5, 0.75) == INFINITY);
    assert_true(fc_quantile_sorted(x, 5, 0.9) == INFINITY); /* between two: no NaN */
    assert_true(fc_quantile_sorted(x, 5, 1) == INFINITY);
    assert_true(fc_quantile_sorted(x, 5, 0.4) == 2 + 0.6 * 2);
}

static void test_weighted_share(void **state)
{
    (void)state;
    const double weight[] = {1, 2, 5, 0};
    const bool hit[] = {true, false, true, true};

    assert_true(fc_weighted_share(weight, hit, 4) == 0.75);
    assert_true(isnan(fc_weighted_share(weight, hit, 0)));
    assert_true(isnan(fc_weighted_share(weight + 3, hit + 3, 1)));
}

/* Newcombe, Statistics in Medicine 17 (1998), table I, score method without correction. */
static void test_wilson(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits, n;
        double low, high;
    } published[] = {{81, 263, 0.2553, 0.3662},
                     {15, 148, 0.0624, 0.1605},
                     {0, 20, 0.0000, 0.1611},
                     {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        fc_interval w = fc_wilson_interval(published[i].hits, published[i].n, 0.95);
        assert_near(w.low, published[i].low, 5e-5);
        assert_near(w.high, published[i].high, 5e-5);
        fc_interval mirror =
            fc_wilson_interval(published[i].n - published[i].hits, published[i].n, 0.95);
        assert_near(mirror.low, 1 - w.high, 1e-15);
        assert_near(mirror.high, 1 - w.low, 1e-15);
    }
    /* The bounds are where |share - p| = z sqrt(p (1 - p) / n). */
    double z = gsl_cdf_ugaussian_Pinv(0.995);
    for (uint64_t hits = 0; hits <= 50; hits++) {
        fc_interval w = fc_wilson_interval(hits, 50, 0.99);
        double share = (double)hits / 50;
        assert_near(share - w.low, z * sqrt(w.low * (1 - w.low) / 50), 1e-12);
        assert_near(w.high - share, z * sqrt(w.high * (1 - w.high) / 50), 1e-12);
    }
    assert_true(fc_wilson_interval(0, 7, 0.95).low == 0);
    assert_true(fc_wilson_interval(7, 7, 0.95).high == 1);
    assert_true(fc_wilson_interval(0, 0, 0.95).low == 0);
    assert_true(fc_wilson_interval(0, 0, 0.95).high == 1);
    assert_true(isnan(fc_wilson_interval(1, 2, 0).low) && isnan(fc_wilson_interval(1, 2, 1).high));
}

/* Conover 1999, table A3 (binomial, p = 1/2): of 10 the second from either end, of 20 the sixth, of
 * 100 the fortieth; of 6 none may be left out, and 5 are too few. */
static void test_median(void **state)
{
    (void)state;
    static const size_t cases[][2] = {{6, 1}, {8, 1}, {9, 2}, {10, 2}, {20, 6}, {25, 8}, {100, 40}};
    double sample[100];
    for (size_t i = 0; i < 100; i++) sample[i] = (double)i + 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fc_interval median = fc_median_interval(sample, cases[i][0], 0.95);
        assert_true(median.low == (double)cases[i][1]);
        assert_true(median.high == (double)(cases[i][0] + 1 - cases[i][1]));
    }
    assert_true(isinf(fc_median_interval(sample, 5, 0.95).low));
    assert_true(isinf(fc_median_interval(sample, 0, 0.95).high));
    assert_true(isnan(fc_median_interval(sample, 9, 1).low));
}

static void test_student(void **state)
{
    (void)state;
    for (double level = 0.5; level < 0.9999; level = (1 + level) / 2) {
        assert_near(fc_student_point(1, level) / tan(M_PI * level / 2), 1, 1e-11);
        assert_near(fc_student_point(2, level) / (level * sqrt(2 / (1 - level * level))), 1, 1e-11);
        for (double df = 3; df < 1e6; df *= 3) {
            double t = fc_student_point(df, level);
            assert_near(gsl_cdf_tdist_P(t, df) - gsl_cdf_tdist_Q(t, df), level, 1e-10);
        }
    }
    /* Any printed table */
    assert_near(fc_student_point(4, 0.95), 2.776, 5e-4);
    assert_near(fc_student_point(10, 0.95), 2.228, 5e-4);
    assert_near(fc_student_point(30, 0.99), 2.750, 5e-4);
    assert_true(isnan(fc_student_point(0, 0.95)) && isnan(fc_student_point(3, 1)));
    fc_tally one = FC_TALLY_EMPTY;
    fc_tally_add(&one, 5);
    assert_true(fc_student_half_width(&one, 0.95) == INFINITY);
    assert_true(isnan(fc_student_half_width(&one, 1.5)));
}

/* Share of the 95 % intervals of the mean of 5 uniforms that hold the true mean: 93.42 % (by 5
 * million samples; the parent is not normal), so 18,684 +- 35 of 20,000. The limits are 6 standard
 * deviations off: a new seed fails once in 5e8. With a normal point it would be 87 %. */
static void test_student_coverage(void **state)
{
    (void)state;
    uint64_t seed = 4;
    int covered = 0;

    for (int i = 0; i < 20000; i++) {
        fc_tally t = FC_TALLY_EMPTY;
        for (int j = 0; j < 5; j++) fc_tally_add(&t, uniform(&seed));
        covered += fabs(fc_tally_mean(&t) - 0.5) <= fc_student_half_width(&t, 0.95);
    }
    assert_in_range(covered, 18474, 18894);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_tally_merge),
        cmocka_unit_test(test_level),
        cmocka_unit_test(test_level_int),
        cmocka_unit_test(test_quantile),
        cmocka_unit_test(test_quantiles_select),
        cmocka_unit_test(test_quantile_censored),
        cmocka_unit_test(test_weighted_share),
        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_median),
        cmocka_unit_test(test_student),
        cmocka_unit_test(test_student_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
