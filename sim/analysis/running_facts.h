/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What running a fleet takes and costs, in the year that page one speaks of: medians across
 * replications, each metric by itself; NaN where the run has none.
 */
#ifndef FC_ANALYSIS_RUNNING_FACTS_H
#define FC_ANALYSIS_RUNNING_FACTS_H

#include "model/metric_table.h"
#include "model/plan.h"
#include "store/store.h"

typedef struct fc_running_facts {
    int year;
    double energy, peak_power;                   /* kWh, W */
    double electricity, demand_share;            /* money; share of the bill */
    double cost, paid;                           /* of the year, electricity included */
    double cost_5y, electricity_5y, unfunded_5y; /* from the first purchase in service on */
    double gpu_hour;                             /* money an accelerator-hour, present values */
    double unpaid;                               /* accelerators off for want of money, mean */
    double water, water_over;                    /* m3; days over a permit */
    double carbon[FC_N_CARBON_BASES];            /* t */
    fc_carbon_basis headline;
} fc_running_facts;

/* Of the fleet in the calendar year. Errors: of the store, E_NOMEM. */
int fc_running_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                          int year, fc_diag *diag, fc_running_facts *out);

/* id, English, Korean */
typedef struct fc_carbon_info {
    const char *id, *en, *ko;
} fc_carbon_info;
extern const fc_carbon_info fc_carbon_bases[FC_N_CARBON_BASES];

#endif
