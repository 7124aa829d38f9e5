/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run --explain: the counterfactuals of a scenario, each a run of its own in the database. */
#ifndef FC_CLI_EXPLAIN_H
#define FC_CLI_EXPLAIN_H

#include "cli/cli.h"
#include "library/explain.h"

/* Loads the policies that are not in force, before anything is run: `path` is the argument that
 * `scenario` was loaded from. To be freed by fc_explain_free_options in any case. */
int fc_cli_load_options(fc_cli *cli, const char *path, fc_scenario *scenario,
                        fc_explain_options *out);

/* Simulates what is missing of the counterfactuals of a run, into the database at `path`, and says
 * of each what was done. *failed is set when replications failed. */
int fc_cli_explain(fc_cli *cli, fc_store *store, const char *path, const fc_scenario *scenario,
                   const fc_explain_options *options, int64_t run, bool *failed);

#endif
