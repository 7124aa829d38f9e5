/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing replications. They are collected in a batch and written in one short transaction, so that
 * other processes get at the file, with the rows of a table in key order, so that they are
 * appended. A replication's rows and its mark in `replication` are in one transaction: a marked one
 * is complete. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "store/batch_rows.h"

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

int fc_store_begin_reading(fc_store *store, fc_diag *diag)
{
    return fc_store_exec(store, "BEGIN", diag);
}

int fc_store_end_reading(fc_store *store, int ret, fc_diag *diag)
{
    return fc_store_end(store, ret, diag);
}

int fc_store_end(fc_store *store, int ret, fc_diag *diag)
{
    if (!ret) ret = fc_store_exec(store, "COMMIT", diag);
    if (ret) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return ret;
}

/* ---- the batch ------------------------------------------------------------------------------- */

/* The batch's places by replication number. They come in nearly that order. */
static void sort_batch(fc_store_batch *b)
{
    for (uint32_t i = 0; i < b->n; i++) {
        uint32_t k = i;
        for (; k > 0 && b->replication[b->kept[k - 1]] > b->replication[i]; k--)
            b->kept[k] = b->kept[k - 1];
        b->kept[k] = i;
    }
}

/* Marks the batch's replications as stored, and keeps those that were not. A replication that
 * failed before, out of memory say, has not failed any more. */
static int mark_stored(fc_store *store, fc_diag *diag)
{
    fc_store_batch *b = &store->batch;
    sqlite3_stmt *mark = NULL, *clear = NULL;
    int ret =
        fc_store_prepare(store, "INSERT OR IGNORE INTO replication VALUES(?,?,?)", diag, &mark);
    if (!ret)
        ret = fc_store_prepare(store, "DELETE FROM failure WHERE run_id = ? AND replication = ?",
                               diag, &clear);
    sort_batch(b);
    b->n_kept = 0;
    for (uint32_t k = 0; k < b->n && !ret; k++) {
        uint32_t i = b->kept[k];
        sqlite3_bind_int64(mark, 1, b->run);
        sqlite3_bind_int64(mark, 2, b->replication[i]);
        sqlite3_bind_int64(mark, 3, (int64_t)b->events[i]);
        ret = fc_store_step(store, mark, diag);
        if (sqlite3_changes(store->db) > 0) b->kept[b->n_kept++] = i;
        sqlite3_bind_int64(clear, 1, b->run);
        sqlite3_bind_int64(clear, 2, b->replication[i]);
        if (!ret) ret = fc_store_step(store, clear, diag);
    }
    sqlite3_finalize(mark);
    sqlite3_finalize(clear);
    return ret;
}

int fc_store_flush(fc_store *store, fc_diag *diag)
{
    if (store->batch.n == 0) return FC_OK;
    int ret = fc_store_begin(store, diag);
    if (!ret) {
        ret = mark_stored(store, diag);
        if (!ret) ret = fc_batch_rows_insert(store, diag);
        ret = fc_store_end(store, ret, diag);
    }
    store->batch.n = 0; /* after an error too: the next run simulates it again */
    return ret;
}

void fc_store_batch_free(fc_store_batch *b)
{
    free(b->replication);
    free(b->events);
    free(b->kept);
    free(b->outcomes);
    free(b->draws);
    free(b->series);
    for (size_t i = 0; b->waits && i < b->capacity * b->n_waits; i++) free(b->waits[i].data);
    free(b->waits);
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
        .kept = calloc(n, sizeof *b->kept),
        .outcomes = calloc(n * plan->n_outcomes + 1, sizeof(double)),
        .draws = calloc(n * plan->n_draws + 1, sizeof(double)),
        .series = calloc(n * series + 1, sizeof(double)),
        .waits = calloc(n * FC_WAITS_A_CLASS * plan->n_classes + 1, sizeof *b->waits),
        .n_waits = FC_WAITS_A_CLASS * (size_t)plan->n_classes,
    };
    if (b->replication && b->events && b->kept && b->outcomes && b->draws && b->series && b->waits)
        return FC_OK;
    fc_store_batch_free(b);
    return FC_E_NOMEM;
}

/* Copies of a record's waits, in the place of those of an earlier batch. */
static int keep_waits(fc_bytes *to, const fc_record *record)
{
    for (size_t i = 0; i < record->n_waits; i++) {
        const fc_bytes *from = &record->waits[i];
        unsigned char *copy = from->data ? malloc(from->length) : NULL;
        if (from->data && !copy) return FC_E_NOMEM;
        if (copy) memcpy(copy, from->data, from->length);
        free(to[i].data);
        to[i] = (fc_bytes){copy, from->length};
    }
    return FC_OK;
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
    size_t series = (size_t)plan->n_series * plan->n_months, i = b->n;
    if (keep_waits(b->waits + i * b->n_waits, record)) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    b->n++;
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
