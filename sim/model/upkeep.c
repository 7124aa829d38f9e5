/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Upkeep: servers fail while they run, and are repaired by crews, first come first served.
 *
 * Each running server fails at the fleet's failure rate. A lot has one pending event: candidates
 * come at rate servers x failure rate, each names one of the lot's servers with equal chance, and
 * counts if that one runs (thinning: Lewis and Shedler 1979, Naval Research Logistics Quarterly
 * 26:403). So every running server fails at its own rate exactly, whatever is being repaired, and
 * the candidates of a lot are the same in every run in which it starts at the same time. When the
 * rate changes, what is left of the unit exponential is carried over (Gibson and Bruck 2000,
 * J. Phys. Chem. A 104:1876).
 *
 * A server repaired while its site must not draw the power for it stays off (curtailment.c).
 *
 * A crew that works on a server whose lot is retired meanwhile is free when that repair would
 * have ended.
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

static int read_rate(fc_world *world, fc_lot *lot)
{
    fc_param p = plan_of(world, lot->fleet)->failure_rate;

    lot->servers.rate = 0;
    if (!fc_param_given(p)) return FC_OK;
    lot->servers.rate = fc_param_draw(world->params, p, fc_now(world), lot->id);
    if (lot->servers.rate >= 0.0 && lot->servers.rate < INFINITY) return FC_OK;
    return fc_out_of_domain(world, world->plan->params[p].path, "a failure rate");
}

int fc_upkeep_start(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;
    int ret = read_rate(world, lot);

    if (ret != FC_OK) return ret;
    pool->full = pool->full_up = lot->gpus / lot->per_server;
    pool->has_short = pool->short_up = lot->gpus % lot->per_server != 0;
    fc_stream_init(&pool->stream, world->fleets[lot->fleet].upkeep.key, world->replication,
                   lot->id);
    pool->residual = fc_exponential(&pool->stream);
    pool->since = fc_now(world);
    return schedule_failure(world, lot);
}

void fc_upkeep_stop(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;

    fc_calendar_cancel(&world->calendar, pool->event);
    pool->event = FC_NO_EVENT;
    pool->rate = 0;
    pool->full_up = pool->full_off = 0;
    pool->short_up = pool->short_off = false;
}

/* ---- repairs ------------------------------------------------------------------------------ */

static bool retired(const fc_lot *lot)
{
    return fc_lot_has_left(lot);
}

static int start_repair(fc_world *world, fc_upkeep_state *upkeep, const fc_failed_server *server)
{
    int32_t fleet = world->lots[server->lot]->fleet;
    fc_param p = plan_of(world, fleet)->repair_time;
    fc_event what = {
        .kind = FC_EV_REPAIR, .subject = (uint32_t)server->lot, .detail = server->is_short};
    double now = fc_now(world), lasts = 0;

    if (fc_without(world, FC_CAUSE_repair)) p = 0;
    if (fc_param_given(p)) lasts = fc_param_draw(world->params, p, now, server->occurrence);
    if (!(lasts >= 0.0))
        return fc_out_of_domain(world, world->plan->params[p].path, "a duration below zero");
    upkeep->busy++;
    return fc_schedule(world, now + lasts, FC_CLASS_FLOW, what, NULL);
}

static bool crew_free(const fc_upkeep_state *upkeep)
{
    return upkeep->busy < upkeep->crews;
}

static int enqueue(fc_upkeep_state *upkeep, const fc_failed_server *server)
{
    size_t end = upkeep->head + upkeep->waiting;

    if (end == upkeep->capacity && upkeep->head > upkeep->waiting) {
        memmove(upkeep->queue, upkeep->queue + upkeep->head,
                upkeep->waiting * sizeof *upkeep->queue);
        upkeep->head = 0;
        end = upkeep->waiting;
    } else {
        int ret = fc_reserve(&upkeep->queue, &upkeep->capacity, end + 1, sizeof *upkeep->queue);
        if (ret != FC_OK) return ret;
    }
    upkeep->queue[end] = *server;
    upkeep->waiting++;
    return FC_OK;
}

