/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parents: a scenario file and all it extends, read and put in the order in which layers.h lays
 * them down.
 */
#ifndef FC_SCENARIO_PARENTS_H
#define FC_SCENARIO_PARENTS_H

#include "scenario/document.h"

enum { FC_PARENTS_DEPTH = 32 }; /* files that extend each other in a chain, the first included */

typedef struct fc_parent {
    const char *name;    /* of the file, from the working directory */
    const fc_node *root; /* a map, without `extends` */
    struct fc_parent *next;
} fc_parent;

/* Reads the file and its parents; or, where `bytes` is not NULL, takes that text for the file's.
 * A parent `data:NAME` lies in the folder `data` (NULL: there is none). Reports the errors of all
 * of them and returns the first: those of documents, E_TREE_ROOT, E_LAYER_EXTENDS, E_LAYER_MISSING,
 * E_LAYER_CYCLE, E_LAYER_DEPTH, E_NOMEM. Keys given twice are reported only: the caller sees them
 * in `diag`. */
int fc_parents_load(fc_arena *arena, const char *path, const char *bytes, size_t length,
                    const char *data, fc_diag *diag, const fc_parent **out);

#endif
