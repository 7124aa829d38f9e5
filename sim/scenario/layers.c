/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/layers.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "scenario/nearest.h"
#include "scenario/parents.h"
#include "scenario/selector.h"

static const char *const active_path[] = {"active"};

static int no_memory(fc_diag *diag)
{
    return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
}

/* The first error of several steps. */
static void note(int *error, int code)
{
    if (!*error) *error = code;
}

static const fc_node *made_sequence(fc_arena *arena, const fc_node *at, const fc_node *const *items,
                                    size_t count)
{
    fc_node *node = fc_arena_alloc(arena, sizeof *node);
    if (!node) return NULL;
    *node = (fc_node){.kind = FC_NODE_SEQUENCE,
                      .line = at->line,
                      .column = at->column,
                      .file = at->file,
                      .text = ""};
    return fc_node_fill(arena, node, items, count) ? NULL : node;
}

/* Whether to go on would only say the same again: an fc_diag holds 200 errors. */
static bool enough(int error, const fc_diag *diag)
{
    return error == FC_E_TREE_LIMIT || error == FC_E_NOMEM || fc_diag_errors(diag) >= 200;
}

/* --- files ------------------------------------------------------------------------------------ */

static int lay_files(fc_tree *tree, const fc_parent *files, fc_diag *diag)
{
    int error = FC_OK;
    for (const fc_parent *file = files; file; file = file->next) {
        const fc_layer *layer = fc_tree_add_layer(tree, FC_LAYER_FILE, file->name);
        note(&error, layer ? fc_tree_merge(tree, layer, file->root, diag) : no_memory(diag));
    }
    return error;
}

/* --- active ----------------------------------------------------------------------------------- */

/* The items of `active`; *list is NULL where nothing is active. */
static int active_list(const fc_tree *tree, fc_diag *diag, const fc_node **list)
{
    const fc_entry *entry = fc_entry_child(tree->root, "active");
    *list = fc_entry_value(entry);
    bool good = !entry || (*list && (*list)->kind == FC_NODE_SEQUENCE);
    for (size_t i = 0; good && *list && i < (*list)->count; i++)
        good = (*list)->items[i]->kind == FC_NODE_SCALAR && (*list)->items[i]->length &&
               !fc_node_is_null((*list)->items[i]);
    if (good) return FC_OK;
    fc_place where = fc_entry_place(tree->arena, entry);
    *list = NULL;
    return fc_fail(diag, FC_E_ACTIVE_FORM, &where, NULL);
}

static int put_active(fc_tree *tree, const fc_layer *layer, const fc_node *at,
                      const fc_node *const *items, size_t count, fc_diag *diag)
{
    const fc_node *list = made_sequence(tree->arena, at, items, count);
    fc_place place = fc_node_place(at, NULL);
    const fc_node *key = fc_tree_made_text(tree->arena, &place, "active");
    if (!list || !key) return no_memory(diag);
    return fc_tree_put(tree, layer, active_path, 1, key, list, diag);
}

static int apply_with(fc_tree *tree, const fc_layer_options *options, fc_diag *diag)
{
    const fc_node *old = NULL;
    if (!options->with_count) return FC_OK;
    int ret = active_list(tree, diag, &old);
    if (ret) return ret;
    size_t count = old ? old->count : 0;
    const fc_layer *layer = fc_tree_add_layer(tree, FC_LAYER_WITH, "--with");
    const fc_node **items = fc_arena_array(tree->arena, count + options->with_count, sizeof *items);
    const fc_place where = {.file = "--with"};
    const fc_node *at = fc_tree_made_text(tree->arena, &where, "");
    if (!layer || !items || !at) return no_memory(diag);
    if (count) memcpy(items, old->items, count * sizeof *items);
    for (size_t i = 0; i < options->with_count; i++, count++) {
        items[count] = fc_tree_made_text(tree->arena, &where, options->with[i]);
        if (!items[count]) return no_memory(diag);
    }
    return put_active(tree, layer, at, items, count, diag);
}

/* --- settings by path ------------------------------------------------------------------------- */

/* Lays `value` over all that `path` selects; `key` is where the path stands. What deletes leaves
 * alone those that are not there, unless none is. */
