/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/schema_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "scenario/key_text.h"

/* ---- building ------------------------------------------------------------------------------ */

void fc_schema_put(fc_schema *s, json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value)) s->failed = true;
}

void fc_schema_append(fc_schema *s, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value)) s->failed = true;
}

json_t *fc_schema_object(fc_schema *s, const char *type)
{
    json_t *out = json_object();
    fc_schema_put(s, out, "type", json_string(type));
    return out;
}

json_t *fc_schema_ref(fc_schema *s, const char *definition)
{
    json_t *out = json_object();
    fc_schema_put(s, out, "$ref", json_sprintf("#/definitions/%s", definition));
    return out;
}

json_t *fc_schema_any(fc_schema *s, ...)
{
    json_t *out = json_object(), *all = json_array();
    va_list list;
    va_start(list, s);
    for (json_t *one; (one = va_arg(list, json_t *));) fc_schema_append(s, all, one);
    va_end(list);
    fc_schema_put(s, out, "anyOf", all);
    return out;
}

bool fc_schema_begin(fc_schema *s, const char *name)
{
    if (json_object_get(s->definitions, name)) return false;
    fc_schema_put(s, s->definitions, name, json_object()); /* ends recursion */
    return true;
}

void fc_schema_end(fc_schema *s, const char *name, json_t *definition)
{
    fc_schema_put(s, s->definitions, name, definition);
}

/* ---- texts and remarks ---------------------------------------------------------------------- */

json_t *fc_schema_text(fc_schema *s)
{
    if (fc_schema_begin(s, "text")) {
        /* YAML takes a title such as 2030 or a region such as no for something else. */
        json_t *out = json_object();
        fc_schema_put(s, out, "type", json_pack("[s, s, s]", "string", "number", "boolean"));
        fc_schema_end(s, "text", out);
    }
    return fc_schema_ref(s, "text");
}

static json_t *remark(fc_schema *s, const fc_key *key)
{
    json_t *out = json_object();
    if (key->type == FC_K_DAY) {
        json_decref(out);
        out =
            fc_schema_any(s, fc_schema_quantity(s, FC_DIM_DATE), fc_schema_object(s, "null"), NULL);
    } else if (key->type == FC_K_CHOICE) {
        json_t *choices = json_array();
        for (size_t i = 0; key->choices[i]; i++)
            fc_schema_append(s, choices, json_string(key->choices[i]));
        fc_schema_append(s, choices, json_null());
        fc_schema_put(s, out, "enum", choices);
    } else {
        fc_schema_put(s, out, "type",
                      json_pack("[s, s, s, s]", "string", "number", "boolean", "null"));
    }
    fc_schema_put(s, out, "description", json_sprintf("%s\n%s", key->en, key->ko));
    return out;
}

void fc_schema_add_remarks(fc_schema *s, json_t *properties)
{
    for (const fc_key *key = fc_remark_keys; key->name; key++) {
        char name[64];
        snprintf(name, sizeof name, "remark.%s", key->name);
        if (fc_schema_begin(s, name)) fc_schema_end(s, name, remark(s, key));
        fc_schema_put(s, properties, key->name, fc_schema_ref(s, name));
    }
}

/* A closed map; `required` may be NULL. Remarks may stand in it. */
static json_t *closed(fc_schema *s, json_t *properties, json_t *required)
{
    json_t *out = fc_schema_object(s, "object");
    fc_schema_add_remarks(s, properties);
    fc_schema_put(s, out, "properties", properties);
    if (required) fc_schema_put(s, out, "required", required);
    fc_schema_put(s, out, "additionalProperties", json_false());
    return out;
}

/* {name: inner} */
static json_t *holder(fc_schema *s, const char *name, json_t *inner)
{
    json_t *properties = json_object();
    fc_schema_put(s, properties, name, inner);
    return closed(s, properties, json_pack("[s]", name));
}

/* ---- quantities ----------------------------------------------------------------------------- */

static json_t *pattern(fc_dim dim)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_unit_pattern(dim, &text);
    json_t *out = fc_text_failed(&text) ? NULL : json_string(text.data);
    fc_text_free(&text);
    return out;
}

