/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What grants hold: who has how many of the GPUs in service, the end of a term, and looks at how
 * much of a grant is used.
 */
#include <math.h>
#include <string.h>

#include "model/world.h"

static int32_t fleet_of(const fc_world *world, const fc_grant *grant)
{
    return world->plan->calls[grant->call].fleet;
}

static int64_t gpus_of_pool(const fc_world *world, int32_t fleet, uint32_t pool, uint32_t group)
{
    const fc_demand_state *d = &world->demands[fleet];

    return (int64_t)d->pools[pool].units[group] * d->unit[group];
}

int64_t fc_grants_free_gpus(const fc_world *world, uint32_t call, uint32_t group)
{
    const fc_grants *g = &world->grants;
    int32_t fleet = world->plan->calls[call].fleet;
    uint32_t pool = g->calls[call].pool;
    int64_t left = gpus_of_pool(world, fleet, pool, group);

    for (size_t i = 0; i < g->n; i++) {
        const fc_grant *grant = &g->grants[i];
        if (fleet_of(world, grant) == fleet && g->calls[grant->call].pool == pool &&
            grant->group == group)
            left -= grant->gpus;
    }
    return left;
}

void fc_grant_settle(fc_world *world, fc_grant *grant, double t)
{
    double held = (double)grant->active * (t - grant->since);

    grant->since = t;
    if (!(held > 0)) return;
    world->grants.tallies[grant->project.class].active += held;
    world->grants.tallies[grant->project.class].paid += held * grant->rate;
    grant->active_since_look += held;
    fc_users_add(world, grant->project.class, grant->project.user, held);
    if (grant->queue != NULL) return;
    world->classes[grant->project.class].work.held += held * grant->project.use;
    grant->used_since_look += held * grant->project.use;
}

/* From now on so many of its GPUs are in service. */
static int hold(fc_world *world, fc_grant *grant, int64_t active)
{
    int64_t more = active - grant->active;
    double now = fc_now(world);
    int ret = FC_OK;

    if (more == 0) return FC_OK;
    fc_grant_settle(world, grant, now);
    grant->active = active;
    world->grants.allocated[fleet_of(world, grant)] += more;
    world->fleets[fleet_of(world, grant)].milestones_changed = true;
    world->fleets[fleet_of(world, grant)].allocation_changed = true;
    if (grant->queue != NULL) ret = fc_grant_queue_shift(grant->queue, now, more);
    return ret;
}

int fc_grants_serve(fc_world *world, int32_t fleet, uint32_t group)
{
    fc_grants *g = &world->grants;
    int ret = FC_OK;

    if (world->plan->fleets[fleet].demand.n_calls == 0) return FC_OK;
    for (uint32_t p = 0; p < world->demands[fleet].n_pools; p++)
        g->left[p] = gpus_of_pool(world, fleet, p, group);
    for (size_t i = 0; ret == FC_OK && i < g->n; i++) {
        fc_grant *grant = &g->grants[i];
        int64_t *left = &g->left[g->calls[grant->call].pool];

        if (fleet_of(world, grant) != fleet || grant->group != group) continue;
        ret = hold(world, grant, grant->gpus < *left ? grant->gpus : *left);
        *left -= grant->active;
    }
    return ret;
}

/* ---- a grant begins ------------------------------------------------------------------------ */

/* When its use is looked at next; no more once its term has ended. */
static int schedule_look(fc_world *world, fc_grant *grant)
{
    fc_param every = world->plan->calls[grant->call].reclaim_every;
    fc_event what = {.kind = FC_EV_GRANT_LOOK, .detail = grant->serial};
    double now = fc_now(world), next = now + fc_param_or(world->params, every, now, INFINITY);

    grant->look_event = FC_NO_EVENT;
    if (!(next < grant->ends)) return FC_OK;
    if (!(next >= now + FC_DAY))
        return fc_out_of_domain(world, world->grants.calls[grant->call].path,
                                "the time between looks at the use of a grant");
    return fc_schedule(world, next, FC_CLASS_CAPACITY, what, &grant->look_event);
}

/* Paid for a GPU-second of a grant made now. E_DOMAIN. */
static int read_rate(fc_world *world, uint32_t index, double *rate)
{
    const fc_call *call = &world->plan->calls[index];
    double now = fc_now(world), share = fc_param_or(world->params, call->co_payment, now, 0);

    *rate = 0;
    if (share == 0) return FC_OK;
    *rate =
        share * fc_param_or(world->params, call->price, now, 0) / FC_HOUR *
        fc_exchange(world, call->price_currency, world->plan->fleets[call->fleet].currency, now);
    if (*rate >= 0 && *rate < INFINITY) return FC_OK;
    return fc_out_of_domain(world, world->grants.calls[index].path, "what is paid for a grant");
}

