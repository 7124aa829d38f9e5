/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/tree.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "scenario/nearest.h"

enum { SMALL_MAP = 16 }; /* searched in order; larger ones by hash */

/* --- children --------------------------------------------------------------------------------- */

static size_t hash(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a; its low bits mix poorly */
    for (const char *p = name; *p; p++) h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 32);
}

static fc_entry *find_child(const fc_entry *map, const char *name)
{
    if (!map->buckets) {
        for (fc_entry *e = map->first; e; e = e->next)
            if (!strcmp(e->name, name)) return e;
        return NULL;
    }
    for (fc_entry *e = map->buckets[hash(name) % map->bucket_count]; e; e = e->chain)
        if (!strcmp(e->name, name)) return e;
    return NULL;
}

static void file_child(fc_entry *map, fc_entry *child)
{
    fc_entry **bucket = &map->buckets[hash(child->name) % map->bucket_count];
    child->chain = *bucket;
    *bucket = child;
}

/* Keeps at least as many buckets as children; what it outgrew stays in the arena. */
static int grow(fc_arena *arena, fc_entry *map)
{
    if (map->count < (map->buckets ? map->bucket_count : SMALL_MAP)) return FC_OK;
    size_t count = map->count * 4;
    fc_entry **buckets = fc_arena_array(arena, count, sizeof *buckets);
    if (!buckets) return FC_E_NOMEM;
    map->buckets = buckets;
    map->bucket_count = count;
    for (fc_entry *e = map->first; e; e = e->next) file_child(map, e);
    return FC_OK;
}

static fc_entry *add_child(fc_arena *arena, fc_entry *map, const char *name)
{
    assert(map && map->is_map);
    fc_entry *child = fc_arena_alloc(arena, sizeof *child);
    const char *kept = fc_arena_strdup(arena, name);
    if (!child || !kept || grow(arena, map)) return NULL;
    *child = (fc_entry){.name = kept, .parent = map, .previous = map->last};
    *(map->last ? &map->last->next : &map->first) = child;
    map->last = child;
    map->count++;
    if (map->buckets) file_child(map, child);
    return child;
}

static void remove_child(fc_entry *child)
{
    fc_entry *map = child->parent;
    *(child->previous ? &child->previous->next : &map->first) = child->next;
    *(child->next ? &child->next->previous : &map->last) = child->previous;
    map->count--;
    if (!map->buckets) return;
    fc_entry **link = &map->buckets[hash(child->name) % map->bucket_count];
    while (*link != child) link = &(*link)->chain;
    *link = child->chain;
}

/* --- laying a node over a map ----------------------------------------------------------------- */

typedef struct merge {
    fc_tree *tree;
    const fc_layer *layer;
    fc_diag *diag;
    const char *names[FC_TREE_DEPTH]; /* the path being worked on */
    int error;                        /* the first that did not end the pass */
} merge;

int fc_tree_fail_limit(const fc_place *place, fc_diag *diag)
{
    char settings[24], depth[24];
    snprintf(settings, sizeof settings, "%d", FC_TREE_SETTINGS);
    snprintf(depth, sizeof depth, "%d", FC_TREE_DEPTH);
    return fc_fail(diag, FC_E_TREE_LIMIT, place, settings, depth, NULL);
}

static int over_limit(merge *m, const fc_node *at)
{
    fc_place where = fc_node_place(at, NULL);
    return fc_tree_fail_limit(&where, m->diag);
}

static void refuse_delete(merge *m, const fc_entry *map, const fc_node *key, size_t depth)
{
    const char *name = m->names[depth - 1], *nearest = fc_entry_nearest(map, name, m->diag);
    fc_place where = fc_node_place(key, fc_path_text(m->tree->arena, m->names, depth));
    int code = nearest ? FC_E_TREE_DELETE_NEAR : FC_E_TREE_DELETE;
    code = fc_fail(m->diag, code, &where, name, nearest, NULL);
    if (!m->error) m->error = code;
}

/* Makes the named child a map without children, or a value, and notes who said so. */
static int set_child(merge *m, fc_entry *map, fc_entry **child, const fc_node *key,
                     const fc_node *value, bool is_map, size_t depth)
{
    fc_tree *tree = m->tree;
    if (++tree->settings > FC_TREE_SETTINGS) return over_limit(m, value);
    fc_setting *setting = fc_arena_alloc(tree->arena, sizeof *setting);
    if (!setting) return FC_E_NOMEM;
    const char *name = m->names[depth - 1];
    if (!*child) *child = add_child(tree->arena, map, name);
    if (!*child) return FC_E_NOMEM;
    fc_entry *e = *child;
    *setting = (fc_setting){.layer = m->layer, .key = key, .value = value, .earlier = e->set};
    e->set = setting;
    e->is_map = is_map;
    e->first = e->last = NULL;
    e->buckets = NULL;
    e->count = 0;
    return FC_OK;
}

