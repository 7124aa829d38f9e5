/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Failures of a replay's servers as changes of capacity, without end: all servers together fail as
 * a Poisson process of rate (servers / mtbf), each failure strikes one of them at random. One that
 * is down already is not struck, so that each server that runs fails at the rate 1/mtbf.
 */
#ifndef FC_TRACE_BREAKDOWNS_H
#define FC_TRACE_BREAKDOWNS_H

#include "jobs/capacity.h"
#include "kernel/stream.h"
#include "trace/replay.h"

typedef struct fc_breakdowns {
    uint64_t key, count;
    double time, gap, repair; /* of the last; mean between two; mean */
    const fc_gpu_group *groups;
    uint64_t units;
} fc_breakdowns;

/* The first comes after `start`. The groups must live as long. */
void fc_breakdowns_start(fc_breakdowns *b, const fc_replay_failures *failures,
                         const fc_gpu_group *groups, uint32_t group_count, double start);
/* fc_capacity_source.next */
int fc_breakdowns_next(void *context, fc_capacity_change *change, bool *more);

#endif
