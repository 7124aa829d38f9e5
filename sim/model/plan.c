/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "model/budget.h"
#include "model/metric_table.h"
#include "model/plan_check.h"
#include "model/tariff.h"

static void find_h100(fc_plan *plan)
{
    plan->h100 = FC_NONE;
    for (uint32_t i = 0; i < plan->n_accelerators; i++) {
        const char *name = plan->accelerators[i].name;
        if (strncasecmp(name, "h100", 4) == 0 && (name[4] == '\0' || name[4] == '-')) {
            plan->h100 = (int32_t)i;
            return;
        }
    }
}

/* The horizon's end is observed as well when no month ends there. */
static int fill_month_ends(fc_plan *plan)
{
    size_t n = fc_period_ends(plan->epoch, FC_PERIOD_MONTH, 0, plan->horizon, NULL, 0);

    plan->month_ends = fc_arena_array(plan->arena, n + 1, sizeof *plan->month_ends);
    if (!plan->month_ends) return FC_E_NOMEM;
    fc_period_ends(plan->epoch, FC_PERIOD_MONTH, 0, plan->horizon, plan->month_ends, n);
    if (n == 0 || plan->month_ends[n - 1] < plan->horizon) plan->month_ends[n++] = plan->horizon;
    plan->n_months = (uint32_t)n;
    return FC_OK;
}

static void find_years(fc_plan *plan)
{
    int last = fc_epoch_date_by(plan->epoch, plan->horizon).year;

    plan->first_year = fc_epoch_date(plan->epoch, 0).year;
    plan->n_years = last >= plan->first_year ? (uint32_t)(last - plan->first_year) + 1 : 1;
}

/* One over the whole horizon for each tariff. */
static int make_load_calendars(fc_plan *plan)
{
    int64_t days = (int64_t)ceil(plan->horizon / FC_DAY);

    for (uint32_t i = 0; i < plan->n_tariffs; i++) {
        fc_tariff *tariff = &plan->tariffs[i];
        void *memory = fc_arena_alloc(plan->arena, fc_load_calendar_size(days));
        fc_load_rule rule = fc_tariff_hours(tariff);

        if (!memory) return FC_E_NOMEM;
        fc_load_calendar_make(&rule, plan->epoch, days, memory, &tariff->calendar);
    }
    return FC_OK;
}

static const char *unit_of(const fc_plan *plan, const fc_fleet *fleet, const fc_metric_info *metric)
{
    bool is_money = strcmp(metric->unit, "money") == 0;
    return is_money ? plan->currencies[fleet->currency].code : metric->unit;
}

