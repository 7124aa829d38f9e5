/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Value expressions: a number with its unit, {unknown: }, {varies: }, a calendar path, {same_as: }.
 */
#include "scenario/bind.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/stream.h"

static const uint32_t NO_VALUE = UINT32_MAX;
static const double LONG_AGO = -1e13; /* 300,000 years before the start */

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

static const char FORMS[] = "{low: , likely: , high: }, {low: , high: }, {usual: , bad_1_in_20: }, "
                            "{passed: , of: }, {one_of: {value: share}}, {sample: [ ]} or "
                            "{distribution: name, ...}";

/* What a call tree shares: whose value, and the currency seen so far. */
typedef struct context {
    fc_binder *b;
    const fc_key *key;
    char *currency;
    const char **alias;
    const char
        *root; /* the key's own path: what varies draws from one stream, whatever its dates */
} context;

static int expression(const context *c, const fc_node *node, const char *path, unsigned may,
                      uint32_t *index);

const char *fc_node_kind_text(const fc_node *node, char *buffer, size_t size)
{
    if (node->kind == FC_NODE_MAP) return "{...}";
    if (node->kind == FC_NODE_SEQUENCE) return "[...]";
    if (fc_node_is_null(node)) return "null";
    snprintf(buffer, size, "'%.60s'", node->text);
    return buffer;
}

