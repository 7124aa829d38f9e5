/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services beside sampled windows. A service is there twice: beside the fluid all the
 * time, where it has GPUs as soon as it asks for them, and among the jobs where these are
 * simulated, where it waits for them. Its totals are difference estimates, as those of jobs.
 */
#include <math.h>

#include "model/demand_windows.h"
#include "model/world.h"

/* ---- creation ------------------------------------------------------------------------------ */

static int create_service(fc_world *world, const fc_pool_state *pool, uint32_t index,
                          fc_service_state *among)
{
    fc_service_state *state = &world->services[index];
    uint32_t groups = world->demands[pool->fleet].n_groups + 1;

    state->sample = fc_arena_array(world->arena, 1, sizeof *state->sample);
    if (state->sample == NULL) return FC_E_NOMEM;
    state->sample->pool = pool->sample;
    *among = *state;
    among->units = fc_arena_array(world->arena, groups, sizeof *among->units);
    among->got = fc_arena_array(world->arena, groups, sizeof *among->got);
    among->speed = fc_arena_array(world->arena, groups, sizeof *among->speed);
    if (!among->units || !among->got || !among->speed) return FC_E_NOMEM;
    state->counted = &state->sample->flow;
    among->counted = &state->sample->jobs;
    return FC_OK;
}

int fc_windows_create_services(fc_world *world, fc_pool_state *pool)
{
    uint32_t groups = world->demands[pool->fleet].n_groups + 1;
    fc_pool_services *s = NULL;
    int ret = FC_OK;

    if (pool->services == NULL) return FC_OK;
    s = fc_arena_array(world->arena, 1, sizeof *s);
    if (s == NULL) return FC_E_NOMEM;
    *s = *pool->services;
    s->state = fc_arena_array(world->arena, world->plan->n_services, sizeof *s->state);
    s->claimed = fc_arena_array(world->arena, groups, sizeof *s->claimed);
    s->left = fc_arena_array(world->arena, groups, sizeof *s->left);
    s->taken = fc_arena_array(world->arena, groups, sizeof *s->taken);
    if (!s->state || !s->claimed || !s->left || !s->taken) return FC_E_NOMEM;
    for (uint32_t i = 0; ret == FC_OK && i < s->n; i++)
        ret = create_service(world, pool, s->index[i], &s->state[s->index[i]]);
    pool->services->alone = true;
    pool->services_of_jobs = s;
    return ret;
}

void fc_windows_free_services(fc_pool_state *pool)
{
    fc_pool_services *s = pool->services_of_jobs;

    for (uint32_t i = 0; s != pool->services && i < s->n; i++) {
        fc_recent_free(&s->state[s->index[i]].asked);
        fc_recent_free(&s->state[s->index[i]].started);
    }
}

static fc_service_sample *sample_of(const fc_pool_state *pool, uint32_t i)
{
    return pool->services->state[pool->services->index[i]].sample;
}

static uint32_t number_of(const fc_pool_state *pool)
{
    return pool->services == NULL ? 0 : pool->services->n;
}

void fc_windows_begin_services(fc_pool_state *pool)
{
    for (uint32_t i = 0; i < number_of(pool); i++)
        *sample_of(pool, i) = (fc_service_sample){.pool = pool->sample};
}

/* ---- stretches that are measured ----------------------------------------------------------- */

/* *to += factor (a - b), amount by amount; `peak` is none. */
static void add_difference(fc_service_work *to, const fc_service_work *a, const fc_service_work *b,
                           double factor)
{
    to->came += factor * (a->came - b->came);
    to->served += factor * (a->served - b->served);
    to->offshore += factor * (a->offshore - b->offshore);
    to->unserved += factor * (a->unserved - b->unserved);
    for (int k = 0; k < FC_N_UNSERVED; k++) to->unmet[k] += factor * (a->unmet[k] - b->unmet[k]);
    to->wanted += factor * (a->wanted - b->wanted);
    to->given += factor * (a->given - b->given);
    to->held += factor * (a->held - b->held);
    to->used += factor * (a->used - b->used);
    to->tokens_came += factor * (a->tokens_came - b->tokens_came);
    to->tokens_served += factor * (a->tokens_served - b->tokens_served);
    to->rent += factor * (a->rent - b->rent);
}

