/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hosting: from delivery until there is energised room.
 *
 * A delivered lot takes room for as many whole servers as fit, at its sites in the order of
 * preference: rated IT power times the site's design PUE within the power that may be drawn, and
 * racks of as many servers as they hold and their power limit allows. The others wait, first come
 * first served within the fleet; one behind may take room that is too small for a server of those
 * ahead.
 *
 * They are charged to the phase that brings power in the end (phase.c). Where no phase did, to
 * what they lacked at the first of their sites that would take their model: racks (`hosting`),
 * energised power that may not be drawn (`curtailed`), a site whose racks and cooling would take
 * it at all (`density`), or room that a retirement freed: more halls were missing (`building`).
 */
#include <assert.h>
#include <math.h>

#include "model/world.h"

static const int cause_of_lack[] = {
    [FC_LACK_POWER] = FC_CAUSE_building,
    [FC_LACK_SUPPLY] = FC_CAUSE_curtailed,
    [FC_LACK_SPACE] = FC_CAUSE_hosting,
    [FC_LACK_DENSITY] = FC_CAUSE_density,
};

/* ---- room -------------------------------------------------------------------------------- */

/* What one server of the lot needs at the site's supply point. */
static int64_t server_need(fc_world *world, const fc_lot *lot, int32_t site)
{
    double pue = fc_param_or(world->params, world->plan->sites[site].design_pue, fc_now(world), 1);

    return (int64_t)rint(fmin(lot->server_power * pue, 1e15) * 1e3);
}

/* How many of the lot's servers a rack of the site holds; 0: it does not take them. */
static int64_t servers_a_rack(fc_world *world, const fc_lot *lot, int32_t site)
{
    const fc_site *plan = &world->plan->sites[site];
    const fc_accelerator *model = &world->plan->accelerators[lot->model];
    double most = fc_param_or(world->params, model->servers_per_rack, fc_now(world), 1);

    if (fc_without(world, FC_CAUSE_density)) return most >= 1.0 ? (int64_t)most : 1;
    if (plan->cooling == FC_HALL_AIR && model->needs == FC_LIQUID) return 0;
    if (fc_param_given(plan->rack_limit) && lot->server_power > 0.0) {
        double limit = fc_param_at(world->params, plan->rack_limit, fc_now(world));

        most = fmin(most, floor(limit / lot->server_power));
    }
    return most >= 1.0 ? (int64_t)most : 0;
}

static bool counts_racks(const fc_world *world, int32_t site)
{
    return fc_param_given(world->plan->sites[site].racks) && !fc_without(world, FC_CAUSE_hosting);
}

static int64_t free_racks(fc_world *world, int32_t site)
{
    double racks = fc_param_at(world->params, world->plan->sites[site].racks, fc_now(world));
    int64_t left = (int64_t)rint(fmin(fmax(racks, 0.0), 1e9)) - world->sites[site].racks_used;

    return left > 0 ? left : 0;
}

/* How many of the lot's servers the site can take; *lack: why no more. */
static int64_t room_for(fc_world *world, const fc_lot *lot, int32_t site, int64_t need, int *lack)
{
    const fc_site_state *state = &world->sites[site];
    int64_t servers = fc_lot_servers(lot), a_rack = servers_a_rack(world, lot, site);
    int64_t energised = state->energised - state->used;
    int64_t available = state->off > 0 ? 0 : state->available - state->used;

    if (a_rack == 0) {
        *lack = FC_LACK_DENSITY;
        return 0;
    }
    if (need > 0 && available / need < servers) {
        *lack = energised / need > available / need ? FC_LACK_SUPPLY : FC_LACK_POWER;
        servers = available > 0 ? available / need : 0;
    }
    if (counts_racks(world, site)) {
        int64_t space = free_racks(world, site) * a_rack;

        if (space < servers) {
            *lack = FC_LACK_SPACE;
            servers = space;
        }
    }
    return servers;
}

static int64_t racks_for(int64_t servers, int64_t a_rack)
{
    assert(a_rack > 0);
    return (servers + a_rack - 1) / a_rack;
}

static void take_room(fc_world *world, fc_lot *lot, int32_t site)
{
    fc_site_state *state = &world->sites[site];

    state->used += lot->server_need * fc_lot_servers(lot);
    if (counts_racks(world, site)) {
        lot->room.racks = racks_for(fc_lot_servers(lot), servers_a_rack(world, lot, site));
        state->racks_used += lot->room.racks;
    }
    lot->room.before = state->last_lot;
    if (state->last_lot == FC_NONE) {
        state->first_lot = lot->index;
    } else {
        world->lots[state->last_lot]->room.after = lot->index;
    }
    state->last_lot = lot->index;
}

static void leave_room(fc_world *world, fc_lot *lot)
{
    fc_site_state *state = &world->sites[lot->site];
    fc_room *room = &lot->room;

    state->used -= lot->server_need * fc_lot_servers(lot);
    state->off -= lot->server_need * room->off;
    state->racks_used -= room->racks;
    *(room->before == FC_NONE ? &state->first_lot : &world->lots[room->before]->room.after) =
        room->after;
    *(room->after == FC_NONE ? &state->last_lot : &world->lots[room->after]->room.before) =
        room->before;
    room->before = room->after = FC_NONE;
    room->off = room->racks = 0;
}

