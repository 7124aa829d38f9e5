/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of electricity, water, emissions and running cost. Energy and cost of a month
 * are there from its end on.
 */
#include <math.h>

#include "model/energy.h"
#include "model/world.h"

static double major(const fc_world *world, int32_t fleet, int64_t amount)
{
    int32_t currency = world->plan->fleets[fleet].currency;

    return fc_money_major(amount, world->plan->currencies[currency].minor_digits);
}

static const fc_fleet_costs *costs_of(const fc_world *world, int32_t fleet)
{
    if (world->energy == NULL || !world->energy->fleets[fleet].metered) return NULL;
    return &world->energy->fleets[fleet];
}

/* W, now. */
static double power_drawn(const fc_world *world, int32_t fleet)
{
    double sum = 0;

    for (uint32_t i = 0; i < world->energy->n_meters; i++) {
        const fc_meter *meter = &world->energy->meters[i];
        if (meter->fleet == fleet) sum += (double)meter->as[FC_AS_IS].drawn / 1e3;
    }
    return sum;
}

static double contract_power(fc_world *world, int32_t fleet, double t)
{
    double sum = 0;

    for (uint32_t i = 0; i < world->energy->n_meters; i++) {
        const fc_meter *meter = &world->energy->meters[i];
        if (meter->fleet == fleet && meter->site != FC_NONE)
            sum += fc_contract_power(world, meter, t);
    }
    return sum;
}

double fc_energy_metric(fc_world *world, int metric, int32_t fleet, double t)
{
    const fc_fleet_costs *costs = costs_of(world, fleet);

    if (costs == NULL) return fc_metrics[metric].kind == FC_KIND_SERIES ? 0.0 : NAN;
    switch (metric) {
    case FC_M_gpus_unpaid:
        return (double)world->fleets[fleet].count[FC_ST_UNPAID];
    case FC_M_facility_power:
        return power_drawn(world, fleet);
    case FC_M_contract_power:
        return contract_power(world, fleet, t);
    case FC_M_arrears:
        return major(world, fleet, costs->owed);
    case FC_M_unpaid_mean:
        return fc_level_mean(&world->fleets[fleet].unpaid, t);
    case FC_M_running_5y:
        return major(world, fleet, costs->cost_5y);
    case FC_M_electricity_5y:
        return major(world, fleet, costs->electricity_5y);
    case FC_M_unfunded_5y:
        return major(world, fleet, costs->unfunded_5y);
    case FC_M_cost_per_gpu_hour:
        return costs->pv_hours > 0.0 ? costs->pv_cost / costs->pv_hours : NAN;
    default:
        return NAN;
    }
}

static int64_t sum_of(const int64_t *cost, int n)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++) sum += cost[i];
    return sum;
}

double fc_energy_of_year(const fc_world *world, int metric, int32_t fleet, int32_t index)
{
    const fc_fleet_costs *costs = costs_of(world, fleet);
    const fc_cost_year *year = NULL;
    int64_t bill = 0;

    if (costs == NULL) return NAN;
    year = &costs->years[index];
    switch (metric) {
    case FC_M_energy:
        return year->energy[FC_LOAD] + year->energy[FC_IDLE] + year->energy[FC_OVERHEAD];
    case FC_M_energy_load:
        return year->energy[FC_LOAD];
    case FC_M_energy_idle:
        return year->energy[FC_IDLE];
    case FC_M_energy_overhead:
        return year->energy[FC_OVERHEAD];
    case FC_M_peak_power:
        return (double)year->peak / 1e3;
    case FC_M_electricity_bill:
        return major(world, fleet, sum_of(year->cost, FC_N_ELECTRICITY_COSTS));
    case FC_M_demand_share:
        bill = sum_of(year->cost, FC_COST_fund);
        return bill > 0 ? (double)year->cost[FC_COST_demand] / (double)bill : NAN;
    case FC_M_running_cost:
        return major(world, fleet, sum_of(year->cost, FC_N_COSTS));
    case FC_M_running_full:
        return major(world, fleet, year->full);
    case FC_M_running_paid:
        return major(world, fleet, year->paid);
    case FC_M_carbon:
        return year->carbon[world->plan->fleets[fleet].carbon.headline] / 1e3;
    case FC_M_carbon_consumption:
    case FC_M_carbon_location:
    case FC_M_carbon_life_cycle:
    case FC_M_carbon_market:
        return year->carbon[metric - FC_M_carbon_consumption] / 1e3;
    case FC_M_water:
        return year->water;
    case FC_M_water_over:
        return year->over_permit / FC_DAY;
    default:
        return NAN;
    }
}

double fc_cost_of_year(const fc_world *world, int32_t fleet, int32_t entity)
{
    const fc_fleet_costs *costs = costs_of(world, fleet);

    if (costs == NULL) return NAN;
    return major(world, fleet, costs->years[entity / FC_N_COSTS].cost[entity % FC_N_COSTS]);
}
