/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The batch of replications that wait to be written, as tables. Private to the store. */
#ifndef FC_STORE_BATCH_ROWS_H
#define FC_STORE_BATCH_ROWS_H

#include "store/store_private.h"

/* Makes the tables known to the connection, once: they show store->batch as it is when read. */
int fc_batch_rows_register(fc_store *store);
/* Writes the kept replications' rows of outcome, draw and series; within a transaction, which an
 * error ends. */
int fc_batch_rows_insert(fc_store *store, fc_diag *diag);

#endif
