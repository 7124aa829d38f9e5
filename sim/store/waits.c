/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waits of jobs: the histograms of each replication, and what they say pooled. Histograms are
 * integers, so that the order in which they are added up makes no difference; they are kept by
 * replication, so that parts of a run that overlap can be merged. */
#include <stdlib.h>
#include <string.h>
#include "kernel/histogram.h"
#include "store/store_private.h"

const char fc_schema_waits[] =
    "CREATE TABLE IF NOT EXISTS job_wait(" /* waits in seconds (kernel/histogram.h) */
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " entity TEXT NOT NULL,"
    " per_job INTEGER NOT NULL,"                  /* counts that a job makes */
    " started BLOB NOT NULL, gone BLOB NOT NULL," /* jobs that started; that left before, and, as */
                                                  /* waits without end, that waited to the end */
    " PRIMARY KEY(run_id, replication, entity)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE IF NOT EXISTS pooled_wait("  /* over all jobs of all replications, hours: */
    " run_id INTEGER NOT NULL REFERENCES run," /* refreshed when a run ends */
    " entity TEXT NOT NULL, of TEXT NOT NULL," /* started, or all that came; NULL: not known, for */
                                               /* want of those that waited to the end */
    " replications INTEGER NOT NULL, jobs REAL NOT NULL,"
    " left_share REAL, mean REAL, p50 REAL, p95 REAL, p99 REAL,"
    " PRIMARY KEY(run_id, entity, of)) STRICT, WITHOUT ROWID;"

    "CREATE VIEW IF NOT EXISTS v_wait AS"
    " SELECT run.name AS run, run_id, entity, of, replications, jobs, left_share, mean, p50, p95,"
    "  p99, 'h' AS unit FROM pooled_wait JOIN run USING(run_id);";

int fc_store_has_waits(const fc_store *store, fc_diag *diag, bool *has)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, "SELECT count(*) FROM sqlite_schema WHERE name = 'v_wait'",
                               diag, &q);
    if (ret) return ret;
    *has = sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int(q, 0) > 0;
    sqlite3_finalize(q);
    return FC_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const fc_store_waiting *)a)->name, ((const fc_store_waiting *)b)->name);
}

int fc_store_list_waiting(fc_store *store, const fc_plan *plan, fc_diag *diag)
{
    free(store->waiting);
    store->n_waiting = 0;
    store->waiting = calloc((size_t)plan->n_classes + 1, sizeof *store->waiting);
    if (!store->waiting) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (uint32_t i = 0; i < plan->n_outcomes; i++) {
        const fc_observable *o = &plan->outcomes[i];
        if (o->metric == FC_M_wait_p50)
            store->waiting[store->n_waiting++] = (fc_store_waiting){
                o->name, (uint32_t)o->entity,
                fc_counts_a_job(&plan->fleets[o->fleet].demand, &plan->classes[o->entity])};
    }
    qsort(store->waiting, store->n_waiting, sizeof *store->waiting, by_name);
    return FC_OK;
}

/* ---- pooled ---------------------------------------------------------------------------------- */

typedef struct pooled {
    char *entity; /* NULL: none yet */
    int64_t replications, per_job;
    fc_histogram started, all;
    uint64_t gone, waiting;
} pooled;

static void pooled_clear(pooled *p)
{
    free(p->entity);
    fc_histogram_free(&p->started);
    fc_histogram_free(&p->all);
    *p = (pooled){.started = FC_HISTOGRAM_EMPTY, .all = FC_HISTOGRAM_EMPTY};
}

static void bind_number(sqlite3_stmt *q, int column, double value)
{
    if (isfinite(value))
        sqlite3_bind_double(q, column, value);
    else
        sqlite3_bind_null(q, column);
}

static int write_row(fc_store *store, int64_t run, const pooled *p, bool all, sqlite3_stmt *insert,
                     fc_diag *diag)
{
    const fc_histogram *h = all ? &p->all : &p->started;
    double hour = 3600, every = (double)(fc_histogram_count(&p->all) - p->waiting);
    sqlite3_bind_int64(insert, 1, run);
    fc_store_bind_text(insert, 2, p->entity);
    fc_store_bind_text(insert, 3, all ? "all" : "started");
    sqlite3_bind_int64(insert, 4, p->replications);
    sqlite3_bind_double(insert, 5, (double)fc_histogram_count(h) / (double)p->per_job);
    bind_number(insert, 6, (double)p->gone / every);
    bind_number(insert, 7, fc_histogram_mean(h) / hour);
    bind_number(insert, 8, fc_histogram_quantile(h, 0.5) / hour);
    bind_number(insert, 9, fc_histogram_quantile(h, 0.95) / hour);
    bind_number(insert, 10, fc_histogram_quantile(h, 0.99) / hour);
    return fc_store_step(store, insert, diag);
}

static int write_entity(fc_store *store, int64_t run, const pooled *p, sqlite3_stmt *insert,
                        fc_diag *diag)
{
    if (!p->entity) return FC_OK;
    int ret = write_row(store, run, p, false, insert, diag);
    return ret ? ret : write_row(store, run, p, true, insert, diag);
}

