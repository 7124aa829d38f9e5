/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Series day by day. The rows of `series` lie as they are written, a replication's together; who
 * wants all replications of a day (quantiles, the digest) reads them with this, a stretch of days
 * at a time: as many as fit into memory. Private to the store. */
#ifndef FC_STORE_SERIES_BY_DAY_H
#define FC_STORE_SERIES_BY_DAY_H

#include "store/store_private.h"

enum { FC_SERIES_BYTES = 4 * 1024 * 1024 }; /* two years of 1,000 replications and 20 columns */

/* Rows of one entity with from <= day < to (days since 1970-01-01), of finished replications. */
typedef struct fc_series_wanted {
    int64_t run, from, to;
    const char *entity;
    const char *const *columns;
    size_t n_columns;
    size_t bytes; /* to take at most; more where a single month end does */
} fc_series_wanted;

/* The rows of one day: value[k * n + i] is column k's in the i-th of `replication`, which ascend;
 * NaN: NULL. Who is told of it may change the values in place. */
typedef struct fc_series_day {
    int64_t day;
    size_t n;
    const int64_t *replication;
    double *value;
} fc_series_day;

/* Told of each day that has rows, in order. False: out of memory, which ends the reading. */
typedef bool fc_series_take(void *self, const fc_series_day *day);

int fc_series_by_day(fc_store *store, const fc_series_wanted *wanted, fc_diag *diag,
                     fc_series_take *take, void *self);

#endif
