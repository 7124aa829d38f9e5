/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of the world: metrics of a fleet, the record.
 */
#include <math.h>

#include "model/world.h"

/* ---- metrics of a fleet --------------------------------------------------------------------- */

/* At time t: now, or the horizon's end when nothing more happens before it. */
typedef double fc_reader(fc_world *world, int32_t fleet, double t);

int64_t fc_milestone_count(const int64_t count[FC_N_STATES], fc_milestone milestone)
{
    int64_t n =
        count[FC_ST_RUNNING] + count[FC_ST_REPAIR] + count[FC_ST_CURTAILED] + count[FC_ST_UNPAID];

    if (milestone <= FC_ENERGISED) n += count[FC_ST_INSTALLING];
    if (milestone <= FC_DELIVERED) n += count[FC_ST_WAREHOUSE];
    if (milestone <= FC_CONTRACTED) n += count[FC_ST_ORDERED] + count[FC_ST_HELD];
    return n;
}

#define COUNT_OF_STATE(name, state)                                                                \
    static double name(fc_world *world, int32_t fleet, double t)                                   \
    {                                                                                              \
        (void)t;                                                                                   \
        return (double)world->fleets[fleet].count[state];                                          \
    }
COUNT_OF_STATE(in_repair, FC_ST_REPAIR)
COUNT_OF_STATE(waiting, FC_ST_WAREHOUSE)
COUNT_OF_STATE(curtailed, FC_ST_CURTAILED)
COUNT_OF_STATE(retired, FC_ST_RETIRED)
COUNT_OF_STATE(transferred, FC_ST_TRANSFERRED)
COUNT_OF_STATE(cancelled, FC_ST_CANCELLED)

#define COUNT_AT_MILESTONE(name, milestone)                                                        \
    static double name(fc_world *world, int32_t fleet, double t)                                   \
    {                                                                                              \
        (void)t;                                                                                   \
        return (double)fc_milestone_count(world->fleets[fleet].count, milestone);                  \
    }
COUNT_AT_MILESTONE(contracted, FC_CONTRACTED)
COUNT_AT_MILESTONE(delivered, FC_DELIVERED)
COUNT_AT_MILESTONE(energised, FC_ENERGISED)
COUNT_AT_MILESTONE(in_service, FC_IN_SERVICE)

static double left(fc_world *world, int32_t fleet, double t)
{
    return retired(world, fleet, t) + transferred(world, fleet, t);
}

static double operator_used(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)fc_operator_used(world, fleet);
}

static double operator_owned(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)fc_operator_owned(world, fleet);
}

static double announced(fc_world *world, int32_t fleet, double t)
{
    double sum = 0;

    (void)t;
    for (uint32_t i = 0; i < world->n_holdings; i++) {
        if (world->holdings[i].fleet == fleet) sum += (double)world->holdings[i].delay.announced;
    }
    return sum;
}

static double shortfall(fc_world *world, int32_t fleet, double t)
{
    double sum = 0;

    (void)t;
    for (uint32_t i = 0; i < world->n_holdings; i++) {
        if (world->holdings[i].fleet == fleet) sum += (double)world->holdings[i].delay.shortfall;
    }
    return sum;
}

static double h100e(fc_world *world, int32_t fleet, double t)
{
    const fc_plan *plan = world->plan;
    double sum = 0;

    if (plan->h100 == FC_NONE) return NAN;
    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];

        if (lot->fleet != fleet || fc_lot_in_service(lot) == 0) continue;
        sum += (double)fc_lot_in_service(lot) *
               fc_param_at(world->params, plan->accelerators[lot->model].bf16_dense, t);
    }
    return sum / fc_param_at(world->params, plan->accelerators[plan->h100].bf16_dense, t);
}

static double it_power(fc_world *world, int32_t fleet, double t)
{
    double sum = 0;

    (void)t;
    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];

        if (lot->fleet == fleet && fc_lot_in_service(lot) > 0)
            sum += lot->server_power * (double)fc_lot_servers(lot);
    }
    return sum;
}

static double site_power(fc_world *world, int32_t fleet, double t)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    int64_t sum = 0;

    (void)t;
    for (uint32_t i = 0; i < plan->n_sites; i++)
        sum += world->sites[plan->first_site + i].energised;
    return (double)sum / 1e3;
}

