/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All points of an experiment, those too that nobody has begun. What of them is stored is read by
 * fc_store_points (fleetcast/results.h). */
#ifndef FC_STORE_POINTS_H
#define FC_STORE_POINTS_H

#include "store/design.h"

typedef struct fc_point_row {
    uint64_t number; /* of its first replication in the experiment: see fc_shard_has */
    uint32_t each;   /* replications that the experiment asks for */
    bool begun;      /* or could not be built: the rest is known then */
    int64_t run;     /* -1: could not be built */
    uint32_t first, replications;
} fc_point_row;

/* What it returns, if not FC_OK, ends the listing with it. */
typedef int fc_take_point(void *self, const fc_point_row *row, fc_diag *diag);

/* Scenarios x policies x points, as they are numbered; none of an experiment with a scenario that
 * has ", " in its name. */
int fc_store_each_point(fc_store *store, int64_t design, fc_diag *diag, fc_take_point *take,
                        void *self);

#endif
