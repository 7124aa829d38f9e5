/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waits and slowdowns of jobs, waits of projects: the histograms of each replication, and what they
 * say pooled. Histograms are integers, so that the order in which they are added up makes no
 * difference; they are kept by replication, so that parts of a run that overlap can be merged. */
#include <stdlib.h>
#include <string.h>
#include "kernel/histogram.h"
#include "model/demand.h"
#include "store/store_private.h"

#define V_WAIT                                                                                     \
    "CREATE VIEW IF NOT EXISTS v_wait AS"                                                          \
    " SELECT run.name AS run, run_id, entity,"                                                     \
    "  CASE of WHEN 'done' THEN 'slowdown' WHEN 'granted' THEN 'grant_wait' ELSE 'wait' END"       \
    "   AS measure, of, replications, jobs, left_share, mean, p50, p95, p99,"                      \
    "  CASE of WHEN 'done' THEN '1' WHEN 'granted' THEN 'day' ELSE 'h' END AS unit"                \
    " FROM pooled_wait JOIN run USING(run_id);"

/* Histograms are strings of kernel/histogram.h; an empty one: the class has none such. */
const char fc_schema_waits[] =
    "CREATE TABLE IF NOT EXISTS job_wait("
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " entity TEXT NOT NULL,"
    " per_job INTEGER NOT NULL,"                  /* counts that a job makes */
    " started BLOB NOT NULL, gone BLOB NOT NULL," /* jobs that started; that left before, and, as */
                                                  /* waits without end, that waited to the end; s */
    " slowdown BLOB NOT NULL DEFAULT x'',"        /* bounded, of jobs that are done */
    " granted BLOB NOT NULL DEFAULT x'',"         /* projects, application to grant; s */
    " PRIMARY KEY(run_id, replication, entity)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE IF NOT EXISTS pooled_wait("  /* over all jobs of all replications, in the units */
    " run_id INTEGER NOT NULL REFERENCES run," /* of v_wait: refreshed when a run ends */
    " entity TEXT NOT NULL, of TEXT NOT NULL," /* started, all that came, done, granted; NULL: not
                                                */
                                               /* known, for want of those that wait at the end */
    " replications INTEGER NOT NULL, jobs REAL NOT NULL,"
    " left_share REAL, mean REAL, p50 REAL, p95 REAL, p99 REAL,"
    " PRIMARY KEY(run_id, entity, of)) STRICT, WITHOUT ROWID;" V_WAIT;

static const char complete[] = "ALTER TABLE job_wait ADD slowdown BLOB NOT NULL DEFAULT x'';"
                               "ALTER TABLE job_wait ADD granted BLOB NOT NULL DEFAULT x'';"
                               "DROP VIEW v_wait;" V_WAIT;

int fc_store_has_waits(const fc_store *store, fc_diag *diag, bool *has, bool *whole)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT count(*), sum(name = 'granted')"
                               " FROM pragma_table_info('job_wait')",
                               diag, &q);
    if (ret) return ret;
    bool row = sqlite3_step(q) == SQLITE_ROW;
    *has = row && sqlite3_column_int(q, 0) > 0;
    *whole = row && sqlite3_column_int(q, 1) > 0;
    sqlite3_finalize(q);
    return FC_OK;
}

int fc_store_complete_waits(fc_store *store, fc_diag *diag)
{
    bool has, whole;
    int ret = fc_store_has_waits(store, diag, &has, &whole);
    if (ret || whole) return ret;
    ret = fc_store_begin(store, diag);
    /* Another process may have been faster. */
    if (ret || (ret = fc_store_has_waits(store, diag, &has, &whole)) || whole)
        return fc_store_end(store, ret, diag);
    return fc_store_end(store, fc_store_exec(store, has ? complete : fc_schema_waits, diag), diag);
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
        bool jobs = o->metric == FC_M_wait_p50, projects = o->metric == FC_M_grant_wait_p50;
        if (jobs || (projects && !fc_plan_tells_jobs(plan, (uint32_t)o->entity)))
            store->waiting[store->n_waiting++] = (fc_store_waiting){
                o->name, (uint32_t)o->entity,
                fc_counts_a_job(&plan->fleets[o->fleet].demand, &plan->classes[o->entity])};
    }
    qsort(store->waiting, store->n_waiting, sizeof *store->waiting, by_name);
    return FC_OK;
}

/* ---- pooled ---------------------------------------------------------------------------------- */

/* What a row of pooled_wait is of, and its unit in that of the histograms. */
static const struct {
    const char *of;
    double unit;
} kinds[FC_N_POOLED] = {[FC_POOLED_STARTED] = {"started", FC_HOUR},
                        [FC_POOLED_ALL] = {"all", FC_HOUR},
                        [FC_POOLED_DONE] = {"done", 1},
                        [FC_POOLED_GRANTED] = {"granted", FC_DAY}};

typedef struct pooled {
    char *entity; /* NULL: none yet */
    int64_t per_job;
    fc_histogram sum[FC_N_POOLED];
    int64_t replications[FC_N_POOLED]; /* that have such a histogram */
} pooled;

