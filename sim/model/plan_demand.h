/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand: who wants GPUs, for what, and how they are shared out. Part of plan.h.
 */
#ifndef FC_MODEL_PLAN_DEMAND_H
#define FC_MODEL_PLAN_DEMAND_H

#include "model/plan_grants.h"
#include "model/plan_values.h"

/* How closely demand is looked at. FLUID: GPUs wanted and held as continuous amounts, hour by hour;
 * it knows no waits. JOBS: every job is queued, placed and run. WINDOWS: the jobs of some stretches
 * of each quarter, the fluid in between. */
typedef enum fc_detail { FC_DETAIL_FLUID, FC_DETAIL_JOBS, FC_DETAIL_WINDOWS } fc_detail;

/* Where jobs lie: any free GPUs of a model, or servers of the catalogue's size. */
typedef enum fc_placement { FC_PLACEMENT_POOLED, FC_PLACEMENT_SERVERS } fc_placement;

/* What becomes of a job that has waited too long, as fc_offshore (jobs/job.h). */
typedef enum fc_leaves { FC_LEAVES_NEVER_RUN, FC_LEAVES_OFFSHORE, FC_LEAVES_AT_ARRIVAL } fc_leaves;

/* Kinds of work that a gain in efficiency may reach or not. */
typedef enum fc_workload {
    FC_WORKLOAD_TRAINING,
    FC_WORKLOAD_TUNING,
    FC_WORKLOAD_INFERENCE,
    FC_WORKLOAD_RESEARCH,
    FC_N_WORKLOADS
} fc_workload;

/* A part of the fleet that only certain users have. */
typedef struct fc_pool {
    const char *name;
    fc_param share; /* of the running accelerators of each model */
} fc_pool;

/* Where users are. */
typedef enum fc_users_region {
    FC_REGION_ANY,
    FC_REGION_CAPITAL,
    FC_REGION_NON_CAPITAL
} fc_users_region;

enum { FC_HOURS = 24, FC_WEEKDAYS = 7 };

/* Shares of a day's or a week's arrivals; NULL: evenly. They sum to 1. */
typedef struct fc_profile_shares {
    const double *share;
} fc_profile_shares;

/* A class of users: jobs like one another. */
typedef struct fc_user_class {
    const char *name;
    int32_t fleet;
    int32_t pool;            /* plan->pools; FC_NONE: the fleet has none, or it has grants */
    int32_t access;          /* plan->calls, to which its projects apply; FC_NONE: its jobs queue */
    int work;                /* fc_workload */
    fc_param arrivals;       /* jobs a second */
    fc_profile_shares hours; /* FC_HOURS, from 00:00 local time */
    fc_profile_shares days;  /* FC_WEEKDAYS, from Monday */
    fc_param gpus;           /* of a job, rounded to a whole number, 1 at least */
    fc_param duration;       /* of a job at the efficiency of work_per_result 1 */
    fc_param estimate;       /* what the scheduler is told, over the duration; 0: exactly that */
    fc_param patience;       /* leaves if it has not started after this; 0: waits for ever */
    fc_param priority;       /* the higher first, where the policy looks at it; 0: none */
    fc_param checkpoint;     /* work saved after each such stretch; 0: never */
    int leaves;              /* fc_leaves */
    fc_param offshore_price; /* of a GPU-hour, in offshore_currency; 0: nothing */
    int32_t offshore_currency;
    fc_param load;      /* of the GPUs it holds, share that is in use; 0: all */
    fc_refs models;     /* it can run on; none: all */
    fc_refs prefers;    /* of these it takes one, if it can start there now */
    fc_param share;     /* weight under the policy `fair`; 0: 1 */
    fc_param quota;     /* most GPUs that the class may hold under it; 0: no limit */
    fc_param use;       /* of a grant, share of the GPU-hours in which jobs run; 0: all */
    fc_grant_jobs jobs; /* of a project, in place of `use` */
    int region;         /* fc_users_region */
    int64_t users;      /* whose jobs or projects they are; 0: not told apart */
    fc_param skew;      /* user u has a share that goes as u to the power of -skew; 0: evenly */
} fc_user_class;

typedef struct fc_demand_spec {
    int detail;                 /* fc_detail */
    int policy;                 /* which of the policy table, jobs/policy.h */
    int overrun;                /* fc_overrun, jobs/jobs.h */
    int placement;              /* fc_placement */
    fc_param window_length;     /* WINDOWS; 0: 14 days */
    fc_param windows_a_quarter; /* ... 0: 2 */
    fc_param packing;           /* FLUID: share of the GPUs that can be held at once; 0: all */
    fc_param work_per_result[FC_N_WORKLOADS]; /* factor of durations; 0: 1 */
    fc_param rebound; /* elasticity: arrivals grow as work_per_result to the power of -rebound */
    fc_param run_work, run_mfu; /* a frontier run: FLOP, and share of the peak that is reached; 0:
                                 * none is asked about */
    /* index ranges into the plan's arrays; without classes and services there is no
     * demand */
    uint32_t first_pool, n_pools;
    uint32_t first_class, n_classes;
    uint32_t first_service, n_services; /* plan_inference.h */
    uint32_t first_call, n_calls;
} fc_demand_spec;

/* Windows stand for more than themselves: in their histograms a job counts so many times its
 * weight, which is rounded to a whole number. */
enum { FC_WINDOW_COUNTS = 1000 };

/* Counts that a job of weight 1 makes in the class's histograms of waits; on grants all are
 * simulated. */
static inline uint32_t fc_counts_a_job(const fc_demand_spec *spec, const fc_user_class *class)
{
    return spec->detail == FC_DETAIL_WINDOWS && class->access < 0 ? FC_WINDOW_COUNTS : 1;
}

#endif
