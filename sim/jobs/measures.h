/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed while jobs run: see fc_job_measures and fc_jobs_levels (jobs.h).
 */
#ifndef FC_JOBS_MEASURES_H
#define FC_JOBS_MEASURES_H

#include "jobs/jobs.h"
#include "jobs/tasks.h"
#include "kernel/stats.h"

typedef struct fc_measures {
    fc_job_measures *class;
    uint32_t classes;
    double slowdown_bound, warmup;
    bool warm;
    double start; /* of the measured time */
    fc_level in_service, held, fragmented, waiting, running, waiting_gpus;
    uint64_t most_waiting;
} fc_measures;

/* The levels now. */
typedef struct fc_measures_state {
    uint64_t in_service, held, fragmented, waiting, running, waiting_gpus;
} fc_measures_state;

int fc_measures_init(fc_measures *m, const fc_jobs_spec *spec); /* FC_E_NOMEM */
void fc_measures_free(fc_measures *m);

void fc_measures_arrival(fc_measures *m, const fc_job *job);
int fc_measures_first_start(fc_measures *m, const fc_task *task); /* FC_E_NOMEM */
/* A job leaves; its last run is part of task->held and task->lost. FC_E_NOMEM. */
int fc_measures_leave(fc_measures *m, const fc_task *task, fc_job_status status, double now);
/* At the end of an instant. */
void fc_measures_levels(fc_measures *m, double now, const fc_measures_state *state);

#endif
