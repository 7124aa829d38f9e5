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
 * It is learned once, for pools of 1 to 48 times the gang, when a pool first comes to have such a
 * size. A pool of 64 times the gang holds whatever is wanted, up to all of its GPUs. The gang is
 * that of the 90th percentile of GPU-hours. The sample is of the classes at the middle of the
 * horizon, with unknowns at their medians, and no profile of the day: what is learned depends on
 * the plan alone, and is the same in all replications and whichever world learns it. It has no more
 * than four times the jobs that come within the horizon, so that learning a size takes no longer
 * than a few replications job by job.
 */
#ifndef FC_MODEL_DEMAND_CLEARING_H
#define FC_MODEL_DEMAND_CLEARING_H

#include "model/demand.h"

enum { FC_CLEARING_LOADS = 10, FC_CLEARING_SIZES = 11 };

/* Shares of the pool's GPUs, both rising. */
typedef struct fc_clearing_curve {
    bool known, told; /* told: to the log, in this replication */
    double gpus;      /* of the pool that it was learned on */
    double wanted[FC_CLEARING_LOADS], held[FC_CLEARING_LOADS];
} fc_clearing_curve;

/* A class in the sample. */
typedef struct fc_clearing_class {
    double jobs, work;         /* of work its share, GPU-seconds of all */
    double duration, patience; /* means; patience INFINITY: some wait for ever */
} fc_clearing_class;

typedef struct fc_clearing {
    bool begun;                 /* the gang is known */
    uint32_t gang;              /* GPUs; 0: there is nothing to learn from */
    uint32_t last;              /* of the sizes: all can be held from here on */
    uint32_t server_gpus;       /* 0: jobs lie anywhere */
    uint32_t most;              /* jobs of the sample, at any load */
    fc_job *jobs;               /* NULL until the first size is learned */
    fc_clearing_class *classes; /* of the pool */
    fc_job_account *accounts;   /* the same */
    fc_clearing_curve curves[FC_CLEARING_SIZES];
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

#endif
