/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was asked of a run, and whether it may be continued. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "store/design.h"
#include "store/store_private.h"

double fc_store_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int has_process(const fc_store *store, fc_diag *diag, bool *has)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store, "SELECT count(*) FROM pragma_table_info('part') WHERE name = 'process'", diag, &q);
    if (ret) return ret;
    if (sqlite3_step(q) == SQLITE_ROW)
        *has = sqlite3_column_int(q, 0) != 0;
    else
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_complete_parts(fc_store *store, fc_diag *diag)
{
    bool has = false;
    int ret = has_process(store, diag, &has);
    if (ret || has) return ret;
    ret = fc_store_begin(store, diag);
    /* Another process may have been faster. */
    if (ret || (ret = has_process(store, diag, &has)) || has) return fc_store_end(store, ret, diag);
    return fc_store_end(
        store, fc_store_exec(store, "ALTER TABLE part ADD COLUMN process TEXT", diag), diag);
}

/* A row that somebody keeps alive: parts say every 5 s that they go on, unless their process is
 * gone. The looks of a precision follow each other at once: to them an end is none. */
#define LIVES " (?12 AND ?9 - part.seen < iif(part.ended, 1, 15)) "
#define AT_WORK LIVES "AND NOT part.ended "
static const double ALIVE_SECONDS = 15;

/* Several processes may be at the same part. `began` and `found` are always those of one process,
 * and of the one that began first as long as the row lives, so that what was stored since then, by
 * all of them, over the time since then is their rate. The one that wants more has the word as long
 * as it is at work; else what was asked last is what was asked. */
static const char upsert[] = "INSERT INTO part(run_id, shard, shards, wanted, found, start,"
                             "  replications, began, seen, ended, process)"
                             " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?11, 0, ?9), ?10, ?13)"
                             " ON CONFLICT DO UPDATE SET"
                             "  began = iif(" LIVES "AND began <= ?8, began, ?8),"
                             "  found = iif(" LIVES "AND began <= ?8, found, ?5),"
                             "  wanted = iif(" AT_WORK ", max(wanted, ?4), ?4),"
                             "  replications = iif(" AT_WORK ", max(replications, ?7), ?7),"
                             "  start = ?6, seen = excluded.seen,"
                             "  ended = ?10 AND NOT (" AT_WORK "AND wanted > ?4),"
                             "  process = iif(" AT_WORK "AND wanted >= ?4, process, ?13)";

/* Whether the process that is at the part is there. */
static int find_process(fc_store *store, const fc_run_part *part, fc_diag *diag, bool *lives)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store, "SELECT process FROM part WHERE run_id = ? AND shard = ? AND shards = ?", diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, part->run);
    sqlite3_bind_int64(q, 2, part->shard);
    sqlite3_bind_int64(q, 3, part->shards);
    int code = sqlite3_step(q);
    *lives = code == SQLITE_ROW && fc_process_lives((const char *)sqlite3_column_text(q, 0));
    if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

