/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parameters: exact readings under given uniforms, correlated unknowns, pairing.
 * Statistical tests have fixed seeds and bounds of 5 standard errors: each would fail by
 * chance with probability 6e-7 (normal approximation).
 */
#include "params_helper.h"

#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>

/* ---- values ------------------------------------------------------------------------------ */

static void test_numbers_and_paths(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param number = build_number(b, "number", 4.25);
    fc_param steps = build_steps(b, "steps", -1, "2025-01-11", 10., "2025-01-21", 20., NULL);
    uint32_t points[] = {build_constant(b, 100), build_constant(b, 300), build_constant(b, 200)};
    double times[] = {10 * DAY, 20 * DAY, 40 * DAY};
    fc_param line = build_param(b, "line", build_path_of(b, FC_FORM_LINEAR, 7, 3, times, points));
    fc_param later = build_number(b, "later", NAN); /* not given until something sets it */
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    begin(params, 0, NULL);
    assert_exact(fc_param_at(params, number, 0), 4.25);
    assert_exact(fc_param_draw(params, number, 1e9, 77), 4.25);
    assert_exact(fc_param_at(params, steps, 10 * DAY - 1), -1);
    assert_exact(fc_param_at(params, steps, 10 * DAY), 10);
    assert_exact(fc_param_at(params, steps, 20 * DAY - 1), 10);
    assert_exact(fc_param_draw(params, steps, 20 * DAY, 0), 20);
    assert_exact(fc_param_at(params, steps, 1e12), 20);
    assert_exact(fc_param_at(params, line, 0), 7);
    assert_exact(fc_param_at(params, line, 10 * DAY), 100);
    assert_exact(fc_param_at(params, line, 15 * DAY), 200);
    assert_exact(fc_param_at(params, line, 20 * DAY), 300);
    assert_exact(fc_param_at(params, line, 35 * DAY), 225);
    assert_exact(fc_param_at(params, line, 1e12), 200);
    assert_true(isnan(fc_param_at(params, 0, 0)));
    assert_true(isnan(fc_param_draw(params, 0, 0, 3)));
    assert_exact(fc_param_or(params, 0, 0, 9), 9);
    assert_exact(fc_param_or(params, later, 0, 9), 9);
    assert_exact(fc_param_or(params, number, 0, 9), 4.25);
    done(plan, params);
}

static void test_unknowns_take_given_uniforms(void **state)
{
    (void)state;
    plan_builder *b = start();
    uint32_t low = build_unknown(b, "x.low", FC_DIST_UNIFORM, 2, 0., 10.);
    uint32_t args[] = {low, build_constant(b, 20)};
    uint32_t x_value = build_drawn_of(b, FC_FORM_UNKNOWN, "x", FC_DIST_UNIFORM, 2, args);
    fc_param x = build_param(b, "x", x_value);
    fc_param varying =
        build_param(b, "y", build_drawn_of(b, FC_FORM_VARIES, "y", FC_DIST_UNIFORM, 2, args));
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double draws[2];

    assert_int_equal(plan->n_unknowns, 2);
    assert_int_equal(plan->n_draws, 2);
    assert_string_equal(plan->draw_names[0], "x.low");
    assert_string_equal(plan->draw_names[1], "x");

    begin(params, 0, (double[]){0.5, 0.25});
    fc_params_draws(params, draws);
    assert_exact(draws[0], 5);
    assert_exact(draws[1], 8.75); /* 5 + (20 - 5) / 4 */
    assert_exact(fc_param_at(params, x, 0), 8.75);
    assert_exact(fc_param_draw(params, x, 1e8, 12), 8.75);
    assert_exact(fc_param_at(params, varying, 0), 12.5);
    assert_close(fc_param_sd(params, varying, 0), 15 / sqrt(12)); /* uniform on [5, 20] */
    assert_exact(fc_param_sd(params, x, 0), 0);
    double u = uniform_by_hand(plan, "y", 0, 12, 0);
    assert_close(fc_param_draw(params, varying, 0, 12), 5 + 15 * u);

    begin(params, 0, (double[]){0.25, 0.5}); /* nothing stays from before */
    assert_exact(fc_param_at(params, x, 0), 11.25);
    assert_exact(fc_param_at(params, varying, 0), 11.25);

    /* Uniforms of one's own are the streams' of occurrence 0. */
    begin(params, 3, NULL);
    double drawn = fc_param_at(params, x, 0);
    begin(params, 3,
          (double[]){uniform_by_hand(plan, "x.low", 3, 0, 0), uniform_by_hand(plan, "x", 3, 0, 0)});
    assert_exact(fc_param_at(params, x, 0), drawn);
    done(plan, params);
}

