/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/running_facts.h"

#include <math.h>
#include <string.h>
#include "analysis/summary.h"

const fc_carbon_info fc_carbon_bases[FC_N_CARBON_BASES] = {
#define FC_X(id_, en_, ko_) [FC_CARBON_##id_] = {.id = #id_, .en = en_, .ko = ko_},
    FC_CARBON_TABLE(FC_X)
#undef FC_X
};

typedef struct source {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    int64_t run;
} source;

static int median(const source *from, int metric, const char *entity, double *out)
{
    fc_spread spread;
    int ret = fc_outcome_spread(from->store, from->run, fc_metrics[metric].id, entity, from->diag,
                                &spread, NULL);
    if (!ret) *out = spread.median;
    return ret;
}

/* Which basis the scenario calls its headline: consumption unless it says otherwise. */
static int find_headline(const source *from, const char *fleet, fc_carbon_basis *out)
{
    fc_input *inputs;
    size_t n;
    const char *path = fc_arena_printf(from->arena, "fleets.%s.carbon.headline", fleet);
    *out = FC_CARBON_consumption;
    if (!path) return fc_fail(from->diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_store_inputs(from->store, from->arena, from->run, from->diag, &inputs, &n);
    for (size_t i = 0; !ret && i < n; i++)
        for (int b = 0; b < FC_N_CARBON_BASES; b++)
            if (strcmp(inputs[i].path, path) == 0 &&
                strcmp(inputs[i].value, fc_carbon_bases[b].id) == 0)
                *out = (fc_carbon_basis)b;
    return ret;
}

int fc_running_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                          int year, fc_diag *diag, fc_running_facts *out)
{
    const source from = {store, arena, diag, run};
    const char *of_year = fc_arena_printf(arena, "%s.%d", fleet, year);
    const struct {
        int metric;
        const char *entity;
        double *to;
    } rows[] = {
        {FC_M_energy, of_year, &out->energy},
        {FC_M_peak_power, of_year, &out->peak_power},
        {FC_M_electricity_bill, of_year, &out->electricity},
        {FC_M_demand_share, of_year, &out->demand_share},
        {FC_M_running_cost, of_year, &out->cost},
        {FC_M_running_paid, of_year, &out->paid},
        {FC_M_water, of_year, &out->water},
        {FC_M_water_over, of_year, &out->water_over},
        {FC_M_running_5y, fleet, &out->cost_5y},
        {FC_M_electricity_5y, fleet, &out->electricity_5y},
        {FC_M_unfunded_5y, fleet, &out->unfunded_5y},
        {FC_M_cost_per_gpu_hour, fleet, &out->gpu_hour},
        {FC_M_unpaid_mean, fleet, &out->unpaid},
    };
    int ret = FC_OK;
    if (!of_year) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    out->year = year;
    for (size_t i = 0; !ret && i < sizeof rows / sizeof *rows; i++)
        ret = median(&from, rows[i].metric, rows[i].entity, rows[i].to);
    for (int b = 0; !ret && b < FC_N_CARBON_BASES; b++)
        ret = median(&from, FC_M_carbon_consumption + b, of_year, &out->carbon[b]);
    return ret ? ret : find_headline(&from, fleet, &out->headline);
}
