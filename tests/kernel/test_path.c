/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calendar paths: closed forms by hand, and properties on random paths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <math.h>
#include <cmocka.h>

#include "fleetcast/error.h"
#include "kernel/path.h"

enum { MOST = 12 };

typedef struct random_path {
    double time[MOST], value[MOST];
    fc_path path;
} random_path;

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

/* Up to MOST points over some 100 s; every third value repeats or is 0, and the least is `floor`.
 */
static void make_random(random_path *r, uint64_t *seed, double floor)
{
    double t = 20 * uniform(seed) - 10;

    r->path = (fc_path){.kind = bits(seed) % 2 ? FC_PATH_STEP : FC_PATH_LINEAR,
                        .count = bits(seed) % (MOST + 1),
                        .time = r->time,
                        .value = r->value};
    r->path.before = bits(seed) % 2 ? 0 : floor + uniform(seed);
    for (size_t i = 0; i < r->path.count; i++) {
        uint64_t choice = bits(seed) % 6;
        t += 1e-6 + 20 * uniform(seed);
        r->time[i] = t;
        r->value[i] = floor + 10 * uniform(seed);
        if (choice == 0) r->value[i] = 0;
        if (choice == 1 && i > 0) r->value[i] = r->value[i - 1];
    }
    assert_int_equal(fc_path_check(&r->path), FC_OK);
}

/* The definition, read off point by point. */
static double value_by_definition(const fc_path *p, double t)
{
    double value = p->before;

    for (size_t i = 0; i < p->count && p->time[i] <= t; i++) {
        value = p->value[i];
        if (p->kind == FC_PATH_LINEAR && i + 1 < p->count)
            value += (p->value[i + 1] - p->value[i]) *
                     ((t - p->time[i]) / (p->time[i + 1] - p->time[i]));
    }
    return value;
}

static const double times[] = {10, 20, 40}, values[] = {2, 6, 1};
static const fc_path step = {FC_PATH_STEP, 3, times, values, 0};
static const fc_path line = {FC_PATH_LINEAR, 3, times, values, 0};

static void test_values_by_hand(void **state)
{
    (void)state;
    assert_true(fc_path_at(&step, -INFINITY) == 0);
    assert_true(fc_path_at(&step, nextafter(10, 0)) == 0);
    assert_true(fc_path_at(&step, 10) == 2);
    assert_true(fc_path_at(&step, nextafter(20, 0)) == 2);
    assert_true(fc_path_at(&step, 20) == 6);
    assert_true(fc_path_at(&step, 40) == 1);
    assert_true(fc_path_at(&step, INFINITY) == 1);
    assert_true(fc_path_at(&line, 9.5) == 0);
    assert_true(fc_path_at(&line, 10) == 2);
    assert_true(fc_path_at(&line, 15) == 4);
    assert_true(fc_path_at(&line, 20) == 6);
    assert_true(fc_path_at(&line, 30) == 3.5);
    assert_true(fc_path_at(&line, 40) == 1);
    assert_true(fc_path_at(&line, INFINITY) == 1);
    assert_true(fc_path_at(&FC_PATH_CONSTANT(7), -3) == 7);
}

static void test_integrals_by_hand(void **state)
{
    (void)state;
    assert_true(fc_path_integral(&step, 0, 10) == 0);
    assert_true(fc_path_integral(&step, 0, 50) == 20 + 120 + 10);
    assert_true(fc_path_integral(&step, 15, 25) == 10 + 30);
    assert_true(fc_path_integral(&step, 25, 15) == -40);
    assert_true(fc_path_integral(&step, 15, 15) == 0);
    assert_true(fc_path_integral(&line, 0, 50) == 40 + 70 + 10);
    assert_true(fc_path_integral(&line, 12, 14) == 6.4);
    assert_true(fc_path_integral(&line, 15, 30) == 25 + 47.5);
    assert_true(fc_path_integral(&FC_PATH_CONSTANT(3), -1, 4) == 15);
    const double off[] = {0, 10}, rate[] = {3, 0};
    const fc_path ends = {FC_PATH_STEP, 2, off, rate, 0};
    assert_true(fc_path_integral(&ends, -INFINITY, INFINITY) == 30);
    assert_true(fc_path_integral(&step, 0, INFINITY) == INFINITY);
    assert_true(fc_path_integral(&step, INFINITY, 0) == -INFINITY);
    /* A small share of a large whole is not lost: 1 among 1e16 and its opposite. */
    const double t[] = {0, 1, 2}, v[] = {1e16, 1, -1e16};
    const fc_path steep = {FC_PATH_STEP, 3, t, v, 0};
    assert_true(fc_path_integral(&steep, 0, 3) == 1);
}

