/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/profile.h"
#include "kernel/path.h"

void fc_profile_free(fc_profile *p)
{
    free(p->time);
    free(p->free);
    *p = (fc_profile){0};
}

/* Room for two more steps. */
static int reserve(fc_profile *p)
{
    size_t size = p->size * 2 + 64;
    double *time = NULL;
    int64_t *gpus = NULL;

    if (p->count + 2 <= p->size) return FC_OK;
    time = realloc(p->time, size * sizeof *time);
    if (!time) return FC_E_NOMEM;
    p->time = time;
    gpus = realloc(p->free, size * sizeof *gpus);
    if (!gpus) return FC_E_NOMEM;
    p->free = gpus;
    p->size = size;
    return FC_OK;
}

int fc_profile_begin(fc_profile *p, double now, int64_t free)
{
    int ret = FC_OK;

    p->count = 0;
    ret = reserve(p);
    if (ret) return ret;
    p->count = 1;
    p->time[0] = now;
    p->free[0] = free;
    return FC_OK;
}

int fc_profile_append(fc_profile *p, double time, int64_t gpus)
{
    int ret = reserve(p);
    size_t last = p->count - 1;

    if (ret) return ret;
    if (time > p->time[last]) {
        p->time[last + 1] = time;
        p->free[last + 1] = p->free[last];
        p->count = ++last + 1;
    }
    p->free[last] += gpus;
    return FC_OK;
}

/* The step that starts at t, made if there is none; the profile starts at or before t. */
static size_t cut(fc_profile *p, double t)
{
    size_t i = fc_times_passed(p->time, p->count, t);

    if (p->time[i - 1] == t) return i - 1;
    memmove(p->time + i + 1, p->time + i, (p->count - i) * sizeof *p->time);
    memmove(p->free + i + 1, p->free + i, (p->count - i) * sizeof *p->free);
    p->time[i] = t;
    p->free[i] = p->free[i - 1];
    p->count++;
    return i;
}

int fc_profile_add(fc_profile *p, double start, double end, int64_t change)
{
    int ret = reserve(p);

    if (ret || !(start < end)) return ret;
    size_t from = cut(p, start), to = isinf(end) ? p->count : cut(p, end);
    for (size_t i = from; i < to; i++) p->free[i] += change;
    return FC_OK;
}

double fc_profile_earliest(const fc_profile *p, int64_t gpus, double length)
{
    size_t start = 0;

    for (size_t i = 0; i < p->count; i++) {
        if (i > start && p->time[i] >= p->time[start] + length) break;
        if (p->free[i] < gpus) start = i + 1;
    }
    return start < p->count ? p->time[start] : INFINITY;
}

int64_t fc_profile_least(const fc_profile *p)
{
    int64_t least = p->free[0];

    for (size_t i = 1; i < p->count; i++) least = p->free[i] < least ? p->free[i] : least;
    return least;
}
