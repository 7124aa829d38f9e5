/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sampled designs: whether what is estimated at their points is right. Integrands of 25 unknowns,
 * as many as the Korean scenario has, whose means are known in closed form: every kind of design
 * must find them, and a Sobol design's interval hold them as often as it says. Seeds are fixed; a
 * right design with fresh seeds would fail here about once in 500 times.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <gsl/gsl_cdf.h>
#include "../kernel/goodness.h"
#include "experiment/design.h"
#include "kernel/stats.h"

enum { UNKNOWNS = 25, POINTS = 64, SHIFTS = 16, DESIGNS = 400, INTEGRANDS = 4 };

/* Met with 22 %: a sum of 25 standard normal numbers above its 78 % quantile. */
static double met(const double *u)
{
    double sum = 0;
    for (size_t c = 0; c < UNKNOWNS; c++) sum += gsl_cdf_ugaussian_Pinv(u[c]);
    return sum / sqrt(UNKNOWNS) > gsl_cdf_ugaussian_Pinv(0.78);
}

/* Sobol's g function with a = 0, 1, 2, ..., which makes the first columns matter most; mean 1. */
static double g_function(const double *u)
{
    double product = 1;
    for (size_t c = 0; c < UNKNOWNS; c++)
        product *= (fabs(4 * u[c] - 2) + (double)c) / (1 + (double)c);
    return product;
}

/* All of the last eight columns, the worst of the sequence, below 0.8: 0.8^8. */
static double all_below(const double *u)
{
    for (size_t c = UNKNOWNS - 8; c < UNKNOWNS; c++)
        if (u[c] >= 0.8) return 0;
    return 1;
}

/* Neighbouring columns together: 24 products of numbers of mean 0. */
static double pairs(const double *u)
{
    double sum = 0;
    for (size_t c = 1; c < UNKNOWNS; c++) sum += (u[c - 1] - 0.5) * (u[c] - 0.5);
    return sum;
}

static const struct {
    const char *name;
    double (*value)(const double *u);
    double mean;
} integrands[INTEGRANDS] = {{"met", met, 0.22},
                            {"g function", g_function, 1},
                            {"all below", all_below, 0.16777216},
                            {"pairs", pairs, 0}};

static const char *names[UNKNOWNS];

static int make_names(void **state)
{
    static char texts[UNKNOWNS][8];
    (void)state;
    for (size_t i = 0; i < UNKNOWNS; i++) {
        snprintf(texts[i], sizeof texts[i], "x%zu", i);
        names[i] = texts[i];
    }
    return 0;
}

/* A design in an arena of its own, which is to be freed. */
static fc_arena *sample(fc_design_kind kind, uint64_t seed, uint32_t points, uint32_t shifts,
                        fc_design *out)
{
    fc_arena *arena = fc_arena_create();
    fc_diag *diag = fc_diag_create();
    assert_true(arena && diag);
    assert_int_equal(
        fc_design_sample(arena, kind, seed, names, UNKNOWNS, points, shifts, diag, out), FC_OK);
    fc_diag_free(diag);
    return arena;
}

/* Means of the integrands over POINTS points from the given one. */
static void block_means(const fc_design *d, size_t first, double out[INTEGRANDS])
{
    for (size_t f = 0; f < INTEGRANDS; f++) out[f] = 0;
    for (size_t p = first; p < first + POINTS; p++)
        for (size_t f = 0; f < INTEGRANDS; f++)
            out[f] += integrands[f].value(d->quantiles + p * UNKNOWNS) / POINTS;
}

static void reset(fc_tally tally[INTEGRANDS])
{
    for (size_t f = 0; f < INTEGRANDS; f++) tally[f] = FC_TALLY_EMPTY;
}

/* Within 4.5 standard errors of the blocks' own spread (p < 1e-5). */
static void check_means(const char *kind, const fc_tally tally[INTEGRANDS])
{
    for (size_t f = 0; f < INTEGRANDS; f++) {
        double off = fc_tally_mean(&tally[f]) - integrands[f].mean;
        double error = fc_tally_standard_error(&tally[f]);
        if (!(fabs(off) < 4.5 * error))
            fail_msg("%s, %s: off by %g, standard error %g", kind, integrands[f].name, off, error);
    }
}

