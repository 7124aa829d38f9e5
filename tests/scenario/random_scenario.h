/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scenarios at random, as texts: what any reader of the language may be given, and what must hold
 * in every world that can be written.
 *
 * The texts are made by walking the key table, so that a new key takes part as soon as it has its
 * row (and, if its kind of quantity is new, a usual size in random_value.c).
 */
#ifndef FC_TEST_RANDOM_SCENARIO_H
#define FC_TEST_RANDOM_SCENARIO_H

#include <stdint.h>
#include "base/text.h"
#include "scenario/key.h"

/* Appends the scenario of a number; equal numbers give equal texts. It is right in every respect,
 * and all its replications can be simulated: one or two fleets over three years (15 months with
 * users), with stocks, budgets, programmes of either rule, sites, failures, targets and users;
 * shocks and policies that strike at all that can change, by path, wildcard and region, on a date
 * or in a state. */
void random_scenario(uint64_t number, fc_text *out);

/* Keys that no text has: tenders, export rules, allotments, permits, assessments, hosting space,
 * staff and what chooses among them. tests/model/random_plan.c has plans with them. */
bool random_scenario_lacks(const fc_section *section, const fc_key *key);

#endif
