/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/roster.h"

#include <string.h>

typedef struct fc_rostered {
    fc_entity kind; /* FC_ENTITY_NONE: an empty slot */
    uint32_t index;
} fc_rostered;

bool fc_roster_is_name(const char *name)
{
    size_t characters = 0;
    for (const char *p = name; *p && characters <= FC_NAME_LENGTH; p++)
        characters += ((unsigned char)*p & 0xc0) != 0x80;
    return characters > 0 && characters <= FC_NAME_LENGTH && !strpbrk(name, ".[]*=\"' \t\r\n,{}");
}

static int enrol(fc_arena *arena, fc_rosters *rosters, fc_entity kind, const fc_entry *entry,
                 int32_t owner)
{
    fc_roster *r = &rosters->of[kind];
    if (r->n == r->capacity) {
        uint32_t capacity = r->capacity ? 2 * r->capacity : 16;
        const fc_entry **entries = fc_arena_array(arena, capacity, sizeof *entries);
        int32_t *owners = fc_arena_array(arena, capacity, sizeof *owners);
        if (!entries || !owners) return FC_E_NOMEM;
        if (r->n) {
            memcpy(entries, r->entry, r->n * sizeof *entries);
            memcpy(owners, r->owner, r->n * sizeof *owners);
        }
        r->entry = entries;
        r->owner = owners;
        r->capacity = capacity;
    }
    r->entry[r->n] = entry;
    r->owner[r->n++] = owner;
    return FC_OK;
}

static int enrol_within(fc_arena *arena, fc_rosters *rosters, const fc_section *section,
                        const fc_entry *map, int32_t owner);

/* Enrols the members of a named map and, through the key table, the named maps within them. What
 * lies below a bad name is left out: an error is reported for the name, and every path below would
 * be as long. */
static int enrol_members(fc_arena *arena, fc_rosters *rosters, const fc_section *section,
                         const fc_entry *map, int32_t owner)
{
    if (!map || !map->is_map) return FC_OK;
    for (const fc_entry *e = map->first; e; e = e->next) {
        int32_t index = (int32_t)rosters->of[section->entity].n;
        int ret = enrol(arena, rosters, section->entity, e, owner);
        if (ret) return ret;
        if (!fc_roster_is_name(e->name)) continue;
        /* A phase belongs to its site; all else within a fleet belongs to the fleet. */
        if ((ret = enrol_within(arena, rosters, section, e, index))) return ret;
    }
    return FC_OK;
}

static int enrol_within(fc_arena *arena, fc_rosters *rosters, const fc_section *section,
                        const fc_entry *map, int32_t owner)
{
    int ret = FC_OK;
    for (const fc_key *key = section->keys; key->name && !ret; key++) {
        const fc_entry *child = fc_entry_child(map, key->name);
        if (key->type == FC_K_NAMED)
            ret = enrol_members(arena, rosters, key->section, child, owner);
        if (key->type == FC_K_SECTION && child && child->is_map)
            ret = enrol_within(arena, rosters, key->section, child, owner);
    }
    return ret;
}

const char *fc_roster_name(const fc_rosters *rosters, fc_entity kind, uint32_t index)
{
    const fc_entry *entry = rosters->of[kind].entry[index];
    return entry ? entry->name : "USD";
}

/* ---- finding -------------------------------------------------------------------------------- */

/* The slot of a name, or the empty one where it would stand. */
static fc_rostered *slot_of(const fc_rosters *rosters, fc_entity kind, int32_t owner,
                            const char *name)
{
    uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
    hash = (hash ^ (uint32_t)kind) * 0x100000001b3;
    hash = (hash ^ (uint32_t)owner) * 0x100000001b3;
    for (const char *p = name; *p; p++) hash = (hash ^ (unsigned char)*p) * 0x100000001b3;
    for (size_t i = (size_t)(hash ^ hash >> 32);; i++) {
        fc_rostered *slot = &rosters->slots[i & (rosters->n_slots - 1)];
        if (slot->kind == FC_ENTITY_NONE) return slot;
        if (slot->kind == kind && rosters->of[kind].owner[slot->index] == owner &&
            strcmp(fc_roster_name(rosters, kind, slot->index), name) == 0)
            return slot;
    }
}

static int index_names(fc_arena *arena, fc_rosters *rosters)
{
    size_t names = 0;
    for (int kind = 0; kind < FC_N_ENTITIES; kind++) names += rosters->of[kind].n;
    for (rosters->n_slots = 64; rosters->n_slots < 2 * names;) rosters->n_slots *= 2;
    rosters->slots = fc_arena_array(arena, rosters->n_slots, sizeof *rosters->slots);
    if (!rosters->slots) return FC_E_NOMEM;
    for (int k = 1; k < FC_N_ENTITIES; k++) {
        const fc_roster *r = &rosters->of[k];
        for (uint32_t i = 0; i < r->n; i++) {
            fc_entity kind = (fc_entity)k;
            fc_rostered *slot =
                slot_of(rosters, kind, r->owner[i], fc_roster_name(rosters, kind, i));
            if (slot->kind == FC_ENTITY_NONE) *slot = (fc_rostered){kind, i};
        }
    }
    return FC_OK;
}

int32_t fc_roster_find(const fc_rosters *rosters, fc_entity kind, int32_t owner, const char *name)
{
    const fc_rostered *slot = slot_of(rosters, kind, owner, name);
    if (slot->kind == FC_ENTITY_NONE) slot = slot_of(rosters, kind, FC_NONE, name);
    return slot->kind == FC_ENTITY_NONE ? FC_NONE : (int32_t)slot->index;
}

int fc_rosters_fill(fc_arena *arena, const fc_tree *tree, fc_rosters *out)
{
    *out = (fc_rosters){0};
    int ret = enrol(arena, out, FC_ENTITY_CURRENCY, NULL, FC_NONE); /* USD */
    if (ret) return ret;
    const fc_entry *world = fc_entry_child(tree->root, "world");
    for (const fc_key *key = fc_section_world.keys; key->name; key++)
        if ((ret = enrol_members(arena, out, key->section, fc_entry_child(world, key->name),
                                 FC_NONE)))
            return ret;
    ret =
        enrol_members(arena, out, &fc_section_fleet, fc_entry_child(tree->root, "fleets"), FC_NONE);
    return ret ? ret : index_names(arena, out);
}
