/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/bind_section.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rosters -------------------------------------------------------------------------------- */

static int enrol(fc_arena *arena, fc_rosters *rosters, fc_entity kind, const fc_entry *entry,
                 int32_t owner)
{
    fc_roster *r = &rosters->of[kind];
    if (r->n == r->capacity) {
        uint32_t capacity = r->capacity ? 2 * r->capacity : 16;
        const fc_entry **entries = fc_arena_array(arena, capacity, sizeof *entries);
        int32_t *owners = fc_arena_array(arena, capacity, sizeof *owners);
        if (!entries || !owners) return FC_E_NOMEM;
        if (r->n) {
            memcpy(entries, r->entry, r->n * sizeof *entries);
            memcpy(owners, r->owner, r->n * sizeof *owners);
        }
        r->entry = entries;
        r->owner = owners;
        r->capacity = capacity;
    }
    r->entry[r->n] = entry;
    r->owner[r->n++] = owner;
    return FC_OK;
}

/* Enrols the members of a named map and, through the key table, the named maps within them. */
static int enrol_members(fc_arena *arena, fc_rosters *rosters, const fc_section *section,
                         const fc_entry *map, int32_t owner)
{
    if (!map || !map->is_map) return FC_OK;
    for (const fc_entry *e = map->first; e; e = e->next) {
        int32_t index = (int32_t)rosters->of[section->entity].n;
        int ret = enrol(arena, rosters, section->entity, e, owner);
        if (ret) return ret;
        /* A phase belongs to its site; all else within a fleet belongs to the fleet. */
        for (const fc_key *key = section->keys; key->name; key++)
            if (key->type == FC_K_NAMED &&
                (ret = enrol_members(arena, rosters, key->section, fc_entry_child(e, key->name),
                                     index)))
                return ret;
    }
    return FC_OK;
}

int fc_rosters_fill(fc_arena *arena, const fc_tree *tree, fc_rosters *out)
{
    *out = (fc_rosters){0};
    int ret = enrol(arena, out, FC_ENTITY_CURRENCY, NULL, FC_NONE); /* USD */
    if (ret) return ret;
    const fc_entry *world = fc_entry_child(tree->root, "world");
    for (const fc_key *key = fc_section_world.keys; key->name; key++)
        if ((ret = enrol_members(arena, out, key->section, fc_entry_child(world, key->name),
                                 FC_NONE)))
            return ret;
    return enrol_members(arena, out, &fc_section_fleet, fc_entry_child(tree->root, "fleets"),
                         FC_NONE);
}

const char *fc_roster_name(const fc_rosters *rosters, fc_entity kind, uint32_t index)
{
    const fc_entry *entry = rosters->of[kind].entry[index];
    return entry ? entry->name : "USD";
}

int32_t fc_roster_find(const fc_rosters *rosters, fc_entity kind, int32_t owner, const char *name)
{
    const fc_roster *r = &rosters->of[kind];
    for (uint32_t i = 0; i < r->n; i++)
        if ((r->owner[i] == owner || r->owner[i] == FC_NONE) &&
            strcmp(fc_roster_name(rosters, kind, i), name) == 0)
            return (int32_t)i;
    return FC_NONE;
}

/* ---- references ----------------------------------------------------------------------------- */

static const char *const entity_names[FC_N_ENTITIES] = {
    [FC_ENTITY_NONE] = "",
    [FC_ENTITY_CURRENCY] = "currencies",
    [FC_ENTITY_ACCELERATOR] = "accelerators",
    [FC_ENTITY_GRID_RULE] = "grid_rules",
    [FC_ENTITY_EXPORT_RULE] = "export_rules",
    [FC_ENTITY_FLEET] = "fleets",
    [FC_ENTITY_STOCK] = "stock",
    [FC_ENTITY_BUDGET] = "budgets",
    [FC_ENTITY_PROGRAMME] = "programmes",
    [FC_ENTITY_SITE] = "sites",
    [FC_ENTITY_PHASE] = "phases",
    [FC_ENTITY_TARGET] = "targets",
    [FC_ENTITY_ALLOTMENT] = "allotments",
    [FC_ENTITY_DRIVER] = "policies",
};

