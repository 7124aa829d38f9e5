/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/params_state.h"

#include <math.h>
#include <stdio.h>
#include <gsl/gsl_cdf.h>

/* ---- building ---------------------------------------------------------------------------- */

static bool is_drawn(const fc_value *value)
{
    return value->form == FC_FORM_UNKNOWN || value->form == FC_FORM_VARIES;
}

/* The distribution's parameters as they are in this replication. */
static void read_arguments(const fc_params *params, const fc_value *value,
                           double out[FC_DIST_MAX_PARAMETERS])
{
    for (uint32_t i = 0; i < value->n_args; i++) {
        const fc_value *arg = &params->plan->values[value->args[i]];
        out[i] = arg->form == FC_FORM_UNKNOWN
                     ? params->sources[params->source_of[value->args[i]]].drawn
                     : arg->number;
    }
}

static int make_distribution(const fc_params *params, fc_source *source)
{
    const fc_value *value = &params->plan->values[source->value];
    double p[FC_DIST_MAX_PARAMETERS] = {0};
    int ret = FC_OK;

    if (value->table) {
        source->d = *value->table;
        return FC_OK;
    }
    read_arguments(params, value, p);
    ret = fc_distribution_make(value->kind, p, NULL, NULL, &source->d);
    if (ret == FC_OK && source->room) fc_distribution_tabulate(&source->d, source->room);
    return ret;
}

/* Sources come in the order of values, so that an argument is drawn before its user. */
static int prepare_sources(fc_params *params)
{
    const fc_plan *plan = params->plan;
    uint32_t n = 0;
    int ret = FC_OK;

    for (uint32_t v = 0; v < plan->n_values && ret == FC_OK; v++) {
        const fc_value *value = &plan->values[v];
        if (!is_drawn(value)) continue;
        fc_source *source = &params->sources[n];
        *source = (fc_source){.value = v, .fixed = true};
        params->source_of[v] = n++;
        for (uint32_t i = 0; i < value->n_args; i++)
            source->fixed &= plan->values[value->args[i]].form == FC_FORM_NUMBER;
        if (value->form == FC_FORM_VARIES && fc_distribution_gains_by_table(value->kind)) {
            source->room = fc_arena_alloc(params->arena, sizeof *source->room);
            if (!source->room) return FC_E_NOMEM;
        }
        if (source->fixed) ret = make_distribution(params, source);
        if (value->form == FC_FORM_UNKNOWN) {
            params->keys[value->draw] = value->key;
            if (value->factor != FC_NONE) params->factor_draw[value->factor] = value->draw;
        }
    }
    return ret;
}

static void prepare_shortcuts(fc_params *params)
{
    const fc_plan *plan = params->plan;

    for (uint32_t p = 1; p < plan->n_params; p++) {
        const fc_param_info *info = &plan->params[p];
        const fc_value *value = &plan->values[info->value];
        fc_shortcut *shortcut = &params->shortcuts[p];

        shortcut->how = FC_READ_FULLY;
        if (info->n_changes) continue;
        shortcut->source = params->source_of[info->value];
        shortcut->plain = value->number;
        if (value->form == FC_FORM_VARIES) shortcut->how = FC_READ_VARIES;
        if (value->form == FC_FORM_NUMBER || value->form == FC_FORM_UNKNOWN)
            shortcut->how = FC_READ_PLAIN;
    }
    params->shortcuts[0] = (fc_shortcut){.how = FC_READ_PLAIN, .plain = NAN};
}

static bool allocate(fc_params *params)
{
    const fc_plan *plan = params->plan;
    fc_arena *arena = params->arena;

    for (uint32_t v = 0; v < plan->n_values; v++) params->n_sources += is_drawn(&plan->values[v]);
        /* Never of size 0: an empty array is not a failure, and source 0 may be pointed at. */
#define ARRAY(member, n)                                                                           \
    (params->member = fc_arena_array(arena, (size_t)(n) + 1, sizeof *params->member))
    return ARRAY(shortcuts, plan->n_params) && ARRAY(sources, params->n_sources) &&
           ARRAY(source_of, plan->n_values) && ARRAY(keys, plan->n_unknowns) &&
           ARRAY(uniforms, plan->n_unknowns) && ARRAY(factor_draw, plan->n_factors) &&
           ARRAY(normals, plan->n_factors) && ARRAY(drivers, plan->n_drivers) &&
           ARRAY(by_date, plan->n_drivers) && ARRAY(rank, plan->n_drivers) &&
           ARRAY(changes, plan->n_changes);
#undef ARRAY
}