static void test_inverse_by_hand(void **state)
{
    (void)state;
    assert_true(fc_path_inverse_integral(&step, 0, 0) == 0);
    assert_true(fc_path_inverse_integral(&step, 0, -1) == 0);
    assert_true(fc_path_inverse_integral(&step, 0, 2) == 11);
    assert_true(fc_path_inverse_integral(&step, 0, 20) == 20);
    assert_true(fc_path_inverse_integral(&step, 0, 20 + 60) == 30);
    assert_true(fc_path_inverse_integral(&step, 0, 140 + 5) == 45);
    assert_true(fc_path_inverse_integral(&step, 15, 13) == 15 + 5 + 0.5);
    assert_true(fc_path_inverse_integral(&line, 10, 15) == 15); /* 2x + 0.2x^2 = 15 */
    assert_true(fc_path_inverse_integral(&line, 20, 47.5) == 30);
    assert_true(fc_path_inverse_integral(&line, 0, 40 + 70 + 7) == 47);
    assert_true(fc_path_inverse_integral(&FC_PATH_CONSTANT(0.5), -2, 3) == 4);
    assert_true(isinf(fc_path_inverse_integral(&FC_PATH_CONSTANT(0), 0, 1e-300)));

    /* The smallest time: not across a stretch at 0; and never, when too little is left. */
    const double t[] = {0, 1, 5, 6}, v[] = {3, 0, 4, 0};
    const fc_path gap = {FC_PATH_STEP, 4, t, v, 0};
    assert_true(fc_path_inverse_integral(&gap, 0, 3) == 1);
    assert_true(fc_path_inverse_integral(&gap, 1, 1) == 5.25);
    assert_true(fc_path_inverse_integral(&gap, 0, 7) == 6);
    assert_true(isinf(fc_path_inverse_integral(&gap, 0, nextafter(7, 8))));
    assert_true(isinf(fc_path_inverse_integral(&gap, 6, 1e-9)));

    /* From and to a rate of 0: x^2/2 and x - x^2/2 on [0, 1]. */
    const double two[] = {0, 1}, up[] = {0, 1}, down[] = {1, 0};
    const fc_path rising = {FC_PATH_LINEAR, 2, two, up, 0};
    const fc_path falling = {FC_PATH_LINEAR, 2, two, down, 0};
    assert_true(fc_path_inverse_integral(&rising, 0, 0.125) == 0.5);
    assert_true(fc_path_inverse_integral(&falling, 0, 0.375) == 0.5);
    assert_true(fc_path_inverse_integral(&falling, 0, 0.5) == 1);
    assert_true(fc_path_inverse_integral(&rising, 0, 1e-20) <= sqrt(2e-20) * (1 + 1e-15));
    assert_true(fc_path_inverse_integral(&rising, 0, 1e-20) >= sqrt(2e-20) * (1 - 1e-15));
    /* Rates so small that their squares are 0. */
    const double tiny[] = {1e-200, 3e-200};
    const fc_path faint = {FC_PATH_LINEAR, 2, two, tiny, 0};
    assert_true(fabs(fc_path_inverse_integral(&faint, 0, 0.75e-200) - 0.5) < 1e-15);
    /* An area so small that its share of the length is 0. */
    const double steep[] = {0, 1e10};
    const fc_path sudden = {FC_PATH_LINEAR, 2, two, steep, 0};
    assert_true(fc_path_inverse_integral(&sudden, 0, 1e-320) == 0);
}

