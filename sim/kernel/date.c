/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "fleetcast/error.h"
#include "kernel/date.h"

/* Day numbers of FC_DATE_FIRST and FC_DATE_LAST. */
static const int64_t FIRST_DAY = -719162, LAST_DAY = 2932896;

static int64_t clamp_day(int64_t day)
{
    return day < FIRST_DAY ? FIRST_DAY : day > LAST_DAY ? LAST_DAY : day;
}

bool fc_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int fc_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12) return 0;
    return month == 2 && fc_leap_year(year) ? 29 : days[month - 1];
}

bool fc_date_valid(fc_date date)
{
    return date.year >= FC_DATE_FIRST.year && date.year <= FC_DATE_LAST.year && date.day >= 1 &&
           date.day <= fc_month_days(date.year, date.month);
}

int fc_date_compare(fc_date a, fc_date b)
{
    if (a.year != b.year) return a.year < b.year ? -1 : 1;
    if (a.month != b.month) return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

/* Days in the years of the calendar before this one. */
static int64_t days_before_year(int year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

int fc_date_day_of_year(fc_date date)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    assert(fc_date_valid(date));
    return before[date.month - 1] + (date.month > 2 && fc_leap_year(date.year)) + date.day;
}

int64_t fc_date_days(fc_date date)
{
    return FIRST_DAY + days_before_year(date.year) + fc_date_day_of_year(date) - 1;
}

fc_date fc_date_of_days(int64_t days)
{
    int64_t day = clamp_day(days) - FIRST_DAY; /* since 1 January of year 1 */
    /* 400 years have 146,097 days, and the leap days come late in each four: the quotient is this
     * year or the one before. */
    int year = 1 + (int)(day * 400 / 146097);
    if (days_before_year(year + 1) <= day) year++;
    int left = (int)(day - days_before_year(year)), month = 1;
    while (left >= fc_month_days(year, month)) left -= fc_month_days(year, month++);
    return (fc_date){year, month, left + 1};
}

int fc_date_weekday(fc_date date)
{
    /* 1 January of year 1 is a Monday. */
    return (int)((fc_date_days(date) - FIRST_DAY) % 7) + 1;
}

int fc_date_quarter(fc_date date)
{
    return (date.month - 1) / 3 + 1;
}

fc_date fc_date_add_days(fc_date date, int64_t days)
{
    if (days > LAST_DAY - FIRST_DAY) return FC_DATE_LAST;
    if (days < FIRST_DAY - LAST_DAY) return FC_DATE_FIRST;
    return fc_date_of_days(fc_date_days(date) + days);
}

fc_date fc_date_add_months(fc_date date, int64_t months)
{
    const int64_t last = 12 * (int64_t)FC_DATE_LAST.year - 1;

    assert(fc_date_valid(date));
    int64_t month = 12 * (int64_t)(date.year - 1) + date.month - 1; /* since January of year 1 */
    if (months > last - month) return FC_DATE_LAST;
    if (months < -month) return FC_DATE_FIRST;
    month += months;
    fc_date sum = {(int)(month / 12) + 1, (int)(month % 12) + 1, date.day};
    int length = fc_month_days(sum.year, sum.month);
    if (sum.day > length) sum.day = length;
    return sum;
}

fc_date fc_fiscal_year_start(int year, int start_month, int start_day)
{
    int length = fc_month_days(year, start_month);
    return (fc_date){year, start_month, start_day > length ? length : start_day};
}

int fc_date_fiscal_year(fc_date date, int start_month, int start_day)
{
    fc_date start = fc_fiscal_year_start(date.year, start_month, start_day);
    return fc_date_compare(date, start) >= 0 ? date.year : date.year - 1;
}

/* `count` digits, and nothing else, moved past; -1 if they are not there. */
static int digits(const char **text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9') return -1;
        value = 10 * value + (**text - '0');
    }
    return value;
}

/* Reads what follows "YYYY-": a quarter, a half, a month or a month and a day. Sets the first
 * month of the period, its number of months, and its day (-1: whole months). */
static bool parse_within_year(const char *text, int *month, int *months, int *day)
{
    *day = -1;
    if ((text[0] == 'Q' && text[1] >= '1' && text[1] <= '4') ||
        (text[0] == 'H' && text[1] >= '1' && text[1] <= '2')) {
        *months = text[0] == 'Q' ? 3 : 6;
        *month = (text[1] - '1') * *months + 1;
        return text[2] == '\0';
    }
    *months = 1;
    if ((*month = digits(&text, 2)) < 0) return false;
    if (*text == '\0') return true;
    return *text++ == '-' && (*day = digits(&text, 2)) >= 0 && *text == '\0';
}