static int lay_map(merge *m, fc_entry *map, const fc_node *node, size_t depth);

/* One step of laying: `value` over the child of `map` that m->names[depth - 1] names. */
static int lay_child(merge *m, fc_entry *map, const fc_node *key, const fc_node *value,
                     size_t depth)
{
    const fc_tree_schema *schema = &m->tree->schema;
    fc_entry *child = find_child(map, m->names[depth - 1]);
    if (fc_node_is_null(value)) {
        if (child)
            remove_child(child);
        else
            refuse_delete(m, map, key, depth);
        return FC_OK;
    }
    bool merges = value->kind == FC_NODE_MAP &&
                  !(schema->is_atomic && schema->is_atomic(m->names, depth, value));
    int ret = FC_OK;
    if (!merges || !child || !child->is_map)
        ret = set_child(m, map, &child, key, value, merges, depth);
    if (!ret && merges) ret = lay_map(m, child, value, depth);
    return ret;
}

static int lay_map(merge *m, fc_entry *map, const fc_node *node, size_t depth)
{
    if (depth == FC_TREE_DEPTH) return over_limit(m, node);
    int ret = FC_OK;
    for (size_t i = 0; i < node->count && !ret; i++) {
        const fc_pair *pair = &node->pairs[i];
        m->names[depth] = pair->key->text;
        ret = lay_child(m, map, pair->key, pair->value, depth + 1);
    }
    return ret;
}

static int finish(merge *m, int ret)
{
    if (ret == FC_E_NOMEM) fc_fail(m->diag, ret, NULL, NULL);
    return m->error ? m->error : ret;
}

int fc_tree_merge(fc_tree *tree, const fc_layer *layer, const fc_node *node, fc_diag *diag)
{
    if (node->kind != FC_NODE_MAP) {
        fc_place where = fc_node_place(node, NULL);
        return fc_fail(diag, FC_E_TREE_ROOT, &where, NULL);
    }
    merge m = {.tree = tree, .layer = layer, .diag = diag};
    return finish(&m, lay_map(&m, tree->root, node, 0));
}

/* A key at the place of `key` with the name it is used for: a path's key stands for several. */
static const fc_node *key_named(fc_arena *arena, const fc_node *key, const char *name)
{
    if (key->kind == FC_NODE_SCALAR && !strcmp(key->text, name)) return key;
    fc_place place = fc_node_place(key, NULL);
    return fc_tree_made_text(arena, &place, name);
}

static int put(merge *m, const char *const *names, size_t depth, const fc_node *key,
               const fc_node *value)
{
    fc_entry *map = m->tree->root;
    if (depth > FC_TREE_DEPTH) return over_limit(m, key);
    for (size_t i = 0; i < depth; i++) {
        m->names[i] = names[i];
        const fc_node *named = key_named(m->tree->arena, key, names[i]);
        if (!named) return FC_E_NOMEM;
        if (i + 1 == depth) return lay_child(m, map, named, value, depth);
        fc_entry *child = find_child(map, names[i]);
        if (child && !child->is_map) {
            fc_place where = fc_node_place(key, NULL);
            return fc_fail(m->diag, FC_E_TREE_VALUE, &where,
                           fc_path_text(m->tree->arena, names, i + 1),
                           fc_path_text(m->tree->arena, names, depth), NULL);
        }
        int ret = child ? FC_OK : set_child(m, map, &child, named, value, true, i + 1);
        if (ret) return ret;
        map = child;
    }
    return FC_OK;
}

int fc_tree_put(fc_tree *tree, const fc_layer *layer, const char *const *names, size_t depth,
                const fc_node *key, const fc_node *value, fc_diag *diag)
{
    assert(depth > 0);
    merge m = {.tree = tree, .layer = layer, .diag = diag};
    return finish(&m, put(&m, names, depth, key, value));
}

void fc_entry_remove(const fc_entry *entry)
{
    assert(entry->parent); /* not the root */
    remove_child(find_child(entry->parent, entry->name));
}

const fc_node *fc_tree_made_text(fc_arena *arena, const fc_place *place, const char *text)
{
    fc_node *node = fc_arena_alloc(arena, sizeof *node);
    const char *kept = fc_arena_strdup(arena, text);
    if (!node || !kept) return NULL;
    *node = (fc_node){.kind = FC_NODE_SCALAR,
                      .line = place->line,
                      .column = place->column,
                      .file = place->file,
                      .text = kept,
                      .length = strlen(kept),
                      .size = 1};
    node->quoted = fc_node_is_null(node);
    for (const char *p = kept; *p; p++) node->quoted |= (unsigned char)*p >= 0x80;
    return node;
}

/* --- making ----------------------------------------------------------------------------------- */

