/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Trees and values as text: `show --resolved`, `show --diff`, the stored inputs.
 */
#ifndef FC_SCENARIO_TREE_PRINT_H
#define FC_SCENARIO_TREE_PRINT_H

#include <stdio.h>
#include "scenario/tree.h"

/* The node as YAML in one line: `{usual: 12 months, bad_1_in_20: 36 months}`. */
void fc_node_format(const fc_node *node, fc_text *out);

/* Where a setting comes from: "korea.yaml:12", "policy faster (korea.yaml:40)", "--set". */
void fc_setting_format(const fc_setting *setting, fc_lang lang, fc_text *out);

/* The tree as a scenario that resolves to the same tree (fc_tree_hash), each value followed by a
 * comment: where it was set, and what it replaced. Write errors are left in ferror(out). E_NOMEM.
 */
int fc_tree_print_resolved(const fc_tree *tree, FILE *out, fc_lang lang);

/* What makes `b` differ from `a`, one value a line, in b's order; what only `a` has comes after its
 * neighbours. *count (may be NULL) is the number of lines.
 *     + path: new
 *     - path: old
 *     ~ path: old -> new
 * Write errors are left in ferror(out). E_NOMEM. */
int fc_tree_diff(const fc_tree *a, const fc_tree *b, FILE *out, size_t *count);

#endif
