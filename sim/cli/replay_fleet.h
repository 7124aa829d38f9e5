/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fleet of a scenario as the cluster of a replay. */
#ifndef FC_CLI_REPLAY_FLEET_H
#define FC_CLI_REPLAY_FLEET_H

#include "base/text.h"
#include "cli/cli.h"
#include "experiment/fleet_capacity.h"
#include "kernel/date.h"
#include "report/replay_report.h"

typedef struct fc_replay_fleet {
    const char *scenario;    /* the file; NULL: no fleet */
    const char *name, *from; /* NULL: the only one; the first day */
    uint32_t replication;
    bool pooled;
    /* filled in */
    fc_scenario *loaded;
    fc_fleet_cluster cluster;
    fc_replay_fleet_told told;
    char date[FC_DATE_TEXT];
} fc_replay_fleet;

/* Loads the scenario and simulates the replication. Errors with messages; to be freed in any case.
 */
int fc_replay_fleet_load(fc_cli *cli, fc_replay_fleet *fleet);
void fc_replay_fleet_free(fc_replay_fleet *fleet);

/* "scenario=1f2e... fleet=korea from=2026-07-01 replication=0 " */
void fc_replay_fleet_settings(const fc_replay_fleet *fleet, fc_text *out);

#endif
