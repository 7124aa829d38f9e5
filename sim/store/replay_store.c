/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/replay_store.h"

#include <errno.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "store/store_private.h"
#include "trace/job_csv.h"

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS replay(" /* a trace replayed under a policy */
    " replay_id INTEGER PRIMARY KEY,"
    " trace TEXT NOT NULL, policy TEXT NOT NULL, settings TEXT NOT NULL, version TEXT NOT NULL,"
    " format TEXT, origin REAL," /* time 0 in seconds since 1970-01-01 UTC */
    " gpus INTEGER,"             /* of the cluster at the start */
    " created TEXT NOT NULL,"    /* wall time, UTC; not part of the digest */
    " UNIQUE(trace, policy, settings, version)) STRICT;"

    "CREATE TABLE IF NOT EXISTS replay_metric("
    " replay_id INTEGER NOT NULL REFERENCES replay, metric TEXT NOT NULL,"
    " unit TEXT NOT NULL, value REAL,"
    " PRIMARY KEY(replay_id, metric)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE IF NOT EXISTS job(" /* times in seconds from the origin */
    " replay_id INTEGER NOT NULL REFERENCES replay,"
    " line INTEGER NOT NULL," /* in the trace: ids of a trace need not be unique */
    " job_id TEXT NOT NULL,"
    " submission_time REAL NOT NULL, requested_number_of_resources INTEGER NOT NULL,"
    " requested_time REAL, success INTEGER NOT NULL, final_state TEXT NOT NULL,"
    " starting_time REAL, execution_time REAL, finish_time REAL, waiting_time REAL,"
    " turnaround_time REAL, stretch REAL, bounded_slowdown REAL, lost_gpu_seconds REAL NOT NULL,"
    " restarts INTEGER NOT NULL, user TEXT, user_group TEXT,"
    " PRIMARY KEY(replay_id, line)) STRICT, WITHOUT ROWID;";

struct fc_replay_writer {
    fc_store *store;
    fc_diag *diag;
    sqlite3_stmt *insert;
    int64_t replay;
};

int fc_replay_content(const char *path, fc_diag *diag, fc_text *settings)
{
    enum { DIGITS = 16 };
    struct sha256_ctx sha;
    struct stat is;
    uint8_t bytes[1 << 16], digest[SHA256_DIGEST_SIZE];
    size_t n;
    if (stat(path, &is) || !S_ISREG(is.st_mode)) return FC_OK;
    FILE *file = fopen(path, "rb");
    sha256_init(&sha);
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0) sha256_update(&sha, n, bytes);
    bool failed = !file || ferror(file);
    int error = errno;
    if (file) fclose(file);
    if (failed) return fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(error), NULL);
    sha256_digest(&sha, sizeof digest, digest);
    fc_text_add(settings, " content=");
    for (size_t i = 0; i < DIGITS / 2; i++) fc_text_printf(settings, "%02x", digest[i]);
    return FC_OK;
}

/* Runs `sql` with the replay's number as its only parameter. */
static int run_for(const fc_store *store, const char *sql, int64_t replay, fc_diag *diag)
{
    sqlite3_stmt *statement;
    int ret = fc_store_prepare(store, sql, diag, &statement);
    if (ret) return ret;
    sqlite3_bind_int64(statement, 1, replay);
    ret = fc_store_step(store, statement, diag);
    sqlite3_finalize(statement);
    return ret;
}

/* The replay's row, whether new or not; what was stored of it is forgotten. */
static int make_replay(fc_replay_writer *w, const fc_replay_id *id)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        w->store,
        "INSERT INTO replay(trace, policy, settings, version, created)"
        " VALUES(?1, ?2, ?3, ?4, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
        " ON CONFLICT DO UPDATE SET created = excluded.created RETURNING replay_id",
        w->diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, id->trace);
    fc_store_bind_text(q, 2, id->policy);
    fc_store_bind_text(q, 3, id->settings);
    fc_store_bind_text(q, 4, FC_VERSION);
    if (sqlite3_step(q) == SQLITE_ROW)
        w->replay = sqlite3_column_int64(q, 0);
    else
        ret = fc_store_error(w->store, w->diag);
    sqlite3_finalize(q);
    if (!ret) ret = run_for(w->store, "DELETE FROM job WHERE replay_id = ?1", w->replay, w->diag);
    if (!ret)
        ret =
            run_for(w->store, "DELETE FROM replay_metric WHERE replay_id = ?1", w->replay, w->diag);
    return ret;
}

