/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shipping: what is made and may leave is delivered at once, unless an allotment of the vendor
 * limits what its fleet gets of the model in a calendar quarter. Then lots are served in the order
 * of their contracts, whole servers; the rest of a lot waits for later quarters, and one behind may
 * take what is too little for a server of those ahead. What a quarter did not use is gone.
 */
#include <math.h>
#include <string.h>

#include "model/world.h"

static bool covers(const fc_allotment *allotment, const fc_lot *lot)
{
    if (allotment->fleet != lot->fleet) return false;
    for (uint32_t i = 0; i < allotment->models.n; i++) {
        if (allotment->models.index[i] == lot->model) return true;
    }
    return false;
}

/* What the allotment has left in this quarter. */
static int room_of(fc_world *world, uint32_t index, int64_t *room)
{
    const fc_allotment *allotment = &world->plan->allotments[index];
    fc_allotment_state *state = &world->allotments[index];
    double now = fc_now(world), limit = fc_param_at(world->params, allotment->a_quarter, now);

    if (!(limit >= 0.0)) return fc_out_of_domain(world, allotment->name, "an allotment below zero");
    if (now >= state->quarter_ends) {
        state->delivered = 0;
        state->quarter_ends = fc_period_end_after(world->plan->epoch, FC_PERIOD_QUARTER, now);
    }
    *room = (int64_t)floor(fmin(limit, 1e15)) - state->delivered;
    return FC_OK;
}

/* Delivers what may be; *lot becomes the part that still waits, NULL if none does. */
static int serve_lot(fc_world *world, fc_lot **lot)
{
    const fc_fleet *fleet = &world->plan->fleets[(*lot)->fleet];
    uint32_t first = fleet->first_allotment, end = first + fleet->n_allotments;
    int64_t servers = fc_lot_servers(*lot);
    fc_lot *leaving = *lot, *rest = NULL;
    int ret = FC_OK;

    for (uint32_t a = first; a < end; a++) {
        int64_t room = 0;

        if (!covers(&world->plan->allotments[a], leaving)) continue;
        if ((ret = room_of(world, a, &room)) != FC_OK) return ret;
        if (room < servers * leaving->per_server) servers = room / leaving->per_server;
    }
    if (servers <= 0) return FC_OK;
    if (servers < fc_lot_servers(leaving)) {
        if ((ret = fc_lot_split(world, leaving, servers, &rest)) != FC_OK) return ret;
    }
    for (uint32_t a = first; a < end; a++) {
        if (covers(&world->plan->allotments[a], leaving))
            world->allotments[a].delivered += leaving->gpus;
    }
    *lot = rest;
    return fc_activity_done(world, leaving, FC_A_SHIPPING);
}

static int serve(fc_world *world, int32_t f)
{
    fc_fleet_state *fleet = &world->fleets[f];
    fc_event what = {.kind = FC_EV_ALLOTMENT, .subject = (uint32_t)f};
    double quarter = fc_period_end_after(world->plan->epoch, FC_PERIOD_QUARTER, fc_now(world));
    size_t still = 0;

    for (size_t i = 0; i < fleet->n_to_ship; i++) {
        fc_lot *lot = world->lots[fleet->to_ship[i]];
        int ret = serve_lot(world, &lot);

        if (ret != FC_OK) return ret;
        if (lot != NULL) fleet->to_ship[still++] = lot->index;
    }
    fleet->n_to_ship = still;
    if (still == 0 || fc_calendar_pending(&world->calendar, fleet->quarter_event)) return FC_OK;
    return fc_schedule(world, quarter, FC_CLASS_FLOW, what, &fleet->quarter_event);
}

int fc_on_allotment(fc_world *world, const fc_event *event)
{
    return serve(world, (int32_t)event->subject);
}

static bool ordered_before(const fc_lot *a, const fc_lot *b)
{
    double x = a->step[FC_A_TENDER].end, y = b->step[FC_A_TENDER].end;

    return x < y || (x <= y && a->index < b->index);
}

int fc_shipping_begin(fc_world *world, fc_lot *lot)
{
    const fc_fleet *plan = &world->plan->fleets[lot->fleet];
    fc_fleet_state *fleet = &world->fleets[lot->fleet];
    bool limited = false;
    size_t at = fleet->n_to_ship;
    int ret = FC_OK;

    for (uint32_t a = 0; a < plan->n_allotments; a++)
        limited |= covers(&world->plan->allotments[plan->first_allotment + a], lot);
    limited &= !fc_without(world, FC_CAUSE_supply);
    if (!limited || world->holdings[lot->holding].stock != FC_NONE)
        return fc_activity_done(world, lot, FC_A_SHIPPING);
    lot->step[FC_A_SHIPPING].due = INFINITY;
    ret = fc_reserve(&fleet->to_ship, &fleet->to_ship_capacity, at + 1, sizeof *fleet->to_ship);
    if (ret != FC_OK) return ret;
    for (; at > 0 && ordered_before(lot, world->lots[fleet->to_ship[at - 1]]); at--)
        fleet->to_ship[at] = fleet->to_ship[at - 1];
    fleet->to_ship[at] = lot->index;
    fleet->n_to_ship++;
    return serve(world, lot->fleet);
}

void fc_shipping_withdraw(fc_world *world, fc_lot *lot)
{
    fc_fleet_state *fleet = &world->fleets[lot->fleet];
    fc_step *step = &lot->step[FC_A_SHIPPING];
    size_t still = 0;

    for (size_t i = 0; i < fleet->n_to_ship; i++) {
        if (fleet->to_ship[i] != lot->index) fleet->to_ship[still++] = fleet->to_ship[i];
    }
    fleet->n_to_ship = still;
    step->start = step->began = step->due = INFINITY;
    step->driver = FC_NONE;
}

int fc_shipping_end(fc_world *world, fc_lot *lot)
{
    int ret = fc_lot_pay(world, lot, FC_ON_DELIVERY);

    if (ret != FC_OK) return ret;
    return fc_lot_move(world, lot, FC_ST_ORDERED, FC_ST_WAREHOUSE, lot->gpus);
}

int fc_shipping_changed(fc_world *world, fc_param p)
{
    int ret = FC_OK;

    for (uint32_t a = 0; ret == FC_OK && a < world->plan->n_allotments; a++) {
        const fc_allotment *allotment = &world->plan->allotments[a];
        fc_event what = {.kind = FC_EV_ALLOTMENT, .subject = (uint32_t)allotment->fleet};

        if (allotment->a_quarter == p)
            ret = fc_schedule(world, fc_now(world), FC_CLASS_FLOW, what, NULL);
    }
    return ret;
}
