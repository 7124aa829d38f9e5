/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive.h"

enum { SECONDS = 60000, GROUPS = 3 };

typedef struct one {
    const fc_job *job;
    outcome *out;
    bool arrived, waiting, running, gone, ever_started;
    double estimate, saved, begun, promise;
    int group;
} one;

typedef struct naive {
    const random_workload *w;
    one jobs[MOST_JOBS];
    int count, groups;
    double now;
    int64_t free[GROUPS];
    bool disturbed, ends_matter;
    char policy[32];
    int64_t line[GROUPS][SECONDS]; /* conservative: GPUs free in each second */
} naive;

static bool is(const naive *n, const char *policy)
{
    return strcmp(n->policy, policy) == 0;
}

static bool allowed(const naive *n, const one *j, int g)
{
    return g < n->groups && (j->job->groups == 0 || (j->job->groups >> g & 1) ||
                             (j->job->groups & ((1u << n->groups) - 1)) == 0);
}

static bool likes(const one *j, int g)
{
    return j->job->preferred >> g & 1;
}

static double left(const one *j)
{
    return j->job->duration - j->saved;
}

static double expected(const one *j)
{
    return j->estimate - j->saved;
}

/* When the present run is interrupted: by its end, or by the end of its estimate. */
static double stops(const naive *n, const one *j)
{
    bool heeds = n->ends_matter || n->w->overrun == FC_OVERRUN_KILL;

    return j->begun + (heeds ? fmin(left(j), expected(j)) : left(j));
}

static void start(naive *n, one *j, int g)
{
    while (expected(j) <= 0 && left(j) > 0) j->estimate = fmax(2 * j->estimate, j->estimate + 60);
    if (!j->ever_started) j->out->start = n->now;
    j->ever_started = j->running = true;
    j->waiting = false;
    j->begun = n->now;
    j->group = g;
    n->free[g] -= j->job->gpus;
    assert(n->free[g] >= 0);
}

static void leave(naive *n, one *j, fc_job_status status)
{
    j->waiting = j->running = false;
    j->gone = true;
    j->out->status = status;
    j->out->end = n->now;
}

static void stop_run(naive *n, one *j)
{
    j->running = false;
    n->free[j->group] += j->job->gpus;
    j->out->held += n->now - j->begun;
    n->disturbed = true;
}

static void preempt(naive *n, one *j)
{
    double work = j->saved + n->now - j->begun, kept = 0;

    stop_run(n, j);
    if (j->job->checkpoint == 0)
        kept = work;
    else if (!isinf(j->job->checkpoint))
        while (kept + j->job->checkpoint <= work) kept += j->job->checkpoint;
    if (kept < j->saved) kept = j->saved;
    j->out->lost += work - kept;
    j->out->restarts++;
    j->saved = kept;
    j->waiting = true;
}

static double key(const naive *n, const one *j)
{
    if (is(n, "priority") || is(n, "preemptive")) return -j->job->priority;
    if (is(n, "sjf")) return j->job->estimate > 0 ? j->job->estimate : j->job->duration;
    return 0;
}

/* The waiting jobs in the policy's order; equals by arrival. */
static int line_up(naive *n, one **queue)
{
    int length = 0;

    for (int i = 0; i < n->count; i++) {
        int at = length;
        if (!n->jobs[i].waiting) continue;
        for (; at > 0 && key(n, queue[at - 1]) > key(n, &n->jobs[i]); at--)
            queue[at] = queue[at - 1];
        queue[at] = &n->jobs[i];
        length++;
    }
    return length;
}

/* Where the job starts if it may use groups `may`: -1 nowhere. */
static int choose(const naive *n, const one *j, const bool *may)
{
    int fits = -1;

    for (int g = 0; g < n->groups; g++) {
        if (!may[g] || !allowed(n, j, g) || n->free[g] < j->job->gpus) continue;
        if (likes(j, g)) return g;
        if (fits < 0) fits = g;
    }
    return fits;
}

static const bool ANY[GROUPS] = {true, true, true};

