/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grants: GPUs given to projects for a term, in rounds, by calls for applications. Part of plan.h.
 */
#ifndef FC_MODEL_PLAN_GRANTS_H
#define FC_MODEL_PLAN_GRANTS_H

#include "model/plan_values.h"

/* In which order applicants are granted what they want: SCORE the highest priority of the class
 * first, equal ones by lot; FIRST_COME as they applied. */
typedef enum fc_call_order { FC_CALL_SCORE, FC_CALL_FIRST_COME } fc_call_order;

/* A call for applications, in rounds. A pool with calls is given out by them alone. */
typedef struct fc_call {
    const char *name;
    int32_t fleet;
    int32_t pool;            /* plan->pools; FC_NONE: the fleet has none */
    fc_refs models;          /* that it gives out; none: all of its pool */
    fc_param closes;         /* date: the first round closes at its end */
    fc_param every;          /* duration from one closing to the next */
    uint32_t n_rounds;       /* in place of both: rounds close at these times, */
    const double *rounds;    /* ... which increase */
    fc_param review;         /* duration from the closing to the decision; 0: none */
    fc_param quota;          /* GPUs of a round; 0: no limit */
    fc_param share;          /* of the pool's GPUs, in a round; 0: all */
    fc_param cap;            /* GPUs of a project; 0: no limit */
    fc_param term;           /* duration of a grant, drawn for each */
    int order;               /* fc_call_order */
    fc_param regional_bonus; /* SCORE: added to the priority of projects outside the capital region;
                              * 0: none */
    fc_param price;          /* of a GPU-hour, in price_currency, of which ... */
    int32_t price_currency;
    fc_param co_payment; /* ... who is granted GPUs pays this share, as of the decision; 0: none */
    fc_param reclaim_every; /* duration between looks at the use of a grant; 0: nobody looks */
    fc_param
        reclaim_below; /* a grant used less than this share since the last look is taken back */
} fc_call;

/* Jobs that a project runs on its grant, first come, first served. */
typedef struct fc_grant_jobs {
    fc_param arrivals;   /* jobs a second of a project; 0: it has none and uses a share instead */
    fc_param gpus;       /* of a job, of the grant's at most */
    fc_param duration;   /* of a job at the efficiency of work_per_result 1 */
    fc_param checkpoint; /* work saved after each such stretch; 0: never */
} fc_grant_jobs;

#endif
