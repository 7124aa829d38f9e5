/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tree: the scenario after its layers (parents, file, policies, --set) were laid over each other,
 * each value with where it came from. The second step of the street; layers.h builds it.
 *
 *     const fc_entry *sites = fc_tree_find(tree, "fleets.korea.sites");
 *     for (const fc_entry *site = sites->first; site; site = site->next)     first named first
 *         use(site->name, fc_entry_child(site, "power"));                    NULL if absent
 *
 * An entry is a map with children or a value. A value is whatever replaces as a whole: a scalar, a
 * list, or a map that the schema calls atomic (`{usual: 3 months, bad_1_in_20: 7 months}`), kept as
 * the document node in which it was written.
 *
 * Laying a node over a tree: maps merge deeply; values replace; named things add, in the order in
 * which they were first named; null deletes, and deleting what is not there is an error.
 *
 * Path text: names joined by dots, `fleets.korea.sites.solaseado.power`. A name with any of
 * . [ ] * = " ' or with blanks at its ends stands in quotes: `sites."a.b"`; the quote is doubled
 * inside them.
 */
#ifndef FC_SCENARIO_TREE_H
#define FC_SCENARIO_TREE_H

#include "base/arena.h"
#include "base/text.h"
#include "fleetcast/error.h"
#include "scenario/document.h"

enum {
    FC_TREE_DEPTH = 128,        /* names in a path */
    FC_TREE_SETTINGS = 1000000, /* values and maps set, by all layers together */
    FC_TREE_LOOKED = 16 * FC_TREE_SETTINGS,
};

typedef enum fc_layer_kind {
    FC_LAYER_FILE,   /* name: the file as it was named, from the working directory */
    FC_LAYER_WITH,   /* name: "--with" */
    FC_LAYER_POLICY, /* name: the policy; its values stand in a file */
    FC_LAYER_SET,    /* name: "--set" */
} fc_layer_kind;

typedef struct fc_layer {
    fc_layer_kind kind;
    int index; /* 0 is laid down first */
    const char *name;
    const struct fc_layer *below; /* NULL for the first */
} fc_layer;

/* What a layer said about an entry. The place is that of `value`: file, line, column. */
typedef struct fc_setting {
    const fc_layer *layer;
    const fc_node *key;   /* the name as written; for --set and policies a made-up one */
    const fc_node *value; /* as written there: of a map only that layer's part */
    const struct fc_setting *earlier; /* which this one replaced; NULL if it is the first */
} fc_setting;

typedef struct fc_entry fc_entry;

struct fc_entry {
    const char *name; /* "" for the root */
    bool is_map;
    /* Value: the setting in force. Map: the one that first named it. Of a value that replaced a
     * map, or a map that replaced a value, `earlier` goes on to what was there before. */
    const fc_setting *set;
    fc_entry *parent; /* NULL for the root */
    fc_entry *next;   /* sibling */
    fc_entry *first;  /* children of a map */
    size_t count;     /* of children */
    /* for tree.c: */
    fc_entry *previous, *last;
    fc_entry **buckets, *chain; /* the children of a large map, by hash of their names */
    size_t bucket_count;
};

/* What the merging has to know of keys; any function may be NULL (then: no). `path` holds the names
 * from the root, `depth` of them. */
typedef struct fc_tree_schema {
    /* Whether the map `value` (always a map) replaces as a whole at this path. */
    bool (*is_atomic)(const char *const *path, size_t depth, const fc_node *value);
    /* Whether this path is a map of fixed keys (`...sites.a.grid`), so that setting a key in it may
     * make it; a named thing (`...sites.a`) is never made by setting one of its keys. */
    bool (*is_group)(const char *const *path, size_t depth);
} fc_tree_schema;

typedef struct fc_tree {
    fc_arena *arena; /* holds everything in the tree */
    fc_tree_schema schema;
    fc_entry *root;             /* a map */
    const fc_layer *top;        /* the last laid down */
    const char *const *applied; /* names of the policies already worked into the values */
    size_t applied_count;
    size_t settings; /* so far */
    size_t looked;   /* entries that layers' wildcards may have looked at */
} fc_tree;

