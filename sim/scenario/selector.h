/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Selectors: path texts that stand for several entries, in --set and in the `set`, `scale` and
 * `add` of policies and shocks.
 *
 *     fleets.korea.sites.solaseado.power              a path (tree.h)
 *     fleets.*.sites.*.power                          every member
 *     fleets.korea.sites[region=non-capital].power    every member that says `region: non-capital`
 *     fleets.korea.sites.*[region=non-capital].power  the same
 *     ...sites[region=non-capital][kind=new]...       all of several conditions
 *
 * A condition's value may be quoted; it is compared with the scalar's text, of a
 * `{value: ..., source: ...}` with the value's.
 */
#ifndef FC_SCENARIO_SELECTOR_H
#define FC_SCENARIO_SELECTOR_H

#include "scenario/tree.h"

/* One concrete path. It need not be there yet: the last name may be a key its map does not have,
 * and so may schema groups on the way. */
typedef struct fc_selected {
    const fc_entry *entry; /* NULL if it is not there */
    const char *const *names;
    size_t depth;
} fc_selected;

/* Expands `text` to the paths it stands for, in the tree's order; at least one, or an error:
 * E_SELECTOR_SYNTAX (with the character's number), E_SELECTOR_NAME (which name is not there, the
 * nearest that is), E_SELECTOR_FILTER (no member fits), E_TREE_VALUE (a value on the way), E_NOMEM.
 * `place` is where the text stands. The list is in `arena`. */
int fc_tree_select(const fc_tree *tree, fc_arena *arena, const char *text, const fc_place *place,
                   fc_diag *diag, const fc_selected **out, size_t *count);

/* The length of the selector that `text` starts with: up to its end or a '=' outside quotes and
 * brackets. So `PATH=VALUE` is cut in two. */
size_t fc_selector_length(const char *text);

#endif
