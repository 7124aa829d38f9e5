/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The impact assessment of a site on the grid: who has to pass one, and who does.
 *
 * A phase applies with all the power for which its site has applied so far, so that splitting a
 * site into phases does not evade a threshold. Of the rules in force for its region, kind and power
 * the last in the scenario decides. A site's own assessment holds where no rule does, and its
 * figures take the place of the rule's; but a rule that waives the assessment waives that one, too.
 */
#include <math.h>
#include <string.h>

#include "model/world.h"

static bool in_force(const fc_world *world, uint32_t rule, double t)
{
    double from = fc_due_of(world, FC_DUE_RULE_FROM, rule)->date;
    double until = fc_due_of(world, FC_DUE_RULE_UNTIL, rule)->date;

    return !(t < from) && !(t >= until); /* NaN: not given */
}

static double applied_power(fc_world *world, const fc_site *site, double t)
{
    double watts = 0;

    for (uint32_t i = site->first_phase; i < site->first_phase + site->n_phases; i++) {
        if (fc_due_of(world, FC_DUE_PHASE, i)->date <= t)
            watts += fc_param_draw(world->params, world->plan->phases[i].power, t, 0);
    }
    return watts;
}

static bool large_enough(fc_world *world, const fc_assessment *assessment, double watts, double t)
{
    return watts >= fc_param_or(world->params, assessment->at_least, t, 0.0);
}

static const fc_grid_rule *rule_for(fc_world *world, const fc_site *site, double watts, double t)
{
    const fc_grid_rule *last = NULL;

    for (uint32_t i = 0; i < world->plan->n_grid_rules; i++) {
        const fc_grid_rule *rule = &world->plan->grid_rules[i];

        if (rule->region != NULL &&
            (site->region == NULL || strcmp(rule->region, site->region) != 0))
            continue;
        if (rule->kind != 0 && rule->kind != 1 + site->kind) continue;
        if (!in_force(world, i, t) || !large_enough(world, &rule->assessment, watts, t)) continue;
        last = rule;
    }
    return last;
}

static fc_param first_given(fc_param own, fc_param rules)
{
    return fc_param_given(own) ? own : rules;
}

bool fc_grid_assesses(fc_world *world, uint32_t phase, double t, fc_assessment *out)
{
    const fc_site *site = &world->plan->sites[world->phases[phase].site];
    const fc_assessment *own = &site->assessment;
    double watts = applied_power(world, site, t);
    const fc_grid_rule *rule = rule_for(world, site, watts, t);

    *out = *own;
    if (fc_without(world, FC_CAUSE_assessment)) return false;
    if (rule == NULL) {
        return (fc_param_given(own->passed) || fc_param_given(own->review)) &&
               large_enough(world, own, watts, t);
    }
    if (rule->waived) return false;
    out->passed = first_given(own->passed, rule->assessment.passed);
    out->review = first_given(own->review, rule->assessment.review);
    out->retry = first_given(own->retry, rule->assessment.retry);
    return true;
}

bool fc_grid_passes(fc_world *world, uint32_t phase, const fc_assessment *assessment)
{
    const fc_phase_state *state = &world->phases[phase];
    uint64_t attempt = state->work[FC_WORK_CONNECT].attempts;
    fc_stream stream;

    if (!fc_param_given(assessment->passed)) return true;
    fc_stream_init(&stream, state->key, world->replication, attempt);
    return fc_stream_uniform(&stream) <
           fc_param_at(world->params, assessment->passed, fc_now(world));
}
