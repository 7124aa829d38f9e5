/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services: a standing need for GPUs, beside the jobs of plan_demand.h. Part of plan.h.
 */
#ifndef FC_MODEL_PLAN_INFERENCE_H
#define FC_MODEL_PLAN_INFERENCE_H

#include "model/plan_demand.h"

typedef enum fc_scaling {
    FC_SCALING_AUTOSCALED, /* replicas follow the need; what it leaves is for the pool's jobs */
    FC_SCALING_FIXED,      /* replicas for the peak of the day, all day */
} fc_scaling;

/* What becomes of tokens that are not served at home. */
typedef enum fc_overflow { FC_OVERFLOW_UNSERVED, FC_OVERFLOW_OFFSHORE } fc_overflow;

/* Its work is inference: FC_WORKLOAD_INFERENCE of work_per_result. */
typedef struct fc_service {
    const char *name;
    int32_t fleet;
    int32_t pool;              /* plan->pools; FC_NONE: the fleet has none */
    fc_param users;            /* people; a straight line is read at each midnight */
    fc_param tokens_per_user;  /* tokens a second, of one of them, mean of the week */
    fc_param tokens_per_gpu;   /* tokens a second that one GPU generates, fully used */
    fc_factors relative_speed; /* of that, by model; 1 where it is not said */
    fc_profile_shares hours;   /* FC_HOURS, of a day's tokens, from 00:00 local time */
    fc_profile_shares days;    /* FC_WEEKDAYS, of a week's tokens, from Monday */
    fc_param target_load;      /* share of full use at which a replica is added; 0: all */
    fc_param replica;          /* GPUs of a copy of the model, all of one kind; 0: 1 */
    fc_param at_least;         /* GPUs kept whatever the need; 0: none */
    int scaling;               /* fc_scaling */
    fc_param scale_up_delay;   /* from having its GPUs until a replica serves; 0: none */
    fc_param scale_down_delay; /* for which a need must have been lower; 0: none */
    fc_refs models;            /* that it can run on; none: all */
    int overflow;              /* fc_overflow */
    fc_param offshore_price;   /* of a GPU-hour, in offshore_currency; 0: nothing */
    int32_t offshore_currency;
} fc_service;

#endif
