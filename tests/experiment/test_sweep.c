/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sweeps: each point is what its scenario says, the sample moves what it should and nothing else,
 * and shards, restarts and merges leave the same results. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <signal.h>
#include <unistd.h>
#include "experiment/sweep.h"
#include "kernel/stream.h"
#include "share.h"
#include "store_helper.h"

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#define HEAD "fleetcast_experiment: 1\nscenarios: [s.yaml]\n"
#define GRID                                                                                       \
    HEAD "design: {kind: grid}\n"                                                                  \
         "factors:\n"                                                                              \
         "  money: {key: fleets.korea.budgets.main.amount, values: [100 bn KRW, 200 bn KRW]}\n"    \
         "  install: {key: fleets.korea.programmes.state.install, values: [1 month, 2 months]}\n"  \
         "replications: 10\n"
#define SAMPLE(kind, points) HEAD "design: {kind: " kind ", points: " points "}\nseed: 5\n"

static fc_sweep *prepare(fixture *f, const char *text, uint32_t replications)
{
    const fc_experiment_file *file;
    fc_sweep *sweep;
    write_text("s.yaml", small_scenario);
    write_text("e.yaml", text);
    check(f, fc_experiment_file_load(f->arena, "e.yaml", f->diag, &file));
    fc_sweep_setup setup = {.replications = replications};
    check(f, fc_sweep_prepare(f->arena, file, &setup, f->diag, &sweep));
    return sweep;
}

/* Runs (a shard of) it into a database, closed afterwards. */
static fc_sweep_result run_shard(fixture *f, const fc_sweep *sweep, const char *path,
                                 unsigned threads, uint32_t shard, uint32_t shards)
{
    fc_sweep_result result;
    fc_sweep_options options = {.each = {.threads = threads, .shard = shard, .shards = shards}};
    fc_store *store = open_store(f, path, FC_STORE_WRITE);
    check(f, fc_sweep_run(store, sweep, &options, f->diag, &result));
    assert_int_equal(fc_store_close(store), FC_OK);
    return result;
}

static void merge(fixture *f, const char *into, const char *from)
{
    fc_merge_result result;
    fc_store *store = open_store(f, into, FC_STORE_WRITE);
    check(f, fc_store_merge(store, from, false, f->diag, &result));
    assert_int_equal(fc_store_close(store), FC_OK);
}

static void test_grid(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f, GRID, 0);
    assert_int_equal(sweep->replications, 40);
    fc_sweep_result r = run_shard(f, sweep, "g.db", 3, 0, 0);
    assert_int_equal(r.done, 40);
    assert_int_equal(r.unbuilt + r.failed, 0);
    assert_int_equal(sql_number("g.db", "SELECT count(*) FROM run"), 4);
    assert_string_equal(sql_row(f, "g.db", "SELECT name FROM run ORDER BY run_id LIMIT 1"),
                        "s+money=100 bn KRW,install=1 month");
    /* A point's run is the run of the scenario set by hand. */
    const char *const sets[] = {"fleets.korea.budgets.main.amount=200 bn KRW",
                                "fleets.korea.programmes.state.install=1 month"};
    fc_scenario_options by_hand = {.layers = {.sets = sets, .sets_count = 2}};
    fc_scenario *scenario;
    check(f, fc_scenario_load("s.yaml", &by_hand, f->diag, &scenario));
    assert_string_equal(
        sql_row(f, "g.db", "SELECT hash FROM run JOIN point USING(run_id) WHERE point = 2"),
        scenario->hash);
    fc_scenario_free(scenario);
    /* Points share replications and so unknowns: pairs. */
    assert_int_equal(sql_number("g.db", "SELECT count(DISTINCT value) FROM draw WHERE replication"
                                        " = 3 AND path_id = 1"),
                     1);
    assert_string_equal(
        sql_row(f, "g.db", "SELECT group_concat(value, ' ') FROM v_design WHERE point = 2"),
        "200 bn KRW 1 month");
    assert_int_equal(sql_number("g.db", "SELECT count(DISTINCT point) FROM v_point"), 4);
    /* Nothing is left to do; and the same at another number of threads. */
    r = run_shard(f, sweep, "g.db", 1, 0, 0);
    assert_int_equal(r.done, 0);
    assert_int_equal(r.found, 40);
    run_shard(f, sweep, "h.db", 1, 0, 0);
    assert_string_equal(digest_of(f, "g.db"), digest_of(f, "h.db"));
}

