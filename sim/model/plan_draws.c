/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whoever has a stream. */
typedef struct owner {
    uint64_t key;
    uint32_t value, driver; /* one of them; the other is NOBODY */
} owner;

#define NOBODY UINT32_MAX

static int by_key(const void *left, const void *right)
{
    const owner *a = left, *b = right;

    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    if (a->value != b->value) return a->value < b->value ? -1 : 1;
    return (a->driver > b->driver) - (a->driver < b->driver);
}

static uint32_t list_owners(const fc_plan *plan, owner *out)
{
    uint32_t n = 0;

    for (uint32_t v = 0; v < plan->n_values; v++) {
        fc_form form = plan->values[v].form;
        if (form == FC_FORM_UNKNOWN || form == FC_FORM_VARIES)
            out[n++] = (owner){plan->values[v].key, v, NOBODY};
    }
    for (uint32_t i = 0; i < plan->n_drivers; i++)
        out[n++] = (owner){plan->drivers[i].key, NOBODY, i};
    return n;
}

static const char *name_of(const fc_plan *plan, const owner *who)
{
    return who->driver != NOBODY ? plan->drivers[who->driver].name : plan->values[who->value].path;
}

/* Sharing is meant where the path is the same; equal keys of different paths are the hash's
 * doing, and so are a driver's with anybody. */
static int check_keys(const fc_plan *plan, const owner *owners, uint32_t n, fc_diag *diag)
{
    int ret = FC_OK;

    for (uint32_t i = 1; i < n; i++) {
        const owner *a = &owners[i - 1], *b = &owners[i];
        if (a->key != b->key) continue;
        const char *name = name_of(plan, a), *other = name_of(plan, b);
        if (b->driver == NOBODY && strcmp(name, other) == 0) continue;
        ret = fc_first(ret, fc_fail(diag, FC_E_STREAM_KEY, NULL, name, other, NULL));
    }
    return ret;
}

/* Unknowns of one key are one draw, counted where the key first appears in the plan. */
static void number_unknowns(fc_plan *plan, const owner *owners, uint32_t n)
{
    uint32_t first = NOBODY; /* the unknown of this key that comes first */

    for (uint32_t i = 0; i < n; i++) {
        if (i > 0 && owners[i].key != owners[i - 1].key) first = NOBODY;
        if (owners[i].value == NOBODY || plan->values[owners[i].value].form != FC_FORM_UNKNOWN)
            continue;
        if (first == NOBODY) first = owners[i].value;
        plan->values[owners[i].value].draw = first;
    }
    plan->n_unknowns = 0;
    for (uint32_t v = 0; v < plan->n_values; v++) {
        fc_value *value = &plan->values[v];
        if (value->form != FC_FORM_UNKNOWN) continue;
        value->draw = value->draw == v ? plan->n_unknowns++ : plan->values[value->draw].draw;
    }
}

static int name_draws(fc_plan *plan)
{
    plan->n_draws = plan->n_unknowns + plan->n_drivers;
    plan->draw_names = fc_arena_array(plan->arena, plan->n_draws, sizeof *plan->draw_names);
    if (!plan->draw_names) return FC_E_NOMEM;
    for (uint32_t v = 0; v < plan->n_values; v++)
        if (plan->values[v].form == FC_FORM_UNKNOWN)
            plan->draw_names[plan->values[v].draw] = plan->values[v].path;
    for (uint32_t i = 0; i < plan->n_drivers; i++) {
        const fc_driver *driver = &plan->drivers[i];
        const char *name = fc_arena_printf(plan->arena, "%s.%s",
                                           driver->is_policy ? "policies" : "shocks", driver->name);
        if (!name) return FC_E_NOMEM;
        plan->draw_names[plan->n_unknowns + i] = name;
    }
    return FC_OK;
}

/* The factor's rows have length 1, as L L' has ones on its diagonal, and a draw each. */
static int check_copula(const fc_plan *plan, fc_diag *diag)
{
    uint32_t n = plan->n_factors;
    int ret = FC_OK;
    int64_t *draw = malloc(((size_t)n + 1) * sizeof *draw);

    if (!draw) return FC_E_NOMEM;
    for (uint32_t i = 0; i < n; i++) draw[i] = FC_NONE;
    for (uint32_t v = 0; v < plan->n_values; v++) {
        const fc_value *value = &plan->values[v];
        if (value->form != FC_FORM_UNKNOWN || value->factor == FC_NONE) continue;
        if (value->factor < 0 || (uint32_t)value->factor >= n)
            ret = fc_first(ret, fc_plan_wrong(diag, value->path, "no row %d", value->factor));
        else if (draw[value->factor] != FC_NONE && draw[value->factor] != value->draw)
            ret = fc_first(ret, fc_plan_wrong(diag, value->path, "a row of two unknowns"));
        else
            draw[value->factor] = value->draw;
    }
    for (uint32_t i = 0; i < n; i++) {
        const double *row = plan->cholesky + (size_t)i * n;
        double square = 0;
        for (uint32_t j = 0; j <= i; j++) square += row[j] * row[j];
        if (!(fabs(square - 1) < 1e-9))
            ret = fc_first(ret, fc_plan_wrong(diag, NULL, "row %u of the copula", i));
        if (draw[i] == FC_NONE)
            ret = fc_first(ret, fc_plan_wrong(diag, NULL, "row %u has no unknown", i));
        for (uint32_t j = 0; j < i; j++)
            if (draw[j] != FC_NONE && draw[i] == draw[j])
                ret = fc_first(ret, fc_plan_wrong(diag, NULL, "an unknown with two rows"));
    }
    free(draw);
    return ret;
}

int fc_plan_name_draws(fc_plan *plan, fc_diag *diag)
{
    int ret = FC_E_NOMEM;
    size_t most = (size_t)plan->n_values + plan->n_drivers + 1;
    owner *owners = calloc(most, sizeof *owners);

    if (!owners) goto out;
    uint32_t n = list_owners(plan, owners);
    qsort(owners, n, sizeof *owners, by_key);
    if ((ret = check_keys(plan, owners, n, diag)) != FC_OK) goto out;
    number_unknowns(plan, owners, n);
    if ((ret = name_draws(plan)) != FC_OK) goto out;
    ret = check_copula(plan, diag);
out:
    free(owners);
    return ret;
}
