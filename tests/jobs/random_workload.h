/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small random workloads on small clusters: whole seconds, many equal times, every field of a job
 * used. The same seed gives the same workload.
 */
#ifndef FC_TESTS_RANDOM_WORKLOAD_H
#define FC_TESTS_RANDOM_WORKLOAD_H

#include <stdbool.h>
#include "jobs/jobs.h"

enum { MOST_JOBS = 300, MOST_CHANGES = 60, MOST_ACCOUNTS = 4 };

/* What a workload may contain. */
typedef struct workload_kind {
    bool servers, groups, changes, patience, estimates;
} workload_kind;

typedef struct random_workload {
    fc_gpu_group groups[3];
    uint32_t group_count;
    fc_job jobs[MOST_JOBS];
    size_t job_count;
    fc_capacity_change changes[MOST_CHANGES + 3];
    size_t change_count;
    fc_job_account accounts[MOST_ACCOUNTS];
    fc_overrun overrun;
} random_workload;

void make_workload(random_workload *w, uint64_t seed, workload_kind kind);
fc_jobs_spec workload_spec(const random_workload *w, const fc_policy *policy);

#endif
