/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening and closing. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nettle/sha2.h>
#include "base/text.h"
#include "store/batch_rows.h"
#include "store/design.h"
#include "store/schema.h"
#include "store/series_columns.h"

/* Pages of a new file: twice SQLite's own, so that there are fewer to write, each twice (log and
 * file), and to split as rows are appended. At LOG_BYTES the log is emptied into the file. */
enum { BUSY_MS = 60000, PAGE_BYTES = 8 * 1024, LOG_BYTES = 4 * 1024 * 1024 };

/* What the system's error says where SQLite has only "disk I/O error". */
static int kind_of(int code, int system)
{
    if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN) return code;
    if (system == ENOSPC || system == EDQUOT) return SQLITE_FULL;
    if (system == EACCES || system == EPERM || system == EROFS) return SQLITE_READONLY;
    return code;
}

int fc_store_error(const fc_store *store, fc_diag *diag)
{
    int system = sqlite3_system_errno(store->db);
    const char *message = sqlite3_errmsg(store->db);
    switch (kind_of(sqlite3_errcode(store->db) & 0xff, system)) {
    case SQLITE_NOMEM:
    case SQLITE_RANGE: /* what reading on says of a row that was lost for want of memory */
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
    case SQLITE_CORRUPT:
        return fc_fail(diag, FC_E_DB_DAMAGED, NULL, store->path, message, NULL);
    case SQLITE_CANTOPEN:
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, store->path, system ? strerror(system) : message,
                       NULL);
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

/* The one number a query returns. */
static int read_number(const fc_store *store, const char *sql, fc_diag *diag, int64_t *out)
{
    sqlite3_stmt *statement;
    int ret = fc_store_prepare(store, sql, diag, &statement);
    if (ret) return ret;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        ret = fc_store_error(store, diag);
    sqlite3_finalize(statement);
    return ret;
}

int fc_store_has(const fc_store *store, const char *name, fc_diag *diag, bool *has)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, "SELECT 1 FROM sqlite_schema WHERE name = ?", diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, name);
    int code = sqlite3_step(q);
    *has = code == SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
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
        /* volatile: the compiler's own constant folding must not answer for the library */
        volatile double v = x[i];
        double values[] = {exp(v), log(v), pow(v, 1.7), sin(v)};
        uint64_t bits[4];
        char text[80];
        memcpy(bits, values, sizeof bits);
        int n = snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
                         bits[0], bits[1], bits[2], bits[3]);
        sha256_update(&sha, (size_t)n, (const uint8_t *)text);
    }
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < 8; i++) snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* Ours, empty, or somebody else's? Nothing is written before this is known. */
static int check_identity(const fc_store *store, fc_store_mode mode, fc_diag *diag, bool *empty)
{
    int64_t id = 0, version = 0, objects = 0;
    int ret = read_number(store, "PRAGMA application_id", diag, &id);
    if (!ret) ret = read_number(store, "PRAGMA user_version", diag, &version);
    if (!ret) ret = read_number(store, "SELECT count(*) FROM sqlite_schema", diag, &objects);
    if (ret) return ret;
    *empty = id == 0 && objects == 0 && version == 0;
    if (*empty)
        return mode == FC_STORE_WRITE ? FC_OK
                                      : fc_fail(diag, FC_E_DB_EMPTY, NULL, store->path, NULL);
    if (id != FC_APPLICATION_ID || version < 1)
        return fc_fail(diag, FC_E_DB_NOT_OURS, NULL, store->path, NULL);
    if (version == FC_STORE_VERSION) return FC_OK;
    char has[24], knows[24];
    snprintf(has, sizeof has, "%" PRId64, version);
    snprintf(knows, sizeof knows, "%d", FC_STORE_VERSION);
    return fc_fail(diag, version > FC_STORE_VERSION ? FC_E_DB_NEWER : FC_E_DB_OLDER, NULL,
                   store->path, has, knows, NULL);
}

/* The same in one transaction, so that all that is read is of one moment: another process may be
 * making the file. */
