/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/calendar_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 3, SHAPE = 64 };

/* A text's numbers, and its shape: "2026년 7월 1일" is 2026, 7, 1 in the shape "#년#월#일". */
typedef struct parts {
    int numbers[NUMBERS];
    int digits[NUMBERS];
    int count;
    char shape[SHAPE];
} parts;

static bool take_apart(const char *text, parts *out)
{
    size_t n = 0;
    *out = (parts){0};
    for (const char *p = text; *p;) {
        size_t digits = strspn(p, "0123456789");
        if (n + 2 > SHAPE || digits > 8 || (digits > 0 && out->count == NUMBERS)) return false;
        if (digits > 0) {
            out->numbers[out->count] = (int)strtol(p, NULL, 10);
            out->digits[out->count++] = (int)digits;
        }
        if (digits > 0 || *p != ' ') out->shape[n++] = digits > 0 ? '#' : *p;
        p += digits > 0 ? digits : 1;
    }
    return out->count > 0;
}

static const char *iso(int year, int month, int day, char text[FC_DATE_TEXT])
{
    fc_date date = {year, month, day};
    if (!fc_date_valid(date)) return NULL;
    return fc_date_format(date, FC_DATE_ISO, text);
}

/* --- errors -------------------------------------------------------------------------------------
 */

static int fail_form(const fc_scalar *s, const char *write)
{
    if (!write) write = fc_unit_example(FC_DIM_DATE);
    return fc_fail(s->diag, FC_E_DATE_FORM, s->where, s->text, write, NULL);
}

static int fail_day(const fc_scalar *s, int year, int month)
{
    char which[32], days[16];
    if (fc_month_days(year, month) == 0) return fail_form(s, NULL);
    snprintf(which, sizeof which, "%04d-%02d", year, month);
    snprintf(days, sizeof days, "%d", fc_month_days(year, month));
    return fc_fail(s->diag, FC_E_DATE_DAY, s->where, s->text, which, days, NULL);
}

static int fail_two_ways(const fc_scalar *s, const char *a, const char *b)
{
    if (!a || !b || strcmp(a, b) == 0) return fail_form(s, a ? a : b);
    return fc_fail(s->diag, FC_E_VALUE_TWO_WAYS, s->where, s->text, a, b, NULL);
}

/* A bare year: its first day or its last? */
static int fail_year(const fc_scalar *s, int year)
{
    char first[FC_DATE_TEXT], last[FC_DATE_TEXT];
    return fail_two_ways(s, iso(year, 1, 1, first), iso(year, 12, 31, last));
}

/* Three numbers in an order or with marks that are not ours. */
static int fail_three(const fc_scalar *s, const parts *p)
{
    const int *n = p->numbers;
    char a[FC_DATE_TEXT], b[FC_DATE_TEXT];
    if (p->digits[0] == 4) return fail_form(s, iso(n[0], n[1], n[2], a));
    if (p->digits[2] == 4) /* d/m/y or m/d/y */
        return fail_two_ways(s, iso(n[2], n[0], n[1], a), iso(n[2], n[1], n[0], b));
    return fail_form(s, iso(2000 + n[0] % 100, n[1], n[2], a));
}

/* One run of digits: a year, a date without marks, or the day number that spreadsheets keep
 * (1 = 1900-01-01, with a 29 February 1900 that never was; so 1899-12-30 is day 0 from March on).
 */
static int fail_digits(const fc_scalar *s, const parts *p)
{
    char text[FC_DATE_TEXT];
    int n = p->numbers[0];
    if (p->digits[0] == 4) return fail_year(s, n);
    if (p->digits[0] == 8) return fail_form(s, iso(n / 10000, n / 100 % 100, n % 100, text));
    if (p->digits[0] != 5) return fail_form(s, NULL);
    fc_date date = fc_date_add_days((fc_date){1899, 12, 30}, n);
    return fc_fail(s->diag, FC_E_DATE_SERIAL, s->where, s->text,
                   fc_date_format(date, FC_DATE_ISO, text), NULL);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static int take_months(const fc_scalar *s, const parts *p, int month, int months, fc_date *first,
                       fc_date *last)
{
    fc_date start = {p->numbers[0], month, 1};
    if (p->digits[0] != 4 || month > 12 || !fc_date_valid(start)) return fail_form(s, NULL);
    *first = start;
    *last = fc_date_add_months(start, months - 1);
    last->day = fc_month_days(last->year, last->month);
    return FC_OK;
}

static int take_day(const fc_scalar *s, const parts *p, fc_date *first, fc_date *last)
{
    fc_date date = {p->numbers[0], p->numbers[1], p->numbers[2]};
    if (p->digits[0] != 4) return fail_three(s, p);
    if (!fc_date_valid(date)) return fail_day(s, date.year, date.month);
    *first = *last = date;
    return FC_OK;
}

static bool shaped(const parts *p, const char *shape)
{
    return strcmp(p->shape, shape) == 0;
}

int fc_date_read(const fc_scalar *s, fc_date *first, fc_date *last)
{
    parts p;
    bool apart = take_apart(s->text, &p);
    if (fc_date_parse(s->text, first, last) == FC_OK)
        return apart && shaped(&p, "#") ? fail_year(s, p.numbers[0]) : FC_OK;
    if (!apart) p = (parts){0};
    if (shaped(&p, "#년#월#일") || shaped(&p, "#.#.#.") || shaped(&p, "#.#.#"))
        return take_day(s, &p, first, last);
    if (shaped(&p, "#년#월") || shaped(&p, "#.#."))
        return take_months(s, &p, p.numbers[1], 1, first, last);
    if (shaped(&p, "#년#분기")) return take_months(s, &p, 3 * p.numbers[1] - 2, 3, first, last);
    if (shaped(&p, "#년상반기")) return take_months(s, &p, 1, 6, first, last);
    if (shaped(&p, "#년하반기")) return take_months(s, &p, 7, 6, first, last);
    if (shaped(&p, "#년")) return fail_year(s, p.numbers[0]);
    if (shaped(&p, "#-#-#") && p.digits[0] == 4 && p.digits[1] == 2 && p.digits[2] == 2)
        return fail_day(s, p.numbers[0], p.numbers[1]);
    if (shaped(&p, "#-#-#") || shaped(&p, "#/#/#")) return fail_three(s, &p);
    if (shaped(&p, "#") || (shaped(&p, "#.#") && p.digits[0] == 5)) return fail_digits(s, &p);
    char month[16] = "";
    if (p.count == 2 && p.digits[0] == 4 && p.numbers[1] >= 1 && p.numbers[1] <= 12)
        snprintf(month, sizeof month, "%04d-%02d", p.numbers[0], p.numbers[1]);
    /* 2026-07-01T00:00 and 2026-07-01 00:00 */
    char day[FC_DATE_TEXT] = "";
    snprintf(day, sizeof day, "%.10s", s->text);
    bool timed = strlen(s->text) > 10 && fc_date_parse(day, first, last) == FC_OK;
    return fail_form(s, timed ? day : *month ? month : NULL);
}
