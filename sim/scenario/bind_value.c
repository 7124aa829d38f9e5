/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Value expressions: a number with its unit, {unknown: }, {varies: }, a calendar path, {same_as: }.
 */
#include "scenario/bind_expression.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/text_check.h"

static const double LONG_AGO = -1e13; /* 300,000 years before the start */

/* ---- numbers -------------------------------------------------------------------------------- */

void fc_bind_format(const fc_expression *c, double x, fc_lang lang, fc_text *out)
{
    fc_quantity q = {.value = x, .dim = c->key->want.dim, .item = c->key->want.item};
    const char *currency = c->currency && c->currency[0] ? c->currency : NULL;
    const char *per = c->key->want.per_currency;
    bool money = strstr(fc_dim_base(q.dim), "XXX") != NULL;
    if (currency) snprintf(q.currency, sizeof q.currency, "%s", currency);
    if (per) snprintf(q.per_currency, sizeof q.per_currency, "%s", per);
    if (isinf(x))
        fc_text_add(out, x < 0 ? "-∞" : "∞");
    else if (money && !currency)
        fc_text_printf(out, "%.15g", x);
    else
        fc_quantity_format(&q, FC_FIGURES_SHORT, lang, out);
}

void fc_bind_report_range(const fc_expression *c, const fc_place *place, const char *what)
{
    fc_text limit[2] = {FC_TEXT_EMPTY, FC_TEXT_EMPTY};
    for (int i = 0; i < 2; i++) {
        double x = i ? c->key->max : c->key->min;
        fc_bind_format(c, x, FC_LANG_EN, &limit[i]);
        fc_text_add(&limit[i], "\x1f"); /* FC_BOTH */
        fc_bind_format(c, x, FC_LANG_KO, &limit[i]);
    }
    fc_fail(c->b->diag, FC_E_VALUE_RANGE, place, what, limit[0].data ? limit[0].data : "",
            limit[1].data ? limit[1].data : "", NULL);
    fc_text_free(&limit[0]);
    fc_text_free(&limit[1]);
}

/* Midnight of a date, or of the last day of the period that was named. */
static double seconds_of(const fc_expression *c, const fc_quantity *date)
{
    double day = c->key->last_day ? date->last : date->value;
    return (day - (double)c->b->plan->epoch.start_day) * FC_DAY;
}

/* The number that a name stands for; false if there is none such. */
static bool named_number(const fc_expression *c, const fc_node *node, const fc_place *place,
                         double *out)
{
    fc_text all = FC_TEXT_EMPTY;
    bool found = false;
    for (size_t i = 0; c->key->choices[i] && !found; i++) {
        fc_text_printf(&all, "%s%s", i ? ", " : "", c->key->choices[i]);
        found = strcmp(c->key->choices[i], node->text) == 0;
        if (found) *out = (double)i;
    }
    if (!found) fc_fail(c->b->diag, FC_E_CHOICE, place, node->text, all.data ? all.data : "", NULL);
    fc_text_free(&all);
    return found;
}

bool fc_bind_number(const fc_expression *c, const fc_node *node, const char *path, double *out)
{
    fc_binder *b = c->b;
    fc_place place = fc_node_place(node, path);
    fc_quantity quantity;
    if (c->key->choices) return named_number(c, node, &place, out);
    if (fc_quantity_parse(node->text, &c->key->want, &place, b->diag, &quantity)) return false;
    if (quantity.currency[0] && c->currency[0] && strcmp(c->currency, quantity.currency) != 0) {
        fc_fail(b->diag, FC_E_CURRENCIES, &place, c->currency, quantity.currency, NULL);
        return false;
    }
    if (quantity.currency[0]) memcpy(c->currency, quantity.currency, 4);
    if (fc_key_has_limits(c->key) &&
        !(quantity.value >= c->key->min && quantity.value <= c->key->max)) {
        fc_bind_report_range(c, &place, node->text);
        return false;
    }
    *out = c->key->want.dim == FC_DIM_DATE ? seconds_of(c, &quantity) : quantity.value;
    return true;
}

