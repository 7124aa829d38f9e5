/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fc_text_free(fc_text *text)
{
    free(text->data);
    *text = FC_TEXT_EMPTY;
}

void fc_text_clear(fc_text *text)
{
    text->length = 0;
    if (text->data) text->data[0] = '\0';
}

static bool reserve(fc_text *text, size_t more)
{
    if (text->failed) return false;
    size_t need = text->length + more + 1;
    if (need <= text->capacity) return true;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < need) capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void fc_text_addn(fc_text *text, const char *bytes, size_t length)
{
    if (!reserve(text, length)) return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void fc_text_add(fc_text *text, const char *string)
{
    fc_text_addn(text, string, strlen(string));
}

void fc_text_add_in(fc_text *text, const char *both, fc_lang lang)
{
    const char *split = strchr(both, *FC_BOTH("", ""));
    if (!split)
        fc_text_add(text, both);
    else if (lang == FC_LANG_KO)
        fc_text_add(text, split + 1);
    else
        fc_text_addn(text, both, (size_t)(split - both));
}

void fc_text_printf(fc_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        text->failed = true;
    } else if (reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

bool fc_text_failed(const fc_text *text)
{
    return text->failed;
}

char *fc_text_take(fc_text *text)
{
    fc_text_addn(text, "", 0);
    if (text->failed) {
        fc_text_free(text);
        return NULL;
    }
    char *out = text->data;
    *text = FC_TEXT_EMPTY;
    return out;
}

/* Decodes one code point of valid UTF-8; a stray byte counts as itself. */
static uint32_t next_code_point(const unsigned char **at)
{
    const unsigned char *p = *at;
    int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
    uint32_t code = more == 3 ? *p & 7u : more == 2 ? *p & 15u : more == 1 ? *p & 31u : *p;
    p++;
    for (; more > 0 && (*p & 0xc0) == 0x80; more--) code = code << 6 | (*p++ & 63u);
    *at = p;
    return code;
}

size_t fc_text_width(const char *utf8)
{
    size_t width = 0;
    for (const unsigned char *p = (const unsigned char *)utf8; *p;) {
        uint32_t c = next_code_point(&p);
        bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                    (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                    (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff01 && c <= 0xff60) ||
                    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x20000 && c <= 0x3fffd);
        width += wide ? 2 : 1;
    }
    return width;
}

size_t fc_text_distance(const char *a, const char *b, size_t limit)
{
    enum { MAX = 64 };
    size_t na = strlen(a), nb = strlen(b);
    if (na > MAX || nb > MAX) return limit + 1;
    if ((na > nb ? na - nb : nb - na) > limit) return limit + 1;
    size_t rows[3][MAX + 1];
    for (size_t j = 0; j <= nb; j++) rows[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    size_t distance = rows[na % 3][nb];
    return distance > limit ? limit + 1 : distance;
}