int fc_binder_add_value(fc_binder *b, const fc_value *value, uint32_t *index)
{
    fc_plan *plan = b->plan;
    if (plan->n_values == b->value_capacity) {
        size_t capacity = b->value_capacity ? 2 * b->value_capacity : 256;
        fc_value *grown = fc_arena_array(b->arena, capacity, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        if (plan->n_values) memcpy(grown, plan->values, plan->n_values * sizeof *grown);
        plan->values = grown;
        b->value_capacity = capacity;
    }
    plan->values[plan->n_values] = *value;
    *index = plan->n_values++;
    return FC_OK;
}

int fc_binder_add_param(fc_binder *b, uint32_t value, const char *path, fc_param *param)
{
    fc_plan *plan = b->plan;
    if (plan->n_params == b->param_capacity) {
        size_t capacity = b->param_capacity ? 2 * b->param_capacity : 256;
        fc_param_info *grown = fc_arena_array(b->arena, capacity, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        if (plan->n_params) memcpy(grown, plan->params, plan->n_params * sizeof *grown);
        plan->params = grown;
        b->param_capacity = capacity;
    }
    plan->params[plan->n_params] = (fc_param_info){.value = value, .path = path};
    *param = plan->n_params++;
    return FC_OK;
}

fc_param fc_binder_find_param(const fc_binder *b, const char *path)
{
    for (fc_param p = 1; p < b->plan->n_params; p++)
        if (strcmp(b->plan->params[p].path, path) == 0) return p;
    return 0;
}

/* ---- remarks ------------------------------------------------------------------------------ */

void fc_bind_remarks(fc_binder *b, const fc_node *map, const char *path)
{
    for (const fc_key *key = fc_remark_keys; key->name; key++) {
        const fc_node *node = fc_node_get(map, key->name);
        if (!node) continue;
        fc_place place = fc_node_place(node, path);
        char buffer[80];
        if (node->kind != FC_NODE_SCALAR || fc_node_is_null(node)) {
            fc_fail(b->diag, FC_E_KEY_KIND, &place, key->name, FC_BOTH("a text", "글"),
                    fc_node_kind_text(node, buffer, sizeof buffer), NULL);
        } else if (key->type == FC_K_CHOICE) {
            bool found = false;
            for (const char *const *choice = key->choices; *choice; choice++)
                found |= strcmp(*choice, node->text) == 0;
            if (!found)
                fc_fail(b->diag, FC_E_CHOICE, &place, node->text,
                        "high, medium, low, assumption, unverified", NULL);
        } else if (key->type == FC_K_DAY) {
            fc_quantity quantity;
            fc_quantity_parse(node->text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place, b->diag,
                              &quantity);
        }
    }
}

/* How many keys of a map are not remarks, and the first of them. */
static size_t substance(const fc_node *map, const fc_pair **first)
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
    const fc_pair *first;
    if (substance(node, &first) > 1) {
        const fc_pair *other = NULL;
        for (size_t i = 0; i < node->count && !other; i++)
            if (!fc_remark_find(node->pairs[i].key->text) && node->pairs[i].value != value)
                other = &node->pairs[i];
        if (other) {
            fc_place place = fc_node_place(other->key, path);
            fc_fail(b->diag, FC_E_KEY_UNKNOWN_LIST, &place, other->key->text,
                    "value, source, certainty, known_by, note", NULL);
        }
    }
    fc_bind_remarks(b, node, path);
    return value;
}

/* ---- numbers ------------------------------------------------------------------------------ */

static void format_limit(const fc_key *key, double limit, fc_text *out)
{
    fc_quantity q = {.value = limit, .dim = key->want.dim, .item = key->want.item};
    if (key->want.dim == FC_DIM_ITEM_PRICE || key->want.dim == FC_DIM_MONEY ||
        key->want.dim == FC_DIM_EXCHANGE)
        fc_text_printf(out, "%g", limit);
    else
        fc_quantity_format(&q, FC_FIGURES_SHORT, FC_LANG_EN, out);
}

static void report_range(const context *c, const fc_place *place, const char *what)
{
    fc_text low = FC_TEXT_EMPTY, high = FC_TEXT_EMPTY;
    format_limit(c->key, c->key->min, &low);
    format_limit(c->key, c->key->max, &high);
    fc_fail(c->b->diag, FC_E_VALUE_RANGE, place, what, low.data ? low.data : "",
            high.data ? high.data : "", NULL);
    fc_text_free(&low);
    fc_text_free(&high);
}

static bool has_limits(const fc_key *key)
{
    return key->min < key->max;
}

/* The number that a name stands for; false if there is none such. */
static bool named_number(const context *c, const fc_node *node, const fc_place *place, double *out)
{
    fc_text all = FC_TEXT_EMPTY;
    for (size_t i = 0; c->key->choices[i]; i++) {
        fc_text_printf(&all, "%s%s", i ? ", " : "", c->key->choices[i]);
        if (strcmp(c->key->choices[i], node->text) != 0) continue;
        fc_text_free(&all);
        *out = (double)i;
        return true;
    }
    fc_fail(c->b->diag, FC_E_CHOICE, place, node->text, all.data ? all.data : "", NULL);
    fc_text_free(&all);
    return false;
}

/* A scalar's number in the plan's units; false if it was wrong and has been reported. */
static bool number(const context *c, const fc_node *node, const char *path, double *out)
{
    fc_binder *b = c->b;
    fc_place place = fc_node_place(node, path);
    fc_quantity quantity;
    if (c->key->choices) return named_number(c, node, &place, out);
    if (fc_quantity_parse(node->text, &c->key->want, &place, b->diag, &quantity)) return false;
    if (has_limits(c->key) && !(quantity.value >= c->key->min && quantity.value <= c->key->max)) {
        report_range(c, &place, node->text);
        return false;
    }
    if (quantity.currency[0]) {
        if (c->currency[0] && strcmp(c->currency, quantity.currency) != 0) {
            fc_fail(b->diag, FC_E_CURRENCIES, &place, quantity.currency, c->currency, NULL);
            return false;
        }
        memcpy(c->currency, quantity.currency, 4);
    }
    *out = quantity.value;
    if (c->key->want.dim == FC_DIM_DATE)
        *out = (quantity.value - (double)b->plan->epoch.start_day) * FC_DAY;
    return true;
}

/* ---- distributions ------------------------------------------------------------------------ */

/* The argument's own row: with the key's unit, or a plain number. Only whole values have limits:
 * a distribution's support is checked instead. */
static fc_key argument_key(const fc_key *key, bool has_unit)
{
    fc_key out = *key;
    out.min = out.max = 0;
    if (!has_unit) out.want = (fc_unit_want){.dim = FC_DIM_NUMBER};
    return out;
}

/* What may lie outside the key's limits: not worth an error, as the far tails of a lognormal. */
static const double NEGLIGIBLE = 1e-6;

static void check_support(const context *c, const fc_distribution *d, const fc_place *place)
{
    if (!has_limits(c->key)) return;
    double below = c->key->min - 1e-12 * fabs(c->key->min);
    if (fc_distribution_survival(d, c->key->max) <= NEGLIGIBLE &&
        (fc_distribution_min(d) >= below || fc_distribution_cdf(d, below) <= NEGLIGIBLE))
        return;
    char text[80];
    snprintf(text, sizeof text, "%g .. %g", fc_distribution_min(d), fc_distribution_max(d));
    report_range(c, place, text);
}

/* one_of: {value: weight}; sample: [values]. */
static int table(const context *c, const fc_node *node, const char *path, fc_value *value)
{
    fc_binder *b = c->b;
    bool weighted = node->kind == FC_NODE_MAP;
    fc_place place = fc_node_place(node, path);
    double *x = fc_arena_array(b->arena, node->count + 1, sizeof *x);
    double *w = fc_arena_array(b->arena, node->count + 1, sizeof *w);
    fc_distribution *d = fc_arena_alloc(b->arena, sizeof *d);
    if (!x || !w || !d) return FC_E_NOMEM;
    size_t errors = fc_diag_errors(b->diag);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *item = weighted ? node->pairs[i].key : node->items[i];
        char buffer[80];
        fc_place at = fc_node_place(item, path);
        if (item->kind != FC_NODE_SCALAR)
            fc_fail(b->diag, FC_E_KEY_KIND, &at, "sample", FC_BOTH("quantities", "수량"),
                    fc_node_kind_text(item, buffer, sizeof buffer), NULL);
        else
            number(c, item, path, &x[i]);
        if (!weighted) continue;
        const fc_node *share = node->pairs[i].value;
        fc_quantity quantity = {0};
        at = fc_node_place(share, path);
        if (share->kind != FC_NODE_SCALAR)
            fc_fail(
                b->diag, FC_E_KEY_KIND, &at, item->kind == FC_NODE_SCALAR ? item->text : "one_of",
                FC_BOTH("a share", "비율"), fc_node_kind_text(share, buffer, sizeof buffer), NULL);
        else
            fc_quantity_parse(share->text, &(fc_unit_want){.dim = FC_DIM_SHARE}, &at, b->diag,
                              &quantity);
        w[i] = quantity.value;
    }
    if (fc_diag_errors(b->diag) > errors) return FC_OK;
    int ret = weighted ? fc_distribution_discrete(b->arena, x, w, node->count, &place, b->diag, d)
                       : fc_distribution_empirical(b->arena, x, node->count, &place, b->diag, d);
    if (ret == FC_OK) value->table = d;
    return ret == FC_E_NOMEM ? ret : FC_OK;
}

