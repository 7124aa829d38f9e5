/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that cannot be used, folders that cannot be written to, disks that are full: a clear error,
 * and nothing harmed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/store_private.h"
#include "store_helper.h"

/* Opening `path` gives `code` and the message. */
static void refused(fixture *f, const char *path, fc_store_mode mode, int code, const char *message)
{
    fc_store *store;
    int ret = fc_store_open(path, mode, f->diag, &store);
    assert_string_equal(said(f), message);
    assert_int_equal(ret, code);
    assert_null(store);
}

/* In both modes, and the file stays as it is, alone in its folder. */
static void refused_untouched(fixture *f, const char *path, int code, const char *message)
{
    bytes before = read_bytes(path);
    const char *beside = files(f, ".");
    for (int mode = FC_STORE_READ; mode <= FC_STORE_WRITE; mode++) {
        refused(f, path, (fc_store_mode)mode, code, message);
        bytes after = read_bytes(path);
        assert_int_equal(after.size, before.size);
        assert_memory_equal(after.data, before.data, before.size);
        free(after.data);
        assert_string_equal(files(f, "."), beside);
    }
    free(before.data);
}

#define NOT_OURS                                                                                   \
    " is not a fleetcast results database; it was left as it is (choose another file with -o)"     \
    " [E414]\n"

static void test_no_file(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkdir("folder", 0700), 0);
    refused(f, "folder", FC_STORE_READ, FC_E_FILE_OPEN,
            "cannot open folder: Is a directory [E401]\n");
    refused(f, "folder", FC_STORE_WRITE, FC_E_FILE_OPEN,
            "cannot open folder: Is a directory [E401]\n");
    refused(f, "none.db", FC_STORE_READ, FC_E_FILE_OPEN,
            "cannot open none.db: No such file or directory [E401]\n");
    refused(f, "none/r.db", FC_STORE_READ, FC_E_FILE_OPEN,
            "cannot open none/r.db: No such file or directory [E401]\n");
    refused(f, "none/r.db", FC_STORE_WRITE, FC_E_FILE_OPEN,
            "cannot open none/r.db: No such file or directory [E401]\n");
    refused(f, "", FC_STORE_WRITE, FC_E_FILE_OPEN,
            "cannot open : No such file or directory [E401]\n");
    assert_int_equal(mkfifo("fifo", 0600), 0);
    refused(f, "fifo", FC_STORE_READ, FC_E_DB_NOT_OURS, "fifo" NOT_OURS);
    refused(f, "fifo", FC_STORE_WRITE, FC_E_DB_NOT_OURS, "fifo" NOT_OURS);
    refused(f, "/dev/null", FC_STORE_WRITE, FC_E_DB_NOT_OURS, "/dev/null" NOT_OURS);
    assert_string_equal(files(f, "."), "fifo folder");
    assert_string_equal(files(f, "folder"), "");
}

static void test_empty_file(void **state)
{
    fixture *f = *state;
    write_bytes("r.db", (bytes){0});
    refused(f, "r.db", FC_STORE_READ, FC_E_DB_EMPTY,
            "r.db is empty: no run has written to it yet [E419]\n");
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM sqlite_schema"), 0);
    make_database(f, "r.db", 1);
}