/* A metric's observables of one fleet; false when out of memory. */
static bool observe(fc_plan *plan, uint32_t f, int id)
{
    const fc_fleet *fleet = &plan->fleets[f];
    const fc_metric_info *metric = &fc_metrics[id];
    int year = 0; /* the first that the horizon touches */
    fc_observable one = {.metric = id, .fleet = (int32_t)f, .unit = unit_of(plan, fleet, metric)};
    bool of_years = metric->scope == FC_SCOPE_YEAR || metric->scope == FC_SCOPE_COST;
    uint32_t count = metric->scope == FC_SCOPE_TARGET    ? fleet->n_targets
                     : metric->scope == FC_SCOPE_CAUSE   ? FC_N_CAUSES
                     : metric->scope == FC_SCOPE_GAP     ? FC_N_GAPS
                     : metric->scope == FC_SCOPE_FISCAL  ? fc_fiscal_years(plan, (int32_t)f, &year)
                     : metric->scope == FC_SCOPE_YEAR    ? plan->n_years
                     : metric->scope == FC_SCOPE_COST    ? plan->n_years * FC_N_COSTS
                     : metric->scope == FC_SCOPE_CLASS   ? fleet->demand.n_classes
                     : metric->scope == FC_SCOPE_SERVICE ? fleet->demand.n_services
                                                         : 1;

    if (of_years && !fc_plan_is_metered(plan, f)) return true;
    for (uint32_t i = 0; i < count; i++) {
        if (!fc_plan_observes(plan, f, id, (int)i)) continue;
        if (metric->scope == FC_SCOPE_TARGET) {
            one.entity = (int32_t)(fleet->first_target + i);
            one.name = fc_arena_printf(plan->arena, "%s.targets.%s", fleet->name,
                                       plan->targets[one.entity].name);
        } else if (metric->scope == FC_SCOPE_CAUSE) {
            one.entity = (int32_t)i;
            one.name = fc_arena_printf(plan->arena, "%s.delay.%s", fleet->name, fc_causes[i].id);
        } else if (metric->scope == FC_SCOPE_GAP) {
            one.entity = (int32_t)i;
            one.name =
                fc_arena_printf(plan->arena, "%s.delay.funding.%s", fleet->name, fc_gaps[i].id);
        } else if (metric->scope == FC_SCOPE_FISCAL) {
            one.entity = (int32_t)i;
            one.name = fc_arena_printf(plan->arena, "%s.%d", fleet->name, year + (int)i);
        } else if (metric->scope == FC_SCOPE_YEAR) {
            one.entity = (int32_t)i;
            one.name =
                fc_arena_printf(plan->arena, "%s.%d", fleet->name, plan->first_year + (int)i);
        } else if (metric->scope == FC_SCOPE_COST) {
            one.entity = (int32_t)i;
            one.name = fc_arena_printf(plan->arena, "%s.%d.cost.%s", fleet->name,
                                       plan->first_year + (int)(i / FC_N_COSTS),
                                       fc_costs[i % FC_N_COSTS].id);
        } else if (metric->scope == FC_SCOPE_CLASS) {
            one.entity = (int32_t)(fleet->demand.first_class + i);
            one.name = fc_arena_printf(plan->arena, "%s.demand.%s", fleet->name,
                                       plan->classes[one.entity].name);
        } else if (metric->scope == FC_SCOPE_SERVICE) {
            one.entity = (int32_t)(fleet->demand.first_service + i);
            one.name = fc_arena_printf(plan->arena, "%s.services.%s", fleet->name,
                                       plan->services[one.entity].name);
        } else {
            one.entity = FC_NONE;
            one.name = fleet->name;
        }
        if (!one.name) return false;
        plan->outcomes[plan->n_outcomes++] = one;
        if (metric->kind == FC_KIND_SERIES) plan->series[plan->n_series++] = one;
    }
    return true;
}

static int list_observables(fc_plan *plan)
{
    size_t fleets = plan->n_fleets;
    size_t most = fleets * (FC_N_METRICS + FC_N_CAUSES + FC_N_GAPS) +
                  ((size_t)plan->n_targets + plan->n_classes + plan->n_services) * FC_N_METRICS;
    int first = 0;

    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        most += (size_t)fc_fiscal_years(plan, (int32_t)f, &first) * FC_N_METRICS;
        if (fc_plan_is_metered(plan, f))
            most += (size_t)plan->n_years * (FC_N_METRICS + FC_N_COSTS);
    }
    plan->n_outcomes = plan->n_series = 0;
    plan->outcomes = fc_arena_array(plan->arena, most, sizeof *plan->outcomes);
    plan->series = fc_arena_array(plan->arena, most, sizeof *plan->series);
    if (!plan->outcomes || !plan->series) return FC_E_NOMEM;
    for (uint32_t f = 0; f < plan->n_fleets; f++)
        for (int metric = 0; metric < FC_N_METRICS; metric++)
            if (!observe(plan, f, metric)) return FC_E_NOMEM;
    return FC_OK;
}

int fc_plan_finish(fc_plan *plan, fc_diag *diag)
{
    int ret = fc_plan_check_values(plan, diag);

    ret = fc_first(ret, fc_plan_check_entities(plan, diag));
    ret = fc_first(ret, fc_plan_check_money(plan, diag));
    if (ret == FC_OK) ret = fc_plan_check_inference(plan, diag);
    if (ret == FC_OK) ret = fc_plan_check_demand(plan, diag); /* reads what the others checked */
    if (ret != FC_OK) goto out;
    if ((ret = fc_plan_name_draws(plan, diag)) != FC_OK) goto out;
    find_h100(plan);
    if ((ret = fill_month_ends(plan)) != FC_OK) goto out;
    find_years(plan);
    if ((ret = make_load_calendars(plan)) != FC_OK) goto out;
    ret = list_observables(plan);
out:
    return ret;
}

void fc_plan_free(fc_plan *plan)
{
    if (!plan) return;
    fc_arena *arena = plan->arena;
    *plan = (fc_plan){0};
    fc_arena_free(arena);
}
