/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws a few at a time are those that are read all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "store_helper.h"

enum { N = 8, DRAWS = 3 };

typedef struct expected {
    const fc_draw_sample *draws; /* of N replications, which repeat themselves */
    size_t n;                    /* replications */
    bool seen[DRAWS];
} expected;

static int take(void *self, const fc_draw_sample *draw, fc_diag *diag)
{
    expected *e = self;
    (void)diag;
    assert_int_equal(draw->sample.n, e->n);
    for (size_t k = 0; k < DRAWS; k++) {
        if (strcmp(draw->path, e->draws[k].path) != 0) continue;
        assert_false(e->seen[k]);
        e->seen[k] = true;
        for (size_t r = 0; r < e->n; r++) {
            double x = draw->sample.value[r], y = e->draws[k].sample.value[r % N];
            assert_int_equal(draw->sample.replication[r], r);
            assert_true(isnan(x) ? isnan(y) : x <= y && x >= y);
        }
    }
    return FC_OK;
}

static void reads(fixture *f, fc_store *store, expected e)
{
    memset(e.seen, 0, sizeof e.seen);
    check(f, fc_store_each_draw(store, 1, f->diag, take, &e));
    for (size_t k = 0; k < DRAWS; k++) assert_true(e.seen[k]);
}

/* 8 replications, all draws of which are read at once; 160,000, whose draws come one at a time. */
static void the_same_at_any_number(void **state)
{
    fixture *f = *state;
    fc_draw_sample *draws;
    size_t n;
    make_database(f, "r.db", N);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    check(f, fc_store_draws(store, f->arena, 1, f->diag, &draws, &n));
    assert_int_equal(n, DRAWS);
    reads(f, store, (expected){.draws = draws, .n = N});
    sql("r.db", "CREATE TEMP TABLE k AS WITH RECURSIVE k(k) AS (SELECT 1 UNION ALL SELECT k + 1"
                " FROM k WHERE k < 19999) SELECT k FROM k;"
                "INSERT INTO replication SELECT run_id, replication + 8 * k, events"
                " FROM replication, k;"
                "INSERT INTO draw SELECT run_id, replication + 8 * k, path_id, value FROM draw, k");
    reads(f, store, (expected){.draws = draws, .n = 20000 * N});
    fc_store_close(store);
}

static int stop(void *self, const fc_draw_sample *draw, fc_diag *diag)
{
    (void)draw;
    (void)diag;
    ++*(int *)self;
    return FC_E_DOMAIN;
}

/* Rows that are missing are said to be; what `take` returns ends it; a run of no draws has none. */
static void ends(void **state)
{
    fixture *f = *state;
    int calls = 0;
    make_database(f, "r.db", N);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    assert_int_equal(fc_store_each_draw(store, 1, f->diag, stop, &calls), FC_E_DOMAIN);
    assert_int_equal(calls, 1);
    check(f, fc_store_each_draw(store, 99, f->diag, stop, &calls));
    static const char *const harm[] = {
        "DELETE FROM draw WHERE replication = 7",
        "DELETE FROM draw WHERE replication = 3 AND path_id = (SELECT min(path_id) FROM draw)"};
    for (size_t i = 0; i < 2; i++) {
        sql("r.db", harm[i]);
        assert_int_equal(fc_store_each_draw(store, 1, f->diag, stop, &calls), FC_E_DB_DAMAGED);
        said(f);
    }
    assert_int_equal(calls, 1);
    fc_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_at_any_number, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(ends, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
