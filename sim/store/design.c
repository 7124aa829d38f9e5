/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Experiments and their points. */
#include "store/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "store/store_private.h"

const char fc_schema_designs[] =
    "CREATE TABLE design("
    " design_id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL, title_en TEXT NOT NULL, title_ko TEXT NOT NULL, file TEXT NOT NULL,"
    " kind TEXT NOT NULL, scenarios TEXT NOT NULL, policies TEXT NOT NULL, factors TEXT NOT NULL,"
    " replications TEXT NOT NULL, seed TEXT NOT NULL, points TEXT NOT NULL,"
    " hash TEXT NOT NULL," /* of the points */
    " base TEXT NOT NULL," /* of scenarios, seeds, version; of a sample: also replications */
    " UNIQUE(name, kind, scenarios, policies, factors, seed, points, hash, base)) STRICT;"

    "CREATE TABLE factor("
    " design_id INTEGER NOT NULL REFERENCES design, number INTEGER NOT NULL,"
    " factor TEXT NOT NULL, PRIMARY KEY(design_id, number)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE design_value(" /* value: as written; quantile: of what is drawn */
    " design_id INTEGER NOT NULL REFERENCES design, point INTEGER NOT NULL,"
    " number INTEGER NOT NULL, value TEXT, quantile REAL,"
    " PRIMARY KEY(design_id, point, number)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE point(" /* replications [first, first + replications) of a run */
    " design_id INTEGER NOT NULL REFERENCES design, scenario TEXT NOT NULL,"
    " policies TEXT NOT NULL, point INTEGER NOT NULL,"
    " run_id INTEGER REFERENCES run, first INTEGER NOT NULL, replications INTEGER NOT NULL,"
    " code INTEGER, sentence TEXT," /* why it could not be built */
    " PRIMARY KEY(design_id, scenario, policies, point)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE part(" /* what was asked of a run: times are Unix seconds */
    " run_id INTEGER NOT NULL REFERENCES run, shard INTEGER NOT NULL, shards INTEGER NOT NULL,"
    " wanted INTEGER NOT NULL, found INTEGER NOT NULL, start INTEGER NOT NULL,"
    " replications INTEGER NOT NULL, began REAL NOT NULL, seen REAL NOT NULL,"
    " ended INTEGER NOT NULL, process TEXT," /* fc_process_name of who is at it */
    " PRIMARY KEY(run_id, shard, shards)) STRICT, WITHOUT ROWID;"

    "CREATE VIEW v_design AS"
    " SELECT name AS design, design_id, point, factor, value, quantile"
    " FROM design_value JOIN design USING(design_id) JOIN factor USING(design_id, number);"

    "CREATE VIEW v_point AS"
    " SELECT design.name AS design, design_id, scenario, point.policies, point,"
    "  point.run_id, replication,"
    "  metric, entity, value, unit,"
    "  CASE WHEN unit = 'date' THEN date(value * 86400, 'unixepoch') END AS date"
    " FROM point JOIN design USING(design_id)"
    "  JOIN outcome o ON o.run_id = point.run_id AND o.replication >= point.first"
    "   AND o.replication < point.first + point.replications"
    "  JOIN metric USING(metric_id);";

/* ---- experiments ------------------------------------------------------------------------------
 */

/* What tells experiments of one name apart, in the order of the columns. */
enum { REPLICATIONS = 4, HASH = 7, BASE = 8, N_MARKS = 9 };

static const char *const mark_names[N_MARKS] = {
    "kind", "scenarios", "policies", "factors", "replications", "seed", "points", "hash", "base"};

static void marks_of(const fc_design_info *d, const char *out[N_MARKS])
{
    const char *const all[N_MARKS] = {d->kind,    d->scenarios,    d->policies,
                                      d->factors, d->replications, d->seed,
                                      d->points,  d->hash,         d->base};
    memcpy(out, all, sizeof all);
}

/* What the file has of an experiment's name. */
typedef struct earlier {
    int64_t same;       /* design_id; -1: none */
    fc_text difference; /* of the last one that is another, in words */
    bool only_base;     /* nothing else differs in it */
} earlier;

/* Whether a row is another experiment. */
static bool differs(sqlite3_stmt *row, const fc_design_info *info, earlier *out)
{
    const char *marks[N_MARKS];
    int n = 0;
    marks_of(info, marks);
    for (int i = 0; i < N_MARKS; i++) {
        const char *was = (const char *)sqlite3_column_text(row, 1 + i);
        bool follows = i == HASH || i == BASE; /* from the rest, where that differs */
        if (i == REPLICATIONS && !info->quantiles) continue;
        if (!was || strcmp(was, marks[i]) == 0) continue;
        out->only_base = i == BASE && n == 0;
        if (follows && n++) continue;
        n += !follows;
        fc_text_add(&out->difference, out->difference.length ? "; " : "");
        if (i == HASH)
            fc_text_add(&out->difference, "values of the points");
        else if (i != BASE)
            fc_text_printf(&out->difference, "%s: %.200s -> %.200s", mark_names[i], was, marks[i]);
    }
    return n > 0;
}

