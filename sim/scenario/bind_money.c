/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the key table cannot say of money: keys that need or exclude one another, shares that sum,
 * amounts of one budget in one currency. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "scenario/bind_section.h"

static void report(fc_section_binder *s, const fc_entry *entry, const char *what)
{
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    fc_fail(s->b.diag, FC_E_CHANGE, &place, entry->name, what, NULL);
}

/* Shares of which there may be less than 100 %, not more. */
static void check_sum(fc_section_binder *s, const fc_param *shares, int n, const fc_entry *entry)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double share;
        fc_bind_constant(s->b.plan, shares[i], &share);
        sum += share;
    }
    if (!entry || !(sum > 1 + 1e-9)) return;
    char text[32];
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    snprintf(text, sizeof text, "%.10g %%", 100 * sum);
    fc_fail(s->b.diag, FC_E_SHARES_ABOVE, &place, entry->name, text, NULL);
}

static void check_currencies(fc_section_binder *s, const fc_budget *b, const fc_entry *entry)
{
    const fc_param amounts[] = {b->amount, b->bill, b->requested, b->ahead.ceiling};
    const char *first = "";
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        const char *code = amounts[i] ? s->b.bound[amounts[i]].currency : "";
        if (*code && !*first) first = code;
        if (!*code || strcmp(code, first) == 0) continue;
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        fc_fail(s->b.diag, FC_E_CURRENCIES, &place, first, code, NULL);
        return;
    }
}

/* Dates that are plain come in the order of the procedure. */
static void check_order(fc_section_binder *s, const fc_budget *b, const fc_entry *entry)
{
    const char *const names[] = {"requested_on", "introduced", "enacted"};
    const fc_param dates[] = {b->requested_on, b->introduced, b->enacted};
    double last = -INFINITY;
    for (int i = 0; i < 3; i++) {
        double date;
        if (!fc_bind_constant(s->b.plan, dates[i], &date)) continue;
        if (date < last)
            report(s, fc_entry_child(entry, names[i]),
                   FC_BOTH("a budget is requested first, then its bill is introduced, then it is "
                           "enacted: this date is too early",
                           "예산은 요구, 정부안 제출, 확정의 순서입니다. 이 날짜가 너무 이릅니다"));
        last = fmax(last, date);
    }
}

static void check_budget(fc_section_binder *s, const fc_budget *b, const fc_entry *entry)
{
    const fc_entry *amount = fc_entry_child(entry, "amount");
    const fc_entry *requested = fc_entry_child(entry, "requested");
    const fc_entry *bill = fc_entry_child(entry, "bill");
    const fc_entry *cut = fc_entry_child(entry, "cut");
    const fc_entry *requested_on = fc_entry_child(entry, "requested_on");
    if (!amount && !bill && !requested) {
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "amount",
                FC_BOTH("the whole amount, as enacted; or bill, or requested",
                        "총액(확정액); 또는 bill(정부안)이나 requested(요구액)"),
                NULL);
    }
    if (cut && (amount || (!bill && !requested)))
        report(
            s, cut,
            FC_BOTH("a cut is of the bill or of what was requested: write one of them, and no "
                    "amount",
                    "정부안이나 요구액에서 깎는 비율이므로 amount 없이 bill이나 requested와 함께 "
                    "쓰십시오"));
    if (requested_on && !requested)
        report(s, requested_on,
               FC_BOTH("nothing is requested on this day: write requested",
                       "이날 요구하는 금액이 없습니다. requested도 쓰십시오"));
    check_order(s, b, entry);
    check_sum(s, b->line, FC_N_LINES, fc_entry_child(entry, "lines"));
    check_sum(s, b->apportioned, FC_QUARTERS_NAMED, fc_entry_child(entry, "apportioned"));
    check_currencies(s, b, entry);
}

/* The unit of a budget rate is the currency of the budgets that it is a rate of. */
static void check_budget_rate(fc_section_binder *s, const fc_programme *p, const fc_entry *rate)
{
    const fc_plan *plan = s->b.plan;
    const char *code = s->b.bound[p->exchange.budget_rate].currency;
    for (uint32_t i = 0; *code && i < p->pays_from.n; i++) {
        if (p->pays_from.index[i] == FC_NONE) continue;
        const char *own = plan->currencies[plan->budgets[p->pays_from.index[i]].currency].code;
        if (strcmp(own, code) == 0) continue;
        fc_place place = fc_entry_place(s->b.arena, rate);
        fc_fail(s->b.diag, FC_E_UNIT_CURRENCY, &place, "budget_rate", code, own, NULL);
        return;
    }
}

static void check_programme(fc_section_binder *s, const fc_programme *p, const fc_entry *entry)
{
    const fc_entry *exchange = fc_entry_child(entry, "exchange");
    const fc_entry *rate = fc_entry_child(exchange, "budget_rate");
    const fc_param shares[] = {p->payments.advance, p->payments.acceptance};
    check_sum(s, shares, 2, fc_entry_child(entry, "payments"));
    if (!rate) return;
    if (!fc_entry_child(entry, "price") || !fc_entry_child(exchange, "in_dollars"))
        report(s, rate,
               FC_BOTH("it is the rate of the programme's own price: write price, and how much of "
                       "it is in_dollars",
                       "사업 단가를 산정한 환율입니다. price와 in_dollars도 쓰십시오"));
    else if (p->exchange.budget_rate)
        check_budget_rate(s, p, rate);
}

static void check_site(fc_section_binder *s, const fc_entry *entry)
{
    const fc_entry *cost = fc_entry_child(entry, "cost");
    const fc_entry *pays_from = fc_entry_child(entry, "pays_from");
    if (cost && !pays_from)
        report(
            s, cost,
            FC_BOTH("nobody pays it: write pays_from", "낼 예산이 없습니다. pays_from도 쓰십시오"));
    if (pays_from && !cost)
        report(
            s, pays_from,
            FC_BOTH("there is nothing to pay: write cost", "낼 비용이 없습니다. cost도 쓰십시오"));
}

void fc_bind_check_money(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    const fc_roster *of = s->rosters->of;
    for (uint32_t i = 0; i < plan->n_budgets; i++)
        check_budget(s, &plan->budgets[i], of[FC_ENTITY_BUDGET].entry[i]);
    for (uint32_t i = 0; i < plan->n_programmes; i++)
        check_programme(s, &plan->programmes[i], of[FC_ENTITY_PROGRAMME].entry[i]);
    for (uint32_t i = 0; i < plan->n_sites; i++) check_site(s, of[FC_ENTITY_SITE].entry[i]);
}
