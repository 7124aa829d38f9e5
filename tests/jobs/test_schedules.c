/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's schedules against those of the plain re-statement of each policy (naive.h), job by
 * job, over random workloads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "naive.h"
#include "share.h"

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void compare(const random_workload *w, const char *policy, uint64_t seed)
{
    static outcome engine[MOST_JOBS], naive[MOST_JOBS];
    fc_jobs_spec spec = workload_spec(w, fc_policy_find(policy));

    run_list(&spec, w->jobs, w->job_count, w->changes, w->change_count, engine, NULL);
    naive_schedule(w, policy, naive);
    for (size_t i = 0; i < w->job_count; i++) {
        const outcome *a = &engine[i], *b = &naive[i];
        if (a->status != b->status || !same(a->start, b->start) || !same(a->end, b->end) ||
            a->held != b->held || a->lost != b->lost || a->restarts != b->restarts)
            fail_msg("%s, seed %d, job %zu: %s %g to %g, expected %s %g to %g", policy, (int)seed,
                     i, fc_job_status_name(a->status), a->start, a->end,
                     fc_job_status_name(b->status), b->start, b->end);
    }
}

static void make(random_workload *w, uint64_t seed)
{
    make_workload(w, seed,
                  (workload_kind){.servers = seed >> 3 & 1,
                                  .groups = seed >> 1 & 1,
                                  .changes = seed >> 4 & 1,
                                  .patience = seed >> 2 & 1,
                                  .estimates = seed & 1});
}

static void test_against_the_definitions(void **state)
{
    (void)state;
    static random_workload w;

    for (uint64_t seed = 0; seed < share_of(240, 32); seed++) {
        make(&w, seed);
        for (unsigned i = 0; fc_policy_at(i); i++)
            compare(&w, fc_policy_name(fc_policy_at(i)), seed);
    }
}

/* Workloads in which it matters that, of groups that promise a job the same
 * start, it is given one with a place for its gang. */
static void test_groups_that_promise_the_same(void **state)
{
    static const uint64_t seeds[] = {542, 1230, 1326, 1374};
    static random_workload w;

    (void)state;
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        make(&w, seeds[i]);
        compare(&w, "conservative", seeds[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_the_definitions),
        cmocka_unit_test(test_groups_that_promise_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
