/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plans at random, for tests of what must hold in every world.
 */
#ifndef FC_TEST_RANDOM_PLAN_H
#define FC_TEST_RANDOM_PLAN_H

#include "plan_builder.h"

/* Equal numbers give equal plans: one or two fleets over two years, with stocks, budgets,
 * programmes of any rule with and without tenders, allotments, export rules, sites, failures,
 * targets, and drivers that strike them. */
fc_plan *random_plan(uint64_t number);

#endif
