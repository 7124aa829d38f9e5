/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the key table cannot say of upkeep, terms and allotments. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "scenario/bind_section.h"

static void refuse(fc_section_binder *s, const fc_entry *entry, const char *key, const char *why)
{
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    fc_fail(s->b.diag, FC_E_CHANGE, &place, key, why, NULL);
}

static void check_term(fc_section_binder *s, const fc_programme *p, const fc_entry *term)
{
    static const char *const renewals[] = {"renewed", "renewal", "cost", "otherwise"};
    const fc_entry *lasts = fc_entry_child(term, "lasts"), *ends = fc_entry_child(term, "ends");
    if (!lasts && !ends) {
        fc_place place = fc_entry_key_place(s->b.arena, term);
        fc_fail(
            s->b.diag, FC_E_KEY_MISSING, &place, "lasts",
            FC_BOTH("how long the term lasts; or ends, a date", "협약 기간; 또는 종료일인 ends"),
            NULL);
    }
    if (lasts && ends)
        refuse(s, ends, "ends",
               FC_BOTH("lasts says already when the term ends; delete one of them",
                       "lasts로 이미 종료 시점이 정해집니다. 둘 중 하나를 지우십시오"));
    for (size_t i = 0; p->term.then != FC_TERM_RENEW && i < sizeof renewals / sizeof *renewals;
         i++) {
        const fc_entry *key = fc_entry_child(term, renewals[i]);
        if (key)
            refuse(s, key, renewals[i],
                   FC_BOTH("read only with `then: renew`; write that, or delete this",
                           "then: renew에서만 쓰입니다. renew로 쓰거나 지우십시오"));
    }
}

/* ---- upkeep -------------------------------------------------------------------------------- */

static int by_from(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The age that stands as a key, NaN (and reported) if it is none. */
static double age_of(fc_section_binder *s, const fc_node *name, const char *path)
{
    fc_place at = fc_node_place(name, path);
    fc_quantity q = {.value = NAN};
    if (fc_quantity_parse(name->text, &(fc_unit_want){.dim = FC_DIM_DURATION}, &at, s->b.diag, &q))
        return NAN;
    if (q.value >= 0 && q.value <= 100 * FC_YEAR) return q.value;
    fc_fail(s->b.diag, FC_E_VALUE_RANGE, &at, name->text, "0", "100 years", NULL);
    return NAN;
}

static double factor_of(fc_section_binder *s, const fc_node *value, const char *path)
{
    fc_place at = fc_node_place(value, path);
    fc_quantity q = {0};
    if (!fc_bind_is_text(s, value, path, "failure_by_age") ||
        fc_quantity_parse(value->text, &(fc_unit_want){.dim = FC_DIM_NUMBER}, &at, s->b.diag, &q))
        return 0;
    if (!(q.value >= 0 && q.value <= 1000))
        fc_fail(s->b.diag, FC_E_VALUE_RANGE, &at, value->text, "0", "1000", NULL);
    return q.value;
}

int fc_bind_ages(fc_section_binder *s, const fc_node *node, const char *path, fc_ages *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    fc_place place = fc_node_place(node, path);
    const fc_pair *first;
    if (node->kind != FC_NODE_MAP || fc_bind_substance(node, &first) == 0) {
        char buffer[FC_KIND_TEXT];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "failure_by_age",
                FC_BOTH("{age: factor}", "{나이: 배수}"), fc_node_kind_text(node, buffer), NULL);
        return FC_OK;
    }
    struct {
        double from, factor;
    } *steps = fc_arena_array(s->b.arena, node->count, sizeof *steps);
    double *from = fc_arena_array(s->b.arena, node->count, sizeof *from);
    double *factor = fc_arena_array(s->b.arena, node->count, sizeof *factor);
    if (!steps || !from || !factor) return FC_E_NOMEM;
    size_t errors = fc_diag_errors(s->b.diag);
    uint32_t n = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        if (fc_remark_find(node->pairs[i].key->text)) continue;
        steps[n].from = age_of(s, node->pairs[i].key, path);
        steps[n++].factor = factor_of(s, node->pairs[i].value, path);
    }
    if (fc_diag_errors(s->b.diag) > errors) return FC_OK;
    qsort(steps, n, sizeof *steps, by_from);
    for (uint32_t i = 0; i < n; i++) {
        from[i] = steps[i].from;
        factor[i] = steps[i].factor;
        if (i == 0 ? from[0] > 0 : from[i] <= from[i - 1]) {
            fc_fail(s->b.diag, FC_E_AGES, &place, NULL);
            return FC_OK;
        }
    }
    *out = (fc_ages){n, from, factor};
    return FC_OK;
}

