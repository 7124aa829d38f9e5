/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/field.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/date.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where a number in decimal notation ends; NULL if it is none. What strtod takes beside
 * (hexadecimal numbers, "inf", blanks in front) is none. */
static const char *number_end(const char *p)
{
    const char *digits;
    size_t n;
    if (*p == '-' || *p == '+') p++;
    for (digits = p; is_digit(*p); p++) continue;
    n = (size_t)(p - digits);
    if (*p == '.')
        for (p++; is_digit(*p); p++, n++) continue;
    if (n == 0) return NULL;
    if (*p != 'e' && *p != 'E') return p;
    p++;
    if (*p == '-' || *p == '+') p++;
    if (!is_digit(*p)) return NULL;
    while (is_digit(*p)) p++;
    return p;
}

/* Up to 15 digits with a point are two exact numbers and one rounding (Clinger 1990). */
static bool short_decimal(const char *p, const char *end, double *out)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    int64_t value = 0;
    int digits = 0, behind = 0;
    bool negative = *p == '-', point = false;
    if (*p == '-' || *p == '+') p++;
    for (; p < end; p++) {
        if (*p == '.') {
            point = true;
        } else if (!is_digit(*p) || ++digits > 15) {
            return false;
        } else {
            value = value * 10 + (*p - '0');
            behind += point;
        }
    }
    *out = (double)(negative ? -value : value) / power[behind];
    return true;
}

const char *fc_field_number_slow(const char *text, double *out)
{
    const char *end = number_end(text);
    if (!end) return NULL;
    if (short_decimal(text, end, out)) return end;
    /* A number's point is a point, whatever the caller's locale. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) return NULL;
    locale_t before = uselocale(plain);
    *out = strtod(text, NULL);
    uselocale(before);
    freelocale(plain);
    return isfinite(*out) ? end : NULL;
}

/* `n` digits; -1 if they are not. */
static int digits(const char *p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!is_digit(p[i])) return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

bool fc_field_time(const char *text, size_t length, double *out)
{
    enum { SECONDS = 19 }; /* YYYY-MM-DD HH:MM:SS */
    char second = length > 10 ? text[10] : '\0';
    if (length < SECONDS || text[4] != '-' || text[7] != '-' || (second != ' ' && second != 'T') ||
        text[13] != ':' || text[16] != ':')
        return false;
    fc_date date = {digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)};
    int h = digits(text + 11, 2), m = digits(text + 14, 2), s = digits(text + 17, 2);
    if (!fc_date_valid(date) || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return false;
    double fraction = 0, offset = 0;
    const char *p = text + SECONDS, *end = text + length;
    if (*p == '.') {
        double place = 1;
        for (p++; p < end && is_digit(*p); p++) fraction += (*p - '0') * (place /= 10);
    }
    if (end - p == 1 && *p == 'Z') {
        p++;
    } else if (end - p == 6 && (*p == '+' || *p == '-') && p[3] == ':') {
        int hours = digits(p + 1, 2), minutes = digits(p + 4, 2);
        if (hours < 0 || minutes < 0) return false;
        offset = (*p == '-' ? -60 : 60) * (hours * 60.0 + minutes);
        p = end;
    }
    *out = (double)fc_date_days(date) * FC_DAY + h * 3600 + m * 60 + s + fraction - offset;
    return p == end;
}
