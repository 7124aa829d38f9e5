/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Failures and repairs of a large lot, in steps of a day instead of one by one.
 *
 * At the end of a step the failures in it are Poisson, with the mean of what ran at its beginning
 * (never more than ran); each comes at a uniform moment of the step, and so does a crew that goes
 * on to the next server. A duration that begins at such a moment ends on the step in which it is
 * over: what is counted at the ends of steps has the same mean time in repair as the exact model.
 * What fails and is back within one step is not seen to be down.
 *
 * The approximation: servers that fail or come back within a step run for all or nothing of it, so
 * that rates must be small against one a step; a crew is lent by the step; where exact lots share
 * crews with a batched one, a crew that is free goes to the exact ones first; a server smaller than
 * the others does not fail; durations under way are kept when a driver changes them. How far mean
 * and variance are from the exact model's is tested, and said in docs/model.md.
 */
#include <math.h>
#include <string.h>
#include <gsl/gsl_randist.h>

#include "model/world.h"

static fc_batch *batch_of(const fc_world *world, const fc_lot *lot)
{
    return &world->batches[lot->index];
}

static const fc_upkeep *plan_of(const fc_world *world, const fc_lot *lot)
{
    return &world->plan->fleets[lot->fleet].upkeep;
}

bool fc_batch_wanted(fc_world *world, const fc_lot *lot)
{
    const fc_upkeep *plan = plan_of(world, lot);

    if (!fc_param_given(plan->exact_up_to) || fc_param_given(plan->spares)) return false;
    if (lot->servers.ages_differ) return false;
    return (double)lot->servers.full > fc_param_at(world->params, plan->exact_up_to, 0);
}

static int schedule_step(fc_world *world, fc_lot *lot)
{
    const fc_batch *batch = batch_of(world, lot);
    fc_event what = {.kind = FC_EV_BATCH, .subject = (uint32_t)lot->index};
    double end = batch->start + (double)(batch->step + 1) * FC_BATCH_STEP;

    return fc_schedule(world, end, FC_CLASS_FLOW, what, &lot->servers.event);
}

int fc_batch_start(fc_world *world, fc_lot *lot)
{
    size_t index = (size_t)lot->index;
    double left = world->plan->horizon - fc_now(world);
    int ret =
        fc_reserve(&world->batches, &world->batch_capacity, index + 1, sizeof *world->batches);
    fc_batch *batch = NULL;

    if (ret != FC_OK) return ret;
    batch = &world->batches[index];
    batch->start = batch->since = fc_now(world);
    batch->step = 0;
    batch->n_steps = (size_t)(left / FC_BATCH_STEP) + 2;
    batch->exposure = 0;
    batch->waiting = batch->crews = batch->others = 0;
    batch->stopped = false;
    ret =
        fc_reserve(&batch->by_crew, &batch->crew_capacity, batch->n_steps, sizeof *batch->by_crew);
    if (ret == FC_OK)
        ret = fc_reserve(&batch->by_replacement, &batch->replacement_capacity, batch->n_steps,
                         sizeof *batch->by_replacement);
    if (ret != FC_OK) return ret;
    memset(batch->by_crew, 0, batch->n_steps * sizeof *batch->by_crew);
    memset(batch->by_replacement, 0, batch->n_steps * sizeof *batch->by_replacement);
    return schedule_step(world, lot);
}

void fc_batch_expose(fc_world *world, fc_lot *lot)
{
    fc_batch *batch = batch_of(world, lot);
    double now = fc_now(world);

    batch->exposure += (double)lot->servers.full_up * lot->servers.rate * (now - batch->since);
    batch->since = now;
}

/* The step is not over for the crews at work on what has left. */
int fc_batch_stop(fc_world *world, fc_lot *lot)
{
    fc_batch *batch = batch_of(world, lot);

    batch->stopped = true;
    batch->waiting = batch->others = 0;
    return batch->crews > 0 ? schedule_step(world, lot) : FC_OK;
}

/* ---- one step ------------------------------------------------------------------------------ */

/* A duration that began in this step: how many steps later it ends, 0: in this one. */
static int steps_of(fc_world *world, fc_lot *lot, fc_param p, size_t *out)
{
    fc_server_pool *pool = &lot->servers;
    uint64_t occurrence = fc_mix_id(lot->id, pool->failures++);
    double before_end = fc_stream_uniform(&pool->stream) * FC_BATCH_STEP, lasts = 0;

    if (fc_without(world, FC_CAUSE_repair)) p = 0;
    if (fc_param_given(p)) lasts = fc_param_draw(world->params, p, fc_now(world), occurrence);
    if (!(lasts >= 0.0))
        return fc_out_of_domain(world, world->plan->params[p].path, "a duration below zero");
    *out = lasts <= before_end ? 0 : (size_t)fmin(ceil((lasts - before_end) / FC_BATCH_STEP), 1e9);
    return FC_OK;
}

