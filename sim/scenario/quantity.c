/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "kernel/date.h"
#include "scenario/calendar_text.h"
#include "scenario/number_text.h"

#define MAX_COUNT 9007199254740992.0 /* 2^53: every whole number below it is a double */

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " ");
}

static const char *example(const fc_scalar *s)
{
    return fc_unit_example(s->want->dim);
}

static bool counts(fc_dim dim)
{
    return dim == FC_DIM_COUNT || dim == FC_DIM_NUMBER;
}

static bool of_money(fc_dim dim)
{
    return strstr(fc_dim_base(dim), "XXX") != NULL;
}

/* --- characters ---------------------------------------------------------------------------------
 */

/* Full-width forms (U+FF01..FF5E), special spaces and the minus sign, as they are typed plainly.
 * True if there was anything to replace. */
static bool to_plain(const char *text, char out[FC_SCALAR_MAX])
{
    static const struct {
        const char *from, *to;
    } specials[] = {{"\u3000", " "}, {"\u00a0", " "}, {"\u2007", " "}, {"\u2009", " "},
                    {"\u202f", " "}, {"\u2212", "-"}, {"\ufeff", ""},  {"\u200b", ""}};
    bool changed = false;
    size_t n = 0;
    for (const char *p = text; *p;) {
        const unsigned char *u = (const unsigned char *)p;
        const char *plain = NULL;
        size_t length = 1;
        char wide[2] = "";
        if (u[0] == 0xef && (u[1] == 0xbc || u[1] == 0xbd) && u[2] >= 0x80) {
            unsigned code = ((u[1] & 63u) << 6 | (u[2] & 63u)) + 0xf000u;
            if (code >= 0xff01 && code <= 0xff5e) {
                wide[0] = (char)(code - 0xfee0);
                plain = wide;
                length = 3;
            }
        }
        for (size_t i = 0; !plain && i < sizeof specials / sizeof *specials; i++) {
            if (strncmp(p, specials[i].from, strlen(specials[i].from)) != 0) continue;
            plain = specials[i].to;
            length = strlen(specials[i].from);
        }
        if (plain) {
            changed = true;
            strcpy(out + n, plain);
            n += strlen(plain);
        } else {
            out[n++] = *p;
        }
        p += length;
    }
    out[n] = '\0';
    return changed;
}

