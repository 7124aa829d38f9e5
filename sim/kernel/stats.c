/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "kernel/estimate.h"

void fc_tally_merge(fc_tally *into, const fc_tally *from)
{
    if (from->n == 0) return;
    if (into->n == 0) {
        *into = *from;
        return;
    }
    double a = (double)into->n, b = (double)from->n, n = a + b;
    double delta = from->mean - into->mean;
    into->n += from->n;
    into->mean += delta * (b / n);
    into->m2 += from->m2 + delta * delta * (a * b / n);
    if (from->min < into->min) into->min = from->min;
    if (from->max > into->max) into->max = from->max;
}

double fc_tally_mean(const fc_tally *tally)
{
    return tally->n > 0 ? tally->mean : NAN;
}

double fc_tally_variance(const fc_tally *tally)
{
    return tally->n > 1 ? tally->m2 / (double)(tally->n - 1) : NAN;
}

double fc_tally_sd(const fc_tally *tally)
{
    return sqrt(fc_tally_variance(tally));
}

double fc_tally_standard_error(const fc_tally *tally)
{
    return sqrt(fc_tally_variance(tally) / (double)tally->n);
}

double fc_tally_min(const fc_tally *tally)
{
    return tally->n > 0 ? tally->min : NAN;
}

double fc_tally_max(const fc_tally *tally)
{
    return tally->n > 0 ? tally->max : NAN;
}

void fc_level_init(fc_level *level, double t, double value)
{
    *level = (fc_level){
        .value = value, .since = t, .start = t, .lowest = INFINITY, .highest = -INFINITY};
}

void fc_level_restart(fc_level *level, double t)
{
    fc_level_init(level, t, level->value);
}

double fc_level_integral(const fc_level *level, double t)
{
    fc_level copy = *level;
    fc_level_advance(&copy, t);
    return copy.area;
}

double fc_level_mean(const fc_level *level, double t)
{
    fc_level copy = *level;
    fc_level_advance(&copy, t);
    return copy.since > copy.start ? copy.area / (copy.since - copy.start) : copy.value;
}

double fc_level_min(const fc_level *level, double t)
{
    fc_level copy = *level;
    fc_level_advance(&copy, t);
    return copy.since > copy.start ? copy.lowest : copy.value;
}

