/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the resolved tree to the plan; shocks, policies and correlations. Private. */
#ifndef FC_SCENARIO_BIND_PLAN_H
#define FC_SCENARIO_BIND_PLAN_H

#include "scenario/bind_section.h"
#include "scenario/scenario.h"

/* Fills scenario->root, headline and plan (which has its arena, and nothing else yet) from its
 * tree. Reports every error and returns the first. */
int fc_bind_plan(fc_scenario *scenario, const fc_rosters *rosters, const int64_t *seed,
                 fc_diag *diag);

/* Reports what the key table cannot say of the entities, which are bound. */
void fc_bind_check_entities(fc_section_binder *s);

/* Fills plan->drivers and plan->changes. Shocks are always in the plan, policies where `active`
 * names them; the others are checked all the same. */
int fc_bind_drivers(fc_section_binder *s);

/* Fills plan->cholesky and the factors of the values named in `correlate`. */
int fc_bind_correlations(fc_section_binder *s);

#endif
