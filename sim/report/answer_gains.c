/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer_gains.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "model/removal.h"
#include "report/answer_lines.h"
#include "report/words.h"
#include "scenario/quantity.h"

enum { SHOWN_OPTIONS = 3 };

/* Of what is paid: below, money is left over from whole servers. */
static const double SMALL_MONEY = 0.001;

static bool is_known(const fc_gain *gain)
{
    return !isnan(gain->months);
}

/* As page one rounds: half a month in the median or the mean, or 5 points of probability. */
static bool is_gain(const fc_gain *gain)
{
    if (!is_known(gain)) return false;
    return gain->months >= 0.5 || gain->mean_months >= 0.5 ||
           round(20 * gain->met.p) > round(20 * gain->met_before.p);
}

/* ---- page one -------------------------------------------------------------------------------- */

/* "7 months sooner (95 % 6 to 8)" */
static void add_months(fc_text *line, const fc_gain *gain, bool interval, fc_lang lang)
{
    size_t from = line->length;
    double months = round(gain->months);
    fc_interval in = gain->months_interval;
    if (lang == FC_LANG_KO)
        fc_text_printf(line, "%.0f개월 %s", fabs(months), months > 0 ? "단축" : "지연");
    else
        fc_text_printf(line, "%.0f month%s %s", fabs(months), fabs(months) > 1 ? "s" : "",
                       months > 0 ? "sooner" : "later");
    interval &= isfinite(in.low) && isfinite(in.high) && round(in.low) < round(in.high);
    if (interval)
        fc_text_printf(line, FC_PICK(lang, " (95 %% %.0f to %.0f)", "(95%% %.0f~%.0f)"),
                       months > 0 ? in.low : -in.high, months > 0 ? in.high : -in.low);
    fc_glue(line, from);
}

/* "2 months sooner on average, none in the median": where fewer than half of the futures gain. */
static void add_mean(fc_text *line, const fc_gain *gain, fc_lang lang)
{
    size_t from = line->length;
    double months = round(gain->mean_months);
    if (lang == FC_LANG_KO)
        fc_text_printf(line, "평균 %.0f개월 %s(중앙값은 그대로)", fabs(months),
                       months > 0 ? "단축" : "지연");
    else
        fc_text_printf(line, "%.0f month%s %s on average, none in the median", fabs(months),
                       fabs(months) > 1 ? "s" : "", months > 0 ? "sooner" : "later");
    fc_glue(line, from);
}

/* "P(met) about 10 % -> about 35 %" */
static void add_chances(fc_text *line, const fc_gain *gain, fc_lang lang)
{
    size_t from = line->length;
    fc_text_add(line, FC_PICK(lang, "P(met) ", "달성 확률 "));
    fc_add_chance(line, &gain->met_before, lang, false);
    fc_text_add(line, FC_PICK(lang, " -> ", " → "));
    fc_add_chance(line, &gain->met, lang, false);
    fc_glue(line, from);
}

/* What of the two page one, which rounds, can tell apart. Where most futures do not reach the
 * target, with or without, the median says nothing, and only the chance does. */
static void add_gain(fc_text *line, const fc_gain *gain, bool interval, fc_lang lang)
{
    bool months = round(gain->months) != 0;
    bool chances = gain->met.n && round(20 * gain->met.p) != round(20 * gain->met_before.p);
    if (months) add_months(line, gain, interval, lang);
    if (months && chances) fc_text_add(line, ", ");
    if (chances) add_chances(line, gain, lang);
    if (months || chances) return;
    if (round(gain->mean_months) != 0)
        add_mean(line, gain, lang);
    else
        fc_text_add(line, FC_PICK(lang, "nothing\x1fgained", "효과\x1f없음"));
}

static void say_cause(fc_text *line, const fc_cause_gain *cause, const fc_summary *s, fc_lang lang)
{
    const fc_cause_info *info = &fc_causes[cause->cause];
    const fc_body *body = &s->bodies[cause->cause];
    if (lang == FC_LANG_KO)
        fc_text_printf(line, "%s(%s) 해소 시 ", info->ko, body->ko);
    else
        fc_text_printf(line, "removing %s (%s): ", info->en, body->en);
    add_gain(line, &cause->gain, true, lang);
}

