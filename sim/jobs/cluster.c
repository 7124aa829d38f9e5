/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "fleetcast/error.h"
#include "jobs/cluster.h"

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static int group_init(fc_group *g, const fc_gpu_group *spec)
{
    int ret = fc_ordered_init(&g->running, false);

    g->spec = *spec;
    if (g->spec.most < spec->units) g->spec.most = spec->units;
    g->free = (uint64_t)spec->units * fc_group_unit(g);
    if (ret == FC_OK && !fc_group_is_flat(g))
        ret = fc_servers_init(&g->servers, spec->server_gpus, spec->units,
                              g->spec.most > 0 ? g->spec.most : 1);
    return ret;
}

int fc_cluster_init(fc_cluster *c, const fc_gpu_group *groups, uint32_t count)
{
    int ret = FC_OK;

    *c = (fc_cluster){.all = count == 32 ? UINT32_MAX : (1u << count) - 1};
    c->groups = calloc(count, sizeof *c->groups);
    if (!c->groups) return FC_E_NOMEM;
    for (; ret == FC_OK && c->count < count; c->count++)
        ret = group_init(&c->groups[c->count], &groups[c->count]);
    return ret;
}

void fc_cluster_free(fc_cluster *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        fc_servers_free(&c->groups[i].servers);
        fc_ordered_free(&c->groups[i].running);
        fc_projection_free(&c->groups[i].projection);
    }
    free(c->groups);
    *c = (fc_cluster){0};
}

uint64_t fc_cluster_most_for(const fc_cluster *c, const fc_job *job)
{
    uint32_t among = fc_cluster_groups_of(c, job);
    uint64_t most = 0;

    for (uint32_t i = 0; i < c->count; i++) {
        uint64_t gpus = (uint64_t)c->groups[i].spec.most * fc_group_unit(&c->groups[i]);
        if (c->groups[i].spec.grows) gpus = UINT64_MAX;
        if ((among >> i & 1) && gpus > most) most = gpus;
    }
    return most;
}

uint32_t fc_cluster_choose(const fc_cluster *c, const fc_job *job, uint32_t among)
{
    uint32_t fits = UINT32_MAX;

    among &= fc_cluster_groups_of(c, job);
    for (uint32_t i = 0; i < c->count; i++) {
        if (!(among >> i & 1) || fc_group_room(&c->groups[i]) < job->gpus) continue;
        if (job->preferred >> i & 1) return i;
        if (fits == UINT32_MAX) fits = i;
    }
    return fits;
}

bool fc_cluster_is_fragmented_for(const fc_cluster *c, const fc_job *job)
{
    uint32_t among = fc_cluster_groups_of(c, job);
    bool enough = false;

    for (uint32_t i = 0; i < c->count; i++) {
        if (!(among >> i & 1) || c->groups[i].free < job->gpus) continue;
        if (fc_group_room(&c->groups[i]) >= job->gpus) return false;
        enough = true;
    }
    return enough;
}

static fc_ordered_entry running_entry(const fc_task *task, uint32_t slot)
{
    return (fc_ordered_entry){
        .key = task->expected_end, .seq = task->seq, .gpus = task->job.gpus, .slot = slot};
}

int fc_cluster_hold(fc_cluster *c, fc_task *task, uint32_t slot, bool within, bool *placed)
{
    fc_group *g = &c->groups[task->group];
    uint32_t gpus = task->job.gpus;
    int ret = FC_OK;

    *placed = true;
    task->share = FC_NO_SHARE;
    if (!fc_group_is_flat(g)) {
        if (within)
            ret =
                fc_projection_place(&g->projection, &g->servers, slot, gpus, &task->share, placed);
        else
            ret = fc_servers_place(&g->servers, slot, gpus, &task->share);
        if (ret || !*placed) return ret;
        fc_projection_put(&g->projection, &g->servers, task->share, task->expected_end);
    }
    assert(g->free >= gpus);
    g->free -= gpus;
    g->held += gpus;
    return c->indexed ? fc_ordered_insert(&g->running, running_entry(task, slot)) : FC_OK;
}

