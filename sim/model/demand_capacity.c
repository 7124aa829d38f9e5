/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which accelerators the pools have: the whole units of each model that run, one by one to the pool
 * that lacks most of its share (Webster's method: the next unit goes to the greatest share / (2 n +
 * 1), where n is what the pool has). So one unit more or less changes one pool, and only that.
 *
 * When shares change a pool owes other pools the units that its jobs have still to let go of. A
 * look every hour hands on those that they have. Until then they are the jobs' and nobody
 * else's: no unit is held twice.
 */
#include <math.h>

#include "model/world.h"

static uint32_t *units_of(fc_demand_state *d, uint32_t pool, uint32_t group)
{
    return pool < d->n_pools ? &d->pools[pool].units[group] : &d->idle_units[group];
}

static uint32_t *late_of(fc_demand_state *d, uint32_t pool, uint32_t group)
{
    return pool < d->n_pools ? &d->pools[pool].late[group] : &d->idle_late[group];
}

/* The pool that gets the next unit, or (`gives`) gives the last one; ties: the first gets, the last
 * gives. */
static uint32_t chosen(fc_demand_state *d, uint32_t group, bool gives)
{
    uint32_t best = 0;
    double best_claim = gives ? INFINITY : -1;

    for (uint32_t p = 0; p <= d->n_pools; p++) {
        double n = (double)*units_of(d, p, group) + *late_of(d, p, group);
        double claim = d->share[p] / (2 * n + (gives ? -1 : 1));
        if (gives && n == 0) continue;
        if (gives ? claim <= best_claim : claim > best_claim) {
            best = p;
            best_claim = claim;
        }
    }
    return best;
}

int fc_pool_change(fc_pool_state *pool, fc_capacity_change change)
{
    fc_capacity_change *last = NULL;
    int ret = FC_OK;

    if (pool->n_changes > pool->first_change) last = &pool->changes[pool->n_changes - 1];
    if (last && last->time == change.time && last->kind == change.kind &&
        last->group == change.group && last->place == change.place) {
        last->units += change.units;
        return FC_OK;
    }
    ret = fc_reserve(&pool->changes, &pool->change_capacity, pool->n_changes + 1,
                     sizeof *pool->changes);
    if (ret == FC_OK) pool->changes[pool->n_changes++] = change;
    return ret;
}

/* Where a pool's services beside the fluid are others than those among the jobs, both see it. */
static int seen_by_jobs(fc_pool_state *pool, uint32_t before, fc_capacity_change *change,
                        bool *seen)
{
    fc_capacity_change same = *change;

    *seen = true;
    if (pool->services == NULL) return FC_OK;
    if (pool->services != pool->services_of_jobs)
        (void)fc_services_shift(pool->services, before, &same, seen); /* no engine hears of it */
    return fc_services_shift(pool->services_of_jobs, before, change, seen);
}

/* A pool has one unit more, or one less. */
static int shift(fc_world *world, int32_t fleet, uint32_t p, uint32_t group, fc_capacity_kind kind,
                 double place)
{
    fc_demand_state *d = &world->demands[fleet];
    fc_capacity_change change = {
        .time = fc_now(world), .kind = kind, .group = group, .units = 1, .place = place};

    uint32_t before = *units_of(d, p, group);
    bool seen = false;
    int ret = FC_OK;

    *units_of(d, p, group) += kind == FC_CAPACITY_ADD ? 1 : -1u;
    if (p == d->n_pools) return FC_OK;
    d->pools[p].capacity += (kind == FC_CAPACITY_ADD ? 1 : -1) * (double)d->unit[group];
    ret = seen_by_jobs(&d->pools[p], before, &change, &seen);
    if (ret != FC_OK || !seen || d->pools[p].engine == NULL) return ret;
    return fc_pool_change(&d->pools[p], change);
}

/* A unit goes out of service. Where the pool that is to give it has none, for all that it is to
 * have are late, jobs stop on one of those. */
static int lose(fc_world *world, int32_t fleet, uint32_t group, fc_capacity_kind kind, double place)
{
    fc_demand_state *d = &world->demands[fleet];
    uint32_t p = chosen(d, group, true), owes = 0;
    fc_capacity_change change = {
        .time = fc_now(world), .kind = FC_CAPACITY_ADD, .group = group, .units = 1};
    int ret = FC_OK;

    if (*units_of(d, p, group) > 0) return shift(world, fleet, p, group, kind, place);
    --*late_of(d, p, group);
    while (d->pools[owes].owed[group] == 0) owes++;
    d->pools[owes].owed[group]--;
    ret = fc_pool_change(&d->pools[owes], change);
    change.kind = kind;
    change.place = place;
    return ret == FC_OK ? fc_pool_change(&d->pools[owes], change) : ret;
}