/* Starts from the front until one does not fit, and returns that one. */
static one *in_order(naive *n)
{
    one *queue[MOST_JOBS];
    int length = line_up(n, queue);

    for (int i = 0; i < length; i++) {
        int g = choose(n, queue[i], ANY);
        if (g < 0) return queue[i];
        start(n, queue[i], g);
    }
    return NULL;
}

static bool goes_before(const one *a, const one *b)
{
    return a->job->priority < b->job->priority ||
           (a->job->priority == b->job->priority && a->job->id > b->job->id);
}

static one *next_victim(naive *n, const one *head, int g)
{
    one *victim = NULL;

    for (int i = 0; i < n->count; i++) {
        one *j = &n->jobs[i];
        if (!j->running || j->group != g || j->job->priority >= head->job->priority) continue;
        if (!victim || goes_before(j, victim)) victim = j;
    }
    return victim;
}

static void preemptive(naive *n)
{
    for (one *head = in_order(n); head; head = in_order(n)) {
        bool may[GROUPS] = {false};
        int chosen = -1;

        for (int g = 0; g < n->groups; g++) {
            int64_t gpus = n->free[g];
            for (int i = 0; i < n->count; i++) {
                const one *j = &n->jobs[i];
                if (j->running && j->group == g && j->job->priority < head->job->priority)
                    gpus += j->job->gpus;
            }
            may[g] = allowed(n, head, g) && gpus >= head->job->gpus;
        }
        for (int g = n->groups; g-- > 0;) {
            if (may[g] && (chosen < 0 || likes(head, g) || !likes(head, chosen))) chosen = g;
        }
        if (chosen < 0) return;
        while (n->free[chosen] < head->job->gpus) preempt(n, next_victim(n, head, chosen));
    }
}

/* The earliest expected end at which the job fits on the group; INFINITY: never. */
static double shadow_on(const naive *n, const one *head, int g, int64_t *extra)
{
    double best = INFINITY;

    for (int i = 0; i < n->count; i++) {
        const one *end = &n->jobs[i];
        if (!end->running || end->group != g) continue;
        double t = end->begun + expected(end);
        int64_t gpus = n->free[g];
        for (int k = 0; k < n->count; k++) {
            const one *j = &n->jobs[k];
            if (j->running && j->group == g && j->begun + expected(j) <= t) gpus += j->job->gpus;
        }
        if (gpus >= head->job->gpus && t < best) {
            best = t;
            *extra = gpus - head->job->gpus;
        }
    }
    return best;
}

static void easy(naive *n)
{
    one *queue[MOST_JOBS], *head = in_order(n);
    int length = line_up(n, queue), group = 0;
    double shadow = INFINITY;
    int64_t extra = 0;

    if (!head) return;
    for (int g = 0; g < n->groups; g++) {
        int64_t extra_here = 0;
        double here = allowed(n, head, g) ? shadow_on(n, head, g, &extra_here) : INFINITY;
        if (here < shadow ||
            (here == shadow && !isinf(here) && likes(head, g) && !likes(head, group))) {
            shadow = here;
            extra = extra_here;
            group = g;
        }
    }
    for (int i = 1; i < length; i++) {
        bool may[GROUPS] = {true, true, true}, in_time = expected(queue[i]) <= shadow - n->now;
        may[group] = in_time || queue[i]->job->gpus <= extra;
        int g = choose(n, queue[i], may);
        if (g < 0) continue;
        start(n, queue[i], g);
        if (g == group && !in_time) extra -= queue[i]->job->gpus;
    }
}

static void mark(naive *n, int g, double from, double to, int64_t gpus)
{
    assert(isinf(to) || to < SECONDS);
    for (int s = (int)from; s < SECONDS && s < to; s++) n->line[g][s] += gpus;
}

static void clean_line(naive *n)
{
    for (int g = 0; g < n->groups; g++) {
        for (int s = 0; s < SECONDS; s++) n->line[g][s] = n->w->groups[g].units;
    }
    for (int i = 0; i < n->count; i++) {
        const one *j = &n->jobs[i];
        if (j->running) mark(n, j->group, n->now, j->begun + expected(j), -(int64_t)j->job->gpus);
    }
}

