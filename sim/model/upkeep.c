/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Upkeep: when servers fail. What happens then is in repair.c, large lots in batch.c.
 *
 * Each running server fails at the fleet's failure rate times the factor of its age. A lot has one
 * pending event: candidates come at rate servers x failure rate, each names one of the lot's
 * servers with equal chance, and counts if that one runs (thinning: Lewis and Shedler 1979, Naval
 * Research Logistics Quarterly 26:403). So every running server fails at its own rate exactly,
 * whatever is being repaired, and the candidates of a lot are the same in every run in which it
 * starts at the same time. When the rate changes, what is left of the unit exponential is carried
 * over (Gibson and Bruck 2000, J. Phys. Chem. A 104:1876).
 *
 * Ages. Where a repaired server is as old as before and none is scrapped, all servers of a lot are
 * of one age, and the lot's rate changes at each step of the factor: with the unit exponential
 * carried over that is inversion of the cumulative hazard. Elsewhere each server has its own age;
 * candidates come at the greatest factor, and one of a server whose factor is f counts with the
 * chance f / greatest (thinning again). Both are exact.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/world.h"

static const fc_upkeep *plan_of(const fc_world *world, int32_t fleet)
{
    return &world->plan->fleets[fleet].upkeep;
}

static int64_t servers(const fc_server_pool *pool)
{
    return pool->full + pool->has_short;
}

/* ---- ages ---------------------------------------------------------------------------------- */

static bool differ_in_age(const fc_upkeep *plan)
{
    return plan->by_age.n > 0 && (plan->repaired_as == FC_REPAIRED_NEW || plan->scrapped != 0);
}

/* The factor of what was new at `born`, and when it steps next (INFINITY: never again). A step is
 * compared by its date, not by the age, so that it has come when its event has. */
static double factor_at(const fc_ages *ages, double born, double now, double *next)
{
    uint32_t i = 0;

    while (i + 1 < ages->n && born + ages->from[i + 1] <= now) i++;
    *next = i + 1 < ages->n ? born + ages->from[i + 1] : INFINITY;
    return ages->factor[i];
}

static double greatest(const fc_ages *ages)
{
    double most = 0;

    for (uint32_t i = 0; i < ages->n; i++) most = fmax(most, ages->factor[i]);
    return most;
}

static double *ages_of(const fc_world *world, const fc_lot *lot)
{
    return world->ages[lot->index].born;
}

/* Takes the running server out of the running ones. */
static double take_age(const fc_world *world, const fc_lot *lot, int64_t chosen)
{
    const fc_server_pool *pool = &lot->servers;
    double *born = ages_of(world, lot), its = born[chosen];

    born[chosen] = born[pool->full_up - 1];
    born[pool->full_up - 1] = born[pool->full_up + pool->full_off - 1];
    return its;
}

static void give_age(const fc_world *world, const fc_lot *lot, double its, bool off)
{
    const fc_server_pool *pool = &lot->servers;
    double *born = ages_of(world, lot);
    int64_t end = pool->full_up + pool->full_off;

    born[end] = its;
    if (off) return;
    born[end] = born[pool->full_up];
    born[pool->full_up] = its;
}

static int make_ages(fc_world *world, const fc_lot *lot)
{
    size_t index = (size_t)lot->index, n = (size_t)lot->servers.full;
    fc_server_ages *ages = NULL;
    int ret = fc_reserve(&world->ages, &world->age_capacity, index + 1, sizeof *world->ages);

    if (ret != FC_OK) return ret;
    ages = &world->ages[index];
    if ((ret = fc_reserve(&ages->born, &ages->capacity, n, sizeof *ages->born)) != FC_OK)
        return ret;
    for (size_t i = 0; i < n; i++) ages->born[i] = lot->servers.born;
    return FC_OK;
}

/* ---- failures ---------------------------------------------------------------------------- */

static int schedule_failure(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;
    fc_event what = {.kind = FC_EV_FAILURE, .subject = (uint32_t)lot->index};
    double hazard = (double)servers(pool) * pool->rate;

    pool->event = FC_NO_EVENT;
    if (!(hazard > 0.0)) return FC_OK;
    return fc_schedule(world, pool->since + pool->residual / hazard, FC_CLASS_FLOW, what,
                       &pool->event);
}

/* The rate at which a server of the lot fails (or may fail, where ages differ) from now on, until
 * the age at which it steps. */
