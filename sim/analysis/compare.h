/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two runs compared, future by future.
 *
 * Runs with one seed share their random draws, so replication i of A and of B are the same future
 * under two scenarios: differences are taken pair by pair. With different seeds (or no replication
 * in common) means are compared as independent samples (Welch), and no future can be said to be
 * ahead. Dates not reached count as the earlier of the two horizons' ends. Where the futures of a
 * sampled design share what nobody knows, the intervals stand on its points or shifts
 * (kernel/estimate.h, store/design.h).
 */
#ifndef FC_ANALYSIS_COMPARE_H
#define FC_ANALYSIS_COMPARE_H

#include "analysis/summary.h"
#include "kernel/estimate.h"

typedef struct fc_compare_row {
    int metric; /* fc_metric */
    int cause;  /* fc_cause of `delay`, else FC_NONE */
    const char *unit;
    int better;      /* 1: more is better, -1: less (earlier) is, 0: neither */
    size_t n_a, n_b; /* values compared; equal when paired */
    double mean_a, mean_b;
    double difference; /* A - B, of means */
    fc_interval
        interval; /* at the comparison's level; of shares (met, held) not symmetric. Infinite (of
                     shares -1 to 1) where fewer than 2 futures are independent */
    double median_difference; /* paired: median of the differences; else difference of medians */
    uint64_t ahead_a, tie, ahead_b; /* futures; all 0 unless paired and `better` is not 0 */
} fc_compare_row;

typedef struct fc_comparison {
    fc_run_info a, b;
    fc_target_facts target_a, target_b; /* who, by when, how many; no figures */
    bool paired;
    bool same_target;   /* same number, date and milestone, or neither has one */
    size_t n;           /* pairs; unpaired: the smaller number of replications */
    size_t independent; /* blocks of futures (of either run, the fewer) that are; n: all are */
    double level;       /* confidence of the intervals: the higher of both runs' (fc_store_level) */
    int64_t end_day;    /* the earlier horizon's end: dates not reached count as this */
    size_t n_rows;
    const fc_compare_row *rows; /* those that both runs have, the headline's first */
} fc_comparison;

/* Errors: E_DOMAIN (no such run), of the store (4xx), E_NOMEM. */
int fc_compare_runs(fc_store *store, fc_arena *arena, int64_t a, int64_t b, fc_diag *diag,
                    fc_comparison **out);

#endif
