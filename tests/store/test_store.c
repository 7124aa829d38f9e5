/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing and reading back, continuing, and the views an analyst reads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include "model/metric_table.h"
#include "store_helper.h"

/* Equal bit for bit, but for the sign of zero, which SQLite does not keep. */
static void assert_same(double stored, double recorded)
{
    if (isnan(recorded))
        assert_true(isnan(stored));
    else
        assert_true(stored == recorded);
}

static void test_outcomes_and_series(void **state)
{
    enum { N = 5 };
    fixture *f = *state;
    const fc_plan *plan = f->scenario->plan;
    int missing = 0;
    make_database(f, "r.db", N);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    fc_record record[N];
    for (uint32_t r = 0; r < N; r++) simulate(f, f->scenario, r, &record[r]);
    for (uint32_t k = 0; k < plan->n_outcomes; k++) {
        fc_sample s;
        check(f, fc_store_outcome(store, f->arena, 1, fc_metrics[plan->outcomes[k].metric].id,
                                  plan->outcomes[k].name, f->diag, &s));
        assert_int_equal(s.n, N);
        for (uint32_t r = 0; r < N; r++) {
            assert_int_equal(s.replication[r], r);
            assert_same(s.value[r], record[r].outcomes[k]);
            missing += isnan(s.value[r]);
        }
    }
    assert_true(missing > 0); /* dates not reached were among them */
    for (uint32_t k = 0; k < plan->n_series; k++) {
        const char *metric = fc_metrics[plan->series[k].metric].id, *name = plan->series[k].name;
        fc_panel panel;
        check(f, fc_store_panel(store, f->arena, 1, metric, name, f->diag, &panel));
        assert_int_equal(panel.n_days, 36);
        assert_int_equal(panel.n, N);
        for (uint32_t m = 0; m < plan->n_months; m++) {
            fc_sample s;
            check(f, fc_store_series(store, f->arena, 1, metric, name, panel.day[m], f->diag, &s));
            assert_int_equal(s.n, N);
            for (uint32_t r = 0; r < N; r++) {
                assert_same(s.value[r], record[r].series[m * plan->n_series + k]);
                assert_same(panel.value[m * N + r], s.value[r]);
            }
        }
        assert_int_equal(panel.day[0], fc_date_days((fc_date){2023, 1, 31}));
        assert_int_equal(panel.day[35], fc_date_days((fc_date){2025, 12, 31}));
    }
    for (uint32_t r = 0; r < N; r++) fc_record_free(&record[r]);
    fc_store_close(store);
}

static void test_draws(void **state)
{
    enum { N = 8 };
    fixture *f = *state;
    const fc_plan *plan = f->scenario->plan;
    make_database(f, "r.db", N);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    fc_draw_sample *draws;
    size_t n;
    int happened = 0;
    check(f, fc_store_draws(store, f->arena, 1, f->diag, &draws, &n));
    assert_int_equal(n, 3);
    assert_string_equal(draws[0].path, "fleets.korea.budgets.main.enacted");
    assert_string_equal(draws[1].path, "shocks.cut");
    assert_string_equal(draws[2].path, "world.accelerators.h100.price");
    for (uint32_t r = 0; r < N; r++) {
        fc_record record;
        simulate(f, f->scenario, r, &record);
        for (size_t k = 0; k < n; k++)
            for (uint32_t d = 0; d < plan->n_draws; d++) {
                if (strcmp(plan->draw_names[d], draws[k].path)) continue;
                /* Dates are days since 1970-01-01: 19358 is 2023-01-01. */
                double value = record.draws[d];
                assert_same(draws[k].sample.value[r], k < 2 ? 19358 + value / FC_DAY : value);
                assert_int_equal(draws[k].sample.replication[r], r);
            }
        happened += !isnan(draws[1].sample.value[r]);
        fc_record_free(&record);
    }
    assert_in_range(happened, 1, N - 1); /* a shock that happened, and one that did not */
    fc_store_close(store);
}

