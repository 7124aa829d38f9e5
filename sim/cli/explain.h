/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run --explain: the counterfactuals of a scenario, each a run of its own in the database. */
#ifndef FC_CLI_EXPLAIN_H
#define FC_CLI_EXPLAIN_H

#include "cli/cli.h"
#include "store/store.h"

/* A scenario's policies that are not in force, each put in force alone. */
typedef struct fc_cli_options {
    size_t n;
    fc_scenario **scenario;
} fc_cli_options;

/* Loads them, before anything is run: `path` is the argument that `scenario` was loaded from. Free
 * what was loaded in any case. */
int fc_cli_load_options(fc_cli *cli, const char *path, fc_scenario *scenario, fc_cli_options *out);
void fc_cli_free_options(fc_cli_options *options);

/* Simulates what is missing of the counterfactuals of a run: without each cause that delays it, at
 * a weaker exchange rate, with each option. */
int fc_cli_explain(fc_cli *cli, fc_store *store, const char *path, const fc_scenario *scenario,
                   const fc_cli_options *options, int64_t run, bool *failed);

#endif
