/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/experiment_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "scenario/bind_section.h"
#include "scenario/tree_print.h"

typedef struct reader {
    fc_section_binder s;
    fc_arena *arena;
    fc_diag *diag;
    const fc_entry *root;
    fc_experiment_file *file;
} reader;

static bool is_atomic(const char *const *path, size_t depth, const fc_node *value)
{
    const fc_key *key = fc_key_within(&fc_section_experiment, path, depth, NULL);
    if (!key || key->type == FC_K_SECTION || key->type == FC_K_NAMED) return false;
    return key->type == FC_K_ANY || fc_node_get(value, "value");
}

static bool is_group(const char *const *path, size_t depth)
{
    const fc_key *key = fc_key_within(&fc_section_experiment, path, depth, NULL);
    return key && (key->type == FC_K_SECTION || key->type == FC_K_NAMED);
}

static const fc_tree_schema schema = {.is_atomic = is_atomic, .is_group = is_group};

/* ---- parts ----------------------------------------------------------------------------------- */

static const char *text_of(fc_arena *arena, const fc_node *node)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_node_format(node, &text);
    const char *out = fc_text_failed(&text) ? NULL : fc_arena_strdup(arena, text.data);
    fc_text_free(&text);
    return out;
}

/* A file's name without folder and ending. */
static const char *name_of(fc_arena *arena, const char *path)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');
    return fc_arena_strndup(arena, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

/* A file named here, from the working directory. */
static const char *from_here(const reader *r, const char *name)
{
    const char *slash = strrchr(r->file->file, '/');
    if (*name == '/' || !slash) return fc_arena_strdup(r->arena, name);
    return fc_arena_printf(r->arena, "%.*s/%s", (int)(slash - r->file->file), r->file->file, name);
}

static void check_twice(reader *r, const fc_node *const *items, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            if (strcmp(items[i]->text, items[k]->text) != 0) continue;
            fc_place place = fc_node_place(items[i], path);
            fc_fail(r->diag, FC_E_TWICE, &place, items[i]->text, NULL);
            break;
        }
}

/* The items of a list of texts; *n 0 where it is missing or wrong. */
static int read_list(reader *r, const char *key, const fc_node *const **items, size_t *n)
{
    const fc_entry *entry = fc_entry_child(r->root, key);
    size_t errors = fc_diag_errors(r->diag);
    *n = 0;
    if (!entry || entry->is_map) return FC_OK; /* a map: reported already */
    int ret = fc_bind_names(&r->s, entry, items, n);
    if (ret || fc_diag_errors(r->diag) > errors) return ret;
    fc_place place = fc_entry_place(r->arena, entry);
    if (*n == 0) fc_fail(r->diag, FC_E_LIST_EMPTY, &place, key, NULL);
    check_twice(r, *items, *n, key);
    return FC_OK;
}

static int read_scenarios(reader *r)
{
    const fc_node *const *items;
    size_t n;
    int ret = read_list(r, "scenarios", &items, &n);
    const char **paths = fc_arena_array(r->arena, n + 1, sizeof *paths);
    const char **names = fc_arena_array(r->arena, n + 1, sizeof *names);
    if (ret || !paths || !names) return FC_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        paths[i] = from_here(r, items[i]->text);
        names[i] = name_of(r->arena, items[i]->text);
        if (!paths[i] || !names[i]) return FC_E_NOMEM;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(names[k], names[i]) != 0 || !strcmp(items[k]->text, items[i]->text))
                continue; /* twice the same text is refused already */
            fc_place place = fc_node_place(items[i], "scenarios");
            fc_fail(r->diag, FC_E_SCENARIO_NAMES, &place, items[k]->text, items[i]->text, NULL);
            break;
        }
    }
    r->file->scenarios = paths;
    r->file->scenario_names = names;
    r->file->n_scenarios = (uint32_t)n;
    return FC_OK;
}

/* "a+b", or "none". */
static int read_policies_item(reader *r, const fc_node *item, fc_policies *out)
{
    const char *text = item->text;
    size_t length = strlen(text);
    *out = (fc_policies){.text = ""};
    if (strcmp(text, "none") == 0) return FC_OK;
    if (!length || *text == '+' || text[length - 1] == '+' || strstr(text, "++")) {
        fc_place place = fc_node_place(item, "policies");
        fc_fail(r->diag, FC_E_POLICY_EMPTY, &place, text, NULL);
        return FC_OK;
    }
    char *rest, *copy = fc_arena_strdup(r->arena, text);
    const char **names = fc_arena_array(r->arena, strlen(text) + 1, sizeof *names);
    if (!copy || !names) return FC_E_NOMEM;
    for (char *name = strtok_r(copy, "+", &rest); name; name = strtok_r(NULL, "+", &rest))
        names[out->n++] = name;
    out->text = fc_arena_strdup(r->arena, text);
    out->names = names;
    return out->text ? FC_OK : FC_E_NOMEM;
}

