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

#define FC_NO_VALUE UINT32_MAX /* in place of an index: the value was wrong, or is an alias */

/* What binding knows of a parameter beside what the plan does. */
typedef struct fc_bound {
    const fc_key *key; /* NULL: of no key (the dollar's rate) */
    char currency[4];  /* of its money, "" if it has none */
    fc_param next;     /* the one before it in its bucket, 0: none */
} fc_bound;

/* `same_as: path`, resolved when every parameter is known. */
typedef struct fc_alias {
    fc_param param;
    const char *target;
    fc_place place;
    int32_t *currency; /* where the index of its money's currency goes; NULL: not kept */
} fc_alias;

typedef struct fc_binder {
    fc_plan *plan;
    fc_arena *arena; /* the plan's */
    fc_diag *diag;
    size_t value_capacity, param_capacity, alias_capacity;
    fc_bound *bound;  /* one a parameter */
    fc_param *bucket; /* parameters by the hash of their paths: as many as param_capacity */
    size_t n_aliases; /* not resolved yet */
    fc_alias *aliases;
} fc_binder;

/* Appends; the arrays grow in the arena. E_NOMEM. */
int fc_binder_add_value(fc_binder *b, const fc_value *value, uint32_t *index);
int fc_binder_add_param(fc_binder *b, uint32_t value, const char *path, const fc_key *key,
                        fc_param *param);
/* Takes back the values and parameters added last, so that so many are left. */
void fc_binder_take_back(fc_binder *b, uint32_t n_values, uint32_t n_params);
/* The parameter at a path, 0 if none. */
fc_param fc_binder_find_param(const fc_binder *b, const char *path);

/* The value at `node` for a VALUE row: an expression added to the plan. *index is FC_NO_VALUE if it
 * was wrong (and reported), or is an alias (*alias then holds its target; `alias` may be NULL where
 * there can be none). `currency` receives the code of its money, "" if it has none. `path` names
 * its draws. */
int fc_bind_expression(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                       uint32_t *index, char currency[4], const char **alias);

/* A new parameter for a VALUE row. *param is 0 if the value was wrong. `currency` (may be NULL)
 * receives the index of its money's currency, at the latest from fc_bind_aliases. */
int fc_bind_value(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                  fc_param *param, int32_t *currency);

/* Gives every alias the value of its target; reports unknown targets, other aliases, other kinds
 * of quantity, and values of a form the alias's key cannot have. */
int fc_bind_aliases(fc_binder *b);
/* Whether a parameter is one number, in every replication and for ever: *number then, else 0. An
 * alias is none where errors keep aliases from their targets. */
bool fc_bind_constant(const fc_plan *plan, fc_param p, double *number);

/* The node below {value: , source: ...}, or the node itself. Reports wrong remarks. */
const fc_node *fc_bind_unwrap(fc_binder *b, const fc_node *node, const char *path);
/* Checks source, certainty, known_by, note in a map. */
void fc_bind_remarks(fc_binder *b, const fc_node *map, const char *path);
/* The same for one of them; `node` NULL: a map stands there. */
void fc_bind_remark(fc_binder *b, const fc_key *key, const fc_node *node, const fc_place *place);
/* How many keys of a map are not remarks, and the first of them. */
size_t fc_bind_substance(const fc_node *map, const fc_pair **first);

/* Names for messages: "{...}", "[...]", "null", "'abc'" in a buffer of the caller. */
enum { FC_KIND_TEXT = 80 };
const char *fc_node_kind_text(const fc_node *node, char buffer[FC_KIND_TEXT]);

#endif
