/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/policy.h"
#include "model/demand.h"
#include "model/metric_table.h"
#include "model/plan_check.h"
#include "model/tariff.h"

static bool holds_tenders(const fc_plan *plan, const fc_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->n_programmes; i++) {
        if (plan->programmes[fleet->first_programme + i].tender.call != 0) return true;
    }
    return false;
}

static bool has_terms(const fc_plan *plan, const fc_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->n_programmes; i++) {
        const fc_term *term = &plan->programmes[fleet->first_programme + i].term;
        if (term->lasts != 0 || term->ends != 0) return true;
    }
    return false;
}

static bool has_operators(const fc_plan *plan, const fc_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->n_programmes; i++) {
        const fc_programme *programme = &plan->programmes[fleet->first_programme + i];
        if (programme->operator_share != 0 || programme->owner != FC_OWNER_FLEET) return true;
    }
    return false;
}

static bool is_subject_to_export_rules(const fc_plan *plan, uint32_t fleet)
{
    for (uint32_t r = 0; r < plan->n_export_rules; r++) {
        const fc_refs *buyers = &plan->export_rules[r].buyers;

        if (buyers->n == 0) return true;
        for (uint32_t i = 0; i < buyers->n; i++) {
            if (buyers->index[i] == (int32_t)fleet) return true;
        }
    }
    return false;
}

/* ---- money --------------------------------------------------------------------------------- */

typedef bool fc_of_budget(const fc_budget *budget);

static bool any_budget(const fc_plan *plan, const fc_fleet *fleet, fc_of_budget *is)
{
    for (uint32_t i = 0; i < fleet->n_budgets; i++) {
        if (is(&plan->budgets[fleet->first_budget + i])) return true;
    }
    return false;
}

static bool is_matched(const fc_budget *budget)
{
    return budget->private_share != 0;
}

static bool is_ordered_ahead(const fc_budget *budget)
{
    return budget->ahead.ceiling != 0;
}

static bool is_decided(const fc_budget *budget)
{
    return budget->requested != 0 || budget->bill != 0 || budget->probability != 0;
}

static bool has_a_bill(const fc_budget *budget)
{
    return budget->bill != 0;
}

static bool is_handed_on(const fc_budget *budget)
{
    return budget->kind != FC_MONEY_DIRECT;
}

static bool builds(const fc_budget *budget)
{
    return budget->line[FC_LINE_BUILDING] != 0;
}

static bool runs(const fc_budget *budget)
{
    return budget->line[FC_LINE_RUNNING] != 0;
}

static bool bears_exchange_risk(const fc_plan *plan, const fc_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->n_programmes; i++) {
        if (plan->programmes[fleet->first_programme + i].exchange.hedge != 0) return true;
    }
    return false;
}

static bool observes_money(const fc_plan *plan, const fc_fleet *fleet, int metric)
{
    switch (metric) {
    case FC_M_money_received:
    case FC_M_state_share:
        return any_budget(plan, fleet, is_matched);
    case FC_M_money_ahead:
        return any_budget(plan, fleet, is_ordered_ahead);
    case FC_M_exchange_rate:
        return plan->currencies[fleet->currency].walk.volatility != 0;
    case FC_M_money_bill:
        return any_budget(plan, fleet, has_a_bill);
    case FC_M_money_requested:
    case FC_M_money_granted:
        return any_budget(plan, fleet, is_decided);
    case FC_M_exchange_loss:
    case FC_M_exchange_top_up:
        return bears_exchange_risk(plan, fleet);
    case FC_M_recoverable_share:
        return any_budget(plan, fleet, is_handed_on);
    case FC_M_unit_price_gpu:
        return fleet->fiscal_year_starts != 0 && fleet->n_budgets > 0;
    case FC_M_unit_price_building:
        return any_budget(plan, fleet, builds);
    case FC_M_unit_price_running:
        return any_budget(plan, fleet, runs);
    case FC_M_paid_present_value:
        return fleet->valuation.base != 0 && fleet->valuation.discount_rate != 0;
    case FC_M_paid_real:
        return fleet->valuation.base != 0 && fleet->valuation.inflation != 0;
    default:
        return fc_metrics[metric].scope != FC_SCOPE_FISCAL || fleet->n_budgets > 0;
    }
}

