/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What would be gained: a run held against its counterfactuals (scenario/counterfactual.h), future
 * by future, for the headline target.
 */
#ifndef FC_ANALYSIS_EXPLAIN_H
#define FC_ANALYSIS_EXPLAIN_H

#include "analysis/summary.h"

/* A counterfactual against the run, over the replications that both have. */
typedef struct fc_gain {
    const char *what; /* grid, faster-connection, KRW +100 */
    const char *title_en, *title_ko;
    size_t n;
    /* Months sooner, min(date, horizon) of each: median of the paired differences with its 95 %
     * interval from order statistics, and mean. NaN without a target, or where the counterfactual
     * has another one. */
    double months, mean_months;
    fc_interval months_interval;
    fc_chance met_before, met; /* by its date, at its own milestone; without and with the change */
    double gpus;               /* bought more, mean */
    double money, half_width;  /* paid or committed more, mean and its 95 % half width */
} fc_gain;

typedef struct fc_cause_gain {
    fc_cause cause;
    fc_gain gain;
} fc_cause_gain;

typedef struct fc_explanation {
    size_t n_causes; /* in the order of their charges, greatest first */
    const fc_cause_gain *causes;
    const fc_gain *weaker; /* a weaker currency; NULL: not asked for, or it makes no difference */
    const char *currency;  /* which, and by how much a dollar */
    double step;
    size_t n_options; /* best first: months, then chance, then money */
    const fc_gain *options;
} fc_explanation;

/* What the database holds; nothing where the run was not explained. Errors: of the store (4xx),
 * E_NOMEM. */
int fc_explain(fc_store *store, fc_arena *arena, const fc_summary *summary, fc_diag *diag,
               fc_explanation *out);

/* Causes worth a counterfactual: those that can be removed and are charged 1 % at least; where
 * nothing was announced, and so nothing charged, all that can be removed. Returns how many. */
size_t fc_explain_causes(const fc_summary *summary, fc_cause out[FC_N_CAUSES]);

#endif