static void test_what_a_run_is(void **state)
{
    fixture *f = *state;
    make_database(f, "r.db", 3);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    fc_run_info *runs;
    fc_fleet_info *fleets;
    fc_input *inputs;
    size_t n;
    check(f, fc_store_runs(store, f->arena, f->diag, &runs, &n));
    assert_int_equal(n, 1);
    assert_string_equal(runs->name, "test");
    assert_string_equal(runs->title_en, "Test");
    assert_string_equal(runs->title_ko, "시험");
    assert_string_equal(runs->file, "test.yaml");
    assert_string_equal(runs->hash, f->scenario->hash);
    assert_string_equal(runs->seed, "1");
    assert_string_equal(runs->version, FC_VERSION);
    assert_string_equal(runs->currency, "KRW");
    assert_string_equal(runs->headline, "fleets.korea.targets.goal");
    assert_int_equal(runs->start_day, 19358);
    assert_int_equal(runs->end_day, 19358 + 3 * 365 + 1);
    assert_int_equal(runs->replications, 3);
    assert_int_equal(runs->failures, 0);
    check(f, fc_store_fleets(store, f->arena, 1, f->diag, &fleets, &n));
    assert_int_equal(n, 1);
    assert_string_equal(fleets->title_en, "South Korea");
    assert_string_equal(fleets->title_ko, "한국");
    check(f, fc_store_inputs(store, f->arena, 1, f->diag, &inputs, &n));
    const fc_input *expected;
    size_t n_expected, price = SIZE_MAX;
    check(f, fc_scenario_inputs(f->scenario, &expected, &n_expected));
    assert_int_equal(n, n_expected);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(inputs[i].path, "world.accelerators.h100.price")) price = i;
    assert_true(price < n);
    assert_string_equal(inputs[price].value, "{unknown: {low: 25000 USD, high: 40000 USD}}");
    assert_string_equal(inputs[price].source, "list.csv");
    assert_string_equal(inputs[price].certainty, "low");
    assert_null(inputs[price].note);
    fc_store_close(store);
}

static void test_continuing(void **state)
{
    fixture *f = *state;
    int64_t run, again;
    bool done[6] = {false};
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 1, 2);
    add_replications(f, store, f->scenario, run, 4, 5);
    assert_int_equal(fc_store_close(store), FC_OK); /* writes what is pending */
    store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &again));
    assert_int_equal(again, run);
    check(f, fc_store_done(store, run, 4, done, f->diag));
    assert_memory_equal(done, ((bool[]){false, true, false, false, false, false}), sizeof done);
    check(f, fc_store_done(store, run, 6, done, f->diag));
    assert_memory_equal(done, ((bool[]){false, true, false, false, true, false}), sizeof done);
    fc_store_close(store);
    /* What is stored twice is there once. */
    store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 0, 5);
    add_replications(f, store, f->scenario, run, 0, 5); /* within one batch */
    check(f, fc_store_flush(store, f->diag));
    fc_store_close(store);
    make_database(f, "plain.db", 5);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "plain.db"));
}

static void test_runs_beside_each_other(void **state)
{
    fixture *f = *state;
    fc_scenario *other = load_text(f, small_scenario, 2);
    int64_t one, two;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &one));
    add_replications(f, store, f->scenario, one, 0, 3);
    check(f, fc_store_begin_run(store, other, f->diag, &two));
    assert_int_not_equal(one, two);
    add_replications(f, store, other, two, 0, 2);
    fc_record record = {0};
    assert_int_equal(fc_store_add(store, f->scenario->plan, one, 9, &record, f->diag),
                     FC_E_INTERNAL);
    assert_string_equal(said(f), "internal error: a replication of a run that was not begun; please"
                                 " report it with the scenario and seed [E102]\n");
    fc_store_close(store);
    fc_scenario_free(other);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(n) FROM (SELECT count(*) n FROM"
                                " replication GROUP BY run_id ORDER BY run_id)"),
                        "3,2");
    assert_int_equal(sql_number("r.db", "SELECT count(*) - count(DISTINCT metric || entity)"
                                        " FROM metric"),
                     0);
}

