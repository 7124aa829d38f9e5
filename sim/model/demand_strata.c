/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which stretches of a quarter are simulated in full: where the load is high, or jobs are long.
 */
#include <math.h>

#include "model/demand_windows.h"
#include "model/world.h"

/* From this load on a queue remembers for longer than a warm-up. */
static const double CRITICAL = 0.95;
static const double DEFAULT_LENGTH = 14 * FC_DAY;
static const double LEAST_WARM_UP = 2 * FC_DAY;

static const fc_demand_spec *spec_of(const fc_world *world, const fc_pool_state *pool)
{
    return &world->plan->fleets[pool->fleet].demand;
}

static fc_class_sample *sample_of(const fc_world *world, const fc_pool_state *pool, uint32_t i)
{
    return world->classes[pool->classes[i]].sample;
}

double fc_window_length(fc_world *world, const fc_pool_state *pool, double t)
{
    double length =
        fc_param_or(world->params, spec_of(world, pool)->window_length, t, DEFAULT_LENGTH);

    return fmax(rint(length / FC_DAY), 1) * FC_DAY;
}

/* The queue that chance has built up, with which no window begins, is there after some times the
 * longest mean of what is left of a job under way: 2.5, as measured (docs/demand.md). */
double fc_window_warm_up(fc_world *world, const fc_pool_state *pool, double t)
{
    double longest = 0;

    for (uint32_t i = 0; i < pool->n_classes; i++) {
        if (!sample_of(world, pool, i)->through)
            longest = fmax(longest, fc_mean_residual(world, pool->classes[i], t));
    }
    return fmax(ceil(2.5 * longest / FC_DAY) * FC_DAY, LEAST_WARM_UP);
}

/* GPUs that a class wants at t, on average over a week. */
static double wanted(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];
    fc_params *params = world->params;

    return fc_arrival_mean(world, index, t) * fmax(fc_param_at(params, class->gpus, t), 1) *
           fc_param_at(params, class->duration, t) * fc_work_factor(world, index, t);
}

/* Whether what jobs want, or wait for, is too much for windows on the GPUs of such models (0: all)
 * beside what services want. */
static int is_too_much(fc_world *world, const fc_pool_state *pool, uint32_t groups, double t,
                       double gpus, double waiting, bool *out)
{
    double part = fc_param_or(world->params, spec_of(world, pool)->packing, t, 1);
    double room = fc_capacity_for(world, pool, groups), taken = 0;
    int ret = fc_windows_services_want(world, pool, groups, t, &taken);

    *out |=
        !(gpus + part * taken < CRITICAL * part * room) || waiting > (1 - CRITICAL) * part * room;
    return ret;
}

/* Whether that is so at t, on the GPUs of now. */
static int look_at_load(fc_world *world, const fc_pool_state *pool, double t, bool *critical)
{
    double sum = 0, waiting = 0;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
        const fc_class_state *class = &world->classes[pool->classes[i]];
        double gpus = wanted(world, pool->classes[i], t);

        ret = is_too_much(world, pool, class->groups, t, gpus, 0, critical);
        sum += gpus;
        waiting += class->flow.waiting;
    }
    return ret == FC_OK ? is_too_much(world, pool, 0, t, sum, waiting, critical) : ret;
}

/* 1 in 100 of its jobs takes longer than a window. */
static bool is_long(fc_world *world, const fc_pool_state *pool, uint32_t i, double t)
{
    fc_param duration = world->plan->classes[pool->classes[i]].duration;
    double p99 = fc_param_quantile(world->params, duration, t, 0.99);

    return !(p99 * fc_work_factor(world, pool->classes[i], t) <= fc_window_length(world, pool, t));
}

static bool has_long_jobs(fc_world *world, const fc_pool_state *pool, double t)
{
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        if (!sample_of(world, pool, i)->through && is_long(world, pool, i, t)) return true;
    }
    return false;
}

void fc_windows_choose_through(fc_world *world, fc_pool_state *pool)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < pool->n_classes; i++) n += is_long(world, pool, i, 0);
    if (n == pool->n_classes) return; /* all is simulated in full */
    for (uint32_t i = 0; i < pool->n_classes; i++)
        sample_of(world, pool, i)->through = is_long(world, pool, i, 0);
}

/* A run starts empty, and those whose jobs vary much in length do not fill as their fluid does. */
static bool fills_slowly(fc_world *world, const fc_pool_state *pool, double t)
{
    return t == 0 && fc_window_warm_up(world, pool, t) > LEAST_WARM_UP;
}

int fc_window_in_full(fc_world *world, const fc_pool_state *pool, double from, double until,
                      bool *in_full)
{
    int ret = FC_OK;

    *in_full = has_long_jobs(world, pool, from) || fills_slowly(world, pool, from);
    for (int k = 0; ret == FC_OK && !*in_full && k <= 2; k++)
        ret = look_at_load(world, pool, from + k * (until - from) / 2, in_full);
    return ret;
}
