/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tariff.h"

fc_load_rule fc_tariff_hours(const fc_tariff *tariff)
{
    fc_load_rule rule = {
        .months = {tariff->season[FC_SUMMER].months, tariff->season[FC_WINTER].months},
        .saturday = tariff->saturday,
        .sunday = tariff->sunday,
        .holiday = tariff->holiday,
        .n_holidays = tariff->n_holidays,
        .holidays = tariff->holidays,
    };

    for (int s = 0; s < FC_N_SEASONS; s++)
        rule.hours[s] =
            (struct fc_load_hours){tariff->season[s].mid_hours, tariff->season[s].peak_hours};
    return rule;
}

static bool has_tariff(const fc_plan *plan, const fc_terms *terms)
{
    return plan->n_tariffs > 0 && terms->tariff != FC_NONE;
}

static bool says_something(const fc_plan *plan, const fc_terms *t)
{
    return has_tariff(plan, t) || t->load_from || t->load || t->pue || t->summer_pue ||
           t->contract_power || t->adder.value || t->ppa_share || t->wue || t->water_permit ||
           t->colocation.value;
}

bool fc_plan_is_metered(const fc_plan *plan, uint32_t index)
{
    const fc_fleet *fleet = &plan->fleets[index];
    const fc_running_cost *r = &fleet->running;

    if (says_something(plan, &fleet->terms)) return true;
    if (r->maintenance || r->licences.value || r->network.value || r->staff.value) return true;
    for (int b = 0; b < FC_N_CARBON_BASES; b++)
        if (fleet->carbon.factor[b]) return true;
    for (uint32_t i = 0; i < fleet->n_sites; i++)
        if (says_something(plan, &plan->sites[fleet->first_site + i].terms)) return true;
    return false;
}

bool fc_plan_budgets_running(const fc_plan *plan, uint32_t f)
{
    const fc_fleet *fleet = &plan->fleets[f];

    for (uint32_t i = 0; i < fleet->n_budgets; i++)
        if (plan->budgets[fleet->first_budget + i].line[FC_LINE_RUNNING]) return true;
    return false;
}

static void inherit(fc_param *own, fc_param fleets)
{
    if (*own == 0) *own = fleets;
}

fc_terms fc_terms_at(const fc_plan *plan, uint32_t fleet, int32_t site)
{
    const fc_terms *fleets = &plan->fleets[fleet].terms;
    fc_terms terms = site == FC_NONE ? *fleets : plan->sites[site].terms;

    if (plan->n_tariffs == 0) terms.tariff = FC_NONE;
    if (site == FC_NONE) return terms;
    if (plan->n_tariffs > 0 && terms.tariff == FC_NONE) terms.tariff = fleets->tariff;
    terms.load_from = fleets->load_from;
    inherit(&terms.load, fleets->load);
    inherit(&terms.pue, plan->sites[site].design_pue);
    inherit(&terms.wue, fleets->wue);
    if (terms.ppa_share == 0) {
        terms.ppa_share = fleets->ppa_share;
        terms.ppa_price = fleets->ppa_price;
    }
    return terms;
}
