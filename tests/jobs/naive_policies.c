/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass of each policy, from its definition.
 */
#include <assert.h>
#include <string.h>

#include "naive_state.h"

static double key(const naive *n, const one *j)
{
    if (naive_is(n, "priority") || naive_is(n, "preemptive")) return -j->job->priority;
    if (naive_is(n, "sjf")) return j->job->estimate > 0 ? j->job->estimate : j->job->duration;
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

    for (int g = 0; g < GROUPS; g++) {
        if (!may[g] || !naive_allowed(n, j, g) || !naive_fits(n, j, g)) continue;
        if (likes(j, g)) return g;
        if (fits < 0) fits = g;
    }
    return fits;
}

/* Starts from the front who fits. One that does not, though it would if nothing else ran, keeps
 * all behind it off the groups it can run on; the first such is returned. */
static one *in_order(naive *n)
{
    one *queue[MOST_JOBS], *first = NULL;
    bool open[GROUPS] = {true, true, true};
    int length = line_up(n, queue);

    for (int i = 0; i < length; i++) {
        int g = choose(n, queue[i], open);
        if (g >= 0) naive_start(n, queue[i], g, NULL);
        if (g >= 0 || !naive_could_hold(n, queue[i], open)) continue;
        if (!first) first = queue[i];
        for (g = 0; g < n->groups; g++)
            if (naive_allowed(n, queue[i], g)) open[g] = false;
    }
    return first;
}

/* ---- Preemption. */

static bool goes_before(const one *a, const one *b)
{
    return a->job->priority < b->job->priority ||
           (a->job->priority == b->job->priority && a->job->id > b->job->id);
}

/* Those it may preempt there, in the order in which they are. */
static int line_up_victims(naive *n, const one *head, int g, one **victims)
{
    int length = 0;

    for (int i = 0; i < n->count; i++) {
        one *j = &n->jobs[i];
        int at = length;
        if (!j->running || j->group != g || j->job->priority >= head->job->priority) continue;
        for (; at > 0 && goes_before(j, victims[at - 1]); at--) victims[at] = victims[at - 1];
        victims[at] = j;
        length++;
    }
    return length;
}

/* Without these (NULL: one that runs on). */
static bool could_fit(const naive *n, const one *head, int g, one **victims, int length)
{
    const pool *p = &n->pools[g];
    int64_t gpus = p->free - p->leaving;
    uint32_t free[SERVERS];

    for (int i = 0; i < p->most && p->size > 0; i++) free[i] = p->servers[i].free;
    for (int i = 0; i < length; i++) {
        const one *j = victims[i];
        if (!j) continue;
        gpus += j->job->gpus;
        for (int k = 0; k < j->parts; k++) free[j->part[k].server] += j->part[k].gpus;
    }
    return p->size > 0 ? naive_room(p, free) >= head->job->gpus : gpus >= head->job->gpus;
}

/* As few from the front as will do, and of these nobody beside whom it would fit all the same, the
 * last asked first. */
static void make_room(naive *n, const one *head, int g)
{
    one *victims[MOST_JOBS];
    int length = line_up_victims(n, head, g, victims);

    while (could_fit(n, head, g, victims, length - 1)) length--;
    for (int i = length; i-- > 0;) {
        one *j = victims[i];
        victims[i] = NULL;
        if (!could_fit(n, head, g, victims, length)) victims[i] = j;
    }
    for (int i = length; i-- > 0;)
        if (victims[i]) naive_stop(n, victims[i]);
}

static void preemptive(naive *n)
{
    one *victims[MOST_JOBS];

    for (one *head = in_order(n); head; head = in_order(n)) {
        int chosen = -1;

        for (int g = n->groups; g-- > 0;) {
            int length = line_up_victims(n, head, g, victims);
            if (!naive_allowed(n, head, g) || !could_fit(n, head, g, victims, length)) continue;
            if (chosen < 0 || likes(head, g) || !likes(head, chosen)) chosen = g;
        }
        if (chosen < 0) return;
        make_room(n, head, chosen);
    }
}

/* ---- EASY. */

/* Starts from the front until one does not fit, though it would if nothing else ran; that one. */
static one *first_waiting(naive *n)
{
    static const bool any[GROUPS] = {true, true, true};
    one *queue[MOST_JOBS];
    int length = line_up(n, queue);

    for (int i = 0; i < length; i++) {
        int g = choose(n, queue[i], any);
        if (g >= 0)
            naive_start(n, queue[i], g, NULL);
        else if (naive_could_hold(n, queue[i], any))
            return queue[i];
    }
    return NULL;
}

