/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cluster's state: of each group what is free and held, and who runs there.
 */
#ifndef FC_JOBS_CLUSTER_H
#define FC_JOBS_CLUSTER_H

#include "jobs/capacity.h"
#include "jobs/ordered.h"
#include "jobs/projection.h"
#include "jobs/servers.h"
#include "jobs/tasks.h"

/* GPUs: held + free are in service. */
typedef struct fc_group {
    fc_gpu_group spec;
    uint64_t free;
    uint64_t held;
    uint64_t leaving;         /* flat: of those held, how many go when they fall free */
    uint32_t broken;          /* units that will come back */
    uint32_t owed;            /* of these, how many are to be removed instead */
    fc_servers servers;       /* unless flat */
    fc_ordered running;       /* by expected end, if the scheduler asks for it */
    fc_projection projection; /* of servers, once it has been asked for */
} fc_group;

typedef struct fc_cluster {
    fc_group *groups;
    uint32_t count;
    uint32_t all; /* bit mask of every group */
    bool indexed; /* keep `running` */
} fc_cluster;

int fc_cluster_init(fc_cluster *c, const fc_gpu_group *groups, uint32_t count); /* FC_E_NOMEM */
void fc_cluster_free(fc_cluster *c);

static inline bool fc_group_is_flat(const fc_group *g)
{
    return g->spec.server_gpus == 0;
}

/* GPUs in a unit: of a flat pool one. */
static inline uint32_t fc_group_unit(const fc_group *g)
{
    return fc_group_is_flat(g) ? 1 : g->spec.server_gpus;
}

/* The largest gang that can start now; every smaller one can too. */
static inline uint64_t fc_group_room(const fc_group *g)
{
    return fc_group_is_flat(g) ? g->free : fc_servers_room(g->servers.size, g->servers.at_level);
}

/* GPUs in service that stay, held or free, and those in repair that come back: the largest gang
 * that the group as it is can ever hold. */
static inline uint64_t fc_group_expected(const fc_group *g)
{
    uint64_t units = g->broken - g->owed;

    if (fc_group_is_flat(g)) return units + g->held + g->free - g->leaving;
    for (uint32_t level = 0; level <= g->servers.size; level++) units += g->servers.at_level[level];
    return units * g->servers.size;
}

/* The groups a job can run on, as bits. */
static inline uint32_t fc_cluster_groups_of(const fc_cluster *c, const fc_job *job)
{
    return job->groups == 0 ? c->all : job->groups & c->all;
}

/* GPUs in service in all groups, and held there. */
static inline uint64_t fc_cluster_in_service(const fc_cluster *c)
{
    uint64_t gpus = 0;

    for (uint32_t i = 0; i < c->count; i++) gpus += c->groups[i].free + c->groups[i].held;
    return gpus;
}

static inline uint64_t fc_cluster_held(const fc_cluster *c)
{
    uint64_t gpus = 0;

    for (uint32_t i = 0; i < c->count; i++) gpus += c->groups[i].held;
    return gpus;
}

/* The largest gang that a job might ever get. */
uint64_t fc_cluster_most_for(const fc_cluster *c, const fc_job *job);
/* The groups, as bits, that can ever hold the job, with what is in repair. */
static inline uint32_t fc_cluster_holders_of(const fc_cluster *c, const fc_job *job)
{
    uint32_t holders = 0;

    for (uint32_t bits = fc_cluster_groups_of(c, job); bits; bits &= bits - 1)
        if (fc_group_expected(&c->groups[__builtin_ctz(bits)]) >= job->gpus)
            holders |= bits & -bits;
    return holders;
}
/* Whether a group among the bits of `among` can ever hold the job, with what is in repair. */
static inline bool fc_cluster_may_hold(const fc_cluster *c, const fc_job *job, uint32_t among)
{
    for (among &= fc_cluster_groups_of(c, job); among; among &= among - 1)
        if (fc_group_expected(&c->groups[__builtin_ctz(among)]) >= job->gpus) return true;
    return false;
}

/* The group a job starts on now, among the bits of `among`: one it prefers, else the first it can;
 * UINT32_MAX if it fits nowhere. */
uint32_t fc_cluster_choose(const fc_cluster *c, const fc_job *job, uint32_t among);
/* It fits nowhere, but as many GPUs are free in a group it can run on. */
bool fc_cluster_is_fragmented_for(const fc_cluster *c, const fc_job *job);

/* Gives the task, whose group and expected end are set, its GPUs, which must be free. With
 * `within`, only what a reservation on servers spares; *placed is false if that is not enough. */
int fc_cluster_hold(fc_cluster *c, fc_task *task, uint32_t slot, bool within, bool *placed);
/* Takes them back: free again, or out of service where that was asked for. */
void fc_cluster_release(fc_cluster *c, fc_task *task);
/* The expected end of a running task changes. FC_E_NOMEM. */
int fc_cluster_expect(fc_cluster *c, fc_task *task, uint32_t slot, double expected_end);

/* FC_E_DOMAIN if there is no room for so many, or fewer are there; FC_E_NOMEM. */
int fc_cluster_add(fc_cluster *c, uint32_t group, uint32_t units);
int fc_cluster_remove(fc_cluster *c, uint32_t group, uint32_t units);
/* Whether a unit is in service and, if so, a job that lies on it (FC_NO_SLOT: none). Of a flat pool
 * units are numbered along the running jobs, then the free ones. */
bool fc_cluster_strikes(const fc_cluster *c, uint32_t group, uint32_t unit, uint32_t *slot);
/* Units that are in service and stay. */
uint32_t fc_cluster_units(const fc_cluster *c, uint32_t group);
/* Units that go when they fall free. */
uint32_t fc_cluster_leaving(const fc_cluster *c, uint32_t group);
/* The server that goes, of those that stay: the one at `place` in [0, 1) along them, or the
 * emptiest (FC_CAPACITY_TAKE). FC_E_DOMAIN if none stays. */
int fc_cluster_server_at(const fc_cluster *c, uint32_t group, const fc_capacity_change *change,
                         uint32_t *server);
/* A server on which nothing runs any more is gone. */
void fc_cluster_lose(fc_cluster *c, uint32_t group, uint32_t server);
/* Breaks a unit that is struck, once nothing runs on it any more: true if it is to come back (it
 * was not leaving anyway) ... */
bool fc_cluster_break(fc_cluster *c, uint32_t group, uint32_t unit);
/* ... and it returns. */
void fc_cluster_mend(fc_cluster *c, uint32_t group, uint32_t unit);

bool fc_cluster_verify(const fc_cluster *c, const fc_tasks *tasks);

#endif
