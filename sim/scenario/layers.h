/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Layers: a scenario file, what it extends and what the command line adds -> one tree (tree.h).
 *
 * Laid down in this order, later over earlier:
 *   1. parents (`extends: [a.yaml, b.yaml]` or one text, relative to the file that names them),
 *      left to right, each after its own parents; `data:NAME` is one of the catalogue's;
 *   2. the file;
 *   3. --with: names added to `active`;
 *   4. --set of anything in `active`, `policies` and `shocks`;
 *   5. active policies without a date, in the order of `active`;
 *   6. all other --set, in the order given.
 * A file that is reached twice (a diamond) is laid down once, where it is first reached: laid down
 * again it would undo what its first child changed. A cycle of parents is an error.
 *
 * A policy is without a date (static) if it says nothing but `set`: no `at`, `until`, `when`,
 * `probability`, `scale` or `add`. What it sets is set from the start and in every future, so it is
 * one more layer, can change any key, and leaves `active`; tree->applied names it. Of the tree's
 * `active` the dated policies and the shocks are left, for the plan; the key goes where none are.
 * `extends` is not part of the tree.
 */
#ifndef FC_SCENARIO_LAYERS_H
#define FC_SCENARIO_LAYERS_H

#include "scenario/tree.h"

typedef struct fc_layer_options {
    const char *data; /* folder of the catalogue: `extends: data:accelerators.yaml`; NULL: none */
    const char *const *with; /* names of policies and shocks */
    size_t with_count;
    const char *const *sets; /* "PATH=VALUE"; PATH is a selector (selector.h), VALUE YAML in flow
                              * form; null, or nothing, deletes */
    size_t sets_count;
    const fc_tree_schema *schema; /* may be NULL */
} fc_layer_options;

/* Reads and resolves a scenario. `options` may be NULL. Reports every error that can be found
 * together and returns the first; on error *out is NULL, but where keys given twice are all that
 * is wrong (E_DOC_DUPLICATE) as document.h says. Errors: the documents' (30x-31x),
 * E_LAYER_..., E_TREE_..., E_SELECTOR_..., E_NOMEM. */
int fc_layers_resolve(fc_arena *arena, const char *scenario_path, const fc_layer_options *options,
                      fc_diag *diag, const fc_tree **out);

/* The same for a text in memory; `name` stands for its file, parents are sought in its folder. */
int fc_layers_resolve_text(fc_arena *arena, const char *name, const char *bytes, size_t length,
                           const fc_layer_options *options, fc_diag *diag, const fc_tree **out);

/* Whether a member of `policies` is without a date, as above. */
bool fc_policy_is_static(const fc_entry *policy);

/* Step 5: checks the names in `active`, lays active static policies over the tree and takes them
 * out of `active`. fc_layers_resolve does it. */
int fc_layers_apply_static(fc_tree *tree, fc_diag *diag);

#endif
