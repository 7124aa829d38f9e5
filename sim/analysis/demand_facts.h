/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a fleet is used: medians across replications, each metric by itself; NaN where the run has
 * none.
 */
#ifndef FC_ANALYSIS_DEMAND_FACTS_H
#define FC_ANALYSIS_DEMAND_FACTS_H

#include <stddef.h>
#include "store/store.h"

typedef struct fc_class_facts {
    const char *name; /* academia */
    double wait;      /* median of the replications' median waits, h */
} fc_class_facts;

typedef struct fc_demand_facts {
    double allocation, utilisation, unmet_share, home_share; /* over the whole horizon */
    size_t n_classes;                                        /* that have waits */
    const fc_class_facts *classes;                           /* in the scenario's order */
} fc_demand_facts;

/* Errors: of the store, E_NOMEM. */
int fc_demand_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                         fc_diag *diag, fc_demand_facts *out);

#endif
