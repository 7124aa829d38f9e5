/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Distributions that the tests go through, hard ones included. `light`: its moments can be seen
 * in samples and sums (no heavy tail, no pole at an end).
 */
#ifndef FC_TESTS_DISTRIBUTION_CASES_H
#define FC_TESTS_DISTRIBUTION_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include "kernel/distribution.h"
#include "kernel/init.h"

typedef struct distribution_case {
    fc_distribution_kind kind;
    double p[4];
    bool light;
} distribution_case;

static const distribution_case CASES[] = {
    {FC_DIST_UNIFORM, {2, 5}, true},
    {FC_DIST_UNIFORM, {-1e6, 1e-3}, true},
    {FC_DIST_TRIANGULAR, {2, 3, 7}, true},
    {FC_DIST_TRIANGULAR, {0, 0, 1}, true},
    {FC_DIST_TRIANGULAR, {-1, 4, 4}, true},
    {FC_DIST_PERT, {2, 3, 7}, true},
    {FC_DIST_PERT, {0, 0, 1}, true},
    {FC_DIST_PERT, {5e6, 9e6, 9e6}, true},
    {FC_DIST_NORMAL, {0, 1, -INFINITY, INFINITY}, true},
    {FC_DIST_NORMAL, {10, 3, 0, INFINITY}, true},
    {FC_DIST_NORMAL, {10, 3, -INFINITY, 4}, true},
    {FC_DIST_NORMAL, {0, 1, -1, 2}, true},
    {FC_DIST_NORMAL, {0, 1, 30, INFINITY}, true},
    {FC_DIST_NORMAL, {0, 1, -33, -32}, true},
    {FC_DIST_NORMAL, {1, 1e3, 0, 1}, true},
    {FC_DIST_LOGNORMAL, {8e7, 0.3}, true},
    {FC_DIST_LOGNORMAL, {1, 0.01}, true},
    {FC_DIST_LOGNORMAL, {1e-5, 4}, false},
    {FC_DIST_LOGNORMAL, {1, 10}, false},
    {FC_DIST_GAMMA, {0.01, 1}, false},
    {FC_DIST_GAMMA, {0.1, 3}, false},
    {FC_DIST_GAMMA, {0.5, 1}, true},
    {FC_DIST_GAMMA, {1, 1e6}, true},
    {FC_DIST_GAMMA, {3.5, 2}, true},
    {FC_DIST_GAMMA, {250, 0.1}, true},
    {FC_DIST_GAMMA, {1e4, 1}, true},
    {FC_DIST_WEIBULL, {0.05, 1}, false},
    {FC_DIST_WEIBULL, {0.6, 1e7}, true},
    {FC_DIST_WEIBULL, {1.5, 1}, true},
    {FC_DIST_WEIBULL, {12, 3}, true},
    {FC_DIST_WEIBULL, {1000, 1}, true},
    {FC_DIST_EXPONENTIAL, {4e6}, true},
    {FC_DIST_BETA, {0.01, 0.01, 0, 1}, false},
    {FC_DIST_BETA, {0.05, 3, 0, 1}, false},
    {FC_DIST_BETA, {0.5, 0.5, 0, 1}, true},
    {FC_DIST_BETA, {1, 1, -4, 4}, true},
    {FC_DIST_BETA, {1, 5, 0, 1}, true},
    {FC_DIST_BETA, {4.5, 16.5, 0, 1}, true},
    {FC_DIST_BETA, {300, 20, 0, 10}, true},
    {FC_DIST_BETA, {1e5, 1e5, 0, 1}, true},
    {FC_DIST_BETA, {2, 1e5, 0, 1}, true},
    {FC_DIST_USUAL_BAD, {18, 54}, true},
    {FC_DIST_PASSED_OF, {4, 20}, true},
    {FC_DIST_PASSED_OF, {0, 3}, true},
    {FC_DIST_PASSED_OF, {99999, 99999}, false},
};

enum { N_CASES = sizeof CASES / sizeof *CASES };

/* When set, make() also tabulates; the tables of the last three made are there. */
static bool with_tables;

static inline fc_distribution make(fc_distribution_kind kind, const double *p)
{
    static fc_quantile_table room[3];
    static size_t made;
    fc_distribution d;
    assert_int_equal(fc_distribution_make(kind, p, NULL, NULL, &d), FC_OK);
    if (with_tables) fc_distribution_tabulate(&d, &room[made++ % 3]);
    return d;
}

static inline fc_distribution make_case(size_t i)
{
    return make(CASES[i].kind, CASES[i].p);
}

/* "gamma {0.1, 3, 0, 0}", for messages. */
static inline const char *case_name(size_t i)
{
    static char name[120];
    const double *p = CASES[i].p;
    snprintf(name, sizeof name, "%s {%g, %g, %g, %g}", fc_distribution_form_of(CASES[i].kind)->name,
             p[0], p[1], p[2], p[3]);
    return name;
}

static inline bool near(double x, double expected, double relative)
{
    return fabs(x - expected) <= relative * fabs(expected);
}

#endif
