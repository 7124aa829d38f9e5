/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening and closing. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <nettle/sha2.h>
#include "store/schema.h"
#include "store/store_private.h"

enum { BUSY_MS = 60000 };

int fc_store_error(const fc_store *store, fc_diag *diag)
{
    int code = sqlite3_errcode(store->db);
    const char *message = sqlite3_errmsg(store->db);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    case SQLITE_FULL:
        return fc_fail(diag, FC_E_DB_FULL, NULL, store->path, NULL);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fc_fail(diag, FC_E_DB_BUSY, NULL, store->path, NULL);
    case SQLITE_READONLY:
        return fc_fail(diag, FC_E_DB_READONLY, NULL, store->path, NULL);
    case SQLITE_NOTADB:
        return fc_fail(diag, FC_E_DB_NOT_OURS, NULL, store->path, NULL);
    default:
        return fc_fail(diag, FC_E_DB, NULL, store->path, message, NULL);
    }
}

int fc_store_exec(fc_store *store, const char *sql, fc_diag *diag)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? FC_OK
               : fc_store_error(store, diag);
}

int fc_store_prepare(const fc_store *store, const char *sql, fc_diag *diag, sqlite3_stmt **out)
{
    return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK
               ? FC_OK
               : fc_store_error(store, diag);
}

int fc_store_step(const fc_store *store, sqlite3_stmt *statement, fc_diag *diag)
{
    int code = sqlite3_step(statement);
    int ret = code == SQLITE_DONE || code == SQLITE_ROW ? FC_OK : fc_store_error(store, diag);
    sqlite3_reset(statement);
    return ret;
}

static int pragma(const fc_store *store, const char *name, fc_diag *diag, int64_t *out)
{
    char sql[80];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    int ret = fc_store_prepare(store, sql, diag, &statement);
    if (ret) return ret;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        ret = fc_store_error(store, diag);
    sqlite3_finalize(statement);
    return ret;
}

/* exp and log differ in the last bit between processors with and without fused multiply-add. */
void fc_store_libm_probe(char out[65])
{
    static const double x[] = {0.1, 0.7, 1.9, 3.3, 11.7, 23.9, 0.0123};
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        char text[128];
        /* volatile: the compiler's own constant folding must not answer for the library */
        volatile double v = x[i];
        int n = snprintf(text, sizeof text, "%a %a %a %a;", exp(v), log(v), pow(v, 1.7), sin(v));
        sha256_update(&sha, (size_t)n, (const uint8_t *)text);
    }
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < 8; i++) snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* Ours, empty, or somebody else's? Nothing is written before this is known. */
static int check_identity(fc_store *store, fc_store_mode mode, fc_diag *diag, bool *empty)
{
    int64_t id = 0, version = 0, objects = 0;
    int ret = pragma(store, "application_id", diag, &id);
    if (!ret) ret = pragma(store, "user_version", diag, &version);
    sqlite3_stmt *statement = NULL;
    if (!ret) ret = fc_store_prepare(store, "SELECT count(*) FROM sqlite_schema", diag, &statement);
    if (ret) return ret;
    if (sqlite3_step(statement) == SQLITE_ROW) objects = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    *empty = id == 0 && objects == 0 && version == 0;
    if (*empty && mode == FC_STORE_WRITE) return FC_OK;
    if (id != FC_APPLICATION_ID) return fc_fail(diag, FC_E_DB_NOT_OURS, NULL, store->path, NULL);
    char has[24], knows[24];
    snprintf(has, sizeof has, "%lld", (long long)version);
    snprintf(knows, sizeof knows, "%d", FC_STORE_VERSION);
    if (version > FC_STORE_VERSION)
        return fc_fail(diag, FC_E_DB_NEWER, NULL, store->path, has, knows, NULL);
    return FC_OK;
}

static int make_schema(fc_store *store, fc_diag *diag)
{
    char pragmas[128];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             FC_APPLICATION_ID, FC_STORE_VERSION);
    int ret = fc_store_exec(store, "BEGIN IMMEDIATE", diag);
    if (ret) return ret;
    /* Another process may have been faster. */
    bool empty;
    ret = check_identity(store, FC_STORE_WRITE, diag, &empty);
    if (!ret && empty) {
        ret = fc_store_exec(store, fc_schema_tables, diag);
        if (!ret) ret = fc_store_exec(store, fc_schema_views, diag);
        if (!ret) ret = fc_store_exec(store, pragmas, diag);
    }
    if (!ret) ret = fc_store_exec(store, "COMMIT", diag);
    if (ret) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return ret;
}

static int open_database(fc_store *store, fc_store_mode mode, fc_diag *diag)
{
    struct stat about;
    bool memory = strcmp(store->path, ":memory:") == 0;
    bool exists = !memory && stat(store->path, &about) == 0;
    if (exists && S_ISDIR(about.st_mode))
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, store->path, strerror(EISDIR), NULL);
    if (!exists && !memory && mode == FC_STORE_READ)
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, store->path, strerror(errno), NULL);
    int flags =
        mode == FC_STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        if (!store->db) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        int system = sqlite3_system_errno(store->db);
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, store->path,
                       system ? strerror(system) : sqlite3_errmsg(store->db), NULL);
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    bool empty = false;
    int ret = check_identity(store, mode, diag, &empty);
    if (ret || mode == FC_STORE_READ) return ret;
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return fc_fail(diag, FC_E_DB_READONLY, NULL, store->path, NULL);
    /* Write-ahead log: readers see a run while it is written. Where it is impossible SQLite keeps
     * its rollback journal, which is as safe. */
    sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    ret = fc_store_exec(store,
                        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                        "PRAGMA cache_size = -16000",
                        diag);
    return ret || !empty ? ret : make_schema(store, diag);
}

int fc_store_open(const char *path, fc_store_mode mode, fc_diag *diag, fc_store **out)
{
    *out = NULL;
    fc_store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        free(store);
        return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    int ret = open_database(store, mode, diag);
    if (ret) {
        fc_store_close(store);
        return ret;
    }
    *out = store;
    return FC_OK;
}

int fc_store_close(fc_store *store)
{
    if (!store) return FC_OK;
    int ret = fc_store_flush(store, NULL);
    for (size_t i = 0; i < 2; i++) {
        sqlite3_finalize(store->insert_outcome[i]);
        sqlite3_finalize(store->insert_series[i]);
        sqlite3_finalize(store->insert_draw[i]);
    }
    fc_store_batch_free(&store->batch);
    if (sqlite3_close(store->db) != SQLITE_OK && !ret) ret = FC_E_DB;
    free(store->outcome_ids);
    free(store->series_ids);
    free(store->draw_ids);
    free(store->draw_is_date);
    free(store->path);
    free(store);
    return ret;
}
