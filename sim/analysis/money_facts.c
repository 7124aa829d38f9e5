/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/money_facts.h"

#include <math.h>
#include "analysis/summary.h"
#include "kernel/date.h"

typedef struct source {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    int64_t run;
} source;

static int nomem(const source *from)
{
    return fc_fail(from->diag, FC_E_NOMEM, NULL, NULL);
}

static int median(const source *from, int metric, const char *entity, double *out)
{
    fc_spread spread;
    int ret = fc_outcome_spread(from->store, from->run, fc_metrics[metric].id, entity, from->diag,
                                &spread, NULL);
    if (!ret) *out = spread.median;
    return ret;
}

static int mean(const source *from, int metric, const char *entity, double *out)
{
    fc_spread spread;
    return fc_outcome_spread(from->store, from->run, fc_metrics[metric].id, entity, from->diag,
                             &spread, out);
}

static int one_year(const source *from, const char *fleet, int year, fc_fiscal_facts *out)
{
    const char *entity = fc_arena_printf(from->arena, "%s.%d", fleet, year);
    const struct {
        int metric;
        double *to;
    } rows[] = {
        {FC_M_year_available, &out->available},
        {FC_M_year_spent, &out->spent},
        {FC_M_year_really_spent, &out->really_spent},
        {FC_M_year_carried_over, &out->carried_over},
        {FC_M_year_lapsed, &out->lapsed},
        {FC_M_year_ahead, &out->ahead},
        {FC_M_year_actual_rate, &out->actual_rate},
    };
    int ret = FC_OK;
    out->year = year;
    for (size_t i = 0; !ret && i < sizeof rows / sizeof *rows; i++)
        ret = median(from, rows[i].metric, entity, rows[i].to);
    return ret;
}

/* A fiscal year is named after a calendar year that it touches. */
static int find_years(const source *from, const char *fleet, const int64_t days[2], int64_t focus,
                      fc_money_facts *out)
{
    int first = fc_date_of_days(days[0]).year - 1, last = fc_date_of_days(days[1]).year + 1;
    int focused = fc_date_of_days(focus).year;
    fc_fiscal_facts *years = fc_arena_array(from->arena, (size_t)(last - first) + 1, sizeof *years);
    if (!years) return nomem(from);
    out->years = years;
    for (int year = first; year <= last; year++) {
        fc_fiscal_facts *one = &years[out->n_years];
        int ret = one_year(from, fleet, year, one);
        if (ret) return ret;
        if (isnan(one->available)) continue;
        if (year == focused) out->of_focus = one;
        out->n_years++;
    }
    return FC_OK;
}

int fc_money_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                        const int64_t days[2], int64_t focus, fc_diag *diag, fc_money_facts *out)
{
    const source from = {store, arena, diag, run};
    const struct {
        int metric;
        double *to;
    } rows[] = {
        {FC_M_money_requested, &out->requested},   {FC_M_money_bill, &out->bill},
        {FC_M_money_granted, &out->granted},       {FC_M_state_share, &out->state_share},
        {FC_M_exchange_loss, &out->exchange_loss}, {FC_M_paid_present_value, &out->present_value},
    };
    int ret = FC_OK;
    *out = (fc_money_facts){0};
    for (size_t i = 0; !ret && i < sizeof rows / sizeof *rows; i++)
        ret = median(&from, rows[i].metric, fleet, rows[i].to);
    for (int g = 0; !ret && g < FC_N_GAPS; g++)
        ret = mean(&from, FC_M_delay_funding,
                   fc_arena_printf(arena, "%s.delay.funding.%s", fleet, fc_gaps[g].id),
                   &out->gaps[g]);
    return ret ? ret : find_years(&from, fleet, days, focus, out);
}
