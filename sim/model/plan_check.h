/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of fc_plan_finish. Private to plan*.c. Each reports every problem it finds and
 * returns FC_OK or the first one's number.
 */
#ifndef FC_MODEL_PLAN_CHECK_H
#define FC_MODEL_PLAN_CHECK_H

#include "fleetcast/error.h"
#include "model/plan.h"

/* Reports E_PLAN at `path` (may be NULL) and returns it. */
int fc_plan_wrong(fc_diag *diag, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The first problem of several. */
static inline int fc_first(int earlier, int later)
{
    return earlier != FC_OK ? earlier : later;
}

int fc_plan_check_values(const fc_plan *plan, fc_diag *diag);    /* values, parameters, drivers */
int fc_plan_check_entities(const fc_plan *plan, fc_diag *diag);  /* all that refers to them */
int fc_plan_check_money(const fc_plan *plan, fc_diag *diag);     /* budgets, and what is paid how */
int fc_plan_check_demand(const fc_plan *plan, fc_diag *diag);    /* pools and classes of users */
int fc_plan_check_inference(const fc_plan *plan, fc_diag *diag); /* services */
/* Shares of a profile (NULL: none), which sum to 1; models that an entity names. */
int fc_plan_check_profile(const char *name, const double *share, int n, fc_diag *diag);
int fc_plan_check_models(const fc_plan *plan, const char *name, const fc_refs *refs, fc_diag *diag);
int fc_plan_check_grants(const fc_plan *plan, fc_diag *diag); /* calls */
/* Of one class: its users, how it comes to grants and what it does with them. */
int fc_plan_check_applicants(const fc_plan *plan, const fc_demand_spec *spec,
                             const fc_user_class *c, fc_diag *diag);
/* Of checked values: numbers and names the draws, checks stream keys and the copula. */
int fc_plan_name_draws(fc_plan *plan, fc_diag *diag);

/* Whether a metric (of a scope: of that entity) is observed of a fleet. What only some scenarios
 * have is observed in those only: the results of all others stay as they are. */
/* `entity` as in fc_observable, from 0; of years and cost lines only where the fleet is metered. */
bool fc_plan_observes(const fc_plan *plan, uint32_t fleet, int metric, int entity);

#endif
