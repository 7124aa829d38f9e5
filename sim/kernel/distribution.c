/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making distributions: forms, domains, tables.
 */
#include "kernel/distribution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>

static const double MAX_SIZE = 1e100; /* keeps every product that follows within double range */

static const fc_distribution_form forms[FC_DIST_KINDS] = {
    [FC_DIST_CONSTANT] = {"constant", 1, {{"value", true}}},
    [FC_DIST_UNIFORM] = {"uniform", 2, {{"low", true}, {"high", true}}},
    [FC_DIST_TRIANGULAR] = {"triangular", 3, {{"low", true}, {"likely", true}, {"high", true}}},
    [FC_DIST_NORMAL] = {"normal", 4, {{"mean", true}, {"sd", true}, {"low", true}, {"high", true}}},
    [FC_DIST_LOGNORMAL] = {"lognormal", 2, {{"median", true}, {"sigma", false}}},
    [FC_DIST_GAMMA] = {"gamma", 2, {{"shape", false}, {"scale", true}}},
    [FC_DIST_WEIBULL] = {"weibull", 2, {{"shape", false}, {"scale", true}}},
    [FC_DIST_BETA] = {"beta", 4, {{"a", false}, {"b", false}, {"low", true}, {"high", true}}},
    [FC_DIST_DISCRETE] = {"discrete", 0, {{0}}},
    [FC_DIST_EMPIRICAL] = {"empirical", 0, {{0}}},
    [FC_DIST_PERT] = {"pert", 3, {{"low", true}, {"likely", true}, {"high", true}}},
    [FC_DIST_EXPONENTIAL] = {"exponential", 1, {{"mean", true}}},
    [FC_DIST_USUAL_BAD] = {"usual/bad_1_in_20", 2, {{"usual", true}, {"bad_1_in_20", true}}},
    [FC_DIST_PASSED_OF] = {"passed/of", 2, {{"passed", false}, {"of", false}}},
};

const fc_distribution_form *fc_distribution_form_of(fc_distribution_kind kind)
{
    return (unsigned)kind < FC_DIST_KINDS ? &forms[kind] : NULL;
}

static int refuse(fc_distribution_kind kind, const char *condition, const fc_place *place,
                  fc_diag *diag)
{
    return fc_fail(diag, FC_E_DISTRIBUTION, place, forms[kind].name, condition, NULL);
}

/* ---- domains ----------------------------------------------------------------------------- */

static const char *unmet_low_likely_high(const double *p)
{
    return !(p[0] <= p[1])   ? "low <= likely"
           : !(p[1] <= p[2]) ? "likely <= high"
           : !(p[0] < p[2])  ? "low < high"
                             : NULL;
}

static const char *unmet_shape_scale(double shape, double least, double most, const char *range,
                                     double scale)
{
    return !(shape >= least && shape <= most) ? range : !(scale > 0) ? "scale > 0" : NULL;
}

static const char *unmet_beta(const double *p)
{
    return !(p[0] >= 0.01 && p[0] <= 1e5)   ? "0.01 <= a <= 100000"
           : !(p[1] >= 0.01 && p[1] <= 1e5) ? "0.01 <= b <= 100000"
           : !(p[2] < p[3])                 ? "low < high"
                                            : NULL;
}

