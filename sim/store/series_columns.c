/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/series_columns.h"

#include <stdlib.h>
#include <string.h>
#include "store/schema.h"

int fc_series_columns(fc_store *store, fc_arena *arena, fc_diag *diag, const char ***out, size_t *n)
{
    sqlite3_stmt *q;
    int code;
    *n = 0;
    *out = NULL;
    int ret = fc_store_prepare(store,
                               "SELECT name, count(*) OVER () FROM pragma_table_info('series')"
                               " WHERE pk = 0 ORDER BY name",
                               diag, &q);
    if (ret) return ret;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        size_t all = (size_t)sqlite3_column_int64(q, 1);
        if (!*out && !(*out = fc_arena_array(arena, all, sizeof **out))) break;
        (*out)[*n] = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 0));
        if (!(*out)[(*n)++]) break;
    }
    if (code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

void fc_series_columns_list(fc_text *sql, const char *const *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *quoted = sqlite3_mprintf(", \"%w\"", columns[i]);
        if (!quoted) sql->failed = true;
        fc_text_add(sql, quoted ? quoted : "");
        sqlite3_free(quoted);
    }
}

/* The next metric from `m` on that should have a column and has none; FC_N_METRICS: none. */
static int next_missing(const char *const *columns, size_t n, int m)
{
    for (; m < FC_N_METRICS; m++) {
        bool there = fc_metrics[m].kind != FC_KIND_SERIES;
        for (size_t i = 0; i < n && !there; i++) there = strcmp(columns[i], fc_metrics[m].id) == 0;
        if (!there) break;
    }
    return m;
}

static int add_column(fc_store *store, const char *name, fc_diag *diag)
{
    char *sql = sqlite3_mprintf("ALTER TABLE series ADD COLUMN \"%w\" REAL", name);
    int ret = sql ? fc_store_exec(store, sql, diag) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    sqlite3_free(sql);
    return ret;
}

int fc_series_columns_make(fc_store *store, fc_diag *diag)
{
    fc_text columns = FC_TEXT_EMPTY;
    char *sql = NULL;
    for (int m = 0; m < FC_N_METRICS; m++)
        if (fc_metrics[m].kind == FC_KIND_SERIES)
            fc_text_printf(&columns, ", \"%s\" REAL", fc_metrics[m].id);
    if (!fc_text_failed(&columns)) sql = sqlite3_mprintf(fc_schema_series, columns.data);
    int ret = sql ? fc_store_exec(store, sql, diag) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    sqlite3_free(sql);
    fc_text_free(&columns);
    return ret;
}

/* A row a value: the columns one below the other. `observed` leaves out what a run does not have
 * and tells the unit. */
static int make_long_view(fc_store *store, const char *const *columns, size_t n, fc_diag *diag)
{
    fc_text sql = FC_TEXT_EMPTY;
    fc_text_add(&sql, "DROP VIEW IF EXISTS v_series_long; CREATE VIEW v_series_long AS");
    for (size_t i = 0; i < n; i++) {
        char *arm = sqlite3_mprintf(
            "%s SELECT run.name AS run, s.run_id AS run_id, s.replication AS replication,"
            " %Q AS metric, s.entity AS entity, date(s.day * 86400, 'unixepoch') AS date,"
            " s.\"%w\" AS value, m.unit AS unit FROM series s JOIN run USING(run_id)"
            " JOIN metric m ON m.metric = %Q AND m.entity = s.entity"
            " JOIN observed o ON o.run_id = s.run_id AND o.metric_id = m.metric_id",
            i ? " UNION ALL" : "", columns[i], columns[i], columns[i]);
        if (!arm) sql.failed = true;
        fc_text_add(&sql, arm ? arm : "");
        sqlite3_free(arm);
    }
    int ret = fc_text_failed(&sql) ? fc_fail(diag, FC_E_NOMEM, NULL, NULL)
                                   : fc_store_exec(store, sql.data, diag);
    fc_text_free(&sql);
    return ret;
}

int fc_series_columns_complete(fc_store *store, fc_diag *diag)
{
    const char **columns;
    size_t n;
    fc_arena *arena = fc_arena_create();
    if (!arena) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_series_columns(store, arena, diag, &columns, &n);
    for (int m = 0; !ret && (m = next_missing(columns, n, m)) < FC_N_METRICS; m++)
        ret = add_column(store, fc_metrics[m].id, diag);
    if (!ret) ret = fc_series_columns(store, arena, diag, &columns, &n);
    if (!ret) ret = make_long_view(store, columns, n, diag);
    fc_arena_free(arena);
    return ret;
}

int fc_series_columns_check(fc_store *store, fc_diag *diag, bool *whole)
{
    const char **columns;
    size_t n;
    fc_arena *arena = fc_arena_create();
    if (!arena) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_series_columns(store, arena, diag, &columns, &n);
    *whole = !ret && next_missing(columns, n, 0) == FC_N_METRICS;
    fc_arena_free(arena);
    return ret;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int is_observed(fc_store *store, int64_t run, const char *metric, const char *entity,
                       fc_diag *diag, bool *out)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT 1 FROM metric m JOIN observed o ON o.run_id = ?1 AND"
                               " o.metric_id = m.metric_id WHERE m.metric = ?2 AND m.entity = ?3"
                               " AND m.metric IN (SELECT name FROM pragma_table_info('series')"
                               "  WHERE pk = 0)",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_text(q, 2, metric, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 3, entity, -1, SQLITE_STATIC);
    int code = sqlite3_step(q);
    *out = code == SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_series_query(fc_store *store, int64_t run, const char *metric, const char *entity,
                    const char *before, const char *after, fc_diag *diag, sqlite3_stmt **out)
{
    bool there;
    *out = NULL;
    int ret = is_observed(store, run, metric, entity, diag, &there);
    if (ret || !there) return ret;
    char *sql = sqlite3_mprintf("%s\"%w\"%s", before, metric, after);
    ret = sql ? fc_store_prepare(store, sql, diag, out) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    sqlite3_free(sql);
    if (ret) return ret;
    sqlite3_bind_int64(*out, 1, run);
    sqlite3_bind_text(*out, 2, entity, -1, SQLITE_STATIC);
    return FC_OK;
}