/* The draw of an unknown is the quantile of its own distribution at the design's number. */
static void test_sample_moves_the_unknown(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f,
                              HEAD "design: {kind: latin_hypercube, points: 20}\n"
                                   "factors: {install: {key: fleets.korea.programmes.state.install,"
                                   " range: {low: 0 days, high: 100 days}}}\n"
                                   "replications: 3\n",
                              0);
    assert_int_equal(sweep->design.n_columns, 1);
    assert_string_equal(sweep->design.columns[0], "install");
    run_shard(f, sweep, "l.db", 2, 0, 0);
    /* uniform on 0 to 100 days: 8,640,000 s times the quantile */
    assert_int_equal(sql_number("l.db",
                                "SELECT count(*) FROM v_draw d JOIN design_value v"
                                " ON v.point = d.replication / 3 WHERE path LIKE '%install' AND"
                                " abs(d.value - v.quantile * 8640000) < 1e-3"),
                     60);
    /* Everything else is drawn as in the scenario without a design. */
    fc_store *store = open_store(f, "plain.db", FC_STORE_WRITE);
    fc_experiment_options options = {.replications = 60};
    fc_experiment_result plain;
    check(f, fc_experiment_run(store, f->scenario, &options, f->diag, &plain));
    fc_store_close(store);
    sql("l.db", "ATTACH 'plain.db' AS p; CREATE TABLE same AS SELECT count(*) AS n FROM v_draw d"
                " JOIN p.v_draw o USING(path, replication) WHERE path NOT LIKE '%install' AND"
                " d.value IS o.value");
    assert_int_equal(sql_number("l.db", "SELECT n FROM same"),
                     sql_number("plain.db", "SELECT count(*) FROM draw"));
}

/* The uniform numbers that the replications of the plain scenario draw for its unknowns, given back
 * as a design: every outcome is the plain run's to the last bit. So each column reaches its own
 * unknown, each point its replication, and nothing else is drawn otherwise. */
static void test_sample_of_its_own_uniforms(void **state)
{
    fixture *f = *state;
    const fc_plan *plan = f->scenario->plan;
    enum { N = 50 };
    double quantiles[N * 8];
    uint32_t n = plan->n_unknowns;
    assert_in_range(n, 2, 8);
    for (uint32_t v = 0; v < plan->n_values; v++)
        for (uint32_t r = 0; r < N && plan->values[v].form == FC_FORM_UNKNOWN; r++) {
            fc_stream stream;
            fc_stream_init(&stream, plan->values[v].key, r, 0);
            /* Columns in another order than the unknowns: names count, not places. */
            quantiles[r * n + n - 1 - plan->values[v].draw] = fc_stream_uniform(&stream);
        }
    const char *columns[8];
    for (uint32_t i = 0; i < n; i++) columns[i] = plan->draw_names[n - 1 - i];
    fc_design design = {.n_points = N, .n_columns = n, .columns = columns, .quantiles = quantiles};
    check(f, fc_design_write(&design, "points.csv", f->diag));
    fc_sweep *sweep = prepare(f, HEAD "design: {kind: list, file: points.csv}\nseed: 1\n", 0);
    run_shard(f, sweep, "list.db", 3, 0, 0);
    make_database(f, "plain.db", N);
    sql("list.db",
        "ATTACH 'plain.db' AS p; CREATE TABLE same AS SELECT count(*) AS n FROM outcome a"
        " JOIN metric USING(metric_id) JOIN p.metric m USING(metric, entity, unit)"
        " JOIN p.outcome b ON b.metric_id = m.metric_id AND"
        " b.replication = a.replication WHERE a.value IS b.value");
    assert_int_equal(sql_number("list.db", "SELECT n FROM same"),
                     sql_number("plain.db", "SELECT count(*) FROM outcome"));
}

/* A design written out and read back is the same run. */
static void test_design_comes_back(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f, SAMPLE("sobol", "32"), 0);
    assert_true(sweep->design.n_columns >= 2);
    run_shard(f, sweep, "a.db", 2, 0, 0);
    check(f, fc_design_write(&sweep->design, "points.csv", f->diag));
    fc_sweep *list = prepare(f, HEAD "design: {kind: list, file: points.csv}\nseed: 5\n", 0);
    fc_sweep_result r;
    fc_store *store = open_store(f, "a.db", FC_STORE_WRITE);
    fc_sweep_options options = {.each = {.threads = 2, .force = true}};
    check(f, fc_sweep_run(store, list, &options, f->diag, &r));
    fc_store_close(store);
    assert_int_equal(r.found, 32);
    assert_int_equal(r.done, 0);
}