/* Which lines of the bill the terms of one place give rise to. */
static bool is_charged_at(const fc_plan *plan, const fc_terms *terms, int cost)
{
    const fc_tariff *tariff = terms->tariff == FC_NONE ? NULL : &plan->tariffs[terms->tariff];

    switch (cost) {
    case FC_COST_energy:
        return tariff != NULL;
    case FC_COST_demand:
        return tariff != NULL && tariff->demand.value;
    case FC_COST_climate:
        return tariff != NULL && tariff->climate.value;
    case FC_COST_fuel:
        return tariff != NULL && tariff->fuel.value;
    case FC_COST_fund:
        return tariff != NULL && tariff->fund;
    case FC_COST_vat:
        return tariff != NULL && tariff->vat;
    case FC_COST_adder:
        return terms->adder.value;
    case FC_COST_ppa:
        return terms->ppa_share;
    default:
        return terms->colocation.value;
    }
}

static bool is_charged(const fc_plan *plan, uint32_t f, int cost)
{
    const fc_fleet *fleet = &plan->fleets[f];
    const fc_running_cost *running = &fleet->running;
    fc_terms terms = fc_terms_at(plan, f, FC_NONE);

    if (cost == FC_COST_maintenance) return running->maintenance;
    if (cost == FC_COST_licences) return running->licences.value;
    if (cost == FC_COST_network) return running->network.value;
    if (cost == FC_COST_staff) return running->staff.value;
    if (is_charged_at(plan, &terms, cost)) return true;
    for (uint32_t i = 0; i < fleet->n_sites; i++) {
        terms = fc_terms_at(plan, f, (int32_t)(fleet->first_site + i));
        if (is_charged_at(plan, &terms, cost)) return true;
    }
    return false;
}

static bool uses_water(const fc_plan *plan, uint32_t f, bool with_permit)
{
    const fc_fleet *fleet = &plan->fleets[f];
    fc_terms terms = fc_terms_at(plan, f, FC_NONE);
    bool uses = terms.wue, permit = terms.water_permit;

    for (uint32_t i = 0; i < fleet->n_sites; i++) {
        terms = fc_terms_at(plan, f, (int32_t)(fleet->first_site + i));
        uses |= terms.wue;
        permit |= terms.water_permit;
    }
    return uses && (permit || !with_permit);
}

/* Of a fleet that is metered. */
static bool observes_running(const fc_plan *plan, uint32_t f, int metric, int entity)
{
    const fc_fleet *fleet = &plan->fleets[f];

    switch (metric) {
    case FC_M_gpus_unpaid:
    case FC_M_unpaid_mean:
        return fleet->running.arrears == FC_ARREARS_SHUT;
    case FC_M_arrears:
        return fleet->running.funded || fc_plan_budgets_running(plan, f);
    case FC_M_demand_share:
        return is_charged(plan, f, FC_COST_demand);
    case FC_M_electricity_bill:
    case FC_M_electricity_5y:
        return is_charged(plan, f, FC_COST_energy);
    case FC_M_carbon:
        return fleet->carbon.factor[fleet->carbon.headline];
    case FC_M_carbon_consumption:
    case FC_M_carbon_location:
    case FC_M_carbon_life_cycle:
    case FC_M_carbon_market:
        return fleet->carbon.factor[metric - FC_M_carbon_consumption];
    case FC_M_water:
        return uses_water(plan, f, false);
    case FC_M_water_over:
        return uses_water(plan, f, true);
    case FC_M_cost:
        return is_charged(plan, f, entity % FC_N_COSTS);
    default:
        return true;
    }
}

/* ---- demand -------------------------------------------------------------------------------- */

bool fc_plan_charges_allocation(const fc_plan *plan, int32_t index)
{
    const fc_fleet *fleet = &plan->fleets[index];

    if (fleet->demand.n_classes + fleet->demand.n_services == 0) return false;
    for (uint32_t i = 0; i < fleet->n_targets; i++)
        if (plan->targets[fleet->first_target + i].counted_at == FC_ALLOCATED) return true;
    return false;
}

