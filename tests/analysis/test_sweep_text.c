/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep found, from databases made by hand: the intervals of its table and JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "report/sweep_text.h"
#include "results.h"

#define GOAL "korea.targets.goal"

static void add_run(results *r, int run, int n, int met)
{
    results_run(r, run, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(r, run, "100");
    for (int i = 0; i < n; i++) {
        results_replication(r, run, i);
        results_outcome(r, run, i, "met", GOAL, i < met);
        results_outcome(r, run, i, "count_by", GOAL, 1000 + 100 * (i % 2));
    }
}

/* 0 of 20 is 0 to 16.1 % by Wilson; at 99 % 24.9. 20 of 20 at 10 points of two: 10 of 10, from
 * 72.2 %; as if independent it were 83.9. Counts 1000 and 1100 in turn: sd 51.3, t(19) 2.093; at 99
 * % 2.861: run 3 was stopped at 99 % by a look at its 20, run 1 has one more than was looked at. */
static void intervals(void **state)
{
    (void)state;
    results r;
    fc_sweep_row *rows;
    size_t n;
    const int64_t plain[] = {1, 3}, sample[] = {2};
    results_begin(&r);
    add_run(&r, 1, 20, 0);
    add_run(&r, 2, 20, 20);
    add_run(&r, 3, 20, 0);
    assert_int_equal(sqlite3_exec(r.db,
                                  "INSERT INTO look VALUES(1, 'met: 1 %', 0, 19, 0.99, 1),"
                                  " (3, 'met: 1 %', 0, 20, 0.99, 1)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    results_design(&r, 2, "monte_carlo", "10", 2);
    results_read(&r);
    fc_text text = FC_TEXT_EMPTY;
    int ret = fc_sweep_rows(r.store, r.arena, plain, 2, false, r.diag, &rows, &n);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(n, 2);
    assert_int_equal(fc_sweep_text(rows, n, FC_LANG_EN, &text), FC_OK);
    assert_string_equal(
        text.data,
        "run              n              P(goal) %           count by then\n"
        "run-1           20      0.0 (0.0 to 16.1)     1050 (1026 to 1074)\n"
        "run-3           20      0.0 (0.0 to 24.9)     1050 (1017 to 1083)\n"
        "Stopped by precision: the intervals have 95.0 to 99.0 %, so that all looks together hold "
        "with 95 %.\n");
    fc_text_clear(&text);
    assert_near(rows[0].count.interval.high - 1050, 2.093024054 * sqrt(50000 / 19.0 / 20), 1e-8);

    ret = fc_sweep_rows(r.store, r.arena, sample, 1, true, r.diag, &rows, &n);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(n, 1);
    assert_near(rows[0].met.interval.low, 0.722467, 1e-6);
    assert_true(rows[0].met.interval.high == 1);
    assert_int_equal(fc_sweep_json("e", rows, n, &text), FC_OK);
    assert_non_null(strstr(text.data, "\"low\": 0.7224"));
    fc_text_free(&text);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