static int find_earlier(fc_store *store, const fc_design_info *info, fc_diag *diag, earlier *out,
                        bool *some)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT design_id, kind, scenarios, policies, factors,"
                               " replications, seed, points, hash, base FROM design WHERE name = ?"
                               " ORDER BY design_id",
                               diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, info->name);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && out->same < 0) {
        *some = true;
        fc_text_clear(&out->difference);
        if (!differs(q, info, out)) out->same = sqlite3_column_int64(q, 0);
    }
    if (code != SQLITE_DONE && code != SQLITE_ROW) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* SQL: longer('6, 20', '9, 10') is '9, 20'. */
static void longer(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *a = (const char *)sqlite3_value_text(values[0]);
    const char *b = (const char *)sqlite3_value_text(values[1]);
    fc_text out = FC_TEXT_EMPTY;
    (void)n;
    while (a && b && *a && *b) {
        char *a_end, *b_end;
        unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
        fc_text_printf(&out, "%s%lu", out.length ? ", " : "", x > y ? x : y);
        a = a_end + strspn(a_end, ", ");
        b = b_end + strspn(b_end, ", ");
        if (a == a_end || b == b_end) break;
    }
    if (fc_text_failed(&out))
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_text(context, out.data ? out.data : "", -1, SQLITE_TRANSIENT);
    fc_text_free(&out);
}

int fc_store_know_longer(fc_store *store, fc_diag *diag)
{
    int code =
        sqlite3_create_function(store->db, "longer", 2, SQLITE_UTF8, NULL, longer, NULL, NULL);
    return code == SQLITE_OK ? FC_OK : fc_store_error(store, diag);
}

/* Where points are runs of their own, replications are added to them as to any run. */
static int lengthen(fc_store *store, int64_t design, const char *replications, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_know_longer(store, diag);
    if (!ret)
        ret = fc_store_prepare(store,
                               "UPDATE design SET replications = longer(replications, ?1)"
                               " WHERE design_id = ?2 AND replications <> ?1",
                               diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, replications);
    sqlite3_bind_int64(q, 2, design);
    ret = fc_store_step(store, q, diag);
    sqlite3_finalize(q);
    return ret;
}

static int refuse(fc_store *store, const fc_design_info *info, earlier *before, fc_diag *diag)
{
    fc_text *words = &before->difference;
    int ret = before->only_base && info->changes ? info->changes(info->self, words) : FC_OK;
    if (ret) return ret;
    if (!words->length) fc_text_add(words, FC_BOTH("contents of the scenarios", "시나리오 내용"));
    return fc_fail(diag, FC_E_DESIGN_CHANGED, NULL, info->name, store->path,
                   words->data ? words->data : "", NULL);
}

/* *design stays -1 where there is none such yet. */
static int find_design(fc_store *store, const fc_design_info *info, bool force, fc_diag *diag,
                       int64_t *design)
{
    earlier before = {.same = -1, .difference = FC_TEXT_EMPTY};
    bool some = false;
    int ret = find_earlier(store, info, diag, &before, &some);
    *design = before.same;
    if (!ret && *design >= 0 && !info->quantiles)
        ret = lengthen(store, *design, info->replications, diag);
    if (!ret && *design < 0 && some && !force) ret = refuse(store, info, &before, diag);
    fc_text_free(&before.difference);
    return ret;
}

static int add_columns(fc_store *store, const fc_design_info *info, int64_t design, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, "INSERT INTO factor VALUES(?,?,?)", diag, &q);
    for (uint32_t c = 0; c < info->n_columns && !ret; c++) {
        sqlite3_bind_int64(q, 1, design);
        sqlite3_bind_int64(q, 2, c);
        fc_store_bind_text(q, 3, info->columns[c]);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

static int add_values(fc_store *store, const fc_design_info *info, int64_t design, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, "INSERT INTO design_value VALUES(?,?,?,?,?)", diag, &q);
    for (uint32_t p = 0; p < info->n_points; p++)
        for (uint32_t c = 0; c < info->n_columns && !ret; c++) {
            size_t at = (size_t)p * info->n_columns + c;
            if (info->cells && !info->cells[at]) continue;
            sqlite3_bind_int64(q, 1, design);
            sqlite3_bind_int64(q, 2, p);
            sqlite3_bind_int64(q, 3, c);
            fc_store_bind_text(q, 4, info->cells ? info->cells[at] : NULL);
            if (info->quantiles)
                sqlite3_bind_double(q, 5, info->quantiles[at]);
            else
                sqlite3_bind_null(q, 5);
            ret = fc_store_step(store, q, diag);
        }
    sqlite3_finalize(q);
    return ret;
}