static double earliest(const naive *n, const one *j, int g)
{
    int length = (int)fmax(1, expected(j)), fits = 0;

    for (int s = (int)n->now; s < SECONDS; s++) {
        fits = n->line[g][s] >= j->job->gpus ? fits + 1 : 0;
        if (fits == length) return s - length + 1;
    }
    return INFINITY;
}

static void promise(naive *n, one *j)
{
    j->promise = INFINITY;
    for (int g = 0; g < n->groups; g++) {
        double t = allowed(n, j, g) ? earliest(n, j, g) : INFINITY;
        if (t < j->promise ||
            (t == j->promise && !isinf(t) && likes(j, g) && !likes(j, j->group))) {
            j->promise = t;
            j->group = g;
        }
    }
    mark(n, j->group, j->promise, j->promise + expected(j), -(int64_t)j->job->gpus);
}

static bool can_keep(const naive *n, one **queue, int length)
{
    for (int i = 0; i < length; i++) {
        if (queue[i]->promise < n->now) return false;
    }
    for (int g = 0; g < n->groups; g++) {
        for (int s = (int)n->now; s < SECONDS; s++) {
            if (n->line[g][s] < 0) return false;
        }
    }
    return true;
}

static void conservative(naive *n)
{
    one *queue[MOST_JOBS];
    int length = line_up(n, queue);

    clean_line(n);
    for (int i = 0; i < length; i++) {
        one *j = queue[i];
        if (!isnan(j->promise))
            mark(n, j->group, j->promise, j->promise + expected(j), -(int64_t)j->job->gpus);
    }
    bool kept = can_keep(n, queue, length);
    if (!kept) clean_line(n);
    for (int i = 0; i < length; i++) {
        one *j = queue[i];
        if (kept && !n->disturbed && !isnan(j->promise)) continue;
        if (kept && !isnan(j->promise))
            mark(n, j->group, j->promise, j->promise + expected(j), j->job->gpus);
        promise(n, j);
    }
    for (int i = 0; i < length; i++) {
        if (queue[i]->promise <= n->now && n->free[queue[i]->group] >= queue[i]->job->gpus)
            start(n, queue[i], queue[i]->group);
    }
}

static void pass(naive *n)
{
    if (is(n, "easy"))
        easy(n);
    else if (is(n, "conservative"))
        conservative(n);
    else if (is(n, "preemptive"))
        preemptive(n);
    else
        in_order(n);
    n->disturbed = false;
}

/* What ends now, or exceeds its estimate. Returns whether anything did. */
static bool end_runs(naive *n)
{
    bool any = false;

    for (int i = 0; i < n->count; i++) {
        one *j = &n->jobs[i];
        if (!j->running || stops(n, j) > n->now) continue;
        any = true;
        n->disturbed = true;
        if (left(j) <= expected(j) || !(n->ends_matter || n->w->overrun == FC_OVERRUN_KILL)) {
            stop_run(n, j);
            leave(n, j, FC_JOB_DONE);
        } else if (n->w->overrun == FC_OVERRUN_KILL) {
            stop_run(n, j);
            j->out->lost = j->out->held;
            leave(n, j, FC_JOB_FAILED);
        } else {
            j->estimate = fmax(2 * j->estimate, j->estimate + 60);
        }
    }
    return any;
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
        gpus += n->w->groups[g].units;
        if (allowed(n, j, g) && j->job->gpus <= n->w->groups[g].units) too_large = false;
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
    return false;
}

/* One instant. */
static void live(naive *n)
{
    do {
        end_runs(n);
        double backlog = backlog_of(n);
        for (int i = 0; i < n->count; i++) {
            if (!n->jobs[i].arrived && n->jobs[i].job->arrival <= n->now)
                arrive(n, &n->jobs[i], backlog);
        }
        pass(n);
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
    return next;
}

void naive_schedule(const random_workload *w, const char *policy, outcome *out)
{
    naive *n = calloc(1, sizeof *n);

    assert(n && strlen(policy) < sizeof n->policy);
    n->w = w;
    strcpy(n->policy, policy);
    n->ends_matter = is(n, "easy") || is(n, "conservative");
    n->count = (int)w->job_count;
    n->groups = (int)w->group_count;
    for (int g = 0; g < n->groups; g++) n->free[g] = w->groups[g].units;
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
