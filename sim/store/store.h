/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results database: SQLite, one file, many runs. A run is a scenario (as resolved), a seed and
 * this program's version; its replications are added as they finish and never twice, so a run that
 * was stopped is continued by asking for it again.
 *
 *     fc_store *store;
 *     fc_store_open("results.db", FC_STORE_WRITE, diag, &store);
 *     fc_store_begin_run(store, &about, diag, &run);        // found again or made
 *     fc_store_missing(store, run, 1000, ...);              // which replications are not there
 *     fc_store_add(store, run, replication, &record, diag); // batched into transactions
 *     fc_store_flush(store, diag); fc_store_close(store);
 *
 * Tables (STRICT, application_id 0x464c4354 "FLCT", user_version FC_STORE_VERSION): run, input,
 * fleet, path, draw, metric, replication, outcome, series, warning, failure; views v_outcome,
 * v_series, iamc, v_draw. Units stand beside values; dates are days since 1970-01-01 and NULL where
 * not reached.
 */
#ifndef FC_STORE_STORE_H
#define FC_STORE_STORE_H

#include "fleetcast/error.h"
#include "model/simulate.h"
#include "scenario/scenario.h"

enum { FC_STORE_VERSION = 1 };

typedef enum fc_store_mode {
    FC_STORE_READ,  /* must exist */
    FC_STORE_WRITE, /* made where it does not exist */
} fc_store_mode;

typedef struct fc_store fc_store;

/* `path` ":memory:" keeps it in memory. Errors 4xx: cannot open, read-only, not a database,
 * somebody else's database (other application_id), a newer schema. Nothing is changed in any of
 * them. */
int fc_store_open(const char *path, fc_store_mode mode, fc_diag *diag, fc_store **out);
int fc_store_close(fc_store *store);

/* Finds the run of this scenario, seed and version, or makes it with its inputs and metrics. */
int fc_store_begin_run(fc_store *store, fc_scenario *scenario, fc_diag *diag, int64_t *run);

/* Sets done[r] for each replication r < n that is stored. */
int fc_store_done(fc_store *store, int64_t run, uint32_t n, bool *done, fc_diag *diag);

/* Adds one replication. Written in batches; fc_store_flush commits what is pending. */
int fc_store_add(fc_store *store, const fc_plan *plan, int64_t run, uint32_t replication,
                 const fc_record *record, fc_diag *diag);
/* Notes that a replication failed: error number and sentence. */
int fc_store_add_failure(fc_store *store, int64_t run, uint32_t replication, int code,
                         const char *sentence, fc_diag *diag);
int fc_store_flush(fc_store *store, fc_diag *diag);
/* Refreshes the summary (quantiles over replications) of a run's series, behind the view v_series. */
int fc_store_summarise(fc_store *store, int64_t run, fc_diag *diag);

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct fc_run_info {
    int64_t id;
    const char *name, *title_en, *title_ko, *file, *hash, *seed, *version;
    const char *currency;       /* of the first fleet */
    const char *headline;       /* path of the target the answer opens with; NULL: none */
    int64_t start_day, end_day; /* days since 1970-01-01 */
    int64_t replications, failures;
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

/* SHA-256 over the canonical dump: every row of every table in key order, reals as %.17g, without
 * wall time, host and compiler. Equal for equal results whatever threads, order or restarts made
 * them. */
int fc_store_digest(fc_store *store, fc_diag *diag, char hex[65]);

#endif
