/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The digest: SHA-256 over a canonical dump. Row ids are replaced by what they stand for, rows come
 * in key order, reals as %.17g. Left out are the wall time, where a scenario's files lie (file and
 * line of the inputs), and the summaries, which follow from the series and the waits. Each field
 * has its length before it, so that different dumps cannot run together into equal ones. */
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include "store/series_by_day.h"
#include "store/series_columns.h"

#define BY_DESIGN                                                                                  \
    " ORDER BY design.name, design.kind, design.scenarios, design.policies, design.factors,"       \
    " design.replications, design.seed, design.points, design.hash, design.base"

/* One row a fact; the first column of each names its table. */
static const char *const parts[] = {
    "SELECT 'run', hash, seed, version, name, title_en, title_ko, libm, start_day, end_day,"
    " headline FROM run ORDER BY hash, seed, version",
    "SELECT 'fleet', hash, seed, version, fleet, f.title_en, f.title_ko, currency"
    " FROM fleet f JOIN run USING(run_id) ORDER BY hash, seed, version, fleet",
    "SELECT 'input', hash, seed, version, path, value, unit, source, certainty, known_by, note"
    " FROM input JOIN run USING(run_id)"
    " ORDER BY hash, seed, version, path",
    "SELECT 'metric', metric, entity, unit, kind, en, ko, iamc FROM metric"
    " ORDER BY metric, entity, unit",
    "SELECT 'observed', hash, seed, version, metric, entity, unit FROM observed"
    " JOIN run USING(run_id) JOIN metric USING(metric_id)"
    " ORDER BY hash, seed, version, metric, entity, unit",
    "SELECT 'warning', hash, seed, version, number, code, sentence"
    " FROM warning JOIN run USING(run_id) ORDER BY hash, seed, version, number",
    "SELECT 'design', name, title_en, title_ko, kind, scenarios, policies, factors, replications,"
    " seed, points, hash FROM design" BY_DESIGN,
    "SELECT 'factor', hash, name, number, factor FROM factor JOIN design USING(design_id)" BY_DESIGN
    ", number",
    "SELECT 'design_value', hash, name, point, number, value, quantile FROM design_value"
    " JOIN design USING(design_id)" BY_DESIGN ", point, number",
    "SELECT 'point', design.hash, design.name, scenario, design.policies, point.policies, point,"
    " run.hash, run.seed, run.version, first, point.replications, code, sentence FROM point"
    " JOIN design USING(design_id) LEFT JOIN run USING(run_id)" BY_DESIGN
    ", scenario, point.policies, point",
    "SELECT 'failure', hash, seed, version, replication, code, sentence"
    " FROM failure JOIN run USING(run_id) ORDER BY hash, seed, version, replication",
};

/* The large tables, a run at a time: ordered by replication, then by name, through the maps of
 * names in order, without sorting millions of rows. */
static const char *const large[] = {
    "SELECT 'replication', replication, events FROM replication WHERE run_id = ?1"
    " ORDER BY replication",
    "SELECT 'draw', replication, path, unit, value FROM replication r CROSS JOIN"
    " (SELECT path_id, path, unit FROM path ORDER BY path, unit) p CROSS JOIN draw d USING(run_id, "
    "replication)"
    " WHERE r.run_id = ?1 AND d.path_id = p.path_id ORDER BY replication, path, unit",
    "SELECT 'outcome', replication, metric, entity, unit, value FROM outcome"
    " JOIN metric USING(metric_id) WHERE run_id = ?1 ORDER BY replication, metric, entity, unit",
};

static const char waits_of_run[] =
    "SELECT 'job_wait', replication, entity, per_job, started, gone FROM job_wait"
    " WHERE run_id = ?1 ORDER BY replication, entity";
/* Columns that earlier programs did not know: empty is as not there. */
static const char more_waits[] =
    "SELECT 'slowdown', replication, entity, slowdown, granted FROM job_wait"
    " WHERE run_id = ?1 AND length(slowdown) + length(granted) > 0 ORDER BY replication, entity";

/* Replays of traces, where there are any: without wall time. */
static const char *const replays[] = {
    "SELECT 'replay', trace, policy, settings, version, format, origin, gpus FROM replay"
    " ORDER BY trace, policy, settings, version",
    "SELECT 'replay_metric', trace, policy, settings, version, metric, unit, value"
    " FROM replay_metric JOIN replay USING(replay_id)"
    " ORDER BY trace, policy, settings, version, metric",
    "SELECT 'job', trace, policy, settings, version, line, job_id, submission_time,"
    " requested_number_of_resources, requested_time, success, final_state, starting_time,"
    " execution_time, finish_time, waiting_time, turnaround_time, stretch, bounded_slowdown,"
    " lost_gpu_seconds, restarts, user, user_group"
    " FROM replay JOIN job USING(replay_id) ORDER BY trace, policy, settings, version, line",
};

/* "3:abc"; "-" for NULL (length -1). */
static void add_field(struct sha256_ctx *sha, const void *text, int length)
{
    char head[16];
    int n =
        length < 0 ? snprintf(head, sizeof head, "-") : snprintf(head, sizeof head, "%d:", length);
    sha256_update(sha, (size_t)n, (const uint8_t *)head);
    if (length > 0) sha256_update(sha, (size_t)length, text);
}

static void add_real(struct sha256_ctx *sha, double value)
{
    char number[40];
    add_field(sha, number, snprintf(number, sizeof number, "%.17g", value));
}

static void add_integer(struct sha256_ctx *sha, int64_t value)
{
    char number[24];
    add_field(sha, number, snprintf(number, sizeof number, "%" PRId64, value));
}

static void add_text(struct sha256_ctx *sha, const char *text)
{
    add_field(sha, text, (int)strlen(text));
}

