/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The draws of a run, a few at a time: of many replications not all of them are to be in memory. */
#include <math.h>
#include "store/store_private.h"

enum { VALUES = 1 << 18 }; /* at a time, where there is more than one draw: 2 MB */

typedef struct reader {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    int64_t run;
    size_t n; /* draws that a replication has */
    int64_t *id;
    const char **path;
    size_t n_replications;
    uint32_t *replication;
    double *value; /* of the draws that are read at a time, each n_replications */
} reader;

static int nomem(const reader *r)
{
    return fc_fail(r->diag, FC_E_NOMEM, NULL, NULL);
}

static int damaged(const reader *r)
{
    return fc_fail(r->diag, FC_E_DB_DAMAGED, NULL, r->store->path,
                   FC_BOTH("rows of a replication are missing", "일부 행이 없음"), NULL);
}

/* A replication has all of its draws or none: those of the first one, by id. */
static int list_draws(reader *r)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        r->store,
        "SELECT path_id, path, count(*) OVER () FROM path WHERE path_id IN"
        " (SELECT path_id FROM draw WHERE run_id = ?1 AND replication ="
        "  (SELECT min(replication) FROM replication WHERE run_id = ?1)) ORDER BY path_id",
        r->diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, r->run);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        size_t all = (size_t)sqlite3_column_int64(q, 2);
        if (!r->id) r->id = fc_arena_array(r->arena, all, sizeof *r->id);
        if (!r->path) r->path = fc_arena_array(r->arena, all, sizeof *r->path);
        if (!r->id || !r->path) break;
        r->id[r->n] = sqlite3_column_int64(q, 0);
        r->path[r->n] = fc_arena_strdup(r->arena, (const char *)sqlite3_column_text(q, 1));
        if (!r->path[r->n++]) break;
    }
    if (code == SQLITE_ROW)
        ret = nomem(r);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(r->store, r->diag);
    sqlite3_finalize(q);
    return ret;
}

static int list_replications(reader *r)
{
    sqlite3_stmt *q;
    size_t room = 0;
    int ret = fc_store_prepare(r->store,
                               "SELECT replication, (SELECT count(*) FROM replication WHERE run_id"
                               " = ?1) FROM replication WHERE run_id = ?1 ORDER BY replication",
                               r->diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, r->run);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        if (!room) {
            room = (size_t)sqlite3_column_int64(q, 1);
            r->replication = fc_arena_array(r->arena, room, sizeof *r->replication);
        }
        if (!r->replication || r->n_replications == room) break;
        r->replication[r->n_replications++] = (uint32_t)sqlite3_column_int64(q, 0);
    }
    if (code == SQLITE_ROW)
        ret = nomem(r);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(r->store, r->diag);
    sqlite3_finalize(q);
    return ret;
}

/* Draws [from, from + n), whose rows come by replication and id, without a gap. */
static int read_some(reader *r, size_t from, size_t n)
{
    sqlite3_stmt *q;
    size_t rows = 0;
    bool whole = true;
    int ret = fc_store_prepare(r->store,
                               "SELECT d.replication, d.path_id, d.value FROM replication r"
                               " CROSS JOIN draw d ON d.run_id = r.run_id AND d.replication ="
                               "  r.replication AND d.path_id BETWEEN ?2 AND ?3"
                               " WHERE r.run_id = ?1 ORDER BY r.replication, d.path_id",
                               r->diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, r->run);
    sqlite3_bind_int64(q, 2, r->id[from]);
    sqlite3_bind_int64(q, 3, r->id[from + n - 1]);
    int code = SQLITE_DONE;
    while (whole && (code = sqlite3_step(q)) == SQLITE_ROW) {
        size_t k = rows % n, i = rows / n;
        whole = i < r->n_replications && r->replication[i] == sqlite3_column_int64(q, 0) &&
                r->id[from + k] == sqlite3_column_int64(q, 1);
        bool null = sqlite3_column_type(q, 2) == SQLITE_NULL;
        if (whole) r->value[k * r->n_replications + i] = null ? NAN : sqlite3_column_double(q, 2);
        rows++;
    }
    if (!whole || (code == SQLITE_DONE && rows != n * r->n_replications))
        ret = damaged(r);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(r->store, r->diag);
    sqlite3_finalize(q);
    return ret;
}

static int read_all(reader *r, fc_take_draw *take, void *self)
{
    int ret = list_draws(r);
    if (!ret && r->n > 0) ret = list_replications(r);
    if (ret || r->n == 0 || r->n_replications == 0) return ret;
    size_t most = VALUES / r->n_replications;
    if (most < 1) most = 1;
    if (most > r->n) most = r->n;
    r->value = fc_arena_array(r->arena, most * r->n_replications, sizeof *r->value);
    if (!r->value) return nomem(r);
    for (size_t from = 0; from < r->n && !ret; from += most) {
        size_t n = r->n - from < most ? r->n - from : most;
        ret = read_some(r, from, n);
        for (size_t k = 0; k < n && !ret; k++) {
            const double *value = r->value + k * r->n_replications;
            fc_draw_sample draw = {r->path[from + k], {r->n_replications, r->replication, value}};
            ret = take(self, &draw, r->diag);
        }
    }
    return ret;
}

int fc_store_each_draw(fc_store *store, int64_t run, fc_diag *diag, fc_take_draw *take, void *self)
{
    reader r = {.store = store, .arena = fc_arena_create(), .diag = diag, .run = run};
    int ret = r.arena ? read_all(&r, take, self) : nomem(&r);
    fc_arena_free(r.arena);
    return ret;
}
