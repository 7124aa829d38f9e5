/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goodness of fit for the tests: p-values (chances that a correct generator does at least so
 * badly). A test asserts p > limit; its error rate is the limit times the number of asserts.
 */
#ifndef FC_TESTS_GOODNESS_H
#define FC_TESTS_GOODNESS_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <gsl/gsl_cdf.h>

static inline int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov: u[] would be uniform on (0, 1) if all were well. Sorts u. Stephens' (1970)
 * approximation to the distribution for finite n. */
static inline double ks_p(double *u, size_t n)
{
    double distance = 0, root = sqrt((double)n), p = 0;
    qsort(u, n, sizeof *u, compare_doubles);
    for (size_t i = 0; i < n; i++)
        distance =
            fmax(distance, fmax(u[i] - (double)i / (double)n, (double)(i + 1) / (double)n - u[i]));
    double lambda = (root + 0.12 + 0.11 / root) * distance;
    if (lambda < 0.2) return 1;
    for (int k = 1; k <= 100; k++) p += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * lambda * lambda);
    return fmin(fmax(p, 0), 1);
}

/* Chi-square of counts against probabilities that sum to 1. */
static inline double chi_square_p(const size_t *count, const double *probability, size_t cells)
{
    double total = 0, statistic = 0;
    for (size_t i = 0; i < cells; i++) total += (double)count[i];
    for (size_t i = 0; i < cells; i++) {
        double expected = total * probability[i], off = (double)count[i] - expected;
        statistic += off * off / expected;
    }
    return gsl_cdf_chisq_Q(statistic, (double)(cells - 1));
}

/* Chi-square of counts that should be equal. */
static inline double even_p(const size_t *count, size_t cells)
{
    double total = 0, statistic = 0;
    for (size_t i = 0; i < cells; i++) total += (double)count[i];
    for (size_t i = 0; i < cells; i++) {
        double expected = total / (double)cells, off = (double)count[i] - expected;
        statistic += off * off / expected;
    }
    return gsl_cdf_chisq_Q(statistic, (double)(cells - 1));
}

/* Both sides of a normal statistic. */
static inline double normal_p(double z)
{
    return 2 * gsl_cdf_ugaussian_Q(fabs(z));
}

#endif
