/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table summary: mean and quantiles of each month's values over the replications, read day by
 * day (series_by_day.h). Stretches of months go to threads of their own: otherwise every core but
 * one would wait. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/stats.h"
#include "store/series_by_day.h"

static const double LEVELS[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { N_LEVELS = sizeof LEVELS / sizeof *LEVELS };

/* The series of a run: one a row of `observed` with a column. */
typedef struct series {
    int64_t id;
    const char *entity, *column; /* ordered by entity */
} series;

/* A row of summary. */
typedef struct row {
    int64_t metric, day;
    size_t n;
    double mean, quantile[N_LEVELS];
} row;

/* A stretch of months, [from, to) in days, and what its thread makes of it. */
typedef struct stretch {
    const char *path;
    int64_t run, from, to;
    const series *list;
    size_t n_list;
    row *rows; /* malloc'd */
    size_t n, capacity;
    int ret;
} stretch;

/* ---- a month ------------------------------------------------------------------------------ */

static row row_of(double *values, size_t n, int64_t metric, int64_t day)
{
    row r = {.metric = metric, .day = day, .n = n};
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    r.mean = sum / (double)n;
    fc_quantiles_select(values, n, LEVELS, N_LEVELS, r.quantile);
    return r;
}

static bool stretch_grow(stretch *s)
{
    if (s->n < s->capacity) return true;
    size_t capacity = s->capacity ? 2 * s->capacity : 512;
    row *grown = realloc(s->rows, capacity * sizeof *grown);
    if (!grown) return false;
    s->rows = grown;
    s->capacity = capacity;
    return true;
}

/* Leaves out NaN; how many are left. */
static size_t close_up(double *values, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) values[kept++] = values[i];
    return kept;
}

/* An entity's series in a stretch. */
typedef struct entity {
    stretch *s;
    const series *list;
    size_t n;
} entity;

/* Makes the rows of a month end. */
static bool take_day(void *self, const fc_series_day *day)
{
    entity *e = self;
    for (size_t k = 0; k < e->n; k++) {
        double *values = day->value + k * day->n;
        size_t n = close_up(values, day->n);
        if (n == 0) continue;
        if (!stretch_grow(e->s)) return false;
        e->s->rows[e->s->n++] = row_of(values, n, e->list[k].id, day->day);
    }
    return true;
}

/* ---- a stretch ------------------------------------------------------------------------------- */

static int summarise_entity(fc_store *store, stretch *s, const series *list, size_t n,
                            fc_diag *diag)
{
    entity e = {s, list, n};
    const char **columns = calloc(n, sizeof *columns);
    if (!columns) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t k = 0; k < n; k++) columns[k] = list[k].column;
    fc_series_wanted wanted = {
        .run = s->run,
        .from = s->from,
        .to = s->to,
        .entity = list->entity,
        .columns = columns,
        .n_columns = n,
        .bytes = FC_SERIES_BYTES,
    };
    int ret = fc_series_by_day(store, &wanted, diag, take_day, &e);
    free(columns);
    return ret;
}

static int summarise_stretch(fc_store *store, stretch *s, fc_diag *diag)
{
    int ret = FC_OK;
    s->n = 0;
    for (size_t from = 0, to; from < s->n_list && !ret; from = to) {
        for (to = from + 1; to < s->n_list; to++)
            if (strcmp(s->list[to].entity, s->list[from].entity) != 0) break;
        ret = summarise_entity(store, s, s->list + from, to - from, diag);
    }
    return ret;
}