int fc_grant_make(fc_world *world, uint32_t call, const fc_project *project, uint32_t group,
                  int64_t gpus)
{
    fc_grants *g = &world->grants;
    fc_grant_tally *tally = &g->tallies[project->class];
    double now = fc_now(world), term = fc_project_term(world, call, project, now);
    int ret = fc_reserve(&g->grants, &g->capacity, g->n + 1, sizeof *g->grants);

    if (ret != FC_OK) return ret;
    if (!(term > 0)) return fc_out_of_domain(world, g->calls[call].path, "the term of a grant");
    fc_grant *grant = &g->grants[g->n];
    *grant = (fc_grant){.serial = ++g->made,
                        .project = *project,
                        .call = call,
                        .group = group,
                        .gpus = gpus,
                        .ends = now + term,
                        .since = now};
    if ((ret = read_rate(world, call, &grant->rate)) != FC_OK) return ret;
    if (fc_param_given(world->plan->classes[project->class].jobs.arrivals)) {
        ret = fc_grant_queue_create(world, grant, &grant->queue);
        if (ret != FC_OK) return ret;
    }
    g->n++;
    tally->granted++;
    tally->given += gpus;
    ret = fc_histogram_add(&tally->wait, now - project->applied);
    if (ret == FC_OK) ret = schedule_look(world, grant);
    if (ret != FC_OK) return ret;
    return fc_schedule(world, grant->ends, FC_CLASS_CAPACITY,
                       (fc_event){.kind = FC_EV_GRANT_ENDS, .detail = grant->serial},
                       &grant->end_event);
}

/* ---- and ends ------------------------------------------------------------------------------ */

static fc_grant *find(fc_world *world, uint64_t serial)
{
    size_t i = 0;

    while (world->grants.grants[i].serial != serial) i++;
    return &world->grants.grants[i];
}

static int end(fc_world *world, fc_grant *grant)
{
    fc_grants *g = &world->grants;
    int32_t fleet = fleet_of(world, grant);
    uint32_t group = grant->group;
    size_t at = (size_t)(grant - g->grants);
    int ret = fc_demand_follow(world, fleet, fc_now(world));

    if (ret != FC_OK) return ret;
    fc_calendar_cancel(&world->calendar, grant->end_event);
    fc_calendar_cancel(&world->calendar, grant->look_event);
    fc_grant_settle(world, grant, fc_now(world));
    if (grant->queue != NULL) {
        ret = fc_grant_queue_run(grant->queue, fc_now(world));
        g->tallies[grant->project.class].used += fc_grant_queue_held(grant->queue);
        if (ret == FC_OK) ret = fc_grant_queue_close(grant->queue, true);
        fc_grant_queue_free(grant->queue);
        grant->queue = NULL;
    }
    if (ret == FC_OK) ret = hold(world, grant, 0);
    g->n--;
    memmove(&g->grants[at], &g->grants[at + 1], (g->n - at) * sizeof *g->grants);
    return ret == FC_OK ? fc_grants_serve(world, fleet, group) : ret;
}

/* event: detail is the grant's serial number. */
int fc_on_grant_ends(fc_world *world, const fc_event *event)
{
    return end(world, find(world, event->detail));
}

/* event: detail is the grant's serial number. Used less than it must be since the last look, of
 * what was in service, it is taken back. */
int fc_on_grant_look(fc_world *world, const fc_event *event)
{
    fc_grant *grant = find(world, event->detail);
    fc_grant_tally *tally = &world->grants.tallies[grant->project.class];
    double now = fc_now(world), used = 0, least = 0;
    int ret = fc_demand_follow(world, fleet_of(world, grant), now);

    if (ret != FC_OK) return ret;
    fc_grant_settle(world, grant, now);
    used = grant->used_since_look;
    if (grant->queue != NULL) {
        if ((ret = fc_grant_queue_run(grant->queue, now)) != FC_OK) return ret;
        used = fc_grant_queue_held(grant->queue) - grant->used_at_look;
        grant->used_at_look += used;
    }
    least = fc_param_or(world->params, world->plan->calls[grant->call].reclaim_below, now, 0);
    if (used < least * grant->active_since_look * (1 - 1e-12)) { /* equal is enough */
        tally->reclaimed++;
        tally->taken += grant->gpus;
        return end(world, grant);
    }
    grant->active_since_look = grant->used_since_look = 0;
    return schedule_look(world, grant);
}
