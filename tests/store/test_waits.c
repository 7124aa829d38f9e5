/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waits and slowdowns of jobs and waits of projects in the database: kept by replication, pooled
 * over all, the same however they came there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/histogram.h"
#include "store_helper.h"

static const char TEXT[] =
    "fleetcast: 1\n"
    "horizon: {start: 2025-01-01, end: 2025-03-01}\n"
    "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS}}}\n"
    "fleets:\n"
    "  one:\n"
    "    stock: {old: {model: h100, count: 16, since: 2024-01-01}}\n"
    "    demand:\n"
    "      detail: jobs\n"
    "      classes:\n"
    "        b: {arrivals: 40/day, gpus: 4, duration: {varies: {distribution: exponential, mean: "
    "2 hours}}, patience: 3 hours}\n"
    "        a: {arrivals: 10/day, gpus: 1, duration: 3 hours}\n";

/* Projects for grants, with jobs of their own and without. */
static const char GRANTS[] =
    "fleetcast: 1\n"
    "horizon: {start: 2025-01-01, end: 2025-06-01}\n"
    "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS}}}\n"
    "fleets:\n"
    "  one:\n"
    "    stock: {old: {model: h100, count: 160, since: 2024-01-01}}\n"
    "    demand:\n"
    "      calls: {open: {closes: 2025-01-31, every: 20 days, review: 10 days, term: 30 days}}\n"
    "      classes:\n"
    "        bare: {access: open, arrivals: 0.2/day, gpus: 8}\n"
    "        busy: {access: open, arrivals: 0.2/day, gpus: 8, jobs: {arrivals: 6/day, gpus: 4,"
    " duration: 10 hours}}\n";

/* Replaces one of a class's histograms of a record by one of these. */
static void put_histogram(fc_record *record, size_t class, int which, const double *values, int n)
{
    fc_histogram h = FC_HISTOGRAM_EMPTY;
    fc_bytes *to = &record->waits[(size_t)FC_WAITS_A_CLASS * class + (size_t)which];

    for (int i = 0; i < n; i++) assert_int_equal(fc_histogram_add(&h, values[i]), FC_OK);
    free(to->data);
    assert_int_equal(fc_histogram_write(&h, &to->data, &to->length), FC_OK);
    fc_histogram_free(&h);
}

/* By hand: 0, 0, 0 and 1 h in one future, six times 2 h in the other, where one leaves after 10 h.
 * Median of the medians 1 h; of the 10 that started, the fifth and the tenth smallest are 2 h; of
 * all 11, the sixth is 2 h and the last 10 h. Slowdowns 1, 1, 2 and 4, 32: 40 / 5 on average, the
 * third is 2 and the last 32. */
static void test_by_hand(void **state)
{
    static const double first[] = {0, 0, 0, 3600};
    static const double second[] = {7200, 7200, 7200, 7200, 7200, 7200}, left[] = {36000};
    static const double quick[] = {1, 1, 2}, slow[] = {4, 32};
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    for (uint32_t r = 0; r < 2; r++) {
        fc_record record;
        simulate(f, s, r, &record);
        put_histogram(&record, 0, FC_WAITS_STARTED, r ? second : first, r ? 6 : 4);
        put_histogram(&record, 0, FC_WAITS_GONE, left, r ? 1 : 0);
        put_histogram(&record, 0, FC_WAITS_SLOWDOWN, r ? slow : quick, r ? 2 : 3);
        check(f, fc_store_add(store, s->plan, run, r, &record, f->diag));
        fc_record_free(&record);
    }
    check(f, fc_store_summarise(store, run, 2, f->diag));
    fc_store_close(store);
    assert_string_equal(
        sql_row(f, "r.db",
                "SELECT replications, jobs, round(left_share * 11, 9), mean, p50, p95, p99, unit"
                " FROM v_wait WHERE entity = 'one.demand.b' AND of = 'started'"),
        "2|10.0|1.0|1.3|2.0|2.0|2.0|h");
    assert_string_equal(
        sql_row(f, "r.db",
                "SELECT jobs, round(mean * 11, 9), round(p50, 2), p95, p99 FROM v_wait"
                " WHERE entity = 'one.demand.b' AND of = 'all'"),
        "11.0|23.0|2.0|10.0|10.0");
    assert_string_equal(
        sql_row(f, "r.db",
                "SELECT measure, replications, jobs, left_share IS NULL, round(mean, 9),"
                " round(p50, 1), p95, p99, unit FROM v_wait"
                " WHERE entity = 'one.demand.b' AND of = 'done'"),
        "slowdown|2|5.0|1|8.0|2.0|32.0|32.0|1");
    /* Classes without grants have no row of them. */
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM v_wait WHERE of = 'granted'"), 0);
    fc_scenario_free(s);
}

