/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log-binned histogram against sorted arrays, in any order of merging, and as bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "fleetcast/error.h"
#include "kernel/histogram.h"
#include "kernel/stats.h"

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t bits(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *seed)
{
    return (double)(bits(seed) >> 11) * 0x1p-53;
}

static void add_all(fc_histogram *h, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) assert_int_equal(fc_histogram_add(h, x[i]), FC_OK);
}

/* Whether two histograms have the same bytes. */
static bool same(const fc_histogram *a, const fc_histogram *b)
{
    unsigned char *x = NULL, *y = NULL;
    size_t nx = 0, ny = 0;

    assert_int_equal(fc_histogram_write(a, &x, &nx), FC_OK);
    assert_int_equal(fc_histogram_write(b, &y, &ny), FC_OK);
    bool equal = nx == ny && memcmp(x, y, nx) == 0;
    free(x);
    free(y);
    return equal;
}

/* Four shapes: lives from milliseconds to ages, exponential waits, narrow, whole seconds. */
static double sample(int shape, uint64_t *seed)
{
    double u = uniform(seed);

    switch (shape) {
    case 0:
        return exp(log(0x1p-10) + u * log(0x1p50));
    case 1:
        return -86400 * log(1 - u);
    case 2:
        return 1e6 * (1 + u / 100);
    default:
        return floor(50 * u);
    }
}

/* Every order statistic of every sample is met within the bound. */
static void test_quantiles_against_sorted(void **state)
{
    (void)state;
    enum { N = 999 };
    double x[N];
    uint64_t seed = 1;

    for (int round = 0; round < 40; round++) {
        fc_histogram h = FC_HISTOGRAM_EMPTY;
        for (int i = 0; i < N; i++) x[i] = sample(round % 4, &seed);
        add_all(&h, x, N);
        assert_int_equal(fc_histogram_count(&h), N);
        fc_sort(x, N);
        for (int rank = 1; rank <= N; rank++) {
            double q = fc_histogram_quantile(&h, (double)rank / N), exact = x[rank - 1];
            assert_true(fabs(q - exact) <= exact * FC_HISTOGRAM_ERROR * (1 + 1e-12));
        }
        assert_true(fc_histogram_quantile(&h, 0) == x[0]);
        assert_true(fc_histogram_quantile(&h, 1) == x[N - 1]);
        assert_true(fc_histogram_min(&h) == x[0] && fc_histogram_max(&h) == x[N - 1]);
        fc_histogram_free(&h);
    }
}

/* What is reported for the middle one of {less, value, more}: each edge of each bucket, from both
 * sides. The greatest error is the bound, met where a power of two begins, and never passed. */
static void test_bound_at_every_edge(void **state)
{
    (void)state;
    double worst = 0;

    for (int bucket = 0; bucket < FC_HISTOGRAM_OCTAVES * FC_HISTOGRAM_PARTS; bucket++) {
        double edge = ldexp(1 + bucket % 128 / 128.0, bucket / 128 - 10);
        for (int side = 0; side < 2; side++) {
            double value = side ? nextafter(edge, 0) : edge;
            if (value < 0x1p-10) continue;
            fc_histogram h = FC_HISTOGRAM_EMPTY;
            add_all(&h, (double[]){0, value, 1e300}, 3);
            double error = fabs(fc_histogram_quantile(&h, 0.5) - value) / value;
            worst = fmax(worst, error);
            fc_histogram_free(&h);
        }
    }
    assert_true(worst <= FC_HISTOGRAM_ERROR * (1 + 1e-12));
    assert_true(worst >= FC_HISTOGRAM_ERROR * (1 - 1e-12));
}

static void test_ends_of_the_range(void **state)
{
    (void)state;
    fc_histogram h = FC_HISTOGRAM_EMPTY;

    assert_true(isnan(fc_histogram_quantile(&h, 0.5)) && isnan(fc_histogram_mean(&h)));
    assert_true(isnan(fc_histogram_min(&h)) && isnan(fc_histogram_max(&h)));
    assert_int_equal(fc_histogram_add(&h, NAN), FC_E_DOMAIN);
    assert_int_equal(fc_histogram_add(&h, -1e-300), FC_E_DOMAIN);
    assert_int_equal(fc_histogram_add(&h, -INFINITY), FC_E_DOMAIN);
    assert_int_equal(fc_histogram_count(&h), 0);

    add_all(&h, (double[]){-0.0, 0, 1e-310, nextafter(0x1p-10, 0)}, 4);
    assert_int_equal(h.zero, 4);
    assert_false(signbit(fc_histogram_min(&h)));
    assert_true(fc_histogram_quantile(&h, 0.75) == 0);
    assert_true(fc_histogram_quantile(&h, 1) == nextafter(0x1p-10, 0));
    add_all(&h, (double[]){0x1p-10, nextafter(0x1p40, 0)}, 2);
    assert_int_equal(h.zero, 4);
    assert_int_equal(h.beyond, 0);
    assert_true(isfinite(fc_histogram_mean(&h)));
    add_all(&h, (double[]){0x1p40, INFINITY}, 2);
    assert_int_equal(h.beyond, 2);
    assert_int_equal(fc_histogram_count(&h), 8);
    assert_true(fc_histogram_quantile(&h, 7.0 / 8) == INFINITY);
    assert_true(fc_histogram_max(&h) == INFINITY && fc_histogram_mean(&h) == INFINITY);
    assert_true(isnan(fc_histogram_quantile(&h, -0.1)) && isnan(fc_histogram_quantile(&h, 1.1)));
    assert_true(isnan(fc_histogram_quantile(&h, NAN)));
    fc_histogram_free(&h);
    assert_int_equal(fc_histogram_count(&h), 0);
    assert_int_equal(fc_histogram_add(&h, 1), FC_OK); /* usable again */
    fc_histogram_free(&h);
}