/* As YAML reads it: a text, or a number where no unit is needed. */
static json_t *quantity(fc_schema *s, fc_dim dim)
{
    bool bare = dim == FC_DIM_NUMBER || dim == FC_DIM_COUNT || dim == FC_DIM_SHARE;
    const char *units = fc_unit_list(dim);
    json_t *out = json_object();
    fc_schema_put(s, out, "type",
                  bare ? json_pack("[s, s]", "number", "string") : json_string("string"));
    fc_schema_put(s, out, "pattern", pattern(dim));
    fc_schema_put(s, out, "description",
                  json_sprintf("%s%s%s, e.g. %s\n%s", fc_dim_name(dim, FC_LANG_EN),
                               *units ? " in " : "", units, fc_unit_example(dim),
                               fc_dim_name(dim, FC_LANG_KO)));
    return out;
}

json_t *fc_schema_quantity(fc_schema *s, fc_dim dim)
{
    const char *name = fc_dim_id(dim);
    if (fc_schema_begin(s, name)) fc_schema_end(s, name, quantity(s, dim));
    return fc_schema_ref(s, name);
}

/* ---- distributions -------------------------------------------------------------------------- */

/* One distribution: {low: , likely: , high: }, or with its name {distribution: gamma, ...}. */
static json_t *distribution_form(fc_schema *s, fc_dim dim, fc_distribution_kind kind, bool by_name)
{
    const fc_distribution_form *form = fc_distribution_form_of(kind);
    json_t *properties = json_object(), *required = json_array();
    if (by_name) {
        json_t *name = json_object();
        fc_schema_put(s, name, "enum", json_pack("[s]", form->name));
        fc_schema_put(s, properties, "distribution", name);
        fc_schema_append(s, required, json_string("distribution"));
    }
    for (unsigned i = 0; i < form->count; i++) {
        const char *name = form->parameter[i].name;
        fc_dim of = form->parameter[i].has_unit ? fc_form_parameter_dim(name, dim) : FC_DIM_NUMBER;
        fc_schema_put(s, properties, name, fc_schema_value(s, of, FC_MAY_UNKNOWN, false));
        bool left_out = kind == FC_DIST_NORMAL && i >= 2; /* its bounds */
        if (!left_out) fc_schema_append(s, required, json_string(name));
    }
    return closed(s, properties, required);
}

static json_t *one_of(fc_schema *s, fc_dim dim)
{
    json_t *map = fc_schema_object(s, "object"), *names = json_object();
    fc_schema_put(s, names, "pattern", pattern(dim));
    fc_schema_put(s, map, "propertyNames", names);
    fc_schema_put(s, map, "additionalProperties", fc_schema_quantity(s, FC_DIM_SHARE));
    return holder(s, "one_of", map);
}

static json_t *sample(fc_schema *s, fc_dim dim)
{
    json_t *list = fc_schema_object(s, "array");
    fc_schema_put(s, list, "items", fc_schema_quantity(s, dim));
    return holder(s, "sample", list);
}

/* As in the binding: a date has no scale, and only a share is a rate of passing. */
static bool makes_sense(fc_distribution_kind kind, fc_dim dim)
{
    bool scale = kind == FC_DIST_USUAL_BAD || kind == FC_DIST_LOGNORMAL || kind == FC_DIST_GAMMA ||
                 kind == FC_DIST_WEIBULL || kind == FC_DIST_EXPONENTIAL;
    return kind == FC_DIST_PASSED_OF ? dim == FC_DIM_SHARE : !(scale && dim == FC_DIM_DATE);
}

