/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library as a program sees it: runs, experiments and counterfactuals in databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "library_helper.h"

enum { N = 24, MANY = 1000 }; /* more than the workers can be ahead of who writes */

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static bool enough(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    (void)failed;
    assert_int_equal(total, MANY);
    return done >= *(uint32_t *)self;
}

static void a_run_that_was_stopped_goes_on(void **state)
{
    (void)state;
    char whole[65], continued[65];
    fc_scenario *scenario = load(NULL);
    fc_run_result result;
    fc_run_options options = {.replications = MANY, .threads = 2};
    fc_store *store = open_new(":memory:");
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_int_equal(fc_store_digest(store, diag, whole), FC_OK);
    fc_store_close(store);

    uint32_t limit = 4;
    options.progress = enough;
    options.self = &limit;
    store = open_new("stopped.db");
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_true(result.stopped && result.done >= limit && result.done < MANY);
    uint64_t before = result.done;
    assert_int_equal(fc_store_close(store), FC_OK);
    options.progress = NULL;
    assert_int_equal(fc_store_open("stopped.db", FC_STORE_WRITE, diag, &store), FC_OK);
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_true(!result.stopped && result.found == before && result.done == MANY - before);
    assert_int_equal(fc_store_digest(store, diag, continued), FC_OK);
    assert_string_equal(whole, continued);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static void shards_are_merged(void **state)
{
    (void)state;
    static const char *const parts[] = {"shard1.db", "shard2.db"};
    char whole[65], merged[65];
    fc_scenario *scenario = load(NULL);
    fc_run_result result;
    fc_merge_result added;
    fc_missing *missing;
    fc_run_part *halves;
    fc_run_state how_far;
    size_t n;
    fc_run_options options = {.replications = N};
    fc_store *store = open_new(":memory:"), *part;
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_int_equal(fc_store_digest(store, diag, whole), FC_OK);
    fc_store_close(store);
    store = open_new("merged.db");
    for (uint32_t i = 0; i < 2; i++) {
        part = open_new(parts[i]);
        options.shard = i + 1;
        options.shards = 2;
        assert_int_equal(fc_run(part, scenario, &options, diag, &result), FC_OK);
        assert_int_equal(fc_store_close(part), FC_OK);
        assert_int_equal(fc_store_merge(store, parts[i], false, diag, &added), FC_OK);
        assert_true(added.replications == N / 2 && added.there == 0);
        /* After the first the second is missing, after the second nothing. */
        assert_int_equal(fc_store_missing_replications(store, arena, diag, &missing, &n), FC_OK);
        assert_true(n == 1 && missing[0].failed == 0);
        assert_int_equal(missing[0].missing, i ? 0 : N / 2);
        assert_string_equal(missing[0].name, "demo");
        assert_string_equal(missing[0].shards, i ? "" : "2/2 (12)");
    }
    assert_int_equal(fc_store_parts(store, arena, result.run, diag, &halves, &n), FC_OK);
    assert_int_equal(n, 2);
    assert_true(halves[1].shard == 2 && halves[1].shards == 2 && halves[1].replications == N);
    assert_true(halves[1].wanted == N / 2 && halves[1].stored == N / 2 && halves[1].ended);
    assert_true(!halves[1].running && isnan(halves[1].rate) && isnan(halves[1].seconds_left));
    assert_int_equal(fc_store_run_state(store, result.run, diag, &how_far), FC_OK);
    assert_true(how_far.wanted == N && how_far.stored == N && how_far.ended && !how_far.running);
    assert_int_equal(fc_store_digest(store, diag, merged), FC_OK);
    assert_string_equal(whole, merged);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

/* A shard that there is none of would simulate nothing and call that done. */
static void shards_that_are_none_are_refused(void **state)
{
    (void)state;
    static const uint32_t wrong[][2] = {{5, 3}, {0, 3}, {1, 0}};
    fc_scenario *scenario = load(NULL);
    fc_run_options options = {.replications = N};
    fc_run_result result;
    fc_run_info *runs;
    size_t n;
    write_text("demo.yaml", fc_scenario_starter(FC_LANG_EN));
    write_text("crews.yaml", "fleetcast_experiment: 1\n"
                             "scenarios: [demo.yaml]\n"
                             "design: {kind: monte_carlo, points: 4}\n");
    fc_store *store = open_new(":memory:");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        options.shard = wrong[i][0];
        options.shards = wrong[i][1];
        assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_E_USAGE);
        assert_int_equal(fc_run_explained(store, "demo.yaml", NULL, &options, diag, &result),
                         FC_E_USAGE);
        assert_int_equal(fc_run_experiment(store, "crews.yaml", NULL, &options, diag, &result),
                         FC_E_USAGE);
    }
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_int_equal(n, 0);
    options.shard = options.shards = 3;
    options.precision = "P(end-2028): 10 points";
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_E_USAGE);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static void two_runs_are_found_and_compared(void **state)
{
    (void)state;
    const char *with = "faster-grid";
    fc_load_options faster = {.with = &with, .n_with = 1};
    fc_scenario *a = load(NULL), *b = load(&faster);
    fc_store *store = open_new(":memory:");
    fc_run_options options = {.replications = N};
    fc_run_result run_a, run_b;
    fc_run_info *runs;
    size_t n;
    int64_t found;
    char *text = NULL;
    assert_int_equal(fc_run(store, a, &options, diag, &run_a), FC_OK);
    assert_int_equal(fc_run(store, b, &options, diag, &run_b), FC_OK);
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_int_equal(n, 2);
    assert_true(runs[1].replications == N && runs[1].failures == 0);
    assert_string_equal(runs[1].hash, fc_scenario_hash(b));
    assert_int_equal(fc_store_find_run(store, "demo+faster-grid", diag, &found), FC_OK);
    assert_true(found == run_b.run);
    char first_six[7] = {0};
    memcpy(first_six, fc_scenario_hash(a), 6);
    assert_int_equal(fc_store_find_run(store, first_six, diag, &found), FC_OK);
    assert_true(found == run_a.run);
    assert_int_equal(fc_store_find_run(store, "nothing", diag, &found), FC_E_NO_RUN);

    fc_report_options json = {.json = true};
    assert_int_equal(fc_report_comparison(store, run_a.run, run_b.run, &json, diag, &text), FC_OK);
    assert_non_null(strstr(text, "\"paired\": true"));
    free(text);
    assert_int_equal(fc_report_answer(store, run_a.run, NULL, diag, &text), FC_OK);
    assert_non_null(strstr(text, "Demoland"));
    free(text);
    assert_int_equal(fc_report_chart(store, run_a.run, FC_LANG_KO, diag, &text), FC_OK);
    assert_memory_equal(text, "<svg", 4);
    free(text);
    text = (char *)1;
    assert_int_not_equal(fc_report_answer(store, 99, NULL, diag, &text), FC_OK);
    assert_null(text);
    fc_store_close(store);
    fc_scenario_free(a);
    fc_scenario_free(b);
}