/* The first condition that the parameters of a kind do not meet, NULL if they meet all. */
static const char *unmet(fc_distribution_kind kind, const double *p)
{
    switch (kind) {
    case FC_DIST_UNIFORM:
        return !(p[0] < p[1]) ? "low < high" : NULL;
    case FC_DIST_TRIANGULAR:
    case FC_DIST_PERT:
        return unmet_low_likely_high(p);
    case FC_DIST_NORMAL:
        return !(p[1] > 0) ? "sd > 0" : !(p[2] < p[3]) ? "low < high" : NULL;
    case FC_DIST_LOGNORMAL:
        return !(p[0] > 0) ? "median > 0" : !(p[1] > 0 && p[1] <= 10) ? "0 < sigma <= 10" : NULL;
    case FC_DIST_GAMMA:
        return unmet_shape_scale(p[0], 0.01, 1e4, "0.01 <= shape <= 10000", p[1]);
    case FC_DIST_WEIBULL:
        return unmet_shape_scale(p[0], 0.05, 1e3, "0.05 <= shape <= 1000", p[1]);
    case FC_DIST_BETA:
        return unmet_beta(p);
    case FC_DIST_EXPONENTIAL:
        return !(p[0] > 0) ? "mean > 0" : NULL;
    case FC_DIST_USUAL_BAD:
        return !(p[0] > 0) ? "usual > 0" : !(p[0] < p[1]) ? "usual < bad_1_in_20" : NULL;
    case FC_DIST_PASSED_OF:
        return !(p[0] >= 0)                   ? "passed >= 0"
               : !(p[1] > 0 && p[1] <= 99999) ? "0 < of < 100000"
               : !(p[0] <= p[1])              ? "passed <= of"
                                              : NULL;
    default:
        return NULL;
    }
}

static bool may_be_infinite(fc_distribution_kind kind, unsigned i, double x)
{
    return kind == FC_DIST_NORMAL && ((i == 2 && x == -INFINITY) || (i == 3 && x == INFINITY));
}

static int check(fc_distribution_kind kind, const double *p, const fc_place *place, fc_diag *diag)
{
    for (unsigned i = 0; i < forms[kind].count; i++) {
        if (fabs(p[i]) <= MAX_SIZE || may_be_infinite(kind, i, p[i])) continue;
        char condition[64];
        snprintf(condition, sizeof condition, "|%s| <= 1e100", forms[kind].parameter[i].name);
        return refuse(kind, condition, place, diag);
    }
    const char *condition = unmet(kind, p);
    return condition ? refuse(kind, condition, place, diag) : FC_OK;
}

/* ---- making ------------------------------------------------------------------------------ */

static fc_distribution beta(double a, double b, double low, double high)
{
    return (fc_distribution){
        .kind = FC_DIST_BETA, .p = {a, b, low, high}, .c.beta = fc_beta_prepare(a, b)};
}

static int make_normal(fc_distribution *d, const fc_place *place, fc_diag *diag)
{
    double low = (d->p[2] - d->p[0]) / d->p[1], high = (d->p[3] - d->p[0]) / d->p[1];
    d->c.normal.below_low = gsl_cdf_ugaussian_P(low);
    d->c.normal.above_low = gsl_cdf_ugaussian_Q(low);
    d->c.normal.below_high = gsl_cdf_ugaussian_P(high);
    d->c.normal.above_high = gsl_cdf_ugaussian_Q(high);
    double held = fmax(d->c.normal.below_high - d->c.normal.below_low,
                       d->c.normal.above_low - d->c.normal.above_high);
    if (!(held >= 1e-290)) return refuse(FC_DIST_NORMAL, "P(low <= X <= high) > 0", place, diag);
    return FC_OK;
}

int fc_distribution_make(fc_distribution_kind kind, const double *p, const fc_place *place,
                         fc_diag *diag, fc_distribution *out)
{
    const double z95 = 1.6448536269514722; /* the normal 95th percentile */
    if ((unsigned)kind >= FC_DIST_KINDS || forms[kind].count == 0)
        return fc_fail(diag, FC_E_DOMAIN, place, "fc_distribution_make: kind", NULL);
    int ret = check(kind, p, place, diag);
    if (ret) return ret;
    fc_distribution d = {.kind = kind};
    memcpy(d.p, p, forms[kind].count * sizeof *p);
    switch (kind) {
    case FC_DIST_NORMAL:
        ret = make_normal(&d, place, diag);
        break;
    case FC_DIST_GAMMA:
        d.c.gamma = fc_gamma_prepare(p[0]);
        break;
    case FC_DIST_BETA:
        d = beta(p[0], p[1], p[2], p[3]);
        break;
    case FC_DIST_PERT:
        d = beta(1 + 4 * ((p[1] - p[0]) / (p[2] - p[0])), 1 + 4 * ((p[2] - p[1]) / (p[2] - p[0])),
                 p[0], p[2]);
        break;
    case FC_DIST_EXPONENTIAL:
        d = (fc_distribution){.kind = FC_DIST_WEIBULL, .p = {1, p[0]}};
        break;
    case FC_DIST_USUAL_BAD:
        d = (fc_distribution){.kind = FC_DIST_LOGNORMAL, .p = {p[0], log(p[1] / p[0]) / z95}};
        ret = check(d.kind, d.p, place, diag);
        break;
    case FC_DIST_PASSED_OF:
        d = beta(p[0] + 0.5, p[1] - p[0] + 0.5, 0, 1);
        break;
    default:
        break;
    }
    if (!ret) *out = d;
    return ret;
}

