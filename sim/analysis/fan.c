/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/fan.h"

#include <math.h>
#include "kernel/stats.h"

/* From every replication's values, where the database has no summary of all of them. */
static int make_from_values(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                            const char *entity, fc_diag *diag, fc_fan *out)
{
    static const double p[FC_N_FAN] = {0.05, 0.25, 0.5, 0.75, 0.95};
    fc_panel panel;
    int ret = fc_store_panel(store, arena, run, metric, entity, diag, &panel);
    if (ret || panel.n_days == 0) return ret;
    double *value[FC_N_FAN], *row = fc_arena_array(arena, panel.n, sizeof *row);
    for (int q = 0; q < FC_N_FAN; q++) {
        out->value[q] = value[q] = fc_arena_array(arena, panel.n_days, sizeof(double));
        if (!row || !value[q]) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    for (size_t d = 0; d < panel.n_days; d++) {
        double quantiles[FC_N_FAN];
        size_t n = 0;
        for (size_t r = 0; r < panel.n; r++) {
            double x = panel.value[d * panel.n + r];
            if (!isnan(x)) row[n++] = x;
        }
        fc_quantiles_select(row, n, p, FC_N_FAN, quantiles);
        for (int q = 0; q < FC_N_FAN; q++) value[q][d] = quantiles[q];
    }
    out->n_days = panel.n_days;
    out->day = panel.day;
    return FC_OK;
}

int fc_fan_make(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                const char *entity, fc_diag *diag, fc_fan *out)
{
    fc_quantile_rows rows;
    bool summarised;
    *out = (fc_fan){0};
    int ret = fc_store_quantiles(store, arena, run, metric, entity, diag, &rows);
    if (!ret && rows.n_days == 0) {
        /* No rows are no summary, or one of a series that nobody has a value of. */
        ret = fc_store_is_summarised(store, run, diag, &summarised);
        if (ret || summarised) return ret;
        return make_from_values(store, arena, run, metric, entity, diag, out);
    }
    if (ret) return ret;
    out->n_days = rows.n_days;
    out->day = rows.day;
    for (int q = 0; q < FC_N_FAN; q++) out->value[q] = rows.value[q];
    return FC_OK;
}

double fc_fan_at(const fc_fan *fan, int which, int64_t day)
{
    double value = NAN;
    for (size_t d = 0; d < fan->n_days && fan->day[d] <= day; d++) value = fan->value[which][d];
    return value;
}
