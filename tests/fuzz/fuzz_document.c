/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libFuzzer target: any bytes as scenario text. Whatever they are, the parser ends with a tree that
 * keeps the promises of document.h or with an error and a message.
 *
 *     CC=clang meson setup build-fuzz && ninja -C build-fuzz tests/fuzz/fuzz_document
 *     mkdir -p found && build-fuzz/tests/fuzz/fuzz_document found tests/fuzz/corpus
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool promise)
{
    if (!promise) abort();
}

/* Returns the nodes met. */
static size_t check_node(const fc_node *node, int levels)
{
    size_t size = 1;
    demand(levels <= FC_DOCUMENT_DEPTH && node->depth + levels <= FC_DOCUMENT_DEPTH);
    demand(node->text && node->file);
    demand(node->kind == FC_NODE_SCALAR || !node->length);
    demand(strlen(node->text) == node->length);
    demand(node->line > 0 && node->column > 0);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == FC_NODE_SEQUENCE) {
            size += check_node(node->items[i], levels + 1);
            continue;
        }
        const fc_pair *pair = &node->pairs[i];
        demand(node->kind == FC_NODE_MAP);
        demand(pair->key->kind == FC_NODE_SCALAR && pair->key->length > 0);
        demand(fc_node_find(node, pair->key->text) == pair);
        size += 1 + check_node(pair->value, levels + 1);
    }
    demand(size == node->size);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fc_arena *arena = fc_arena_create();
    fc_diag *diag = fc_diag_create();
    const fc_node *root = NULL;
    int ret = fc_document_parse(arena, "fuzz", (const char *)data, size, diag, &root);
    demand(ret == FC_OK ? root != NULL : root == NULL || ret == FC_E_DOC_DUPLICATE);
    demand((ret == FC_OK) == (fc_diag_errors(diag) == 0));
    demand(ret == fc_diag_first(diag));
    if (root) demand(check_node(root, 0) <= FC_DOCUMENT_NODES);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *text = fc_diag_text(diag, i, i % 2 ? FC_LANG_KO : FC_LANG_EN);
        demand(text != NULL);
        free(text);
    }
    fc_diag_free(diag);
    fc_arena_free(arena);
    return 0;
}
