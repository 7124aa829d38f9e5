/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of the JSON Schema that describe values: quantities, {unknown: }, {varies: }, calendar
 * paths, {same_as: }, mixes. Private to schema_json.c.
 *
 * Values are definitions of the schema, made when first asked for and named by kind and form
 * ("duration.unknown.varies"). Out of memory is remembered in `failed`; NULL nodes are accepted
 * everywhere.
 */
#ifndef FC_SCENARIO_SCHEMA_VALUE_H
#define FC_SCENARIO_SCHEMA_VALUE_H

#include <jansson.h>
#include "scenario/key.h"

typedef struct fc_schema {
    json_t *definitions;
    bool failed;
} fc_schema;

/* --- building: what is put or appended belongs to its owner, also on failure --- */
void fc_schema_put(fc_schema *s, json_t *object, const char *name, json_t *value);
void fc_schema_append(fc_schema *s, json_t *array, json_t *value);
json_t *fc_schema_object(fc_schema *s, const char *type);           /* {"type": type} */
json_t *fc_schema_ref(fc_schema *s, const char *definition);        /* {"$ref": ...} */
json_t *fc_schema_any(fc_schema *s, ...) __attribute__((sentinel)); /* {"anyOf": [...]} */
/* True the first time a definition is asked for; then it has to be ended. */
bool fc_schema_begin(fc_schema *s, const char *name);
void fc_schema_end(fc_schema *s, const char *name, json_t *definition);

/* --- values: references to their definitions --- */
json_t *fc_schema_text(fc_schema *s); /* any scalar */
json_t *fc_schema_quantity(fc_schema *s, fc_dim dim);
/* A VALUE row: whatever `may` allows, with or without {value: , source: }. */
json_t *fc_schema_value(fc_schema *s, fc_dim dim, unsigned may, bool same_as);
json_t *fc_schema_mix(fc_schema *s);
json_t *fc_schema_mixes(fc_schema *s);
json_t *fc_schema_factors(fc_schema *s, fc_dim dim, unsigned may);
json_t *fc_schema_ages(fc_schema *s);
/* A value that is one of some names, at a time. */
json_t *fc_schema_names(fc_schema *s, const char *const *choices, unsigned may);

/* Adds source, certainty, known_by and note to a map's properties. */
void fc_schema_add_remarks(fc_schema *s, json_t *properties);

#endif
