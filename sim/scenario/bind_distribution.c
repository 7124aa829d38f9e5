/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands below {unknown: } and {varies: }: plain forms, named distributions, tables. */
#include "scenario/bind_expression.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "kernel/stream.h"
#include "scenario/text_check.h"

/* The plain forms: which parameter names make which distribution. */
static const struct {
    const char *names[3];
    unsigned count;
    fc_distribution_kind kind;
} plain_forms[] = {
    {{"low", "likely", "high"}, 3, FC_DIST_PERT},
    {{"usual", "bad_1_in_20"}, 2, FC_DIST_USUAL_BAD},
    {{"passed", "of"}, 2, FC_DIST_PASSED_OF},
    {{"low", "high"}, 2, FC_DIST_UNIFORM},
};

#define PLAIN_FORMS                                                                                \
    "{low: , likely: , high: }, {low: , high: }, {usual: , bad_1_in_20: }, {passed: , of: }"
static const char FORMS[] =
    FC_BOTH(PLAIN_FORMS ", {one_of: {value: share}}, {sample: [ ]} or {distribution: name, ...}",
            PLAIN_FORMS ", {one_of: {값: 비율}}, {sample: [ ]}, {distribution: 이름, ...}");

/* Tables have no name, the plain forms none without a slash. */
static bool has_name(const fc_distribution_form *form)
{
    return form->count > 0 && !strchr(form->name, '/');
}

/* The argument's own row: with the key's unit, or a plain number. Only whole values have limits:
 * a distribution's support is checked instead. */
static fc_key argument_key(const fc_key *key, const char *name, bool has_unit)
{
    assert(name);
    fc_key out = *key;
    out.min = out.max = 0;
    if (!has_unit) out.want = (fc_unit_want){.dim = FC_DIM_NUMBER};
    /* How far dates spread is a duration. */
    if (has_unit && key->want.dim == FC_DIM_DATE && strcmp(name, "sd") == 0)
        out.want = (fc_unit_want){.dim = FC_DIM_DURATION};
    return out;
}

/* What may lie outside the key's limits: not worth an error, as the far tails of a lognormal. */
static const double NEGLIGIBLE = 1e-6;

static void check_support(const fc_expression *c, const fc_distribution *d, const fc_place *place)
{
    if (!fc_key_has_limits(c->key)) return;
    double below = c->key->min - 1e-12 * fabs(c->key->min);
    double low = fc_distribution_min(d), high = fc_distribution_max(d);
    /* Durations and prices may have long tails; a share may not. */
    bool tail = c->key->want.dim != FC_DIM_SHARE && isinf(fc_distribution_max(d));
    if ((tail || fc_distribution_survival(d, c->key->max) <= NEGLIGIBLE) &&
        (low >= below || fc_distribution_cdf(d, below) <= NEGLIGIBLE))
        return;
    fc_text text = FC_TEXT_EMPTY;
    for (fc_lang lang = FC_LANG_EN; lang <= FC_LANG_KO; lang++) {
        if (lang == FC_LANG_KO) fc_text_add(&text, "\x1f");
        fc_bind_format(c, low, lang, &text);
        fc_text_add(&text, " ~ ");
        fc_bind_format(c, high, lang, &text);
    }
    fc_bind_report_range(c, place, text.data ? text.data : "");
    fc_text_free(&text);
}

/* ---- tables --------------------------------------------------------------------------------- */

static void read_item(const fc_expression *c, const fc_node *item, const char *path, double *out)
{
    char buffer[FC_KIND_TEXT];
    fc_place place = fc_node_place(item, path);
    if (item->kind == FC_NODE_SCALAR)
        fc_bind_number(c, item, path, out);
    else
        fc_fail(c->b->diag, FC_E_KEY_KIND, &place, "sample", FC_BOTH("quantities", "수량"),
                fc_node_kind_text(item, buffer), NULL);
}

