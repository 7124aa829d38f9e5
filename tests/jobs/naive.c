/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The naive engine's time: what happens at each instant, in its order.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "naive_state.h"

bool naive_is(const naive *n, const char *policy)
{
    return strcmp(n->policy, policy) == 0;
}

bool naive_allowed(const naive *n, const one *j, int group)
{
    return group < n->groups && (j->job->groups == 0 || (j->job->groups >> group & 1));
}

/* ---- Runs. */

/* Whether anything happens when the estimate ends. */
static bool heeds(const naive *n)
{
    return n->ends_matter || n->w->overrun == FC_OVERRUN_KILL;
}

/* When the present run is interrupted: by its end, or by the end of its estimate. */
static double stops(const naive *n, const one *j)
{
    return j->begun + (heeds(n) ? fmin(left(j), expected(j)) : left(j));
}

void naive_start(naive *n, one *j, int group, uint32_t *spare)
{
    while (expected(j) <= 0 && left(j) > 0) j->estimate = fmax(2 * j->estimate, j->estimate + 60);
    if (!j->ever_started) j->out->start = n->now;
    j->ever_started = j->running = true;
    j->waiting = false;
    j->begun = n->now;
    j->group = group;
    j->started = ++n->starts;
    j->event = ++n->scheduled;
    naive_place(n, j, group, spare);
    if (naive_is(n, "fair")) naive_fair_hold(n, j, 1);
}

static void leave(naive *n, one *j, fc_job_status status)
{
    j->waiting = j->running = false;
    j->gone = true;
    j->out->status = status;
    j->out->end = n->now;
}

static void end_run(naive *n, one *j)
{
    j->running = false;
    j->out->held += n->now - j->begun;
    naive_release(n, j);
    if (naive_is(n, "fair")) naive_fair_hold(n, j, -1);
    n->disturbed = true;
}

void naive_stop(naive *n, one *j)
{
    double work = j->saved + n->now - j->begun, kept_work = 0;

    end_run(n, j);
    if (j->job->checkpoint == 0)
        kept_work = work;
    else if (!isinf(j->job->checkpoint))
        while (kept_work + j->job->checkpoint <= work) kept_work += j->job->checkpoint;
    if (kept_work < j->saved) kept_work = j->saved;
    j->out->lost += work - kept_work;
    j->out->restarts++;
    j->saved = kept_work;
    j->promise = NAN;
    j->waiting = true;
    j->out->status = FC_JOB_SUSPENDED;
}

static void end_or_extend(naive *n, one *j)
{
    n->disturbed = true;
    if (left(j) <= expected(j) || !heeds(n)) {
        end_run(n, j);
        leave(n, j, FC_JOB_DONE);
    } else if (n->w->overrun == FC_OVERRUN_KILL) {
        end_run(n, j);
        j->out->lost = j->out->held;
        leave(n, j, FC_JOB_FAILED);
    } else {
        j->estimate = fmax(2 * j->estimate, j->estimate + 60);
        j->event = ++n->scheduled;
    }
}

/* ---- One instant. */

/* What ends, overruns or comes back now, in the order in which it was scheduled. Whether anything
 * did. */
static bool end_runs(naive *n)
{
    bool any = false;

    for (;;) {
        one *first = NULL;
        int mend = -1, event = INT32_MAX;

        for (int i = 0; i < n->count; i++) {
            one *j = &n->jobs[i];
            if (!j->running || stops(n, j) > n->now || j->event > event) continue;
            first = j;
            event = j->event;
        }
        for (int i = 0; i < n->mend_count; i++) {
            if (n->mends[i].time > n->now || n->mends[i].event > event) continue;
            mend = i;
            event = n->mends[i].event;
        }
        if (event == INT32_MAX) return any;
        any = true;
        if (mend >= 0)
            naive_mend(n, mend);
        else
            end_or_extend(n, first);
    }
}

static double backlog_of(const naive *n)
{
    double backlog = 0;

    for (int i = 0; i < n->count; i++) {
        if (n->jobs[i].waiting) backlog += n->jobs[i].job->gpus * expected(&n->jobs[i]);
    }
    return backlog;
}