static json_t *distribution(fc_schema *s, fc_dim dim)
{
    char name[64];
    snprintf(name, sizeof name, "%s.distribution", fc_dim_id(dim));
    if (fc_schema_begin(s, name)) {
        /* The forms without a name, then those with one. */
        static const fc_distribution_kind plain[] = {FC_DIST_PERT, FC_DIST_UNIFORM,
                                                     FC_DIST_USUAL_BAD, FC_DIST_PASSED_OF};
        json_t *out = json_object(), *all = json_array();
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (makes_sense(plain[i], dim))
                fc_schema_append(s, all, distribution_form(s, dim, plain[i], false));
        fc_schema_append(s, all, one_of(s, dim));
        fc_schema_append(s, all, sample(s, dim));
        for (int k = 0; k < FC_DIST_KINDS; k++) {
            fc_distribution_kind kind = (fc_distribution_kind)k;
            if (fc_form_has_name(fc_distribution_form_of(kind)) && makes_sense(kind, dim))
                fc_schema_append(s, all, distribution_form(s, dim, kind, true));
        }
        fc_schema_put(s, out, "anyOf", all);
        fc_schema_end(s, name, out);
    }
    return fc_schema_ref(s, name);
}

/* ---- expressions ---------------------------------------------------------------------------- */

/* {2026-01-01: value, ...}; remarks may stand beside the dates, not beside those below `steps:`. */
static json_t *dates(fc_schema *s, fc_dim dim, unsigned may)
{
    json_t *properties = json_object(), *by_date = json_object();
    fc_text text = FC_TEXT_EMPTY;
    fc_unit_pattern(FC_DIM_DATE, &text);
    unsigned inner = may & (FC_MAY_UNKNOWN | FC_MAY_VARY);
    fc_schema_put(s, by_date, text.data ? text.data : "", fc_schema_value(s, dim, inner, false));
    if (fc_text_failed(&text)) s->failed = true;
    fc_text_free(&text);
    json_t *out = closed(s, properties, NULL);
    fc_schema_put(s, out, "patternProperties", by_date);
    return out;
}

static json_t *expression(fc_schema *s, fc_dim dim, unsigned may, bool same_as)
{
    json_t *out = json_object(), *all = json_array();
    fc_schema_append(s, all, fc_schema_quantity(s, dim));
    if (may & FC_MAY_UNKNOWN) fc_schema_append(s, all, holder(s, "unknown", distribution(s, dim)));
    if (may & FC_MAY_VARY) fc_schema_append(s, all, holder(s, "varies", distribution(s, dim)));
    if (may & FC_MAY_STEP) {
        fc_schema_append(s, all, dates(s, dim, may));
        fc_schema_append(s, all, holder(s, "steps", dates(s, dim, may)));
    }
    if (may & FC_MAY_LINEAR) fc_schema_append(s, all, holder(s, "linear", dates(s, dim, may)));
    if (same_as) fc_schema_append(s, all, holder(s, "same_as", fc_schema_text(s)));
    fc_schema_put(s, out, "anyOf", all);
    return out;
}

json_t *fc_schema_value(fc_schema *s, fc_dim dim, unsigned may, bool same_as)
{
    char plain[96], name[96];
    snprintf(plain, sizeof plain, "%s.plain%s%s%s%s%s", fc_dim_id(dim),
             may & FC_MAY_UNKNOWN ? ".unknown" : "", may & FC_MAY_VARY ? ".varies" : "",
             may & FC_MAY_STEP ? ".steps" : "", may & FC_MAY_LINEAR ? ".linear" : "",
             same_as ? ".same_as" : "");
    snprintf(name, sizeof name, "%s.value%s", fc_dim_id(dim),
             strchr(plain, '.') + strlen(".plain"));
    if (fc_schema_begin(s, plain)) fc_schema_end(s, plain, expression(s, dim, may, same_as));
    if (fc_schema_begin(s, name)) {
        json_t *with_remarks = holder(s, "value", fc_schema_ref(s, plain));
        fc_schema_end(s, name, fc_schema_any(s, fc_schema_ref(s, plain), with_remarks, NULL));
    }
    return fc_schema_ref(s, name);
}

