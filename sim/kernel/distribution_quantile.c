/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantiles and probabilities. Inside, a probability travels as the pair (lower, upper) that sums
 * to 1, because 1 - lower loses the upper tail; each inversion starts from the smaller of the two.
 */
#include "kernel/distribution.h"

#include <math.h>
#include <gsl/gsl_cdf.h>

typedef struct probability {
    double lower, upper;
} probability;

/* The smallest u of fc_stream_uniform. */
static const double LEAST = 0x1p-53;

static const probability NOTHING_BELOW = {0, 1}, NOTHING_ABOVE = {1, 0};

/* low + share of the way to high, from the nearer end. */
static double between(double low, double high, double share, double rest)
{
    double from_low = low + (high - low) * share, from_high = high - (high - low) * rest;
    return share < rest ? from_low : from_high;
}

/* Quantile of the exponential distribution of mean 1. */
static double unit_exponential(probability u)
{
    return u.lower < u.upper ? -log1p(-u.lower) : -log(u.upper);
}

/* Quantile of the normal distribution of mean 0 and sd 1. */
static double normal_of(probability u)
{
    return u.lower < u.upper ? gsl_cdf_ugaussian_Pinv(u.lower) : gsl_cdf_ugaussian_Qinv(u.upper);
}

/* How many of the increasing x[0 .. n-1] are <= limit. */
static size_t count_up_to(const double *x, size_t n, double limit)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x[middle] <= limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- quantiles --------------------------------------------------------------------------- */

/* On each side of the mode from the nearer of that side's two ends, so that nothing cancels. */
static double triangular_quantile(const double *p, probability u)
{
    double below = p[1] - p[0], above = p[2] - p[1];
    double left = below / (p[2] - p[0]), right = above / (p[2] - p[0]);
    if (left < right ? u.lower < left : u.upper > right) {
        double part = sqrt(u.lower / left); /* of the way from low to likely */
        return part < 0.5 ? p[0] + below * part
                          : p[1] - below * ((u.upper - right) / left) / (1 + part);
    }
    double part = sqrt(u.upper / right); /* of the way from high to likely */
    return part < 0.5 ? p[2] - above * part
                      : p[1] + above * ((u.lower - left) / right) / (1 + part);
}

static double normal_quantile(const fc_distribution *d, probability u)
{
    /* Shares of the whole normal distribution: sums of positive terms, so nothing cancels. */
    double below = u.upper * d->c.normal.below_low + u.lower * d->c.normal.below_high;
    double above = u.upper * d->c.normal.above_low + u.lower * d->c.normal.above_high;
    double z = below < above ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above);
    return fmin(fmax(d->p[0] + d->p[1] * z, d->p[2]), d->p[3]);
}

static double lognormal_quantile(const double *p, probability u)
{
    return p[0] * exp(p[1] * normal_of(u));
}

/* The table's t, or NaN where there is none. */
static double tabulated(const fc_distribution *d, probability u)
{
    if (!d->table || fmin(u.lower, u.upper) < LEAST) return NAN;
    return fc_quantile_table_at(d->table, normal_of(u));
}

static double gamma_quantile(const fc_distribution *d, probability u)
{
    double t = tabulated(d, u);
    return d->p[1] * (isnan(t) ? fc_gamma_inverse(&d->c.gamma, u.lower, u.upper) : exp(t));
}

static double beta_quantile(const fc_distribution *d, probability u)
{
    double x, y, t = tabulated(d, u);
    if (isnan(t))
        fc_beta_inverse(&d->c.beta, u.lower, u.upper, &x, &y);
    else
        fc_beta_split(t, &x, &y);
    return between(d->p[2], d->p[3], x, y);
}

/* The first value with P(X > value) <= upper: as many steps as there are later tails above it. */
static double discrete_quantile(const fc_distribution *d, double upper)
{
    size_t low = 0, high = d->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->tail[middle + 1] > upper)
            low = middle + 1;
        else
            high = middle;
    }
    return d->value[low];
}

static double empirical_quantile(const fc_distribution *d, probability u)
{
    size_t last = d->count - 1;
    bool from_below = u.lower < u.upper;
    double position = (double)last * (from_below ? u.lower : u.upper), whole = floor(position);
    double part = position - whole;
    size_t i = (size_t)whole;
    if (i >= last) return d->value[from_below ? last : 0];
    const double *x = from_below ? &d->value[i] : &d->value[last - i - 1];
    return from_below ? between(x[0], x[1], part, 1 - part) : between(x[0], x[1], 1 - part, part);
}

