/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A selector is read into steps; the entries that fit the first n steps are found from those that
 * fit the first n - 1, so that a failure can name the step at which the last one dropped out.
 */
#include "scenario/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/nearest.h"

typedef struct condition {
    const char *key, *value;
    struct condition *next; /* all must hold */
} condition;

/* One name, or any member that fits the conditions. */
typedef struct step {
    const char *name; /* NULL: any */
    condition *first, *last;
} step;

typedef struct reader {
    const char *text, *at;
    const char *missing; /* what the text lacks at `at`; NULL while all is well */
    fc_arena *arena;
    bool no_memory;
} reader;

static const char name_ends[] = ".[]*=\"'";

/* --- reading ---------------------------------------------------------------------------------- */

static bool expect(reader *r, const char *what)
{
    if (*r->at == *what) {
        r->at++;
        return true;
    }
    r->missing = what;
    return false;
}

static void skip_blanks(reader *r)
{
    while (*r->at == ' ') r->at++;
}

static bool read_quoted(reader *r, char *out)
{
    const char *quote = *r->at++ == '"' ? "\"" : "'";
    for (; *r->at; *out++ = *r->at++) {
        if (*r->at != *quote) continue;
        if (*++r->at != *quote) {
            *out = '\0';
            return true;
        }
    }
    r->missing = quote;
    return false;
}

/* A name up to one of `ends`, or in quotes, without the blanks around it; `out` has room for the
 * rest of the text. */
static bool read_name(reader *r, const char *ends, const char *what, char *out)
{
    skip_blanks(r);
    if (*r->at == '"' || *r->at == '\'') {
        bool good = read_quoted(r, out);
        if (good && !*out && ends == name_ends) r->missing = what; /* no key is empty */
        skip_blanks(r);
        return !r->missing;
    }
    size_t length = strcspn(r->at, ends), shown = length;
    while (shown && r->at[shown - 1] == ' ') shown--;
    memcpy(out, r->at, shown);
    out[shown] = '\0';
    if (shown)
        r->at += length;
    else
        r->missing = what;
    return shown > 0;
}

static const char *keep_name(reader *r, const char *ends, const char *what)
{
    char *name = fc_arena_alloc(r->arena, strlen(r->at) + 1);
    r->no_memory |= !name;
    return name && read_name(r, ends, what, name) ? name : NULL;
}

static condition *read_condition(reader *r)
{
    condition *c = fc_arena_alloc(r->arena, sizeof *c);
    if (!c) {
        r->no_memory = true;
        return NULL;
    }
    c->key = keep_name(r, name_ends, "NAME");
    if (!c->key || !expect(r, "=")) return NULL;
    c->value = keep_name(r, "]", "VALUE");
    return c->value && expect(r, "]") ? c : NULL;
}

/* One name or `*`, and what stands in brackets behind it: that is a step of its own after a name.
 */
static size_t read_component(reader *r, step steps[2])
{
    size_t count = 1;
    steps[0] = steps[1] = (step){.name = NULL};
    if (*r->at == '*')
        r->at++;
    else if (!(steps[0].name = keep_name(r, name_ends, "NAME")))
        return 0;
    while (*r->at == '[') {
        r->at++;
        if (steps[0].name) count = 2;
        step *any = &steps[count - 1];
        condition *c = read_condition(r);
        if (!c) return 0;
        *(any->last ? &any->last->next : &any->first) = c;
        any->last = c;
    }
    return count;
}

/* The number of steps; 0 on an error: what is missing, or, nothing missing, too many steps. */
static size_t read_steps(reader *r, step steps[FC_TREE_DEPTH])
{
    for (size_t count = 0; count + 2 <= FC_TREE_DEPTH;) {
        size_t more = read_component(r, steps + count);
        if (!more) return 0;
        count += more;
        if (!*r->at) return count;
        if (!expect(r, ".")) return 0;
    }
    return 0;
}

size_t fc_selector_length(const char *text)
{
    char quote = '\0';
    int brackets = 0;
    const char *p = text;
    for (; *p; p++) {
        if (quote)
            quote = *p == quote ? '\0' : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '=' && !brackets)
            break;
        else if (*p == '[' || *p == ']')
            brackets = *p == '[';
    }
    return (size_t)(p - text);
}

/* --- matching --------------------------------------------------------------------------------- */

/* What fits the steps so far: an entry, and how many of the last steps' names it lacks. */
typedef struct candidate {
    const fc_entry *entry;
    size_t lacks;
} candidate;

typedef struct list {
    candidate *data;
    size_t count, room;
} list;

typedef struct match {
    const fc_tree *tree;
    fc_arena *arena;
    const char *text;
    const step *steps;
    size_t count;
    candidate dropped; /* the first that did not fit the step at hand */
} match;

