/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/jobs_state.h"

static bool is_count(double value)
{
    return value >= 0 && isfinite(value);
}

static int check_spec(const fc_jobs_spec *spec)
{
    if (!spec->policy || spec->group_count < 1 || spec->group_count > FC_MAX_GROUPS)
        return FC_E_DOMAIN;
    if (!is_count(spec->half_life) || !is_count(spec->slowdown_bound) || !is_count(spec->warmup))
        return FC_E_DOMAIN;
    for (uint32_t i = 0; i < spec->group_count; i++) {
        const fc_gpu_group *g = &spec->groups[i];
        uint64_t most = g->most > g->units ? g->most : g->units;
        if (g->server_gpus > FC_MAX_SERVER_GPUS || (most < 1 && !g->grows) || most > FC_MAX_UNITS)
            return FC_E_DOMAIN;
    }
    for (uint32_t i = 0; i < spec->account_count; i++) {
        if (!(spec->accounts[i].share > 0) || !isfinite(spec->accounts[i].share))
            return FC_E_DOMAIN;
    }
    return FC_OK;
}

int fc_jobs_create(const fc_jobs_spec *spec, fc_jobs **out)
{
    fc_jobs *jobs = NULL;
    int ret = check_spec(spec);

    *out = NULL;
    if (ret) return ret;
    jobs = calloc(1, sizeof *jobs);
    if (!jobs) return FC_E_NOMEM;
    ret = fc_scheduler_init(&jobs->scheduler, spec);
    if (ret)
        fc_jobs_free(jobs);
    else
        *out = jobs;
    return ret;
}

void fc_jobs_free(fc_jobs *jobs)
{
    if (!jobs) return;
    fc_scheduler_free(&jobs->scheduler);
    free(jobs->leaving);
    free(jobs->fresh);
    free(jobs);
}

/* ---- The sources. */

static int check_job(const fc_jobs *jobs, const fc_job *job)
{
    const fc_scheduler *s = &jobs->scheduler;
    bool right = is_count(job->arrival) && job->arrival >= s->now && is_count(job->duration) &&
                 isfinite(job->estimate) && job->gpus > 0 && job->class < s->measures.classes &&
                 job->account < s->accounts.count && job->checkpoint >= 0 &&
                 (!job->impatient || job->patience >= 0) &&
                 fc_cluster_groups_of(&s->cluster, job) != 0;

    return right ? FC_OK : FC_E_DOMAIN;
}

static int read_job(fc_jobs *jobs, const fc_job_source *source)
{
    int ret = FC_OK;

    if (jobs->job_ahead.read) return FC_OK;
    jobs->job_ahead = (fc_ahead_of){.read = true};
    if (source->next) ret = source->next(source->context, &jobs->job, &jobs->job_ahead.more);
    return ret || !jobs->job_ahead.more ? ret : check_job(jobs, &jobs->job);
}

static int check_change(const fc_jobs *jobs, const fc_capacity_change *c)
{
    const fc_scheduler *s = &jobs->scheduler;
    bool right = is_count(c->time) && c->time >= s->now && c->group < s->cluster.count;

    if (c->kind == FC_CAPACITY_FAIL) right = right && c->back >= 0;
    if (c->kind == FC_CAPACITY_FAIL || c->kind == FC_CAPACITY_STRIKE)
        right = right && c->place >= 0 && c->place < 1;
    return right ? FC_OK : FC_E_DOMAIN;
}

static int read_change(fc_jobs *jobs, const fc_capacity_source *source)
{
    int ret = FC_OK;

    if (jobs->change_ahead.read) return FC_OK;
    jobs->change_ahead = (fc_ahead_of){.read = true};
    if (source->next) ret = source->next(source->context, &jobs->change, &jobs->change_ahead.more);
    return ret || !jobs->change_ahead.more ? ret : check_change(jobs, &jobs->change);
}

/* ---- Jobs that leave. */

