/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counterfactuals held against their run, on a database made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>
#include "report/answer.h"
#include "results.h"

#define GOAL "korea.targets.goal"
#define HEADLINE "fleets.korea.targets.goal"
enum { N = 7 };

/* Seven futures: reached in month `month` of 2026 (1 to 12), 0: not at all. */
static void add_run(results *r, int run, const char *gpus, const int month[N], double bought,
                    double paid)
{
    results_run(r, run, "1", "2028-01-01", HEADLINE);
    results_goal(r, run, gpus);
    for (int i = 0; i < N; i++) {
        results_replication(r, run, i);
        results_outcome(r, run, i, "reached_in_service", GOAL,
                        month[i] ? day_of(2026, month[i], 1) : NAN);
        results_outcome(r, run, i, "met", GOAL, month[i] > 0);
        results_outcome(r, run, i, "gpus_contracted", "korea", bought + i);
        results_outcome(r, run, i, "gpus_retired", "korea", 5);
        results_outcome(r, run, i, "money_paid", "korea", paid);
        results_outcome(r, run, i, "money_committed", "korea", 0);
        results_outcome(r, run, i, "gpus_in_service", "korea", bought);
        results_outcome(r, run, i, "idle_contracted", "korea", 10);
        results_outcome(r, run, i, "delay", "korea.delay.grid", run == 1 ? 99 : 0);
        results_outcome(r, run, i, "delay", "korea.delay.supply", run == 1 ? 1 : 0);
    }
}

/* Makes a run the counterfactual of the run whose hash is `of`. */
static void add_what(results *r, int run, const char *of, const char *name, const char *title)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "UPDATE run SET name = 'run-1 %s', title_en = 'Test: %s', title_ko = '시험: %s'"
             " WHERE run_id = %d",
             name, title, title, run);
    assert_int_equal(sqlite3_exec(r->db, sql, NULL, NULL, NULL), SQLITE_OK);
    results_input(r, run, "counterfactual.of", of, NULL, NULL);
}

static void add_all(results *r)
{
    static const int base[N] = {12, 12, 12, 12, 12, 0, 0}, grid[N] = {9, 9, 9, 10, 10, 12, 0};
    results_begin(r);
    add_run(r, 1, "100", base, 1000, 2e9);
    add_run(r, 2, "100", grid, 1000, 2e9);
    add_what(r, 2, "run-1", "without grid", "x");
    add_run(r, 3, "100", base, 940, 2e9);
    add_what(r, 3, "run-1", "KRW +100", "x");
    add_run(r, 4, "100", base, 1000, 2e9);
    add_what(r, 4, "run-1", "with idle", "Nothing much");
    add_run(r, 5, "100", grid, 1000, 5e9);
    add_what(r, 5, "run-1", "with dear", "Dear");
    add_run(r, 6, "100", grid, 1000, 2e9);
    add_what(r, 6, "run-1", "with good", "Good");
    add_run(r, 7, "50", grid, 1000, 2e9); /* another target */
    add_what(r, 7, "run-1", "with less", "Less");
    add_run(r, 8, "100", grid, 1000, 2e9); /* of the scenario before it was edited */
    add_what(r, 8, "run-0", "with old", "Old");
    results_series(r, 1, 0, "gpus_announced", "2026-12-31", 100);
    results_series(r, 1, 0, "money_released", "2026-12-31", 4e9);
    results_series(r, 1, 0, "money_paid", "2026-12-31", 2e9);
    results_read(r);
}

static void gains(void **state)
{
    (void)state;
    results r;
    fc_answer *a;
    add_all(&r);
    assert_int_equal(fc_answer_make(r.store, r.arena, 1, r.diag, &a), FC_OK);
    const fc_explanation *e = &a->explanation;

    assert_int_equal(e->n_causes, 1);
    assert_int_equal(e->causes[0].cause, FC_CAUSE_grid);
    const fc_gain *grid = &e->causes[0].gain;
    /* Days sooner: 91 91 91 61 61 396 (1 January 2028 against 1 December 2026), 0. Sorted: 0 61 61
     * 91 91 91 396; of 7 the interval leaves out none at either end (2 / 2^7 is below 5 %). */
    assert_int_equal(grid->n, 7);
    assert_near(grid->months, 91 / 30.4375, 1e-9);
    assert_near(grid->mean_months, (91 * 3 + 61 * 2 + 396) / 7.0 / 30.4375, 1e-9);
    assert_near(grid->months_interval.low, 0, 1e-9);
    assert_near(grid->months_interval.high, 396 / 30.4375, 1e-9);
    assert_int_equal(grid->met_before.hits, 5);
    assert_int_equal(grid->met.hits, 6);
    assert_near(grid->money, 0, 1e-9);

    assert_non_null(e->weaker);
    assert_string_equal(e->currency, "KRW");
    assert_near(e->step, 100, 1e-9);
    assert_near(e->weaker->gpus, -60, 1e-9);

    assert_int_equal(e->n_options, 4); /* the cheaper of two equal ones first, no target last */
    assert_string_equal(e->options[0].what, "good");
    assert_string_equal(e->options[1].what, "dear");
    assert_string_equal(e->options[1].title_en, "Dear");
    assert_near(e->options[1].money, 3e9, 1e-3);
    assert_string_equal(e->options[2].what, "idle");
    assert_string_equal(e->options[3].what, "less");
    assert_true(isnan(e->options[3].months));
    results_end(&r);
}

