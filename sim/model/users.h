/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Users within classes, and how evenly GPU-hours are spread over them. Private to the model.
 *
 * A job or project of a class of n users is that of user u = 1 ... n with a chance that goes as u
 * to the power of -skew (Zipf's law), by inversion from a stream of its own: who it is moves no
 * other draw.
 */
#ifndef FC_MODEL_USERS_H
#define FC_MODEL_USERS_H

#include <stdint.h>

struct fc_world;

typedef struct fc_class_users {
    uint64_t key;
    uint32_t n;    /* 0: the class does not tell its users apart */
    double *up_to; /* of the shares of the first u + 1 users, the sum */
    double *held;  /* GPU-seconds of each */
} fc_class_users;

int fc_users_create(struct fc_world *world);
int fc_users_begin(struct fc_world *world, int32_t fleet);
/* Whose the job or project of that number is; 0 where the class does not tell them apart. */
uint32_t fc_user_of(const struct fc_world *world, uint32_t class, uint64_t number);
/* What is that user's held GPUs. */
void fc_users_add(struct fc_world *world, uint32_t class, uint32_t user, double gpu_seconds);
/* Gini's coefficient of GPU-hours among all users of a fleet; the share of the ten who held most.
 * NaN where nothing was held. */
double fc_users_gini(const struct fc_world *world, int32_t fleet);
double fc_users_top10(const struct fc_world *world, int32_t fleet);

#endif