/* What is free on each server, and in all, when everything expected to end by `t` has. */
static int64_t free_at(const naive *n, int g, double t, uint32_t *free)
{
    const pool *p = &n->pools[g];
    int64_t gpus = p->free - p->leaving;

    for (int i = 0; i < p->most && p->size > 0; i++) free[i] = p->servers[i].free;
    for (int i = 0; i < n->count; i++) {
        const one *j = &n->jobs[i];
        if (!j->running || j->group != g || expected_end(j) > t) continue;
        gpus += j->job->gpus;
        for (int k = 0; k < j->parts; k++) free[j->part[k].server] += j->part[k].gpus;
    }
    return p->size > 0 ? naive_room(p, free) : gpus;
}

/* The servers that a gang is given at the shadow time are no longer spare. */
static void keep_servers(const naive *n, int g, uint32_t gpus, uint32_t *spare)
{
    const pool *p = &n->pools[g];
    uint32_t whole = gpus / p->size, part = gpus % p->size;
    int rest = -1;

    for (int i = 0; i < p->most; i++) {
        if (p->servers[i].state != IN || spare[i] < part) continue;
        if (rest < 0 || spare[i] < spare[rest]) rest = i;
    }
    if (part > 0) spare[rest] -= part;
    for (int empty = 0; empty < 2; empty++) {
        for (int i = 0; i < p->most && whole > 0; i++) {
            const server *s = &p->servers[i];
            if (s->state != IN || spare[i] < p->size || (s->free == p->size) != empty) continue;
            spare[i] = 0;
            whole--;
        }
    }
    assert(whole == 0);
}

/* The earliest time, now or at an expected end, at which the job fits on the group, on servers not
 * before `from`; INFINITY: never. */
static kept reserve_on(const naive *n, const one *head, int g, double from)
{
    kept here = {.made = true, .group = g, .shadow = INFINITY};
    uint32_t free[SERVERS];

    if (naive_fits(n, head, g)) here.shadow = n->now;
    for (int i = 0; i < n->count; i++) {
        const one *end = &n->jobs[i];
        if (!end->running || end->group != g || expected_end(end) >= here.shadow) continue;
        if (free_at(n, g, expected_end(end), free) >= head->job->gpus)
            here.shadow = expected_end(end);
    }
    if (isinf(here.shadow)) return here;
    if (n->pools[g].size > 0) here.shadow = fmax(here.shadow, from);
    here.extra = free_at(n, g, here.shadow, here.spare) - head->job->gpus;
    if (n->pools[g].size > 0) keep_servers(n, g, head->job->gpus, here.spare);
    return here;
}

static kept reserve(const naive *n, const one *head)
{
    kept best = {.made = true, .shadow = INFINITY};

    for (int g = 0; g < n->groups; g++) {
        if (!naive_allowed(n, head, g)) continue;
        kept here = reserve_on(n, head, g, n->now);
        if (here.shadow < best.shadow || (here.shadow == best.shadow && !isinf(here.shadow) &&
                                          likes(head, g) && !likes(head, best.group)))
            best = here;
    }
    return best;
}

static bool ends_in_time(const naive *n, const one *j, const kept *k)
{
    return isinf(k->shadow) || expected(j) <= k->shadow - n->now;
}

/* Whether a job that lasts beyond the shadow time leaves the reservation its place. */
static bool is_spared(const naive *n, const one *j, const kept *k)
{
    const pool *p = &n->pools[k->group];
    uint32_t spare[SERVERS];

    if (p->size == 0) return j->job->gpus <= k->extra;
    for (int i = 0; i < p->most; i++)
        spare[i] = k->spare[i] < p->servers[i].free ? k->spare[i] : p->servers[i].free;
    return naive_room(p, spare) >= j->job->gpus;
}

/* Starts a job beside a reservation on this group. */
static void start_beside(naive *n, one *j, int g, kept *k)
{
    if (g != k->group || ends_in_time(n, j, k)) {
        naive_start(n, j, g, NULL);
    } else {
        if (n->pools[g].size == 0) k->extra -= j->job->gpus;
        naive_start(n, j, g, n->pools[g].size > 0 ? k->spare : NULL);
    }
}

static void easy(naive *n)
{
    one *queue[MOST_JOBS];
    int length = 0;

    if (n->disturbed || !n->kept.made) {
        one *head = first_waiting(n);
        n->kept.made = false;
        if (!head) return;
        n->kept = reserve(n, head);
    }
    length = line_up(n, queue);
    for (int i = 0; i < length; i++) {
        bool may[GROUPS] = {true, true, true};
        may[n->kept.group] =
            ends_in_time(n, queue[i], &n->kept) || is_spared(n, queue[i], &n->kept);
        int g = choose(n, queue[i], may);
        if (g >= 0) start_beside(n, queue[i], g, &n->kept);
    }
}

/* ---- Conservative. */

/* If all that is there ran one after the other, and what was promised before lies within it. */
static void set_horizon(naive *n)
{
    double seconds = n->now + 2;

    for (int i = 0; i < n->count; i++) {
        if (n->jobs[i].running) seconds += expected_end(&n->jobs[i]) - n->now;
        if (n->jobs[i].waiting) seconds += fmax(1, expected(&n->jobs[i]));
    }
    if (seconds > n->horizon) n->horizon = (int)seconds;
    assert(n->horizon <= SECONDS);
}

