/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far runs and experiments are. */
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include "store/points.h"
#include "store/store_private.h"

/* Parts say every 5 s that they go on; between two runs of a sweep nobody does. */
static const double SILENT_SECONDS = 15;

/* ---- runs --------------------------------------------------------------------------------------
 */

static int count_replications(fc_store *store, int64_t run, fc_diag *diag, fc_run_state *out)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT (SELECT count(*) FROM replication WHERE run_id = ?1),"
                               " (SELECT count(*) FROM failure WHERE run_id = ?1)",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    if (sqlite3_step(q) == SQLITE_ROW) {
        out->stored = (uint64_t)sqlite3_column_int64(q, 0);
        out->failed = (uint64_t)sqlite3_column_int64(q, 1);
    } else {
        ret = fc_store_error(store, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

/* The parts of one split add up; those of several overlap. */
static void add_parts(const fc_run_part *parts, size_t n, fc_run_state *out)
{
    uint64_t wanted = 0;
    double rate = 0;
    out->begun = out->ended = n > 0;
    for (size_t i = 0; i < n; i++) {
        bool first = i == 0 || parts[i].shards != parts[i - 1].shards;
        wanted = (first ? 0 : wanted) + parts[i].wanted;
        rate = (first ? 0 : rate) + (isnan(parts[i].rate) ? 0 : parts[i].rate);
        if (wanted > out->wanted) out->wanted = wanted;
        if (rate > 0 && !(out->rate > rate)) out->rate = rate;
        out->ended &= parts[i].ended;
        out->running |= parts[i].running;
    }
}

int fc_store_run_state(fc_store *store, int64_t run, fc_diag *diag, fc_run_state *out)
{
    fc_run_part *parts = NULL;
    size_t n = 0;
    *out = (fc_run_state){.rate = NAN, .seconds_left = NAN};
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_parts(store, arena, run, diag, &parts, &n)
                    : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret) ret = count_replications(store, run, diag, out);
    if (!ret) add_parts(parts, n, out);
    uint64_t over = out->stored + out->failed;
    if (!isnan(out->rate))
        out->seconds_left = (double)(out->wanted > over ? out->wanted - over : 0) / out->rate;
    /* Killed after the last replication, or stored by another process meanwhile. */
    if (n > 0 && !out->running && over >= out->wanted) out->ended = true;
    fc_arena_free(arena);
    return ret;
}

/* ---- experiments -------------------------------------------------------------------------------
 */

/* The shards of one split that the file has. */
typedef struct split {
    uint32_t shards;
    bool *has; /* of each, from shard 1 on */
} split;

typedef struct walker {
    fc_store *store;
    fc_arena *arena;
    const split *splits;
    size_t n_splits;
    sqlite3_stmt *count; /* of replications of a point: stored, failed, and whether looked at */
    fc_experiment_info *info;
    uint64_t left; /* replications that are to come */
} walker;

/* How many of n replications, the first of which has that number in the experiment, are asked for
 * by the shards that the file has: all of them where nobody has begun. */
static uint64_t count_asked(const walker *w, uint64_t number, uint32_t n)
{
    uint64_t asked = 0;
    if (w->n_splits == 0 || (w->splits[0].shards == 1)) return n;
    for (uint32_t r = 0; r < n; r++) {
        bool has = false;
        for (size_t i = 0; i < w->n_splits && !has; i++)
            has = w->splits[i].has[(number + r) % w->splits[i].shards];
        asked += has;
    }
    return asked;
}

static int count_point(walker *w, const fc_point_row *row, uint32_t n, fc_diag *diag,
                       uint64_t *stored, uint64_t *failed)
{
    sqlite3_stmt *q = w->count;
    sqlite3_bind_int64(q, 1, row->run);
    sqlite3_bind_int64(q, 2, row->first);
    sqlite3_bind_int64(q, 3, (int64_t)row->first + n);
    int code = sqlite3_step(q);
    *stored = code == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    *failed = code == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 1) : 0;
    int ret = code == SQLITE_ROW ? FC_OK : fc_store_error(w->store, diag);
    sqlite3_reset(q);
    return ret;
}

