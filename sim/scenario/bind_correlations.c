/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `correlate`: a Gaussian copula over unknowns. The correlations given are those of the normal
 * scores; pairs that are not named are uncorrelated. The matrix must be positive definite. */
#include "scenario/bind_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>

enum { MAX_PAIRS = 100 };

typedef struct pair {
    int32_t a, b;
    double rho;
    const fc_node *node;
} pair;

/* The factor of an unknown named by its path; gives it one if it has none. */
static int32_t factor(fc_section_binder *s, const fc_node *node, const char *path, uint32_t *n)
{
    char shown[FC_KIND_TEXT];
    fc_plan *plan = s->b.plan;
    fc_place place = fc_node_place(node, path);
    fc_param param = node->kind == FC_NODE_SCALAR ? fc_binder_find_param(&s->b, node->text) : 0;
    if (!param) {
        if (fc_diag_errors(s->b.diag)) return FC_NONE; /* its value may have been wrong */
        fc_fail(s->b.diag, FC_E_CHANGE, &place, fc_node_kind_text(node, shown),
                FC_BOTH("name the path of a value that is {unknown: }",
                        "{unknown: }으로 적은 값의 경로를 쓰십시오"),
                NULL);
        return FC_NONE;
    }
    if (plan->params[param].value == FC_NO_VALUE ||
        plan->values[plan->params[param].value].form != FC_FORM_UNKNOWN) {
        /* A child, a policy or --set made it known: nothing is left to correlate. */
        fc_warn(s->b.diag, FC_W_CORRELATION, &place, node->text, NULL);
        return FC_NONE;
    }
    fc_value *value = &plan->values[plan->params[param].value];
    if (value->factor == FC_NONE) value->factor = (int32_t)(*n)++;
    return value->factor;
}

static bool read_pair(fc_section_binder *s, const fc_node *node, const char *path, uint32_t *n,
                      pair *out)
{
    char shown[FC_KIND_TEXT];
    const fc_node *between = fc_node_get(node, "between");
    const fc_node *rho = fc_node_get(node, "correlation");
    fc_place place = fc_node_place(node, path);
    if (!between || between->kind != FC_NODE_SEQUENCE || between->count != 2 || !rho ||
        rho->kind != FC_NODE_SCALAR) {
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "correlate",
                "[{between: [path, path], correlation: 0.6}]", fc_node_kind_text(node, shown),
                NULL);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        fc_place at = fc_node_place(name, path);
        if (node->pairs[i].value != between && node->pairs[i].value != rho &&
            !fc_remark_find(name->text))
            fc_fail(s->b.diag, FC_E_KEY_UNKNOWN_LIST, &at, name->text, "between, correlation",
                    NULL);
    }
    fc_bind_remarks(&s->b, node, path);
    fc_quantity q;
    place = fc_node_place(rho, path);
    if (fc_quantity_parse(rho->text, &(fc_unit_want){.dim = FC_DIM_NUMBER}, &place, s->b.diag, &q))
        return false;
    if (!(q.value > -1 && q.value < 1)) {
        fc_fail(
            s->b.diag, FC_E_VALUE_FORM, &place, rho->text,
            FC_BOTH("a number between -1 and 1, both left out", "-1과 1 사이의 수(-1과 1은 제외)"),
            NULL);
        return false;
    }
    *out = (pair){.a = factor(s, between->items[0], path, n),
                  .b = factor(s, between->items[1], path, n),
                  .rho = q.value,
                  .node = node};
    if (out->a == out->b && out->a != FC_NONE) {
        fc_fail(s->b.diag, FC_E_TWICE, &place, between->items[1]->text, NULL);
        return false;
    }
    return out->a != FC_NONE && out->b != FC_NONE;
}

/* The correlations as a matrix; a pair that was named before is an error. E_NOMEM. */
static int fill_matrix(fc_section_binder *s, const pair *pairs, size_t n_pairs, uint32_t n,
                       double **out)
{
    double *cells = fc_arena_array(s->b.arena, (size_t)n * n, sizeof *cells);
    if (!cells) return FC_E_NOMEM;
    for (uint32_t i = 0; i < n; i++) cells[i * n + i] = 1;
    for (size_t i = 0; i < n_pairs; i++) {
        size_t a = (size_t)pairs[i].a, b = (size_t)pairs[i].b;
        for (size_t k = i + 1; k < n_pairs; k++)
            if ((pairs[k].a == pairs[i].a && pairs[k].b == pairs[i].b) ||
                (pairs[k].a == pairs[i].b && pairs[k].b == pairs[i].a)) {
                fc_place place = fc_node_place(pairs[k].node, "correlate");
                fc_fail(s->b.diag, FC_E_TWICE, &place,
                        fc_node_get(pairs[k].node, "between")->items[0]->text, NULL);
            }
        cells[a * n + b] = cells[b * n + a] = pairs[i].rho;
    }
    *out = cells;
    return FC_OK;
}

int fc_bind_correlations(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    const fc_node *list = fc_entry_value(fc_entry_child(s->tree->root, "correlate"));
    if (!list || fc_node_is_null(list)) return FC_OK;
    char shown[FC_KIND_TEXT];
    fc_place place = fc_node_place(list, "correlate");
    if (list->kind != FC_NODE_SEQUENCE || list->count > MAX_PAIRS) {
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "correlate",
                FC_BOTH("[{between: [path, path], correlation: 0.6}], at most 100 of them",
                        "[{between: [경로, 경로], correlation: 0.6}], 100개 이하의"),
                fc_node_kind_text(list, shown), NULL);
        return FC_OK;
    }
    pair *pairs = fc_arena_array(s->b.arena, list->count + 1, sizeof *pairs);
    if (!pairs) return FC_E_NOMEM;
    size_t n_pairs = 0, errors = fc_diag_errors(s->b.diag);
    uint32_t n = 0;
    for (size_t i = 0; i < list->count; i++)
        if (read_pair(s, list->items[i], "correlate", &n, &pairs[n_pairs])) n_pairs++;
    if (fc_diag_errors(s->b.diag) > errors || n == 0) return FC_OK;

    double *cells;
    int ret = fill_matrix(s, pairs, n_pairs, n, &cells);
    if (ret || fc_diag_errors(s->b.diag) > errors) return ret;
    gsl_matrix_view view = gsl_matrix_view_array(cells, n, n);
    if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS) {
        fc_fail(s->b.diag, FC_E_CORRELATION, &place,
                FC_BOTH("these correlations contradict each other (the matrix is not positive "
                        "definite): make some of them weaker",
                        "상관계수들이 서로 모순됩니다(양의 정부호가 아님): 일부를 낮추십시오"),
                NULL);
        return FC_OK;
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n; k++) cells[i * n + k] = 0;
    plan->cholesky = cells;
    plan->n_factors = n;
    return FC_OK;
}
