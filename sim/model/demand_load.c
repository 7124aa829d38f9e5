/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What demand uses, as load of the servers that run: where the electricity's load is that of
 * demand, it follows step by step, all of a fleet's servers being loaded alike. The load of a step
 * is GPU-seconds in use over GPU-seconds that ran in it, so what servers draw above idle is in
 * proportion to what was in use, exactly but for rounding.
 */
#include <math.h>

#include "model/demand_windows.h"
#include "model/world.h"

bool fc_demand_feeds_load(const fc_world *world, int32_t fleet)
{
    return world->energy != NULL && world->demands[fleet].any &&
           world->plan->fleets[fleet].terms.load_from == FC_LOAD_OF_DEMAND;
}

double fc_demand_next_load(const fc_world *world, int32_t fleet)
{
    const fc_demand_state *d = &world->demands[fleet];
    bool by_hour = d->hourly || world->plan->fleets[fleet].demand.detail == FC_DETAIL_JOBS;
    double step = by_hour ? FC_HOUR : FC_DAY, next = (floor(d->now / step) + 1) * step;

    return next > d->now ? next : next + step; /* the last bits of a large number */
}

/* Of a class whose jobs queue, so far. */
static double held_by_jobs(const fc_world *world, const fc_pool_state *pool, uint32_t i)
{
    const fc_class_state *class = &world->classes[pool->classes[i]];
    double now = world->demands[pool->fleet].now;

    if (pool->sample != NULL) return fc_windows_class_held(pool, class, now);
    return pool->engine ? fc_jobs_class_held(pool->engine, i, now) : class->work.held;
}

/* GPU-seconds in use so far: held times the load of who holds them. */
static double used(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    const fc_demand_state *d = &world->demands[fleet];
    double sum = fc_grants_used(world, fleet);

    for (uint32_t p = 0; p < d->n_pools; p++) {
        const fc_pool_state *pool = &d->pools[p];

        for (uint32_t i = 0; i < pool->n_classes; i++)
            sum += held_by_jobs(world, pool, i) * fc_class_load(world, pool->classes[i], d->now);
    }
    for (uint32_t i = 0; i < spec->n_services; i++)
        sum += fc_windows_service_alone(&world->services[spec->first_service + i]).used;
    return sum;
}

int fc_demand_feed_load(fc_world *world, int32_t fleet, double lasted)
{
    fc_demand_state *d = &world->demands[fleet];
    double before = d->used, running = d->running_gpus.value * lasted;
    int ret = fc_grants_settle(world, fleet, d->now);

    if (ret != FC_OK) return ret;
    d->used = used(world, fleet);
    fc_energy_load(world, fleet, d->now,
                   running > 0 ? fmin(fmax((d->used - before) / running, 0), 1) : 0);
    return FC_OK;
}

int fc_demand_follow(fc_world *world, int32_t fleet, double t)
{
    return fc_demand_feeds_load(world, fleet) ? fc_demand_advance(world, fleet, t) : FC_OK;
}