/* Which distribution a map describes. */
static bool form_of(const context *c, const fc_node *node, const char *path,
                    fc_distribution_kind *kind, const char *const **names, unsigned *count,
                    const char *stored[FC_DIST_MAX_PARAMETERS])
{
    fc_place place = fc_node_place(node, path);
    const fc_node *name = fc_node_get(node, "distribution");
    const fc_pair *first;
    size_t given = substance(node, &first);
    *names = stored;
    if (name && name->kind == FC_NODE_SCALAR) {
        fc_text all = FC_TEXT_EMPTY;
        for (int k = 0; k < FC_DIST_DISCRETE; k++) {
            const fc_distribution_form *form = fc_distribution_form_of((fc_distribution_kind)k);
            fc_text_printf(&all, "%s%s", k ? ", " : "", form->name);
            if (strcmp(form->name, name->text) != 0) continue;
            fc_text_free(&all);
            *kind = (fc_distribution_kind)k;
            *count = form->count;
            for (unsigned i = 0; i < form->count; i++) stored[i] = form->parameter[i].name;
            return true;
        }
        place = fc_node_place(name, path);
        fc_fail(c->b->diag, FC_E_CHOICE, &place, name->text, all.data ? all.data : "", NULL);
        fc_text_free(&all);
        return false;
    }
    for (size_t f = 0; f < sizeof plain_forms / sizeof *plain_forms; f++) {
        size_t present = 0;
        for (unsigned i = 0; i < plain_forms[f].count; i++)
            present += fc_node_get(node, plain_forms[f].names[i]) != NULL;
        if (present != plain_forms[f].count || present != given) continue;
        *kind = plain_forms[f].kind;
        *count = plain_forms[f].count;
        for (unsigned i = 0; i < *count; i++) stored[i] = plain_forms[f].names[i];
        return true;
    }
    fc_text keys = FC_TEXT_EMPTY;
    for (size_t i = 0; i < node->count; i++)
        fc_text_printf(&keys, "%s%s:", i ? ", " : "", node->pairs[i].key->text);
    fc_fail(c->b->diag, FC_E_VALUE_ARGUMENTS, &place, FORMS, keys.data ? keys.data : "", NULL);
    fc_text_free(&keys);
    return false;
}