static void test_a_failure_is_forgotten(void **state)
{
    fixture *f = *state;
    int64_t run;
    fc_run_info *info;
    size_t n;
    bool done[3] = {false};
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    check(f, fc_store_add_failure(store, run, 1, FC_E_LEDGER, "first", f->diag));
    check(f, fc_store_add_failure(store, run, 1, FC_E_LEDGER, "second", f->diag));
    check(f, fc_store_add_failure(store, run, 2, FC_E_LEDGER, "third", f->diag));
    check(f, fc_store_runs(store, f->arena, f->diag, &info, &n));
    assert_int_equal(info->failures, 2);
    check(f, fc_store_done(store, run, 3, done, f->diag));
    assert_false(done[1]);
    add_replications(f, store, f->scenario, run, 0, 2);
    check(f, fc_store_flush(store, f->diag));
    /* Too late: another process has it. */
    check(f, fc_store_add_failure(store, run, 0, FC_E_LEDGER, "fourth", f->diag));
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(replication || code || sentence)"
                                " FROM failure"),
                        "2501third");
}

static void test_no_value(void **state)
{
    fixture *f = *state;
    int64_t run;
    fc_record record;
    fc_sample s;
    simulate(f, f->scenario, 0, &record);
    const fc_observable *o = f->scenario->plan->outcomes;
    record.outcomes[0] = INFINITY;
    record.outcomes[1] = -INFINITY;
    record.outcomes[2] = NAN;
    record.outcomes[3] = 0x1.fffffffffffffp1023;
    record.outcomes[4] = 0x1p-1074;
    record.outcomes[5] = 9007199254740993.0;
    fc_store *store = open_store(f, ":memory:", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    check(f, fc_store_add(store, f->scenario->plan, run, 0, &record, f->diag));
    check(f, fc_store_flush(store, f->diag));
    for (int k = 0; k < 6; k++) {
        check(f, fc_store_outcome(store, f->arena, run, fc_metrics[o[k].metric].id, o[k].name,
                                  f->diag, &s));
        assert_same(s.value[0], k < 3 ? NAN : record.outcomes[k]);
    }
    check(f, fc_store_outcome(store, f->arena, run, "met", "nobody", f->diag, &s));
    assert_int_equal(s.n, 0);
    fc_panel panel;
    check(f, fc_store_panel(store, f->arena, run, "met", "nobody", f->diag, &panel));
    assert_int_equal(panel.n_days, 0);
    fc_record_free(&record);
    fc_store_close(store);
    assert_string_equal(files(f, "."), "");
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Type 7 of Hyndman and Fan, written anew. */
static double type7(const double *sorted, int n, double p)
{
    double h = (n - 1) * p;
    int i = (int)floor(h);
    return i + 1 < n ? sorted[i] + (h - i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

/* A column of v_series for money_paid on the month's last day. */
static double paid(fixture *f, const char *column, int month)
{
    char query[300];
    snprintf(query, sizeof query,
             "SELECT printf('%%!.17g', %s) FROM v_series WHERE run = 'test' AND unit = 'KRW' AND"
             " metric = 'money_paid' AND entity = 'korea' AND"
             " date = date('2023-02-01', '+%d months', '-1 day')",
             column, month);
    return strtod(sql_row(f, "r.db", query), NULL);
}

static void test_v_series(void **state)
{
    enum { N = 41 };
    fixture *f = *state;
    const fc_plan *plan = f->scenario->plan;
    static const char *const columns[] = {"p05", "p25", "p50", "p75", "p95"};
    static const double p[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    uint32_t k = 0;
    int spread = 0;
    make_database(f, "r.db", N);
    while (plan->series[k].metric != FC_M_money_paid) k++;
    for (int month = 0; month < 36; month++) {
        double values[N], sum = 0;
        for (uint32_t r = 0; r < N; r++) {
            fc_record record;
            simulate(f, f->scenario, r, &record);
            values[r] = record.series[(uint32_t)month * plan->n_series + k];
            sum += values[r];
            fc_record_free(&record);
        }
        qsort(values, N, sizeof *values, ascending);
        spread += values[0] < values[N - 1];
        double near = 1e-12 * values[N - 1];
        for (int i = 0; i < 5; i++)
            assert_true(fabs(paid(f, columns[i], month) - type7(values, N, p[i])) <= near);
        assert_true(fabs(paid(f, "mean", month) - sum / N) <= near);
        assert_true(paid(f, "n", month) == N);
    }
    assert_true(spread > 12); /* months in which the replications differ */
}

static void test_summary_follows(void **state)
{
    fixture *f = *state;
    int64_t run;
    static const char n[] = "SELECT min(n) || ' ' || max(n) || ' ' || count(*) FROM v_series";
    make_database(f, "r.db", 4);
    uint32_t months = f->scenario->plan->n_months, rows = f->scenario->plan->n_series * months;
    assert_string_equal(sql_row(f, "r.db", n), fc_arena_printf(f->arena, "4 4 %u", rows));
    /* Nothing new: the summary is not made again. */
    sql("r.db", "DELETE FROM summary WHERE metric_id = 1");
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    check(f, fc_store_summarise(store, run, 2, f->diag));
    assert_string_equal(sql_row(f, "r.db", n), fc_arena_printf(f->arena, "4 4 %u", rows - months));
    add_replications(f, store, f->scenario, run, 4, 7);
    check(f, fc_store_summarise(store, run, 2, f->diag)); /* with what is pending */
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db", n), fc_arena_printf(f->arena, "7 7 %u", rows));
}

static void test_other_views(void **state)
{
    fixture *f = *state;
    make_database(f, "r.db", 9);
    assert_string_equal(
        sql_row(f, "r.db", "SELECT group_concat(name) FROM pragma_table_info('iamc')"),
        "model,scenario,region,variable,unit,year,value");
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT group_concat(year) FROM iamc WHERE"
                                " variable = 'GPU|In Service'"),
                        "2023,2024,2025");
    assert_string_equal(sql_row(f, "r.db", "SELECT DISTINCT model, scenario, region FROM iamc"),
                        "fleetcast " FC_VERSION "|test|South Korea");
    assert_int_equal(sql_number("r.db", "SELECT count(*) - count(DISTINCT variable || year)"
                                        " FROM iamc"),
                     0);
    assert_int_equal(
        sql_number("r.db", "SELECT count(*) FROM iamc JOIN v_series s ON s.p50 = iamc.value AND"
                           " s.date = year || '-12-31' AND s.metric = 'gpus_in_service' AND"
                           " iamc.variable = 'GPU|In Service'"),
        3);
    /* Dates as text, of the very day; NULL where not reached; no date for other units. */
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    fc_sample s;
    int reached = 0;
    check(f, fc_store_outcome(store, f->arena, 1, "reached_delivered", "korea.targets.goal",
                              f->diag, &s));
    for (uint32_t r = 0; r < s.n; r++) {
        char query[200], day[FC_DATE_TEXT] = "NULL";
        if (!isnan(s.value[r])) {
            fc_date_format(fc_date_of_days((int64_t)s.value[r]), FC_DATE_ISO, day);
            reached++;
        }
        snprintf(query, sizeof query,
                 "SELECT date FROM v_outcome WHERE replication = %u AND"
                 " metric = 'reached_delivered' AND entity = 'korea.targets.goal'",
                 r);
        assert_string_equal(sql_row(f, "r.db", query), day);
    }
    assert_in_range(reached, 1, 8);
    fc_store_close(store);
    assert_int_equal(sql_number("r.db", "SELECT count(date) FROM v_outcome WHERE unit <> 'date'"),
                     0);
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT min(unit) || max(unit), min(date) >= '2023-05-01'"
                                " AND max(date) < '2023-09-01' FROM v_draw WHERE path ="
                                " 'fleets.korea.budgets.main.enacted'"),
                        "datedate|1");
    assert_string_equal(sql_row(f, "r.db",
                                "SELECT DISTINCT date FROM v_draw WHERE path ="
                                " 'shocks.cut' AND value IS NOT NULL"),
                        "2023-03-01");
}

/* Runs of one name are told apart. */
static void test_iamc_keys(void **state)
{
    fixture *f = *state;
    fc_scenario *other = load_text(f, small_scenario, 2);
    static const char keys[] = "SELECT count(*) - count(DISTINCT model || scenario || region ||"
                               " variable || unit || year) FROM iamc";
    int64_t run;
    make_database(f, "r.db", 2);
    assert_string_equal(sql_row(f, "r.db", "SELECT DISTINCT scenario FROM iamc"), "test");
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, other, f->diag, &run));
    add_replications(f, store, other, run, 0, 2);
    check(f, fc_store_summarise(store, run, 1, f->diag));
    fc_store_close(store);
    fc_scenario_free(other);
    assert_string_equal(sql_row(f, "r.db", "SELECT group_concat(DISTINCT scenario) FROM iamc"),
                        "test (run 1),test (run 2)");
    assert_int_equal(sql_number("r.db", keys), 0);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM iamc WHERE variable ="
                                        " 'GPU|In Service'"),
                     6);
}

