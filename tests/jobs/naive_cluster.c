/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers and capacity, as plainly as can be. Of servers that are equally good the one is taken
 * that came last to have so many GPUs free; what is kept for others goes by the lowest number.
 */
#include <assert.h>
#include <string.h>

#include "naive_state.h"

static void touch(naive *n, server *s)
{
    s->since = ++n->touched;
}

static void enter(naive *n, pool *p, int i)
{
    p->servers[i].state = IN;
    p->servers[i].free = p->size;
    p->free += p->size;
    touch(n, &p->servers[i]);
}

void naive_cluster_begin(naive *n)
{
    n->groups = (int)n->w->group_count;
    for (int g = 0; g < n->groups; g++) {
        const fc_gpu_group *group = &n->w->groups[g];
        pool *p = &n->pools[g];

        p->size = group->server_gpus;
        p->most = (int)group->most;
        if (p->size == 0) p->free = group->units;
        for (int i = (int)group->units; p->size > 0 && i-- > 0;) enter(n, p, i);
    }
}

uint32_t naive_room(const pool *p, const uint32_t *free)
{
    uint32_t whole = 0, part = 0;

    for (int i = 0; i < p->most; i++) {
        if (p->servers[i].state != IN) continue;
        if (free[i] == p->size)
            whole++;
        else if (free[i] > part)
            part = free[i];
    }
    return whole * p->size + part;
}

/* GPUs of a server that may be taken. */
static uint32_t open_on(const pool *p, int i, const uint32_t *spare)
{
    uint32_t free = p->servers[i].state == IN ? p->servers[i].free : 0;

    return spare && spare[i] < free ? spare[i] : free;
}

bool naive_fits(const naive *n, const one *j, int group)
{
    const pool *p = &n->pools[group];
    uint32_t free[SERVERS];

    if (p->size == 0) return p->free >= j->job->gpus;
    for (int i = 0; i < p->most; i++) free[i] = open_on(p, i, NULL);
    return naive_room(p, free) >= j->job->gpus;
}

/* Best fit: the fewest GPUs free that suffice. */
static int best(const pool *p, uint32_t gpus, const uint32_t *spare)
{
    int found = -1;

    for (int i = 0; i < p->most; i++) {
        const server *s = &p->servers[i], *b = &p->servers[found < 0 ? 0 : found];
        if (open_on(p, i, spare) < gpus) continue;
        if (found < 0 || s->free < b->free || (s->free == b->free && !spare && s->since > b->since))
            found = i;
    }
    return found;
}

void naive_place(naive *n, one *j, int group, uint32_t *spare)
{
    pool *p = &n->pools[group];
    uint32_t gpus = j->job->gpus;

    p->free -= gpus;
    p->held += gpus;
    j->parts = 0;
    if (p->size == 0) {
        assert(p->free >= 0);
        return;
    }
    for (uint32_t take = gpus % p->size; gpus > 0; gpus -= take, take = p->size) {
        if (take == 0) take = p->size;
        int i = best(p, take, spare);
        assert(i >= 0);
        p->servers[i].free -= take;
        touch(n, &p->servers[i]);
        if (spare) spare[i] -= take;
        j->part[j->parts].server = i;
        j->part[j->parts++].gpus = take;
    }
}

void naive_release(naive *n, one *j)
{
    pool *p = &n->pools[j->group];

    p->held -= j->job->gpus;
    if (p->size == 0) {
        int64_t gone = p->leaving < j->job->gpus ? p->leaving : j->job->gpus;
        p->leaving -= gone;
        p->free += j->job->gpus - gone;
    }
    while (j->parts > 0) {
        j->parts--;
        server *s = &p->servers[j->part[j->parts].server];
        s->free += j->part[j->parts].gpus;
        if (s->state == IN) {
            p->free += j->part[j->parts].gpus;
            touch(n, s);
        } else if (s->free == p->size) {
            s->state = OUT;
        }
    }
}

/* ---- Capacity that comes and goes. */

static void add(naive *n, pool *p, int64_t units)
{
    while (units > 0 && p->owed > 0) units--, p->owed--;
    if (p->size == 0) {
        while (units > 0 && p->leaving > 0) units--, p->leaving--;
        p->free += units;
        return;
    }
    for (int i = 0; i < p->most && units > 0; i++) {
        if (p->servers[i].state != LEAVING) continue;
        p->servers[i].state = IN;
        p->free += p->servers[i].free;
        touch(n, &p->servers[i]);
        units--;
    }
    for (int i = 0; i < p->most && units > 0; i++) {
        if (p->servers[i].state != OUT) continue;
        enter(n, p, i);
        units--;
    }
    assert(units == 0);
}

/* The emptiest server in service. */
static int emptiest(const pool *p)
{
    int found = -1;

    for (int i = 0; i < p->most; i++) {
        const server *s = &p->servers[i], *b = &p->servers[found < 0 ? 0 : found];
        if (s->state != IN) continue;
        if (found < 0 || s->free > b->free || (s->free == b->free && s->since > b->since))
            found = i;
    }
    return found;
}

static void remove_units(pool *p, int64_t units)
{
    if (p->size == 0) {
        while (units > 0 && p->free > 0) units--, p->free--;
        while (units > 0 && p->leaving < p->held) units--, p->leaving++;
    } else {
        for (int i = emptiest(p); units > 0 && i >= 0; units--, i = emptiest(p)) {
            p->free -= p->servers[i].free;
            p->servers[i].state = p->servers[i].free == p->size ? OUT : LEAVING;
        }
    }
    p->owed += units;
    assert(p->owed <= p->broken);
}

