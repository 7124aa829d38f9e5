/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of random_plan.c share: the stream that they draw from, and parameters at random.
 */
#ifndef FC_TEST_RANDOM_CHAOS_H
#define FC_TEST_RANDOM_CHAOS_H

#include <stdio.h>

#include "kernel/stream.h"
#include "plan_builder.h"

enum { MODELS = 3, MOST_PARAMS = 600 };

typedef struct chaos {
    plan_builder *b;
    fc_stream stream;
    fc_param params[MOST_PARAMS]; /* that drivers may strike; durations and dates */
    uint32_t values[MOST_PARAMS]; /* by what */
    int n_params;
    int n_names;
    int n_mixes;
} chaos;

static inline double between(chaos *c, double low, double high)
{
    return low + (high - low) * fc_stream_uniform(&c->stream);
}

static inline int below(chaos *c, int n)
{
    return (int)fc_stream_below(&c->stream, (uint64_t)n);
}

/* The builder keeps names by pointer, so they are the same in all plans. */
static inline const char *name(chaos *c)
{
    static char names[4 * MOST_PARAMS][8];
    char *text = names[c->n_names];

    snprintf(text, sizeof names[0], "x%d", c->n_names++);
    return text;
}

static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

/* A parameter of [low, high]: known, unknown, varying or not, one that a driver may strike. */
static inline fc_param some(chaos *c, double low, double high)
{
    double x = between(c, low, high), y = between(c, low, high);
    const char *path = name(c);
    uint32_t value = 0, other = 0;
    fc_param p;

    if (y < x) {
        double swap = x;
        x = y;
        y = swap;
    }
    switch (below(c, 4)) {
    case 0:
        value = build_unknown(c->b, path, FC_DIST_UNIFORM, 2, x, y);
        break;
    case 1:
        value = build_varies(c->b, path, FC_DIST_UNIFORM, 2, x, y);
        break;
    default:
        value = build_constant(c->b, x);
    }
    other = build_varies(c->b, path, FC_DIST_UNIFORM, 2, low, high);
    p = build_param(c->b, path, value);
    if (c->n_params < MOST_PARAMS) {
        c->params[c->n_params] = p;
        c->values[c->n_params++] = other;
    }
    return p;
}

static inline fc_param maybe(chaos *c, double low, double high)
{
    return below(c, 3) == 0 ? 0 : some(c, low, high);
}

static inline fc_param path(chaos *c, double most)
{
    double times[3], sum = 0, at = between(c, -100, 100) * FC_DAY;
    uint32_t values[3];
    int n = 1 + below(c, 3);

    for (int i = 0; i < n; i++) {
        at += between(c, 1, 200) * FC_DAY;
        times[i] = at;
        sum += between(c, below(c, 4) == 0 ? -most / 2 : 0, most);
        if (sum < 0) sum = 0;
        values[i] = build_constant(c->b, sum);
    }
    return build_param(c->b, name(c), build_path_of(c->b, FC_FORM_STEP, 0, n, times, values));
}

/* Falls and rises within [0, most], and is `most` before its first date. */
static inline fc_param wave(chaos *c, double most)
{
    double times[6], at = between(c, -100, 100) * FC_DAY;
    uint32_t values[6];
    int n = 1 + below(c, 6);

    for (int i = 0; i < n; i++) {
        at += between(c, 1, 200) * FC_DAY;
        times[i] = at;
        values[i] = build_constant(c->b, between(c, 0, most));
    }
    return build_param(c->b, name(c), build_path_of(c->b, FC_FORM_STEP, most, n, times, values));
}

static inline fc_price cost(chaos *c, double most)
{
    return (fc_price){maybe(c, 0, most), below(c, 2)};
}

/* random_plan_sites.c: in their buildings, and what running costs there. */
void random_grid_rules(chaos *c);
void random_tariffs(chaos *c);
fc_terms random_terms(chaos *c);
fc_running_cost random_running_cost(chaos *c);
fc_carbon random_carbon(chaos *c);
fc_staff random_staff(chaos *c);
/* The i-th of its fleet. */
void random_site(chaos *c, int i, int32_t first_budget);

/* random_plan_demand.c: the users of the fleet added last; *pools: how many the plan has. */
void random_demand(chaos *c, int32_t *pools);

#endif
