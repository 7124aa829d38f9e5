/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cluster's capacity: groups of like GPUs, and how it comes and goes.
 */
#ifndef FC_JOBS_CAPACITY_H
#define FC_JOBS_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

enum { FC_MAX_GROUPS = 32, FC_MAX_SERVER_GPUS = 1024, FC_MAX_UNITS = 1 << 28 };

/* GPUs of one model. In a flat pool any free GPUs serve any gang. Of servers, a gang takes as many
 * whole ones as it fills and the rest of it lies in one server; a gang smaller than a server lies
 * in one. That rest goes where the fewest GPUs are free that suffice (best fit). */
typedef struct fc_gpu_group {
    uint32_t server_gpus; /* GPUs in a server; 0: a flat pool */
    uint32_t units;       /* at the start: servers, of a flat pool GPUs */
    uint32_t most;        /* the most units it will ever have: larger jobs are rejected at arrival.
                           * 0: as many as at the start */
    bool grows;           /* nobody knows how many it will have: `most` is no limit, and no job is
                           * rejected for its size */
} fc_gpu_group;

typedef enum fc_capacity_kind {
    FC_CAPACITY_ADD,    /* units come into service */
    FC_CAPACITY_REMOVE, /* units go as they fall free, first those that are free already */
    FC_CAPACITY_FAIL,   /* one unit breaks; the jobs on it stop and wait to be restarted */
    FC_CAPACITY_STRIKE, /* units that are in service, and not going anyway, are lost at once, side
                         * by side; all jobs on them stop and wait to be restarted */
    FC_CAPACITY_TAKE,   /* the same, first those that are free: of servers the emptiest, of a flat
                         * pool then those of the jobs that end last */
} fc_capacity_kind;

typedef struct fc_capacity_change {
    double time; /* not before the change before */
    fc_capacity_kind kind;
    uint32_t group;
    uint32_t units; /* added, removed, struck or taken; a failure strikes one */
    double place;   /* failure: which unit, as a uniform number in [0, 1) over `most` units; one
                     * that is not in service is not struck. Strike: the same over the servers in
                     * service; of a flat pool, whose units in service lie side by side in the order
                     * in which jobs end and then the free ones, over stretches of `units` of them,
                     * so that each unit is as likely to be struck */
    double back;    /* failure: the unit returns after this many seconds; INFINITY: never */
} fc_capacity_change;

/* Changes in order of time. `next` sets *more to false when there are no more for now: the next
 * call of fc_jobs_run asks again. */
typedef struct fc_capacity_source {
    int (*next)(void *context, fc_capacity_change *change, bool *more);
    void *context;
} fc_capacity_source;

#endif