static int note_part(fc_store *store, const fc_run_part *part, fc_diag *diag)
{
    sqlite3_stmt *q;
    bool lives;
    char process[FC_PROCESS_NAME];
    fc_process_name(process);
    int ret = find_process(store, part, diag, &lives);
    if (!ret) ret = fc_store_prepare(store, upsert, diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, part->run);
    sqlite3_bind_int64(q, 2, part->shard);
    sqlite3_bind_int64(q, 3, part->shards);
    sqlite3_bind_int64(q, 4, part->wanted);
    sqlite3_bind_int64(q, 5, part->found);
    sqlite3_bind_int64(q, 6, part->offset);
    sqlite3_bind_int64(q, 7, part->replications);
    sqlite3_bind_double(q, 8, part->began);
    sqlite3_bind_double(q, 9, fc_store_clock());
    sqlite3_bind_int(q, 10, part->ended);
    sqlite3_bind_int(q, 11, part->stopped);
    sqlite3_bind_int(q, 12, lives);
    fc_store_bind_text(q, 13, process);
    ret = fc_store_step(store, q, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_note_part(fc_store *store, fc_run_part *part, fc_diag *diag)
{
    int ret = fc_store_begin(store, diag);
    if (ret) return ret;
    if (part->began <= 0) part->began = fc_store_clock();
    return fc_store_end(store, note_part(store, part, diag), diag);
}

/* What each part has by now is counted once for all parts of a split. %s: process, or NULL. */
static const char all_parts[] =
    "WITH split AS (SELECT DISTINCT start, shards, replications FROM part WHERE run_id = ?1),"
    " has AS MATERIALIZED (SELECT start, shards, replications,"
    "   (start + r.replication) %% shards + 1 AS shard, count(*) AS stored"
    "  FROM split s JOIN replication r ON r.run_id = ?1 AND r.replication < s.replications"
    "  GROUP BY 1, 2, 3, 4)"
    "SELECT shard, shards, wanted, found, start, replications, began, seen, ended,"
    " ifnull(stored, 0), count(*) OVER (), %s FROM part"
    " LEFT JOIN has USING(start, shards, replications, shard)"
    " WHERE run_id = ?1 ORDER BY shards, shard LIMIT 10000";

static fc_run_part read_part(sqlite3_stmt *q, int64_t run, double now)
{
    fc_run_part out = {.run = run,
                       .shard = (uint32_t)sqlite3_column_int64(q, 0),
                       .shards = (uint32_t)sqlite3_column_int64(q, 1),
                       .wanted = (uint32_t)sqlite3_column_int64(q, 2),
                       .found = (uint32_t)sqlite3_column_int64(q, 3),
                       .offset = (uint32_t)sqlite3_column_int64(q, 4),
                       .replications = (uint32_t)sqlite3_column_int64(q, 5),
                       .began = sqlite3_column_double(q, 6),
                       .seen = sqlite3_column_double(q, 7),
                       .ended = sqlite3_column_int(q, 8) != 0,
                       .stored = (uint32_t)sqlite3_column_int64(q, 9),
                       .rate = NAN,
                       .seconds_left = NAN};
    out.stopped = !out.ended && out.seen <= 0;
    out.running = !out.ended && now - out.seen <= ALIVE_SECONDS &&
                  fc_process_lives((const char *)sqlite3_column_text(q, 11));
    if (!out.running || out.stored <= out.found) return out;
    /* The second: what was stored has waited for its batch. */
    out.rate = (out.stored - out.found) / (fmax(now - out.began, 0) + 1);
    out.seconds_left = (out.wanted > out.stored ? out.wanted - out.stored : 0) / out.rate;
    return out;
}

static int prepare_parts(fc_store *store, const char *process, fc_diag *diag, sqlite3_stmt **out)
{
    char query[sizeof all_parts + 8];
    snprintf(query, sizeof query, all_parts, process);
    return fc_store_prepare(store, query, diag, out);
}

int fc_store_parts(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_run_part **out,
                   size_t *n)
{
    enum { MOST = 10000 };
    sqlite3_stmt *q;
    double now = fc_store_clock();
    *n = 0;
    int ret = prepare_parts(store, "process", NULL, &q);
    if (ret) ret = prepare_parts(store, "NULL", diag, &q); /* a file that has no such column yet */
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code;
    *out = fc_arena_array(arena, 1, sizeof **out);
    while ((code = sqlite3_step(q)) == SQLITE_ROW && *n < MOST) {
        size_t rows = (size_t)sqlite3_column_int64(q, 10);
        if (*n == 0) *out = fc_arena_array(arena, rows < MOST ? rows : MOST, sizeof **out);
        if (!*out) break;
        (*out)[(*n)++] = read_part(q, run, now);
    }
    if (!*out)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE && code != SQLITE_ROW)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* ---- going on ----------------------------------------------------------------------------------
 */

void fc_store_mix_libm(fc_store *store)
{
    store->mixes_libm = true;
}

/* An earlier run of the same name, with other marks. */
typedef struct earlier {
    int64_t run; /* -1: none */
    bool same;   /* there is the very run that is asked for, and `run` is -1 */
    bool finished;
    fc_text difference; /* of seed and version */
    bool other_hash;
} earlier;

static void add_mark(fc_text *out, const char *name, const char *was, const char *is)
{
    if (was && strcmp(was, is) != 0)
        fc_text_printf(out, "%s%s: %s -> %s", out->length ? "; " : "", name, was, is);
}

static int find_earlier(fc_store *store, const fc_scenario *scenario, fc_diag *diag, earlier *out)
{
    sqlite3_stmt *q;
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)scenario->plan->seed);
    /* The same run is no question; else the last of this name, an unfinished one before others. */
    int ret = fc_store_prepare(
        store,
        "SELECT run_id, hash, seed, version,"
        " NOT EXISTS (SELECT 1 FROM part WHERE part.run_id = run.run_id AND NOT ended) AS finished,"
        " hash = ?2 AND seed = ?3 AND version = ?4 AS same"
        " FROM run WHERE name = ?1 OR same ORDER BY same DESC, finished, run_id DESC LIMIT 1",
        diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, scenario->name);
    fc_store_bind_text(q, 2, scenario->hash);
    fc_store_bind_text(q, 3, seed);
    fc_store_bind_text(q, 4, FC_VERSION);
    out->run = -1;
    int code = sqlite3_step(q);
    out->same = code == SQLITE_ROW && sqlite3_column_int(q, 5) != 0;
    if (out->same) {
        /* nothing to ask */
    } else if (code == SQLITE_ROW) {
        out->run = sqlite3_column_int64(q, 0);
        out->finished = sqlite3_column_int(q, 4) != 0;
        out->other_hash = strcmp((const char *)sqlite3_column_text(q, 1), scenario->hash) != 0;
        add_mark(&out->difference, "seed", (const char *)sqlite3_column_text(q, 2), seed);
        add_mark(&out->difference, "version", (const char *)sqlite3_column_text(q, 3), FC_VERSION);
    } else if (code != SQLITE_DONE) {
        ret = fc_store_error(store, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

/* "fleets.korea.budgets.b.amount: 1 tn KRW -> 2 tn KRW; and 3 more". */
static int add_inputs(fc_store *store, fc_scenario *scenario, int64_t run, fc_diag *diag,
                      fc_text *out)
{
    enum { SHOWN = 3 };
    const fc_input *now;
    size_t n, k = 0, differ = 0;
    sqlite3_stmt *q;
    int ret = fc_scenario_inputs(scenario, &now, &n);
    if (!ret)
        ret = fc_store_prepare(store, "SELECT value FROM input WHERE run_id = ? AND path = ?", diag,
                               &q);
    if (ret) return ret;
    for (size_t i = 0; i < n && !ret; i++) {
        sqlite3_bind_int64(q, 1, run);
        fc_store_bind_text(q, 2, now[i].path);
        int code = sqlite3_step(q);
        const char *was = code == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : NULL;
        if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
        k += was != NULL;
        if ((!was || strcmp(was, now[i].value) != 0) && ++differ <= SHOWN)
            fc_text_printf(out, "%s%s: %.100s -> %.100s", out->length ? "; " : "", now[i].path,
                           was ? was : "-", now[i].value);
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    if (ret) return ret;
    if ((ret = fc_store_prepare(store, "SELECT count(*) FROM input WHERE run_id = ?", diag, &q)))
        return ret;
    sqlite3_bind_int64(q, 1, run);
    if (sqlite3_step(q) == SQLITE_ROW) differ += (size_t)sqlite3_column_int64(q, 0) - k;
    sqlite3_finalize(q);
    if (differ > SHOWN) fc_text_printf(out, "; ... (%zu)", differ);
    if (!out->length) fc_text_add(out, "order of names, or points of the experiment");
    return FC_OK;
}

int fc_store_changes(fc_store *store, fc_scenario *scenario, fc_diag *diag, bool *there,
                     fc_text *out)
{
    earlier before = {.difference = FC_TEXT_EMPTY};
    int ret = find_earlier(store, scenario, diag, &before);
    if (!ret && before.run >= 0 && before.other_hash)
        ret = add_inputs(store, scenario, before.run, diag, &before.difference);
    if (!ret && before.difference.length) fc_text_add(out, before.difference.data);
    *there = before.same;
    fc_text_free(&before.difference);
    return ret;
}

int fc_store_check_resume(fc_store *store, fc_scenario *scenario, fc_diag *diag)
{
    earlier before = {.difference = FC_TEXT_EMPTY};
    int ret = find_earlier(store, scenario, diag, &before);
    bool matters = !ret && before.run >= 0 && (!before.finished || before.other_hash);
    if (matters && before.other_hash)
        ret = add_inputs(store, scenario, before.run, diag, &before.difference);
    const char *what = before.difference.data ? before.difference.data : "";
    if (matters && !ret && !before.finished)
        ret = fc_fail(diag, FC_E_RUN_CHANGED, NULL, scenario->name, store->path, what, NULL);
    else if (matters && !ret)
        fc_warn(diag, FC_W_RUN_CHANGED, NULL, scenario->name, store->path, what, NULL);
    fc_text_free(&before.difference);
    return ret;
}

/* ---- one replication again ---------------------------------------------------------------------
 */

int fc_store_first_failure(fc_store *store, int64_t run, fc_diag *diag, int64_t *replication)
{
    sqlite3_stmt *q;
    *replication = -1;
    int ret = fc_store_prepare(
        store, "SELECT replication FROM failure WHERE run_id = ? ORDER BY 1 LIMIT 1", diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW)
        *replication = sqlite3_column_int64(q, 0);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_each(fc_store *store, const char *experiment, const char *run, fc_diag *diag,
                  uint32_t *each, uint32_t *n)
{
    sqlite3_stmt *q;
    *each = *n = 0;
    int ret = fc_store_prepare(
        store,
        "SELECT max(p.replications), count(DISTINCT p.replications) FROM point p"
        " JOIN design USING(design_id) JOIN run USING(run_id) WHERE design.name = ?1"
        " AND (?2 IS NULL OR run.name = ?2) AND EXISTS (SELECT 1 FROM design_value v"
        "  WHERE v.design_id = design.design_id AND v.quantile IS NOT NULL)",
        diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, experiment);
    fc_store_bind_text(q, 2, run);
    if (sqlite3_step(q) == SQLITE_ROW) {
        *each = (uint32_t)sqlite3_column_int64(q, 0);
        *n = (uint32_t)sqlite3_column_int64(q, 1);
    } else {
        ret = fc_store_error(store, diag);
    }
    sqlite3_finalize(q);
    return ret;
}