static bool observes_service(const fc_plan *plan, const fc_demand_spec *spec, int metric,
                             int entity)
{
    bool starts = false;

    if (metric == FC_M_unmet_starting) {
        for (uint32_t i = 0; i < spec->n_services; i++)
            starts |= plan->services[spec->first_service + i].scale_up_delay != 0;
        return starts;
    }
    const fc_service *service = &plan->services[spec->first_service + (uint32_t)entity];
    switch (metric) {
    case FC_M_service_offshore:
        return service->overflow == FC_OVERFLOW_OFFSHORE;
    case FC_M_service_unserved:
        return service->overflow == FC_OVERFLOW_UNSERVED;
    case FC_M_service_given:
        return service->relative_speed.n > 0;
    case FC_M_service_wrong_model:
        return service->models.n > 0;
    case FC_M_service_starting:
        return service->scale_up_delay != 0;
    default:
        return true;
    }
}

static bool asks_co_payment(const fc_plan *plan, const fc_demand_spec *spec)
{
    for (uint32_t i = 0; i < spec->n_calls; i++)
        if (plan->calls[spec->first_call + i].co_payment != 0) return true;
    return false;
}

static bool tells_regions(const fc_plan *plan, const fc_demand_spec *spec)
{
    for (uint32_t i = 0; i < spec->n_classes; i++)
        if (plan->classes[spec->first_class + i].region != FC_REGION_ANY) return true;
    return false;
}

/* A fluid does not know whose jobs they are. */
static bool tells_users(const fc_plan *plan, const fc_demand_spec *spec)
{
    bool any = false;

    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        const fc_user_class *class = &plan->classes[i];

        if (class->users == 0) continue;
        if (spec->detail != FC_DETAIL_JOBS && class->access == FC_NONE) return false;
        any = true;
    }
    return any;
}

bool fc_plan_tells_jobs(const fc_plan *plan, uint32_t index)
{
    const fc_user_class *class = &plan->classes[index];

    if (class->access != FC_NONE) return class->jobs.arrivals != 0;
    return plan->fleets[class->fleet].demand.detail != FC_DETAIL_FLUID;
}

static bool observes_class(const fc_plan *plan, uint32_t index, int metric)
{
    const fc_user_class *class = &plan->classes[index];
    bool applies = class->access != FC_NONE, jobs = fc_plan_tells_jobs(plan, index);
    bool kills = plan->fleets[class->fleet].demand.overrun == (int)FC_OVERRUN_KILL;

    if (metric >= FC_M_projects_granted && metric <= FC_M_grant_wait_mean)
        return applies && (plan->calls[class->access].reclaim_every != 0 ||
                           (metric != FC_M_projects_reclaimed && metric != FC_M_grant_reclaimed));
    if (metric == FC_M_class_lost || metric == FC_M_class_left_share) return jobs;
    if (metric == FC_M_class_killed) return jobs && (applies || kills);
    return jobs || !(metric >= FC_M_wait_p50 && metric <= FC_M_slowdown_p99);
}

static bool has_queues(const fc_plan *plan, const fc_demand_spec *spec)
{
    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        if (plan->classes[i].access == FC_NONE) return true;
    }
    return false;
}

static bool tells_jobs(const fc_plan *plan, const fc_demand_spec *spec)
{
    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        if (fc_plan_tells_jobs(plan, i)) return true;
    }
    return false;
}

