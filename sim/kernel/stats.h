/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Statistics: tallies of observations, time-weighted levels, exact quantiles, intervals.
 * Where there is nothing to say (the mean of no observations) the answer is NaN.
 */
#ifndef FC_KERNEL_STATS_H
#define FC_KERNEL_STATS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Compensated sum (Neumaier 1974): the rounding of each addition is kept and added back. */
typedef struct fc_sum {
    double sum, carry;
} fc_sum;

#define FC_SUM_ZERO ((fc_sum){0})

static inline void fc_sum_add(fc_sum *s, double x)
{
    double sum = s->sum + x;
    s->carry += fabs(s->sum) >= fabs(x) ? (s->sum - sum) + x : (x - sum) + s->sum;
    s->sum = sum;
}

static inline double fc_sum_value(const fc_sum *s)
{
    return isfinite(s->sum) ? s->sum + s->carry : s->sum;
}

/* ---- Tally of observations (Welford 1962; merged as Chan, Golub and LeVeque 1983). Merging in
 * another order may change the last bits: merge in replication order. */
typedef struct fc_tally {
    uint64_t n;
    double mean, m2; /* m2: sum of squared deviations from the mean */
    double min, max; /* meaningless while n is 0; use the functions below */
} fc_tally;

#define FC_TALLY_EMPTY ((fc_tally){.min = INFINITY, .max = -INFINITY})

static inline void fc_tally_add(fc_tally *tally, double x)
{
    double delta = x - tally->mean;
    tally->n++;
    tally->mean += delta / (double)tally->n;
    tally->m2 += delta * (x - tally->mean);
    if (x < tally->min) tally->min = x;
    if (x > tally->max) tally->max = x;
}

void fc_tally_merge(fc_tally *into, const fc_tally *from);
double fc_tally_mean(const fc_tally *tally);
double fc_tally_variance(const fc_tally *tally); /* of the sample, n - 1; NaN below 2 */
double fc_tally_sd(const fc_tally *tally);
double fc_tally_standard_error(const fc_tally *tally); /* of the mean */
double fc_tally_min(const fc_tally *tally);
double fc_tally_max(const fc_tally *tally);

/* ---- Time-weighted level: a quantity that stays at a value until it is set anew. Times do not
 * decrease. A value held for no time (two events at one instant) leaves no trace. */
typedef struct fc_level {
    double value; /* now */
    double since; /* integral, min and max are up to here */
    double start; /* ... and from here */
    double area;  /* value x seconds */
    double lowest, highest;
} fc_level;

void fc_level_init(fc_level *level, double t, double value);
void fc_level_restart(fc_level *level, double t); /* forget the past (warm-up), keep the value */

static inline void fc_level_advance(fc_level *level, double t)
{
    if (t > level->since) {
        level->area += level->value * (t - level->since);
        level->since = t;
        if (level->value < level->lowest) level->lowest = level->value;
        if (level->value > level->highest) level->highest = level->value;
    }
}

static inline void fc_level_set(fc_level *level, double t, double value)
{
    fc_level_advance(level, t);
    level->value = value;
}

static inline void fc_level_add(fc_level *level, double t, double change)
{
    fc_level_advance(level, t);
    level->value += change;
}

/* From the start to t, which is not before the last change. The mean, least and greatest value of
 * no time at all are the value itself. */
double fc_level_integral(const fc_level *level, double t);
double fc_level_mean(const fc_level *level, double t);
double fc_level_min(const fc_level *level, double t);
double fc_level_max(const fc_level *level, double t);

/* ---- The same in integers (units x whole seconds), exact: no sequence of changes overflows it. */
__extension__ typedef __int128 fc_int128;

typedef struct fc_level_int {
    int64_t value, since;
    fc_int128 area;
} fc_level_int;

static inline void fc_level_int_set(fc_level_int *level, int64_t t, int64_t value)
{
    level->area += (fc_int128)level->value * ((fc_int128)t - level->since);
    level->since = t;
    level->value = value;
}

static inline fc_int128 fc_level_int_integral(const fc_level_int *level, int64_t t)
{
    return level->area + (fc_int128)level->value * ((fc_int128)t - level->since);
}

/* ---- Quantiles of a sample, exact. INFINITY stands for "not reached": a quantile that falls on
 * such an observation, or between one and a finite one, is INFINITY. No NaN among the values. */
void fc_sort(double *values, size_t n); /* ascending */
/* Hyndman and Fan's type 7, the default of R and NumPy: linear between order statistics, at
 * (n - 1) p counted from 0. p is clamped to [0, 1]; NaN if n is 0 or p is NaN. */
double fc_quantile_sorted(const double *sorted, size_t n, double p);
/* Of several probabilities at once from unsorted values, which are left in another order: the same
 * numbers as of sorted ones, but only what they need is sorted. */
void fc_quantiles_select(double *values, size_t n, const double *p, size_t count, double *out);
/* The same, leaving the values as they are; FC_E_NOMEM. */
int fc_quantiles(const double *values, size_t n, const double *p, size_t count, double *out);

/* Sum of the weights where hit / sum of all weights (not negative); NaN if these sum to 0. */
double fc_weighted_share(const double *weight, const bool *hit, size_t n);

/* ---- Intervals. `level` is the confidence, 0.95 say, in (0, 1); NaN bounds otherwise. */
typedef struct fc_interval {
    double low, high;
} fc_interval;

/* A proportion, hits <= n (Wilson 1927, score interval without continuity correction; as in
 * Brown, Cai and DasGupta 2001). Never outside [0, 1]; [0, 1] if n is 0. */
fc_interval fc_wilson_interval(uint64_t hits, uint64_t n, double level);

/* The median of a distribution, whatever it is, from a sorted sample: order statistics equally far
 * from both ends, the sign test's interval (Conover 1999, Practical Nonparametric Statistics, 3.2);
 * holds the median with probability `level` at least. Infinite where the sample is too small for
 * that (below 6 for 95 %). */
fc_interval fc_median_interval(const double *sorted, size_t n, double level);

/* Two-sided Student t point: P(|T| <= t) = level with `df` degrees of freedom. */
double fc_student_point(double df, double level);
/* The mean's interval is mean +- half width; INFINITY below 2 observations. */
double fc_student_half_width(const fc_tally *tally, double level);

#endif
