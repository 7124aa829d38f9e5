/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every metric of demand that a run has, across its replications: of the fleet, of each class of
 * users and of each inference service.
 */
#ifndef FC_ANALYSIS_DEMAND_DETAILS_H
#define FC_ANALYSIS_DEMAND_DETAILS_H

#include "analysis/summary.h"

typedef struct fc_demand_entity {
    const char *name;              /* academia; NULL: the fleet */
    fc_scope scope;                /* FLEET, CLASS or SERVICE */
    fc_spread value[FC_N_METRICS]; /* n 0: the run does not have it */
} fc_demand_entity;

/* The fleet, its classes, its services, each in the scenario's order; n 0: it has no demand. */
typedef struct fc_demand_details {
    size_t n;
    fc_demand_entity *entity;
} fc_demand_details;

/* Errors: of the store, E_NOMEM. */
int fc_demand_details_make(fc_store *store, fc_arena *arena, const fc_summary *summary,
                           fc_diag *diag, fc_demand_details *out);

#endif