int fc_jobs_tell(const fc_scheduler *s, const fc_job_sink *sink, const fc_task *task,
                 fc_job_status status, double end)
{
    double held = task->held;

    if (!sink->take) return FC_OK;
    if (status == FC_JOB_RUNNING) held += s->now - task->start;
    fc_job_result result = {.job = &task->job,
                            .status = status,
                            .start = task->first_start,
                            .end = end,
                            .held = held,
                            .lost = task->lost,
                            .restarts = task->restarts,
                            .group = task->group};
    return sink->take(sink->context, &result);
}

/* The job is in no queue and on no GPU any more. */
static int leave(fc_scheduler *s, uint32_t slot, fc_job_status status, const fc_job_sink *sink)
{
    fc_task *task = fc_task_at(s, slot);
    int ret = fc_measures_leave(&s->measures, task, status, s->now);

    if (ret == FC_OK) ret = fc_jobs_tell(s, sink, task, status, s->now);
    fc_tasks_remove(&s->tasks, slot);
    return ret;
}

static int push(uint32_t **slots, uint32_t *count, uint32_t *size, uint32_t slot)
{
    if (*count == *size) {
        uint32_t more = *size * 2 + 16;
        uint32_t *moved = realloc(*slots, more * sizeof *moved);
        if (!moved) return FC_E_NOMEM;
        *slots = moved;
        *size = more;
    }
    (*slots)[(*count)++] = slot;
    return FC_OK;
}

/* ---- One instant: what ends or changes the capacity. */

static int handle_event(fc_jobs *jobs, const fc_event *event, const fc_job_sink *sink)
{
    fc_scheduler *s = &jobs->scheduler;
    uint32_t slot = event->subject;
    fc_task *task = fc_task_at(s, slot); /* no meaning for FC_JOB_MENDED */

    switch ((fc_job_event)event->kind) {
    case FC_JOB_ENDS:
        task->event = FC_NO_EVENT;
        fc_scheduler_end_run(s, slot);
        return leave(s, slot, FC_JOB_DONE, sink);
    case FC_JOB_KILLED:
        task->event = FC_NO_EVENT;
        fc_scheduler_end_run(s, slot);
        task->lost = task->held;
        return leave(s, slot, FC_JOB_FAILED, sink);
    case FC_JOB_OVERRUNS:
        task->estimate = fc_longer_estimate(task->estimate);
        s->disturbed = true;
        int ret = fc_cluster_expect(&s->cluster, task, slot, task->start + fc_task_expected(task));
        return ret ? ret : fc_scheduler_expect_end(s, slot);
    case FC_JOB_MENDED:
        fc_cluster_mend(&s->cluster, (uint32_t)event->detail, event->subject);
        s->disturbed = true;
        return FC_OK;
    case FC_JOB_IMPATIENT:
        task->event = FC_NO_EVENT;
        return push(&jobs->leaving, &jobs->leaving_count, &jobs->leaving_size, slot);
    }
    return FC_E_INTERNAL;
}

static int handle_change(fc_jobs *jobs)
{
    jobs->change_ahead.read = false;
    return fc_scheduler_change_capacity(&jobs->scheduler, &jobs->change);
}

/* ---- ... the arrivals. */

static bool goes_offshore_at_once(const fc_jobs *jobs, const fc_job *job)
{
    const fc_scheduler *s = &jobs->scheduler;

    if (!job->impatient || job->offshore != FC_OFFSHORE_AT_ARRIVAL) return false;
    return jobs->backlog > job->patience * (double)fc_cluster_in_service(&s->cluster);
}

/* A job that finds nobody waiting needs no queue, if it comes alone or the policy takes jobs as
 * they arrive; but under fair share it might have no quota left. */
static int try_at_once(fc_scheduler *s, uint32_t slot, bool alone, bool *started)
{
    *started = false;
    if (s->queue.count > 0) {
        if (s->disturbed || !s->policy->arrive) return FC_OK;
        return s->policy->arrive(s, slot, started);
    }
    if ((!alone && !s->policy->arrive) || s->policy->shares) return FC_OK;
    uint32_t group = fc_cluster_choose(&s->cluster, &fc_task_at(s, slot)->job, UINT32_MAX);
    if (group == UINT32_MAX) return FC_OK;
    *started = true;
    return fc_scheduler_start(s, slot, group);
}

