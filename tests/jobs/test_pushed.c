/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An engine whose future is not known yet: jobs and changes that come later, units lost at once,
 * clusters that grow. Schedules worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "jobs/jobs.h"

enum { MOST = 4 };

/* What is known so far. */
typedef struct future {
    fc_job jobs[MOST];
    fc_capacity_change changes[MOST];
    int n_jobs, n_changes, next_job, next_change;
    double start[MOST], end[MOST], lost[MOST];
    uint32_t restarts[MOST];
} future;

static int next_job(void *self, fc_job *job, bool *more)
{
    future *f = self;

    *more = f->next_job < f->n_jobs;
    if (*more) *job = f->jobs[f->next_job++];
    return FC_OK;
}

static int next_change(void *self, fc_capacity_change *change, bool *more)
{
    future *f = self;

    *more = f->next_change < f->n_changes;
    if (*more) *change = f->changes[f->next_change++];
    return FC_OK;
}

static int take(void *self, const fc_job_result *result)
{
    future *f = self;

    f->start[result->job->id] = result->start;
    f->end[result->job->id] = result->end;
    f->lost[result->job->id] = result->lost;
    f->restarts[result->job->id] = result->restarts;
    return FC_OK;
}

static void add_job(future *f, double arrival, uint32_t gpus, double duration, double checkpoint)
{
    f->jobs[f->n_jobs] = (fc_job){.id = (uint64_t)f->n_jobs,
                                  .arrival = arrival,
                                  .gpus = gpus,
                                  .duration = duration,
                                  .checkpoint = checkpoint};
    f->n_jobs++;
}

static void add_change(future *f, double time, fc_capacity_kind kind, uint32_t units, double place)
{
    f->changes[f->n_changes++] =
        (fc_capacity_change){.time = time, .kind = kind, .units = units, .place = place};
}

static fc_jobs *open(const fc_gpu_group *group)
{
    fc_jobs_spec spec = {.policy = &fc_policy_easy, .groups = group, .group_count = 1};
    fc_jobs *jobs = NULL;

    assert_int_equal(fc_jobs_create(&spec, &jobs), FC_OK);
    return jobs;
}

static void run(fc_jobs *jobs, future *f, double until)
{
    fc_jobs_input input = {.jobs = {next_job, f}, .changes = {next_change, f}, .sink = {take, f}};

    assert_int_equal(fc_jobs_run(jobs, &input, until), FC_OK);
    assert_int_equal(fc_jobs_verify(jobs), FC_OK);
}

/* A source that had no more is asked again. */
static void test_more_later(void **state)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.units = 1, .grows = true});
    future f = {0};

    (void)state;
    add_job(&f, 0, 1, 5, 0);
    run(jobs, &f, 10);
    assert_true(f.end[0] == 5);
    add_job(&f, 12, 2, 5, 0); /* never rejected: it waits for a second unit */
    run(jobs, &f, 20);
    add_change(&f, 20, FC_CAPACITY_ADD, 1, 0);
    run(jobs, &f, 30);
    assert_true(f.start[1] == 20 && f.end[1] == 25);
    assert_int_equal(fc_jobs_units(jobs, 0), 2);
    fc_jobs_free(jobs);
}

/* 10 GPUs: jobs of 4 until 100 and of 4 until 200 stand in this order, then 2 free; both save every
 * 20 s, so 40 of the 50 s until then. 5 GPUs side by side are lost at 50. */
static void strike_five(future *f, fc_capacity_kind kind, double place)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.units = 10, .grows = true});

    *f = (future){0};
    add_job(f, 0, 4, 100, 20);
    add_job(f, 0, 4, 200, 20);
    add_change(f, 50, kind, 5, place);
    run(jobs, f, 60);
    assert_int_equal(fc_jobs_units(jobs, 0), 5);
    run(jobs, f, INFINITY);
    fc_jobs_free(jobs);
}

static void test_strike_pool(void **state)
{
    future f;

    (void)state;
    /* The first five: all of the first job's and one of the second's. The first starts at once. */
    strike_five(&f, FC_CAPACITY_STRIKE, 0);
    assert_true(f.restarts[0] == 1 && f.lost[0] == 10 && f.end[0] == 110);
    assert_true(f.restarts[1] == 1 && f.lost[1] == 10 && f.end[1] == 110 + 160);
    /* The last five: three of the second job's and those that are free. */
    strike_five(&f, FC_CAPACITY_STRIKE, 0.5);
    assert_true(f.restarts[0] == 0 && f.end[0] == 100);
    assert_true(f.restarts[1] == 1 && f.lost[1] == 10 && f.end[1] == 100 + 160);
    strike_five(&f, FC_CAPACITY_TAKE, 0);
    assert_true(f.restarts[0] == 0 && f.restarts[1] == 1 && f.end[1] == 260);
}

/* A server of 4 among 12 GPUs with 4 jobs of 1 GPU and 8 free ones: it has all four jobs or none of
 * them. Taken as planned it has none. */
static void test_strike_stops_all(void **state)
{
    (void)state;
    for (int stretch = 0; stretch < 4; stretch++) {
        fc_jobs *jobs = open(&(fc_gpu_group){.units = 12, .grows = true});
        future f = {0};

        for (int i = 0; i < MOST; i++) add_job(&f, 0, 1, 100, INFINITY);
        if (stretch < 3)
            add_change(&f, 50, FC_CAPACITY_STRIKE, 4, (stretch + 0.99) / 3);
        else
            add_change(&f, 50, FC_CAPACITY_TAKE, 4, 0);
        run(jobs, &f, 60);
        assert_int_equal(fc_jobs_units(jobs, 0), 8);
        run(jobs, &f, INFINITY);
        for (int i = 0; i < MOST; i++) assert_true(f.lost[i] == (stretch == 0 ? 50 : 0));
        fc_jobs_free(jobs);
    }
}