static int follow(fc_world *world, int32_t fleet, uint32_t group, bool leaves)
{
    fc_demand_state *d = &world->demands[fleet];
    int64_t have = d->idle_units[group], now = d->running[group] / d->unit[group];
    double place = 0;
    int ret = FC_OK;

    for (uint32_t p = 0; p < d->n_pools; p++)
        have += (int64_t)d->pools[p].units[group] + d->pools[p].owed[group];
    for (; ret == FC_OK && have < now; have++)
        ret = shift(world, fleet, chosen(d, group, false), group, FC_CAPACITY_ADD, 0);
    if (have > now && !leaves) { /* what is lost at once lies side by side */
        fc_stream stream;
        fc_stream_init(&stream, d->struck, world->replication, d->strikes++);
        place = fc_stream_uniform(&stream);
    }
    for (; ret == FC_OK && have > now; have--)
        ret = lose(world, fleet, group, leaves ? FC_CAPACITY_TAKE : FC_CAPACITY_STRIKE, place);
    return ret;
}

int fc_demand_runs(fc_world *world, const fc_lot *lot, int64_t more, bool leaves)
{
    fc_demand_state *d = &world->demands[lot->fleet];
    const fc_demand_spec *spec = &world->plan->fleets[lot->fleet].demand;
    bool at_once = spec->detail != FC_DETAIL_JOBS || spec->n_services > 0;
    uint32_t group = 0;
    int ret = FC_OK;

    if (!d->any) return FC_OK;
    if (at_once && (ret = fc_demand_advance(world, lot->fleet, fc_now(world))) != FC_OK) return ret;
    while (d->model[group] != lot->model) group++;
    d->running[group] += more;
    fc_level_add(&d->running_gpus, fc_now(world), (double)more);
    ret = follow(world, lot->fleet, group, leaves);
    return ret == FC_OK ? fc_grants_serve(world, lot->fleet, group) : ret;
}

/* ---- shares -------------------------------------------------------------------------------- */

static int read_shares(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    fc_demand_state *d = &world->demands[fleet];
    double sum = 0, now = fc_now(world);

    for (uint32_t p = 0; p < d->n_pools; p++) {
        d->share[p] = 1;
        if (spec->n_pools > 0) {
            fc_param share = world->plan->pools[spec->first_pool + p].share;
            d->share[p] = fc_param_at(world->params, share, now);
        }
        if (!(d->share[p] >= 0 && d->share[p] <= 1e6))
            return fc_out_of_domain(world, "demand.pools", "a share");
        sum += d->share[p];
    }
    d->share[d->n_pools] = fmax(1 - sum, 0);
    return FC_OK;
}

/* A unit of one pool is another's from now on. What that one has still to let go of itself, it
 * keeps. */
static int move(fc_world *world, int32_t fleet, uint32_t from, uint32_t to, uint32_t group)
{
    fc_demand_state *d = &world->demands[fleet];
    int ret = FC_OK;

    if (*late_of(d, from, group) > 0) {
        --*late_of(d, from, group);
    } else {
        ret = shift(world, fleet, from, group, FC_CAPACITY_REMOVE, 0);
        if (ret != FC_OK) return ret;
        if (from == d->n_pools || d->pools[from].engine == NULL)
            return shift(world, fleet, to, group, FC_CAPACITY_ADD, 0);
        d->pools[from].owed[group]++;
    }
    if (to == d->n_pools || d->pools[to].owed[group] == 0) {
        ++*late_of(d, to, group);
        return FC_OK;
    }
    d->pools[to].owed[group]--;
    return shift(world, fleet, to, group, FC_CAPACITY_ADD, 0);
}

/* While a pool owes units, somebody looks. */
static int look_again(fc_world *world, int32_t fleet)
{
    fc_demand_state *d = &world->demands[fleet];
    fc_event what = {.kind = FC_EV_HAND_ON, .subject = (uint32_t)fleet};
    bool owes = false;

    for (uint32_t p = 0; p < d->n_pools; p++)
        for (uint32_t g = 0; g < d->n_groups; g++) owes |= d->pools[p].owed[g] > 0;
    if (!owes || d->looks) return FC_OK;
    d->looks = true;
    return fc_schedule(world, fc_now(world) + FC_HOUR, FC_CLASS_CAPACITY, what, NULL);
}

