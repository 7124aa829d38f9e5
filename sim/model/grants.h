/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grants: projects apply, a call decides round by round, and who is granted GPUs has them for a
 * term. Private to the model.
 *
 * A pool with calls is given out by them alone. Projects arrive as jobs do (fc_arrivals) and are
 * collected when somebody looks; rounds, ends and looks at the use of a grant are events. What a
 * grant has in service is a whole number of GPUs at any moment:
 *
 *     of a pool's GPUs of one model each grant, in the order in which they were made, has as many
 *     as it was given and as those before it leave
 *
 * so that where fewer run than are granted the latest grants wait, and all that run serve somebody.
 */
#ifndef FC_MODEL_GRANTS_H
#define FC_MODEL_GRANTS_H

#include "jobs/jobs.h"
#include "kernel/calendar.h"
#include "model/params.h"

struct fc_world;

typedef struct fc_project {
    uint64_t number;        /* of its class, from 1: names its draws */
    uint32_t class;         /* plan->classes */
    double applied, leaves; /* leaves INFINITY: it waits for ever */
    int64_t wanted;         /* GPUs */
    double use;             /* share of the time in which it would use them */
    double score, lot;      /* who comes first: the higher score, then the lower lot */
    uint32_t user;          /* fc_user_of */
    bool closed; /* a round has closed since it applied: it takes part in the next decision */
} fc_project;

/* Jobs of one grant (grants_jobs.c). */
typedef struct fc_grant_queue fc_grant_queue;

typedef struct fc_grant {
    uint64_t serial;
    fc_project project;
    uint32_t call, group; /* plan->calls; of its fleet's models */
    int64_t gpus, active; /* given; in service now */
    double ends;
    double rate;              /* paid for a GPU-second, major units of the fleet's currency */
    double since;             /* what it held is counted up to here */
    double active_since_look; /* GPU-seconds in service since the last look at its use */
    double used_since_look;   /* ... without a queue: of these in use */
    double used_at_look;      /* ... with one: held by jobs up to the last look */
    fc_grant_queue *queue;    /* NULL: it has no jobs of its own */
    fc_handle end_event, look_event;
} fc_grant;

typedef struct fc_call_state {
    const char *path;
    uint32_t pool;   /* of its fleet's */
    uint32_t groups; /* bits of its fleet's models; 0: all */
    uint32_t *classes;
    uint32_t n_classes;
    fc_project *waiting; /* in the order in which they applied */
    size_t n_waiting, capacity;
    uint64_t rounds; /* that have closed */
    uint32_t next;   /* of the plan's rounds with a date, the one to close next */
    int64_t given;   /* GPUs in the round decided on last */
    int64_t most;    /* ... and how many it might have given */
} fc_call_state;

/* Of one class of users. Projects: applied = waiting + granted + left. */
typedef struct fc_grant_tally {
    uint64_t job_key, lot_key;         /* streams of its jobs' arrivals, and of lots */
    uint64_t granted, left, reclaimed; /* projects; reclaimed: of those granted */
    int64_t wanted, given, taken;      /* GPUs asked for; granted; of these taken back */
    double active;                     /* GPU-seconds of grants in service */
    double paid;                       /* ... of which so much was paid by who has them */
    double used;          /* ... in which jobs ran, of grants with jobs that are over */
    double ungranted;     /* GPU-seconds of work for which there was no grant, or none any more */
    fc_histogram wait;    /* of who was granted, application to decision */
    fc_job_measures jobs; /* of jobs on grants that are over */
} fc_grant_tally;

typedef struct fc_grants {
    fc_call_state *calls;    /* plan->calls; NULL: the plan has none */
    fc_grant_tally *tallies; /* plan->classes */
    fc_grant *grants;        /* that run, in the order in which they were made */
    size_t n, capacity;
    uint64_t made;
    int64_t *allocated; /* of each fleet: GPUs in service that grants hold */
    int64_t *left;      /* room for a number a pool */
} fc_grants;

/* ---- grants.c */
int fc_grants_create(struct fc_world *world);
void fc_grants_free(struct fc_world *world);
void fc_grants_forget(struct fc_world *world); /* those of the replication before */
int fc_grants_begin(struct fc_world *world, int32_t fleet);
/* Who applied to a call before t waits in its list from now on. */
int fc_grants_collect(struct fc_world *world, uint32_t call, double t);
/* The same for all calls of a fleet; and what grants held is counted up to t. */
int fc_grants_advance(struct fc_world *world, int32_t fleet, double t);
/* ... without a look at who applies. */
int fc_grants_settle(struct fc_world *world, int32_t fleet, double t);
int fc_grants_end(struct fc_world *world, int32_t fleet);
int fc_grants_verify(struct fc_world *world, int32_t fleet);
bool fc_grants_has(const struct fc_world *world, int32_t fleet, uint32_t pool); /* it has calls */
/* GPU-seconds held by grants as far as they are counted. */
double fc_grants_held(const struct fc_world *world, int32_t fleet);
/* ... of these in use, times the load of their class. */
double fc_grants_used(struct fc_world *world, int32_t fleet);
/* GPUs that a project may be granted at most; INFINITY: no cap. */
double fc_call_cap(const struct fc_world *world, uint32_t call, double t);
/* It leaves without a grant: unmet is what it would have used of what it could be granted at t. */
void fc_project_leaves(struct fc_world *world, uint32_t call, const fc_project *project, double t);
/* How long its grant lasts if it begins at t. */
double fc_project_term(struct fc_world *world, uint32_t call, const fc_project *p, double t);

/* ---- grants_hold.c */
/* GPUs of the group that its pool has and no grant was given; below 0: too many were. */
int64_t fc_grants_free_gpus(const struct fc_world *world, uint32_t call, uint32_t group);
int fc_grant_make(struct fc_world *world, uint32_t call, const fc_project *project, uint32_t group,
                  int64_t gpus);
/* Gives what runs to who was granted it, in the order of the grants. */
int fc_grants_serve(struct fc_world *world, int32_t fleet, uint32_t group);
void fc_grant_settle(struct fc_world *world, fc_grant *grant, double t);

/* ---- grants_jobs.c */
int fc_grant_queue_create(struct fc_world *world, const fc_grant *grant, fc_grant_queue **out);
void fc_grant_queue_free(fc_grant_queue *queue); /* takes NULL */
/* It has so many GPUs more, or fewer, from now on. */
int fc_grant_queue_shift(fc_grant_queue *queue, double now, int64_t more);
int fc_grant_queue_run(fc_grant_queue *queue, double t);
double fc_grant_queue_held(const fc_grant_queue *queue); /* GPU-seconds up to the last run */
/* The grant is over (`killed`), or the horizon is. */
int fc_grant_queue_close(fc_grant_queue *queue, bool killed);
int64_t fc_grant_queue_units(const fc_grant_queue *queue); /* GPUs it has */

/* ---- observe_grants.c */
/* Of GPU-seconds held by users whose region is said, those outside the capital region; NaN: none.
 */
double fc_users_non_capital(const struct fc_world *world, int32_t fleet);
double fc_grant_metric(struct fc_world *world, int metric, int32_t fleet);
double fc_grant_class_metric(struct fc_world *world, int metric, uint32_t class);

#endif