static void precision_ends_a_run(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    fc_store *store = open_new(":memory:");
    fc_run_options options = {.precision = "gpus_in_service@2028-12-31: 50 %"};
    fc_run_result result;
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_true(result.precise && result.done == 200); /* the first look */
    assert_true(result.low <= result.estimate && result.estimate <= result.high);
    assert_true(result.high - result.low <= result.estimate); /* half: 50 % of it */
    assert_true(result.n == 200 && result.without == 0);
    assert_true(fabs(result.level - (1 - 0.3 / (M_PI * M_PI))) < 1e-12);
    /* One that is not reached with the most: the second look, at 1 - alpha / 4. */
    options.precision = "gpus_in_service@2028-12-31: 0.001 %";
    options.replications = 300;
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_true(!result.precise && result.n == 300 && result.found == 200 && result.done == 100);
    assert_true(fabs(result.level - (1 - 0.3 / 4 / (M_PI * M_PI))) < 1e-12);
    options.precision = "nonsense";
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_E_PRECISION);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static void an_experiment_is_run(void **state)
{
    (void)state;
    static const char experiment[] = "fleetcast_experiment: 1\n"
                                     "scenarios: [demo.yaml]\n"
                                     "policies: [none, faster-grid]\n"
                                     "replications: 4\n"
                                     "design: {kind: grid}\n"
                                     "factors:\n"
                                     "  crews: {key: fleets.demo.upkeep.crews, values: [2, 6]}\n";
    write_text("demo.yaml", fc_scenario_starter(FC_LANG_EN));
    write_text("crews.yaml", experiment);
    fc_store *store = open_new(":memory:");
    fc_run_result result;
    fc_run_info *runs;
    fc_experiment_info *experiments;
    fc_point *points;
    fc_design_values values;
    fc_missing *missing;
    size_t n;
    int ret = fc_run_experiment(store, "crews.yaml", NULL, NULL, diag, &result);
    if (ret) print_message("%s\n", fc_diag_text(diag, 0, FC_LANG_EN));
    assert_int_equal(ret, FC_OK);
    assert_true(result.done == 16 && result.unbuilt == 0); /* 2 policies x 2 points x 4 */
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_int_equal(n, 4);
    assert_int_equal(fc_store_experiments(store, arena, diag, &experiments, &n), FC_OK);
    assert_int_equal(n, 1);
    const fc_experiment_info *e = &experiments[0];
    assert_string_equal(e->name, "crews");
    assert_string_equal(e->kind, "grid");
    assert_true(e->points == 2 && e->asked == 4 && e->done == 4 && e->unbuilt == 0);
    assert_true(e->state.ended && e->state.wanted == 16 && e->state.stored == 16);
    assert_int_equal(fc_store_points(store, arena, e->id, diag, &points, &n), FC_OK);
    assert_int_equal(n, 4);
    assert_string_equal(points[3].policies, "faster-grid");
    assert_true(points[3].point == 1 && points[3].first == 0 && points[3].replications == 4);
    assert_true(points[3].run == runs[3].id && points[3].code == FC_OK && !points[3].sentence);
    assert_int_equal(fc_store_design_values(store, arena, e->id, diag, &values), FC_OK);
    assert_true(values.n_points == 2 && values.n_columns == 1 && !values.quantiles);
    assert_string_equal(values.columns[0], "crews");
    assert_string_equal(values.cells[0], "2");
    assert_string_equal(values.cells[1], "6");
    assert_int_equal(fc_store_missing_points(store, arena, diag, &missing, &n), FC_OK);
    assert_true(n == 1 && missing[0].missing == 0 && missing[0].failed == 0);
    fc_store_close(store);
}

