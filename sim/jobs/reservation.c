/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/reservation.h"

/* When the job fits on a flat group, and what is extra then. */
static fc_reservation on_flat(const fc_group *g, uint32_t gpus)
{
    fc_reservation r = {.made = true, .time = INFINITY};
    uint64_t missing = gpus + g->leaving - g->free; /* gpus > free, or it would fit */
    fc_ordered_entry entry = {0};

    if (!fc_ordered_reach(&g->running, missing, &entry)) return r;
    r.time = entry.key;
    r.extra = fc_ordered_gpus_through(&g->running, r.time) - missing;
    return r;
}

/* On servers; the projection and what it spares stay behind in the group's servers. */
static fc_reservation on_servers(fc_group *g, const fc_tasks *tasks, uint32_t gpus)
{
    fc_reservation r = {.made = true, .time = INFINITY};
    fc_servers *s = &g->servers;
    fc_ordered_entry entry = {0};
    bool more = fc_ordered_first(&g->running, &entry);

    fc_servers_project(s);
    while (more && (isinf(r.time) || entry.key == r.time)) {
        fc_servers_project_end(s, tasks->task[entry.slot].share);
        if (fc_servers_room(s->size, s->then_level) >= gpus) r.time = entry.key;
        more = fc_ordered_after(&g->running, entry.key, entry.seq, &entry);
    }
    if (!isinf(r.time)) fc_servers_project_place(s, gpus);
    return r;
}

void fc_reservation_make(fc_reservation *r, fc_cluster *c, const fc_tasks *tasks, const fc_job *job)
{
    uint32_t among = fc_cluster_groups_of(c, job);

    *r = (fc_reservation){.made = true, .time = INFINITY};
    for (uint32_t i = 0; i < c->count; i++) {
        fc_group *g = &c->groups[i];
        fc_reservation here;
        if (!(among >> i & 1)) continue;
        here = fc_group_is_flat(g) ? on_flat(g, job->gpus) : on_servers(g, tasks, job->gpus);
        here.group = i;
        bool preferred = (job->preferred >> i & 1) && !(job->preferred >> r->group & 1);
        if (here.time < r->time || (here.time == r->time && preferred)) *r = here;
    }
}

uint64_t fc_reservation_room(const fc_reservation *r, const fc_cluster *c)
{
    const fc_group *g = &c->groups[r->group];

    if (!fc_group_is_flat(g)) return fc_servers_spare_room(&g->servers);
    return r->extra < g->free ? r->extra : g->free;
}
