/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which draws go with an outcome: Spearman's rank correlation, ties by mean rank. */
#ifndef FC_ANALYSIS_DRIVERS_H
#define FC_ANALYSIS_DRIVERS_H

#include "analysis/summary.h"

/* Spearman's rho of n pairs; NaN where one side is constant, or n < 2. FC_E_NOMEM. */
int fc_spearman(const double *a, const double *b, size_t n, double *rho);

/* The draws that go most closely with `outcome` (no NaN in it, larger is better), at most `most`,
 * into `out`. A shock that did not happen counts as later than any date. Left out is what chance
 * alone makes likely: |rho| <= 0.1 or within three standard errors (1 / sqrt(n - 1)). Replications
 * come in points of `point` each, which share their draws: n is how many points there are. */
int fc_drivers_rank(fc_store *store, fc_arena *arena, int64_t run, const fc_sample *outcome,
                    uint32_t point, size_t most, fc_diag *diag, fc_driver_facts *out, size_t *n);

#endif
