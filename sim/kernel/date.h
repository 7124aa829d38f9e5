/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates and simulation time.
 *
 * A date is a day of the proleptic Gregorian calendar, years 1 to 9999. Functions that would
 * leave those years return their first or last day. A day number counts days since 1970-01-01.
 *
 * Simulation time is a double: seconds since 00:00 local time of the scenario's first day (the
 * epoch). Every day has 86,400 s: there are no leap seconds and no daylight saving time (a fleet's
 * offset from UTC is fixed). "On DATE" is its 00:00; "by DATE" is the end of that day, which is
 * the 00:00 of the day after; the end of a month is the 00:00 of the first day of the next.
 */
#ifndef FC_KERNEL_DATE_H
#define FC_KERNEL_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Units of duration in seconds; a month and a year are the mean ones of the Julian calendar. */
#define FC_HOUR 3600.0
#define FC_DAY 86400.0
#define FC_MONTH (30.4375 * FC_DAY)
#define FC_YEAR (365.25 * FC_DAY)

typedef struct fc_date {
    int year, month, day; /* month 1..12, day 1..31 */
} fc_date;

#define FC_DATE_FIRST ((fc_date){1, 1, 1})
#define FC_DATE_LAST ((fc_date){9999, 12, 31})

bool fc_date_valid(fc_date date);
bool fc_leap_year(int year);
int fc_month_days(int year, int month);    /* length of a month in days; 0 if no such month */
int fc_date_compare(fc_date a, fc_date b); /* <0, 0, >0 */
int64_t fc_date_days(fc_date date);        /* days since 1970-01-01 of a valid date */
fc_date fc_date_of_days(int64_t days);
int fc_date_weekday(fc_date date);     /* ISO 8601: 1 Monday .. 7 Sunday */
int fc_date_day_of_year(fc_date date); /* 1..366 */
int fc_date_quarter(fc_date date);     /* 1..4 */
fc_date fc_date_add_days(fc_date date, int64_t days);
/* The same day `months` later (earlier if negative), at most the last day of that month:
 * 31 January + 1 month is 28 or 29 February. */
fc_date fc_date_add_months(fc_date date, int64_t months);

/* Fiscal years start each year on (start_month, start_day) and are named by the calendar year
 * they start in: Japan's 1 April 2025 to 31 March 2026 is 2025. (The United States name theirs
 * by the year they end in: add one.) A start on 29 February is the 28th in common years. */
int fc_date_fiscal_year(fc_date date, int start_month, int start_day);
fc_date fc_fiscal_year_start(int year, int start_month, int start_day);

/* Reads "2026-07-01", "2026-07", "2026-Q3", "2026-H2" or "2026": the first day of what it names,
 * and through `last` (may be NULL) the last. The whole text must match.
 * FC_E_DOMAIN otherwise, and *first tells why: {0, 0, 0} if the text has none of these forms, else
 * the numbers as written, of a day that does not exist ({2026, 2, 30}). */
int fc_date_parse(const char *text, fc_date *first, fc_date *last);

typedef enum fc_date_style {
    FC_DATE_ISO,      /* 2030-07-01 */
    FC_DATE_KO_DOTS,  /* 2030.7.1. */
    FC_DATE_KO_LONG,  /* 2030년 7월 1일 */
    FC_DATE_KO_SHORT, /* ’30.7.1. */
    FC_MONTH_ISO,     /* 2030-07 */
    FC_MONTH_KO_DOTS, /* 2030.7. */
    FC_MONTH_KO_LONG, /* 2030년 7월 */
} fc_date_style;

enum { FC_DATE_TEXT = 64 }; /* bytes that hold any style, the NUL included */

/* Writes a valid date and returns `text`. */
const char *fc_date_format(fc_date date, fc_date_style style, char text[FC_DATE_TEXT]);

/* The day at whose 00:00 simulation time is 0. */
typedef struct fc_epoch {
    int64_t start_day; /* day number */
} fc_epoch;

fc_epoch fc_epoch_on(fc_date start);
double fc_epoch_time(fc_epoch epoch, fc_date date);    /* 00:00 of the date */
double fc_epoch_time_by(fc_epoch epoch, fc_date date); /* its end: 00:00 of the next day */
fc_date fc_epoch_date(fc_epoch epoch, double time);    /* the day that `time` falls on */
/* The last day that ends at or before `time`: the date to print for an exclusive end, or for the
 * end of a period. fc_epoch_date_by(e, fc_epoch_time_by(e, d)) is d. */
fc_date fc_epoch_date_by(fc_epoch epoch, double time);
double fc_time_of_day(double time); /* seconds since 00:00, in [0, FC_DAY); `time` is finite */
/* 1 Monday .. 7 Sunday */
int fc_epoch_weekday(fc_epoch epoch, double time);

/* Calendar periods, each a number of months that divides a year. */
typedef enum fc_period {
    FC_PERIOD_MONTH = 1,
    FC_PERIOD_QUARTER = 3,
    FC_PERIOD_HALF = 6,
    FC_PERIOD_YEAR = 12,
} fc_period;

/* The first period end strictly after `time`; INFINITY past the last year. */
double fc_period_end_after(fc_epoch epoch, fc_period period, double time);
/* All period ends in (from, to], ascending: returns how many there are and writes the first
 * `capacity` of them (`ends` may be NULL if that is 0). The month ends of a horizon [0, H) that
 * ends with a month include H itself. `from` and `to` are finite. */
size_t fc_period_ends(fc_epoch epoch, fc_period period, double from, double to, double *ends,
                      size_t capacity);

#endif
