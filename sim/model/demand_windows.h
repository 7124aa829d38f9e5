/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand by sampled windows, for long horizons. Private to the model.
 *
 * The fluid runs all the time. Each calendar quarter is cut into as many strata of whole days as it
 * is to have windows, and each stratum has one window, at a place drawn evenly (stratified
 * sampling: Cochran 1977, "Sampling techniques", chapter 5). A window is simulated job by job: the
 * engine is given the jobs that would be under way (demand_first.c), a warm-up goes before it, and
 * what arrives in it is followed until it has started or left, while others go on to arrive. A
 * stratum is simulated in full where the load is CRITICAL or more, where all classes have jobs
 * longer than a window, or where there is no room for one (demand_strata.c). Places depend on seed,
 * fleet, replication and quarter alone: two policies have the same windows.
 *
 * Where only some classes have jobs longer than a window, as the run begins, these go `through`:
 * their jobs are simulated all the time, in the gaps as if they had the pool to themselves, and
 * their totals are plain sums. In the gaps none of them waits for the others' jobs (it would for
 * hours, and they run for days), so the waits that are told are those of windows.
 *
 * Totals are difference estimates with the fluid as the known part: what the fluid has over all
 * time, and of each window its weight (stratum / window) x (jobs - fluid). Unbiased for any fluid
 * where every time is as likely to be in a window. Waits and slowdowns are of the jobs that arrive
 * in windows, each with its window's weight.
 */
#ifndef FC_MODEL_DEMAND_WINDOWS_H
#define FC_MODEL_DEMAND_WINDOWS_H

#include "model/demand.h"

typedef enum fc_window_mode {
    FC_WINDOW_GAP,      /* nothing arrives at the engine */
    FC_WINDOW_WARM,     /* jobs arrive that are not measured: before a window */
    FC_WINDOW_MEASURED, /* in a window, or a stratum that is simulated in full */
    FC_WINDOW_TAIL      /* after it, while some that arrived in it have not started */
} fc_window_mode;

/* Jobs that arrive in [from, until) count `weight` times. */
typedef struct fc_cohort {
    double from, until, weight;
} fc_cohort;

/* A class of users. Amounts are since the start. */
typedef struct fc_class_sample {
    fc_class_work flow;                     /* as the fluid has it */
    fc_class_work jobs;                     /* of jobs that have left the engine */
    fc_class_work rest;                     /* of those there, when looked at last */
    fc_class_work flow_before, jobs_before; /* as the stretch under way began */
    fc_class_work more;                     /* sum over stretches of weight x (jobs - flow) */
    double held_more;                       /* ... of GPU-seconds held, each for itself alone */
    bool through;                           /* its jobs are simulated in the gaps, too */
    uint64_t first;                         /* jobs that were under way where windows began */
    uint32_t first_here;                    /* ... where the last one did */
    double first_gpus;                      /* GPUs of those that ran where the last one did */
    uint64_t key;                           /* stream of them */
    fc_job_measures measures;               /* counts are FC_WINDOW_COUNTS a job */
} fc_class_sample;

/* An inference service. Amounts are since the start, of all time beside the fluid, and of the time
 * in which its pool's jobs are simulated among them. */
typedef struct fc_service_sample {
    const struct fc_pool_sample *pool;
    fc_service_work flow, jobs;
    fc_service_work flow_before, jobs_before; /* as the stretch under way began */
    fc_service_work more, alone; /* sums over stretches of jobs - flow, with and without weights */
} fc_service_sample;

typedef struct fc_pool_sample {
    fc_window_mode mode;
    double quarter_until;
    uint64_t quarter; /* of the horizon, from 0 */
    uint32_t stratum, n_strata;
    double quarter_from, stratum_until;
    double window_from, window_until; /* from INFINITY: none to come in this stratum */
    double warm_from;                 /* ... its warm-up begins; as window_from */
    double weight, measured_until;    /* of the stretch under way */
    double look;                      /* TAIL: when it is looked at next, and ends at the latest */
    double tail_until;
    double joined;    /* among the jobs, services have been there since */
    double stopped;   /* arrivals have gone to the engine up to here */
    uint64_t feed;    /* number of those under way; 0: since the start */
    uint32_t pending; /* of the cohorts, jobs that wait; when looked at last */
    fc_cohort *cohorts;
    size_t n_cohorts, cohort_capacity;
    double fragmented, fragmented_before; /* GPU-seconds; before: the engine's own */
    fc_job *first;                        /* jobs under way that the engine has yet to be given */
    size_t n_first, next_first, first_capacity;
    uint64_t key; /* stream of the places */
} fc_pool_sample;

