/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantiles against probabilities, published or independently computed values, samples, and time
 * elapsed; all of it without tables and with them. Statistical asserts fail a correct program with
 * chance 1e-8 each (there are under 120).
 */
#include "distribution_cases.h"

#include <float.h>
#include <string.h>
#include "goodness.h"

static const double LIMIT = 1e-8;

/* From the lower tail to the upper, the ends of what fc_stream_uniform gives included. */
static const double U[] = {0x1p-53, 1e-15,    1e-12,    1e-9,          1e-6,       1e-4, 0.01, 0.05,
                           0.2,     0.37,     0.5,      0.5 + 0x1p-53, 0.63,       0.8,  0.95, 0.99,
                           0.9999,  1 - 1e-6, 1 - 1e-9, 1 - 0x1p-40,   1 - 0x1p-53};

enum { N_U = sizeof U / sizeof *U };

/* How far x may be off by rounding alone: four of its last digits, or of those of the mean and sd
 * of a normal, however narrow its bounds. */
static double rounding(const fc_distribution *d, double x)
{
    double size = fabs(x);
    if (d->kind == FC_DIST_NORMAL) size = fmax(size, fmax(fabs(d->p[0]), d->p[1]));
    return fmax(4 * DBL_EPSILON * size, nextafter(0, 1));
}

/* P(X > x) is `upper`, to 1e-9, or it is between the probabilities of x and its neighbours. */
static bool survives(const fc_distribution *d, double x, double upper)
{
    double step = rounding(d, x);
    return near(fc_distribution_survival(d, x), upper, 1e-9) ||
           (fc_distribution_survival(d, x - step) >= upper &&
            fc_distribution_survival(d, x + step) <= upper);
}

static bool is_quantile(const fc_distribution *d, double x, double u)
{
    if (u >= 0.5) return survives(d, x, 1 - u);
    double step = rounding(d, x);
    return near(fc_distribution_cdf(d, x), u, 1e-9) ||
           (fc_distribution_cdf(d, x - step) <= u && fc_distribution_cdf(d, x + step) >= u);
}

/* A row is the same numbers, to the last bit, whatever it is filled with. */
static void check_row(const fc_distribution *d, const char *name)
{
    double u[FC_STREAM_ROW] = {NAN, 0, 1, -1, 2}, x[FC_STREAM_ROW];

    for (size_t i = 0; i < N_U && i + 5 < FC_STREAM_ROW; i++) u[i + 5] = U[i];
    memcpy(x, u, sizeof x);
    fc_distribution_quantile_row(d, x);
    for (size_t i = 0; i < FC_STREAM_ROW; i++) {
        double single = fc_distribution_quantile(d, u[i]);
        if (memcmp(&x[i], &single, sizeof single) != 0)
            fail_msg("%s: x(%.17g) = %.17g alone and %.17g in a row", name, u[i], single, x[i]);
    }
}

static void quantiles_in_a_row(void **state)
{
    (void)state;
    double value[100], weight[100];
    fc_arena *arena = fc_arena_create();

    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        check_row(&d, case_name(i));
    }
    for (size_t i = 0; i < 100; i++) {
        value[i] = (double)i;
        weight[i] = (double)(i % 7);
    }
    for (size_t count = 2; count <= 100; count += 7) { /* few values and many */
        fc_distribution d;
        assert_int_equal(fc_distribution_discrete(arena, value, weight, count, NULL, NULL, &d), 0);
        check_row(&d, "discrete");
    }
    fc_arena_free(arena);
}

static void probability_of_a_quantile(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        for (size_t k = 0; k < N_U; k++) {
            double x = fc_distribution_quantile(&d, U[k]);
            if (!is_quantile(&d, x, U[k]))
                fail_msg("%s: x(%.17g) = %.17g has P = %.17g, 1 - P = %.17g", case_name(i), U[k], x,
                         fc_distribution_cdf(&d, x), fc_distribution_survival(&d, x));
        }
    }
}

