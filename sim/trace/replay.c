/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/replay.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "trace/breakdowns.h"

enum { PROGRESS_EVERY = 4096, MOST_ACCOUNTS = 65535 };

const char *const fc_replay_metric_words[FC_REPLAY_METRICS][4] = {
#define FC_X(id, unit, en, ko) {#id, unit, en, ko},
    FC_REPLAY_METRIC_TABLE(FC_X)
#undef FC_X
};

/* Jobs that are in the system, by the number that stands in fc_job.id. */
typedef struct waiting_room {
    fc_trace_job *job;
    uint32_t *free; /* numbers not in use */
    uint32_t size, free_count;
} waiting_room;

typedef struct replay {
    const fc_replay_spec *spec;
    fc_diag *diag;
    fc_trace *trace;
    fc_gpu_group pool, *groups;
    uint32_t group_count;
    int64_t largest; /* most GPUs that one job can ever have */
    uint32_t accounts;
    waiting_room room;
    fc_breakdowns breakdowns;
    fc_replay_result *out;
    double last;   /* end of a job */
    double waited; /* in the trace, summed over `waited_jobs` */
    uint64_t waited_jobs, restarts;
    uint64_t inside; /* jobs that came and have not left */
    bool ended;      /* no more come */
} replay;

static int no_memory(const replay *r)
{
    return fc_fail(r->diag, FC_E_NOMEM, NULL, NULL);
}

static int enter(replay *r, const fc_trace_job *job, uint64_t *number)
{
    waiting_room *room = &r->room;
    if (room->free_count == 0) {
        uint32_t size = room->size ? 2 * room->size : 1024;
        fc_trace_job *jobs = size < room->size ? NULL : realloc(room->job, size * sizeof *jobs);
        if (!jobs) return no_memory(r);
        room->job = jobs;
        uint32_t *list = realloc(room->free, size * sizeof *list);
        if (!list) return no_memory(r);
        room->free = list;
        for (uint32_t i = size; i > room->size; i--) list[room->free_count++] = i - 1;
        room->size = size;
    }
    uint32_t at = room->free[--room->free_count];
    room->job[at] = *job;
    *number = at;
    return FC_OK;
}

static void note_times(replay *r, const fc_trace_job *job)
{
    if (job->waited >= 0) {
        r->waited += job->waited;
        r->waited_jobs++;
    }
    r->out->without_estimate += job->requested < 0;
    r->out->too_short += job->requested >= 0 && job->requested < job->run;
}

/* fc_job_source.next */
static int next_job(void *context, fc_job *out, bool *more)
{
    replay *r = context;
    const fc_replay_spec *spec = r->spec;
    const fc_trace_job *job;
    int ret = fc_trace_next(r->trace, &job);
    *more = job != NULL;
    r->ended = job == NULL;
    if (ret || !job) return ret;
    uint64_t jobs = fc_trace_counted(r->trace)->jobs;
    if (spec->progress && jobs % PROGRESS_EVERY == 0)
        spec->progress(spec->progress_self, fc_trace_progress(r->trace), jobs);
    if (job->gpus > r->largest && (ret = fc_trace_too_large(r->trace, job, r->largest))) return ret;
    note_times(r, job);
    r->inside++;
    *out = (fc_job){.id = job->line,
                    .arrival = job->submit,
                    .duration = job->run,
                    .estimate = spec->exact ? 0 : fmax(job->requested, 0),
                    .checkpoint = spec->checkpoint,
                    .gpus = (uint32_t)job->gpus,
                    .priority = job->priority};
    if (r->accounts) {
        int32_t account = spec->share == FC_SHARE_BY_USER ? job->user : job->group;
        out->account = (uint16_t)(account + 1); /* 0: nobody knows whose */
    }
    return spec->sink.take ? enter(r, job, &out->id) : FC_OK;
}

/* fc_job_sink.take */
static int take(void *context, const fc_job_result *result)
{
    replay *r = context;
    r->inside--;
    r->restarts += result->restarts;
    if (!isnan(result->start) && result->end > r->last) r->last = result->end;
    if (!r->spec->sink.take) return FC_OK;
    uint32_t at = (uint32_t)result->job->id;
    const fc_trace_job *job = &r->room.job[at];
    fc_replay_row row = {.job = job,
                         .result = result,
                         .user = fc_trace_user(r->trace, job->user),
                         .group = fc_trace_group(r->trace, job->group)};
    int ret = r->spec->sink.take(r->spec->sink.self, &row);
    r->room.free[r->room.free_count++] = at;
    return ret;
}