static bool sensible(const context *c, fc_distribution_kind kind, const fc_place *place)
{
    fc_dim dim = c->key->want.dim;
    if (c->key->choices) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, fc_distribution_form_of(kind)->name,
                FC_BOTH("names: {one_of: {name: share}}", "이름: {one_of: {이름: 비율}}"), NULL);
        return false;
    }
    if (kind == FC_DIST_PASSED_OF && dim != FC_DIM_SHARE) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, "{passed: , of: }",
                FC_BOTH("a share; use {low: , likely: , high: }",
                        "비율; {low: , likely: , high: }로 쓰십시오"),
                NULL);
        return false;
    }
    bool scale = kind == FC_DIST_USUAL_BAD || kind == FC_DIST_LOGNORMAL || kind == FC_DIST_GAMMA ||
                 kind == FC_DIST_WEIBULL || kind == FC_DIST_EXPONENTIAL;
    if (scale && dim == FC_DIM_DATE) {
        fc_fail(c->b->diag, FC_E_VALUE_FORM, place, fc_distribution_form_of(kind)->name,
                FC_BOTH("a date; use {low: , likely: , high: } or {one_of: {date: share}}",
                        "날짜; {low: , likely: , high: } 또는 {one_of: {날짜: 비율}}로 쓰십시오"),
                NULL);
        return false;
    }
    return true;
}

