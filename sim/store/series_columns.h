/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The columns of `series`, one a metric with a monthly series. Private to the store. A file keeps
 * the columns it was made with: those of metrics that came later are added when a program that has
 * them opens it for writing, and are NULL in the rows that were there; a program that does not have
 * a metric leaves its column NULL. */
#ifndef FC_STORE_SERIES_COLUMNS_H
#define FC_STORE_SERIES_COLUMNS_H

#include "base/text.h"
#include "store/store_private.h"

/* Whether every metric of this program that should have a column has one. */
int fc_series_columns_check(fc_store *store, fc_diag *diag, bool *whole);
/* Makes the table, of a new file, with all columns at once: to add one, SQLite reads the whole
 * schema again. */
int fc_series_columns_make(fc_store *store, fc_diag *diag);
/* Adds those that are missing, and makes the view v_series_long of all there are. Within a
 * transaction. */
int fc_series_columns_complete(fc_store *store, fc_diag *diag);
/* Those of the file, by name, in `arena`. */
int fc_series_columns(fc_store *store, fc_arena *arena, fc_diag *diag, const char ***out,
                      size_t *n);
/* Appends `, "column"` for each to an SQL text. */
void fc_series_columns_list(fc_text *sql, const char *const *columns, size_t n);
/* A query over one metric's series: `before`, the column, `after`; run and entity are its
 * parameters ?1 and ?2. *out is NULL if the run has no such series. */
int fc_series_query(fc_store *store, int64_t run, const char *metric, const char *entity,
                    const char *before, const char *after, fc_diag *diag, sqlite3_stmt **out);

#endif
