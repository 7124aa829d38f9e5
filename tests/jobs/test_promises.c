/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What backfill promises, held over random workloads in which nothing breaks and no job outlasts
 * its estimate. EASY: the first job in the queue starts no later than the shadow time it was given
 * first. Conservative: on a flat pool no job starts later than it was promised first; on servers
 * the first in the queue no later than it is then kept servers for. Jobs of no length take up
 * nothing, and are promised nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "jobs/jobs_state.h"
#include "jobs_helper.h"
#include "random_workload.h"

enum { HORIZON = 6000, SEEDS = 300 };

typedef struct promises {
    double of[MOST_JOBS]; /* by id; NaN: none yet */
    size_t made, improved;
} promises;

static void note(promises *p, const fc_task *task, double time)
{
    double *before = &p->of[task->job.id];

    if (isinf(time) || task->job.duration == 0) return;
    if (isnan(*before)) p->made++;
    if (time > *before) fail_msg("job %d: promised %g, now %g", (int)task->job.id, *before, time);
    if (time < *before) p->improved++;
    *before = time;
}

/* ---- What is promised at present. */

static void note_easy(fc_scheduler *s, promises *p)
{
    fc_ordered_entry head = {0};

    if (!fc_queue_first(&s->queue, &head) || !s->reservation.made) return;
    note(p, fc_task_at(s, head.slot), s->reservation.time);
}

static void note_conservative(fc_scheduler *s, promises *p)
{
    fc_ordered_entry head = {0};
    fc_reservation kept = {0};

    if (!fc_queue_first(&s->queue, &head)) return;
    const fc_task *first = fc_task_at(s, head.slot);
    if (!fc_group_is_flat(&s->cluster.groups[0])) {
        if (isinf(first->promise)) return;
        fc_reservation_make_on(&kept, &s->cluster, 0, &s->tasks, first->job.gpus, first->promise);
        note(p, first, kept.time);
        return;
    }
    for (uint32_t i = 0; i < s->tasks.used; i++) {
        const fc_task *task = &s->tasks.task[i];
        if (task->seq > 0 && task->status == FC_JOB_WAITING) note(p, task, task->promise);
    }
}

/* ---- Second by second. */

static void check(const random_workload *w, const fc_policy *policy, promises *p)
{
    static outcome out[MOST_JOBS];
    fc_jobs_spec spec = workload_spec(w, policy);
    workload list = {.jobs = w->jobs, .count = w->job_count, .outcomes = out};
    fc_jobs_input input = workload_input(&list);
    fc_jobs *jobs = NULL;

    for (size_t i = 0; i < MOST_JOBS; i++) p->of[i] = NAN;
    assert_int_equal(fc_jobs_create(&spec, &jobs), FC_OK);
    for (int t = 0; t < HORIZON; t++) {
        assert_int_equal(fc_jobs_run(jobs, &input, t + 0.5), FC_OK);
        if (policy == &fc_policy_easy)
            note_easy(&jobs->scheduler, p);
        else
            note_conservative(&jobs->scheduler, p);
    }
    assert_int_equal(fc_jobs_run(jobs, &input, INFINITY), FC_OK);
    fc_jobs_free(jobs);
    for (size_t i = 0; i < w->job_count; i++) {
        if (out[i].start > p->of[i])
            fail_msg("job %zu: promised %g, started at %g", i, p->of[i], out[i].start);
    }
}

static void check_all(const fc_policy *policy, bool groups)
{
    static random_workload w;
    static promises p;

    p.made = p.improved = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        make_workload(&w, seed,
                      (workload_kind){.servers = seed & 1,
                                      .groups = groups && (seed & 2),
                                      .patience = seed >> 2 & 1,
                                      .estimates = seed >> 3 & 1});
        w.overrun = FC_OVERRUN_KILL;
        check(&w, policy, &p);
    }
    assert_true(p.made > 1000 && p.improved > 1000); /* it was put to the test */
}

static void test_easy(void **state)
{
    (void)state;
    check_all(&fc_policy_easy, true);
}

static void test_conservative(void **state)
{
    (void)state;
    check_all(&fc_policy_conservative, false);
}