/* Jobs that left, of those that left or started; those that wait at the end are beyond. */
static double left_share(const pooled *p)
{
    const fc_histogram *all = &p->sum[FC_POOLED_ALL];
    uint64_t known = fc_histogram_count(all) - all->beyond;
    return (double)(known - fc_histogram_count(&p->sum[FC_POOLED_STARTED])) / (double)known;
}

static void pooled_clear(pooled *p)
{
    free(p->entity);
    for (int k = 0; k < FC_N_POOLED; k++) fc_histogram_free(&p->sum[k]);
    *p = (pooled){0};
    for (int k = 0; k < FC_N_POOLED; k++) p->sum[k] = FC_HISTOGRAM_EMPTY;
}

static void bind_number(sqlite3_stmt *q, int column, double value)
{
    if (isfinite(value))
        sqlite3_bind_double(q, column, value);
    else
        sqlite3_bind_null(q, column);
}

static int write_row(fc_store *store, int64_t run, const pooled *p, int kind, sqlite3_stmt *insert,
                     fc_diag *diag)
{
    static const double quantiles[] = {0.5, 0.95, 0.99};
    const fc_histogram *h = &p->sum[kind];
    bool of_waits = kind == FC_POOLED_STARTED || kind == FC_POOLED_ALL;
    double unit = kinds[kind].unit;
    double (*quantile)(const fc_histogram *, double) =
        kind == FC_POOLED_DONE ? fc_slowdown_quantile : fc_histogram_quantile;
    sqlite3_bind_int64(insert, 1, run);
    fc_store_bind_text(insert, 2, p->entity);
    fc_store_bind_text(insert, 3, kinds[kind].of);
    sqlite3_bind_int64(insert, 4, p->replications[kind]);
    sqlite3_bind_double(insert, 5, (double)fc_histogram_count(h) / (double)p->per_job);
    bind_number(insert, 6, of_waits ? left_share(p) : NAN);
    bind_number(insert, 7, fc_histogram_mean(h) / unit);
    for (int i = 0; i < 3; i++) bind_number(insert, 8 + i, quantile(h, quantiles[i]) / unit);
    return fc_store_step(store, insert, diag);
}

static int write_entity(fc_store *store, int64_t run, const pooled *p, sqlite3_stmt *insert,
                        fc_diag *diag)
{
    int ret = FC_OK;
    for (int k = 0; !ret && k < FC_N_POOLED; k++)
        if (p->replications[k] > 0) ret = write_row(store, run, p, k, insert, diag);
    return ret;
}

/* A column of job_wait. `counts`: it makes it one replication more. */
static int add_histogram(pooled *p, sqlite3_stmt *q, int column, fc_pooled_kind to, bool counts)
{
    fc_histogram one = FC_HISTOGRAM_EMPTY;
    size_t length = (size_t)sqlite3_column_bytes(q, column);
    if (length == 0) return FC_OK;
    int ret = fc_histogram_read(&one, sqlite3_column_blob(q, column), length);
    if (!ret) ret = fc_histogram_merge(&p->sum[to], &one);
    fc_histogram_free(&one);
    p->replications[to] += counts;
    return ret;
}

static int add_histograms(pooled *p, sqlite3_stmt *q)
{
    enum { STARTED = 2, GONE, SLOWDOWN, GRANTED };
    int ret = add_histogram(p, q, STARTED, FC_POOLED_STARTED, true);
    if (!ret) ret = add_histogram(p, q, STARTED, FC_POOLED_ALL, true);
    if (!ret) ret = add_histogram(p, q, GONE, FC_POOLED_ALL, false);
    if (!ret) ret = add_histogram(p, q, SLOWDOWN, FC_POOLED_DONE, true);
    return ret ? ret : add_histogram(p, q, GRANTED, FC_POOLED_GRANTED, true);
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
        ret = fc_store_prepare(
            store,
            "SELECT entity, per_job, started, gone, slowdown, granted FROM job_wait"
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
    const char *of = (const char *)sqlite3_column_text(q, 1);
    *out =
        (fc_pooled_wait){.entity = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 0)),
                         .jobs = number_of(q, 2),
                         .left_share = number_of(q, 3),
                         .mean = number_of(q, 4)};
    while (out->of < FC_N_POOLED && strcmp(kinds[out->of].of, of) != 0) out->of++;
    for (int i = 0; i < 3; i++) out->quantile[i] = number_of(q, 5 + i);
    return out->entity != NULL;
}

int fc_store_pooled_waits(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                          fc_pooled_wait **out, size_t *n)
{
    sqlite3_stmt *q = NULL;
    bool has = false, whole, nomem = false;
    int code = SQLITE_DONE, ret = fc_store_has_waits(store, diag, &has, &whole);
    *out = NULL;
    *n = 0;
    if (!ret && has)
        ret = fc_store_prepare(store,
                               "SELECT entity, of, jobs, left_share, mean, p50, p95, p99,"
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
