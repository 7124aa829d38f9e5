/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Curtailment: a site may draw only a share of its energised power, and servers go off by whole
 * servers, last come first off; when power is back they come on again, first come first.
 *
 * A lot's servers are `off` by number: those that run go off at once; of those in repair some may
 * have to stay off when they are repaired. A lot that is being installed goes on being installed,
 * and is commissioned with that many servers off. A failed server keeps its claim on power. While
 * anybody is off, the site takes no new lot, so that the share of each follows from the power
 * available and the order in which they came, and can be worked out anew at any time.
 *
 * Servers of a lot may be off for want of money as well (running.c). The greater of the two numbers
 * is off, and all of these for the reason that asks for more of them.
 */
#include <assert.h>
#include <math.h>

#include "model/world.h"

int64_t fc_curtail_off(const fc_lot *lot, int64_t *left, bool *enough)
{
    int64_t servers = fc_lot_servers(lot), on = servers;

    if (lot->server_need <= 0) return 0;
    if (!*enough) return servers;
    if (*left / lot->server_need < servers) {
        on = *left / lot->server_need;
        *enough = false;
    }
    *left -= on * lot->server_need;
    return servers - on;
}

static int64_t short_gpus(const fc_lot *lot)
{
    return lot->gpus % lot->per_server;
}

static int64_t to_be_off(const fc_lot *lot)
{
    return lot->unpaid > lot->room.off ? lot->unpaid : lot->room.off;
}

fc_state fc_off_state(const fc_lot *lot)
{
    return lot->unpaid > lot->room.off ? FC_ST_UNPAID : FC_ST_CURTAILED;
}

/* The short server came last. */
static int switch_off(fc_world *world, fc_lot *lot, int64_t servers)
{
    fc_server_pool *pool = &lot->servers;
    int ret = FC_OK;

    if (pool->short_up) {
        pool->short_up = false;
        pool->short_off = true;
        servers--;
        ret = fc_lot_move(world, lot, FC_ST_RUNNING, fc_off_state(lot), short_gpus(lot));
        if (ret != FC_OK) return ret;
    }
    if (servers > pool->full_up) servers = pool->full_up; /* the others are in repair */
    pool->full_up -= servers;
    pool->full_off += servers;
    return fc_lot_move(world, lot, FC_ST_RUNNING, fc_off_state(lot), servers * lot->per_server);
}

static int switch_on(fc_world *world, fc_lot *lot, int64_t servers)
{
    fc_server_pool *pool = &lot->servers;
    int64_t full = servers < pool->full_off ? servers : pool->full_off;
    int ret = FC_OK;

    pool->full_off -= full;
    pool->full_up += full;
    ret = fc_lot_move(world, lot, fc_off_state(lot), FC_ST_RUNNING, full * lot->per_server);
    if (ret != FC_OK || full == servers) return ret;
    assert(pool->short_off && servers == full + 1);
    pool->short_off = false;
    pool->short_up = true;
    return fc_lot_move(world, lot, fc_off_state(lot), FC_ST_RUNNING, short_gpus(lot));
}

static int64_t curtailed(const fc_lot *lot)
{
    return lot->servers.full_off + lot->servers.short_off;
}

int fc_curtail_start(fc_world *world, fc_lot *lot)
{
    int64_t now = curtailed(lot), then = to_be_off(lot);
    fc_state state = fc_off_state(lot);
    fc_state other = state == FC_ST_UNPAID ? FC_ST_CURTAILED : FC_ST_UNPAID;
    int ret = fc_lot_move(world, lot, other, state, lot->count[other]);

    if (ret != FC_OK) return ret;
    if (now < then) return switch_off(world, lot, then - now);
    return now > then ? switch_on(world, lot, now - then) : FC_OK;
}

int64_t fc_curtail_held(const fc_lot *lot)
{
    int64_t off = to_be_off(lot) - curtailed(lot);

    return off > 0 ? off : 0;
}

static int read_available(fc_world *world, uint32_t site)
{
    fc_site_state *state = &world->sites[site];
    fc_param p = world->plan->sites[site].available;
    double share = fc_param_or(world->params, p, fc_now(world), 1.0);

    if (!(share >= 0.0))
        return fc_out_of_domain(world, world->plan->params[p].path, "a share below zero");
    state->available = state->energised;
    if (share < 1.0 && !fc_without(world, FC_CAUSE_curtailed))
        state->available = (int64_t)floor((double)state->energised * share);
    return FC_OK;
}

int fc_curtail(fc_world *world, uint32_t site)
{
    fc_site_state *state = &world->sites[site];
    int ret = read_available(world, site);
    int64_t left = state->available, before = state->off;
    bool enough = true;

    if (ret != FC_OK || (before == 0 && state->used <= left)) return ret;
    state->off = 0;
    for (int32_t i = state->first_lot; ret == FC_OK && i != FC_NONE;
         i = world->lots[i]->room.after) {
        fc_lot *lot = world->lots[i];

        lot->room.off = fc_curtail_off(lot, &left, &enough);
        state->off += lot->room.off * lot->server_need;
        if (lot->commissioned) ret = fc_curtail_start(world, lot);
    }
    if (ret != FC_OK || state->off == before) return ret;
    return fc_log(world, "curtailed", world->plan->sites[site].name, FC_NONE,
                  (double)state->off / 1e3, "W");
}

int fc_site_changed(fc_world *world, uint32_t site)
{
    int ret = fc_curtail(world, site);

    return ret == FC_OK ? fc_hosting_serve(world, world->plan->sites[site].fleet, FC_NONE) : ret;
}

int fc_on_site_change(fc_world *world, const fc_event *event)
{
    return fc_site_changed(world, event->subject);
}