/* Computed with 40 digits (mpmath), and closed forms. */
static void reference_values(void **state)
{
    (void)state;
    static const struct {
        fc_distribution_kind kind;
        double p[4], u, x;
    } known[] = {
        {FC_DIST_GAMMA, {0.01, 1}, 0.9, 0.0000150359362307029087},
        {FC_DIST_GAMMA, {0.3, 1}, 1e-6, 6.97269909640936145e-21},
        {FC_DIST_GAMMA, {0.5, 1}, 0.05, 0.00196607000000976137},
        {FC_DIST_GAMMA, {2.5, 10}, 0.5, 21.7573009554776366},
        {FC_DIST_GAMMA, {20, 1}, 0.999, 36.7009787594955215},
        {FC_DIST_GAMMA, {10000, 1}, 0.001, 9693.82438582372587},
        {FC_DIST_BETA, {0.05, 0.05, 0, 1}, 0.3, 0.000033861997579027971},
        {FC_DIST_BETA, {0.5, 20.5, 0, 1}, 0.5, 0.0111691691235914169},
        {FC_DIST_PASSED_OF, {0, 20}, 0.5, 0.0111691691235914169},
        {FC_DIST_PERT, {0, 1, 3}, 0.05, 3 * 0.109499058664994431},
        {FC_DIST_BETA, {4.5, 16.5, 0, 1}, 0.95, 0.372739284996432303},
        {FC_DIST_BETA, {300, 20, 0, 1}, 1e-6, 0.853977578279830956},
        {FC_DIST_BETA, {1, 5, 0, 1}, 0.999, 0.748811356849041989},
        {FC_DIST_BETA, {0.5, 0.5, 0, 1}, 1e-12, 2.46740110027233965e-24},
        {FC_DIST_NORMAL, {0, 1, -INFINITY, INFINITY}, 0.95, 1.6448536269514727149},
        {FC_DIST_NORMAL, {0, 1, 30, INFINITY}, 0.5, 30.0230704678273108},
        {FC_DIST_NORMAL, {0, 1, -1, 2}, 0.25, -0.349641429292465473},
        {FC_DIST_LOGNORMAL, {2, 0.5}, 0.95, 2 * 2.2760166085143175},
        {FC_DIST_WEIBULL, {2, 3}, 0.75, 3 * 1.17741002251547469},
        {FC_DIST_EXPONENTIAL, {2}, 0.75, 2 * 1.38629436111989062},
        {FC_DIST_TRIANGULAR, {2, 3, 7}, 0.05, 2.5},
        {FC_DIST_TRIANGULAR, {2, 3, 7}, 0.8, 5},
        {FC_DIST_UNIFORM, {2, 6}, 0.125, 2.5},
        {FC_DIST_CONSTANT, {4}, 0.3, 4},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        fc_distribution d = make(known[i].kind, known[i].p);
        double x = fc_distribution_quantile(&d, known[i].u);
        if (!near(x, known[i].x, with_tables ? 1e-11 : 2e-13))
            fail_msg("row %zu: %.17g, not %.17g", i, x, known[i].x);
    }
}

/* GSL's forward functions, which are good where probabilities are moderate. */
static void probabilities_agree_with_gsl(void **state)
{
    (void)state;
    for (int k = 2; k < 99; k += 3) {
        double u = k / 100.0;
        for (size_t i = 0; i < N_CASES; i++) {
            const distribution_case *c = &CASES[i];
            if (c->kind != FC_DIST_GAMMA && c->kind != FC_DIST_BETA) continue;
            fc_distribution d = make_case(i);
            double x = fc_distribution_quantile(&d, u);
            double expected =
                c->kind == FC_DIST_GAMMA
                    ? gsl_cdf_gamma_P(x, c->p[0], c->p[1])
                    : gsl_cdf_beta_P((x - c->p[2]) / (c->p[3] - c->p[2]), c->p[0], c->p[1]);
            if (isnan(expected)) continue;
            if (!near(fc_distribution_cdf(&d, x), expected, 1e-9))
                fail_msg("%s at %g: %.17g, GSL %.17g", case_name(i), x, fc_distribution_cdf(&d, x),
                         expected);
        }
    }
}

static void quantiles_never_decrease(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        double before = fc_distribution_min(&d);
        for (int k = 1; k < 4096; k++) {
            double x = fc_distribution_quantile(&d, k / 4096.0);
            if (!(x >= before)) fail_msg("%s at u = %d/4096", case_name(i), k);
            before = x;
        }
        assert_true(before <= fc_distribution_max(&d));
        for (int sign = -1; sign <= 1; sign += 2) { /* towards both ends */
            before = fc_distribution_quantile(&d, 0.5);
            for (int k = 1; k <= 120; k++) { /* down to 1e-15 */
                double tail = 0.5 * pow(0.75, k);
                double x = fc_distribution_quantile(&d, sign < 0 ? tail : 1 - tail);
                if (!(sign * x >= sign * before)) fail_msg("%s, tail %g", case_name(i), tail);
                before = x;
            }
        }
    }
}

static void any_uniform_is_taken(void **state)
{
    (void)state;
    static const double odd[] = {0, 1, -3, 7, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        double low = fc_distribution_quantile(&d, 0x1p-53);
        double high = fc_distribution_quantile(&d, 1 - 0x1p-53);
        assert_true(isfinite(low) && isfinite(high));
        for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
            assert_true(fc_distribution_quantile(&d, odd[k]) == (odd[k] > 0.5 ? high : low));
    }
}