void fc_cluster_release(fc_cluster *c, fc_task *task)
{
    fc_group *g = &c->groups[task->group];
    uint64_t gpus = task->job.gpus, gone = 0;

    if (fc_group_is_flat(g)) {
        gone = lesser(g->leaving, gpus);
        g->leaving -= gone;
    } else {
        fc_projection_lift(&g->projection, &g->servers, task->share, task->expected_end);
        gone = fc_servers_release(&g->servers, task->share);
    }
    g->held -= gpus;
    g->free += gpus - gone;
    if (c->indexed) fc_ordered_remove(&g->running, task->expected_end, task->seq);
}

int fc_cluster_expect(fc_cluster *c, fc_task *task, uint32_t slot, double expected_end)
{
    fc_group *g = &c->groups[task->group];
    fc_ordered *running = &g->running;

    fc_projection_expect(&g->projection, &g->servers, task->share, task->expected_end,
                         expected_end);
    if (c->indexed) fc_ordered_remove(running, task->expected_end, task->seq);
    task->expected_end = expected_end;
    return c->indexed ? fc_ordered_insert(running, running_entry(task, slot)) : FC_OK;
}

int fc_cluster_add(fc_cluster *c, uint32_t group, uint32_t units)
{
    fc_group *g = &c->groups[group];
    uint32_t stay = (uint32_t)lesser(g->owed, units);
    uint64_t gpus = 0;

    fc_projection_forget(&g->projection);
    g->owed -= stay;
    units -= stay;
    if (!fc_group_is_flat(g)) {
        uint32_t added = fc_servers_add(&g->servers, units, &gpus);
        g->free += gpus;
        if (added == units) return FC_OK;
        if (!g->spec.grows) return FC_E_DOMAIN;
        units -= added;
        if (units > FC_MAX_UNITS - g->servers.most) return FC_E_DOMAIN;
        int ret = fc_servers_grow(&g->servers, g->servers.most + units);
        if (ret) return ret;
        fc_servers_add(&g->servers, units, &gpus);
        g->free += gpus;
        return FC_OK;
    }
    stay = (uint32_t)lesser(g->leaving, units);
    g->leaving -= stay;
    units -= stay;
    if (g->held + g->free + g->broken + units > (g->spec.grows ? FC_MAX_UNITS : g->spec.most))
        return FC_E_DOMAIN;
    g->free += units;
    return FC_OK;
}

int fc_cluster_remove(fc_cluster *c, uint32_t group, uint32_t units)
{
    fc_group *g = &c->groups[group];
    uint64_t gone = 0;

    fc_projection_forget(&g->projection);
    if (fc_group_is_flat(g)) {
        gone = lesser(g->free, units);
        g->free -= gone;
        units -= (uint32_t)gone;
        gone = lesser(g->held - g->leaving, units);
        g->leaving += gone;
        units -= (uint32_t)gone;
    } else {
        units -= fc_servers_remove(&g->servers, units, &gone);
        g->free -= gone;
    }
    if (units > g->broken - g->owed) return FC_E_DOMAIN;
    g->owed += units;
    return FC_OK;
}

bool fc_cluster_strikes(const fc_cluster *c, uint32_t group, uint32_t unit, uint32_t *slot)
{
    const fc_group *g = &c->groups[group];
    fc_ordered_entry entry = {0};

    *slot = FC_NO_SLOT;
    if (fc_group_is_flat(g)) {
        if (fc_ordered_reach(&g->running, (uint64_t)unit + 1, &entry)) *slot = entry.slot;
        return unit < g->held + g->free;
    }
    const fc_servers *s = &g->servers;
    if (s->first_share[unit] != FC_NO_SHARE) *slot = s->shares[s->first_share[unit]].slot;
    return s->state[unit] == FC_SERVER_IN || s->state[unit] == FC_SERVER_LEAVING;
}

