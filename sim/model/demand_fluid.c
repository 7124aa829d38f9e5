/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand as a flow, the fluid limit of a queue of many servers with rates that change in time
 * (Mandelbaum, Massey and Reiman 1998, "Strong approximations for Markovian service networks",
 * Queueing Systems 30:149):
 *
 *     X   GPUs wanted: those of jobs that run or wait
 *     dX/dt = a - (X - W) / R - W / P
 *
 * with inflow a (GPUs a second), W of them waiting, mean patience P, and R the mean of what is left
 * of a job under way, E[D^2] / (2 E[D]) of durations D: what runs follows what comes with a delay
 * of that mean (M(t)/G/infinity; Eick, Massey and Whitt 1993, "The physics of the M(t)/G/infinity
 * queue", Operations Research 41:731). What is kept is the work in the system: R for each GPU that
 * is held, E[D] for each that is waited for. Over a step of an hour at most (of a day where no
 * class has a profile of its hours) the GPUs that would be held if there were enough follow in
 * closed form, and so do those who leave. Where more are wanted than there are, each class is held
 * back in proportion and the rest waits. What is held, has left and is still there adds up to what
 * came, exactly.
 *
 * Under `overrun: kill` D is the time for which a job holds its GPUs, and what killed ones held is
 * lost. What asks for more GPUs than its models have is no part of X: it waits, and leaves as its
 * patience ends.
 *
 * Waits are not known here: they lie in the chance that this leaves out.
 */
#include <math.h>

#include "model/demand_clearing.h"
#include "model/demand_share.h"
#include "model/demand_windows.h"
#include "model/world.h"

static int read_flow(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];
    fc_class_state *state = &world->classes[index];
    fc_flow *flow = &state->flow;
    fc_params *params = world->params;
    fc_kept kept = fc_mean_kept(world, index, t);

    flow->day = floor(t / FC_DAY);
    flow->room = NAN;
    flow->gpus = fmax(fc_param_at(params, class->gpus, t), 1);
    flow->duration =
        fmax(fc_param_at(params, class->duration, t) * fc_work_factor(world, index, t), 1);
    flow->remains = fc_mean_residual(world, index, t);
    if (kept.part < 1) {
        flow->duration *= kept.part;
        flow->remains *= kept.square / kept.part;
    }
    flow->lost = 1 - kept.done / kept.part;
    flow->patience = INFINITY;
    if (class->patience) flow->patience = fc_param_at(params, class->patience, t);
    flow->step = NAN;
    if (!(flow->gpus < INFINITY) || !(flow->duration < INFINITY) || !(flow->patience >= 0))
        return fc_out_of_domain(world, state->path, "GPUs, duration and patience of jobs");
    return FC_OK;
}

double fc_capacity_for(const fc_world *world, const fc_pool_state *pool, uint32_t groups)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    double gpus = 0;

    if (groups == 0) return pool->capacity;
    for (uint32_t g = 0; g < d->n_groups; g++) {
        if (groups >> g & 1) gpus += (double)pool->units[g] * d->unit[g];
    }
    return gpus;
}

/* GPUs that would be held, of what is in the system: those that jobs hold, and those they wait for.
 */
static double wanted_of(const fc_flow *flow, double *running)
{
    *running = fmin(flow->run, flow->work / flow->remains);
    return *running + (flow->work - flow->remains * *running) / flow->duration;
}

/* What asks for more GPUs than any model has that it can use wants nothing of what there is: it is
 * kept apart, and waits. Where there is nothing at all everybody waits alike. */
static void keep_apart(fc_world *world, uint32_t index, double t, double room)
{
    fc_flow *flow = &world->classes[index].flow;
    double before = flow->too_large, running = 0, moved = 0;

    flow->room = room;
    flow->too_large = room > 0 ? fc_share_too_large(world, index, t, room) : 0;
    if (flow->too_large == before) return;
    if (flow->too_large < before) {
        moved = -flow->stuck * (1 - flow->too_large / before);
    } else {
        wanted_of(flow, &running);
        moved = (flow->work - flow->remains * running) * (flow->too_large - before) / (1 - before);
        moved = fmax(moved, 0);
    }
    flow->work -= moved;
    flow->stuck += moved;
}

