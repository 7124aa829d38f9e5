/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services: how many GPUs they need, have and use. Private to the model.
 *
 * A service's tokens come at a rate that is constant between full hours (midnights, where it has no
 * profile of the hours) and changes of its parameters. GPUs are of relative speed 1 where nothing
 * else is said: one of speed v does the work of v of them. At each moment
 *
 *     need      GPUs, fully used: tokens a second x work of a result / tokens a second of a GPU
 *     wanted    the fewest whole replicas that serve it at the target load, and no fewer than
 *               `at_least`; FIXED: for the greatest need of the day. Where models differ in speed
 *               it is known only when they are given out how many replicas that is
 *     asked     the most wanted of late (scale_down_delay)
 *     granted   of these, replicas that have their GPUs
 *     ready     the fewest granted of late (scale_up_delay)
 *     served    min(need, ready); the rest goes abroad or is not served
 *
 * Services take GPUs of their pool before its jobs do, whole units, and keep those they have; what
 * is free goes to the service that is listed first. Under `jobs` they have them as they fall free,
 * under the policy `preemptive` at once. All of this is constant between the moments at which a
 * service looks, and summed up exactly; where it waits for jobs to end it looks every ten minutes.
 */
#ifndef FC_MODEL_INFERENCE_H
#define FC_MODEL_INFERENCE_H

#include "jobs/capacity.h"
#include "kernel/recent.h"
#include "model/plan_inference.h"

struct fc_world;
struct fc_pool_state;
struct fc_service_sample;

/* Why a token was not served at home. */
typedef enum fc_unserved {
    FC_UNSERVED_TOO_FEW,     /* the pool has too few GPUs, or jobs have still to end on them */
    FC_UNSERVED_WRONG_MODEL, /* ... and of other models it would have enough */
    FC_UNSERVED_STARTING,    /* replicas have their GPUs and do not serve yet */
    FC_N_UNSERVED
} fc_unserved;

/* GPU-seconds, of GPUs fully used: came = served + offshore + unserved, and the sum of `unmet` is
 * what is not served. */
typedef struct fc_service_work {
    double came, served, offshore, unserved;
    double unmet[FC_N_UNSERVED];
    double wanted, given; /* GPU-seconds; given: in replicas that have their GPUs */
    double held, used;    /* GPU-seconds of the GPUs as they are: in whole units; in use */
    double peak;          /* GPUs wanted, the most */
    double tokens_came, tokens_served;
    double rent; /* paid abroad, major units of the fleet's currency */
} fc_service_work;

typedef struct fc_service_state {
    const char *path;
    uint32_t groups;              /* bits, as of fc_job */
    double day_swing, week_swing; /* the greatest hour over the mean one; the greatest weekday */
    /* as read last, of the mean of the day */
    bool stale;            /* to be read anew */
    double tokens, work;   /* a second; GPUs fully used */
    double target, price;  /* share; of a GPU-hour abroad, the fleet's currency */
    double replica, floor; /* GPUs as they are; replicas */
    double *speed;         /* of each group */
    /* now */
    double until;                  /* the rate is constant until then */
    double rate, need;             /* tokens a second; GPUs fully used */
    double wanted, granted, ready; /* GPUs */
    double held, gpus_each;        /* GPUs as they are: in whole units; for one of speed 1 */
    fc_unserved lacks;             /* what keeps it from more GPUs */
    fc_recent asked, started;      /* GPUs wanted; granted */
    uint32_t *units,
        *got;       /* of each group: claimed from the pool; of these no job runs on so many */
    bool lost;      /* a unit, since it looked last */
    double placed;  /* GPUs asked for when units were given out */
    double missing; /* GPUs, while units are given out */
    fc_service_work sum;
    fc_service_work *counted;         /* `sum`; WINDOWS: its own, in the sample */
    struct fc_service_sample *sample; /* NULL but for WINDOWS */
} fc_service_state;

/* The services of one pool. WINDOWS: there are two of these, one beside the fluid all the time and
 * one among the jobs where there are some. */
typedef struct fc_pool_services {
    struct fc_pool_state *pool;
    bool alone;              /* no job stands in their way: beside a fluid */
    uint32_t n, *index;      /* plan->services */
    fc_service_state *state; /* of plan->services */
    uint32_t *claimed;       /* units of each group that are theirs */
    uint32_t *left;          /* scratch */
    double *taken;           /* GPU-seconds of each group since fc_services_run began */
    bool moved;              /* units have come or gone since they were given out */
    double look;             /* the next moment at which something may change; -INFINITY: now */
    uint64_t key, moves;     /* where jobs are stopped for them */
} fc_pool_services;

/* ---- inference.c */
int fc_services_create(struct fc_world *world, int32_t fleet);
void fc_services_free(struct fc_world *world);
void fc_services_begin(struct fc_world *world, fc_pool_services *s);
/* Looks at t what is wanted, and takes or gives back GPUs. */
int fc_services_look(struct fc_world *world, fc_pool_services *s, double t);
/* Counts [from, to), in which nothing changes. */
void fc_services_count(struct fc_world *world, fc_pool_services *s, double from, double to);
/* From `from` to `to` where no jobs stand in the way; `taken` is what they hold of it. */
int fc_services_run(struct fc_world *world, fc_pool_services *s, double from, double to);
/* A parameter is another from now on; the demand is up to date. */
void fc_services_changed(struct fc_world *world, int32_t fleet, fc_param p);
bool fc_services_read(const struct fc_world *world, int32_t fleet, fc_param p); /* do they? */
int fc_services_verify(struct fc_world *world, const fc_pool_services *s);
/* GPU-seconds held so far. */
double fc_services_held(const struct fc_world *world, int32_t fleet);

/* ---- inference_need.c */
/* Of a moment at which that may have changed: its need, and what it asks for. E_DOMAIN. */
int fc_service_needs(struct fc_world *world, uint32_t index, fc_service_state *state, double t);
/* GPUs, as they are, that it wants at t on average over a week. E_DOMAIN. */
int fc_service_mean(struct fc_world *world, uint32_t index, double t, double *gpus);

/* ---- inference_units.c */
/* GPUs in whole units that so many replicas take, and replicas that so many units hold. */
uint32_t fc_replica_units(int64_t replicas, double replica, uint32_t unit);
int64_t fc_unit_replicas(uint32_t units, double replica, uint32_t unit);
/* The engine whose units they claim; NULL: none. */
struct fc_jobs *fc_services_engine(const fc_pool_services *s);
/* Gives each service units of its pool for what it asks for. */
int fc_services_place(struct fc_world *world, fc_pool_services *s, double t);
/* Go on at t as `from` stand: they have the units that no job is on. The engine has been run to t,
 * and is run to just after it. E_NOMEM. */
int fc_services_join(struct fc_world *world, fc_pool_services *s, const fc_pool_services *from,
                     double t);
/* The pool, which had `before` units of the group, has one more or less; *seen: its jobs see it as
 * `change`. FC_E_NOMEM. */
int fc_services_shift(fc_pool_services *s, uint32_t before, fc_capacity_change *change, bool *seen);
/* Units that they have claimed and that jobs still run on, as of the last look. Takes NULL. */
uint32_t fc_services_await(const fc_pool_services *s, uint32_t group);

/* ---- observe_inference.c */
double fc_service_metric(struct fc_world *world, int metric, uint32_t index);

#endif