static bool is_better(const fc_gain *a, const fc_gain *b)
{
    if (!is_known(b)) return is_known(a);
    if (a->months > b->months || a->months < b->months) return a->months > b->months;
    if (a->met.p > b->met.p || a->met.p < b->met.p) return a->met.p > b->met.p;
    return a->mean_months > b->mean_months;
}

void fc_say_removal(const fc_explanation *e, const fc_summary *s, fc_lang lang, fc_text *line)
{
    size_t best = 0;
    if (e->n_causes == 0 || !is_known(&e->causes[0].gain)) return;
    for (size_t i = 1; i < e->n_causes; i++)
        if (is_better(&e->causes[i].gain, &e->causes[best].gain)) best = i;
    fc_text_add(line, FC_PICK(lang, "  Counterfactual: ", " ○ "));
    say_cause(line, &e->causes[0], s, lang);
    if (best == 0 || !is_gain(&e->causes[best].gain)) return;
    fc_text_add(line, FC_PICK(lang, "; most by ", "; 효과가 가장 큰 원인: "));
    say_cause(line, &e->causes[best], s, lang);
}

void fc_say_weaker(const fc_explanation *e, fc_lang lang, fc_text *line)
{
    if (!e->weaker) return;
    double fewer = round(-e->weaker->gpus);
    bool won = strcmp(e->currency, "KRW") == 0;
    if (lang == FC_LANG_KO) {
        if (won)
            fc_text_printf(line, " ○ 환율 %g원 상승 시 구매 물량 ", e->step);
        else
            fc_text_printf(line, " ○ 달러당 %g%s 상승 시 구매 물량 ", e->step,
                           fc_currency_word(e->currency));
        fc_text_add(line, fewer > 0 ? "△" : fewer < 0 ? "+" : "");
        fc_add_count(line, fabs(fewer), lang);
    } else {
        fc_text_printf(line, "  %s weaker by %g/USD: ", won ? "Won" : e->currency, e->step);
        fc_add_count(line, fabs(fewer), lang);
        fc_text_add(line, fewer < 0 ? " more GPUs" : " fewer GPUs");
    }
}

/* "(1)" / "①" */
static void add_number(fc_text *line, size_t n, fc_lang lang)
{
    static const char *const circled[] = {"①", "②", "③", "④"};
    if (lang == FC_LANG_KO)
        fc_text_add(line, circled[n]);
    else
        fc_text_printf(line, "(%zu)", n + 1);
    fc_text_add(line, "\x1f");
}

void fc_say_options(const fc_explanation *e, const fc_summary *s, fc_lang lang, fc_text *line)
{
    double paid = s->at_focus.value[FC_M_money_paid];
    size_t shown = 0, known = 0;
    for (size_t i = 0; i < e->n_options; i++) known += is_known(&e->options[i]);
    if (known == 0) return;
    fc_text_add(line, FC_PICK(lang, "Options: ", "□ (대안) "));
    for (size_t i = 0; i < e->n_options && shown < SHOWN_OPTIONS; i++) {
        const fc_gain *gain = &e->options[i];
        if (!is_gain(gain)) continue;
        add_number(line, shown++, lang);
        fc_text_printf(line, "%s: ", FC_PICK(lang, gain->title_en, gain->title_ko));
        add_gain(line, gain, false, lang);
        if (fabs(gain->money) > fmax(gain->half_width, SMALL_MONEY * paid)) {
            fc_text_add(line, ", ");
            size_t from = line->length;
            fc_add_money(line, fabs(gain->money), s->fleet.currency, lang);
            fc_text_add(line, gain->money > 0 ? FC_PICK(lang, " more", " 추가")
                                              : FC_PICK(lang, " less", " 절감"));
            fc_glue(line, from);
        }
        fc_text_add(line, " ");
    }
    add_number(line, shown, lang);
    fc_text_add(line, FC_PICK(lang, "no change", "현행 유지"));
    if (known > shown)
        fc_text_printf(
            line,
            FC_PICK(lang, " (of %zu policies; all in the annex)", "(정책 %zu건 중; 전체는 부록)"),
            known);
}

