/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library as a program sees it: include/fleetcast and the shared object, nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fleetcast/fleetcast.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fc_diag *diag;
static fc_arena *arena;

static int set_up(void **state)
{
    (void)state;
    diag = fc_diag_create();
    arena = fc_arena_create();
    return diag && arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fc_arena_free(arena);
    fc_diag_free(diag);
    return 0;
}

static fc_scenario *load(const fc_load_options *options)
{
    const char *text = fc_scenario_starter(FC_LANG_EN);
    fc_scenario *scenario = NULL;
    assert_int_equal(fc_load_text("demo.yaml", text, strlen(text), options, diag, &scenario),
                     FC_OK);
    return scenario;
}

static fc_store *open_new(const char *path)
{
    fc_store *store = NULL;
    unlink(path);
    assert_int_equal(fc_store_open(path, FC_STORE_WRITE, diag, &store), FC_OK);
    return store;
}

static void assert_same_bits(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

/* ---- loading --------------------------------------------------------------------------------- */

static void a_scenario_is_changed_as_by_the_command_line(void **state)
{
    (void)state;
    const char *with = "faster-grid", *set = "fleets.demo.targets.end-2028.gpus=9000";
    const int64_t seed = 77;
    fc_load_options options = {
        .with = &with, .n_with = 1, .sets = &set, .n_sets = 1, .seed = &seed};
    fc_scenario *plain = load(NULL), *again = load(NULL), *changed = load(&options);
    assert_string_equal(fc_scenario_name(plain), "demo");
    assert_string_equal(fc_scenario_name(changed), "demo+faster-grid+end-2028.gpus=9000");
    assert_string_equal(fc_scenario_hash(plain), fc_scenario_hash(again));
    assert_string_not_equal(fc_scenario_hash(plain), fc_scenario_hash(changed));
    assert_true(fc_scenario_seed(changed) == 77);
    assert_int_equal(fc_scenario_replications(plain), 1000);
    fc_scenario_free(plain);
    fc_scenario_free(again);
    fc_scenario_free(changed);
}

static void every_mistake_is_listed_with_its_place(void **state)
{
    (void)state;
    static const char text[] = "fleetcast: 1\n"
                               "titel: x\n"
                               "horizon: {start: 2026-01-01, end: 2025-01-01}\n";
    fc_scenario *scenario = (fc_scenario *)1;
    int ret = fc_load_text("wrong.yaml", text, strlen(text), NULL, diag, &scenario);
    assert_null(scenario);
    assert_int_equal(fc_exit_code(ret), 3);
    assert_int_equal(ret, fc_diag_first(diag));
    assert_true(fc_diag_errors(diag) >= 2);
    assert_string_equal(fc_diag_place(diag, 0).file, "wrong.yaml");
    assert_int_equal(fc_diag_place(diag, 0).line, 2);
    char *message = fc_diag_text(diag, 0, FC_LANG_EN);
    assert_non_null(strstr(message, "wrong.yaml:2:1"));
    free(message);
    assert_int_equal(fc_load_text("wrong.yaml", text, strlen(text), NULL, NULL, &scenario), ret);
}

static void what_is_resolved_resolves_to_itself(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL), *again = NULL;
    char *resolved = NULL, *said = NULL;
    assert_int_equal(fc_scenario_resolved(scenario, FC_LANG_EN, &resolved), FC_OK);
    assert_int_equal(fc_load_text("x.yaml", resolved, strlen(resolved), NULL, diag, &again), FC_OK);
    assert_string_equal(fc_scenario_hash(scenario), fc_scenario_hash(again));
    assert_int_equal(fc_scenario_describe(scenario, FC_LANG_KO, &said), FC_OK);
    assert_non_null(strstr(said, "1만"));
    free(said);
    free(resolved);
    fc_scenario_free(again);
    fc_scenario_free(scenario);
}

