/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Targets: what counts for them, when they are reached, whether they are met and held.
 */
#include <math.h>

#include "model/world.h"

static int32_t fleet_of_target(const fc_plan *plan, uint32_t target)
{
    int32_t fleet = 0;

    while (target - plan->fleets[fleet].first_target >= plan->fleets[fleet].n_targets) fleet++;
    return fleet;
}

/* Whether the target counts what the holding has. */
static bool counts(const fc_world *world, const fc_target *target, uint32_t holding)
{
    uint32_t n = world->plan->n_programmes;
    const fc_refs *refs = holding < n ? &target->programmes : &target->stocks;
    int32_t index = (int32_t)(holding < n ? holding : holding - n);

    for (uint32_t i = 0; i < refs->n; i++) {
        if (refs->index[i] == index) return true;
    }
    return target->includes_all;
}

/* What a holding has at the milestone, without the operator's share where that does not count. */
static int64_t part_for(fc_world *world, const fc_target *target, const fc_holding *holding,
                        fc_milestone milestone)
{
    int64_t n = fc_milestone_count(holding->count, milestone);

    return target->operator_counts == 0 ? n : n - fc_operator_part(world, holding, n);
}

/* What users hold is not told apart by programme: of what counts and runs as great a part is
 * allocated as of all that runs. Rounded down. */
static int64_t allocated_for(fc_world *world, int32_t fleet, const fc_target *target)
{
    double allocated = world->demands[fleet].any ? fc_demand_allocated(world, fleet) : 0;
    int64_t all = world->fleets[fleet].count[FC_ST_RUNNING], sum = 0;

    if (!(allocated > 0) || all == 0) return 0;
    for (uint32_t i = 0; i < world->n_holdings; i++) {
        const fc_holding *holding = &world->holdings[i];
        int64_t n = holding->count[FC_ST_RUNNING];

        if (holding->fleet != fleet || !counts(world, target, i)) continue;
        sum += target->operator_counts == 0 ? n : n - fc_operator_part(world, holding, n);
    }
    return (int64_t)floor(fmin(allocated, (double)all) * ((double)sum / (double)all) + 1e-6);
}

static int64_t count_for(fc_world *world, int32_t fleet, const fc_target *target,
                         fc_milestone milestone)
{
    int64_t sum = 0;

    if (milestone == FC_ALLOCATED) return allocated_for(world, fleet, target);
    if (target->includes_all && target->operator_counts == 0)
        return fc_milestone_count(world->fleets[fleet].count, milestone);
    for (uint32_t i = 0; target->includes_all && i < world->n_holdings; i++) {
        const fc_holding *holding = &world->holdings[i];
        if (holding->fleet == fleet) sum += part_for(world, target, holding, milestone);
    }
    if (target->includes_all) return sum;
    for (uint32_t i = 0; i < target->programmes.n; i++) {
        const fc_holding *holding = &world->holdings[target->programmes.index[i]];
        sum += part_for(world, target, holding, milestone);
    }
    for (uint32_t i = 0; i < target->stocks.n; i++) {
        uint32_t holding = world->plan->n_programmes + (uint32_t)target->stocks.index[i];
        sum += fc_milestone_count(world->holdings[holding].count, milestone);
    }
    return sum;
}

int64_t fc_target_count(fc_world *world, uint32_t target, fc_milestone milestone)
{
    return count_for(world, fleet_of_target(world->plan, target), &world->plan->targets[target],
                     milestone);
}

void fc_targets_look(fc_world *world, int32_t fleet)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double now = fc_now(world);

    for (uint32_t i = plan->first_target; i < plan->first_target + plan->n_targets; i++) {
        const fc_target *target = &world->plan->targets[i];
        fc_target_state *state = &world->targets[i];
        double wanted = fc_param_at(world->params, target->gpus, now);

        for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
            if (state->reached[m] < INFINITY) continue;
            if ((double)count_for(world, fleet, target, m) >= wanted) state->reached[m] = now;
        }
    }
}

void fc_targets_look_at(fc_world *world, int32_t fleet, fc_milestone milestone, double t)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];

    for (uint32_t i = plan->first_target; i < plan->first_target + plan->n_targets; i++) {
        const fc_target *target = &world->plan->targets[i];
        double *reached = &world->targets[i].reached[milestone];
        double wanted = fc_param_at(world->params, target->gpus, t);

        if (*reached < INFINITY) continue;
        if ((double)count_for(world, fleet, target, milestone) >= wanted) *reached = t;
    }
}

static bool ends_month(const fc_plan *plan, double t)
{
    for (uint32_t i = 0; i < plan->n_months; i++) {
        if (plan->month_ends[i] == t) return true;
    }
    return false;
}

/* The end of the target's day: what happens at this instant comes after it. Of a day before the
 * start nothing is known. */
int fc_target_due(fc_world *world, uint32_t index)
{
    const fc_due *due = fc_due_of(world, FC_DUE_TARGET, index);
    const fc_target *target = &world->plan->targets[index];
    fc_target_state *state = &world->targets[index];
    double wanted = fc_param_at(world->params, target->gpus, fc_now(world));
    int32_t fleet = fleet_of_target(world->plan, index);
    int ret = FC_OK;

    if (!(due->date + due->offset > 0)) return FC_OK;
    /* The mean of a month that ends now is wanted now. */
    if (target->counted_at == FC_ALLOCATED && ends_month(world->plan, due->date + due->offset))
        ret = fc_demand_month(world, due->date + due->offset);
    if (ret != FC_OK) return ret;
    state->count_by = (double)count_for(world, fleet, target, (fc_milestone)target->counted_at);
    state->held = state->count_by >= wanted;
    state->met = state->reached[target->counted_at] < INFINITY;
    return FC_OK;
}

double fc_target_metric(const fc_world *world, int metric, uint32_t index)
{
    const fc_target_state *state = &world->targets[index];
    double reached = NAN;

    switch (metric) {
    /* Of a date outside the horizon nothing is known, even where the number was reached: what is
     * left out must not depend on what happened, or the rest would be no fair sample. */
    case FC_M_met:
        return isnan(state->count_by) ? NAN : state->met;
    case FC_M_held:
        return isnan(state->count_by) ? NAN : state->held;
    case FC_M_count_by:
        return state->count_by;
    default: /* as the milestones */
        reached = state->reached[metric - FC_M_reached_contracted];
        if (reached == INFINITY) return NAN;
        return (double)world->plan->epoch.start_day + reached / FC_DAY;
    }
}