static void test_somebody_elses(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *sql;
        int code;
        const char *message;
    } cases[] = {
        {"CREATE TABLE t(x)", FC_E_DB_NOT_OURS, "r.db" NOT_OURS},
        {"PRAGMA application_id = 77; CREATE TABLE t(x)", FC_E_DB_NOT_OURS, "r.db" NOT_OURS},
        {"PRAGMA application_id = 77", FC_E_DB_NOT_OURS, "r.db" NOT_OURS},
        {"PRAGMA user_version = 3", FC_E_DB_NOT_OURS, "r.db" NOT_OURS},
        {"PRAGMA journal_mode = WAL; CREATE TABLE t(x)", FC_E_DB_NOT_OURS, "r.db" NOT_OURS},
        /* 0x464c4354 without a version */
        {"PRAGMA application_id = 1179403092; CREATE TABLE t(x)", FC_E_DB_NOT_OURS,
         "r.db" NOT_OURS},
        {"PRAGMA application_id = 1179403092; PRAGMA user_version = 4", FC_E_DB_NEWER,
         "r.db was written by a newer fleetcast (schema 4; this program knows 3); it was left as it"
         " is [E415]\n"},
        {"PRAGMA application_id = 1179403092; PRAGMA user_version = 2; CREATE TABLE run(x)",
         FC_E_DB_OLDER,
         "r.db was written by an earlier fleetcast (schema 2; this program writes 3); it was left "
         "as"
         " it is: choose another file with -o and run the scenarios again [E418]\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sql("r.db", cases[i].sql);
        refused_untouched(f, "r.db", cases[i].code, cases[i].message);
        remove("r.db");
    }
    write_bytes("r.db", (bytes){26, (unsigned char *)"model,scenario,region,unit"});
    refused_untouched(f, "r.db", FC_E_DB_NOT_OURS, "r.db" NOT_OURS);
    bytes noise = {.size = 20000, .data = malloc(20000)};
    for (size_t i = 0; i < noise.size; i++) noise.data[i] = (unsigned char)(i * 7919 >> 3);
    write_bytes("r.db", noise);
    refused_untouched(f, "r.db", FC_E_DB_NOT_OURS, "r.db" NOT_OURS);
    free(noise.data);
}