/* Of 20 jobs 10 start at once, 1 leaves after 10 h and 9 wait to the end: 1 of 11 left, the median
 * of all is nothing, and beyond the 11th nobody knows. */
static void test_who_waits_to_the_end(void **state)
{
    static const double first[10] = {0};
    static const double others[] = {36000,    INFINITY, INFINITY, INFINITY, INFINITY,
                                    INFINITY, INFINITY, INFINITY, INFINITY, INFINITY};
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    fc_record record;
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    simulate(f, s, 0, &record);
    put_histogram(&record, 0, FC_WAITS_STARTED, first, 10);
    put_histogram(&record, 0, FC_WAITS_GONE, others, 10);
    check(f, fc_store_add(store, s->plan, run, 0, &record, f->diag));
    fc_record_free(&record);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    assert_string_equal(
        sql_row(f, "r.db",
                "SELECT jobs, round(left_share * 11, 9), p50, p95 IS NULL, p99 IS NULL,"
                " mean IS NULL FROM v_wait WHERE entity = 'one.demand.b' AND of = 'all'"),
        "20.0|1.0|0.0|1|1|1");
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT jobs, round(left_share * 11, 9), p99 FROM v_wait"
                                " WHERE entity = 'one.demand.b' AND of = 'started'"),
                        "10.0|1.0|0.0");
    fc_scenario_free(s);
}

/* A run in one go, in two parts that overlap and are merged, and gone on with: the same rows. */
static void test_parts(void **state)
{
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    static const char *const names[] = {"whole.db", "left.db", "right.db"};
    static const uint32_t from[] = {0, 0, 3}, to[] = {9, 5, 9};
    fc_merge_result merged;
    int64_t run;

    for (int i = 0; i < 3; i++) {
        fc_store *store = open_store(f, names[i], FC_STORE_WRITE);
        check(f, fc_store_begin_run(store, s, f->diag, &run));
        if (i == 2) add_replications(f, store, s, run, 7, to[i]);
        add_replications(f, store, s, run, from[i], i == 2 ? 7 : to[i]);
        check(f, fc_store_summarise(store, run, 1, f->diag));
        fc_store_close(store);
    }
    fc_store *store = open_store(f, "left.db", FC_STORE_WRITE);
    check(f, fc_store_merge(store, "right.db", false, f->diag, &merged));
    fc_store_close(store);
    assert_int_equal(merged.replications, 4);
    assert_string_equal(digest_of(f, "left.db"), digest_of(f, "whole.db"));
    static const char all[] =
        "SELECT group_concat(entity || of || replications || ' ' || jobs || ' ' || left_share ||"
        " ' ' || ifnull(mean, '-') || ' ' || ifnull(p50, '-') ||"
        " ' ' || ifnull(p95, '-') || ' ' || ifnull(p99, '-')) FROM"
        " (SELECT * FROM pooled_wait ORDER BY entity, of)";
    assert_string_equal(sql_row(f, "left.db", all), sql_row(f, "whole.db", all));
    assert_int_equal(sql_number("whole.db", "SELECT count(*) FROM job_wait"), 18);
    /* The digest is of the waits and slowdowns, too. */
    sql("left.db", "UPDATE job_wait SET gone = started WHERE replication = 2 AND entity = "
                   "'one.demand.b'");
    assert_string_not_equal(digest_of(f, "left.db"), digest_of(f, "whole.db"));
    const char *before = digest_of(f, "whole.db");
    sql("whole.db", "UPDATE job_wait SET slowdown = gone WHERE replication = 2 AND entity = "
                    "'one.demand.b'");
    assert_string_not_equal(digest_of(f, "whole.db"), before);
    fc_scenario_free(s);
}

/* Jobs pooled are those that the outcomes count; one future's quantile is its own. */
static void test_agrees_with_outcomes(void **state)
{
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 0, 1);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    assert_int_equal(
        sql_number("r.db", "SELECT count(*) FROM v_wait w JOIN v_outcome o USING(entity) WHERE"
                           " (metric = 'wait_p95' AND of = 'started' AND p95 = value) OR"
                           " (metric = 'wait_p99' AND of = 'started' AND p99 = value) OR"
                           " (metric = 'wait_mean' AND of = 'started' AND mean = value) OR"
                           " (metric = 'wait_all_p95' AND of = 'all' AND p95 = value) OR"
                           " (metric = 'slowdown_p50' AND of = 'done' AND p50 = value) OR"
                           " (metric = 'slowdown_p95' AND of = 'done' AND p95 = value) OR"
                           " (metric = 'slowdown_p99' AND of = 'done' AND p99 = value) OR"
                           " (metric = 'class_left_share' AND of = 'all' AND left_share = value)"),
        16);
    fc_scenario_free(s);
}

