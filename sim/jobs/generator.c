/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "jobs/generator.h"

static uint32_t whole_gpus(double x)
{
    if (!(x >= 1.5)) return 1;
    return x >= UINT32_MAX - 1.0 ? UINT32_MAX : (uint32_t)(x + 0.5);
}

/* fmax would be a call of the library. */
static double at_least_0(double x)
{
    return x > 0 ? x : 0;
}

/* Draws for the class's next FC_STREAM_ROW jobs, one quantity after the other, so that the work
 * for one job need not wait for that of the job before. */
static void draw_ahead(const fc_job_generator *g, uint32_t class)
{
    const fc_job_class *c = &g->classes[class];
    fc_class_state *state = &g->states[class];
    const fc_distribution *of[FC_JOB_DRAWS] = {c->gpus, c->duration};
    uint32_t count = 2;

    if (c->patience) of[count++] = c->patience;
    if (c->estimate) of[count++] = c->estimate;
    fc_stream_uniforms(c->key, g->replication, state->drawn, 1 + count, state->ahead);
    for (uint32_t i = 0; i < FC_STREAM_ROW; i++) state->ahead[0][i] = -log(state->ahead[0][i]);
    for (uint32_t k = 0; k < count; k++) fc_distribution_quantile_row(of[k], state->ahead[k + 1]);
}

/* Makes the class's next job: the gap before it, its GPUs, duration, patience and estimate. */
static void draw(const fc_job_generator *g, uint32_t class)
{
    const fc_job_class *c = &g->classes[class];
    fc_class_state *state = &g->states[class];
    fc_job *job = &state->next;
    double before = job->arrival;
    uint32_t i = state->drawn % FC_STREAM_ROW;

    if (i == 0) draw_ahead(g, class);
    state->drawn++;
    *job = c->like;
    double gap = state->ahead[0][i];
    job->arrival = c->rate->count == 0 ? before + gap / c->rate->before
                                       : fc_path_cursor_inverse_integral(&state->rate, before, gap);
    if (!(job->arrival < g->until)) {
        job->arrival = INFINITY;
        return;
    }
    job->gpus = whole_gpus(state->ahead[1][i]);
    job->duration = at_least_0(state->ahead[2][i]);
    if (c->patience) {
        job->impatient = true;
        job->patience = at_least_0(state->ahead[3][i]);
    }
    if (c->estimate)
        job->estimate = job->duration * at_least_0(state->ahead[c->patience ? 4 : 3][i]);
}

int fc_job_generator_init(fc_job_generator *g, const fc_job_class *classes, uint32_t count,
                          uint32_t replication, double until, uint64_t most)
{
    *g = (fc_job_generator){
        .classes = classes, .replication = replication, .until = until, .most = most};
    g->states = calloc(count > 0 ? count : 1, sizeof *g->states);
    if (!g->states) return FC_E_NOMEM;
    g->count = count;
    for (uint32_t i = 0; i < count; i++) {
        g->states[i].rate = fc_path_cursor_on(classes[i].rate);
        draw(g, i);
    }
    return FC_OK;
}

void fc_job_generator_free(fc_job_generator *g)
{
    free(g->states);
    *g = (fc_job_generator){0};
}

static int next(void *context, fc_job *job, bool *more)
{
    fc_job_generator *g = context;
    uint32_t first = 0;

    for (uint32_t i = 1; i < g->count; i++) {
        if (g->states[i].next.arrival < g->states[first].next.arrival) first = i;
    }
    *more = g->count > 0 && g->jobs < g->most && !isinf(g->states[first].next.arrival);
    if (!*more) return FC_OK;
    *job = g->states[first].next;
    job->id = g->jobs++;
    draw(g, first);
    return FC_OK;
}

fc_job_source fc_job_generator_source(fc_job_generator *g)
{
    return (fc_job_source){next, g};
}
