/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading experiments: their points, those too that nobody has begun, and what a design has at
 * each of them. */
#include "base/text.h"
#include "store/points.h"
#include "store/store_private.h"

/* clang-format off */

/* "a, b" as JSON. */
#define LIST(column) "'[' || replace(json_quote(" column "), ', ', '\",\"') || ']'"

/* Cases follow each other as they are listed, scenario by scenario. */
static const char every_point[] =
    "WITH RECURSIVE"
    " d AS (SELECT CAST(points AS INTEGER) AS points, " LIST("scenarios") " AS scenarios,"
    "  " LIST("policies") " AS policies, " LIST("replications") " AS replications"
    "  FROM design WHERE design_id = ?1),"
    " number(point) AS (SELECT 0 UNION ALL SELECT point + 1 FROM number, d"
    "  WHERE point + 1 < points),"
    " cases AS (SELECT s.value AS scenario, iif(p.value = 'none', '', p.value) AS policies,"
    "  CAST(r.value AS INTEGER) AS each,"
    "  points * ifnull(sum(r.value) OVER (ORDER BY s.key, p.key"
    "   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before"
    "  FROM d, json_each(d.scenarios) s, json_each(d.policies) p, json_each(d.replications) r"
    "  WHERE r.key = s.key AND json_array_length(d.scenarios) = json_array_length(d.replications))"
    "SELECT CAST(before + number.point * each AS INTEGER), each, q.design_id IS NOT NULL,"
    " q.run_id, q.first, q.replications"
    " FROM cases CROSS JOIN number LEFT JOIN point q ON q.design_id = ?1"
    "  AND q.scenario = cases.scenario AND q.policies = cases.policies AND q.point = number.point";
/* clang-format on */

int fc_store_each_point(fc_store *store, int64_t design, fc_diag *diag, fc_take_point *take,
                        void *self)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, every_point, diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    int code = SQLITE_DONE;
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW) {
        bool run = sqlite3_column_type(q, 3) != SQLITE_NULL;
        fc_point_row row = {.number = (uint64_t)sqlite3_column_int64(q, 0),
                            .each = (uint32_t)sqlite3_column_int64(q, 1),
                            .begun = sqlite3_column_int(q, 2) != 0,
                            .run = run ? sqlite3_column_int64(q, 3) : -1,
                            .first = (uint32_t)sqlite3_column_int64(q, 4),
                            .replications = (uint32_t)sqlite3_column_int64(q, 5)};
        ret = take(self, &row, diag);
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* ---- points as they are stored -----------------------------------------------------------------
 */

static const char *text_of(fc_arena *arena, sqlite3_stmt *q, int column, bool *failed)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    const char *copy = text ? fc_arena_strdup(arena, text) : NULL;
    *failed |= text && !copy;
    return copy;
}

int fc_store_points(fc_store *store, fc_arena *arena, int64_t experiment, fc_diag *diag,
                    fc_point **out, size_t *n)
{
    sqlite3_stmt *q;
    bool failed = false;
    *n = 0;
    *out = NULL;
    int ret = fc_store_prepare(store,
                               "SELECT scenario, policies, point, run_id, first, replications,"
                               " code, sentence, count(*) OVER () FROM point WHERE design_id = ?"
                               " ORDER BY scenario, policies, point",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, experiment);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !failed) {
        size_t all = (size_t)sqlite3_column_int64(q, 8);
        if (!*out && !(*out = fc_arena_array(arena, all, sizeof **out))) break;
        bool run = sqlite3_column_type(q, 3) != SQLITE_NULL;
        (*out)[(*n)++] = (fc_point){.scenario = text_of(arena, q, 0, &failed),
                                    .policies = text_of(arena, q, 1, &failed),
                                    .point = (uint32_t)sqlite3_column_int64(q, 2),
                                    .run = run ? sqlite3_column_int64(q, 3) : -1,
                                    .first = (uint32_t)sqlite3_column_int64(q, 4),
                                    .replications = (uint32_t)sqlite3_column_int64(q, 5),
                                    .code = sqlite3_column_int(q, 6),
                                    .sentence = text_of(arena, q, 7, &failed)};
    }
    if (failed || code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_failed(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_failed **out,
                    size_t *n)
{
    sqlite3_stmt *q;
    bool failed = false;
    *n = 0;
    *out = NULL;
    int ret = fc_store_prepare(store,
                               "SELECT replication, code, sentence, count(*) OVER () FROM failure"
                               " WHERE run_id = ? ORDER BY replication",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !failed) {
        size_t all = (size_t)sqlite3_column_int64(q, 3);
        if (!*out && !(*out = fc_arena_array(arena, all, sizeof **out))) break;
        (*out)[(*n)++] = (fc_failed){.replication = (uint32_t)sqlite3_column_int64(q, 0),
                                     .code = sqlite3_column_int(q, 1),
                                     .sentence = text_of(arena, q, 2, &failed)};
    }
    if (failed || code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* ---- values ------------------------------------------------------------------------------------
 */

static int read_columns(fc_store *store, fc_arena *arena, int64_t design, fc_diag *diag,
                        fc_design_values *out)
{
    sqlite3_stmt *q;
    bool failed = false;
    const char **columns = NULL;
    int ret = fc_store_prepare(
        store,
        "SELECT CAST(points AS INTEGER), factor, (SELECT count(*) FROM factor f WHERE"
        "  f.design_id = ?1) FROM design LEFT JOIN factor USING(design_id) WHERE design_id = ?1"
        " ORDER BY number",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !failed) {
        out->n_points = (uint32_t)sqlite3_column_int64(q, 0);
        size_t all = (size_t)sqlite3_column_int64(q, 2);
        if (!columns && !(columns = fc_arena_array(arena, all + 1, sizeof *columns))) break;
        if (all > 0) columns[out->n_columns++] = text_of(arena, q, 1, &failed);
    }
    out->columns = columns;
    if (failed || code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* A design is of one kind: its first value tells which. */
static int read_cells(fc_store *store, fc_arena *arena, int64_t design, fc_diag *diag,
                      fc_design_values *out)
{
    sqlite3_stmt *q;
    bool failed = false;
    size_t all = (size_t)out->n_points * out->n_columns;
    double *quantiles = NULL;
    const char **cells = fc_arena_array(arena, all + 1, sizeof *cells);
    if (!cells) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; i < all; i++) cells[i] = NULL;
    int ret = fc_store_prepare(store,
                               "SELECT point, number, value, quantile FROM design_value"
                               " WHERE design_id = ? ORDER BY point, number",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !failed) {
        size_t column = (size_t)sqlite3_column_int64(q, 1);
        size_t at = (size_t)sqlite3_column_int64(q, 0) * out->n_columns + column;
        if (column >= out->n_columns || at >= all) continue;
        cells[at] = text_of(arena, q, 2, &failed);
        if (sqlite3_column_type(q, 3) == SQLITE_NULL) continue;
        if (!quantiles && !(quantiles = fc_arena_array(arena, all, sizeof *quantiles))) break;
        quantiles[at] = sqlite3_column_double(q, 3);
    }
    out->quantiles = quantiles;
    out->cells = quantiles ? NULL : cells;
    if (failed || code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_design_values(fc_store *store, fc_arena *arena, int64_t experiment, fc_diag *diag,
                           fc_design_values *out)
{
    *out = (fc_design_values){0};
    int ret = read_columns(store, arena, experiment, diag, out);
    return ret ? ret : read_cells(store, arena, experiment, diag, out);
}