/* With a connection of its own. */
static void *work(void *argument)
{
    stretch *s = argument;
    fc_store *store;
    s->ret = fc_store_open(s->path, FC_STORE_READ, NULL, &store);
    if (!s->ret) s->ret = summarise_stretch(store, s, NULL);
    fc_store_close(store);
    return NULL;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* The first stretch is done by this thread, the others by theirs; what a thread could not do, by
 * this one in its turn, which says why if it cannot either. A database in memory has one
 * connection. */
static int summarise_all(fc_store *store, stretch *s, size_t n, fc_diag *diag)
{
    pthread_t *ids = calloc(n + 1, sizeof *ids);
    bool *started = calloc(n + 1, sizeof *started);
    bool file = strcmp(store->path, ":memory:") != 0;
    for (size_t i = 1; i < n; i++) {
        s[i].ret = FC_E_NOMEM;
        if (file && ids && started) started[i] = !pthread_create(&ids[i], NULL, work, &s[i]);
    }
    int ret = summarise_stretch(store, &s[0], diag);
    for (size_t i = 1; i < n; i++) {
        if (started && started[i]) pthread_join(ids[i], NULL);
        if (s[i].ret && !ret) ret = summarise_stretch(store, &s[i], diag);
    }
    free(ids);
    free(started);
    return ret;
}

/* Whether replications were added since the summary was made, or it did not come along with the run
 * (fc_store_merge); what the run spans. */
static int look_at_run(fc_store *store, int64_t run, fc_diag *diag, bool *stale, size_t *n,
                       int64_t *start, int64_t *end)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT summarised, (SELECT count(*) FROM replication r WHERE"
                               " r.run_id = run.run_id), start_day, end_day,"
                               " EXISTS (SELECT 1 FROM series s WHERE s.run_id = run.run_id) AND"
                               " NOT EXISTS (SELECT 1 FROM summary s WHERE s.run_id = run.run_id)"
                               " FROM run"
                               " WHERE run_id = ?",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code = sqlite3_step(q);
    *n = code == SQLITE_ROW ? (size_t)sqlite3_column_int64(q, 1) : 0;
    *stale = code == SQLITE_ROW &&
             (sqlite3_column_int64(q, 0) != (int64_t)*n || sqlite3_column_int(q, 4) != 0);
    *start = sqlite3_column_int64(q, 2);
    *end = sqlite3_column_int64(q, 3);
    if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_is_summarised(fc_store *store, int64_t run, fc_diag *diag, bool *is)
{
    bool stale;
    size_t n;
    int64_t start, end;
    int ret = look_at_run(store, run, diag, &stale, &n, &start, &end);
    *is = !ret && !stale;
    return ret;
}

static int list_series(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, series **out,
                       size_t *n)
{
    sqlite3_stmt *q;
    int code;
    *out = NULL;
    *n = 0;
    int ret = fc_store_prepare(store,
                               "SELECT metric_id, entity, metric, count(*) OVER () FROM observed"
                               " JOIN metric USING(metric_id) WHERE run_id = ? AND metric IN"
                               " (SELECT name FROM pragma_table_info('series') WHERE pk = 0)"
                               " ORDER BY entity, metric_id",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        size_t all = (size_t)sqlite3_column_int64(q, 3);
        if (!*out && !(*out = fc_arena_array(arena, all, sizeof **out))) break;
        series *s = &(*out)[(*n)++];
        s->id = sqlite3_column_int64(q, 0);
        s->entity = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 1));
        s->column = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 2));
        if (!s->entity || !s->column) break;
    }
    if (code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* A statement whose only parameter is the run. */
static int run_statement(fc_store *store, int64_t run, const char *sql, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, sql, diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    ret = fc_store_step(store, q, diag);
    sqlite3_finalize(q);
    return ret;
}

static int write_stretch(fc_store *store, const stretch *s, sqlite3_stmt *insert, fc_diag *diag)
{
    int ret = FC_OK;
    for (size_t i = 0; i < s->n && !ret; i++) {
        const row *r = &s->rows[i];
        sqlite3_bind_int64(insert, 1, s->run);
        sqlite3_bind_int64(insert, 2, r->metric);
        sqlite3_bind_int64(insert, 3, r->day);
        sqlite3_bind_int64(insert, 4, (int64_t)r->n);
        sqlite3_bind_double(insert, 5, r->mean);
        for (int k = 0; k < N_LEVELS; k++) sqlite3_bind_double(insert, 6 + k, r->quantile[k]);
        ret = fc_store_step(store, insert, diag);
    }
    return ret;
}

static int write_all(fc_store *store, int64_t run, const stretch *s, size_t n, fc_diag *diag)
{
    sqlite3_stmt *insert = NULL;
    int ret = run_statement(store, run, "DELETE FROM summary WHERE run_id = ?", diag);
    if (!ret)
        ret = fc_store_prepare(store, "INSERT INTO summary VALUES(?,?,?,?,?,?,?,?,?,?)", diag,
                               &insert);
    for (size_t i = 0; i < n && !ret; i++) ret = write_stretch(store, &s[i], insert, diag);
    sqlite3_finalize(insert);
    if (ret) return ret;
    return run_statement(store, run,
                         "UPDATE run SET summarised = (SELECT count(*) FROM replication r WHERE"
                         " r.run_id = run.run_id) WHERE run_id = ?",
                         diag);
}

static int summarise(fc_store *store, fc_arena *arena, int64_t run, unsigned threads, fc_diag *diag)
{
    enum { WORTH_A_THREAD = 50 }; /* replications */
    bool stale;
    size_t n = 0, n_list;
    int64_t start, end;
    series *list;
    int ret = look_at_run(store, run, diag, &stale, &n, &start, &end);
    if (!ret && stale) ret = list_series(store, arena, run, diag, &list, &n_list);
    if (ret || !stale) return ret;
    size_t parts = 1 + n / WORTH_A_THREAD;
    if (parts > threads) parts = threads ? threads : 1;
    stretch *s = fc_arena_array(arena, parts, sizeof *s);
    if (!s) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; i < parts; i++) {
        int64_t days = end - start + 1, at = (int64_t)i, all = (int64_t)parts;
        s[i] = (stretch){.path = sqlite3_db_filename(store->db, "main"),
                         .run = run,
                         .from = start + days * at / all,
                         .to = start + days * (at + 1) / all,
                         .list = list,
                         .n_list = n_list};
    }
    ret = summarise_all(store, s, parts, diag);
    if (!ret) ret = write_all(store, run, s, parts, diag);
    if (!ret) ret = fc_store_pool_waits(store, run, diag);
    for (size_t i = 0; i < parts; i++) free(s[i].rows);
    return ret;
}

int fc_store_summarise(fc_store *store, int64_t run, unsigned threads, fc_diag *diag)
{
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_flush(store, diag) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    /* From here on nobody else writes: every connection sees the same rows. */
    if (!ret) ret = fc_store_begin(store, diag);
    if (!ret) ret = fc_store_end(store, summarise(store, arena, run, threads, diag), diag);
    fc_arena_free(arena);
    return ret;
}
