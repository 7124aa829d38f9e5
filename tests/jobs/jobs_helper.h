/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running the job engine on lists: jobs and changes from arrays, results back into an array.
 */
#ifndef FC_TESTS_JOBS_HELPER_H
#define FC_TESTS_JOBS_HELPER_H

#include <stddef.h>
#include "jobs/jobs.h"

/* What became of the job whose id is its place in the list. */
typedef struct outcome {
    fc_job_status status;
    double start, end, held, lost;
    uint32_t restarts, group;
} outcome;

typedef struct workload {
    const fc_job *jobs;
    size_t count;
    const fc_capacity_change *changes;
    size_t change_count;
    outcome *outcomes; /* of `count`, or NULL */
    size_t next, next_change;
    size_t told;
} workload;

/* The input that reads `w` and fills its outcomes. */
fc_jobs_input workload_input(workload *w);

/* Runs everything to its end, checks all invariants, tells the rest, and fills `outcomes`.
 * `summary` may be NULL. Fails the test on an error. */
void run_list(const fc_jobs_spec *spec, const fc_job *jobs, size_t count,
              const fc_capacity_change *changes, size_t change_count, outcome *outcomes,
              fc_jobs_summary *summary);

/* As run_list, for one flat pool without changes, jobs numbered by their place. */
void run_flat(const fc_policy *policy, fc_overrun overrun, uint32_t gpus, fc_job *jobs,
              size_t count, outcome *outcomes);

#endif
