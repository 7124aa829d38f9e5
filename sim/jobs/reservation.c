/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleetcast/error.h"
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

/* When the gang fits on the group, without keeping servers for it. */
static int look_on(fc_reservation *r, fc_cluster *c, uint32_t group, const fc_tasks *tasks,
                   uint32_t gpus)
{
    fc_group *g = &c->groups[group];
    int ret = FC_OK;

    *r = (fc_reservation){.made = true, .time = INFINITY};
    if (fc_group_is_flat(g))
        *r = on_flat(g, gpus);
    else
        ret = fc_projection_reach(&g->projection, &g->servers, &g->running, tasks, gpus, &r->time);
    r->group = group;
    return ret;
}

static void keep_on(const fc_reservation *r, fc_cluster *c, uint32_t gpus)
{
    fc_group *g = &c->groups[r->group];

    if (!isinf(r->time) && !fc_group_is_flat(g))
        fc_projection_keep(&g->projection, &g->servers, gpus);
}

int fc_reservation_make_on(fc_reservation *r, fc_cluster *c, uint32_t group, const fc_tasks *tasks,
                           uint32_t gpus, double from)
{
    fc_group *g = &c->groups[group];
    int ret = FC_OK;

    if (fc_group_is_flat(g) || fc_group_room(g) < gpus)
        ret = look_on(r, c, group, tasks, gpus);
    else
        *r = (fc_reservation){.made = true, .group = group, .time = from};
    if (ret == FC_OK && !fc_group_is_flat(g) && r->time <= from) {
        r->time = from;
        ret = fc_projection_move(&g->projection, &g->servers, &g->running, tasks, from);
    }
    if (ret == FC_OK) keep_on(r, c, gpus);
    return ret;
}

int fc_reservation_make(fc_reservation *r, fc_cluster *c, const fc_tasks *tasks, const fc_job *job)
{
    uint32_t among = fc_cluster_groups_of(c, job);
    int ret = FC_OK;

    *r = (fc_reservation){.made = true, .time = INFINITY};
    for (uint32_t i = 0; ret == FC_OK && i < c->count; i++) {
        fc_reservation here = {0};

        if (!(among >> i & 1)) continue;
        ret = look_on(&here, c, i, tasks, job->gpus);
        bool preferred = (job->preferred >> i & 1) && !(job->preferred >> r->group & 1);
        if (here.time < r->time || (here.time == r->time && preferred)) *r = here;
    }
    if (ret == FC_OK) keep_on(r, c, job->gpus);
    return ret;
}

uint64_t fc_reservation_room(const fc_reservation *r, const fc_cluster *c)
{
    const fc_group *g = &c->groups[r->group];

    if (!fc_group_is_flat(g)) return fc_projection_spare_room(&g->projection, &g->servers);
    return r->extra < g->free ? r->extra : g->free;
}