static int read_rate(fc_world *world, fc_lot *lot)
{
    const fc_upkeep *plan = plan_of(world, lot->fleet);
    fc_server_pool *pool = &lot->servers;
    double now = fc_now(world), steps = INFINITY, factor = 1;

    pool->rate = 0;
    fc_calendar_cancel(&world->calendar, pool->age_event);
    pool->age_event = FC_NO_EVENT;
    if (!fc_param_given(plan->failure_rate)) return FC_OK;
    if (pool->ages_differ)
        factor = greatest(&plan->by_age);
    else if (plan->by_age.n > 0)
        factor = factor_at(&plan->by_age, pool->born, now, &steps);
    pool->rate = fc_param_draw(world->params, plan->failure_rate, now, lot->id) * factor;
    if (!(pool->rate >= 0.0 && pool->rate < INFINITY))
        return fc_out_of_domain(world, world->plan->params[plan->failure_rate].path,
                                "a failure rate");
    if (steps == INFINITY) return FC_OK;
    fc_event what = {.kind = FC_EV_AGE, .subject = (uint32_t)lot->index};
    return fc_schedule(world, steps, FC_CLASS_CAPACITY, what, &pool->age_event);
}

/* What exists when the horizon starts was new when it came into service. */
static double born(fc_world *world, const fc_lot *lot)
{
    int32_t stock = world->holdings[lot->holding].stock;
    double now = fc_now(world);

    if (stock == FC_NONE) return now;
    return fmin(now, fc_param_draw(world->params, world->plan->stocks[stock].since, now, lot->id));
}

static int start(fc_world *world, fc_lot *lot, double born_at)
{
    const fc_upkeep *plan = plan_of(world, lot->fleet);
    fc_server_pool *pool = &lot->servers;
    int ret = FC_OK;

    pool->born = pool->short_born = born_at;
    pool->ages_differ = differ_in_age(plan);
    pool->age_event = FC_NO_EVENT;
    if ((ret = read_rate(world, lot)) != FC_OK) return ret;
    pool->full = pool->full_up = lot->gpus / lot->per_server;
    pool->full_off = 0;
    pool->has_short = pool->short_up = lot->gpus % lot->per_server != 0;
    fc_stream_init(&pool->stream, world->fleets[lot->fleet].upkeep.key, world->replication,
                   lot->id);
    if (pool->ages_differ && (ret = make_ages(world, lot)) != FC_OK) return ret;
    pool->batched = fc_batch_wanted(world, lot);
    if (pool->batched) return fc_batch_start(world, lot);
    pool->residual = fc_exponential(&pool->stream);
    pool->since = fc_now(world);
    return schedule_failure(world, lot);
}

int fc_upkeep_start(fc_world *world, fc_lot *lot)
{
    return start(world, lot, born(world, lot));
}

int fc_upkeep_branch(fc_world *world, fc_lot *lot, fc_lot *branch, int64_t run, int64_t off)
{
    fc_server_pool *old = &lot->servers, *young = &branch->servers;
    int ret = start(world, branch, old->born);

    if (ret != FC_OK) return ret;
    if (old->ages_differ) {
        const double *from = ages_of(world, lot);
        double *to = ages_of(world, branch);

        memcpy(to, from + old->full_up - run, (size_t)run * sizeof *to);
        memcpy(to + run, from + old->full_up + old->full_off - off, (size_t)off * sizeof *to);
        memmove(ages_of(world, lot) + old->full_up - run, from + old->full_up,
                (size_t)(old->full_off - off) * sizeof *to);
    }
    old->full -= run + off;
    old->full_up -= run;
    old->full_off -= off;
    young->full_up = run;
    young->full_off = off;
    return FC_OK;
}

int fc_upkeep_stop(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;

    fc_calendar_cancel(&world->calendar, pool->event);
    fc_calendar_cancel(&world->calendar, pool->age_event);
    pool->event = pool->age_event = FC_NO_EVENT;
    pool->rate = 0;
    pool->full_up = pool->full_off = 0;
    pool->short_up = pool->short_off = false;
    return pool->batched ? fc_batch_stop(world, lot) : FC_OK;
}

static int fail(fc_world *world, fc_lot *lot, bool is_short, double born_at)
{
    fc_failed_server server = {.lot = lot->index,
                               .is_short = is_short,
                               .born = born_at,
                               .occurrence = fc_mix_id(lot->id, lot->servers.failures++)};
    int64_t gpus = is_short ? lot->gpus % lot->per_server : lot->per_server;
    int ret = FC_OK;

    world->fleets[lot->fleet].upkeep.failures++;
    ret = fc_lot_move(world, lot, FC_ST_RUNNING, FC_ST_REPAIR, gpus);
    if (ret == FC_OK && world->observer != NULL) {
        ret = fc_log(world, "failure", world->holdings[lot->holding].path, lot->index, (double)gpus,
                     "GPU");
    }
    return ret == FC_OK ? fc_repair_begin(world, &server) : ret;
}

