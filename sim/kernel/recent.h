/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The greatest, or the least, value that a right-continuous step function has had of late: over the
 * last `length` seconds, now included. Kept as a monotonic queue (Lemire 2006, "Streaming
 * maximum-minimum filter using no more than three comparisons per element", Nordic Journal of
 * Computing 13:328): constant time a step on average, however long the time looked back.
 */
#ifndef FC_KERNEL_RECENT_H
#define FC_KERNEL_RECENT_H

#include <stdbool.h>
#include <stddef.h>

/* The function has left the step before, which is more extreme, since then. */
typedef struct fc_recent_step {
    double since, value;
} fc_recent_step;

typedef struct fc_recent {
    bool least; /* false: the greatest */
    double length;
    fc_recent_step *steps; /* ever less extreme */
    size_t first, n, capacity;
} fc_recent;

/* Forgets all but its memory. */
void fc_recent_begin(fc_recent *recent, bool least, double length);
void fc_recent_free(fc_recent *recent);
/* Makes it the same function, known to the same time. FC_E_NOMEM. */
int fc_recent_copy(fc_recent *to, const fc_recent *from);
/* From t on the function has this value; what comes first it has always had. Times do not decrease.
 * FC_E_NOMEM. */
int fc_recent_set(fc_recent *recent, double t, double value);
/* The extreme of [t - length, t]; once t is reached what lies before is forgotten. */
double fc_recent_at(fc_recent *recent, double t);
/* When it will change if the function does not; INFINITY: never. */
double fc_recent_next(const fc_recent *recent);

#endif
