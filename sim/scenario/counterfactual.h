/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counterfactuals of a scenario: the same futures with one thing changed, so that the difference is
 * that thing's doing.
 *
 *     without CAUSE   a cause of delay removed (model/removal.h)
 *     with POLICY     a policy of the scenario, not in force, put in force
 *     CODE +STEP      a currency so much weaker against the dollar, at all times
 *
 * A counterfactual is run and stored like any scenario: it is called after the one it is of
 * ("korea-30k-2030 without grid"), has a hash of its own that follows from that one's, and is found
 * again by it. Its inputs say so in two rows, counterfactual.of (the hash) and counterfactual.what
 * (as above). Only outcomes are kept of it: no series, no draws.
 */
#ifndef FC_SCENARIO_COUNTERFACTUAL_H
#define FC_SCENARIO_COUNTERFACTUAL_H

#include "model/metric_table.h"
#include "scenario/scenario.h"

/* Without a cause that can be removed. `of` must outlive it. E_NOMEM. */
int fc_scenario_without(const fc_scenario *of, fc_cause cause, fc_scenario **out);

/* The currency of the headline's fleet weaker by one tenth of its rate's power of ten (100 won, 10
 * yen). *out is NULL where the fleet buys nothing at prices in another currency. `of` must outlive
 * it. E_NOMEM, E_DOMAIN (of drawn parameters). */
int fc_scenario_weaker(const fc_scenario *of, fc_scenario **out);

/* Turns `scenario`, which is `of` with a policy more in force, into its counterfactual. E_NOMEM. */
int fc_scenario_as_option(const fc_scenario *of, const char *policy, fc_scenario *scenario);

/* The policies that are not in force, in the order of the scenario; in its arena. E_NOMEM. */
int fc_scenario_options_left(const fc_scenario *scenario, const char *const **names, size_t *n);

#endif
