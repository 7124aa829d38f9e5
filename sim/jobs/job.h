/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A job: what asks for GPUs, where it comes from, and what became of it. Times are seconds from
 * the start of the simulation, lengths of time are seconds.
 */
#ifndef FC_JOBS_JOB_H
#define FC_JOBS_JOB_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether an impatient job that leaves is run elsewhere (abroad) or never. */
typedef enum fc_offshore {
    FC_OFFSHORE_NEVER,       /* never: it is abandoned when its patience ends */
    FC_OFFSHORE_AT_PATIENCE, /* it goes when its patience ends */
    FC_OFFSHORE_AT_ARRIVAL   /* it goes at once if the wait predicted then exceeds its patience:
                              * estimated GPU-seconds that wait already / GPUs in service; else as
                              * before */
} fc_offshore;

/* A gang: all its GPUs at once, of one group, from start to end. A field left at zero means nothing
 * special; only `gpus` and, for a job of any length, `duration` must be set. What is looked at when
 * it ends stands last: see fc_task. */
typedef struct fc_job {
    uint64_t id;        /* the source's own; the engine does not read it */
    double estimate;    /* what the scheduler is told of the duration; 0 or less: exactly that */
    double patience;    /* of an impatient job: it leaves if it has not started this long after its
                         * arrival; 0: if it cannot start at once */
    double checkpoint;  /* it saves its state after each such stretch of work; INFINITY: never; 0:
                         * always. A failure or preemption loses what was not saved */
    uint32_t groups;    /* bit i: it can run on GPU group i; 0: on any */
    uint32_t preferred; /* bit i: it takes group i before others, if it can start there now */
    int32_t priority;   /* the higher first, where the policy looks at it */
    fc_offshore offshore; /* what it does instead of waiting */
    double arrival;       /* not before the arrival of the job before */
    double duration;      /* how long it runs if nothing stops it; 0 or more */
    uint32_t gpus;        /* 1 or more */
    uint16_t class;       /* of users: what results are told apart by */
    uint16_t account;     /* whose share it uses, where the policy looks at it */
    bool impatient;       /* false: it waits for ever */
} fc_job;

/* Jobs in order of arrival. `next` fills *job, or sets *more to false when there are no more for
 * now: the next call of fc_jobs_run asks again. An error number ends the run. */
typedef struct fc_job_source {
    int (*next)(void *context, fc_job *job, bool *more);
    void *context;
} fc_job_source;

/* Where a job is, or how it ended. Every job that arrived is in exactly one of these. */
typedef enum fc_job_status {
    FC_JOB_WAITING,   /* has not started yet */
    FC_JOB_RUNNING,   /* holds its GPUs */
    FC_JOB_SUSPENDED, /* had started, was stopped by a failure or preemption and waits again */
    FC_JOB_DONE,
    FC_JOB_FAILED,    /* stopped for good when it exceeded its estimate (overrun: kill) */
    FC_JOB_OFFSHORE,  /* run elsewhere */
    FC_JOB_ABANDONED, /* left when its patience ended */
    FC_JOB_REJECTED,  /* asks for more GPUs than any group it can run on will have */
    FC_JOB_STATUSES
} fc_job_status;

/* One word: "done". */
const char *fc_job_status_name(fc_job_status status);

/* What became of a job, told once: when it leaves, or at the end of the run. */
typedef struct fc_job_result {
    const fc_job *job; /* as the source gave it; valid during the call */
    fc_job_status status;
    double start; /* first start; NaN: never started */
    double end;   /* when it left; NaN: still there at the end of the run */
    double held;  /* seconds it held its GPUs, all starts together */
    double lost;  /* ... of which are lost: work done again, or thrown away by a kill */
    uint32_t restarts;
    uint32_t group; /* where it ran last; no meaning if it never started */
} fc_job_result;

typedef struct fc_job_sink {
    int (*take)(void *context, const fc_job_result *result); /* an error number ends the run */
    void *context;
} fc_job_sink;

/* The threshold under which short jobs are taken as this long: 10 s (Feitelson and Rudolph,
 * "Metrics and benchmarking for parallel job scheduling", JSSPP 1998, LNCS 1459). */
#define FC_SLOWDOWN_BOUND 10.0

/* max(1, (wait + run) / max(run, bound)); fmax would be two calls of the library. */
static inline double fc_bounded_slowdown(double wait, double run, double bound)
{
    double slowdown = (wait + run) / (run > bound ? run : bound);

    return slowdown > 1 ? slowdown : 1;
}

#endif
