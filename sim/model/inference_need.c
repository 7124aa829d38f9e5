/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an inference service needs: its parameters are read at midnights and when they change, its
 * profiles at full hours. */
#include <math.h>

#include "model/world.h"

static double efficiency(fc_world *world, int32_t fleet, double t, double *rebound)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    double work = fc_param_or(world->params, spec->work_per_result[FC_WORKLOAD_INFERENCE], t, 1);
    double elasticity = fc_param_or(world->params, spec->rebound, t, 0);

    *rebound = elasticity == 0 || work == 1 ? 1 : pow(work, -elasticity);
    return work;
}

static double price_abroad(fc_world *world, const fc_service *plan, double t)
{
    int32_t home = world->plan->fleets[plan->fleet].currency;

    if (!fc_param_given(plan->offshore_price)) return 0;
    return fc_param_or(world->params, plan->offshore_price, t, 0) *
           fc_exchange(world, plan->offshore_currency, home, t);
}

/* Of the models that it may come to have. */
static int read_speeds(fc_world *world, uint32_t index, fc_service_state *state, double t)
{
    const fc_service *plan = &world->plan->services[index];
    const fc_demand_state *d = &world->demands[plan->fleet];

    for (uint32_t g = 0; g < d->n_groups; g++) state->speed[g] = 1;
    for (uint32_t i = 0; i < plan->relative_speed.n; i++) {
        double speed = fc_param_at(world->params, plan->relative_speed.factor[i], t);

        if (!(speed >= 1e-6 && speed <= 1e6))
            return fc_out_of_domain(world, state->path, "the speed of a model");
        for (uint32_t g = 0; g < d->n_groups; g++)
            if (d->model[g] == plan->relative_speed.model[i]) state->speed[g] = speed;
    }
    return FC_OK;
}

/* All but the speeds of models. */
static int read_service(fc_world *world, uint32_t index, fc_service_state *state, double t)
{
    static const double most = FC_MAX_UNITS / 2.0;
    const fc_service *plan = &world->plan->services[index];
    fc_params *params = world->params;
    double rebound = 1, work = efficiency(world, plan->fleet, t, &rebound);
    double at_least = fc_param_or(params, plan->at_least, t, 0);

    state->stale = false;
    state->tokens = fc_param_at(params, plan->users, t) *
                    fc_param_at(params, plan->tokens_per_user, t) * rebound;
    state->work = state->tokens * work / fc_param_at(params, plan->tokens_per_gpu, t);
    state->target = fmin(fc_param_or(params, plan->target_load, t, 1), 1);
    state->replica = fmax(rint(fc_param_or(params, plan->replica, t, 1)), 1);
    state->floor = ceil(at_least / state->replica);
    state->price = price_abroad(world, plan, t);
    state->asked.length = fc_param_or(params, plan->scale_down_delay, t, 0);
    state->started.length = fc_param_or(params, plan->scale_up_delay, t, 0);
    if (!(state->tokens >= 0) || !(state->work >= 0) || !(state->target > 0) ||
        !(state->work * state->week_swing * state->day_swing / state->target <= most) ||
        !(state->replica <= FC_MAX_SERVER_GPUS) || !(at_least >= 0 && at_least <= most))
        return fc_out_of_domain(world, state->path, "users, tokens, load or replica");
    if (!(state->asked.length >= 0) || !(state->started.length >= 0))
        return fc_out_of_domain(world, state->path, "a delay of scaling");
    return FC_OK;
}

/* GPUs that serve so much at the target load: whole replicas, where all models are alike. A load of
 * 100.0000000001 % of n replicas is rounding, not a reason for one more. */
static double gpus_for(double need, const fc_service *plan, const fc_service_state *state)
{
    double least = state->floor * state->replica;

    if (plan->relative_speed.n > 0) return fmax(need / state->target, least);
    return fmax(ceil(need / (state->target * state->replica) * (1 - 1e-12)) * state->replica,
                least);
}

int fc_service_needs(fc_world *world, uint32_t index, fc_service_state *state, double t)
{
    const fc_service *plan = &world->plan->services[index];
    double length = plan->hours.share ? FC_HOUR : FC_DAY, day = 1, factor = 1, sized = 0;
    int hour = (int)(fc_time_of_day(t) / FC_HOUR);
    int ret = FC_OK;

    if (state->stale || fc_time_of_day(t) == 0) {
        ret = read_speeds(world, index, state, t);
        if (ret == FC_OK) ret = read_service(world, index, state, t);
    }
    if (ret != FC_OK) return ret;
    if (plan->days.share)
        day = FC_WEEKDAYS * plan->days.share[fc_epoch_weekday(world->plan->epoch, t) - 1];
    if (plan->hours.share) factor = FC_HOURS * plan->hours.share[hour < FC_HOURS ? hour : 23];
    factor *= day;
    state->rate = state->tokens * factor;
    state->need = state->work * factor;
    sized = plan->scaling == FC_SCALING_FIXED ? state->work * day * state->day_swing : state->need;
    state->wanted = gpus_for(sized, plan, state);
    state->until = (floor(t / length) + 1) * length;
    if (!(state->until > t)) state->until += length; /* the last bits of a large number */
    return fc_recent_set(&state->asked, t, state->wanted);
}

/* Of the GPUs of its pool that it can run on; 1 where there are none. */
static double mean_speed(fc_world *world, uint32_t index, double t)
{
    const fc_service *plan = &world->plan->services[index];
    const fc_demand_spec *spec = &world->plan->fleets[plan->fleet].demand;
    const fc_demand_state *d = &world->demands[plan->fleet];
    const fc_service_state *state = &world->services[index];
    uint32_t p = plan->pool == FC_NONE ? 0 : (uint32_t)plan->pool - spec->first_pool;
    double gpus = 0, fast = 0;

    for (uint32_t g = 0; g < d->n_groups; g++) {
        double n = (double)d->pools[p].units[g] * d->unit[g], speed = 1;

        if (state->groups != 0 && (state->groups >> g & 1) == 0) continue;
        for (uint32_t i = 0; i < plan->relative_speed.n; i++) {
            if (plan->relative_speed.model[i] == d->model[g])
                speed = fc_param_at(world->params, plan->relative_speed.factor[i], t);
        }
        gpus += n;
        fast += n * speed;
    }
    return fast > 0 ? fast / gpus : 1;
}

int fc_service_mean(fc_world *world, uint32_t index, double t, double *gpus)
{
    const fc_service *plan = &world->plan->services[index];
    fc_service_state then = world->services[index];
    int ret = read_service(world, index, &then, t);
    double need = plan->scaling == FC_SCALING_FIXED ? then.work * then.day_swing : then.work;

    *gpus = fmax(need / then.target, then.floor * then.replica) / mean_speed(world, index, t);
    return ret;
}