fc_tree *fc_tree_create(fc_arena *arena, const fc_tree_schema *schema)
{
    fc_tree *tree = fc_arena_alloc(arena, sizeof *tree);
    fc_entry *root = fc_arena_alloc(arena, sizeof *root);
    if (!tree || !root) return NULL;
    *root = (fc_entry){.name = "", .is_map = true};
    *tree = (fc_tree){.arena = arena, .root = root};
    if (schema) tree->schema = *schema;
    return tree;
}

const fc_layer *fc_tree_add_layer(fc_tree *tree, fc_layer_kind kind, const char *name)
{
    fc_layer *layer = fc_arena_alloc(tree->arena, sizeof *layer);
    const char *kept = fc_arena_strdup(tree->arena, name);
    if (!layer || !kept) return NULL;
    *layer = (fc_layer){.kind = kind, .name = kept, .below = tree->top};
    layer->index = tree->top ? tree->top->index + 1 : 0;
    tree->top = layer;
    return layer;
}

/* --- reading ---------------------------------------------------------------------------------- */

const fc_entry *fc_entry_child(const fc_entry *map, const char *name)
{
    return map && map->is_map ? find_child(map, name) : NULL;
}

const fc_node *fc_entry_value(const fc_entry *entry)
{
    return entry && !entry->is_map ? entry->set->value : NULL;
}

const fc_entry *fc_entry_next(const fc_entry *top, const fc_entry *entry)
{
    if (entry->first) return entry->first;
    while (entry != top && !entry->next) entry = entry->parent;
    return entry == top ? NULL : entry->next;
}

const char *fc_entry_nearest(const fc_entry *map, const char *name, const fc_diag *diag)
{
    fc_nearest nearest = fc_nearest_start(name, diag);
    if (map && map->is_map)
        for (const fc_entry *e = map->first; e && fc_nearest_try(&nearest, e->name);) e = e->next;
    return nearest.found;
}

const fc_node *fc_entry_node(fc_arena *arena, const fc_entry *entry)
{
    if (!entry->is_map) return entry->set->value;
    const fc_node **children = fc_arena_array(arena, entry->count, 2 * sizeof *children);
    fc_node *map = fc_arena_alloc(arena, sizeof *map);
    if (!children || !map) return NULL;
    size_t n = 0;
    for (const fc_entry *e = entry->first; e; e = e->next) {
        children[n++] = e->set->key;
        children[n++] = fc_entry_node(arena, e);
        if (!children[n - 1]) return NULL;
    }
    *map = (fc_node){.kind = FC_NODE_MAP, .text = ""};
    if (entry->set) {
        map->file = entry->set->value->file;
        map->line = entry->set->value->line;
        map->column = entry->set->value->column;
    }
    return fc_node_fill(arena, map, children, n) ? NULL : map;
}

static void add_name(fc_text *out, const char *name)
{
    size_t length = strlen(name);
    bool plain = length && !strpbrk(name, ".[]*=\"'") && name[0] != ' ' && name[length - 1] != ' ';
    if (plain) {
        fc_text_add(out, name);
        return;
    }
    fc_text_add(out, "\"");
    for (const char *p = name; *p; p++) {
        fc_text_addn(out, p, 1);
        if (*p == '"') fc_text_addn(out, p, 1);
    }
    fc_text_add(out, "\"");
}

void fc_path_format(const char *const *names, size_t depth, fc_text *out)
{
    for (size_t i = 0; i < depth; i++) {
        if (i) fc_text_add(out, ".");
        add_name(out, names[i]);
    }
}

const char *fc_path_text(fc_arena *arena, const char *const *names, size_t depth)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_path_format(names, depth, &text);
    fc_text_addn(&text, "", 0);
    const char *kept = fc_text_failed(&text) ? NULL : fc_arena_strdup(arena, text.data);
    fc_text_free(&text);
    return kept;
}

size_t fc_entry_names(const fc_entry *entry, const char *names[FC_TREE_DEPTH])
{
    size_t depth = 0;
    for (const fc_entry *e = entry; e->parent; e = e->parent) depth++;
    assert(depth <= FC_TREE_DEPTH);
    for (size_t i = depth; entry->parent; entry = entry->parent) names[--i] = entry->name;
    return depth;
}

const char *fc_entry_path(fc_arena *arena, const fc_entry *entry)
{
    const char *names[FC_TREE_DEPTH];
    return fc_path_text(arena, names, fc_entry_names(entry, names));
}

fc_place fc_entry_place(fc_arena *arena, const fc_entry *entry)
{
    if (!entry->set) return (fc_place){.file = NULL};
    return fc_node_place(entry->set->value, fc_entry_path(arena, entry));
}

fc_place fc_entry_key_place(fc_arena *arena, const fc_entry *entry)
{
    if (!entry->set) return (fc_place){.file = NULL};
    return fc_node_place(entry->set->key, fc_entry_path(arena, entry));
}
