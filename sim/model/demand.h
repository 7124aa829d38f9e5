/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand: users' jobs on the accelerators that run. Private to the model.
 *
 * Of each model the running accelerators, in whole units (servers, or single GPUs where they are
 * pooled), are shared out among the fleet's pools; each pool is a cluster with a queue of its own.
 * Nothing of demand reacts upon the fleet but through its electricity (demand_load.c), so it is
 * brought up to a time only when it is looked at (month ends, reviews, the end) or when its own
 * parameters change; changes of capacity are kept in line until then.
 */
#ifndef FC_MODEL_DEMAND_H
#define FC_MODEL_DEMAND_H

#include "jobs/jobs.h"
#include "model/inference.h"
#include "model/lot.h"
#include "model/params.h"

struct fc_world;

/* Arrivals of one class: a Poisson process whose rate is constant on stretches, cut at midnights,
 * at full hours where there is a profile of the day, and where a parameter changes. A unit Poisson
 * process is carried through the cumulative rate (Cinlar 1975, "Introduction to Stochastic
 * Processes", 4.7). Between two looks at it the state is that of the last arrival or cut, so that
 * when one looks leaves no trace. */
typedef struct fc_arrivals {
    uint64_t key;
    uint64_t ordinal;   /* of the next arrival, from 1 */
    double at;          /* the cumulative rate is spent up to here */
    double left;        /* of the unit exponential to the next arrival */
    double until, rate; /* the stretch that `at` lies in */
    double base;        /* rate of the day, without the profile of its hours */
    double day;         /* of `base`; NaN: to be read anew */
} fc_arrivals;

/* GPU-seconds of a class, all of which arrived: wanted = held usefully + offshore + abandoned + in
 * the system (fluid), or job by job in the engine. */
typedef struct fc_class_work {
    double arrived;    /* jobs; FLUID and WINDOWS */
    double held, lost; /* held: lost included */
    double offshore, abandoned;
    double unmet[FC_N_OBSTACLES]; /* of offshore and abandoned */
    double rent;                  /* paid abroad, major units of the fleet's currency */
    double killed;                /* jobs stopped for good, which held their GPUs in vain */
} fc_class_work;

/* What of a class is there as the horizon ends. */
typedef struct fc_class_rest {
    double running, waiting; /* jobs; waiting: those that were stopped and wait again, too */
    double backlog;          /* GPU-seconds that those who wait have still to run */
    uint64_t never_started;  /* counts that they make in histograms of waits */
} fc_class_rest;

/* Fluid: work in the system and what makes it. */
typedef struct fc_flow {
    double work;                     /* GPU-seconds that run or wait */
    double run;                      /* GPUs held at the end of the step before */
    double came;                     /* ... that came so far */
    double waiting;                  /* GPUs that jobs wait for, at the end of the step before */
    double queued;                   /* GPU-seconds of those who wait as this step begins */
    double gpus, duration, patience; /* means of the day; duration: for which GPUs are held;
                                      * patience INFINITY: none */
    double lost;                     /* share of what is held that killed jobs hold; FLUID */
    double room, too_large;          /* FLUID: GPUs of a model, share of the work that is of jobs
                                      * which ask for more */
    double stuck, stuck_more;        /* ... what of it waits, and comes a second, GPU-seconds */
    double remains;                  /* mean of what is left of a job under way, of that day */
    double day;                      /* ... which one; NaN: to be read anew */
    double held;                     /* in this step, if there were enough, GPU-seconds */
    double step, leaves;             /* 1 - exp(-step / patience) */
    double left, relaxed;            /* mean of what is left of a job, 1 - exp(-step / left) */
} fc_flow;

typedef struct fc_class_state {
    const char *path;
    uint16_t index;             /* in its pool */
    uint32_t groups, preferred; /* bits, as of fc_job */
    fc_arrivals arrivals;
    fc_flow flow;
    fc_class_work work;
    fc_class_work *of_flow, *of_jobs; /* `work`; WINDOWS: each its own, in the sample */
    struct fc_class_sample *sample;   /* NULL but for WINDOWS */
    fc_class_rest rest;               /* none before the end */
    double next;                      /* arrival of the next job, INFINITY: not before the bound */
} fc_class_state;

