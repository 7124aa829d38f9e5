/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conservation: everything recounted from the lots up. Run at year ends and at the end of every
 * replication, and after every event where the observer asks for it.
 */
#include <math.h>
#include <string.h>

#include "model/world.h"

/* Made, but may not leave. */
static bool is_held(const fc_lot *lot)
{
    return lot->count[FC_ST_CANCELLED] == 0 && lot->step[FC_A_SUPPLY].end < INFINITY &&
           lot->step[FC_A_LICENCE].end == INFINITY;
}

static int verify_lot(fc_world *world, const fc_lot *lot)
{
    const char *path = world->holdings[lot->holding].path;
    const fc_server_pool *pool = &lot->servers;
    int64_t sum = 0, up = 0, off = 0;

    for (int s = 0; s < FC_N_STATES; s++) {
        if (lot->count[s] < 0)
            return fc_ledger_broken(world, "accelerator", path, "a count below zero");
        sum += lot->count[s];
    }
    if (sum != lot->gpus) return fc_ledger_broken(world, "accelerator", path, "states of a lot");
    if ((lot->count[FC_ST_HELD] > 0) != is_held(lot))
        return fc_ledger_broken(world, "accelerator", path, "held for want of a licence");
    if (!lot->commissioned || fc_lot_has_left(lot)) return FC_OK;
    up = pool->full_up * lot->per_server;
    if (pool->short_up) up += lot->gpus % lot->per_server;
    if (up != lot->count[FC_ST_RUNNING])
        return fc_ledger_broken(world, "accelerator", path, "servers that run");
    off = pool->full_off * lot->per_server;
    if (pool->short_off) off += lot->gpus % lot->per_server;
    if (off != lot->count[fc_off_state(lot)] ||
        off != lot->count[FC_ST_CURTAILED] + lot->count[FC_ST_UNPAID])
        return fc_ledger_broken(world, "accelerator", path, "servers that are off");
    return pool->batched ? fc_batch_verify(world, lot) : FC_OK;
}

static int verify_fleet(fc_world *world, int32_t f)
{
    const fc_fleet_state *fleet = &world->fleets[f];
    const char *name = world->plan->fleets[f].name;
    int64_t count[FC_N_STATES] = {0}, ordered = 0;
    int ret = FC_OK;

    for (uint32_t h = 0; h < world->n_holdings; h++) {
        const fc_holding *holding = &world->holdings[h];
        int64_t own[FC_N_STATES] = {0}, bought = 0;

        if (holding->fleet != f) continue;
        for (int32_t i = holding->first_lot; i != FC_NONE; i = world->lots[i]->next) {
            const fc_lot *lot = world->lots[i];

            if ((ret = verify_lot(world, lot)) != FC_OK) return ret;
            for (int s = 0; s < FC_N_STATES; s++) own[s] += lot->count[s];
            ordered += lot->gpus;
            bought += lot->gpus - lot->count[FC_ST_CANCELLED];
        }
        if (bought != holding->bought || holding->refused < 0)
            return fc_ledger_broken(world, "accelerator", holding->path, "ordered, not cancelled");
        if (memcmp(own, holding->count, sizeof own) != 0)
            return fc_ledger_broken(world, "accelerator", holding->path, "sum of the lots");
        for (int s = 0; s < FC_N_STATES; s++) count[s] += own[s];
    }
    if (memcmp(count, fleet->count, sizeof count) != 0 || ordered != fleet->ordered)
        return fc_ledger_broken(world, "accelerator", name, "sum of the programmes and stocks");
    if (fleet->in_repair.value != (double)count[FC_ST_REPAIR] ||
        fleet->curtailed.value != (double)count[FC_ST_CURTAILED] ||
        fleet->unpaid.value != (double)count[FC_ST_UNPAID] ||
        fleet->commissioned.value != (double)fc_milestone_count(count, FC_IN_SERVICE) ||
        fleet->not_in_service.value != (double)(fc_milestone_count(count, FC_CONTRACTED) -
                                                fc_milestone_count(count, FC_IN_SERVICE)))
        return fc_ledger_broken(world, "accelerator", name, "levels that are averaged");
    return FC_OK;
}

