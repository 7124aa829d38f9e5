/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What binding keeps: values and parameters as they are added, parameters by path, aliases. And
 * the remarks that may stand beside any value. */
#include "scenario/bind.h"

#include <stdio.h>
#include <string.h>
#include "scenario/text_check.h"

const char *fc_node_kind_text(const fc_node *node, char buffer[FC_KIND_TEXT])
{
    if (node->kind == FC_NODE_MAP) return node->count ? "{...}" : "{}";
    if (node->kind == FC_NODE_SEQUENCE) return node->count ? "[...]" : "[]";
    if (fc_node_is_null(node)) return "null";
    char shown[FC_SHOWN];
    fc_text_show(shown, sizeof shown, node->text);
    snprintf(buffer, FC_KIND_TEXT, "'%s'", shown);
    return buffer;
}

/* ---- values and parameters ------------------------------------------------------------------ */

/* A copy of an array with room for more; NULL when out of memory. */
static void *grow(fc_arena *arena, const void *old, size_t count, size_t capacity, size_t bytes)
{
    void *grown = fc_arena_array(arena, capacity, bytes);
    if (grown && count) memcpy(grown, old, count * bytes);
    return grown;
}

int fc_binder_add_value(fc_binder *b, const fc_value *value, uint32_t *index)
{
    fc_plan *plan = b->plan;
    if (plan->n_values == b->value_capacity) {
        size_t capacity = b->value_capacity ? 2 * b->value_capacity : 256;
        fc_value *grown = grow(b->arena, plan->values, plan->n_values, capacity, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        plan->values = grown;
        b->value_capacity = capacity;
    }
    plan->values[plan->n_values] = *value;
    *index = plan->n_values++;
    return FC_OK;
}

/* FNV-1a. */
static fc_param *bucket_of(const fc_binder *b, const char *path)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (const char *p = path; *p; p++) hash = (hash ^ (unsigned char)*p) * 0x100000001b3;
    return &b->bucket[(hash ^ hash >> 32) & (b->param_capacity - 1)];
}

static void index_param(fc_binder *b, fc_param param)
{
    fc_param *bucket = bucket_of(b, b->plan->params[param].path);
    b->bound[param].next = *bucket;
    *bucket = param;
}

static int grow_params(fc_binder *b)
{
    fc_plan *plan = b->plan;
    size_t capacity = b->param_capacity ? 2 * b->param_capacity : 256; /* powers of two */
    fc_param_info *params = grow(b->arena, plan->params, plan->n_params, capacity, sizeof *params);
    fc_bound *bound = grow(b->arena, b->bound, plan->n_params, capacity, sizeof *bound);
    fc_param *bucket = fc_arena_array(b->arena, capacity, sizeof *bucket);
    if (!params || !bound || !bucket) return FC_E_NOMEM;
    plan->params = params;
    b->bound = bound;
    b->bucket = bucket;
    b->param_capacity = capacity;
    for (fc_param p = 1; p < plan->n_params; p++) index_param(b, p);
    return FC_OK;
}

int fc_binder_add_param(fc_binder *b, uint32_t value, const char *path, const fc_key *key,
                        fc_param *param)
{
    fc_plan *plan = b->plan;
    if (plan->n_params == b->param_capacity && grow_params(b)) return FC_E_NOMEM;
    *param = plan->n_params++;
    plan->params[*param] = (fc_param_info){.value = value, .path = path};
    b->bound[*param] = (fc_bound){.key = key};
    if (*param) index_param(b, *param); /* parameter 0 is "not given" */
    return FC_OK;
}

void fc_binder_take_back(fc_binder *b, uint32_t n_values, uint32_t n_params)
{
    fc_plan *plan = b->plan;
    plan->n_values = n_values;
    /* The last one added is the first in its bucket. */
    while (plan->n_params > n_params) {
        fc_param last = --plan->n_params;
        *bucket_of(b, plan->params[last].path) = b->bound[last].next;
    }
}

fc_param fc_binder_find_param(const fc_binder *b, const char *path)
{
    fc_param p = *bucket_of(b, path);
    while (p && strcmp(b->plan->params[p].path, path) != 0) p = b->bound[p].next;
    return p;
}

/* ---- money ---------------------------------------------------------------------------------- */

static void find_currency(fc_binder *b, const char code[4], const fc_place *place, int32_t *out)
{
    const fc_plan *plan = b->plan;
    for (uint32_t i = 0; i < plan->n_currencies; i++)
        if (strcmp(plan->currencies[i].code, code) == 0) {
            *out = (int32_t)i;
            return;
        }
    fc_text all = FC_TEXT_EMPTY;
    for (uint32_t i = 0; i < plan->n_currencies && all.length < 200; i++)
        fc_text_printf(&all, "%s%s", i ? ", " : "", plan->currencies[i].code);
    fc_fail(b->diag, FC_E_CURRENCY_RATE, place, code, all.data ? all.data : "", NULL);
    fc_text_free(&all);
}

/* ---- whole values ---------------------------------------------------------------------------- */

