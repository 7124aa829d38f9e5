/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stopping by precision: replications are added until a result is as precise as asked for.
 *
 * Looks are taken at n = 200, 400, 800, ... replications, the j-th (from 0) at the confidence
 * 1 - alpha_j with alpha_j = 6 alpha / (pi^2 (j + 1)^2), alpha = 0.05. These sum to alpha, so that
 * the intervals of all looks hold together with 95 % (Bonferroni): stopping at a look that happens
 * to be narrow does not spoil the interval it stops with. Shares have Wilson's score interval,
 * means Student's. A look takes the replications 0 .. n - 1, so that where it stops does not hang
 * on the number of threads or on which replications finished first.
 */
#ifndef FC_EXPERIMENT_PRECISION_H
#define FC_EXPERIMENT_PRECISION_H

#include "experiment/experiment.h"
#include "kernel/stats.h"

enum { FC_PRECISION_FIRST = 200, FC_PRECISION_MOST = 102400 };

/* "gpus_in_service@2030-12-31: 1 %" (of the mean; a fleet may stand before it: korea.gpus...),
 * "repair_share: 2 %" (an outcome), or "P(end-2030): 2 points" (of the target's date). Without an
 * entity the fleet's is meant, if there is one fleet. */
typedef struct fc_precision {
    const char *text;
    bool share;       /* P(): half the interval's width in points */
    char metric[64];  /* "met" of a share */
    char entity[160]; /* fleet or target as written, "" if none is */
    bool dated;
    int64_t day;   /* days since 1970-01-01 */
    double wanted; /* relative half width, or points / 100 */
} fc_precision;

/* Errors: E_PRECISION. `text` must outlive it. */
int fc_precision_parse(const char *text, fc_diag *diag, fc_precision *out);

typedef struct fc_precision_result {
    bool reached;
    uint32_t n;       /* replications at the last look */
    uint32_t without; /* of them: failed, or have no such value */
    char entity[160]; /* what was looked at: fleet, target, cause of delay, ... */
    double estimate;
    fc_interval interval; /* at the level of that look */
    double half_width;    /* relative, or points / 100: to be compared with `wanted` */
    double level;
} fc_precision_result;

/* What a look says of the values of replications 0 .. n - 1 (NaN: has none). */
fc_precision_result fc_precision_look(const fc_precision *precision, const double *value,
                                      uint32_t n, unsigned look);

/* fc_experiment_run until the precision is reached, or with options->replications (0:
 * FC_PRECISION_MOST) in all. Errors: also E_PRECISION_NAME, where the scenario has nothing of the
 * name or no month ends on the date; E_PRECISION_SEVERAL, where it has several; E_PRECISION_DATE,
 * of a date, of which nothing is a percentage; E_USAGE with shards. */
int fc_experiment_run_until(fc_store *store, fc_scenario *scenario, const fc_precision *precision,
                            const fc_experiment_options *options, fc_diag *diag,
                            fc_experiment_result *out, fc_precision_result *reached);

#endif
