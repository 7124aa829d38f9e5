/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/params_state.h"

#include <math.h>
#include "kernel/path.h"

/* A reading as a function of one uniform u: fixed + sum of weight x quantile(u). Numbers and
 * unknowns have no part, a value that varies has one, the way between two such points of a path
 * has two; scaling and adding keep the form. */
typedef struct fc_reading {
    double fixed;
    uint32_t n_parts;
    struct {
        double weight;
        const fc_distribution *d;
    } part[2];
    uint64_t key; /* of the parts' stream */
} fc_reading;

/* ---- from a value to a reading ----------------------------------------------------------- */

static fc_reading read_point(const fc_params *params, uint32_t index)
{
    const fc_value *value = &params->plan->values[index];
    const fc_source *source = &params->sources[params->source_of[index]];

    if (value->form == FC_FORM_UNKNOWN) return (fc_reading){.fixed = source->drawn};
    if (value->form == FC_FORM_VARIES)
        return (fc_reading){.n_parts = 1, .part = {{1, &source->d}}, .key = value->key};
    return (fc_reading){.fixed = value->number};
}

/* a at share 0, b at share 1. */
static fc_reading between(fc_reading a, const fc_reading *b, double share)
{
    a.fixed += share * (b->fixed - a.fixed);
    if (a.n_parts) a.part[0].weight *= 1 - share;
    if (b->n_parts) {
        a.part[a.n_parts] = b->part[0];
        a.part[a.n_parts++].weight *= share;
        a.key = b->key;
    }
    return a;
}

static fc_reading read_value(const fc_params *params, uint32_t index, double t)
{
    const fc_value *value = &params->plan->values[index];
    if (value->form != FC_FORM_STEP && value->form != FC_FORM_LINEAR)
        return read_point(params, index);

    size_t passed = fc_times_passed(value->times, value->n_args, t);
    if (passed == 0) return (fc_reading){.fixed = value->number};

    fc_reading last = read_point(params, value->args[passed - 1]);
    if (value->form == FC_FORM_STEP || passed == value->n_args) return last;
    fc_reading next = read_point(params, value->args[passed]);
    const double *time = &value->times[passed - 1];
    return between(last, &next, (t - time[0]) / (time[1] - time[0]));
}

/* ---- from a reading to a number ---------------------------------------------------------- */

/* The uniform of an occurrence; block 0 holds the draw itself, block k the redraw after the k-th
 * time that changes struck. */
static double uniform_of(const fc_params *params, uint64_t key, uint64_t occurrence, uint32_t block)
{
    fc_stream stream;

    fc_stream_init(&stream, key, params->replication, occurrence);
    stream.block = block;
    return fc_stream_uniform(&stream);
}

static double at_uniform(const fc_reading *r, double u)
{
    double x = r->fixed;

    for (uint32_t i = 0; i < r->n_parts; i++)
        x += r->part[i].weight * fc_distribution_quantile(r->part[i].d, u);
    return x;
}

static double mean_of(const fc_reading *r)
{
    double x = r->fixed;

    for (uint32_t i = 0; i < r->n_parts; i++)
        x += r->part[i].weight * fc_distribution_mean(r->part[i].d);
    return x;
}

static double draw_of(const fc_params *params, const fc_reading *r, uint64_t occurrence)
{
    if (r->n_parts == 0) return r->fixed;
    return at_uniform(r, uniform_of(params, r->key, occurrence, 0));
}

/* ---- parameters -------------------------------------------------------------------------- */

/* The occurrence whose draw is wanted; NULL: the mean. */
static fc_reading read_param(const fc_params *params, fc_param p, double t,
                             const uint64_t *occurrence)
{
    const fc_plan *plan = params->plan;
    const fc_param_info *info = &plan->params[p];
    const uint32_t *order = params->changes + info->first_change;
    fc_reading r = read_value(params, info->value, t);

    for (uint32_t i = 0; i < info->n_changes; i++) {
        const fc_change *change = &plan->changes[order[i]];
        const fc_driver_state *driver = &params->drivers[change->driver];
        if (driver->from > t) break; /* so are all that follow */
        if (driver->until <= t) continue;

        fc_reading operand = read_value(params, change->value, t);
        if (change->op == FC_SET) {
            r = operand;
            continue;
        }
        double x = occurrence ? draw_of(params, &operand, *occurrence) : mean_of(&operand);
        if (change->op == FC_ADD) {
            r.fixed += x;
        } else {
            r.fixed *= x;
            for (uint32_t k = 0; k < r.n_parts; k++) r.part[k].weight *= x;
        }
    }
    return r;
}

