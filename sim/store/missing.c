/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lacks, beside fc_store_merge (fleetcast/results.h): how a merge of shards knows whether it
 * has them all. */
#include <stdlib.h>
#include "base/text.h"
#include "store/points.h"
#include "store/store_private.h"

/* How many each shard lacks, in words. */
static int name_shards(fc_arena *arena, const uint32_t *lacks, uint32_t shards, const char **out)
{
    fc_text text = FC_TEXT_EMPTY;
    for (uint32_t k = 0; k < shards && shards > 1; k++)
        if (lacks[k])
            fc_text_printf(&text, "%s%u/%u (%u)", text.length ? ", " : "", k + 1, shards, lacks[k]);
    *out = fc_text_failed(&text) ? NULL : fc_arena_strdup(arena, text.data ? text.data : "");
    fc_text_free(&text);
    return *out ? FC_OK : FC_E_NOMEM;
}

/* ---- replications of a run --------------------------------------------------------------------
 */

/* The part that asked for most, of those the finest split. Shards that were asked for different
 * numbers of replications are to be as long as the longest. */
static fc_run_part longest(const fc_run_part *parts, size_t n)
{
    fc_run_part out = {.shards = 1};
    for (size_t i = 0; i < n; i++)
        if (parts[i].replications >= out.replications) out = parts[i];
    return out;
}

/* Those that failed, and are not stored since, among the first n. */
static int take_failed(fc_store *store, int64_t run, uint32_t n, bool *there, fc_diag *diag,
                       uint32_t *failed)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store, "SELECT replication FROM failure WHERE run_id = ? AND replication < ?", diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_int64(q, 2, n);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        bool *one = &there[sqlite3_column_int64(q, 0)];
        *failed += !*one;
        *one = true;
    }
    if (code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

static int look_at_run(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                       fc_missing *out)
{
    fc_run_part *parts = NULL;
    size_t n = 0;
    int ret = fc_store_parts(store, arena, run, diag, &parts, &n);
    if (ret) return ret;
    const fc_run_part part = longest(parts, n);
    bool *there = calloc((size_t)part.replications + 1, sizeof *there);
    uint32_t *lacks = calloc((size_t)part.shards + 1, sizeof *lacks);
    if (!there || !lacks) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret) ret = fc_store_done(store, run, part.replications, there, diag);
    if (!ret) ret = take_failed(store, run, part.replications, there, diag, &out->failed);
    for (uint32_t r = 0; r < part.replications && !ret; r++)
        if (!there[r]) {
            lacks[(part.offset + (uint64_t)r) % part.shards]++;
            out->missing++;
        }
    if (!ret && name_shards(arena, lacks, part.shards, &out->shards))
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    free(there);
    free(lacks);
    return ret;
}

int fc_store_missing_replications(fc_store *store, fc_arena *arena, fc_diag *diag, fc_missing **out,
                                  size_t *n)
{
    fc_run_info *runs = NULL;
    int ret = fc_store_runs(store, arena, diag, &runs, n);
    if (ret) return ret;
    *out = fc_arena_array(arena, *n + 1, sizeof **out);
    if (!*out) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; i < *n && !ret; i++) {
        (*out)[i] = (fc_missing){.name = runs[i].name};
        ret = look_at_run(store, arena, runs[i].id, diag, &(*out)[i]);
    }
    return ret;
}

/* ---- points of an experiment ------------------------------------------------------------------
 */

/* A number that a query about a design gives. */
static int number_of(fc_store *store, const char *sql, int64_t design, fc_diag *diag, uint32_t *out)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, sql, diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    if (sqlite3_step(q) == SQLITE_ROW)
        *out = (uint32_t)sqlite3_column_int64(q, 0);
    else
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* Counts the points that nobody has begun, for each shard that has any of their replications. */
typedef struct counter {
    uint32_t shards, *lacks;
    fc_missing *out;
} counter;

static int count_point(void *self, const fc_point_row *row, fc_diag *diag)
{
    counter *c = self;
    (void)diag;
    if (row->begun) return FC_OK;
    for (uint32_t r = 0; r < row->each && r < c->shards; r++)
        c->lacks[(row->number + r) % c->shards]++;
    c->out->missing++;
    return FC_OK;
}

static int look_at_design(fc_store *store, fc_arena *arena, int64_t design, fc_diag *diag,
                          fc_missing *out)
{
    uint32_t shards = 1;
    int ret = number_of(store,
                        "SELECT ifnull(max(shards), 1) FROM part JOIN point USING(run_id)"
                        " WHERE design_id = ?",
                        design, diag, &shards);
    if (!ret)
        ret = number_of(store, "SELECT count(*) FROM point WHERE design_id = ? AND run_id IS NULL",
                        design, diag, &out->failed);
    uint32_t *lacks = calloc((size_t)shards + 1, sizeof *lacks);
    if (!ret && !lacks) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    counter counts = {shards, lacks, out};
    if (!ret) ret = fc_store_each_point(store, design, diag, count_point, &counts);
    if (!ret && name_shards(arena, lacks, shards, &out->shards))
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    free(lacks);
    return ret;
}

int fc_store_missing_points(fc_store *store, fc_arena *arena, fc_diag *diag, fc_missing **out,
                            size_t *n)
{
    uint32_t designs = 0;
    sqlite3_stmt *q;
    *n = 0;
    int ret =
        number_of(store, "SELECT count(*) FROM design WHERE design_id <> ?", -1, diag, &designs);
    if (ret) return ret;
    *out = fc_arena_array(arena, (size_t)designs + 1, sizeof **out);
    if (!*out) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if ((ret = fc_store_prepare(store, "SELECT design_id, name FROM design ORDER BY design_id",
                                diag, &q)))
        return ret;
    int code = SQLITE_DONE;
    while (!ret && *n < designs && (code = sqlite3_step(q)) == SQLITE_ROW) {
        fc_missing *one = &(*out)[(*n)++];
        *one =
            (fc_missing){.name = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 1))};
        ret = one->name ? look_at_design(store, arena, sqlite3_column_int64(q, 0), diag, one)
                        : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    if (!ret && code != SQLITE_DONE && code != SQLITE_ROW) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}
