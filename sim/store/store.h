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
 * fleet, path, draw, metric, observed, replication, outcome, series, summary, job_wait,
 * pooled_wait, warning, failure, look; views v_outcome, v_counterfactual, v_series, v_series_long,
 * v_wait, iamc, v_draw. Units stand beside values, those of `series`, which has a column a metric,
 * in `metric`; dates are days since 1970-01-01 and NULL where not reached. A column of `series` is
 * NULL in rows of a program that did not have the metric.
 */
#ifndef FC_STORE_STORE_H
#define FC_STORE_STORE_H

#include "fleetcast/results.h"
#include "model/simulate.h"
#include "scenario/scenario.h"

enum { FC_STORE_VERSION = 3 };

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

/* Whether that was done since the last replication was added. */
int fc_store_is_summarised(fc_store *store, int64_t run, fc_diag *diag, bool *is);

/* Last bits of a few mathematical functions on this machine, as in the table `run`. */
void fc_store_libm_probe(char out[65]);

/* What is read from here to the end is of one moment, whoever writes meanwhile. Not while it is
 * read already, and nothing is written until then. The end returns `ret`, or its own error. */
int fc_store_begin_reading(fc_store *store, fc_diag *diag);
int fc_store_end_reading(fc_store *store, int ret, fc_diag *diag);

/* ---- what a report has to know of a run ------------------------------------------------------ */

typedef struct fc_fleet_info {
    const char *name, *title_en, *title_ko, *currency;
} fc_fleet_info;
int fc_store_fleets(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                    fc_fleet_info **out, size_t *n); /* by name */

/* What is pooled over all jobs, or projects, of all replications. */
typedef enum fc_pooled_kind {
    FC_POOLED_STARTED, /* "started": waits of jobs that started, hours */
    FC_POOLED_ALL,     /* "all": ... of those that left or wait at the end, too */
    FC_POOLED_DONE,    /* "done": bounded slowdown of jobs that are done */
    FC_POOLED_GRANTED, /* "granted": application to grant of projects that were granted, days */
    FC_N_POOLED
} fc_pooled_kind;

/* Of a class of users; NaN: there were none, or it is not known. Made by fc_store_summarise from
 * the histograms of each replication, which are exact to 0.4 %. */
typedef struct fc_pooled_wait {
    const char *entity; /* korea.demand.academia */
    fc_pooled_kind of;
    double jobs;              /* how many; or projects */
    double left_share;        /* jobs that left, of those that started or left: STARTED and ALL */
    double mean, quantile[3]; /* p50, p95, p99 */
} fc_pooled_wait;
/* By entity; none of a run without jobs and projects. */
int fc_store_pooled_waits(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                          fc_pooled_wait **out, size_t *n);

/* The draws of fc_store_draws one at a time, in some order; each lives until `take` returns, which,
 * if not FC_OK, ends the reading with it. E_DB_DAMAGED where a replication lacks one. */
typedef int fc_take_draw(void *self, const fc_draw_sample *draw, fc_diag *diag);
int fc_store_each_draw(fc_store *store, int64_t run, fc_diag *diag, fc_take_draw *take, void *self);

/* The resolved inputs, by path. */
int fc_store_inputs(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_input **out,
                    size_t *n);

#endif