static void report_unknown_name(fc_section_binder *s, fc_entity kind, int32_t owner,
                                const char *name, const fc_place *place)
{
    const fc_roster *r = &s->rosters->of[kind];
    fc_text all = FC_TEXT_EMPTY;
    const char *nearest = NULL;
    size_t limit = strlen(name) / 3 + 1, best = limit + 1;
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->owner[i] != owner && r->owner[i] != FC_NONE) continue;
        const char *candidate = fc_roster_name(s->rosters, kind, i);
        size_t distance = fc_text_distance(name, candidate, limit);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
        if (all.length < 200) fc_text_printf(&all, "%s%s", all.length ? ", " : "", candidate);
    }
    if (nearest)
        fc_fail(s->b.diag, FC_E_REFERENCE, place, name, entity_names[kind], nearest, NULL);
    else
        fc_fail(s->b.diag, FC_E_REFERENCE_LIST, place, name, entity_names[kind],
                all.length ? all.data : "-", NULL);
    fc_text_free(&all);
}

static bool is_text(fc_section_binder *s, const fc_node *node, const char *path, const char *what)
{
    if (node->kind == FC_NODE_SCALAR && !fc_node_is_null(node) && node->length > 0) return true;
    fc_place place = fc_node_place(node, path);
    char buffer[80];
    fc_fail(s->b.diag, FC_E_KEY_KIND, &place, what, FC_BOTH("a text", "글"),
            fc_node_kind_text(node, buffer, sizeof buffer), NULL);
    return false;
}

int32_t fc_bind_reference(fc_section_binder *s, fc_entity kind, int32_t owner, const fc_node *node,
                          const char *path)
{
    if (!is_text(s, node, path, FC_BOTH("a name", "이름"))) return FC_NONE;
    int32_t index = fc_roster_find(s->rosters, kind, owner, node->text);
    fc_place place = fc_node_place(node, path);
    if (index == FC_NONE) report_unknown_name(s, kind, owner, node->text, &place);
    return index;
}

int fc_bind_names(fc_section_binder *s, const fc_entry *entry, const fc_node *const **out,
                  size_t *count)
{
    *count = 0;
    const char *path = fc_entry_path(s->b.arena, entry);
    const fc_node *node = fc_entry_value(entry);
    if (!path) return FC_E_NOMEM;
    if (node && node->kind == FC_NODE_SEQUENCE) {
        for (size_t i = 0; i < node->count; i++)
            if (!is_text(s, node->items[i], path, entry->name)) return FC_OK;
        *out = node->items;
        *count = node->count;
        return FC_OK;
    }
    if (node && node->kind == FC_NODE_SCALAR && !fc_node_is_null(node)) {
        const fc_node **one = fc_arena_array(s->b.arena, 1, sizeof *one);
        if (!one) return FC_E_NOMEM;
        one[0] = node;
        *out = one;
        *count = 1;
        return FC_OK;
    }
    fc_place place = fc_entry_place(s->b.arena, entry);
    fc_fail(s->b.diag, FC_E_KEY_KIND, &place, entry->name,
            FC_BOTH("a list of names", "이름의 목록"), "{...}", NULL);
    return FC_OK;
}

/* ---- one key -------------------------------------------------------------------------------- */

static int bind_refs(fc_section_binder *s, const fc_key *key, const fc_entry *entry, int32_t owner,
                     const char *path, fc_refs *out)
{
    const fc_node *const *items;
    size_t count;
    int ret = fc_bind_names(s, entry, &items, &count);
    if (ret || count == 0) return ret;
    int32_t *index = fc_arena_array(s->b.arena, count, sizeof *index);
    if (!index) return FC_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        index[i] = fc_bind_reference(s, key->target, owner, items[i], path);
        for (size_t k = 0; k < i; k++)
            if (index[k] == index[i] && index[i] != FC_NONE) {
                fc_place place = fc_node_place(items[i], path);
                fc_fail(s->b.diag, FC_E_TWICE, &place, items[i]->text, NULL);
            }
    }
    *out = (fc_refs){(uint32_t)count, index};
    return FC_OK;
}