static double failures(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].upkeep.failures;
}

static double servers_scrapped(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].upkeep.scrapped;
}

static double awaiting_spare(fc_world *world, int32_t fleet, double t)
{
    return fc_level_mean(&world->fleets[fleet].upkeep.awaiting, t);
}

static double repair_share(fc_world *world, int32_t fleet, double t)
{
    const fc_fleet_state *state = &world->fleets[fleet];

    return fc_level_integral(&state->in_repair, t) / fc_level_integral(&state->commissioned, t);
}

static double curtailed_share(fc_world *world, int32_t fleet, double t)
{
    const fc_fleet_state *state = &world->fleets[fleet];

    return fc_level_integral(&state->curtailed, t) / fc_level_integral(&state->commissioned, t);
}

static double unstaffed_power(fc_world *world, int32_t fleet, double t)
{
    return fc_level_mean(&world->fleets[fleet].staff.unstaffed, t) / 1e3;
}

static double crew_utilisation(fc_world *world, int32_t fleet, double t)
{
    const fc_staff_state *staff = &world->fleets[fleet].staff;
    double crews = fc_level_integral(&staff->all_crews, t);

    return crews > 0.0 ? fc_level_integral(&staff->busy_crews, t) / crews : NAN;
}

static double assessments_failed(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].assessments_failed;
}

static double phases_cancelled(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].phases_cancelled;
}

static double idle_contracted(fc_world *world, int32_t fleet, double t)
{
    return fc_level_mean(&world->fleets[fleet].not_in_service, t);
}

static double renewed(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].renewed;
}

static double failed_calls(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return (double)world->fleets[fleet].failed_calls;
}

static double any_failed_call(fc_world *world, int32_t fleet, double t)
{
    (void)t;
    return world->fleets[fleet].failed_calls > 0;
}

static double first_contract(fc_world *world, int32_t fleet, double t)
{
    double first = world->fleets[fleet].first_contract;

    (void)t;
    if (first == INFINITY) return NAN;
    return (double)world->plan->epoch.start_day + first / FC_DAY;
}

static fc_reader *const readers[FC_N_METRICS] = {
    [FC_M_gpus_contracted] = contracted,
    [FC_M_gpus_delivered] = delivered,
    [FC_M_gpus_energised] = energised,
    [FC_M_gpus_in_service] = in_service,
    [FC_M_gpus_in_repair] = in_repair,
    [FC_M_gpus_waiting] = waiting,
    [FC_M_gpus_curtailed] = curtailed,
    [FC_M_gpus_retired] = retired,
    [FC_M_gpus_transferred] = transferred,
    [FC_M_gpus_left] = left,
    [FC_M_gpus_operator_use] = operator_used,
    [FC_M_gpus_operator_owned] = operator_owned,
    [FC_M_gpus_renewed] = renewed,
    [FC_M_gpus_announced] = announced,
    [FC_M_gpus_shortfall] = shortfall,
    [FC_M_h100e_in_service] = h100e,
    [FC_M_it_power] = it_power,
    [FC_M_site_power] = site_power,
    [FC_M_failures] = failures,
    [FC_M_servers_scrapped] = servers_scrapped,
    [FC_M_awaiting_spare] = awaiting_spare,
    [FC_M_repair_share] = repair_share,
    [FC_M_curtailed_share] = curtailed_share,
    [FC_M_unstaffed_power] = unstaffed_power,
    [FC_M_crew_utilisation] = crew_utilisation,
    [FC_M_assessments_failed] = assessments_failed,
    [FC_M_phases_cancelled] = phases_cancelled,
    [FC_M_idle_contracted] = idle_contracted,
    [FC_M_gpus_cancelled] = cancelled,
    [FC_M_failed_calls] = failed_calls,
    [FC_M_any_failed_call] = any_failed_call,
    [FC_M_first_contract] = first_contract,
};

/* Of money or of running cost. */
static double other_metric(fc_world *world, int metric, int32_t fleet, double t)
{
    double money = fc_money_metric(world, metric, fleet, t);

    return isnan(money) ? fc_energy_metric(world, metric, fleet, t) : money;
}