int fc_replay_writer_begin(fc_store *store, const fc_replay_id *id, fc_diag *diag,
                           fc_replay_writer **out)
{
    fc_replay_writer *w = calloc(1, sizeof *w);
    *out = NULL;
    if (!w) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    *w = (fc_replay_writer){.store = store, .diag = diag};
    int ret = fc_store_begin(store, diag);
    if (ret) {
        free(w);
        return ret;
    }
    ret = fc_store_exec(store, tables, diag);
    if (!ret) ret = make_replay(w, id);
    if (!ret)
        ret = fc_store_prepare(store,
                               "INSERT INTO job VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                               " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
                               diag, &w->insert);
    if (ret) return fc_replay_writer_end(w, ret, NULL);
    *out = w;
    return FC_OK;
}

/* SQLite stores NaN as NULL. */
int fc_replay_writer_take(void *self, const fc_replay_row *row)
{
    fc_replay_writer *w = self;
    const fc_trace_job *job = row->job;
    const fc_job_result *result = row->result;
    fc_job_figures f = fc_job_figures_of(row);
    const double times[] = {result->start, f.executed, result->end, f.wait,
                            f.turnaround,  f.stretch,  f.slowdown,  f.lost};
    sqlite3_stmt *q = w->insert;
    sqlite3_bind_int64(q, 1, w->replay);
    sqlite3_bind_int64(q, 2, (int64_t)job->line);
    fc_store_bind_text(q, 3, job->id);
    sqlite3_bind_double(q, 4, job->submit);
    sqlite3_bind_int64(q, 5, job->gpus);
    sqlite3_bind_double(q, 6, job->requested < 0 ? NAN : job->requested);
    sqlite3_bind_int64(q, 7, result->status == FC_JOB_DONE);
    fc_store_bind_text(q, 8, fc_job_status_name(result->status));
    for (int i = 0; i < 8; i++) sqlite3_bind_double(q, 9 + i, times[i]);
    sqlite3_bind_int64(q, 17, result->restarts);
    fc_store_bind_text(q, 18, row->user);
    fc_store_bind_text(q, 19, row->group);
    return fc_store_step(w->store, q, w->diag);
}

static int add_result(fc_replay_writer *w, const fc_replay_result *result)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        w->store, "UPDATE replay SET format = ?2, origin = ?3, gpus = ?4 WHERE replay_id = ?1",
        w->diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, w->replay);
    fc_store_bind_text(q, 2, result->format);
    sqlite3_bind_double(q, 3, result->origin);
    sqlite3_bind_int64(q, 4, (int64_t)result->gpus);
    ret = fc_store_step(w->store, q, w->diag);
    sqlite3_finalize(q);
    if (!ret)
        ret = fc_store_prepare(w->store, "INSERT INTO replay_metric VALUES(?1, ?2, ?3, ?4)",
                               w->diag, &q);
    if (ret) return ret;
    for (int i = 0; i < FC_REPLAY_METRICS && !ret; i++) {
        sqlite3_bind_int64(q, 1, w->replay);
        fc_store_bind_text(q, 2, fc_replay_metric_words[i][0]);
        fc_store_bind_text(q, 3, fc_replay_metric_words[i][1]);
        sqlite3_bind_double(q, 4, result->metric[i]);
        ret = fc_store_step(w->store, q, w->diag);
    }
    sqlite3_finalize(q);
    return ret;
}

