/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The job engine: jobs arrive from a source, wait, run on a cluster under a scheduling policy, and
 * leave. Ten lines drive it:
 *
 *     fc_gpu_group group = {.units = 1000};
 *     fc_jobs_spec spec = {.policy = &fc_policy_easy, .groups = &group, .group_count = 1};
 *     fc_jobs *jobs = NULL;
 *
 *     ret = fc_jobs_create(&spec, &jobs);
 *     ret = fc_jobs_run(jobs, &(fc_jobs_input){.jobs = source, .sink = sink}, INFINITY);
 *     fc_jobs_summary_of(jobs, &summary);
 *     fc_jobs_free(jobs);
 *
 * At one instant first whatever ends or changes the capacity, then the arrivals, then, if any of
 * these happened, one pass of the scheduler; round again as long as something ends (a job of no
 * length); last, when nothing else happens, jobs whose patience ends and that still wait leave, and
 * another pass follows. Memory grows with the jobs that are there at once, not with those that have
 * passed.
 */
#ifndef FC_JOBS_JOBS_H
#define FC_JOBS_JOBS_H

#include <stddef.h>
#include "fleetcast/error.h"
#include "jobs/capacity.h"
#include "jobs/job.h"
#include "jobs/policy.h"
#include "kernel/histogram.h"

/* What happens when a job reaches the end of its estimate and is not done. */
typedef enum fc_overrun {
    FC_OVERRUN_EXTEND, /* it runs on; the scheduler expects it to last twice as long as it has
                        * (at least a minute more), again and again */
    FC_OVERRUN_KILL    /* it is stopped for good */
} fc_overrun;

/* Who shares the cluster under the policy `fair`. */
typedef struct fc_job_account {
    double share;   /* weight, above 0 */
    uint32_t quota; /* most GPUs it may hold at once; 0: no limit */
} fc_job_account;

typedef struct fc_jobs_spec {
    const fc_policy *policy;
    fc_overrun overrun;
    const fc_gpu_group *groups; /* 1 to FC_MAX_GROUPS, copied */
    uint32_t group_count;
    const fc_job_account *accounts; /* copied; none: one account of share 1 */
    uint32_t account_count;
    double half_life;      /* of the use that `fair` remembers, s; 0: 7 days */
    uint32_t classes;      /* of users; 0: one */
    double slowdown_bound; /* s; 0: FC_SLOWDOWN_BOUND */
    double warmup;         /* jobs that arrive before this, and levels until then, are run but not
                            * measured */
} fc_jobs_spec;

typedef struct fc_jobs fc_jobs;

/* FC_E_DOMAIN for a specification outside the bounds said above, FC_E_NOMEM. */
int fc_jobs_create(const fc_jobs_spec *spec, fc_jobs **out);
void fc_jobs_free(fc_jobs *jobs); /* takes NULL */

/* The sources are read only as far as needed. `changes` and `sink` may be without function. */
typedef struct fc_jobs_input {
    fc_job_source jobs;
    fc_capacity_source changes;
    fc_job_sink sink;
} fc_jobs_input;

/* Runs until `until` (exclusive), or with INFINITY until nothing is left to do: then no job comes
 * any more and the rest, if any, can never start; changes of capacity that strike no job are left.
 * May be called again with the same input and a later time. FC_E_DOMAIN for a job or change outside
 * its bounds or out of order, FC_E_NOMEM, FC_E_FULL, whatever the source or sink says, FC_E_LEDGER
 * if jobs or GPUs are not conserved. The engine can only be freed after an error. */
int fc_jobs_run(fc_jobs *jobs, const fc_jobs_input *input, double until);

/* Tells the sink of the jobs still there, in order of arrival, and forgets nothing. FC_E_NOMEM. */
int fc_jobs_tell_rest(const fc_jobs *jobs, const fc_job_sink *sink);

/* Counts of jobs. Conservation: arrived = the sum of `status` over all statuses. */
typedef struct fc_job_counts {
    uint64_t arrived;
    uint64_t status[FC_JOB_STATUSES];
} fc_job_counts;

/* GPU-seconds of jobs, by what became of them. served + lost + (running: not decided yet) is the
 * time GPUs were held. */
typedef struct fc_job_work {
    double served;    /* work that is part of a finished job */
    double lost;      /* work that was done again, or thrown away by a kill */
    double offshore;  /* duration x GPUs of jobs that went elsewhere */
    double abandoned; /* ... that were never run */
    double rejected;
} fc_job_work;

