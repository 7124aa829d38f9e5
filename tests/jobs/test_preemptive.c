/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is stopped for a job of higher priority, worked out by hand: nobody who need not be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs_helper.h"

enum { MOST = 10 };

/* Runs the jobs, of which the last, for which others stop, starts at `start`. They save nothing. */
static void run(const fc_gpu_group *group, fc_job *jobs, int n, double start, outcome *out)
{
    fc_jobs_spec spec = {.policy = &fc_policy_preemptive, .groups = group, .group_count = 1};

    for (int i = 0; i < n; i++) {
        jobs[i].id = (uint64_t)i;
        jobs[i].checkpoint = INFINITY;
    }
    run_list(&spec, jobs, (size_t)n, NULL, 0, out, NULL);
    assert_true(out[n - 1].start == start);
}

/* Two servers of 8: on the first a job of priority 3 and seven of priority 1, a GPU each, on the
 * second one of priority 2. For a gang of 8 the first cannot be emptied: the seven run on. */
static void test_a_server_that_cannot_be_emptied(void **state)
{
    fc_gpu_group group = {.server_gpus = 8, .units = 2};
    fc_job jobs[MOST] = {{.duration = 900, .gpus = 1, .priority = 3},
                         [8] = {.duration = 900, .gpus = 8, .priority = 2},
                         [9] = {.arrival = 500, .duration = 100, .gpus = 8, .priority = 3}};
    outcome out[MOST];

    (void)state;
    for (int i = 1; i < 8; i++) jobs[i] = (fc_job){.duration = 900, .gpus = 1, .priority = 1};
    run(&group, jobs, MOST, 500, out);
    for (int i = 0; i < 8; i++) assert_true(out[i].end == 900 && out[i].restarts == 0);
    assert_true(out[8].restarts == 1 && out[8].lost == 500 && out[8].end == 600 + 900);
}

/* Two servers of 4 with two jobs of 2 each, all of one priority: the last to come lie on the
 * second. A gang of 4 needs both of these and nobody else; one of 2 the last alone. */
static void test_as_few_as_will_do(void **state)
{
    fc_gpu_group group = {.server_gpus = 4, .units = 2};
    outcome out[5];

    (void)state;
    for (uint32_t gpus = 2; gpus <= 4; gpus += 2) {
        fc_job jobs[5];
        for (int i = 0; i < 4; i++) jobs[i] = (fc_job){.duration = 100, .gpus = 2};
        jobs[4] = (fc_job){.arrival = 10, .duration = 5, .gpus = gpus, .priority = 1};
        run(&group, jobs, 5, 10, out);
        assert_true(out[0].restarts == 0 && out[1].restarts == 0 && out[3].restarts == 1);
        assert_true(out[2].restarts == (gpus == 4));
    }
}

/* A pool of 10: A (8 GPUs) has priority 1, B and C (a GPU each) have none. A gang of 8 has to stop
 * A, and then neither B nor C, who would have been stopped first. One of 9 needs one of them, too:
 * C, who came last. One of priority 1 can stop B and C only, which is no use to it. */
static void test_in_a_pool(void **state)
{
    fc_gpu_group group = {.units = 10};
    outcome out[4];

    (void)state;
    for (uint32_t gpus = 8; gpus <= 9; gpus++) {
        for (int priority = 1; priority <= 2; priority++) {
            fc_job jobs[4] = {{.duration = 100, .gpus = 8, .priority = 1},
                              {.duration = 200, .gpus = 1},
                              {.duration = 200, .gpus = 1},
                              {.arrival = 10, .duration = 5, .gpus = gpus, .priority = priority}};
            bool stops = priority == 2;
            run(&group, jobs, 4, stops ? 10 : 100, out);
            assert_true(out[0].restarts == stops && out[1].restarts == 0);
            assert_true(out[2].restarts == (gpus == 9));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_server_that_cannot_be_emptied),
        cmocka_unit_test(test_as_few_as_will_do),
        cmocka_unit_test(test_in_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
