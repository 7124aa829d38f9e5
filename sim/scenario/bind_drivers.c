/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shocks and policies: who acts from when, and which parameters change how. */
#include "scenario/bind_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/stream.h"
#include "scenario/layers.h"
#include "scenario/selector.h"

enum { MAX_CHANGES = 250000 }; /* what all wildcards together may come to */

/* A change, and which it was in the order written. */
typedef struct written {
    fc_change change;
    uint32_t order;
} written;

/* The changes found so far. */
typedef struct collector {
    fc_section_binder *s;
    written *changes;
    uint32_t n, capacity;
    size_t entities, looked; /* in the scenario; that wildcards may have looked at */
} collector;

static int keep_change(collector *c, const fc_change *change)
{
    if (c->n == c->capacity) {
        uint32_t capacity = c->capacity ? 2 * c->capacity : 32;
        written *grown = realloc(c->changes, capacity * sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        c->changes = grown;
        c->capacity = capacity;
    }
    c->changes[c->n] = (written){*change, c->n};
    c->n++;
    return FC_OK;
}

/* The row a change's operand is read with: the parameter's own to set and to add (to a date a
 * duration), a plain factor to scale; limits hold for what is set, not for what is added. */
static fc_key operand_key(const fc_key *key, fc_change_op op)
{
    fc_key row = *key;
    if (op == FC_SET) return row;
    row.may &= FC_MAY_UNKNOWN;
    row.min = row.max = 0;
    if (op == FC_ADD && key->want.dim == FC_DIM_DATE)
        row.want = (fc_unit_want){.dim = FC_DIM_DURATION};
    if (op == FC_SCALE) {
        row.want = (fc_unit_want){.dim = FC_DIM_NUMBER};
        row.max = 1e9;
    }
    return row;
}

/* Why a parameter cannot be changed so; NULL: it can. */
static const char *refuse_change(const fc_binder *b, const fc_key *key, fc_param param,
                                 fc_change_op op)
{
    if (key->type != FC_K_VALUE || !(key->may & FC_MAY_CHANGE))
        return FC_BOTH("this key cannot change from a date on; a policy without 'at' sets it from "
                       "the start",
                       "이 키는 도중에 바꿀 수 없습니다. 'at'이 없는 정책으로 처음부터 정하십시오");
    if (key->choices && op != FC_SET)
        return FC_BOTH("its values are names: it can be set, not scaled or added to",
                       "값이 이름이므로 set으로만 바꿀 수 있습니다");
    if (op == FC_SCALE && key->want.dim == FC_DIM_DATE)
        return FC_BOTH("a date cannot be multiplied; write add: with a duration",
                       "날짜에는 배율을 쓸 수 없습니다. add:에 기간을 쓰십시오");
    /* Its own value was wrong where errors were found. */
    if (!param && !fc_diag_errors(b->diag))
        return FC_BOTH("the scenario gives it no value that could change",
                       "시나리오에 바꿀 값이 없습니다");
    return NULL;
}

/* One driver's changes of one kind. */
typedef struct change_list {
    const fc_entry *map;
    fc_change_op op;
    uint32_t driver;
    int in_progress; /* fc_in_progress, or FC_NONE: the key's own */
    bool dated;      /* else it is a layer, and only looked over */
} change_list;

/* One selected path: checks that it may change so, and adds the change. */
static int bind_change(collector *c, const change_list *list, const fc_selected *target,
                       const fc_node *node, const fc_place *place)
{
    fc_binder *b = &c->s->b;
    const fc_key *key = fc_key_at(target->names, target->depth, NULL);
    const char *path = fc_path_text(b->arena, target->names, target->depth);
    if (!path) return FC_E_NOMEM;
    const fc_key *above =
        target->depth > 0 ? fc_key_at(target->names, target->depth - 1, NULL) : NULL;
    if (!key && !list->dated && above && above->type == FC_K_NAMED)
        return FC_OK; /* a policy that is a layer may add a named thing */
    if (!key) {
        fc_fail(b->diag, FC_E_CHANGE, place, path,
                FC_BOTH("there is no such key", "그런 키가 없습니다"), NULL);
        return FC_OK;
    }
    if (!list->dated && key->type != FC_K_VALUE) return FC_OK;
    fc_param param = fc_binder_find_param(b, path);
    const char *why = list->dated ? refuse_change(b, key, param, list->op) : NULL;
    if (why) {
        fc_fail(b->diag, FC_E_CHANGE, place, path, why, NULL);
        return FC_OK;
    }
    fc_key row = operand_key(key, list->op);
    fc_change change = {.param = param, .driver = list->driver, .op = list->op};
    char currency[4];
    const char *alias, *operand_path = list->op == FC_SET
                                           ? path
                                           : fc_arena_printf(b->arena, "%s.%s", place->path, path);
    if (!operand_path) return FC_E_NOMEM;
    int ret = fc_bind_expression(b, &row, node, operand_path, &change.value, currency,
                                 list->dated ? NULL : &alias);
    if (ret || change.value == FC_NO_VALUE || !list->dated || !param) return ret;
    const char *own = b->bound[param].currency;
    if (currency[0] && own[0] && strcmp(currency, own) != 0) {
        fc_place at = fc_node_place(node, path);
        fc_fail(b->diag, FC_E_CURRENCIES, &at, own, currency, NULL);
        return FC_OK;
    }
    change.in_progress =
        list->in_progress == FC_NONE ? key->in_progress : (fc_in_progress)list->in_progress;
    return keep_change(c, &change);
}

static int bind_changes(collector *c, const change_list *list)
{
    fc_binder *b = &c->s->b;
    if (!list->map || !list->map->is_map) return FC_OK;
    const char *path = fc_entry_path(b->arena, list->map);
    if (!path) return FC_E_NOMEM;
    for (const fc_entry *e = list->map->first; e; e = e->next) {
        fc_place place = fc_entry_key_place(b->arena, e);
        place.path = path;
        const fc_node *node = fc_entry_node(b->arena, e);
        if (!node) return FC_E_NOMEM;
        const fc_selected *targets;
        size_t count;
        if (strpbrk(e->name, "*[")) c->looked += c->entities;
        if (c->looked > FC_TREE_LOOKED || c->n > MAX_CHANGES) {
            fc_tree_fail_limit(&place, b->diag);
            return FC_OK;
        }
        int ret = fc_tree_select(c->s->tree, b->arena, e->name, &place, b->diag, &targets, &count);
        if (ret == FC_E_NOMEM) return ret;
        if (ret) continue;
        for (size_t i = 0; i < count; i++)
            if ((ret = bind_change(c, list, &targets[i], node, &place))) return ret;
    }
    return FC_OK;
}

/* ---- drivers -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int bind_reviews(fc_section_binder *s, const fc_entry *when, fc_driver *driver)
{
    const fc_entry *list = fc_entry_child(when, "reviewed");
    if (!list) return FC_OK;
    const fc_node *const *items = NULL;
    size_t count;
    int ret = fc_bind_names(s, list, &items, &count);
    if (ret) return ret;
    double *dates = fc_arena_array(s->b.arena, count + 1, sizeof *dates);
    const char *path = fc_entry_path(s->b.arena, list);
    if (!dates || !path) return FC_E_NOMEM;
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++) {
        fc_place place = fc_node_place(items[i], path);
        fc_quantity q;
        if (fc_quantity_parse(items[i]->text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place,
                              s->b.diag, &q))
            continue;
        double time = (q.value - (double)s->b.plan->epoch.start_day) * FC_DAY;
        dates[n++] = time;
    }
    qsort(dates, n, sizeof *dates, by_size);
    if (n == 0 && items && !fc_diag_errors(s->b.diag)) {
        fc_place place = fc_entry_place(s->b.arena, list);
        fc_fail(s->b.diag, FC_E_LIST_EMPTY, &place, list->name, NULL);
    }
    driver->reviews = dates;
    driver->n_reviews = n;
    return FC_OK;
}

/* The number a parameter is, NaN if it is drawn or not given. */
static double fixed_number(const fc_binder *b, fc_param param)
{
    uint32_t value = param ? b->plan->params[param].value : FC_NO_VALUE;
    bool fixed = value != FC_NO_VALUE && b->plan->values[value].form == FC_FORM_NUMBER;
    return fixed ? b->plan->values[value].number : NAN;
}

static void check_dates(fc_section_binder *s, const fc_entry *entry, const fc_driver *driver,
                        bool dated)
{
    const fc_entry *at = fc_entry_child(entry, "at"), *when = fc_entry_child(entry, "when");
    const fc_entry *until = fc_entry_child(entry, "until");
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    if (at && when) {
        place = fc_entry_key_place(s->b.arena, when);
        fc_fail(s->b.diag, FC_E_CHANGE, &place, "when",
                FC_BOTH("a date (at) and a state (when) cannot both start it: keep one",
                        "날짜(at)와 상태(when)로 함께 시작할 수 없습니다: 하나만 남기십시오"),
                NULL);
    } else if (dated && !at && !when) {
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "at",
                FC_BOTH("the date it happens, or when:", "일어나는 날짜 또는 when:"), NULL);
    }
    if (fixed_number(&s->b, driver->until) <= fixed_number(&s->b, driver->at)) {
        place = fc_entry_place(s->b.arena, until);
        fc_fail(s->b.diag, FC_E_CHANGE, &place, "until",
                FC_BOTH("it would end before it begins (at)", "시작(at)보다 먼저 끝납니다"), NULL);
    }
}

