/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every resolved value with where it was set, its source and certainty. */
#include <string.h>
#include "scenario/scenario.h"
#include "scenario/tree_print.h"

/* A remark of this value or of the nearest map above it that has one. The value may carry its own:
 * {value: 40 MW, source: ...}. */
static const char *remark(const fc_entry *entry, const char *name)
{
    const fc_node *node = fc_entry_value(entry);
    const fc_node *own = node ? fc_node_get(node, name) : NULL;
    if (own && own->kind == FC_NODE_SCALAR) return own->text;
    for (const fc_entry *up = entry->parent; up; up = up->parent) {
        const fc_node *above = fc_entry_value(fc_entry_child(up, name));
        if (above && above->kind == FC_NODE_SCALAR) return above->text;
    }
    return NULL;
}

/* The key's row, for its base unit. */
static const fc_key *row_of(const fc_entry *entry)
{
    const char *names[FC_TREE_DEPTH];
    size_t depth = 0;
    for (const fc_entry *up = entry; up->parent && depth < FC_TREE_DEPTH; up = up->parent) depth++;
    const fc_entry *up = entry;
    for (size_t i = depth; i-- > 0; up = up->parent) names[i] = up->name;
    return fc_key_at(names, depth, NULL);
}

static const char *unit_of(fc_dim dim)
{
    const char *base = fc_dim_base(dim);
    if (dim == FC_DIM_DATE) return "date";
    return strncmp(base, "XXX", 3) ? base : "money";
}

static int describe(fc_arena *arena, const fc_entry *entry, fc_input *out)
{
    fc_text text = FC_TEXT_EMPTY;
    const fc_node *node = entry->set->value;
    const fc_node *plain = fc_node_get(node, "value");
    fc_node_format(plain ? plain : node, &text);
    char *value = fc_text_failed(&text) ? NULL : fc_arena_strdup(arena, text.data ? text.data : "");
    fc_text_free(&text);
    const fc_key *key = row_of(entry);
    *out = (fc_input){.path = fc_entry_path(arena, entry),
                      .value = value,
                      .unit = key && key->type == FC_K_VALUE ? unit_of(key->want.dim) : "",
                      .layer = entry->set->layer->name,
                      .file = node->file,
                      .line = node->line,
                      .source = remark(entry, "source"),
                      .certainty = remark(entry, "certainty"),
                      .known_by = remark(entry, "known_by"),
                      .note = remark(entry, "note")};
    return out->path && value ? FC_OK : FC_E_NOMEM;
}

/* Pure numbers among the parameters of distributions: sigma, shape, passed. */
static bool is_pure(const char *name)
{
    for (int k = 0; k < FC_DIST_KINDS; k++) {
        const fc_distribution_form *form = fc_distribution_form_of((fc_distribution_kind)k);
        for (unsigned i = 0; i < form->count; i++)
            if (!form->parameter[i].has_unit && strcmp(form->parameter[i].name, name) == 0)
                return true;
    }
    return false;
}

/* The names in a path of a draw; of shocks.x.add.PATH those of PATH. Returns how many. */
static size_t split(char *path, const char *names[FC_TREE_DEPTH], fc_change_op *op)
{
    size_t depth = 0;
    char *rest;
    *op = FC_SET;
    for (char *at = strtok_r(path, ".", &rest); at && depth < FC_TREE_DEPTH;
         at = strtok_r(NULL, ".", &rest))
        names[depth++] = at;
    bool driver = depth > 3 && (!strcmp(names[0], "shocks") || !strcmp(names[0], "policies"));
    if (driver && !strcmp(names[2], "scale")) *op = FC_SCALE;
    if (driver && !strcmp(names[2], "add")) *op = FC_ADD;
    if (*op == FC_SET) return depth;
    memmove(names, names + 3, (depth - 3) * sizeof *names);
    return depth - 3;
}

/* Draws are named by the key's path, by that and a parameter or date behind it, by a change and the
 * path it changes, or by their driver. */
const char *fc_draw_unit(const char *path)
{
    static const char *const drivers[] = {"shocks.", "policies."};
    for (size_t i = 0; i < 2; i++)
        if (strncmp(path, drivers[i], strlen(drivers[i])) == 0 &&
            !strchr(path + strlen(drivers[i]), '.'))
            return "date";
    char copy[1024];
    const char *names[FC_TREE_DEPTH];
    fc_change_op op;
    if (strlen(path) >= sizeof copy) return "";
    strcpy(copy, path);
    size_t whole = split(copy, names, &op);
    for (size_t depth = whole; depth > 0; depth--) {
        const fc_key *key = fc_key_at(names, depth, NULL);
        if (!key || key->type != FC_K_VALUE) continue;
        const char *last = names[whole - 1];
        if (op == FC_SCALE || (depth < whole && is_pure(last))) return "";
        bool span = key->want.dim == FC_DIM_DATE &&
                    (op == FC_ADD || (depth < whole && strcmp(last, "sd") == 0));
        return unit_of(span ? FC_DIM_DURATION : key->want.dim);
    }
    return "";
}

int fc_tree_inputs(fc_arena *arena, const fc_tree *tree, const fc_input **out, size_t *count)
{
    const fc_entry *root = tree->root;
    size_t n = 0;
    for (const fc_entry *e = root; e; e = fc_entry_next(root, e)) n += !e->is_map;
    fc_input *inputs = fc_arena_array(arena, n + 1, sizeof *inputs);
    if (!inputs) return FC_E_NOMEM;
    size_t i = 0;
    for (const fc_entry *e = root; e; e = fc_entry_next(root, e)) {
        if (e->is_map || fc_remark_find(e->name)) continue;
        int ret = describe(arena, e, &inputs[i++]);
        if (ret) return ret;
    }
    *out = inputs;
    *count = i;
    return FC_OK;
}

int fc_scenario_inputs(fc_scenario *scenario, const fc_input **out, size_t *count)
{
    const char *const of[2][2] = {{"counterfactual.of", scenario->of},
                                  {"counterfactual.what", scenario->what}};
    fc_input *all = NULL;
    int ret = fc_tree_inputs(scenario->arena, scenario->tree, out, count);
    if (ret || !scenario->of) return ret;
    all = fc_arena_array(scenario->arena, *count + 2, sizeof *all);
    if (!all) return FC_E_NOMEM;
    if (*count) memcpy(all, *out, *count * sizeof *all);
    for (size_t i = 0; i < 2; i++)
        all[(*count)++] = (fc_input){.path = of[i][0], .value = of[i][1], .unit = ""};
    *out = all;
    return FC_OK;
}
