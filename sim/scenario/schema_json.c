/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/schema_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "fleetcast/error.h"
#include "scenario/key_text.h"
#include "scenario/schema_value.h"

/* Names of entities; fc_bind_section() checks the same. */
static const char name_pattern[] = "^[^.\\[\\]*=\"' \\t\\r\\n,{}]{1,100}$";

static json_t *section_of(fc_schema *s, const fc_section *section);

static json_t *named(fc_schema *s, const fc_section *section)
{
    json_t *out = fc_schema_object(s, "object");
    json_t *names = json_object();
    fc_schema_put(s, names, "pattern", json_string(name_pattern));
    fc_schema_put(s, out, "propertyNames", names);
    fc_schema_put(s, out, "additionalProperties", section_of(s, section));
    return out;
}

static json_t *list(fc_schema *s, json_t *item)
{
    json_t *out = fc_schema_object(s, "array");
    fc_schema_put(s, out, "items", item);
    return out;
}

static json_t *choice(fc_schema *s, const fc_key *key)
{
    json_t *out = json_object(), *names = json_array();
    for (size_t i = 0; key->choices[i]; i++)
        fc_schema_append(s, names, json_string(key->choices[i]));
    fc_schema_put(s, out, "enum", names);
    return out;
}

static json_t *whole(fc_schema *s, const fc_key *key)
{
    json_t *number = fc_schema_object(s, "integer");
    fc_schema_put(s, number, "minimum", json_integer((json_int_t)key->min));
    fc_schema_put(s, number, "maximum", json_integer((json_int_t)key->max));
    json_t *text = fc_schema_object(s, "string"); /* 1,000 is a text to YAML */
    fc_schema_put(s, text, "pattern", json_string("^[0-9][0-9,_]*( ?[a-z만억천]+)?$"));
    return fc_schema_any(s, number, text, NULL);
}

static json_t *texts(fc_schema *s)
{
    json_t *both = fc_schema_object(s, "object"), *languages = json_object();
    fc_schema_put(s, languages, "en", fc_schema_text(s));
    fc_schema_put(s, languages, "ko", fc_schema_text(s));
    fc_schema_put(s, both, "properties", languages);
    fc_schema_put(s, both, "additionalProperties", json_false());
    return fc_schema_any(s, fc_schema_text(s), both, NULL);
}

static json_t *correlations(fc_schema *s)
{
    json_t *pair = fc_schema_object(s, "object"), *keys = json_object();
    json_t *between = list(s, fc_schema_text(s));
    fc_schema_put(s, between, "minItems", json_integer(2));
    fc_schema_put(s, between, "maxItems", json_integer(2));
    fc_schema_put(s, keys, "between", between);
    fc_schema_put(s, keys, "correlation", fc_schema_quantity(s, FC_DIM_NUMBER));
    fc_schema_add_remarks(s, keys);
    fc_schema_put(s, pair, "properties", keys);
    fc_schema_put(s, pair, "required", json_pack("[s, s]", "between", "correlation"));
    fc_schema_put(s, pair, "additionalProperties", json_false());
    return list(s, pair);
}

/* A list of so many shares, or {value: , source: ...}. */
static json_t *profile(fc_schema *s, const fc_key *key)
{
    json_t *shares = list(s, fc_schema_quantity(s, FC_DIM_SHARE)), *with = NULL;
    fc_schema_put(s, shares, "minItems", json_integer((json_int_t)key->max));
    fc_schema_put(s, shares, "maxItems", json_integer((json_int_t)key->max));
    with = fc_schema_object(s, "object");
    json_t *keys = json_object();
    fc_schema_put(s, keys, "value", json_deep_copy(shares));
    fc_schema_add_remarks(s, keys);
    fc_schema_put(s, with, "properties", keys);
    fc_schema_put(s, with, "required", json_pack("[s]", "value"));
    fc_schema_put(s, with, "additionalProperties", json_false());
    return fc_schema_any(s, shares, with, NULL);
}