static int add(fc_arena *arena, list *to, candidate c)
{
    if (to->count == to->room) {
        size_t room = to->room ? to->room * 2 : 8;
        candidate *data = fc_arena_array(arena, room, sizeof *data);
        if (!data) return FC_E_NOMEM;
        if (to->count) memcpy(data, to->data, to->count * sizeof *data);
        to->data = data;
        to->room = room;
    }
    to->data[to->count++] = c;
    return FC_OK;
}

/* The names of the path of a candidate that fits the first `done` steps. */
static size_t names_of(const match *m, candidate c, size_t done, const char *names[FC_TREE_DEPTH])
{
    size_t depth = fc_entry_names(c.entry, names);
    for (size_t i = done - c.lacks; i < done; i++) names[depth++] = m->steps[i].name;
    return depth;
}

/* The text of a member's scalar `key`; NULL where it says nothing that could be compared. */
static const char *text_of(const fc_entry *member, const char *key)
{
    const fc_node *value = fc_entry_value(fc_entry_child(member, key));
    if (value && value->kind == FC_NODE_MAP) value = fc_node_get(value, "value");
    return value && value->kind == FC_NODE_SCALAR ? value->text : NULL;
}

/* Whether the conditions before `end` hold (NULL: all). */
static bool fits(const fc_entry *member, const step *any, const condition *end)
{
    for (const condition *c = any->first; c != end; c = c->next) {
        const char *text = text_of(member, c->key);
        if (!text || strcmp(text, c->value) != 0) return false;
    }
    return true;
}

static bool may_be_made(const match *m, candidate c, size_t done)
{
    const char *names[FC_TREE_DEPTH];
    size_t depth = names_of(m, c, done, names);
    if (depth >= FC_TREE_DEPTH) return false;
    names[depth++] = m->steps[done].name;
    bool last = done + 1 == m->count;
    return last || (m->tree->schema.is_group && m->tree->schema.is_group(names, depth));
}

/* Adds to `next` what fits one more step from one candidate. */
static int advance(match *m, candidate c, size_t done, list *next)
{
    const step *s = &m->steps[done];
    size_t before = next->count;
    int ret = FC_OK;
    if (c.entry->is_map && !s->name && !c.lacks) {
        for (const fc_entry *e = c.entry->first; e && !ret; e = e->next)
            if (fits(e, s, NULL)) ret = add(m->arena, next, (candidate){e, 0});
    } else if (c.entry->is_map && s->name) {
        const fc_entry *child = c.lacks ? NULL : fc_entry_child(c.entry, s->name);
        if (child)
            ret = add(m->arena, next, (candidate){child, 0});
        else if (may_be_made(m, c, done))
            ret = add(m->arena, next, (candidate){c.entry, c.lacks + 1});
    }
    if (next->count == before && !m->dropped.entry) m->dropped = c;
    return ret;
}

/* --- what to say ------------------------------------------------------------------------------ */

static int fail_syntax(const reader *r, const fc_place *place, fc_diag *diag)
{
    char column[24];
    size_t characters = 1;
    for (const char *p = r->text; p < r->at; p++) characters += ((unsigned char)*p & 0xc0) != 0x80;
    snprintf(column, sizeof column, "%zu", characters);
    return fc_fail(diag, FC_E_SELECTOR_SYNTAX, place, r->text, column, r->missing, NULL);
}

/* "region=capital, kind=new"; `meant`, if not NULL, stands for the value of condition `c`. */
static const char *conditions_text(fc_arena *arena, const step *any, const condition *c,
                                   const char *meant)
{
    const char *text = "";
    for (const condition *each = any->first; each && text; each = each->next)
        text = fc_arena_printf(arena, "%s%s%s=%s", text, each == any->first ? "" : ", ", each->key,
                               each == c && meant ? meant : each->value);
    return text;
}

static bool any_fits(const fc_entry *map, const step *any, const condition *end)
{
    const fc_entry *e = map->first;
    while (e && !fits(e, any, end)) e = e->next;
    return e != NULL;
}

/* The first condition that leaves no member is the one to doubt. */
static int fail_filter(const match *m, const step *any, const char *path, const fc_place *place,
                       fc_diag *diag)
{
    const fc_entry *map = m->dropped.entry;
    const condition *c = any->first;
    while (c->next && any_fits(map, any, c->next)) c = c->next;
    fc_nearest nearest = fc_nearest_start(c->value, diag);
    for (const fc_entry *e = map->first; e; e = e->next) {
        const char *text = fits(e, any, c) ? text_of(e, c->key) : NULL;
        if (text && !fc_nearest_try(&nearest, text)) break;
    }
    const char *wanted = conditions_text(m->arena, any, NULL, NULL);
    if (!nearest.found)
        return fc_fail(diag, FC_E_SELECTOR_FILTER, place, m->text, path, wanted, NULL);
    const char *meant = conditions_text(m->arena, any, c, nearest.found);
    return fc_fail(diag, FC_E_SELECTOR_FILTER_NEAR, place, m->text, path, wanted, meant, NULL);
}

