/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/params_state.h"

#include <math.h>

/* By date, at one date shocks before policies, then plan order. */
static bool precedes(const fc_params *params, uint32_t a, uint32_t b)
{
    const fc_driver_state *state = params->drivers;
    const fc_driver *driver = params->plan->drivers;

    if (state[a].from != state[b].from) return state[a].from < state[b].from;
    if (driver[a].is_policy != driver[b].is_policy) return driver[b].is_policy;
    return a < b;
}

/* Insertion sorts: the lists are short, and mostly in order from the replication before. */
static void sort_drivers(fc_params *params)
{
    uint32_t *order = params->by_date;

    for (uint32_t i = 1; i < params->plan->n_drivers; i++) {
        uint32_t driver = order[i], j = i;
        for (; j > 0 && precedes(params, driver, order[j - 1]); j--) order[j] = order[j - 1];
        order[j] = driver;
    }
    for (uint32_t i = 0; i < params->plan->n_drivers; i++) params->rank[order[i]] = i;
}

/* A driver's changes of one parameter apply in plan order. */
static void sort_changes(fc_params *params, const fc_param_info *info)
{
    const fc_change *changes = params->plan->changes;
    const uint32_t *rank = params->rank;
    uint32_t *order = params->changes + info->first_change;

    for (uint32_t i = 1; i < info->n_changes; i++) {
        uint32_t change = order[i], mine = rank[changes[change].driver], j = i;
        for (; j > 0; j--) {
            uint32_t other = rank[changes[order[j - 1]].driver];
            if (other < mine || (other == mine && order[j - 1] < change)) break;
            order[j] = order[j - 1];
        }
        order[j] = change;
    }
}

static void sort_all(fc_params *params)
{
    const fc_plan *plan = params->plan;

    sort_drivers(params);
    for (uint32_t c = 0; c < plan->n_changes;) { /* changes are grouped by parameter */
        const fc_param_info *info = &plan->params[plan->changes[c].param];
        sort_changes(params, info);
        c += info->n_changes;
    }
}

static double once_or(fc_params *params, fc_param p, double otherwise)
{
    double date = fc_param_draw(params, p, 0, 0);
    return isnan(date) ? otherwise : date;
}

void fc_params_begin_drivers(fc_params *params)
{
    for (uint32_t i = 0; i < params->plan->n_drivers; i++) {
        const fc_driver *driver = &params->plan->drivers[i];
        fc_driver_state *state = &params->drivers[i];
        fc_stream stream;

        fc_stream_init(&stream, driver->key, params->replication, 0);
        state->happens = fc_stream_uniform(&stream) < once_or(params, driver->probability, 1);
        state->from = INFINITY;
        if (state->happens && driver->when_metric == FC_NONE)
            state->from = once_or(params, driver->at, 0);
        state->until = once_or(params, driver->until, INFINITY);
    }
    sort_all(params);
}

double fc_driver_from(const fc_params *params, uint32_t driver)
{
    return params->drivers[driver].from;
}

double fc_driver_until(const fc_params *params, uint32_t driver)
{
    return params->drivers[driver].until;
}

void fc_driver_activate(fc_params *params, uint32_t driver, double now)
{
    fc_driver_state *state = &params->drivers[driver];

    if (!state->happens || state->from <= now) return;
    state->from = now;
    sort_all(params);
}