/* Marks the id of a job that was under way. */
#define FC_FIRST_JOB (UINT64_C(1) << 63)

int fc_windows_create(struct fc_world *world, fc_pool_state *pool);
void fc_windows_free(struct fc_world *world, fc_pool_state *pool);
void fc_windows_begin(struct fc_world *world, fc_pool_state *pool);
int fc_windows_run(struct fc_world *world, fc_pool_state *pool, double from, double to);
/* Makes the estimates the classes' work. */
int fc_windows_publish(struct fc_world *world, fc_pool_state *pool);
/* GPU-seconds held: the jobs' where there are some, the fluid's elsewhere. As published last. */
double fc_windows_held(const struct fc_world *world, const fc_pool_state *pool);
/* GPU-seconds held by a class of the pool so far, as fc_windows_held, but known at any time `now`
 * that its engine has been run to. */
double fc_windows_class_held(const fc_pool_state *pool, const fc_class_state *class, double now);
double fc_windows_fragmented(const fc_pool_state *pool); /* GPU-seconds, estimated */
/* A job left the engine, or is there at the end. FC_E_NOMEM. */
int fc_windows_see(struct fc_world *world, fc_pool_state *pool, const fc_job_result *result);

/* ---- demand_strata.c */
/* Whole days: of a window, and of what goes before it and is not measured. */
double fc_window_length(struct fc_world *world, const fc_pool_state *pool, double t);
double fc_window_warm_up(struct fc_world *world, const fc_pool_state *pool, double t);
/* As a run begins: which classes' jobs are simulated all the time. */
void fc_windows_choose_through(struct fc_world *world, fc_pool_state *pool);
/* Whether a stratum must be simulated in full, as far as can be foreseen at its begin. E_DOMAIN. */
int fc_window_in_full(struct fc_world *world, const fc_pool_state *pool, double from, double until,
                      bool *in_full);

/* ---- inference_windows.c */
int fc_windows_create_services(struct fc_world *world, fc_pool_state *pool);
void fc_windows_free_services(fc_pool_state *pool);
void fc_windows_begin_services(fc_pool_state *pool);
void fc_windows_begin_stretch(fc_pool_state *pool);
void fc_windows_end_stretch(fc_pool_state *pool);
/* Makes the estimates the services' sums. */
void fc_windows_publish_services(struct fc_world *world, fc_pool_state *pool);
/* What it did: among the jobs where there are some, beside the fluid elsewhere. Not for WINDOWS:
 * its sum. */
fc_service_work fc_windows_service_alone(const fc_service_state *state);
/* GPUs of a pool that services want at t on average over a week, of such models (bits; 0: all).
 * E_DOMAIN. */
int fc_windows_services_want(struct fc_world *world, const fc_pool_state *pool, uint32_t groups,
                             double t, double *gpus);

/* Whether jobs are what is known of a class as the horizon ends, and not the flow. */
static inline bool fc_windows_end_in_jobs(const fc_pool_state *pool, const fc_class_state *class)
{
    if (pool->sample == NULL || pool->engine == NULL) return pool->engine != NULL;
    return class->sample->through || pool->sample->mode == FC_WINDOW_MEASURED;
}

/* No job of the class is to arrive. */
static inline bool fc_windows_rest(const fc_pool_state *pool, const fc_class_state *class)
{
    return pool->sample != NULL && pool->sample->mode == FC_WINDOW_GAP && !class->sample->through;
}

/* ---- demand_first.c */
/* Gathers the jobs that are under way at t, of those that arrived since `stopped`. */
int fc_windows_gather_first(struct fc_world *world, fc_pool_state *pool, double t);
/* The next of them, if any. */
bool fc_windows_take_first(fc_pool_state *pool, fc_job *job);

#endif