static void test_impossible_combination_names_the_value(void **state)
{
    (void)state;
    plan_builder *b = start();
    uint32_t args[] = {build_unknown(b, "low", FC_DIST_UNIFORM, 2, 0., 10.),
                       build_unknown(b, "high", FC_DIST_UNIFORM, 2, 5., 15.)};
    fc_param x = build_param(
        b, "wait", build_drawn_of(b, FC_FORM_VARIES, "sites.a.wait", FC_DIST_UNIFORM, 2, args));
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    fc_diag *diag = fc_diag_create();

    assert_int_equal(fc_params_begin(params, 0, (double[]){0.875, 0.125}, diag), FC_E_DOMAIN);
    char *text = fc_diag_text(diag, 0, FC_LANG_EN);
    assert_non_null(strstr(text, "sites.a.wait"));
    assert_non_null(strstr(text, "uniform with low 8.75, high 6.25"));
    free(text);
    begin(params, 0, (double[]){0.125, 0.875}); /* usable again */
    assert_exact(fc_param_at(params, x, 0), (1.25 + 13.75) / 2);
    fc_diag_free(diag);
    done(plan, params);
}

static void test_varies_by_occurrence(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_param(b, "x", build_varies(b, "x", FC_DIST_PERT, 3, 2., 3., 10.));
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    fc_distribution pert;
    fc_quantile_table table;

    assert_int_equal(fc_distribution_make(FC_DIST_PERT, (double[]){2, 3, 10}, NULL, NULL, &pert),
                     FC_OK);
    fc_distribution_tabulate(&pert, &table);
    begin(params, 5, NULL);
    assert_exact(fc_param_at(params, x, 0), fc_distribution_mean(&pert));
    for (uint64_t k = 0; k < 4; k++) {
        uint64_t occurrence = k + (k << 40); /* all 64 bits count */
        double u = uniform_by_hand(plan, "x", 5, occurrence, 0);
        assert_exact(fc_param_draw(params, x, 0, occurrence), fc_distribution_quantile(&pert, u));
        assert_exact(fc_param_draw(params, x, 9e7, occurrence),
                     fc_param_draw(params, x, 0, occurrence));
    }
    assert_true(fc_param_draw(params, x, 0, 1) != fc_param_draw(params, x, 0, 2));
    done(plan, params);
}

/* The table of a varies is made anew when its parameters are drawn anew. */
static void test_varies_with_an_unknown_parameter(void **state)
{
    (void)state;
    plan_builder *b = start();
    uint32_t high = build_unknown(b, "high", FC_DIST_UNIFORM, 2, 4., 40.);
    uint32_t args[] = {build_constant(b, 2), build_constant(b, 3), high};
    fc_param y = build_param(b, "y", high);
    fc_param x = build_param(b, "x", build_drawn_of(b, FC_FORM_VARIES, "x", FC_DIST_PERT, 3, args));
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    for (uint32_t r = 0; r < 5; r++) {
        fc_distribution pert;

        begin(params, r, NULL);
        assert_int_equal(fc_distribution_make(FC_DIST_PERT,
                                              (double[]){2, 3, fc_param_at(params, y, 0)}, NULL,
                                              NULL, &pert),
                         FC_OK);
        assert_float_equal(fc_param_draw(params, x, 0, 7),
                           fc_distribution_quantile(&pert, uniform_by_hand(plan, "x", r, 7, 0)),
                           1e-9);
    }
    done(plan, params);
}

