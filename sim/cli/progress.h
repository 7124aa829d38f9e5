/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Progress on stderr: a bar with rate and time left on a terminal, a line a minute elsewhere. */
#ifndef FC_CLI_PROGRESS_H
#define FC_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include "cli/cli.h"

typedef struct fc_progress {
    const fc_cli *cli;
    const char *what; /* the scenario */
    bool terminal, drawn;
    double started, shown; /* seconds of a monotonic clock */
    uint32_t first;        /* replications there were at the start */
    bool begun;
} fc_progress;

void fc_progress_start(fc_progress *progress, const fc_cli *cli, const char *what);
/* fc_experiment_options.progress. */
void fc_progress_show(void *self, uint32_t done, uint32_t total, uint32_t failed);
/* fc_replay_spec.progress: a part of the work from 0 to 1 (negative: nobody knows how much there
 * is), and how many jobs are done. */
void fc_progress_share(void *self, double part, uint64_t jobs);
/* "40 s", "3 min 05 s", "2 h 10 min". */
void fc_progress_time(double seconds, char *out, size_t size);
/* Clears the bar. */
void fc_progress_end(fc_progress *progress);

#endif
