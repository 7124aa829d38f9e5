/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shocks and policies: who acts from when, and which parameters change how. */
#include "scenario/bind_plan.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/stream.h"
#include "scenario/layers.h"
#include "scenario/selector.h"

enum { UNSET = -2 };

/* The changes found so far, in the order written. */
typedef struct collector {
    fc_section_binder *s;
    fc_change *changes;
    uint32_t n, capacity;
} collector;

static int keep_change(collector *c, const fc_change *change)
{
    if (c->n == c->capacity) {
        uint32_t capacity = c->capacity ? 2 * c->capacity : 32;
        fc_change *grown = realloc(c->changes, capacity * sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        c->changes = grown;
        c->capacity = capacity;
    }
    c->changes[c->n++] = *change;
    return FC_OK;
}

/* The row a change's operand is read with: the parameter's own to set and to add, a plain factor to
 * scale; limits hold for what is set, not for what is added. */
static fc_key operand_key(const fc_key *key, fc_change_op op)
{
    fc_key row = *key;
    if (op == FC_SET) return row;
    row.may &= FC_MAY_UNKNOWN;
    row.min = row.max = 0;
    if (op == FC_SCALE) {
        row.want = (fc_unit_want){.dim = FC_DIM_NUMBER};
        row.max = 1e9;
    }
    return row;
}

/* One selected path: checks that it may change from a date on, and adds the change. */
static int bind_change(collector *c, const fc_selected *target, const fc_node *node,
                       const fc_place *place, fc_change_op op, uint32_t driver, int in_progress,
                       bool dated)
{
    fc_binder *b = &c->s->b;
    const fc_key *key = fc_key_at(target->names, target->depth, NULL);
    const char *path = fc_path_text(b->arena, target->names, target->depth);
    if (!path) return FC_E_NOMEM;
    const fc_key *above =
        target->depth > 0 ? fc_key_at(target->names, target->depth - 1, NULL) : NULL;
    if (!key && !dated && above && above->type == FC_K_NAMED)
        return FC_OK; /* a policy that is a layer may add a named thing */
    if (!key) {
        fc_fail(b->diag, FC_E_CHANGE, place, path,
                FC_BOTH("there is no such key", "그런 키가 없습니다"), NULL);
        return FC_OK;
    }
    if (!dated && key->type != FC_K_VALUE)
        return FC_OK; /* a layer: checked where it is laid down */
    if (key->type != FC_K_VALUE || (dated && !(key->may & FC_MAY_CHANGE))) {
        fc_fail(
            b->diag, FC_E_CHANGE, place, path,
            FC_BOTH("this key cannot change from a date on; a policy without 'at' sets it from "
                    "the start",
                    "이 키는 도중에 바꿀 수 없습니다. 'at'이 없는 정책으로 처음부터 정하십시오"),
            NULL);
        return FC_OK;
    }
    if (key->choices && op != FC_SET) {
        fc_fail(b->diag, FC_E_CHANGE, place, path,
                FC_BOTH("its values are names: it can be set, not scaled or added to",
                        "값이 이름이므로 set으로만 바꿀 수 있습니다"),
                NULL);
        return FC_OK;
    }
    fc_param param = fc_binder_find_param(b, path);
    if (!param && dated) {
        if (fc_diag_errors(b->diag)) return FC_OK; /* the parameter's own value was wrong */
        fc_fail(b->diag, FC_E_CHANGE, place, path,
                FC_BOTH("the scenario gives it no value that could change",
                        "시나리오에 바꿀 값이 없습니다"),
                NULL);
        return FC_OK;
    }
    fc_key row = operand_key(key, op);
    fc_change change = {.param = param, .driver = driver, .op = op};
    char currency[4];
    const char *operand_path =
        op == FC_SET ? path : fc_arena_printf(b->arena, "%s.%s", place->path, path);
    if (!operand_path) return FC_E_NOMEM;
    int ret = fc_bind_expression(b, &row, node, operand_path, &change.value, currency, NULL);
    if (ret || change.value == UINT32_MAX || !dated) return ret;
    change.in_progress = in_progress == UNSET ? key->in_progress : (fc_in_progress)in_progress;
    return keep_change(c, &change);
}

static int bind_changes(collector *c, const fc_entry *map, fc_change_op op, uint32_t driver,
                        int in_progress, bool dated)
{
    fc_binder *b = &c->s->b;
    if (!map || !map->is_map) return FC_OK;
    for (const fc_entry *e = map->first; e; e = e->next) {
        fc_place place = fc_entry_key_place(b->arena, e);
        place.path = fc_entry_path(b->arena, map);
        const fc_node *node = fc_entry_node(b->arena, e);
        if (!place.path || !node) return FC_E_NOMEM;
        const fc_selected *targets;
        size_t count;
        int ret = fc_tree_select(c->s->tree, b->arena, e->name, &place, b->diag, &targets, &count);
        if (ret == FC_E_NOMEM) return ret;
        if (ret) continue;
        for (size_t i = 0; i < count; i++)
            if ((ret = bind_change(c, &targets[i], node, &place, op, driver, in_progress, dated)))
                return ret;
    }
    return FC_OK;
}

static int bind_reviews(fc_section_binder *s, const fc_entry *when, fc_driver *driver)
{
    const fc_entry *list = fc_entry_child(when, "reviewed");
    if (!list) return FC_OK;
    const fc_node *const *items;
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
        uint32_t at = n++;
        for (; at > 0 && dates[at - 1] > time; at--) dates[at] = dates[at - 1];
        dates[at] = time;
    }
    driver->reviews = dates;
    driver->n_reviews = n;
    return FC_OK;
}