double fc_level_max(const fc_level *level, double t)
{
    fc_level copy = *level;
    fc_level_advance(&copy, t);
    return copy.since > copy.start ? copy.highest : copy.value;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void fc_sort(double *values, size_t n)
{
    if (n > 1) qsort(values, n, sizeof *values, compare_doubles);
}

double fc_quantile_sorted(const double *sorted, size_t n, double p)
{
    if (n == 0 || isnan(p)) return NAN;
    if (p <= 0) return sorted[0];
    if (p >= 1) return sorted[n - 1];
    double place = (double)(n - 1) * p;
    size_t below = (size_t)place;
    double part = place - (double)below;
    /* At an order statistic its neighbour has no say, and INFINITY minus INFINITY never arises. */
    if (part == 0 || below + 1 >= n || isinf(sorted[below])) return sorted[below];
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

/* The lower of the two order statistics that a quantile lies between. */
static size_t rank_below(size_t n, double p)
{
    return p <= 0 ? 0 : p >= 1 ? n - 1 : (size_t)((double)(n - 1) * p);
}

/* What fc_quantiles_select is asked for. */
typedef struct wanted {
    const double *p;
    size_t count, n;
} wanted;

/* Whether a quantile needs the order statistics lo to hi. */
static bool is_wanted(const wanted *w, size_t lo, size_t hi)
{
    for (size_t i = 0; i < w->count; i++) {
        if (isnan(w->p[i])) continue;
        size_t rank = rank_below(w->n, w->p[i]);
        if (rank <= hi && rank + 1 >= lo) return true;
    }
    return false;
}

static void sort_few(double *v, size_t lo, size_t hi)
{
    for (size_t i = lo + 1; i <= hi; i++) {
        double x = v[i];
        size_t k = i;
        for (; k > lo && v[k - 1] > x; k--) v[k] = v[k - 1];
        v[k] = x;
    }
}

static double median_of_three(double a, double b, double c)
{
    double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Hoare's partition: then v[lo..*right] are at most the pivot, v[*left..hi] at least, and neither
 * part is empty or everything, as at least two values are at most a median of three, and two are at
 * least that. */
static void partition(double *v, size_t lo, size_t hi, size_t *right, size_t *left)
{
    double pivot = median_of_three(v[lo], v[lo + (hi - lo) / 2], v[hi]);
    size_t i = lo, j = hi;
    while (i <= j) {
        while (v[i] < pivot) i++;
        while (v[j] > pivot) j--;
        if (i > j) break;
        double x = v[i];
        v[i++] = v[j];
        v[j--] = x;
    }
    *right = j;
    *left = i;
}

/* Quicksort that leaves out the parts in which nothing is wanted. */
static void sort_wanted(double *v, size_t lo, size_t hi, const wanted *w, int depth)
{
    enum { FEW = 16 };
    while (is_wanted(w, lo, hi)) {
        size_t right, left;
        if (hi - lo < FEW) {
            sort_few(v, lo, hi);
            return;
        }
        if (depth-- == 0) { /* unlucky pivots */
            fc_sort(v + lo, hi - lo + 1);
            return;
        }
        partition(v, lo, hi, &right, &left);
        sort_wanted(v, lo, right, w, depth);
        lo = left;
    }
}

static bool is_sorted(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i - 1] > values[i]) return false;
    return true;
}

void fc_quantiles_select(double *values, size_t n, const double *p, size_t count, double *out)
{
    const wanted w = {.p = p, .count = count, .n = n};
    int depth = 2;
    for (size_t k = n; k > 1; k /= 2) depth += 2;
    if (n > 1 && !is_sorted(values, n)) sort_wanted(values, 0, n - 1, &w, depth);
    for (size_t i = 0; i < count; i++) out[i] = fc_quantile_sorted(values, n, p[i]);
}

int fc_quantiles(const double *values, size_t n, const double *p, size_t count, double *out)
{
    double *copy = malloc((n ? n : 1) * sizeof *copy);
    if (!copy) return FC_E_NOMEM;
    if (n > 0) memcpy(copy, values, n * sizeof *copy);
    fc_quantiles_select(copy, n, p, count, out);
    free(copy);
    return FC_OK;
}

double fc_weighted_share(const double *weight, const bool *hit, size_t n)
{
    fc_sum hits = FC_SUM_ZERO, all = FC_SUM_ZERO;

    for (size_t i = 0; i < n; i++) {
        fc_sum_add(&all, weight[i]);
        if (hit[i]) fc_sum_add(&hits, weight[i]);
    }
    return fc_sum_value(&all) > 0 ? fc_sum_value(&hits) / fc_sum_value(&all) : NAN;
}

fc_interval fc_wilson_interval(uint64_t hits, uint64_t n, double level)
{
    if (!(level > 0 && level < 1)) return (fc_interval){NAN, NAN};
    if (n == 0) return (fc_interval){0, 1};
    return fc_score_interval((double)hits / (double)n, (double)n,
                             gsl_cdf_ugaussian_Qinv((1 - level) / 2));
}

fc_interval fc_median_interval(const double *sorted, size_t n, double level)
{
    size_t low = 0,
           high = n / 2 + 1; /* the most that may be left out at either end, and too many */
    if (!(level > 0 && level < 1)) return (fc_interval){NAN, NAN};
    if (n == 0 || n > UINT_MAX || ldexp(2, -(int)(n < 2000 ? n : 2000)) > 1 - level)
        return (fc_interval){-INFINITY, INFINITY};
    while (high - low > 1) { /* all but k values on one side of the median: P(Bin(n, 1/2) <= k) */
        size_t middle = low + (high - low) / 2;
        if (gsl_cdf_binomial_P((unsigned)middle, 0.5, (unsigned)n) <= (1 - level) / 2)
            low = middle;
        else
            high = middle;
    }
    return (fc_interval){sorted[low], sorted[n - 1 - low]};
}

double fc_student_point(double df, double level)
{
    if (!(df > 0 && level > 0 && level < 1)) return NAN;
    return gsl_cdf_tdist_Qinv((1 - level) / 2, df);
}

double fc_student_half_width(const fc_tally *tally, double level)
{
    if (!(level > 0 && level < 1)) return NAN;
    if (tally->n < 2) return INFINITY;
    return fc_student_point((double)(tally->n - 1), level) * fc_tally_standard_error(tally);
}
