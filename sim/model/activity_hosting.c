/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hosting: from delivery until there is energised room, and the site phases that bring it.
 *
 * A phase is energised when both its building works and its grid connection have ended; the one
 * that ended last (both at once: the works) is what those who waited for it are charged to. A
 * delivered lot takes room for as many whole servers as fit, at its sites in the order of
 * preference: rated IT power times the site's design PUE. The others wait, first come first
 * served within the fleet; one behind may take room that is too small for a server of those
 * ahead. Room that a retirement frees was missing for want of more halls: `building`.
 */
#include <math.h>

#include "model/world.h"

/* ---- room -------------------------------------------------------------------------------- */

static int64_t milliwatts(double watts)
{
    return (int64_t)rint(fmin(watts, 1e15) * 1e3);
}

/* What one server of the lot needs at the site's supply point. */
static int64_t server_need(fc_world *world, const fc_lot *lot, int32_t site)
{
    double pue = fc_param_or(world->params, world->plan->sites[site].design_pue, fc_now(world), 1);

    return milliwatts(lot->server_power * pue);
}

/* How many of the lot's servers the site can take. */
static int64_t room_for(const fc_world *world, const fc_lot *lot, int32_t site, int64_t need)
{
    int64_t servers = fc_lot_servers(lot);
    int64_t room = world->sites[site].energised - world->sites[site].used;

    if (need <= 0 || room / need >= servers) return servers;
    return room / need;
}

static int admit(fc_world *world, fc_lot *lot, int32_t site, int64_t need, int cause)
{
    int ret = FC_OK;

    lot->site = site;
    lot->server_need = need;
    if (site != FC_NONE) world->sites[site].used += need * fc_lot_servers(lot);
    lot->step[FC_A_HOSTING].cause = cause;
    ret = fc_lot_move(world, lot, FC_ST_WAREHOUSE, FC_ST_INSTALLING, lot->gpus);
    return ret == FC_OK ? fc_activity_done(world, lot, FC_A_HOSTING) : ret;
}

/* Admits what fits; *lot becomes the part that still waits, NULL if none does. */
static int serve_lot(fc_world *world, fc_lot **lot, int cause)
{
    const fc_refs *hosts = world->holdings[(*lot)->holding].hosts;
    int ret = FC_OK;

    for (uint32_t h = 0; h < hosts->n && *lot != NULL; h++) {
        int32_t site = hosts->index[h];
        int64_t need = server_need(world, *lot, site);
        int64_t servers = room_for(world, *lot, site, need);
        fc_lot *admitted = *lot, *rest = NULL;

        if (servers <= 0) continue;
        if (servers < fc_lot_servers(admitted)) {
            if ((ret = fc_lot_split(world, admitted, servers, &rest)) != FC_OK) return ret;
        }
        if ((ret = admit(world, admitted, site, need, cause)) != FC_OK) return ret;
        *lot = rest;
    }
    return FC_OK;
}