int fc_replay_writer_end(fc_replay_writer *w, int ret, const fc_replay_result *result)
{
    if (!w) return ret;
    if (!ret) ret = add_result(w, result);
    sqlite3_finalize(w->insert);
    ret = fc_store_end(w->store, ret, w->diag);
    free(w);
    return ret;
}

/* ---- reading ------------------------------------------------------------------------------- */

static const char *column_text(fc_arena *arena, sqlite3_stmt *q, int column, bool *failed)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    const char *copy = fc_arena_strdup(arena, text ? text : "");
    *failed |= !copy;
    return copy;
}

static double column_number(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

/* A text is no whole number if it is empty or has a character that is no digit. */
#define NOT_WHOLE(column) "max(" column " = '' OR " column " GLOB '*[^0-9]*')"

int fc_store_replays(fc_store *store, fc_arena *arena, fc_diag *diag, fc_replay_info **out,
                     size_t *n)
{
    sqlite3_stmt *q;
    bool has, failed = false;
    size_t capacity = 0;
    int code;
    *out = NULL;
    *n = 0;
    int ret = fc_store_has(store, "replay", diag, &has);
    if (ret || !has) return ret;
    ret = fc_store_prepare(
        store,
        "SELECT replay_id, trace, format, policy, settings, version, origin,"
        " gpus, count(line), " NOT_WHOLE("job_id") ", " NOT_WHOLE("user") ", " NOT_WHOLE(
            "user_group") " FROM replay LEFT JOIN job USING(replay_id)"
                          " GROUP BY replay_id ORDER BY replay_id",
        diag, &q);
    if (ret) return ret;
    while ((code = sqlite3_step(q)) == SQLITE_ROW && !failed) {
        if (*n == capacity) {
            size_t more = capacity ? 2 * capacity : 16;
            fc_replay_info *grown = fc_arena_array(arena, more, sizeof *grown);
            for (size_t i = 0; grown && i < *n; i++) grown[i] = (*out)[i];
            if (!grown) break;
            *out = grown;
            capacity = more;
        }
        fc_replay_info *info = &(*out)[(*n)++];
        info->id = sqlite3_column_int64(q, 0);
        info->trace = column_text(arena, q, 1, &failed);
        info->format = column_text(arena, q, 2, &failed);
        info->policy = column_text(arena, q, 3, &failed);
        info->settings = column_text(arena, q, 4, &failed);
        info->version = column_text(arena, q, 5, &failed);
        info->origin = column_number(q, 6);
        info->gpus = sqlite3_column_int64(q, 7);
        info->jobs = sqlite3_column_int64(q, 8);
        info->whole_ids = !sqlite3_column_int(q, 9);
        info->whole_users = !sqlite3_column_int(q, 10);
        info->whole_groups = !sqlite3_column_int(q, 11);
    }
    if (failed || code == SQLITE_ROW)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

int fc_store_replay_jobs(fc_store *store, int64_t replay,
                         int (*take)(void *self, const fc_stored_job *job), void *self,
                         fc_diag *diag)
{
    sqlite3_stmt *q;
    int code = SQLITE_DONE;
    int ret = fc_store_prepare(
        store,
        "SELECT job_id, user, user_group, final_state, submission_time, requested_time,"
        " starting_time, finish_time, requested_number_of_resources, line"
        " FROM job WHERE replay_id = ?1 ORDER BY submission_time, line",
        diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, replay);
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW) {
        fc_stored_job job = {.job_id = (const char *)sqlite3_column_text(q, 0),
                             .user = (const char *)sqlite3_column_text(q, 1),
                             .group = (const char *)sqlite3_column_text(q, 2),
                             .final_state = (const char *)sqlite3_column_text(q, 3),
                             .submission_time = column_number(q, 4),
                             .requested_time = column_number(q, 5),
                             .starting_time = column_number(q, 6),
                             .finish_time = column_number(q, 7),
                             .gpus = sqlite3_column_int64(q, 8),
                             .line = sqlite3_column_int64(q, 9)};
        ret = take(self, &job);
    }
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}
