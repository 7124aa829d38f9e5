/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the key table cannot say: programmes, their orders, targets and prices, and currencies, once
 * all is bound. */
#include <string.h>
#include "scenario/bind_plan.h"
#include "scenario/tree_print.h"

/* Keys of the order that only one rule reads. */
static void check_for_rule(fc_section_binder *s, const fc_programme *p, const fc_entry *order)
{
    static const char schedule[] =
        FC_BOTH("only rule: schedule reads it; write that rule, or delete this",
                "rule: schedule에서만 쓰입니다. 그 규칙으로 쓰거나 지우십시오");
    static const char to_target[] =
        FC_BOTH("only rule: to_target reads it; write that rule, or delete this",
                "rule: to_target에서만 쓰입니다. 그 규칙으로 쓰거나 지우십시오");
    static const char refresh[] =
        FC_BOTH("only rule: refresh reads it; write that rule, or delete this",
                "rule: refresh에서만 쓰입니다. 그 규칙으로 쓰거나 지우십시오");
    static const char ahead[] =
        FC_BOTH("only the rules to_target and refresh read it; write one of them, or delete this",
                "rule: to_target과 refresh에서만 쓰입니다. 그 규칙으로 쓰거나 지우십시오");
    static const struct {
        const char *key;
        int rule, or_rule;
        const char *why;
    } rows[] = {
        {"quantity", FC_RULE_SCHEDULE, FC_RULE_SCHEDULE, schedule},
        {"targets", FC_RULE_TO_TARGET, FC_RULE_TO_TARGET, to_target},
        {"spares", FC_RULE_TO_TARGET, FC_RULE_TO_TARGET, to_target},
        {"when", FC_RULE_TO_TARGET, FC_RULE_TO_TARGET, to_target},
        {"margin", FC_RULE_TO_TARGET, FC_RULE_REFRESH, ahead},
        {"replaces", FC_RULE_REFRESH, FC_RULE_REFRESH, refresh},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fc_entry *key = fc_entry_child(order, rows[i].key);
        if (!key || p->rule == rows[i].rule || p->rule == rows[i].or_rule) continue;
        fc_place place = fc_entry_key_place(s->b.arena, key);
        fc_fail(s->b.diag, FC_E_CHANGE, &place, rows[i].key, rows[i].why, NULL);
    }
}

static void check_rule(fc_section_binder *s, const fc_programme *p, const fc_entry *entry)
{
    const fc_entry *order = fc_entry_child(entry, "order");
    const fc_entry *quantity = fc_entry_child(order, "quantity");
    const fc_entry *rule = fc_entry_child(order, "rule");
    fc_place place = fc_entry_place(s->b.arena, rule ? rule : entry);
    if (p->rule == FC_RULE_SCHEDULE && !quantity)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "order.quantity",
                FC_BOTH("rule: schedule needs dated quantities",
                        "rule: schedule에는 날짜별 수량이 필요합니다"),
                NULL);
    if (p->rule == FC_RULE_TO_TARGET && p->targets.n == 0)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "order.targets",
                FC_BOTH("rule: to_target needs the targets to order for",
                        "rule: to_target에는 대상 목표가 필요합니다"),
                NULL);
    if (p->rule == FC_RULE_REFRESH && p->replaces.n == 0)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "order.replaces",
                FC_BOTH("rule: refresh needs the programmes whose accelerators it replaces",
                        "rule: refresh에는 대체할 사업이 필요합니다"),
                NULL);
    check_for_rule(s, p, order);
}

/* Whether the target counts what the programme buys. */
static bool counts(const fc_target *target, uint32_t programme)
{
    for (uint32_t i = 0; i < target->programmes.n; i++)
        if (target->programmes.index[i] == (int32_t)programme) return true;
    return target->includes_all;
}