static int bind_mix(fc_section_binder *s, const fc_node *node, const char *path, fc_mix *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    fc_place place = fc_node_place(node, path);
    if (node->kind != FC_NODE_MAP || node->count == 0) {
        char buffer[80];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "mix",
                FC_BOTH("{accelerator: share}", "{가속기: 비율}"),
                fc_node_kind_text(node, buffer, sizeof buffer), NULL);
        return FC_OK;
    }
    int32_t *model = fc_arena_array(s->b.arena, node->count, sizeof *model);
    double *share = fc_arena_array(s->b.arena, node->count, sizeof *share);
    if (!model || !share) return FC_E_NOMEM;
    size_t errors = fc_diag_errors(s->b.diag);
    uint32_t n = 0;
    double sum = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key, *value = node->pairs[i].value;
        if (fc_remark_find(name->text)) continue;
        fc_place at = fc_node_place(value, path);
        fc_quantity q = {0};
        model[n] = fc_bind_reference(s, FC_ENTITY_ACCELERATOR, FC_NONE, name, path);
        if (is_text(s, value, path, name->text) &&
            fc_quantity_parse(value->text, &(fc_unit_want){.dim = FC_DIM_SHARE}, &at, s->b.diag,
                              &q) == FC_OK &&
            !(q.value >= 0 && q.value <= 1))
            fc_fail(s->b.diag, FC_E_VALUE_RANGE, &at, value->text, "0 %", "100 %", NULL);
        share[n++] = q.value;
        sum += q.value;
    }
    if (fc_diag_errors(s->b.diag) == errors && !(fabs(sum - 1) <= 1e-9)) {
        char text[40];
        snprintf(text, sizeof text, "%.10g %%", sum * 100);
        fc_fail(s->b.diag, FC_E_MIX_SUM, &place, text, NULL);
    }
    *out = (fc_mix){n, model, share};
    return FC_OK;
}

/* {2025: {h200: 64 %, b200: 36 %}, 2026: {b200: 100 %}} */
static int bind_mixes(fc_section_binder *s, const fc_node *node, const char *path,
                      fc_year_mixes *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    fc_place place = fc_node_place(node, path);
    if (node->kind != FC_NODE_MAP || node->count == 0) {
        char buffer[80];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "mix_by_order_year",
                FC_BOTH("{year: {accelerator: share}}", "{연도: {가속기: 비율}}"),
                fc_node_kind_text(node, buffer, sizeof buffer), NULL);
        return FC_OK;
    }
    int64_t *year = fc_arena_array(s->b.arena, node->count, sizeof *year);
    fc_mix *mix = fc_arena_array(s->b.arena, node->count, sizeof *mix);
    if (!year || !mix) return FC_E_NOMEM;
    uint32_t n = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        if (fc_remark_find(name->text)) continue;
        fc_place at = fc_node_place(name, path);
        char *end;
        long number = strtol(name->text, &end, 10);
        if (*end || end == name->text || number < 1900 || number > 9999) {
            fc_fail(s->b.diag, FC_E_KEY_UNKNOWN_LIST, &at, name->text, "2025, 2026, ...", NULL);
            continue;
        }
        uint32_t k = n++;
        for (; k > 0 && year[k - 1] > number; k--) {
            year[k] = year[k - 1];
            mix[k] = mix[k - 1];
        }
        year[k] = number;
        int ret = bind_mix(s, node->pairs[i].value, path, &mix[k]);
        if (ret) return ret;
    }
    *out = (fc_year_mixes){n, year, mix};
    return FC_OK;
}

static void report_choice(fc_section_binder *s, const fc_key *key, const fc_node *node,
                          const fc_place *place)
{
    fc_text all = FC_TEXT_EMPTY;
    for (const char *const *c = key->choices; *c; c++)
        fc_text_printf(&all, "%s%s", all.length ? ", " : "", *c);
    fc_fail(s->b.diag, FC_E_CHOICE, place, node->text, all.data ? all.data : "", NULL);
    fc_text_free(&all);
}

static int bind_choice(fc_section_binder *s, const fc_key *key, const fc_node *node,
                       const char *path, int *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    if (!is_text(s, node, path, key->name)) return FC_OK;
    for (int i = 0; key->choices[i]; i++)
        if (strcmp(key->choices[i], node->text) == 0) {
            *out = i;
            return FC_OK;
        }
    fc_place place = fc_node_place(node, path);
    report_choice(s, key, node, &place);
    return FC_OK;
}