static void outside_the_support(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        double low = fmax(fc_distribution_min(&d), -1e300);
        double high = fmin(fc_distribution_max(&d), 1e300);
        double below = nextafter(low, -INFINITY), above = nextafter(high, INFINITY);
        assert_true(fc_distribution_cdf(&d, below) == 0);
        assert_true(fc_distribution_survival(&d, below) == 1);
        assert_true(fc_distribution_cdf(&d, low) == 0);
        assert_true(fc_distribution_cdf(&d, high) == 1);
        assert_true(fc_distribution_survival(&d, high) == 0);
        assert_true(fc_distribution_cdf(&d, above) == 1);
    }
}

/* ---- samples ----------------------------------------------------------------------------- */

/* The probability of each draw is uniform; it does not depend on the uniforms being good, as
 * those are tested elsewhere, but on quantile and probability agreeing everywhere between. */
static void samples_follow_the_distribution(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double u[N];
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        /* So steep at its upper end that doubles there cannot tell values apart? */
        if (fc_distribution_quantile(&d, 1 - 0x1p-20) == fc_distribution_max(&d)) continue;
        fc_stream s;
        fc_stream_init(&s, 0x5eed, 0, i);
        for (int k = 0; k < N; k++) {
            double x = fc_distribution_draw(&d, &s);
            bool upper = fc_distribution_cdf(&d, x) > 0.5;
            u[k] = upper ? 1 - fc_distribution_survival(&d, x) : fc_distribution_cdf(&d, x);
        }
        double p = ks_p(u, N);
        if (!(p > LIMIT)) fail_msg("%s: p = %g", case_name(i), p);
    }
}

/* One uniform a draw, whatever the kind; so streams stay in step when a distribution changes, and
 * a common uniform pairs two runs: doubling the scale doubles every value. */
static void draws_stay_paired(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        fc_stream a, b;
        fc_stream_init(&a, 1, 2, i);
        b = a;
        for (int k = 0; k < 10; k++) {
            double x = fc_distribution_draw(&d, &a);
            double u = fc_stream_uniform(&b);
            assert_true(x == fc_distribution_quantile(&d, u));
        }
        assert_memory_equal(&a, &b, sizeof a);
    }
    fc_distribution one = make(FC_DIST_PERT, (double[]){2, 3, 7});
    fc_distribution two = make(FC_DIST_PERT, (double[]){4, 6, 14});
    fc_distribution worse = make(FC_DIST_PERT, (double[]){2, 4, 8});
    for (int k = 1; k < 1000; k++) {
        double u = k / 1000.0;
        double x = fc_distribution_quantile(&one, u);
        assert_true(near(fc_distribution_quantile(&two, u), 2 * x, 1e-15));
        assert_true(fc_distribution_quantile(&worse, u) > x);
    }
}

/* ---- given the time elapsed -------------------------------------------------------------- */

static void exponential_has_no_memory(void **state)
{
    (void)state;
    fc_distribution d = make(FC_DIST_EXPONENTIAL, (double[]){30});
    static const double elapsed[] = {0, 1e-9, 12, 300, 3e4, 3e12};
    for (size_t i = 0; i < sizeof elapsed / sizeof *elapsed; i++)
        for (size_t k = 0; k < N_U; k++) {
            double expected = elapsed[i] + fc_distribution_quantile(&d, U[k]);
            assert_true(
                near(fc_distribution_quantile_beyond(&d, U[k], elapsed[i]), expected, 1e-15));
        }
}

static void weibull_beyond_has_a_closed_form(void **state)
{
    (void)state;
    fc_distribution d = make(FC_DIST_WEIBULL, (double[]){2, 10});
    static const double elapsed[] = {0, 3, 10, 50, 1000};
    for (size_t i = 0; i < sizeof elapsed / sizeof *elapsed; i++)
        for (size_t k = 0; k < N_U; k++) {
            double e = elapsed[i];
            double expected = sqrt(e * e - 100 * (U[k] < 0.5 ? log1p(-U[k]) : log(1 - U[k])));
            assert_true(near(fc_distribution_quantile_beyond(&d, U[k], e), expected, 1e-14));
        }
}

