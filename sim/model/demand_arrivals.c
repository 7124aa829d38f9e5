/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When jobs arrive, and what they are.
 */
#include <math.h>

#include "model/world.h"

/* ---- the rate ------------------------------------------------------------------------------ */

/* Efficiency makes a result cheaper, and cheaper results are wanted more: with elasticity e,
 * arrivals grow as the work of a result to the power of -e. */
static double rebound(fc_world *world, const fc_user_class *class, double t)
{
    fc_param p = world->plan->fleets[class->fleet].demand.rebound;
    double elasticity = fc_param_or(world->params, p, t, 0);
    double work = fc_param_or(
        world->params, world->plan->fleets[class->fleet].demand.work_per_result[class->work], t, 1);

    return elasticity == 0 || work == 1 ? 1 : pow(work, -elasticity);
}

double fc_arrival_mean(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];

    return fc_param_or(world->params, class->arrivals, t, 0) * rebound(world, class, t);
}

static double base_rate(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];
    double rate = fc_arrival_mean(world, index, t);

    if (class->days.share)
        rate *= FC_WEEKDAYS * class->days.share[fc_epoch_weekday(world->plan->epoch, t) - 1];
    return rate;
}

static double hour_factor(const fc_user_class *class, double t)
{
    int hour = (int)(fc_time_of_day(t) / FC_HOUR);

    return FC_HOURS * class->hours.share[hour < FC_HOURS ? hour : FC_HOURS - 1];
}

static double next_of(double t, double length)
{
    double next = (floor(t / length) + 1) * length;

    return next > t ? next : next + length;
}

double fc_arrival_rate(fc_world *world, uint32_t index, double t, double *until)
{
    const fc_user_class *class = &world->plan->classes[index];
    fc_arrivals *a = &world->classes[index].arrivals;
    double day = floor(t / FC_DAY);

    if (day != a->day) {
        a->base = base_rate(world, index, t);
        a->day = day;
    }
    *until = next_of(t, class->hours.share ? FC_HOUR : FC_DAY);
    return class->hours.share ? a->base * hour_factor(class, t) : a->base;
}

/* ---- arrivals ------------------------------------------------------------------------------ */

static void draw_gap(fc_world *world, fc_arrivals *a)
{
    fc_stream stream;

    fc_stream_init(&stream, a->key, world->replication, ++a->ordinal);
    a->left = fc_exponential(&stream);
}

void fc_arrivals_begin(fc_world *world, uint32_t class)
{
    fc_arrivals_begin_at(world, class, 0, 0);
}

void fc_arrivals_begin_at(fc_world *world, uint32_t class, double t, uint64_t ordinal)
{
    fc_arrivals *a = &world->classes[class].arrivals;

    *a = (fc_arrivals){.key = a->key, .ordinal = ordinal, .at = t, .until = t, .day = NAN};
    draw_gap(world, a);
}

double fc_arrivals_next(fc_world *world, uint32_t class, double bound)
{
    fc_arrivals *a = &world->classes[class].arrivals;

    while (a->at < bound) {
        if (a->at >= a->until) a->rate = fc_arrival_rate(world, class, a->at, &a->until);
        double arrival = a->rate > 0 ? a->at + a->left / a->rate : INFINITY;
        if (arrival < a->until) return arrival < bound ? arrival : INFINITY;
        if (a->until > bound) return INFINITY;
        a->left = fmax(a->left - a->rate * (a->until - a->at), 0);
        a->at = a->until;
    }
    return INFINITY;
}

void fc_arrivals_take(fc_world *world, uint32_t class)
{
    fc_arrivals *a = &world->classes[class].arrivals;

    a->at += a->left / a->rate;
    draw_gap(world, a);
}

void fc_arrivals_cut(fc_world *world, uint32_t class, double now)
{
    fc_arrivals *a = &world->classes[class].arrivals;

    if (a->at < now) {
        if (a->at < a->until) a->left = fmax(a->left - a->rate * (now - a->at), 0);
        a->at = now;
    }
    a->until = now;
    a->day = NAN;
}

/* ---- a job --------------------------------------------------------------------------------- */

double fc_work_factor(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];

    return fc_param_or(world->params,
                       world->plan->fleets[class->fleet].demand.work_per_result[class->work], t, 1);
}

static bool is_length(double x)
{
    return x >= 0 && x < INFINITY;
}

int fc_job_draw(fc_world *world, uint32_t index, uint64_t k, double t, fc_job *out)
{
    const fc_user_class *class = &world->plan->classes[index];
    const fc_class_state *state = &world->classes[index];
    fc_params *params = world->params;
    double gpus = fc_param_draw(params, class->gpus, t, k);
    double duration =
        fc_param_draw(params, class->duration, t, k) * fc_work_factor(world, index, t);

    if (!(gpus >= 0 && gpus <= FC_MAX_UNITS) || !is_length(duration))
        return fc_out_of_domain(world, state->path, "GPUs and duration of a job");
    *out = (fc_job){.id = k,
                    .arrival = t,
                    .duration = duration,
                    .gpus = (uint32_t)fmax(rint(gpus), 1),
                    .groups = state->groups,
                    .preferred = state->preferred,
                    .checkpoint = INFINITY,
                    .class = state->index,
                    .account = state->index,
                    .offshore = (fc_offshore) class->leaves};
    if (class->estimate) out->estimate = duration * fc_param_draw(params, class->estimate, t, k);
    if (class->checkpoint) out->checkpoint = fc_param_draw(params, class->checkpoint, t, k);
    if (class->priority)
        out->priority = (int32_t)rint(fc_param_draw(params, class->priority, t, k));
    if (class->patience) {
        out->impatient = true;
        out->patience = fc_param_draw(params, class->patience, t, k);
    }
    if (!is_length(out->estimate) || !(out->checkpoint >= 0) || !(out->patience >= 0))
        return fc_out_of_domain(world, state->path, "estimate, checkpoint or patience of a job");
    return FC_OK;
}

double fc_offshore_price(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];
    int32_t home = world->plan->fleets[class->fleet].currency;

    if (!fc_param_given(class->offshore_price)) return 0;
    return fc_param_or(world->params, class->offshore_price, t, 0) *
           fc_exchange(world, class->offshore_currency, home, t);
}
