/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of series: a column a metric, in files that have more or fewer of them than this
 * program, and the summary made of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include "base/text.h"
#include "model/metric_table.h"
#include "store/series_by_day.h"
#include "store_helper.h"

/* 2023-01-31, the first month end. */
#define FIRST "19388"

static double recorded(fixture *f, uint32_t replication, uint32_t month, int metric)
{
    const fc_plan *plan = f->scenario->plan;
    fc_record record;
    uint32_t k = 0;
    while (plan->series[k].metric != metric) k++;
    simulate(f, f->scenario, replication, &record);
    double value = record.series[month * plan->n_series + k];
    fc_record_free(&record);
    return value;
}

static double stored(fixture *f, const char *query)
{
    return strtod(sql_row(f, "r.db", query), NULL);
}

/* As an analyst reads it, wide and long. */
static void test_read_at_once(void **state)
{
    enum { N = 4, MONTH = 20 };
    fixture *f = *state;
    make_database(f, "r.db", N);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM series"), N * 36);
    for (uint32_t r = 0; r < N; r++) {
        char wide[200], tall[300];
        double paid = recorded(f, r, MONTH, FC_M_money_paid);
        assert_true(paid > 0);
        snprintf(wide, sizeof wide,
                 "SELECT printf('%%!.17g', money_paid) FROM series WHERE replication = %u AND"
                 " day = unixepoch('2024-09-30') / 86400",
                 r);
        snprintf(tall, sizeof tall,
                 "SELECT printf('%%!.17g', value) FROM v_series_long WHERE run = 'test' AND"
                 " metric = 'money_paid' AND entity = 'korea' AND unit = 'KRW' AND"
                 " replication = %u AND date = '2024-09-30'",
                 r);
        assert_true(stored(f, wide) == paid);
        assert_true(stored(f, tall) == paid);
    }
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM v_series_long"),
                     N * 36 * f->scenario->plan->n_series);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(name) FROM pragma_table_info("
                                "'v_series_long')"),
                        "run,run_id,replication,metric,entity,date,value,unit");
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM metric WHERE kind = 'series' AND"
                                        " metric NOT IN (SELECT name FROM"
                                        " pragma_table_info('series'))"),
                     0);
}

/* The unit of a value is that of its run, not of another that has the same fleet. */
static void test_units(void **state)
{
    fixture *f = *state;
    fc_text text = FC_TEXT_EMPTY;
    int64_t run;
    const char *at = small_scenario;
    for (const char *p; (p = strstr(at, "currency: KRW")); at = p + 13) {
        fc_text_addn(&text, at, (size_t)(p - at));
        fc_text_add(&text, "currency: USD");
    }
    fc_text_add(&text, at);
    fc_scenario *other = load_text(f, text.data, 1);
    make_database(f, "r.db", 2);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, other, f->diag, &run));
    add_replications(f, store, other, run, 0, 2);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    for (int view = 0; view < 2; view++)
        for (int i = 1; i <= 2; i++) {
            char query[200];
            snprintf(query, sizeof query,
                     "SELECT group_concat(DISTINCT unit), count(*) FROM %s WHERE run_id = %d AND"
                     " metric = 'money_paid'",
                     view ? "v_series" : "v_series_long", i);
            assert_string_equal(
                sql_row(f, "r.db", query),
                fc_arena_printf(f->arena, "%s|%d", i == 1 ? "KRW" : "USD", view ? 36 : 72));
        }
    fc_scenario_free(other);
    fc_text_free(&text);
}

/* A file of smaller pages, as earlier programs made them, is gone on with as it is. */
static void test_file_of_smaller_pages(void **state)
{
    fixture *f = *state;
    int64_t run;
    make_database(f, "whole.db", 4);
    make_database(f, "r.db", 2);
    assert_int_equal(sql_number("r.db", "PRAGMA page_size"), 8192);
    sql("r.db", "PRAGMA page_size = 4096; VACUUM");
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 2, 4);
    fc_store_close(store);
    assert_int_equal(sql_number("r.db", "PRAGMA page_size"), 4096);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "whole.db"));
}