/* What is ordered and not paid is that of the open lots and of the works under way. */
static int verify_budget(fc_world *world, uint32_t budget)
{
    const fc_plan *plan = world->plan;
    const char *name = plan->budgets[budget].name;
    int64_t open[FC_N_LINES] = {0};

    for (size_t i = 0; i < world->n_lots; i++) {
        if (world->lots[i]->budget == (int32_t)budget) open[FC_LINE_GPU] += world->lots[i]->cost;
    }
    for (uint32_t i = 0; i < plan->n_phases; i++) {
        const fc_refs *pays = &plan->sites[world->phases[i].site].pays_from;

        for (uint32_t k = 0; k < pays->n; k++) {
            if (pays->index[k] == (int32_t)budget)
                open[FC_LINE_BUILDING] += world->phases[i].committed[k];
        }
    }
    for (fc_line line = 0; line < FC_N_LINES; line++) {
        const fc_account *account = fc_account_of(world, budget, line);

        if (!fc_account_balances(account) ||
            open[line] != account->committed + account->ahead - account->due)
            return fc_ledger_broken(world, "budget", name, "paid + committed + free + lapsed");
    }
    return FC_OK;
}

/* No site draws more than it may: servers that run, are in repair or being installed, without
 * those that are off. Which are off follows from the order in which they came. */
static int verify_drawn(fc_world *world, uint32_t site)
{
    const fc_site_state *state = &world->sites[site];
    const char *name = world->plan->sites[site].name;
    int64_t left = state->available, drawn = 0, off = 0, racks = 0, used = 0;
    bool enough = true;

    for (int32_t i = state->first_lot; i != FC_NONE; i = world->lots[i]->room.after) {
        const fc_lot *lot = world->lots[i];
        int64_t servers = fc_lot_servers(lot);
        int64_t off_now = lot->servers.full_off + lot->servers.short_off;
        int64_t failed = (lot->count[FC_ST_REPAIR] + lot->per_server - 1) / lot->per_server;
        int64_t then = lot->unpaid > lot->room.off ? lot->unpaid : lot->room.off;

        if (fc_curtail_off(lot, &left, &enough) != lot->room.off)
            return fc_ledger_broken(world, "power", name, "last come, first off");
        if (lot->commissioned && off_now != then && off_now + failed != servers)
            return fc_ledger_broken(world, "power", name, "servers that are off");
        used += lot->server_need * servers;
        off += lot->server_need * lot->room.off;
        drawn += lot->server_need * (servers - lot->room.off);
        racks += lot->room.racks;
    }
    if (used != state->used || off != state->off || drawn > state->available)
        return fc_ledger_broken(world, "power", name, "power drawn and available");
    if (racks != state->racks_used) return fc_ledger_broken(world, "power", name, "racks in use");
    return FC_OK;
}

static int verify_site(fc_world *world, uint32_t site)
{
    const fc_site_state *state = &world->sites[site];
    int64_t used = 0;

    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];

        if (lot->site == (int32_t)site && !fc_lot_has_left(lot))
            used += lot->server_need * fc_lot_servers(lot);
    }
    if (used != state->used || used > state->energised || state->available > state->energised)
        return fc_ledger_broken(world, "power", world->plan->sites[site].name,
                                "power in use and energised");
    return verify_drawn(world, site);
}

/* People at work are those of the crews that install and of the lots that are operated. */
static int verify_staff(fc_world *world, int32_t fleet)
{
    const fc_staff_state *staff = &world->fleets[fleet].staff;
    int64_t bound = 0, busy = 0;

    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];

        if (lot->fleet != fleet) continue;
        busy += lot->step[FC_A_CREW].end < INFINITY && lot->step[FC_A_INSTALL].end == INFINITY;
        bound += lot->crew + lot->staff * fc_lot_servers(lot);
    }
    if (bound != staff->bound || busy != staff->busy)
        return fc_ledger_broken(world, "staff", world->plan->fleets[fleet].name,
                                "people and crews at work");
    return FC_OK;
}

int fc_world_verify(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++) {
        ret = verify_fleet(world, (int32_t)i);
        if (ret == FC_OK) ret = verify_staff(world, (int32_t)i);
        if (ret == FC_OK) ret = fc_repair_verify(world, (int32_t)i);
        if (ret == FC_OK) ret = fc_demand_verify(world, (int32_t)i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < world->n_holdings; i++)
        ret = fc_delay_verify(world, (int32_t)i);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_budgets; i++) ret = verify_budget(world, i);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_sites; i++) ret = verify_site(world, i);
    return ret == FC_OK ? fc_energy_verify(world) : ret;
}