static int start_waiting(fc_world *world, fc_upkeep_state *upkeep)
{
    int ret = FC_OK;

    while (ret == FC_OK && upkeep->waiting > 0 && crew_free(upkeep)) {
        fc_failed_server *server = &upkeep->queue[upkeep->head++];

        upkeep->waiting--;
        if (!retired(world->lots[server->lot])) ret = start_repair(world, upkeep, server);
    }
    if (upkeep->waiting == 0) upkeep->head = 0;
    return ret;
}

static int fail(fc_world *world, fc_lot *lot, bool is_short, int64_t gpus)
{
    fc_upkeep_state *upkeep = &world->fleets[lot->fleet].upkeep;
    fc_failed_server server = {.lot = lot->index,
                               .is_short = is_short,
                               .occurrence = fc_mix_id(lot->id, lot->servers.failures++)};
    int ret = FC_OK;

    upkeep->failures++;
    ret = fc_lot_move(world, lot, FC_ST_RUNNING, FC_ST_REPAIR, gpus);
    if (ret == FC_OK && world->observer != NULL) {
        ret = fc_log(world, "failure", world->holdings[lot->holding].path, lot->index, (double)gpus,
                     "GPU");
    }
    if (ret != FC_OK) return ret;
    return crew_free(upkeep) ? start_repair(world, upkeep, &server) : enqueue(upkeep, &server);
}

int fc_on_failure(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    fc_server_pool *pool = &lot->servers;
    int64_t chosen = (int64_t)fc_stream_below(&pool->stream, (uint64_t)servers(pool));
    int ret = FC_OK;

    pool->residual = fc_exponential(&pool->stream);
    pool->since = fc_now(world);
    if ((ret = schedule_failure(world, lot)) != FC_OK) return ret;
    /* Numbered: full servers that run, full servers that do not, the short one. */
    if (chosen < pool->full_up) {
        pool->full_up--;
        return fail(world, lot, false, lot->per_server);
    }
    if (chosen == pool->full && pool->short_up) {
        pool->short_up = false;
        return fail(world, lot, true, lot->gpus % lot->per_server);
    }
    return FC_OK;
}

int fc_on_repair(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    fc_server_pool *pool = &lot->servers;
    fc_upkeep_state *upkeep = &world->fleets[lot->fleet].upkeep;
    bool is_short = event->detail != 0;
    int ret = FC_OK;

    upkeep->busy--;
    if (!retired(lot)) {
        int64_t gpus = is_short ? lot->gpus % lot->per_server : lot->per_server;

        bool off = fc_curtail_holds(lot);

        if (is_short)
            *(off ? &pool->short_off : &pool->short_up) = true;
        else
            ++*(off ? &pool->full_off : &pool->full_up);
        assert(pool->full_up + pool->full_off <= pool->full);
        ret = fc_lot_move(world, lot, FC_ST_REPAIR, off ? fc_off_state(lot) : FC_ST_RUNNING, gpus);
    }
    if (ret != FC_OK || upkeep->waiting == 0) return ret;
    return start_waiting(world, upkeep);
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
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;

    upkeep->busy = 0;
    upkeep->failures = 0;
    upkeep->head = upkeep->waiting = 0;
    return read_crews(world, fleet);
}

static int change_rate(fc_world *world, fc_lot *lot)
{
    fc_server_pool *pool = &lot->servers;
    double now = fc_now(world);
    int ret = FC_OK;

    pool->residual -= (double)servers(pool) * pool->rate * (now - pool->since);
    pool->residual = fmax(pool->residual, 0.0);
    pool->since = now;
    fc_calendar_cancel(&world->calendar, pool->event);
    ret = read_rate(world, lot);
    return ret == FC_OK ? schedule_failure(world, lot) : ret;
}

int fc_upkeep_changed(fc_world *world, int32_t fleet)
{
    int ret = read_crews(world, fleet);

    for (size_t i = 0; ret == FC_OK && i < world->n_lots; i++) {
        fc_lot *lot = world->lots[i];

        if (lot->fleet == fleet && lot->commissioned && !retired(lot))
            ret = change_rate(world, lot);
    }
    return ret == FC_OK ? start_waiting(world, &world->fleets[fleet].upkeep) : ret;
}

int fc_on_upkeep_change(fc_world *world, const fc_event *event)
{
    return fc_upkeep_changed(world, (int32_t)event->subject);
}
