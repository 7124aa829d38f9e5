/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/document.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_MAP = 16 }; /* searched in order; larger ones by bisection */

static int compare_keys(const fc_node *a, const fc_node *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, shorter);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* By key, then as written: qsort is not stable. */
static int compare_pairs(const void *left, const void *right)
{
    const fc_pair *a = *(const fc_pair *const *)left, *b = *(const fc_pair *const *)right;
    int order = compare_keys(a->key, b->key);
    return order ? order : (a > b) - (a < b);
}

/* The first pair, as written, with the same key. */
static const fc_pair *find_pair(const fc_node *map, const fc_node *key)
{
    if (!map->sorted) {
        for (size_t i = 0; i < map->count; i++)
            if (!compare_keys(map->pairs[i].key, key)) return &map->pairs[i];
        return NULL;
    }
    size_t low = 0, high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(map->sorted[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == map->count || compare_keys(map->sorted[low]->key, key)) return NULL;
    return map->sorted[low];
}

const fc_pair *fc_node_find(const fc_node *map, const char *key)
{
    if (!map || map->kind != FC_NODE_MAP) return NULL;
    return find_pair(map, &(fc_node){.text = key, .length = strlen(key)});
}

const fc_node *fc_node_get(const fc_node *map, const char *key)
{
    const fc_pair *pair = fc_node_find(map, key);
    return pair ? pair->value : NULL;
}

bool fc_node_is_null(const fc_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (!node || node->kind != FC_NODE_SCALAR || node->quoted) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(node->text, words[i])) return true;
    return false;
}

fc_place fc_node_place(const fc_node *node, const char *path)
{
    return (fc_place){node->file, node->line, node->column, path};
}

/* Size, depth and the sorted index of a map whose pairs are in place. */
static int close_map(fc_arena *arena, fc_node *map)
{
    map->size = 1;
    map->depth = 1;
    map->sorted = NULL; /* that of what it was filled with before */
    for (size_t i = 0; i < map->count; i++) {
        map->size += map->pairs[i].key->size + map->pairs[i].value->size;
        if (map->depth <= map->pairs[i].value->depth) map->depth = map->pairs[i].value->depth + 1;
    }
    if (map->count <= SMALL_MAP) return FC_OK;
    const fc_pair **sorted = fc_arena_array(arena, map->count, sizeof(fc_pair *));
    if (!sorted) return FC_E_NOMEM;
    for (size_t i = 0; i < map->count; i++) sorted[i] = &map->pairs[i];
    qsort(sorted, map->count, sizeof(fc_pair *), compare_pairs);
    map->sorted = sorted;
    return FC_OK;
}

int fc_node_fill(fc_arena *arena, fc_node *node, const fc_node *const *children, size_t count)
{
    if (node->kind == FC_NODE_MAP) {
        fc_pair *pairs = fc_arena_array(arena, count / 2, sizeof *pairs);
        if (!pairs) return FC_E_NOMEM;
        for (size_t i = 0; i < count / 2; i++)
            pairs[i] = (fc_pair){children[2 * i], children[2 * i + 1]};
        node->pairs = pairs;
        node->count = count / 2;
        return close_map(arena, node);
    }
    const fc_node **items = fc_arena_array(arena, count, sizeof(fc_node *));
    if (!items) return FC_E_NOMEM;
    node->items = items;
    node->count = count;
    node->size = 1;
    node->depth = 1;
    for (size_t i = 0; i < count; i++) {
        items[i] = children[i];
        node->size += items[i]->size;
        if (node->depth <= items[i]->depth) node->depth = items[i]->depth + 1;
    }
    return FC_OK;
}
