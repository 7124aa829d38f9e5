/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include <jansson.h>
#include "report/compare_text.h"
#include "results.h"

#define GOAL "korea.targets.goal"
#define TINY 1e-9

static const fc_compare_row *row_of(const fc_comparison *c, int metric)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (c->rows[i].metric == metric) return &c->rows[i];
    return NULL;
}

static void add(results *r, int run, int replication, double reached, double count, double grid)
{
    results_replication(r, run, replication);
    results_outcome(r, run, replication, "gpus_in_service", "korea", count);
    results_outcome(r, run, replication, "h100e_in_service", "korea", 2 * count);
    results_outcome(r, run, replication, "reached_in_service", GOAL, reached);
    results_outcome(r, run, replication, "met", GOAL, reached < day_of(2027, 1, 1));
    results_outcome(r, run, replication, "count_by", GOAL, count);
    results_outcome(r, run, replication, "delay", "korea.delay.grid", grid);
    results_outcome(r, run, replication, "money_paid", "korea", 1e9);
}

static fc_comparison *two_runs(results *r, const char *seed_b)
{
    fc_comparison *c;
    results_begin(r);
    results_run(r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_run(r, 2, seed_b, "2027-07-01", "fleets.korea.targets.goal");
    results_goal(r, 1, "100");
    results_goal(r, 2, "100");
    add(r, 1, 0, day_of(2026, 7, 1), 110, 10);
    add(r, 1, 1, day_of(2027, 9, 1), 90, 20); /* after B's horizon: counts as its end */
    add(r, 1, 2, NAN, 50, 30);
    add(r, 1, 3, day_of(2026, 7, 1), 100, 40);
    add(r, 1, 9, day_of(2025, 2, 1), 999, 0); /* B does not have this one */
    add(r, 2, 0, day_of(2026, 7, 11), 100, 10);
    add(r, 2, 1, NAN, 90, 26);
    add(r, 2, 2, day_of(2027, 6, 1), 60, 10);
    add(r, 2, 3, NAN, 80, 50);
    results_read(r);
    assert_int_equal(fc_compare_runs(r->store, r->arena, 1, 2, r->diag, &c), FC_OK);
    return c;
}

static void paired(void **state)
{
    (void)state;
    results r;
    const fc_comparison *c = two_runs(&r, "1");
    assert_true(c->paired);
    assert_true(c->same_target);
    assert_int_equal(c->n, 4);
    assert_int_equal(c->end_day, (int64_t)day_of(2027, 7, 1));

    const fc_compare_row *met = row_of(c, FC_M_met); /* 1 0 0 1 against 1 0 0 0 */
    assert_near(met->mean_a, 0.5, TINY);
    assert_near(met->mean_b, 0.25, TINY);
    assert_near(met->difference, 0.25, TINY);
    /* Agresti and Min, half a pair more of each kind: (1 +- z sqrt(2 - 1/6)) / 6. */
    assert_near(met->interval.low, (1 - 1.959963985 * sqrt(11 / 6.0)) / 6, 1e-8);
    assert_near(met->interval.high, (1 + 1.959963985 * sqrt(11 / 6.0)) / 6, 1e-8);
    assert_int_equal(met->ahead_a, 1);
    assert_int_equal(met->tie, 3);

    /* Days: -10, 0 (both count as the end), 30, -365. Earlier is better. */
    const fc_compare_row *reached = row_of(c, FC_M_reached_in_service);
    assert_near(reached->difference, (-10 + 30 - 365) / 4.0, TINY);
    assert_near(reached->median_difference, -5, TINY);
    assert_int_equal(reached->ahead_a, 2);
    assert_int_equal(reached->tie, 1);
    assert_int_equal(reached->ahead_b, 1);

    /* Counts: 10, 0, -10, 20; sd of the differences sqrt(500/3). */
    const fc_compare_row *count = row_of(c, FC_M_count_by);
    assert_near(count->difference, 5, TINY);
    assert_near(count->interval.high - 5, 3.182446305 * sqrt(500 / 3.0) / 2, 1e-7);
    assert_int_equal(count->ahead_a, 2);
    assert_int_equal(count->ahead_b, 1);

    const fc_compare_row *grid = row_of(c, FC_M_delay); /* 0, -6, 20, -10: less is better */
    assert_int_equal(grid->cause, FC_CAUSE_grid);
    assert_near(grid->difference, 1, TINY);
    assert_near(grid->median_difference, -3, TINY);
    assert_int_equal(grid->ahead_a, 2);
    assert_int_equal(grid->tie, 1);
    assert_int_equal(grid->ahead_b, 1);

    const fc_compare_row *paid = row_of(c, FC_M_money_paid); /* neither more nor less is better */
    assert_string_equal(paid->unit, "KRW");
    assert_int_equal(paid->better, 0);
    assert_int_equal(paid->ahead_a + paid->tie + paid->ahead_b, 0);
    assert_near(paid->interval.high - paid->interval.low, 0, TINY);
    assert_null(row_of(c, FC_M_idle_contracted)); /* neither run has it */
    results_end(&r);
}

static void unpaired(void **state)
{
    (void)state;
    results r;
    const fc_comparison *c = two_runs(&r, "2");
    assert_false(c->paired);
    assert_int_equal(c->n, 4);
    const fc_compare_row *count = row_of(c, FC_M_count_by);
    assert_int_equal(count->n_a, 5);
    assert_int_equal(count->n_b, 4);
    /* A 110 90 50 100 999: mean 269.8; B 100 90 60 80: 82.5. Welch, worked apart: the variances
     * of the means are 166685.2 / 5 and 291 2/3 / 4, df 4.01749, t 2.771684. */
    assert_near(count->difference, 187.3, TINY);
    assert_near(count->median_difference, 100 - 85, TINY);
    assert_near(count->interval.high - count->difference, 506.6192742, 1e-6);
    assert_int_equal(count->ahead_a + count->tie + count->ahead_b, 0);
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_comparison_text(c, FC_LANG_EN, &text), FC_OK);
    assert_non_null(strstr(text.data, "Not paired"));
    fc_text_free(&text);
    results_end(&r);
}