/* What failed is listed with its number and why, and can be looked into. Its lower bound of 0 to 20
 * days is above the upper one, 10, in about half of all futures. */
static void failures_are_listed(void **state)
{
    (void)state;
    const char *set = "fleets.demo.programmes.national.install={varies: {low: {unknown: {low: 0 "
                      "days, high: 20 days}}, high: 10 days}}";
    fc_load_options failing = {.sets = &set, .n_sets = 1};
    fc_scenario *scenario = load(&failing);
    fc_store *store = open_new(":memory:");
    fc_run_options options = {.replications = N};
    fc_run_result result;
    fc_run_state how_far;
    fc_failed *failed;
    size_t n;
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_OK);
    assert_int_equal(fc_store_failed(store, arena, result.run, diag, &failed, &n), FC_OK);
    assert_true(n == result.failed && n > 0 && n < N);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || failed[i].replication > failed[i - 1].replication);
        assert_non_null(strstr(failed[i].sentence, "install"));
        assert_int_equal(fc_simulate_one(scenario, failed[i].replication, NULL, NULL, diag),
                         failed[i].code);
    }
    assert_int_equal(fc_store_run_state(store, result.run, diag, &how_far), FC_OK);
    assert_true(how_far.ended && how_far.failed == n && how_far.stored == N - n);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static int count_failures(void *self, const fc_log_event *event)
{
    *(double *)self += strcmp(event->what, "failure") == 0;
    return FC_OK;
}

/* A replication of a sampled point, looked into, is the one that was stored: as many servers fail.
 * The scenario by itself, without the point, is another future. */
