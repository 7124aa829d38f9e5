/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What run and compare share: loading, simulating with progress, charts. */
#ifndef FC_CLI_RUNNER_H
#define FC_CLI_RUNNER_H

#include "cli/cli.h"
#include "experiment/precision.h"
#include "store/store.h"

/* Loads every argument as a scenario; all are checked before an error is returned. */
int fc_cli_load_all(fc_cli *cli, fc_scenario **out);

/* Opens the results database for writing, as --force says. */
int fc_cli_open(fc_cli *cli, const char *path, fc_store **out);

/* From here on Ctrl-C and SIGTERM set the flag, once: a second one ends the program. */
const atomic_bool *fc_cli_catch_signals(void);
void fc_cli_release_signals(void);

/* What the precision asked for in `text` came to, on stderr. */
void fc_cli_say_precision(const fc_cli *cli, const char *name, const char *text,
                          const fc_precision_result *reached);

/* Runs what is missing of a scenario, with a progress bar, and says what was done. *failed is set
 * when replications failed. Ctrl-C ends early: what is finished is kept (E_INTERRUPTED). */
int fc_cli_simulate(fc_cli *cli, fc_store *store, const char *path, fc_scenario *scenario,
                    int64_t *run, bool *failed);

/* Writes the chart of a run's fleet over time. */
int fc_cli_chart(fc_cli *cli, fc_store *store, int64_t run, const char *path);

#endif