static int look_at_identity(fc_store *store, fc_store_mode mode, fc_diag *diag, bool *empty)
{
    int ret = fc_store_begin_reading(store, diag);
    if (ret) return ret;
    return fc_store_end_reading(store, check_identity(store, mode, diag, empty), diag);
}

char *fc_store_uri(const char *path, const char *query)
{
    fc_text out = FC_TEXT_EMPTY;
    fc_text_add(&out, *path == '/' ? "file://" : "file:");
    for (const char *p = path; *p; p++) {
        if (strchr("%?#", *p))
            fc_text_printf(&out, "%%%02X", (unsigned)*p);
        else
            fc_text_addn(&out, p, 1);
    }
    fc_text_add(&out, query);
    return fc_text_take(&out);
}

static int open_connection(fc_store *store, const char *query, int flags, fc_diag *diag)
{
    bool memory = strcmp(store->path, ":memory:") == 0;
    char *name = memory ? strdup(store->path) : fc_store_uri(store->path, query);
    if (!name) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int code =
        sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
    free(name);
    if (!store->db) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (code != SQLITE_OK) {
        int system = sqlite3_system_errno(store->db);
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, store->path,
                       system ? strerror(system) : sqlite3_errmsg(store->db), NULL);
    }
    sqlite3_extended_result_codes(store->db, 1);
    return FC_OK;
}

/* Looks at the file as if nothing could change it: no lock, log or journal beside somebody else's
 * file is touched. What cannot be told in this way is told when the file is opened. */
static int look_first(const char *path, fc_diag *diag)
{
    bool empty;
    fc_store look = {.path = (char *)path};
    int ret = open_connection(&look, "?immutable=1", SQLITE_OPEN_READONLY, NULL);
    if (!ret) ret = look_at_identity(&look, FC_STORE_WRITE, NULL, &empty);
    if (ret == FC_E_DB_NOT_OURS || ret == FC_E_DB_NEWER || ret == FC_E_DB_OLDER)
        ret = look_at_identity(&look, FC_STORE_WRITE, diag, &empty);
    else
        ret = FC_OK;
    sqlite3_close(look.db);
    return ret;
}

/* May a file be made there? SQLite's own answer does not tell why not. */
static int check_folder(const char *path, fc_diag *diag)
{
    const char *slash = strrchr(path, '/');
    char *folder = !slash ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (!folder) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int error = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) ? errno : 0;
    free(folder);
    return error ? fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(error), NULL) : FC_OK;
}

static int check_file(const char *path, fc_store_mode mode, fc_diag *diag)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        /* An empty name would give a database that vanishes. */
        bool make = mode == FC_STORE_WRITE && errno == ENOENT && *path;
        return make ? check_folder(path, diag)
                    : fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
    }
    if (S_ISDIR(about.st_mode))
        return fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(EISDIR), NULL);
    if (!S_ISREG(about.st_mode)) return fc_fail(diag, FC_E_DB_NOT_OURS, NULL, path, NULL);
    return look_first(path, diag);
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
        if (!ret) ret = fc_series_columns_make(store, diag);
        if (!ret) ret = fc_store_exec(store, fc_schema_views, diag);
        if (!ret) ret = fc_store_exec(store, fc_schema_designs, diag);
        if (!ret) ret = fc_store_exec(store, fc_schema_waits, diag);
        if (!ret) ret = fc_store_exec(store, fc_schema_looks, diag);
        if (!ret) ret = fc_series_columns_complete(store, diag);
        if (!ret) ret = fc_store_exec(store, pragmas, diag);
    }
    return fc_store_end(store, ret, diag);
}

/* Of metrics that this program has and the one that made the file had not. */
static int add_columns(fc_store *store, fc_diag *diag)
{
    bool whole;
    int ret = fc_series_columns_check(store, diag, &whole);
    if (ret || whole) return ret;
    ret = fc_store_begin(store, diag);
    return ret ? ret : fc_store_end(store, fc_series_columns_complete(store, diag), diag);
}

