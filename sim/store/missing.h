/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lacks in a results database, beside fc_store_merge (fleetcast/results.h): how a merge of
 * shards knows whether it has them all. */
#ifndef FC_STORE_MISSING_H
#define FC_STORE_MISSING_H

#include "store/design.h"

/* Of a run, replications: missing is what the longest part of it asked for (fc_part) and what is
 * neither stored nor has failed. Of an experiment, points: missing are those of scenarios x
 * policies x points whose run nobody has begun, failed those that could not be built. */
typedef struct fc_missing {
    const char *name; /* of the run or experiment */
    uint32_t missing, failed;
    /* Which shards have them, as it was split, and how many: "3/8 (125), 5/8 (125)". Of a point
     * that several shards share each is named. "": not split, or nothing is missing. */
    const char *shards;
} fc_missing;

/* All runs, and all experiments, of the file, in the arena. An experiment of a scenario with ", "
 * in its name is taken for whole. Errors: of the store (4xx), E_NOMEM. */
int fc_store_missing_replications(fc_store *store, fc_arena *arena, fc_diag *diag, fc_missing **out,
                                  size_t *n);
int fc_store_missing_points(fc_store *store, fc_arena *arena, fc_diag *diag, fc_missing **out,
                            size_t *n);

#endif