static void test_schema(void **state)
{
    fixture *f = *state;
    make_database(f, "r.db", 1);
    assert_int_equal(sql_number("r.db", "PRAGMA application_id"), 0x464c4354);
    assert_int_equal(sql_number("r.db", "PRAGMA user_version"), FC_STORE_VERSION);
    assert_int_equal(sql_number("r.db", "SELECT min(strict) FROM pragma_table_list WHERE"
                                        " type = 'table' AND name NOT LIKE 'sqlite%'"),
                     1);
    assert_string_equal(sql_row(f, "r.db", "PRAGMA integrity_check"), "ok");
    assert_string_equal(sql_row(f, "r.db", "PRAGMA foreign_key_check"), "no row");
    /* One plain file, without write-ahead log. */
    assert_string_equal(files(f, "."), "r.db");
    assert_string_equal(sql_row(f, "r.db", "PRAGMA journal_mode"), "delete");
}

/* Names that SQLite itself would take for something else. */
static void test_names(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"file:x.db", "a?mode=memory", "50%41.db", "#.db", ":x:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make_database(f, names[i], 1);
        assert_string_equal(files(f, "."), names[i]);
        assert_int_equal(remove(names[i]), 0);
    }
    char path[100];
    snprintf(path, sizeof path, "/%s/r.db", f->folder); /* starts with two slashes */
    make_database(f, path, 1);
    assert_string_equal(files(f, "."), "r.db");
}