/* A fluid knows no waits, no jobs that are lost and no places. */
static bool observes_demand(const fc_plan *plan, const fc_fleet *fleet, int metric, int entity)
{
    const fc_demand_spec *spec = &fleet->demand;
    bool jobs = spec->detail != FC_DETAIL_FLUID;
    bool offshore = false;

    if (spec->n_classes + spec->n_services == 0) return false;
    if (fc_metrics[metric].scope == FC_SCOPE_SERVICE || metric == FC_M_unmet_starting)
        return observes_service(plan, spec, metric, entity);
    for (uint32_t i = 0; i < spec->n_classes; i++)
        offshore |= plan->classes[spec->first_class + i].offshore_price != 0;
    for (uint32_t i = 0; i < spec->n_services; i++)
        offshore |= plan->services[spec->first_service + i].offshore_price != 0;
    if (fc_metrics[metric].scope == FC_SCOPE_CLASS)
        return observes_class(plan, spec->first_class + (uint32_t)entity, metric);
    switch (metric) {
    case FC_M_offshore_rent:
        return offshore;
    case FC_M_fragmented_share:
    case FC_M_unmet_fragmented:
        return jobs && spec->placement == FC_PLACEMENT_SERVERS;
    case FC_M_backlog:
    case FC_M_backlog_share:
        return spec->n_classes > 0;
    case FC_M_lost_share:
        return tells_jobs(plan, spec);
    case FC_M_killed_share:
        return jobs && spec->overrun == (int)FC_OVERRUN_KILL && has_queues(plan, spec);
    case FC_M_unmet_quota:
        return jobs && fc_policy_at((unsigned)spec->policy) == &fc_policy_fair;
    case FC_M_largest_run:
    case FC_M_run_days:
        return spec->run_work != 0;
    case FC_M_unmet_no_grant:
    case FC_M_granted_share:
        return spec->n_calls > 0;
    case FC_M_co_payments:
        return asks_co_payment(plan, spec);
    case FC_M_non_capital_share:
        return tells_regions(plan, spec);
    case FC_M_gini_users:
    case FC_M_top10_share:
        return tells_users(plan, spec);
    default:
        return true;
    }
}

/* When a target's number is allocated: where there are grants, or somebody asks. */
static bool observes_allocated(const fc_plan *plan, const fc_fleet *fleet, int target)
{
    return fleet->demand.n_classes + fleet->demand.n_services > 0 &&
           (fleet->demand.n_calls > 0 ||
            plan->targets[fleet->first_target + (uint32_t)target].counted_at == FC_ALLOCATED);
}

bool fc_plan_observes(const fc_plan *plan, uint32_t fleet, int metric, int entity)
{
    fc_scope scope = fc_metrics[metric].scope;

    if (scope == FC_SCOPE_YEAR || scope == FC_SCOPE_COST)
        return observes_running(plan, fleet, metric, entity);
    switch (metric) {
    case FC_M_failed_calls:
    case FC_M_any_failed_call:
    case FC_M_first_contract:
        return holds_tenders(plan, &plan->fleets[fleet]);
    case FC_M_gpus_transferred:
    case FC_M_gpus_left:
    case FC_M_gpus_renewed:
        return has_terms(plan, &plan->fleets[fleet]);
    case FC_M_gpus_operator_use:
    case FC_M_gpus_operator_owned:
        return has_operators(plan, &plan->fleets[fleet]);
    case FC_M_servers_scrapped:
        return plan->fleets[fleet].upkeep.scrapped != 0;
    case FC_M_awaiting_spare:
        return plan->fleets[fleet].upkeep.spares != 0;
    case FC_M_gpus_cancelled:
        return is_subject_to_export_rules(plan, fleet);
    case FC_M_gpus_unpaid:
    case FC_M_facility_power:
    case FC_M_contract_power:
    case FC_M_arrears:
    case FC_M_unpaid_mean:
    case FC_M_running_5y:
    case FC_M_electricity_5y:
    case FC_M_unfunded_5y:
    case FC_M_cost_per_gpu_hour:
        return fc_plan_is_metered(plan, fleet) && observes_running(plan, fleet, metric, entity);
    case FC_M_reached_allocated:
        return observes_allocated(plan, &plan->fleets[fleet], entity);
    case FC_M_delay_funding:
        return plan->fleets[fleet].n_budgets > 0;
    case FC_M_delay:
        if (entity == FC_CAUSE_allocation) return fc_plan_charges_allocation(plan, (int32_t)fleet);
        if (entity == FC_CAUSE_tender) return holds_tenders(plan, &plan->fleets[fleet]);
        if (entity == FC_CAUSE_licence) return is_subject_to_export_rules(plan, fleet);
        if (entity == FC_CAUSE_opex)
            return plan->fleets[fleet].running.arrears == FC_ARREARS_SHUT &&
                   fc_plan_is_metered(plan, fleet);
        return true;
    default:
        if (fc_is_demand_metric(metric))
            return observes_demand(plan, &plan->fleets[fleet], metric, entity);
        return observes_money(plan, &plan->fleets[fleet], metric);
    }
}
