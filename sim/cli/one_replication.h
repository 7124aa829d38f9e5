/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One replication again, with what happened in it. */
#ifndef FC_CLI_ONE_REPLICATION_H
#define FC_CLI_ONE_REPLICATION_H

#include "cli/cli.h"
#include "experiment/experiment.h"

/* Simulates replication r (at its point of a sampled design; `points` NULL: none), checking every
 * conservation law after every event, writes its events to the CSV file `events` (NULL: none) and
 * says how it ended. E_REPLICATION, after the error itself, where it fails. */
int fc_cli_run_one(fc_cli *cli, const fc_scenario *scenario, const fc_sample_points *points,
                   uint32_t r, const char *events);

#endif
