/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Means, variances and supports.
 */
#include "kernel/distribution.h"

#include <math.h>
#include <gsl/gsl_math.h>

typedef struct moments {
    double mean, variance;
} moments;

/* The closed form for the truncated normal cancels when the bounds lie on one side of the mean
 * or close together; so the density is integrated, over the part that holds all but exp(-40)
 * of it, by Simpson's rule in units of sd from the point of highest density. */
static moments normal_moments(const double *p)
{
    enum { INTERVALS = 2048 };
    double low = (p[2] - p[0]) / p[1], high = (p[3] - p[0]) / p[1];
    double top = fmin(fmax(0, low), high);
    double reach = 80 / (fabs(top) + sqrt(top * top + 80)); /* top reach + reach^2 / 2 = 40 */
    double from = fmax(low - top, -reach), step = (fmin(high - top, reach) - from) / INTERVALS;
    double mass = 0, first = 0, second = 0;
    for (int i = 0; i <= INTERVALS; i++) {
        double x = from + i * step;
        double weight = i == 0 || i == INTERVALS ? 1 : i % 2 ? 4 : 2;
        double density = weight * exp(-x * (top + 0.5 * x));
        mass += density;
        first += density * x;
        second += density * x * x;
    }
    double mean = first / mass;
    return (moments){p[0] + p[1] * (top + mean), p[1] * p[1] * (second / mass - mean * mean)};
}

static moments lognormal_moments(const double *p)
{
    double mean = p[0] * exp(0.5 * p[1] * p[1]);
    return (moments){mean, mean * mean * expm1(p[1] * p[1])};
}

static moments weibull_moments(const double *p)
{
    int sign; /* lgamma() would write it to a variable that all threads share */
    double log_mean = lgamma_r(1 + 1 / p[0], &sign), mean = p[1] * exp(log_mean);
    double log_second = lgamma_r(1 + 2 / p[0], &sign);
    return (moments){mean, mean * mean * expm1(log_second - 2 * log_mean)};
}

static moments beta_moments(const double *p)
{
    double a = p[0], b = p[1], width = p[3] - p[2], sum = a + b;
    double share = a / sum, rest = b / sum;
    return (moments){share < rest ? p[2] + width * share : p[3] - width * rest,
                     width * width * share * rest / (sum + 1)};
}

static moments triangular_moments(const double *p)
{
    double left = p[1] - p[0], right = p[2] - p[1];
    return (moments){p[0] + (2 * left + right) / 3,
                     (left * left + left * right + right * right) / 18};
}

static moments discrete_moments(const fc_distribution *d)
{
    double mean = 0, variance = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < d->count; i++) {
            double share = d->tail[i] - (i + 1 < d->count ? d->tail[i + 1] : 0);
            if (pass == 0)
                mean += share * d->value[i];
            else
                variance += share * (d->value[i] - mean) * (d->value[i] - mean);
        }
    }
    return (moments){mean, variance};
}

/* A mixture of uniform distributions between neighbours. */
static moments empirical_moments(const fc_distribution *d)
{
    if (d->count == 1) return (moments){d->value[0], 0};
    double mean = 0, variance = 0, pieces = (double)(d->count - 1);
    for (size_t i = 1; i < d->count; i++)
        mean += (0.5 * d->value[i - 1] + 0.5 * d->value[i]) / pieces;
    for (size_t i = 1; i < d->count; i++) {
        double from = d->value[i - 1] - mean, to = d->value[i] - mean;
        variance += (from * from + from * to + to * to) / 3 / pieces;
    }
    return (moments){mean, variance};
}

static moments moments_of(const fc_distribution *d)
{
    const double *p = d->p;
    switch (d->kind) {
    case FC_DIST_CONSTANT:
        return (moments){p[0], 0};
    case FC_DIST_UNIFORM:
        return (moments){0.5 * (p[0] + p[1]), (p[1] - p[0]) * (p[1] - p[0]) / 12};
    case FC_DIST_TRIANGULAR:
        return triangular_moments(p);
    case FC_DIST_NORMAL:
        return normal_moments(p);
    case FC_DIST_LOGNORMAL:
        return lognormal_moments(p);
    case FC_DIST_GAMMA:
        return (moments){p[0] * p[1], p[0] * p[1] * p[1]};
    case FC_DIST_WEIBULL:
        return weibull_moments(p);
    case FC_DIST_BETA:
        return beta_moments(p);
    case FC_DIST_DISCRETE:
        return discrete_moments(d);
    case FC_DIST_EMPIRICAL:
        return empirical_moments(d);
    default:
        return (moments){NAN, NAN};
    }
}

double fc_distribution_mean(const fc_distribution *d)
{
    return moments_of(d).mean;
}

double fc_distribution_variance(const fc_distribution *d)
{
    return moments_of(d).variance;
}

double fc_distribution_sd(const fc_distribution *d)
{
    return sqrt(moments_of(d).variance);
}

double fc_distribution_min(const fc_distribution *d)
{
    switch (d->kind) {
    case FC_DIST_CONSTANT:
    case FC_DIST_UNIFORM:
    case FC_DIST_TRIANGULAR:
        return d->p[0];
    case FC_DIST_NORMAL:
    case FC_DIST_BETA:
        return d->p[2];
    case FC_DIST_DISCRETE:
    case FC_DIST_EMPIRICAL:
        return d->value[0];
    default:
        return 0;
    }
}

double fc_distribution_max(const fc_distribution *d)
{
    switch (d->kind) {
    case FC_DIST_CONSTANT:
        return d->p[0];
    case FC_DIST_UNIFORM:
        return d->p[1];
    case FC_DIST_TRIANGULAR:
        return d->p[2];
    case FC_DIST_NORMAL:
    case FC_DIST_BETA:
        return d->p[3];
    case FC_DIST_DISCRETE:
    case FC_DIST_EMPIRICAL:
        return d->value[d->count - 1];
    default:
        return INFINITY;
    }
}