/* Whether a precision has ended the run of this point. */
static int is_looked_at(walker *w, const fc_point_row *row, fc_diag *diag, bool *is)
{
    fc_look look = {0};
    int ret = row->run < 0 ? FC_OK : fc_store_find_look(w->store, w->arena, row->run, diag, &look);
    *is = look.n > 0 && row->replications > 0;
    w->info->at_most |= look.n > 0;
    return ret;
}

static int add_point(void *self, const fc_point_row *row, fc_diag *diag)
{
    walker *w = self;
    fc_experiment_info *info = w->info;
    fc_run_state *state = &info->state;
    uint32_t n = row->replications > row->each ? row->replications : row->each;
    uint64_t stored = 0, failed = 0;
    bool looked = false;
    int ret = is_looked_at(w, row, diag, &looked);
    if (looked) n = row->replications;
    uint64_t asked = count_asked(w, row->number, n);
    if (ret || asked == 0) return ret;
    info->asked++;
    if (row->begun && row->run < 0) {
        info->unbuilt++;
        return FC_OK;
    }
    if (row->begun && (ret = count_point(w, row, n, diag, &stored, &failed))) return ret;
    uint64_t over = stored + failed;
    info->done += over >= asked;
    w->left += over < asked ? asked - over : 0;
    state->wanted += asked;
    state->stored += stored;
    state->failed += failed;
    return FC_OK;
}

