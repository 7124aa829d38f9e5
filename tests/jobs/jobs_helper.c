/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "jobs_helper.h"

static int next_job(void *context, fc_job *job, bool *more)
{
    workload *w = context;

    *more = w->next < w->count;
    if (*more) *job = w->jobs[w->next++];
    return FC_OK;
}

static int next_change(void *context, fc_capacity_change *change, bool *more)
{
    workload *w = context;

    *more = w->next_change < w->change_count;
    if (*more) *change = w->changes[w->next_change++];
    return FC_OK;
}

static int take(void *context, const fc_job_result *r)
{
    workload *w = context;

    w->told++;
    if (w->outcomes)
        w->outcomes[r->job->id] = (outcome){.status = r->status,
                                            .start = r->start,
                                            .end = r->end,
                                            .held = r->held,
                                            .lost = r->lost,
                                            .restarts = r->restarts,
                                            .group = r->group};
    return FC_OK;
}

fc_jobs_input workload_input(workload *w)
{
    return (fc_jobs_input){.jobs = {next_job, w},
                           .changes = {w->change_count > 0 ? next_change : NULL, w},
                           .sink = {take, w}};
}

void run_list(const fc_jobs_spec *spec, const fc_job *jobs, size_t count,
              const fc_capacity_change *changes, size_t change_count, outcome *outcomes,
              fc_jobs_summary *summary)
{
    workload w = {.jobs = jobs,
                  .count = count,
                  .changes = changes,
                  .change_count = change_count,
                  .outcomes = outcomes};
    fc_jobs_input input = workload_input(&w);
    fc_jobs *engine = NULL;

    assert_int_equal(fc_jobs_create(spec, &engine), FC_OK);
    assert_int_equal(fc_jobs_run(engine, &input, INFINITY), FC_OK);
    assert_int_equal(fc_jobs_verify(engine), FC_OK);
    assert_int_equal(fc_jobs_tell_rest(engine, &input.sink), FC_OK);
    assert_int_equal(w.told, count);
    if (summary) fc_jobs_summary_of(engine, summary);
    fc_jobs_free(engine);
}

void run_flat(const fc_policy *policy, fc_overrun overrun, uint32_t gpus, fc_job *jobs,
              size_t count, outcome *outcomes)
{
    fc_gpu_group group = {.units = gpus};
    fc_jobs_spec spec = {.policy = policy, .overrun = overrun, .groups = &group, .group_count = 1};

    for (size_t i = 0; i < count; i++) jobs[i].id = i;
    run_list(&spec, jobs, count, NULL, 0, outcomes, NULL);
}
