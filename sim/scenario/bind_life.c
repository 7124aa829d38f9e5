/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the key table cannot say of terms and of allotments. */
#include <stdio.h>

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

/* The number that a parameter is in every replication and for ever. */
static bool is_constant(const fc_plan *plan, fc_param p, double *number)
{
    const fc_value *value = &plan->values[plan->params[p].value];
    *number = value->number;
    return p != 0 && value->form == FC_FORM_NUMBER;
}

static void check_allotment(fc_section_binder *s, const fc_allotment *a, const fc_entry *entry)
{
    const fc_plan *plan = s->b.plan;
    const fc_entry *key = fc_entry_child(entry, "a_quarter");
    double quarter = 0, server = 0;
    if (!is_constant(plan, a->a_quarter, &quarter) || quarter == 0) return;
    for (uint32_t i = 0; i < a->models.n; i++) {
        if (a->models.index[i] == FC_NONE) continue;
        const fc_accelerator *model = &plan->accelerators[a->models.index[i]];
        char few[32], many[32];
        if (!is_constant(plan, model->per_server, &server) || quarter >= server) continue;
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
    for (uint32_t i = 0; i < plan->n_allotments; i++)
        check_allotment(s, &plan->allotments[i], of[FC_ENTITY_ALLOTMENT].entry[i]);
}