/* fc_capacity_source.next: failures, as long as there are jobs that they could strike. */
static int next_failure(void *context, fc_capacity_change *change, bool *more)
{
    replay *r = context;
    *more = !r->ended || r->inside > 0;
    return *more ? fc_breakdowns_next(&r->breakdowns, change, more) : FC_OK;
}

/* The cluster, and what fits into it. */
static int settle_cluster(replay *r)
{
    const fc_replay_spec *spec = r->spec;
    r->groups = (fc_gpu_group *)spec->groups;
    r->group_count = spec->group_count;
    if (spec->group_count == 0) {
        int64_t procs = fc_trace_max_procs(r->trace);
        if (procs <= 0)
            return fc_fail(r->diag, FC_E_USAGE, NULL,
                           FC_BOTH("the trace does not tell the size of its cluster: give --gpus N "
                                   "or --servers NxG",
                                   "트레이스에 클러스터 크기가 없습니다: --gpus N 또는 --servers "
                                   "NxG를 쓰십시오"),
                           NULL);
        r->pool = (fc_gpu_group){.units = (uint32_t)procs};
        r->groups = &r->pool;
        r->group_count = 1;
    }
    for (uint32_t i = 0; i < r->group_count; i++) {
        const fc_gpu_group *g = &r->groups[i];
        uint32_t most = g->most > g->units ? g->most : g->units, size = g->server_gpus;
        int64_t gpus = (int64_t)most * (size ? size : 1);
        if (gpus > r->largest) r->largest = gpus;
        r->out->gpus += (uint64_t)g->units * (size ? size : 1);
    }
    return FC_OK;
}

/* The policy `fair` must know beforehand how many share: the trace is read once more. */
static int count_accounts(replay *r)
{
    fc_trace *trace;
    fc_trace_options options = r->spec->trace;
    const fc_trace_job *job;
    int32_t most = -1;
    options.names = true;
    options.on_error = FC_TRACE_SKIP;
    int ret = fc_trace_open(&options, NULL, &trace);
    if (ret) return fc_fail(r->diag, ret, NULL, options.path, NULL);
    while (!(ret = fc_trace_next(trace, &job)) && job) {
        int32_t account = r->spec->share == FC_SHARE_BY_USER ? job->user : job->group;
        if (account > most) most = account;
    }
    fc_trace_close(trace);
    if (ret) return fc_fail(r->diag, ret, NULL, options.path, NULL);
    r->accounts = (uint32_t)(most + 2);
    char limit[16];
    snprintf(limit, sizeof limit, "%d", MOST_ACCOUNTS);
    return r->accounts <= MOST_ACCOUNTS ? FC_OK
                                        : fc_fail(r->diag, FC_E_FULL, NULL, limit,
                                                  FC_BOTH("users or groups", "사용자·그룹"), NULL);
}

static double quantile(const fc_histogram *h, double p)
{
    return fc_histogram_count(h) ? fc_histogram_quantile(h, p) : NAN;
}

