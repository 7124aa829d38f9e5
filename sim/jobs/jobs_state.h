/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The job engine's state. Private to jobs*.c.
 */
#ifndef FC_JOBS_JOBS_STATE_H
#define FC_JOBS_JOBS_STATE_H

#include "jobs/jobs.h"
#include "jobs/scheduler.h"

/* A source that is read one ahead. */
typedef struct fc_ahead_of {
    bool read; /* whether `job` and `change` hold what comes next; if not, it is asked for */
    bool more;
} fc_ahead_of;

struct fc_jobs {
    fc_scheduler scheduler;
    fc_ahead_of job_ahead, change_ahead;
    fc_job job; /* arrives next */
    fc_capacity_change change;
    uint64_t instants;
    double backlog;    /* estimated GPU-seconds that waited when this instant's arrivals began */
    uint32_t *leaving; /* slots whose patience ends at this instant */
    uint32_t leaving_count, leaving_size;
    uint32_t *fresh; /* slots that arrived at this instant and were not started at once */
    uint32_t fresh_count, fresh_size;
};

/* Tells the sink of a job: `end` NaN where it is still there. */
int fc_jobs_tell(const fc_scheduler *s, const fc_job_sink *sink, const fc_task *task,
                 fc_job_status status, double end);
/* FC_E_LEDGER if jobs are not conserved. */
int fc_jobs_check_conservation(const fc_jobs *jobs);

#endif
