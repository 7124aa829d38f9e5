/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rosters: everything that can be referred to, kind by kind, in the plan's order. Private.
 */
#ifndef FC_SCENARIO_ROSTER_H
#define FC_SCENARIO_ROSTER_H

#include "scenario/key.h"
#include "scenario/tree.h"

enum { FC_NAME_LENGTH = 100 }; /* characters of an entity's name */

typedef struct fc_roster {
    uint32_t n, capacity;
    const fc_entry **entry; /* NULL: USD, which needs no entry */
    int32_t *owner;         /* index of the fleet (of a phase: the site), FC_NONE for the world's */
} fc_roster;

typedef struct fc_rosters {
    fc_roster of[FC_N_ENTITIES];
    struct fc_rostered *slots; /* by kind, owner and name */
    size_t n_slots;
} fc_rosters;

/* Lists every named entity of the tree. E_NOMEM. */
int fc_rosters_fill(fc_arena *arena, const fc_tree *tree, fc_rosters *out);
/* The index of a name among those of `owner` and those of nobody; FC_NONE if there is none. */
int32_t fc_roster_find(const fc_rosters *rosters, fc_entity kind, int32_t owner, const char *name);
const char *fc_roster_name(const fc_rosters *rosters, fc_entity kind, uint32_t index);

/* Whether letters, digits, '-' and '_' (and what is not ASCII) make it, not too many. */
bool fc_roster_is_name(const char *name);

#endif
