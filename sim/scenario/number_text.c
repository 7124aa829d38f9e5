/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/number_text.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " ");
}

void fc_number_group(const char *digits, size_t length, fc_text *out)
{
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) fc_text_add(out, ",");
        fc_text_addn(out, digits + i, 1);
    }
}

/* --- what to write instead ----------------------------------------------------------------------
 */

static int fail_number(const fc_scalar *s)
{
    return fc_fail(s->diag, FC_E_VALUE_NUMBER, s->where, s->text, fc_unit_example(s->want->dim),
                   NULL);
}

/* E_NUMBER_FORM with the whole text as it should be: text[from..to) is replaced by `number`. */
static int fail_form(const fc_scalar *s, const char *from, const char *to, const char *number)
{
    char fixed[2 * FC_SCALAR_MAX];
    snprintf(fixed, sizeof fixed, "%.*s%s%s", (int)(from - s->text), s->text, number, to);
    return fc_fail(s->diag, FC_E_NUMBER_FORM, s->where, s->text, fixed, NULL);
}

/* A run of digits, commas, points, spaces and underscores that breaks the rules, as it was probably
 * meant: `1,8000` 18,000; `1.460.000` 1,460,000; `1,5` 1.5; `1.460,50` 1,460.50; `007` 7. */
static int fail_run(const fc_scalar *s, const char *run, size_t length)
{
    size_t commas = 0, points = 0;
    const char *mark = NULL; /* the last separator */
    for (size_t i = 0; i < length; i++) {
        if (run[i] == ',' || run[i] == '.') mark = run + i;
        commas += run[i] == ',';
        points += run[i] == '.';
    }
    size_t tail = mark ? (size_t)(run + length - mark) - 1 : 0;
    bool decimal = mark && ((*mark == '.' && points == 1) ||
                            (*mark == ',' && commas == 1 &&
                             (points > 0 || tail < 3 || (run[0] == '0' && mark == run + 1))));
    if (commas > 0 && points > 0 && !decimal) return fail_number(s);
    char whole[FC_SCALAR_MAX] = "", part[FC_SCALAR_MAX] = "";
    size_t n = 0, m = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(run[i])) continue;
        if (decimal && run + i > mark)
            part[m++] = run[i];
        else if (n > 0 || run[i] != '0')
            whole[n++] = run[i];
    }
    if (n == 0) whole[n++] = '0';
    fc_text fixed = FC_TEXT_EMPTY;
    fc_number_group(whole, n, &fixed);
    if (m > 0) fc_text_printf(&fixed, ".%s", part);
    int ret = fc_text_failed(&fixed) ? fc_fail(s->diag, FC_E_NOMEM, s->where, NULL)
                                     : fail_form(s, run, run + length, fixed.data);
    fc_text_free(&fixed);
    return ret;
}

/* 0x1F, 0o17, 0b101: the decimal number is written out. */
static int fail_base(const fc_scalar *s, const char *run)
{
    int base = run[1] == 'x' || run[1] == 'X' ? 16 : run[1] == 'o' || run[1] == 'O' ? 8 : 2;
    char *end;
    unsigned long long value = strtoull(run + 2, &end, base);
    if (end == run + 2) return fail_number(s);
    char decimal[32];
    snprintf(decimal, sizeof decimal, "%llu", value);
    return fail_form(s, run, end, decimal);
}

/* `1/3` and `1 460 000` and `3-5`: what may not follow a number. */
static int check_after(const fc_scalar *s, const char *run, const char *end)
{
    const char *next = skip_spaces(end);
    if (*next == '/' && is_digit(*skip_spaces(next + 1))) {
        char *after, decimal[32];
        double below = strtod(skip_spaces(next + 1), &after);
        double value = strtod(run, NULL) / below;
        if (!isfinite(value)) return fail_number(s);
        snprintf(decimal, sizeof decimal, "%.6g", value);
        return fail_form(s, run, after, decimal);
    }
    if (is_digit(*next) && strspn(next, "0123456789") != 3) return fail_number(s);
    if (is_digit(*next)) {
        size_t length = strspn(run, "0123456789., _");
        while (run[length - 1] == ' ') length--;
        return fail_run(s, run, length);
    }
    bool dash = *next == '-' || *next == '~';
    if ((dash && is_digit(*skip_spaces(next + 1))) ||
        (strncmp(next, "to ", 3) == 0 && is_digit(*skip_spaces(next + 3))))
        return fc_fail(s->diag, FC_E_VALUE_SPAN, s->where, s->text, NULL);
    return FC_OK;
}