/* {h100: 60 %, h200: 40 %} */
json_t *fc_schema_mix(fc_schema *s)
{
    if (fc_schema_begin(s, "mix.plain")) {
        json_t *out = closed(s, json_object(), NULL);
        fc_schema_put(s, out, "additionalProperties", fc_schema_quantity(s, FC_DIM_SHARE));
        fc_schema_end(s, "mix.plain", out);
    }
    if (fc_schema_begin(s, "mix"))
        fc_schema_end(s, "mix",
                      fc_schema_any(s, fc_schema_ref(s, "mix.plain"),
                                    holder(s, "value", fc_schema_ref(s, "mix.plain")), NULL));
    return fc_schema_ref(s, "mix");
}

/* {2025: {h200: 64 %, b200: 36 %}, 2026: {b200: 100 %}} */
json_t *fc_schema_mixes(fc_schema *s)
{
    json_t *years = json_object(), *plain = closed(s, json_object(), NULL);
    fc_schema_put(s, years, "^[0-9]{4}$", fc_schema_mix(s));
    fc_schema_put(s, plain, "patternProperties", years);
    return fc_schema_any(s, plain, holder(s, "value", fc_schema_object(s, "object")), NULL);
}

/* {b200: 2.2, npu: {unknown: {low: 0.2, high: 0.6}}} */
json_t *fc_schema_factors(fc_schema *s, fc_dim dim, unsigned may)
{
    json_t *plain = fc_schema_object(s, "object");
    fc_schema_put(s, plain, "additionalProperties", fc_schema_value(s, dim, may, true));
    return fc_schema_any(s, plain, holder(s, "value", fc_schema_object(s, "object")), NULL);
}

/* {0 months: 3, 6 months: 1, 4 years: 2} */
json_t *fc_schema_ages(fc_schema *s)
{
    json_t *plain = fc_schema_object(s, "object");
    fc_schema_put(s, plain, "additionalProperties", fc_schema_quantity(s, FC_DIM_NUMBER));
    return fc_schema_any(s, plain, holder(s, "value", fc_schema_object(s, "object")), NULL);
}

static json_t *one_name(fc_schema *s, const char *const *choices)
{
    json_t *out = json_object(), *names = json_array();
    for (size_t i = 0; choices[i]; i++) fc_schema_append(s, names, json_string(choices[i]));
    fc_schema_put(s, out, "enum", names);
    return out;
}

/* Which of the names it is, with their shares: {unknown: {one_of: {licence: 60 %, banned: 40 %}}}
 */
static json_t *drawn_name(fc_schema *s, const char *const *choices)
{
    json_t *shares = fc_schema_object(s, "object");
    fc_schema_put(s, shares, "propertyNames", one_name(s, choices));
    fc_schema_put(s, shares, "additionalProperties", fc_schema_quantity(s, FC_DIM_SHARE));
    return holder(s, "unknown", holder(s, "one_of", shares));
}

static json_t *plain_name(fc_schema *s, const char *const *choices, unsigned may)
{
    json_t *out = fc_schema_any(s, one_name(s, choices), NULL, NULL);
    json_t *all = json_object_get(out, "anyOf");
    if (may & FC_MAY_UNKNOWN) fc_schema_append(s, all, drawn_name(s, choices));
    fc_schema_append(s, all, holder(s, "same_as", fc_schema_text(s)));
    return out;
}

json_t *fc_schema_names(fc_schema *s, const char *const *choices, unsigned may)
{
    json_t *out = plain_name(s, choices, may), *all = json_object_get(out, "anyOf");
    fc_schema_append(
        s, all,
        holder(s, "value",
               fc_schema_any(s, plain_name(s, choices, may), fc_schema_object(s, "object"), NULL)));
    if (may & FC_MAY_STEP) {
        fc_text text = FC_TEXT_EMPTY;
        json_t *by_date = json_object(), *steps = closed(s, json_object(), NULL);
        fc_unit_pattern(FC_DIM_DATE, &text);
        fc_schema_put(s, by_date, text.data ? text.data : "", plain_name(s, choices, may));
        if (fc_text_failed(&text)) s->failed = true;
        fc_text_free(&text);
        fc_schema_put(s, steps, "patternProperties", by_date);
        fc_schema_append(s, all, steps);
    }
    return out;
}