static void what_differs_is_told_line_by_line(void **state)
{
    (void)state;
    const char *set = "fleets.demo.targets.end-2028.gpus=9000";
    fc_scenario *plain = load(NULL), *again = load(NULL);
    fc_scenario *changed = load(&(fc_load_options){.sets = &set, .n_sets = 1});
    char *text = NULL;
    assert_int_equal(fc_scenario_difference(plain, changed, &text), FC_OK);
    assert_memory_equal(text, "~ fleets.demo.targets.end-2028.gpus: ", 37);
    assert_string_equal(strstr(text, " -> "), " -> 9000\n"); /* one line */
    free(text);
    assert_int_equal(fc_scenario_difference(plain, again, &text), FC_OK);
    assert_string_equal(text, "");
    free(text);
    fc_scenario_free(plain);
    fc_scenario_free(again);
    fc_scenario_free(changed);
}

/* ---- in memory ------------------------------------------------------------------------------- */

enum { N = 24, FIRST = 5 };

typedef struct counter {
    uint32_t taken, end_after;
    bool ascending;
    uint32_t last;
} counter;

static int count(void *self, const fc_replication *one)
{
    counter *c = self;
    assert_int_equal(one->code, FC_OK);
    assert_null(one->sentence);
    assert_true(one->record->events > 0);
    if (c->taken && one->number != c->last + 1) c->ascending = false;
    c->last = one->number;
    return ++c->taken == c->end_after ? FC_E_DOMAIN : FC_OK;
}

static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    fc_simulate_options options = {.first = FIRST, .replications = N, .threads = 1};
    const double *one, *three, *from_0;
    uint32_t failed = 99;
    fc_shape shape;
    assert_int_equal(fc_scenario_shape(scenario, arena, &shape), FC_OK);
    size_t bytes = N * shape.n_outcomes * sizeof(double);
    assert_int_equal(fc_simulate_outcomes(scenario, &options, arena, diag, &one, &failed), FC_OK);
    assert_int_equal(failed, 0);
    options.threads = 3;
    assert_int_equal(fc_simulate_outcomes(scenario, &options, arena, diag, &three, NULL), FC_OK);
    assert_memory_equal(one, three, bytes);
    options.first = 0;
    assert_int_equal(fc_simulate_outcomes(scenario, &options, arena, diag, &from_0, NULL), FC_OK);
    assert_memory_equal(one, from_0 + FIRST * shape.n_outcomes, bytes / N * (N - FIRST));
    fc_scenario_free(scenario);
}

static void who_takes_may_end_it(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    fc_simulate_options options = {.first = FIRST, .replications = N, .threads = 1};
    counter all = {.ascending = true}, some = {.end_after = 3};
    assert_int_equal(fc_simulate(scenario, &options, count, &all, diag), FC_OK);
    assert_int_equal(all.taken, N);
    assert_true(all.ascending);
    assert_int_equal(fc_simulate(scenario, &options, count, &some, diag), FC_E_DOMAIN);
    assert_int_equal(some.taken, 3);
    fc_scenario_free(scenario);
}

typedef struct history {
    size_t n, limit, placed; /* events; after how many it ends, 0: never; orders */
    double day;              /* of the last one */
} history;

static int note_event(void *self, const fc_log_event *event)
{
    history *h = self;
    if (h->n) assert_true(event->day >= h->day);
    h->day = event->day;
    assert_true(*event->what && *event->entity && event->unit);
    if (strcmp(event->what, "order") == 0) h->placed++;
    return ++h->n == h->limit ? FC_E_DOMAIN : FC_OK;
}