/* What a key takes, null aside. */
static json_t *taken(fc_schema *s, const fc_key *key)
{
    switch (key->type) {
    case FC_K_SECTION:
        return section_of(s, key->section);
    case FC_K_NAMED:
        return named(s, key->section);
    case FC_K_TEXT:
    case FC_K_REF:
        return fc_schema_text(s);
    case FC_K_TEXTS:
        return texts(s);
    case FC_K_WHOLE:
        return whole(s, key);
    case FC_K_DAY:
        return fc_schema_quantity(s, FC_DIM_DATE);
    case FC_K_CHOICE:
        return choice(s, key);
    case FC_K_VALUE:
        if (key->choices) return fc_schema_names(s, key->choices, key->may);
        return fc_schema_value(s, key->want.dim, key->may, true);
    case FC_K_REFS:
    case FC_K_NAMES:
    case FC_K_MONTHS:
    case FC_K_HOURS:
        return fc_schema_any(s, fc_schema_text(s), list(s, fc_schema_text(s)), NULL);
    case FC_K_MIX:
        return fc_schema_mix(s);
    case FC_K_MIXES:
        return fc_schema_mixes(s);
    case FC_K_FACTORS:
        return fc_schema_factors(s, key->want.dim, key->may);
    case FC_K_AGES:
        return fc_schema_ages(s);
    case FC_K_PROFILE:
        return profile(s, key);
    case FC_K_DAYS:
        return fc_schema_any(s, fc_schema_quantity(s, FC_DIM_DATE),
                             list(s, fc_schema_quantity(s, FC_DIM_DATE)), NULL);
    case FC_K_CHANGES:
        return fc_schema_object(s, "object");
    case FC_K_CORRELATIONS:
        return correlations(s);
    case FC_K_ANY:
        return json_object();
    case FC_K_ANYS:
        return list(s, json_object());
    }
    return NULL;
}

/* "order (or start of sale) to delivery\n발주에서 납품까지\na duration, 0 days to 20 years" */
static json_t *description(const fc_key *key)
{
    fc_text text = FC_TEXT_EMPTY, limits = FC_TEXT_EMPTY;
    fc_text_printf(&text, "%s\n%s\n", key->en, key->ko);
    fc_key_add_kind(key, &text);
    fc_key_add_limits(key, &limits);
    if (limits.length) fc_text_printf(&text, ", %s", limits.data);
    json_t *out = fc_text_failed(&text) || limits.failed ? NULL : json_string(text.data);
    fc_text_free(&text);
    fc_text_free(&limits);
    return out;
}

static json_t *property(fc_schema *s, const fc_key *key)
{
    json_t *out = fc_schema_any(s, taken(s, key), fc_schema_object(s, "null"), NULL);
    fc_schema_put(s, out, "description", description(key));
    if (key->fallback) fc_schema_put(s, out, "default", json_string(key->fallback));
    if (key->type == FC_K_VALUE && !key->choices)
        fc_schema_put(s, out, "examples", json_pack("[s]", fc_unit_example(key->want.dim)));
    return out;
}

static void fill_section(fc_schema *s, const fc_section *section, json_t *out)
{
    json_t *keys = json_object();
    for (const fc_key *key = section->keys; key->name; key++)
        fc_schema_put(s, keys, key->name, property(s, key));
    fc_schema_add_remarks(s, keys);
    fc_schema_put(s, out, "type", json_pack("[s, s]", "object", "null"));
    fc_schema_put(s, out, "description", json_sprintf("%s\n%s", section->en, section->ko));
    fc_schema_put(s, out, "properties", keys);
    fc_schema_put(s, out, "additionalProperties", json_false());
}

static json_t *section_of(fc_schema *s, const fc_section *section)
{
    if (fc_schema_begin(s, section->id)) {
        json_t *out = json_object();
        fill_section(s, section, out);
        fc_schema_end(s, section->id, out);
    }
    return fc_schema_ref(s, section->id);
}

int fc_schema_json(const fc_section *root_section, fc_text *out)
{
    fc_schema s = {.definitions = json_object()};
    json_t *root = json_object();
    char *text = NULL;
    if (!root || !s.definitions) goto out;
    fc_schema_put(&s, root, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    fc_schema_put(&s, root, "title", json_sprintf("fleetcast %s", root_section->id));
    fill_section(&s, root_section, root);
    fc_schema_put(&s, root, "definitions", json_incref(s.definitions));
    if (!s.failed) text = json_dumps(root, JSON_INDENT(1));
out:
    if (text) fc_text_printf(out, "%s\n", text);
    free(text);
    json_decref(root);
    json_decref(s.definitions);
    return text && !fc_text_failed(out) ? FC_OK : FC_E_NOMEM;
}
