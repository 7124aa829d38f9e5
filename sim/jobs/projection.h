/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the servers of a group will be like at a later time, and which of them are kept then for a
 * gang that waits. The projection stands at a time: every job expected to end then or before counts
 * as ended, nothing else as changed. It follows each start and end, so that from one pass to the
 * next it is moved over the few ends between the old time and the new, instead of made anew.
 *
 * The gang gets, at that time,
 *
 *     for the rest that fills no server   the server with the fewest GPUs free that suffice
 *     whole servers                       first those that are not empty now, to spare the others
 *
 * of equals the lowest numbers. What is left beside it is spare: a gang that starts now and lasts
 * beyond the projection's time may lie there. Of a kept server nothing is spare, of the one with
 * the rest what is left of it then, of all others whatever is free.
 */
#ifndef FC_JOBS_PROJECTION_H
#define FC_JOBS_PROJECTION_H

#include <stdbool.h>

#include "jobs/levels.h"
#include "jobs/ordered.h"
#include "jobs/servers.h"
#include "jobs/tasks.h"

typedef struct fc_projection {
    bool valid;  /* if not, it is made anew when it is needed */
    double time; /* where it stands; INFINITY: behind the last end */
    uint32_t most;
    uint32_t *then_free; /* [most] GPUs of each server that are free then */
    fc_levels now, then; /* servers in service, by GPUs free */
    uint64_t *kept;      /* bits of the servers kept whole */
    uint32_t part;       /* GPUs kept of ... */
    uint32_t part_server;
    uint32_t *spare_level; /* [size + 1] servers in service by GPUs that are spare */
} fc_projection;

void fc_projection_free(fc_projection *p);

/* Capacity comes or goes. */
static inline void fc_projection_forget(fc_projection *p)
{
    p->valid = false;
}

/* A gang has been put on its servers, or is about to be taken off, or expects to end at another
 * time. `share` is its first. */
void fc_projection_put(fc_projection *p, const fc_servers *s, uint32_t share, double expected_end);
void fc_projection_lift(fc_projection *p, const fc_servers *s, uint32_t share, double expected_end);
void fc_projection_expect(fc_projection *p, const fc_servers *s, uint32_t share, double before,
                          double after);

/* Moves to the earliest expected end of `running` (the group's jobs, in that order) at which a gang
 * of so many GPUs fits that does not fit now; *time is INFINITY if it never does. FC_E_NOMEM. */
int fc_projection_reach(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                        const fc_tasks *tasks, uint32_t gpus, double *time);
/* Moves to `time`. FC_E_NOMEM. */
int fc_projection_move(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                       const fc_tasks *tasks, double time);
/* Keeps servers for such a gang, in place of those kept before. It must fit then. */
void fc_projection_keep(fc_projection *p, const fc_servers *s, uint32_t gpus);
/* The largest gang that the spare GPUs have room for now. Every smaller one fits too. */
uint64_t fc_projection_spare_room(const fc_projection *p, const fc_servers *s);
/* Puts a gang on spare GPUs: its rest where the fewest are free, of equals on the lowest numbers;
 * *placed is false if they have no room for it. Then comes fc_projection_put. FC_E_NOMEM. */
int fc_projection_place(const fc_projection *p, fc_servers *s, uint32_t slot, uint32_t gpus,
                        uint32_t *share, bool *placed);

/* Against one made anew. */
bool fc_projection_verify(const fc_projection *p, const fc_servers *s, const fc_ordered *running,
                          const fc_tasks *tasks);

#endif
