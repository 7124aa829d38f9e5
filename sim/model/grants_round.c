/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rounds of a call: it closes, is reviewed, and is decided on.
 */
#include <math.h>
#include <stdlib.h>

#include "model/world.h"

/* event: plan->calls. Who has applied before now takes part. */
int fc_on_call_closes(fc_world *world, const fc_event *event)
{
    uint32_t index = event->subject;
    const fc_call *call = &world->plan->calls[index];
    fc_call_state *state = &world->grants.calls[index];
    double now = fc_now(world), next = INFINITY, review = 0;
    int ret = fc_grants_collect(world, index, now);

    if (ret != FC_OK) return ret;
    if (call->n_rounds == 0)
        next = now + fc_param_at(world->params, call->every, now);
    else if (++state->next < call->n_rounds)
        next = call->rounds[state->next];
    if (call->review) review = fc_param_draw(world->params, call->review, now, ++state->rounds);
    if (!(next >= now + FC_DAY) || !(review >= 0))
        return fc_out_of_domain(world, state->path, "dates of rounds");
    for (size_t i = 0; i < state->n_waiting; i++) state->waiting[i].closed = true;
    ret = fc_schedule(world, now + review, FC_CLASS_ORDER,
                      (fc_event){.kind = FC_EV_CALL_DECIDES, .subject = index}, NULL);
    if (ret != FC_OK || isinf(next)) return ret;
    return fc_schedule(world, next, FC_CLASS_RELEASE, *event, NULL);
}

static int by_application(const void *a, const void *b)
{
    const fc_project *x = a, *y = b;

    if (x->applied != y->applied) return x->applied < y->applied ? -1 : 1;
    if (x->class != y->class) return x->class < y->class ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int by_score(const void *a, const void *b)
{
    const fc_project *x = a, *y = b;

    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->lot != y->lot) return x->lot < y->lot ? -1 : 1;
    return by_application(a, b);
}

/* GPUs that the round may give: a number and a share of the pool limit it. */
static int read_quota(fc_world *world, uint32_t index, int64_t *most)
{
    const fc_call *call = &world->plan->calls[index];
    const fc_call_state *state = &world->grants.calls[index];
    double pool = world->demands[call->fleet].pools[state->pool].capacity, now = fc_now(world);
    double quota = fc_param_or(world->params, call->quota, now, INFINITY);
    double share = fc_param_or(world->params, call->share, now, 1);

    if (!(quota >= 0) || !(share >= 0))
        return fc_out_of_domain(world, state->path, "the quota of a round");
    *most = (int64_t)fmin(floor(fmin(quota, share * pool) + 1e-9), 1e15);
    return FC_OK;
}

/* Of the models that both its call and its class allow, one that the class prefers, else the first,
 * with room for so many. */
static uint32_t find_group(fc_world *world, uint32_t call, const fc_project *project, int64_t gpus)
{
    const fc_call_state *state = &world->grants.calls[call];
    const fc_class_state *class = &world->classes[project->class];
    uint32_t found = UINT32_MAX;

    for (uint32_t g = 0; g < world->demands[world->plan->calls[call].fleet].n_groups; g++) {
        bool given = state->groups == 0 || (state->groups >> g & 1);
        bool wanted = class->groups == 0 || (class->groups >> g & 1);

        if (!given || !wanted || fc_grants_free_gpus(world, call, g) < gpus) continue;
        if (class->preferred >> g & 1) return g;
        if (found == UINT32_MAX) found = g;
    }
    return found;
}

/* Grants what it wants, or as much as a project may have, if there is room for all of that. */
static int consider(fc_world *world, uint32_t call, const fc_project *project, bool *granted)
{
    fc_call_state *state = &world->grants.calls[call];
    double cap = fc_call_cap(world, call, fc_now(world));
    int64_t gpus = project->wanted;
    uint32_t group = UINT32_MAX;

    *granted = false;
    if (!(cap >= 1)) return fc_out_of_domain(world, state->path, "the cap of a project");
    if ((double)gpus > cap) gpus = (int64_t)cap;
    if (state->given + gpus > state->most) return FC_OK;
    group = find_group(world, call, project, gpus);
    if (group == UINT32_MAX) return FC_OK;
    *granted = true;
    state->given += gpus;
    return fc_grant_make(world, call, project, group, gpus);
}

/* event: plan->calls. Who is not granted what it wants applies again. */
int fc_on_call_decides(fc_world *world, const fc_event *event)
{
    uint32_t index = event->subject;
    const fc_call *call = &world->plan->calls[index];
    fc_call_state *state = &world->grants.calls[index];
    double now = fc_now(world);
    size_t kept = 0;
    int ret = fc_demand_follow(world, call->fleet, now);

    if (ret == FC_OK) ret = fc_grants_collect(world, index, now);
    state->given = 0;
    if (ret == FC_OK) ret = read_quota(world, index, &state->most);
    if (ret == FC_OK && state->n_waiting > 0)
        qsort(state->waiting, state->n_waiting, sizeof *state->waiting,
              call->order == FC_CALL_SCORE ? by_score : by_application);
    for (size_t i = 0; ret == FC_OK && i < state->n_waiting; i++) {
        const fc_project project = state->waiting[i];
        bool granted = false;

        if (project.leaves < now) {
            fc_project_leaves(world, index, &project, project.leaves);
            continue;
        }
        if (project.closed) ret = consider(world, index, &project, &granted);
        if (!granted) state->waiting[kept++] = project;
    }
    if (ret != FC_OK) return ret;
    state->n_waiting = kept;
    if (kept > 0) qsort(state->waiting, kept, sizeof *state->waiting, by_application);
    for (uint32_t g = 0; ret == FC_OK && g < world->demands[call->fleet].n_groups; g++)
        ret = fc_grants_serve(world, call->fleet, g);
    return ret;
}
