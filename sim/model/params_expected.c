/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody expects who does not know the draws: means.
 */
#include <math.h>

#include "model/params_state.h"

static double expected_value(const fc_params *params, uint32_t index, double t);

static double expected_path(const fc_params *params, const fc_value *path, double t)
{
    uint32_t passed = 0;
    double last = 0, share = 0;

    while (passed < path->n_args && path->times[passed] <= t) passed++;
    if (passed == 0) return path->number;
    last = expected_value(params, path->args[passed - 1], t);
    if (path->form == FC_FORM_STEP || passed == path->n_args) return last;
    share = (t - path->times[passed - 1]) / (path->times[passed] - path->times[passed - 1]);
    return last + share * (expected_value(params, path->args[passed], t) - last);
}

/* The mean of the distribution whose parameters are the means of theirs; where these make none, of
 * the one that was drawn. */
static double expected_draw(const fc_params *params, uint32_t index, double t)
{
    const fc_value *value = &params->plan->values[index];
    double arguments[FC_DIST_MAX_PARAMETERS];
    fc_distribution d;

    if (value->table != NULL) return fc_distribution_mean(value->table);
    for (uint32_t i = 0; i < value->n_args && i < FC_DIST_MAX_PARAMETERS; i++)
        arguments[i] = expected_value(params, value->args[i], t);
    if (fc_distribution_make(value->kind, arguments, NULL, NULL, &d) == FC_OK)
        return fc_distribution_mean(&d);
    return fc_distribution_mean(&params->sources[params->source_of[index]].d);
}

static double expected_value(const fc_params *params, uint32_t index, double t)
{
    const fc_value *value = &params->plan->values[index];

    switch (value->form) {
    case FC_FORM_STEP:
    case FC_FORM_LINEAR:
        return expected_path(params, value, t);
    case FC_FORM_UNKNOWN:
    case FC_FORM_VARIES:
        return expected_draw(params, index, t);
    default:
        return value->number;
    }
}

double fc_param_expected(const fc_params *params, fc_param p, double t)
{
    const fc_plan *plan = params->plan;
    const fc_param_info *info = &plan->params[p];
    double x = 0;

    if (p == 0) return NAN;
    x = expected_value(params, info->value, t);
    for (uint32_t i = 0; i < info->n_changes; i++) {
        const fc_change *change = &plan->changes[params->changes[info->first_change + i]];
        const fc_driver_state *driver = &params->drivers[change->driver];
        double operand = 0;

        if (driver->from > t) break; /* so are all that follow */
        if (driver->until <= t) continue;
        operand = expected_value(params, change->value, t);
        x = change->op == FC_SET ? operand : change->op == FC_ADD ? x + operand : x * operand;
    }
    return x;
}
