/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading: what a report has to know of a run besides its outcomes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "store/series_columns.h"

/* A query over one run whose last column is the number of rows, read row by row. */
typedef struct query {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    sqlite3_stmt *statement;
    int code;
    bool nomem;
} query;

static int query_open(query *q, fc_store *store, fc_arena *arena, fc_diag *diag, int64_t run,
                      const char *sql)
{
    *q = (query){.store = store, .arena = arena, .diag = diag};
    int ret = fc_store_prepare(store, sql, diag, &q->statement);
    if (!ret) sqlite3_bind_int64(q->statement, 1, run);
    return ret;
}

static bool query_next(query *q)
{
    if (q->nomem) return false;
    q->code = sqlite3_step(q->statement);
    return q->code == SQLITE_ROW;
}

static int query_close(query *q)
{
    int ret = FC_OK;
    if (q->nomem)
        ret = fc_fail(q->diag, FC_E_NOMEM, NULL, NULL);
    else if (q->code != SQLITE_DONE)
        ret = fc_store_error(q->store, q->diag);
    sqlite3_finalize(q->statement);
    return ret;
}

static void *query_array(query *q, size_t count, size_t bytes)
{
    void *array = fc_arena_array(q->arena, count ? count : 1, bytes);
    if (!array) q->nomem = true;
    return array;
}

static const char *query_text(query *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q->statement, column);
    if (!text) return NULL;
    const char *copy = fc_arena_strdup(q->arena, text);
    if (!copy) q->nomem = true;
    return copy;
}

static double query_real(const query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(q->statement, column);
}

int fc_store_fleets(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                    fc_fleet_info **out, size_t *n)
{
    query q;
    *out = NULL;
    *n = 0;
    int ret = query_open(&q, store, arena, diag, run,
                         "SELECT fleet, title_en, title_ko, currency, count(*) OVER () FROM fleet"
                         " WHERE run_id = ?1 ORDER BY fleet");
    if (ret) return ret;
    while (query_next(&q)) {
        if (!*out &&
            !(*out = query_array(&q, (size_t)sqlite3_column_int64(q.statement, 4), sizeof **out)))
            break;
        (*out)[(*n)++] = (fc_fleet_info){.name = query_text(&q, 0),
                                         .title_en = query_text(&q, 1),
                                         .title_ko = query_text(&q, 2),
                                         .currency = query_text(&q, 3)};
    }
    return query_close(&q);
}

int fc_store_inputs(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_input **out,
                    size_t *n)
{
    query q;
    *out = NULL;
    *n = 0;
    int ret = query_open(&q, store, arena, diag, run,
                         "SELECT path, value, unit, layer, file, line, source, certainty, known_by,"
                         " note, count(*) OVER () FROM input WHERE run_id = ?1 ORDER BY path");
    if (ret) return ret;
    while (query_next(&q)) {
        if (!*out &&
            !(*out = query_array(&q, (size_t)sqlite3_column_int64(q.statement, 10), sizeof **out)))
            break;
        (*out)[(*n)++] = (fc_input){.path = query_text(&q, 0),
                                    .value = query_text(&q, 1),
                                    .unit = query_text(&q, 2),
                                    .layer = query_text(&q, 3),
                                    .file = query_text(&q, 4),
                                    .line = sqlite3_column_int(q.statement, 5),
                                    .source = query_text(&q, 6),
                                    .certainty = query_text(&q, 7),
                                    .known_by = query_text(&q, 8),
                                    .note = query_text(&q, 9)};
    }
    return query_close(&q);
}

/* Rows (outer key, inner key, value) in order, the same inner keys under each outer one: a full
 * table. */
typedef struct table {
    size_t n_outer, n_inner, filled, outer_capacity, inner_capacity, capacity;
    int64_t *outer, *inner;
    double *value; /* malloc'd, outer key by outer key */
} table;

static bool grow(void **array, size_t *capacity, size_t used, size_t bytes)
{
    if (used < *capacity) return true;
    size_t more = *capacity ? 2 * *capacity : 256;
    void *grown = realloc(*array, more * bytes);
    if (!grown) return false;
    *array = grown;
    *capacity = more;
    return true;
}

/* Makes room for one more of each. */
static bool table_grow(table *t)
{
    return grow((void **)&t->outer, &t->outer_capacity, t->n_outer, sizeof *t->outer) &&
           grow((void **)&t->inner, &t->inner_capacity, t->n_inner, sizeof *t->inner) &&
           grow((void **)&t->value, &t->capacity, t->filled, sizeof *t->value);
}

/* False if the row does not belong into a full table. */
static bool table_add(table *t, int64_t outer, int64_t inner, double value)
{
    if (t->n_outer == 0 || t->outer[t->n_outer - 1] != outer) {
        if (t->filled != t->n_outer * t->n_inner) return false;
        t->outer[t->n_outer++] = outer;
    }
    if (t->n_outer == 1) {
        t->inner[t->n_inner++] = inner;
    } else {
        size_t k = t->filled - (t->n_outer - 1) * t->n_inner;
        if (k >= t->n_inner || t->inner[k] != inner) return false;
    }
    t->value[t->filled++] = value;
    return true;
}

static void table_free(table *t)
{
    free(t->outer);
    free(t->inner);
    free(t->value);
}