/* A file of a program that did not have two of the metrics. */
static void test_file_with_fewer_columns(void **state)
{
    fixture *f = *state;
    int64_t run;
    fc_panel panel;
    make_database(f, "r.db", 2);
    sql("r.db", "DROP VIEW v_series_long; ALTER TABLE series DROP COLUMN gpus_waiting;"
                "ALTER TABLE series DROP COLUMN gpus_contracted; UPDATE run SET summarised = 0;"
                "CREATE VIEW v_series_long AS SELECT 1;"
                "PRAGMA foreign_keys = OFF; DELETE FROM summary;"
                "DELETE FROM outcome WHERE metric_id IN (SELECT metric_id FROM metric WHERE"
                " metric IN ('gpus_waiting', 'gpus_contracted'));"
                "DELETE FROM observed WHERE metric_id IN (SELECT metric_id FROM metric WHERE"
                " metric IN ('gpus_waiting', 'gpus_contracted'));"
                "DELETE FROM metric WHERE metric IN ('gpus_waiting', 'gpus_contracted')");
    const char *before = digest_of(f, "r.db");
    /* It can be read as it is. */
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    check(f, fc_store_panel(store, f->arena, 1, "gpus_waiting", "korea", f->diag, &panel));
    assert_int_equal(panel.n_days, 0);
    check(f, fc_store_panel(store, f->arena, 1, "gpus_in_service", "korea", f->diag, &panel));
    assert_int_equal(panel.n_days, 36);
    fc_store_close(store);
    /* Opened for writing it gets the columns; what is there stays what it is. */
    store = open_store(f, "r.db", FC_STORE_WRITE);
    fc_store_close(store);
    assert_string_equal(digest_of(f, "r.db"), before);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM pragma_table_info('series') WHERE"
                                        " name IN ('gpus_waiting', 'gpus_contracted')"),
                     2);
    store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 2, 5);
    check(f, fc_store_summarise(store, run, 2, f->diag));
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT count(*), count(gpus_waiting), count(gpus_in_service)"
                                " FROM series WHERE day = " FIRST),
                        "5|3|5");
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(DISTINCT n) FROM v_series WHERE metric ="
                                " 'gpus_waiting'"),
                        "3");
    assert_int_equal(sql_number("r.db", "SELECT count(value) FROM v_series_long WHERE metric ="
                                        " 'gpus_contracted'"),
                     3 * 36);
}

/* A file of a program that has one metric more: its column stays, and is NULL in our rows. */
static void test_file_with_more_columns(void **state)
{
    fixture *f = *state;
    int64_t run;
    make_database(f, "r.db", 2);
    sql("r.db",
        "ALTER TABLE series ADD COLUMN \"next; --\" REAL; UPDATE series SET \"next; --\" = 7;"
        "INSERT INTO metric VALUES(900, 'next; --', 'korea', '1', 'series', 'x', 'x', 'x');"
        "INSERT INTO observed VALUES(1, 900)");
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 2, 5);
    check(f, fc_store_summarise(store, run, 2, f->diag));
    fc_panel panel;
    check(f, fc_store_panel(store, f->arena, 1, "next; --", "korea", f->diag, &panel));
    assert_int_equal(panel.n, 5);
    assert_true(panel.value[1] == 7 && isnan(panel.value[2]));
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db", "SELECT n, p50 FROM v_series WHERE metric = 'next; --'"),
                        "2|7.0");
}

/* Whether a name is a metric's or not, only series are read as such. */
static void test_no_such_series(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"met", "replication", "run_id", "nothing", "\"", ""};
    make_database(f, "r.db", 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fc_panel panel;
        fc_sample sample;
        check(f, fc_store_panel(store, f->arena, 1, names[i], "korea", f->diag, &panel));
        check(f, fc_store_series(store, f->arena, 1, names[i], "korea", 19388, f->diag, &sample));
        assert_int_equal(panel.n_days + sample.n, 0);
    }
    fc_store_close(store);
}

/* All of the summary as text. */
static const char *summary_of(fixture *f, const char *path)
{
    return sql_row(f, path,
                   "SELECT group_concat(printf('%d %d %d %!.17g %!.17g %!.17g %!.17g %!.17g"
                   " %!.17g', metric_id, day, n, mean, p05, p25, p50, p75, p95), x'0a') FROM"
                   " (SELECT * FROM summary ORDER BY metric_id, day)");
}

/* The same whatever the number of threads, NULLs left out, days without a value too. */
static void test_summary_threads(void **state)
{
    enum { N = 420 }; /* enough for the seven threads */
    fixture *f = *state;
    static const unsigned threads[] = {0, 1, 2, 7, 100};
    const char *first = NULL;
    make_database(f, "r.db", N);
    sql("r.db", "UPDATE series SET it_power = NULL WHERE replication % 3 = 1;"
                "UPDATE series SET site_power = NULL WHERE day = " FIRST);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        sql("r.db", "UPDATE run SET summarised = 0; DELETE FROM summary");
        fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
        check(f, fc_store_summarise(store, 1, threads[i], f->diag));
        fc_store_close(store);
        const char *summary = summary_of(f, "r.db");
        if (!first) first = summary;
        assert_true(strlen(summary) > 10000);
        assert_string_equal(summary, first);
    }
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT count(*), min(n), max(n) FROM v_series WHERE metric ="
                                " 'it_power'"),
                        "36|280|280");
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT count(*), min(n) FROM v_series WHERE metric ="
                                " 'site_power'"),
                        "35|420");
}

