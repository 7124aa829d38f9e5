/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The digest says whether results are equal: it must follow every value and nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sqlite3.h>
#include "store_helper.h"

enum { N = 12 };

/* Replications in the order given, with a flush after each whose bit in `flushes` is set. */
static void make_shuffled(fixture *f, const char *path, const uint32_t order[N], unsigned flushes)
{
    int64_t run;
    fc_store *store = open_store(f, path, FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    for (uint32_t i = 0; i < N; i++) {
        add_replications(f, store, f->scenario, run, order[i], order[i] + 1);
        if (flushes >> i & 1) check(f, fc_store_flush(store, f->diag));
    }
    assert_int_equal(fc_store_close(store), FC_OK);
}

static void test_order_and_batches(void **state)
{
    fixture *f = *state;
    uint32_t order[N];
    make_database(f, "plain.db", N); /* with a summary, the others without */
    const char *digest = digest_of(f, "plain.db");
    srand(20250101);
    for (uint32_t i = 0; i < N; i++) order[i] = i;
    for (int round = 0; round < 8; round++) {
        char path[32];
        snprintf(path, sizeof path, "%d.db", round);
        for (uint32_t i = N - 1; i > 0; i--) {
            uint32_t j = (uint32_t)rand() % (i + 1), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        make_shuffled(f, path, order, (unsigned)rand());
        assert_string_equal(digest_of(f, path), digest);
    }
}

static void test_row_ids_and_time(void **state)
{
    fixture *f = *state;
    fc_scenario *other = load_text(f, small_scenario, 2),
                *third = load_text(f, failing_scenario, 1);
    fc_scenario *orders[][3] = {{f->scenario, other, third}, {third, other, f->scenario}};
    const char *digests[2];
    for (int k = 0; k < 2; k++) {
        char path[32];
        int64_t run;
        snprintf(path, sizeof path, "%d.db", k);
        fc_store *store = open_store(f, path, FC_STORE_WRITE);
        for (int i = 0; i < 3; i++) {
            check(f, fc_store_begin_run(store, orders[k][i], f->diag, &run));
            if (orders[k][i] != third) add_replications(f, store, orders[k][i], run, 0, 3);
        }
        fc_store_close(store);
        digests[k] = digest_of(f, path);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_int_equal(sql_number("0.db", "SELECT seed FROM run WHERE run_id = 2"), 2);
    assert_string_not_equal(sql_row(f, "0.db", "SELECT hash FROM run WHERE run_id = 1"),
                            sql_row(f, "1.db", "SELECT hash FROM run WHERE run_id = 1"));
    sql("0.db", "UPDATE run SET created = '1999-12-31'; VACUUM");
    assert_string_equal(digest_of(f, "0.db"), digests[0]);
    fc_scenario_free(other);
    fc_scenario_free(third);
}

/* Where the scenario's file lies is no result. */
static void test_place(void **state)
{
    fixture *f = *state;
    const char *digests[2];
    for (int k = 0; k < 2; k++) {
        static const char *const names[] = {"test.yaml", "/home/somebody/test.yaml"};
        fc_scenario *s;
        int64_t run;
        check(f, fc_scenario_load_text(names[k], small_scenario, strlen(small_scenario), NULL,
                                       f->diag, &s));
        fc_store *store = open_store(f, k ? "1.db" : "0.db", FC_STORE_WRITE);
        check(f, fc_store_begin_run(store, s, f->diag, &run));
        fc_store_close(store);
        fc_scenario_free(s);
        digests[k] = digest_of(f, k ? "1.db" : "0.db");
    }
    assert_string_equal(digests[0], digests[1]);
}

/* The next number above one value of a table: the last bit of its double changes. */
static void nudge(const char *path, const char *table, const char *column, const char *where)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    char query[300];
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    snprintf(query, sizeof query, "SELECT %s FROM %s WHERE %s", column, table, where);
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    double value = nextafter(sqlite3_column_double(q, 0), INFINITY);
    sqlite3_finalize(q);
    snprintf(query, sizeof query, "UPDATE %s SET %s = ? WHERE %s", table, column, where);
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &q, NULL), SQLITE_OK);
    sqlite3_bind_double(q, 1, value);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

static void test_last_bit(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *table, *column, *where;
    } values[] = {
        {"outcome", "value", "replication = 1 AND metric_id = 5"},
        {"outcome", "value",
         "replication = 3 AND value = 0 AND metric_id = (SELECT max(metric_id) FROM"
         " outcome WHERE replication = 3 AND value = 0)"},
        {"series", "gpus_contracted", "replication = 2 AND day = 19388"},
        {"series", "h100e_in_service", "replication = 3 AND day = 20453"},
        {"draw", "value", "replication = 0 AND path_id = 1"},
    };
    make_database(f, "plain.db", 4);
    bytes plain = read_bytes("plain.db");
    const char *digest = digest_of(f, "plain.db");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        write_bytes("r.db", plain);
        assert_string_equal(digest_of(f, "r.db"), digest);
        nudge("r.db", values[i].table, values[i].column, values[i].where);
        assert_string_not_equal(digest_of(f, "r.db"), digest);
    }
    free(plain.data);
}

