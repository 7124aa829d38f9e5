/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand: profiles, and what the key table cannot say of pools and classes of users. */
#include <math.h>
#include <stdio.h>

#include "scenario/bind_section.h"

/* [4 %, 2 %, ...]: as many shares as the row says, which sum to 1. */
int fc_bind_profile(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                    fc_profile_shares *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    size_t n = (size_t)key->max, errors = fc_diag_errors(s->b.diag);
    fc_place place = fc_node_place(node, path);
    double sum = 0;
    char text[64];
    if (node->kind != FC_NODE_SEQUENCE || node->count != n) {
        char kind[FC_KIND_TEXT];
        if (node->kind == FC_NODE_SEQUENCE)
            snprintf(kind, sizeof kind, "[%zu]", node->count);
        else
            fc_node_kind_text(node, kind);
        snprintf(text, sizeof text, "a list of %zu shares\x1f비율 %zu개의 목록", n, n);
        fc_fail(s->b.diag, FC_E_VALUE_FORM, &place, kind, text, NULL);
        return FC_OK;
    }
    double *share = fc_arena_array(s->b.arena, n, sizeof *share);
    if (!share) return FC_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const fc_node *item = node->items[i];
        fc_place at = fc_node_place(item, path);
        fc_quantity q = {0};
        if (fc_bind_is_text(s, item, path, key->name) &&
            fc_quantity_parse(item->text, &(fc_unit_want){.dim = FC_DIM_SHARE}, &at, s->b.diag,
                              &q) == FC_OK &&
            !(q.value >= 0 && q.value <= 1))
            fc_fail(s->b.diag, FC_E_VALUE_RANGE, &at, item->text, "0 %", "100 %", NULL);
        share[i] = q.value;
        sum += q.value;
    }
    if (fc_diag_errors(s->b.diag) == errors && !(fabs(sum - 1) <= 1e-9)) {
        snprintf(text, sizeof text, "%.10g %%", sum * 100);
        fc_fail(s->b.diag, FC_E_MIX_SUM, &place, text, NULL);
    }
    out->share = share;
    return FC_OK;
}

/* The pools' shares, where all of them are numbers from the start. */
static void check_pools(fc_section_binder *s, const fc_demand_spec *spec)
{
    const fc_plan *plan = s->b.plan;
    double sum = 0;
    char text[40];
    for (uint32_t i = 0; i < spec->n_pools; i++) {
        double share;
        fc_bind_constant(plan, plan->pools[spec->first_pool + i].share, &share);
        sum += share;
    }
    if (sum <= 1 + 1e-9) return;
    const fc_entry *first = s->rosters->of[FC_ENTITY_POOL].entry[spec->first_pool];
    fc_place place = fc_entry_key_place(s->b.arena, first->parent);
    snprintf(text, sizeof text, "%.10g %%", sum * 100);
    fc_fail(s->b.diag, FC_E_SHARES_ABOVE, &place, "pools", text, NULL);
}

static void check_class(fc_section_binder *s, const fc_demand_spec *spec, const fc_user_class *c,
                        const fc_entry *entry)
{
    const fc_entry *price = fc_entry_child(entry, "offshore_price");
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    if (spec->n_pools > 0 && !fc_entry_child(entry, "pool") && !fc_entry_child(entry, "access"))
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "pool",
                FC_BOTH("which of the pools it has", "어느 배분 몫(pools)을 쓰는지"), NULL);
    if (c->leaves != FC_LEAVES_NEVER_RUN && !fc_entry_child(entry, "patience"))
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "patience",
                FC_BOTH("how long a job waits before it goes abroad",
                        "해외로 나가기 전에 기다리는 시간"),
                NULL);
    if (!price || c->leaves != FC_LEAVES_NEVER_RUN) return;
    place = fc_entry_key_place(s->b.arena, price);
    fc_fail(
        s->b.diag, FC_E_CHANGE, &place, "offshore_price",
        FC_BOTH("nothing goes abroad: write offshore: at_patience or at_arrival, or delete this",
                "해외로 나가는 작업이 없습니다. offshore: at_patience나 at_arrival을 쓰거나 "
                "지우십시오"),
        NULL);
}

void fc_bind_check_demand(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;
        check_pools(s, spec);
        for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
            const fc_entry *entry = s->rosters->of[FC_ENTITY_CLASS].entry[i];
            if (entry->is_map) check_class(s, spec, &plan->classes[i], entry);
        }
    }
}