/* ---- annex ----------------------------------------------------------------------------------- */

typedef struct table {
    fc_lang lang;
    fc_text *page;
    fc_text cell;
} table;

static void put(table *t, size_t width, bool right)
{
    fc_add_cell(t->page, t->cell.data ? t->cell.data : "", width, right);
    t->page->failed |= t->cell.failed;
    fc_text_clear(&t->cell);
}

static void put_text(table *t, const char *text, size_t width, bool right)
{
    fc_add_cell(t->page, text, width, right);
}

static void put_gain(table *t, const fc_gain *gain)
{
    const fc_interval in = gain->months_interval;
    if (!is_known(gain)) {
        put_text(t, "-", 8, true);
        put_text(t, "", 22, true);
    } else {
        fc_text_printf(&t->cell, "%+.1f", gain->months + 0.0);
        put(t, 8, true);
        fc_text_printf(&t->cell, FC_PICK(t->lang, "%+.1f to %+.1f", "%+.1f~%+.1f"), in.low + 0.0,
                       in.high + 0.0);
        put(t, 15, true);
        fc_text_printf(&t->cell, "%+.1f", gain->mean_months + 0.0);
        put(t, 7, true);
    }
    if (gain->met.n)
        fc_text_printf(&t->cell, FC_PICK(t->lang, "%.1f %% -> %.1f %%", "%.1f%%→%.1f%%"),
                       100 * gain->met_before.p, 100 * gain->met.p);
    else
        fc_text_add(&t->cell, "-");
    put(t, 19, true);
}

static void heads(table *t, const char *first, size_t width)
{
    put_text(t, first, width, false);
    put_text(t, FC_PICK(t->lang, "months", "개월"), 8, true);
    put_text(t, FC_PICK(t->lang, "95 %", "95%"), 15, true);
    put_text(t, FC_PICK(t->lang, "mean", "평균"), 7, true);
    put_text(t, FC_PICK(t->lang, "P(met)", "달성 확률"), 19, true);
}

static void say_meanings(table *t, const fc_explanation *e)
{
    for (size_t i = 0; i < e->n_causes; i++) {
        fc_cause cause = e->causes[i].cause;
        fc_text_printf(&t->cell, "%s%s: %s", i ? "; " : "",
                       FC_PICK(t->lang, fc_causes[cause].en, fc_causes[cause].ko),
                       FC_PICK(t->lang, fc_removals[cause].en, fc_removals[cause].ko));
    }
    fc_add_wrapped(t->page, t->cell.data ? t->cell.data : "", 2, FC_ANSWER_WIDTH);
    fc_text_add(t->page, "\n");
    fc_text_clear(&t->cell);
}

static void causes(table *t, const fc_explanation *e, const fc_summary *s)
{
    if (e->n_causes == 0) return;
    fc_text_add(t->page, FC_PICK(t->lang,
                                 "\nWithout one cause, months sooner (median of paired "
                                 "differences; +: sooner)\n",
                                 "\n원인 하나를 없앴을 때 달성 시점 변화(개월, 짝비교 중앙값, +는 "
                                 "단축)\n"));
    heads(t, FC_PICK(t->lang, "cause", "원인"), 18);
    put_text(t, FC_PICK(t->lang, "charged\n", "미달분 비중\n"), 12, true);
    for (size_t i = 0; i < e->n_causes; i++) {
        double share = 0;
        for (size_t c = 0; c < FC_N_CAUSES; c++)
            if (s->causes[c].cause == e->causes[i].cause) share = s->causes[c].share;
        put_text(
            t, FC_PICK(t->lang, fc_causes[e->causes[i].cause].en, fc_causes[e->causes[i].cause].ko),
            18, false);
        put_gain(t, &e->causes[i].gain);
        fc_text_printf(&t->cell, FC_PICK(t->lang, "%.1f %%", "%.1f%%"), 100 * share);
        put(t, 11, true);
        fc_text_add(t->page, "\n");
    }
    say_meanings(t, e);
}