double fc_metric_at(fc_world *world, int metric, int32_t fleet, double t)
{
    if (readers[metric] != NULL) return readers[metric](world, fleet, t);
    return fc_is_demand_metric(metric) ? fc_demand_metric(world, metric, fleet, t)
                                       : other_metric(world, metric, fleet, t);
}

/* ---- the record ----------------------------------------------------------------------------- */

typedef fc_int128 fc_charge_of(const fc_delay_ledger *ledger, int which, int64_t t);

static double delay_days(const fc_world *world, int32_t fleet, fc_charge_of *charged, int which)
{
    fc_int128 sum = 0;

    for (uint32_t i = 0; i < world->n_holdings; i++) {
        if (world->holdings[i].fleet != fleet || !world->holdings[i].delay.kept) continue;
        sum += charged(&world->holdings[i].delay, which, fc_second(world->plan->horizon));
    }
    return (double)sum / FC_DAY;
}

static void sample(fc_world *world, uint32_t month, double t)
{
    const fc_plan *plan = world->plan;
    double *row = world->record->series + (size_t)month * plan->n_series;

    for (uint32_t s = 0; s < plan->n_series; s++)
        row[s] = fc_metric_at(world, plan->series[s].metric, plan->series[s].fleet, t);
}

int fc_on_month_end(fc_world *world, const fc_event *event)
{
    uint32_t month = event->subject;
    fc_event next = {.kind = FC_EV_MONTH_END, .subject = month + 1};
    int ret = fc_running_close(world, month, fc_now(world));

    if (ret == FC_OK) ret = fc_demand_month(world, fc_now(world));
    if (ret == FC_OK) ret = fc_delay_allocations(world, fc_now(world));
    if (ret == FC_OK) ret = fc_delay_gaps(world);
    if (ret != FC_OK) return ret;
    sample(world, month, fc_now(world));
    if ((month + 1) % 12 == 0 && (ret = fc_world_verify(world)) != FC_OK) return ret;
    if (month + 1 >= world->plan->n_months) return FC_OK;
    return fc_schedule(world, world->plan->month_ends[month + 1], FC_CLASS_SAMPLE, next, NULL);
}

void fc_observe_end(fc_world *world)
{
    const fc_plan *plan = world->plan;
    double end = plan->horizon;

    if (plan->n_months > 0 && plan->month_ends[plan->n_months - 1] >= end)
        sample(world, plan->n_months - 1, end);
    for (uint32_t i = 0; i < plan->n_targets; i++) {
        const fc_due *due = fc_due_of(world, FC_DUE_TARGET, i);
        if (!due->come && due->date + due->offset == end) fc_target_due(world, i);
    }
    for (uint32_t i = 0; i < plan->n_outcomes; i++) {
        const fc_observable *o = &plan->outcomes[i];
        double *out = &world->record->outcomes[i];

        switch (fc_metrics[o->metric].scope) {
        case FC_SCOPE_FLEET:
            *out = fc_metric_at(world, o->metric, o->fleet, end);
            break;
        case FC_SCOPE_TARGET:
            *out = fc_target_metric(world, o->metric, (uint32_t)o->entity);
            break;
        case FC_SCOPE_CAUSE:
            *out = delay_days(world, o->fleet, fc_delay_charged, o->entity);
            break;
        case FC_SCOPE_GAP:
            *out = delay_days(world, o->fleet, fc_delay_lacked, o->entity);
            break;
        case FC_SCOPE_FISCAL:
            *out = fc_fiscal_metric(world, o->metric, o->fleet, (uint32_t)o->entity);
            break;
        case FC_SCOPE_YEAR:
            *out = fc_energy_of_year(world, o->metric, o->fleet, o->entity);
            break;
        case FC_SCOPE_COST:
            *out = fc_cost_of_year(world, o->fleet, o->entity);
            break;
        case FC_SCOPE_CLASS:
            *out = fc_class_metric(world, o->metric, (uint32_t)o->entity);
            break;
        case FC_SCOPE_SERVICE:
            *out = fc_service_metric(world, o->metric, (uint32_t)o->entity);
            break;
        }
    }
}