static int add_alias(fc_binder *b, const fc_alias *alias)
{
    if (b->n_aliases == b->alias_capacity) {
        size_t capacity = b->alias_capacity ? 2 * b->alias_capacity : 16;
        fc_alias *grown = grow(b->arena, b->aliases, b->n_aliases, capacity, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        b->aliases = grown;
        b->alias_capacity = capacity;
    }
    b->aliases[b->n_aliases++] = *alias;
    return FC_OK;
}

int fc_bind_value(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                  fc_param *param, int32_t *currency)
{
    uint32_t index;
    const char *target;
    char code[4];
    *param = 0;
    int ret = fc_bind_expression(b, key, node, path, &index, code, &target);
    if (ret || (index == FC_NO_VALUE && !target)) return ret;
    if ((ret = fc_binder_add_param(b, index, path, key, param))) return ret;
    fc_place place = fc_node_place(node, path);
    if (target) return add_alias(b, &(fc_alias){*param, target, place, currency});
    memcpy(b->bound[*param].currency, code, sizeof code);
    if (code[0] && currency) find_currency(b, code, &place, currency);
    return FC_OK;
}

/* What keeps an alias from its target; NULL: nothing. */
static const char *refuse_alias(const fc_binder *b, const fc_alias *alias, fc_param target)
{
    if (!target) return FC_BOTH("there is no value at that path", "그 경로에 값이 없습니다");
    uint32_t index = b->plan->params[target].value;
    if (index == FC_NO_VALUE)
        return FC_BOTH("that is a same_as itself; name the value that is drawn",
                       "그 값도 same_as입니다. 추첨되는 값의 경로를 쓰십시오");
    const fc_key *key = b->bound[alias->param].key, *other = b->bound[target].key;
    if (!other || key->want.dim != other->want.dim || key->want.item != other->want.item ||
        key->choices != other->choices)
        return FC_BOTH("that is another kind of quantity", "다른 종류의 수량입니다");
    fc_form form = b->plan->values[index].form;
    unsigned needs = form == FC_FORM_UNKNOWN  ? FC_MAY_UNKNOWN
                     : form == FC_FORM_VARIES ? FC_MAY_VARY
                     : form == FC_FORM_STEP   ? FC_MAY_STEP
                     : form == FC_FORM_LINEAR ? FC_MAY_LINEAR
                                              : 0;
    if (needs & ~key->may)
        return FC_BOTH("that value is written in a form this key cannot have",
                       "이 키에 쓸 수 없는 형식의 값입니다");
    return NULL;
}

int fc_bind_aliases(fc_binder *b)
{
    fc_plan *plan = b->plan;
    for (size_t i = 0; i < b->n_aliases; i++) {
        const fc_alias *alias = &b->aliases[i];
        const char *why = refuse_alias(b, alias, fc_binder_find_param(b, alias->target));
        if (why) fc_fail(b->diag, FC_E_SAME_AS, &alias->place, alias->target, why, NULL);
    }
    bool good = !fc_diag_errors(b->diag);
    for (size_t i = 0; good && i < b->n_aliases; i++) {
        const fc_alias *alias = &b->aliases[i];
        fc_param target = fc_binder_find_param(b, alias->target);
        const char *code = b->bound[target].currency;
        plan->params[alias->param].value = plan->params[target].value;
        memcpy(b->bound[alias->param].currency, code, sizeof b->bound->currency);
        if (code[0] && alias->currency) find_currency(b, code, &alias->place, alias->currency);
    }
    b->n_aliases = 0;
    return FC_OK;
}

bool fc_bind_constant(const fc_plan *plan, fc_param p, double *number)
{
    uint32_t index = p ? plan->params[p].value : FC_NO_VALUE;
    bool constant = index != FC_NO_VALUE && plan->values[index].form == FC_FORM_NUMBER;
    *number = constant ? plan->values[index].number : 0;
    return constant;
}

/* ---- remarks -------------------------------------------------------------------------------- */

void fc_bind_remark(fc_binder *b, const fc_key *key, const fc_node *node, const fc_place *place)
{
    char buffer[FC_KIND_TEXT];
    if (!node || node->kind != FC_NODE_SCALAR || fc_node_is_null(node)) {
        fc_fail(b->diag, FC_E_KEY_KIND, place, key->name, FC_BOTH("a text", "글"),
                node ? fc_node_kind_text(node, buffer) : "{...}", NULL);
    } else if (key->type == FC_K_CHOICE) {
        for (const char *const *choice = key->choices; *choice; choice++)
            if (strcmp(*choice, node->text) == 0) return;
        fc_fail(b->diag, FC_E_CHOICE, place, node->text,
                "high, medium, low, assumption, unverified", NULL);
    } else if (key->type == FC_K_DAY) {
        fc_quantity quantity;
        fc_quantity_parse(node->text, &(fc_unit_want){.dim = FC_DIM_DATE}, place, b->diag,
                          &quantity);
    }
}

void fc_bind_remarks(fc_binder *b, const fc_node *map, const char *path)
{
    for (const fc_key *key = fc_remark_keys; key->name; key++) {
        const fc_node *node = fc_node_get(map, key->name);
        if (!node) continue;
        fc_place place = fc_node_place(node, path);
        fc_bind_remark(b, key, node, &place);
    }
}

size_t fc_bind_substance(const fc_node *map, const fc_pair **first)
{
    size_t count = 0;
    *first = NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (fc_remark_find(map->pairs[i].key->text)) continue;
        if (!*first) *first = &map->pairs[i];
        count++;
    }
    return count;
}

const fc_node *fc_bind_unwrap(fc_binder *b, const fc_node *node, const char *path)
{
    const fc_node *value = fc_node_get(node, "value");
    if (!value) return node;
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        if (fc_remark_find(name->text) || strcmp(name->text, "value") == 0) continue;
        fc_place place = fc_node_place(name, path);
        fc_fail(b->diag, FC_E_KEY_UNKNOWN_LIST, &place, name->text,
                "value, source, certainty, known_by, note", NULL);
    }
    fc_bind_remarks(b, node, path);
    return value;
}
