/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer_money.h"

#include <math.h>
#include "report/json.h"
#include "report/words.h"

#define SAY(en, ko) FC_PICK(lang, en, ko)

/* ---- page one -------------------------------------------------------------------------------- */

static void sum(fc_text *line, const fc_summary *s, double amount, fc_lang lang)
{
    size_t from = line->length;
    fc_add_money(line, amount, s->fleet.currency, lang);
    fc_glue(line, from);
}

static void part(fc_text *line, const char **before, const char *name)
{
    fc_text_printf(line, "%s%s ", *before, name);
    *before = ", ";
}

void fc_say_stages(const fc_summary *s, fc_lang lang, fc_text *line)
{
    const fc_money_facts *m = &s->money;
    if (!(m->requested > 0)) return;
    fc_text_add(line, SAY("  Budgets decided on: requested ", " ○ 심의한 예산: 요구 "));
    sum(line, s, m->requested, lang);
    if (!isnan(m->bill)) {
        fc_text_add(line, SAY(" -> bill ", " → 정부안 "));
        sum(line, s, m->bill, lang);
    }
    fc_text_add(line, SAY(" -> enacted ", " → 확정 "));
    sum(line, s, m->granted, lang);
}

static void say_year(fc_text *line, const fc_summary *s, fc_lang lang, const char **before)
{
    const fc_fiscal_facts *y = s->money.of_focus;
    fc_text_printf(line, SAY("  Fiscal year %d: ", " ○ %d년도 "), y->year);
    part(line, before, SAY("really spent", "실집행률"));
    fc_add_share(line, y->actual_rate, lang);
    part(line, before, SAY("carried over", "이월"));
    sum(line, s, y->carried_over, lang);
    part(line, before, SAY("lapsed", "불용"));
    sum(line, s, y->lapsed, lang);
    if (y->ahead > 0) {
        part(line, before, SAY("ordered on later years", "차년도 이후 부담"));
        sum(line, s, y->ahead, lang);
    }
    *before = "; ";
}

void fc_say_fiscal_year(const fc_summary *s, fc_lang lang, fc_text *line)
{
    const fc_money_facts *m = &s->money;
    bool of_year = m->of_focus && m->of_focus->actual_rate >= 0;
    const char *before = "";
    if (of_year)
        say_year(line, s, lang, &before);
    else
        fc_text_add(line, SAY("  ", " ○ "));
    size_t empty = line->length;
    if (m->state_share > 0) {
        part(line, &before, SAY("state share", "국비"));
        fc_add_share(line, m->state_share, lang);
    }
    if (m->exchange_loss != 0 && !isnan(m->exchange_loss)) {
        part(line, &before,
             m->exchange_loss > 0 ? SAY("lost on exchange", "환차손")
                                  : SAY("gained on exchange", "환차익"));
        sum(line, s, fabs(m->exchange_loss), lang);
    }
    if (m->present_value > 0) {
        part(line, &before, SAY("present value of what was paid", "지급액의 현재가치"));
        sum(line, s, m->present_value, lang);
    }
    if (line->length == empty && !of_year) fc_text_clear(line);
}

/* ---- why there was no money -------------------------------------------------------------------
 */

static double all_gaps(const fc_money_facts *m)
{
    double all = 0;
    for (int g = 0; g < FC_N_GAPS; g++) all += m->gaps[g] > 0 ? m->gaps[g] : 0;
    return all;
}

void fc_say_gaps(const fc_summary *s, fc_lang lang, fc_text *line)
{
    const fc_money_facts *m = &s->money;
    const char *before = SAY("; of it ", " 중 ");
    double all = all_gaps(m);
    for (int g = 0; g < FC_N_GAPS; g++) {
        if (!(all > 0) || m->gaps[g] < 0.005 * all) continue;
        fc_text_printf(line, "%s%s ", before, SAY(fc_gaps[g].en, fc_gaps[g].ko));
        fc_add_share(line, m->gaps[g] / all, lang);
        before = ", ";
    }
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *year_json(const fc_fiscal_facts *f, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "year", json_integer(f->year), failed);
    fc_json_put(o, "available", fc_json_number(f->available), failed);
    fc_json_put(o, "spent", fc_json_number(f->spent), failed);
    fc_json_put(o, "really_spent", fc_json_number(f->really_spent), failed);
    fc_json_put(o, "carried_over", fc_json_number(f->carried_over), failed);
    fc_json_put(o, "lapsed", fc_json_number(f->lapsed), failed);
    fc_json_put(o, "ahead", fc_json_number(f->ahead), failed);
    fc_json_put(o, "actual_rate", fc_json_number(f->actual_rate), failed);
    return o;
}

json_t *fc_money_json(const fc_summary *s, bool *failed)
{
    const fc_money_facts *m = &s->money;
    json_t *o = json_object(), *years = json_array();
    fc_json_put(o, "requested", fc_json_number(m->requested), failed);
    fc_json_put(o, "bill", fc_json_number(m->bill), failed);
    fc_json_put(o, "granted", fc_json_number(m->granted), failed);
    fc_json_put(o, "state_share", fc_json_number(m->state_share), failed);
    fc_json_put(o, "exchange_loss", fc_json_number(m->exchange_loss), failed);
    fc_json_put(o, "paid_present_value", fc_json_number(m->present_value), failed);
    for (size_t y = 0; y < m->n_years; y++)
        if (json_array_append_new(years, year_json(&m->years[y], failed))) *failed = true;
    fc_json_put(o, "fiscal_years", years, failed);
    return o;
}
