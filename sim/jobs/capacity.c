/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Capacity that comes and goes, and what becomes of the jobs that lie on what goes.
 */
#include <math.h>

#include "fleetcast/error.h"
#include "jobs/scheduler.h"

static int fail_unit(fc_scheduler *s, const fc_capacity_change *c)
{
    const fc_group *g = &s->cluster.groups[c->group];
    uint32_t unit = (uint32_t)(c->place * g->spec.most), slot = FC_NO_SLOT;
    int ret = FC_OK;

    if (!fc_cluster_strikes(&s->cluster, c->group, unit, &slot)) return FC_OK;
    while (ret == FC_OK && slot != FC_NO_SLOT) {
        ret = fc_scheduler_stop(s, slot);
        if (fc_group_is_flat(g)) break;
        fc_cluster_strikes(&s->cluster, c->group, unit, &slot);
    }
    if (ret || !fc_cluster_break(&s->cluster, c->group, unit) || isinf(c->back)) return ret;
    fc_event mended = {.kind = FC_JOB_MENDED, .subject = unit, .detail = c->group};
    return fc_calendar_schedule(&s->calendar, s->now + c->back, 0, mended, NULL);
}

/* Stops every job on the units [from, from + n) of a flat pool. */
static int stop_along(fc_scheduler *s, uint32_t group, uint64_t from, uint32_t n)
{
    const fc_ordered *running = &s->cluster.groups[group].running;
    fc_ordered_entry job = {0}, last = {0}, next = {0};
    bool more = fc_ordered_reach(running, from + 1, &job);
    bool to_end = !fc_ordered_reach(running, from + n, &last);
    int ret = FC_OK;

    while (ret == FC_OK && more) {
        more =
            (to_end || job.seq != last.seq) && fc_ordered_after(running, job.key, job.seq, &next);
        ret = fc_scheduler_stop(s, job.slot);
        job = next;
    }
    return ret;
}

/* Which units go is settled before any job on them stops. */
static int strike_flat(fc_scheduler *s, const fc_capacity_change *c)
{
    const fc_group *g = &s->cluster.groups[c->group];
    uint64_t all = g->held + g->free, last = 0, from = 0;

    if (c->units == 0) return FC_OK;
    if (fc_cluster_units(&s->cluster, c->group) < c->units) return FC_E_DOMAIN;
    from = last = all - c->units;
    if (c->kind == FC_CAPACITY_STRIKE)
        from = (uint64_t)(c->place * ((double)all / c->units)) * c->units;
    int ret = fc_cluster_remove(&s->cluster, c->group, c->units);
    return ret ? ret : stop_along(s, c->group, from < last ? from : last, c->units);
}

static int strike_servers(fc_scheduler *s, const fc_capacity_change *c)
{
    int ret = FC_OK;

    for (uint32_t left = c->units; ret == FC_OK && left > 0; left--) {
        uint32_t server = 0, slot = FC_NO_SLOT;

        ret = fc_cluster_server_at(&s->cluster, c->group, c, &server);
        if (ret) return ret;
        fc_cluster_strikes(&s->cluster, c->group, server, &slot);
        while (ret == FC_OK && slot != FC_NO_SLOT) {
            ret = fc_scheduler_stop(s, slot);
            fc_cluster_strikes(&s->cluster, c->group, server, &slot);
        }
        if (ret == FC_OK) fc_cluster_lose(&s->cluster, c->group, server);
    }
    return ret;
}

int fc_scheduler_change_capacity(fc_scheduler *s, const fc_capacity_change *c)
{
    s->disturbed = true;
    switch (c->kind) {
    case FC_CAPACITY_ADD:
        return fc_cluster_add(&s->cluster, c->group, c->units);
    case FC_CAPACITY_REMOVE:
        return fc_cluster_remove(&s->cluster, c->group, c->units);
    case FC_CAPACITY_FAIL:
        return fail_unit(s, c);
    case FC_CAPACITY_STRIKE:
    case FC_CAPACITY_TAKE:
        return fc_group_is_flat(&s->cluster.groups[c->group]) ? strike_flat(s, c)
                                                              : strike_servers(s, c);
    }
    return FC_E_DOMAIN;
}
