/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which units of a pool its inference services have. What they claim leaves the engine of the
 * pool's jobs, as it falls free, and comes back to it when they give it up.
 */
#include <math.h>

#include "model/world.h"

uint32_t fc_replica_units(int64_t replicas, double replica, uint32_t unit)
{
    int64_t size = (int64_t)replica, per_unit = unit / size;

    if (per_unit == 0) return (uint32_t)(replicas * ((size + unit - 1) / unit));
    return (uint32_t)((replicas + per_unit - 1) / per_unit);
}

int64_t fc_unit_replicas(uint32_t units, double replica, uint32_t unit)
{
    int64_t size = (int64_t)replica, per_unit = unit / size;

    return per_unit == 0 ? units / ((size + unit - 1) / unit) : units * per_unit;
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool runs_on(const fc_service_state *state, uint32_t group)
{
    return state->groups == 0 || (state->groups >> group & 1);
}

/* ---- sharing out --------------------------------------------------------------------------- */

/* Up to what is missing, of `most` units of a group. Returns how many it takes. */
static uint32_t take_units(fc_service_state *state, uint32_t group, uint32_t most, uint32_t unit)
{
    double each = state->replica * state->speed[group];
    int64_t replicas = 0;

    if (most == 0 || !(state->missing > 0)) return 0;
    replicas = lesser((int64_t)ceil(state->missing / each * (1 - 1e-12)),
                      fc_unit_replicas(most, state->replica, unit));
    state->missing = fmax(state->missing - (double)replicas * each, 0);
    return fc_replica_units(replicas, state->replica, unit);
}

/* First each keeps what it has and still asks for, then what is left is for those listed first. */
static void share_out(fc_world *world, fc_pool_state *pool, double t)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    fc_pool_services *s = pool->services;

    for (uint32_t g = 0; g < d->n_groups; g++) s->left[g] = pool->units[g];
    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &world->services[s->index[i]];

        state->placed = fc_recent_at(&state->asked, t);
        state->missing = state->placed;
        for (uint32_t g = 0; g < d->n_groups; g++) {
            uint32_t has = (uint32_t)lesser(state->units[g], s->left[g]);

            state->units[g] = runs_on(state, g) ? take_units(state, g, has, d->unit[g]) : 0;
            s->left[g] -= state->units[g];
            if (state->got[g] > state->units[g]) state->got[g] = state->units[g];
        }
    }
    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &world->services[s->index[i]];

        for (uint32_t g = 0; g < d->n_groups && state->missing > 0; g++) {
            uint32_t more = runs_on(state, g) ? take_units(state, g, s->left[g], d->unit[g]) : 0;

            state->units[g] += more;
            s->left[g] -= more;
        }
    }
}

/* ---- with the jobs ------------------------------------------------------------------------- */

/* What jobs have left is theirs, first of those listed first; where the engine has more to let go
 * than they wait for, that goes before. */
static void obtain(fc_world *world, fc_pool_state *pool)
{
    fc_pool_services *s = pool->services;

    for (uint32_t g = 0; g < world->demands[pool->fleet].n_groups; g++) {
        uint32_t leaving = pool->engine ? fc_jobs_leaving(pool->engine, g) : 0;
        int64_t more = (int64_t)s->claimed[g] - leaving;

        for (uint32_t i = 0; i < s->n; i++) more -= world->services[s->index[i]].got[g];
        for (uint32_t i = 0; i < s->n && more > 0; i++) {
            fc_service_state *state = &world->services[s->index[i]];
            int64_t gets = lesser(more, state->units[g] - state->got[g]);

            state->got[g] += (uint32_t)gets;
            more -= gets;
        }
    }
}

static int change_engine(fc_pool_state *pool, uint32_t group, fc_capacity_kind kind, uint32_t units,
                         double t, double place)
{
    fc_capacity_change change = {
        .time = t, .kind = kind, .group = group, .units = units, .place = place};

    return pool->engine && units > 0 ? fc_pool_change(pool, change) : FC_OK;
}