static int bind_fixed(fc_section_binder *s, const fc_key *key, const fc_node *node,
                      const char *path, void *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    if (!is_text(s, node, path, key->name)) return FC_OK;
    fc_place place = fc_node_place(node, path);
    fc_unit_want want = {.dim = key->type == FC_K_DAY ? FC_DIM_DATE : FC_DIM_COUNT};
    fc_quantity q;
    if (fc_quantity_parse(node->text, &want, &place, s->b.diag, &q)) return FC_OK;
    if (key->type == FC_K_DAY) {
        *(fc_date *)out = fc_date_of_days((int64_t)q.value);
    } else if (!(q.value >= key->min && q.value <= key->max)) {
        char low[32], high[32];
        snprintf(low, sizeof low, "%.0f", key->min);
        snprintf(high, sizeof high, "%.0f", key->max);
        fc_fail(s->b.diag, FC_E_VALUE_RANGE, &place, node->text, low, high, NULL);
    } else {
        *(int64_t *)out = (int64_t)q.value;
    }
    return FC_OK;
}

static int bind_text(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                     const char **out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    if (!is_text(s, node, path, key->name)) return FC_OK;
    *out = fc_arena_strdup(s->b.arena, node->text);
    return *out ? FC_OK : FC_E_NOMEM;
}

/* A text, or {en: , ko: }; one language serves both where the other is missing. */
static int bind_texts(fc_section_binder *s, const fc_key *key, const fc_entry *entry,
                      const char *path, const char *out[2])
{
    static const char *const languages[] = {"en", "ko"};
    if (!entry->is_map) {
        int ret = bind_text(s, key, fc_entry_value(entry), path, &out[0]);
        out[1] = out[0];
        return ret;
    }
    for (const fc_entry *e = entry->first; e; e = e->next) {
        int i = strcmp(e->name, "en") == 0 ? 0 : strcmp(e->name, "ko") == 0 ? 1 : -1;
        fc_place place = fc_entry_key_place(s->b.arena, e);
        if (i < 0)
            fc_fail(s->b.diag, FC_E_KEY_UNKNOWN_LIST, &place, e->name, "en, ko", NULL);
        else if (!e->is_map && bind_text(s, key, fc_entry_value(e), path, &out[i]))
            return FC_E_NOMEM;
        else if (e->is_map)
            fc_fail(s->b.diag, FC_E_KEY_KIND, &place, languages[i], FC_BOTH("a text", "글"),
                    "{...}", NULL);
    }
    if (!out[0]) out[0] = out[1];
    if (!out[1]) out[1] = out[0];
    return FC_OK;
}

static int bind_money_currency(fc_section_binder *s, const char code[4], const fc_place *place,
                               int32_t *out)
{
    int32_t index = fc_roster_find(s->rosters, FC_ENTITY_CURRENCY, FC_NONE, code);
    if (index == FC_NONE)
        report_unknown_name(s, FC_ENTITY_CURRENCY, FC_NONE, code, place);
    else
        *out = index;
    return FC_OK;
}

static int bind_node(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                     char *base)
{
    void *out = base + key->offset;
    switch (key->type) {
    case FC_K_VALUE: {
        char currency[4];
        int ret = fc_bind_value(&s->b, key, node, path, out, currency);
        if (ret || !currency[0] || !key->currency_offset) return ret;
        fc_place place = fc_node_place(node, path);
        return bind_money_currency(s, currency, &place, (int32_t *)(base + key->currency_offset));
    }
    case FC_K_CHOICE:
        return bind_choice(s, key, node, path, out);
    case FC_K_MIX:
        return bind_mix(s, node, path, out);
    case FC_K_MIXES:
        return bind_mixes(s, node, path, out);
    case FC_K_TEXT:
        return bind_text(s, key, node, path, out);
    default:
        return bind_fixed(s, key, node, path, out);
    }
}

static int bind_entry(fc_section_binder *s, const fc_key *key, const fc_entry *entry, int32_t owner,
                      char *base)
{
    const char *path = fc_entry_path(s->b.arena, entry);
    if (!path) return FC_E_NOMEM;
    fc_place place = fc_entry_place(s->b.arena, entry);
    bool wants_map =
        key->type == FC_K_SECTION || key->type == FC_K_NAMED || key->type == FC_K_CHANGES;
    char buffer[80];
    if (wants_map && !entry->is_map) {
        const fc_node *node = fc_entry_value(entry);
        bool empty = node->kind == FC_NODE_MAP && node->count == 0;
        if (!empty)
            fc_fail(s->b.diag, FC_E_KEY_KIND, &place, key->name,
                    FC_BOTH("a map of keys, one a line", "한 줄에 하나씩 쓴 키의 맵"),
                    fc_node_kind_text(node, buffer, sizeof buffer), NULL);
        return FC_OK;
    }
    if (!wants_map && entry->is_map && key->type != FC_K_TEXTS) {
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, key->name,
                key->type == FC_K_REF ? FC_BOTH("a name", "이름")
                                      : FC_BOTH("a value or a list", "값이나 목록"),
                "{...}", NULL);
        return FC_OK;
    }
    switch (key->type) {
    case FC_K_SECTION:
        return fc_bind_section(s, key->section, entry, owner, base + key->offset);
    case FC_K_TEXTS:
        return bind_texts(s, key, entry, path, (const char **)(base + key->offset));
    case FC_K_REFS:
        return bind_refs(s, key, entry, owner, path, (fc_refs *)(base + key->offset));
    case FC_K_REF:
        *(int32_t *)(base + key->offset) =
            fc_bind_reference(s, key->target, owner, fc_entry_value(entry), path);
        return FC_OK;
    case FC_K_NAMED:
    case FC_K_CHANGES:
    case FC_K_NAMES:
    case FC_K_DAYS:
    case FC_K_CORRELATIONS:
        return FC_OK;
    default:
        return bind_node(s, key, fc_entry_value(entry), path, base);
    }
}

