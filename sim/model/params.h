/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parameters as one replication sees them: unknowns drawn, shocks and policies dated.
 *
 * A parameter's reading at time t is its value's reading at t, then the changes whose driver is in
 * force at t, in the order of their dates (at one date shocks first, then plan order): set
 * replaces, scale multiplies, add adds. A reading sees only drivers in force at t. Reading costs
 * O(log points + changes of that parameter), next to nothing without either, and allocates nothing.
 */
#ifndef FC_MODEL_PARAMS_H
#define FC_MODEL_PARAMS_H

#include "fleetcast/error.h"
#include "model/plan.h"

typedef struct fc_params fc_params;

/* Of a finished plan, which must outlive it. E_NOMEM. Until fc_params_begin nothing can be read. */
int fc_params_create(const fc_plan *plan, fc_params **out);
void fc_params_free(fc_params *params);

/* Starts a replication: draws every unknown (through the copula where correlated) and every
 * driver's date and occurrence. `uniforms` replaces the uniforms of the unknowns (Latin hypercube,
 * Sobol): plan->n_unknowns numbers in (0, 1), in the order of plan->draw_names; NULL, or NaN for
 * one of them, draws them.
 * E_DOMAIN, with the value's path, if drawn parameters make no distribution (low above high). */
int fc_params_begin(fc_params *params, uint32_t replication, const double *uniforms, fc_diag *diag);

static inline bool fc_param_given(fc_param p)
{
    return p != 0;
}

/* Reading at time t, seconds from the start, in the unit of the key. NaN for parameter 0, and for a
 * number that is NaN until a change sets it. A `varies` value reads as its mean here. */
double fc_param_at(fc_params *params, fc_param p, double t);
/* The same, `otherwise` where that is NaN. */
double fc_param_or(fc_params *params, fc_param p, double t, double otherwise);

/* Standard deviation of the draws at time t, 0 where nothing varies. Half way between two points of
 * a path the two count in part, as of values that differ in scale alone. */
double fc_param_sd(fc_params *params, fc_param p, double t);

/* The same as somebody sees it at time t who knows the drivers in force but no draw: what is
 * unknown or varies reads as its mean (at the means of its own parameters). NaN for parameter 0. */
double fc_param_expected(const fc_params *params, fc_param p, double t);

/* The draw of occurrence k at time t: for `varies` by inversion from the parameter's own stream of
 * occurrence k (the same k gives the same uniform whatever the distribution has become), else the
 * reading at t. NaN where the reading is. */
double fc_param_draw(fc_params *params, fc_param p, double t, uint64_t occurrence);

/* What the draw at time t is whose uniform is u; changes that vary themselves count at their mean.
 */
double fc_param_quantile(fc_params *params, fc_param p, double t, double u);

/* What is left, at least 0, of a duration that began at `began`, was drawn as occurrence k, would
 * have ended at `ends`, when a change struck at `now` (began <= now <= ends, all finite):
 *   keep     ends - now
 *   rescale  the share left, (ends - now) / (ends - began), of the new duration, which is drawn
 *            from the same uniform
 *   redraw   from the new distribution given the time elapsed, now - began, with a fresh uniform
 *            of the occurrence (the k-th time that changes strike, the k-th one); of a new duration
 *            that does not vary, what exceeds the time elapsed */
double fc_param_remaining(fc_params *params, fc_param p, double began, double ends, double now,
                          uint64_t occurrence, fc_in_progress how);

/* Drivers (shocks and policies) are in force on [from, until). */
double fc_driver_from(const fc_params *params, uint32_t driver);  /* INFINITY: not (yet) */
double fc_driver_until(const fc_params *params, uint32_t driver); /* INFINITY: for ever */
/* State-dependent drivers: puts the driver in force from `now` on. Does nothing if it is in force
 * already, or was drawn not to happen. */
void fc_driver_activate(fc_params *params, uint32_t driver, double now);

/* The draws for the record: plan->n_draws numbers, where it records any. Of unknowns that share a
 * key the first in the plan; a driver's date, NaN if it did not happen (up to now). */
void fc_params_draws(const fc_params *params, double *out);

#endif