/* 6,400 independent blocks of 64 points each. */
static void test_independent_and_strata(void **state)
{
    (void)state;
    static const fc_design_kind kinds[] = {FC_DESIGN_MONTE_CARLO, FC_DESIGN_LATIN_HYPERCUBE};
    for (size_t k = 0; k < 2; k++) {
        fc_tally tally[INTEGRANDS];
        reset(tally);
        for (uint64_t seed = 0; seed < DESIGNS * SHIFTS; seed++) {
            fc_design d;
            double means[INTEGRANDS];
            fc_arena *arena = sample(kinds[k], seed, POINTS, 0, &d);
            block_means(&d, 0, means);
            for (size_t f = 0; f < INTEGRANDS; f++) fc_tally_add(&tally[f], means[f]);
            fc_arena_free(arena);
        }
        check_means(k ? "latin_hypercube" : "monte_carlo", tally);
    }
}

/* 400 designs of 16 shifts of 64 points. The 95 % interval of each, by Student with 15 degrees of
 * freedom over its shifts, holds the truth in 95 % of the designs, within 4.5 standard errors. */
static void test_sobol(void **state)
{
    (void)state;
    fc_tally tally[INTEGRANDS];
    reset(tally);
    int held[INTEGRANDS] = {0};
    double t = gsl_cdf_tdist_Pinv(0.975, SHIFTS - 1);
    for (uint64_t seed = 0; seed < DESIGNS; seed++) {
        fc_design d;
        fc_tally own[INTEGRANDS];
        reset(own);
        fc_arena *arena = sample(FC_DESIGN_SOBOL, seed, SHIFTS * POINTS, SHIFTS, &d);
        for (size_t shift = 0; shift < SHIFTS; shift++) {
            double means[INTEGRANDS];
            block_means(&d, shift * POINTS, means);
            for (size_t f = 0; f < INTEGRANDS; f++) {
                fc_tally_add(&own[f], means[f]);
                fc_tally_add(&tally[f], means[f]);
            }
        }
        for (size_t f = 0; f < INTEGRANDS; f++)
            held[f] += fabs(fc_tally_mean(&own[f]) - integrands[f].mean) <=
                       t * fc_tally_standard_error(&own[f]);
        fc_arena_free(arena);
    }
    check_means("sobol", tally);
    for (size_t f = 0; f < INTEGRANDS; f++)
        if (fabs(held[f] - 0.95 * DESIGNS) > 4.5 * sqrt(0.95 * 0.05 * DESIGNS))
            fail_msg("%s: the interval held the truth %d times of %d", integrands[f].name, held[f],
                     DESIGNS);
}

/* Each point alone is uniform on the cube: over 4,000 shifts, the first point and one in the midst
 * in every column (Kolmogorov and Smirnov, 50 tests at 1e-5), and every two columns uncorrelated
 * (300 pairs within 4.9 standard errors, p < 1e-6 each). */
static void test_each_point_is_uniform(void **state)
{
    (void)state;
    enum { COPIES = 4000, LENGTH = 8 };
    static const size_t which[] = {0, 5};
    static double column[COPIES];
    fc_design d;
    fc_arena *arena = sample(FC_DESIGN_SOBOL, 1, COPIES * LENGTH, COPIES, &d);
    for (size_t w = 0; w < 2; w++) {
        const double *first = d.quantiles + which[w] * UNKNOWNS;
        for (size_t c = 0; c < UNKNOWNS; c++) {
            for (size_t i = 0; i < COPIES; i++) column[i] = first[i * LENGTH * UNKNOWNS + c];
            assert_true(ks_p(column, COPIES) > 1e-5);
            for (size_t other = 0; other < c; other++) {
                double sum = 0;
                for (size_t i = 0; i < COPIES; i++) {
                    const double *u = first + i * LENGTH * UNKNOWNS;
                    sum += (u[c] - 0.5) * (u[other] - 0.5);
                }
                assert_true(fabs(sum) < 4.9 * sqrt(COPIES / 144.0));
            }
        }
    }
    fc_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_independent_and_strata),
        cmocka_unit_test(test_sobol),
        cmocka_unit_test(test_each_point_is_uniform),
    };
    return cmocka_run_group_tests(tests, make_names, NULL);
}
