/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EASY backfill rule by rule, each schedule worked out by hand. A job is {arrival, duration,
 * estimate, GPUs}; times in seconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs_helper.h"

#define JOB(a, d, e, g)                                                                            \
    {                                                                                              \
        .arrival = (a), .duration = (d), .estimate = (e), .gpus = (g)                              \
    }

static void expect(uint32_t gpus, fc_overrun overrun, fc_job *jobs, size_t count,
                   const double *starts)
{
    outcome out[16];

    assert_true(count <= 16);
    run_flat(&fc_policy_easy, overrun, gpus, jobs, count, out);
    for (size_t i = 0; i < count; i++) {
        if (out[i].start != starts[i])
            fail_msg("job %zu starts at %g, expected %g", i, out[i].start, starts[i]);
    }
}

/* 4 GPUs. A holds 3 until 10. B needs 4: shadow time 10, extra 0. C (1 GPU, 5 s) fits and ends at
 * 7, before 10: it starts at once. D (1 GPU, 9 s, at 3) would fit when C has ended at 7, but would
 * end at 16 and needs an extra one: it waits for B, which runs 10 to 20. */
static void test_ends_before_the_shadow_time(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 3), JOB(1, 10, 0, 4), JOB(2, 5, 0, 1), JOB(3, 9, 0, 1)};

    expect(4, FC_OVERRUN_EXTEND, jobs, 4, (double[]){0, 10, 2, 20});
}

/* Equal times: C ends at 10 exactly, the shadow time. Ends come before starts, so B is not
 * delayed: C may start. One second more and it may not. */
static void test_ends_at_the_shadow_time(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 3), JOB(1, 10, 0, 4), JOB(2, 8, 0, 1)};
    fc_job longer[] = {JOB(0, 10, 0, 3), JOB(1, 10, 0, 4), JOB(2, 9, 0, 1)};

    expect(4, FC_OVERRUN_EXTEND, jobs, 3, (double[]){0, 10, 2});
    expect(4, FC_OVERRUN_EXTEND, longer, 3, (double[]){0, 10, 20});
}

/* 8 GPUs. A holds 6 until 10; B needs 5: at 10 there are 8, so 3 are extra. C (2 GPUs, 100 s) lasts
 * beyond 10 and takes 2 of the 3: starts at 2. D (1 GPU, 100 s): none is free. At 10 B starts and 1
 * GPU is left: D starts. */
static void test_extra_processors(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 6), JOB(1, 10, 0, 5), JOB(2, 100, 0, 2), JOB(3, 100, 0, 1)};

    expect(8, FC_OVERRUN_EXTEND, jobs, 4, (double[]){0, 10, 2, 10});
}

/* 10 GPUs. A holds 6 until 10; B needs 8: 2 extra. C (2, 100 s) uses both up. D (1, 100 s) fits
 * (2 are free) but no extra one is left: it waits until B has ended at 20. E (2, 6 s, at 4) ends at
 * 10: it starts at once, being no concern of B's. */
static void test_extra_processors_are_used_up(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 6), JOB(1, 10, 0, 8), JOB(2, 100, 0, 2), JOB(3, 100, 0, 1),
                     JOB(4, 6, 0, 2)};

    expect(10, FC_OVERRUN_EXTEND, jobs, 5, (double[]){0, 10, 2, 20, 4});
}

/* Several ends at the shadow time: A, B, C hold 2 of 8 each and end at 10. D needs 5. Free 2; with
 * A 4, with B 6: shadow time 10. But C ends then too: 8 - 5 = 3 are extra, not 1. E (2 GPUs, 100 s)
 * starts at once. */
static void test_several_ends_at_the_shadow_time(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 2), JOB(0, 10, 0, 2), JOB(0, 10, 0, 2), JOB(1, 10, 0, 5),
                     JOB(2, 100, 0, 2)};

    expect(8, FC_OVERRUN_EXTEND, jobs, 5, (double[]){0, 0, 0, 10, 2});
}

/* The search goes on beyond a job that may not start: C (2, 100 s) needs extra ones and there are
 * none; D (1, 3 s), behind it, may start. */
static void test_looks_behind_a_blocked_job(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 6), JOB(1, 10, 0, 8), JOB(2, 100, 0, 2), JOB(2, 3, 0, 1)};

    expect(8, FC_OVERRUN_EXTEND, jobs, 4, (double[]){0, 10, 20, 2});
}

/* A said 20 and ends at 4: the shadow time moves from 20 to 4 and B starts then. C (1 GPU, 30 s),
 * which the old shadow time kept out, comes after B. */
static void test_an_early_end_moves_the_shadow_time(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 4, 20, 3), JOB(1, 10, 10, 4), JOB(2, 30, 30, 1)};

    expect(4, FC_OVERRUN_EXTEND, jobs, 3, (double[]){0, 4, 14});
}

/* A said 5 and runs 100 s (extend). At 5 it is expected to last 65 s in all (twice 5 is less than
 * a minute more). B needs 4. C (1 GPU, 50 s, at 6) ends at 56 <= 65: starts. At 65 A is expected to
 * last 130 s. D (1 GPU, 60 s, at 70) ends at 130: starts; A ends at 100, but D holds B up until
 * 130, as its estimate allowed. */
static void test_an_overrun_is_extended(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 100, 5, 3), JOB(1, 10, 10, 4), JOB(6, 50, 50, 1), JOB(70, 60, 60, 1)};

    expect(4, FC_OVERRUN_EXTEND, jobs, 4, (double[]){0, 130, 6, 70});
}

/* The same A is killed at 5. */
static void test_an_overrun_is_killed(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 100, 5, 3), JOB(1, 10, 10, 4)};
    outcome out[2];

    run_flat(&fc_policy_easy, FC_OVERRUN_KILL, 4, jobs, 2, out);
    assert_int_equal(out[0].status, FC_JOB_FAILED);
    assert_true(out[0].end == 5 && out[0].lost == 5);
    assert_true(out[1].start == 5 && out[1].end == 15);
}

/* Two jobs of one instant find nobody waiting and both start; of the next three, the second does
 * not fit and the third overtakes it because it ends in time. */
static void test_arrivals_of_one_instant(void **state)
{
    (void)state;
    fc_job jobs[] = {JOB(0, 10, 0, 2), JOB(0, 20, 0, 2), JOB(1, 5, 0, 2), JOB(1, 5, 0, 5),
                     JOB(1, 5, 0, 2)};

    expect(8, FC_OVERRUN_EXTEND, jobs, 5, (double[]){0, 0, 1, 10, 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends_before_the_shadow_time),
        cmocka_unit_test(test_ends_at_the_shadow_time),
        cmocka_unit_test(test_extra_processors),
        cmocka_unit_test(test_extra_processors_are_used_up),
        cmocka_unit_test(test_several_ends_at_the_shadow_time),
        cmocka_unit_test(test_looks_behind_a_blocked_job),
        cmocka_unit_test(test_an_early_end_moves_the_shadow_time),
        cmocka_unit_test(test_an_overrun_is_extended),
        cmocka_unit_test(test_an_overrun_is_killed),
        cmocka_unit_test(test_arrivals_of_one_instant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
