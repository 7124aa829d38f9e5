/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One replication again, with what happened in it (--only), and the command that does it. */
#ifndef FC_CLI_ONE_REPLICATION_H
#define FC_CLI_ONE_REPLICATION_H

#include "cli/cli.h"
#include "experiment/experiment.h"

/* Simulates replication r (at its point of a sampled design; `points` NULL: none), checking every
 * conservation law after every event, writes its events to the CSV file `events` (NULL: none) and
 * says how it ended. E_REPLICATION, after the error itself, where it fails. The number means a
 * future of this very run: E_ONLY_OTHER where the results file of -o holds another one of the name,
 * E_NO_RUN where it holds none; of results.db, where -o is not given, a warning. */
int fc_cli_run_one(fc_cli *cli, fc_scenario *scenario, const fc_sample_points *points, uint32_t r,
                   const char *events);

/* The results file that --only looks at: that of -o, else results.db where there is one; NULL. */
const char *fc_cli_looked_at(const fc_cli *cli);

/* E_SOME_FAILED, with the command that simulates one of the runs' failed replications alone: of
 * file i for run i, or, `files` NULL, of the experiment that the command line names. */
int fc_cli_some_failed(fc_cli *cli, fc_store *store, const char *path, const int64_t *runs,
                       const char *const *files, size_t n);

#endif
