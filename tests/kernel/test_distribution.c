/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making distributions: forms, domains and their messages, plain forms, tables, moments.
 * Statistical asserts fail a correct program with chance 1e-8 each (there are under 10).
 */
#include "distribution_cases.h"

#include <stdlib.h>
#include <string.h>
#include "goodness.h"

static const double LIMIT = 1e-8;

/* ---- forms and domains ------------------------------------------------------------------- */

static void forms_describe_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < FC_DIST_KINDS; kind++) {
        const fc_distribution_form *form = fc_distribution_form_of((fc_distribution_kind)kind);
        assert_non_null(form);
        assert_non_null(form->name);
        for (unsigned i = 0; i < form->count; i++) assert_non_null(form->parameter[i].name);
        bool table = kind == FC_DIST_DISCRETE || kind == FC_DIST_EMPIRICAL;
        assert_int_equal(form->count == 0, table);
    }
    assert_null(fc_distribution_form_of(FC_DIST_KINDS));
    assert_null(fc_distribution_form_of((fc_distribution_kind)-1));
    const fc_distribution_form *beta = fc_distribution_form_of(FC_DIST_BETA);
    assert_string_equal(beta->name, "beta");
    assert_string_equal(beta->parameter[2].name, "low");
    assert_false(beta->parameter[0].has_unit);
    assert_true(beta->parameter[2].has_unit);
}

static void check_sentence(const fc_diag *diag, fc_lang lang, const char *expected)
{
    char *sentence = fc_diag_sentence(diag, 0, lang);
    assert_string_equal(sentence, expected);
    free(sentence);
}