static int read_policies(reader *r)
{
    const fc_node *const *items;
    size_t n;
    int ret = read_list(r, "policies", &items, &n);
    fc_policies *policies = fc_arena_array(r->arena, n + 1, sizeof *policies);
    if (ret || !policies) return FC_E_NOMEM;
    policies[0] = (fc_policies){.text = ""};
    for (size_t i = 0; i < n && !ret; i++) ret = read_policies_item(r, items[i], &policies[i]);
    r->file->policies = policies;
    r->file->n_policies = n ? (uint32_t)n : 1;
    return ret;
}

static int read_values(reader *r, const fc_entry *entry, fc_factor *out)
{
    const fc_node *list = fc_entry_value(entry);
    fc_place place = fc_entry_place(r->arena, entry);
    char buffer[FC_KIND_TEXT];
    if (!list || list->kind != FC_NODE_SEQUENCE) {
        fc_fail(r->diag, FC_E_KEY_KIND, &place, "values", FC_BOTH("a list", "목록"),
                list ? fc_node_kind_text(list, buffer) : "{...}", NULL);
        return FC_OK;
    }
    if (list->count == 0) fc_fail(r->diag, FC_E_LIST_EMPTY, &place, "values", NULL);
    const char **values = fc_arena_array(r->arena, list->count + 1, sizeof *values);
    if (!values) return FC_E_NOMEM;
    for (size_t i = 0; i < list->count; i++)
        if (!(values[i] = text_of(r->arena, list->items[i]))) return FC_E_NOMEM;
    out->values = values;
    out->n_values = (uint32_t)list->count;
    return FC_OK;
}

static int read_factors(reader *r)
{
    const fc_entry *map = fc_entry_child(r->root, "factors");
    size_t n = map && map->is_map ? map->count : 0;
    const fc_section *section = fc_key_find(&fc_section_experiment, "factors")->section;
    fc_factor *factors = fc_arena_array(r->arena, n + 1, sizeof *factors);
    if (!factors) return FC_E_NOMEM;
    memset(factors, 0, (n + 1) * sizeof *factors);
    uint32_t i = 0;
    for (const fc_entry *e = n ? map->first : NULL; e; e = e->next, i++) {
        fc_factor *f = &factors[i];
        f->name = e->name;
        f->place = fc_entry_key_place(r->arena, e);
        int ret = fc_bind_section(&r->s, section, e, FC_NONE, f);
        const fc_entry *values = fc_entry_child(e, "values"), *range = fc_entry_child(e, "range");
        if (!ret && values) ret = read_values(r, values, f);
        if (!ret && range && !(f->range = text_of(r->arena, fc_entry_value(range))))
            ret = FC_E_NOMEM;
        if (ret) return ret;
    }
    r->file->factors = factors;
    r->file->n_factors = (uint32_t)n;
    return FC_OK;
}

/* ---- what the key table cannot say ------------------------------------------------------------
 */

static void refuse(reader *r, const fc_entry *at, const char *key, const char *why)
{
    fc_place place = fc_entry_key_place(r->arena, at);
    fc_fail(r->diag, FC_E_CHANGE, &place, key, why, NULL);
}

/* Copies of another length leave gaps that no shift fills; a copy of one point is plain chance. */
static void check_shifts(reader *r, const fc_entry *points)
{
    const fc_experiment_design *d = &r->file->design;
    char numbers[4][24];
    if (d->points < 1 || d->shifts < 1 || d->points % d->shifts) return;
    int64_t each = d->points / d->shifts, power = 2;
    while (power < each) power *= 2;
    if (power == each) return;
    const int64_t said[] = {d->points, d->shifts, each, d->shifts * power};
    for (size_t i = 0; i < 4; i++) snprintf(numbers[i], sizeof numbers[i], "%" PRId64, said[i]);
    fc_place place = fc_entry_key_place(r->arena, points);
    fc_warn(r->diag, FC_W_SOBOL_POINTS, &place, numbers[0], numbers[1], numbers[2], numbers[3],
            NULL);
}

static void check_design(reader *r)
{
    const fc_entry *design = fc_entry_child(r->root, "design");
    const fc_entry *points = fc_entry_child(design, "points");
    const fc_entry *shifts = fc_entry_child(design, "shifts");
    const fc_entry *file = fc_entry_child(design, "file");
    int kind = r->file->design.kind;
    bool sampled = fc_design_is_sampled((fc_design_kind)kind);
    if (!fc_entry_child(design, "kind")) return; /* reported already */
    fc_place place = fc_entry_key_place(r->arena, design);
    if (sampled && !points)
        fc_fail(r->diag, FC_E_KEY_MISSING, &place, "points",
                FC_BOTH("how many points the design has", "설계점 수"), NULL);
    if (kind == FC_DESIGN_LIST && !file)
        fc_fail(r->diag, FC_E_KEY_MISSING, &place, "file",
                FC_BOTH("a CSV file with the points", "설계점을 적은 CSV 파일"), NULL);
    if (points && !sampled)
        refuse(r, points, "points",
               FC_BOTH("only latin_hypercube, sobol and monte_carlo read it; delete it",
                       "latin_hypercube, sobol, monte_carlo에서만 쓰입니다. 지우십시오"));
    if (points && kind == FC_DESIGN_SOBOL) check_shifts(r, points);
    if (shifts && kind != FC_DESIGN_SOBOL)
        refuse(r, shifts, "shifts",
               FC_BOTH("only sobol reads it; delete it", "sobol에서만 쓰입니다. 지우십시오"));
    if (file && kind != FC_DESIGN_LIST)
        refuse(r, file, "file",
               FC_BOTH("only list reads it; delete it", "list에서만 쓰입니다. 지우십시오"));
    if (sampled && r->file->precision)
        refuse(r, fc_entry_child(r->root, "precision"), "precision",
               FC_BOTH("the points of a sampled design are its sample: choose how many with points",
                       "표본 설계에서는 설계점이 곧 표본입니다: points로 수를 정하십시오"));
}