static void arrive(naive *n, one *j, double backlog)
{
    double gpus = 0;
    bool too_large = true;

    j->arrived = true;
    for (int g = 0; g < n->groups; g++) {
        const pool *p = &n->pools[g];
        gpus += (double)(p->free + p->held);
        if (naive_allowed(n, j, g) && j->job->gpus <= (uint32_t)p->most * (p->size ? p->size : 1))
            too_large = false;
    }
    if (too_large)
        leave(n, j, FC_JOB_REJECTED);
    else if (j->job->impatient && j->job->offshore == FC_OFFSHORE_AT_ARRIVAL &&
             backlog > j->job->patience * gpus)
        leave(n, j, FC_JOB_OFFSHORE);
    else
        j->waiting = true;
}

static bool lose_patience(naive *n)
{
    bool any = false;

    for (int i = 0; i < n->count; i++) {
        one *j = &n->jobs[i];
        if (!j->waiting || j->ever_started || !j->job->impatient) continue;
        if (j->job->arrival + j->job->patience > n->now) continue;
        leave(n, j, j->job->offshore ? FC_JOB_OFFSHORE : FC_JOB_ABANDONED);
        any = n->disturbed = true;
    }
    return any;
}

static bool ends_now(const naive *n)
{
    for (int i = 0; i < n->count; i++) {
        if (n->jobs[i].running && stops(n, &n->jobs[i]) <= n->now) return true;
    }
    for (int i = 0; i < n->mend_count; i++) {
        if (n->mends[i].time <= n->now) return true;
    }
    return false;
}

static bool any_waits(const naive *n)
{
    for (int i = 0; i < n->count; i++) {
        if (n->jobs[i].waiting) return true;
    }
    return false;
}

static void live(naive *n)
{
    do {
        end_runs(n);
        for (; n->next_change < (int)n->w->change_count; n->next_change++) {
            if (n->w->changes[n->next_change].time > n->now) break;
            naive_change(n, &n->w->changes[n->next_change]);
        }
        bool queued = false;
        double backlog = backlog_of(n);
        for (int i = 0; i < n->count; i++) {
            one *j = &n->jobs[i];
            if (j->arrived || j->job->arrival > n->now) continue;
            arrive(n, j, backlog);
            queued |= j->waiting;
        }
        if (n->disturbed || queued) naive_pass(n);
        if (!any_waits(n)) n->kept.made = false;
    } while (ends_now(n) || lose_patience(n));
}

static double next_time(const naive *n)
{
    double next = INFINITY;

    for (int i = 0; i < n->count; i++) {
        const one *j = &n->jobs[i];
        if (!j->arrived) next = fmin(next, j->job->arrival);
        if (j->running) next = fmin(next, stops(n, j));
        if (j->waiting && !j->ever_started && j->job->impatient)
            next = fmin(next, j->job->arrival + j->job->patience);
    }
    for (int i = 0; i < n->mend_count; i++) next = fmin(next, n->mends[i].time);
    if (n->next_change < (int)n->w->change_count)
        next = fmin(next, n->w->changes[n->next_change].time);
    return next;
}

void naive_schedule(const random_workload *w, const char *policy, outcome *out)
{
    naive *n = calloc(1, sizeof *n);

    assert(n && strlen(policy) < sizeof n->policy);
    n->w = w;
    strcpy(n->policy, policy);
    n->ends_matter = naive_is(n, "easy") || naive_is(n, "conservative");
    n->count = (int)w->job_count;
    naive_cluster_begin(n);
    for (int i = 0; i < n->count; i++) {
        const fc_job *job = &w->jobs[i];
        out[i] = (outcome){.status = FC_JOB_WAITING, .start = NAN, .end = NAN};
        n->jobs[i] = (one){.job = job,
                           .out = &out[i],
                           .estimate = job->estimate > 0 ? job->estimate : job->duration,
                           .promise = NAN};
    }
    for (double t = next_time(n); !isinf(t); t = next_time(n)) {
        n->now = t;
        live(n);
    }
    free(n);
}