/* P(X > x | X > elapsed) is 1 - u, for elapsed times into the far tail. */
static void survival_of_what_remains(void **state)
{
    (void)state;
    static const double survived[] = {0.999, 0.5, 1e-3, 1e-9, 0x1p-53};
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        for (size_t j = 0; j < sizeof survived / sizeof *survived; j++) {
            double elapsed = fc_distribution_quantile(&d, 1 - survived[j]);
            double left = fc_distribution_survival(&d, elapsed);
            for (size_t k = 4; k < N_U - 1; k++) {
                double x = fc_distribution_quantile_beyond(&d, U[k], elapsed);
                assert_true(x >= elapsed && x <= fc_distribution_max(&d));
                if (left == 0) {
                    assert_true(x == elapsed);
                    continue;
                }
                if (!survives(&d, x, (1 - U[k]) * left))
                    fail_msg("%s, elapsed %.17g, u %g: %.17g survive, not %.17g", case_name(i),
                             elapsed, U[k], fc_distribution_survival(&d, x), (1 - U[k]) * left);
            }
        }
    }
}

static void far_tails(void **state)
{
    (void)state;
    /* Gamma of shape 2: P(X > x) = (1 + x) exp(-x), 1e-258 at 600 (value: mpmath). */
    fc_distribution d = make(FC_DIST_GAMMA, (double[]){2, 1});
    assert_true(near(fc_distribution_quantile_beyond(&d, 0.5, 600), 600.694301757968488, 1e-14));
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 1e6) == 1e6); /* nothing is left */
    /* The 1000th part of what a normal has beyond 35 sd. */
    d = make(FC_DIST_NORMAL, (double[]){0, 1, -INFINITY, INFINITY});
    double x = fc_distribution_quantile_beyond(&d, 0.999, 35);
    assert_true(
        near(fc_distribution_survival(&d, x) / fc_distribution_survival(&d, 35), 1e-3, 1e-9));
    /* Past the end, at the end, before the start. */
    d = make(FC_DIST_PERT, (double[]){2, 3, 7});
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 9) == 9);
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 7) == 7);
    double median = fc_distribution_quantile(&d, 0.5);
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, 1) == median);
    assert_true(near(fc_distribution_quantile_beyond(&d, 0.5, 2), median, 1e-15));
    assert_true(fc_distribution_quantile_beyond(&d, 0.5, NAN) == median);
}

/* ---- tables ------------------------------------------------------------------------------ */

static void tables_where_they_serve(void **state)
{
    (void)state;
    static fc_quantile_table room;
    for (size_t i = 0; i < N_CASES; i++) {
        fc_distribution d = make_case(i);
        bool shapes = d.kind == FC_DIST_GAMMA || d.kind == FC_DIST_BETA;
        bool small = d.p[0] < 0.2 || (d.kind == FC_DIST_BETA && d.p[1] < 0.2);
        fc_distribution_tabulate(&d, &room);
        assert_int_equal(shapes, fc_distribution_gains_by_table(CASES[i].kind));
        assert_true(d.table == (shapes && !small ? &room : NULL));
    }
}

/* Across the ends of pieces too, and between neighbouring uniforms up to rounding. */
static void tabulated_quantiles_never_decrease(void **state)
{
    (void)state;
    static fc_quantile_table room;
    fc_distribution d = make(FC_DIST_PERT, (double[]){0, 1, 4});
    fc_distribution_tabulate(&d, &room);
    for (size_t i = 0; i < room.pieces; i++) {
        double u = gsl_cdf_ugaussian_P(room.piece[i].z), before = 0;
        for (int k = -200; k <= 200; k++) {
            double x = fc_distribution_quantile(&d, u * (1 + k * 1e-13));
            if (!(x >= before * (1 - 1e-14))) fail_msg("piece %zu, k %d", i, k);
            before = x;
        }
    }
}

static int set_tables(void **state)
{
    (void)state;
    with_tables = true;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probability_of_a_quantile),
        cmocka_unit_test(quantiles_in_a_row),
        cmocka_unit_test(reference_values),
        cmocka_unit_test(probabilities_agree_with_gsl),
        cmocka_unit_test(quantiles_never_decrease),
        cmocka_unit_test(any_uniform_is_taken),
        cmocka_unit_test(outside_the_support),
        cmocka_unit_test(samples_follow_the_distribution),
        cmocka_unit_test(draws_stay_paired),
        cmocka_unit_test(exponential_has_no_memory),
        cmocka_unit_test(weibull_beyond_has_a_closed_form),
        cmocka_unit_test(survival_of_what_remains),
        cmocka_unit_test(far_tails),
        cmocka_unit_test(tables_where_they_serve),
        cmocka_unit_test(tabulated_quantiles_never_decrease),
    };
    fc_kernel_init();
    int failed = cmocka_run_group_tests_name("without tables", tests, NULL, NULL);
    return failed + cmocka_run_group_tests_name("with tables", tests, set_tables, NULL);
}