int fc_date_parse(const char *text, fc_date *first, fc_date *last)
{
    int month = 1, months = 12, day = -1;

    *first = (fc_date){0};
    int year = digits(&text, 4);
    if (year < 0) return FC_E_DOMAIN;
    if (*text != '\0' && (*text != '-' || !parse_within_year(text + 1, &month, &months, &day)))
        return FC_E_DOMAIN;
    *first = (fc_date){year, month, day >= 0 ? day : 1};
    if (!fc_date_valid(*first)) return FC_E_DOMAIN;
    if (last) {
        int end = month + months - 1;
        *last = day >= 0 ? *first : (fc_date){year, end, fc_month_days(year, end)};
    }
    return FC_OK;
}

const char *fc_date_format(fc_date date, fc_date_style style, char text[FC_DATE_TEXT])
{
    int y = date.year, m = date.month, d = date.day;

    switch (style) {
    case FC_DATE_ISO:
        snprintf(text, FC_DATE_TEXT, "%04d-%02d-%02d", y, m, d);
        break;
    case FC_DATE_KO_DOTS:
        snprintf(text, FC_DATE_TEXT, "%d.%d.%d.", y, m, d);
        break;
    case FC_DATE_KO_LONG:
        snprintf(text, FC_DATE_TEXT, "%d년 %d월 %d일", y, m, d);
        break;
    case FC_DATE_KO_SHORT:
        snprintf(text, FC_DATE_TEXT, "’%02d.%d.%d.", y % 100, m, d);
        break;
    case FC_MONTH_ISO:
        snprintf(text, FC_DATE_TEXT, "%04d-%02d", y, m);
        break;
    case FC_MONTH_KO_DOTS:
        snprintf(text, FC_DATE_TEXT, "%d.%d.", y, m);
        break;
    case FC_MONTH_KO_LONG:
        snprintf(text, FC_DATE_TEXT, "%d년 %d월", y, m);
        break;
    }
    return text;
}

fc_epoch fc_epoch_on(fc_date start)
{
    return (fc_epoch){fc_date_days(start)};
}

double fc_epoch_time(fc_epoch epoch, fc_date date)
{
    return (double)(fc_date_days(date) - epoch.start_day) * FC_DAY;
}

double fc_epoch_time_by(fc_epoch epoch, fc_date date)
{
    return fc_epoch_time(epoch, date) + FC_DAY;
}

/* Days that have ended by `time`. The quotient of the double next to a midnight never rounds to
 * that midnight's whole number: 86,400 k is no power of two, so its neighbours lie more than 2^-53
 * of it away, and half the spacing around k is at most 2^-53 of k. */
static double whole_days(double time)
{
    return floor(time / FC_DAY);
}

/* The day number `days` after the epoch, where `days` may be any double. */
static int64_t day_number(fc_epoch epoch, double days)
{
    if (!(days > (double)(FIRST_DAY - epoch.start_day))) return FIRST_DAY;
    if (days > (double)(LAST_DAY - epoch.start_day)) return LAST_DAY;
    return epoch.start_day + (int64_t)days;
}

fc_date fc_epoch_date(fc_epoch epoch, double time)
{
    return fc_date_of_days(day_number(epoch, whole_days(time)));
}

fc_date fc_epoch_date_by(fc_epoch epoch, double time)
{
    return fc_date_of_days(day_number(epoch, whole_days(time) - 1));
}

double fc_time_of_day(double time)
{
    double left = fmod(time, FC_DAY);
    if (left < 0) left += FC_DAY;
    /* A tiny negative remainder rounds up to the whole day. */
    return left < FC_DAY ? left : nextafter(FC_DAY, 0);
}

int fc_epoch_weekday(fc_epoch epoch, double time)
{
    return fc_date_weekday(fc_epoch_date(epoch, time));
}

/* First day of the period that follows the one `date` falls in; day number after the last day of
 * the calendar for its last period. */
static int64_t next_period_day(fc_date date, fc_period period)
{
    int into = (date.month - 1) % (int)period;
    fc_date start = {date.year, date.month - into, 1};
    if (start.year == FC_DATE_LAST.year && start.month + (int)period > 12) return LAST_DAY + 1;
    return fc_date_days(fc_date_add_months(start, (int)period));
}

double fc_period_end_after(fc_epoch epoch, fc_period period, double time)
{
    int64_t day = next_period_day(fc_epoch_date(epoch, time), period);
    double end = (double)(day - epoch.start_day) * FC_DAY;
    return end > time ? end : INFINITY;
}

size_t fc_period_ends(fc_epoch epoch, fc_period period, double from, double to, double *ends,
                      size_t capacity)
{
    size_t count = 0;

    for (double t = fc_period_end_after(epoch, period, from); t <= to && isfinite(t);
         t = fc_period_end_after(epoch, period, t)) {
        if (count < capacity) ends[count] = t;
        count++;
    }
    return count;
}