/* A rank that is whole but for rounding is that rank: of 0 .. 99, the 7 % quantile is the 7th. */
static void test_ranks(void **state)
{
    (void)state;
    fc_histogram h = FC_HISTOGRAM_EMPTY;

    for (int i = 0; i < 100; i++) add_all(&h, (double[]){ldexp(1, i / 3)}, 1);
    for (int percent = 2; percent < 100; percent++) {
        double exact = ldexp(1, (percent - 1) / 3), q = fc_histogram_quantile(&h, percent / 100.0);
        assert_true(fabs(q - exact) < exact / 100);
    }
    fc_histogram_free(&h);
}

static void test_mean(void **state)
{
    (void)state;
    fc_histogram h = FC_HISTOGRAM_EMPTY;
    fc_tally tally = FC_TALLY_EMPTY;
    uint64_t seed = 2;

    add_all(&h, (double[]){0.5, 1e9, 0.25, 0}, 4); /* exact where 2^-20 divides the values */
    assert_true(fc_histogram_mean(&h) == 1000000000.75 / 4);
    fc_histogram_free(&h);
    add_all(&h, (double[]){0x1p-10 + 0x1.8p-21}, 1); /* three quarters of a unit: rounded up */
    assert_true(fc_histogram_mean(&h) == 0x1p-10 + 0x1p-20);
    fc_histogram_free(&h);
    for (int i = 0; i < 10000; i++) {
        double x = sample(1, &seed);
        add_all(&h, &x, 1);
        fc_tally_add(&tally, x);
    }
    assert_true(fabs(fc_histogram_mean(&h) - fc_tally_mean(&tally)) < 0x1p-20);
    fc_histogram_free(&h);
}

static void test_merge_in_any_order(void **state)
{
    (void)state;
    enum { PARTS = 12, EACH = 200 };
    uint64_t seed = 3;
    fc_histogram part[PARTS], whole = FC_HISTOGRAM_EMPTY;

    for (int i = 0; i < PARTS; i++) {
        part[i] = FC_HISTOGRAM_EMPTY;
        for (int j = 0; i != 5 && j < EACH; j++) { /* one stays empty */
            double x = j == 7 ? 0 : j == 8 && i == 3 ? INFINITY : sample(i % 4, &seed);
            add_all(&part[i], &x, 1);
            add_all(&whole, &x, 1);
        }
    }
    for (int round = 0; round < 50; round++) {
        /* Random pairs are merged until one is left: any order and any bracketing. */
        fc_histogram work[PARTS];
        int left = PARTS;
        for (int i = 0; i < PARTS; i++) {
            work[i] = FC_HISTOGRAM_EMPTY;
            assert_int_equal(fc_histogram_merge(&work[i], &part[i]), FC_OK);
            assert_true(same(&work[i], &part[i]));
        }
        while (left > 1) {
            int a = (int)(bits(&seed) % (uint64_t)left), b = (int)(bits(&seed) % (uint64_t)left);
            if (a == b) continue;
            assert_int_equal(fc_histogram_merge(&work[a], &work[b]), FC_OK);
            fc_histogram_free(&work[b]);
            work[b] = work[--left];
        }
        assert_true(same(&work[0], &whole));
        fc_histogram_free(&work[0]);
    }
    for (int i = 0; i < PARTS; i++) fc_histogram_free(&part[i]);
    fc_histogram_free(&whole);
}

/* The format itself, byte for byte, so that databases of today are read tomorrow. 130 times 1,
 * once 1.5 and once 2^-12, which counts as zero and yet is the minimum. */