uint32_t fc_cluster_units(const fc_cluster *c, uint32_t group)
{
    const fc_group *g = &c->groups[group];
    uint32_t units = 0;

    if (fc_group_is_flat(g)) return (uint32_t)(g->held + g->free - g->leaving);
    for (uint32_t level = 0; level <= g->servers.size; level++) units += g->servers.at_level[level];
    return units;
}

uint32_t fc_cluster_leaving(const fc_cluster *c, uint32_t group)
{
    const fc_group *g = &c->groups[group];
    uint32_t units = 0;

    if (fc_group_is_flat(g)) return (uint32_t)g->leaving;
    for (uint32_t i = 0; i < g->servers.most; i++)
        units += g->servers.state[i] == FC_SERVER_LEAVING;
    return units;
}

int fc_cluster_server_at(const fc_cluster *c, uint32_t group, const fc_capacity_change *change,
                         uint32_t *server)
{
    const fc_servers *s = &c->groups[group].servers;
    uint32_t units = fc_cluster_units(c, group), nth = (uint32_t)(change->place * units);
    uint32_t level = s->size;

    if (units == 0) return FC_E_DOMAIN;
    if (change->kind == FC_CAPACITY_TAKE) {
        while (s->at_level[level] == 0) level--;
        *server = s->head[level];
        return FC_OK;
    }
    for (*server = 0; s->state[*server] != FC_SERVER_IN || nth > 0; ++*server)
        nth -= s->state[*server] == FC_SERVER_IN;
    return FC_OK;
}

void fc_cluster_lose(fc_cluster *c, uint32_t group, uint32_t server)
{
    fc_group *g = &c->groups[group];

    fc_projection_forget(&g->projection);
    fc_servers_leave(&g->servers, server, FC_SERVER_OUT);
    g->free -= g->servers.size;
}

bool fc_cluster_break(fc_cluster *c, uint32_t group, uint32_t unit)
{
    fc_group *g = &c->groups[group];

    fc_projection_forget(&g->projection);
    if (fc_group_is_flat(g)) {
        if (g->free == 0) return false;
    } else {
        if (g->servers.state[unit] != FC_SERVER_IN) return false;
        fc_servers_leave(&g->servers, unit, FC_SERVER_BROKEN);
    }
    g->free -= fc_group_unit(g);
    g->broken++;
    return true;
}

void fc_cluster_mend(fc_cluster *c, uint32_t group, uint32_t unit)
{
    fc_group *g = &c->groups[group];

    fc_projection_forget(&g->projection);
    g->broken--;
    if (g->owed > 0) {
        g->owed--;
        if (!fc_group_is_flat(g)) fc_servers_leave(&g->servers, unit, FC_SERVER_OUT);
        return;
    }
    if (g->leaving > 0) { /* it goes instead of one that is held */
        g->leaving--;
        return;
    }
    g->free += fc_group_unit(g);
    if (!fc_group_is_flat(g)) fc_servers_enter(&g->servers, unit);
}

bool fc_cluster_verify(const fc_cluster *c, const fc_tasks *tasks)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const fc_group *g = &c->groups[i];

        if (g->leaving > g->held || g->owed > g->broken) return false;
        if (g->leaving > 0 && g->free > 0) return false;
        if (!g->spec.grows && g->held + g->free + (uint64_t)g->broken * fc_group_unit(g) >
                                  (uint64_t)g->spec.most * fc_group_unit(g))
            return false;
        if (!fc_ordered_verify(&g->running)) return false;
        if (c->indexed && g->running.gpus != g->held) return false;
        if (!fc_group_is_flat(g) && !fc_servers_verify(&g->servers, g->free)) return false;
        if (!fc_projection_verify(&g->projection, &g->servers, &g->running, tasks)) return false;
    }
    return true;
}
