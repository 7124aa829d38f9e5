/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The incomplete gamma and beta functions with their inverses, accurate in both tails.
 *
 * They are treated as distributions of t = log x (gamma) and t = log(x / (1 - x)) (beta). There
 * the densities are log-concave and so are both tails, which makes Newton's method on the
 * logarithm of a tail converge from any start, and one evaluation yields density and tails.
 *
 * Why not gsl_cdf_gamma_Pinv and gsl_cdf_beta_Pinv (GSL 2.7.1): NaN for small gamma shapes and for
 * beta shapes of 1e4, errors of 1e-3 at the upper end for small beta shapes, and two to four times
 * slower.
 */
#ifndef FC_KERNEL_INCOMPLETE_H
#define FC_KERNEL_INCOMPLETE_H

typedef struct fc_tails {
    double lower, upper; /* P(X <= x), P(X > x); the smaller is accurate */
    double density;      /* of t */
    double slope;        /* of the logarithm of that density */
    double bend;         /* the derivative of that slope */
} fc_tails;

typedef fc_tails fc_tails_at(const void *distribution, double t);

/* Gamma distribution of scale 1. Shapes of 0.01 to 1e4. */
typedef struct fc_gamma {
    double a;      /* shape */
    double peak;   /* density of t at its mode, log a */
    double lgamma; /* log Gamma(a + 1) */
} fc_gamma;

fc_gamma fc_gamma_prepare(double shape);
fc_tails fc_gamma_tails(const fc_gamma *g, double x); /* x > 0 */
fc_tails_at fc_gamma_at;                              /* the same at x = exp(t) */
/* x with P(X <= x) = lower and P(X > x) = upper; the two sum to 1 and the smaller counts. */
double fc_gamma_inverse(const fc_gamma *g, double lower, double upper);

/* Beta distribution on [0, 1]. Shapes of 0.01 to 1e5. */
typedef struct fc_beta {
    double a, b;
    double peak;     /* density of t at its mode, where x = a / (a + b) */
    double mean, sd; /* of t */
} fc_beta;

fc_beta fc_beta_prepare(double a, double b);
fc_tails fc_beta_tails(const fc_beta *d, double x, double y); /* x, y > 0, x + y = 1 */
fc_tails_at fc_beta_at;                             /* the same at x = 1 / (1 + exp(-t)) */
void fc_beta_split(double t, double *x, double *y); /* x and y of t */
/* As above; y = 1 - x is given apart because x may be too close to 1 to tell. */
void fc_beta_inverse(const fc_beta *d, double lower, double upper, double *x, double *y);

#endif
