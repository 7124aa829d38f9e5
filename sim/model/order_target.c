/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Order rule to_target: what the programme's targets miss, spares on top, in accelerators that are
 * contracted, whoever has ordered them. A target that was met by its date is done with; one that
 * was missed is still made up for.
 *
 * By LATEST_SAFE a target's accelerators are ordered on the last date that is expected to be early
 * enough: its date less margin, installation, the longest lead time (or wait for a licence) of the
 * mix and the tender, each at its mean as it can be known on the day of the look. What cannot be in
 * time is ordered at once. It looks again when money is released, when a driver strikes, when a
 * lead time's path steps, and on the date so found.
 */
#include <math.h>

#include "model/world.h"

static double expected(fc_world *world, fc_param p)
{
    double x = fc_param_expected(world->params, p, fc_now(world));

    return isnan(x) ? 0.0 : x;
}

/* Review, and calls until one does not fail: 1 / (1 - fails) of them. */
static double expected_tender(fc_world *world, const fc_tender *tender)
{
    double fails = expected(world, tender->fails);
    double call = fmax(expected(world, tender->call), FC_DAY);

    if (tender->call == 0) return 0;
    if (!(fails < 1.0)) return INFINITY;
    return expected(world, tender->review) +
           (call + fails * expected(world, tender->relaunch)) / (1.0 - fails);
}

/* The last date of a contract for one model that is to be made and to have left by `made`. */
static double latest_contract(fc_world *world, int32_t model, int32_t fleet, double made)
{
    const fc_accelerator *accelerator = &world->plan->accelerators[model];
    double lead = expected(world, accelerator->lead_time), latest = made - lead;
    int32_t rule = FC_NONE;

    if (fc_param_given(accelerator->on_sale) && expected(world, accelerator->on_sale) > latest)
        return -INFINITY;
    if (fc_export_status_of(world, model, fleet, &rule) == FC_EXPORT_LICENCE) {
        double delay = expected(world, world->plan->export_rules[rule].delay);
        latest = fmin(latest, made - delay);
    }
    return latest;
}

double fc_order_latest(fc_world *world, const fc_holding *holding, double date)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    const fc_mix *mix = fc_mix_of(world, programme);
    double made = date, latest = INFINITY;

    made -= expected(world, programme->margin) + expected(world, programme->install);
    for (uint32_t i = 0; i < mix->n; i++) {
        if (mix->share[i] > 0)
            latest = fmin(latest, latest_contract(world, mix->model[i], holding->fleet, made));
    }
    return latest - expected_tender(world, &programme->tender);
}

/* Accelerators of one target that are to be ordered some time. Where the operator's share does not
 * count, so many more that the others make up the number. */
static int64_t missing(fc_world *world, const fc_programme *programme, uint32_t target)
{
    double kept = 0,
           wanted = fc_param_at(world->params, world->plan->targets[target].gpus, fc_now(world));

    if (fc_due_of(world, FC_DUE_TARGET, target)->come && world->targets[target].met) return 0;
    wanted *= 1.0 + fc_param_or(world->params, programme->spares, fc_now(world), 0.0);
    /* 10 % of 1,000 is 100 spares, not 101 for the last bit. */
    wanted = ceil(wanted * (1 - 1e-12)) - (double)fc_target_count(world, target, FC_CONTRACTED);
    if (world->plan->targets[target].operator_counts == 0 || !(wanted > 0)) return (int64_t)wanted;
    kept = fc_param_or(world->params, programme->operator_share, fc_now(world), 0.0);
    return kept < 1.0 ? (int64_t)ceil(fmin(wanted / (1.0 - kept), 1e15) * (1 - 1e-12)) : 0;
}

int64_t fc_target_demand(fc_world *world, const fc_holding *holding, double *next)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    int64_t most = 0;

    *next = INFINITY;
    for (uint32_t i = 0; i < programme->targets.n; i++) {
        uint32_t target = (uint32_t)programme->targets.index[i];
        int64_t gpus = missing(world, programme, target);

        if (gpus <= most) continue;
        if (programme->when == FC_WHEN_LATEST_SAFE) {
            const fc_due *due = fc_due_of(world, FC_DUE_TARGET, target);
            double latest = fc_order_latest(world, holding, due->date + due->offset);

            if (latest > fc_now(world)) {
                *next = fmin(*next, latest);
                continue;
            }
        }
        most = gpus;
    }
    return most;
}

int fc_order_replan(fc_world *world)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++) {
        int rule = world->plan->programmes[i].rule;

        if (rule == FC_RULE_TO_TARGET || rule == FC_RULE_REFRESH) ret = fc_order_soon(world, i);
    }
    return ret;
}