static void test_paths_of_what_varies(void **state)
{
    (void)state;
    plan_builder *b = start();
    uint32_t points[] = {build_varies(b, "x", FC_DIST_UNIFORM, 2, 0., 10.),
                         build_varies(b, "x", FC_DIST_UNIFORM, 2, 100., 200.),
                         build_constant(b, 50)};
    double times[] = {0, 100 * DAY, 200 * DAY};
    fc_param steps = build_param(b, "s", build_path_of(b, FC_FORM_STEP, 1, 3, times, points));
    fc_param line = build_param(b, "l", build_path_of(b, FC_FORM_LINEAR, 1, 3, times, points));
    uint32_t reversed[] = {points[2], points[1]};
    fc_param back = build_param(b, "b", build_path_of(b, FC_FORM_LINEAR, 1, 2, times, reversed));
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    begin(params, 2, NULL);
    double u = uniform_by_hand(plan, "x", 2, 8, 0);
    assert_exact(fc_param_draw(params, steps, -1, 8), 1);
    assert_close(fc_param_draw(params, steps, 99 * DAY, 8), 10 * u);
    assert_close(fc_param_draw(params, steps, 100 * DAY, 8), 100 + 100 * u);
    assert_exact(fc_param_draw(params, steps, 200 * DAY, 8), 50);
    assert_exact(fc_param_at(params, steps, 100 * DAY), 150);
    /* A quarter of the way: quantiles 3/4 (10 u) + 1/4 (100 + 100 u). */
    assert_close(fc_param_draw(params, line, 25 * DAY, 8), 25 + 32.5 * u);
    assert_close(fc_param_at(params, line, 25 * DAY), 25 + 16.25);
    /* From what varies to a number. */
    assert_close(fc_param_draw(params, line, 150 * DAY, 8), (100 + 100 * u + 50) / 2);
    assert_exact(fc_param_draw(params, line, 200 * DAY, 8), 50);
    /* And from a number to what varies. */
    assert_close(fc_param_draw(params, back, 50 * DAY, 8), (50 + 100 + 100 * u) / 2);
    assert_close(fc_param_draw(params, back, 100 * DAY, 8), 100 + 100 * u);
    done(plan, params);
}

/* ---- correlated unknowns ------------------------------------------------------------------ */

static void test_copula_by_hand(void **state)
{
    (void)state;
    plan_builder *b = start();
    uint32_t x[] = {build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.),
                    build_unknown(b, "b", FC_DIST_UNIFORM, 2, 0., 1.),
                    build_unknown(b, "c", FC_DIST_UNIFORM, 2, 0., 1.)};
    build_copula(b, 2, (uint32_t[]){x[0], x[2]}, (double[]){1, 0, 0.6, 0.8});
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double draws[3];

    begin(params, 0, (double[]){0.5, 0.3, 0.5});
    fc_params_draws(params, draws);
    assert_close(draws[0], 0.5);
    assert_exact(draws[1], 0.3); /* not in the copula */
    assert_close(draws[2], 0.5);

    begin(params, 0, (double[]){0.9, 0.3, 0.2});
    fc_params_draws(params, draws);
    double z = 0.6 * gsl_cdf_ugaussian_Pinv(0.9) + 0.8 * gsl_cdf_ugaussian_Pinv(0.2);
    assert_close(draws[0], 0.9);
    assert_close(draws[2], gsl_cdf_ugaussian_P(z));

    begin(params, 0, (double[]){0, 0.3, 0.5}); /* 0 stands for 2^-53 */
    fc_params_draws(params, draws);
    assert_close(draws[2] * 1e9, 1e9 * gsl_cdf_ugaussian_P(0.6 * gsl_cdf_ugaussian_Pinv(0x1p-53)));
    done(plan, params);
}

static void test_copula_correlation(void **state)
{
    (void)state;
    enum { N = 20000 };
    plan_builder *b = start();
    uint32_t x[] = {build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.),
                    build_unknown(b, "b", FC_DIST_UNIFORM, 2, 0., 1.)};
    build_copula(b, 2, x, (double[]){1, 0, -0.6, 0.8});
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double product = 0, mean = 0, square = 0, draws[2];

    for (uint32_t r = 0; r < N; r++) {
        begin(params, r, NULL);
        fc_params_draws(params, draws);
        double z0 = gsl_cdf_ugaussian_Pinv(draws[0]), z1 = gsl_cdf_ugaussian_Pinv(draws[1]);
        product += z0 * z1 / N;
        mean += z1 / N;
        square += z1 * z1 / N;
    }
    /* E z0 z1 = rho with variance 1 + rho^2; the margin stays standard normal. */
    assert_true(fabs(product + 0.6) < 5 * sqrt((1 + 0.36) / N));
    assert_true(fabs(mean) < 5 * sqrt(1.0 / N));
    assert_true(fabs(square - 1) < 5 * sqrt(2.0 / N));
    done(plan, params);
}

/* ---- pairing ----------------------------------------------------------------------------- */

typedef struct pair_plan {
    fc_plan *plan;
    fc_param x, y, z;
    uint32_t driver;
} pair_plan;