static void check_upkeep(fc_section_binder *s, const fc_upkeep *u, const fc_entry *upkeep)
{
    const fc_entry *scrapped = fc_entry_child(upkeep, "scrapped");
    const fc_entry *replacement = fc_entry_child(upkeep, "replacement");
    const fc_entry *swap = fc_entry_child(upkeep, "swap_time");
    const fc_entry *repaired = fc_entry_child(upkeep, "repaired_as");
    const fc_entry *exact = fc_entry_child(upkeep, "exact_up_to");
    bool differ = u->by_age.n > 0 && (u->repaired_as == FC_REPAIRED_NEW || scrapped);
    if (replacement && !scrapped)
        refuse(s, replacement, "replacement",
               FC_BOTH("only what is scrapped is replaced: write scrapped, or delete this",
                       "폐기한 서버만 새로 바꿉니다. scrapped를 쓰거나 지우십시오"));
    if (scrapped && !replacement) {
        fc_place place = fc_entry_key_place(s->b.arena, scrapped);
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "replacement",
                FC_BOTH("how long a scrapped server waits for a new one",
                        "폐기한 서버를 새 서버로 바꾸기까지의 기간"),
                NULL);
    }
    if (swap && !fc_entry_child(upkeep, "spares"))
        refuse(s, swap, "swap_time",
               FC_BOTH("only a spare is swapped in: write spares, or delete this",
                       "예비 서버가 있어야 교체합니다. spares를 쓰거나 지우십시오"));
    if (repaired && u->by_age.n == 0 && !fc_entry_child(upkeep, "failure_by_age"))
        refuse(s, repaired, "repaired_as",
               FC_BOTH("age matters only with failure_by_age: write that, or delete this",
                       "failure_by_age가 있어야 나이가 쓰입니다. 함께 쓰거나 지우십시오"));
    if (exact && (differ || fc_entry_child(upkeep, "spares")))
        refuse(s, exact, "exact_up_to",
               FC_BOTH("lots are not batched where spares are kept or servers of a lot differ in "
                       "age: delete this",
                       "예비 서버를 두거나 한 발주분의 서버마다 나이가 다르면 묶어 계산할 수 "
                       "없습니다. 지우십시오"));
}

/* ---- allotments ---------------------------------------------------------------------------- */

static void check_allotment(fc_section_binder *s, const fc_allotment *a, const fc_entry *entry)
{
    const fc_plan *plan = s->b.plan;
    const fc_entry *key = fc_entry_child(entry, "a_quarter");
    double quarter = 0, server = 0;
    if (!fc_bind_constant(plan, a->a_quarter, &quarter) || quarter == 0) return;
    for (uint32_t i = 0; i < a->models.n; i++) {
        if (a->models.index[i] == FC_NONE) continue;
        const fc_accelerator *model = &plan->accelerators[a->models.index[i]];
        char few[32], many[32];
        if (!fc_bind_constant(plan, model->per_server, &server) || quarter >= server) continue;
        snprintf(few, sizeof few, "%.10g", quarter);
        snprintf(many, sizeof many, "%.10g", server);
        fc_place place = fc_entry_place(s->b.arena, key);
        fc_fail(s->b.diag, FC_E_ALLOTMENT_SMALL, &place, few, model->name, many, NULL);
    }
}

void fc_bind_check_life(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    const fc_roster *of = s->rosters->of;
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        const fc_entry *term = fc_entry_child(of[FC_ENTITY_PROGRAMME].entry[i], "term");
        if (term && term->is_map) check_term(s, &plan->programmes[i], term);
    }
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        const fc_entry *upkeep = fc_entry_child(of[FC_ENTITY_FLEET].entry[i], "upkeep");
        if (upkeep && upkeep->is_map) check_upkeep(s, &plan->fleets[i].upkeep, upkeep);
    }
    for (uint32_t i = 0; i < plan->n_allotments; i++)
        check_allotment(s, &plan->allotments[i], of[FC_ENTITY_ALLOTMENT].entry[i]);
}