static void check_factors(reader *r)
{
    const fc_entry *map = fc_entry_child(r->root, "factors");
    int kind = r->file->design.kind;
    bool wants = kind == FC_DESIGN_GRID || kind == FC_DESIGN_ONE_AT_A_TIME;
    for (const fc_entry *e = map && map->is_map ? map->first : NULL; e; e = e->next) {
        const fc_entry *values = fc_entry_child(e, "values"), *range = fc_entry_child(e, "range");
        fc_place place = fc_entry_key_place(r->arena, e);
        const fc_node *key = fc_entry_value(fc_entry_child(e, "key"));
        const char *text = key && key->kind == FC_NODE_SCALAR ? key->text : "";
        if (strcmp(text, "replications") == 0)
            refuse(r, fc_entry_child(e, "key"), "key",
                   FC_BOTH("replications is no factor: the experiment's own says how many",
                           "replications는 요인이 될 수 없습니다. 실험 파일의 replications로 "
                           "정하십시오"));
        if (wants && !values)
            fc_fail(r->diag, FC_E_KEY_MISSING, &place, "values",
                    FC_BOTH("what this factor is set to", "이 요인에 넣을 값"), NULL);
        if (wants && range)
            refuse(r, range, "range",
                   FC_BOTH("this design takes values: [ ]", "이 설계에는 values: [ ]를 쓰십시오"));
        if (!wants && values)
            refuse(r, values, "values",
                   FC_BOTH("only grid and one_at_a_time read it; delete it",
                           "grid와 one_at_a_time에서만 쓰입니다. 지우십시오"));
    }
    bool none = !map || (map->is_map && map->count == 0);
    if (none && wants && fc_entry_child(r->root, "design")) {
        fc_place place = fc_entry_place(r->arena, fc_entry_child(r->root, "design"));
        fc_fail(r->diag, FC_E_KEY_MISSING, &place, "factors",
                FC_BOTH("what differs from point to point", "설계점마다 다른 것"), NULL);
    }
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static int read_all(reader *r)
{
    int ret = fc_bind_section(&r->s, &fc_section_experiment, r->root, FC_NONE, r->file);
    if (!ret) ret = read_scenarios(r);
    if (!ret) ret = read_policies(r);
    if (!ret) ret = read_factors(r);
    if (ret) return ret;
    check_design(r);
    check_factors(r);
    if (r->file->design.file && !(r->file->design.file = from_here(r, r->file->design.file)))
        return FC_E_NOMEM;
    return FC_OK;
}

int fc_experiment_file_load(fc_arena *arena, const char *path, fc_diag *diag,
                            const fc_experiment_file **out)
{
    *out = NULL;
    const fc_node *node = NULL;
    fc_plan none = {.arena = arena}; /* no key here is a value of the model */
    size_t errors = fc_diag_errors(diag);
    int ret = fc_document_load(arena, path, diag, &node);
    if (ret) return ret;
    fc_tree *tree = fc_tree_create(arena, &schema);
    fc_experiment_file *file = fc_arena_alloc(arena, sizeof *file);
    const fc_layer *layer = tree ? fc_tree_add_layer(tree, FC_LAYER_FILE, path) : NULL;
    if (!layer || !file) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (node->kind != FC_NODE_MAP || !fc_node_get(node, "fleetcast_experiment")) {
        fc_place place = fc_node_place(node, NULL);
        return fc_fail(diag, FC_E_EXPERIMENT_FILE, &place, NULL);
    }
    if ((ret = fc_tree_merge(tree, layer, node, diag))) return ret;
    *file = (fc_experiment_file){
        .seed = -1, .name = name_of(arena, path), .file = fc_arena_strdup(arena, path)};
    reader r = {.s = {.b = {.plan = &none, .arena = arena, .diag = diag},
                      .tree = tree,
                      .root = &fc_section_experiment},
                .arena = arena,
                .diag = diag,
                .root = tree->root,
                .file = file};
    ret = file->name && file->file ? read_all(&r) : FC_E_NOMEM;
    if (ret) return fc_fail(diag, ret, NULL, NULL);
    if (fc_diag_errors(diag) > errors) return fc_diag_first(diag);
    *out = file;
    return FC_OK;
}