static int add_design(fc_store *store, const fc_design_info *info, fc_diag *diag, int64_t *design)
{
    const char *marks[N_MARKS];
    sqlite3_stmt *q;
    marks_of(info, marks);
    int ret = fc_store_prepare(store,
                               "INSERT INTO design(name, title_en, title_ko, file, kind, scenarios,"
                               " policies, factors, replications, seed, points, hash, base)"
                               " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
                               diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, info->name);
    fc_store_bind_text(q, 2, info->title_en);
    fc_store_bind_text(q, 3, info->title_ko);
    fc_store_bind_text(q, 4, info->file);
    for (int i = 0; i < N_MARKS; i++) fc_store_bind_text(q, 5 + i, marks[i]);
    ret = fc_store_step(store, q, diag);
    *design = sqlite3_last_insert_rowid(store->db);
    sqlite3_finalize(q);
    if (!ret) ret = add_columns(store, info, *design, diag);
    return ret ? ret : add_values(store, info, *design, diag);
}

int fc_store_begin_design(fc_store *store, const fc_design_info *info, bool force, fc_diag *diag,
                          int64_t *design)
{
    *design = -1;
    int ret = fc_store_flush(store, diag);
    if (!ret) ret = fc_store_begin(store, diag);
    if (ret) return ret;
    ret = find_design(store, info, force, diag, design);
    if (!ret && *design < 0) ret = add_design(store, info, diag, design);
    return fc_store_end(store, ret, diag);
}

/* ---- points -----------------------------------------------------------------------------------
 */

static int add_points(fc_store *store, const fc_point_range *range, fc_diag *diag)
{
    sqlite3_stmt *q;
    /* What could not be built yesterday can be today; of less is asked what is there. */
    int ret = fc_store_prepare(store,
                               "INSERT INTO point VALUES(?,?,?,?,?,?,?,NULL,NULL)"
                               " ON CONFLICT DO UPDATE SET run_id = excluded.run_id,"
                               " first = excluded.first, replications ="
                               " iif(run_id = excluded.run_id,"
                               "  max(replications, excluded.replications), excluded.replications),"
                               " code = NULL, sentence = NULL",
                               diag, &q);
    for (uint32_t p = 0; p < range->n && !ret; p++) {
        sqlite3_bind_int64(q, 1, range->design);
        fc_store_bind_text(q, 2, range->scenario);
        fc_store_bind_text(q, 3, range->policies);
        sqlite3_bind_int64(q, 4, (int64_t)range->first + p);
        sqlite3_bind_int64(q, 5, range->run);
        sqlite3_bind_int64(q, 6, (int64_t)(range->replication + (uint64_t)p * range->each));
        sqlite3_bind_int64(q, 7, range->each);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

int fc_store_add_points(fc_store *store, const fc_point_range *range, fc_diag *diag)
{
    int ret = fc_store_flush(store, diag);
    if (!ret) ret = fc_store_begin(store, diag);
    if (ret) return ret;
    ret = add_points(store, range, diag);
    return fc_store_end(store, ret, diag);
}

int fc_store_fail_point(fc_store *store, int64_t design, const char *scenario, const char *policies,
                        uint32_t point, int code, const char *sentence, fc_diag *diag)
{
    sqlite3_stmt *q = NULL;
    int ret = fc_store_begin(store, diag);
    if (ret) return ret;
    ret = fc_store_prepare(store, "INSERT OR REPLACE INTO point VALUES(?,?,?,?,NULL,0,0,?,?)", diag,
                           &q);
    if (!ret) {
        sqlite3_bind_int64(q, 1, design);
        fc_store_bind_text(q, 2, scenario);
        fc_store_bind_text(q, 3, policies);
        sqlite3_bind_int64(q, 4, point);
        sqlite3_bind_int(q, 5, code);
        fc_store_bind_text(q, 6, sentence);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return fc_store_end(store, ret, diag);
}

/* The shifts stand behind how many points there are: "1024 in 16 shifts". A list is a sample where
 * its columns are quantiles. One run can be the same points of several designs. */
int fc_store_run_blocks(fc_store *store, int64_t run, fc_diag *diag, fc_run_blocks *out)
{
    sqlite3_stmt *q;
    *out = (fc_run_blocks){1, 1};
    int ret = fc_store_prepare(
        store,
        "SELECT max(p.replications), max(p.replications * CASE WHEN d.points LIKE '% in % shifts'"
        "  THEN CAST(d.points AS INTEGER)"
        "   / CAST(substr(d.points, instr(d.points, ' in ') + 4) AS INTEGER) ELSE 1 END)"
        " FROM point p JOIN design d USING(design_id) WHERE p.run_id = ?1"
        "  AND (d.kind IN ('latin_hypercube', 'sobol', 'monte_carlo')"
        "   OR EXISTS(SELECT 1 FROM design_value v WHERE v.design_id = p.design_id"
        "    AND v.point = p.point AND v.quantile IS NOT NULL))",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code = sqlite3_step(q);
    if (code != SQLITE_ROW)
        ret = fc_store_error(store, diag);
    else if (sqlite3_column_int64(q, 0) > 0)
        *out = (fc_run_blocks){(uint32_t)sqlite3_column_int64(q, 0),
                               (uint32_t)sqlite3_column_int64(q, 1)};
    sqlite3_finalize(q);
    return ret;
}