static void put(const fc_batch *batch, int64_t *ends, size_t steps)
{
    if (steps < batch->n_steps - batch->step) ends[batch->step + steps]++;
}

/* A crew begins; *down counts the server if it is seen to be down. */
static int begin_repair(fc_world *world, fc_lot *lot, int64_t *down)
{
    fc_batch *batch = batch_of(world, lot);
    size_t steps = 0;
    int ret = steps_of(world, lot, plan_of(world, lot)->repair_time, &steps);

    if (ret != FC_OK || steps == 0) return ret;
    put(batch, batch->by_crew, steps);
    batch->crews++;
    world->fleets[lot->fleet].upkeep.busy++;
    ++*down;
    return FC_OK;
}

static int fail_one(fc_world *world, fc_lot *lot, int64_t *down)
{
    fc_upkeep_state *upkeep = &world->fleets[lot->fleet].upkeep;
    const fc_upkeep *plan = plan_of(world, lot);
    fc_batch *batch = batch_of(world, lot);
    size_t steps = 0;
    int ret = FC_OK;

    upkeep->failures++;
    if (fc_param_given(plan->scrapped)) {
        double share = fc_param_at(world->params, plan->scrapped, fc_now(world));

        if (fc_stream_uniform(&lot->servers.stream) < share) {
            upkeep->scrapped++;
            ret = steps_of(world, lot, plan->replacement, &steps);
            if (ret != FC_OK || steps == 0) return ret;
            put(batch, batch->by_replacement, steps);
            batch->others++;
            ++*down;
            return FC_OK;
        }
    }
    if (upkeep->busy < upkeep->crews) return begin_repair(world, lot, down);
    batch->waiting++;
    ++*down;
    return FC_OK;
}

/* So many more servers of the lot are back, and so many have failed: as few moves as can be. */
static int settle(fc_world *world, fc_lot *lot, int64_t back, int64_t failed)
{
    fc_server_pool *pool = &lot->servers;
    int64_t off = fc_curtail_held(lot), net = 0;
    int ret = FC_OK;

    if (off > back) off = back;
    net = back - off - failed;
    pool->full_off += off;
    pool->full_up += net;
    ret = fc_lot_move(world, lot, FC_ST_REPAIR, fc_off_state(lot), off * lot->per_server);
    if (ret != FC_OK || net == 0) return ret;
    if (net > 0) return fc_lot_move(world, lot, FC_ST_REPAIR, FC_ST_RUNNING, net * lot->per_server);
    return fc_lot_move(world, lot, FC_ST_RUNNING, FC_ST_REPAIR, -net * lot->per_server);
}

/* Crews that have ended go on with who waits; *back counts who runs again. */
static int end_repairs(fc_world *world, fc_lot *lot, int64_t *back)
{
    fc_upkeep_state *upkeep = &world->fleets[lot->fleet].upkeep;
    fc_batch *batch = batch_of(world, lot);
    int64_t ended = batch->by_crew[batch->step], replaced = batch->by_replacement[batch->step];
    int ret = FC_OK;

    batch->crews -= ended;
    upkeep->busy -= ended;
    if (!batch->stopped) {
        batch->others -= replaced;
        *back = ended + replaced;
    }
    while (ret == FC_OK && batch->waiting > 0 && upkeep->busy < upkeep->crews) {
        int64_t down = 0;

        ret = begin_repair(world, lot, &down);
        batch->waiting--;
        *back += 1 - down;
    }
    return ret;
}

int fc_on_batch(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    fc_batch *batch = batch_of(world, lot);
    int64_t failures = 0, down = 0, back = 0;
    int ret = FC_OK;

    lot->servers.event = FC_NO_EVENT;
    batch->step++;
    fc_batch_expose(world, lot);
    if (batch->exposure > 0.0) {
        gsl_rng rng = fc_rng_attach(&lot->servers.stream);
        failures = (int64_t)gsl_ran_poisson(&rng, batch->exposure);
    }
    batch->exposure = 0;
    if (failures > lot->servers.full_up) failures = lot->servers.full_up;
    ret = end_repairs(world, lot, &back);
    for (int64_t i = 0; ret == FC_OK && i < failures; i++) ret = fail_one(world, lot, &down);
    if (ret == FC_OK && !batch->stopped) ret = settle(world, lot, back, down);
    if (ret == FC_OK) ret = fc_repair_serve(world, lot->fleet);
    if (ret != FC_OK || (batch->stopped && batch->crews == 0)) return ret;
    return schedule_step(world, lot);
}

int fc_batch_verify(fc_world *world, const fc_lot *lot)
{
    const fc_batch *batch = batch_of(world, lot);
    int64_t down = lot->servers.full - lot->servers.full_up - lot->servers.full_off;

    if (batch->stopped || batch->waiting + batch->crews + batch->others == down) return FC_OK;
    return fc_ledger_broken(world, "repair", world->holdings[lot->holding].path,
                            "servers that are batched");
}