static void add_column(struct sha256_ctx *sha, sqlite3_stmt *q, int column)
{
    switch (sqlite3_column_type(q, column)) {
    case SQLITE_NULL:
        add_field(sha, NULL, -1);
        break;
    case SQLITE_FLOAT:
        add_real(sha, sqlite3_column_double(q, column));
        break;
    default: {
        const uint8_t *text = sqlite3_column_text(q, column);
        add_field(sha, text, sqlite3_column_bytes(q, column));
    }
    }
}

/* A line ends the row. */
static void add_row(struct sha256_ctx *sha, sqlite3_stmt *q)
{
    int columns = sqlite3_column_count(q);
    for (int c = 0; c < columns; c++) add_column(sha, q, c);
    sha256_update(sha, 1, (const uint8_t *)"\n");
}

static int add_part(fc_store *store, const char *sql, int64_t run, fc_diag *diag,
                    struct sha256_ctx *sha)
{
    sqlite3_stmt *q;
    int code, ret = fc_store_prepare(store, sql, diag, &q);
    if (ret) return ret;
    if (run >= 0) sqlite3_bind_int64(q, 1, run);
    while ((code = sqlite3_step(q)) == SQLITE_ROW) add_row(sha, q);
    if (code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

typedef struct series {
    const fc_series_wanted *of;
    struct sha256_ctx *sha;
} series;

/* A row a replication, each value behind the name of its column and NULLs left out: which other
 * columns the table has, and in which order, is no result. */
static bool add_day(void *self, const fc_series_day *day)
{
    const series *s = self;
    for (size_t i = 0; i < day->n; i++) {
        add_text(s->sha, "series");
        add_text(s->sha, s->of->entity);
        add_integer(s->sha, day->day);
        add_integer(s->sha, day->replication[i]);
        for (size_t k = 0; k < s->of->n_columns; k++) {
            double value = day->value[k * day->n + i];
            if (isnan(value)) continue;
            add_text(s->sha, s->of->columns[k]);
            add_real(s->sha, value);
        }
        sha256_update(s->sha, 1, (const uint8_t *)"\n");
    }
    return true;
}

/* By entity, day and replication. */
static int add_series(fc_store *store, const char *const *columns, size_t n, int64_t run,
                      fc_diag *diag, struct sha256_ctx *sha)
{
    sqlite3_stmt *q;
    int code = SQLITE_DONE;
    int ret = fc_store_prepare(store,
                               "SELECT entity, min(day), max(day) + 1 FROM series WHERE run_id = ?1"
                               " GROUP BY entity ORDER BY entity",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW) {
        fc_series_wanted of = {
            .run = run,
            .from = sqlite3_column_int64(q, 1),
            .to = sqlite3_column_int64(q, 2),
            .entity = (const char *)sqlite3_column_text(q, 0),
            .columns = columns,
            .n_columns = n,
            .bytes = FC_SERIES_BYTES,
        };
        ret = fc_series_by_day(store, &of, diag, add_day, &(series){&of, sha});
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

static int add_run(fc_store *store, const char *const *columns, size_t n, int64_t run,
                   fc_diag *diag, struct sha256_ctx *sha)
{
    int ret = FC_OK;
    for (size_t i = 0; i < sizeof large / sizeof *large && !ret; i++)
        ret = add_part(store, large[i], run, diag, sha);
    bool waits = false, more = false;
    if (!ret) ret = fc_store_has_waits(store, diag, &waits, &more);
    if (!ret && waits) ret = add_part(store, waits_of_run, run, diag, sha);
    if (!ret && more) ret = add_part(store, more_waits, run, diag, sha);
    return ret ? ret : add_series(store, columns, n, run, diag, sha);
}

static int add_all(fc_store *store, fc_arena *arena, fc_diag *diag, struct sha256_ctx *sha)
{
    sqlite3_stmt *runs;
    const char **columns;
    size_t n;
    int code = SQLITE_DONE, ret = fc_series_columns(store, arena, diag, &columns, &n);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !ret; i++)
        ret = add_part(store, parts[i], -1, diag, sha);
    if (!ret)
        ret = fc_store_prepare(store, "SELECT run_id FROM run ORDER BY hash, seed, version", diag,
                               &runs);
    if (ret) return ret;
    while (!ret && (code = sqlite3_step(runs)) == SQLITE_ROW)
        ret = add_run(store, columns, n, sqlite3_column_int64(runs, 0), diag, sha);
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(runs);
    bool some = false;
    if (!ret) ret = fc_store_has(store, "replay", diag, &some);
    for (size_t i = 0; some && i < sizeof replays / sizeof *replays && !ret; i++)
        ret = add_part(store, replays[i], -1, diag, sha);
    return ret;
}

/* In the locale of the program's own: a number's point is a point, whatever the caller's. */
static int add_all_plainly(fc_store *store, fc_diag *diag, struct sha256_ctx *sha)
{
    int ret = FC_E_NOMEM;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    fc_arena *arena = fc_arena_create();
    if (plain != (locale_t)0 && arena) {
        locale_t before = uselocale(plain);
        ret = add_all(store, arena, diag, sha);
        uselocale(before);
    } else {
        fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    fc_arena_free(arena);
    if (plain != (locale_t)0) freelocale(plain);
    return ret;
}

int fc_store_digest(fc_store *store, fc_diag *diag, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    hex[0] = '\0';
    int ret = fc_store_flush(store, diag);
    /* One transaction: a run that is being written is seen at one moment. */
    if (!ret) ret = fc_store_begin_reading(store, diag);
    if (ret) return ret;
    sha256_init(&sha);
    ret = fc_store_end_reading(store, add_all_plainly(store, diag, &sha), diag);
    if (ret) return ret;
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return FC_OK;
}