/* Of projects: days from application to grant, of as many as were granted; whoever has no jobs of
 * its own tells of none. */
static void test_grants(void **state)
{
    static const double first[] = {10 * 86400.0, 20 * 86400.0}, second[] = {36 * 86400.0};
    fixture *f = *state;
    fc_scenario *s = load_text(f, GRANTS, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    fc_record record;
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 0, 1);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(entity || ' ' || of, ' ')"
                                " FROM (SELECT * FROM v_wait ORDER BY entity, of)"),
                        "one.demand.bare granted one.demand.busy all one.demand.busy done"
                        " one.demand.busy granted one.demand.busy started");
    assert_int_equal(sql_number("r.db",
                                "SELECT count(*) FROM v_wait w JOIN v_outcome o USING(entity)"
                                " WHERE of = 'granted' AND w.unit = 'day' AND"
                                " ((metric = 'grant_wait_p50' AND p50 = value) OR"
                                " (metric = 'grant_wait_p99' AND p99 = value) OR"
                                " (metric = 'projects_granted' AND jobs = value AND value > 0))"),
                     6);
    check(f, fc_store_begin_run(store, s, f->diag, &run));
    simulate(f, s, 1, &record);
    put_histogram(&record, 0, FC_WAITS_GRANTED, second, 1);
    check(f, fc_store_add(store, s->plan, run, 1, &record, f->diag));
    fc_record_free(&record);
    simulate(f, s, 2, &record);
    put_histogram(&record, 0, FC_WAITS_GRANTED, first, 2);
    check(f, fc_store_add(store, s->plan, run, 2, &record, f->diag));
    fc_record_free(&record);
    check(f, fc_store_flush(store, f->diag));
    sql("r.db", "DELETE FROM replication WHERE replication = 0;"
                "DELETE FROM job_wait WHERE replication = 0");
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    assert_string_equal(
        sql_row(f, "r.db",
                "SELECT measure, replications, jobs, round(mean, 9), round(p50, 1), p99, unit"
                " FROM v_wait WHERE entity = 'one.demand.bare'"),
        "grant_wait|2|3.0|22.0|20.0|36.0|day");
    fc_scenario_free(s);
}

/* A file of a program that knew waits alone: what it has stays, and so does its digest; from now on
 * slowdowns are kept, too, and pooled over the replications that have them. */
static void test_of_before(void **state)
{
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 0, 2);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    sql("r.db", "DROP VIEW v_wait; DELETE FROM pooled_wait WHERE of = 'done';"
                "ALTER TABLE job_wait DROP slowdown; ALTER TABLE job_wait DROP granted;"
                "CREATE VIEW v_wait AS SELECT * FROM pooled_wait");
    const char *digest = digest_of(f, "r.db");
    store = open_store(f, "r.db", FC_STORE_WRITE);
    fc_store_close(store);
    assert_string_equal(digest_of(f, "r.db"), digest);
    store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 2, 3);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(of || ' ' || replications, ' ') FROM (SELECT"
                                " * FROM v_wait WHERE entity = 'one.demand.a' ORDER BY of)"),
                        "all 3 done 1 started 3");
    fc_scenario_free(s);
}

/* A fluid has none; a file of a program that knew none is completed. */
static void test_none(void **state)
{
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    int64_t run;

    make_database(f, "r.db", 2);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM job_wait"), 0);
    const char *digest = digest_of(f, "r.db");
    sql("r.db", "DROP VIEW v_wait; DROP TABLE job_wait; DROP TABLE pooled_wait");
    assert_string_equal(digest_of(f, "r.db"), digest);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 0, 1);
    fc_store_close(store);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM job_wait"), 2);
    fc_scenario_free(s);
}

/* A histogram that is not one is told, not believed. */
static void test_damaged(void **state)
{
    fixture *f = *state;
    fc_scenario *s = load_text(f, TEXT, 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run;

    check(f, fc_store_begin_run(store, s, f->diag, &run));
    add_replications(f, store, s, run, 0, 2);
    check(f, fc_store_flush(store, f->diag));
    fc_store_close(store);
    sql("r.db", "UPDATE job_wait SET gone = x'00' WHERE replication = 1");
    store = open_store(f, "r.db", FC_STORE_WRITE);
    assert_int_equal(fc_store_summarise(store, run, 1, f->diag), FC_E_DB_DAMAGED);
    fc_store_close(store);
    fc_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_hand, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_who_waits_to_the_end, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_parts, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_agrees_with_outcomes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_grants, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_of_before, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_none, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_damaged, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
