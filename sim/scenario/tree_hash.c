/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The canonical form: maps with their keys sorted by bytes, texts with their lengths before them,
 * so that no two different trees have the same one.
 *     map       M count (key value)*          text   S length:bytes
 *     sequence  L count value*                null   N
 */
#include "scenario/tree.h"

#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fc_node_same(const fc_node *a, const fc_node *b)
{
    if (a == b) return true;
    if (a->kind != b->kind || a->count != b->count) return false;
    if (a->kind == FC_NODE_SCALAR)
        return fc_node_is_null(a) || fc_node_is_null(b) ? fc_node_is_null(a) && fc_node_is_null(b)
                                                        : !strcmp(a->text, b->text);
    for (size_t i = 0; i < a->count; i++) {
        const fc_node *left = a->kind == FC_NODE_MAP ? a->pairs[i].value : a->items[i];
        const fc_node *right =
            a->kind == FC_NODE_MAP ? fc_node_get(b, a->pairs[i].key->text) : b->items[i];
        if (!right || !fc_node_same(left, right)) return false;
    }
    return true;
}

static void add_head(struct sha256_ctx *sha, char kind, size_t count)
{
    char head[32];
    int length = snprintf(head, sizeof head, "%c%zu:", kind, count);
    sha256_update(sha, (size_t)length, (const uint8_t *)head);
}

static void add_text(struct sha256_ctx *sha, const char *text)
{
    size_t length = strlen(text);
    add_head(sha, 'S', length);
    sha256_update(sha, length, (const uint8_t *)text);
}

static int compare_pairs(const void *a, const void *b)
{
    return strcmp((*(const fc_pair *const *)a)->key->text, (*(const fc_pair *const *)b)->key->text);
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp((*(const fc_entry *const *)a)->name, (*(const fc_entry *const *)b)->name);
}

static int add_node(struct sha256_ctx *sha, const fc_node *node)
{
    if (fc_node_is_null(node)) {
        sha256_update(sha, 1, (const uint8_t *)"N");
        return FC_OK;
    }
    if (node->kind == FC_NODE_SCALAR) {
        add_text(sha, node->text);
        return FC_OK;
    }
    add_head(sha, node->kind == FC_NODE_MAP ? 'M' : 'L', node->count);
    int ret = FC_OK;
    const fc_pair **sorted = NULL;
    if (node->kind == FC_NODE_SEQUENCE) {
        for (size_t i = 0; i < node->count && !ret; i++) ret = add_node(sha, node->items[i]);
        return ret;
    }
    sorted = malloc((node->count + 1) * sizeof *sorted);
    if (!sorted) return FC_E_NOMEM;
    for (size_t i = 0; i < node->count; i++) sorted[i] = &node->pairs[i];
    qsort(sorted, node->count, sizeof *sorted, compare_pairs);
    for (size_t i = 0; i < node->count && !ret; i++) {
        add_text(sha, sorted[i]->key->text);
        ret = add_node(sha, sorted[i]->value);
    }
    free(sorted);
    return ret;
}

static int add_entry(struct sha256_ctx *sha, const fc_entry *entry)
{
    if (!entry->is_map) return add_node(sha, entry->set->value);
    add_head(sha, 'M', entry->count);
    const fc_entry **sorted = malloc((entry->count + 1) * sizeof *sorted);
    if (!sorted) return FC_E_NOMEM;
    size_t n = 0;
    for (const fc_entry *e = entry->first; e; e = e->next) sorted[n++] = e;
    qsort(sorted, n, sizeof *sorted, compare_entries);
    int ret = FC_OK;
    for (size_t i = 0; i < n && !ret; i++) {
        add_text(sha, sorted[i]->name);
        ret = add_entry(sha, sorted[i]);
    }
    free(sorted);
    return ret;
}

int fc_tree_hash(const fc_tree *tree, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    int ret = add_entry(&sha, tree->root);
    if (ret) return ret;
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02" PRIx8, digest[i]);
    return FC_OK;
}
