/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/demand_facts.h"

#include <math.h>
#include <string.h>
#include "analysis/summary.h"

static int median(fc_store *store, int64_t run, int metric, const char *entity, fc_diag *diag,
                  double *out)
{
    fc_spread spread;
    int ret = fc_outcome_spread(store, run, fc_metrics[metric].id, entity, diag, &spread, NULL);
    if (!ret) *out = spread.n ? spread.median : NAN;
    return ret;
}

/* Every class has arrivals: fleets.korea.demand.classes.academia.arrivals. NULL: another input. */
static const char *class_of(fc_arena *arena, const char *path, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(path, prefix, n) != 0) return NULL;
    const char *dot = strchr(path + n, '.');
    if (!dot || strcmp(dot, ".arrivals") != 0) return NULL;
    return fc_arena_strndup(arena, path + n, (size_t)(dot - path) - n);
}

static bool is_of(const char *entity, const char *fleet, const char *class)
{
    size_t n = strlen(fleet), m = strlen(".demand.");
    return strncmp(entity, fleet, n) == 0 && strncmp(entity + n, ".demand.", m) == 0 &&
           strcmp(entity + n + m, class) == 0;
}

static void add_pooled(const fc_pooled_wait *waits, size_t n, const char *fleet,
                       fc_class_facts *class)
{
    class->left_share = NAN;
    for (int of = 0; of < FC_N_POOLED; of++)
        for (int i = 0; i < FC_N_WAITS; i++) class->pooled[of][i] = NAN;
    for (size_t k = 0; k < n; k++) {
        if (waits[k].of == FC_N_POOLED || !is_of(waits[k].entity, fleet, class->name)) continue;
        memcpy(class->pooled[waits[k].of], waits[k].quantile, sizeof waits[k].quantile);
        if (waits[k].of == FC_POOLED_ALL) class->left_share = waits[k].left_share;
    }
}

static int read_class(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                      fc_diag *diag, fc_class_facts *class)
{
    static const int metrics[FC_N_WAITS] = {FC_M_wait_p50, FC_M_wait_p95, FC_M_wait_p99};
    const char *entity = fc_arena_printf(arena, "%s.demand.%s", fleet, class->name);
    int ret = entity ? FC_OK : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (int i = 0; !ret && i < FC_N_WAITS; i++)
        ret = median(store, run, metrics[i], entity, diag, &class->wait[i]);
    if (!ret) ret = median(store, run, FC_M_grant_wait_p50, entity, diag, &class->to_grant);
    class->to_grant *= 24; /* days */
    return ret;
}

static int find_classes(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                        fc_diag *diag, fc_demand_facts *out)
{
    const char *prefix = fc_arena_printf(arena, "fleets.%s.demand.classes.", fleet);
    fc_input *inputs;
    fc_pooled_wait *waits;
    size_t n, n_waits;
    if (!prefix) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_store_inputs(store, arena, run, diag, &inputs, &n);
    if (!ret) ret = fc_store_pooled_waits(store, arena, run, diag, &waits, &n_waits);
    if (ret) return ret;
    fc_class_facts *classes = fc_arena_array(arena, n + 1, sizeof *classes);
    if (!classes) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        fc_class_facts one = {.name = class_of(arena, inputs[i].path, prefix)};
        if (!one.name) continue;
        ret = read_class(store, arena, run, fleet, diag, &one);
        if (ret) return ret;
        add_pooled(waits, n_waits, fleet, &one);
        classes[out->n_classes++] = one;
    }
    out->classes = classes;
    return FC_OK;
}

int fc_demand_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                         fc_diag *diag, fc_demand_facts *out)
{
    const struct {
        int metric;
        double *to;
    } rows[] = {{FC_M_allocation, &out->allocation},
                {FC_M_utilisation, &out->utilisation},
                {FC_M_unmet_share, &out->unmet_share},
                {FC_M_home_share, &out->home_share},
                {FC_M_granted_share, &out->granted_share},
                {FC_M_top10_share, &out->top10_share},
                {FC_M_gini_users, &out->gini},
                {FC_M_backlog, &out->backlog},
                {FC_M_backlog_share, &out->backlog_share},
                {FC_M_lost_share, &out->lost_share},
                {FC_M_killed_share, &out->killed_share}};
    int ret = FC_OK;
    *out = (fc_demand_facts){0};
    for (size_t i = 0; !ret && i < sizeof rows / sizeof *rows; i++)
        ret = median(store, run, rows[i].metric, fleet, diag, rows[i].to);
    if (ret || isnan(out->allocation)) return ret;
    return find_classes(store, arena, run, fleet, diag, out);
}
