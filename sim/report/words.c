/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "kernel/date.h"
#include "scenario/quantity.h"

/* ---- probabilities --------------------------------------------------------------------------- */

/* In words, after the rounding: what one reads and what one is told agree. */
static const char *likelihood(int percent, fc_lang lang)
{
    if (percent <= 10) return FC_PICK(lang, "very unlikely", "가능성 매우 낮음");
    if (percent <= 35) return FC_PICK(lang, "unlikely", "가능성 낮음");
    if (percent < 65) return FC_PICK(lang, "about even", "가능성 반반");
    if (percent < 90) return FC_PICK(lang, "likely", "가능성 높음");
    return FC_PICK(lang, "very likely", "가능성 매우 높음");
}

void fc_add_chance(fc_text *out, const fc_chance *chance, fc_lang lang, bool word)
{
    if (chance->n == 0) {
        fc_text_add(out, FC_PICK(lang, "unknown", "알 수 없음"));
        return;
    }
    int percent = 5 * (int)round(20 * chance->p);
    if (chance->hits == 0) {
        fc_text_add(out, FC_PICK(lang, "0 %", "0%"));
        if (word) fc_text_add(out, FC_PICK(lang, " (in no future)", "(모든 모의에서 미달성)"));
        return;
    }
    if (chance->hits == chance->n) {
        fc_text_add(out, FC_PICK(lang, "100 %", "100%"));
        if (word) fc_text_add(out, FC_PICK(lang, " (in every future)", "(모든 모의에서 달성)"));
        return;
    }
    if (percent == 0)
        fc_text_add(out, FC_PICK(lang, "under 5 %", "5% 미만"));
    else if (percent == 100)
        fc_text_add(out, FC_PICK(lang, "over 95 %", "95% 초과"));
    else
        fc_text_printf(out, FC_PICK(lang, "about %d %%", "약 %d%%"), percent);
    if (word) fc_text_printf(out, FC_PICK(lang, " (%s)", "(%s)"), likelihood(percent, lang));
}

void fc_add_chance_exact(fc_text *out, const fc_chance *chance, fc_lang lang)
{
    if (chance->n == 0)
        fc_text_add(out, "-");
    else
        fc_text_printf(out, FC_PICK(lang, "%.1f %% (%.1f to %.1f)", "%.1f%%(%.1f~%.1f)"),
                       100 * chance->p, 100 * chance->interval.low, 100 * chance->interval.high);
}

void fc_add_share(fc_text *out, double share, fc_lang lang)
{
    double percent = round(100 * share);
    if (share > 0 && percent < 1)
        fc_text_add(out, FC_PICK(lang, "under 1 %", "1% 미만"));
    else
        fc_text_printf(out, FC_PICK(lang, "%.0f %%", "%.0f%%"), percent);
}

/* ---- quantities ------------------------------------------------------------------------------ */

static void add(fc_text *out, double value, fc_dim dim, fc_item item, const char *currency,
                fc_figures figures, fc_lang lang)
{
    fc_quantity q = {.value = value, .last = value, .dim = dim, .item = item};
    if (!isfinite(value)) {
        fc_text_add(out, "-");
        return;
    }
    if (currency) snprintf(q.currency, sizeof q.currency, "%s", currency);
    fc_quantity_format(&q, figures, lang, out);
}

void fc_add_whole(fc_text *out, int64_t n)
{
    fc_text digits = FC_TEXT_EMPTY;
    fc_text_printf(&digits, "%lld", (long long)n);
    for (size_t i = 0; i < digits.length; i++) {
        if (i > 0 && (digits.length - i) % 3 == 0) fc_text_add(out, ",");
        fc_text_addn(out, digits.data + i, 1);
    }
    out->failed |= digits.failed;
    fc_text_free(&digits);
}

void fc_add_count(fc_text *out, double count, fc_lang lang)
{
    double size = fabs(count);
    double unit = size < 1000 ? 1 : pow(10, floor(log10(size)) - 2);
    fc_add_count_exact(out, round(count / unit) * unit, lang);
}

void fc_add_count_exact(fc_text *out, double count, fc_lang lang)
{
    add(out, round(count) + 0.0, FC_DIM_COUNT, FC_ITEM_GPU, NULL, FC_FIGURES_EXACT, lang);
}

void fc_add_money(fc_text *out, double money, const char *currency, fc_lang lang)
{
    add(out, money, FC_DIM_MONEY, FC_ITEM_ANY, currency, FC_FIGURES_SHORT, lang);
}