static int set_path(fc_tree *tree, const fc_layer *layer, const char *path, const fc_node *key,
                    const fc_node *value, fc_diag *diag)
{
    const fc_selected *targets = NULL;
    size_t count = 0, there = 0;
    fc_place where = fc_node_place(key, NULL);
    if (strpbrk(path, "*[")) tree->looked += tree->settings;
    if (tree->looked > FC_TREE_LOOKED) return fc_tree_fail_limit(&where, diag);
    int error = fc_tree_select(tree, tree->arena, path, &where, diag, &targets, &count);
    for (size_t i = 0; i < count; i++) there += targets[i].entry != NULL;
    if (fc_node_is_null(value) && !there && count) count = 1;
    for (size_t i = 0; i < count && !enough(error, diag); i++)
        if (targets[i].entry || !fc_node_is_null(value) || !there)
            note(&error,
                 fc_tree_put(tree, layer, targets[i].names, targets[i].depth, key, value, diag));
    return error;
}

/* Reads the value of PATH=VALUE as if blanks stood in the path's stead, so that columns are those
 * of the whole. */
static int parse_value(fc_tree *tree, const char *set, size_t path_length, fc_diag *diag,
                       const fc_node **value)
{
    fc_text text = FC_TEXT_EMPTY;
    for (size_t i = 0; i <= path_length; i++)
        if (((unsigned char)set[i] & 0xc0) != 0x80) fc_text_add(&text, " ");
    fc_text_add(&text, set + path_length + 1);
    int ret = fc_text_failed(&text)
                  ? no_memory(diag)
                  : fc_document_parse_value(tree->arena, "--set", text.data, diag, value);
    fc_text_free(&text);
    return ret;
}

static int apply_set(fc_tree *tree, const char *set, fc_diag *diag)
{
    size_t length = fc_selector_length(set);
    fc_place where = {.file = "--set", .line = 1, .column = 1};
    if (set[length] != '=') return fc_fail(diag, FC_E_LAYER_SET, &where, set, NULL);
    const fc_node *value = NULL;
    int ret = parse_value(tree, set, length, diag, &value);
    if (ret) return ret;
    const char *path = fc_arena_strndup(tree->arena, set, length);
    const fc_node *key = path ? fc_tree_made_text(tree->arena, &where, path) : NULL;
    const fc_layer *layer = fc_tree_add_layer(tree, FC_LAYER_SET, "--set");
    if (!key || !layer) return no_memory(diag);
    return set_path(tree, layer, path, key, value, diag);
}

/* Whether a --set says what is active or what the active ones are: then it must come before them.
 */
static bool is_about_policies(const char *set)
{
    static const char *const keys[] = {"active", "policies", "shocks"};
    size_t length = strcspn(set, ".[=");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (length == strlen(keys[i]) && !strncmp(set, keys[i], length)) return true;
    return false;
}

static int apply_sets(fc_tree *tree, const fc_layer_options *options, bool about_policies,
                      fc_diag *diag)
{
    int error = FC_OK;
    for (size_t i = 0; i < options->sets_count; i++)
        if (is_about_policies(options->sets[i]) == about_policies)
            note(&error, apply_set(tree, options->sets[i], diag));
    return error;
}

/* --- static policies -------------------------------------------------------------------------- */

bool fc_policy_is_static(const fc_entry *policy)
{
    static const char *const dynamic[] = {"at", "until", "when", "probability", "scale", "add"};
    for (size_t i = 0; i < sizeof dynamic / sizeof *dynamic; i++)
        if (fc_entry_child(policy, dynamic[i])) return false;
    return true;
}

static int refuse_name(const fc_entry *policies, const fc_entry *shocks, const fc_node *item,
                       fc_diag *diag)
{
    fc_place where = fc_node_place(item, "active");
    fc_nearest nearest = fc_nearest_start(item->text, diag);
    const fc_entry *const maps[] = {policies, shocks};
    for (size_t i = 0; i < 2; i++)
        for (const fc_entry *e = maps[i] ? maps[i]->first : NULL;
             e && fc_nearest_try(&nearest, e->name);)
            e = e->next;
    return fc_fail(diag, nearest.found ? FC_E_ACTIVE_NAME_NEAR : FC_E_ACTIVE_NAME, &where,
                   item->text, nearest.found, NULL);
}

static int apply_policy(fc_tree *tree, const fc_layer *layer, const fc_entry *policy, fc_diag *diag)
{
    const fc_entry *set = fc_entry_child(policy, "set");
    int error = FC_OK;
    if (!set || !set->is_map) return FC_OK; /* the key table has its say on that */
    for (const fc_entry *e = set->first; e && !enough(error, diag); e = e->next) {
        const fc_node *value = fc_entry_node(tree->arena, e);
        note(&error,
             value ? set_path(tree, layer, e->name, e->set->key, value, diag) : no_memory(diag));
    }
    return error;
}