/* Every unit is shared out anew; what a pool keeps stays where it is. */
int fc_demand_shares_changed(fc_world *world, int32_t fleet)
{
    fc_demand_state *d = &world->demands[fleet];
    int ret = fc_demand_advance(world, fleet, fc_now(world));

    if (ret == FC_OK) ret = read_shares(world, fleet);
    for (uint32_t g = 0; ret == FC_OK && g < d->n_groups; g++) {
        for (bool moved = true; ret == FC_OK && moved;) {
            uint32_t to = chosen(d, g, false), from = 0;

            ++*units_of(d, to, g);
            from = chosen(d, g, true);
            --*units_of(d, to, g);
            moved = from != to;
            if (moved) ret = move(world, fleet, from, to, g);
        }
        if (ret == FC_OK) ret = fc_grants_serve(world, fleet, g);
    }
    return ret == FC_OK ? look_again(world, fleet) : ret;
}

/* Units that the pool owes and its jobs have let go of. What leaves its engine beyond that is what
 * its services wait for. */
static uint32_t let_go(const fc_pool_state *pool, uint32_t group)
{
    int64_t held = fc_jobs_leaving(pool->engine, group), owed = pool->owed[group];

    held -= fc_services_await(pool->services_of_jobs, group);
    for (size_t i = pool->first_change; i < pool->n_changes; i++) {
        const fc_capacity_change *change = &pool->changes[i];
        if (change->group == group && change->kind == FC_CAPACITY_REMOVE) held += change->units;
    }
    if (held < 0) held = 0;
    return (uint32_t)(held < owed ? owed - held : 0);
}

static int hand_on(fc_world *world, int32_t fleet, uint32_t group)
{
    fc_demand_state *d = &world->demands[fleet];
    uint32_t to = 0;
    int ret = FC_OK;

    for (uint32_t p = 0; p < d->n_pools; p++) {
        if (d->pools[p].owed[group] == 0) continue;
        for (uint32_t n = let_go(&d->pools[p], group); ret == FC_OK && n > 0; n--) {
            while (*late_of(d, to, group) == 0) to++; /* as many are late as are owed */
            --*late_of(d, to, group);
            d->pools[p].owed[group]--;
            ret = shift(world, fleet, to, group, FC_CAPACITY_ADD, 0);
        }
    }
    return ret == FC_OK ? fc_grants_serve(world, fleet, group) : ret;
}

/* event: subject is the fleet. */
int fc_on_hand_on(fc_world *world, const fc_event *event)
{
    int32_t fleet = (int32_t)event->subject;
    fc_demand_state *d = &world->demands[fleet];
    int ret = fc_demand_advance(world, fleet, fc_now(world));

    d->looks = false;
    for (uint32_t g = 0; ret == FC_OK && g < d->n_groups; g++) ret = hand_on(world, fleet, g);
    return ret == FC_OK ? look_again(world, fleet) : ret;
}

static int read_units(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    fc_demand_state *d = &world->demands[fleet];

    for (uint32_t g = 0; g < d->n_groups; g++) {
        const fc_accelerator *model = &world->plan->accelerators[d->model[g]];
        double size = fc_param_or(world->params, model->per_server, 0, 1);

        d->unit[g] = 1;
        if (spec->detail == FC_DETAIL_FLUID || spec->placement == FC_PLACEMENT_POOLED) continue;
        if (!(size >= 1 && size <= FC_MAX_SERVER_GPUS))
            return fc_out_of_domain(world, model->name, "a number of GPUs a server");
        d->unit[g] = (uint32_t)rint(size);
    }
    return FC_OK;
}

int fc_demand_begin_capacity(fc_world *world, int32_t fleet)
{
    fc_demand_state *d = &world->demands[fleet];
    int ret = read_units(world, fleet);

    for (uint32_t g = 0; g < d->n_groups; g++) {
        d->running[g] = 0;
        for (uint32_t p = 0; p <= d->n_pools; p++) *units_of(d, p, g) = *late_of(d, p, g) = 0;
        for (uint32_t p = 0; p < d->n_pools; p++) d->pools[p].owed[g] = 0;
    }
    d->strikes = 0;
    d->looks = false;
    fc_level_init(&d->running_gpus, 0, 0);
    return ret == FC_OK ? read_shares(world, fleet) : ret;
}
