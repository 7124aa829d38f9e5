/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of the tree: each runs in its own empty folder, so that messages name files plainly.
 */
#ifndef FC_TEST_TREE_HELPER_H
#define FC_TEST_TREE_HELPER_H

#include "scenario/layers.h"

typedef struct fixture {
    fc_arena *arena;
    fc_diag *diag;
    char folder[64];
    int home;
} fixture;

int fixture_open(void **state);
int fixture_close(void **state);

/* Maps with `usual` or `value` are atomic; a map named `grid` is a group. */
extern const fc_tree_schema test_schema;

void write_file(const char *name, const char *text);

/* What a text, or a file, resolves to: "path: value" for each value and empty map, a line each; or
 * its errors, a line each. Lists end with NULL. */
const char *resolved_text(fixture *f, const char *text, const char *const *with,
                          const char *const *sets);
const char *resolved_file(fixture *f, const char *path);
/* The tree of the last of these, NULL if it failed. */
extern const fc_tree *last_tree;

const char *dump(fixture *f, const fc_tree *tree);
const char *messages(fixture *f, fc_lang lang);

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
