/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library as a program sees it: loading, and simulating in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "library_helper.h"

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

int main(void)
{
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