/* Two policies at 6 points of 2 replications each (block 2), counts 10 p + 1 for A, more by the
 * point than within it; the Sobol run of B has 3 shifts of 2 points (blocks of 4 = 12 / 3). */
static void two_samples(results *r, const char *kind_b, const char *points_b)
{
    results_begin(r);
    for (int run = 1; run <= 2; run++) {
        results_run(r, run, "1", "2028-01-01", "fleets.korea.targets.goal");
        results_goal(r, run, "100");
    }
    results_design(r, 1, "monte_carlo", "6", 2);
    if (kind_b) results_design(r, 2, kind_b, points_b, 2);
    for (int i = 0; i < 12; i++) {
        double reached = day_of(2026, 7, 1), late = day_of(2027, 7, 1);
        add(r, 1, i, i / 2 % 2 ? reached : late, 100 + 10 * (i / 2) + i % 2, 0);
        add(r, 2, i, late, 100, 0);
    }
    results_read(r);
}

static void points_of_a_sample(void **state)
{
    (void)state;
    results r;
    fc_comparison *c;
    two_samples(&r, "monte_carlo", "6");
    assert_int_equal(fc_compare_runs(r.store, r.arena, 1, 2, r.diag, &c), FC_OK);
    assert_int_equal(c->n, 12);
    assert_int_equal(c->independent, 6);
    const fc_compare_row *count = row_of(c, FC_M_count_by);
    /* Means of the points 0.5, 10.5, ... 50.5: sd sqrt(350), t(5) = 2.570582. */
    assert_near(count->difference, 25.5, TINY);
    assert_near(count->interval.high - 25.5, 2.570581836 * sqrt(350 / 6.0), 1e-7);
    const fc_compare_row *met = row_of(c, FC_M_met); /* 3 of 6 points: variance 1/4, error^2 1/20 */
    double n = 5, t = 2.570581836, centre = 2.5 / 7;
    assert_near(met->difference, 0.5, TINY);
    assert_near(met->interval.low, centre - t * sqrt(2.5 + 1 - 7 * centre * centre) / (n + 2),
                1e-7);
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_comparison_text(c, FC_LANG_EN, &text), FC_OK);
    assert_non_null(strstr(text.data, "intervals stand on its 6 independent points or shifts"));
    fc_text_free(&text);
    results_end(&r);

    two_samples(&r, "sobol", "6 in 3 shifts"); /* the longer blocks count */
    assert_int_equal(fc_compare_runs(r.store, r.arena, 1, 2, r.diag, &c), FC_OK);
    assert_int_equal(c->independent, 3);
    count = row_of(c, FC_M_count_by); /* 5.5, 25.5, 45.5: sd 20, t(2) */
    assert_near(count->interval.high - 25.5, 4.30265273 * 20 / sqrt(3), 1e-7);
    results_end(&r);

    two_samples(&r, NULL, NULL); /* against a run of no design, the sample's points count */
    assert_int_equal(fc_compare_runs(r.store, r.arena, 1, 2, r.diag, &c), FC_OK);
    assert_int_equal(c->independent, 6);
    results_end(&r);
}