/* The job that stands at a unit of a flat pool, of those that run by their expected ends; or the
 * one that came last to a server. NULL: none. */
static one *job_on(naive *n, int g, int64_t unit)
{
    one *found = NULL;

    if (n->pools[g].size > 0) {
        for (int i = 0; i < n->count; i++) {
            one *j = &n->jobs[i];
            for (int k = 0; j->running && j->group == g && k < j->parts; k++) {
                if (j->part[k].server == unit && (!found || j->started > found->started)) found = j;
            }
        }
        return found;
    }
    for (int i = 0; i < n->count; i++) {
        int64_t before = 0;
        one *j = &n->jobs[i];
        if (!j->running || j->group != g) continue;
        for (int k = 0; k < n->count; k++) {
            const one *other = &n->jobs[k];
            if (!other->running || other->group != g || k == i) continue;
            if (expected_end(other) < expected_end(j) ||
                (expected_end(other) == expected_end(j) && k < i))
                before += other->job->gpus;
        }
        if (before <= unit && unit < before + j->job->gpus) found = j;
    }
    return found;
}

static void stop_all(naive *n, int g, int64_t unit)
{
    for (one *j = job_on(n, g, unit); j; j = job_on(n, g, unit)) {
        naive_stop(n, j);
        if (n->pools[g].size == 0) return; /* the unit is nobody's now */
    }
}

static void fail(naive *n, const fc_capacity_change *c)
{
    int g = (int)c->group, unit;
    pool *p = &n->pools[g];

    unit = (int)(c->place * p->most);
    if (p->size == 0 ? unit >= p->held + p->free
                     : p->servers[unit].state != IN && p->servers[unit].state != LEAVING)
        return;
    stop_all(n, g, unit);
    if (p->size == 0 ? p->free == 0 : p->servers[unit].state != IN) return; /* it was leaving */
    p->free -= p->size ? p->size : 1;
    p->broken++;
    if (p->size > 0) p->servers[unit].state = BROKEN;
    n->mends[n->mend_count].time = n->now + c->back;
    n->mends[n->mend_count].event = ++n->scheduled;
    n->mends[n->mend_count].group = g;
    n->mends[n->mend_count++].unit = unit;
}

/* Marks the jobs unit by unit before any of them stops. What is lost is the first that they let go
 * of, and then whatever is free. */
static void strike_flat(naive *n, const fc_capacity_change *c)
{
    int g = (int)c->group;
    pool *p = &n->pools[g];
    int64_t all = p->held + p->free, units = c->units, from = all - units;
    bool hit[MOST_JOBS] = {false};

    if (c->kind == FC_CAPACITY_STRIKE) {
        int64_t stretch = (int64_t)(c->place * ((double)all / (double)units));
        if (stretch * units < from) from = stretch * units;
    }
    for (int64_t unit = from; unit < from + units; unit++) {
        const one *j = job_on(n, g, unit);
        if (j) hit[j - n->jobs] = true;
    }
    p->leaving += units;
    for (int i = 0; i < n->count; i++)
        if (hit[i]) naive_stop(n, &n->jobs[i]);
    while (p->leaving > 0 && p->free > 0) p->leaving--, p->free--;
}

static void strike_servers(naive *n, const fc_capacity_change *c)
{
    int g = (int)c->group;
    pool *p = &n->pools[g];

    for (uint32_t left_over = c->units; left_over > 0; left_over--) {
        int staying = 0, unit = -1;
        for (int i = 0; i < p->most; i++) staying += p->servers[i].state == IN;
        for (int nth = (int)(c->place * staying); nth >= 0; nth--) do
                unit++;
            while (p->servers[unit].state != IN);
        if (c->kind == FC_CAPACITY_TAKE) unit = emptiest(p);
        stop_all(n, g, unit);
        p->servers[unit].state = OUT;
        p->free -= p->size;
    }
}

void naive_change(naive *n, const fc_capacity_change *c)
{
    pool *p = &n->pools[c->group];

    n->disturbed = true;
    if (c->kind == FC_CAPACITY_ADD) add(n, p, c->units);
    if (c->kind == FC_CAPACITY_REMOVE) remove_units(p, c->units);
    if (c->kind == FC_CAPACITY_FAIL) fail(n, c);
    if (c->kind == FC_CAPACITY_STRIKE || c->kind == FC_CAPACITY_TAKE) {
        if (p->size == 0)
            strike_flat(n, c);
        else
            strike_servers(n, c);
    }
}

void naive_mend(naive *n, int mend)
{
    pool *p = &n->pools[n->mends[mend].group];
    server *s = &p->servers[p->size ? n->mends[mend].unit : 0];

    n->mends[mend].time = INFINITY;
    n->disturbed = true;
    p->broken--;
    if (p->owed > 0) {
        p->owed--;
        s->state = OUT;
    } else if (p->leaving > 0) {
        p->leaving--;
    } else if (p->size == 0) {
        p->free++;
    } else {
        enter(n, p, n->mends[mend].unit);
    }
}

bool naive_could_hold(const naive *n, const one *j, const bool *groups)
{
    for (int g = 0; g < n->groups; g++) {
        const pool *p = &n->pools[g];
        int64_t stays = p->broken - p->owed;

        if (p->size == 0) stays += p->free + p->held - p->leaving;
        for (int i = 0; p->size > 0 && i < p->most; i++) stays += p->servers[i].state == IN;
        if (p->size > 0) stays *= p->size;
        if (groups[g] && naive_allowed(n, j, g) && j->job->gpus <= stays) return true;
    }
    return false;
}