static void test_bytes(void **state)
{
    (void)state;
    /* clang-format off */
    static const unsigned char expected[] = {
        'F', 'C', 'H', 1,
        0, 0, 0, 0, 0, 0, 0x30, 0x3f,        /* min 2^-12 */
        0, 0, 0, 0, 0, 0, 0xf8, 0x3f,        /* max 1.5 */
        0x00, 0x01, 0x38, 0x08, 0, 0, 0, 0,  /* sum 131.5 x 2^20 + 2^8, 16 bytes */
        0, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 2,                             /* one zero, none beyond, two buckets */
        0x80, 0x0a, 0x82, 0x01,              /* 1 is in bucket 1280: 130 times */
        0x3f, 1,                             /* 1.5 in bucket 1344, 63 others between: once */
    };
    /* clang-format on */
    fc_histogram h = FC_HISTOGRAM_EMPTY, again;
    unsigned char *bytes = NULL;
    size_t length = 0;

    for (int i = 0; i < 130; i++) add_all(&h, (double[]){1}, 1);
    add_all(&h, (double[]){1.5, 0x1p-12}, 2);
    assert_int_equal(fc_histogram_write(&h, &bytes, &length), FC_OK);
    assert_int_equal(length, sizeof expected);
    assert_memory_equal(bytes, expected, length);
    assert_int_equal(fc_histogram_read(&again, bytes, length), FC_OK);
    assert_int_equal(fc_histogram_count(&again), 132);
    assert_true(fc_histogram_mean(&again) == fc_histogram_mean(&h));
    assert_true(fc_histogram_min(&again) == 0x1p-12 && fc_histogram_max(&again) == 1.5);
    fc_histogram_free(&again);
    free(bytes);
    fc_histogram_free(&h);
}

