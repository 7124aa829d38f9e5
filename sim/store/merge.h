/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Putting results databases together, beside fc_store_merge (fleetcast/results.h): shards of one
 * run or experiment, or runs of any kind. */
#ifndef FC_STORE_MERGE_H
#define FC_STORE_MERGE_H

#include "store/design.h"

/* Which replications of a run are missing, shard by shard as it was split (nothing if it is whole):
 * "3/8 (125), 5/8 (125)"; *missing counts them all. */
int fc_store_missing(fc_store *store, int64_t run, fc_diag *diag, fc_text *out, uint32_t *missing);

#endif