/* ---- calendar paths ------------------------------------------------------------------------- */

/* Whether a key was meant as a date, so that a wrong date is called one. */
static bool looks_dated(const char *text)
{
    return isdigit((unsigned char)text[0]) || text[0] == '#';
}

typedef struct point {
    double time;
    const fc_node *name, *node;
    const char *path;
} point;

static int by_time(const void *a, const void *b)
{
    const point *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return x->name->line != y->name->line ? (x->name->line < y->name->line ? -1 : 1)
                                          : x->name->column - y->name->column;
}

/* The points of a path, sorted by date; *count 0 if one was wrong (and reported). */
static int read_points(const fc_expression *c, const fc_node *node, const char *path, point **out,
                       size_t *count)
{
    fc_binder *b = c->b;
    point *points = fc_arena_array(b->arena, node->count + 1, sizeof *points);
    if (!points) return FC_E_NOMEM;
    *out = points;
    size_t n = 0, errors = fc_diag_errors(b->diag);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        if (fc_remark_find(name->text)) continue;
        fc_place place = fc_node_place(name, path);
        fc_quantity date;
        if (fc_quantity_parse(name->text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place, b->diag,
                              &date))
            continue;
        const char *at = fc_arena_printf(b->arena, "%s.%s", path, name->text);
        if (!at) return FC_E_NOMEM;
        points[n++] = (point){seconds_of(c, &date), name, node->pairs[i].value, at};
    }
    qsort(points, n, sizeof *points, by_time);
    for (size_t i = 1; i < n; i++) {
        fc_place place = fc_node_place(points[i].name, path);
        if (points[i].time == points[i - 1].time)
            fc_fail(b->diag, FC_E_PATH_TWICE, &place, points[i].name->text, NULL);
    }
    *count = fc_diag_errors(b->diag) > errors ? 0 : n;
    return FC_OK;
}

static int calendar_path(const fc_expression *c, const fc_node *node, const char *path,
                         unsigned may, fc_form form, uint32_t *index)
{
    fc_binder *b = c->b;
    size_t n;
    point *points;
    int ret = read_points(c, node, path, &points, &n);
    if (ret || n == 0) return ret;
    bool flat_before = fc_key_flat_before(c->key);
    size_t extra = flat_before && form == FC_FORM_LINEAR;
    uint32_t *args = fc_arena_array(b->arena, n + extra, sizeof *args);
    double *times = fc_arena_array(b->arena, n + extra, sizeof *times);
    if (!args || !times) return FC_E_NOMEM;
    fc_expression nested = *c;
    nested.alias = NULL;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        times[i + extra] = points[i].time;
        args[i + extra] = FC_NO_VALUE;
        ret = fc_bind_part(&nested, points[i].node, points[i].path,
                           may & (FC_MAY_UNKNOWN | FC_MAY_VARY), &args[i + extra]);
        if (ret) return ret;
        whole &= args[i + extra] != FC_NO_VALUE;
    }
    if (!whole) return FC_OK;
    if (flat_before) {
        args[0] = args[extra];
        times[0] = LONG_AGO;
    }
    fc_value value = {.form = form,
                      .n_args = (uint32_t)(n + extra),
                      .args = args,
                      .times = times,
                      .factor = FC_NONE,
                      .path = path};
    return fc_binder_add_value(b, &value, index);
}

/* ---- the expression ------------------------------------------------------------------------- */

static const char *may_text(unsigned may)
{
    static const char *const texts[] = {
        FC_BOTH("one quantity", "수량 하나"),
        FC_BOTH("a quantity or {unknown: }", "수량 또는 {unknown: }"),
        FC_BOTH("a quantity or {varies: }", "수량 또는 {varies: }"),
        FC_BOTH("a quantity, {unknown: } or {varies: }", "수량, {unknown: } 또는 {varies: }"),
        FC_BOTH("a quantity or {date: quantity}", "수량 또는 {날짜: 수량}"),
        FC_BOTH("a quantity, {unknown: } or {date: quantity}",
                "수량, {unknown: } 또는 {날짜: 수량}"),
        FC_BOTH("a quantity, {varies: } or {date: quantity}", "수량, {varies: } 또는 {날짜: 수량}"),
        FC_BOTH("a quantity, {unknown: }, {varies: } or {date: quantity}",
                "수량, {unknown: }, {varies: } 또는 {날짜: 수량}"),
    };
    return texts[(may & 3) | ((may & (FC_MAY_STEP | FC_MAY_LINEAR)) ? 4 : 0)];
}

