/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What follows from a plan's tariffs and terms before anything runs.
 */
#ifndef FC_MODEL_TARIFF_H
#define FC_MODEL_TARIFF_H

#include "model/plan.h"

/* The tariff's hours and seasons as a rule of the load calendar; points into the tariff. */
fc_load_rule fc_tariff_hours(const fc_tariff *tariff);
/* Whether the plan says anything of the fleet's electricity, water, emissions or running cost: if
 * not, nothing of it is counted or observed. */
bool fc_plan_is_metered(const fc_plan *plan, uint32_t fleet);
/* Whether any of the fleet's budgets has a line for running cost. */
bool fc_plan_budgets_running(const fc_plan *plan, uint32_t fleet);
/* The terms that hold at a site (FC_NONE: outside the fleet's sites): the site's own, and its
 * fleet's where they stand in for it. */
fc_terms fc_terms_at(const fc_plan *plan, uint32_t fleet, int32_t site);

#endif