static int bind_driver(collector *c, const fc_section *section, const fc_entry *entry,
                       bool is_policy, bool is_layer, fc_driver *driver, uint32_t index)
{
    fc_section_binder *s = c->s;
    const char *path = fc_entry_path(s->b.arena, entry);
    if (!path) return FC_E_NOMEM;
    fc_driver_row row = {.driver = {.name = entry->name,
                                    .is_policy = is_policy,
                                    .when_metric = FC_NONE,
                                    .when_fleet = FC_NONE,
                                    .key = fc_stream_key(s->b.plan->seed, path, "happens")},
                         .in_progress = FC_NONE};
    int ret = fc_bind_section(s, section, entry, FC_NONE, &row);
    *driver = row.driver;
    if (ret || !entry->is_map || !fc_roster_is_name(entry->name)) return ret;
    const fc_entry *when = fc_entry_child(entry, "when");
    if (when && (ret = bind_reviews(s, when, driver))) return ret;
    bool dated = !is_policy || !fc_policy_is_static(entry);
    if ((ret = fc_bind_aliases(&s->b))) return ret;
    check_dates(s, entry, driver, dated);
    static const char *const ops[] = {"set", "scale", "add"};
    for (int op = FC_SET; op <= FC_ADD && !is_layer; op++) {
        change_list list = {fc_entry_child(entry, ops[op]), (fc_change_op)op, index,
                            row.in_progress, dated};
        if ((ret = bind_changes(c, &list))) return ret;
    }
    return FC_OK;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in order, to be searched. */
typedef struct name_set {
    const char **names;
    size_t n;
} name_set;

static bool holds(const name_set *set, const char *name)
{
    return set->n && bsearch(&name, set->names, set->n, sizeof *set->names, by_text);
}

static int list_active(fc_section_binder *s, name_set *active, name_set *layers)
{
    const fc_tree *tree = s->tree;
    const fc_node *list = fc_entry_value(fc_entry_child(tree->root, "active"));
    size_t count = list && list->kind == FC_NODE_SEQUENCE ? list->count : 0;
    active->names = fc_arena_array(s->b.arena, count + 1, sizeof *active->names);
    layers->names = fc_arena_array(s->b.arena, tree->applied_count + 1, sizeof *layers->names);
    if (!active->names || !layers->names) return FC_E_NOMEM;
    for (size_t i = 0; i < count; i++) active->names[active->n++] = list->items[i]->text;
    for (size_t i = 0; i < tree->applied_count; i++) layers->names[layers->n++] = tree->applied[i];
    qsort(active->names, active->n, sizeof *active->names, by_text);
    qsort(layers->names, layers->n, sizeof *layers->names, by_text);
    return FC_OK;
}

static int by_parameter(const void *a, const void *b)
{
    const written *x = a, *y = b;
    const fc_change *left = &x->change, *right = &y->change;
    if (left->param != right->param) return left->param < right->param ? -1 : 1;
    if (left->driver != right->driver) return left->driver < right->driver ? -1 : 1;
    if (left->op != right->op) return (int)left->op - (int)right->op; /* set, scale, add */
    return x->order < y->order ? -1 : 1;
}

/* Sorts the changes by parameter and tells each parameter which are its own. */
static int file_changes(collector *c)
{
    fc_plan *plan = c->s->b.plan;
    if (c->n == 0) return FC_OK;
    qsort(c->changes, c->n, sizeof *c->changes, by_parameter);
    plan->changes = fc_arena_array(c->s->b.arena, c->n, sizeof *plan->changes);
    if (!plan->changes) return FC_E_NOMEM;
    plan->n_changes = c->n;
    for (uint32_t i = 0; i < c->n; i++) {
        plan->changes[i] = c->changes[i].change;
        fc_param_info *info = &plan->params[plan->changes[i].param];
        if (info->n_changes++ == 0) info->first_change = i;
    }
    return FC_OK;
}

static int bind_one(collector *c, const fc_entry *e, bool is_policy, bool in_force, bool is_layer)
{
    fc_binder *b = &c->s->b;
    fc_plan *plan = b->plan;
    uint32_t values = plan->n_values, params = plan->n_params, changes = c->n;
    int ret = bind_driver(c, is_policy ? &fc_section_policy : &fc_section_shock, e, is_policy,
                          is_layer, &plan->drivers[plan->n_drivers], plan->n_drivers);
    if (ret) return ret;
    if (in_force) {
        plan->n_drivers++;
    } else { /* it was only checked */
        fc_binder_take_back(b, values, params);
        c->n = changes;
    }
    return FC_OK;
}

int fc_bind_drivers(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    const fc_entry *const maps[] = {fc_entry_child(s->tree->root, "shocks"),
                                    fc_entry_child(s->tree->root, "policies")};
    name_set active = {0}, layers = {0};
    collector c = {.s = s};
    size_t room = 1;
    for (int kind = 0; kind < FC_N_ENTITIES; kind++) c.entities += s->rosters->of[kind].n;
    for (size_t k = 0; k < 2; k++) room += maps[k] && maps[k]->is_map ? maps[k]->count : 0;
    int ret = list_active(s, &active, &layers);
    plan->drivers = fc_arena_array(s->b.arena, room, sizeof *plan->drivers);
    if (ret || !plan->drivers) return FC_E_NOMEM;
    for (size_t k = 0; k < 2; k++)
        for (const fc_entry *e = maps[k] && maps[k]->is_map ? maps[k]->first : NULL; e;
             e = e->next) {
            bool is_policy = k == 1, is_layer = is_policy && holds(&layers, e->name);
            bool in_force = !is_policy || (holds(&active, e->name) && !is_layer);
            if ((ret = bind_one(&c, e, is_policy, in_force, is_layer))) goto out;
        }
    ret = file_changes(&c);
out:
    free(c.changes);
    return ret;
}