typedef struct fc_pool_state {
    struct fc_world *world;
    int32_t fleet;
    uint32_t n_classes;
    uint32_t *classes;           /* plan->classes */
    fc_jobs *engine;             /* JOBS */
    uint32_t *units;             /* of each group, as of now, but for those that it owes */
    uint32_t *owed;              /* ... that go to other pools as its jobs let them go */
    uint32_t *late;              /* ... that other pools owe it */
    fc_capacity_change *changes; /* that the engine has not seen */
    size_t first_change, n_changes, change_capacity;
    double bound;               /* the engine may look no further */
    double capacity;            /* FLUID: GPUs */
    double *ran;                /* FLUID: GPU-seconds of each group that were there for jobs */
    struct fc_claim *claims;    /* FLUID: of the classes (demand_share.h) */
    fc_pool_services *services; /* NULL: it has none */
    fc_pool_services *services_of_jobs; /* the same; WINDOWS: those among the jobs */
    struct fc_pool_sample *sample;      /* NULL but for WINDOWS */
    struct fc_clearing *clearing;       /* NULL but for FLUID without packing */
} fc_pool_state;

typedef struct fc_demand_state {
    bool any;
    uint32_t n_groups; /* models that the fleet may come to have */
    int32_t *model;    /* of each group */
    uint32_t *unit;    /* GPUs in a unit of each */
    int64_t *running;  /* accelerators that run, of each group */
    uint32_t n_pools;  /* one of everything where the plan has none */
    fc_pool_state *pools;
    uint32_t *idle_units; /* of each group: what no pool has a share of */
    uint32_t *idle_late;  /* ... that pools have still to let go */
    bool looks;           /* an event is to come that looks whether they have */
    double *share;        /* of the pools, then of nobody; they sum to 1 */
    double now;           /* demand is known up to here */
    bool hourly;          /* FLUID: a class has a profile of the day */
    uint64_t struck;      /* key of where failures strike */
    uint64_t strikes;
    fc_level running_gpus;           /* for time averages */
    double used;                     /* GPU-seconds in use so far, where load follows them */
    double month_began, held_before; /* GPU-seconds held up to then */
    double allocated;                /* GPUs held in the month that ended last, mean */
    double queued, queued_before;    /* ... of these by jobs that queue; as held_before */
} fc_demand_state;

/* ---- demand.c */
/* Whether the jobs of a class are told apart; on grants they always are (observed.c). */
bool fc_plan_tells_jobs(const fc_plan *plan, uint32_t class);
/* Whether a target of the fleet counts what is allocated, so that the delay ledger does, too. */
bool fc_plan_charges_allocation(const fc_plan *plan, int32_t fleet);
/* Models that a fleet may come to have or its users need: room for all of the plan's. */
void fc_demand_list_models(const fc_plan *plan, int32_t fleet, int32_t *model, uint32_t *n);
/* Those models as bits, as of fc_job. */
uint32_t fc_demand_groups(const fc_demand_state *d, const fc_refs *models);
int fc_demand_create(struct fc_world *world);
void fc_demand_free(struct fc_world *world);
int fc_demand_begin(struct fc_world *world, int32_t fleet);
/* Brings it up to `t`, exclusive: now, or the horizon's end. */
int fc_demand_advance(struct fc_world *world, int32_t fleet, double t);
int fc_demand_month(struct fc_world *world, double t); /* a month ends: means are taken */
int fc_demand_end(struct fc_world *world);             /* so does the horizon */
/* A parameter is another from now on. */
int fc_demand_changed(struct fc_world *world, fc_param p);
int fc_demand_verify(struct fc_world *world, int32_t fleet);
/* GPU-seconds held by all classes up to the time it is known. */
double fc_demand_held(const struct fc_world *world, int32_t fleet);
/* GPUs held by grants now and by jobs that queue in the month that ended last, mean. */
double fc_demand_allocated(const struct fc_world *world, int32_t fleet);

/* ---- demand_capacity.c */
int fc_demand_begin_capacity(struct fc_world *world, int32_t fleet);
int fc_demand_shares_changed(struct fc_world *world, int32_t fleet);
/* So many accelerators of the lot run more, or fewer than before. Of those that leave for good,
 * which is known beforehand, first go those that are free; others are struck where a random place
 * says. Jobs on them stop. */
int fc_demand_runs(struct fc_world *world, const fc_lot *lot, int64_t more, bool leaves);
int fc_pool_change(fc_pool_state *pool, fc_capacity_change change); /* what its engine is to see */

