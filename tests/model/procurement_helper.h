/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small worlds for tests of procurement: Korea, days 0 to 730 from 2025-01-01, pays in won, at
 * 1,000 to the dollar.
 */
#ifndef FC_TEST_PROCUREMENT_HELPER_H
#define FC_TEST_PROCUREMENT_HELPER_H

#include "plan_builder.h"
#include "world_helper.h"

plan_builder *bare_korea(void);
fc_param days(plan_builder *b, const char *path, double n);
/* 10 kW a server, 1e15 FLOP/s; price in dollars an accelerator, lead time in days. */
int32_t add_model(plan_builder *b, const char *name, int per_server, double dollars, double lead);
int32_t add_money(plan_builder *b, const char *name, double amount, double day); /* won, released */
/* A shock that changes a parameter from a day on. */
void add_shock(plan_builder *b, const char *name, double day, fc_param p, fc_change_op op,
               double value, fc_in_progress how);

/* Runs the plan and compares its log, without what is said of drivers and of power. */
trial follow(plan_builder *b, const char *log, fc_plan **plan);
void done(trial *t, fc_plan *plan);
double charged(const trial *t, int cause); /* GPU days */

#endif