static int map_expression(const fc_expression *c, const fc_node *node, const char *path,
                          unsigned may, uint32_t *index)
{
    fc_binder *b = c->b;
    const fc_pair *first, *none;
    size_t count = fc_bind_substance(node, &first);
    const char *name = count ? first->key->text : "";
    const fc_node *inner = count ? first->value : node;
    bool unknown = strcmp(name, "unknown") == 0, varies = strcmp(name, "varies") == 0;
    bool steps = strcmp(name, "steps") == 0, linear = strcmp(name, "linear") == 0;
    bool same = strcmp(name, "same_as") == 0 && c->alias && count == 1;
    bool dates = looks_dated(name);
    fc_bind_remarks(b, node, path);
    unsigned needs = unknown          ? FC_MAY_UNKNOWN
                     : varies         ? FC_MAY_VARY
                     : steps || dates ? FC_MAY_STEP
                     : linear         ? FC_MAY_LINEAR
                                      : 0;
    bool allowed = (needs & may) == needs && (dates || count == 1);
    if (allowed && (unknown || varies))
        return fc_bind_distribution(c, inner, path, unknown ? FC_FORM_UNKNOWN : FC_FORM_VARIES,
                                    index);
    if (same && inner->kind == FC_NODE_SCALAR && !fc_node_is_null(inner)) {
        *c->alias = inner->text;
        return FC_OK;
    }
    if (allowed && dates) return calendar_path(c, node, path, may, FC_FORM_STEP, index);
    if (allowed && (steps || linear) && inner->kind == FC_NODE_MAP &&
        fc_bind_substance(inner, &none))
        return calendar_path(c, inner, path, may, steps ? FC_FORM_STEP : FC_FORM_LINEAR, index);
    fc_place place = fc_node_place(count ? first->key : node, path);
    char shown[FC_SHOWN], form[FC_SHOWN + 8];
    fc_text_show(shown, sizeof shown, name);
    snprintf(form, sizeof form, "{%s%s}", shown, count ? ": " : "");
    fc_fail(b->diag, FC_E_VALUE_FORM, &place,
            dates ? FC_BOTH("{date: quantity}", "{날짜: 수량}") : form, may_text(may), NULL);
    return FC_OK;
}

int fc_bind_part(const fc_expression *c, const fc_node *node, const char *path, unsigned may,
                 uint32_t *index)
{
    node = fc_bind_unwrap(c->b, node, path);
    if (node->kind == FC_NODE_MAP) return map_expression(c, node, path, may, index);
    fc_place place = fc_node_place(node, path);
    if (node->kind == FC_NODE_SEQUENCE || fc_node_is_null(node)) {
        char buffer[FC_KIND_TEXT];
        fc_fail(c->b->diag, FC_E_VALUE_FORM, &place, fc_node_kind_text(node, buffer), may_text(may),
                NULL);
        return FC_OK;
    }
    fc_value value = {.form = FC_FORM_NUMBER, .factor = FC_NONE, .path = path};
    if (!fc_bind_number(c, node, path, &value.number)) return FC_OK;
    return fc_binder_add_value(c->b, &value, index);
}

int fc_bind_expression(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                       uint32_t *index, char currency[4], const char **alias)
{
    fc_expression c = {b, key, currency, alias, path};
    *index = FC_NO_VALUE;
    if (alias) *alias = NULL;
    memset(currency, 0, 4);
    return fc_bind_part(&c, node, path, key->may, index);
}
