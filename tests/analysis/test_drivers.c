/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "analysis/drivers.h"
#include "results.h"

static double spearman(const double *a, const double *b, size_t n)
{
    double rho;
    assert_int_equal(fc_spearman(a, b, n, &rho), FC_OK);
    return rho;
}

static void rank_correlation(void **state)
{
    (void)state;
    const double up[] = {1, 2, 3, 4, 5}, curve[] = {1, 8, 27, 64, INFINITY};
    const double down[] = {9, 7, 5, 3, -INFINITY}, flat[] = {2, 2, 2, 2, 2};
    assert_near(spearman(up, curve, 5), 1, 1e-15);
    assert_near(spearman(up, down, 5), -1, 1e-15);
    assert_true(isnan(spearman(up, flat, 5)));
    assert_true(isnan(spearman(up, curve, 1)));
    /* Ties: ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5). */
    const double tied[] = {1, 2, 2, 4}, plain[] = {1, 3, 2, 4};
    assert_near(spearman(tied, plain, 4), 4.5 / sqrt(22.5), 1e-15);
    /* Not Pearson's: swapping two neighbours of five costs 6 * 2 / (5 * 24). */
    const double swapped[] = {1, 100, 50, 1000, 2000};
    assert_near(spearman(up, swapped, 5), 1 - 12 / 120.0, 1e-15);
}

/* Sixty futures whose outcome follows the price, falls with a shock that happens in every other
 * future (burden is both at once), and knows nothing of the rest. */
static void draws_that_matter(void **state)
{
    (void)state;
    results r;
    fc_driver_facts found[3];
    fc_sample outcome;
    size_t n;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", NULL);
    for (int i = 0; i < 60; i++) {
        bool shock = i % 2 == 0;
        results_replication(&r, 1, i);
        results_outcome(&r, 1, i, "gpus_in_service", "korea", i - (shock ? 200 : 0));
        results_draw(&r, 1, i, "price", -i);
        results_draw(&r, 1, i, "shocks.cut", shock ? 20500 : NAN);
        results_draw(&r, 1, i, "weather", (i * 37) % 60);
        results_draw(&r, 1, i, "always", 20000);
        results_draw(&r, 1, i, "burden", (shock ? 200 : 0) - i);
    }
    results_read(&r);
    int ret = fc_store_outcome(r.store, r.arena, 1, "gpus_in_service", "korea", r.diag, &outcome);
    assert_int_equal(ret, FC_OK);
    ret = fc_drivers_rank(r.store, r.arena, 1, &outcome, 1, 3, r.diag, found, &n);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(n, 3);
    assert_string_equal(found[0].path, "burden"); /* by size, whatever the sign */
    assert_near(found[0].rho, -1, 1e-15);
    /* Not having happened is later than any date, so the better futures rank higher. */
    assert_string_equal(found[1].path, "shocks.cut");
    assert_true(found[1].rho > 0.8);
    assert_string_equal(found[2].path, "price");
    assert_true(found[2].rho < -0.4);
    ret = fc_drivers_rank(r.store, r.arena, 1, &outcome, 1, 1, r.diag, found, &n);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(n, 1);
    assert_string_equal(found[0].path, "burden");
    results_end(&r);
}

/* Draws are paired by replication, not by place. */
static void replications_that_are_missing(void **state)
{
    (void)state;
    results r;
    fc_driver_facts found[3];
    size_t n;
    uint32_t replication[60];
    double value[60];
    fc_sample outcome = {.n = 60, .replication = replication, .value = value};
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", NULL);
    for (int i = 0; i < 80; i++) {
        results_replication(&r, 1, i);
        results_draw(&r, 1, i, "price", i < 20 ? 1000 - i : (i * 17) % 80);
    }
    for (int i = 0; i < 60; i++) {
        replication[i] = (uint32_t)(20 + i);
        value[i] = ((20 + i) * 17) % 80;
    }
    results_read(&r);
    assert_int_equal(fc_drivers_rank(r.store, r.arena, 1, &outcome, 1, 3, r.diag, found, &n),
                     FC_OK);
    assert_int_equal(n, 1);
    assert_near(found[0].rho, 1, 1e-15);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_correlation),
        cmocka_unit_test(draws_that_matter),
        cmocka_unit_test(replications_that_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
