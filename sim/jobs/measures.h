/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed while jobs run: see fc_job_measures and fc_jobs_levels (jobs.h).
 */
#ifndef FC_JOBS_MEASURES_H
#define FC_JOBS_MEASURES_H

#include "jobs/jobs.h"
#include "jobs/tasks.h"

/* What is averaged over time. All are observed at once, so that one time serves all. */
typedef enum fc_measures_level {
    FC_LEVEL_IN_SERVICE,
    FC_LEVEL_HELD,
    FC_LEVEL_FRAGMENTED,
    FC_LEVEL_WAITING,
    FC_LEVEL_RUNNING,
    FC_LEVEL_WAITING_GPUS,
    FC_MEASURES_LEVELS
} fc_measures_level;

/* GPUs that a class holds. Held over time: gpus x now - moment. */
typedef struct fc_holding_level {
    double gpus, moment; /* moment: GPUs x time, those taken less those given back */
} fc_holding_level;

typedef struct fc_measures {
    fc_job_measures *class;
    fc_holding_level *holding; /* of each class */
    uint32_t classes;
    double slowdown_bound, warmup;
    bool warm;
    double start;                     /* of the measured time */
    double since;                     /* areas are up to here */
    double level[FC_MEASURES_LEVELS]; /* now */
    double area[FC_MEASURES_LEVELS];  /* level x seconds since the start */
    uint64_t most_waiting;
} fc_measures;

int fc_measures_init(fc_measures *m, const fc_jobs_spec *spec); /* FC_E_NOMEM */
void fc_measures_free(fc_measures *m);

void fc_measures_arrival(fc_measures *m, const fc_job *job);
int fc_measures_first_start(fc_measures *m, const fc_task *task); /* FC_E_NOMEM */
/* It takes its GPUs; it gives them back: -1. */
static inline void fc_measures_hold(fc_measures *m, const fc_task *task, double now, int sign)
{
    double gpus = sign * (double)task->job.gpus;

    m->holding[task->job.class].gpus += gpus;
    m->holding[task->job.class].moment += gpus * now;
}
/* A job leaves; its last run is part of task->held and task->lost. FC_E_NOMEM. */
int fc_measures_leave(fc_measures *m, const fc_task *task, fc_job_status status, double now);
/* At the end of an instant: the levels have lasted until now. Returns FC_MEASURES_LEVELS of them,
 * all to be set to what they are from now on; most_waiting too is the caller's to keep. */
double *fc_measures_levels(fc_measures *m, double now);
/* Over the measured time; `now` is not before the last instant. */
double fc_measures_mean(const fc_measures *m, fc_measures_level level, double now);

#endif