int fc_hosting_serve(fc_world *world, int32_t fleet, int cause)
{
    fc_fleet_state *state = &world->fleets[fleet];
    size_t still = 0;

    for (size_t i = 0; i < state->waiting; i++) {
        fc_lot *lot = world->lots[state->queue[i]];
        int ret = serve_lot(world, &lot, cause);

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
    if (world->holdings[lot->holding].hosts->n == 0)
        return admit(world, lot, FC_NONE, 0, FC_CAUSE_building);
    if ((ret = serve_lot(world, &lot, FC_CAUSE_building)) != FC_OK || lot == NULL) return ret;
    ret = fc_reserve(&fleet->queue, &fleet->capacity, fleet->waiting + 1, sizeof *fleet->queue);
    if (ret == FC_OK) fleet->queue[fleet->waiting++] = lot->index;
    return ret;
}

int fc_hosting_release(fc_world *world, fc_lot *lot)
{
    if (lot->site == FC_NONE) return FC_OK;
    world->sites[lot->site].used -= lot->server_need * fc_lot_servers(lot);
    return fc_hosting_serve(world, lot->fleet, FC_CAUSE_building);
}

/* ---- phases ------------------------------------------------------------------------------ */

static int later_work(const fc_phase_state *phase)
{
    return phase->due[FC_WORK_CONNECT] > phase->due[FC_WORK_BUILD] ? FC_CAUSE_grid
                                                                   : FC_CAUSE_building;
}

static fc_param work_param(const fc_world *world, uint32_t phase, fc_phase_work work)
{
    const fc_phase *p = &world->plan->phases[phase];

    return work == FC_WORK_BUILD ? p->build : p->connect;
}

static int schedule_work(fc_world *world, uint32_t phase, fc_phase_work work)
{
    fc_phase_state *state = &world->phases[phase];
    fc_event what = {.kind = FC_EV_PHASE_DONE, .subject = phase, .detail = (uint64_t)work};

    return fc_schedule(world, state->due[work], FC_CLASS_CAPACITY, what, &state->event[work]);
}

int fc_phase_due(fc_world *world, uint32_t phase)
{
    fc_phase_state *state = &world->phases[phase];
    double start = fc_due_of(world, FC_DUE_PHASE, phase)->date;
    int ret = fc_log(world, "phase_start", state->path, FC_NONE, 0, "W");

    state->started = true;
    for (fc_phase_work w = 0; ret == FC_OK && w < FC_N_WORKS; w++) {
        fc_param p = work_param(world, phase, w);
        double lasts = 0;

        if (fc_param_given(p)) lasts = fc_param_draw(world->params, p, start, 0);
        if (!(lasts >= 0.0))
            return fc_out_of_domain(world, world->plan->params[p].path, "a duration below zero");
        state->began[w] = start;
        state->due[w] = start + lasts;
        ret = schedule_work(world, phase, w);
    }
    return ret;
}

static int energise(fc_world *world, uint32_t phase)
{
    fc_phase_state *state = &world->phases[phase];
    fc_site_state *site = &world->sites[state->site];
    fc_param power = world->plan->phases[phase].power;
    double watts = fc_param_draw(world->params, power, fc_now(world), 0);
    int ret = FC_OK;

    if (!(watts >= 0.0)) return fc_out_of_domain(world, state->path, "power below zero");
    state->energised = true;
    state->cause = later_work(state);
    site->energised += milliwatts(watts);
    ret = fc_log(world, "phase", state->path, FC_NONE, watts, "W");
    if (ret != FC_OK) return ret;
    return fc_hosting_serve(world, world->plan->sites[state->site].fleet, state->cause);
}

int fc_on_phase_done(fc_world *world, const fc_event *event)
{
    fc_phase_state *state = &world->phases[event->subject];

    state->done[event->detail] = true;
    if (!state->done[FC_WORK_BUILD] || !state->done[FC_WORK_CONNECT]) return FC_OK;
    return energise(world, event->subject);
}

int fc_hosting_changed(fc_world *world, fc_param p, fc_in_progress how)
{
    int ret = FC_OK;

    if (how == FC_KEEP) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_phases; i++) {
        fc_phase_state *state = &world->phases[i];

        for (fc_phase_work w = 0; ret == FC_OK && w < FC_N_WORKS; w++) {
            if (!state->started || state->done[w] || work_param(world, i, w) != p) continue;
            fc_calendar_cancel(&world->calendar, state->event[w]);
            fc_duration_changed(world, p, how, 0, &state->began[w], &state->due[w]);
            ret = schedule_work(world, i, w);
        }
    }
    return ret;
}

/* A lot that still waits at the end waits for the phase of its sites that is scheduled to be
 * energised first; phases that have not begun come after those that have. */
int fc_hosting_open_cause(const fc_world *world, const fc_lot *lot)
{
    const fc_refs *hosts = world->holdings[lot->holding].hosts;
    double earliest = INFINITY;
    int cause = FC_CAUSE_building;

    for (uint32_t i = 0; i < world->plan->n_phases; i++) {
        const fc_phase_state *state = &world->phases[i];
        bool host = false;
        double due = fmax(state->due[FC_WORK_BUILD], state->due[FC_WORK_CONNECT]);

        for (uint32_t h = 0; h < hosts->n; h++) host |= hosts->index[h] == state->site;
        if (!host || state->energised || !state->started || due >= earliest) continue;
        earliest = due;
        cause = later_work(state);
    }
    return cause;
}
