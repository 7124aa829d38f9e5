/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of what is wanted of a pool its jobs hold, for the flow: its clearing function (Graves
 * 1986, "A tactical planning model for a job shop", Operations Research 34:522; Karmarkar 1989,
 * "Capacity loading and release planning with work-in-progress and leadtimes", Journal of
 * Manufacturing and Operations Management 2:105). Private to the model.
 *
 * Gangs that are large against a pool leave GPUs free that nobody can take. How many is learned
 * from the job engine: a sample of the pool's jobs, at several loads, under its policy and
 * placement (jobs/clearing.h). The flow then holds f of what is wanted, and where it is in balance
 * each class i, which wants A_i GPUs at a load, holds
 *
 *     f A_i / (f + (1 - f) r_i)           r_i: duration / patience (of the flow's steps)
 *
 * of them. f is chosen so that the sum is what the jobs held, and the curve goes through what is
 * wanted then, sum / f: in balance the flow serves what jobs serve, at every load learned.
 *
 * What lies idle is a sawtooth in the size of the pool: a gang more fits at each multiple of the
 * gang. So it is learned at nodes, when a pool first comes to lie between two of them: at each
 * multiple of the gang, just below the next one, and in between 16 times up to two gangs and 4
 * times up to four. Between two nodes the GPUs held at the same number of GPUs wanted are
 * interpolated, never across a multiple: of gangs that are all alike that is exact. The gang is
 * that of the 90th percentile of GPU-hours, of jobs that are no larger than the pool; of greater
 * ones nothing is learned. A pool of 16 times the gang (32 with few small jobs to fill in, 64
 * without backfill) holds whatever is wanted, up to all of its GPUs.
 *
 * The sample is of the classes all over the horizon, in proportion to how many come when, with
 * unknowns at their medians, and no profile of the day: what is learned depends on the plan alone,
 * and is the same in all replications and whichever world learns it. It has no more than four times
 * the jobs that come within the horizon, so that learning a size takes no longer than a few
 * replications job by job.
 */
#ifndef FC_MODEL_DEMAND_CLEARING_H
#define FC_MODEL_DEMAND_CLEARING_H

#include "model/demand.h"

enum { FC_CLEARING_LOADS = 10, FC_CLEARING_GANGS = 24, FC_CLEARING_SAMPLE = 65536 /* jobs */ };

/* Shares of the pool's GPUs. What is wanted rises; in order of arrival, less may be held then. */
typedef struct fc_clearing_curve {
    bool told;   /* to the log, in this replication */
    double gpus; /* of the pool that it was learned on */
    double wanted[FC_CLEARING_LOADS], held[FC_CLEARING_LOADS];
} fc_clearing_curve;

/* A class in the sample, of jobs no larger than a pool. */
typedef struct fc_clearing_class {
    double jobs, work;         /* of work its share, GPU-seconds of all */
    double duration, patience; /* means; patience INFINITY: some wait for ever */
} fc_clearing_class;

/* The gang of pools of so many GPUs and more, up to the next greater one. */
typedef struct fc_clearing_gang {
    double gpus; /* in whole servers */
    double all;  /* pools of so many hold all they can */
} fc_clearing_gang;

/* Two nodes that a pool lies between. */
typedef struct fc_clearing_place {
    double below, above; /* GPUs */
    double part;         /* of the way from one to the other; 0: at the first */
} fc_clearing_place;

typedef struct fc_clearing {
    bool begun, sampled; /* the gangs are known; ... and the whole sample could be drawn */
    bool learned;        /* something, in this replication */
    uint32_t n_gangs;    /* 0: there is nothing to learn from */
    fc_clearing_gang gangs[FC_CLEARING_GANGS]; /* the greatest first */
    uint32_t server_gpus;                      /* 0: jobs lie anywhere */
    uint32_t most;                             /* jobs of the sample, at any load */
    fc_job *jobs;                              /* NULL while nothing is learned */
    fc_clearing_class *classes;                /* of the pool */
    fc_job_account *accounts;                  /* the same */
    fc_clearing_curve *curves;
    size_t n_curves, curve_capacity;
} fc_clearing;

/* For a pool that is looked at as a flow and is not told its packing. E_NOMEM. */
int fc_clearing_create(struct fc_world *world, fc_pool_state *pool);
void fc_clearing_free(fc_pool_state *pool);
void fc_clearing_begin(fc_pool_state *pool); /* a replication */
/* Whether jobs of the pool hold less than the flow would without it. E_NOMEM. */
int fc_clearing_matters(struct fc_world *world, fc_pool_state *pool, bool *matters);
/* GPUs held of `gpus` (above 0) where as many as `wanted` are. Errors of the job engine. */
int fc_clearing_held(struct fc_world *world, fc_pool_state *pool, double gpus, double wanted,
                     double *held);
/* The gang of a pool of so many GPUs; NULL: it has none, or is so large that all can be held. */
const fc_clearing_gang *fc_clearing_gang_of(const fc_clearing *c, double gpus);
fc_clearing_place fc_clearing_place_of(const fc_clearing *c, double gpus); /* where it has one */

/* ---- demand_clearing_sample.c. A flow draws no jobs and goes on without if some cannot be. */
int fc_clearing_find_gangs(struct fc_world *world, fc_pool_state *pool); /* E_NOMEM */
int fc_clearing_draw(struct fc_world *world, fc_pool_state *pool); /* `jobs`, in order. E_NOMEM */

#endif