static void test_reading_while_writing(void **state)
{
    fixture *f = *state;
    int64_t run;
    fc_run_info *info;
    size_t n;
    fc_store *writer = open_store(f, "r.db", FC_STORE_WRITE);
    check(f, fc_store_begin_run(writer, f->scenario, f->diag, &run));
    add_replications(f, writer, f->scenario, run, 0, 2);
    fc_store *reader = open_store(f, "r.db", FC_STORE_READ);
    check(f, fc_store_runs(reader, f->arena, f->diag, &info, &n));
    assert_int_equal(info->replications, 0);
    check(f, fc_store_flush(writer, f->diag));
    check(f, fc_store_runs(reader, f->arena, f->diag, &info, &n));
    assert_int_equal(info->replications, 2);
    /* The writer leaves while somebody reads: the file alone holds everything. */
    fc_store_close(writer);
    bytes copy = read_bytes("r.db");
    write_bytes("copy.db", copy);
    free(copy.data);
    fc_store_close(reader);
    make_database(f, "plain.db", 2);
    assert_string_equal(digest_of(f, "copy.db"), digest_of(f, "plain.db"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(test_outcomes_and_series),
        TEST(test_draws),
        TEST(test_what_a_run_is),
        TEST(test_continuing),
        TEST(test_runs_beside_each_other),
        TEST(test_a_failure_is_forgotten),
        TEST(test_no_value),
        TEST(test_v_series),
        TEST(test_summary_follows),
        TEST(test_other_views),
        TEST(test_iamc_keys),
        TEST(test_schema),
        TEST(test_names),
        TEST(test_reading_while_writing),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