static void bad_parameters_are_named(void **state)
{
    (void)state;
    static const struct {
        fc_distribution_kind kind;
        double p[4];
        const char *sentence;
    } bad[] = {
        {FC_DIST_CONSTANT, {NAN}, "the constant distribution needs |value| <= 1e100"},
        {FC_DIST_CONSTANT, {INFINITY}, "the constant distribution needs |value| <= 1e100"},
        {FC_DIST_UNIFORM, {2, 2}, "the uniform distribution needs low < high"},
        {FC_DIST_UNIFORM, {2, 1e101}, "the uniform distribution needs |high| <= 1e100"},
        {FC_DIST_TRIANGULAR, {5, 3, 9}, "the triangular distribution needs low <= likely"},
        {FC_DIST_TRIANGULAR, {1, 10, 9}, "the triangular distribution needs likely <= high"},
        {FC_DIST_PERT, {1, 1, 1}, "the pert distribution needs low < high"},
        {FC_DIST_PERT, {5, 3, 9}, "the pert distribution needs low <= likely"},
        {FC_DIST_NORMAL, {0, 0, 0, 1}, "the normal distribution needs sd > 0"},
        {FC_DIST_NORMAL, {0, 1, 2, 1}, "the normal distribution needs low < high"},
        {FC_DIST_NORMAL, {0, 1, INFINITY, 1}, "the normal distribution needs |low| <= 1e100"},
        {FC_DIST_NORMAL, {0, 1, 0, -INFINITY}, "the normal distribution needs |high| <= 1e100"},
        {FC_DIST_NORMAL, {0, 1, 40, 50}, "the normal distribution needs P(low <= X <= high) > 0"},
        {FC_DIST_LOGNORMAL, {0, 1}, "the lognormal distribution needs median > 0"},
        {FC_DIST_LOGNORMAL, {1, 0}, "the lognormal distribution needs 0 < sigma <= 10"},
        {FC_DIST_GAMMA, {0.009, 1}, "the gamma distribution needs 0.01 <= shape <= 10000"},
        {FC_DIST_GAMMA, {1, -1}, "the gamma distribution needs scale > 0"},
        {FC_DIST_WEIBULL, {1001, 1}, "the weibull distribution needs 0.05 <= shape <= 1000"},
        {FC_DIST_WEIBULL, {1, 0}, "the weibull distribution needs scale > 0"},
        {FC_DIST_EXPONENTIAL, {0}, "the exponential distribution needs mean > 0"},
        {FC_DIST_BETA, {0, 1, 0, 1}, "the beta distribution needs 0.01 <= a <= 100000"},
        {FC_DIST_BETA, {1, 1e6, 0, 1}, "the beta distribution needs 0.01 <= b <= 100000"},
        {FC_DIST_BETA, {1, 1, 1, 1}, "the beta distribution needs low < high"},
        {FC_DIST_USUAL_BAD,
         {12, 12},
         "the usual/bad_1_in_20 distribution needs usual < bad_1_in_20"},
        {FC_DIST_USUAL_BAD, {0, 12}, "the usual/bad_1_in_20 distribution needs usual > 0"},
        {FC_DIST_PASSED_OF, {5, 4}, "the passed/of distribution needs passed <= of"},
        {FC_DIST_PASSED_OF, {-1, 4}, "the passed/of distribution needs passed >= 0"},
        {FC_DIST_PASSED_OF, {0, 0}, "the passed/of distribution needs 0 < of < 100000"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fc_diag *diag = fc_diag_create();
        fc_distribution d = {.count = 77};
        fc_place place = {"a.yaml", 3, 9, "x.y"};
        int ret = fc_distribution_make(bad[i].kind, bad[i].p, &place, diag, &d);
        assert_int_equal(ret, FC_E_DISTRIBUTION);
        assert_int_equal(fc_exit_code(ret), 3);
        check_sentence(diag, FC_LANG_EN, bad[i].sentence);
        assert_int_equal(fc_diag_place(diag, 0).line, 3);
        assert_int_equal(d.count, 77); /* untouched */
        fc_diag_free(diag);
        assert_int_equal(fc_distribution_make(bad[i].kind, bad[i].p, NULL, NULL, &d), ret);
    }
}

static void korean_message(void **state)
{
    (void)state;
    fc_diag *diag = fc_diag_create();
    fc_distribution d;
    fc_distribution_make(FC_DIST_UNIFORM, (double[]){2, 1}, NULL, diag, &d);
    check_sentence(diag, FC_LANG_KO, "uniform 분포에는 다음 조건이 필요합니다: low < high");
    fc_diag_free(diag);
}

static void tables_are_not_made_from_parameters(void **state)
{
    (void)state;
    fc_distribution d;
    double p[4] = {0};
    assert_int_equal(fc_distribution_make(FC_DIST_DISCRETE, p, NULL, NULL, &d), FC_E_DOMAIN);
    assert_int_equal(fc_distribution_make(FC_DIST_EMPIRICAL, p, NULL, NULL, &d), FC_E_DOMAIN);
    assert_int_equal(fc_distribution_make(FC_DIST_KINDS, p, NULL, NULL, &d), FC_E_DOMAIN);
}

/* ---- plain forms ------------------------------------------------------------------------- */

static void plain_forms(void **state)
{
    (void)state;
    fc_distribution d = make(FC_DIST_USUAL_BAD, (double[]){27, 42});
    assert_int_equal(d.kind, FC_DIST_LOGNORMAL);
    assert_true(near(fc_distribution_quantile(&d, 0.5), 27, 1e-15));
    assert_true(near(fc_distribution_quantile(&d, 0.95), 42, 1e-15));

    d = make(FC_DIST_PASSED_OF, (double[]){4, 20});
    assert_int_equal(d.kind, FC_DIST_BETA);
    assert_true(near(fc_distribution_mean(&d), 4.5 / 21, 1e-15));
    assert_true(near(fc_distribution_variance(&d), 4.5 * 16.5 / (21.0 * 21 * 22), 1e-15));

    d = make(FC_DIST_PERT, (double[]){2, 3, 7});
    assert_int_equal(d.kind, FC_DIST_BETA);
    assert_true(near(fc_distribution_mean(&d), (2 + 4 * 3 + 7) / 6.0, 1e-15));
    assert_true(near(fc_distribution_variance(&d), (3.5 - 2) * (7 - 3.5) / 7, 1e-15));

    d = make(FC_DIST_EXPONENTIAL, (double[]){9});
    assert_true(near(fc_distribution_mean(&d), 9, 1e-15));
    assert_true(near(fc_distribution_sd(&d), 9, 1e-14));
}

/* ---- moments ----------------------------------------------------------------------------- */

static void known_moments(void **state)
{
    (void)state;
    static const struct {
        fc_distribution_kind kind;
        double p[4], mean, variance, accuracy;
    } known[] = {
        {FC_DIST_CONSTANT, {-4}, -4, 0, 0},
        {FC_DIST_UNIFORM, {2, 8}, 5, 3, 1e-15},
        {FC_DIST_TRIANGULAR, {2, 3, 7}, 4, 7.0 / 6, 1e-15},
        {FC_DIST_NORMAL, {3, 2, -INFINITY, INFINITY}, 3, 4, 1e-12},
        {FC_DIST_NORMAL, {0, 1, 0, INFINITY}, 0.797884560802865356, 0.363380227632418656, 1e-9},
        {FC_DIST_NORMAL, {0, 1, -1, 2}, 0.229637179091328969, 0.519762539211533936, 1e-9},
        {FC_DIST_NORMAL, {0, 1, 30, INFINITY}, 30.033259667433677, 0.00110377151189009, 1e-7},
        {FC_DIST_NORMAL, {0, 1e6, 1, 2}, 1.5, 1.0 / 12, 1e-9}, /* as good as uniform */
        {FC_DIST_LOGNORMAL, {2, 0.5}, 2.26629690613365263, 1.45878341604954665, 1e-14},
        {FC_DIST_GAMMA, {2.5, 4}, 10, 40, 1e-15},
        {FC_DIST_WEIBULL, {1.5, 1}, 0.902745292950933611, 0.375690284813932002, 1e-13},
        {FC_DIST_WEIBULL, {200, 1}, 0.997138535251017785, 4.05927089607990623e-5, 1e-9},
        {FC_DIST_BETA, {2, 3, -1, 4}, 1, 1, 1e-15},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        fc_distribution d = make(known[i].kind, known[i].p);
        double mean = fc_distribution_mean(&d), variance = fc_distribution_variance(&d);
        if (!near(mean, known[i].mean, known[i].accuracy) ||
            !near(variance, known[i].variance, known[i].accuracy))
            fail_msg("row %zu: mean %.17g, variance %.17g", i, mean, variance);
        assert_true(fc_distribution_sd(&d) == sqrt(variance));
    }
}

/* The mean and the variance are also integrals of the quantile over u; here by the midpoint rule,
 * whose error with 2^14 steps is below 1 % for these distributions. */
static void moments_are_those_of_the_quantile(void **state)
{
    (void)state;
    enum { N = 1 << 14 };
    for (size_t i = 0; i < N_CASES; i++) {
        if (!CASES[i].light) continue;
        fc_distribution d = make_case(i);
        double mean = fc_distribution_mean(&d), sd = fc_distribution_sd(&d), sum = 0, squares = 0;
        for (int k = 0; k < N; k++) {
            double off = fc_distribution_quantile(&d, (k + 0.5) / N) - mean;
            sum += off / N;
            squares += off * off / N;
        }
        if (!(fabs(sum) < 1e-3 * sd) || !near(squares, sd * sd, 0.01))
            fail_msg("%s: mean off by %g sd, variance %g, not %g", case_name(i), sum / sd, squares,
                     sd * sd);
    }
}

/* ---- tables ------------------------------------------------------------------------------ */

static void discrete_table(void **state)
{
    (void)state;
    static const double values[] = {30, 10, 20, 10, 99, 0}, weights[] = {2, 1, 3, 1, 0, 1};
    fc_arena *arena = fc_arena_create();
    fc_distribution d;
    assert_int_equal(fc_distribution_discrete(arena, values, weights, 6, NULL, NULL, &d), FC_OK);
    assert_int_equal(d.count, 4); /* 0: 1/8, 10: 2/8, 20: 3/8, 30: 2/8; no 99 */
    static const struct {
        double u, x;
    } quantiles[] = {{0, 0},      {0.125, 0}, {0.126, 10}, {0.375, 10},
                     {0.376, 20}, {0.75, 20}, {0.751, 30}, {1, 30}};
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        assert_true(fc_distribution_quantile(&d, quantiles[i].u) == quantiles[i].x);
    assert_true(fc_distribution_cdf(&d, -0.1) == 0);
    assert_true(fc_distribution_cdf(&d, 0) == 0.125);
    assert_true(fc_distribution_cdf(&d, 19.9) == 0.375);
    assert_true(fc_distribution_survival(&d, 20) == 0.25);
    assert_true(fc_distribution_survival(&d, 30) == 0);
    assert_true(fc_distribution_min(&d) == 0 && fc_distribution_max(&d) == 30);
    assert_true(fc_distribution_mean(&d) == (2 * 10 + 3 * 20 + 2 * 30) / 8.0);
    assert_true(fc_distribution_variance(&d) == (2 * 100 + 3 * 400 + 2 * 900) / 8.0 - 17.5 * 17.5);
    /* More than 10: 20 with 3/5, 30 with 2/5. */
    assert_true(fc_distribution_quantile_beyond(&d, 0.59, 10) == 20);
    assert_true(fc_distribution_quantile_beyond(&d, 0.61, 10) == 30);
    assert_true(fc_distribution_quantile_beyond(&d, 0x1p-53, 20) == 30);
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 30) == 30);

    fc_stream s;
    fc_stream_init(&s, 31, 0, 0);
    size_t count[4] = {0};
    for (int i = 0; i < 80000; i++) count[(size_t)(fc_distribution_draw(&d, &s) / 10)]++;
    assert_true(chi_square_p(count, (double[]){1 / 8.0, 2 / 8.0, 3 / 8.0, 2 / 8.0}, 4) > LIMIT);
    fc_arena_free(arena);
}

