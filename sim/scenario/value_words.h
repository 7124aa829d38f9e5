/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values in words: "12 months", "between 12 months and 36 months, most likely 18 months (not known;
 * drawn once a replication)", "USD 36,000, from 2027-07-01 USD 31,000". Private to sentences.c.
 *
 * In Korean whatever explains a value stands in parentheses behind it, so that particles fit what
 * comes before them: 12개월~36개월(가장 유력한 값 18개월; 미지수, 모의마다 한 번 추첨)이.
 */
#ifndef FC_SCENARIO_VALUE_WORDS_H
#define FC_SCENARIO_VALUE_WORDS_H

#include "base/arena.h"
#include "scenario/scenario.h"

/* Where words are put together: strings live in the arena; "" stands for what did not fit into
 * memory, and `failed` remembers it. */
typedef struct fc_words {
    const fc_plan *plan;
    fc_lang lang;
    fc_arena *arena;
    bool failed;
} fc_words;

/* Formats into the arena. */
const char *fc_words_format(fc_words *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Takes over a text. */
const char *fc_words_take(fc_words *w, fc_text *text);

/* A parameter's own value, changes aside. Parameter 0 is "". */
const char *fc_words_param(fc_words *w, fc_param param);
/* A date: "on 2026-07-01", "on a day between ..."; 2026년 7월 1일. */
const char *fc_words_day(fc_words *w, fc_param param);
/* What a change does to the keys `paths`: "multiplies a, b by 2". */
const char *fc_words_change(fc_words *w, const fc_change *change, const char *paths);

/* Whether the parameter is given, and is the plain number x. */
bool fc_words_is(const fc_words *w, fc_param param, double x);
/* "2027-01-01" / 2027년 1월 1일 */
const char *fc_words_date(fc_words *w, double time);
/* "1,000" */
const char *fc_words_count(fc_words *w, double count);
/* "a, b and c" / "a, b, c" */
const char *fc_words_list(fc_words *w, const char *const *items, size_t count);
#endif