static int distribution(const context *c, const fc_node *node, const char *path, fc_form form,
                        uint32_t *index)
{
    fc_binder *b = c->b;
    fc_place place = fc_node_place(node, path);
    const char *stream = form == FC_FORM_VARIES ? c->root : path;
    fc_value value = {.form = form,
                      .factor = FC_NONE,
                      .path = stream,
                      .key = fc_stream_key(b->plan->seed, stream, "value")};
    char buffer[80];
    if (node->kind != FC_NODE_MAP) {
        fc_fail(b->diag, FC_E_VALUE_ARGUMENTS, &place, FORMS,
                fc_node_kind_text(node, buffer, sizeof buffer), NULL);
        return FC_OK;
    }
    const fc_node *one_of = fc_node_get(node, "one_of"), *sample = fc_node_get(node, "sample");
    if ((one_of && one_of->kind == FC_NODE_MAP) || (sample && sample->kind == FC_NODE_SEQUENCE)) {
        value.kind = one_of ? FC_DIST_DISCRETE : FC_DIST_EMPIRICAL;
        int ret = table(c, one_of ? one_of : sample, path, &value);
        if (ret || !value.table) return ret;
        return fc_binder_add_value(b, &value, index);
    }
    const char *const *names, *stored[FC_DIST_MAX_PARAMETERS];
    unsigned count;
    if (!form_of(c, node, path, &value.kind, &names, &count, stored)) return FC_OK;
    if (!sensible(c, value.kind, &place)) return FC_OK;

    uint32_t *args = fc_arena_array(b->arena, count, sizeof *args);
    if (!args) return FC_E_NOMEM;
    double numbers[FC_DIST_MAX_PARAMETERS] = {0};
    bool all_numbers = true;
    const fc_distribution_form *described = fc_distribution_form_of(value.kind);
    for (unsigned i = 0; i < count; i++) {
        const fc_node *arg = fc_node_get(node, names[i]);
        const char *arg_path = fc_arena_printf(b->arena, "%s.%s", path, names[i]);
        if (!arg_path) return FC_E_NOMEM;
        fc_key row = argument_key(c->key, described->parameter[i].has_unit);
        context inner = *c;
        inner.key = &row;
        inner.alias = NULL;
        args[i] = NO_VALUE;
        if (!arg) {
            /* Only the bounds of a truncated normal may be left out. */
            bool bound = value.kind == FC_DIST_NORMAL && i >= 2;
            if (!bound) {
                fc_fail(b->diag, FC_E_KEY_MISSING, &place, names[i], described->name, NULL);
                return FC_OK;
            }
            double floor = i == 2 && has_limits(c->key) ? c->key->min
                           : i == 2                     ? -INFINITY
                                                        : INFINITY;
            int ret = fc_binder_add_value(
                b, &(fc_value){.number = floor, .factor = FC_NONE, .path = arg_path}, &args[i]);
            if (ret) return ret;
        } else {
            int ret = expression(&inner, arg, arg_path, FC_MAY_UNKNOWN, &args[i]);
            if (ret) return ret;
        }
        if (args[i] == NO_VALUE) return FC_OK;
        const fc_value *v = &b->plan->values[args[i]];
        numbers[i] = v->number;
        all_numbers &= v->form == FC_FORM_NUMBER;
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *name = node->pairs[i].key->text;
        bool known = fc_remark_find(name) || strcmp(name, "distribution") == 0;
        for (unsigned k = 0; k < count; k++) known |= strcmp(name, names[k]) == 0;
        fc_place at = fc_node_place(node->pairs[i].key, path);
        if (!known) fc_fail(b->diag, FC_E_KEY_UNKNOWN_LIST, &at, name, FORMS, NULL);
    }
    if (all_numbers) {
        fc_distribution d;
        if (fc_distribution_make(value.kind, numbers, &place, b->diag, &d)) return FC_OK;
        check_support(c, &d, &place);
    }
    value.args = args;
    value.n_args = count;
    return fc_binder_add_value(b, &value, index);
}

/* ---- calendar paths ----------------------------------------------------------------------- */

static bool is_date(const char *text)
{
    fc_quantity quantity;
    return fc_quantity_parse(text, &(fc_unit_want){.dim = FC_DIM_DATE}, NULL, NULL, &quantity) ==
           FC_OK;
}

typedef struct point {
    double time;
    const fc_node *node;
    const char *path;
} point;

static int by_time(const void *a, const void *b)
{
    double x = ((const point *)a)->time, y = ((const point *)b)->time;
    return (x > y) - (x < y);
}

/* The points of a path, sorted by date; *count 0 if one was wrong (and reported). */
static int read_points(const context *c, const fc_node *node, const char *path, point **out,
                       size_t *count)
{
    fc_binder *b = c->b;
    point *points = fc_arena_array(b->arena, node->count + 1, sizeof *points);
    if (!points) return FC_E_NOMEM;
    *out = points;
    size_t n = 0, errors = fc_diag_errors(b->diag);
    for (size_t i = 0; i < node->count; i++) {
        const char *text = node->pairs[i].key->text;
        if (fc_remark_find(text)) continue;
        fc_place place = fc_node_place(node->pairs[i].key, path);
        fc_quantity date;
        if (fc_quantity_parse(text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place, b->diag, &date))
            continue;
        const char *at = fc_arena_printf(b->arena, "%s.%s", path, text);
        if (!at) return FC_E_NOMEM;
        double time = (date.value - (double)b->plan->epoch.start_day) * FC_DAY;
        points[n++] = (point){time, node->pairs[i].value, at};
    }
    qsort(points, n, sizeof *points, by_time);
    for (size_t i = 1; i < n; i++) {
        fc_place place = fc_node_place(points[i].node, path);
        if (points[i].time == points[i - 1].time)
            fc_fail(b->diag, FC_E_PATH_TWICE, &place, points[i].path, NULL);
    }
    *count = fc_diag_errors(b->diag) > errors ? 0 : n;
    return FC_OK;
}

