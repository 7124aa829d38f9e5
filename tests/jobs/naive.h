/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every policy once more, from its definition and as plainly as can be: lists that are scanned from
 * end to end, a timeline of single seconds. Shares no code with the engine. Whole seconds.
 */
#ifndef FC_TESTS_NAIVE_H
#define FC_TESTS_NAIVE_H

#include "jobs_helper.h"
#include "random_workload.h"

/* Fills status, start, end, held, lost and restarts of every job. Servers, failures and
 * capacity that comes and goes, patience, overruns, preemption, checkpoints, shares, groups
 * included; jobs that leave at arrival by a predicted wait too. */
void naive_schedule(const random_workload *w, const char *policy, outcome *out);

#endif