static int bind_fallback(fc_section_binder *s, const fc_key *key, const fc_entry *entry, char *base)
{
    const char *above = fc_entry_path(s->b.arena, entry);
    const char *path =
        above ? fc_arena_printf(s->b.arena, "%s%s%s", above, *above ? "." : "", key->name) : NULL;
    fc_node *node = fc_arena_alloc(s->b.arena, sizeof *node);
    if (!path || !node) return FC_E_NOMEM;
    *node = (fc_node){.kind = FC_NODE_SCALAR,
                      .file = "(default)",
                      .text = key->fallback,
                      .length = strlen(key->fallback),
                      .size = 1};
    return bind_node(s, key, node, path, base);
}

static void check_name(fc_section_binder *s, const fc_entry *entry)
{
    const char *bad = strpbrk(entry->name, ".[]*=\"' \t\r\n,{}");
    if (!bad && entry->name[0] && strlen(entry->name) <= 100) return;
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    fc_fail(s->b.diag, FC_E_NAME, &place, entry->name, NULL);
}

int fc_bind_section(fc_section_binder *s, const fc_section *section, const fc_entry *entry,
                    int32_t owner, void *out)
{
    if (section->entity != FC_ENTITY_NONE) check_name(s, entry);
    if (!entry->is_map) {
        char buffer[80];
        fc_place place = fc_entry_place(s->b.arena, entry);
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, entry->name, section->en,
                fc_node_kind_text(fc_entry_value(entry), buffer, sizeof buffer), NULL);
        return FC_OK;
    }
    for (const fc_entry *e = entry->first; e; e = e->next) {
        const fc_key *key = fc_key_find(section, e->name);
        if (key) {
            int ret = bind_entry(s, key, e, owner, out);
            if (ret) return ret;
            continue;
        }
        fc_place place = fc_entry_key_place(s->b.arena, e);
        if (fc_remark_find(e->name)) continue;
        const char *nearest = fc_key_nearest(section, e->name);
        fc_text all = FC_TEXT_EMPTY;
        for (const fc_key *k = section->keys; k->name; k++)
            fc_text_printf(&all, "%s%s", all.length ? ", " : "", k->name);
        fc_fail(s->b.diag, nearest ? FC_E_KEY_UNKNOWN : FC_E_KEY_UNKNOWN_LIST, &place, e->name,
                nearest    ? nearest
                : all.data ? all.data
                           : "",
                NULL);
        fc_text_free(&all);
    }
    const fc_node *remarks = fc_entry_node(s->b.arena, entry);
    const char *path = fc_entry_path(s->b.arena, entry);
    if (!remarks || !path) return FC_E_NOMEM;
    fc_bind_remarks(&s->b, remarks, path);
    for (const fc_key *key = section->keys; key->name; key++) {
        if (fc_entry_child(entry, key->name)) continue;
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        if (key->required)
            fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, key->name, key->en, NULL);
        else if (key->fallback && bind_fallback(s, key, entry, out))
            return FC_E_NOMEM;
        else if (key->type == FC_K_SECTION && key->section->entity == FC_ENTITY_NONE) {
            /* A section that was left out still has its keys' defaults. */
            for (const fc_key *k = key->section->keys; k->name; k++)
                if (k->fallback && bind_fallback(s, k, entry, (char *)out + key->offset))
                    return FC_E_NOMEM;
        }
    }
    return FC_OK;
}