/* $30,000 and 30,000$ and ₩5: the code goes where the sign was not. */
static int check_signs(const fc_scalar *s)
{
    static const struct {
        const char *sign, *code, *other;
    } signs[] = {{"US$", "USD", NULL}, {"$", "USD", NULL},  {"₩", "KRW", NULL},
                 {"￦", "KRW", NULL},  {"€", "EUR", NULL},  {"£", "GBP", NULL},
                 {"¥", "JPY", "CNY"},  {"￥", "JPY", "CNY"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const char *at = strstr(s->text, signs[i].sign);
        if (!at) continue;
        char rest[FC_SCALAR_MAX], a[FC_SCALAR_MAX + 8], b[FC_SCALAR_MAX + 8];
        snprintf(rest, sizeof rest, "%.*s%s", (int)(at - s->text), s->text,
                 skip_spaces(at + strlen(signs[i].sign)));
        for (size_t n = strlen(rest); n > 0 && rest[n - 1] == ' '; n--) rest[n - 1] = '\0';
        snprintf(a, sizeof a, "%s %s", signs[i].code, rest);
        if (!signs[i].other) return fc_fail(s->diag, FC_E_UNIT_SIGN, s->where, s->text, a, NULL);
        snprintf(b, sizeof b, "%s %s", signs[i].other, rest);
        return fc_fail(s->diag, FC_E_VALUE_TWO_WAYS, s->where, s->text, a, b, NULL);
    }
    return FC_OK;
}

/* What can be said before any number is read. */
static int check_text(const fc_scalar *s)
{
    char plain[FC_SCALAR_MAX];
    if (!*s->text) return fc_fail(s->diag, FC_E_VALUE_EMPTY, s->where, example(s), NULL);
    if (to_plain(s->text, plain))
        return fc_fail(s->diag, FC_E_VALUE_WIDTH, s->where, s->text, plain, NULL);
    if (*s->text == '#')
        return fc_fail(s->diag, FC_E_VALUE_SHEET, s->where, s->text, example(s), NULL);
    if (s->want->dim == FC_DIM_DATE) return FC_OK;
    int ret = check_signs(s);
    if (ret) return ret;
    const char *dash = strstr(s->text, " - ");
    bool two = dash && strpbrk(dash, "0123456789");
    if (two || strchr(s->text, '~') || strstr(s->text, "–"))
        return fc_fail(s->diag, FC_E_VALUE_SPAN, s->where, s->text, NULL);
    static const char *const endless[] = {"nan", "inf", "infinity"};
    const char *word = s->text + strspn(s->text, "+-.");
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
        if (strcasecmp(word, endless[i]) == 0)
            return fc_fail(s->diag, FC_E_VALUE_LIMIT, s->where, s->text, example(s), NULL);
    fc_date date;
    if (strlen(s->text) > 4 && fc_date_parse(s->text, &date, NULL) == FC_OK)
        return fc_fail(s->diag, FC_E_UNIT_KIND, s->where, s->text,
                       fc_dim_name(FC_DIM_DATE, FC_LANG_EN), fc_dim_name(FC_DIM_DATE, FC_LANG_KO),
                       fc_dim_name(s->want->dim, FC_LANG_EN), fc_dim_name(s->want->dim, FC_LANG_KO),
                       example(s), NULL);
    return FC_OK;
}

/* --- multipliers --------------------------------------------------------------------------------
 */

typedef struct multiplier {
    const char *word;
    int exp10;
    const char
        *instead; /* what to write: in every place (exp10 0), or before other units than money */
} multiplier;

static const multiplier multipliers[] = {
    {"k", 3, "thousand"},   {"m", 6, "million"},   {"mn", 6, "million"},  {"bn", 9, "billion"},
    {"tn", 12, "trillion"}, {"thousand", 3, NULL}, {"million", 6, NULL},  {"billion", 9, NULL},
    {"trillion", 12, NULL}, {"K", 0, "k"},         {"M", 0, "million"},   {"MM", 0, "million"},
    {"Mn", 0, "million"},   {"mil", 0, "million"}, {"mln", 0, "million"}, {"mio", 0, "million"},
    {"B", 0, "bn"},         {"b", 0, "bn"},        {"Bn", 0, "bn"},       {"bln", 0, "bn"},
    {"T", 0, "tn"},         {"Tn", 0, "tn"},       {"trn", 0, "tn"},
};

/* The multiplier at `at`, a word by itself; NULL if none. Those that are wrong everywhere count
 * only where one may stand, as B, M and T begin units too. */
static const multiplier *find_multiplier(const char *at, fc_dim dim)
{
    size_t length = 0;
    while (isalpha((unsigned char)at[length])) length++;
    const char *next = at + length; /* m3 and m³ are volumes */
    if (isdigit((unsigned char)*next) || *next == '^' || strncmp(next, "³", 2) == 0) return NULL;
    for (size_t i = 0; i < sizeof multipliers / sizeof *multipliers; i++) {
        const multiplier *m = &multipliers[i];
        if (strlen(m->word) != length || strncmp(m->word, at, length) != 0) continue;
        return m->exp10 > 0 || counts(dim) || of_money(dim) ? m : NULL;
    }
    return NULL;
}

static int fail_multiplier(const fc_scalar *s, const char *at, const multiplier *m)
{
    char fixed[2 * FC_SCALAR_MAX];
    const char *before = at;
    while (before > s->text && before[-1] == ' ') before--;
    const char *rest = at + strlen(m->word);
    snprintf(fixed, sizeof fixed, "%.*s %s%s", (int)(before - s->text), s->text, m->instead, rest);
    return fc_fail(s->diag, FC_E_UNIT_MULTIPLIER, s->where, s->text, m->word, fixed, NULL);
}

/* `12 m`: months or minutes. */
static int fail_months(const fc_scalar *s, const char *at)
{
    char months[2 * FC_SCALAR_MAX], minutes[2 * FC_SCALAR_MAX];
    const char *before = at;
    while (before > s->text && before[-1] == ' ') before--;
    int n = (int)(before - s->text);
    snprintf(months, sizeof months, "%.*s months%s", n, s->text, at + 1);
    snprintf(minutes, sizeof minutes, "%.*s minutes%s", n, s->text, at + 1);
    return fc_fail(s->diag, FC_E_VALUE_TWO_WAYS, s->where, s->text, months, minutes, NULL);
}

/* --- units --------------------------------------------------------------------------------------
 */

static const char *wanted_currency(const fc_scalar *s)
{
    return s->want->currency ? s->want->currency : "KRW";
}

/* A list of units with the currency that is wanted in place of XXX. */
static void spell_out(const fc_scalar *s, const char *list, size_t length, fc_text *out)
{
    const char *above = wanted_currency(s);
    const char *below = s->want->per_currency ? s->want->per_currency : "USD";
    for (const char *p = list; p < list + length;) {
        if (strncmp(p, "XXX", 3) == 0) {
            fc_text_add(out, p > list && p[-1] == '/' ? below : above);
            p += 3;
        } else {
            fc_text_addn(out, p++, 1);
        }
    }
}

static int fail_missing(const fc_scalar *s)
{
    const char *list = fc_unit_list(s->want->dim);
    fc_text fixed = FC_TEXT_EMPTY, units = FC_TEXT_EMPTY;
    fc_text_printf(&fixed, "%s ", s->text);
    spell_out(s, list, strcspn(list, ","), &fixed);
    spell_out(s, list, strlen(list), &units);
    int ret =
        fc_text_failed(&fixed) || fc_text_failed(&units)
            ? fc_fail(s->diag, FC_E_NOMEM, s->where, NULL)
            : fc_fail(s->diag, FC_E_UNIT_MISSING, s->where, s->text, fixed.data, units.data, NULL);
    fc_text_free(&fixed);
    fc_text_free(&units);
    return ret;
}

static int fail_unknown(const fc_scalar *s, const char *bad, size_t length)
{
    char word[FC_SCALAR_MAX + 8], nearest[FC_UNIT_WORD];
    snprintf(word, sizeof word, "%.*s", (int)length, bad);
    fc_text expected = FC_TEXT_EMPTY;
    const char *list = fc_unit_list(s->want->dim);
    if (fc_unit_nearest(bad, length, s->want->dim, nearest))
        fc_text_add(&expected, nearest);
    else if (*list)
        spell_out(s, list, strlen(list), &expected);
    else
        return fc_fail(s->diag, FC_E_VALUE_NUMBER, s->where, s->text, example(s), NULL);
    int ret = fc_text_failed(&expected) ? fc_fail(s->diag, FC_E_NOMEM, s->where, NULL)
                                        : fc_fail(s->diag, FC_E_UNIT_UNKNOWN, s->where, word,
                                                  s->text, expected.data, NULL);
    fc_text_free(&expected);
    return ret;
}

static int fail_kind(const fc_scalar *s, const fc_unit *unit)
{
    fc_dim dim = s->want->dim;
    for (int item = 0; item < FC_ITEM_LIMIT; item++)
        if (fc_unit_fits(unit, dim, (fc_item)item)) {
            int least, most;
            fc_item base = fc_dim_item(dim, &least, &most);
            fc_item wanted = s->want->item != FC_ITEM_ANY ? s->want->item : base;
            return fc_fail(s->diag, FC_E_UNIT_ITEM, s->where, s->text,
                           fc_item_name(wanted, FC_LANG_EN), fc_item_name(wanted, FC_LANG_KO),
                           example(s), NULL);
        }
    fc_dim is = fc_unit_kind(unit);
    return fc_fail(s->diag, FC_E_UNIT_KIND, s->where, s->text,
                   is < FC_DIM_LIMIT ? fc_dim_name(is, FC_LANG_EN) : "something else",
                   is < FC_DIM_LIMIT ? fc_dim_name(is, FC_LANG_KO) : "다른 종류의 값",
                   fc_dim_name(dim, FC_LANG_EN), fc_dim_name(dim, FC_LANG_KO), example(s), NULL);
}

static int check_currency(const fc_scalar *s, const fc_unit *unit)
{
    const fc_unit_want *w = s->want;
    if (!*unit->currency) return FC_OK;
    bool above = !w->currency || strcmp(w->currency, unit->currency) == 0;
    bool below = !*unit->per_currency || !w->per_currency ||
                 strcmp(w->per_currency, unit->per_currency) == 0;
    if (above && below) return FC_OK;
    char is[16], wanted[16];
    snprintf(is, sizeof is, "%s%s%s", unit->currency, *unit->per_currency ? "/" : "",
             unit->per_currency);
    const char *per = w->per_currency ? w->per_currency : unit->per_currency;
    if (*per && w->currency && strcmp(w->currency, per) == 0)
        per = unit->currency; /* upside down */
    const char *top = w->currency ? w->currency : unit->currency;
    if (!w->currency && strcmp(top, per) == 0) top = unit->per_currency; /* upside down */
    snprintf(wanted, sizeof wanted, "%s%s%s", top, *unit->per_currency ? "/" : "",
             *unit->per_currency ? per : "");
    return fc_fail(s->diag, FC_E_UNIT_CURRENCY, s->where, s->text, is, wanted, NULL);
}

/* --- one number with its unit -------------------------------------------------------------------
 */

/* `KRW 1.46 tn`: the code before the number; NULL if there is none. */
static const char *leading_currency(const char *text, char code[4])
{
    snprintf(code, 4, "%.3s", text);
    const char *next = strlen(text) > 3 ? skip_spaces(text + 3) : "";
    bool number = isdigit((unsigned char)*next) || strchr("+-.", *next);
    if (*next && number && fc_currency_known(code)) return next;
    code[0] = '\0';
    return NULL;
}

/* The value in the wanted kind's base unit, once unit and multiplier are known to fit. */
static int take_value(const fc_scalar *s, const fc_number *number, const fc_unit *unit, int exp10,
                      fc_quantity *out)
{
    double factor, divisor, value;
    int unit_exp10;
    fc_dim dim = s->want->dim;
    fc_unit_scale(unit, dim, &factor, &divisor, &unit_exp10);
    bool usable = fc_number_value(number, exp10 + unit_exp10, factor, divisor, &value);
    if (!usable || (dim == FC_DIM_COUNT && fabs(value) >= MAX_COUNT))
        return fc_fail(s->diag, FC_E_VALUE_LIMIT, s->where, s->text, example(s), NULL);
    if (dim == FC_DIM_COUNT && value != floor(value))
        return fc_fail(s->diag, FC_E_VALUE_WHOLE, s->where, s->text, example(s), NULL);
    out->value += value;
    memcpy(out->currency, unit->currency, sizeof out->currency);
    memcpy(out->per_currency, unit->per_currency, sizeof out->per_currency);
    return FC_OK;
}

/* Whether a number without a unit is one of the kind: a plain number, or a share up to 1. */
static int check_bare(const fc_scalar *s, const fc_number *number, int exp10)
{
    double value;
    if (counts(s->want->dim)) return FC_OK;
    bool share = s->want->dim == FC_DIM_SHARE && fc_number_value(number, exp10, 1, 1, &value) &&
                 value >= 0 && value <= 1;
    return share ? FC_OK : fail_missing(s);
}

/* The unit that stands as text[0..length), after `code`, a currency that stood before the number.
 */
static int read_unit(const fc_scalar *s, const char *code, const char *text, size_t length,
                     fc_unit *out)
{
    char whole[2 * FC_SCALAR_MAX];
    const char *bad, *gap = *code && *text != '/' ? " " : "";
    size_t bad_length;
    snprintf(whole, sizeof whole, "%s%s%.*s", code, gap, (int)length, text);
    if (!fc_unit_parse(whole, strlen(whole), out, &bad, &bad_length))
        return fail_unknown(s, bad, bad_length);
    if (!fc_unit_fits(out, s->want->dim, s->want->item)) return fail_kind(s, out);
    return check_currency(s, out);
}

/* Reads number, multiplier and unit at *at. */
static int read_one(const fc_scalar *s, const char **at, const char *code, fc_quantity *out)
{
    fc_dim dim = s->want->dim;
    fc_number number;
    const char *p = *at;
    int ret = fc_number_read(s, p, &number, &p);
    if (ret) return ret;
    p = skip_spaces(p);
    const multiplier *m = number.korean ? NULL : find_multiplier(p, dim);
    const char *m_at = p;
    if (m && m->exp10 == 0) return fail_multiplier(s, p, m);
    if (m) p = skip_spaces(p + strlen(m->word));
    size_t length = dim == FC_DIM_DURATION ? strcspn(p, "0123456789") : strlen(p);
    while (length > 0 && p[length - 1] == ' ') length--;
    *at = skip_spaces(p + length);

    bool bare = length == 0 && !*code, brief = m && m->instead && !of_money(dim);
    if (brief && bare && !counts(dim)) {
        bool months = dim == FC_DIM_DURATION && strcmp(m->word, "m") == 0;
        return months ? fail_months(s, m_at) : fail_unknown(s, m_at, strlen(m->word));
    }
    int exp10 = m ? m->exp10 : 0;
    fc_unit unit = {.factor = 1, .divisor = 1};
    ret = bare ? check_bare(s, &number, exp10) : read_unit(s, code, p, length, &unit);
    if (ret) return ret;
    if (brief && (!counts(dim) || strcmp(m->word, "m") == 0)) return fail_multiplier(s, m_at, m);
    return take_value(s, &number, &unit, exp10, out);
}

static int read_date(const fc_scalar *s, fc_quantity *out)
{
    fc_date first, last;
    int ret = fc_date_read(s, &first, &last);
    if (ret) return ret;
    out->value = (double)fc_date_days(first);
    out->last = (double)fc_date_days(last);
    return FC_OK;
}

int fc_quantity_parse(const char *text, const fc_unit_want *want, const fc_place *where,
                      fc_diag *diag, fc_quantity *out)
{
    char copy[FC_SCALAR_MAX];
    fc_quantity q = {.dim = want->dim, .item = want->item};
    fc_scalar s = {.text = copy, .want = want, .where = where, .diag = diag};
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1])) length--;
    if (length >= sizeof copy / 2) {
        /* Cut between two characters of UTF-8. */
        size_t cut = 40;
        while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80) cut--;
        snprintf(copy, sizeof copy, "%.*s...", (int)cut, text);
        return fc_fail(diag, FC_E_VALUE_NUMBER, where, copy, example(&s), NULL);
    }
    snprintf(copy, sizeof copy, "%.*s", (int)length, text);
    int ret = check_text(&s);
    if (ret) return ret;
    if (want->dim == FC_DIM_DATE) {
        ret = read_date(&s, &q);
    } else {
        char code[4];
        const char *after = leading_currency(copy, code), *at = after ? after : copy;
        do { /* 1 year 6 months; not -1 year 6 months */
            ret = q.value < 0 ? fc_fail(diag, FC_E_VALUE_NUMBER, where, copy, example(&s), NULL)
                              : read_one(&s, &at, code, &q);
        } while (ret == FC_OK && *at);
        q.last = q.value;
    }
    if (ret == FC_OK) *out = q;
    return ret;
}