/* A rare extreme keeps its full precision: 1e-30 of the weight. */
static void discrete_far_tail(void **state)
{
    (void)state;
    fc_arena *arena = fc_arena_create();
    fc_distribution d;
    assert_int_equal(fc_distribution_discrete(arena, (double[]){1, 2, 3},
                                              (double[]){1, 2e-30, 1e-30}, 3, NULL, NULL, &d),
                     FC_OK);
    assert_true(near(fc_distribution_survival(&d, 1), 3e-30, 1e-15));
    assert_true(fc_distribution_quantile_beyond(&d, 0.66, 1) == 2);
    assert_true(fc_distribution_quantile_beyond(&d, 0.67, 1) == 3);
    fc_arena_free(arena);
}

/* R: quantile(c(4, 1, 8, 2, 2), p, type = 7) */
static void empirical_table(void **state)
{
    (void)state;
    fc_arena *arena = fc_arena_create();
    fc_distribution d;
    assert_int_equal(fc_distribution_empirical(arena, (double[]){4, 1, 8, 2, 2}, 5, NULL, NULL, &d),
                     FC_OK);
    static const struct {
        double u, x, cdf;
    } rows[] = {{0.125, 1.5, 0.125}, {0.25, 2, 0.5},  {0.4, 2, 0.5},      {0.5, 2, 0.5},
                {0.625, 3, 0.625},   {0.75, 4, 0.75}, {0.9375, 7, 0.9375}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(near(fc_distribution_quantile(&d, rows[i].u), rows[i].x, 1e-15));
        assert_true(near(fc_distribution_cdf(&d, rows[i].x), rows[i].cdf, 1e-15));
        assert_true(near(fc_distribution_survival(&d, rows[i].x), 1 - rows[i].cdf, 1e-15));
    }
    assert_true(fc_distribution_min(&d) == 1 && fc_distribution_max(&d) == 8);
    assert_true(fc_distribution_mean(&d) == (1.5 + 2 + 3 + 6) / 4);
    /* E X^2 = mean of (a^2 + a b + b^2) / 3 over the pieces */
    assert_true(
        near(fc_distribution_variance(&d), (7 + 12 + 28 + 112) / 12.0 - 3.125 * 3.125, 1e-14));
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 4) == 6); /* evenly between 4 and 8 */

    assert_int_equal(fc_distribution_empirical(arena, (double[]){5}, 1, NULL, NULL, &d), FC_OK);
    assert_true(fc_distribution_quantile(&d, 0.3) == 5);
    assert_true(fc_distribution_cdf(&d, 4.9) == 0 && fc_distribution_cdf(&d, 5) == 1);
    assert_true(fc_distribution_mean(&d) == 5 && fc_distribution_variance(&d) == 0);
    fc_arena_free(arena);
}

