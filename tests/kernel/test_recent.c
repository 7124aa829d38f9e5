/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The extremes of late: a case by hand, and steps at random against a search through all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "fleetcast/error.h"
#include "kernel/recent.h"
#include "kernel/stream.h"

/* 10 until 1, 3 until 2, 5 until 4, then 0: the 10 is forgotten 2 s after it was left, not after
 * the 5 came. */
static void test_by_hand(void **state)
{
    fc_recent recent = {0};

    (void)state;
    fc_recent_begin(&recent, false, 2);
    assert_true(isnan(fc_recent_at(&recent, 0)));
    assert_int_equal(fc_recent_set(&recent, 0, 10), FC_OK);
    assert_true(fc_recent_next(&recent) == INFINITY);
    assert_int_equal(fc_recent_set(&recent, 1, 3), FC_OK);
    assert_int_equal(fc_recent_set(&recent, 2, 5), FC_OK);
    assert_true(fc_recent_at(&recent, 2.9) == 10);
    assert_true(fc_recent_next(&recent) == 3);
    assert_true(fc_recent_at(&recent, 3) == 5);
    assert_int_equal(fc_recent_set(&recent, 4, 0), FC_OK);
    assert_true(fc_recent_at(&recent, 5.9) == 5);
    assert_true(fc_recent_at(&recent, 6) == 0);
    fc_recent_free(&recent);
}

enum { STEPS = 3000 };

/* Of a function that has value[i] from time[i] on, over [t - length, t]. */
static double search(const double *time, const double *value, int n, double t, double length,
                     bool least)
{
    double best = value[n - 1];

    for (int i = n - 2; i >= 0 && time[i + 1] > t - length; i--)
        best = least ? fmin(best, value[i]) : fmax(best, value[i]);
    return best;
}

/* A copy made now and then goes on as its original does. */
static void test_random(void **state)
{
    static double time[STEPS], value[STEPS];

    (void)state;
    for (int round = 0; round < 8; round++) {
        double length = round / 2;
        bool least = round % 2;
        fc_recent recent = {0}, copy = {0};
        fc_stream stream;

        fc_stream_init(&stream, 77, 0, (uint64_t)round + 1);
        fc_recent_begin(&recent, least, length);
        for (int i = 0; i < STEPS; i++) {
            time[i] = i == 0 ? 0 : time[i - 1] + floor(4 * fc_stream_uniform(&stream)) / 4;
            value[i] = floor(9 * fc_stream_uniform(&stream));
            assert_int_equal(fc_recent_set(&recent, time[i], value[i]), FC_OK);
            if (i % 97 == 0)
                assert_int_equal(fc_recent_copy(&copy, &recent), FC_OK);
            else
                assert_int_equal(fc_recent_set(&copy, time[i], value[i]), FC_OK);
            assert_true(fc_recent_at(&recent, time[i]) ==
                        search(time, value, i + 1, time[i], length, least));
            assert_true(fc_recent_at(&copy, time[i]) == fc_recent_at(&recent, time[i]));
            assert_true(fc_recent_next(&copy) == fc_recent_next(&recent));
            double next = fc_recent_next(&recent);
            if (next < time[i] + 0.2)
                assert_true(fc_recent_at(&recent, next) ==
                            search(time, value, i + 1, next, length, least));
        }
        fc_recent_free(&recent);
        fc_recent_free(&copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