static int bind_driver(collector *c, const fc_section *section, const fc_entry *entry,
                       bool is_policy, fc_driver *driver, uint32_t index)
{
    fc_section_binder *s = c->s;
    const char *path = fc_entry_path(s->b.arena, entry);
    *driver = (fc_driver){
        .name = entry->name, .is_policy = is_policy, .when_metric = FC_NONE, .when_fleet = FC_NONE};
    if (!path) return FC_E_NOMEM;
    driver->key = fc_stream_key(s->b.plan->seed, path, "happens");
    int ret = fc_bind_section(s, section, entry, FC_NONE, driver);
    if (ret || !entry->is_map) return ret;
    const fc_entry *when = fc_entry_child(entry, "when");
    if (when && (ret = bind_reviews(s, when, driver))) return ret;
    bool dated = !is_policy || !fc_policy_is_static(entry);
    const fc_entry *at = fc_entry_child(entry, "at");
    bool starts = at || when;
    if (at && when) {
        fc_place both = fc_entry_key_place(s->b.arena, when);
        fc_fail(s->b.diag, FC_E_CHANGE, &both, "when",
                FC_BOTH("a date (at) and a state (when) cannot both start it: keep one",
                        "날짜(at)와 상태(when)로 함께 시작할 수 없습니다: 하나만 남기십시오"),
                NULL);
    }
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    if (dated && !starts)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "at",
                FC_BOTH("the date it happens, or when:", "일어나는 날짜 또는 when:"), NULL);
    int in_progress = UNSET;
    const fc_entry *how = fc_entry_child(entry, "in_progress");
    for (int i = 0; how && fc_entry_value(how) && fc_in_progress_names[i]; i++)
        if (fc_entry_value(how)->kind == FC_NODE_SCALAR &&
            strcmp(fc_entry_value(how)->text, fc_in_progress_names[i]) == 0)
            in_progress = i;
    static const char *const ops[] = {"set", "scale", "add"};
    for (int op = FC_SET; op <= FC_ADD; op++)
        if ((ret = bind_changes(c, fc_entry_child(entry, ops[op]), (fc_change_op)op, index,
                                in_progress, dated)))
            return ret;
    return FC_OK;
}

static bool is_active(const fc_tree *tree, const char *name)
{
    const fc_node *list = fc_entry_value(fc_entry_child(tree->root, "active"));
    if (!list) return false;
    if (list->kind == FC_NODE_SCALAR) return strcmp(list->text, name) == 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items && list->items[i]->kind == FC_NODE_SCALAR &&
            strcmp(list->items[i]->text, name) == 0)
            return true;
    return false;
}

static int by_parameter(const void *a, const void *b)
{
    const fc_change *x = a, *y = b;
    if (x->param != y->param) return x->param < y->param ? -1 : 1;
    if (x->driver != y->driver) return x->driver < y->driver ? -1 : 1;
    return (int)x->op - (int)y->op; /* set, scale, add: in this order within a driver */
}

/* Sorts the changes by parameter and tells each parameter which are its own. */
static int file_changes(collector *c)
{
    fc_plan *plan = c->s->b.plan;
    if (c->n == 0) return FC_OK;
    qsort(c->changes, c->n, sizeof *c->changes, by_parameter);
    plan->changes = fc_arena_array(c->s->b.arena, c->n, sizeof *plan->changes);
    if (!plan->changes) return FC_E_NOMEM;
    memcpy(plan->changes, c->changes, c->n * sizeof *plan->changes);
    plan->n_changes = c->n;
    for (uint32_t i = 0; i < c->n; i++) {
        fc_param_info *info = &plan->params[plan->changes[i].param];
        if (info->n_changes++ == 0) info->first_change = i;
    }
    return FC_OK;
}

int fc_bind_drivers(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    const fc_entry *shocks = fc_entry_child(s->tree->root, "shocks");
    const fc_entry *policies = fc_entry_child(s->tree->root, "policies");
    const struct {
        const fc_entry *map;
        const fc_section *section;
        bool is_policy;
    } kinds[] = {{shocks, &fc_section_shock, false}, {policies, &fc_section_policy, true}};
    collector c = {.s = s};
    size_t room = (shocks && shocks->is_map ? shocks->count : 0) +
                  (policies && policies->is_map ? policies->count : 0);
    int ret = FC_OK;
    plan->drivers = fc_arena_array(s->b.arena, room + 1, sizeof *plan->drivers);
    if (!plan->drivers) return FC_E_NOMEM;
    for (size_t k = 0; k < 2; k++) {
        if (!kinds[k].map || !kinds[k].map->is_map) continue;
        for (const fc_entry *e = kinds[k].map->first; e; e = e->next) {
            bool in_force = !kinds[k].is_policy ||
                            (is_active(s->tree, e->name) && !(e->is_map && fc_policy_is_static(e)));
            uint32_t values = plan->n_values, params = plan->n_params, changes = c.n;
            ret = bind_driver(&c, kinds[k].section, e, kinds[k].is_policy,
                              &plan->drivers[plan->n_drivers], plan->n_drivers);
            if (ret) goto out;
            if (in_force) {
                plan->n_drivers++;
                continue;
            }
            /* Not in force: it was only checked. */
            plan->n_values = values;
            plan->n_params = params;
            c.n = changes;
        }
    }
    ret = file_changes(&c);
out:
    free(c.changes);
    return ret;
}