/* What the stretch under way adds to the flow, if it counts `weight` times. */
static void add_stretch(const fc_service_sample *sample, double weight, fc_service_work *to)
{
    add_difference(to, &sample->jobs, &sample->jobs_before, weight);
    add_difference(to, &sample->flow, &sample->flow_before, -weight);
}

void fc_windows_begin_stretch(fc_pool_state *pool)
{
    for (uint32_t i = 0; i < number_of(pool); i++) {
        fc_service_sample *sample = sample_of(pool, i);

        sample->flow_before = sample->flow;
        sample->jobs_before = sample->jobs;
    }
}

void fc_windows_end_stretch(fc_pool_state *pool)
{
    for (uint32_t i = 0; i < number_of(pool); i++) {
        fc_service_sample *sample = sample_of(pool, i);

        add_stretch(sample, pool->sample->weight, &sample->more);
        add_stretch(sample, 1, &sample->alone);
    }
}

/* ---- estimates ----------------------------------------------------------------------------- */

fc_service_work fc_windows_service_alone(const fc_service_state *state)
{
    static const fc_service_work nothing = {0};
    const fc_service_sample *sample = state->sample;

    if (sample == NULL) return state->sum;
    fc_service_work sum = sample->flow;
    add_difference(&sum, &sample->alone, &nothing, 1);
    if (sample->pool->mode == FC_WINDOW_MEASURED) add_stretch(sample, 1, &sum);
    return sum;
}

/* An estimate may come out where no total can be: what came is served or is not, for a cause. */
static void within_bounds(const fc_service *plan, fc_service_work *w)
{
    double causes = 0, unmet = 0;

    w->served = fmin(fmax(w->served, 0), w->came);
    unmet = w->came - w->served;
    w->offshore = plan->overflow == FC_OVERFLOW_OFFSHORE ? unmet : 0;
    w->unserved = plan->overflow == FC_OVERFLOW_OFFSHORE ? 0 : unmet;
    for (int k = 0; k < FC_N_UNSERVED; k++) causes += w->unmet[k] = fmax(w->unmet[k], 0);
    for (int k = 0; k < FC_N_UNSERVED; k++) w->unmet[k] *= causes > 0 ? unmet / causes : 0;
    w->given = fmax(w->given, 0);
    w->held = fmax(w->held, 0);
    w->used = fmin(fmax(w->used, 0), w->held);
    w->tokens_served = fmin(fmax(w->tokens_served, 0), w->tokens_came);
    w->rent = fmax(w->rent, 0);
}

void fc_windows_publish_services(fc_world *world, fc_pool_state *pool)
{
    static const fc_service_work nothing = {0};

    for (uint32_t i = 0; i < number_of(pool); i++) {
        uint32_t index = pool->services->index[i];
        const fc_service_sample *sample = sample_of(pool, i);
        fc_service_work *sum = &world->services[index].sum;

        *sum = sample->flow;
        add_difference(sum, &sample->more, &nothing, 1);
        if (pool->sample->mode == FC_WINDOW_MEASURED)
            add_stretch(sample, pool->sample->weight, sum);
        sum->peak = fmax(sample->flow.peak, sample->jobs.peak);
        within_bounds(&world->plan->services[index], sum);
    }
}

/* ---- their load ---------------------------------------------------------------------------- */

int fc_windows_services_want(fc_world *world, const fc_pool_state *pool, uint32_t groups, double t,
                             double *gpus)
{
    int ret = FC_OK;

    *gpus = 0;
    for (uint32_t i = 0; ret == FC_OK && i < number_of(pool); i++) {
        uint32_t index = pool->services->index[i], own = world->services[index].groups;
        uint32_t both = groups == 0 ? own : own == 0 ? groups : own & groups;
        double mean = 0, all = fc_capacity_for(world, pool, own);

        ret = fc_service_mean(world, index, t, &mean);
        if (groups != 0 && both == 0) continue; /* on other models than these */
        *gpus += all > 0 ? mean * fc_capacity_for(world, pool, both) / all : mean;
    }
    return ret;
}