static int calendar_path(const context *c, const fc_node *node, const char *path, unsigned may,
                         fc_form form, uint32_t *index)
{
    fc_binder *b = c->b;
    size_t n;
    point *points;
    int ret = read_points(c, node, path, &points, &n);
    if (ret || n == 0) return ret;
    /* Cumulative counts are 0 before their first date; a price or a rate is what it is first. */
    bool flat_before = c->key->want.dim != FC_DIM_COUNT || c->key->flat;
    size_t extra = flat_before && form == FC_FORM_LINEAR;
    uint32_t *args = fc_arena_array(b->arena, n + extra, sizeof *args);
    double *times = fc_arena_array(b->arena, n + extra, sizeof *times);
    if (!args || !times) return FC_E_NOMEM;
    unsigned inner = may & (FC_MAY_UNKNOWN | FC_MAY_VARY);
    context nested = *c;
    nested.alias = NULL;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        times[i + extra] = points[i].time;
        args[i + extra] = NO_VALUE;
        ret = expression(&nested, points[i].node, points[i].path, inner, &args[i + extra]);
        if (ret) return ret;
        whole &= args[i + extra] != NO_VALUE;
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

/* ---- the expression ------------------------------------------------------------------------ */

static const char *may_text(unsigned may)
{
    static const char *const texts[] = {
        FC_BOTH("one quantity", "수량 하나"),
        FC_BOTH("a quantity or {unknown: }", "수량 또는 {unknown: }"),
        FC_BOTH("a quantity or {varies: }", "수량 또는 {varies: }"),
        FC_BOTH("a quantity, {unknown: } or {varies: }", "수량, {unknown: } 또는 {varies: }"),
        FC_BOTH("a quantity or a calendar path", "수량 또는 날짜별 값({날짜: 값})"),
        FC_BOTH("a quantity, {unknown: } or a calendar path",
                "수량, {unknown: } 또는 날짜별 값({날짜: 값})"),
        FC_BOTH("a quantity, {varies: } or a calendar path",
                "수량, {varies: } 또는 날짜별 값({날짜: 값})"),
        FC_BOTH("a quantity, {unknown: }, {varies: } or a calendar path",
                "수량, {unknown: }, {varies: } 또는 날짜별 값({날짜: 값})"),
    };
    return texts[(may & 3) | ((may & (FC_MAY_STEP | FC_MAY_LINEAR)) ? 4 : 0)];
}

static int map_expression(const context *c, const fc_node *node, const char *path, unsigned may,
                          uint32_t *index)
{
    fc_binder *b = c->b;
    const fc_pair *first;
    size_t count = substance(node, &first);
    fc_place place = fc_node_place(node, path);
    if (count == 0) {
        fc_fail(b->diag, FC_E_VALUE_FORM, &place, "{}", may_text(may), NULL);
        return FC_OK;
    }
    const char *name = first->key->text;
    const fc_node *inner = first->value;
    bool unknown = strcmp(name, "unknown") == 0, varies = strcmp(name, "varies") == 0;
    bool steps = strcmp(name, "steps") == 0, linear = strcmp(name, "linear") == 0;
    bool same = strcmp(name, "same_as") == 0, dates = is_date(name);
    fc_bind_remarks(b, node, path);
    if ((unknown || varies || steps || linear || same) && count > 1) {
        fc_fail(b->diag, FC_E_VALUE_FORM, &place, name, may_text(may), NULL);
        return FC_OK;
    }
    if ((unknown && !(may & FC_MAY_UNKNOWN)) || (varies && !(may & FC_MAY_VARY)) ||
        ((steps || dates) && !(may & FC_MAY_STEP)) || (linear && !(may & FC_MAY_LINEAR)) ||
        (same && !c->alias)) {
        fc_fail(b->diag, FC_E_VALUE_FORM, &place, dates ? "{date: value}" : name, may_text(may),
                NULL);
        return FC_OK;
    }
    if (unknown || varies)
        return distribution(c, inner, path, unknown ? FC_FORM_UNKNOWN : FC_FORM_VARIES, index);
    if (same && inner->kind == FC_NODE_SCALAR) {
        *c->alias = inner->text;
        return FC_OK;
    }
    if (dates) return calendar_path(c, node, path, may, FC_FORM_STEP, index);
    if ((steps || linear) && inner->kind == FC_NODE_MAP)
        return calendar_path(c, inner, path, may, steps ? FC_FORM_STEP : FC_FORM_LINEAR, index);
    fc_fail(b->diag, FC_E_VALUE_FORM, &place, name, may_text(may), NULL);
    return FC_OK;
}

static int expression(const context *c, const fc_node *node, const char *path, unsigned may,
                      uint32_t *index)
{
    node = fc_bind_unwrap(c->b, node, path);
    fc_place place = fc_node_place(node, path);
    if (node->kind == FC_NODE_MAP) return map_expression(c, node, path, may, index);
    if (node->kind == FC_NODE_SEQUENCE || fc_node_is_null(node)) {
        char buffer[80];
        fc_fail(c->b->diag, FC_E_VALUE_FORM, &place, fc_node_kind_text(node, buffer, sizeof buffer),
                may_text(may), NULL);
        return FC_OK;
    }
    double x;
    if (!number(c, node, path, &x)) return FC_OK;
    return fc_binder_add_value(
        c->b, &(fc_value){.form = FC_FORM_NUMBER, .number = x, .factor = FC_NONE, .path = path},
        index);
}

int fc_bind_expression(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                       uint32_t *index, char currency[4], const char **alias)
{
    context c = {b, key, currency, alias, path};
    *index = NO_VALUE;
    if (alias) *alias = NULL;
    memset(currency, 0, 4);
    return expression(&c, node, path, key->may, index);
}

int fc_bind_value(fc_binder *b, const fc_key *key, const fc_node *node, const char *path,
                  fc_param *param, char currency[4])
{
    uint32_t index;
    const char *alias;
    *param = 0;
    int ret = fc_bind_expression(b, key, node, path, &index, currency, &alias);
    if (ret || (index == NO_VALUE && !alias)) return ret;
    if ((ret = fc_binder_add_param(b, index, path, param)) || !alias) return ret;
    if (b->n_aliases == b->alias_capacity) {
        size_t capacity = b->alias_capacity ? 2 * b->alias_capacity : 16;
        fc_alias *grown = fc_arena_array(b->arena, capacity, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        if (b->n_aliases) memcpy(grown, b->aliases, b->n_aliases * sizeof *grown);
        b->aliases = grown;
        b->alias_capacity = capacity;
    }
    b->aliases[b->n_aliases++] = (fc_alias){*param, alias, fc_node_place(node, path)};
    return FC_OK;
}

int fc_bind_aliases(fc_binder *b)
{
    for (size_t i = 0; i < b->n_aliases; i++) {
        fc_alias *alias = &b->aliases[i];
        fc_param target = fc_binder_find_param(b, alias->target);
        const char *problem = NULL;
        if (!target)
            problem = FC_BOTH("there is no value at that path", "그 경로에 값이 없습니다");
        else if (b->plan->params[target].value == NO_VALUE)
            problem = FC_BOTH("it is itself a same_as: name the value that is drawn",
                              "그 값도 same_as입니다: 추첨되는 값의 경로를 쓰십시오");
        if (problem) fc_fail(b->diag, FC_E_SAME_AS, &alias->place, alias->target, problem, NULL);
    }
    if (fc_diag_errors(b->diag)) return FC_OK;
    for (size_t i = 0; i < b->n_aliases; i++) {
        fc_param target = fc_binder_find_param(b, b->aliases[i].target);
        b->plan->params[b->aliases[i].param].value = b->plan->params[target].value;
    }
    return FC_OK;
}