static double read_share(const fc_expression *c, const fc_pair *pair, const char *path)
{
    char buffer[FC_KIND_TEXT];
    fc_place place = fc_node_place(pair->value, path);
    fc_quantity quantity = {0};
    if (pair->value->kind != FC_NODE_SCALAR)
        fc_fail(c->b->diag, FC_E_KEY_KIND, &place, pair->key->text, FC_BOTH("a share", "비율"),
                fc_node_kind_text(pair->value, buffer), NULL);
    else if (fc_quantity_parse(pair->value->text, &(fc_unit_want){.dim = FC_DIM_SHARE}, &place,
                               c->b->diag, &quantity) == FC_OK &&
             !(quantity.value >= 0 && quantity.value <= 1))
        fc_fail(c->b->diag, FC_E_VALUE_RANGE, &place, pair->value->text, "0 %", "100 %", NULL);
    return quantity.value;
}

/* one_of: {value: share}; sample: [values]. */
static int bind_table(const fc_expression *c, const fc_node *node, const char *path,
                      fc_value *value)
{
    fc_binder *b = c->b;
    bool weighted = node->kind == FC_NODE_MAP;
    fc_place place = fc_node_place(node, path);
    double *x = fc_arena_array(b->arena, node->count + 1, sizeof *x);
    double *w = fc_arena_array(b->arena, node->count + 1, sizeof *w);
    fc_distribution *d = fc_arena_alloc(b->arena, sizeof *d);
    if (!x || !w || !d) return FC_E_NOMEM;
    size_t errors = fc_diag_errors(b->diag);
    double sum = 0;
    for (size_t i = 0; i < node->count; i++) {
        read_item(c, weighted ? node->pairs[i].key : node->items[i], path, &x[i]);
        if (weighted) sum += w[i] = read_share(c, &node->pairs[i], path);
    }
    if (node->count == 0)
        fc_fail(b->diag, FC_E_LIST_EMPTY, &place, weighted ? "one_of" : "sample", NULL);
    if (fc_diag_errors(b->diag) > errors) return FC_OK;
    if (weighted && !(fabs(sum - 1) <= 1e-9)) {
        char text[40];
        snprintf(text, sizeof text, "%.10g %%", sum * 100);
        fc_fail(b->diag, FC_E_MIX_SUM, &place, text, NULL);
        return FC_OK;
    }
    int ret = weighted ? fc_distribution_discrete(b->arena, x, w, node->count, &place, b->diag, d)
                       : fc_distribution_empirical(b->arena, x, node->count, &place, b->diag, d);
    if (ret == FC_OK) value->table = d;
    return ret == FC_E_NOMEM ? ret : FC_OK;
}

/* ---- forms ---------------------------------------------------------------------------------- */

/* Which distribution a map describes, and the names of its parameters. */
typedef struct described {
    fc_distribution_kind kind;
    unsigned count;
    const char *names[FC_DIST_MAX_PARAMETERS];
} described;

static bool find_named(const fc_expression *c, const fc_node *name, const char *path,
                       described *out)
{
    fc_text all = FC_TEXT_EMPTY;
    bool found = false;
    for (int k = 0; k < FC_DIST_KINDS && !found; k++) {
        const fc_distribution_form *form = fc_distribution_form_of((fc_distribution_kind)k);
        if (!has_name(form)) continue;
        fc_text_printf(&all, "%s%s", all.length ? ", " : "", form->name);
        if (strcmp(form->name, name->text) != 0) continue;
        found = true;
        *out = (described){.kind = (fc_distribution_kind)k, .count = form->count};
        for (unsigned i = 0; i < form->count; i++) out->names[i] = form->parameter[i].name;
    }
    fc_place place = fc_node_place(name, path);
    if (!found)
        fc_fail(c->b->diag, FC_E_CHOICE, &place, name->text, all.data ? all.data : "", NULL);
    fc_text_free(&all);
    return found;
}