/* What comes in this step, and the GPU-seconds that would be held if there were enough. */
static int flow_in(fc_world *world, uint32_t index, double t, double step, double room)
{
    fc_class_state *state = &world->classes[index];
    fc_flow *flow = &state->flow;
    double until = 0, rate = fc_arrival_rate(world, index, t, &until);
    int ret = floor(t / FC_DAY) == flow->day ? FC_OK : read_flow(world, index, t);

    if (ret != FC_OK) return ret;
    if (state->sample == NULL && room != flow->room) keep_apart(world, index, t, room);
    double running = 0, wanted = wanted_of(flow, &running);
    double remains = wanted > 0 ? flow->work / wanted : flow->remains;

    if (step != flow->step || remains != flow->left) {
        flow->step = step;
        flow->left = remains;
        flow->relaxed = -expm1(-step / remains);
        flow->leaves = flow->patience > 0 ? -expm1(-step / flow->patience) : 1;
    }
    double all = rate * flow->gpus * flow->duration, steady = all * (1 - flow->too_large);

    flow->queued = (wanted - running) * flow->duration;
    flow->held = steady * step + (wanted - steady) * remains * flow->relaxed;
    state->of_flow->arrived += rate * step;
    flow->came += all * step;
    flow->work += steady * step;
    flow->stuck_more = all * flow->too_large;
    return FC_OK;
}

/* Work of those who leave in a step that begins with `queued` and would end with `then` if nobody
 * left: dQ/dt = (then - queued) / step - Q / patience, as long as anybody waits. */
static double leaving(const fc_flow *flow, double then)
{
    double patience = flow->patience, rate = (then - flow->queued) / flow->step;
    double length = flow->step, gone = flow->leaves;

    if (patience == 0) return fmax(then, 0);
    if (isinf(patience)) return 0;
    if (rate < 0) length = fmin(length, patience * log1p(flow->queued / (-rate * patience)));
    if (length < flow->step) gone = -expm1(-length / patience);
    return fmax(flow->queued * gone + rate * (length - patience * gone), 0);
}

/* ... of those who are too large for any model: dS/dt = what comes - S / patience. */
static double leave_stuck(fc_flow *flow)
{
    double there = flow->stuck + flow->stuck_more * flow->step, left = there;

    if (isinf(flow->patience)) left = 0;
    if (flow->patience > 0 && left > 0)
        left = flow->stuck * flow->leaves +
               flow->stuck_more * (flow->step - flow->patience * flow->leaves);
    left = fmin(fmax(left, 0), there);
    flow->stuck = there - left;
    return left;
}

static void count_left(fc_world *world, uint32_t index, double t, double left, fc_obstacle why)
{
    fc_class_work *work = world->classes[index].of_flow;

    work->unmet[why] += left;
    if (world->plan->classes[index].leaves == FC_LEAVES_NEVER_RUN) {
        work->abandoned += left;
    } else {
        work->offshore += left;
        work->rent += left / FC_HOUR * fc_offshore_price(world, index, t);
    }
}

static void flow_out(fc_world *world, uint32_t index, double t, double held, fc_obstacle why)
{
    fc_class_state *state = &world->classes[index];
    fc_flow *flow = &state->flow;
    bool enough = held >= flow->held;

    if (flow->stuck > 0 || flow->stuck_more > 0)
        count_left(world, index, t, leave_stuck(flow), FC_OBSTACLE_TOO_FEW);
    held = fmin(held, flow->work);
    flow->work -= held;
    state->of_flow->held += held;
    state->of_flow->lost += flow->lost * held;
    flow->run = enough ? flow->work / flow->remains : held / flow->step;
    flow->waiting = 0;
    if (enough) return;
    double queued = flow->work - flow->remains * flow->run;
    double left = fmin(leaving(flow, queued), flow->work);
    flow->work -= left;
    flow->waiting = fmax(queued - left, 0) / flow->duration;
    count_left(world, index, t, left, why);
}

/* The most GPUs that a job may ask for and start: those of one model. */
static double room_of(const fc_supply *supply, uint32_t groups)
{
    double most = 0;

    for (uint32_t g = 0; g < supply->n_groups; g++) {
        if (groups == 0 || (groups >> g & 1)) most = fmax(most, supply->gpus[g]);
    }
    return most;
}

/* What there is of each model in a step. Of a model they can run on, classes hold no more than ran,
 * services aside. */
static void read_supply(fc_world *world, fc_pool_state *pool, double t, double step,
                        fc_supply *supply)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    fc_param packing = world->plan->fleets[pool->fleet].demand.packing;

    *supply = (fc_supply){
        .n_groups = d->n_groups, .part = fc_param_or(world->params, packing, t, 1), .step = step};
    for (uint32_t g = 0; g < d->n_groups; g++) {
        supply->gpus[g] = (double)pool->units[g] * d->unit[g];
        supply->taken[g] = pool->services ? pool->services->taken[g] : 0;
        pool->ran[g] += supply->gpus[g] * step - supply->taken[g];
    }
}

/* Sums of the classes: GPU-seconds that they want, and what they are given of them. */
static void add_claims(const fc_pool_state *pool, double *wanted, double *given)
{
    *wanted = *given = 0;
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        *wanted += pool->claims[i].wants;
        *given += pool->claims[i].part * pool->claims[i].wants;
    }
}

