/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Figures in words, as the two languages write them. */
#ifndef FC_REPORT_WORDS_H
#define FC_REPORT_WORDS_H

#include "analysis/summary.h"
#include "base/text.h"

/* A probability for page one: rounded to 5 points, "about 35 % (unlikely)" / "약 35%(가능성 낮음)".
 * "0 %" and "100 %" stand only for none and all; otherwise "under 5 %", "over 95 %". */
void fc_add_chance(fc_text *out, const fc_chance *chance, fc_lang lang, bool word);
/* The same, exact and with its 95 % interval: "34.7 % (31.8 to 37.7)" / "34.7%(31.8~37.7)". */
void fc_add_chance_exact(fc_text *out, const fc_chance *chance, fc_lang lang);
/* A share of something, in whole per cent; "under 1 %" where that would hide it. */
void fc_add_share(fc_text *out, double share, fc_lang lang);

void fc_add_whole(fc_text *out, int64_t n); /* 1,000, not negative */
/* 24,300 / 2만 4,300장: three significant figures from 1,000 on, whole below. */
void fc_add_count(fc_text *out, double count, fc_lang lang);
void fc_add_count_exact(fc_text *out, double count, fc_lang lang);
/* KRW 1.46 tn / 1조 4,600억 원 */
void fc_add_money(fc_text *out, double money, const char *currency, fc_lang lang);
/* What a table of sums up to `largest` is in: "KRW bn", "USD m" (all below a billion), "억 원",
 * "백만 달러". How many of the currency that is. */
double fc_add_money_unit(fc_text *out, double largest, const char *currency, fc_lang lang);
void fc_add_power(fc_text *out, double watts, fc_lang lang); /* 40 MW */

/* 2030-06 / 2030.6. of a day number; of one not reached within the horizon (INFINITY), which ends
 * before `end_day`: "after 2030-12" / "모의 기간 이후". */
void fc_add_month(fc_text *out, double day, int64_t end_day, fc_lang lang);
/* A last day: end-2030, 2030-06-30 / ’30년 말, ’30.6.30. */
void fc_add_deadline(fc_text *out, int64_t day, fc_lang lang);

const char *fc_milestone_id(fc_milestone milestone);                 /* in_service */
const char *fc_milestone_word(fc_milestone milestone, fc_lang lang); /* in service / 가동 */

/* Picks by language: a literal, so that formats are checked. */
#define FC_PICK(lang, en, ko) ((lang) == FC_LANG_KO ? (ko) : (en))

/* Turns the spaces written since `from` into ones that fc_add_wrapped does not break at. */
void fc_glue(fc_text *text, size_t from);
/* Appends `line`, broken at spaces so that it fits into `width` columns (a word that is longer
 * stands out); lines after the first start with `indent` spaces. */
void fc_add_wrapped(fc_text *out, const char *line, size_t indent, size_t width);
/* Appends `cell` in `width` columns, spaces before it if `right`, else after it. */
void fc_add_cell(fc_text *out, const char *cell, size_t width, bool right);

#endif