/* ---- demand_load.c: the load of servers, where electricity takes it from demand */
bool fc_demand_feeds_load(const struct fc_world *world, int32_t fleet);
/* The end of the step that begins where demand is known up to. */
double fc_demand_next_load(const struct fc_world *world, int32_t fleet);
/* Demand has come so far: its meters follow. */
int fc_demand_feed_load(struct fc_world *world, int32_t fleet, double lasted);
/* Before something happens to a meter at t. */
int fc_demand_follow(struct fc_world *world, int32_t fleet, double t);

/* ---- demand_arrivals.c */
void fc_arrivals_begin(struct fc_world *world, uint32_t class);
/* The same from a later time on; the next arrival is the one after `ordinal`. */
void fc_arrivals_begin_at(struct fc_world *world, uint32_t class, double t, uint64_t ordinal);
/* The next arrival before `bound`, INFINITY: none. */
double fc_arrivals_next(struct fc_world *world, uint32_t class, double bound);
void fc_arrivals_take(struct fc_world *world, uint32_t class);            /* ... has come */
void fc_arrivals_cut(struct fc_world *world, uint32_t class, double now); /* the rate changes */
/* Jobs a second at t, without the profiles of the hour and the weekday. */
double fc_arrival_mean(struct fc_world *world, uint32_t class, double t);
/* Jobs a second at t, and until when that is so; INFINITY: until something changes. */
double fc_arrival_rate(struct fc_world *world, uint32_t class, double t, double *until);
/* The k-th job of the class, which arrives at t. E_DOMAIN. */
int fc_job_draw(struct fc_world *world, uint32_t class, uint64_t k, double t, fc_job *out);
double fc_work_factor(struct fc_world *world, uint32_t class, double t); /* of durations */
/* Price of a GPU-hour abroad, in the fleet's currency. */
double fc_offshore_price(struct fc_world *world, uint32_t class, double t);

/* ---- demand_jobs.c */
/* Shares and quotas of the pool's classes: one account each. E_DOMAIN. */
int fc_demand_jobs_accounts(struct fc_world *world, const fc_pool_state *pool,
                            fc_job_account *accounts);
int fc_demand_jobs_begin(struct fc_world *world, fc_pool_state *pool);
int fc_demand_jobs_run(struct fc_world *world, fc_pool_state *pool, double t);
/* The same from one moment at which a service of the pool looks to the next. */
int fc_demand_jobs_pass(struct fc_world *world, fc_pool_state *pool, double from, double to);
/* Adds a job that is still there. */
void fc_count_rest(fc_class_rest *rest, const fc_job_result *result);
/* The horizon ends: counts what still runs or waits. E_LEDGER. */
int fc_demand_jobs_end(struct fc_world *world, fc_pool_state *pool);
int fc_demand_jobs_verify(struct fc_world *world, const fc_pool_state *pool);

/* ---- demand_fluid.c */
int fc_demand_fluid_run(struct fc_world *world, fc_pool_state *pool, double from, double to);
void fc_demand_fluid_end(struct fc_world *world, const fc_pool_state *pool); /* counts what waits */
int fc_demand_fluid_verify(struct fc_world *world, const fc_pool_state *pool);
/* GPUs of the pool, of such models (bits, as of fc_job; 0: all). */
double fc_capacity_for(const struct fc_world *world, const fc_pool_state *pool, uint32_t groups);

/* ---- demand_moments.c: of a class's jobs at t */
/* Mean of what is left of one that is under way, s. */
double fc_mean_residual(struct fc_world *world, uint32_t class, double t);
/* Share of the work (GPUs x time) that is of jobs which ask for more than `room` GPUs. */
double fc_share_too_large(struct fc_world *world, uint32_t class, double t, double room);
/* Under `overrun: kill` a job holds its GPUs for the part min(1, e) of its duration, e its estimate
 * over it. Means of that part, of its square, and of the part if the job is done, else 0. */
typedef struct fc_kept {
    double part, square, done; /* 1, 1, 1: nobody is killed */
} fc_kept;
fc_kept fc_mean_kept(struct fc_world *world, uint32_t class, double t);

/* ---- observe_demand.c */
/* Of the GPUs that a class holds, share that is in use. */
double fc_class_load(struct fc_world *world, uint32_t class, double t);
double fc_demand_metric(struct fc_world *world, int metric, int32_t fleet, double t);
double fc_class_metric(struct fc_world *world, int metric, uint32_t class);
/* The classes' histograms into the record's waits. E_NOMEM. */
int fc_observe_waits(struct fc_world *world);

#endif