static double quantile(const fc_distribution *d, probability u)
{
    const double *p = d->p;
    switch (d->kind) {
    case FC_DIST_CONSTANT:
        return p[0];
    case FC_DIST_UNIFORM:
        return between(p[0], p[1], u.lower, u.upper);
    case FC_DIST_TRIANGULAR:
        return triangular_quantile(p, u);
    case FC_DIST_NORMAL:
        return normal_quantile(d, u);
    case FC_DIST_LOGNORMAL:
        return lognormal_quantile(p, u);
    case FC_DIST_GAMMA:
        return gamma_quantile(d, u);
    case FC_DIST_WEIBULL:
        return p[1] * pow(unit_exponential(u), 1 / p[0]);
    case FC_DIST_BETA:
        return beta_quantile(d, u);
    case FC_DIST_DISCRETE:
        return discrete_quantile(d, u.upper);
    case FC_DIST_EMPIRICAL:
        return empirical_quantile(d, u);
    default:
        return NAN;
    }
}

static probability from_uniform(double u)
{
    u = u > LEAST ? u : LEAST; /* a NaN becomes LEAST */
    u = u < 1 - LEAST ? u : 1 - LEAST;
    return (probability){u, 1 - u};
}

double fc_distribution_quantile(const fc_distribution *d, double u)
{
    return quantile(d, from_uniform(u));
}

/* ---- a row of quantiles: the same results, in loops without branches that no processor foresees
 */

/* Up to so many values all are looked at. */
enum { FEW_VALUES = 32 };

static void discrete_row(const fc_distribution *d, double x[FC_STREAM_ROW])
{
    double upper[FC_STREAM_ROW];
    uint64_t at[FC_STREAM_ROW] = {0};

    for (unsigned i = 0; i < FC_STREAM_ROW; i++) upper[i] = from_uniform(x[i]).upper;
    for (size_t v = 1; v < d->count; v++)
        for (unsigned i = 0; i < FC_STREAM_ROW; i++) at[i] += d->tail[v] > upper[i];
    for (unsigned i = 0; i < FC_STREAM_ROW; i++) x[i] = d->value[at[i]];
}

/* Each half of the unit exponentials by itself, then the power of all. */
static void weibull_row(const double *p, double x[FC_STREAM_ROW])
{
    unsigned low[FC_STREAM_ROW], high[FC_STREAM_ROW], lows = 0, highs = 0;

    for (unsigned i = 0; i < FC_STREAM_ROW; i++) {
        probability u = from_uniform(x[i]);
        low[lows] = high[highs] = i;
        lows += u.lower < u.upper;
        highs += !(u.lower < u.upper);
    }
    for (unsigned i = 0; i < lows; i++) x[low[i]] = unit_exponential(from_uniform(x[low[i]]));
    for (unsigned i = 0; i < highs; i++) x[high[i]] = unit_exponential(from_uniform(x[high[i]]));
    for (unsigned i = 0; i < FC_STREAM_ROW; i++) x[i] = p[1] * pow(x[i], 1 / p[0]);
}

void fc_distribution_quantile_row(const fc_distribution *d, double x[FC_STREAM_ROW])
{
    if (d->kind == FC_DIST_DISCRETE && d->count <= FEW_VALUES) {
        discrete_row(d, x);
    } else if (d->kind == FC_DIST_WEIBULL) {
        weibull_row(d->p, x);
    } else if (d->kind == FC_DIST_UNIFORM) {
        for (unsigned i = 0; i < FC_STREAM_ROW; i++) {
            probability u = from_uniform(x[i]);
            x[i] = between(d->p[0], d->p[1], u.lower, u.upper);
        }
    } else {
        for (unsigned i = 0; i < FC_STREAM_ROW; i++) x[i] = fc_distribution_quantile(d, x[i]);
    }
}

bool fc_distribution_gains_by_table(fc_distribution_kind kind)
{
    return kind == FC_DIST_GAMMA || kind == FC_DIST_BETA || kind == FC_DIST_PERT ||
           kind == FC_DIST_PASSED_OF;
}

void fc_distribution_tabulate(fc_distribution *d, fc_quantile_table *room)
{
    const double least = LEAST / 2; /* of the first node */
    bool fine = false;
    d->table = NULL;
    if (d->kind == FC_DIST_GAMMA)
        fine = fc_quantile_table_fill(room, fc_gamma_at, &d->c.gamma,
                                      log(fc_gamma_inverse(&d->c.gamma, least, 1)));
    if (d->kind == FC_DIST_BETA) {
        double x, y;
        fc_beta_inverse(&d->c.beta, least, 1, &x, &y);
        fine = fc_quantile_table_fill(room, fc_beta_at, &d->c.beta, log(x / y));
    }
    if (fine) d->table = room;
}

double fc_distribution_draw(const fc_distribution *d, fc_stream *stream)
{
    double u = fc_stream_uniform(stream); /* within the bounds of from_uniform already */
    return quantile(d, (probability){u, 1 - u});
}

/* ---- probabilities ----------------------------------------------------------------------- */

static probability uniform_at(const double *p, double x)
{
    return (probability){(x - p[0]) / (p[1] - p[0]), (p[1] - x) / (p[1] - p[0])};
}