/* Write-ahead log: readers see a run while it is written, and a commit need not wait for the disk.
 * Processes on two hosts would not see each other's log, and SQLite does not notice: on a network
 * disk there is the rollback journal, which does wait and has readers wait for each commit, and is
 * as safe as the disk's locks are. So it is where another program is reading. */
static int start_log(fc_store *store, fc_diag *diag)
{
    sqlite3_stmt *statement;
    int64_t page = PAGE_BYTES;
    const char *path = sqlite3_db_filename(store->db, "main");
    bool shared = path && fc_on_network_disk(path);
    int ret = read_number(store, "PRAGMA page_size", diag, &page);
    if (!ret)
        ret = fc_store_prepare(
            store, shared ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL", diag,
            &statement);
    if (ret) return ret;
    int code = sqlite3_step(statement) & 0xff;
    const char *mode = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "";
    bool log = mode && strcmp(mode, "wal") == 0;
    if (code != SQLITE_ROW && code != SQLITE_BUSY && code != SQLITE_LOCKED)
        ret = fc_store_error(store, diag);
    sqlite3_finalize(statement);
    if (!ret && log) ret = fc_store_exec(store, "PRAGMA synchronous = NORMAL", diag);
    if (!ret) sqlite3_wal_autocheckpoint(store->db, (int)(LOG_BYTES / page));
    return ret;
}

/* `empty`: the file is new, and its pages are what this says. */
static int start_writing(fc_store *store, bool empty, fc_diag *diag)
{
    char pages[40];
    snprintf(pages, sizeof pages, "PRAGMA page_size = %d", PAGE_BYTES);
    int ret = empty ? fc_store_exec(store, pages, diag) : FC_OK;
    if (!ret) ret = start_log(store, diag);
    /* The foreign keys are declared for readers and not enforced: ids come from fc_store_begin_run,
     * and looking up two parents a row is 40 % of the writing. */
    if (!ret)
        ret = fc_store_exec(store, "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -4000", diag);
    store->writes = !ret;
    return ret;
}

static int open_database(fc_store *store, fc_store_mode mode, fc_diag *diag)
{
    bool write = mode == FC_STORE_WRITE, empty = false;
    int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int ret = strcmp(store->path, ":memory:") ? check_file(store->path, mode, diag) : FC_OK;
    if (!ret) ret = open_connection(store, "", flags, diag);
    if (ret) return ret;
    sqlite3_busy_timeout(store->db, BUSY_MS);
    ret = look_at_identity(store, mode, diag, &empty);
    if (ret || !write) return ret;
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return fc_fail(diag, FC_E_DB_READONLY, NULL, store->path, NULL);
    ret = start_writing(store, empty, diag);
    if (!ret && empty) ret = make_schema(store, diag);
    if (!ret) ret = add_columns(store, diag);
    if (!ret) ret = fc_store_complete_waits(store, diag);
    if (!ret) ret = fc_store_complete_looks(store, diag);
    if (!ret) ret = fc_store_complete_parts(store, diag);
    if (!ret && fc_batch_rows_register(store)) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    return ret;
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

/* Leaves one file that opens anywhere, in a read-only folder too: a file with a write-ahead log
 * needs a second and third one beside it even to be read. Only the last to leave can do that; the
 * others at least empty the log into the file. */
static void settle(fc_store *store)
{
    if (!store->writes) return;
    sqlite3_busy_timeout(store->db, 0);
    if (sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        sqlite3_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
}

int fc_store_close(fc_store *store)
{
    if (!store) return FC_OK;
    int ret = fc_store_flush(store, NULL);
    fc_store_batch_free(&store->batch);
    settle(store);
    if (sqlite3_close(store->db) != SQLITE_OK && !ret) ret = FC_E_DB;
    free(store->outcome_ids);
    free(store->month_days);
    free(store->entities);
    free(store->waiting);
    free(store->draw_ids);
    free(store->draw_is_date);
    free(store->path);
    free(store);
    return ret;
}
