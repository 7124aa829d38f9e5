/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Putting results databases together: shards of one run or experiment, or runs of any kind. */
#ifndef FC_STORE_MERGE_H
#define FC_STORE_MERGE_H

#include "store/design.h"

typedef struct fc_merge_result {
    int64_t replications; /* that were new */
    int64_t there;        /* that were there already */
} fc_merge_result;

/* Adds what the database at `path` holds, in one transaction: killed at any instant, it can be
 * repeated, and what is there already is passed over. Every table is taken along as it is found: an
 * id (a column that is a table's integer primary key) is replaced by that of the row of the same
 * unique columns, and rows of replications come with their replication or not at all. Errors:
 * E_MERGE, with what does not fit (a run of one name with another scenario, seed or version;
 * another libm), unless `force`; those of fc_store_open; E_NOMEM. */
int fc_store_merge(fc_store *store, const char *path, bool force, fc_diag *diag,
                   fc_merge_result *out);

/* Which replications of a run are missing, shard by shard as it was split (nothing if it is whole):
 * "3/8 (125), 5/8 (125)"; *missing counts them all. */
int fc_store_missing(fc_store *store, int64_t run, fc_diag *diag, fc_text *out, uint32_t *missing);

#endif