/* --- one run of digits --------------------------------------------------------------------------
 */

/* Whole digits, either plain or in threes with one kind of separator; then perhaps a point and
 * decimals. No leading zeros: 0600 is 384 to some programs and 600 to people. */
static bool well_formed(const char *run, size_t length)
{
    size_t whole = 0;
    while (whole < length && run[whole] != '.') whole++;
    if (whole < length &&
        (length - whole < 2 || strcspn(run + whole + 1, ",._") < length - whole - 1))
        return false;
    size_t first = 0;
    while (first < whole && is_digit(run[first])) first++;
    if (run[0] == '0' && whole > 1) return false;
    if (first == whole) return true; /* plain; ".5" too */
    if (first == 0 || first > 3 || (whole - first) % 4 != 0) return false;
    for (size_t i = first; i < whole; i++)
        if ((i - first) % 4 == 0 ? run[i] != run[first] : !is_digit(run[i])) return false;
    return true;
}

/* `18.000` where a count is wanted: 18 to this program, eighteen thousand to half of Europe. */
static bool is_grouped_by_point(const fc_scalar *s, const char *p, size_t length)
{
    size_t whole = strspn(p, "0123456789");
    return s->want->dim == FC_DIM_COUNT && whole >= 1 && whole <= 3 && length == whole + 4 &&
           p[whole] == '.' && strspn(p + whole + 1, "0123456789") == 3 && !*skip_spaces(p + length);
}

typedef struct run {
    char digits[FC_NUMBER_DIGITS];
    int exp10;
    bool fraction, exponent;
} run;

/* Reads 18,000 or 1.5e3 at *at into digits and a power of ten. */
static int read_run(const fc_scalar *s, const char **at, run *out)
{
    const char *p = *at;
    size_t length = strspn(p, "0123456789.,_"), n = 0;
    if (length == 0 || strcspn(p, "0123456789") >= length) return fail_number(s);
    if (p[0] == '0' && length == 1 && p[1] && strchr("xXoOb", p[1]) && p[2] && p[2] != ' ')
        return fail_base(s, p);
    if (!well_formed(p, length)) return fail_run(s, p, length);
    if (is_grouped_by_point(s, p, length)) {
        char grouped[16];
        snprintf(grouped, sizeof grouped, "%.*s,%.3s", (int)(length - 4), p, p + length - 3);
        return fail_form(s, p, p + length, grouped);
    }
    *out = (run){0};
    for (size_t i = 0; i < length; i++) {
        if (p[i] == '.') out->fraction = true;
        if (!is_digit(p[i])) continue;
        if (n + 1 >= sizeof out->digits) goto limit;
        out->digits[n++] = p[i];
        out->exp10 -= out->fraction;
    }
    const char *end = p + length;
    if (*end == 'e' || *end == 'E') {
        const char *digits = end + 1 + (end[1] == '+' || end[1] == '-');
        if (is_digit(*digits)) {
            long exponent = strtol(end + 1, (char **)&end, 10);
            if (exponent > 400 || exponent < -400) goto limit;
            out->exp10 += (int)exponent;
            out->exponent = true;
        }
    }
    *at = end;
    return FC_OK;
limit:
    return fc_fail(s->diag, FC_E_VALUE_LIMIT, s->where, s->text, fc_unit_example(s->want->dim),
                   NULL);
}

/* --- Korean numerals ----------------------------------------------------------------------------
 */

typedef struct numeral {
    const char *word;
    int exp10;
} numeral;

static const numeral small_numerals[] = {{"천", 3}, {"백", 2}, {"십", 1}, {NULL, 0}};
static const numeral big_numerals[] = {{"조", 12}, {"억", 8}, {"만", 4}, {NULL, 0}};

static int read_numeral(const numeral *table, const char **at)
{
    const char *p = skip_spaces(*at);
    for (; table->word; table++) {
        size_t n = strlen(table->word);
        if (strncmp(p, table->word, n) != 0) continue;
        *at = p + n;
        return table->exp10;
    }
    return 0;
}

