/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small plans about money: one fleet, korea, in whole won; accelerators alone in their server, in
 * service when they are delivered.
 */
#ifndef FC_TEST_MONEY_HELPER_H
#define FC_TEST_MONEY_HELPER_H

#include "model/world.h"
#include "plan_builder.h"
#include "world_helper.h"

typedef struct money_plan {
    plan_builder *b;
    int32_t krw, usd;
    fc_plan *plan; /* once it runs */
} money_plan;

/* Fiscal years start in January, a dollar is 1,000 won. */
money_plan money_start(const char *start, const char *end);
/* A dollar is so many won, and from a date on as many others. */
void money_rate(money_plan *m, double won, const char *date, double others);
fc_budget money_budget(money_plan *m, double amount, const char *enacted); /* named main, in won */
/* The programme `state` spends a budget on accelerators at so many won each (0: at 0.1 dollars of
 * the catalogue's), which take so many days to deliver; the rest as in `p`. */
void money_programme(money_plan *m, int32_t budget, double price, double days, fc_programme p);
trial money_run(money_plan *m); /* replication 0, verified after every event */
void money_end(money_plan *m, trial *t);

#endif