static void check_targets(fc_section_binder *s, uint32_t programme, const fc_entry *entry)
{
    const fc_plan *plan = s->b.plan;
    const fc_programme *p = &plan->programmes[programme];
    const fc_entry *list = fc_entry_child(fc_entry_child(entry, "order"), "targets");
    for (uint32_t i = 0; p->rule == FC_RULE_TO_TARGET && i < p->targets.n; i++) {
        int32_t t = p->targets.index[i];
        fc_place place = fc_entry_place(s->b.arena, list);
        if (t != FC_NONE && !counts(&plan->targets[t], programme))
            fc_fail(s->b.diag, FC_E_ORDER_TARGET, &place, plan->targets[t].name, NULL);
    }
}

static void check_price(fc_section_binder *s, int32_t model, const fc_entry *where)
{
    if (model == FC_NONE) return;
    const fc_entry *listed = s->rosters->of[FC_ENTITY_ACCELERATOR].entry[model];
    if (fc_entry_child(listed, "price")) return;
    fc_place place = fc_entry_place(s->b.arena, where);
    fc_fail(s->b.diag, FC_E_PRICE_MISSING, &place, s->b.plan->accelerators[model].name, NULL);
}

/* Every model that the programme may come to buy has a price. */
static void check_prices(fc_section_binder *s, const fc_programme *p, const fc_entry *entry)
{
    const fc_entry *mix = fc_entry_child(entry, "mix");
    const fc_entry *mixes = fc_entry_child(entry, "mix_by_order_year");
    const fc_entry *instead = fc_entry_child(fc_entry_child(entry, "fallback"), "models");
    if (!mix && !mixes) {
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "mix",
                FC_BOTH("models bought, by share; or mix_by_order_year",
                        "구매 모델 구성 비율; 또는 mix_by_order_year"),
                NULL);
    }
    if (fc_entry_child(entry, "price")) return;
    for (uint32_t m = 0; m < p->mix.n; m++) check_price(s, p->mix.model[m], mix);
    for (uint32_t y = 0; y < p->mix_by_year.n; y++)
        for (uint32_t m = 0; m < p->mix_by_year.mix[y].n; m++)
            check_price(s, p->mix_by_year.mix[y].model[m], mixes);
    for (uint32_t m = 0; m < p->fallback.models.n; m++)
        check_price(s, p->fallback.models.index[m], instead);
}

/* The unit of per_usd names the currency: 1421.4 KRW/USD under KRW. */
static void check_currency(fc_section_binder *s, const fc_currency *currency, const fc_entry *entry)
{
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    const char *code = s->b.bound[currency->per_usd].currency;
    if (strcmp(entry->name, "USD") == 0) {
        fc_fail(s->b.diag, FC_E_CHANGE, &place, "USD",
                FC_BOTH("a US dollar is worth one US dollar: delete this",
                        "1달러는 늘 1달러이므로 지우십시오"),
                NULL);
    } else if (!fc_currency_known(entry->name)) {
        fc_fail(s->b.diag, FC_E_REFERENCE_LIST, &place, entry->name,
                FC_BOTH("currency codes", "통화 코드"), "KRW, EUR, JPY, CNY, GBP, INR, ...", NULL);
    } else if (currency->per_usd && code[0] && strcmp(code, entry->name) != 0) {
        const fc_entry *rate = fc_entry_child(entry, "per_usd");
        place = fc_entry_place(s->b.arena, rate);
        fc_text shown = FC_TEXT_EMPTY;
        fc_node_format(fc_entry_value(rate), &shown);
        fc_fail(s->b.diag, FC_E_UNIT_CURRENCY, &place, shown.data ? shown.data : "", code,
                entry->name, NULL);
        fc_text_free(&shown);
    }
}

void fc_bind_check_entities(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    fc_bind_check_life(s);
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        const fc_entry *entry = s->rosters->of[FC_ENTITY_PROGRAMME].entry[i];
        check_rule(s, &plan->programmes[i], entry);
        check_targets(s, i, entry);
        check_prices(s, &plan->programmes[i], entry);
    }
    fc_bind_check_money(s);
    fc_bind_check_demand(s);
    fc_bind_check_inference(s);
    fc_bind_check_grants(s);
    for (uint32_t i = 1; i < plan->n_currencies; i++)
        check_currency(s, &plan->currencies[i], s->rosters->of[FC_ENTITY_CURRENCY].entry[i]);
}