/* Anything else that is said of the results. Every one gives another digest. */
static void test_every_fact(void **state)
{
    fixture *f = *state;
    static const char *const changes[] = {
        "UPDATE metric SET en = en || '.' WHERE metric_id = 3",
        "UPDATE metric SET ko = ko || '.' WHERE metric_id = 3",
        "UPDATE metric SET unit = 'GPUs' WHERE metric_id = 1",
        "UPDATE metric SET iamc = 'X' WHERE metric_id = 3",
        "UPDATE path SET path = path || 'x' WHERE path_id = 1",
        "UPDATE fleet SET title_en = 'Korea'",
        "UPDATE fleet SET currency = 'USD'",
        "UPDATE run SET seed = '2'",
        "UPDATE run SET title_ko = '시험2'",
        "UPDATE run SET libm = 'x'",
        "UPDATE run SET headline = NULL",
        "UPDATE run SET headline = ''",
        "UPDATE run SET end_day = end_day + 1",
        "UPDATE input SET value = '9' WHERE path = 'fleets.korea.upkeep.repair_time'",
        "UPDATE input SET source = NULL WHERE path = 'world.accelerators.h100.price'",
        "UPDATE input SET source = '' WHERE path = 'world.accelerators.h100.price'",
        "UPDATE replication SET events = events + 1 WHERE replication = 1",
        "UPDATE outcome SET value = NULL WHERE replication = 0 AND metric_id = 1",
        "UPDATE outcome SET value = 0 WHERE replication = 0 AND metric_id = 1",
        "UPDATE series SET replication = 5 WHERE replication = 1",
        "UPDATE series SET money_paid = NULL WHERE replication = 1 AND day = 19388",
        "UPDATE series SET (money_paid, gpus_waiting) = (gpus_waiting, money_paid)",
        "DELETE FROM observed WHERE metric_id = 3",
        "DELETE FROM outcome WHERE replication = 1",
        "DELETE FROM draw WHERE replication = 1 AND path_id = 1",
        "INSERT INTO failure VALUES(1, 7, 501, 'x')",
        "INSERT INTO failure VALUES(1, 7, 501, 'y')",
        "INSERT INTO warning VALUES(1, 1, 901, 'x')",
        /* the same letters, otherwise parted */
        "UPDATE run SET title_en = 'Test시', title_ko = '험'",
        "UPDATE run SET title_en = 'Tes', title_ko = 't시험'",
    };
    enum { CHANGES = sizeof changes / sizeof *changes };
    const char *digests[CHANGES + 1];
    make_database(f, "plain.db", 2);
    bytes plain = read_bytes("plain.db");
    digests[CHANGES] = digest_of(f, "plain.db");
    for (int i = 0; i < CHANGES; i++) {
        write_bytes("r.db", plain);
        sql("r.db", changes[i]);
        digests[i] = digest_of(f, "r.db");
        for (int k = 0; k < i; k++)
            if (!strcmp(digests[i], digests[k])) fail_msg("%s = %s", changes[i], changes[k]);
        if (!strcmp(digests[i], digests[CHANGES])) fail_msg("%s: same digest", changes[i]);
    }
    free(plain.data);
}

/* In which order the columns of series stand, and which others there are, is no result. */
static void test_columns(void **state)
{
    fixture *f = *state;
    make_database(f, "r.db", 3);
    const char *digest = digest_of(f, "r.db");
    sql("r.db", "ALTER TABLE series ADD COLUMN a_metric_of_tomorrow REAL");
    assert_string_equal(digest_of(f, "r.db"), digest);
    sql("r.db", "DROP VIEW v_series_long; ALTER TABLE series RENAME COLUMN gpus_waiting TO kept;"
                "ALTER TABLE series ADD COLUMN gpus_waiting REAL;"
                "UPDATE series SET gpus_waiting = kept; ALTER TABLE series DROP COLUMN kept");
    assert_string_equal(digest_of(f, "r.db"), digest);
    sql("r.db", "UPDATE series SET a_metric_of_tomorrow = 0 WHERE replication = 1");
    assert_string_not_equal(digest_of(f, "r.db"), digest);
}

/* With what is pending, and what another process writes is not seen by half. */
static void test_moment(void **state)
{
    fixture *f = *state;
    int64_t run;
    char hex[65], later[65];
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 0, 3);
    check(f, fc_store_digest(store, f->diag, hex));
    add_replications(f, store, f->scenario, run, 3, 4);
    check(f, fc_store_digest(store, f->diag, later));
    fc_store_close(store);
    make_database(f, "3.db", 3);
    make_database(f, "4.db", 4);
    assert_string_equal(hex, digest_of(f, "3.db"));
    assert_string_equal(later, digest_of(f, "4.db"));
}

/* A comma for a decimal point in the caller's locale changes nothing. */
static void test_locale(void **state)
{
    fixture *f = *state;
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8"};
    bool comma = false;
    make_database(f, "r.db", 2);
    const char *digest = digest_of(f, "r.db");
    for (size_t i = 0; i < sizeof locales / sizeof *locales && !comma; i++)
        comma = setlocale(LC_NUMERIC, locales[i]) && localeconv()->decimal_point[0] == ',';
    if (!comma) skip(); /* no such locale is installed */
    const char *here = digest_of(f, "r.db");
    int64_t run;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE); /* nor does it make another machine */
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    fc_store_close(store);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(here, digest);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(test_order_and_batches),
        TEST(test_row_ids_and_time),
        TEST(test_place),
        TEST(test_last_bit),
        TEST(test_every_fact),
        TEST(test_columns),
        TEST(test_moment),
        TEST(test_locale),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
