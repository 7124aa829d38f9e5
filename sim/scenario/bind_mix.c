/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mixes of models: {h200: 64 %, b200: 36 %}, and mixes by year: {2025: {...}, 2026: {...}};
 * values by model: {b200: 2.2, npu: 0.4}. */
#include "scenario/bind_section.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int fc_bind_mix(fc_section_binder *s, const fc_node *node, const char *path, fc_mix *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    fc_place place = fc_node_place(node, path);
    if (node->kind != FC_NODE_MAP || node->count == 0) {
        char buffer[FC_KIND_TEXT];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "mix",
                FC_BOTH("{accelerator: share}", "{가속기: 비율}"), fc_node_kind_text(node, buffer),
                NULL);
        return FC_OK;
    }
    int32_t *model = fc_arena_array(s->b.arena, node->count, sizeof *model);
    double *share = fc_arena_array(s->b.arena, node->count, sizeof *share);
    if (!model || !share) return FC_E_NOMEM;
    size_t errors = fc_diag_errors(s->b.diag);
    uint32_t n = 0;
    double sum = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key, *value = node->pairs[i].value;
        if (fc_remark_find(name->text)) continue;
        fc_place at = fc_node_place(value, path);
        fc_quantity q = {0};
        model[n] = fc_bind_reference(s, FC_ENTITY_ACCELERATOR, FC_NONE, name, path);
        if (fc_bind_is_text(s, value, path, name->text) &&
            fc_quantity_parse(value->text, &(fc_unit_want){.dim = FC_DIM_SHARE}, &at, s->b.diag,
                              &q) == FC_OK &&
            !(q.value >= 0 && q.value <= 1))
            fc_fail(s->b.diag, FC_E_VALUE_RANGE, &at, value->text, "0 %", "100 %", NULL);
        share[n++] = q.value;
        sum += q.value;
    }
    if (fc_diag_errors(s->b.diag) == errors && !(fabs(sum - 1) <= 1e-9)) {
        char text[40];
        snprintf(text, sizeof text, "%.10g %%", sum * 100);
        fc_fail(s->b.diag, FC_E_MIX_SUM, &place, text, NULL);
    }
    *out = (fc_mix){n, model, share};
    return FC_OK;
}

int fc_bind_mixes(fc_section_binder *s, const fc_node *node, const char *path, fc_year_mixes *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    fc_place place = fc_node_place(node, path);
    const fc_pair *first;
    if (node->kind != FC_NODE_MAP || fc_bind_substance(node, &first) == 0) {
        char buffer[FC_KIND_TEXT];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, "mix_by_order_year",
                FC_BOTH("{year: {accelerator: share}}", "{연도: {가속기: 비율}}"),
                fc_node_kind_text(node, buffer), NULL);
        return FC_OK;
    }
    int64_t *year = fc_arena_array(s->b.arena, node->count, sizeof *year);
    fc_mix *mix = fc_arena_array(s->b.arena, node->count, sizeof *mix);
    if (!year || !mix) return FC_E_NOMEM;
    uint32_t n = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        if (fc_remark_find(name->text)) continue;
        fc_place at = fc_node_place(name, path);
        char *end;
        long number = strtol(name->text, &end, 10);
        if (*end || end == name->text || number < 1900 || number > 9999) {
            fc_fail(s->b.diag, FC_E_KEY_UNKNOWN_LIST, &at, name->text, "2025, 2026, ...", NULL);
            continue;
        }
        uint32_t k = n++;
        for (; k > 0 && year[k - 1] > number; k--) {
            year[k] = year[k - 1];
            mix[k] = mix[k - 1];
        }
        year[k] = number;
        int ret = fc_bind_mix(s, node->pairs[i].value, path, &mix[k]);
        if (ret) return ret;
    }
    *out = (fc_year_mixes){n, year, mix};
    return FC_OK;
}

int fc_bind_factors(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                    fc_factors *out)
{
    node = fc_bind_unwrap(&s->b, node, path);
    const fc_pair *first;
    if (node->kind != FC_NODE_MAP || fc_bind_substance(node, &first) == 0) {
        fc_place place = fc_node_place(node, path);
        char buffer[FC_KIND_TEXT];
        fc_fail(s->b.diag, FC_E_KEY_KIND, &place, key->name,
                FC_BOTH("{accelerator: number}", "{가속기: 수}"), fc_node_kind_text(node, buffer),
                NULL);
        return FC_OK;
    }
    int32_t *model = fc_arena_array(s->b.arena, node->count, sizeof *model);
    fc_param *factor = fc_arena_array(s->b.arena, node->count, sizeof *factor);
    if (!model || !factor) return FC_E_NOMEM;
    uint32_t n = 0;
    fc_bind_remarks(&s->b, node, path);
    for (size_t i = 0; i < node->count; i++) {
        const fc_node *name = node->pairs[i].key;
        if (fc_remark_find(name->text)) continue;
        const char *at = fc_arena_printf(s->b.arena, "%s.%s", path, name->text);
        if (!at) return FC_E_NOMEM;
        model[n] = fc_bind_reference(s, FC_ENTITY_ACCELERATOR, FC_NONE, name, path);
        int ret = fc_bind_value(&s->b, key, node->pairs[i].value, at, &factor[n++], NULL);
        if (ret) return ret;
    }
    *out = (fc_factors){n, model, factor};
    return FC_OK;
}