/* What is leaving stays so: of 8 GPUs, all held, 4 are to go when they fall free; 2 are lost at the
 * end of those held. That stops the second job: of its 4 those 2 are lost and the others go; 2 of
 * the first one's are still to go, and stay after all. */
static void test_strike_beside_leaving(void **state)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.units = 8, .grows = true});
    future f = {0};

    (void)state;
    add_job(&f, 0, 4, 100, 0);
    add_job(&f, 0, 4, 200, 0);
    add_change(&f, 10, FC_CAPACITY_REMOVE, 4, 0);
    add_change(&f, 20, FC_CAPACITY_STRIKE, 2, 0.99);
    run(jobs, &f, 30);
    assert_int_equal(fc_jobs_units(jobs, 0), 2);
    assert_int_equal(fc_jobs_leaving(jobs, 0), 2);
    add_change(&f, 40, FC_CAPACITY_ADD, 6, 0);
    run(jobs, &f, INFINITY);
    assert_true(f.restarts[0] == 0 && f.restarts[1] == 1);
    assert_true(f.end[0] == 100 && f.end[1] == 40 + 180);
    fc_jobs_free(jobs);
}

/* Servers of 4: A and B lie on one, C on another. Of three servers two are taken: the empty one,
 * and then the one with C on it, which starts again where A ends. */
static void test_take_servers(void **state)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.server_gpus = 4, .units = 3, .grows = true});
    future f = {0};

    (void)state;
    add_job(&f, 0, 2, 100, INFINITY);
    add_job(&f, 0, 2, 200, INFINITY);
    add_job(&f, 0, 1, 300, INFINITY);
    add_change(&f, 50, FC_CAPACITY_TAKE, 2, 0);
    run(jobs, &f, 60);
    assert_int_equal(fc_jobs_units(jobs, 0), 1);
    run(jobs, &f, INFINITY);
    assert_true(f.end[0] == 100 && f.end[1] == 200);
    assert_true(f.restarts[2] == 1 && f.lost[2] == 50 && f.end[2] == 400);
    fc_jobs_free(jobs);
}

/* Servers of 4 come from none; the second of two is struck, with the job on it; another comes. */
static void test_servers_grow(void **state)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.server_gpus = 4, .grows = true});
    future f = {0};

    (void)state;
    add_job(&f, 0, 8, 10, INFINITY);
    add_change(&f, 5, FC_CAPACITY_ADD, 2, 0);
    add_change(&f, 8, FC_CAPACITY_STRIKE, 1, 0.75);
    run(jobs, &f, 9);
    assert_int_equal(fc_jobs_units(jobs, 0), 1);
    add_change(&f, 9, FC_CAPACITY_ADD, 40, 0);
    run(jobs, &f, INFINITY);
    assert_true(f.start[0] == 5 && f.end[0] == 19 && f.lost[0] == 3);
    assert_int_equal(fc_jobs_units(jobs, 0), 41);
    fc_jobs_free(jobs);
}

/* More than there is cannot be lost. */
static void test_strike_nothing(void **state)
{
    fc_jobs *jobs = open(&(fc_gpu_group){.units = 3, .grows = true});
    future f = {0};
    fc_jobs_input input = {.jobs = {next_job, &f}, .changes = {next_change, &f}};

    (void)state;
    add_change(&f, 1, FC_CAPACITY_STRIKE, 4, 0);
    assert_int_equal(fc_jobs_run(jobs, &input, 2), FC_E_DOMAIN);
    fc_jobs_free(jobs);
}

/* The engine ends with its jobs: what comes into service afterwards does not lengthen the measured
 * time. A job that waits for it is run. */
static void test_ends_with_jobs(void **state)
{
    (void)state;
    for (uint32_t gpus = 2; gpus <= 4; gpus += 2) {
        fc_jobs *jobs = open(&(fc_gpu_group){.units = 2, .grows = true});
        future f = {0};
        fc_jobs_input input = {.jobs = {next_job, &f}, .changes = {next_change, &f}};
        fc_jobs_summary sum;

        f.jobs[f.n_jobs++] = (fc_job){.arrival = 1, .duration = 10, .gpus = gpus};
        add_change(&f, 100, FC_CAPACITY_ADD, 2, 0);
        add_change(&f, 500, FC_CAPACITY_ADD, 2, 0);
        assert_int_equal(fc_jobs_run(jobs, &input, INFINITY), FC_OK);
        fc_jobs_summary_of(jobs, &sum);
        assert_true(sum.until == (gpus == 2 ? 11 : 110));
        assert_int_equal(sum.counts.status[FC_JOB_DONE], 1);
        fc_jobs_free(jobs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_later),       cmocka_unit_test(test_strike_pool),
        cmocka_unit_test(test_strike_stops_all), cmocka_unit_test(test_strike_beside_leaving),
        cmocka_unit_test(test_take_servers),     cmocka_unit_test(test_servers_grow),
        cmocka_unit_test(test_strike_nothing),   cmocka_unit_test(test_ends_with_jobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
