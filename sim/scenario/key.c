/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/key.h"

#include <string.h>
#include "model/metric_table.h"
#include "scenario/nearest.h"

/* Monthly metrics come first in the metric table, so a choice's index is the metric's number;
 * the assertion in metric.c's test keeps it so. */
#define NAME_SERIES(id) #id,
#define NAME_OUTCOME(id)
const char *const fc_series_names[] = {
#define FC_X(id, scope, kind, unit, en, ko, iamc) NAME_##kind(id)
    FC_METRIC_TABLE(FC_X)
#undef FC_X
        NULL};

const fc_key *fc_key_find(const fc_section *section, const char *name)
{
    for (const fc_key *key = section->keys; key->name; key++)
        if (strcmp(key->name, name) == 0) return key;
    return NULL;
}

const fc_key *fc_remark_find(const char *name)
{
    for (const fc_key *key = fc_remark_keys; key->name; key++)
        if (strcmp(key->name, name) == 0) return key;
    return NULL;
}

const char *fc_key_nearest(const fc_section *section, const char *name)
{
    const char *nearest = NULL;
    size_t limit = strlen(name) / 3 + 1, best = limit + 1;
    const fc_key *const tables[] = {section->keys, fc_remark_keys};
    for (size_t t = 0; t < 2; t++)
        for (const fc_key *key = tables[t]; key->name; key++) {
            size_t distance = fc_name_distance(name, key->name, limit);
            if (distance < best) {
                best = distance;
                nearest = key->name;
            }
        }
    return nearest;
}

/* Whether the name stands `depth` sections below; adds the path from `section` on. */
static bool find_home(const fc_section *section, const char *name, unsigned depth, fc_text *path)
{
    if (depth == 0) {
        if (fc_key_find(section, name)) fc_text_add(path, name);
        return fc_key_find(section, name) != NULL;
    }
    for (const fc_key *key = section->keys; key->name; key++) {
        if (key->type != FC_K_SECTION && key->type != FC_K_NAMED) continue;
        fc_text below = FC_TEXT_EMPTY;
        bool found = find_home(key->section, name, depth - 1, &below);
        if (found)
            fc_text_printf(path, "%s.%s%s", key->name, key->type == FC_K_NAMED ? "NAME." : "",
                           below.data ? below.data : "");
        fc_text_free(&below);
        if (found) return true;
    }
    return false;
}

void fc_key_home(const fc_section *root, const char *name, fc_text *path)
{
    enum { DEEPEST = 6 };
    for (unsigned depth = 0; depth <= DEEPEST; depth++)
        if (find_home(root, name, depth, path)) return;
}

const fc_key *fc_key_at(const char *const *path, size_t depth, const fc_section **section)
{
    return fc_key_within(&fc_section_root, path, depth, section);
}

const fc_key *fc_key_within(const fc_section *root, const char *const *path, size_t depth,
                            const fc_section **section)
{
    const fc_section *in = root;
    for (size_t i = 0; i < depth; i++) {
        const fc_key *key = fc_key_find(in, path[i]);
        bool last = i + 1 == depth;
        if (!key || last) {
            if (section) *section = in;
            return key;
        }
        if (key->type != FC_K_SECTION && key->type != FC_K_NAMED) return NULL;
        in = key->section;
        if (key->type == FC_K_NAMED) {
            i++; /* the entity's name */
            if (i + 1 == depth) {
                if (section) *section = in;
                return NULL;
            }
        }
    }
    return NULL;
}

bool fc_key_is_atomic(const char *const *path, size_t depth)
{
    const fc_key *key = fc_key_at(path, depth, NULL);
    if (key)
        return key->type == FC_K_VALUE || key->type == FC_K_MIX || key->type == FC_K_MIXES ||
               key->type == FC_K_FACTORS || key->type == FC_K_AGES || key->type == FC_K_PROFILE;
    /* What a shock or policy sets a path to. */
    const fc_key *above = depth > 0 ? fc_key_at(path, depth - 1, NULL) : NULL;
    return above && above->type == FC_K_CHANGES;
}