/* The rest stands right behind; the last servers are those that are off. */
void fc_hosting_split(fc_world *world, fc_lot *lot, fc_lot *rest)
{
    fc_room *room = &lot->room;
    int64_t racks = room->racks, off = room->off;

    if (lot->site == FC_NONE) return;
    rest->room.before = lot->index;
    if (room->after == FC_NONE)
        world->sites[lot->site].last_lot = rest->index;
    else
        world->lots[room->after]->room.before = rest->index;
    room->after = rest->index;
    /* A rack that both stand in is counted with the first. */
    if (racks > 0)
        room->racks = (int64_t)ceil((double)racks * (double)fc_lot_servers(lot) /
                                    (double)(fc_lot_servers(lot) + fc_lot_servers(rest)));
    rest->room.racks = racks - room->racks;
    rest->room.off = off < fc_lot_servers(rest) ? off : fc_lot_servers(rest);
    room->off = off - rest->room.off;
}

/* ---- who waits ----------------------------------------------------------------------------- */

static int admit(fc_world *world, fc_lot *lot, int32_t site, int64_t need, int32_t phase)
{
    int ret = FC_OK;

    lot->site = site;
    lot->server_need = need;
    lot->room.phase = phase;
    if (site != FC_NONE) take_room(world, lot, site);
    lot->step[FC_A_HOSTING].cause = cause_of_lack[lot->room.lack];
    ret = fc_lot_move(world, lot, FC_ST_WAREHOUSE, FC_ST_INSTALLING, lot->gpus);
    return ret == FC_OK ? fc_activity_done(world, lot, FC_A_HOSTING) : ret;
}

/* Admits what fits; *lot becomes the part that still waits, NULL if none does. */
static int serve_lot(fc_world *world, fc_lot **lot, int32_t phase)
{
    const fc_refs *hosts = world->holdings[(*lot)->holding].hosts;
    int first_lack = FC_LACK_DENSITY, ret = FC_OK;

    for (uint32_t h = 0; h < hosts->n && *lot != NULL; h++) {
        int32_t site = hosts->index[h];
        int64_t need = server_need(world, *lot, site);
        int lack = FC_LACK_POWER;
        int64_t servers = room_for(world, *lot, site, need, &lack);
        fc_lot *admitted = *lot, *rest = NULL;

        if (first_lack == FC_LACK_DENSITY) first_lack = lack;
        if (servers <= 0) continue;
        if (servers < fc_lot_servers(admitted)) {
            if ((ret = fc_lot_split(world, admitted, servers, &rest)) != FC_OK) return ret;
        }
        if ((ret = admit(world, admitted, site, need, phase)) != FC_OK) return ret;
        *lot = rest;
    }
    if (*lot != NULL) (*lot)->room.lack = first_lack;
    return FC_OK;
}

int fc_hosting_serve(fc_world *world, int32_t fleet, int32_t phase)
{
    fc_fleet_state *state = &world->fleets[fleet];
    size_t still = 0;

    for (size_t i = 0; i < state->waiting; i++) {
        fc_lot *lot = world->lots[state->queue[i]];
        int ret = serve_lot(world, &lot, phase);

        if (ret != FC_OK) return ret;
        if (lot != NULL) state->queue[still++] = lot->index;
    }
    state->waiting = still;
    return FC_OK;
}

int fc_hosting_begin(fc_world *world, fc_lot *lot)
{
    fc_fleet_state *fleet = &world->fleets[lot->fleet];
    fc_step *step = &lot->step[FC_A_HOSTING];
    int ret = FC_OK;

    step->due = INFINITY;
    if (world->holdings[lot->holding].hosts->n == 0) return admit(world, lot, FC_NONE, 0, FC_NONE);
    if ((ret = serve_lot(world, &lot, FC_NONE)) != FC_OK || lot == NULL) return ret;
    ret = fc_reserve(&fleet->queue, &fleet->capacity, fleet->waiting + 1, sizeof *fleet->queue);
    if (ret == FC_OK) fleet->queue[fleet->waiting++] = lot->index;
    return ret;
}

int fc_hosting_release(fc_world *world, fc_lot *lot)
{
    if (lot->site == FC_NONE) return FC_OK;
    leave_room(world, lot);
    return fc_site_changed(world, (uint32_t)lot->site);
}

/* ---- what they waited for ------------------------------------------------------------------ */

/* The works that a lot in want of power waits for: those of the phase of its sites that is
 * scheduled to be energised first; NULL: of no phase that has begun. */
static const fc_work *awaited(fc_world *world, const fc_lot *lot)
{
    const fc_refs *hosts = world->holdings[lot->holding].hosts;
    const fc_work *first = NULL;
    double earliest = INFINITY;

    for (uint32_t i = 0; i < world->plan->n_phases; i++) {
        const fc_phase_state *state = &world->phases[i];
        const fc_work *work = NULL;
        bool host = false;
        double ends = INFINITY;

        for (uint32_t h = 0; h < hosts->n; h++) host |= hosts->index[h] == state->site;
        if (!host || state->energised || !state->started) continue;
        if (servers_a_rack(world, lot, state->site) == 0) continue;
        work = fc_phase_last_work(state, &ends);
        if (first != NULL && ends >= earliest) continue;
        earliest = ends;
        first = work;
    }
    return first;
}

size_t fc_hosting_parts(fc_world *world, const fc_lot *lot, fc_part out[FC_MOST_PARTS])
{
    bool open = lot->step[FC_A_HOSTING].end == INFINITY;
    const fc_work *work = NULL;
    double ends = 0;

    if (!open && lot->room.phase != FC_NONE)
        work = fc_phase_last_work(&world->phases[lot->room.phase], &ends);
    else if (open && lot->room.lack == FC_LACK_POWER)
        work = awaited(world, lot);
    if (work == NULL) {
        out[0].cause = open ? cause_of_lack[lot->room.lack] : lot->step[FC_A_HOSTING].cause;
        out[0].lacked = NULL;
        return 1;
    }
    for (size_t i = 0; i < work->n_parts; i++) out[i] = work->parts[i];
    return work->n_parts;
}