static void a_point_is_watched(void **state)
{
    (void)state;
    enum { REPLICATIONS = 12 };
    write_text("demo.yaml", fc_scenario_starter(FC_LANG_EN));
    write_text("crews.yaml", "fleetcast_experiment: 1\n"
                             "scenarios: [demo.yaml]\n"
                             "policies: [none, faster-grid]\n"
                             "design: {kind: latin_hypercube, points: 6}\n"
                             "replications: 2\n");
    fc_store *store = open_new(":memory:");
    fc_scenario *plain = load(NULL);
    fc_run_result result;
    fc_run_info *runs;
    size_t n;
    int others = 0;
    assert_int_equal(fc_run_experiment(store, "crews.yaml", NULL, NULL, diag, &result), FC_OK);
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_int_equal(n, 2);
    for (uint32_t i = 0; i < 2 * REPLICATIONS; i++) {
        const fc_run_info *run = &runs[i / REPLICATIONS];
        fc_experiment_place place = {"crews.yaml", run->name, i % REPLICATIONS, 0};
        fc_sample stored;
        double seen = 0, alone = 0;
        assert_int_equal(fc_store_outcome(store, arena, run->id, "failures", "demo", diag, &stored),
                         FC_OK);
        assert_int_equal(stored.n, REPLICATIONS);
        assert_int_equal(fc_simulate_one_of(&place, NULL, count_failures, &seen, diag), FC_OK);
        assert_true(seen == stored.value[place.replication] && seen > 0);
        fc_simulate_one(plain, place.replication, count_failures, &alone, diag);
        others += alone != seen;
    }
    assert_in_range(others, REPLICATIONS, 2 * REPLICATIONS);
    fc_experiment_place beyond = {"crews.yaml", NULL, REPLICATIONS, 0};
    fc_experiment_place nobody = {"crews.yaml", "nobody", 0, 0};
    fc_experiment_place more = {"crews.yaml", NULL, REPLICATIONS, 3}; /* asked for 3 a point */
    assert_int_equal(fc_simulate_one_of(&beyond, NULL, NULL, NULL, diag), FC_E_USAGE);
    assert_int_equal(fc_simulate_one_of(&nobody, NULL, NULL, NULL, diag), FC_E_USAGE);
    assert_int_equal(fc_simulate_one_of(&more, NULL, NULL, NULL, diag), FC_OK);
    fc_scenario_free(plain);
    fc_store_close(store);
}

static void counterfactuals_are_run_and_found_again(void **state)
{
    (void)state;
    const char *set = "fleets.demo.targets.end-2028.gpus=11000";
    fc_load_options load_options = {.sets = &set, .n_sets = 1};
    fc_run_options options = {.replications = 12};
    fc_run_result first, again, half;
    fc_run_info *runs;
    size_t n;
    char *answer = NULL;
    FILE *file = fopen("demo.yaml", "w");
    fputs(fc_scenario_starter(FC_LANG_EN), file);
    fclose(file);
    fc_store *store = open_new(":memory:");
    assert_int_equal(fc_run_explained(store, "demo.yaml", &load_options, &options, diag, &first),
                     FC_OK);
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_true(n > 3 && first.done == 12 * n && first.found == 0 && first.run == runs[0].id);
    assert_string_equal(runs[0].name, "demo+end-2028.gpus=11000");
    for (size_t i = 1; i < n; i++)
        assert_memory_equal(runs[i].name, "demo+end-2028.gpus=11000 ", 25);
    assert_int_equal(fc_report_answer(store, first.run, NULL, diag, &answer), FC_OK);
    assert_non_null(strstr(answer, "faster-grid"));
    free(answer);
    assert_int_equal(fc_run_explained(store, "demo.yaml", &load_options, &options, diag, &again),
                     FC_OK);
    assert_true(again.done == 0 && again.found == first.done && again.run == first.run);
    options.shards = options.shard = 1;
    assert_int_equal(fc_run_explained(store, "demo.yaml", &load_options, &options, diag, &half),
                     FC_E_USAGE);
    fc_store_close(store);
}

int main(void)
{
    char folder[] = "/tmp/fleetcast-library-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder)) return 1;
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(a_run_that_was_stopped_goes_on),
        T(shards_are_merged),
        T(shards_that_are_none_are_refused),
        T(two_runs_are_found_and_compared),
        T(precision_ends_a_run),
        T(an_experiment_is_run),
        T(failures_are_listed),
        T(a_point_is_watched),
        T(counterfactuals_are_run_and_found_again),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const files[] = {"stopped.db", "shard1.db", "shard2.db",
                                        "merged.db",  "demo.yaml", "crews.yaml"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(files[i]);
    rmdir(folder);
    return failed;
}
