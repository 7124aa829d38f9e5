/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probability distributions of one real number, all drawn by inversion: one uniform number gives
 * one value, and a larger uniform never a smaller value. So two runs that share a uniform stay
 * paired when a parameter changes, and uniforms may come from a Latin hypercube or a copula.
 *
 *   kind         parameters, in order    remarks
 *   constant     value
 *   uniform      low, high
 *   triangular   low, likely, high
 *   normal       mean, sd, low, high     truncated to [low, high]; a bound may be infinite
 *   lognormal    median, sigma           log X is normal with standard deviation sigma
 *   gamma        shape, scale            mean shape * scale
 *   weibull      shape, scale            P(X > x) = exp(-(x / scale)^shape)
 *   beta         a, b, low, high         scaled to [low, high]
 *   discrete     values and weights      a table
 *   empirical    sample                  a table; straight lines through the order statistics
 *                                        x(1) .. x(n) at u = 0, 1/(n-1), .. 1 (R's type 7)
 *
 * Forms that make one of these:
 *
 *   pert         low, likely, high       beta with a = 1 + 4 (likely - low) / (high - low) and
 *                                        b = 6 - a; mean (low + 4 likely + high) / 6. The plain
 *                                        form low/likely/high means this
 *   exponential  mean                    weibull of shape 1
 *   usual/bad_1_in_20                    (usual, bad_1_in_20) lognormal with median usual and
 *                                        95th percentile bad_1_in_20
 *   passed/of    passed, of              beta(passed + 1/2, of - passed + 1/2) on [0, 1], the
 *                                        Jeffreys posterior of a probability
 *
 * fc_kernel_init() must have been called (init.h).
 */
#ifndef FC_KERNEL_DISTRIBUTION_H
#define FC_KERNEL_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "fleetcast/error.h"
#include "kernel/incomplete.h"
#include "kernel/quantile_table.h"
#include "kernel/stream.h"

typedef enum fc_distribution_kind {
    FC_DIST_CONSTANT,
    FC_DIST_UNIFORM,
    FC_DIST_TRIANGULAR,
    FC_DIST_NORMAL,
    FC_DIST_LOGNORMAL,
    FC_DIST_GAMMA,
    FC_DIST_WEIBULL,
    FC_DIST_BETA,
    FC_DIST_DISCRETE,
    FC_DIST_EMPIRICAL,
    FC_DIST_PERT, /* from here on: only for fc_distribution_make, never the kind that is made */
    FC_DIST_EXPONENTIAL,
    FC_DIST_USUAL_BAD,
    FC_DIST_PASSED_OF,
    FC_DIST_KINDS
} fc_distribution_kind;

enum { FC_DIST_MAX_PARAMETERS = 4 };

/* How a kind is written: its name and those of its parameters. A parameter either has the unit
 * of the quantity itself (months, W) or is a pure number. Tables have no parameters. */
typedef struct fc_distribution_form {
    const char *name;
    unsigned count;
    struct {
        const char *name;
        bool has_unit;
    } parameter[FC_DIST_MAX_PARAMETERS];
} fc_distribution_form;

/* NULL if `kind` is not one of the enumeration. */
const fc_distribution_form *fc_distribution_form_of(fc_distribution_kind kind);

/* Made by the functions below and not changed afterwards; copy it freely. Holds no memory of its
 * own: a table is in the arena it was made in. */
typedef struct fc_distribution {
    fc_distribution_kind kind;
    size_t count;                   /* discrete, empirical: how many values */
    const double *value;            /* increasing */
    const double *tail;             /* discrete: tail[i] = P(X >= value[i]) */
    const fc_quantile_table *table; /* gamma, beta: of the quantiles; NULL: none */
    double p[4];                    /* the parameters, in the order above */
    union {                         /* what is computed once from them */
        fc_gamma gamma;
        fc_beta beta;
        struct {
            double below_low, above_low, below_high, above_high;
        } normal; /* shares of the whole normal distribution on each side of the bounds */
    } c;
} fc_distribution;

/* Makes any kind but the two tables from the form's `count` parameters. Checks their domains:
 * every number finite (but for the normal's bounds) and at most 1e100 in size, the order of
 * bounds, and shapes within the range for which the stated accuracy is tested (gamma 0.01 to
 * 1e4, beta 0.01 to 1e5, Weibull 0.05 to 1e3, sigma of the lognormal at most 10; the truncated
 * normal must hold at least 1e-290 of the whole).
 * Errors: E_DISTRIBUTION, with the condition that does not hold; E_DOMAIN for a table's kind.
 * `place` and `diag` may be NULL. */
int fc_distribution_make(fc_distribution_kind kind, const double *parameters, const fc_place *place,
                         fc_diag *diag, fc_distribution *out);

/* Values in any order, with weights >= 0 (not all 0) that need not sum to 1; equal values are
 * merged. Errors: E_DISTRIBUTION, E_NOMEM. */
int fc_distribution_discrete(fc_arena *arena, const double *values, const double *weights,
                             size_t count, const fc_place *place, fc_diag *diag,
                             fc_distribution *out);
/* A sample in any order, at least one value. Errors: E_DISTRIBUTION, E_NOMEM. */
int fc_distribution_empirical(fc_arena *arena, const double *sample, size_t count,
                              const fc_place *place, fc_diag *diag, fc_distribution *out);

/* The smallest x with P(X <= x) >= u, never decreasing in u (up to rounding). The probability of
 * the result is u to 1e-9 of the smaller tail, or as near as doubles around it allow (a truncated
 * normal: doubles of the size of its mean and sd). u is taken into [2^-53, 1 - 2^-53], the range
 * of fc_stream_uniform; a NaN counts as 2^-53. */
double fc_distribution_quantile(const fc_distribution *d, double u);
/* The same of each number of a row (fc_stream_uniforms), in its place and quicker. */
void fc_distribution_quantile_row(const fc_distribution *d, double x[FC_STREAM_ROW]);
/* The u-quantile of X given X > elapsed: of a duration that has already lasted so long. Accurate
 * far in the tail; `elapsed` itself where nothing of the distribution lies beyond it. */
double fc_distribution_quantile_beyond(const fc_distribution *d, double u, double elapsed);
double fc_distribution_draw(const fc_distribution *d, fc_stream *stream); /* takes one uniform */

/* Makes the quantiles of a gamma or beta distribution (so of PERT and passed/of too) ten times
 * quicker for as long as `room` lives, at the accuracy above; costs as much as 20 to 30 of them.
 * Does nothing to other kinds, nor to the few shapes (some below 0.2) for which a table would be
 * less accurate. The last digits are others than without: for one distribution do it always or
 * never. */
void fc_distribution_tabulate(fc_distribution *d, fc_quantile_table *room);
/* Whether it does anything to what is made of this kind. */
bool fc_distribution_gains_by_table(fc_distribution_kind kind);

double fc_distribution_cdf(const fc_distribution *d, double x); /* P(X <= x) */
double fc_distribution_survival(const fc_distribution *d,
                                double x); /* P(X > x), accurate if small */

double fc_distribution_mean(const fc_distribution *d);
double fc_distribution_variance(const fc_distribution *d);
double fc_distribution_sd(const fc_distribution *d);
double fc_distribution_min(const fc_distribution *d); /* of the support; may be infinite */
double fc_distribution_max(const fc_distribution *d);

#endif
