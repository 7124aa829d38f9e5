/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Repairs, server by server.
 *
 * A failed server is repaired by a crew, first come first served, or scrapped: then a new one takes
 * its place after the replacement's lead time. Without spares its place in the lot is empty for so
 * long. With spares each model has a pool of them: a place is filled by a free spare at once (after
 * the time of the swap) or waits for one, first come first served; the machine that was repaired,
 * or its replacement, joins the pool. Spares are no accelerators of the fleet while they are spare.
 *
 * A crew that works on a server whose lot has left meanwhile is free when that repair would have
 * ended. Of a lot that has left, the machine that would fill an empty place is gone as well.
 *
 * A server repaired while its site must not draw the power for it stays off (curtailment.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/world.h"

static const fc_upkeep *plan_of(const fc_world *world, int32_t fleet)
{
    return &world->plan->fleets[fleet].upkeep;
}

static fc_lot *lot_of(const fc_world *world, const fc_failed_server *server)
{
    return world->lots[server->lot];
}

static fc_spare_pool *pool_of(const fc_world *world, const fc_failed_server *server)
{
    const fc_lot *lot = lot_of(world, server);
    fc_spare_pool *pools = world->fleets[lot->fleet].upkeep.pools;

    return pools == NULL ? NULL : &pools[lot->model];
}

/* ---- queues -------------------------------------------------------------------------------- */

static int enqueue(fc_server_queue *queue, const fc_failed_server *server)
{
    size_t end = queue->head + queue->n;

    if (end == queue->capacity && queue->head > queue->n) {
        memmove(queue->servers, queue->servers + queue->head, queue->n * sizeof *queue->servers);
        queue->head = 0;
        end = queue->n;
    } else {
        int ret = fc_reserve(&queue->servers, &queue->capacity, end + 1, sizeof *queue->servers);
        if (ret != FC_OK) return ret;
    }
    queue->servers[end] = *server;
    queue->n++;
    return FC_OK;
}

static fc_failed_server dequeue(fc_server_queue *queue)
{
    fc_failed_server first = queue->servers[queue->head++];

    if (--queue->n == 0) queue->head = 0;
    return first;
}

/* ---- what takes time ----------------------------------------------------------------------- */

static fc_param duration_of(const fc_world *world, int32_t fleet, fc_repair_kind kind)
{
    const fc_upkeep *plan = plan_of(world, fleet);

    if (fc_without(world, FC_CAUSE_repair)) return 0;
    return kind == FC_REPAIR_BY_CREW   ? plan->repair_time
           : kind == FC_REPAIR_REPLACE ? plan->replacement
                                       : plan->swap_time;
}

static int take_record(fc_upkeep_state *upkeep, uint32_t *out)
{
    int ret = FC_OK;

    if (upkeep->first_free != UINT32_MAX) {
        *out = upkeep->first_free;
        upkeep->first_free = upkeep->repairs[*out].next_free;
        return FC_OK;
    }
    ret = fc_reserve(&upkeep->repairs, &upkeep->repair_capacity, upkeep->n_repairs + 1,
                     sizeof *upkeep->repairs);
    if (ret == FC_OK) *out = (uint32_t)upkeep->n_repairs++;
    return ret;
}

static int schedule(fc_world *world, int32_t fleet, uint32_t record)
{
    fc_repair *repair = &world->fleets[fleet].upkeep.repairs[record];
    fc_event what = {.kind = FC_EV_REPAIR, .subject = record, .detail = (uint64_t)fleet};

    return fc_schedule(world, repair->due, FC_CLASS_FLOW, what, &repair->event);
}

static int run(fc_world *world, fc_repair_kind kind, const fc_failed_server *server)
{
    int32_t fleet = lot_of(world, server)->fleet;
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;
    fc_param p = duration_of(world, fleet, kind);
    double now = fc_now(world), lasts = 0;
    uint32_t record = 0;
    int ret = FC_OK;

    if (fc_param_given(p)) lasts = fc_param_draw(world->params, p, now, server->occurrence);
    if (!(lasts >= 0.0))
        return fc_out_of_domain(world, world->plan->params[p].path, "a duration below zero");
    if ((ret = take_record(upkeep, &record)) != FC_OK) return ret;
    upkeep->repairs[record] =
        (fc_repair){.kind = kind, .server = *server, .began = now, .due = now + lasts};
    if (kind == FC_REPAIR_BY_CREW) upkeep->busy++;
    return schedule(world, fleet, record);
}

/* ---- crews --------------------------------------------------------------------------------- */

static bool crew_free(const fc_upkeep_state *upkeep)
{
    return upkeep->busy < upkeep->crews;
}

int fc_repair_serve(fc_world *world, int32_t fleet)
{
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;
    int ret = FC_OK;

    while (ret == FC_OK && upkeep->to_repair.n > 0 && crew_free(upkeep)) {
        fc_failed_server server = dequeue(&upkeep->to_repair);

        if (upkeep->pools == NULL && fc_lot_has_left(lot_of(world, &server))) continue;
        ret = run(world, FC_REPAIR_BY_CREW, &server);
    }
    return ret;
}

static bool is_scrapped(fc_world *world, const fc_failed_server *server)
{
    const fc_lot *lot = lot_of(world, server);
    fc_upkeep_state *upkeep = &world->fleets[lot->fleet].upkeep;
    fc_param p = plan_of(world, lot->fleet)->scrapped;
    fc_stream stream;

    if (!fc_param_given(p)) return false;
    fc_stream_init(&stream, upkeep->scrap_key, world->replication, server->occurrence);
    return fc_stream_uniform(&stream) < fc_param_at(world->params, p, fc_now(world));
}

/* The machine goes to a crew, or another is ordered in its place. */
static int send_away(fc_world *world, const fc_failed_server *server)
{
    fc_upkeep_state *upkeep = &world->fleets[lot_of(world, server)->fleet].upkeep;

    if (is_scrapped(world, server)) {
        upkeep->scrapped++;
        return run(world, FC_REPAIR_REPLACE, server);
    }
    return crew_free(upkeep) ? run(world, FC_REPAIR_BY_CREW, server)
                             : enqueue(&upkeep->to_repair, server);
}

/* ---- spares -------------------------------------------------------------------------------- */

/* What fills the place is new, or as old as what was there. */
static int restore(fc_world *world, fc_failed_server server, bool is_new)
{
    fc_lot *lot = lot_of(world, &server);

    if (fc_lot_has_left(lot)) return FC_OK;
    if (is_new || plan_of(world, lot->fleet)->repaired_as == FC_REPAIRED_NEW)
        server.born = fc_now(world);
    return fc_upkeep_restore(world, &server);
}

static int swap(fc_world *world, const fc_failed_server *place)
{
    if (!fc_param_given(plan_of(world, lot_of(world, place)->fleet)->swap_time))
        return restore(world, *place, false);
    return run(world, FC_REPAIR_SWAP, place);
}

static void count_awaiting(fc_world *world, const fc_failed_server *place, int sign)
{
    const fc_lot *lot = lot_of(world, place);
    int64_t gpus = place->is_short ? lot->gpus % lot->per_server : lot->per_server;

    fc_level_add(&world->fleets[lot->fleet].upkeep.awaiting, fc_now(world), (double)(sign * gpus));
}

static int fill_place(fc_world *world, fc_spare_pool *pool, const fc_failed_server *place)
{
    if (pool->free > 0) {
        pool->free--;
        return swap(world, place);
    }
    count_awaiting(world, place, 1);
    return enqueue(&pool->places, place);
}

/* A machine comes back. */
static int come_back(fc_world *world, fc_spare_pool *pool)
{
    fc_failed_server place;

    pool->away--;
    if (pool->places.n == 0) {
        pool->free++;
        return FC_OK;
    }
    place = dequeue(&pool->places);
    count_awaiting(world, &place, -1);
    return fc_lot_has_left(lot_of(world, &place)) ? FC_OK : swap(world, &place);
}

/* ---- from failure to repaired -------------------------------------------------------------- */

int fc_repair_begin(fc_world *world, const fc_failed_server *server)
{
    fc_spare_pool *pool = pool_of(world, server);
    int ret = FC_OK;

    if (pool == NULL) return send_away(world, server);
    pool->away++;
    if ((ret = send_away(world, server)) != FC_OK) return ret;
    return fill_place(world, pool, server);
}

int fc_on_repair(fc_world *world, const fc_event *event)
{
    int32_t fleet = (int32_t)event->detail;
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;
    fc_repair done = upkeep->repairs[event->subject];
    fc_spare_pool *pool = pool_of(world, &done.server);
    int ret = FC_OK;

    upkeep->repairs[event->subject] = (fc_repair){.next_free = upkeep->first_free};
    upkeep->first_free = event->subject;
    if (done.kind == FC_REPAIR_BY_CREW) upkeep->busy--;
    if (done.kind == FC_REPAIR_SWAP || pool == NULL)
        ret = restore(world, done.server, done.kind == FC_REPAIR_REPLACE);
    else
        ret = come_back(world, pool);
    return ret == FC_OK ? fc_repair_serve(world, fleet) : ret;
}

/* ---- changes, beginning, checks ------------------------------------------------------------ */

int fc_repair_changed(fc_world *world, fc_param p, fc_in_progress how)
{
    int ret = FC_OK;

    if (how == FC_KEEP) return FC_OK;
    for (uint32_t f = 0; f < world->plan->n_fleets; f++) {
        const fc_upkeep *plan = plan_of(world, (int32_t)f);
        fc_upkeep_state *upkeep = &world->fleets[f].upkeep;

        if (p != plan->repair_time && p != plan->replacement && p != plan->swap_time) continue;
        for (uint32_t i = 0; ret == FC_OK && i < upkeep->n_repairs; i++) {
            fc_repair *repair = &upkeep->repairs[i];

            if (repair->kind == FC_REPAIR_NONE || duration_of(world, (int32_t)f, repair->kind) != p)
                continue;
            fc_calendar_cancel(&world->calendar, repair->event);
            fc_duration_changed(world, p, how, repair->server.occurrence, &repair->began,
                                &repair->due);
            ret = schedule(world, (int32_t)f, i);
        }
    }
    return ret;
}

int fc_repair_create(fc_world *world, int32_t fleet)
{
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;

    if (!fc_param_given(plan_of(world, fleet)->spares)) return FC_OK;
    upkeep->pools =
        fc_arena_array(world->arena, world->plan->n_accelerators, sizeof *upkeep->pools);
    return upkeep->pools == NULL ? FC_E_NOMEM : FC_OK;
}

void fc_repair_free(fc_world *world, int32_t fleet)
{
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;

    for (uint32_t m = 0; upkeep->pools != NULL && m < world->plan->n_accelerators; m++)
        free(upkeep->pools[m].places.servers);
    free(upkeep->to_repair.servers);
    free(upkeep->repairs);
}

int fc_repair_reset(fc_world *world, int32_t fleet)
{
    fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;
    fc_param p = plan_of(world, fleet)->spares;
    double spares = fc_param_given(p) ? fc_param_draw(world->params, p, 0, 0) : 0;

    if (!(spares >= 0.0)) return fc_out_of_domain(world, "upkeep.spares", "a number of servers");
    upkeep->busy = 0;
    upkeep->failures = upkeep->scrapped = 0;
    upkeep->to_repair.head = upkeep->to_repair.n = 0;
    upkeep->n_repairs = 0;
    upkeep->first_free = UINT32_MAX;
    upkeep->spares = (int64_t)rint(fmin(spares, 1e9));
    fc_level_init(&upkeep->awaiting, 0, 0);
    for (uint32_t m = 0; upkeep->pools != NULL && m < world->plan->n_accelerators; m++) {
        fc_spare_pool *pool = &upkeep->pools[m];

        pool->free = upkeep->spares;
        pool->away = 0;
        pool->places.head = pool->places.n = 0;
    }
    return FC_OK;
}

int fc_repair_verify(fc_world *world, int32_t fleet)
{
    const fc_upkeep_state *upkeep = &world->fleets[fleet].upkeep;
    const char *name = world->plan->fleets[fleet].name;
    int64_t busy = 0;

    for (size_t i = 0; i < upkeep->n_repairs; i++)
        busy += upkeep->repairs[i].kind == FC_REPAIR_BY_CREW;
    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];
        if (lot->fleet == fleet && lot->servers.batched) busy += world->batches[i].crews;
    }
    if (busy != upkeep->busy) return fc_ledger_broken(world, "repair", name, "crews at work");
    for (uint32_t m = 0; upkeep->pools != NULL && m < world->plan->n_accelerators; m++) {
        const fc_spare_pool *pool = &upkeep->pools[m];

        if (pool->free + pool->away != upkeep->spares + (int64_t)pool->places.n || pool->free < 0)
            return fc_ledger_broken(world, "repair", name, "spare servers");
    }
    return FC_OK;
}
