/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random workloads under every policy: all invariants every few seconds, conservation of jobs and
 * of GPU-seconds, Little's law, every job told once, and the same run in one piece and in many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "jobs_helper.h"
#include "random_workload.h"
#include "share.h"

static workload_kind kind_of(uint64_t seed)
{
    return (workload_kind){.servers = seed & 1,
                           .groups = seed >> 1 & 1,
                           .changes = seed >> 2 & 1,
                           .patience = seed >> 3 & 1,
                           .estimates = seed >> 4 & 1};
}

/* In steps, verified after each; the outcomes must be those of a run in one go. */
static void check_in_steps(const fc_jobs_spec *spec, const random_workload *w, const outcome *whole)
{
    outcome out[MOST_JOBS] = {0};
    workload list = {.jobs = w->jobs,
                     .count = w->job_count,
                     .changes = w->changes,
                     .change_count = w->change_count,
                     .outcomes = out};
    fc_jobs_input input = workload_input(&list);
    fc_jobs *jobs = NULL;

    assert_int_equal(fc_jobs_create(spec, &jobs), FC_OK);
    for (double t = 3; t < 4000; t += 7) {
        assert_int_equal(fc_jobs_run(jobs, &input, t), FC_OK);
        assert_int_equal(fc_jobs_verify(jobs), FC_OK);
    }
    assert_int_equal(fc_jobs_run(jobs, &input, INFINITY), FC_OK);
    assert_int_equal(fc_jobs_tell_rest(jobs, &input.sink), FC_OK);
    fc_jobs_free(jobs);
    for (size_t i = 0; i < w->job_count; i++) {
        assert_int_equal(out[i].status, whole[i].status);
        assert_true(memcmp(&out[i].start, &whole[i].start, sizeof(double)) == 0);
        assert_true(memcmp(&out[i].end, &whole[i].end, sizeof(double)) == 0);
    }
}

static void check_sums(const random_workload *w, const outcome *out, const fc_jobs_summary *sum)
{
    double held = 0, served = 0, lost = 0, waited = 0;
    uint64_t counts[FC_JOB_STATUSES] = {0};

    for (size_t i = 0; i < w->job_count; i++) {
        double gpus = w->jobs[i].gpus;

        counts[out[i].status]++;
        held += gpus * out[i].held;
        waited += out[i].end - w->jobs[i].arrival - out[i].held; /* NaN if it is still there */
        lost += gpus * out[i].lost;
        if (out[i].status == FC_JOB_DONE) {
            served += gpus * w->jobs[i].duration;
            assert_true(out[i].held - out[i].lost == w->jobs[i].duration);
        }
        assert_true(isnan(out[i].start) || out[i].start >= w->jobs[i].arrival);
    }
    assert_int_equal(sum->counts.arrived, w->job_count);
    for (int i = 0; i < FC_JOB_STATUSES; i++) assert_int_equal(counts[i], sum->counts.status[i]);
    assert_true(fabs(held - sum->levels.held * (sum->until - sum->from)) <= 1e-9 * (1 + held));
    if (!isnan(waited)) /* Little's law, as an identity: it is empty at both ends */
        assert_true(fabs(waited - sum->levels.waiting * (sum->until - sum->from)) <=
                    1e-9 * (1 + waited));
    if (counts[FC_JOB_SUSPENDED] == 0) { /* whole seconds: the sums are exact */
        assert_true(served == sum->work.served);
        assert_true(lost == sum->work.lost);
    }
}

static void test_every_policy(void **state)
{
    (void)state;
    static random_workload w;
    static outcome out[MOST_JOBS];

    for (uint64_t seed = 0; seed < share_of(128, 32); seed++) {
        make_workload(&w, seed, kind_of(seed));
        for (unsigned i = 0; fc_policy_at(i); i++) {
            fc_jobs_spec spec = workload_spec(&w, fc_policy_at(i));
            fc_jobs_summary summary = {0};

            run_list(&spec, w.jobs, w.job_count, w.changes, w.change_count, out, &summary);
            check_sums(&w, out, &summary);
            check_in_steps(&spec, &w, out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