/* A connection of its own is not to be had in memory, nor when the file has gone: the calling
 * thread does it all. */
static void test_summary_without_threads(void **state)
{
    enum { N = 120 };
    fixture *f = *state;
    for (int gone = 0; gone < 2; gone++) {
        int64_t run;
        fc_quantile_rows rows;
        fc_store *store = open_store(f, gone ? "r.db" : ":memory:", FC_STORE_WRITE);
        check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
        add_replications(f, store, f->scenario, run, 0, N);
        check(f, fc_store_flush(store, f->diag));
        if (gone) assert_int_equal(remove("r.db"), 0);
        check(f, fc_store_summarise(store, run, 3, f->diag));
        check(f, fc_store_quantiles(store, f->arena, run, "money_paid", "korea", f->diag, &rows));
        assert_int_equal(rows.n_days, 36);
        fc_store_close(store);
    }
}

/* The rows of two columns as they are handed on, "day replication a b". */
typedef struct told {
    fc_text text;
    int64_t last;
} told;

static bool add_told(void *self, const fc_series_day *day)
{
    told *t = self;
    assert_true(day->day > t->last && day->n > 0);
    t->last = day->day;
    for (size_t i = 0; i < day->n; i++) {
        fc_text_printf(&t->text, "%d %d", (int)day->day, (int)day->replication[i]);
        for (size_t k = 0; k < 2; k++) {
            double value = day->value[k * day->n + i];
            fc_text_printf(&t->text, isnan(value) ? " -" : " %.0f", value);
            day->value[k * day->n + i] = 99; /* the callee's to change */
        }
        fc_text_add(&t->text, "\n");
    }
    return true;
}

static bool refuse(void *self, const fc_series_day *day)
{
    (void)day;
    return ++*(int *)self < 3;
}

/* Day by day in stretches of any size: what the database says, where replications lack a row or a
 * value too. */
static void test_by_day(void **state)
{
    enum { N = 9 };
    fixture *f = *state;
    static const size_t most[] = {0, 1, N * 3 * 8, 5 * N * 3 * 8, 1000 * 1000};
    static const char *const columns[] = {"money_paid", "site_power"};
    make_database(f, "r.db", N);
    sql("r.db", "UPDATE series SET site_power = NULL WHERE (replication + day) % 3 = 1;"
                "DELETE FROM series WHERE replication = 0 AND day < 19500;"
                "DELETE FROM series WHERE replication = 4 AND day % 4 = 1;"
                "DELETE FROM series WHERE day = unixepoch('2024-02-29') / 86400");
    const char *expected =
        sql_row(f, "r.db",
                "SELECT group_concat(format('%d %d %.0f %s', day, replication, money_paid,"
                " iif(site_power IS NULL, '-', format('%.0f', site_power))), x'0a') || x'0a' FROM"
                " (SELECT * FROM series WHERE day < 20200 ORDER BY day, replication)");
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    fc_series_wanted wanted = {.run = 1,
                               .from = 19388,
                               .to = 20200,
                               .entity = "korea",
                               .columns = columns,
                               .n_columns = 2};
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        told t = {.text = FC_TEXT_EMPTY};
        wanted.bytes = most[i];
        check(f, fc_series_by_day(store, &wanted, f->diag, add_told, &t));
        assert_string_equal(t.text.data, expected);
        fc_text_free(&t.text);
    }
    int days = 0;
    assert_int_equal(fc_series_by_day(store, &wanted, f->diag, refuse, &days), FC_E_NOMEM);
    assert_int_equal(days, 3);
    assert_string_equal(said(f), "out of memory [E101]\n");
    wanted.to = INT64_MAX;
    assert_int_equal(fc_series_by_day(store, &wanted, f->diag, refuse, &days), FC_E_DB_DAMAGED);
    fc_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(test_read_at_once),
        TEST(test_units),
        TEST(test_file_of_smaller_pages),
        TEST(test_file_with_fewer_columns),
        TEST(test_file_with_more_columns),
        TEST(test_no_such_series),
        TEST(test_by_day),
        TEST(test_summary_threads),
        TEST(test_summary_without_threads),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