/* Columns 2 and 3 of a row of job_wait. */
static int add_histograms(pooled *p, sqlite3_stmt *q)
{
    fc_histogram started = FC_HISTOGRAM_EMPTY, gone = FC_HISTOGRAM_EMPTY;
    int ret =
        fc_histogram_read(&started, sqlite3_column_blob(q, 2), (size_t)sqlite3_column_bytes(q, 2));
    if (!ret)
        ret =
            fc_histogram_read(&gone, sqlite3_column_blob(q, 3), (size_t)sqlite3_column_bytes(q, 3));
    if (!ret) ret = fc_histogram_merge(&p->started, &started);
    if (!ret) ret = fc_histogram_merge(&p->all, &started);
    if (!ret) ret = fc_histogram_merge(&p->all, &gone);
    p->gone += fc_histogram_count(&gone) - gone.beyond;
    p->waiting += gone.beyond;
    p->replications++;
    fc_histogram_free(&started);
    fc_histogram_free(&gone);
    return ret;
}

static int add_row(fc_store *store, int64_t run, pooled *p, sqlite3_stmt *q, sqlite3_stmt *insert,
                   fc_diag *diag)
{
    const char *entity = (const char *)sqlite3_column_text(q, 0);
    int ret = FC_OK;
    if (!p->entity || strcmp(p->entity, entity) != 0) {
        ret = write_entity(store, run, p, insert, diag);
        pooled_clear(p);
        p->entity = strdup(entity);
        p->per_job = sqlite3_column_int64(q, 1);
        if (!ret && !p->entity) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    if (ret) return ret;
    ret = add_histograms(p, q);
    return ret ? fc_fail(diag, ret == FC_E_NOMEM ? ret : FC_E_DB_DAMAGED, NULL, store->path,
                         "job_wait: histogram", NULL)
               : FC_OK;
}

static int pool_all(fc_store *store, int64_t run, sqlite3_stmt *q, sqlite3_stmt *insert,
                    fc_diag *diag)
{
    pooled p = {0};
    int code = SQLITE_DONE, ret = FC_OK;
    pooled_clear(&p);
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW)
        ret = add_row(store, run, &p, q, insert, diag);
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    if (!ret) ret = write_entity(store, run, &p, insert, diag);
    pooled_clear(&p);
    return ret;
}

int fc_store_pool_waits(fc_store *store, int64_t run, fc_diag *diag)
{
    sqlite3_stmt *q = NULL, *clear = NULL, *insert = NULL;
    int ret = fc_store_prepare(store, "DELETE FROM pooled_wait WHERE run_id = ?", diag, &clear);
    if (!ret)
        ret = fc_store_prepare(store, "INSERT INTO pooled_wait VALUES(?,?,?,?,?,?,?,?,?,?)", diag,
                               &insert);
    if (!ret)
        ret = fc_store_prepare(store,
                               "SELECT entity, per_job, started, gone FROM job_wait"
                               " WHERE run_id = ? ORDER BY entity, replication",
                               diag, &q);
    if (!ret) {
        sqlite3_bind_int64(clear, 1, run);
        sqlite3_bind_int64(q, 1, run);
        ret = fc_store_step(store, clear, diag);
    }
    if (!ret) ret = pool_all(store, run, q, insert, diag);
    sqlite3_finalize(q);
    sqlite3_finalize(clear);
    sqlite3_finalize(insert);
    return ret;
}

/* ---- reading --------------------------------------------------------------------------------- */

static double number_of(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

static bool read_row(sqlite3_stmt *q, fc_arena *arena, fc_pooled_wait *out)
{
    *out =
        (fc_pooled_wait){.entity = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 0)),
                         .all = sqlite3_column_int(q, 1) != 0,
                         .jobs = number_of(q, 2),
                         .left_share = number_of(q, 3),
                         .mean = number_of(q, 4)};
    for (int i = 0; i < 3; i++) out->quantile[i] = number_of(q, 5 + i);
    return out->entity != NULL;
}

int fc_store_pooled_waits(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                          fc_pooled_wait **out, size_t *n)
{
    sqlite3_stmt *q = NULL;
    bool has = false, nomem = false;
    int code = SQLITE_DONE, ret = fc_store_has_waits(store, diag, &has);
    *out = NULL;
    *n = 0;
    if (!ret && has)
        ret = fc_store_prepare(store,
                               "SELECT entity, of = 'all', jobs, left_share, mean, p50, p95, p99,"
                               " count(*) OVER () FROM pooled_wait WHERE run_id = ?"
                               " ORDER BY entity, of",
                               diag, &q);
    if (ret || !has) return ret;
    sqlite3_bind_int64(q, 1, run);
    while (!nomem && (code = sqlite3_step(q)) == SQLITE_ROW) {
        if (!*out) *out = fc_arena_array(arena, (size_t)sqlite3_column_int64(q, 8), sizeof **out);
        nomem = !*out || !read_row(q, arena, &(*out)[(*n)++]);
    }
    sqlite3_finalize(q);
    if (nomem) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    return code == SQLITE_DONE ? FC_OK : fc_store_error(store, diag);
}