/* --- reading ---------------------------------------------------------------------------------- */

/* The entry at a path text without wildcards; NULL if there is none or the text is no path. */
const fc_entry *fc_tree_find(const fc_tree *tree, const char *path);
/* NULL if `map` is NULL, is a value or has no such child. */
const fc_entry *fc_entry_child(const fc_entry *map, const char *name);
/* The value of an entry, NULL if `entry` is NULL or a map. */
const fc_node *fc_entry_value(const fc_entry *entry);
/* The next entry of a walk through all below `top`, parents first; NULL at the end. Starts with
 * `top` itself. */
const fc_entry *fc_entry_next(const fc_entry *top, const fc_entry *entry);
/* A map entry as one document node again, a value's own node. NULL when out of memory. */
const fc_node *fc_entry_node(fc_arena *arena, const fc_entry *entry);
/* The child of `map` whose name is most like `name`, NULL if none is near. (Not sought any more
 * when `diag` holds many errors.) */
const char *fc_entry_nearest(const fc_entry *map, const char *name, const fc_diag *diag);

/* The names from the root to the entry; returns how many. */
size_t fc_entry_names(const fc_entry *entry, const char *names[FC_TREE_DEPTH]);
/* The path text. NULL when out of memory. */
const char *fc_entry_path(fc_arena *arena, const fc_entry *entry);
const char *fc_path_text(fc_arena *arena, const char *const *names, size_t depth);
void fc_path_format(const char *const *names, size_t depth, fc_text *out);
/* Where the entry was set, with its path, for fc_fail(). */
fc_place fc_entry_place(fc_arena *arena, const fc_entry *entry);
/* Where its name stands: for messages about the key, not the value. */
fc_place fc_entry_key_place(fc_arena *arena, const fc_entry *entry);

/* Whether two nodes say the same: equal texts, lists in the same order, maps in any order. Quotes
 * count only where they tell "null" from null. */
bool fc_node_same(const fc_node *a, const fc_node *b);

/* SHA-256 of the canonical form as 64 hex digits and NUL. Equal for trees that say the same
 * (fc_node_same), whatever the order of keys, comments, files and layers. E_NOMEM. */
int fc_tree_hash(const fc_tree *tree, char hex[65]);

/* --- building --------------------------------------------------------------------------------- */

/* An empty tree in `arena`. `schema` (may be NULL) is copied. NULL when out of memory. */
fc_tree *fc_tree_create(fc_arena *arena, const fc_tree_schema *schema);
/* A new layer on top; NULL when out of memory. `name` is copied. */
const fc_layer *fc_tree_add_layer(fc_tree *tree, fc_layer_kind kind, const char *name);
/* Lays the map `node` over the whole tree. Reports every error, returns the first: E_TREE_ROOT if
 * it is no map, E_TREE_DELETE, E_TREE_LIMIT, E_NOMEM. */
int fc_tree_merge(fc_tree *tree, const fc_layer *layer, const fc_node *node, fc_diag *diag);
/* Lays `value` (null deletes) over the entry at `names`, making it and the maps on its way where
 * they do not exist. `key` is where a message about the name points. A value on the way is
 * E_TREE_VALUE; other errors as above. */
int fc_tree_put(fc_tree *tree, const fc_layer *layer, const char *const *names, size_t depth,
                const fc_node *key, const fc_node *value, fc_diag *diag);
/* Takes an entry out of its map, with all below it. */
void fc_entry_remove(const fc_entry *entry);
/* A text that no document holds, for keys and values that come from elsewhere; in quotes where it
 * might be misread without. The place's file is not copied. NULL when out of memory. */
const fc_node *fc_tree_made_text(fc_arena *arena, const fc_place *place, const char *text);
/* Reports E_TREE_LIMIT, which names the limits above. */
int fc_tree_fail_limit(const fc_place *place, fc_diag *diag);

#endif
