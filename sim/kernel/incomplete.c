/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/incomplete.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <gsl/gsl_sf_psi.h>

/* Where exp(t) or the logistic function of t reaches the smallest and the largest double. */
static const double T_MIN = -745, T_MAX = 709;

enum { MAX_TERMS = 20000, MAX_STEPS = 200 };

/* log(1 + v) - v where 1 + v = `ratio`, accurate near 0 and when the ratio is small. */
static double log_minus(double v, double ratio)
{
    return fabs(v) < 0.5 ? gsl_sf_log_1plusx_mx(v) : log(ratio) - v;
}

/* ---- solving --------------------------------------------------------------------------------
 *
 * Halley's method for log(tail(t) / wanted) = 0 on the smaller tail, kept in a bracket. */

static double solve(fc_tails_at *at, const void *distribution, double start, double lower,
                    double upper)
{
    const bool use_lower = lower <= upper;
    const double wanted = use_lower ? lower : upper, sign = use_lower ? 1 : -1;
    double low = T_MIN, high = T_MAX;
    double t = start > low && start < high ? start : 0;
    for (int i = 0; i < MAX_STEPS; i++) {
        fc_tails now = at(distribution, t);
        double tail = use_lower ? now.lower : now.upper;
        if ((tail < wanted) == use_lower)
            low = t;
        else
            high = t;
        double error = log(tail / wanted);
        double rate = sign * now.density / tail; /* the derivative of `error` */
        double newton = error / rate;
        double bend = 1 - 0.5 * newton * (now.slope - rate);
        double next = t - newton / fmin(fmax(bend, 0.5), 2);
        /* The method is of third order: the next error would be below rounding. */
        if (fabs(error) < 1e-6) return next;
        if (!(next > low && next < high)) next = 0.5 * (low + high); /* NaN comes here too */
        if (next == low || next == high) return next;
        t = next;
    }
    return t;
}

/* ---- gamma ------------------------------------------------------------------------------- */

fc_gamma fc_gamma_prepare(double shape)
{
    /* a^a exp(-a) / Gamma(a) through the regulated gamma function, without cancellation */
    return (fc_gamma){.a = shape,
                      .peak = sqrt(shape / (2 * M_PI)) / gsl_sf_gammastar(shape),
                      .lgamma = gsl_sf_lngamma(shape + 1)};
}

/* P(X <= x) = density / a * (1 + x / (a + 1) + x^2 / ((a + 1) (a + 2)) + ...), DLMF 8.11.4 */
static double gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < MAX_TERMS && term > sum * (DBL_EPSILON / 4); n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum / a;
}

/* P(X > x) = density / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...))),
 * DLMF 8.9.2, by the modified Lentz method. Every denominator is positive for x > a. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, d = 1 / b, c = HUGE_VAL, value = d;
    for (int n = 1; n < MAX_TERMS; n++) {
        double numerator = n * (a - n);
        b += 2;
        d = 1 / (b + numerator * d);
        c = b + numerator / c;
        double factor = c * d;
        value *= factor;
        if (fabs(factor - 1) < DBL_EPSILON) break;
    }
    return value;
}

fc_tails fc_gamma_tails(const fc_gamma *g, double x)
{
    double a = g->a;
    fc_tails out = {.slope = a - x, .bend = -x};
    out.density = g->peak * exp(a * log_minus((x - a) / a, x / a));
    if (x < a + 1) {
        out.lower = fmin(out.density * gamma_series(a, x), 1);
        out.upper = 1 - out.lower;
    } else {
        out.upper = fmin(out.density * gamma_fraction(a, x), 1);
        out.lower = 1 - out.upper;
    }
    return out;
}

fc_tails fc_gamma_at(const void *distribution, double t)
{
    return fc_gamma_tails(distribution, exp(t));
}

double fc_gamma_inverse(const fc_gamma *g, double lower, double upper)
{
    double z = lower < upper ? gsl_cdf_ugaussian_Pinv(lower) : gsl_cdf_ugaussian_Qinv(upper);
    /* Wilson and Hilferty: the cube root is nearly normal; else the leading power of x. */
    double root = 1 - 1 / (9 * g->a) + z / (3 * sqrt(g->a));
    double start = root > 0.3 ? log(g->a) + 3 * log(root) : (log(lower) + g->lgamma) / g->a;
    return exp(solve(fc_gamma_at, g, start, lower, upper));
}

/* ---- beta -------------------------------------------------------------------------------- */

fc_beta fc_beta_prepare(double a, double b)
{
    double stars = gsl_sf_gammastar(a + b) / (gsl_sf_gammastar(a) * gsl_sf_gammastar(b));
    return (fc_beta){.a = a,
                     .b = b,
                     .peak = stars * sqrt(a / (a + b) * b / (2 * M_PI)),
                     .mean = gsl_sf_psi(a) - gsl_sf_psi(b),
                     .sd = sqrt(gsl_sf_psi_1(a) + gsl_sf_psi_1(b))};
}

/* The continued fraction of DLMF 8.17.22 by the modified Lentz method, for x < (a + 1) /
 * (a + b + 2): P(X <= x) = density / a * fraction. */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / (1 - (a + b) / (a + 1) * x), value = d;
    for (int m = 1; m < MAX_TERMS; m++) {
        double k = a + 2 * m;
        double even = m * (b - m) * x / ((k - 1) * k);
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        value *= c * d;
        double odd = -(a + m) * (a + b + m) * x / (k * (k + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        value *= c * d;
        if (fabs(c * d - 1) < DBL_EPSILON) break;
    }
    return value / a;
}

fc_tails fc_beta_tails(const fc_beta *d, double x, double y)
{
    const double a = d->a, b = d->b, sum = a + b;
    fc_tails out = {.slope = a * y - b * x, .bend = -sum * x * y};
    /* The exponent is 0 at the mode, and its linear terms cancel exactly, not by rounding. */
    double shift = (b * x - a * y) / sum; /* x - a / sum */
    out.density = d->peak * exp(a * log_minus(shift * sum / a, x * sum / a) +
                                b * log_minus(-shift * sum / b, y * sum / b));
    if (x < (a + 1) / (sum + 2)) {
        out.lower = fmin(out.density * beta_fraction(a, b, x), 1);
        out.upper = 1 - out.lower;
    } else {
        out.upper = fmin(out.density * beta_fraction(b, a, y), 1);
        out.lower = 1 - out.upper;
    }
    return out;
}

void fc_beta_split(double t, double *x, double *y)
{
    double small = exp(-fabs(t)), large = 1 / (1 + small);
    small *= large;
    *x = t < 0 ? small : large;
    *y = t < 0 ? large : small;
}

fc_tails fc_beta_at(const void *distribution, double t)
{
    double x, y;
    fc_beta_split(t, &x, &y);
    return fc_beta_tails(distribution, x, y);
}

void fc_beta_inverse(const fc_beta *d, double lower, double upper, double *x, double *y)
{
    double z = lower < upper ? gsl_cdf_ugaussian_Pinv(lower) : gsl_cdf_ugaussian_Qinv(upper);
    fc_beta_split(solve(fc_beta_at, d, d->mean + z * d->sd, lower, upper), x, y);
}
