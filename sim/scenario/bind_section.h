/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binding sections: the walk over the tree that fills the plan's entities. Private.
 */
#ifndef FC_SCENARIO_BIND_SECTION_H
#define FC_SCENARIO_BIND_SECTION_H

#include "scenario/bind.h"
#include "scenario/tree.h"

/* Everything that can be referred to, kind by kind, in the plan's order. */
typedef struct fc_roster {
    uint32_t n, capacity;
    const fc_entry **entry; /* NULL: USD, which needs no entry */
    int32_t *owner;         /* index of the fleet (of a phase: the site), FC_NONE for the world's */
} fc_roster;

typedef struct fc_rosters {
    fc_roster of[FC_N_ENTITIES];
} fc_rosters;

/* Lists every named entity of the tree. E_NOMEM. */
int fc_rosters_fill(fc_arena *arena, const fc_tree *tree, fc_rosters *out);
/* The index of a name among those of `owner`; FC_NONE if there is none. */
int32_t fc_roster_find(const fc_rosters *rosters, fc_entity kind, int32_t owner, const char *name);
const char *fc_roster_name(const fc_rosters *rosters, fc_entity kind, uint32_t index);

typedef struct fc_section_binder {
    fc_binder b;
    const fc_tree *tree;
    const fc_rosters *rosters;
} fc_section_binder;

/* Binds one section's keys into `out` (its struct in the plan). References are sought within
 * `owner` (a fleet's index). Entries of FC_K_NAMED, FC_K_CHANGES, FC_K_NAMES, FC_K_DAYS and
 * FC_K_CORRELATIONS rows are checked for their shape only: whoever wants them reads the tree. */
int fc_bind_section(fc_section_binder *s, const fc_section *section, const fc_entry *entry,
                    int32_t owner, void *out);

/* The index of a reference; reports an unknown name with the nearest. */
int32_t fc_bind_reference(fc_section_binder *s, fc_entity kind, int32_t owner, const fc_node *node,
                          const char *path);

/* A list of texts, or one text: its items. Reports other shapes; *count is 0 then. */
int fc_bind_names(fc_section_binder *s, const fc_entry *entry, const fc_node *const **out,
                  size_t *count);

#endif