static void empirical_sample(void **state)
{
    (void)state;
    enum { POINTS = 50, N = 20000 };
    static double sample[POINTS], u[N];
    fc_arena *arena = fc_arena_create();
    fc_distribution d;
    fc_stream s;
    fc_stream_init(&s, 32, 0, 0);
    for (int i = 0; i < POINTS; i++) sample[i] = fc_exponential(&s);
    assert_int_equal(fc_distribution_empirical(arena, sample, POINTS, NULL, NULL, &d), FC_OK);
    for (int i = 0; i < N; i++) u[i] = fc_distribution_cdf(&d, fc_distribution_draw(&d, &s));
    assert_true(ks_p(u, N) > LIMIT);
    for (int k = 1; k < 1000; k++) {
        double x = fc_distribution_quantile(&d, k / 1000.0);
        assert_true(near(fc_distribution_cdf(&d, x), k / 1000.0, 1e-12));
    }
    fc_arena_free(arena);
}

static void bad_tables(void **state)
{
    (void)state;
    fc_arena *arena = fc_arena_create();
    fc_distribution d;
    static const struct {
        double values[2], weights[2];
        size_t count;
        const char *sentence;
    } bad[] = {
        {{0}, {0}, 0, "the discrete distribution needs count >= 1"},
        {{1, NAN}, {1, 1}, 2, "the discrete distribution needs |value| <= 1e100"},
        {{1, 2}, {1, -1}, 2, "the discrete distribution needs 0 <= weight <= 1e100"},
        {{1, 2}, {1, NAN}, 2, "the discrete distribution needs 0 <= weight <= 1e100"},
        {{1, 2}, {0, 0}, 2, "the discrete distribution needs sum(weights) > 0"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fc_diag *diag = fc_diag_create();
        assert_int_equal(fc_distribution_discrete(arena, bad[i].values, bad[i].weights,
                                                  bad[i].count, NULL, diag, &d),
                         FC_E_DISTRIBUTION);
        check_sentence(diag, FC_LANG_EN, bad[i].sentence);
        fc_diag_free(diag);
    }
    assert_int_equal(fc_distribution_empirical(arena, NULL, 0, NULL, NULL, &d), FC_E_DISTRIBUTION);
    assert_int_equal(fc_distribution_empirical(arena, (double[]){1, INFINITY}, 2, NULL, NULL, &d),
                     FC_E_DISTRIBUTION);
    fc_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_describe_every_kind),
        cmocka_unit_test(bad_parameters_are_named),
        cmocka_unit_test(korean_message),
        cmocka_unit_test(tables_are_not_made_from_parameters),
        cmocka_unit_test(plain_forms),
        cmocka_unit_test(known_moments),
        cmocka_unit_test(moments_are_those_of_the_quantile),
        cmocka_unit_test(discrete_table),
        cmocka_unit_test(discrete_far_tail),
        cmocka_unit_test(empirical_table),
        cmocka_unit_test(empirical_sample),
        cmocka_unit_test(bad_tables),
    };
    fc_kernel_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
