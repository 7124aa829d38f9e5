/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/bind_section.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/bind_energy.h"
#include "scenario/key_text.h"
#include "scenario/nearest.h"

/* ---- references ----------------------------------------------------------------------------- */

/* Looks through the members of a kind that `owner` may mean. */
static void look_through(const fc_rosters *rosters, fc_entity kind, int32_t owner,
                         fc_nearest *nearest, fc_text *all)
{
    const fc_roster *r = &rosters->of[kind];
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->owner[i] != owner && r->owner[i] != FC_NONE) continue;
        const char *candidate = fc_roster_name(rosters, kind, i);
        if (all->length < 200)
            fc_text_printf(all, "%s%.*s", all->length ? ", " : "", 100, candidate);
        if (!fc_nearest_try(nearest, candidate) && all->length >= 200) return;
    }
}

/* Where a scenario without any of a kind gets those of the catalogue. */
static const char *catalogue_of(fc_entity kind)
{
    switch (kind) {
    case FC_ENTITY_ACCELERATOR:
        return FC_BOTH("; 'extends: [data:accelerators.yaml]' brings the catalogue's",
                       ". 'extends: [data:accelerators.yaml]'로 제품 목록을 가져올 수 있습니다");
    case FC_ENTITY_TARIFF:
        return FC_BOTH("; 'extends: [data:tariffs.yaml]' brings the catalogue's",
                       ". 'extends: [data:tariffs.yaml]'로 요금표를 가져올 수 있습니다");
    default:
        return "";
    }
}

void fc_bind_unknown_name(fc_section_binder *s, fc_entity kind, fc_entity also, int32_t owner,
                          const char *name, const fc_place *place)
{
    fc_text all = FC_TEXT_EMPTY, kinds = FC_TEXT_EMPTY;
    fc_nearest nearest = fc_nearest_start(name, s->b.diag);
    look_through(s->rosters, kind, owner, &nearest, &all);
    fc_text_add(&kinds, fc_entity_plural(kind));
    if (also != FC_ENTITY_NONE) {
        look_through(s->rosters, also, owner, &nearest, &all);
        fc_text_printf(&kinds, ", %s", fc_entity_plural(also));
    }
    const char *where = kinds.data ? kinds.data : "";
    if (nearest.found)
        fc_fail(s->b.diag, FC_E_REFERENCE, place, name, where, nearest.found, NULL);
    else if (all.length)
        fc_fail(s->b.diag, FC_E_REFERENCE_LIST, place, name, where, all.data, NULL);
    else
        fc_fail(s->b.diag, FC_E_REFERENCE_NONE, place, name, where, catalogue_of(kind), NULL);
    fc_text_free(&all);
    fc_text_free(&kinds);
}

bool fc_bind_is_text(fc_section_binder *s, const fc_node *node, const char *path, const char *what)
{
    if (node->kind == FC_NODE_SCALAR && !fc_node_is_null(node) && node->length > 0) return true;
    fc_place place = fc_node_place(node, path);
    char buffer[FC_KIND_TEXT];
    fc_fail(s->b.diag, FC_E_KEY_KIND, &place, what, FC_BOTH("a text", "글"),
            fc_node_kind_text(node, buffer), NULL);
    return false;
}

int32_t fc_bind_reference(fc_section_binder *s, fc_entity kind, int32_t owner, const fc_node *node,
                          const char *path)
{
    fc_place place = fc_node_place(node, path);
    char buffer[FC_KIND_TEXT];
    if (node->kind != FC_NODE_SCALAR || fc_node_is_null(node) || !node->length) {
        fc_fail(s->b.diag, FC_E_VALUE_FORM, &place, fc_node_kind_text(node, buffer),
                FC_BOTH("a name", "이름"), NULL);
        return FC_NONE;
    }
    int32_t index = fc_roster_find(s->rosters, kind, owner, node->text);
    if (index == FC_NONE) fc_bind_unknown_name(s, kind, FC_ENTITY_NONE, owner, node->text, &place);
    return index;
}