static void text_in_english(void **state)
{
    (void)state;
    results r;
    const fc_comparison *c = two_runs(&r, "1");
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_comparison_text(c, FC_LANG_EN, &text), FC_OK);
    assert_string_equal(
        text.data,
        "COMPARE A: Test (run-1) | B: Test (run-2) | 4 futures, pair by pair\n"
        "Target: 100 GPUs in service by end-2026\n"
        "Answer: P(met) A about 50 %, B about 25 %; A is sooner in 50 % of futures, B in\n"
        "  25 %\n"
        "\n"
        "                                  mean                difference        % ahead\n"
        "                            A        B    A - B   95% ±   median    A  tie    B\n"
        "target met, %            50.0     25.0    +25.0    52.6      0.0   25   75    0\n"
        "reached; months       2026-12  2027-03     -2.8     9.8     -0.2   50   25   25\n"
        "count on the date          88       82       +5      21       +5   50   25   25\n"
        "in service at end          88       82       +5      21       +5   50   25   25\n"
        "  in H100e                175      165      +10      41      +10   50   25   25\n"
        "shortfall by cause, 1,000 GPU-days\n"
        "  grid                      0        0        0       0        0   50   25   25\n"
        "paid, KRW bn              1.0      1.0      0.0     0.0      0.0    -    -    -\n"
        "Dates not reached count as the end of the horizon, 2027-06\n");
    fc_text_free(&text);
    results_end(&r);
}

static void json(void **state)
{
    (void)state;
    results r;
    const fc_comparison *c = two_runs(&r, "1");
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_comparison_json(c, &text), FC_OK);
    json_t *root = json_loads(text.data, 0, NULL);
    assert_non_null(root);
    assert_true(json_is_true(json_object_get(root, "paired")));
    assert_string_equal(json_string_value(json_object_get(root, "not_reached_counts_as")),
                        "2027-07-01");
    json_t *rows = json_object_get(root, "rows"), *met = json_array_get(rows, 0);
    assert_int_equal(json_array_size(rows), c->n_rows);
    assert_string_equal(json_string_value(json_object_get(met, "metric")), "met");
    assert_near(json_real_value(json_object_get(met, "difference")), 0.25, TINY);
    assert_int_equal(json_integer_value(json_object_get(met, "ahead_a")), 1);
    json_t *paid = json_array_get(rows, json_array_size(rows) - 1);
    assert_string_equal(json_string_value(json_object_get(paid, "metric")), "money_paid");
    assert_true(json_is_null(json_object_get(paid, "ahead_a")));
    assert_true(json_is_null(json_object_get(paid, "better")));
    json_decref(root);
    fc_text_free(&text);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paired),
        cmocka_unit_test(unpaired),
        cmocka_unit_test(points_of_a_sample),
        cmocka_unit_test(text_in_english),
        cmocka_unit_test(json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
