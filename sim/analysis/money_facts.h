/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a run says of public money: the stages of its budgets, its fiscal years, and why there was
 * no money. Medians across replications, NaN what is not in the run. */
#ifndef FC_ANALYSIS_MONEY_FACTS_H
#define FC_ANALYSIS_MONEY_FACTS_H

#include "model/metric_table.h"
#include "store/store.h"

typedef struct fc_fiscal_facts {
    int year;
    double available, spent, really_spent, carried_over, lapsed, ahead;
    double actual_rate; /* really spent over available */
} fc_fiscal_facts;

typedef struct fc_money_facts {
    size_t n_years;
    const fc_fiscal_facts *years;    /* that the horizon touches; none: no accounts by year */
    const fc_fiscal_facts *of_focus; /* the one named as the calendar year of the focus; or NULL */
    double requested, bill, granted;
    double state_share, exchange_loss, present_value;
    double gaps[FC_N_GAPS]; /* of what is charged to funding: GPU-days, means */
} fc_money_facts;

/* Of the fleet; the focus is a day, the run goes from a day to another. E_NOMEM, of the store. */
int fc_money_facts_make(fc_store *store, fc_arena *arena, int64_t run, const char *fleet,
                        const int64_t days[2], int64_t focus, fc_diag *diag, fc_money_facts *out);

#endif
