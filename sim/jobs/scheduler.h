/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a scheduling policy sees and does: the jobs that are there, the cluster, the queue, and the
 * present time. A policy is a constant table of this file's struct fc_policy, in a file of its own.
 */
#ifndef FC_JOBS_SCHEDULER_H
#define FC_JOBS_SCHEDULER_H

#include "jobs/accounts.h"
#include "jobs/cluster.h"
#include "jobs/jobs.h"
#include "jobs/measures.h"
#include "jobs/profile.h"
#include "jobs/queue.h"
#include "jobs/reservation.h"
#include "jobs/turns.h"
#include "kernel/calendar.h"

typedef struct fc_scheduler {
    const fc_policy *policy;
    fc_overrun overrun;
    double now;
    fc_calendar calendar;
    fc_tasks tasks;
    fc_cluster cluster;
    fc_queue queue;
    fc_measures measures;
    fc_accounts accounts;       /* fair */
    fc_turns turns;             /* fair */
    fc_reservation reservation; /* easy */
    fc_profile *profiles;       /* conservative: one a group; else NULL */
    fc_ordered *victims;        /* preemptive: one a group, running jobs by priority; else NULL */
    bool disturbed;             /* since the last pass something other than arrivals happened */
} fc_scheduler;

struct fc_policy {
    const char *name;
    fc_band_rule bands;
    bool reads_ends; /* looks at the expected ends of running jobs */
    bool preempts;   /* keeps `victims` */
    bool plans;      /* keeps `profiles` */
    bool shares;     /* keeps `accounts` and `turns` */
    /* Place in the queue, the least first, ties in order of arrival. NULL: order of arrival. */
    double (*key)(const fc_job *job);
    /* One job arrived while others wait and nothing else has happened since the last pass: start
     * it if it may start. NULL: leave it to the pass. */
    int (*arrive)(fc_scheduler *s, uint32_t slot, bool *started);
    /* Start what may start. */
    int (*pass)(fc_scheduler *s);
};

/* Events of the calendar and their class there: all of them come before arrivals. */
typedef enum fc_job_event {
    FC_JOB_ENDS,
    FC_JOB_OVERRUNS,
    FC_JOB_KILLED,
    FC_JOB_MENDED,
    FC_JOB_IMPATIENT
} fc_job_event;

/* FC_E_NOMEM. */
int fc_scheduler_init(fc_scheduler *s, const fc_jobs_spec *spec);
void fc_scheduler_free(fc_scheduler *s);

static inline fc_task *fc_task_at(const fc_scheduler *s, uint32_t slot)
{
    return &s->tasks.task[slot];
}

/* Puts a job into the queue, and takes it out. */
int fc_scheduler_queue(fc_scheduler *s, uint32_t slot);
void fc_scheduler_unqueue(fc_scheduler *s, uint32_t slot);

/* Starts a job, which is not in the queue, on a group that has room for it. */
int fc_scheduler_start(fc_scheduler *s, uint32_t slot, uint32_t group);
/* The same on servers, using no more than the reservation spares; *started may be false. */
int fc_scheduler_start_within(fc_scheduler *s, uint32_t slot, uint32_t group, bool *started);
/* The first of the queue that one of the groups in `open` can hold, if all of it were free and none
 * in repair. Who asks for more waits for more to come, and nobody waits for it. */
bool fc_scheduler_first(fc_scheduler *s, uint32_t open, fc_ordered_entry *out);
/* Starts the first of the queue, one after the other, as long as they fit. One that does not fit
 * keeps those behind it off every group it can run on, and off no other. */
int fc_scheduler_start_heads(fc_scheduler *s);

/* A running job is stopped by a failure or preemption: it loses what it has not saved and goes back
 * into the queue, in its old place. */
int fc_scheduler_stop(fc_scheduler *s, uint32_t slot);
/* Takes a running job off its GPUs and adds up its run: `left` may be its last. */
void fc_scheduler_end_run(fc_scheduler *s, uint32_t slot);
/* Schedules the end of a running job, or what comes before it. */
int fc_scheduler_expect_end(fc_scheduler *s, uint32_t slot);

/* The capacity changes now (capacity.c). FC_E_DOMAIN: there is no room for so many units, or fewer
 * are there. FC_E_NOMEM, FC_E_FULL. */
int fc_scheduler_change_capacity(fc_scheduler *s, const fc_capacity_change *change);

#endif