/* Does a candidate count, of a server that was new then? */
static bool counts(fc_world *world, fc_lot *lot, double born_at)
{
    const fc_ages *ages = &plan_of(world, lot->fleet)->by_age;
    double next = 0, factor = factor_at(ages, born_at, fc_now(world), &next);

    return fc_stream_uniform(&lot->servers.stream) * greatest(ages) < factor;
}

int fc_on_failure(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    fc_server_pool *pool = &lot->servers;
    int64_t chosen = (int64_t)fc_stream_below(&pool->stream, (uint64_t)servers(pool));
    double born_at = pool->born;
    int ret = FC_OK;

    pool->residual = fc_exponential(&pool->stream);
    pool->since = fc_now(world);
    if ((ret = schedule_failure(world, lot)) != FC_OK) return ret;
    /* Numbered: full servers that run, full servers that do not, the short one. */
    if (chosen < pool->full_up) {
        if (pool->ages_differ) {
            born_at = ages_of(world, lot)[chosen];
            if (!counts(world, lot, born_at)) return FC_OK;
            take_age(world, lot, chosen);
        }
        pool->full_up--;
        return fail(world, lot, false, born_at);
    }
    if (chosen == pool->full && pool->short_up) {
        if (pool->ages_differ && !counts(world, lot, pool->short_born)) return FC_OK;
        pool->short_up = false;
        return fail(world, lot, true, pool->short_born);
    }
    return FC_OK;
}

int fc_upkeep_restore(fc_world *world, const fc_failed_server *server)
{
    fc_lot *lot = world->lots[server->lot];
    fc_server_pool *pool = &lot->servers;
    int64_t gpus = server->is_short ? lot->gpus % lot->per_server : lot->per_server;
    bool off = fc_curtail_held(lot) > 0;

    if (server->is_short) {
        *(off ? &pool->short_off : &pool->short_up) = true;
        pool->short_born = server->born;
    } else {
        if (pool->ages_differ) give_age(world, lot, server->born, off);
        ++*(off ? &pool->full_off : &pool->full_up);
    }
    assert(pool->full_up + pool->full_off <= pool->full);
    return fc_lot_move(world, lot, FC_ST_REPAIR, off ? fc_off_state(lot) : FC_ST_RUNNING, gpus);
}

/* ---- changes ------------------------------------------------------------------------------ */

static int read_crews(fc_world *world, int32_t fleet)
{
    fc_param p = plan_of(world, fleet)->crews;
    double crews = 0;

    world->fleets[fleet].upkeep.crews = INT64_MAX;
    if (!fc_param_given(p) || fc_without(world, FC_CAUSE_repair)) return FC_OK;
    crews = fc_param_at(world->params, p, fc_now(world));
    if (isnan(crews)) return FC_OK; /* not given until a change sets it */
    if (!(crews >= 0.0)) return fc_out_of_domain(world, "upkeep.crews", "a number of crews");
    world->fleets[fleet].upkeep.crews = (int64_t)rint(fmin(crews, 1e15));
    return FC_OK;
}

int fc_upkeep_begin(fc_world *world, int32_t fleet)
{
    int ret = read_crews(world, fleet);

    return ret == FC_OK ? fc_repair_reset(world, fleet) : ret;
}

static int change_rate(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;
    double now = fc_now(world);
    int ret = FC_OK;

    if (pool->batched) {
        fc_batch_expose(world, lot);
        return read_rate(world, lot);
    }
    pool->residual -= (double)servers(pool) * pool->rate * (now - pool->since);
    pool->residual = fmax(pool->residual, 0.0);
    pool->since = now;
    fc_calendar_cancel(&world->calendar, pool->event);
    ret = read_rate(world, lot);
    return ret == FC_OK ? schedule_failure(world, lot) : ret;
}

int fc_on_age(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];

    return fc_lot_has_left(lot) ? FC_OK : change_rate(world, lot);
}

int fc_upkeep_changed(fc_world *world, int32_t fleet)
{
    int ret = read_crews(world, fleet);

    for (size_t i = 0; ret == FC_OK && i < world->n_lots; i++) {
        fc_lot *lot = world->lots[i];

        if (lot->fleet == fleet && lot->commissioned && !fc_lot_has_left(lot))
            ret = change_rate(world, lot);
    }
    return ret == FC_OK ? fc_repair_serve(world, fleet) : ret;
}

int fc_on_upkeep_change(fc_world *world, const fc_event *event)
{
    return fc_upkeep_changed(world, (int32_t)event->subject);
}
