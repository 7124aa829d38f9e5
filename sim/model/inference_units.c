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

struct fc_jobs *fc_services_engine(const fc_pool_services *s)
{
    return s->alone ? NULL : s->pool->engine;
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
static void share_out(fc_world *world, fc_pool_services *s, double t)
{
    const fc_demand_state *d = &world->demands[s->pool->fleet];

    for (uint32_t g = 0; g < d->n_groups; g++) s->left[g] = s->pool->units[g];
    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &s->state[s->index[i]];

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
        fc_service_state *state = &s->state[s->index[i]];

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
static void obtain(fc_world *world, fc_pool_services *s)
{

    for (uint32_t g = 0; g < world->demands[s->pool->fleet].n_groups; g++) {
        uint32_t leaving = fc_services_engine(s) ? fc_jobs_leaving(fc_services_engine(s), g) : 0;
        int64_t more = (int64_t)s->claimed[g] - leaving;

        for (uint32_t i = 0; i < s->n; i++) more -= s->state[s->index[i]].got[g];
        for (uint32_t i = 0; i < s->n && more > 0; i++) {
            fc_service_state *state = &s->state[s->index[i]];
            int64_t gets = lesser(more, state->units[g] - state->got[g]);

            state->got[g] += (uint32_t)gets;
            more -= gets;
        }
    }
}

static int change_engine(fc_pool_services *s, uint32_t group, fc_capacity_kind kind, uint32_t units,
                         double t, double place)
{
    fc_capacity_change change = {
        .time = t, .kind = kind, .group = group, .units = units, .place = place};

    return fc_services_engine(s) && units > 0 ? fc_pool_change(s->pool, change) : FC_OK;
}

/* The claims follow from what the services have been given. */
static int claim(fc_world *world, fc_pool_services *s, double t)
{
    int ret = FC_OK;

    for (uint32_t g = 0; ret == FC_OK && g < world->demands[s->pool->fleet].n_groups; g++) {
        uint32_t before = s->claimed[g], now = 0;

        for (uint32_t i = 0; i < s->n; i++) now += s->state[s->index[i]].units[g];
        s->claimed[g] = now;
        if (now > before)
            ret = change_engine(s, g, FC_CAPACITY_REMOVE, now - before, t, 0);
        else
            ret = change_engine(s, g, FC_CAPACITY_ADD, before - now, t, 0);
    }
    return ret;
}

/* Jobs on what the services still wait for are stopped, where a random place says. */
static int preempt(fc_world *world, fc_pool_services *s, double t)
{
    int ret = FC_OK;

    for (uint32_t g = 0; ret == FC_OK && g < world->demands[s->pool->fleet].n_groups; g++) {
        uint32_t missing = 0;
        fc_stream stream;

        for (uint32_t i = 0; i < s->n; i++) {
            fc_service_state *state = &s->state[s->index[i]];

            missing += state->units[g] - state->got[g];
            state->got[g] = state->units[g];
        }
        if (missing == 0) continue;
        fc_stream_init(&stream, s->key, world->replication, s->moves++);
        ret = change_engine(s, g, FC_CAPACITY_ADD, missing, t, 0);
        if (ret == FC_OK)
            ret = change_engine(s, g, FC_CAPACITY_STRIKE, missing, t, fc_stream_uniform(&stream));
    }
    return ret;
}

int fc_services_place(fc_world *world, fc_pool_services *s, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[s->pool->fleet].demand;
    double after = nextafter(t, INFINITY);
    int ret = FC_OK;

    obtain(world, s);
    share_out(world, s, t);
    ret = claim(world, s, t);
    if (ret == FC_OK && fc_services_engine(s)) ret = fc_demand_jobs_run(world, s->pool, after);
    if (ret != FC_OK) return ret;
    obtain(world, s);
    if (fc_services_engine(s) && fc_policy_at((unsigned)spec->policy) == &fc_policy_preemptive)
        ret = preempt(world, s, after);
    return ret;
}

/* ---- beginning in the middle ---------------------------------------------------------------- */

static int copy_service(fc_service_state *to, const fc_service_state *from, uint32_t groups)
{
    fc_service_state own = *to;
    int ret = fc_recent_copy(&own.asked, &from->asked);

    if (ret == FC_OK) ret = fc_recent_copy(&own.started, &from->started);
    *to = *from;
    to->asked = own.asked;
    to->started = own.started;
    to->speed = own.speed;
    to->units = own.units;
    to->got = own.got;
    to->counted = own.counted;
    to->stale = true;
    for (uint32_t g = 0; g < groups; g++) {
        to->units[g] = from->units[g];
        to->got[g] = 0;
    }
    return ret;
}

int fc_services_join(fc_world *world, fc_pool_services *s, const fc_pool_services *from, double t)
{
    uint32_t groups = world->demands[s->pool->fleet].n_groups;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < s->n; i++)
        ret = copy_service(&s->state[s->index[i]], &from->state[s->index[i]], groups);
    if (ret == FC_OK) ret = claim(world, s, t);
    if (ret == FC_OK) ret = fc_demand_jobs_run(world, s->pool, nextafter(t, INFINITY));
    if (ret == FC_OK) obtain(world, s);
    s->look = -INFINITY;
    return ret;
}

/* ---- units that come and go ----------------------------------------------------------------- */

/* The nth of those that no job runs on is lost. */
static void lose(fc_pool_services *s, uint32_t group, double nth)
{

    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &s->state[s->index[i]];

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

uint32_t fc_services_await(const fc_pool_services *s, uint32_t group)
{
    uint32_t units = 0;

    if (s == NULL) return 0;
    units = s->claimed[group];
    for (uint32_t i = 0; i < s->n; i++) units -= s->state[s->index[i]].got[group];
    return units;
}

/* The last unit that is waited for is not claimed any more; false: none is. */
static bool give_up(fc_pool_services *s, uint32_t group)
{
    for (uint32_t i = s->n; i > 0; i--) {
        fc_service_state *state = &s->state[s->index[i - 1]];

        if (state->got[group] == state->units[group]) continue;
        state->units[group]--;
        s->claimed[group]--;
        return true;
    }
    return false;
}

/* The pool has no unit for all that was claimed: one that is waited for, else one that is held. If
 * it does not wait until jobs have let go of it, they stop there. */
static int yield(fc_pool_services *s, const fc_capacity_change *change, bool *seen)
{
    *seen = false;
    if (!give_up(s, change->group)) {
        lose(s, change->group, s->claimed[change->group] - 1);
        return FC_OK;
    }
    *seen = change->kind != FC_CAPACITY_REMOVE && fc_services_engine(s) != NULL;
    return *seen ? change_engine(s, change->group, FC_CAPACITY_ADD, 1, change->time, 0) : FC_OK;
}

int fc_services_shift(fc_pool_services *s, uint32_t before, fc_capacity_change *change, bool *seen)
{
    bool strikes = change->kind == FC_CAPACITY_STRIKE;
    double place = change->place * before;
    double held = s->claimed[change->group] - fc_services_await(s, change->group);

    s->look = -INFINITY;
    s->moved = true;
    *seen = change->kind == FC_CAPACITY_ADD;
    if (*seen) return FC_OK;
    if (strikes && place < held) {
        lose(s, change->group, place);
        return FC_OK;
    }
    /* Its later digits say where, whatever the first ones have said; the same for all units that
     * are struck at once, so that these lie side by side. */
    if (strikes) change->place = fmod(change->place * 0x1p20, 1);
    if (s->claimed[change->group] == before) return yield(s, change, seen);
    *seen = true;
    return FC_OK;
}