static bool find_form(const fc_expression *c, const fc_node *node, const char *path, described *out)
{
    const fc_node *name = fc_node_get(node, "distribution");
    const fc_pair *first;
    size_t given = fc_bind_substance(node, &first);
    if (name && name->kind == FC_NODE_SCALAR) return find_named(c, name, path, out);
    for (size_t f = 0; f < sizeof plain_forms / sizeof *plain_forms; f++) {
        unsigned count = plain_forms[f].count, present = 0;
        for (unsigned i = 0; i < count; i++)
            present += fc_node_get(node, plain_forms[f].names[i]) != NULL;
        if (present != count || given != count) continue;
        *out = (described){.kind = plain_forms[f].kind, .count = count};
        memcpy(out->names, plain_forms[f].names, sizeof plain_forms[f].names);
        return true;
    }
    fc_text keys = FC_TEXT_EMPTY;
    fc_text_add(&keys, "{");
    for (size_t i = 0; i < node->count && keys.length < 200; i++)
        fc_text_printf(&keys, "%s%.*s:", i ? ", " : "", 100, node->pairs[i].key->text);
    char shown[FC_SHOWN];
    fc_text_add(&keys, "}");
    fc_text_show(shown, sizeof shown, keys.data ? keys.data : "");
    fc_text_free(&keys);
    fc_place place = fc_node_place(node, path);
    fc_fail(c->b->diag, FC_E_VALUE_ARGUMENTS, &place, FORMS, shown, NULL);
    return false;
}

static bool is_sensible(const fc_expression *c, fc_distribution_kind kind, const fc_place *place)
{
    fc_dim dim = c->key->want.dim;
    const char *name = fc_distribution_form_of(kind)->name;
    if (c->key->choices) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, name,
                FC_BOTH("names: {one_of: {name: share}}", "이름: {one_of: {이름: 비율}}"), NULL);
        return false;
    }
    if (kind == FC_DIST_PASSED_OF && dim != FC_DIM_SHARE) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, "{passed: , of: }",
                FC_BOTH("{low: , likely: , high: } or {usual: , bad_1_in_20: }; passed/of is for "
                        "shares",
                        "{low: , likely: , high: } 또는 {usual: , bad_1_in_20: }; passed/of는 "
                        "비율에만"),
                NULL);
        return false;
    }
    bool from_zero = kind == FC_DIST_USUAL_BAD || kind == FC_DIST_LOGNORMAL ||
                     kind == FC_DIST_GAMMA || kind == FC_DIST_WEIBULL ||
                     kind == FC_DIST_EXPONENTIAL;
    if (from_zero && dim == FC_DIM_DATE) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, name,
                FC_BOTH("dates: {low: , likely: , high: } or {one_of: {date: share}}",
                        "날짜: {low: , likely: , high: } 또는 {one_of: {날짜: 비율}}"),
                NULL);
        return false;
    }
    return true;
}

static void check_names(const fc_expression *c, const fc_node *node, const char *path,
                        const described *d)
{
    fc_text all = FC_TEXT_EMPTY;
    for (unsigned k = 0; k < d->count; k++)
        fc_text_printf(&all, "%s%s", k ? ", " : "", d->names[k]);
    for (size_t i = 0; i < node->count; i++) {
        const char *name = node->pairs[i].key->text;
        bool known = fc_remark_find(name) || strcmp(name, "distribution") == 0;
        for (unsigned k = 0; k < d->count; k++) {
            assert(d->names[k]);
            known |= strcmp(name, d->names[k]) == 0;
        }
        fc_place at = fc_node_place(node->pairs[i].key, path);
        if (!known)
            fc_fail(c->b->diag, FC_E_KEY_UNKNOWN_LIST, &at, name, all.data ? all.data : "", NULL);
    }
    fc_text_free(&all);
}

/* ---- parameters ----------------------------------------------------------------------------- */

/* Only the bounds of a truncated normal may be left out: they are the key's limits then, of shares
 * both, of other quantities the lower one. */
static bool default_bound(const fc_key *key, const described *d, unsigned i, double *out)
{
    if (d->kind != FC_DIST_NORMAL || i < 2) return false;
    bool share = key->want.dim == FC_DIM_SHARE, limits = fc_key_has_limits(key);
    if (i == 2)
        *out = limits ? key->min : -INFINITY;
    else
        *out = limits && share ? key->max : INFINITY;
    return true;
}