static void has(const char *page, const char *text)
{
    if (!strstr(page, text)) fail_msg("no \"%s\" in\n%s", text, page);
}

static void words(void **state)
{
    (void)state;
    results r;
    fc_answer *a;
    fc_text en = FC_TEXT_EMPTY, ko = FC_TEXT_EMPTY, json = FC_TEXT_EMPTY;
    add_all(&r);
    assert_int_equal(fc_answer_make(r.store, r.arena, 1, r.diag, &a), FC_OK);
    assert_int_equal(fc_answer_text(a, FC_LANG_EN, true, false, &en), FC_OK);
    has(en.data, "removing grid (");
    has(en.data, "3 months sooner (95 % 0 to 13)");
    has(en.data, "P(met) about 70 % -> about 85 %");
    has(en.data, "Won weaker by 100/USD: 60 fewer GPUs");
    has(en.data, "(1) Good: 3 months sooner, P(met)");
    has(en.data, "(2) Dear:");
    has(en.data, "KRW 3 bn more (3) no");
    has(en.data, "notice and connection take no time");
    assert_int_equal(fc_answer_text(a, FC_LANG_KO, true, false, &ko), FC_OK);
    has(ko.data, "해소 시 3개월 단축(95% 0~13)");
    has(ko.data, "○ 환율 100원 상승 시 구매 물량 △60장");
    has(ko.data, "② Dear: 3개월 단축");
    has(ko.data, "③ 현행 유지");
    assert_int_equal(fc_answer_json(a, &json), FC_OK);
    json_t *root = json_loads(json.data, 0, NULL), *explain = json_object_get(root, "explain");
    json_t *first = json_array_get(json_object_get(explain, "options"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "policy")), "good");
    assert_near(json_number_value(
                    json_object_get(json_object_get(explain, "weaker_currency"), "gpus_more")),
                -60, 1e-9);
    json_decref(root);
    fc_text_free(&en);
    fc_text_free(&ko);
    fc_text_free(&json);
    results_end(&r);
}

/* Three of seven futures are 6 months sooner: the median says nothing, the mean 2.6 months. */
static void gained_by_few(void **state)
{
    (void)state;
    static const int base[N] = {12, 12, 12, 12, 12, 12, 12}, grid[N] = {6, 6, 6, 12, 12, 12, 12};
    results r;
    fc_answer *a;
    fc_text en = FC_TEXT_EMPTY, ko = FC_TEXT_EMPTY;
    results_begin(&r);
    add_run(&r, 1, "100", base, 1000, 2e9);
    add_run(&r, 2, "100", grid, 1000, 2e9);
    add_what(&r, 2, "run-1", "without grid", "x");
    add_run(&r, 3, "100", grid, 1000, 2e9);
    add_what(&r, 3, "run-1", "with good", "Good");
    results_read(&r);
    assert_int_equal(fc_answer_make(r.store, r.arena, 1, r.diag, &a), FC_OK);
    assert_int_equal(fc_answer_text(a, FC_LANG_EN, true, false, &en), FC_OK);
    has(en.data, "3 months sooner on average, none in the median");
    has(en.data, "(1) Good: 3 months sooner on average");
    assert_int_equal(fc_answer_text(a, FC_LANG_KO, true, false, &ko), FC_OK);
    has(ko.data, "평균 3개월 단축(중앙값은 그대로)");
    fc_text_free(&en);
    fc_text_free(&ko);
    results_end(&r);
}

/* A run without counterfactuals says nothing of any. */
static void not_explained(void **state)
{
    (void)state;
    static const int base[N] = {12, 12, 12, 12, 12, 0, 0};
    results r;
    fc_answer *a;
    fc_text en = FC_TEXT_EMPTY, json = FC_TEXT_EMPTY;
    results_begin(&r);
    add_run(&r, 1, "100", base, 1000, 2e9);
    results_read(&r);
    assert_int_equal(fc_answer_make(r.store, r.arena, 1, r.diag, &a), FC_OK);
    assert_int_equal(fc_answer_text(a, FC_LANG_EN, true, false, &en), FC_OK);
    assert_null(strstr(en.data, "removing"));
    assert_null(strstr(en.data, "Options"));
    assert_int_equal(fc_answer_json(a, &json), FC_OK);
    has(json.data, "\"explain\": null");
    fc_text_free(&en);
    fc_text_free(&json);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains),
        cmocka_unit_test(words),
        cmocka_unit_test(gained_by_few),
        cmocka_unit_test(not_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