/* The terms of one section (what stands before 만, 억 or 조, or at the end) have come to an end
 * with `exp10` zeros: they must be less than the place before allows, as in 1만 8천 and not 1만
 * 20천. */
static bool close_section(fc_number *number, int from, int exp10, int last_exp10)
{
    double sum = 0;
    for (int i = from; i < number->count; i++) {
        fc_number one = {.count = 1};
        one.terms[0] = number->terms[i];
        double value = 0;
        if (!fc_number_value(&one, 0, 1, 1, &value)) return false;
        sum += value;
        number->terms[i].exp10 += exp10;
    }
    return last_exp10 > exp10 && sum < pow(10, last_exp10 - exp10);
}

static bool add_term(fc_number *number, const run *digits, int exp10)
{
    if (number->count == FC_NUMBER_TERMS) return false;
    memcpy(number->terms[number->count].digits, digits->digits, sizeof digits->digits);
    number->terms[number->count++].exp10 = digits->exp10 + exp10;
    return true;
}

/* After the first run of digits: 천 백 십 within a section, sections closed by 조 억 만, each of
 * them falling; decimals in the last term only. */
static int read_korean(const fc_scalar *s, run digits, const char **at, fc_number *out)
{
    enum { NONE = 300 };
    int section = 0, last_small = NONE, last_big = NONE;
    const char *p = *at;
    for (;;) {
        int small = read_numeral(small_numerals, &p);
        double value = strtod(digits.digits, NULL) * pow(10, digits.exp10 + small);
        if (last_small != NONE && value >= pow(10, last_small)) return fail_number(s);
        if (!add_term(out, &digits, small)) return fail_number(s);
        last_small = small;
        int big = read_numeral(big_numerals, &p);
        if (big > 0) {
            if (!close_section(out, section, big, last_big)) return fail_number(s);
            section = out->count;
            last_big = big;
            last_small = NONE;
        }
        if (small > 0 || big > 0) out->korean = true;
        if (out->korean && digits.exponent) return fail_number(s);
        const char *next = skip_spaces(p);
        if ((small == 0 && big == 0) || !is_digit(*next)) break;
        if (digits.fraction) return fail_number(s);
        p = next;
        int ret = read_run(s, &p, &digits);
        if (ret) return ret;
    }
    bool rest = out->korean && section < out->count;
    if (rest && !close_section(out, section, 0, last_big)) return fail_number(s);
    *at = p;
    return FC_OK;
}

int fc_number_read(const fc_scalar *s, const char *from, fc_number *out, const char **end)
{
    *out = (fc_number){0};
    const char *p = from;
    if (*p == '-' || *p == '+') out->negative = *p++ == '-';
    const char *start = p;
    run digits;
    int ret = read_run(s, &p, &digits);
    if (ret == FC_OK) ret = read_korean(s, digits, &p, out);
    if (ret == FC_OK) ret = check_after(s, start, p);
    *end = p;
    return ret;
}

/* The terms of a number never overlap (close_section), so their digits make up one decimal text,
 * which is rounded once. It has no decimal point: the C library's locale does not matter. */
bool fc_number_value(const fc_number *number, int exp10, double factor, double divisor, double *out)
{
    enum { PLACES = FC_NUMBER_DIGITS * 3 };
    char text[PLACES + 16];
    int low = INT_MAX, high = INT_MIN;
    bool nonzero = false;
    for (int i = 0; i < number->count; i++) {
        int from = number->terms[i].exp10, to = from + (int)strlen(number->terms[i].digits);
        if (from < low) low = from;
        if (to > high) high = to;
    }
    if (number->count == 0 || high - low > PLACES) return false;
    memset(text, '0', sizeof text);
    for (int i = 0; i < number->count; i++) {
        const char *digits = number->terms[i].digits;
        char *at = text + (high - number->terms[i].exp10) - (int)strlen(digits);
        for (; *digits; digits++, at++) {
            if (*digits == '0') continue;
            *at = *digits;
            nonzero = true;
        }
    }
    snprintf(text + (high - low), sizeof text - (size_t)(high - low), "e%d", low + exp10);
    double value = strtod(text, NULL) * factor / divisor;
    *out = number->negative && nonzero ? -value : value;
    return isfinite(value) && (!nonzero || value >= 1e-300);
}