static void test_next_change(void **state)
{
    (void)state;
    const double t[] = {1, 2, 3, 4}, v[] = {5, 5, 5, 6};
    const fc_path flat = {FC_PATH_STEP, 4, t, v, 5};
    assert_true(fc_path_next_change(&flat, -INFINITY) == 4);
    assert_true(fc_path_next_change(&flat, 2) == 4);
    assert_true(isinf(fc_path_next_change(&flat, 4)));
    assert_true(fc_path_next_change(&step, 0) == 10);
    assert_true(fc_path_next_change(&step, 10) == 20);
    assert_true(fc_path_next_change(&line, 39) == 40);
    assert_true(isinf(fc_path_next_change(&line, 40)));
    assert_true(isinf(fc_path_next_change(&FC_PATH_CONSTANT(1), 0)));
}

static void test_extremes_by_hand(void **state)
{
    (void)state;
    assert_true(fc_path_max(&step, -INFINITY, INFINITY) == 6);
    assert_true(fc_path_min(&step, -INFINITY, INFINITY) == 0);
    assert_true(fc_path_min(&step, 10, INFINITY) == 1);
    assert_true(fc_path_max(&step, 12, 19.5) == 2);
    assert_true(fc_path_max(&step, 12, 20) == 6); /* closed */
    assert_true(fc_path_max(&step, 20, 20) == 6);
    assert_true(fc_path_max(&line, 12, 15) == 4);
    assert_true(fc_path_min(&line, 15, 25) == 4);
    assert_true(fc_path_max(&line, 15, 30) == 6);
    assert_true(fc_path_min(&line, 15, 30) == 3.5);
}

static void test_check(void **state)
{
    (void)state;
    double t[] = {1, 2, 3}, v[] = {1, 2, 3};
    fc_path path = {FC_PATH_LINEAR, 3, t, v, 0};
    const double bad[] = {NAN, INFINITY, -INFINITY, 1.1e150, -1.1e150};

    assert_int_equal(fc_path_check(&path), FC_OK);
    t[1] = 1;
    assert_int_equal(fc_path_check(&path), FC_E_DOMAIN);
    t[1] = 3.5;
    assert_int_equal(fc_path_check(&path), FC_E_DOMAIN);
    t[1] = 2;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        v[2] = bad[i];
        assert_int_equal(fc_path_check(&path), FC_E_DOMAIN);
        v[2] = 3, t[0] = bad[i];
        assert_int_equal(fc_path_check(&path), FC_E_DOMAIN);
        t[0] = 1, path.before = bad[i];
        assert_int_equal(fc_path_check(&path), FC_E_DOMAIN);
        path.before = 0;
    }
    /* The greatest values that pass give a finite area. */
    t[0] = -FC_PATH_LIMIT, t[2] = FC_PATH_LIMIT, v[0] = v[1] = v[2] = FC_PATH_LIMIT;
    assert_int_equal(fc_path_check(&path), FC_OK);
    assert_true(isfinite(fc_path_integral(&path, -FC_PATH_LIMIT, FC_PATH_LIMIT)));
}

static void test_random_values_and_cursor(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int round = 0; round < 2000; round++) {
        random_path r;
        make_random(&r, &seed, -3);
        fc_path_cursor cursor = fc_path_cursor_on(&r.path);
        double t = -30;
        for (int i = 0; i < 40; i++) {
            /* Mostly forward, sometimes back, sometimes exactly on a point. */
            t += 10 * uniform(&seed) - (bits(&seed) % 8 == 0 ? 40 : 0);
            if (r.path.count > 0 && bits(&seed) % 4 == 0) t = r.time[bits(&seed) % r.path.count];
            double value = fc_path_at(&r.path, t);
            assert_true(value == value_by_definition(&r.path, t));
            assert_true(fc_path_cursor_at(&cursor, t) == value);
            double next = fc_path_next_change(&r.path, t);
            assert_true(next > t);
            if (r.path.kind == FC_PATH_STEP) {
                /* Nothing happens before it, something at it. */
                double end = isinf(next) ? 1e6 : nextafter(next, -INFINITY);
                assert_true(fc_path_min(&r.path, t, end) == value);
                assert_true(fc_path_max(&r.path, t, end) == value);
                assert_true(isinf(next) || fc_path_at(&r.path, next) != value);
            }
        }
    }
}