/* Reads `length` bytes; if they are taken, they must be the one form of what they say. */
static bool taken(const unsigned char *bytes, size_t length)
{
    fc_histogram h;
    unsigned char *again = NULL;
    size_t n = 0;
    /* A copy of just that size, so that the sanitizer sees a read past its end. */
    unsigned char *copy = malloc(length > 0 ? length : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    int ret = fc_histogram_read(&h, copy, length);
    free(copy);
    if (ret) {
        assert_int_equal(ret, FC_E_DOMAIN);
        assert_int_equal(fc_histogram_count(&h), 0);
        return false;
    }
    assert_int_equal(fc_histogram_write(&h, &again, &n), FC_OK);
    assert_int_equal(n, length);
    assert_memory_equal(again, bytes, n);
    free(again);
    fc_histogram_free(&h);
    return true;
}

static void test_read_checks(void **state)
{
    (void)state;
    uint64_t seed = 4;
    fc_histogram h = FC_HISTOGRAM_EMPTY;
    unsigned char *bytes = NULL;
    size_t length = 0;

    assert_int_equal(fc_histogram_write(&h, &bytes, &length), FC_OK);
    assert_true(taken(bytes, length)); /* empty */
    free(bytes);
    for (int i = 0; i < 300; i++) {
        double x = i < 3 ? 0 : sample(i % 2, &seed);
        add_all(&h, &x, 1);
    }
    assert_int_equal(fc_histogram_write(&h, &bytes, &length), FC_OK);
    assert_true(taken(bytes, length));
    for (size_t n = 0; n < length; n++) assert_false(taken(bytes, n));
    unsigned char *more = calloc(length + 1, 1);
    assert_non_null(more);
    memcpy(more, bytes, length);
    assert_false(taken(more, length + 1));
    free(more);
    bytes[3] = 2; /* a later version */
    assert_false(taken(bytes, length));
    bytes[3] = 1;
    /* One to three bytes changed at random: refused, or an honest histogram. */
    for (int round = 0; round < 5000; round++) {
        unsigned char kept[3];
        size_t at[3];
        for (int i = 0; i < 3; i++) {
            at[i] = bits(&seed) % length;
            kept[i] = bytes[at[i]];
            if (i <= round % 3) bytes[at[i]] = (unsigned char)bits(&seed);
        }
        taken(bytes, length);
        for (int i = 2; i >= 0; i--) bytes[at[i]] = kept[i];
    }
    assert_true(taken(bytes, length));
    free(bytes);
    fc_histogram_free(&h);
}

/* Whether the string made of these extremes, a sum of 0 and these last bytes is taken. */
static bool crafted(double min, double max, const char *rest, size_t n)
{
    unsigned char bytes[100] = {'F', 'C', 'H', 1};

    /* The tests run on little endian machines; test_bytes has the format itself. */
    memcpy(bytes + 4, &min, 8);
    memcpy(bytes + 12, &max, 8);
    memcpy(bytes + 36, rest, n);
    return taken(bytes, 36 + n);
}

/* Contradictions and second spellings, each beside its sound neighbour. */
static void test_read_refuses(void **state)
{
    (void)state;
#define CRAFTED(min, max, rest) crafted(min, max, rest, sizeof rest - 1)
    assert_true(CRAFTED(INFINITY, 0, "\0\0\0")); /* empty */
    assert_false(CRAFTED(-INFINITY, 0, "\0\0\0"));
    assert_false(CRAFTED(INFINITY, -0.0, "\0\0\0"));
    assert_false(CRAFTED(1, 1, "\0\0\0"));
    /* One in bucket 1280, which is [1, 1 + 1/128) */
    assert_true(CRAFTED(1, 1, "\0\0\1\x80\x0a\1"));
    assert_true(CRAFTED(1.001, 1.003, "\0\0\1\x80\x0a\2"));
    assert_false(CRAFTED(1.003, 1.001, "\0\0\1\x80\x0a\2"));
    assert_false(CRAFTED(1, 1 + 1.0 / 128, "\0\0\1\x80\x0a\2"));
    assert_false(CRAFTED(0.999, 1, "\0\0\1\x80\x0a\2"));
    assert_false(CRAFTED(1, 1, "\0\0\1\x80\x0a\0"));   /* a bucket counted 0 times */
    assert_false(CRAFTED(1, 1, "\0\0\1\x80\x8a\0\1")); /* an integer with a needless byte */
    assert_false(CRAFTED(1, 1, "\0\0\1\x80\x0a\1\1")); /* something after the end */
    assert_false(CRAFTED(1, 1, "\1\0\1\x80\x0a\1"));   /* a zero, but its minimum is 1 */
    assert_false(CRAFTED(1, 1, "\0\1\1\x80\x0a\1"));   /* one beyond, but its maximum is 1 */
    assert_false(CRAFTED(1, 1, "\0\0\1\x80\x32\1"));   /* bucket 6400 */
    /* Zeros and beyond */
    assert_true(CRAFTED(0, 0, "\1\0\0"));
    assert_false(CRAFTED(-0.0, 0, "\1\0\0"));
    assert_false(CRAFTED(-1, 0, "\1\0\0"));
    assert_true(CRAFTED(1e13, INFINITY, "\0\2\0"));
    assert_false(CRAFTED(NAN, INFINITY, "\0\2\0"));
    assert_false(CRAFTED(1e13, NAN, "\0\2\0"));
    /* 2^64 - 1 zeros; one observation more; a count of 2^64. */
    assert_true(CRAFTED(0, 0, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\0\0"));
    assert_false(CRAFTED(0, 1e13, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\1\0"));
    assert_false(CRAFTED(0, 0, "\x81\x80\x80\x80\x80\x80\x80\x80\x80\2\0\0"));
    assert_false(CRAFTED(0, 0, "\x81\x80\x80\x80\x80\x80\x80\x80\x80\x81\0\0"));
#undef CRAFTED
    /* A negative sum */
    fc_histogram h = FC_HISTOGRAM_EMPTY;
    unsigned char *bytes = NULL;
    size_t length = 0;
    add_all(&h, (double[]){1, 1.5}, 2);
    assert_int_equal(fc_histogram_write(&h, &bytes, &length), FC_OK);
    assert_true(taken(bytes, length));
    bytes[35] = 0x80;
    assert_false(taken(bytes, length));
    free(bytes);
    fc_histogram_free(&h);
}

/* Several times at once is as often one by one, wherever the value lies. */
static void test_times(void **state)
{
    static const double values[] = {0, 1e-5, 0.3, 1, 7.7, 86400, 2e12, INFINITY, 7.7};
    fc_histogram once = FC_HISTOGRAM_EMPTY, often = FC_HISTOGRAM_EMPTY;
    unsigned char *a = NULL, *b = NULL;
    size_t n = 0, m = 0;

    (void)state;
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        assert_int_equal(fc_histogram_add_times(&once, values[i], 3 * i), FC_OK);
        for (unsigned k = 0; k < 3 * i; k++)
            assert_int_equal(fc_histogram_add(&often, values[i]), FC_OK);
    }
    assert_int_equal(fc_histogram_add_times(&once, -1, 0), FC_E_DOMAIN);
    assert_int_equal(fc_histogram_add_times(&once, NAN, 2), FC_E_DOMAIN);
    assert_int_equal(fc_histogram_write(&once, &a, &n), FC_OK);
    assert_int_equal(fc_histogram_write(&often, &b, &m), FC_OK);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
    fc_histogram_free(&once);
    fc_histogram_free(&often);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles_against_sorted),
        cmocka_unit_test(test_bound_at_every_edge),
        cmocka_unit_test(test_ends_of_the_range),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_mean),
        cmocka_unit_test(test_merge_in_any_order),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_read_checks),
        cmocka_unit_test(test_read_refuses),
        cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