static probability triangular_at(const double *p, double x)
{
    double width = p[2] - p[0], below = p[1] - p[0], above = p[2] - p[1];
    double from_low = x - p[0], to_high = p[2] - x;
    if (x < p[1])
        return (probability){from_low / width * (from_low / below),
                             above / width + (p[1] - x) / width * ((below + from_low) / below)};
    if (above == 0) return NOTHING_ABOVE;
    return (probability){below / width + (x - p[1]) / width * ((above + to_high) / above),
                         to_high / width * (to_high / above)};
}

static probability normal_at(const fc_distribution *d, double x)
{
    double z = (x - d->p[0]) / d->p[1];
    double below_low = d->c.normal.below_low, above_low = d->c.normal.above_low;
    double below_high = d->c.normal.below_high, above_high = d->c.normal.above_high;
    if (z < 0) { /* differences of the smaller tails */
        double below = gsl_cdf_ugaussian_P(z);
        double all = below_high - below_low;
        return (probability){(below - below_low) / all, (below_high - below) / all};
    }
    double above = gsl_cdf_ugaussian_Q(z);
    double all = above_low - above_high;
    return (probability){(above_low - above) / all, (above - above_high) / all};
}

static probability lognormal_at(const double *p, double x)
{
    double z = log(x / p[0]) / p[1];
    return (probability){gsl_cdf_ugaussian_P(z), gsl_cdf_ugaussian_Q(z)};
}

static probability weibull_at(const double *p, double x)
{
    double hazard = pow(x / p[1], p[0]);
    return (probability){-expm1(-hazard), exp(-hazard)};
}

static probability from_tails(fc_tails tails)
{
    return (probability){tails.lower, tails.upper};
}

static probability beta_at(const fc_distribution *d, double x)
{
    double width = d->p[3] - d->p[2];
    return from_tails(fc_beta_tails(&d->c.beta, (x - d->p[2]) / width, (d->p[3] - x) / width));
}

static probability discrete_at(const fc_distribution *d, double x)
{
    size_t n = count_up_to(d->value, d->count, x);
    double upper = n < d->count ? d->tail[n] : 0;
    return (probability){1 - upper, upper};
}

/* Called with x in [smallest, largest): there are values on both sides. */
static probability empirical_at(const fc_distribution *d, double x)
{
    size_t n = count_up_to(d->value, d->count, x), last = d->count - 1;
    const double *v = &d->value[n - 1];
    double lower = ((double)(n - 1) + (x - v[0]) / (v[1] - v[0])) / (double)last;
    double upper = ((double)(last - n) + (v[1] - x) / (v[1] - v[0])) / (double)last;
    return (probability){lower, upper};
}

static probability probability_at(const fc_distribution *d, double x)
{
    if (!(x >= fc_distribution_min(d))) return NOTHING_BELOW;
    if (x >= fc_distribution_max(d)) return NOTHING_ABOVE;
    bool at_zero = x == fc_distribution_min(d); /* the continuous kinds have no mass there */
    switch (d->kind) {
    case FC_DIST_UNIFORM:
        return uniform_at(d->p, x);
    case FC_DIST_TRIANGULAR:
        return triangular_at(d->p, x);
    case FC_DIST_NORMAL:
        return normal_at(d, x);
    case FC_DIST_LOGNORMAL:
        return at_zero ? NOTHING_BELOW : lognormal_at(d->p, x);
    case FC_DIST_GAMMA:
        return at_zero ? NOTHING_BELOW : from_tails(fc_gamma_tails(&d->c.gamma, x / d->p[1]));
    case FC_DIST_WEIBULL:
        return weibull_at(d->p, x);
    case FC_DIST_BETA:
        return at_zero ? NOTHING_BELOW : beta_at(d, x);
    case FC_DIST_DISCRETE:
        return discrete_at(d, x);
    case FC_DIST_EMPIRICAL:
        return empirical_at(d, x);
    default:
        return NOTHING_BELOW;
    }
}

double fc_distribution_cdf(const fc_distribution *d, double x)
{
    return probability_at(d, x).lower;
}

double fc_distribution_survival(const fc_distribution *d, double x)
{
    return probability_at(d, x).upper;
}

/* ---- given the time elapsed -------------------------------------------------------------- */

double fc_distribution_quantile_beyond(const fc_distribution *d, double u, double elapsed)
{
    if (!(elapsed >= fc_distribution_min(d))) return fc_distribution_quantile(d, u);
    const probability share = from_uniform(u);
    if (d->kind == FC_DIST_WEIBULL) { /* hazards add, however far in the tail */
        double hazard = pow(elapsed / d->p[1], d->p[0]) + unit_exponential(share);
        return fmax(d->p[1] * pow(hazard, 1 / d->p[0]), elapsed);
    }
    const probability now = probability_at(d, elapsed);
    if (!(now.upper > 0)) return elapsed;
    const probability then = {now.lower + share.lower * now.upper, share.upper * now.upper};
    return fmax(quantile(d, then), elapsed);
}
