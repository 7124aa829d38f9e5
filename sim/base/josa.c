/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/josa.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* How a word ends, as far as particles care. */
typedef enum ending { VOWEL, RIEUL, CONSONANT } ending;

static const char *const forms[][2] = {
    [FC_JOSA_EUN] = {"는", "은"}, [FC_JOSA_I] = {"가", "이"},      [FC_JOSA_EUL] = {"를", "을"},
    [FC_JOSA_GWA] = {"와", "과"}, [FC_JOSA_EURO] = {"로", "으로"}, [FC_JOSA_IRA] = {"라", "이라"},
};

/* The last character of text[0..length) and its bytes; 0 for an empty or broken text. */
static uint32_t last_character(const char *text, size_t length, size_t *bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t at = length;
    while (at > 0 && length - at < 4 && (p[--at] & 0xC0) == 0x80) continue;
    *bytes = length - at;
    if (*bytes == 1) return p[at] < 0x80 ? p[at] : 0;
    if (*bytes < 2 || *bytes > 4) return 0;
    uint32_t code = p[at] & (0xFFu >> (*bytes + 1));
    for (size_t i = 1; i < *bytes; i++) code = code << 6 | (p[at + i] & 0x3Fu);
    return code;
}

static bool is_hangul(uint32_t code)
{
    return code >= 0xAC00 && code <= 0xD7A3;
}

/* The length without what is not said: closing marks, blanks, and a parenthesis at the end. */
static size_t said(const char *text, size_t length)
{
    while (length > 0) {
        size_t bytes;
        uint32_t code = last_character(text, length, &bytes);
        if (code == ')') {
            size_t open = length - 1;
            while (open > 0 && text[open] != '(') open--;
            if (open == 0) return length - 1; /* nothing stands before it: read what is inside */
            length = open;
        } else if (is_hangul(code) || (code < 0x80 && isalnum((int)code)) || code == '%') {
            return length;
        } else {
            length -= bytes ? bytes : 1;
        }
    }
    return 0;
}

/* 12,340 as it is said: of the digits without separators, the last that is not 0, or the power of
 * ten that follows it. */
static ending of_number(const char *text, size_t length)
{
    static const ending digits[] = {CONSONANT, RIEUL,     VOWEL, CONSONANT, VOWEL,
                                    VOWEL,     CONSONANT, RIEUL, RIEUL,     VOWEL};
    size_t zeros = 0, at = length;
    unsigned last = (unsigned)text[length - 1] - '0'; /* the caller has seen that it is a digit */
    for (; at > 0 && (text[at - 1] == '0' || text[at - 1] == ','); at--)
        zeros += text[at - 1] == '0';
    for (size_t i = at; i > 0 && (isdigit((unsigned char)text[i - 1]) || text[i - 1] == '.'); i--)
        if (text[i - 1] == '.') zeros = 0; /* decimals are said digit by digit */
    if (at > 0 && text[at - 1] == '.') zeros = 0;
    bool more = at > 0 && isdigit((unsigned char)text[at - 1]);
    if (zeros == 0 || !more) return digits[last % 10];
    return zeros >= 12 && zeros < 16 ? VOWEL : CONSONANT; /* 조; 십 백 천 만 억 */
}

static ending of_latin(const char *text, size_t length)
{
    char last = text[length - 1];
    bool capital = isupper((unsigned char)last);
    char c = (char)tolower((unsigned char)last);
    if (c == 'l' || (c == 'r' && capital)) return RIEUL; /* 엘, 알 */
    if (c == 'm' || c == 'n') return CONSONANT;
    bool ng = c == 'g' && !capital && length > 1 && text[length - 2] == 'n';
    return ng ? CONSONANT : VOWEL;
}

static ending ending_of(const char *text, size_t length)
{
    length = said(text, length);
    if (length == 0) return VOWEL;
    size_t bytes;
    uint32_t code = last_character(text, length, &bytes);
    if (is_hangul(code)) {
        uint32_t final = (code - 0xAC00) % 28;
        return final == 0 ? VOWEL : final == 8 ? RIEUL : CONSONANT;
    }
    if (code == '%') return VOWEL; /* 퍼센트 */
    return code >= '0' && code <= '9' ? of_number(text, length) : of_latin(text, length);
}

static const char *fitting(const char *text, size_t length, fc_josa josa)
{
    ending end = ending_of(text, length);
    bool consonant = end == CONSONANT || (end == RIEUL && josa != FC_JOSA_EURO);
    return forms[josa][consonant];
}

const char *fc_josa_of(const char *word, fc_josa josa)
{
    return fitting(word, strlen(word), josa);
}

void fc_text_add_josa(fc_text *out, fc_josa josa)
{
    fc_text_add(out, fitting(out->data ? out->data : "", out->length, josa));
}