static void one_replication_is_watched(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    history one = {0}, again = {0}, other = {0}, cut = {.limit = 7};
    fc_shape shape;
    assert_int_equal(fc_scenario_shape(scenario, arena, &shape), FC_OK);
    assert_int_equal(fc_simulate_one(scenario, 3, note_event, &one, diag), FC_OK);
    assert_int_equal(fc_simulate_one(scenario, 3, note_event, &again, diag), FC_OK);
    assert_memory_equal(&one, &again, sizeof one);
    assert_int_equal(fc_simulate_one(scenario, 4, note_event, &other, diag), FC_OK);
    assert_true(one.n > 20 && one.placed > 0 && one.n != other.n);
    assert_true(one.day <= (double)shape.month_day[shape.n_months - 1] + 1);
    assert_int_equal(fc_simulate_one(scenario, 3, note_event, &cut, diag), FC_E_DOMAIN);
    assert_int_equal(cut.n, 7);
    assert_int_equal(fc_simulate_one(scenario, 3, NULL, NULL, diag), FC_OK);
    fc_scenario_free(scenario);
}

/* ---- memory and database ----------------------------------------------------------------------
 */

/* Every number of every replication, as handed over. */
typedef struct table {
    const fc_shape *shape;
    double *outcomes, *series, *draws;
} table;

static int keep(void *self, const fc_replication *one)
{
    table *t = self;
    const fc_shape *s = t->shape;
    size_t cells = s->n_months * s->n_series, r = one->number;
    memcpy(t->outcomes + r * s->n_outcomes, one->record->outcomes, s->n_outcomes * sizeof(double));
    memcpy(t->series + r * cells, one->record->series, cells * sizeof(double));
    memcpy(t->draws + r * s->n_draws, one->record->draws, s->n_draws * sizeof(double));
    return FC_OK;
}

static table simulate_all(const fc_scenario *scenario, const fc_shape *shape)
{
    fc_simulate_options options = {.replications = N};
    table t = {.shape = shape,
               .outcomes = calloc(N * shape->n_outcomes, sizeof(double)),
               .series = calloc(N * shape->n_months * shape->n_series, sizeof(double)),
               .draws = calloc(N * shape->n_draws, sizeof(double))};
    assert_int_equal(fc_simulate(scenario, &options, keep, &t, diag), FC_OK);
    return t;
}

static void compare_outcomes(fc_store *store, int64_t run, const table *t)
{
    const fc_shape *s = t->shape;
    for (size_t c = 0; c < s->n_outcomes; c++) {
        fc_sample sample;
        assert_int_equal(fc_store_outcome(store, arena, run, s->outcomes[c].metric,
                                          s->outcomes[c].entity, diag, &sample),
                         FC_OK);
        assert_int_equal(sample.n, N);
        for (size_t r = 0; r < N; r++) {
            double there = t->outcomes[r * s->n_outcomes + c];
            assert_int_equal(sample.replication[r], r);
            if (isnan(there))
                assert_true(isnan(sample.value[r]));
            else
                assert_same_bits(sample.value[r], there);
        }
    }
}

static void compare_series(fc_store *store, int64_t run, const table *t)
{
    const fc_shape *s = t->shape;
    for (size_t c = 0; c < s->n_series; c++) {
        fc_panel panel;
        assert_int_equal(fc_store_panel(store, arena, run, s->series[c].metric, s->series[c].entity,
                                        diag, &panel),
                         FC_OK);
        assert_int_equal(panel.n_days, s->n_months);
        for (size_t m = 0; m < s->n_months; m++) {
            assert_true(panel.day[m] == s->month_day[m]);
            for (size_t r = 0; r < N; r++) {
                double there = t->series[(r * s->n_months + m) * s->n_series + c];
                if (!isnan(there)) assert_same_bits(panel.value[m * N + r], there);
            }
        }
    }
}

