/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing replications. They are collected in a batch and written in one short transaction, so that
 * other processes get at the file, with the rows of a table in key order, which keeps its tree
 * compact. A replication's rows and its mark in `replication` are in one transaction: a marked one
 * is complete. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "store/store_private.h"

/* A batch is written when it holds so many replications or bytes, or is so old: no more is lost
 * with the machine. */
enum { BATCH = 256, BATCH_BYTES = 8 * 1024 * 1024 };
static const double BATCH_SECONDS = 1;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int fc_store_begin(fc_store *store, fc_diag *diag)
{
    /* IMMEDIATE: an upgrade from read to write fails at once when another process writes. */
    return fc_store_exec(store, "BEGIN IMMEDIATE", diag);
}

int fc_store_end(fc_store *store, int ret, fc_diag *diag)
{
    if (!ret) ret = fc_store_exec(store, "COMMIT", diag);
    if (ret) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return ret;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* One row of a data table: run, two keys, sometimes a third, value. */
typedef struct row {
    int64_t keys[4];
    double value;
} row;

/* A table's rows on their way into INSERTs of FC_STORE_ROWS and, for the rest, of one. */
typedef struct inserter {
    fc_store *store;
    sqlite3_stmt **insert;
    int n_keys;
    int count;
    row rows[FC_STORE_ROWS];
} inserter;

static int prepare_insert(fc_store *store, const char *table, int columns, sqlite3_stmt *out[2],
                          fc_diag *diag)
{
    if (out[0]) return FC_OK;
    for (int k = 0; k < 2; k++) {
        int rows = k ? FC_STORE_ROWS : 1;
        fc_text sql = FC_TEXT_EMPTY;
        fc_text_printf(&sql, "INSERT INTO %s VALUES", table);
        for (int r = 0; r < rows; r++) {
            fc_text_add(&sql, r ? ",(?" : "(?");
            for (int c = 1; c < columns; c++) fc_text_add(&sql, ",?");
            fc_text_add(&sql, ")");
        }
        int ret =
            fc_text_failed(&sql) ? FC_E_NOMEM : fc_store_prepare(store, sql.data, diag, &out[k]);
        fc_text_free(&sql);
        if (ret) return ret;
    }
    return FC_OK;
}

static int bind_row(const inserter *in, sqlite3_stmt *q, const row *r, int column)
{
    for (int k = 0; k < in->n_keys; k++) sqlite3_bind_int64(q, column++, r->keys[k]);
    if (isfinite(r->value))
        sqlite3_bind_double(q, column++, r->value);
    else
        sqlite3_bind_null(q, column++);
    return column;
}

static int insert_collected(inserter *in, fc_diag *diag)
{
    int ret = FC_OK;
    bool full = in->count == FC_STORE_ROWS;
    sqlite3_stmt *q = in->insert[full];
    int column = 1;
    for (int i = 0; i < in->count && !ret; i++) {
        column = bind_row(in, q, &in->rows[i], column);
        if (full) continue;
        ret = fc_store_step(in->store, q, diag);
        column = 1;
    }
    if (full) ret = fc_store_step(in->store, q, diag);
    in->count = 0;
    return ret;
}

static int insert_row(inserter *in, row r, fc_diag *diag)
{
    in->rows[in->count++] = r;
    return in->count == FC_STORE_ROWS ? insert_collected(in, diag) : FC_OK;
}

/* ---- the batch ------------------------------------------------------------------------------- */

/* Marks the batch's replications as stored, and skips those that are already. A replication that
 * failed before, out of memory say, has not failed any more. */
static int mark_stored(fc_store *store, fc_diag *diag)
{
    const fc_store_batch *b = &store->batch;
    sqlite3_stmt *mark = NULL, *clear = NULL;
    int ret =
        fc_store_prepare(store, "INSERT OR IGNORE INTO replication VALUES(?,?,?)", diag, &mark);
    if (!ret)
        ret = fc_store_prepare(store, "DELETE FROM failure WHERE run_id = ? AND replication = ?",
                               diag, &clear);
    for (uint32_t i = 0; i < b->n && !ret; i++) {
        sqlite3_bind_int64(mark, 1, b->run);
        sqlite3_bind_int64(mark, 2, b->replication[i]);
        sqlite3_bind_int64(mark, 3, (int64_t)b->events[i]);
        ret = fc_store_step(store, mark, diag);
        b->skip[i] = sqlite3_changes(store->db) == 0;
        sqlite3_bind_int64(clear, 1, b->run);
        sqlite3_bind_int64(clear, 2, b->replication[i]);
        if (!ret) ret = fc_store_step(store, clear, diag);
    }
    sqlite3_finalize(mark);
    sqlite3_finalize(clear);
    return ret;
}

static int write_outcomes(fc_store *store, fc_diag *diag)
{
    const fc_store_batch *b = &store->batch;
    inserter in = {.store = store, .insert = store->insert_outcome, .n_keys = 3};
    int ret = prepare_insert(store, "outcome", 4, store->insert_outcome, diag);
    for (uint32_t i = 0; i < b->n && !ret; i++)
        for (uint32_t k = 0; k < b->plan->n_outcomes && !ret && !b->skip[i]; k++)
            ret = insert_row(&in,
                             (row){{b->run, b->replication[i], store->outcome_ids[k], 0},
                                   b->outcomes[(size_t)i * b->plan->n_outcomes + k]},
                             diag);
    return ret ? ret : insert_collected(&in, diag);
}

static int write_draws(fc_store *store, fc_diag *diag)
{
    const fc_store_batch *b = &store->batch;
    inserter in = {.store = store, .insert = store->insert_draw, .n_keys = 3};
    int ret = prepare_insert(store, "draw", 4, store->insert_draw, diag);
    for (uint32_t i = 0; i < b->n && !ret; i++)
        for (uint32_t k = 0; k < b->plan->n_draws && !ret && !b->skip[i]; k++) {
            double value = b->draws[(size_t)i * b->plan->n_draws + k];
            if (store->draw_is_date[k]) value = (double)b->plan->epoch.start_day + value / FC_DAY;
            ret = insert_row(&in, (row){{b->run, b->replication[i], store->draw_ids[k], 0}, value},
                             diag);
        }
    return ret ? ret : insert_collected(&in, diag);
}

/* Metric by metric and month by month: the order of the table. */
static int write_series(fc_store *store, fc_diag *diag)
{
    const fc_store_batch *b = &store->batch;
    const fc_plan *plan = b->plan;
    inserter in = {.store = store, .insert = store->insert_series, .n_keys = 4};
    int ret = prepare_insert(store, "series", 5, store->insert_series, diag);
    for (uint32_t k = 0; k < plan->n_series && !ret; k++)
        for (uint32_t m = 0; m < plan->n_months && !ret; m++) {
            int64_t day = fc_date_days(fc_epoch_date_by(plan->epoch, plan->month_ends[m]));
            for (uint32_t i = 0; i < b->n && !ret; i++) {
                if (b->skip[i]) continue;
                size_t at = ((size_t)i * plan->n_months + m) * plan->n_series + k;
                ret = insert_row(
                    &in,
                    (row){{b->run, store->series_ids[k], day, b->replication[i]}, b->series[at]},
                    diag);
            }
        }
    return ret ? ret : insert_collected(&in, diag);
}

int fc_store_flush(fc_store *store, fc_diag *diag)
{
    if (store->batch.n == 0) return FC_OK;
    int ret = fc_store_begin(store, diag);
    if (!ret) {
        ret = mark_stored(store, diag);
        if (!ret) ret = write_outcomes(store, diag);
        if (!ret) ret = write_draws(store, diag);
        if (!ret) ret = write_series(store, diag);
        ret = fc_store_end(store, ret, diag);
    }
    store->batch.n = 0; /* after an error too: the next run simulates it again */
    return ret;
}

void fc_store_batch_free(fc_store_batch *b)
{
    free(b->replication);
    free(b->events);
    free(b->skip);
    free(b->outcomes);
    free(b->draws);
    free(b->series);
    *b = (fc_store_batch){0};
}

/* A batch for the records of a plan. */
static int make_batch(fc_store_batch *b, const fc_plan *plan, int64_t run)
{
    fc_store_batch_free(b);
    size_t series = (size_t)plan->n_series * plan->n_months;
    size_t bytes = (series + plan->n_outcomes + plan->n_draws + 1) * sizeof(double);
    size_t fit = BATCH_BYTES / bytes;
    size_t n = fit < 1 ? 1 : fit > BATCH ? BATCH : fit;
    *b = (fc_store_batch){
        .plan = plan,
        .run = run,
        .capacity = (uint32_t)n,
        .replication = calloc(n, sizeof *b->replication),
        .events = calloc(n, sizeof *b->events),
        .skip = calloc(n, sizeof *b->skip),
        .outcomes = calloc(n * plan->n_outcomes + 1, sizeof(double)),
        .draws = calloc(n * plan->n_draws + 1, sizeof(double)),
        .series = calloc(n * series + 1, sizeof(double)),
    };
    if (b->replication && b->events && b->skip && b->outcomes && b->draws && b->series)
        return FC_OK;
    fc_store_batch_free(b);
    return FC_E_NOMEM;
}

int fc_store_add(fc_store *store, const fc_plan *plan, int64_t run, uint32_t replication,
                 const fc_record *record, fc_diag *diag)
{
    fc_store_batch *b = &store->batch;
    int ret;
    if (store->plan != plan || store->run != run)
        return fc_fail(diag, FC_E_INTERNAL, NULL, "a replication of a run that was not begun",
                       NULL);
    if (b->plan != plan || b->run != run) {
        if ((ret = fc_store_flush(store, diag))) return ret;
        if (make_batch(b, plan, run)) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    size_t series = (size_t)plan->n_series * plan->n_months, i = b->n++;
    if (i == 0) b->began = now();
    b->replication[i] = replication;
    b->events[i] = record->events;
    if (plan->n_outcomes)
        memcpy(b->outcomes + i * plan->n_outcomes, record->outcomes,
               plan->n_outcomes * sizeof(double));
    if (plan->n_draws)
        memcpy(b->draws + i * plan->n_draws, record->draws, plan->n_draws * sizeof(double));
    if (series) memcpy(b->series + i * series, record->series, series * sizeof(double));
    bool full = b->n == b->capacity || now() - b->began > BATCH_SECONDS;
    return full ? fc_store_flush(store, diag) : FC_OK;
}

int fc_store_add_failure(fc_store *store, int64_t run, uint32_t replication, int code,
                         const char *sentence, fc_diag *diag)
{
    sqlite3_stmt *q = NULL;
    int ret = fc_store_begin(store, diag);
    if (ret) return ret;
    /* Not if another process brought it to an end meanwhile. */
    ret = fc_store_prepare(store,
                           "INSERT OR REPLACE INTO failure SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
                           " (SELECT 1 FROM replication WHERE run_id = ?1 AND replication = ?2)",
                           diag, &q);
    if (!ret) {
        sqlite3_bind_int64(q, 1, run);
        sqlite3_bind_int64(q, 2, replication);
        sqlite3_bind_int(q, 3, code);
        fc_store_bind_text(q, 4, sentence);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return fc_store_end(store, ret, diag);
}