int fc_bind_names(fc_section_binder *s, const fc_entry *entry, const fc_node *const **out,
                  size_t *count)
{
    *count = 0;
    const char *path = fc_entry_path(s->b.arena, entry);
    const fc_node *node = fc_entry_value(entry);
    if (!path) return FC_E_NOMEM;
    if (node) node = fc_bind_unwrap(&s->b, node, path);
    if (node && node->kind == FC_NODE_SEQUENCE) {
        for (size_t i = 0; i < node->count; i++)
            if (!fc_bind_is_text(s, node->items[i], path, entry->name)) return FC_OK;
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
    char buffer[FC_KIND_TEXT];
    fc_fail(s->b.diag, FC_E_KEY_KIND, &place, entry->name, FC_BOTH("a list", "목록"),
            node ? fc_node_kind_text(node, buffer) : "{...}", NULL);
    return FC_OK;
}

/* ---- one key -------------------------------------------------------------------------------- */

typedef struct listed {
    int32_t index;
    const fc_node *item;
} listed;

static int by_index(const void *a, const void *b)
{
    const listed *x = a, *y = b;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return x->item->line != y->item->line ? (x->item->line < y->item->line ? -1 : 1)
                                          : x->item->column - y->item->column;
}

int fc_bind_check_twice(fc_section_binder *s, const fc_node *const *items, const int32_t *index,
                        size_t count, const char *path)
{
    listed *all = fc_arena_array(s->b.arena, count + 1, sizeof *all);
    if (!all) return FC_E_NOMEM;
    for (size_t i = 0; i < count; i++) all[i] = (listed){index[i], items[i]};
    qsort(all, count, sizeof *all, by_index);
    for (size_t i = 1; i < count; i++) {
        if (all[i].index == FC_NONE || all[i].index != all[i - 1].index) continue;
        fc_place place = fc_node_place(all[i].item, path);
        fc_fail(s->b.diag, FC_E_TWICE, &place, all[i].item->text, NULL);
    }
    return FC_OK;
}

static int bind_refs(fc_section_binder *s, const fc_key *key, const fc_entry *entry, int32_t owner,
                     const char *path, fc_refs *out)
{
    const fc_node *const *items = NULL;
    size_t count, errors = fc_diag_errors(s->b.diag);
    int ret = fc_bind_names(s, entry, &items, &count);
    if (ret) return ret;
    fc_place place = fc_entry_place(s->b.arena, entry);
    if (count == 0 && key->required && fc_diag_errors(s->b.diag) == errors)
        fc_fail(s->b.diag, FC_E_LIST_EMPTY, &place, key->name, NULL);
    int32_t *index = fc_arena_array(s->b.arena, count + 1, sizeof *index);
    if (!index) return FC_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        index[i] = fc_bind_reference(s, key->target, owner, items[i], path);
    *out = (fc_refs){(uint32_t)count, index};
    return fc_bind_check_twice(s, items, index, count, path);
}

static void add_choices(const fc_key *key, fc_text *out)
{
    for (const char *const *c = key->choices; *c; c++)
        fc_text_printf(out, "%s%s", c == key->choices ? "" : ", ", *c);
}

static void report_choice(fc_section_binder *s, const fc_key *key, const fc_node *node,
                          const fc_place *place)
{
    fc_text all = FC_TEXT_EMPTY;
    add_choices(key, &all);
    fc_fail(s->b.diag, FC_E_CHOICE, place, node->text, all.data ? all.data : "", NULL);
    fc_text_free(&all);
}

static int bind_choice(fc_section_binder *s, const fc_key *key, const fc_node *node,
                       const char *path, int *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    if (!fc_bind_is_text(s, node, path, key->name)) return FC_OK;
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
    if (!fc_bind_is_text(s, node, path, key->name)) return FC_OK;
    fc_place place = fc_node_place(node, path);
    fc_unit_want want = {.dim = key->type == FC_K_DAY ? FC_DIM_DATE : FC_DIM_COUNT};
    fc_quantity q;
    if (fc_quantity_parse(node->text, &want, &place, s->b.diag, &q)) return FC_OK;
    if (key->type == FC_K_DAY) {
        *(fc_date *)out = fc_date_of_days((int64_t)q.value);
    } else if (!(q.value >= key->min && q.value <= key->max)) {
        char low[32], high[32];
        if (key->min == key->max) {
            snprintf(low, sizeof low, "%.0f", key->min);
            fc_fail(s->b.diag, FC_E_VALUE_FORM, &place, node->text, low, NULL);
            return FC_OK;
        }
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
    if (!fc_bind_is_text(s, node, path, key->name)) return FC_OK;
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

static int bind_node(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                     char *base)
{
    void *out = base + key->offset;
    switch (key->type) {
    case FC_K_VALUE:
        return fc_bind_value(&s->b, key, node, path, out,
                             key->currency_offset ? (int32_t *)(base + key->currency_offset)
                                                  : NULL);
    case FC_K_CHOICE:
        return bind_choice(s, key, node, path, out);
    case FC_K_MIX:
        return fc_bind_mix(s, node, path, out);
    case FC_K_MIXES:
        return fc_bind_mixes(s, node, path, out);
    case FC_K_FACTORS:
        return fc_bind_factors(s, key, node, path, out);
    case FC_K_AGES:
        return fc_bind_ages(s, node, path, out);
    case FC_K_PROFILE:
        return fc_bind_profile(s, key, node, path, out);
    case FC_K_TEXT:
        return bind_text(s, key, node, path, out);
    default:
        return bind_fixed(s, key, node, path, out);
    }
}

static void add_key_names(const fc_section *section, fc_text *out)
{
    for (const fc_key *key = section->keys; key->name; key++)
        fc_text_printf(out, "%s%s", key == section->keys ? "" : ", ", key->name);
}

/* `section` (NULL: names of the scenario's own) says which keys are wanted. */
static void report_no_map(fc_section_binder *s, const fc_entry *entry, const fc_section *section)
{
    char buffer[FC_KIND_TEXT];
    fc_place place = fc_entry_place(s->b.arena, entry);
    fc_text en = FC_TEXT_EMPTY, keys = FC_TEXT_EMPTY;
    if (section) add_key_names(section, &keys);
    const char *list = keys.data ? keys.data : "";
    if (section)
        fc_text_printf(&en, "the keys %s, one a line\x1f%s 키를 한 줄에 하나씩 쓴", list, list);
    else
        fc_text_add(
            &en, FC_BOTH("names with keys of their own, one a line", "이름을 한 줄에 하나씩 쓴"));
    fc_fail(s->b.diag, FC_E_KEY_KIND, &place, entry->name, en.data ? en.data : "",
            fc_node_kind_text(fc_entry_value(entry), buffer), NULL);
    fc_text_free(&en);
    fc_text_free(&keys);
}

static int bind_entry(fc_section_binder *s, const fc_key *key, const fc_entry *entry, int32_t owner,
                      char *base)
{
    const char *path = fc_entry_path(s->b.arena, entry);
    if (!path) return FC_E_NOMEM;
    fc_place place = fc_entry_place(s->b.arena, entry);
    bool wants_map =
        key->type == FC_K_SECTION || key->type == FC_K_NAMED || key->type == FC_K_CHANGES;
    if (wants_map && !entry->is_map) {
        report_no_map(s, entry, key->type == FC_K_SECTION ? key->section : NULL);
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
    case FC_K_MONTHS:
    case FC_K_HOURS:
        return fc_bind_spans(s, key, entry, (uint32_t *)(base + key->offset));
    case FC_K_REF:
        *(int32_t *)(base + key->offset) = fc_bind_reference(
            s, key->target, owner, fc_bind_unwrap(&s->b, fc_entry_value(entry), path), path);
        return FC_OK;
    case FC_K_NAMED:
    case FC_K_CHANGES:
    case FC_K_NAMES:
    case FC_K_DAYS:
    case FC_K_CORRELATIONS:
    case FC_K_ANY:
    case FC_K_ANYS:
        return FC_OK;
    default:
        return bind_node(s, key, fc_entry_value(entry), path, base);
    }
}

/* `name` is the key's, or section.key. */
static int bind_fallback(fc_section_binder *s, const fc_key *key, const fc_entry *entry,
                         const char *name, char *base)
{
    const char *above = fc_entry_path(s->b.arena, entry);
    const char *path =
        above ? fc_arena_printf(s->b.arena, "%s%s%s", above, *above ? "." : "", name) : NULL;
    fc_node *node = fc_arena_alloc(s->b.arena, sizeof *node);
    if (!path || !node) return FC_E_NOMEM;
    *node = (fc_node){.kind = FC_NODE_SCALAR,
                      .file = "(default)",
                      .text = key->fallback,
                      .length = strlen(key->fallback),
                      .size = 1};
    return bind_node(s, key, node, path, base);
}

static void report_unknown_key(fc_section_binder *s, const fc_section *section, const fc_entry *e)
{
    fc_place place = fc_entry_key_place(s->b.arena, e);
    const char *nearest = fc_key_nearest(section, e->name);
    bool slip = nearest && fc_name_distance(e->name, nearest, 1) <= 1;
    fc_text home = FC_TEXT_EMPTY, all = FC_TEXT_EMPTY;
    if (!slip) fc_key_home(s->root, e->name, &home);
    add_key_names(section, &all);
    if (home.data || nearest)
        fc_fail(s->b.diag, FC_E_KEY_UNKNOWN, &place, e->name, home.data ? home.data : nearest,
                NULL);
    else
        fc_fail(s->b.diag, FC_E_KEY_UNKNOWN_LIST, &place, e->name, all.data ? all.data : "", NULL);
    fc_text_free(&home);
    fc_text_free(&all);
}

/* The file the whole scenario stands in. */
static const char *scenario_file(const fc_tree *tree)
{
    const fc_layer *layer = tree->top;
    while (layer && layer->kind != FC_LAYER_FILE) layer = layer->below;
    return layer ? layer->name : NULL;
}

static void report_missing(fc_section_binder *s, const fc_key *key, const fc_entry *entry)
{
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    fc_text what = FC_TEXT_EMPTY;
    if (!entry->parent) place.file = scenario_file(s->tree);
    for (int lang = 0; lang < 2; lang++) {
        fc_text_printf(&what, "%s%s", lang ? "\x1f" : "", lang ? key->ko : key->en); /* FC_BOTH */
        if (key->type != FC_K_CHOICE) continue;
        fc_text_add(&what, lang ? "; 다음 중 하나: " : "; one of ");
        add_choices(key, &what);
    }
    fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, key->name, what.data ? what.data : "", NULL);
    fc_text_free(&what);
}

static int bind_missing(fc_section_binder *s, const fc_key *key, const fc_entry *entry, char *out)
{
    if (key->required) {
        report_missing(s, key, entry);
    } else if (key->fallback) {
        return bind_fallback(s, key, entry, key->name, out);
    } else if (key->type == FC_K_SECTION) {
        /* A section that was left out still has its keys' defaults. */
        for (const fc_key *k = key->section->keys; k->name; k++) {
            const char *name = fc_arena_printf(s->b.arena, "%s.%s", key->name, k->name);
            if (!name) return FC_E_NOMEM;
            if (k->fallback && bind_fallback(s, k, entry, name, out + key->offset))
                return FC_E_NOMEM;
        }
    }
    return FC_OK;
}

int fc_bind_section(fc_section_binder *s, const fc_section *section, const fc_entry *entry,
                    int32_t owner, void *out)
{
    if (section->entity != FC_ENTITY_NONE && !fc_roster_is_name(entry->name)) {
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        fc_fail(s->b.diag, FC_E_NAME, &place, entry->name, NULL);
        return FC_OK;
    }
    if (!entry->is_map) {
        report_no_map(s, entry, section);
        return FC_OK;
    }
    for (const fc_entry *e = entry->first; e; e = e->next) {
        const fc_key *key = fc_key_find(section, e->name), *remark = fc_remark_find(e->name);
        fc_place place = fc_entry_place(s->b.arena, e);
        if (key) {
            int ret = bind_entry(s, key, e, owner, out);
            if (ret) return ret;
        } else if (remark) {
            fc_bind_remark(&s->b, remark, fc_entry_value(e), &place);
        } else {
            report_unknown_key(s, section, e);
        }
    }
    for (const fc_key *key = section->keys; key->name; key++) {
        int ret = fc_entry_child(entry, key->name) ? FC_OK : bind_missing(s, key, entry, out);
        if (ret) return ret;
    }
    return FC_OK;
}
