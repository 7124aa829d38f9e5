/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people type when they mean YAML, and what to tell them: full-width and typographic
 * characters, a missing space after a colon, thousands separators inside { }, tabs, brackets left
 * open. fc_hint_plain and fc_hint_flow look at what libyaml accepted though it is surely a slip;
 * fc_hint_syntax finds plain words for what libyaml refused.
 */
#ifndef FC_SCENARIO_DOCUMENT_HINT_H
#define FC_SCENARIO_DOCUMENT_HINT_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>
#include "scenario/document.h"

/* The text being parsed, checked by fc_text_check(). libyaml counts characters; `index` and `byte`
 * are a matching pair from the last look, so that walking forward stays linear. */
typedef struct fc_source {
    const char *name, *bytes;
    size_t length;
    size_t index, byte;
} fc_source;

/* Checks the plain scalar between two character indices, which begins at `where`. `as_key` tells
 * that a key could begin there. Returns the number of what it reported, or FC_OK. */
int fc_hint_plain(fc_source *source, size_t start, size_t end, fc_place where, bool as_key,
                  fc_diag *diag);

/* Checks the children of a flow map (key, value, key, value ...) or flow sequence for numbers cut
 * apart at their commas and for keys that swallowed their value. */
int fc_hint_flow(const fc_node *const *children, size_t count, bool map, fc_diag *diag);

/* Checks one line that libyaml could make nothing of, [line, end), for the same slips; quoted texts
 * and comments are passed over as far as one line shows them. */
int fc_hint_line(const char *line, const char *end, fc_place where, fc_diag *diag);

/* Reports why libyaml stopped. `last` is where its last event began, `open` the innermost map or
 * list that was open, if it is a flow one (else NULL). document_syntax.c. */
int fc_hint_syntax(const yaml_parser_t *parser, fc_source *source, yaml_mark_t last,
                   const fc_node *open, fc_diag *diag);

/* The byte at a character index, or the end. */
const char *fc_source_at(fc_source *source, size_t index);

#endif