/* By the number of shards, the coarsest split first. */
static int read_splits(walker *w, int64_t design, fc_diag *diag)
{
    sqlite3_stmt *q;
    split *splits = NULL;
    int code, ret = fc_store_prepare(
                  w->store,
                  "SELECT DISTINCT shards, shard, (SELECT count(DISTINCT shards) FROM part)"
                  " FROM part WHERE run_id IN (SELECT run_id FROM point WHERE design_id = ?)"
                  " ORDER BY shards",
                  diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    w->n_splits = 0;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !ret) {
        uint32_t shards = (uint32_t)sqlite3_column_int64(q, 0);
        uint32_t shard = (uint32_t)sqlite3_column_int64(q, 1);
        size_t all = (size_t)sqlite3_column_int64(q, 2);
        if (shards < 1 || shard < 1 || shard > shards) continue;
        if (!splits) splits = fc_arena_array(w->arena, all, sizeof *splits);
        if (splits && (w->n_splits == 0 || splits[w->n_splits - 1].shards != shards)) {
            bool *has = fc_arena_array(w->arena, shards, sizeof *has);
            for (uint32_t k = 0; has && k < shards; k++) has[k] = false;
            splits[w->n_splits++] = (split){shards, has};
        }
        if (!splits || !splits[w->n_splits - 1].has)
            ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        else
            splits[w->n_splits - 1].has[shard - 1] = true;
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(w->store, diag);
    sqlite3_finalize(q);
    w->splits = splits;
    return ret;
}

static int walk_points(walker *w, int64_t design, fc_diag *diag)
{
    int ret = fc_store_prepare(w->store,
                               "SELECT (SELECT count(*) FROM replication WHERE run_id = ?1"
                               "  AND replication >= ?2 AND replication < ?3),"
                               " (SELECT count(*) FROM failure WHERE run_id = ?1"
                               "  AND replication >= ?2 AND replication < ?3)",
                               diag, &w->count);
    if (ret) return ret;
    ret = fc_store_each_point(w->store, design, diag, add_point, w);
    sqlite3_finalize(w->count);
    return ret;
}

/* ---- rate ------------------------------------------------------------------------------------ */

/* Since when the runs of an experiment have followed each other without a break, the last ones
 * first, and what was simulated meanwhile. */
typedef struct session {
    double began, seen, simulated;
    bool any, stopped;
} session;

/* A run that has ended has simulated what it wanted and did not find. */
static int add_run(fc_store *store, fc_arena *arena, sqlite3_stmt *row, fc_diag *diag, session *s)
{
    double began = sqlite3_column_double(row, 4), seen = sqlite3_column_double(row, 5);
    double end = fmax(began, seen);
    bool ended = sqlite3_column_int(row, 6) != 0;
    if (s->any && end < s->began - SILENT_SECONDS) return FC_OK;
    if (!s->any) *s = (session){.began = began, .any = true, .stopped = !ended && seen <= 0};
    s->began = fmin(s->began, began);
    s->seen = fmax(s->seen, end);
    if (ended) {
        s->simulated += fmax(sqlite3_column_double(row, 2) - sqlite3_column_double(row, 3), 0);
        return FC_OK;
    }
    fc_run_part *parts;
    size_t n = 0;
    int ret = fc_store_parts(store, arena, sqlite3_column_int64(row, 0), diag, &parts, &n);
    for (size_t i = 0; i < n && !ret; i++)
        if (parts[i].shard == (uint32_t)sqlite3_column_int64(row, 1) &&
            parts[i].shards == (uint32_t)sqlite3_column_int64(row, 7) &&
            parts[i].stored > parts[i].found)
            s->simulated += parts[i].stored - parts[i].found;
    return ret;
}

static int find_rate(walker *w, int64_t design, fc_diag *diag)
{
    sqlite3_stmt *q;
    session s = {0};
    fc_run_state *out = &w->info->state;
    int ret = fc_store_prepare(
        w->store,
        "SELECT run_id, shard, wanted, found, began, seen, ended, shards FROM part"
        " WHERE run_id IN (SELECT run_id FROM point WHERE design_id = ?) ORDER BY began DESC",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    int code = SQLITE_DONE;
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW)
        ret = add_run(w->store, w->arena, q, diag, &s);
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(w->store, diag);
    sqlite3_finalize(q);
    double now = fc_store_clock();
    out->begun = s.any;
    out->ended = w->info->asked > 0 && w->left == 0;
    out->running = s.any && !s.stopped && !out->ended && now - s.seen <= SILENT_SECONDS;
    if (ret || !out->running || !(s.simulated > 0)) return ret;
    out->rate = s.simulated / (fmax(now - s.began, 0) + 1);
    out->seconds_left = (double)w->left / out->rate;
    return FC_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static int look_at(fc_store *store, fc_experiment_info *info, fc_diag *diag)
{
    walker w = {.store = store, .arena = fc_arena_create(), .info = info};
    info->state = (fc_run_state){.rate = NAN, .seconds_left = NAN};
    int ret = w.arena ? read_splits(&w, info->id, diag) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret) ret = walk_points(&w, info->id, diag);
    if (!ret) ret = find_rate(&w, info->id, diag);
    fc_arena_free(w.arena);
    return ret;
}

static bool read_info(fc_arena *arena, sqlite3_stmt *q, fc_experiment_info *out)
{
    const char *texts[9];
    for (int i = 0; i < 9; i++)
        if (!(texts[i] = fc_arena_strdup(arena, (const char *)sqlite3_column_text(q, 1 + i))))
            return false;
    *out = (fc_experiment_info){.id = sqlite3_column_int64(q, 0),
                                .name = texts[0],
                                .title_en = texts[1],
                                .title_ko = texts[2],
                                .file = texts[3],
                                .kind = texts[4],
                                .scenarios = texts[5],
                                .policies = texts[6],
                                .factors = texts[7],
                                .replications = texts[8],
                                .points = (uint32_t)sqlite3_column_int64(q, 10)};
    return true;
}

int fc_store_experiments(fc_store *store, fc_arena *arena, fc_diag *diag, fc_experiment_info **out,
                         size_t *n)
{
    sqlite3_stmt *q;
    *n = 0;
    *out = NULL;
    int ret = fc_store_prepare(store,
                               "SELECT design_id, name, title_en, title_ko, file, kind, scenarios,"
                               " policies, factors, replications, CAST(points AS INTEGER),"
                               " count(*) OVER () FROM design ORDER BY design_id",
                               diag, &q);
    if (ret) return ret;
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        size_t all = (size_t)sqlite3_column_int64(q, 11);
        if (!*out && !(*out = fc_arena_array(arena, all, sizeof **out))) break;
        if (!read_info(arena, q, &(*out)[(*n)++])) break;
    }
    if (code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    for (size_t i = 0; i < *n && !ret; i++) ret = look_at(store, &(*out)[i], diag);
    return ret;
}
