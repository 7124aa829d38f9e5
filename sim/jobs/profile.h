/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many GPUs of a group are expected to be free at each time from now on: a step function that
 * reservations are cut out of.
 */
#ifndef FC_JOBS_PROFILE_H
#define FC_JOBS_PROFILE_H

#include <stddef.h>
#include <stdint.h>

typedef struct fc_profile {
    double *time; /* increasing; free[i] holds from time[i] until time[i + 1] or for ever */
    int64_t *free;
    size_t count, size;
} fc_profile;

void fc_profile_free(fc_profile *p);
/* From `now` on so many are free. FC_E_NOMEM. */
int fc_profile_begin(fc_profile *p, double now, int64_t free);
/* So many more from `time` on for ever; no step may start behind it. FC_E_NOMEM. */
int fc_profile_append(fc_profile *p, double time, int64_t gpus);
/* `change` GPUs more (or fewer) on [start, end); end may be INFINITY. FC_E_NOMEM. */
int fc_profile_add(fc_profile *p, double start, double end, int64_t change);
/* The earliest time from which so many are free for `length` seconds; INFINITY if never. */
double fc_profile_earliest(const fc_profile *p, int64_t gpus, double length);
/* The fewest that are free at any time. */
int64_t fc_profile_least(const fc_profile *p);

#endif
