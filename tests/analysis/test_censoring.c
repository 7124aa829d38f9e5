/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was not reached within the horizon, what was reached and lost again, and what nobody can
 * know of a date outside it: told apart in every output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include <jansson.h>
#include "report/answer.h"
#include "report/chart_svg.h"
#include "report/compare_text.h"
#include "results.h"

#define GOAL "korea.targets.goal"
#define GOAL_PATH "fleets.korea.targets.goal"

enum { FUTURES = 10 };

/* In service by the goal's date (2026-12-31) in three futures of ten, of which the second has lost
 * the number again; in the fourth an instant late; never in six. */
static void add_run(results *r, int run, const char *end, bool held_all)
{
    double due = day_of(2026, 12, 31);
    double dates[FUTURES] = {day_of(2026, 3, 1),
                             day_of(2026, 6, 1),
                             due + 1 - 1 / 86400.0,
                             due + 1,
                             NAN,
                             NAN,
                             NAN,
                             NAN,
                             NAN,
                             NAN};
    results_run(r, run, "1", end, GOAL_PATH);
    for (int i = 0; i < FUTURES; i++) {
        bool met = dates[i] < due + 1;
        results_replication(r, run, i);
        results_outcome(r, run, i, "gpus_in_service", "korea", 100);
        results_outcome(r, run, i, "reached_contracted", GOAL, day_of(2025, 6, 1));
        results_outcome(r, run, i, "reached_in_service", GOAL, dates[i]);
        results_outcome(r, run, i, "met", GOAL, met);
        results_outcome(r, run, i, "held", GOAL, met && (held_all || i != 1));
        results_outcome(r, run, i, "count_by", GOAL, 100 - 2 * i);
    }
}

static fc_answer *answer_of(results *r, int run)
{
    fc_answer *answer = NULL;
    assert_int_equal(fc_answer_make(r->store, r->arena, run, r->diag, &answer), FC_OK);
    return answer;
}

static void says(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("'%s' is not in:\n%s", words, text);
}

/* The page and its annex; line ends are where they fall. */
static void assert_page(const fc_answer *answer, fc_lang lang, const char *const *words)
{
    fc_text text = FC_TEXT_EMPTY;
    size_t kept = 0;
    assert_int_equal(fc_answer_text(answer, lang, true, false, &text), FC_OK);
    for (size_t i = 0; i < text.length; i++) {
        bool blank = text.data[i] == ' ' || text.data[i] == '\n';
        if (blank && kept > 0 && text.data[kept - 1] == ' ') continue;
        text.data[kept++] = blank ? ' ' : text.data[i];
    }
    text.data[kept] = '\0';
    for (; *words; words++) says(text.data, *words);
    fc_text_free(&text);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void text(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    results_goal(&r, 1, "100");
    results_read(&r);
    const fc_answer *answer = answer_of(&r, 1);
    assert_page(
        answer, FC_LANG_EN,
        WORDS("P(100 GPUs in service by end-2026) = about 30 % (unlikely); contracted 100 %",
              "When: median after 2027-12, 90% range 2026-04 to after 2027-12; not within "
              "the horizon about 60 %",
              "number still there on that date about 20 %",
              "in service 30.0 % (10.8 to 60.3) 2026-04-11 not reached not reached",
              "Still there on the date: 20.0 % (5.7 to 51.0)",
              "not within the horizon: 60.0 % (31.3 to 83.2)"));
    assert_page(
        answer, FC_LANG_KO,
        WORDS("’26년 말 GPU 100장 ‘가동’ 확률 약 30%(가능성 낮음)",
              "중앙값 모의 기간 이후, 90% 구간 2026.4.~모의 기간 이후; 기간 내 미달성 약 60%",
              "기한일에 수량 유지 약 20%", "2026.4.11. 미달성 미달성",
              "기한일에 수량 유지: 20.0%(5.7~51.0); 기간 내 미달성: 60.0%(31.3~83.2)"));
    results_end(&r);
}

/* Nothing to add where nothing was lost. */
static void text_without_loss(void **state)
{
    (void)state;
    results r;
    fc_text text = FC_TEXT_EMPTY;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", true);
    results_goal(&r, 1, "100");
    results_read(&r);
    assert_int_equal(fc_answer_text(answer_of(&r, 1), FC_LANG_EN, false, false, &text), FC_OK);
    assert_null(strstr(text.data, "still there"));
    fc_text_free(&text);
    results_end(&r);
}

/* Nor is a range named of which both ends lie beyond the horizon. */
static void text_beyond_the_horizon(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    results_goal(&r, 1, "100");
    results_read(&r);
    fc_answer *answer = answer_of(&r, 1);
    answer->summary.target.reached[FC_IN_SERVICE].low = INFINITY;
    assert_page(answer, FC_LANG_EN,
                WORDS("When: median after 2027-12; not within the horizon about 60 %"));
    assert_page(answer, FC_LANG_KO,
                WORDS("달성 시점: 중앙값 모의 기간 이후; 기간 내 미달성 약 60%"));
    results_end(&r);
}

static json_t *json_of(const fc_answer *answer)
{
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_answer_json(answer, &text), FC_OK);
    json_t *root = json_loads(text.data, 0, NULL);
    fc_text_free(&text);
    assert_non_null(root);
    return root;
}

