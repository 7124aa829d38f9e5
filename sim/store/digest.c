/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The digest: SHA-256 over a canonical dump. Row ids are replaced by what they stand for, rows come
 * in key order, reals as %.17g. Left out are the wall time, where a scenario's files lie (file and
 * line of the inputs), and the summary, which follows from the series. Each field has its length
 * before it, so that different dumps cannot run together into equal ones. */
#include <locale.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include "store/store_private.h"

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
    "SELECT 'warning', hash, seed, version, number, code, sentence"
    " FROM warning JOIN run USING(run_id) ORDER BY hash, seed, version, number",
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
    "SELECT 'series', metric, entity, unit, day, replication, value"
    " FROM (SELECT * FROM metric ORDER BY metric, entity, unit) m CROSS JOIN series s"
    " WHERE s.run_id = ?1 AND s.metric_id = m.metric_id"
    " ORDER BY metric, entity, unit, day, replication",
};

/* "3:abc", a NULL is "-", and a line ends the row. */
static void add_row(struct sha256_ctx *sha, sqlite3_stmt *q)
{
    int columns = sqlite3_column_count(q);
    for (int c = 0; c < columns; c++) {
        char number[40], head[16];
        int type = sqlite3_column_type(q, c), length = 0;
        const uint8_t *text = (const uint8_t *)number;
        if (type == SQLITE_FLOAT) {
            length = snprintf(number, sizeof number, "%.17g", sqlite3_column_double(q, c));
        } else if (type != SQLITE_NULL) {
            text = sqlite3_column_text(q, c);
            length = sqlite3_column_bytes(q, c);
        }
        int n = type == SQLITE_NULL ? snprintf(head, sizeof head, "-")
                                    : snprintf(head, sizeof head, "%d:", length);
        sha256_update(sha, (size_t)n, (const uint8_t *)head);
        if (length) sha256_update(sha, (size_t)length, text);
    }
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

static int add_all(fc_store *store, fc_diag *diag, struct sha256_ctx *sha)
{
    sqlite3_stmt *runs;
    int code = SQLITE_DONE, ret = FC_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !ret; i++)
        ret = add_part(store, parts[i], -1, diag, sha);
    if (!ret)
        ret = fc_store_prepare(store, "SELECT run_id FROM run ORDER BY hash, seed, version", diag,
                               &runs);
    if (ret) return ret;
    while (!ret && (code = sqlite3_step(runs)) == SQLITE_ROW)
        for (size_t i = 0; i < sizeof large / sizeof *large && !ret; i++)
            ret = add_part(store, large[i], sqlite3_column_int64(runs, 0), diag, sha);
    if (!ret && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(runs);
    return ret;
}

int fc_store_digest(fc_store *store, fc_diag *diag, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    hex[0] = '\0';
    int ret = fc_store_flush(store, diag);
    /* One transaction: a run that is being written is seen at one moment. */
    if (!ret) ret = fc_store_exec(store, "BEGIN", diag);
    if (ret) return ret;
    /* A number's point is a point, whatever the caller's locale. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) {
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    } else {
        locale_t before = uselocale(plain);
        sha256_init(&sha);
        ret = add_all(store, diag, &sha);
        uselocale(before);
        freelocale(plain);
    }
    sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (ret) return ret;
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return FC_OK;
}