/* Five servers of 4, 3 GPUs of each taken; the last falls free first, at 10. C (4 GPUs, 5 s, at 1)
 * is promised 1 by the count of GPUs and lies badly: 5 are free, one on each. It is kept the last
 * server, for 10. D (1 GPU, 100 s, at 2) has its time at 2, and the last server would be the best
 * fit; it is put on another, and C starts at 10. */
static void test_conservative_keeps_servers(void **state)
{
    fc_gpu_group group = {.server_gpus = 4, .units = 5};
    fc_jobs_spec spec = {.policy = &fc_policy_conservative, .groups = &group, .group_count = 1};
    fc_job jobs[7] = {[5] = {.id = 5, .arrival = 1, .duration = 5, .gpus = 4},
                      [6] = {.id = 6, .arrival = 2, .duration = 100, .gpus = 1}};
    outcome out[7];

    (void)state;
    for (int i = 0; i < 5; i++)
        jobs[i] = (fc_job){.id = (uint64_t)i, .duration = 50 - 10 * i, .gpus = 3};
    run_list(&spec, jobs, 7, NULL, 0, out, NULL);
    assert_true(out[5].start == 10 && out[6].start == 2);
}

/* Two servers of 4, 2 of the first taken until 100 and 3 of the second until 50. C (4 GPUs, 10 s,
 * at 1) is promised 50, when the second is empty, and kept it from then on. D (1 GPU, 200 s, at 2)
 * has its time at once and would fit best there; it goes to the first, and so does E (1 GPU, 200 s,
 * at 3). F (1 GPU, at 4) ends as C begins: it may lie on the second. */
static void test_conservative_keeps_servers_from_the_start(void **state)
{
    fc_gpu_group group = {.server_gpus = 4, .units = 2};
    fc_jobs_spec spec = {.policy = &fc_policy_conservative, .groups = &group, .group_count = 1};
    fc_job jobs[] = {{.id = 0, .duration = 100, .gpus = 2},
                     {.id = 1, .duration = 50, .gpus = 3},
                     {.id = 2, .arrival = 1, .duration = 10, .gpus = 4},
                     {.id = 3, .arrival = 2, .duration = 200, .gpus = 1},
                     {.id = 4, .arrival = 3, .duration = 200, .gpus = 1},
                     {.id = 5, .arrival = 4, .duration = 46, .gpus = 1}};
    outcome out[6];

    (void)state;
    run_list(&spec, jobs, 6, NULL, 0, out, NULL);
    assert_true(out[2].start == 50);
    assert_true(out[3].start == 2 && out[4].start == 3 && out[5].start == 4);
}

/* Two servers of 4 with 3 taken of each, and one of 4 in another group with 2 taken. B waits for
 * all of the first group, until 50. C (2 GPUs, 5 s, at 2) is promised 2 by the count of GPUs in
 * both groups, and has a place in the second only: there it starts, though it prefers the first. */
static void test_conservative_takes_the_group_with_a_place(void **state)
{
    fc_gpu_group groups[] = {{.server_gpus = 4, .units = 2}, {.server_gpus = 4, .units = 1}};
    fc_jobs_spec spec = {.policy = &fc_policy_conservative, .groups = groups, .group_count = 2};
    fc_job jobs[] = {{.id = 0, .duration = 50, .gpus = 3, .groups = 1},
                     {.id = 1, .duration = 50, .gpus = 3, .groups = 1},
                     {.id = 2, .duration = 50, .gpus = 2, .groups = 2},
                     {.id = 3, .arrival = 1, .duration = 10, .gpus = 8, .groups = 1},
                     {.id = 4, .arrival = 2, .duration = 5, .gpus = 2, .preferred = 1}};
    outcome out[5];

    (void)state;
    run_list(&spec, jobs, 5, NULL, 0, out, NULL);
    assert_true(out[3].start == 50 && out[4].start == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_easy),
        cmocka_unit_test(test_conservative),
        cmocka_unit_test(test_conservative_keeps_servers),
        cmocka_unit_test(test_conservative_keeps_servers_from_the_start),
        cmocka_unit_test(test_conservative_takes_the_group_with_a_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
