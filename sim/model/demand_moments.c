/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Means over a class's jobs at a time, for its flow.
 */
#include <math.h>

#include "model/world.h"

/* Cells of probability of a mean by quantiles: of GPUs, of estimates over durations. */
enum { CELLS = 64, FINE_CELLS = 256 };

/* One job in so many is too rare to matter. */
static const double RARE = 1e-9;

/* E[D^2] / (2 E[D]), and no more than the horizon: nobody could tell. */
double fc_mean_residual(fc_world *world, uint32_t index, double t)
{
    fc_param duration = world->plan->classes[index].duration;
    double factor = fc_work_factor(world, index, t);
    double mean = fmax(fc_param_at(world->params, duration, t) * factor, 1);
    double sd = fc_param_sd(world->params, duration, t) * factor;

    return fmin((mean + sd * (sd / mean)) / 2, world->plan->horizon);
}

/* Whether the job whose uniform is u asks for no more, rounded as jobs are (demand_arrivals.c). */
static bool fits(fc_world *world, fc_param gpus, double t, double room, double u)
{
    return fmax(rint(fc_param_quantile(world->params, gpus, t, u)), 1) <= room;
}

double fc_share_too_large(fc_world *world, uint32_t index, double t, double room)
{
    fc_param gpus = world->plan->classes[index].gpus;
    double mean = fc_param_at(world->params, gpus, t), low = RARE, high = 1 - RARE, sum = 0;

    if (fits(world, gpus, t, room, high)) return 0;
    if (!fits(world, gpus, t, room, low)) return 1;
    for (int i = 0; i < 30; i++) {
        double u = (low + high) / 2;

        *(fits(world, gpus, t, room, u) ? &low : &high) = u;
    }
    for (int c = 0; c < CELLS; c++)
        sum += low / CELLS * fc_param_quantile(world->params, gpus, t, low * (c + 0.5) / CELLS);
    return mean > 0 ? fmin(fmax(1 - sum / mean, 0), 1) : 0;
}

fc_kept fc_mean_kept(fc_world *world, uint32_t index, double t)
{
    const fc_user_class *class = &world->plan->classes[index];
    const fc_demand_spec *demand = &world->plan->fleets[class->fleet].demand;
    fc_kept kept = {0};

    if (demand->detail != FC_DETAIL_FLUID || demand->overrun != (int)FC_OVERRUN_KILL ||
        !class->estimate)
        return (fc_kept){1, 1, 1};
    for (int c = 0; c < FINE_CELLS; c++) {
        double e = fc_param_quantile(world->params, class->estimate, t, (c + 0.5) / FINE_CELLS);
        double part = e > 0 ? fmin(e, 1) : 1; /* 0: exactly what it takes */

        kept.part += part / FINE_CELLS;
        kept.square += part * part / FINE_CELLS;
        if (part == 1) kept.done += 1.0 / FINE_CELLS;
    }
    return kept;
}