/* ---- tables ------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool all_within(const double *x, size_t count, double least)
{
    for (size_t i = 0; i < count; i++)
        if (!(x[i] >= least && x[i] <= MAX_SIZE)) return false;
    return true;
}

/* Sorts `pair` and merges equal values; drops those without weight. Returns how many are left. */
static size_t merge(double (*pair)[2], size_t count)
{
    size_t n = 0;
    qsort(pair, count, sizeof *pair, by_value);
    for (size_t i = 0; i < count; i++) {
        if (pair[i][1] == 0) continue;
        if (n > 0 && pair[n - 1][0] == pair[i][0]) {
            pair[n - 1][1] += pair[i][1];
        } else {
            pair[n][0] = pair[i][0];
            pair[n++][1] = pair[i][1];
        }
    }
    return n;
}

int fc_distribution_discrete(fc_arena *arena, const double *values, const double *weights,
                             size_t count, const fc_place *place, fc_diag *diag,
                             fc_distribution *out)
{
    int ret = FC_OK;
    double(*pair)[2] = NULL;
    if (count == 0) return refuse(FC_DIST_DISCRETE, "count >= 1", place, diag);
    if (!all_within(values, count, -MAX_SIZE))
        return refuse(FC_DIST_DISCRETE, "|value| <= 1e100", place, diag);
    if (!all_within(weights, count, 0))
        return refuse(FC_DIST_DISCRETE, "0 <= weight <= 1e100", place, diag);

    pair = calloc(count, sizeof *pair);
    if (!pair) return fc_fail(diag, FC_E_NOMEM, place, NULL);
    for (size_t i = 0; i < count; i++) {
        pair[i][0] = values[i];
        pair[i][1] = weights[i];
    }
    size_t n = merge(pair, count);
    if (n == 0) {
        ret = refuse(FC_DIST_DISCRETE, "sum(weights) > 0", place, diag);
        goto out;
    }
    double *value = fc_arena_array(arena, n, sizeof *value);
    double *tail = fc_arena_array(arena, n, sizeof *tail);
    if (!value || !tail) {
        ret = fc_fail(diag, FC_E_NOMEM, place, NULL);
        goto out;
    }
    double sum = 0;
    for (size_t i = n; i-- > 0;) { /* from the top, so that the far tail is accurate */
        value[i] = pair[i][0];
        tail[i] = sum += pair[i][1];
    }
    for (size_t i = 0; i < n; i++) tail[i] /= sum;
    *out = (fc_distribution){.kind = FC_DIST_DISCRETE, .count = n, .value = value, .tail = tail};
out:
    free(pair);
    return ret;
}

int fc_distribution_empirical(fc_arena *arena, const double *sample, size_t count,
                              const fc_place *place, fc_diag *diag, fc_distribution *out)
{
    if (count == 0) return refuse(FC_DIST_EMPIRICAL, "count >= 1", place, diag);
    if (!all_within(sample, count, -MAX_SIZE))
        return refuse(FC_DIST_EMPIRICAL, "|value| <= 1e100", place, diag);
    double *value = fc_arena_array(arena, count, sizeof *value);
    if (!value) return fc_fail(diag, FC_E_NOMEM, place, NULL);
    memcpy(value, sample, count * sizeof *value);
    qsort(value, count, sizeof *value, by_value);
    *out = (fc_distribution){.kind = FC_DIST_EMPIRICAL, .count = count, .value = value};
    return FC_OK;
}