static int arrive(fc_jobs *jobs, const fc_jobs_input *input, bool *queued)
{
    fc_scheduler *s = &jobs->scheduler;
    bool first = !*queued, started = false;
    uint32_t slot = 0;
    int ret = fc_tasks_add(&s->tasks, &jobs->job, &slot);

    if (ret) return ret;
    fc_task *task = fc_task_at(s, slot);
    if (s->policy->key) task->key = s->policy->key(&task->job);
    fc_measures_arrival(&s->measures, &task->job);
    jobs->job_ahead.read = false;
    ret = read_job(jobs, &input->jobs);
    if (ret) return ret;
    if (task->job.gpus > fc_cluster_most_for(&s->cluster, &task->job))
        return leave(s, slot, FC_JOB_REJECTED, &input->sink);
    if (goes_offshore_at_once(jobs, &task->job))
        return leave(s, slot, FC_JOB_OFFSHORE, &input->sink);
    bool alone = first && !(jobs->job_ahead.more && jobs->job.arrival <= s->now);
    ret = try_at_once(s, slot, alone, &started);
    if (ret || started) return ret;
    *queued = true;
    ret = fc_scheduler_queue(s, slot);
    if (ret || !task->job.impatient || isinf(s->now + task->job.patience)) return ret;
    return push(&jobs->fresh, &jobs->fresh_count, &jobs->fresh_size, slot);
}

/* ---- ... the pass, and who has had enough. */

static int be_patient(fc_jobs *jobs)
{
    fc_scheduler *s = &jobs->scheduler;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < jobs->fresh_count; i++) {
        fc_task *task = fc_task_at(s, jobs->fresh[i]);
        if (task->status != FC_JOB_WAITING) continue;
        fc_event event = {.kind = FC_JOB_IMPATIENT, .subject = jobs->fresh[i]};
        ret =
            fc_calendar_schedule(&s->calendar, s->now + task->job.patience, 1, event, &task->event);
    }
    jobs->fresh_count = 0;
    return ret;
}

static int lose_patience(fc_jobs *jobs, const fc_job_sink *sink)
{
    fc_scheduler *s = &jobs->scheduler;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < jobs->leaving_count; i++) {
        uint32_t slot = jobs->leaving[i];
        const fc_task *task = fc_task_at(s, slot);
        if (task->status != FC_JOB_WAITING) continue; /* it has just started */
        bool offshore = task->job.offshore != FC_OFFSHORE_NEVER;
        fc_scheduler_unqueue(s, slot);
        ret = leave(s, slot, offshore ? FC_JOB_OFFSHORE : FC_JOB_ABANDONED, sink);
        s->disturbed = true;
    }
    jobs->leaving_count = 0;
    return ret;
}

static void observe(fc_jobs *jobs)
{
    fc_scheduler *s = &jobs->scheduler;
    /* Signed: an unsigned number takes several instructions to become a double. */
    int64_t in_service = (int64_t)fc_cluster_in_service(&s->cluster);
    int64_t held = (int64_t)fc_cluster_held(&s->cluster);
    double *level = fc_measures_levels(&s->measures, s->now);
    fc_ordered_entry next = {0};

    level[FC_LEVEL_IN_SERVICE] = (double)in_service;
    level[FC_LEVEL_HELD] = (double)held;
    level[FC_LEVEL_FRAGMENTED] = 0;
    level[FC_LEVEL_WAITING] = (double)(int64_t)s->queue.count;
    level[FC_LEVEL_RUNNING] = (double)((int64_t)s->tasks.count - (int64_t)s->queue.count);
    level[FC_LEVEL_WAITING_GPUS] = (double)(int64_t)s->queue.gpus;
    if (s->queue.count > 0 && held < in_service && fc_queue_first(&s->queue, &next) &&
        fc_cluster_is_fragmented_for(&s->cluster, &fc_task_at(s, next.slot)->job))
        level[FC_LEVEL_FRAGMENTED] = (double)(in_service - held);
    if (s->queue.count > s->measures.most_waiting) s->measures.most_waiting = s->queue.count;
}