static json_t *at(json_t *o, const char *first, const char *second, const char *third)
{
    o = json_object_get(o, first);
    if (second) o = json_object_get(o, second);
    if (third) o = json_object_get(o, third);
    assert_non_null(o);
    return o;
}

static void json(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    results_goal(&r, 1, "100");
    results_read(&r);
    json_t *root = json_of(answer_of(&r, 1)), *target = json_object_get(root, "target");
    assert_int_equal(json_integer_value(at(target, "met", "hits", NULL)), 3);
    assert_int_equal(json_integer_value(at(target, "met", "n", NULL)), 10);
    assert_int_equal(json_integer_value(at(target, "held", "hits", NULL)), 2);
    assert_int_equal(json_integer_value(at(target, "not_reached", "hits", NULL)), 6);
    assert_int_equal(json_integer_value(at(target, "reached_by", "in_service", "hits")), 3);
    assert_string_equal(json_string_value(at(target, "reached", "in_service", "p05")),
                        "2026-04-11");
    assert_true(json_is_null(at(target, "reached", "in_service", "p50")));
    assert_true(json_is_null(at(target, "reached", "in_service", "p95")));
    assert_string_equal(json_string_value(at(target, "reached", "contracted", "p95")),
                        "2025-06-01");
    json_decref(root);
    results_end(&r);
}

