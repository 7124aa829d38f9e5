/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers of a trace, read by hand: a trace has hundreds of millions of them.
 */
#ifndef FC_TRACE_FIELD_H
#define FC_TRACE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The general case of fc_field_number: many digits, a fraction, an exponent. NULL: no number. */
const char *fc_field_number_slow(const char *text, double *out);

/* Lines have this many readable bytes behind their NUL, so that many bytes can be looked at at
 * once: one by one, the branches that nobody can foresee take most of the time. */
enum { FC_FIELD_PADDING = 64 };

static inline uint64_t fc_field_word(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Of the 64 bytes from `text` on, bit i for byte i: the separators (blanks, tabs, control
 * characters, NUL), and those of them that are no blanks or tabs. */
static inline uint64_t fc_field_separators(const char *text, uint64_t *control)
{
    uint64_t separators = 0, blanks = 0;

#ifdef __SSE2__
    for (int i = 0; i < 64; i += 16) {
        const __m128i space = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t');
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        __m128i is_separator = _mm_cmpeq_epi8(_mm_min_epu8(bytes, space), bytes);
        __m128i is_blank = _mm_or_si128(_mm_cmpeq_epi8(bytes, space), _mm_cmpeq_epi8(bytes, tab));
        separators |= (uint64_t)(uint32_t)_mm_movemask_epi8(is_separator) << i;
        blanks |= (uint64_t)(uint32_t)_mm_movemask_epi8(is_blank) << i;
    }
#else
    for (int i = 0; i < 64; i++) {
        separators |= (uint64_t)((unsigned char)text[i] <= ' ') << i;
        blanks |= (uint64_t)(text[i] == ' ' || text[i] == '\t') << i;
    }
#endif
    *control = separators & ~blanks;
    return separators;
}

/* The decimal number at `text`, correctly rounded. Returns the character behind it, NULL if there
 * is no finite number here. 16 bytes must be readable. */
static inline const char *fc_field_number(const char *text, double *out)
{
    uint64_t word = fc_field_word(text), minus = (word & 0xff) == '-';
    uint64_t digits = (word >> (8 * minus)) ^ UINT64_C(0x3030303030303030);
    /* The top bit of each byte that is above 9. Carries reach only bytes behind such a one. */
    uint64_t other =
        ((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080);
    if (minus) other |= UINT64_C(0x80) << 56; /* a 0 was shifted in there */
    unsigned n = other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
    if (n == 0) return fc_field_number_slow(text, out);
    /* Digits to the top, zeros before them; then pairs, fours, eight. */
    digits <<= 64 - 8 * n;
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    digits = (digits * 10000 + (digits >> 32)) & UINT64_C(0xffffffff);
    const char *end = text + minus + n;
    for (; (unsigned)(*end - '0') <= 9 && n < 16; end++, n++)
        digits = digits * 10 + (uint64_t)(*end - '0');
    /* 15 digits are exact in a double. */
    if (n > 15 || *end == '.' || *end == 'e' || *end == 'E') return fc_field_number_slow(text, out);
    int64_t value = (int64_t)digits;
    *out = (double)(minus ? -value : value);
    return end;
}

/* The first blank, control character or NUL from `text` on. 8 bytes must be readable. */
static inline const char *fc_field_token_end(const char *text)
{
    uint64_t word = fc_field_word(text);
    uint64_t below = (word - UINT64_C(0x2121212121212121)) & ~word & UINT64_C(0x8080808080808080);
    if (below) return text + __builtin_ctzll(below) / 8;
    for (text += 8; (unsigned char)*text > ' ';) text++;
    return text;
}

/* "2020-06-09 18:41:01", 'T' for the space, a fraction of a second, and an offset "+08:00" or 'Z'
 * if there is one (else it is taken as UTC): seconds since 1970-01-01 UTC. The whole text must
 * match. */
bool fc_field_time(const char *text, size_t length, double *out);

#endif