double fc_add_money_unit(fc_text *out, double largest, const char *currency, fc_lang lang)
{
    bool ko = lang == FC_LANG_KO, little = !(fabs(largest) >= 1e9);

    if (ko)
        fc_text_printf(out, "%s %s", little ? "백만" : "억", fc_currency_word(currency));
    else
        fc_text_printf(out, "%s %s", currency, little ? "m" : "bn");
    return little ? 1e6 : ko ? 1e8 : 1e9;
}

void fc_add_power(fc_text *out, double watts, fc_lang lang)
{
    add(out, watts, FC_DIM_POWER, FC_ITEM_ANY, NULL, FC_FIGURES_SHORT, lang);
}

/* ---- dates ----------------------------------------------------------------------------------- */

static fc_date_style month_style(fc_lang lang)
{
    return lang == FC_LANG_KO ? FC_MONTH_KO_DOTS : FC_MONTH_ISO;
}

void fc_add_month(fc_text *out, double day, int64_t end_day, fc_lang lang)
{
    char text[FC_DATE_TEXT];
    if (isnan(day)) {
        fc_text_add(out, "-");
    } else if (isinf(day) && lang == FC_LANG_KO) {
        fc_text_add(out, "모의 기간 이후");
    } else if (isinf(day)) {
        fc_date_format(fc_date_of_days(end_day - 1), month_style(lang), text);
        fc_text_printf(out, "after %s", text);
    } else {
        fc_text_add(out,
                    fc_date_format(fc_date_of_days((int64_t)floor(day)), month_style(lang), text));
    }
}

void fc_add_deadline(fc_text *out, int64_t day, fc_lang lang)
{
    char text[FC_DATE_TEXT];
    fc_date date = fc_date_of_days(day);
    if (date.month == 12 && date.day == 31) {
        if (lang == FC_LANG_KO)
            fc_text_printf(out, "’%02d년 말", date.year % 100);
        else
            fc_text_printf(out, "end-%d", date.year);
        return;
    }
    fc_date_style style = lang == FC_LANG_KO ? FC_DATE_KO_SHORT : FC_DATE_ISO;
    fc_text_add(out, fc_date_format(date, style, text));
}

/* ---- names ----------------------------------------------------------------------------------- */

static const struct {
    const char *id, *en, *ko;
} milestones[FC_N_MILESTONES] = {{"contracted", "contracted", "계약"},
                                 {"delivered", "delivered", "납품"},
                                 {"energised", "energised", "통전"},
                                 {"in_service", "in service", "가동"},
                                 {"allocated", "allocated", "배정"}};

const char *fc_milestone_id(fc_milestone milestone)
{
    return milestones[milestone].id;
}

const char *fc_milestone_word(fc_milestone milestone, fc_lang lang)
{
    return FC_PICK(lang, milestones[milestone].en, milestones[milestone].ko);
}

/* ---- layout ---------------------------------------------------------------------------------- */

void fc_add_cell(fc_text *out, const char *cell, size_t width, bool right)
{
    size_t taken = fc_text_width(cell);
    int space = taken < width ? (int)(width - taken) : 0;
    if (right)
        fc_text_printf(out, "%*s%s", space, "", cell);
    else
        fc_text_printf(out, "%s%*s", cell, space, "");
}

enum { GLUE = 0x1f }; /* stands for a space that keeps its words together */

void fc_glue(fc_text *text, size_t from)
{
    for (size_t i = from; i < text->length; i++)
        if (text->data[i] == ' ') text->data[i] = GLUE;
}

/* Appends a word, glue as spaces. */
static void add_word(fc_text *out, const char *word, size_t length)
{
    size_t from = out->length;
    fc_text_addn(out, word, length);
    for (size_t i = from; i < out->length; i++)
        if (out->data[i] == GLUE) out->data[i] = ' ';
}

void fc_add_wrapped(fc_text *out, const char *line, size_t indent, size_t width)
{
    fc_text word = FC_TEXT_EMPTY;
    size_t column = 0, words = 0; /* of this line */
    while (*line) {
        size_t spaces = strspn(line, " "), length = strcspn(line + spaces, " ");
        fc_text_clear(&word);
        fc_text_addn(&word, line + spaces, length);
        if (fc_text_failed(&word)) break;
        size_t wide = fc_text_width(word.data);
        if (words > 0 && column + spaces + wide > width) {
            fc_text_printf(out, "\n%*s", (int)indent, "");
            column = indent + wide;
            words = 1;
        } else {
            fc_text_printf(out, "%*s", (int)spaces, "");
            column += spaces + wide;
            words++;
        }
        add_word(out, word.data, word.length);
        line += spaces + length;
    }
    out->failed |= fc_text_failed(&word);
    fc_text_free(&word);
}