static void test_random_integrals(void **state)
{
    (void)state;
    uint64_t seed = 2;

    for (int round = 0; round < 2000; round++) {
        random_path r;
        make_random(&r, &seed, -3);
        double a = 200 * uniform(&seed) - 50, b = a + 200 * uniform(&seed);
        double whole = fc_path_integral(&r.path, a, b), sum = 0, low = INFINITY, high = -INFINITY;
        /* Between the points the path is straight, and the middle's value times the length is
         * exact. */
        double from = a;
        for (size_t i = 0; i <= r.path.count; i++) {
            double to = i < r.path.count ? fmin(fmax(r.time[i], a), b) : b;
            sum += value_by_definition(&r.path, from + (to - from) / 2) * (to - from);
            from = to;
        }
        assert_true(fabs(whole - sum) <= 1e-10);
        double c = a + (b - a) * uniform(&seed);
        double parts = fc_path_integral(&r.path, a, c) + fc_path_integral(&r.path, c, b);
        assert_true(fabs(whole - parts) <= 1e-10);
        assert_true(fc_path_integral(&r.path, b, a) == -whole);
        /* The extremes lie at the ends of the interval or on points within it. */
        for (int end = 0; end < 2; end++) {
            double value = value_by_definition(&r.path, end ? b : a);
            low = fmin(low, value);
            high = fmax(high, value);
        }
        for (size_t i = 0; i < r.path.count; i++) {
            if (r.time[i] < a || r.time[i] > b) continue;
            low = fmin(low, r.value[i]);
            high = fmax(high, r.value[i]);
        }
        double least = fc_path_min(&r.path, a, b), most = fc_path_max(&r.path, a, b);
        assert_true(least == low && most == high);
        assert_true(whole >= least * (b - a) - 1e-9 && whole <= most * (b - a) + 1e-9);
    }
}

static void test_random_inverses(void **state)
{
    (void)state;
    uint64_t seed = 3;
    int reached = 0;

    for (int round = 0; round < 5000; round++) {
        random_path r;
        make_random(&r, &seed, 0);
        fc_path_cursor cursor = fc_path_cursor_on(&r.path);
        double from = -20;
        for (int i = 0; i < 30; i++) {
            double area = -10 * log(1 - uniform(&seed));
            double t = fc_path_inverse_integral(&r.path, from, area);
            assert_true(t >= from);
            assert_true(fc_path_cursor_inverse_integral(&cursor, from, area) == t);
            if (isinf(t)) {
                /* Indeed never: nothing after the last point, and too little until then. */
                assert_true(fc_path_at(&r.path, INFINITY) == 0);
                assert_true(fc_path_integral(&r.path, from, 1e6) < area * (1 + 1e-12));
                break;
            }
            reached++;
            assert_true(fabs(fc_path_integral(&r.path, from, t) - area) <= 1e-12 * (area + 1));
            /* The smallest such time: a little earlier there is less. */
            double eve = t - 1e-4 * (t - from);
            assert_true(fc_path_integral(&r.path, from, eve) < area);
            from = t;
        }
    }
    assert_true(reached > 50000);
}

/* The whole area of a line that falls to 0 is reached at its end: not a bit later, and for the
 * double root there no earlier than the square root of a rounding. */
static void test_falling_to_zero(void **state)
{
    (void)state;
    uint64_t seed = 4;

    for (int round = 0; round < 100000; round++) {
        double first = 100 * uniform(&seed);
        double t[] = {first, first + 10 * uniform(&seed) + 1e-3}, v[] = {uniform(&seed) + 0.01, 0};
        fc_path path = {FC_PATH_LINEAR, 2, t, v, 0};
        double from = round % 2 ? t[0] : t[0] + uniform(&seed) * (t[1] - t[0]);
        double area = fc_path_integral(&path, from, t[1]);
        double end = fc_path_inverse_integral(&path, from, area);
        assert_true(end <= t[1] && end >= t[1] - 1e-6 * (t[1] - from));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_by_hand),           cmocka_unit_test(test_integrals_by_hand),
        cmocka_unit_test(test_inverse_by_hand),          cmocka_unit_test(test_next_change),
        cmocka_unit_test(test_extremes_by_hand),         cmocka_unit_test(test_check),
        cmocka_unit_test(test_random_values_and_cursor), cmocka_unit_test(test_random_integrals),
        cmocka_unit_test(test_random_inverses),          cmocka_unit_test(test_falling_to_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