static void mark(naive *n, int g, double from, double to, int64_t gpus)
{
    assert(isinf(to) || to <= n->horizon);
    for (int s = (int)from; s < n->horizon && s < to; s++) n->line[g][s] += gpus;
}

static void clean_line(naive *n)
{
    for (int g = 0; g < n->groups; g++) {
        for (int s = (int)n->now; s < n->horizon; s++)
            n->line[g][s] = n->pools[g].free - n->pools[g].leaving;
    }
    for (int i = 0; i < n->count; i++) {
        const one *j = &n->jobs[i];
        if (j->running) mark(n, j->group, expected_end(j), INFINITY, j->job->gpus);
    }
}

static double earliest(const naive *n, const one *j, int g)
{
    int length = (int)fmax(1, expected(j)), fits = 0;

    for (int s = (int)n->now; s < n->horizon; s++) {
        fits = n->line[g][s] >= j->job->gpus ? fits + 1 : 0;
        if (fits == length) return s - length + 1;
    }
    return INFINITY;
}

/* Of two groups that promise the same start. */
static bool is_better(const naive *n, const one *j, int g, int than)
{
    bool now = j->promise == n->now;
    bool place = now && naive_fits(n, j, g), other = now && naive_fits(n, j, than);

    return place != other ? place : likes(j, g) && !likes(j, than);
}

static void promise(naive *n, one *j)
{
    j->promise = INFINITY;
    j->group = 0;
    for (int g = 0; g < n->groups; g++) {
        double t = naive_allowed(n, j, g) ? earliest(n, j, g) : INFINITY;
        if (t < j->promise || (t == j->promise && !isinf(t) && is_better(n, j, g, j->group))) {
            j->promise = t;
            j->group = g;
        }
    }
    if (!isinf(j->promise))
        mark(n, j->group, j->promise, j->promise + expected(j), -(int64_t)j->job->gpus);
}

static bool has_promise(const one *j)
{
    return !isnan(j->promise) && !isinf(j->promise);
}

static bool can_keep(const naive *n, one **queue, int length)
{
    for (int i = 0; i < length; i++) {
        if (queue[i]->promise < n->now) return false;
    }
    for (int g = 0; g < n->groups; g++) {
        if (n->pools[g].leaving > 0) return false;
        for (int s = (int)n->now; s < n->horizon; s++) {
            if (n->line[g][s] < 0) return false;
        }
    }
    return true;
}

/* Starts whom it is time to start, in order of arrival. On servers the first of each group that is
 * not started is kept some for when its time comes. False: one that was due there did not start. */
static bool start_promised(naive *n, one **queue, int length)
{
    kept keeps[GROUPS] = {{0}};
    bool all = true;

    for (int i = 0; i < length; i++) {
        one *j = queue[i];
        kept *k = &keeps[j->group];
        bool due = j->promise <= n->now, flat = n->pools[j->group].size == 0;

        if (j->running || (!due && (flat || isinf(j->promise)))) continue;
        if (!due || !naive_fits(n, j, j->group)) {
            if (!k->made) *k = reserve_on(n, j, j->group, j->promise);
        } else if (!k->made) {
            naive_start(n, j, j->group, NULL);
        } else if (ends_in_time(n, j, k) || is_spared(n, j, k)) {
            start_beside(n, j, j->group, k);
        }
        if (due && !flat && !j->running) all = false;
    }
    return all;
}

static void conservative(naive *n)
{
    one *queue[MOST_JOBS];
    int length = line_up(n, queue);

    set_horizon(n);
    clean_line(n);
    for (int i = 0; i < length; i++) {
        one *j = queue[i];
        if (has_promise(j))
            mark(n, j->group, fmax(j->promise, n->now), j->promise + expected(j),
                 -(int64_t)j->job->gpus);
    }
    bool keeps = can_keep(n, queue, length);
    if (!keeps) clean_line(n);
    for (int i = 0; i < length; i++) {
        one *j = queue[i];
        if (keeps && !n->disturbed && has_promise(j)) continue;
        if (keeps && has_promise(j))
            mark(n, j->group, j->promise, j->promise + expected(j), j->job->gpus);
        promise(n, j);
    }
    if (start_promised(n, queue, length) || !keeps) return;
    clean_line(n);
    for (int i = 0; i < length; i++)
        if (queue[i]->waiting) promise(n, queue[i]);
    start_promised(n, queue, length);
}

void naive_pass(naive *n)
{
    if (naive_is(n, "easy"))
        easy(n);
    else if (naive_is(n, "conservative"))
        conservative(n);
    else if (naive_is(n, "preemptive"))
        preemptive(n);
    else if (naive_is(n, "fair"))
        naive_fair(n);
    else
        in_order(n);
    n->disturbed = false;
}
