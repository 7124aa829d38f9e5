/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results database: SQLite, one file, many runs. A run is a scenario (as resolved), a seed and
 * this program's version; its replications are added as they finish and never twice, so a run that
 * was stopped is continued by asking for it again.
 *
 *     fc_store *store;
 *     fc_store_open("results.db", FC_STORE_WRITE, diag, &store);
 *     fc_store_begin_run(store, scenario, diag, &run);            // found again or made
 *     fc_store_done(store, run, 1000, done, diag);                // what is stored already
 *     fc_store_add(store, plan, run, replication, &record, diag); // batched into transactions
 *     fc_store_summarise(store, run, 4, diag);                    // for v_series and iamc
 *     fc_store_close(store);
 *
 * Several processes may write to one file at once, into the same run too: each batch is one short
 * transaction, and a replication that is there already is passed over. While it is open for writing
 * there may be a -wal and a -shm file beside it; the last one to close leaves one plain file.
 *
 * Tables (STRICT, application_id 0x464c4354 "FLCT", user_version FC_STORE_VERSION): run, input,
 * fleet, path, draw, metric, observed, replication, outcome, series, summary, warning, failure;
 * views v_outcome, v_counterfactual, v_series, v_series_long, iamc, v_draw. Units stand beside
 * values, those of `series`, which has a column a metric, in `metric`; dates are days since
 * 1970-01-01 and NULL where not reached. A column of `series` is NULL in rows of a program that did
 * not have the metric.
 */
#ifndef FC_STORE_STORE_H
#define FC_STORE_STORE_H

#include "fleetcast/error.h"
#include "model/simulate.h"
#include "scenario/scenario.h"

enum { FC_STORE_VERSION = 2 };

typedef enum fc_store_mode {
    FC_STORE_READ,  /* must exist */
    FC_STORE_WRITE, /* made where it does not exist */
} fc_store_mode;

typedef struct fc_store fc_store;

/* `path` ":memory:" keeps it in memory. An empty file is made a database (WRITE). Errors:
 * E_FILE_OPEN, E_DB_READONLY, E_DB_NOT_OURS (no database, or another program's), E_DB_NEWER,
 * E_DB_OLDER, E_DB_DAMAGED, E_DB_FULL, E_DB. Whatever is refused is left as it is, byte for byte.
 */
int fc_store_open(const char *path, fc_store_mode mode, fc_diag *diag, fc_store **out);
/* Writes what is pending. */
int fc_store_close(fc_store *store);

/* Finds the run of this scenario, seed and version, or makes it with its inputs and metrics. It is
 * the one that replications are added to until the next is begun. E_DB_LIBM if it was begun where
 * exp, log or pow give other last bits. */
int fc_store_begin_run(fc_store *store, fc_scenario *scenario, fc_diag *diag, int64_t *run);

/* Sets done[r] for each replication r < n that is stored. */
int fc_store_done(fc_store *store, int64_t run, uint32_t n, bool *done, fc_diag *diag);

/* Adds one replication of the run begun last, and forgets its failure if it had one. Written in
 * batches: the plan must live until fc_store_flush commits what is pending. E_DB_FULL (and any
 * other error) loses the batch and no more. */
int fc_store_add(fc_store *store, const fc_plan *plan, int64_t run, uint32_t replication,
                 const fc_record *record, fc_diag *diag);
/* Notes that a replication failed: error number and sentence. It counts as not stored. */
int fc_store_add_failure(fc_store *store, int64_t run, uint32_t replication, int code,
                         const char *sentence, fc_diag *diag);
int fc_store_flush(fc_store *store, fc_diag *diag);
/* Makes the summary of a run's series (mean and quantiles over its replications), behind the views
 * v_series and iamc, on so many threads; does nothing if there are no new replications. */
int fc_store_summarise(fc_store *store, int64_t run, unsigned threads, fc_diag *diag);

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct fc_run_info {
    int64_t id;
    const char *name, *title_en, *title_ko, *file, *hash, *seed, *version;
    const char *currency;           /* of the first fleet */
    const char *headline;           /* path of the target the answer opens with; NULL: none */
    int64_t start_day, end_day;     /* days since 1970-01-01 */
    int64_t replications, failures; /* stored; failed and not stored */
} fc_run_info;

/* All runs, in the order made, in `arena`. */
int fc_store_runs(fc_store *store, fc_arena *arena, fc_diag *diag, fc_run_info **out, size_t *n);

/* One number a replication of an outcome: value[i] belongs to replication[i] (ascending); NaN where
 * NULL. `metric` as in the metric table, `entity` as in fc_observable.name. *n 0 if there is none.
 */
typedef struct fc_sample {
    size_t n;
    const uint32_t *replication;
    const double *value;
} fc_sample;
int fc_store_outcome(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                     const char *entity, fc_diag *diag, fc_sample *out);
/* The same for a monthly series on its month end `day` (days since 1970-01-01). */
int fc_store_series(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                    const char *entity, int64_t day, fc_diag *diag, fc_sample *out);

/* ---- what a report has to know of a run ------------------------------------------------------ */

typedef struct fc_fleet_info {
    const char *name, *title_en, *title_ko, *currency;
} fc_fleet_info;
int fc_store_fleets(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                    fc_fleet_info **out, size_t *n); /* by name */

/* The resolved inputs, by path. */
int fc_store_inputs(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_input **out,
                    size_t *n);

/* Every unknown, shock and policy as drawn, by path; NaN where it did not happen. */
typedef struct fc_draw_sample {
    const char *path;
    fc_sample sample;
} fc_draw_sample;
int fc_store_draws(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                   fc_draw_sample **out, size_t *n);

/* A monthly series of all replications: value[d * n + r] on month end day[d] (ascending) in the
 * r-th replication; NaN where NULL. n_days 0 if there is none. */
typedef struct fc_panel {
    size_t n_days, n;
    const int64_t *day;
    const double *value;
} fc_panel;
int fc_store_panel(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                   const char *entity, fc_diag *diag, fc_panel *out);

/* The summary of a monthly series: its quantiles on each month end that has values. n_days 0 if
 * there is none, or if replications were added since it was made. */
enum { FC_STORE_QUANTILES = 5 };
typedef struct fc_quantile_rows {
    size_t n_days;
    const int64_t *day;
    const double *value[FC_STORE_QUANTILES]; /* 5, 25, 50, 75, 95 %: n_days each */
} fc_quantile_rows;
int fc_store_quantiles(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                       const char *entity, fc_diag *diag, fc_quantile_rows *out);

/* SHA-256 over the canonical dump: every row of every table in key order, reals as %.17g, without
 * wall time, the places of files and the summary. Equal for equal results whatever threads, order
 * or restarts made them. */
int fc_store_digest(fc_store *store, fc_diag *diag, char hex[65]);

#endif