/* Where gangs are large against the pool jobs hold less than there is room for: *held is the part
 * of what they are `given` that all classes hold, by what is learned. */
static int hold_back(fc_world *world, fc_pool_state *pool, const fc_supply *supply, double wanted,
                     double given, double *held)
{
    double room = fc_supply_of(supply, 0), most = 0;

    if (!(room > 0 && given > 0)) return FC_OK;
    int ret = fc_clearing_held(world, pool, room / supply->step, wanted / supply->step, &most);
    if (ret == FC_OK) *held = fmin(most * supply->step / given, 1);
    return ret;
}

static int run_step(fc_world *world, fc_pool_state *pool, double t, double step, bool learned)
{
    int ret = pool->services ? fc_services_run(world, pool->services, t, t + step) : FC_OK;
    double wanted = 0, given = 0, held = 1;
    fc_supply supply;

    if (ret != FC_OK) return ret;
    read_supply(world, pool, t, step, &supply);
    for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
        const fc_class_state *class = &world->classes[pool->classes[i]];
        fc_claim *claim = &pool->claims[i];

        ret = flow_in(world, pool->classes[i], t, step, room_of(&supply, class->groups));
        claim->groups = class->groups;
        claim->wants = class->flow.held;
        /* What was learned is of all that is wanted. */
        if (!learned || class->groups != 0)
            claim->wants = fmin(claim->wants, fc_supply_of(&supply, class->groups));
    }
    if (ret != FC_OK) return ret;
    fc_share_out(pool->claims, pool->n_classes, &supply);
    add_claims(pool, &wanted, &given);
    if (learned) ret = hold_back(world, pool, &supply, wanted, given, &held);
    bool full = given >= fc_supply_of(&supply, 0) * (1 - 1e-9);
    for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
        double gets = pool->claims[i].part * pool->claims[i].wants;
        bool lacks = gets < world->classes[pool->classes[i]].flow.held; /* of its models */

        flow_out(world, pool->classes[i], t, held * gets,
                 full || !lacks ? FC_OBSTACLE_TOO_FEW : FC_OBSTACLE_WRONG_MODEL);
    }
    return ret;
}

void fc_demand_fluid_end(fc_world *world, const fc_pool_state *pool)
{
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_state *class = &world->classes[pool->classes[i]];
        const fc_flow *flow = &class->flow;
        double running = 0, waiting = 0;

        if (fc_windows_end_in_jobs(pool, class) || !(flow->work + flow->stuck > 0)) continue;
        waiting = wanted_of(flow, &running) - running;
        if (!(flow->waiting > 0)) waiting = 0; /* the last bits */
        waiting += flow->stuck / flow->duration;
        class->rest.running = running / flow->gpus;
        class->rest.waiting = fmax(waiting, 0) / flow->gpus;
        class->rest.backlog = fmax(waiting, 0) * flow->duration;
    }
}

/* What classes that can use nothing but certain models held of them is no more than ran. */
int fc_demand_fluid_verify(fc_world *world, const fc_pool_state *pool)
{
    const fc_demand_state *d = &world->demands[pool->fleet];

    for (uint32_t i = 0; i < pool->n_classes; i++) {
        uint32_t groups = world->classes[pool->classes[i]].groups;
        double ran = 0, held = 0;

        for (uint32_t g = 0; g < d->n_groups; g++) {
            if (groups == 0 || (groups >> g & 1)) ran += pool->ran[g];
        }
        for (uint32_t k = 0; k < pool->n_classes; k++) {
            const fc_class_state *class = &world->classes[pool->classes[k]];
            bool within = groups == 0 || (class->groups != 0 && (class->groups & ~groups) == 0);
            if (within) held += class->of_flow->held;
        }
        if (!(held <= ran + 1e-6 * (1 + ran)))
            return fc_ledger_broken(world, "job", world->classes[pool->classes[i]].path,
                                    "GPUs of the models held, and those that ran");
    }
    return FC_OK;
}

int fc_demand_fluid_run(fc_world *world, fc_pool_state *pool, double from, double to)
{
    bool learned = false;
    int ret = FC_OK;

    while (ret == FC_OK && from < to) {
        if ((ret = fc_clearing_matters(world, pool, &learned)) != FC_OK) return ret;
        double length = world->demands[pool->fleet].hourly || learned ? FC_HOUR : FC_DAY;
        double end = fmin((floor(from / length) + 1) * length, to);

        if (end <= from) end = to; /* the last bits of a large number */
        ret = run_step(world, pool, from, end - from, learned);
        from = end;
    }
    return ret;
}
