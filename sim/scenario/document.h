/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Document: YAML text as a tree with marks, the first step of the street. Strict where YAML is
 * lax, because a scenario is written by people who use Excel and Hangul: one document, keys are
 * texts and appear once, no tags, no merge keys, no complex keys. Scalars stay texts: what `3만 장`
 * or `2026-07-01` means is for the reader of the value to say.
 *
 *     const fc_node *root = NULL;
 *     int ret = fc_document_load(arena, "korea.yaml", diag, &root);
 *     const fc_node *horizon = fc_node_get(root, "horizon");    NULL if absent
 *     for (size_t i = 0; i < root->count; i++)                  in the order written
 *         use(root->pairs[i].key->text, root->pairs[i].value);
 *
 * Nodes live as long as the arena and never change: `*alias` is the very node of its `&anchor`,
 * so a node may have several parents. `size` counts it at each use, which bounds every walk.
 */
#ifndef FC_SCENARIO_DOCUMENT_H
#define FC_SCENARIO_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "fleetcast/error.h"

enum {
    FC_DOCUMENT_BYTES = 8 * 1024 * 1024, /* of text */
    FC_DOCUMENT_DEPTH = 64,              /* maps and lists inside each other, aliases expanded */
    FC_DOCUMENT_NODES = 200000,          /* keys and values, aliases expanded */
};

typedef enum fc_node_kind { FC_NODE_SCALAR, FC_NODE_SEQUENCE, FC_NODE_MAP } fc_node_kind;

typedef struct fc_node fc_node;

typedef struct fc_pair {
    const fc_node *key, *value; /* the key is a scalar, not empty; the value is never NULL */
} fc_pair;

struct fc_node {
    fc_node_kind kind;
    bool quoted;      /* scalar in quotes or as a block text: a text whatever it looks like */
    int depth;        /* scalar 0; empty map or list 1; else 1 + the deepest child */
    int line, column; /* of its first character, from 1; columns count characters */
    const char *file; /* the name given to the parser */
    const char *text; /* scalar: UTF-8 without control characters (tabs, line ends stay); else "" */
    size_t length;    /* scalar: bytes of text, which also ends with NUL */
    size_t size;      /* nodes in this tree, itself, keys and expanded aliases included */
    size_t count;     /* items of a sequence, pairs of a map */
    const fc_node *const *items;
    const fc_pair *pairs;
    const fc_pair *const *sorted; /* of a large map, by key: use fc_node_find */
};

/* Parses `length` bytes of YAML (need not end with NUL). `name` stands for the file in messages
 * and nodes. Adds every problem that can be found in one pass to `diag` and returns the first
 * one's number; a syntax error ends the pass. Errors: the catalogue's group 30x-31x, E_NOMEM.
 * On error *out is NULL; but where keys given twice are all that is wrong (E_DOC_DUPLICATE), it is
 * the document with the first of each, for a caller that looks for other errors. */
int fc_document_parse(fc_arena *arena, const char *name, const char *bytes, size_t length,
                      fc_diag *diag, const fc_node **out);

/* The same for a file or a pipe; never reads more than the limit. A file that cannot be read, or a
 * directory, is E_DOC_FILE. */
int fc_document_load(fc_arena *arena, const char *path, fc_diag *diag, const fc_node **out);

/* One value, as in --set PATH=VALUE: `30,000`, `{usual: 12 months, bad_1_in_20: 36 months}`.
 * Nothing at all is null. Columns count from the value's first character. */
int fc_document_parse_value(fc_arena *arena, const char *name, const char *text, fc_diag *diag,
                            const fc_node **out);

/* The value of `key` in a map, the pair it stands in; NULL if `map` is NULL, is not a map or has no
 * such key. */
const fc_node *fc_node_get(const fc_node *map, const char *key);
const fc_pair *fc_node_find(const fc_node *map, const char *key);

/* Nothing written, `~` or `null`, unquoted. */
bool fc_node_is_null(const fc_node *node);

/* Where the node stands, for fc_fail(); `path` (may be NULL) is the caller's scenario path. */
fc_place fc_node_place(const fc_node *node, const char *path);

/* Gives a new map or list its children (a map: key, value, key, value ...), with what follows from
 * them: size, depth, the index of keys. Kind and place are the caller's, keys of a map must differ.
 * Errors: E_NOMEM. */
int fc_node_fill(fc_arena *arena, fc_node *node, const fc_node *const *children, size_t count);

#endif
