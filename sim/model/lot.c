/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lot.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/world.h"

enum { LOTS_A_CHUNK = 32 };

/* Lots do not move once made: they come from the arena in chunks and are used again by later
 * replications. */
static int take(fc_world *world, fc_lot **out)
{
    int ret = FC_OK;

    if (world->n_lots == world->lots_made) {
        fc_lot *chunk = fc_arena_array(world->arena, LOTS_A_CHUNK, sizeof *chunk);

        if (chunk == NULL) return FC_E_NOMEM;
        ret = fc_reserve(&world->lots, &world->lot_capacity, world->n_lots + LOTS_A_CHUNK,
                         sizeof *world->lots);
        if (ret != FC_OK) return ret;
        for (int i = 0; i < LOTS_A_CHUNK; i++) world->lots[world->lots_made++] = &chunk[i];
    }
    *out = world->lots[world->n_lots];
    return FC_OK;
}

static void make(fc_world *world, fc_lot *lot, const fc_lot_order *order)
{
    *lot = (fc_lot){
        .index = (int32_t)world->n_lots++,
        .next = FC_NONE,
        .holding = order->holding,
        .fleet = world->holdings[order->holding].fleet,
        .model = order->model,
        .budget = order->budget,
        .site = FC_NONE,
        .id = order->id,
        .gpus = order->gpus,
        .per_server = order->per_server,
        .cost = order->cost,
        .contract = {.owed_in = order->owed_in, .rate = order->rate},
        .server_power = order->server_power,
        .licence = {.rule = FC_NONE},
        .shortage = {.first = FC_NONE, .last = FC_NONE},
        .room = {.phase = FC_NONE, .before = FC_NONE, .after = FC_NONE},
    };
    for (int a = 0; a < FC_N_ACTIVITIES; a++) {
        lot->step[a] = (fc_step){.start = INFINITY,
                                 .began = INFINITY,
                                 .due = INFINITY,
                                 .end = INFINITY,
                                 .driver = FC_NONE,
                                 .cause = fc_activities[a].cause};
    }
}

int fc_lot_create(fc_world *world, const fc_lot_order *order, fc_lot **out)
{
    fc_holding *holding = &world->holdings[order->holding];
    fc_fleet_state *fleet = &world->fleets[holding->fleet];
    fc_lot *lot = NULL;
    int ret = take(world, &lot);

    if (ret != FC_OK) return ret;
    make(world, lot, order);
    if ((ret = fc_energy_lot(world, lot)) != FC_OK) return ret;
    lot->step[FC_A_FUNDING].start = lot->step[FC_A_FUNDING].began = order->wanted;
    if (holding->last_lot == FC_NONE) {
        holding->first_lot = lot->index;
    } else {
        world->lots[holding->last_lot]->next = lot->index;
    }
    holding->last_lot = lot->index;

    lot->count[FC_ST_ORDERED] += lot->gpus;
    holding->count[FC_ST_ORDERED] += lot->gpus;
    holding->bought += lot->gpus;
    fleet->count[FC_ST_ORDERED] += lot->gpus;
    fleet->ordered += lot->gpus;
    fleet->milestones_changed = true;
    fc_level_add(&fleet->not_in_service, fc_now(world), (double)lot->gpus);
    *out = lot;
    return fc_delay_touch(world, lot->holding);
}

int fc_lot_place_behind(fc_world *world, fc_lot *lot, fc_lot *other)
{
    fc_holding *holding = &world->holdings[lot->holding];
    int32_t before = holding->first_lot;

    assert(holding->last_lot == lot->index && other->holding == lot->holding && lot != other);
    if (other->next == lot->index) return FC_OK;
    while (world->lots[before]->next != lot->index) before = world->lots[before]->next;
    world->lots[before]->next = FC_NONE;
    holding->last_lot = before;
    lot->next = other->next;
    other->next = lot->index;
    return fc_delay_touch(world, lot->holding);
}

static bool contracted(fc_state state)
{
    return state != FC_ST_RETIRED && state != FC_ST_TRANSFERRED && state != FC_ST_CANCELLED;
}

static bool in_service(fc_state state)
{
    return state == FC_ST_RUNNING || state == FC_ST_REPAIR || state == FC_ST_CURTAILED ||
           state == FC_ST_UNPAID;
}

/* Keeps the fleet's time averages. */
static void follow(fc_world *world, fc_fleet_state *fleet, fc_state from, fc_state to, int64_t n)
{
    double now = fc_now(world), amount = (double)n;
    int service = in_service(to) - in_service(from);
    int idle = contracted(to) - contracted(from) - service;
    int repair = (to == FC_ST_REPAIR) - (from == FC_ST_REPAIR);
    int curtailed = (to == FC_ST_CURTAILED) - (from == FC_ST_CURTAILED);
    int unpaid = (to == FC_ST_UNPAID) - (from == FC_ST_UNPAID);

    if (repair != 0) fc_level_add(&fleet->in_repair, now, repair * amount);
    if (curtailed != 0) fc_level_add(&fleet->curtailed, now, curtailed * amount);
    if (unpaid != 0) fc_level_add(&fleet->unpaid, now, unpaid * amount);
    if (service == 0 && contracted(from) && in_service(from)) return;
    if (service != 0) fc_level_add(&fleet->commissioned, now, service * amount);
    if (idle != 0) fc_level_add(&fleet->not_in_service, now, idle * amount);
    fleet->milestones_changed = true;
}

static int tell_running(const fc_world *world, const fc_lot *lot, int64_t more, bool leaves)
{
    const fc_observer *observer = world->observer;
    if (observer == NULL || observer->running == NULL) return FC_OK;
    return observer->running(observer->self, &(fc_running_change){.time = fc_now(world),
                                                                  .fleet = lot->fleet,
                                                                  .model = lot->model,
                                                                  .per_server = lot->per_server,
                                                                  .more = more,
                                                                  .leaves = leaves});
}

