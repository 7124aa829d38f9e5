/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks of runs that are to be as precise as asked for. */
#include <string.h>
#include "store/design.h"
#include "store/store_private.h"

const char fc_schema_looks[] =
    "CREATE TABLE IF NOT EXISTS look(" /* of a run the last one over the most replications */
    " run_id INTEGER NOT NULL REFERENCES run, precision TEXT NOT NULL, number INTEGER NOT NULL,"
    " n INTEGER NOT NULL, level REAL NOT NULL, reached INTEGER NOT NULL,"
    " PRIMARY KEY(run_id)) STRICT, WITHOUT ROWID;";

int fc_store_complete_looks(fc_store *store, fc_diag *diag)
{
    bool has;
    int ret = fc_store_has(store, "look", diag, &has);
    if (ret || has) return ret;
    ret = fc_store_begin(store, diag);
    return ret ? ret : fc_store_end(store, fc_store_exec(store, fc_schema_looks, diag), diag);
}

static int note_look(fc_store *store, int64_t run, const fc_look *look, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store,
        "INSERT INTO look VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET precision ="
        " excluded.precision, number = excluded.number, n = excluded.n, level = excluded.level,"
        " reached = excluded.reached WHERE excluded.n >= n",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    fc_store_bind_text(q, 2, look->precision);
    sqlite3_bind_int64(q, 3, look->number);
    sqlite3_bind_int64(q, 4, look->n);
    sqlite3_bind_double(q, 5, look->level);
    sqlite3_bind_int(q, 6, look->reached);
    ret = fc_store_step(store, q, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_note_look(fc_store *store, int64_t run, const fc_look *look, fc_diag *diag)
{
    int ret = fc_store_begin(store, diag);
    if (ret) return ret;
    return fc_store_end(store, note_look(store, run, look, diag), diag);
}

int fc_store_find_look(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_look *out)
{
    bool has;
    sqlite3_stmt *q;
    *out = (fc_look){.precision = "", .level = 0.95};
    int ret = fc_store_has(store, "look", diag, &has);
    if (!ret && has)
        ret = fc_store_prepare(
            store, "SELECT precision, number, n, level, reached FROM look WHERE run_id = ?", diag,
            &q);
    if (ret || !has) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW) {
        *out =
            (fc_look){.precision = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 0)),
                      .number = (uint32_t)sqlite3_column_int64(q, 1),
                      .n = (uint32_t)sqlite3_column_int64(q, 2),
                      .level = sqlite3_column_double(q, 3),
                      .reached = sqlite3_column_int(q, 4) != 0};
        if (!out->precision) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    } else if (code != SQLITE_DONE) {
        ret = fc_store_error(store, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

/* Replications that were added since, a number fixed beforehand, owe nothing to the looks. */
int fc_store_level(fc_store *store, int64_t run, fc_diag *diag, double *level)
{
    bool has;
    sqlite3_stmt *q;
    *level = 0.95;
    int ret = fc_store_has(store, "look", diag, &has);
    if (!ret && has)
        ret = fc_store_prepare(store,
                               "SELECT level FROM look WHERE run_id = ?1 AND n >="
                               " (SELECT count(*) FROM replication r WHERE r.run_id = ?1)",
                               diag, &q);
    if (ret || !has) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW)
        *level = sqlite3_column_double(q, 0);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}
