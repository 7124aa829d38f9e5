/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Growing text. A failed allocation is remembered (fc_text_failed) so that callers check once,
 * at the end.
 */
#ifndef FC_BASE_TEXT_H
#define FC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "fleetcast/error.h"

typedef struct fc_text {
    char *data; /* always NUL-terminated once anything was added */
    size_t length, capacity;
    bool failed;
} fc_text;

#define FC_TEXT_EMPTY ((fc_text){0})

void fc_text_free(fc_text *text);
void fc_text_clear(fc_text *text); /* length 0, memory kept */
void fc_text_add(fc_text *text, const char *string);
void fc_text_addn(fc_text *text, const char *bytes, size_t length);
void fc_text_printf(fc_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds what FC_BOTH made in one of its languages, anything else as it is. */
void fc_text_add_in(fc_text *text, const char *both, fc_lang lang);
bool fc_text_failed(const fc_text *text);
/* Hands over the malloc'd string ("" if nothing was added); NULL if any step failed. */
char *fc_text_take(fc_text *text);

/* Columns a UTF-8 string takes on a terminal (Hangul, CJK and full-width forms take two). */
size_t fc_text_width(const char *utf8);

/* Damerau-Levenshtein distance (optimal string alignment), bytes; stops at `limit` + 1. */
size_t fc_text_distance(const char *a, const char *b, size_t limit);

#endif