/* Results of one class of users. Waits are from arrival to the first start. */
typedef struct fc_job_measures {
    fc_job_counts counts; /* from the start of the run, warm-up included */
    fc_job_work work;
    fc_histogram wait;       /* of jobs that have started */
    fc_histogram left;       /* time waited by jobs that went offshore or were abandoned */
    fc_histogram slowdown;   /* bounded slowdown of jobs that are done */
    fc_histogram turnaround; /* arrival to end of jobs that are done */
} fc_job_measures;

/* Time averages since the warm-up. */
typedef struct fc_jobs_levels {
    double in_service; /* GPUs */
    double held;       /* GPUs held by jobs; held / in_service is the allocation */
    double fragmented; /* GPUs free while the next job asks for no more than are free in a group it
                        * can run on, and yet fits nowhere */
    double waiting, running; /* jobs */
    double waiting_gpus;     /* GPUs asked for by the jobs waiting */
    uint64_t most_waiting;   /* jobs, at the end of an instant */
} fc_jobs_levels;

typedef struct fc_jobs_summary {
    double from, until; /* the measured time */
    uint64_t instants;  /* at which anything happened */
    fc_job_counts counts;
    fc_job_work work;
    fc_jobs_levels levels;
} fc_jobs_summary;

void fc_jobs_summary_of(const fc_jobs *jobs, fc_jobs_summary *out);
double fc_jobs_now(const fc_jobs *jobs);
/* Units of a group that are in service and are to stay. */
uint32_t fc_jobs_units(const fc_jobs *jobs, uint32_t group);
/* ... that go when the jobs on them end. */
uint32_t fc_jobs_leaving(const fc_jobs *jobs, uint32_t group);
uint64_t fc_jobs_held(const fc_jobs *jobs, uint32_t group); /* GPUs */

/* What keeps a job that waits from starting now. */
typedef enum fc_obstacle {
    FC_OBSTACLE_TOO_FEW,     /* GPUs that it can run on are free in too small a number */
    FC_OBSTACLE_WRONG_MODEL, /* ... and another group would have room for it */
    FC_OBSTACLE_FRAGMENTED,  /* as many are free, but not side by side */
    FC_OBSTACLE_QUOTA,       /* its account holds as many as it may */
    FC_N_OBSTACLES
} fc_obstacle;

/* Of a job that fits now FC_OBSTACLE_TOO_FEW: what is free is kept for others before it, and does
 * not do for both (or it has only just come). May be called by a sink. */
fc_obstacle fc_jobs_obstacle(const fc_jobs *jobs, const fc_job *job);

/* Belongs to the engine. */
const fc_job_measures *fc_jobs_class(const fc_jobs *jobs, uint32_t class);
/* GPU-seconds that jobs of a class have held until `now`, which is not before the last instant. */
double fc_jobs_class_held(const fc_jobs *jobs, uint32_t class, double now);
/* All classes together, or waits over all arrivals (`wait` and `left` together): into histograms
 * that the caller frees. FC_E_NOMEM. */
int fc_jobs_all_classes(const fc_jobs *jobs, fc_job_measures *out);
int fc_jobs_wait_of_all(const fc_job_measures *measures, fc_histogram *out);
void fc_job_measures_free(fc_job_measures *measures);
/* fc_histogram_quantile of slowdowns, but 1 where it lies in the bucket from 1 on, 0.78 % wide:
 * nearly all jobs in it have not waited, and what a sum of times leaves of 1 is no wait. */
double fc_slowdown_quantile(const fc_histogram *slowdown, double p);

/* How evenly `values` (not negative) are spread: Jain's index (sum x)^2 / (n sum x^2), 1 if all are
 * equal and 1/n if one has all (Jain, Chiu and Hawe 1984, DEC-TR-301); and Gini's coefficient, 0 if
 * all are equal and (n - 1)/n if one has all. NaN if n is 0 or all are 0; Gini sorts `values`. */
double fc_jain_index(const double *values, size_t n);
double fc_gini_coefficient(double *values, size_t n);

/* Checks every invariant, slowly: conservation of jobs and GPUs, the indexes. FC_E_INTERNAL. */
int fc_jobs_verify(const fc_jobs *jobs);

#endif
