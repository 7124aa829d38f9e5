/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EASY's reservation: when the first waiting job will start at the latest, as far as can be told
 * from the expected ends of the running ones, and what is left beside it then (Lifka, "The ANL/IBM
 * SP scheduling system", JSSPP 1995, LNCS 949; Mu'alem and Feitelson, IEEE TPDS 12:529, 2001).
 *
 *     shadow time       the earliest expected end at which the job fits, if nothing else starts
 *     extra processors  those free at the shadow time, every end at that very time counted, that
 *                       the job does not need
 *
 * Another job may start now if it fits, and ends by the shadow time or takes no more than the
 * extra ones. On servers the first job is given certain servers for the shadow time, and a job that
 * lasts longer may take what these spare. Jobs on other groups do not touch it.
 */
#ifndef FC_JOBS_RESERVATION_H
#define FC_JOBS_RESERVATION_H

#include "jobs/cluster.h"

typedef struct fc_reservation {
    bool made;
    uint32_t group;
    double time;    /* INFINITY: it will not fit as things are, and nothing is kept for it */
    uint64_t extra; /* flat; on servers see fc_projection_spare_room */
} fc_reservation;

/* For a job that fits nowhere now. FC_E_NOMEM. */
int fc_reservation_make(fc_reservation *r, fc_cluster *c, const fc_tasks *tasks, const fc_job *job);
/* For a gang that does not fit on this group now, or, on servers, is not to start before `from`.
 * FC_E_NOMEM. */
int fc_reservation_make_on(fc_reservation *r, fc_cluster *c, uint32_t group, const fc_tasks *tasks,
                           uint32_t gpus, double from);
/* The largest gang that may start now on the reserved group and last beyond the shadow time. */
uint64_t fc_reservation_room(const fc_reservation *r, const fc_cluster *c);

#endif
