/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The counterfactuals of a run, each a run of its own in the database, from which the answer says
 * what would be gained: without each cause of delay, at a weaker exchange rate, with each policy
 * that is not in force. How a scenario is loaded and simulated is the caller's. */
#ifndef FC_LIBRARY_EXPLAIN_H
#define FC_LIBRARY_EXPLAIN_H

#include "scenario/scenario.h"
#include "store/store.h"

typedef struct fc_explainer {
    int (*load)(void *self, const char *policy, fc_scenario **out); /* with this one policy more */
    int (*run)(void *self, fc_scenario *scenario, int64_t *run);    /* what is missing of it */
    void *self;
} fc_explainer;

/* A scenario's policies that are not in force, each put in force alone. */
typedef struct fc_explain_options {
    size_t n;
    fc_scenario **scenario;
} fc_explain_options;

/* Loads them, so that what is wrong is said before anything is run. Free what was loaded in any
 * case. Errors: those of `load`; E_NOMEM. */
int fc_explain_load_options(const fc_explainer *explainer, fc_scenario *scenario,
                            fc_explain_options *out);
void fc_explain_free_options(fc_explain_options *options);

/* Simulates what is missing of the counterfactuals of a run. Errors: those of `run` and of the
 * store; E_NOMEM. */
int fc_explain_run(fc_store *store, const fc_explainer *explainer, const fc_scenario *scenario,
                   const fc_explain_options *options, int64_t run, fc_diag *diag);

#endif
