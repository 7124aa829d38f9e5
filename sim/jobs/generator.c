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

/* Draws the next job of a class, in a fixed order. */
static void draw(const fc_job_generator *g, uint32_t class)
{
    const fc_job_class *c = &g->classes[class];
    fc_class_state *state = &g->states[class];
    fc_job *job = &state->next;
    double before = job->arrival;
    fc_stream stream;

    fc_stream_init(&stream, c->key, g->replication, state->drawn++);
    *job = c->like;
    double gap = fc_exponential(&stream);
    job->arrival = c->rate->count == 0 ? before + gap / c->rate->before
                                       : fc_path_cursor_inverse_integral(&state->rate, before, gap);
    if (!(job->arrival < g->until)) {
        job->arrival = INFINITY;
        return;
    }
    job->gpus = whole_gpus(fc_distribution_draw(c->gpus, &stream));
    job->duration = at_least_0(fc_distribution_draw(c->duration, &stream));
    if (c->patience) {
        job->impatient = true;
        job->patience = at_least_0(fc_distribution_draw(c->patience, &stream));
    }
    if (c->estimate) {
        double factor = fc_distribution_draw(c->estimate, &stream);
        job->estimate = job->duration * at_least_0(factor);
    }
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
