/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binding: the resolved tree, checked against the key table, becomes the plan. Private to the
 * scenario layer. Problems are collected in the diag and binding goes on, so that one pass reports
 * them all; functions return FC_OK even then, and an error number only when they cannot go on
 * (E_NOMEM).
 */
#ifndef FC_SCENARIO_BIND_H
#define FC_SCENARIO_BIND_H

#include "fleetcast/error.h"
#include "model/plan.h"
#include "scenario/document.h"
#include "scenario/key.h"
#include "scenario/quantity.h"

/* `same_as: path`, resolved when every parameter is known. */
typedef struct fc_alias {
    fc_param param;
    const char *target;
    fc_place place;
} fc_alias;

typedef struct fc_binder {
    fc_plan *plan;
    fc_arena *arena; /* the plan's */
    fc_diag *diag;
    size_t value_capacity, param_capacity, alias_capacity;
    size_t n_aliases;
    fc_alias *aliases;
} fc_binder;

/* Appends; the arrays grow in the arena. E_NOMEM. */
int fc_binder_add_value(fc_binder *b, const fc_value *value, uint32_t *index);
int fc_binder_add_param(fc_binder *b, uint32_t value, const char *path, fc_param *param);
/* The parameter at a path, 0 if none. */
fc_param fc_binder_find_param(const fc_binder *b, const char *path);

/* The value at `node` for a VALUE row: an expression added to the plan. *index is UINT32_MAX if it
 * was wrong (and reported), or is an alias (*alias then holds its target). `currency` receives the
 * code of its money, "" if it has none. `path` names its draws. */
int fc_bind_expression(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                       uint32_t *index, char currency[4], const char **alias);

/* A new parameter for a VALUE row. *param is 0 if the value was wrong. */
int fc_bind_value(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                  fc_param *param, char currency[4]);

/* Gives every alias the value of its target; reports unknown targets, cycles, other dimensions. */
int fc_bind_aliases(fc_binder *b);

/* The node below {value: , source: ...}, or the node itself. Reports wrong remarks. */
const fc_node *fc_bind_unwrap(fc_binder *b, const fc_node *node, const char *path);
/* Checks source, certainty, known_by, note in a map. */
void fc_bind_remarks(fc_binder *b, const fc_node *map, const char *path);

/* Names for messages: "a map", "a list", "the text 'abc'" in a buffer of the caller. */
const char *fc_node_kind_text(const fc_node *node, char *buffer, size_t size);

#endif
