/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Targets while a replication runs. Private to the model.
 */
#ifndef FC_MODEL_TARGET_H
#define FC_MODEL_TARGET_H

#include "model/plan.h"

struct fc_world;

typedef struct fc_target_state {
    const char *path;
    double reached[FC_N_MILESTONES]; /* INFINITY: not yet */
    double count_by;                 /* on its date; NaN until that has come */
    bool met, held;
} fc_target_state;

/* Its date has come. */
int fc_target_due(struct fc_world *world, uint32_t target);
int64_t fc_target_count(struct fc_world *world, uint32_t target, fc_milestone milestone);
/* Numbers may have changed: is one reached? */
void fc_targets_look(struct fc_world *world, int32_t fleet);
/* The same for one milestone, of what has become known of time t. */
void fc_targets_look_at(struct fc_world *world, int32_t fleet, fc_milestone milestone, double t);
double fc_target_metric(const struct fc_world *world, int metric, uint32_t target);

#endif
