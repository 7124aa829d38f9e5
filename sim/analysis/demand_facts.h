/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a fleet is used: medians across replications, each metric by itself; NaN where the run has
 * none.
 */
#ifndef FC_ANALYSIS_DEMAND_FACTS_H
#define FC_ANALYSIS_DEMAND_FACTS_H

#include <stddef.h>
#include "store/store.h"

enum { FC_N_WAITS = 3 }; /* p50, p95, p99 */

/* Waits in hours where nothing else is said; NaN: not known, as in a fluid. */
typedef struct fc_class_facts {
    const char *name;        /* academia */
    double wait[FC_N_WAITS]; /* of jobs that started: medians of the replications' quantiles */
    /* ... quantiles over the jobs, or projects, of all replications, in the units of
     * fc_pooled_kind; of all jobs that came NaN: longer than is known */
    double pooled[FC_N_POOLED][FC_N_WAITS];
    double left_share; /* jobs that left, of those that started or left; pooled */
    double to_grant;   /* of projects, from application to grant: median of medians, h */
} fc_class_facts;

typedef struct fc_demand_facts {
    double allocation, utilisation, unmet_share, home_share; /* over the whole horizon */
    double granted_share;                                    /* of the GPUs asked for in calls */
    double top10_share, gini;                                /* of GPU-hours among users */
    double backlog, backlog_share; /* GPU-hours that wait at the end; of what was wanted */
    double lost_share;             /* of GPU-hours held */
    double killed_share;           /* of jobs that came */
    size_t n_classes;
    const fc_class_facts *classes; /* by name */
} fc_demand_facts;

/* Errors: of the store, E_NOMEM. */
int fc_demand_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                         fc_diag *diag, fc_demand_facts *out);

#endif