static void test_shards(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {GRID, SAMPLE("monte_carlo", "41"),
                                        SAMPLE("latin_hypercube", "13") "replications: 3\n"};
    for (size_t t = 0; t < 3; t++) {
        char whole[16], out[16], part[16];
        fc_sweep *sweep = prepare(f, texts[t], 0);
        snprintf(whole, sizeof whole, "whole%zu.db", t);
        snprintf(out, sizeof out, "out%zu.db", t);
        uint64_t total = run_shard(f, sweep, whole, 2, 0, 0).done, sum = 0;
        for (uint32_t k = 5; k >= 1; k--) {
            snprintf(part, sizeof part, "%zu-%u.db", t, k);
            uint64_t done = run_shard(f, sweep, part, 1 + k % 2, k, 5).done;
            assert_in_range(done, total / 5, total / 5 + 1); /* fair shares */
            sum += done;
            merge(f, out, part);
            merge(f, out, part); /* twice is once */
        }
        assert_int_equal(sum, total);
        assert_string_equal(digest_of(f, out), digest_of(f, whole));
        assert_int_equal(sql_number(out, "SELECT count(*) FROM summary"),
                         sql_number(whole, "SELECT count(*) FROM summary"));
        assert_int_equal(sql_number(out, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    }
}

/* What is missing is named shard by shard. */
static void test_missing(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f, SAMPLE("monte_carlo", "40"), 0);
    run_shard(f, sweep, "1.db", 1, 1, 4);
    run_shard(f, sweep, "3.db", 1, 3, 4);
    merge(f, "out.db", "1.db");
    merge(f, "out.db", "3.db");
    fc_store *store = open_store(f, "out.db", FC_STORE_READ);
    fc_missing *runs, *designs;
    size_t n;
    check(f, fc_store_missing_replications(store, f->arena, f->diag, &runs, &n));
    assert_int_equal(n, 1);
    assert_int_equal(runs[0].missing, 20);
    assert_int_equal(runs[0].failed, 0);
    assert_string_equal(runs[0].shards, "2/4 (10), 4/4 (10)");
    check(f, fc_store_missing_points(store, f->arena, f->diag, &designs, &n));
    assert_true(n == 1 && designs[0].missing == 0);
    fc_store_close(store);
}

/* Other seeds and scenarios do not belong together. */
static void test_merge_refuses(void **state)
{
    fixture *f = *state;
    fc_merge_result result;
    run_shard(f, prepare(f, SAMPLE("monte_carlo", "8"), 0), "a.db", 1, 1, 2);
    run_shard(f, prepare(f, HEAD "design: {kind: monte_carlo, points: 8}\nseed: 6\n", 0), "b.db", 1,
              2, 2);
    const char *before = digest_of(f, "a.db");
    fc_store *store = open_store(f, "a.db", FC_STORE_WRITE);
    assert_int_equal(fc_store_merge(store, "b.db", false, f->diag, &result), FC_E_MERGE);
    assert_non_null(strstr(said(f), "seed 5 <> 6"));
    assert_int_equal(fc_store_merge(store, "a.db", false, f->diag, &result), FC_E_MERGE);
    said(f);
    write_text("no.db", "this is no database, but long enough to be looked at as one");
    assert_int_equal(fc_store_merge(store, "no.db", false, f->diag, &result), FC_E_DB_NOT_OURS);
    said(f);
    fc_store_close(store);
    sql("b.db", "UPDATE run SET libm = 'other', seed = '5', hash = hash || 'x'");
    store = open_store(f, "a.db", FC_STORE_WRITE);
    assert_int_equal(fc_store_merge(store, "b.db", false, f->diag, &result), FC_E_MERGE);
    assert_non_null(strstr(said(f), "libm"));
    fc_store_close(store);
    assert_string_equal(digest_of(f, "a.db"), before);
}

/* Killed at 16 instants of 40 ms, a merge that is repeated ends with the same results. */
static void test_merge_killed(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f, SAMPLE("monte_carlo", "400"), 0);
    run_shard(f, sweep, "whole.db", 2, 0, 0);
    run_shard(f, sweep, "1.db", 2, 1, 2);
    run_shard(f, sweep, "2.db", 2, 2, 2);
    const uint32_t kills = share_of(16, 8);
    for (uint32_t i = 0; i < kills; i++) {
        unlink("out.db"), unlink("out.db-wal"), unlink("out.db-shm"), unlink("out.db-journal");
        pid_t child = fork();
        if (child == 0) {
            merge(f, "out.db", "1.db");
            merge(f, "out.db", "2.db");
            _exit(0);
        }
        nanosleep(&(struct timespec){.tv_nsec = (long)i * 40 / kills * 1000 * 1000}, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        merge(f, "out.db", "1.db");
        merge(f, "out.db", "2.db");
        assert_string_equal(digest_of(f, "out.db"), digest_of(f, "whole.db"));
    }
}

/* A point that cannot be built is recorded and the rest goes on. */
static void test_unbuilt(void **state)
{
    fixture *f = *state;
    fc_sweep *sweep = prepare(f,
                              HEAD "design: {kind: one_at_a_time}\n"
                                   "factors: {money: {key: fleets.korea.budgets.main.amount,"
                                   " values: [1 bn KRW, -5 bn KRW]}}\nreplications: 4\n",
                              0);
    fc_sweep_result r = run_shard(f, sweep, "u.db", 1, 0, 0);
    assert_int_equal(r.unbuilt, 1);
    assert_int_equal(r.done, 8);
    assert_int_equal(sql_number("u.db", "SELECT point FROM point WHERE run_id IS NULL AND code >="
                                        " 300 AND sentence LIKE '%-5 bn%'"),
                     2);
}

/* Changed since it was begun: refused, with the difference. */
static void test_changed(void **state)
{
    fixture *f = *state;
    fc_sweep_result result;
    run_shard(f, prepare(f, SAMPLE("monte_carlo", "8"), 0), "a.db", 1, 0, 0);
    fc_sweep *other = prepare(f, SAMPLE("latin_hypercube", "8"), 0);
    fc_store *store = open_store(f, "a.db", FC_STORE_WRITE);
    fc_sweep_options options = {.each = {.threads = 1}};
    assert_int_equal(fc_sweep_run(store, other, &options, f->diag, &result), FC_E_DESIGN_CHANGED);
    assert_non_null(strstr(said(f), "kind: monte_carlo -> latin_hypercube"));
    options.each.force = true;
    check(f, fc_sweep_run(store, other, &options, f->diag, &result));
    assert_int_equal(result.done, 8);
    fc_store_close(store);
}

static void test_run_changed(void **state)
{
    fixture *f = *state;
    static atomic_bool stop = true; /* before the first replication */
    fc_experiment_result result;
    fc_experiment_options options = {.replications = 8, .threads = 1, .stop = &stop};
    fc_scenario *one = load_text(f, small_scenario, 1), *two = load_text(f, small_scenario, 2);
    fc_scenario *three = load_text(f, failing_scenario, 1);
    fc_store *store = open_store(f, "a.db", FC_STORE_WRITE);
    check(f, fc_experiment_run(store, one, &options, f->diag, &result));
    assert_true(result.stopped);
    options.stop = NULL;
    assert_int_equal(fc_experiment_run(store, two, &options, f->diag, &result), FC_E_RUN_CHANGED);
    assert_non_null(strstr(said(f), "seed: 1 -> 2"));
    assert_int_equal(fc_experiment_run(store, three, &options, f->diag, &result), FC_E_RUN_CHANGED);
    assert_non_null(strstr(said(f), "fleets.korea.programmes.state.install: 2 months -> "));
    check(f, fc_experiment_run(store, one, &options, f->diag, &result)); /* itself goes on */
    assert_int_equal(result.done, 8);
    check(f, fc_experiment_run(store, two, &options, f->diag, &result)); /* now beside it */
    assert_int_equal(result.done, 8);
    assert_int_equal(sql_number("a.db", "SELECT count(*) FROM part WHERE ended"), 2);
    fc_store_close(store);
    fc_scenario_free(one);
    fc_scenario_free(two);
    fc_scenario_free(three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
        TEST(test_grid),
        TEST(test_sample_moves_the_unknown),
        TEST(test_sample_of_its_own_uniforms),
        TEST(test_design_comes_back),
        TEST(test_shards),
        TEST(test_missing),
        TEST(test_merge_refuses),
        TEST(test_merge_killed),
        TEST(test_unbuilt),
        TEST(test_changed),
        TEST(test_run_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