static int table_read(query *q, table *t)
{
    bool whole = true;
    while (whole && !q->nomem && query_next(q)) {
        if (!table_grow(t))
            q->nomem = true;
        else
            whole = table_add(t, sqlite3_column_int64(q->statement, 0),
                              sqlite3_column_int64(q->statement, 1), query_real(q, 2));
    }
    whole = whole && t->filled == t->n_outer * t->n_inner;
    if (whole) return query_close(q);
    sqlite3_finalize(q->statement);
    return fc_fail(q->diag, FC_E_DB_DAMAGED, NULL, q->store->path,
                   FC_BOTH("rows of a replication are missing", "일부 행이 없음"), NULL);
}

/* The values by inner key, in the arena. */
static const double *table_by_inner(const table *t, fc_arena *arena)
{
    double *out = fc_arena_array(arena, t->filled + 1, sizeof *out);
    for (size_t i = 0; out && i < t->filled; i++)
        out[i % t->n_inner * t->n_outer + i / t->n_inner] = t->value[i];
    return out;
}

static void *copy(fc_arena *arena, const void *from, size_t count, size_t bytes)
{
    void *to = fc_arena_array(arena, count + 1, bytes);
    if (to && count) memcpy(to, from, count * bytes);
    return to;
}

int fc_store_panel(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                   const char *entity, fc_diag *diag, fc_panel *out)
{
    query q = {.store = store, .arena = arena, .diag = diag};
    table t = {0};
    *out = (fc_panel){0};
    int ret = fc_series_query(store, run, metric, entity, "SELECT replication, day, ",
                              " FROM series WHERE run_id = ?1 AND entity = ?2"
                              " ORDER BY replication, day",
                              diag, &q.statement);
    if (ret || !q.statement) return ret;
    ret = table_read(&q, &t);
    if (!ret) {
        *out = (fc_panel){.n_days = t.n_inner,
                          .n = t.n_outer,
                          .day = copy(arena, t.inner, t.n_inner, sizeof *t.inner),
                          .value = table_by_inner(&t, arena)};
        if (!out->day || !out->value) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    table_free(&t);
    return ret;
}

int fc_store_quantiles(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                       const char *entity, fc_diag *diag, fc_quantile_rows *out)
{
    query q;
    int64_t *day = NULL;
    double *value[FC_STORE_QUANTILES] = {NULL};
    *out = (fc_quantile_rows){0};
    int ret = query_open(&q, store, arena, diag, run,
                         "SELECT s.day, p05, p25, p50, p75, p95, count(*) OVER ()"
                         " FROM metric m CROSS JOIN summary s"
                         " ON s.run_id = ?1 AND s.metric_id = m.metric_id"
                         " WHERE m.metric = ?2 AND m.entity = ?3"
                         "  AND (SELECT summarised = (SELECT count(*) FROM replication r"
                         "   WHERE r.run_id = run.run_id) FROM run WHERE run_id = ?1)"
                         " ORDER BY s.day");
    if (ret) return ret;
    sqlite3_bind_text(q.statement, 2, metric, -1, SQLITE_STATIC);
    sqlite3_bind_text(q.statement, 3, entity, -1, SQLITE_STATIC);
    while (query_next(&q)) {
        size_t all = (size_t)sqlite3_column_int64(q.statement, 6);
        if (!day) day = query_array(&q, all, sizeof *day);
        for (int k = 0; k < FC_STORE_QUANTILES && !q.nomem; k++) {
            if (!value[k]) value[k] = query_array(&q, all, sizeof(double));
            if (value[k]) value[k][out->n_days] = query_real(&q, 1 + k);
        }
        if (q.nomem) break;
        day[out->n_days++] = sqlite3_column_int64(q.statement, 0);
    }
    out->day = day;
    for (int k = 0; k < FC_STORE_QUANTILES; k++) out->value[k] = value[k];
    return query_close(&q);
}

/* ---- draws ---------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const fc_draw_sample *)a)->path, ((const fc_draw_sample *)b)->path);
}

static int name_draws(fc_store *store, fc_arena *arena, const table *t, fc_diag *diag,
                      fc_draw_sample *out)
{
    query q;
    size_t k = 0;
    int ret =
        query_open(&q, store, arena, diag, 0, "SELECT path_id, path FROM path ORDER BY path_id");
    if (ret) return ret;
    while (query_next(&q))
        if (k < t->n_inner && sqlite3_column_int64(q.statement, 0) == t->inner[k])
            out[k++].path = query_text(&q, 1);
    return query_close(&q);
}

int fc_store_draws(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                   fc_draw_sample **out, size_t *n)
{
    query q;
    table t = {0};
    *out = NULL;
    *n = 0;
    int ret = query_open(&q, store, arena, diag, run,
                         "SELECT replication, path_id, value FROM draw WHERE run_id = ?1"
                         " ORDER BY replication, path_id");
    if (ret) return ret;
    ret = table_read(&q, &t);
    if (!ret) {
        fc_draw_sample *draws = fc_arena_array(arena, t.n_inner + 1, sizeof *draws);
        uint32_t *replication = fc_arena_array(arena, t.n_outer + 1, sizeof *replication);
        const double *value = table_by_inner(&t, arena);
        if (!draws || !replication || !value) {
            fc_fail(diag, FC_E_NOMEM, NULL, NULL);
            ret = FC_E_NOMEM;
        } else {
            ret = name_draws(store, arena, &t, diag, draws);
        }
        for (size_t i = 0; i < t.n_outer && !ret; i++) replication[i] = (uint32_t)t.outer[i];
        for (size_t k = 0; k < t.n_inner && !ret; k++)
            draws[k].sample = (fc_sample){t.n_outer, replication, value + k * t.n_outer};
        if (!ret && t.n_inner) qsort(draws, t.n_inner, sizeof *draws, by_path);
        *out = draws;
        *n = t.n_inner;
    }
    table_free(&t);
    return ret;
}
