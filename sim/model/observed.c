/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/metric_table.h"
#include "model/plan_check.h"

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
    return budget->requested != 0 || budget->probability != 0;
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

bool fc_plan_observes(const fc_plan *plan, uint32_t fleet, int metric, int cause)
{
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
    case FC_M_gpus_cancelled:
        return is_subject_to_export_rules(plan, fleet);
    case FC_M_delay:
        if (cause == FC_CAUSE_tender) return holds_tenders(plan, &plan->fleets[fleet]);
        if (cause == FC_CAUSE_licence) return is_subject_to_export_rules(plan, fleet);
        return true;
    default:
        return observes_money(plan, &plan->fleets[fleet], metric);
    }
}