/* The double after t >= 0: "at t or before" for a bound that is exclusive. */
static double just_after(double t)
{
    uint64_t bits;

    t += 0.0; /* -0.0 is 0 */
    memcpy(&bits, &t, sizeof bits);
    bits++; /* the bits of doubles >= 0 are in the order of the doubles */
    memcpy(&t, &bits, sizeof bits);
    return t;
}

/* Everything that happens at the present time; `event` is the first of it, NULL: none yet. */
static int live_through(fc_jobs *jobs, const fc_jobs_input *input, fc_event *event)
{
    fc_scheduler *s = &jobs->scheduler;
    double bound = just_after(s->now);
    bool more = event != NULL, again = true, queued = false;
    fc_event next = {0};
    int ret = event ? handle_event(jobs, event, &input->sink) : FC_OK;

    jobs->instants++;
    while (ret == FC_OK && again) {
        while (ret == FC_OK && more) {
            more = fc_calendar_next(&s->calendar, bound, &next);
            if (more) ret = handle_event(jobs, &next, &input->sink);
        }
        uint64_t scheduled = fc_calendar_scheduled(&s->calendar);
        while (ret == FC_OK && jobs->change_ahead.more && jobs->change.time <= s->now) {
            ret = handle_change(jobs);
            if (ret == FC_OK) ret = read_change(jobs, &input->changes);
        }
        jobs->backlog = s->queue.work;
        while (ret == FC_OK && jobs->job_ahead.more && jobs->job.arrival <= s->now)
            ret = arrive(jobs, input, &queued);
        if (ret == FC_OK && s->queue.count > 0 && (s->disturbed || queued))
            ret = s->policy->pass(s);
        s->disturbed = queued = false;
        if (ret == FC_OK && jobs->fresh_count > 0) ret = be_patient(jobs);
        more = fc_calendar_scheduled(&s->calendar) != scheduled &&
               fc_calendar_next(&s->calendar, bound, &next);
        again = ret == FC_OK && more;
        if (again) {
            ret = handle_event(jobs, &next, &input->sink);
        } else if (ret == FC_OK && jobs->leaving_count > 0) { /* nothing else happens now */
            ret = lose_patience(jobs, &input->sink);
            again = s->disturbed;
        }
    }
    if (ret == FC_OK) observe(jobs);
    return ret;
}

int fc_jobs_run(fc_jobs *jobs, const fc_jobs_input *input, double until)
{
    fc_scheduler *s = &jobs->scheduler;
    fc_event event = {0};
    int ret = FC_OK;

    if (input->changes.next && jobs->instants == 0) s->cluster.indexed = true;
    if (!jobs->job_ahead.more) jobs->job_ahead.read = false;
    if (!jobs->change_ahead.more) jobs->change_ahead.read = false;
    ret = read_job(jobs, &input->jobs);
    if (ret == FC_OK) ret = read_change(jobs, &input->changes);
    if (ret == FC_OK && jobs->instants == 0) observe(jobs);
    while (ret == FC_OK) {
        double next = INFINITY;

        if (isinf(until) && !jobs->job_ahead.more && s->tasks.count == 0) break;
        if (jobs->job_ahead.more) next = jobs->job.arrival;
        if (jobs->change_ahead.more && jobs->change.time < next) next = jobs->change.time;
        double bound = next < until ? just_after(next) : until;
        if (fc_calendar_next(&s->calendar, bound, &event)) {
            s->now = fc_calendar_now(&s->calendar);
            ret = live_through(jobs, input, &event);
        } else if (next < until) {
            s->now = next;
            ret = live_through(jobs, input, NULL);
        } else {
            break;
        }
    }
    if (ret == FC_OK && isfinite(until) && until > s->now) {
        s->now = until;
        observe(jobs);
    }
    return ret ? ret : fc_jobs_check_conservation(jobs);
}