static void compare_draws(fc_store *store, int64_t run, const table *t)
{
    const fc_shape *s = t->shape;
    fc_draw_sample *draws;
    size_t n, dates = 0;
    assert_int_equal(fc_store_draws(store, arena, run, diag, &draws, &n), FC_OK);
    assert_int_equal(n, s->n_draws);
    for (size_t c = 0; c < n; c++) {
        size_t d = 0;
        while (d < n && strcmp(draws[d].path, s->draws[c].path) != 0) d++;
        assert_true(d < n);
        dates += strcmp(s->draws[c].unit, "date") == 0;
        for (size_t r = 0; r < N; r++) {
            double there = t->draws[r * n + c];
            if (!isnan(there)) assert_same_bits(draws[d].sample.value[r], there);
        }
    }
    assert_int_equal(dates, 3); /* enactment of main-2027; supply crunch, as drawn and as begun */
}

static void memory_and_database_hold_the_same(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    fc_store *store = open_new(":memory:");
    fc_run_options options = {.replications = N};
    fc_run_result done;
    fc_shape shape;
    assert_int_equal(fc_scenario_shape(scenario, arena, &shape), FC_OK);
    assert_true(shape.n_outcomes > 0 && shape.n_series > 0 && shape.n_draws > 0);
    table t = simulate_all(scenario, &shape);
    assert_int_equal(fc_run(store, scenario, &options, diag, &done), FC_OK);
    assert_true(done.done == N && done.found == 0 && done.failed == 0 && !done.stopped);
    assert_true(isnan(done.estimate));
    compare_outcomes(store, done.run, &t);
    compare_series(store, done.run, &t);
    compare_draws(store, done.run, &t);
    free(t.outcomes);
    free(t.series);
    free(t.draws);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static void columns_are_found_by_name(void **state)
{
    (void)state;
    fc_scenario *scenario = load(NULL);
    fc_shape shape;
    assert_int_equal(fc_scenario_shape(scenario, arena, &shape), FC_OK);
    size_t at = fc_find_column(shape.series, shape.n_series, "gpus_in_service", "demo");
    assert_true(at < shape.n_series);
    assert_string_equal(shape.series[at].unit, "GPU");
    assert_true(fc_find_column(shape.series, shape.n_series, "gpus_in_service", NULL) == at);
    assert_true(fc_find_column(shape.series, shape.n_series, "gpus_in_service", "x") == SIZE_MAX);
    assert_int_equal(shape.n_months, 60);     /* 2026 to 2030 */
    assert_true(shape.month_day[0] == 20484); /* 2026-01-31 */
    fc_scenario_free(scenario);
}

/* ---- runs ------------------------------------------------------------------------------------ */

enum { MANY = 1000 }; /* more than the workers can be ahead of who writes */

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
    }
    assert_int_equal(fc_store_digest(store, diag, merged), FC_OK);
    assert_string_equal(whole, merged);
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
    options.precision = "nonsense";
    assert_int_equal(fc_run(store, scenario, &options, diag, &result), FC_E_PRECISION);
    fc_store_close(store);
    fc_scenario_free(scenario);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
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
    size_t n;
    int ret = fc_run_experiment(store, "crews.yaml", NULL, NULL, diag, &result);
    if (ret) print_message("%s\n", fc_diag_text(diag, 0, FC_LANG_EN));
    assert_int_equal(ret, FC_OK);
    assert_true(result.done == 16 && result.unbuilt == 0); /* 2 policies x 2 points x 4 */
    assert_int_equal(fc_store_runs(store, arena, diag, &runs, &n), FC_OK);
    assert_int_equal(n, 4);
    fc_store_close(store);
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
        T(a_scenario_is_changed_as_by_the_command_line),
        T(every_mistake_is_listed_with_its_place),
        T(what_is_resolved_resolves_to_itself),
        T(what_differs_is_told_line_by_line),
        T(threads_do_not_change_a_bit),
        T(who_takes_may_end_it),
        T(one_replication_is_watched),
        T(memory_and_database_hold_the_same),
        T(columns_are_found_by_name),
        T(a_run_that_was_stopped_goes_on),
        T(shards_are_merged),
        T(two_runs_are_found_and_compared),
        T(precision_ends_a_run),
        T(an_experiment_is_run),
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
