/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading: runs and samples. */
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "store/series_columns.h"

static const char *column_text(fc_arena *arena, sqlite3_stmt *q, int column, bool *failed)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    if (!text) return NULL;
    const char *copy = fc_arena_strdup(arena, text);
    if (!copy) *failed = true;
    return copy;
}

int fc_store_runs(fc_store *store, fc_arena *arena, fc_diag *diag, fc_run_info **out, size_t *n)
{
    *n = 0;
    *out = NULL;
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store,
        "SELECT run_id, name, title_en, title_ko, file, hash, seed, version,"
        " (SELECT currency FROM fleet f WHERE f.run_id = run.run_id LIMIT 1), headline,"
        " start_day, end_day,"
        " (SELECT count(*) FROM replication r WHERE r.run_id = run.run_id),"
        " (SELECT count(*) FROM failure x WHERE x.run_id = run.run_id),"
        " count(*) OVER () FROM run ORDER BY run_id",
        diag, &q);
    if (ret) return ret;
    bool failed = false;
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        if (!*out) {
            size_t all = (size_t)sqlite3_column_int64(q, 14);
            if (!(*out = fc_arena_array(arena, all, sizeof **out))) break;
        }
        (*out)[(*n)++] = (fc_run_info){
            .id = sqlite3_column_int64(q, 0),
            .name = column_text(arena, q, 1, &failed),
            .title_en = column_text(arena, q, 2, &failed),
            .title_ko = column_text(arena, q, 3, &failed),
            .file = column_text(arena, q, 4, &failed),
            .hash = column_text(arena, q, 5, &failed),
            .seed = column_text(arena, q, 6, &failed),
            .version = column_text(arena, q, 7, &failed),
            .currency = column_text(arena, q, 8, &failed),
            .headline = column_text(arena, q, 9, &failed),
            .start_day = sqlite3_column_int64(q, 10),
            .end_day = sqlite3_column_int64(q, 11),
            .replications = sqlite3_column_int64(q, 12),
            .failures = sqlite3_column_int64(q, 13),
        };
    }
    if (code == SQLITE_ROW || failed)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* What a sample's query selects behind the value: how many rows there are at most. It is asked once
 * a query; for a count of its own rows SQLite would keep them all aside. */
#define AT_MOST ", (SELECT count(*) FROM replication WHERE run_id = ?1)"

/* Rows (replication, value, AT_MOST) of a prepared query. */
static int read_sample(fc_store *store, fc_arena *arena, sqlite3_stmt *q, fc_diag *diag,
                       fc_sample *out)
{
    uint32_t *replication = NULL;
    double *value = NULL;
    size_t most = 0;
    int code, ret = FC_OK;
    *out = (fc_sample){0};
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        if (!replication) {
            most = (size_t)sqlite3_column_int64(q, 2);
            replication = fc_arena_array(arena, most, sizeof *replication);
            value = fc_arena_array(arena, most, sizeof *value);
            if (!replication || !value) break;
        }
        if (out->n == most) break;
        replication[out->n] = (uint32_t)sqlite3_column_int64(q, 0);
        bool null = sqlite3_column_type(q, 1) == SQLITE_NULL;
        value[out->n++] = null ? NAN : sqlite3_column_double(q, 1);
    }
    if (code == SQLITE_ROW && replication && value)
        ret = fc_fail(diag, FC_E_DB_DAMAGED, NULL, store->path,
                      FC_BOTH("more rows than replications", "모의 횟수보다 많은 행"), NULL);
    else if (code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    out->replication = replication;
    out->value = value;
    return ret;
}

/* The id of a metric of an entity, which has one unit within a run; -1: there is none. */
static int find_metric(fc_store *store, int64_t run, const char *metric, const char *entity,
                       fc_diag *diag, int64_t *id)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT m.metric_id FROM metric m CROSS JOIN observed o"
                               " ON o.run_id = ?1 AND o.metric_id = m.metric_id"
                               " WHERE m.metric = ?2 AND m.entity = ?3",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    fc_store_bind_text(q, 2, metric);
    fc_store_bind_text(q, 3, entity);
    int code = sqlite3_step(q);
    *id = code == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* By way of `replication`: each value is one look-up by primary key, and they come in order. */
int fc_store_outcome(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                     const char *entity, fc_diag *diag, fc_sample *out)
{
    sqlite3_stmt *q;
    int64_t id;
    *out = (fc_sample){0};
    int ret = find_metric(store, run, metric, entity, diag, &id);
    if (ret || id < 0) return ret;
    ret = fc_store_prepare(store,
                           "SELECT r.replication, o.value" AT_MOST
                           " FROM replication r CROSS JOIN outcome o ON o.run_id = r.run_id"
                           "  AND o.replication = r.replication AND o.metric_id = ?2"
                           " WHERE r.run_id = ?1 ORDER BY r.replication",
                           diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_int64(q, 2, id);
    return read_sample(store, arena, q, diag, out);
}

int fc_store_series(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                    const char *entity, int64_t day, fc_diag *diag, fc_sample *out)
{
    sqlite3_stmt *q;
    *out = (fc_sample){0};
    int ret = fc_series_query(store, run, metric, entity, "SELECT r.replication, s.",
                              AT_MOST " FROM replication r CROSS JOIN series s"
                                      " ON s.run_id = r.run_id AND s.replication = r.replication"
                                      "  AND s.entity = ?2 AND s.day = ?3"
                                      " WHERE r.run_id = ?1 ORDER BY r.replication",
                              diag, &q);
    if (ret || !q) return ret;
    sqlite3_bind_int64(q, 3, day);
    return read_sample(store, arena, q, diag, out);
}

/* A run is called by its name or by the first digits of its hash. */
static bool is_called(const fc_run_info *run, const char *name)
{
    size_t length = strlen(name);
    return strcmp(run->name, name) == 0 || (length >= 6 && strncmp(run->hash, name, length) == 0);
}

int fc_store_find_run(fc_store *store, const char *name, fc_diag *diag, int64_t *run)
{
    fc_run_info *runs;
    size_t n = 0;
    fc_text all = FC_TEXT_EMPTY;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_runs(store, arena, diag, &runs, &n) : FC_E_NOMEM;
    *run = -1;
    for (size_t i = 0; i < n; i++) {
        if (is_called(&runs[i], name)) *run = runs[i].id;
        fc_text_printf(&all, "%s%s", i ? ", " : "", runs[i].name);
    }
    if (!ret && *run < 0)
        ret = fc_fail(diag, FC_E_NO_RUN, NULL, name, store->path, all.data ? all.data : "-", NULL);
    fc_text_free(&all);
    fc_arena_free(arena);
    return ret;
}