int fc_lot_move(fc_world *world, fc_lot *lot, fc_state from, fc_state to, int64_t n)
{
    fc_holding *holding = &world->holdings[lot->holding];
    fc_fleet_state *fleet = &world->fleets[lot->fleet];

    assert(n >= 0 && n <= lot->count[from]);
    if (n == 0 || from == to) return FC_OK;
    int ret = fc_demand_follow(world, lot->fleet, fc_now(world));
    if (ret != FC_OK) return ret;
    lot->count[from] -= n;
    lot->count[to] += n;
    holding->count[from] -= n;
    holding->count[to] += n;
    fleet->count[from] -= n;
    fleet->count[to] += n;
    follow(world, fleet, from, to, n);
    if (world->energy != NULL) fc_energy_moved(world, lot, from, to, n);
    if ((from == FC_ST_RUNNING) != (to == FC_ST_RUNNING)) {
        bool leaves = to == FC_ST_RETIRED || to == FC_ST_TRANSFERRED;
        int64_t more = to == FC_ST_RUNNING ? n : -n;

        fleet->allocation_changed = true;

        ret = fc_demand_runs(world, lot, more, leaves);
        if (ret == FC_OK) ret = tell_running(world, lot, more, leaves);
        if (ret != FC_OK) return ret;
    }
    if (from == FC_ST_RUNNING && to == FC_ST_REPAIR) return fc_delay_failed(world, lot, n);
    if (from == FC_ST_REPAIR && to == FC_ST_RUNNING) return fc_delay_failed(world, lot, -n);
    return fc_delay_touch(world, lot->holding);
}

/* `share` of it is the child's. */
static void split_dearer(fc_dearer *dearer, fc_dearer *child, double share)
{
    *child = (fc_dearer){dearer->price * share, dearer->exchange * share, dearer->both * share};
    dearer->price -= child->price;
    dearer->exchange -= child->exchange;
    dearer->both -= child->both;
}

/* The rest of a lot as a new one, right behind it; counts and what follows from them is up to the
 * caller. */
static int take_rest(fc_world *world, fc_lot *lot, int64_t gpus, fc_lot **out)
{
    fc_holding *holding = &world->holdings[lot->holding];
    fc_lot *child = NULL;
    int ret = take(world, &child);

    if (ret != FC_OK) return ret;
    *child = *lot;
    lot->cost = fc_share_of(lot->cost, lot->gpus - gpus, lot->gpus);
    child->cost -= lot->cost;
    lot->contract.advance = fc_share_of(lot->contract.advance, lot->gpus - gpus, lot->gpus);
    child->contract.advance -= lot->contract.advance;
    split_dearer(&lot->contract.dearer, &child->contract.dearer, (double)gpus / (double)lot->gpus);
    child->index = (int32_t)world->n_lots++;
    child->id = fc_mix_id(lot->id, lot->children++);
    child->children = 0;
    lot->next = child->index;
    if (holding->last_lot == lot->index) holding->last_lot = child->index;
    child->gpus = gpus;
    lot->gpus -= gpus;
    *out = child;
    return FC_OK;
}

int fc_lot_split(fc_world *world, fc_lot *lot, int64_t servers, fc_lot **rest)
{
    int64_t kept = servers * lot->per_server, moved = lot->gpus - kept;
    fc_lot *child = NULL;
    int ret = FC_OK;

    assert(servers > 0 && moved > 0 && lot->servers.event == FC_NO_EVENT);
    if ((ret = take_rest(world, lot, moved, &child)) != FC_OK) return ret;
    for (int s = 0; s < FC_N_STATES; s++) {
        assert(lot->count[s] == 0 || lot->count[s] == kept + moved);
        if (lot->count[s] == 0) continue;
        child->count[s] = moved;
        lot->count[s] = kept;
    }
    *rest = child;
    fc_hosting_split(world, lot, child);
    return fc_delay_split(world, lot, child);
}

int fc_lot_branch(fc_world *world, fc_lot *lot, int64_t servers, fc_lot **branch)
{
    int64_t run = servers < lot->servers.full_up ? servers : lot->servers.full_up;
    int64_t off = servers - run, all_off = lot->room.off;
    fc_state off_state = fc_off_state(lot);
    fc_lot *child = NULL;
    int ret = FC_OK;

    assert(lot->commissioned && off <= lot->servers.full_off);
    if ((ret = take_rest(world, lot, servers * lot->per_server, &child)) != FC_OK) return ret;
    memset(child->count, 0, sizeof child->count);
    child->count[FC_ST_RUNNING] = run * lot->per_server;
    child->count[off_state] = off * lot->per_server;
    lot->count[FC_ST_RUNNING] -= child->count[FC_ST_RUNNING];
    lot->count[off_state] -= child->count[off_state];
    fc_hosting_split(world, lot, child);
    if (lot->site != FC_NONE) {
        child->room.off = off < all_off ? off : all_off;
        lot->room.off = all_off - child->room.off;
    }
    child->unpaid = off < lot->unpaid ? off : lot->unpaid;
    lot->unpaid -= child->unpaid;
    /* What is charged to its slots up to now stays with the lot. */
    child->shortage = (fc_lot_shortage){.first = FC_NONE, .last = FC_NONE};
    *branch = child;
    ret = fc_upkeep_branch(world, lot, child, run, off);
    /* Of the reasons to be off each may have another one's now. */
    if (ret == FC_OK && off > 0) ret = fc_curtail_start(world, child);
    return ret == FC_OK && off > 0 ? fc_curtail_start(world, lot) : ret;
}