static void options(table *t, const fc_explanation *e, const char *currency)
{
    bool won = t->lang == FC_LANG_KO;
    double largest = 0;
    if (e->n_options == 0) return;
    for (size_t i = 0; i < e->n_options; i++) largest = fmax(largest, fabs(e->options[i].money));
    fc_text_add(t->page, FC_PICK(t->lang, "\nPolicies not in force, each put in force alone\n",
                                 "\n시행하지 않은 정책을 하나씩 시행했을 때\n"));
    heads(t, FC_PICK(t->lang, "policy", "정책"), 18);
    if (won) fc_text_add(&t->cell, "계약액 변화, ");
    const double unit = fc_add_money_unit(&t->cell, largest, currency, t->lang);
    put(t, won ? 24 : 12, true);
    fc_text_add(t->page, "\n");
    for (size_t i = 0; i < e->n_options; i++) {
        const fc_gain *gain = &e->options[i];
        put_text(t, gain->what, 18, false);
        put_gain(t, gain);
        fc_text_printf(&t->cell, "%+.1f", gain->money / unit + 0.0);
        put(t, won ? 24 : 12, true);
        fc_text_add(t->page, "\n");
    }
}

void fc_annex_gains(const fc_explanation *e, const fc_summary *s, fc_lang lang, fc_text *page)
{
    table t = {.lang = lang, .page = page, .cell = FC_TEXT_EMPTY};
    causes(&t, e, s);
    options(&t, e, s->fleet.currency);
    fc_text_free(&t.cell);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void number(json_t *object, const char *key, double value, bool *failed)
{
    fc_json_put(object, key, fc_json_number(value), failed);
}

static json_t *gain_object(const fc_gain *gain, bool *failed)
{
    json_t *o = json_object(), *months = json_object();
    fc_json_put(o, "n", json_integer((json_int_t)gain->n), failed);
    number(months, "median", gain->months, failed);
    number(months, "low", gain->months_interval.low, failed);
    number(months, "high", gain->months_interval.high, failed);
    number(months, "mean", gain->mean_months, failed);
    fc_json_put(o, "months_sooner", months, failed);
    number(o, "p_met_before", gain->met_before.p, failed);
    number(o, "p_met", gain->met.p, failed);
    number(o, "gpus_more", gain->gpus, failed);
    number(o, "money_more", gain->money, failed);
    number(o, "money_half_width", gain->half_width, failed);
    return o;
}

json_t *fc_json_gains(const fc_explanation *e, bool *failed)
{
    if (e->n_causes == 0 && e->n_options == 0 && !e->weaker) return json_null();
    json_t *o = json_object(), *list = json_array(), *options = json_array(), *weaker = json_null();
    for (size_t i = 0; i < e->n_causes; i++) {
        const fc_cause_gain *cause = &e->causes[i];
        json_t *one = gain_object(&cause->gain, failed);
        fc_json_put(one, "cause", fc_json_text(fc_causes[cause->cause].id), failed);
        fc_json_put(one, "removed",
                    fc_json_title(fc_removals[cause->cause].en, fc_removals[cause->cause].ko),
                    failed);
        if (json_array_append_new(list, one)) *failed = true;
    }
    for (size_t i = 0; i < e->n_options; i++) {
        json_t *one = gain_object(&e->options[i], failed);
        fc_json_put(one, "policy", fc_json_text(e->options[i].what), failed);
        fc_json_put(one, "title", fc_json_title(e->options[i].title_en, e->options[i].title_ko),
                    failed);
        if (json_array_append_new(options, one)) *failed = true;
    }
    if (e->weaker) {
        weaker = gain_object(e->weaker, failed);
        fc_json_put(weaker, "currency", fc_json_text(e->currency), failed);
        number(weaker, "per_usd_more", e->step, failed);
    }
    fc_json_put(o, "causes", list, failed);
    fc_json_put(o, "weaker_currency", weaker, failed);
    fc_json_put(o, "options", options, failed);
    return o;
}
