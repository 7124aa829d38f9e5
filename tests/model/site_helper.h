/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plans of sites by hand, 2025 and 2026, in won. A server of 8 (model 0, b200) takes 10 kW and, at
 * a PUE of 1.25, 12.5 kW of a site.
 */
#ifndef FC_TEST_SITE_HELPER_H
#define FC_TEST_SITE_HELPER_H

#include "procurement_helper.h"

enum { SERVER = 12500, DAYS = 730 };

/* A fleet korea with the model b200. */
plan_builder *site_start(fc_staff staff);
/* Every accelerator costs 1 million won and is delivered 30 days after the order. */
fc_accelerator site_model(plan_builder *b, const char *name, double per_server, double power);
/* Enough for so many accelerators, enacted on a day. */
int32_t site_budget(plan_builder *b, const char *name, double on_day, double gpus);
fc_programme site_programme(plan_builder *b, const char *name, fc_refs pays_from, int32_t of,
                            int32_t host);
/* Of the site added last: power for so many servers, begun on a day, connected in so many. */
int32_t site_phase(plan_builder *b, const char *name, double servers, double begins,
                   double connect);
/* A step path through days and numbers. */
fc_param steps(plan_builder *b, double before, int n, const double (*points)[2]);
/* The delay charged to each cause of the first fleet, GPU days, exactly. */
void assert_delay(const trial *t, const double expected[FC_N_CAUSES]);

#endif