int fc_params_create(const fc_plan *plan, fc_params **out)
{
    int ret = FC_E_NOMEM;
    fc_arena *arena = fc_arena_create();
    fc_params *params = arena ? fc_arena_alloc(arena, sizeof *params) : NULL;

    if (!params) goto fail;
    params->plan = plan;
    params->arena = arena;
    if (!allocate(params)) goto fail;
    if ((ret = prepare_sources(params)) != FC_OK) goto fail;
    prepare_shortcuts(params);
    for (uint32_t i = 0; i < plan->n_drivers; i++) params->by_date[i] = i;
    for (uint32_t i = 0; i < plan->n_changes; i++) params->changes[i] = i;
    *out = params;
    return FC_OK;

fail:
    fc_arena_free(arena);
    return ret;
}

void fc_params_free(fc_params *params)
{
    if (params) fc_arena_free(params->arena);
}

/* ---- a replication ----------------------------------------------------------------------- */

static double within(double u)
{
    return fmin(fmax(u, 0x1p-53), 1 - 0x1p-53);
}

/* Gaussian copula: independent uniforms -> normals -> correlated normals -> uniforms. */
static void correlate(fc_params *params)
{
    uint32_t n = params->plan->n_factors;
    const double *row = params->plan->cholesky;

    for (uint32_t i = 0; i < n; i++)
        params->normals[i] = gsl_cdf_ugaussian_Pinv(params->uniforms[params->factor_draw[i]]);
    for (uint32_t i = 0; i < n; i++, row += n) {
        double z = 0;
        for (uint32_t j = 0; j <= i; j++) z += row[j] * params->normals[j];
        params->uniforms[params->factor_draw[i]] = within(gsl_cdf_ugaussian_P(z));
    }
}

static void draw_uniforms(fc_params *params, const double *uniforms)
{
    for (uint32_t i = 0; i < params->plan->n_unknowns; i++) {
        fc_stream stream;
        fc_stream_init(&stream, params->keys[i], params->replication, 0);
        bool given = uniforms && !isnan(uniforms[i]);
        params->uniforms[i] = given ? within(uniforms[i]) : fc_stream_uniform(&stream);
    }
    correlate(params);
}

/* "uniform with low 3, high 2" */
static int refuse(const fc_params *params, const fc_source *source, fc_diag *diag)
{
    const fc_value *value = &params->plan->values[source->value];
    const fc_distribution_form *form = fc_distribution_form_of(value->kind);
    fc_place place = {.path = value->path};
    double p[FC_DIST_MAX_PARAMETERS] = {0};
    char text[256];
    int used = snprintf(text, sizeof text, "%s", form->name);

    read_arguments(params, value, p);
    for (uint32_t i = 0; i < value->n_args; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%s%s %.6g", i ? ", " : " with ",
                         form->parameter[i].name, p[i]);
    return fc_fail(diag, FC_E_DOMAIN, &place, text, NULL);
}

int fc_params_begin(fc_params *params, uint32_t replication, const double *uniforms, fc_diag *diag)
{
    const fc_plan *plan = params->plan;

    params->replication = replication;
    draw_uniforms(params, uniforms);
    for (uint32_t i = 0; i < params->n_sources; i++) {
        fc_source *source = &params->sources[i];
        const fc_value *value = &plan->values[source->value];
        if (!source->fixed && make_distribution(params, source) != FC_OK)
            return refuse(params, source, diag);
        if (value->form == FC_FORM_UNKNOWN)
            source->drawn = fc_distribution_quantile(&source->d, params->uniforms[value->draw]);
    }
    for (uint32_t p = 1; p < plan->n_params; p++) {
        fc_shortcut *shortcut = &params->shortcuts[p];
        if (shortcut->how == FC_READ_PLAIN &&
            plan->values[plan->params[p].value].form == FC_FORM_UNKNOWN)
            shortcut->plain = params->sources[shortcut->source].drawn;
    }
    fc_params_begin_drivers(params);
    return FC_OK;
}

void fc_params_draws(const fc_params *params, double *out)
{
    const fc_plan *plan = params->plan;

    if (plan->n_draws == 0) return;
    for (uint32_t i = params->n_sources; i-- > 0;) { /* the first of a key is the one recorded */
        const fc_value *value = &plan->values[params->sources[i].value];
        if (value->form == FC_FORM_UNKNOWN) out[value->draw] = params->sources[i].drawn;
    }
    for (uint32_t i = 0; i < plan->n_drivers; i++) {
        double from = params->drivers[i].from;
        out[plan->n_unknowns + i] = isfinite(from) ? from : NAN;
    }
}