static void measure(replay *r, const fc_jobs *jobs, const fc_job_measures *all)
{
    fc_jobs_summary s;
    double *m = r->out->metric;
    fc_jobs_summary_of(jobs, &s);
    const uint64_t *status = s.counts.status;
    m[FC_REPLAY_jobs] = (double)s.counts.arrived;
    m[FC_REPLAY_jobs_done] = (double)status[FC_JOB_DONE];
    m[FC_REPLAY_jobs_killed] = (double)status[FC_JOB_FAILED];
    m[FC_REPLAY_jobs_rejected] = (double)status[FC_JOB_REJECTED];
    m[FC_REPLAY_jobs_unfinished] =
        (double)(status[FC_JOB_WAITING] + status[FC_JOB_RUNNING] + status[FC_JOB_SUSPENDED]);
    m[FC_REPLAY_restarts] = (double)r->restarts;
    m[FC_REPLAY_wait_mean] = fc_histogram_mean(&all->wait);
    m[FC_REPLAY_wait_p50] = quantile(&all->wait, 0.5);
    m[FC_REPLAY_wait_p95] = quantile(&all->wait, 0.95);
    m[FC_REPLAY_wait_p99] = quantile(&all->wait, 0.99);
    m[FC_REPLAY_wait_max] = fc_histogram_max(&all->wait);
    m[FC_REPLAY_wait_trace_mean] = r->waited_jobs ? r->waited / (double)r->waited_jobs : NAN;
    m[FC_REPLAY_slowdown_mean] = fc_histogram_mean(&all->slowdown);
    m[FC_REPLAY_slowdown_p50] = fc_slowdown_quantile(&all->slowdown, 0.5);
    m[FC_REPLAY_slowdown_p95] = fc_slowdown_quantile(&all->slowdown, 0.95);
    m[FC_REPLAY_turnaround_mean] = fc_histogram_mean(&all->turnaround);
    m[FC_REPLAY_turnaround_p50] = quantile(&all->turnaround, 0.5);
    m[FC_REPLAY_makespan] = r->last > -INFINITY ? r->last - fc_trace_first(r->trace) : NAN;
    m[FC_REPLAY_gpus_in_service] = s.levels.in_service;
    m[FC_REPLAY_allocation] =
        s.levels.in_service > 0 ? 100 * s.levels.held / s.levels.in_service : NAN;
    m[FC_REPLAY_fragmented] = s.levels.fragmented;
    m[FC_REPLAY_waiting_jobs] = s.levels.waiting;
    m[FC_REPLAY_waiting_jobs_max] = (double)s.levels.most_waiting;
    m[FC_REPLAY_gpu_hours_served] = s.work.served / 3600;
    m[FC_REPLAY_gpu_hours_lost] = s.work.lost / 3600;
}

static int simulate(replay *r)
{
    const fc_replay_spec *spec = r->spec;
    fc_jobs *jobs = NULL;
    fc_job_measures all = {0};
    fc_job_account *accounts = NULL;
    fc_jobs_spec jobs_spec = {.policy = spec->policy,
                              .overrun = spec->overrun,
                              .groups = r->groups,
                              .group_count = r->group_count,
                              .account_count = r->accounts,
                              .warmup = fc_trace_first(r->trace)};
    if (r->accounts) {
        if (!(accounts = calloc(r->accounts, sizeof *accounts))) return no_memory(r);
        for (uint32_t i = 0; i < r->accounts; i++) accounts[i].share = 1;
        jobs_spec.accounts = accounts;
    }
    fc_jobs_input input = {.jobs = {next_job, r}, .sink = {take, r}, .changes = spec->changes};
    if (spec->failures.mtbf > 0) {
        fc_breakdowns_start(&r->breakdowns, &spec->failures, r->groups, r->group_count,
                            fc_trace_first(r->trace));
        input.changes = (fc_capacity_source){next_failure, r};
    }
    int ret = fc_jobs_create(&jobs_spec, &jobs);
    if (!ret) ret = fc_jobs_run(jobs, &input, INFINITY);
    if (!ret) ret = fc_jobs_tell_rest(jobs, &input.sink);
    if (!ret) ret = fc_jobs_all_classes(jobs, &all);
    if (!ret) measure(r, jobs, &all);
    if (ret && fc_diag_errors(r->diag) == 0)
        fc_fail(r->diag, ret, NULL, fc_policy_name(spec->policy), NULL);
    fc_job_measures_free(&all);
    fc_jobs_free(jobs);
    free(accounts);
    return ret;
}

int fc_replay_run(const fc_replay_spec *spec, fc_diag *diag, fc_replay_result *result)
{
    replay r = {.spec = spec, .diag = diag, .out = result, .last = -INFINITY};
    fc_trace_options options = spec->trace;
    bool fair = spec->policy == &fc_policy_fair;
    *result = (fc_replay_result){0};
    for (int i = 0; i < FC_REPLAY_METRICS; i++) result->metric[i] = NAN;
    options.names |= fair;
    int ret = fc_trace_open(&options, diag, &r.trace);
    if (!ret) ret = settle_cluster(&r);
    if (!ret && fair) ret = count_accounts(&r);
    if (!ret) ret = simulate(&r);
    if (r.trace) {
        result->format = fc_trace_format(r.trace);
        result->counts = *fc_trace_counted(r.trace);
        result->origin = fc_trace_origin(r.trace);
    }
    fc_trace_close(r.trace);
    free(r.room.job);
    free(r.room.free);
    return ret;
}