/* One item of `active`; *stays tells whether it is left for the plan. */
static int apply_item(fc_tree *tree, const fc_node *item, const char **applied,
                      const fc_layer **layer, bool *stays, fc_diag *diag)
{
    const fc_entry *policies = fc_entry_child(tree->root, "policies");
    const fc_entry *shocks = fc_entry_child(tree->root, "shocks");
    const fc_entry *policy = fc_entry_child(policies, item->text);
    const fc_entry *shock = fc_entry_child(shocks, item->text);
    fc_place where = fc_node_place(item, "active");
    *stays = true;
    if (!policy && !shock) return refuse_name(policies, shocks, item, diag);
    if (policy && shock) return fc_fail(diag, FC_E_ACTIVE_TWICE, &where, item->text, NULL);
    if (shock || !fc_policy_is_static(policy)) return FC_OK;
    *stays = false;
    *layer = fc_tree_add_layer(tree, FC_LAYER_POLICY, policy->name);
    if (!*layer) return no_memory(diag);
    applied[tree->applied_count++] = policy->name;
    return apply_policy(tree, *layer, policy, diag);
}

/* Whether a name comes for the first time; `seen` is a tree only to remember names. */
static int first_time(fc_tree *seen, const fc_node *item, fc_diag *diag, bool *first)
{
    *first = !fc_entry_child(seen->root, item->text);
    return *first ? fc_tree_put(seen, NULL, &item->text, 1, item, item, diag) : FC_OK;
}

int fc_layers_apply_static(fc_tree *tree, fc_diag *diag)
{
    const fc_node *list = NULL;
    int error = active_list(tree, diag, &list);
    if (error || !list) return error;
    const fc_node **left = fc_arena_array(tree->arena, list->count + 1, sizeof *left);
    const char **applied = fc_arena_array(tree->arena, list->count + 1, sizeof *applied);
    fc_tree *seen = fc_tree_create(tree->arena, NULL);
    const fc_layer *layer = NULL;
    size_t count = 0;
    if (!left || !applied || !seen) return no_memory(diag);
    tree->applied = applied;
    tree->applied_count = 0;
    for (size_t i = 0; i < list->count && !enough(error, diag); i++) {
        const fc_node *item = list->items[i];
        bool first = false, stays = false;
        note(&error, first_time(seen, item, diag, &first));
        if (first) note(&error, apply_item(tree, item, applied, &layer, &stays, diag));
        if (stays) left[count++] = item;
    }
    if (error) return error;
    if (!count)
        fc_entry_remove(fc_entry_child(tree->root, "active"));
    else if (layer)
        error = put_active(tree, layer, list, left, count, diag);
    return error;
}

/* --- all of it -------------------------------------------------------------------------------- */

static int resolve(fc_arena *arena, const char *path, const char *bytes, size_t length,
                   const fc_layer_options *options, fc_diag *diag, const fc_tree **out)
{
    static const fc_layer_options none = {.with = NULL};
    const fc_parent *files = NULL;
    *out = NULL;
    if (!options) options = &none;
    size_t errors = fc_diag_errors(diag);
    int ret = fc_parents_load(arena, path, bytes, length, options->data, diag, &files);
    if (ret) return ret;
    /* Keys given twice were the first errors, and ended nothing. */
    int twice = fc_diag_errors(diag) > errors ? FC_E_DOC_DUPLICATE : FC_OK;
    fc_tree *tree = fc_tree_create(arena, options->schema);
    if (!tree) return no_memory(diag);
    note(&ret, lay_files(tree, files, diag));
    note(&ret, apply_with(tree, options, diag));
    note(&ret, apply_sets(tree, options, true, diag));
    note(&ret, fc_layers_apply_static(tree, diag));
    note(&ret, apply_sets(tree, options, false, diag));
    if (ret) return twice && ret != FC_E_NOMEM ? twice : ret;
    *out = tree;
    return twice;
}

int fc_layers_resolve(fc_arena *arena, const char *scenario_path, const fc_layer_options *options,
                      fc_diag *diag, const fc_tree **out)
{
    return resolve(arena, scenario_path, NULL, 0, options, diag, out);
}

int fc_layers_resolve_text(fc_arena *arena, const char *name, const char *bytes, size_t length,
                           const fc_layer_options *options, fc_diag *diag, const fc_tree **out)
{
    return resolve(arena, name, bytes, length, options, diag, out);
}
