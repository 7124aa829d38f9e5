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
        return true;
    }
}