/* The claims follow from what the services have been given. */
static int claim(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_services *s = pool->services;
    int ret = FC_OK;

    for (uint32_t g = 0; ret == FC_OK && g < world->demands[pool->fleet].n_groups; g++) {
        uint32_t before = s->claimed[g], now = 0;

        for (uint32_t i = 0; i < s->n; i++) now += world->services[s->index[i]].units[g];
        s->claimed[g] = now;
        if (now > before)
            ret = change_engine(pool, g, FC_CAPACITY_REMOVE, now - before, t, 0);
        else
            ret = change_engine(pool, g, FC_CAPACITY_ADD, before - now, t, 0);
    }
    return ret;
}

/* Jobs on what the services still wait for are stopped, where a random place says. */
static int preempt(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_services *s = pool->services;
    int ret = FC_OK;

    for (uint32_t g = 0; ret == FC_OK && g < world->demands[pool->fleet].n_groups; g++) {
        uint32_t missing = 0;
        fc_stream stream;

        for (uint32_t i = 0; i < s->n; i++) {
            fc_service_state *state = &world->services[s->index[i]];

            missing += state->units[g] - state->got[g];
            state->got[g] = state->units[g];
        }
        if (missing == 0) continue;
        fc_stream_init(&stream, s->key, world->replication, s->moves++);
        ret = change_engine(pool, g, FC_CAPACITY_ADD, missing, t, 0);
        if (ret == FC_OK)
            ret =
                change_engine(pool, g, FC_CAPACITY_STRIKE, missing, t, fc_stream_uniform(&stream));
    }
    return ret;
}

int fc_services_place(fc_world *world, fc_pool_state *pool, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[pool->fleet].demand;
    double after = nextafter(t, INFINITY);
    int ret = FC_OK;

    obtain(world, pool);
    share_out(world, pool, t);
    ret = claim(world, pool, t);
    if (ret == FC_OK && pool->engine) ret = fc_demand_jobs_run(world, pool, after);
    if (ret != FC_OK) return ret;
    obtain(world, pool);
    if (pool->engine && fc_policy_at((unsigned)spec->policy) == &fc_policy_preemptive)
        ret = preempt(world, pool, after);
    return ret;
}

/* ---- units that come and go ----------------------------------------------------------------- */

/* The nth of those that no job runs on is lost. */
static void lose(fc_pool_state *pool, uint32_t group, double nth)
{
    fc_pool_services *s = pool->services;

    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &pool->world->services[s->index[i]];

        if (nth < state->got[group]) {
            state->got[group]--;
            state->units[group]--;
            state->lost = true;
            s->claimed[group]--;
            return;
        }
        nth -= state->got[group];
    }
}

/* The pool has no unit for all that was claimed: one that is waited for, else one that is held. */
static void give_up(fc_pool_state *pool, uint32_t group)
{
    fc_pool_services *s = pool->services;

    for (uint32_t i = s->n; i > 0; i--) {
        fc_service_state *state = &pool->world->services[s->index[i - 1]];

        if (state->got[group] == state->units[group]) continue;
        state->units[group]--;
        s->claimed[group]--;
        return;
    }
    lose(pool, group, s->claimed[group] - 1);
}

bool fc_services_shift(fc_pool_state *pool, uint32_t before, fc_capacity_change *change)
{
    fc_pool_services *s = pool->services;
    bool strikes = change->kind == FC_CAPACITY_STRIKE;
    double place = change->place * before, held = 0;

    if (s == NULL) return false;
    s->look = -INFINITY;
    s->moved = true;
    if (change->kind == FC_CAPACITY_ADD) return false;
    for (uint32_t i = 0; i < s->n; i++)
        held += pool->world->services[s->index[i]].got[change->group];
    if (strikes && place < held) {
        lose(pool, change->group, place);
        return true;
    }
    if (s->claimed[change->group] == before) {
        give_up(pool, change->group);
        return true;
    }
    if (strikes) change->place = fmin((place - held) / (before - held), 1 - 0x1p-53);
    return false;
}