double fc_param_at(fc_params *params, fc_param p, double t)
{
    const fc_shortcut *shortcut = &params->shortcuts[p];

    if (shortcut->how == FC_READ_PLAIN) return shortcut->plain;
    if (shortcut->how == FC_READ_VARIES)
        return fc_distribution_mean(&params->sources[shortcut->source].d);
    fc_reading r = read_param(params, p, t, NULL);
    return mean_of(&r);
}

double fc_param_or(fc_params *params, fc_param p, double t, double otherwise)
{
    double x = fc_param_at(params, p, t);
    return isnan(x) ? otherwise : x;
}

double fc_param_sd(fc_params *params, fc_param p, double t)
{
    fc_reading r = read_param(params, p, t, NULL);
    double sd = 0;

    for (uint32_t i = 0; i < r.n_parts; i++)
        sd += fabs(r.part[i].weight) * fc_distribution_sd(r.part[i].d);
    return sd;
}

double fc_param_draw(fc_params *params, fc_param p, double t, uint64_t occurrence)
{
    const fc_shortcut *shortcut = &params->shortcuts[p];

    if (shortcut->how == FC_READ_PLAIN) return shortcut->plain;
    if (shortcut->how == FC_READ_VARIES) {
        const fc_source *source = &params->sources[shortcut->source];
        uint64_t key = params->plan->values[source->value].key;
        return fc_distribution_quantile(&source->d, uniform_of(params, key, occurrence, 0));
    }
    fc_reading r = read_param(params, p, t, &occurrence);
    return draw_of(params, &r, occurrence);
}

double fc_param_quantile(fc_params *params, fc_param p, double t, double u)
{
    fc_reading r = read_param(params, p, t, NULL);

    return at_uniform(&r, u);
}

/* ---- work in progress -------------------------------------------------------------------- */

/* How often a change of the parameter has come into force, or ended, up to now. */
static uint32_t strikes(const fc_params *params, fc_param p, double now)
{
    const fc_param_info *info = &params->plan->params[p];
    uint32_t n = 0;

    for (uint32_t i = 0; i < info->n_changes; i++) {
        const fc_change *change = &params->plan->changes[info->first_change + i];
        const fc_driver_state *driver = &params->drivers[change->driver];
        n += driver->from <= now;
        n += driver->from <= now && driver->until <= now;
    }
    return n;
}

/* The share of uniforms whose reading does not lie beyond x: by bisection, as the quantiles of two
 * distributions added up have no closed inverse. */
static double uniforms_up_to(const fc_reading *r, double x)
{
    double low = 0, high = 1;

    for (int i = 0; i < 60; i++) {
        double middle = low + (high - low) / 2;
        if (at_uniform(r, middle) > x)
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* The v-quantile of a duration that has already lasted `elapsed`. */
static double beyond(const fc_reading *r, double v, double elapsed)
{
    double weight = r->part[0].weight;

    if (r->n_parts == 1)
        return r->fixed + weight * fc_distribution_quantile_beyond(r->part[0].d, v,
                                                                   (elapsed - r->fixed) / weight);
    double passed = uniforms_up_to(r, elapsed);
    return at_uniform(r, passed + (1 - passed) * v);
}

double fc_param_remaining(fc_params *params, fc_param p, double began, double ends, double now,
                          uint64_t occurrence, fc_in_progress how)
{
    double left = 0;

    if (how == FC_KEEP) return ends - now;
    if (how == FC_RESCALE) {
        if (ends > began) /* a duration of 0 has nothing left */
            left = (ends - now) / (ends - began) * fc_param_draw(params, p, now, occurrence);
    } else {
        fc_reading r = read_param(params, p, now, &occurrence);
        if (r.n_parts && r.part[0].weight > 0) {
            double v = uniform_of(params, r.key, occurrence, strikes(params, p, now));
            left = beyond(&r, v, now - began) - (now - began);
        } else {
            left = draw_of(params, &r, occurrence) - (now - began);
        }
    }
    return fmax(left, 0);
}
