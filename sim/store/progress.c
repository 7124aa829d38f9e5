/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far runs and experiments are. */
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include "store/points.h"
#include "store/store_private.h"

/* Runs of an experiment that follow each other after no longer than this are one work. */
static const double SILENT_SECONDS = 15;
/* Between two of them no part is at work, for as long as it takes to begin one. */
static const double BETWEEN_SECONDS = 2;

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
    uint32_t *first; /* of each, from shard 1 on: it is asked for those of the first so many
                        replications of a run that are its own, 0 where the file does not have it */
} split;

typedef struct walker {
    fc_store *store;
    fc_arena *arena;
    const split *splits;
    size_t n_splits;
    sqlite3_stmt *count; /* of replications of a point: stored, failed */
    sqlite3_stmt *look;  /* the replications of a run at its last look; NULL: there are no looks */
    fc_experiment_info *info;
    uint64_t left; /* replications that are to come */
} walker;

/* How many of n replications of a point are asked for by the shards that the file has: all of them
 * where nobody has begun. */
static uint64_t count_asked(const walker *w, const fc_point_row *row, uint32_t n)
{
    if (w->n_splits == 0) return n;
    const split *whole = w->splits[0].shards == 1 ? &w->splits[0] : NULL;
    uint32_t first = whole && whole->first[0] > row->first ? whole->first[0] - row->first : 0;
    uint64_t asked = first < n ? first : n;
    for (uint32_t r = first; r < n; r++) {
        bool has = false;
        for (size_t i = 0; i < w->n_splits && !has; i++) {
            const split *one = &w->splits[i];
            has = (uint64_t)row->first + r < one->first[(row->number + r) % one->shards];
        }
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
    *is = false;
    if (!w->look || row->run < 0) return FC_OK;
    sqlite3_bind_int64(w->look, 1, row->run);
    int code = sqlite3_step(w->look);
    bool any = code == SQLITE_ROW && sqlite3_column_int64(w->look, 0) > 0;
    int ret = code == SQLITE_ROW || code == SQLITE_DONE ? FC_OK : fc_store_error(w->store, diag);
    sqlite3_reset(w->look);
    *is = any && row->replications > 0;
    w->info->at_most |= any;
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
    uint64_t asked = count_asked(w, row, n);
    if (ret || asked == 0) return ret;
    info->asked++;
    if (row->begun && row->run < 0) {
        info->unbuilt++;
        return FC_OK;
    }
    if (row->begun && (ret = count_point(w, row, n, diag, &stored, &failed))) return ret;
    uint64_t over = stored + failed;
    if (asked < over) asked = over; /* as many were asked for before, and are kept */
    info->done += over == asked;
    w->left += asked - over;
    state->wanted += asked;
    state->stored += stored;
    state->failed += failed;
    return FC_OK;
}

/* Whether runs of the experiment are to be as precise as asked for: they are asked for more by and
 * by, up to all. */
static int is_precise(walker *w, int64_t design, fc_diag *diag, bool *is)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        w->store,
        w->look ? "SELECT count(*) FROM point WHERE design_id = ? AND run_id IS NOT NULL"
                  " AND (replications = 0 OR run_id IN (SELECT run_id FROM look WHERE n > 0))"
                : "SELECT count(*) FROM point WHERE design_id = ? AND run_id IS NOT NULL"
                  " AND replications = 0",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    if (sqlite3_step(q) == SQLITE_ROW)
        *is = sqlite3_column_int64(q, 0) > 0;
    else
        ret = fc_store_error(w->store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* By the number of shards, the coarsest split first. A shard whose runs were asked for different
 * numbers is asked for the largest. */
static int read_splits(walker *w, int64_t design, fc_diag *diag)
{
    sqlite3_stmt *q;
    split *splits = NULL;
    bool precise = false;
    int code, ret = is_precise(w, design, diag, &precise);
    if (!ret)
        ret = fc_store_prepare(
            w->store,
            "SELECT shards, shard, (SELECT count(DISTINCT shards) FROM part), max(replications)"
            " FROM part WHERE run_id IN (SELECT run_id FROM point WHERE design_id = ?)"
            " GROUP BY shards, shard ORDER BY shards",
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
            uint32_t *first = fc_arena_array(w->arena, shards, sizeof *first);
            for (uint32_t k = 0; first && k < shards; k++) first[k] = 0;
            splits[w->n_splits++] = (split){shards, first};
        }
        if (!splits || !splits[w->n_splits - 1].first)
            ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        else
            splits[w->n_splits - 1].first[shard - 1] =
                precise ? UINT32_MAX : (uint32_t)sqlite3_column_int64(q, 3);
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(w->store, diag);
    sqlite3_finalize(q);
    w->splits = splits;
    return ret;
}

static int walk_points(walker *w, int64_t design, fc_diag *diag)
{
    bool looks = false;
    int ret = fc_store_has(w->store, "look", diag, &looks);
    if (!ret && looks)
        ret = fc_store_prepare(w->store, "SELECT n FROM look WHERE run_id = ?", diag, &w->look);
    if (!ret) ret = read_splits(w, design, diag);
    if (!ret)
        ret = fc_store_prepare(w->store,
                               "SELECT (SELECT count(*) FROM replication WHERE run_id = ?1"
                               "  AND replication >= ?2 AND replication < ?3),"
                               " (SELECT count(*) FROM failure WHERE run_id = ?1"
                               "  AND replication >= ?2 AND replication < ?3)",
                               diag, &w->count);
    if (!ret) ret = fc_store_each_point(w->store, design, diag, add_point, w);
    sqlite3_finalize(w->count);
    sqlite3_finalize(w->look);
    return ret;
}

/* ---- rate ------------------------------------------------------------------------------------ */

/* Since when the runs of an experiment have followed each other without a break, the last ones
 * first, and what was simulated meanwhile. */
typedef struct session {
    double began, simulated;
    double ended; /* when the last of them did, that did */
    bool any, stopped, running;
} session;

static void add_part(session *s, const fc_run_part *part)
{
    double end = fmax(part->began, part->seen);
    s->running |= part->running;
    if (s->any && end < s->began - SILENT_SECONDS) return;
    if (!s->any)
        *s = (session){
            .any = true, .began = part->began, .running = part->running, .stopped = part->stopped};
    s->began = fmin(s->began, part->began);
    if (part->ended) s->ended = fmax(s->ended, end);
    /* A run that has ended has simulated what it wanted and did not find. */
    uint32_t now = part->ended ? part->wanted : part->stored;
    if (now > part->found) s->simulated += now - part->found;
}

static int by_began(const void *a, const void *b)
{
    double x = ((const fc_run_part *)a)->began, y = ((const fc_run_part *)b)->began;
    return (x < y) - (x > y);
}

/* Parts of the experiment, of run after run, how many there are, and whether all of the run have
 * ended: what is stored of those is not asked. */
static const char all_parts[] = "SELECT run_id, wanted, found, began, seen, count(*) OVER (),"
                                " min(ended) OVER (PARTITION BY run_id) FROM part WHERE run_id IN"
                                " (SELECT run_id FROM point WHERE design_id = ?) ORDER BY run_id";

/* Replications of a run are counted once for all its parts. */
static int read_parts(walker *w, int64_t design, fc_diag *diag, fc_run_part **out, size_t *n)
{
    sqlite3_stmt *q;
    int64_t last = -1;
    *n = 0;
    *out = NULL;
    int code = SQLITE_DONE, ret = fc_store_prepare(w->store, all_parts, diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, design);
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW) {
        int64_t run = sqlite3_column_int64(q, 0);
        size_t room = (size_t)sqlite3_column_int64(q, 5), m = 1;
        fc_run_part ended = {.wanted = (uint32_t)sqlite3_column_int64(q, 1),
                             .found = (uint32_t)sqlite3_column_int64(q, 2),
                             .began = sqlite3_column_double(q, 3),
                             .seen = sqlite3_column_double(q, 4),
                             .ended = true};
        fc_run_part *parts = &ended;
        if (!*out && !(*out = fc_arena_array(w->arena, room, sizeof **out)))
            ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        else if (sqlite3_column_int(q, 6) == 0 && run == last)
            continue; /* read with the first of the run */
        else if (sqlite3_column_int(q, 6) == 0)
            ret = fc_store_parts(w->store, w->arena, run, diag, &parts, &m);
        last = run;
        for (size_t i = 0; !ret && i < m && *n < room; i++) (*out)[(*n)++] = parts[i];
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(w->store, diag);
    sqlite3_finalize(q);
    return ret;
}

static int find_rate(walker *w, int64_t design, fc_diag *diag)
{
    fc_run_part *parts;
    size_t n;
    session s = {0};
    fc_run_state *out = &w->info->state;
    int ret = read_parts(w, design, diag, &parts, &n);
    if (ret) return ret;
    if (n > 1) qsort(parts, n, sizeof *parts, by_began);
    for (size_t i = 0; i < n; i++) add_part(&s, &parts[i]);
    double now = fc_store_clock();
    out->begun = s.any;
    out->ended = w->info->asked > 0 && w->left == 0;
    bool between = s.any && !s.stopped && now - s.ended <= BETWEEN_SECONDS;
    out->running = !out->ended && (s.running || between);
    if (!out->running || !(s.simulated > 0)) return FC_OK;
    out->rate = s.simulated / (fmax(now - s.began, 0) + 1);
    out->seconds_left = (double)w->left / out->rate;
    return FC_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static int look_at(fc_store *store, fc_experiment_info *info, fc_diag *diag)
{
    walker w = {.store = store, .arena = fc_arena_create(), .info = info};
    info->state = (fc_run_state){.rate = NAN, .seconds_left = NAN};
    int ret = w.arena ? walk_points(&w, info->id, diag) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
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