/* The same scenario without and with things added before, between and after. */
static pair_plan build_pair(bool more)
{
    pair_plan out;
    plan_builder *b = start();

    if (more) build_param(b, "m1", build_unknown(b, "m1", FC_DIST_GAMMA, 2, 2., 3.));
    uint32_t x = build_unknown(b, "x", FC_DIST_LOGNORMAL, 2, 10., 0.5);
    uint32_t y = build_unknown(b, "y", FC_DIST_PERT, 3, 1., 2., 9.);
    out.x = build_param(b, "x", x);
    if (more) {
        fc_param at = build_param(b, "m2", build_unknown(b, "m2", FC_DIST_UNIFORM, 2, 0., DAY));
        int32_t m = build_driver(
            b, (fc_driver){.name = "m", .at = at, .probability = build_number(b, "mp", 0.5)});
        build_change(b, m, build_number(b, "m3", 1), FC_SCALE, build_constant(b, 2), FC_KEEP);
    }
    out.y = build_param(b, "y", y);
    out.z = build_param(b, "z", build_varies(b, "z", FC_DIST_WEIBULL, 2, 1.5, 30.));
    int32_t d = build_driver(
        b, (fc_driver){.name = "d",
                       .at = build_param(b, "d.at",
                                         build_unknown(b, "d.at", FC_DIST_UNIFORM, 2, 0., 9 * DAY)),
                       .probability = build_number(b, "d.p", 0.5)});
    build_change(b, d, out.z, FC_SCALE, build_constant(b, 4), FC_KEEP);
    if (more) {
        uint32_t m4 = build_unknown(b, "m4", FC_DIST_UNIFORM, 2, 0., 1.);
        build_copula(b, 3, (uint32_t[]){x, y, m4},
                     (double[]){1, 0, 0, 0.6, 0.8, 0, 0.48, 0.64, 0.6});
    } else {
        build_copula(b, 2, (uint32_t[]){x, y}, (double[]){1, 0, 0.6, 0.8});
    }
    out.driver = (uint32_t)d;
    out.plan = build_plan(b);
    return out;
}

static void test_additions_leave_other_draws_alone(void **state)
{
    (void)state;
    pair_plan a = build_pair(false), b = build_pair(true);
    fc_params *pa = params_of(a.plan), *pb = params_of(b.plan);
    int happened = 0;

    for (uint32_t r = 0; r < 50; r++) {
        begin(pa, r, NULL);
        begin(pb, r, NULL);
        assert_exact(fc_param_at(pa, a.x, 0), fc_param_at(pb, b.x, 0));
        assert_exact(fc_param_at(pa, a.y, 0), fc_param_at(pb, b.y, 0));
        assert_exact(fc_driver_from(pa, a.driver), fc_driver_from(pb, b.driver));
        happened += isfinite(fc_driver_from(pa, a.driver));
        for (uint64_t k = 0; k < 5; k++)
            assert_exact(fc_param_draw(pa, a.z, 5 * DAY, k), fc_param_draw(pb, b.z, 5 * DAY, k));
    }
    assert_in_range(happened, 10, 40);
    done(a.plan, pa);
    done(b.plan, pb);
}

static void test_replications_do_not_depend_on_history(void **state)
{
    (void)state;
    pair_plan a = build_pair(true);
    fc_params *worn = params_of(a.plan), *fresh = params_of(a.plan);
    double left[16], right[16];

    assert_true(a.plan->n_draws <= 16);
    for (uint32_t r = 0; r < 7; r++) begin(worn, r, NULL);
    begin(worn, 7, NULL);
    begin(fresh, 7, NULL);
    fc_params_draws(worn, left);
    fc_params_draws(fresh, right);
    assert_memory_equal(left, right, a.plan->n_draws * sizeof *left);
    assert_exact(fc_param_draw(worn, a.z, 8 * DAY, 3), fc_param_draw(fresh, a.z, 8 * DAY, 3));
    begin(fresh, 8, NULL);
    fc_params_draws(fresh, right);
    assert_true(memcmp(left, right, a.plan->n_draws * sizeof *left) != 0);
    fc_params_free(fresh);
    done(a.plan, worn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_paths),
        cmocka_unit_test(test_unknowns_take_given_uniforms),
        cmocka_unit_test(test_impossible_combination_names_the_value),
        cmocka_unit_test(test_varies_by_occurrence),
        cmocka_unit_test(test_varies_with_an_unknown_parameter),
        cmocka_unit_test(test_paths_of_what_varies),
        cmocka_unit_test(test_copula_by_hand),
        cmocka_unit_test(test_copula_correlation),
        cmocka_unit_test(test_additions_leave_other_draws_alone),
        cmocka_unit_test(test_replications_do_not_depend_on_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