static int64_t number(results *r, const char *query)
{
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_prepare_v2(r->db, query, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return n;
}

#define REACHED "SELECT count(*) FROM v_outcome WHERE metric = 'reached_in_service' AND "

#define PAIRED "SELECT count(*) FROM v_counterfactual WHERE metric = 'reached_in_service' AND "

static void view(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    /* results_outcome's own metrics have no units. */
    assert_int_equal(sqlite3_exec(r.db,
                                  "UPDATE metric SET unit = 'date' WHERE metric LIKE"
                                  " 'reached%'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_read(&r);
    assert_int_equal(number(&r, REACHED "value IS NULL AND date IS NULL"), 6);
    assert_int_equal(number(&r, REACHED "replication = 2 AND date = '2026-12-31'"), 1);
    assert_int_equal(number(&r, REACHED "replication = 3 AND date = '2027-01-01'"), 1);
    /* As an analyst would: a mean of what is there is none of all, and count says so. */
    assert_int_equal(number(&r, "SELECT count(value) FROM v_outcome WHERE metric ="
                                " 'reached_in_service'"),
                     4);
    results_end(&r);
}

/* Run 2 is run 1 without a cause of delay: its fifth future gets there too. What was not reached
 * is NULL on its own side of the pair. */
static void view_of_counterfactuals(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    add_run(&r, 2, "2028-01-01", false);
    results_input(&r, 2, "counterfactual.of", "run-1", NULL, NULL);
    results_input(&r, 2, "counterfactual.what", "without grid", NULL, NULL);
    assert_int_equal(sqlite3_exec(r.db,
                                  "UPDATE outcome SET value = 20820 WHERE run_id = 2 AND"
                                  " replication = 4 AND value IS NULL",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_read(&r);
    assert_int_equal(number(&r, PAIRED "1"), FUTURES);
    assert_int_equal(number(&r, PAIRED "value IS NULL AND changed IS NULL"), 5);
    assert_int_equal(number(&r, PAIRED "replication = 4 AND value IS NULL AND changed = 20820"), 1);
    assert_int_equal(number(&r, PAIRED "value = changed"), 4);
    results_end(&r);
}

/* The view of series has no dates: reaching is an outcome. What it says of a month is said of all
 * futures, those that never get there among them. */
static void view_of_series(void **state)
{
    (void)state;
    results r;
    fc_store *writer = NULL;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    for (int i = 0; i < FUTURES; i++)
        results_series(&r, 1, i, "gpus_in_service", "2026-12-31", i < 3 ? 100 : 50);
    results_read(&r);
    assert_int_equal(fc_store_open(r.path, FC_STORE_WRITE, r.diag, &writer), FC_OK);
    assert_int_equal(fc_store_summarise(writer, 1, 1, r.diag), FC_OK);
    fc_store_close(writer);
    assert_int_equal(number(&r, "SELECT count(*) FROM v_series"), 1);
    assert_int_equal(number(&r, "SELECT count(*) FROM v_series WHERE n = 10 AND mean = 65"), 1);
    results_end(&r);
}

/* The picture shows numbers by month, so it is the same whenever and whether dates are reached. */
static void chart(void **state)
{
    (void)state;
    results r;
    fc_text with = FC_TEXT_EMPTY, without = FC_TEXT_EMPTY;
    results_begin(&r);
    for (int run = 1; run <= 2; run++) {
        add_run(&r, run, "2028-01-01", false);
        results_goal(&r, run, "100");
        for (int i = 0; i < FUTURES; i++) {
            results_series(&r, run, i, "gpus_in_service", "2026-12-31", 50);
            results_series(&r, run, i, "gpus_in_service", "2027-12-31", 90);
        }
    }
    assert_int_equal(sqlite3_exec(r.db,
                                  "UPDATE outcome SET value = NULL WHERE run_id = 2 AND metric_id"
                                  " IN (SELECT metric_id FROM metric WHERE metric LIKE 'reached%');"
                                  "UPDATE run SET name = 'run-1', title_en = 'Test',"
                                  " title_ko = '시험'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_read(&r);
    assert_int_equal(fc_chart_svg(r.store, 1, FC_LANG_EN, r.diag, &with), FC_OK);
    assert_int_equal(fc_chart_svg(r.store, 2, FC_LANG_EN, r.diag, &without), FC_OK);
    says(with.data, "<svg");
    assert_string_equal(with.data, without.data);
    assert_null(strstr(with.data, "nan"));
    assert_null(strstr(with.data, "1970"));
    fc_text_free(&with);
    fc_text_free(&without);
    results_end(&r);
}

/* B has a shorter horizon, which ends before the fourth future's date: there, as in the six where
 * neither has one, A and B are equal. */
static void compare(void **state)
{
    (void)state;
    results r;
    fc_comparison *c = NULL;
    fc_text out = FC_TEXT_EMPTY;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", true);
    add_run(&r, 2, "2027-01-01", false);
    results_goal(&r, 1, "100");
    results_goal(&r, 2, "100");
    assert_int_equal(sqlite3_exec(r.db,
                                  "UPDATE outcome SET value = NULL WHERE run_id = 2 AND"
                                  " replication = 3 AND value > 18000",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_read(&r);
    assert_int_equal(fc_compare_runs(r.store, r.arena, 1, 2, r.diag, &c), FC_OK);
    assert_int_equal(c->end_day, (int64_t)day_of(2027, 1, 1));
    const fc_compare_row *held = NULL, *met = NULL, *reached = NULL;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->rows[i].metric == FC_M_met) met = &c->rows[i];
        if (c->rows[i].metric == FC_M_held) held = &c->rows[i];
        if (c->rows[i].metric == FC_M_reached_in_service) reached = &c->rows[i];
    }
    assert_true(met && held && reached);
    assert_near(met->difference, 0, 1e-12);
    assert_near(held->mean_a, 0.3, 1e-12);
    assert_near(held->mean_b, 0.2, 1e-12);
    assert_int_equal(held->ahead_a, 1);
    assert_int_equal(reached->n_a, FUTURES);
    assert_int_equal(reached->tie, FUTURES);
    assert_near(reached->mean_a,
                (day_of(2026, 3, 1) + day_of(2026, 6, 1) + 8 * day_of(2027, 1, 1) - 1 / 86400.0) /
                    10,
                1e-6);
    assert_int_equal(fc_comparison_text(c, FC_LANG_EN, &out), FC_OK);
    says(out.data, "held on the date, %      30.0     20.0    +10.0");
    says(out.data, "Dates not reached count as the end of the horizon, 2026-12\n");
    fc_text_clear(&out);
    assert_int_equal(fc_comparison_text(c, FC_LANG_KO, &out), FC_OK);
    says(out.data, "기한일 유지, %");
    says(out.data, "달성하지 못한 모의의 시점은 모의 기간의 끝(2026.12.)으로 계산\n");
    fc_text_clear(&out);
    assert_int_equal(fc_comparison_json(c, &out), FC_OK);
    says(out.data, "\"not_reached_counts_as\": \"2027-01-01\"");
    fc_text_free(&out);
    results_end(&r);
}

/* Due in 2030, simulated up to 2028: three futures of ten got there early, which says nothing of
 * the others; and the model stores no `met`. */
static void outside_the_horizon(void **state)
{
    (void)state;
    results r;
    results_begin(&r);
    add_run(&r, 1, "2028-01-01", false);
    results_input(&r, 1, GOAL_PATH ".by", "2030-12-31", "law", "high");
    results_input(&r, 1, GOAL_PATH ".gpus", "100", "law", "high");
    results_input(&r, 1, GOAL_PATH ".counted_at", "in_service", "law", "high");
    assert_int_equal(sqlite3_exec(r.db,
                                  "UPDATE outcome SET value = NULL WHERE metric_id IN (SELECT"
                                  " metric_id FROM metric WHERE metric IN ('met', 'held',"
                                  " 'count_by'))",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_read(&r);
    const fc_answer *answer = answer_of(&r, 1);
    assert_page(answer, FC_LANG_EN,
                WORDS("P(100 GPUs in service by end-2030) = unknown: its date is outside the "
                      "horizon When: median after 2027-12",
                      "contracted - 2025-06-01"));
    assert_page(answer, FC_LANG_KO, WORDS("‘가동’ 확률 알 수 없음(기한이 모의 기간 밖)"));
    json_t *root = json_of(answer), *target = json_object_get(root, "target");
    assert_int_equal(json_integer_value(at(target, "met", "n", NULL)), 0);
    assert_true(json_is_null(at(target, "met", "p", NULL)));
    assert_true(json_is_null(at(target, "reached_by", "contracted", "p")));
    assert_int_equal(json_integer_value(at(target, "not_reached", "hits", NULL)), 6);
    json_decref(root);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text),
        cmocka_unit_test(text_without_loss),
        cmocka_unit_test(text_beyond_the_horizon),
        cmocka_unit_test(json),
        cmocka_unit_test(view),
        cmocka_unit_test(view_of_counterfactuals),
        cmocka_unit_test(view_of_series),
        cmocka_unit_test(chart),
        cmocka_unit_test(compare),
        cmocka_unit_test(outside_the_horizon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
