/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calendar paths: a quantity as a function of simulation time, such as a price, a lead time, an
 * announced number or an arrival rate. Given by points (time[i], value[i]) with strictly
 * increasing times; right-continuous everywhere:
 *
 *     t < time[0]               before
 *     FC_PATH_STEP              value[i] on [time[i], time[i+1])
 *     FC_PATH_LINEAR            straight from (time[i], value[i]) to (time[i+1], value[i+1])
 *     t >= time[count-1]        value[count-1]
 *
 * A path without points is `before` throughout. `before` is the caller's choice: the first value
 * for a price, 0 for an announced number. The arrays belong to the caller and stay untouched.
 *
 * Functions marked O(log n) search; those on a cursor remember the place, and cost O(1) amortised
 * while the times asked for do not decrease (they stay correct, only slower, if they do).
 */
#ifndef FC_KERNEL_PATH_H
#define FC_KERNEL_PATH_H

#include <stddef.h>

typedef enum fc_path_kind { FC_PATH_STEP, FC_PATH_LINEAR } fc_path_kind;

/* How many of `count` increasing times lie at or before t. O(log count). */
static inline size_t fc_times_passed(const double *time, size_t count, double t)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time[middle] <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef struct fc_path {
    fc_path_kind kind;
    size_t count;
    const double *time;  /* seconds, strictly increasing */
    const double *value; /* any unit */
    double before;
} fc_path;

/* Times and values lie within +-FC_PATH_LIMIT, so that no product of two of them overflows. */
#define FC_PATH_LIMIT 1e150

#define FC_PATH_CONSTANT(v) ((fc_path){.kind = FC_PATH_STEP, .before = (v)})

/* FC_E_DOMAIN if times do not increase, or a time or value is NaN or beyond FC_PATH_LIMIT.
 * Every other function needs a path that passes. */
int fc_path_check(const fc_path *path);

double fc_path_at(const fc_path *path, double t); /* O(log n) */

/* Integral from a to b (negative if b < a), unit x seconds; exact but for rounding (compensated
 * sum). An end may be infinite: what the path is there for ever counts infinitely, or not if it
 * is 0. O(log n + points between a and b). */
double fc_path_integral(const fc_path *path, double a, double b);

/* The smallest t >= from with integral(from, t) >= area, for a path that is nowhere negative and a
 * finite `from`; INFINITY if there is none. area <= 0 gives `from`. Arrivals at rate path(t): the
 * next one after `from` is at inverse_integral(from, E), E a unit exponential. */
double fc_path_inverse_integral(const fc_path *path, double from, double area);

/* When the path next changes after t: a step's next point with another value, a line's next
 * point. INFINITY if none. Schedule this, and nothing happens unseen. */
double fc_path_next_change(const fc_path *path, double t);

/* Least and greatest value on the closed interval [a, b], a <= b; either end may be infinite.
 * O(log n + points between). */
double fc_path_min(const fc_path *path, double a, double b);
double fc_path_max(const fc_path *path, double a, double b);

typedef struct fc_path_cursor {
    const fc_path *path;
    size_t passed; /* points at or before the time asked for last */
} fc_path_cursor;

fc_path_cursor fc_path_cursor_on(const fc_path *path);
double fc_path_cursor_at(fc_path_cursor *cursor, double t);
/* As fc_path_inverse_integral; leaves the cursor at `from`. */
double fc_path_cursor_inverse_integral(fc_path_cursor *cursor, double from, double area);

#endif