static int bind_argument(const fc_expression *c, const fc_node *node, const char *path,
                         const described *d, unsigned i, uint32_t *index)
{
    fc_binder *b = c->b;
    const fc_distribution_form *form = fc_distribution_form_of(d->kind);
    const fc_node *arg = fc_node_get(node, d->names[i]);
    const char *arg_path = fc_arena_printf(b->arena, "%s.%s", path, d->names[i]);
    if (!arg_path) return FC_E_NOMEM;
    if (arg) {
        fc_key row = argument_key(c->key, d->names[i], form->parameter[i].has_unit);
        fc_expression inner = *c;
        inner.key = &row;
        inner.alias = NULL;
        return fc_bind_part(&inner, arg, arg_path, FC_MAY_UNKNOWN, index);
    }
    fc_value bound = {.form = FC_FORM_NUMBER, .factor = FC_NONE, .path = arg_path};
    if (default_bound(c->key, d, i, &bound.number)) return fc_binder_add_value(b, &bound, index);
    fc_place place = fc_node_place(node, path);
    fc_fail(b->diag, FC_E_KEY_MISSING, &place, d->names[i], form->name, NULL);
    return FC_OK;
}

static int bind_arguments(const fc_expression *c, const fc_node *node, const char *path,
                          const described *d, fc_value *value)
{
    fc_binder *b = c->b;
    fc_place place = fc_node_place(node, path);
    uint32_t *args = fc_arena_array(b->arena, d->count, sizeof *args);
    double numbers[FC_DIST_MAX_PARAMETERS] = {0};
    bool all_numbers = true, whole = true;
    if (!args) return FC_E_NOMEM;
    for (unsigned i = 0; i < d->count; i++) {
        args[i] = FC_NO_VALUE;
        int ret = bind_argument(c, node, path, d, i, &args[i]);
        if (ret) return ret;
        whole &= args[i] != FC_NO_VALUE;
        if (!whole) continue;
        const fc_value *v = &b->plan->values[args[i]];
        numbers[i] = v->number;
        all_numbers &= v->form == FC_FORM_NUMBER;
    }
    if (!whole) return FC_OK;
    if (all_numbers) {
        fc_distribution made;
        if (fc_distribution_make(d->kind, numbers, &place, b->diag, &made)) return FC_OK;
        check_support(c, &made, &place);
    }
    value->args = args;
    value->n_args = d->count;
    return FC_OK;
}

int fc_bind_distribution(const fc_expression *c, const fc_node *node, const char *path,
                         fc_form form, uint32_t *index)
{
    fc_binder *b = c->b;
    fc_place place = fc_node_place(node, path);
    const char *stream = form == FC_FORM_VARIES ? c->root : path;
    fc_value value = {.form = form,
                      .factor = FC_NONE,
                      .path = stream,
                      .key = fc_stream_key(b->plan->seed, stream, "value")};
    char buffer[FC_KIND_TEXT];
    if (node->kind != FC_NODE_MAP) {
        fc_fail(b->diag, FC_E_VALUE_ARGUMENTS, &place, FORMS, fc_node_kind_text(node, buffer),
                NULL);
        return FC_OK;
    }
    fc_bind_remarks(b, node, path);
    const fc_node *one_of = fc_node_get(node, "one_of"), *sample = fc_node_get(node, "sample");
    const fc_pair *first;
    bool alone = fc_bind_substance(node, &first) == 1;
    int ret;
    if (alone &&
        ((one_of && one_of->kind == FC_NODE_MAP) || (sample && sample->kind == FC_NODE_SEQUENCE))) {
        value.kind = one_of ? FC_DIST_DISCRETE : FC_DIST_EMPIRICAL;
        ret = bind_table(c, one_of ? one_of : sample, path, &value);
    } else {
        described d;
        if (!find_form(c, node, path, &d) || !is_sensible(c, d.kind, &place)) return FC_OK;
        value.kind = d.kind;
        check_names(c, node, path, &d);
        ret = bind_arguments(c, node, path, &d, &value);
    }
    if (ret || (!value.table && !value.n_args)) return ret;
    return fc_binder_add_value(b, &value, index);
}
