/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What kept a job from starting, as it leaves: one case of each obstacle by hand, in seconds. The
 * last job of a list comes at 2, wants to wait 5, and leaves at 7; all others stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs_helper.h"

typedef struct leaver {
    fc_jobs *engine;
    workload list;
    fc_obstacle why;
    int left;
} leaver;

/* fc_job_sink.take */
static int take(void *self, const fc_job_result *result)
{
    leaver *it = self;

    if (result->status != FC_JOB_ABANDONED) return FC_OK;
    assert_true(result->end == 7);
    it->why = fc_jobs_obstacle(it->engine, result->job);
    it->left++;
    return FC_OK;
}

static fc_obstacle obstacle_of(const fc_jobs_spec *spec, fc_job *jobs, size_t count)
{
    leaver it = {.list = {.jobs = jobs, .count = count}};
    fc_jobs_input input = workload_input(&it.list);

    for (size_t i = 0; i < count; i++) {
        jobs[i].id = i;
        jobs[i].duration = 100;
        jobs[i].arrival = i + 1 < count ? 0 : 2;
    }
    jobs[count - 1].impatient = true;
    jobs[count - 1].patience = 5;
    input.sink = (fc_job_sink){take, &it};
    assert_int_equal(fc_jobs_create(spec, &it.engine), FC_OK);
    assert_int_equal(fc_jobs_run(it.engine, &input, 50), FC_OK);
    fc_jobs_free(it.engine);
    assert_int_equal(it.left, 1);
    return it.why;
}

/* All 4 are held. */
static void test_too_few(void **state)
{
    fc_gpu_group group = {.units = 4};
    fc_jobs_spec spec = {.policy = &fc_policy_fifo, .groups = &group, .group_count = 1};
    fc_job jobs[] = {{.gpus = 4}, {.gpus = 1}};

    (void)state;
    assert_int_equal(obstacle_of(&spec, jobs, 2), FC_OBSTACLE_TOO_FEW);
}

/* All 4 of the first model are held, and those of the second are free. */
static void test_wrong_model(void **state)
{
    fc_gpu_group groups[] = {{.units = 4}, {.units = 4}};
    fc_jobs_spec spec = {.policy = &fc_policy_fifo, .groups = groups, .group_count = 2};
    fc_job jobs[] = {{.gpus = 4, .groups = 1}, {.gpus = 1, .groups = 1}};

    (void)state;
    assert_int_equal(obstacle_of(&spec, jobs, 2), FC_OBSTACLE_WRONG_MODEL);
}

/* Two servers of 4 have one GPU free each: 2 are not side by side. */
static void test_fragmented(void **state)
{
    fc_gpu_group group = {.units = 2, .server_gpus = 4};
    fc_jobs_spec spec = {.policy = &fc_policy_fifo, .groups = &group, .group_count = 1};
    fc_job jobs[] = {{.gpus = 3}, {.gpus = 3}, {.gpus = 2}};

    (void)state;
    assert_int_equal(obstacle_of(&spec, jobs, 3), FC_OBSTACLE_FRAGMENTED);
}

/* 2 of 4 are free, and its account holds the 2 that it may. */
static void test_quota(void **state)
{
    fc_gpu_group group = {.units = 4};
    fc_job_account account = {.share = 1, .quota = 2};
    fc_jobs_spec spec = {.policy = &fc_policy_fair,
                         .groups = &group,
                         .group_count = 1,
                         .accounts = &account,
                         .account_count = 1};
    fc_job jobs[] = {{.gpus = 2}, {.gpus = 1}};

    (void)state;
    assert_int_equal(obstacle_of(&spec, jobs, 2), FC_OBSTACLE_QUOTA);
}

/* 2 of 4 are free, and are kept for a job of 4 that came before: too few for both. */
static void test_behind_others(void **state)
{
    fc_gpu_group group = {.units = 4};
    fc_jobs_spec spec = {.groups = &group, .group_count = 1};
    fc_job jobs[] = {{.gpus = 2}, {.gpus = 4}, {.gpus = 1}};
    static const fc_policy *const policies[] = {&fc_policy_fifo, &fc_policy_easy,
                                                &fc_policy_conservative};

    (void)state;
    for (int i = 0; i < 3; i++) {
        spec.policy = policies[i];
        jobs[2].estimate = 200; /* backfill would put off the one before */
        assert_int_equal(obstacle_of(&spec, jobs, 3), FC_OBSTACLE_TOO_FEW);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_few),       cmocka_unit_test(test_wrong_model),
        cmocka_unit_test(test_fragmented),    cmocka_unit_test(test_quota),
        cmocka_unit_test(test_behind_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
