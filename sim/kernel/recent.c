/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/recent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"

void fc_recent_begin(fc_recent *recent, bool least, double length)
{
    recent->least = least;
    recent->length = length;
    recent->first = recent->n = 0;
}

void fc_recent_free(fc_recent *recent)
{
    free(recent->steps);
    *recent = (fc_recent){0};
}

int fc_recent_copy(fc_recent *to, const fc_recent *from)
{
    fc_recent_step *steps = to->steps;

    if (to->capacity < from->n) {
        steps = reallocarray(steps, from->n, sizeof *steps);
        if (steps == NULL) return FC_E_NOMEM;
        to->capacity = from->n;
    }
    *to = (fc_recent){from->least, from->length, steps, 0, from->n, to->capacity};
    if (from->n > 0) memcpy(steps, from->steps + from->first, from->n * sizeof *steps);
    return FC_OK;
}

/* Room for one step more, behind those that count. */
static int make_room(fc_recent *recent)
{
    fc_recent_step *grown = NULL;
    size_t capacity = recent->capacity > 0 ? 2 * recent->capacity : 8;

    if (recent->first + recent->n < recent->capacity) return FC_OK;
    if (recent->first > 0) {
        memmove(recent->steps, recent->steps + recent->first, recent->n * sizeof *recent->steps);
        recent->first = 0;
        return FC_OK;
    }
    grown = reallocarray(recent->steps, capacity, sizeof *grown);
    if (grown == NULL) return FC_E_NOMEM;
    recent->steps = grown;
    recent->capacity = capacity;
    return FC_OK;
}

int fc_recent_set(fc_recent *recent, double t, double value)
{
    fc_recent_step step = {t, value};

    while (recent->n > 0) {
        const fc_recent_step *last = &recent->steps[recent->first + recent->n - 1];

        if (recent->least ? last->value < value : last->value > value) break;
        step.since = last->since;
        recent->n--;
    }
    if (make_room(recent) != FC_OK) return FC_E_NOMEM;
    recent->steps[recent->first + recent->n++] = step;
    return FC_OK;
}

double fc_recent_at(fc_recent *recent, double t)
{
    while (recent->n > 1 && recent->steps[recent->first + 1].since + recent->length <= t) {
        recent->first++;
        recent->n--;
    }
    return recent->n > 0 ? recent->steps[recent->first].value : NAN;
}

double fc_recent_next(const fc_recent *recent)
{
    return recent->n > 1 ? recent->steps[recent->first + 1].since + recent->length : INFINITY;
}