static int fail_name(const match *m, const char *const *names, size_t depth, const char *name,
                     const fc_place *place, fc_diag *diag)
{
    const char *path = depth ? fc_path_text(m->arena, names, depth) : "";
    const char *near =
        name && !m->dropped.lacks ? fc_entry_nearest(m->dropped.entry, name, diag) : NULL;
    const char *missing = name ? fc_path_text(m->arena, &name, 1) : "*";
    const char *dot = depth ? "." : "";
    if (!path || !missing) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    missing = fc_arena_printf(m->arena, "%s%s%s", path, dot, missing);
    if (near) near = fc_path_text(m->arena, &near, 1);
    if (!near) return fc_fail(diag, FC_E_SELECTOR_NAME, place, m->text, missing, NULL);
    near = fc_arena_printf(m->arena, "%s%s%s", path, dot, near);
    return fc_fail(diag, FC_E_SELECTOR_NAME_NEAR, place, m->text, missing, near, NULL);
}

/* Nothing fitted step `done`; the first candidate to drop out says why. */
static int fail_match(const match *m, size_t done, const fc_place *place, fc_diag *diag)
{
    const step *s = &m->steps[done];
    const char *names[FC_TREE_DEPTH];
    size_t depth = names_of(m, m->dropped, done, names);
    const char *path = fc_path_text(m->arena, names, depth);
    if (!path) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!m->dropped.entry->is_map)
        return fc_fail(diag, FC_E_TREE_VALUE, place, path, m->text, NULL);
    size_t lacks = m->dropped.lacks;
    if (s->first && m->dropped.entry->count && !lacks) return fail_filter(m, s, path, place, diag);
    if (lacks && !s->name) /* members of a group that is not there */
        return fail_name(m, names, depth - lacks, m->steps[done - lacks].name, place, diag);
    return fail_name(m, names, depth, s->name, place, diag);
}

/* --- entry points ----------------------------------------------------------------------------- */

static int make_targets(const match *m, const list *found, const fc_selected **out)
{
    fc_selected *targets = fc_arena_array(m->arena, found->count, sizeof *targets);
    if (!targets) return FC_E_NOMEM;
    for (size_t i = 0; i < found->count; i++) {
        const char *names[FC_TREE_DEPTH];
        size_t depth = names_of(m, found->data[i], m->count, names);
        const char **kept = fc_arena_array(m->arena, depth, sizeof *kept);
        if (!kept) return FC_E_NOMEM;
        memcpy(kept, names, depth * sizeof *kept);
        targets[i] = (fc_selected){.names = kept, .depth = depth};
        if (!found->data[i].lacks) targets[i].entry = found->data[i].entry;
    }
    *out = targets;
    return FC_OK;
}

int fc_tree_select(const fc_tree *tree, fc_arena *arena, const char *text, const fc_place *place,
                   fc_diag *diag, const fc_selected **out, size_t *count)
{
    step steps[FC_TREE_DEPTH];
    reader r = {.arena = arena, .text = text, .at = text};
    match m = {.tree = tree, .arena = arena, .text = text, .steps = steps};
    list found = {.count = 0};
    *out = NULL;
    *count = 0;
    m.count = read_steps(&r, steps);
    int ret = r.no_memory ? FC_E_NOMEM : FC_OK;
    if (!ret && r.missing) return fail_syntax(&r, place, diag);
    if (!ret && !m.count) return fc_tree_fail_limit(place, diag);
    if (!ret) ret = add(arena, &found, (candidate){tree->root, 0});
    for (size_t done = 0; done < m.count && !ret; done++) {
        list next = {.count = 0};
        m.dropped = (candidate){.entry = NULL};
        for (size_t i = 0; i < found.count && !ret; i++)
            ret = advance(&m, found.data[i], done, &next);
        if (!ret && !next.count) return fail_match(&m, done, place, diag);
        found = next;
    }
    if (!ret) ret = make_targets(&m, &found, out);
    if (ret) return fc_fail(diag, ret, NULL, NULL);
    *count = found.count;
    return FC_OK;
}

const fc_entry *fc_tree_find(const fc_tree *tree, const char *path)
{
    char small[256];
    size_t room = strlen(path) + 1;
    char *name = room <= sizeof small ? small : malloc(room);
    const fc_entry *entry = name ? tree->root : NULL;
    reader r = {.text = path, .at = path};
    for (bool more = true; more && entry;) {
        entry = read_name(&r, name_ends, "NAME", name) ? fc_entry_child(entry, name) : NULL;
        more = *r.at;
        if (more && !expect(&r, ".")) entry = NULL;
    }
    if (name != small) free(name);
    return entry;
}