/* Another program's database with a write-ahead log that is not in it yet, as after a crash. */
static void test_somebody_elses_log(void **state)
{
    fixture *f = *state;
    static const char *const parts[] = {"live.db", "live.db-wal", "live.db-shm"};
    static const char *const copies[] = {"r.db", "r.db-wal", "r.db-shm"};
    bytes content[3];
    sqlite3 *db;
    sql("live.db", "PRAGMA journal_mode = WAL; CREATE TABLE t(x)");
    assert_int_equal(sqlite3_open("live.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO t VALUES(1)", NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < 3; i++) write_bytes(copies[i], content[i] = read_bytes(parts[i]));
    sqlite3_close(db);
    assert_true(content[1].size > 0);
    refused_untouched(f, "r.db", FC_E_DB_NOT_OURS, "r.db" NOT_OURS);
    for (int i = 0; i < 3; i++) {
        bytes after = read_bytes(copies[i]);
        assert_int_equal(after.size, content[i].size);
        assert_memory_equal(after.data, content[i].data, after.size);
        free(after.data);
        free(content[i].data);
    }
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM t"), 1);
}

static void test_damaged(void **state)
{
    enum { PAGE = 8192 };
    fixture *f = *state;
    static const char message[] = "r.db is damaged (database disk image is malformed); restore it"
                                  " from a copy, or choose another file with -o [E417]\n";
    make_database(f, "whole.db", 2);
    bytes whole = read_bytes("whole.db");
    remove("whole.db");
    for (size_t size = PAGE; size < whole.size; size += 5 * PAGE) { /* cut off */
        write_bytes("r.db", (bytes){size, whole.data});
        refused_untouched(f, "r.db", FC_E_DB_DAMAGED, message);
    }
    memset(whole.data + 100, 0xff, 300); /* the schema's page, behind the header */
    write_bytes("r.db", whole);
    refused_untouched(f, "r.db", FC_E_DB_DAMAGED, message);
    free(whole.data);
}

/* A page within: found by who reads it, with the same message, and not made worse. */
static void test_damaged_within(void **state)
{
    fixture *f = *state;
    char hex[65];
    make_database(f, "r.db", 2);
    char query[] = "SELECT rootpage FROM sqlite_schema WHERE name = 'series'";
    int64_t page = sql_number("r.db", query), bytes_a_page = sql_number("r.db", "PRAGMA page_size");
    bytes content = read_bytes("r.db");
    memset(content.data + (page - 1) * bytes_a_page, 0xff, (size_t)bytes_a_page);
    write_bytes("r.db", content);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    assert_int_equal(fc_store_digest(store, f->diag, hex), FC_E_DB_DAMAGED);
    fc_store_close(store);
    assert_string_equal(said(f), "r.db is damaged (database disk image is malformed); restore it"
                                 " from a copy, or choose another file with -o [E417]\n");
    bytes after = read_bytes("r.db");
    assert_memory_equal(after.data, content.data, content.size);
    free(after.data);
    free(content.data);
}

static void test_rows_missing(void **state)
{
    fixture *f = *state;
    fc_panel panel;
    make_database(f, "r.db", 2);
    sql("r.db", "DELETE FROM series WHERE replication = 1 AND day = 19388");
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    assert_int_equal(fc_store_panel(store, f->arena, 1, "gpus_waiting", "korea", f->diag, &panel),
                     FC_E_DB_DAMAGED);
    assert_string_equal(said(f), "r.db is damaged (rows of a replication are missing); restore it"
                                 " from a copy, or choose another file with -o [E417]\n");
    fc_store_close(store);
}

static void test_other_machine(void **state)
{
    fixture *f = *state;
    int64_t run;
    char message[400], here[65];
    make_database(f, "r.db", 1);
    sql("r.db", "UPDATE run SET libm = '0123456789abcdef'");
    const char *digest = digest_of(f, "r.db");
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    assert_int_equal(fc_store_begin_run(store, f->scenario, f->diag, &run), FC_E_DB_LIBM);
    fc_store_close(store);
    fc_store_libm_probe(here);
    snprintf(message, sizeof message,
             "r.db: this run was begun on a machine whose mathematical functions differ in the last"
             " bit (0123456789abcdef there, %s here): go on there, or use another file [E416]\n",
             here);
    assert_string_equal(said(f), message);
    assert_string_equal(digest_of(f, "r.db"), digest);
}

static void test_busy(void **state)
{
    fixture *f = *state;
    int64_t run;
    sqlite3 *other;
    make_database(f, "r.db", 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 1, 3);
    sqlite3_busy_timeout(store->db, 50); /* not a minute */
    assert_int_equal(sqlite3_open("r.db", &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(fc_store_flush(store, f->diag), FC_E_DB_BUSY);
    assert_string_equal(said(f), "r.db has been in use by another process for a minute; try again"
                                 " later [E412]\n");
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    /* The batch is lost, as promised, and comes again. */
    bool done[4] = {false};
    check(f, fc_store_flush(store, f->diag));
    check(f, fc_store_done(store, run, 4, done, f->diag));
    assert_memory_equal(done, ((bool[]){true, false, false, false}), sizeof done);
    add_replications(f, store, f->scenario, run, 1, 3);
    fc_store_close(store);
    make_database(f, "plain.db", 3);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "plain.db"));
}

/* ---- permissions ----------------------------------------------------------------------------- */

/* Root may do anything: be nobody meanwhile. */
static void be_nobody(fixture *f, bool nobody)
{
    if (nobody && geteuid() == 0) {
        assert_int_equal(chown(f->folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    } else if (!nobody && getuid() == 0) {
        assert_int_equal(seteuid(0), 0);
        prctl(PR_SET_DUMPABLE, 1); /* for the leak checker */
    }
}

#define READONLY(path) path " or its folder may not be written to [E413]\n"

static void test_no_permission(void **state)
{
    fixture *f = *state;
    make_database(f, "r.db", 2);
    const char *digest = digest_of(f, "r.db");
    bytes before = read_bytes("r.db");
    be_nobody(f, true);
    assert_int_equal(mkdir("locked", 0700), 0);
    write_bytes("locked/r.db", before);
    write_bytes("mine.db", before);
    assert_int_equal(chmod("mine.db", 0400), 0);
    assert_int_equal(chmod("locked", 0500), 0);
    refused(f, "mine.db", FC_STORE_WRITE, FC_E_DB_READONLY, READONLY("mine.db"));
    refused(f, "locked/r.db", FC_STORE_WRITE, FC_E_DB_READONLY, READONLY("locked/r.db"));
    refused(f, "locked/new.db", FC_STORE_WRITE, FC_E_FILE_OPEN,
            "cannot open locked/new.db: Permission denied [E401]\n");
    /* Reading needs neither. */
    assert_string_equal(digest_of(f, "mine.db"), digest);
    assert_string_equal(digest_of(f, "locked/r.db"), digest);
    assert_string_equal(files(f, "locked"), "r.db");
    assert_int_equal(chmod("mine.db", 0), 0);
    refused(f, "mine.db", FC_STORE_READ, FC_E_FILE_OPEN,
            "cannot open mine.db: Permission denied [E401]\n");
    refused(f, "mine.db", FC_STORE_WRITE, FC_E_FILE_OPEN,
            "cannot open mine.db: Permission denied [E401]\n");
    assert_int_equal(chmod("mine.db", 0600), 0);
    assert_int_equal(chmod("locked", 0), 0);
    refused(f, "locked/r.db", FC_STORE_READ, FC_E_FILE_OPEN,
            "cannot open locked/r.db: Permission denied [E401]\n");
    assert_int_equal(chmod("locked", 0700), 0);
    bytes after = read_bytes("locked/r.db"), mine = read_bytes("mine.db");
    be_nobody(f, false);
    assert_memory_equal(after.data, before.data, before.size);
    assert_memory_equal(mine.data, before.data, before.size);
    free(before.data);
    free(after.data);
    free(mine.data);
}

/* ---- full disks ------------------------------------------------------------------------------ */

static bool mount_disk(const char *folder, int kilobytes)
{
    char size[32];
    snprintf(size, sizeof size, "size=%dk", kilobytes);
    mkdir(folder, 0700);
    return mount("tmpfs", folder, "tmpfs", 0, size) == 0;
}

/* Stores replications in batches of five until an error comes; returns it. */
static int fill(fixture *f, const char *path, uint32_t n)
{
    fc_store *store;
    int64_t run;
    int ret = fc_store_open(path, FC_STORE_WRITE, f->diag, &store);
    if (ret) return ret;
    bool *done = calloc(n, sizeof *done);
    ret = fc_store_begin_run(store, f->scenario, f->diag, &run);
    if (!ret) ret = fc_store_done(store, run, n, done, f->diag);
    for (uint32_t r = 0; r < n && !ret; r++) {
        fc_record record;
        if (done[r]) continue;
        simulate(f, f->scenario, r, &record);
        ret = fc_store_add(store, f->scenario->plan, run, r, &record, f->diag);
        if (!ret && r % 5 == 4) ret = fc_store_flush(store, f->diag);
        fc_record_free(&record);
    }
    if (!ret) ret = fc_store_summarise(store, run, 2, f->diag);
    free(done);
    int closed = fc_store_close(store);
    return ret ? ret : closed;
}

static void test_full_disk(void **state)
{
    enum { N = 100 };
    fixture *f = *state;
    /* From no room for the schema to almost enough; 0: at random. */
    static const int kilobytes[] = {4,   16,  48,   80, 120, 200, 320, 500,
                                    700, 900, 1100, 0,  0,   0,   0,   0};
    int kept_something = 0, finished = 0;
    if (!mount_disk("disk", 64)) skip(); /* not permitted here */
    umount("disk");
    make_database(f, "plain.db", N);
    const char *digest = digest_of(f, "plain.db");
    srand(20260926);
    for (size_t i = 0; i < sizeof kilobytes / sizeof *kilobytes; i++) {
        assert_true(mount_disk("disk", kilobytes[i] ? kilobytes[i] : 100 + rand() % 1000));
        int ret = fill(f, "disk/r.db", N);
        const char *message = said(f);
        assert_int_equal(mount("tmpfs", "disk", "tmpfs", MS_REMOUNT, "size=16m"), 0);
        if (ret) {
            assert_string_equal(message,
                                "disk/r.db: the disk is full; what was finished is kept [E411]\n");
            assert_int_equal(ret, FC_E_DB_FULL);
        }
        finished += !ret;
        /* What is there is whole. */
        assert_string_equal(sql_row(f, "disk/r.db", "PRAGMA integrity_check"), "ok");
        if (sql_number("disk/r.db", "SELECT count(*) FROM sqlite_schema") > 0) {
            kept_something += sql_number("disk/r.db", "SELECT count(*) FROM replication") > 0;
            assert_int_equal(
                sql_number("disk/r.db",
                           fc_arena_printf(f->arena,
                                           "SELECT count(*) FROM replication r WHERE %u <>"
                                           " (SELECT count(*) FROM series s WHERE s.replication ="
                                           " r.replication)",
                                           f->scenario->plan->n_months)),
                0);
        }
        /* On a bigger disk it goes on to the same end. */
        check(f, fill(f, "disk/r.db", N));
        assert_string_equal(digest_of(f, "disk/r.db"), digest);
        assert_string_equal(files(f, "disk"), "r.db");
        assert_int_equal(umount("disk"), 0);
    }
    assert_in_range(kept_something, 5, 15);
    assert_in_range(finished, 0, 2);
}

/* Merges a.db and b.db into it until an error comes; returns it. */
static int merge_both(fixture *f, const char *path)
{
    static const char *const parts[] = {"a.db", "b.db"};
    fc_merge_result merged;
    fc_store *store;
    int ret = fc_store_open(path, FC_STORE_WRITE, f->diag, &store);
    for (size_t i = 0; i < 2 && !ret; i++)
        ret = fc_store_merge(store, parts[i], false, f->diag, &merged);
    int closed = fc_store_close(store);
    return ret ? ret : closed;
}

/* A part with replications [from, to) of the small scenario. */
static void make_part(fixture *f, const char *path, uint32_t from, uint32_t to)
{
    int64_t run;
    fc_store *store = open_store(f, path, FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, from, to);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    assert_int_equal(fc_store_close(store), FC_OK);
}

/* A part is there as a whole or not at all; repeated on a bigger disk, the merge is complete. */
static void test_full_disk_while_merging(void **state)
{
    enum { N = 100 };
    fixture *f = *state;
    static const int kilobytes[] = {4, 48, 320, 640, 800, 1000, 1200, 1600, 0, 0, 0, 0, 0, 0};
    int stored[3] = {0}; /* how often neither, one or both were there */
    if (!mount_disk("disk", 64)) skip();
    umount("disk");
    make_database(f, "plain.db", N);
    make_part(f, "a.db", 0, N / 2);
    make_part(f, "b.db", N / 2, N);
    const char *digest = digest_of(f, "plain.db");
    srand(20261122);
    for (size_t i = 0; i < sizeof kilobytes / sizeof *kilobytes; i++) {
        assert_true(mount_disk("disk", kilobytes[i] ? kilobytes[i] : 200 + rand() % 1800));
        int ret = merge_both(f, "disk/r.db");
        const char *message = said(f);
        assert_int_equal(mount("tmpfs", "disk", "tmpfs", MS_REMOUNT, "size=16m"), 0);
        if (ret) {
            assert_string_equal(message,
                                "disk/r.db: the disk is full; what was finished is kept [E411]\n");
            assert_int_equal(ret, FC_E_DB_FULL);
        }
        assert_string_equal(sql_row(f, "disk/r.db", "PRAGMA integrity_check"), "ok");
        assert_string_equal(sql_row(f, "disk/r.db", "PRAGMA foreign_key_check"), "no row");
        bool schema = sql_number("disk/r.db", "SELECT count(*) FROM sqlite_schema") > 0;
        int64_t n = schema ? sql_number("disk/r.db", "SELECT count(*) FROM replication") : 0;
        assert_true(n % (N / 2) == 0 && (ret || n == N));
        stored[2 * n / N]++;
        check(f, merge_both(f, "disk/r.db"));
        assert_string_equal(digest_of(f, "disk/r.db"), digest);
        assert_string_equal(files(f, "disk"), "r.db");
        assert_int_equal(umount("disk"), 0);
    }
    for (int k = 0; k < 3; k++) assert_in_range(stored[k], 1, 10);
}

/* Also after a failed assertion. */
static int clean_up(void **state)
{
    if (getuid() == 0 && geteuid() != 0) assert_int_equal(seteuid(0), 0);
    umount2("disk", MNT_DETACH);
    return fixture_close(state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, clean_up)
    const struct CMUnitTest tests[] = {
        TEST(test_no_file),        TEST(test_empty_file),
        TEST(test_somebody_elses), TEST(test_somebody_elses_log),
        TEST(test_damaged),        TEST(test_damaged_within),
        TEST(test_rows_missing),   TEST(test_other_machine),
        TEST(test_busy),           TEST(test_no_permission),
        TEST(test_full_disk),      TEST(test_full_disk_while_merging),
    };
    return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
