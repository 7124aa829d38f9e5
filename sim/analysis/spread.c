/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantiles over replications. */
#include <math.h>
#include <stdlib.h>
#include "analysis/summary.h"
#include "base/arena.h"

static const double spread_at[3] = {0.05, 0.5, 0.95};

int fc_spread_of(const double *values, size_t n, fc_spread *out)
{
    double *there = malloc((n + 1) * sizeof *there), q[3];
    if (!there) return FC_E_NOMEM;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) there[count++] = values[i];
    int ret = fc_quantiles(there, count, spread_at, 3, q);
    free(there);
    if (!ret) *out = (fc_spread){count, q[0], q[1], q[2]};
    return ret;
}

int fc_outcome_spread(fc_store *store, int64_t run, const char *metric, const char *entity,
                      fc_diag *diag, fc_spread *out, double *mean)
{
    fc_sample sample;
    fc_tally tally = FC_TALLY_EMPTY;
    fc_arena *arena = fc_arena_create();
    int ret = arena && entity ? fc_store_outcome(store, arena, run, metric, entity, diag, &sample)
                              : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret && fc_spread_of(sample.value, sample.n, out))
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; !ret && mean && i < sample.n; i++)
        if (!isnan(sample.value[i])) fc_tally_add(&tally, sample.value[i]);
    if (!ret && mean) *mean = fc_tally_mean(&tally);
    fc_arena_free(arena);
    return ret;
}
