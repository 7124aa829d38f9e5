/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates against the C library's timegm and gmtime_r, and simulation time against dates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <math.h>
#include <cmocka.h>

#include "fleetcast/error.h"
#include "kernel/date.h"

#define assert_date(date, y, m, d)                                                                 \
    do {                                                                                           \
        fc_date got_ = (date);                                                                     \
        assert_int_equal(got_.year, y);                                                            \
        assert_int_equal(got_.month, m);                                                           \
        assert_int_equal(got_.day, d);                                                             \
    } while (0)

static fc_date on(int year, int month, int day)
{
    return (fc_date){year, month, day};
}

/* Each day of 1800 to 2299, a full cycle and more, with its year day and weekday. */
static void test_days_against_timegm(void **state)
{
    (void)state;
    fc_date before = on(1799, 12, 31);

    for (int64_t day = fc_date_days(on(1800, 1, 1)); day <= fc_date_days(on(2299, 12, 31)); day++) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        fc_date date = fc_date_of_days(day);
        assert_date(date, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
        assert_true(fc_date_valid(date));
        assert_int_equal(fc_date_day_of_year(date), tm.tm_yday + 1);
        assert_int_equal(fc_date_weekday(date), tm.tm_wday == 0 ? 7 : tm.tm_wday);
        assert_int_equal(fc_date_days(date) * 86400, timegm(&tm));
        assert_true(fc_date_compare(before, date) < 0 && fc_date_compare(date, before) > 0);
        assert_int_equal(fc_date_compare(date, date), 0);
        before = date;
    }
}

static void test_every_day_round_trips(void **state)
{
    (void)state;
    int64_t first = fc_date_days(FC_DATE_FIRST), last = fc_date_days(FC_DATE_LAST);

    assert_int_equal(first, -719162);
    assert_int_equal(last, 2932896);
    for (int64_t day = first; day <= last; day++)
        if (fc_date_days(fc_date_of_days(day)) != day) fail_msg("day %lld", (long long)day);
    /* Beyond the calendar: its ends. */
    assert_date(fc_date_of_days(first - 1), 1, 1, 1);
    assert_date(fc_date_of_days(INT64_MIN), 1, 1, 1);
    assert_date(fc_date_of_days(last + 1), 9999, 12, 31);
    assert_date(fc_date_of_days(INT64_MAX), 9999, 12, 31);
}

static void test_validity(void **state)
{
    (void)state;
    assert_true(fc_date_valid(on(2024, 2, 29)));
    assert_true(fc_date_valid(on(2000, 2, 29)));
    assert_false(fc_date_valid(on(1900, 2, 29)));
    assert_false(fc_date_valid(on(2026, 2, 29)));
    assert_false(fc_date_valid(on(2026, 4, 31)));
    assert_false(fc_date_valid(on(2026, 0, 1)));
    assert_false(fc_date_valid(on(2026, 13, 1)));
    assert_false(fc_date_valid(on(2026, 1, 0)));
    assert_false(fc_date_valid(on(0, 1, 1)));
    assert_false(fc_date_valid(on(10000, 1, 1)));
    assert_int_equal(fc_month_days(2026, 0), 0);
    assert_int_equal(fc_month_days(2026, 13), 0);
    assert_int_equal(fc_month_days(2100, 2), 28);
}

static void test_arithmetic(void **state)
{
    (void)state;
    assert_date(fc_date_add_months(on(2026, 1, 31), 1), 2026, 2, 28);
    assert_date(fc_date_add_months(on(2027, 12, 31), 2), 2028, 2, 29);
    assert_date(fc_date_add_months(on(2026, 3, 31), -1), 2026, 2, 28);
    assert_date(fc_date_add_months(on(2026, 1, 15), -1), 2025, 12, 15);
    assert_date(fc_date_add_months(on(2026, 1, 15), -13), 2024, 12, 15);
    assert_date(fc_date_add_months(on(2026, 5, 31), 0), 2026, 5, 31);
    assert_date(fc_date_add_months(on(2026, 5, 31), 1200), 2126, 5, 31);
    assert_date(fc_date_add_months(on(9999, 11, 5), 1), 9999, 12, 5);
    assert_date(fc_date_add_months(on(9999, 12, 5), 1), 9999, 12, 31);
    assert_date(fc_date_add_months(on(1, 1, 5), -1), 1, 1, 1);
    assert_date(fc_date_add_months(on(2026, 1, 1), INT64_MAX), 9999, 12, 31);
    assert_date(fc_date_add_months(on(2026, 1, 1), INT64_MIN), 1, 1, 1);
    assert_date(fc_date_add_days(on(2024, 2, 28), 2), 2024, 3, 1);
    assert_date(fc_date_add_days(on(2026, 1, 1), -1), 2025, 12, 31);
    assert_date(fc_date_add_days(on(2026, 1, 1), INT64_MAX), 9999, 12, 31);
    assert_date(fc_date_add_days(on(2026, 1, 1), INT64_MIN), 1, 1, 1);
    for (int month = 1; month <= 12; month++)
        assert_int_equal(fc_date_quarter(on(2026, month, 1)), (month + 2) / 3);
}

static void test_fiscal_year(void **state)
{
    (void)state;
    assert_int_equal(fc_date_fiscal_year(on(2026, 1, 1), 1, 1), 2026); /* Korea */
    assert_int_equal(fc_date_fiscal_year(on(2026, 12, 31), 1, 1), 2026);
    assert_int_equal(fc_date_fiscal_year(on(2026, 3, 31), 4, 1), 2025); /* Japan */
    assert_int_equal(fc_date_fiscal_year(on(2026, 4, 1), 4, 1), 2026);
    assert_int_equal(fc_date_fiscal_year(on(2026, 9, 30), 10, 1), 2025); /* United States */
    assert_int_equal(fc_date_fiscal_year(on(2027, 2, 27), 2, 29), 2026);
    assert_int_equal(fc_date_fiscal_year(on(2027, 2, 28), 2, 29), 2027);
    assert_int_equal(fc_date_fiscal_year(on(2028, 2, 28), 2, 29), 2027);
    assert_date(fc_fiscal_year_start(2028, 2, 29), 2028, 2, 29);
    assert_date(fc_fiscal_year_start(2027, 2, 29), 2027, 2, 28);
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        fc_date first, last;
    } good[] = {
        {"2026-07-01", {2026, 7, 1}, {2026, 7, 1}}, {"2024-02-29", {2024, 2, 29}, {2024, 2, 29}},
        {"0001-01-01", {1, 1, 1}, {1, 1, 1}},       {"9999-12-31", {9999, 12, 31}, {9999, 12, 31}},
        {"2028-02", {2028, 2, 1}, {2028, 2, 29}},   {"2026-12", {2026, 12, 1}, {2026, 12, 31}},
        {"2026-Q1", {2026, 1, 1}, {2026, 3, 31}},   {"2026-Q4", {2026, 10, 1}, {2026, 12, 31}},
        {"2026-H1", {2026, 1, 1}, {2026, 6, 30}},   {"2026-H2", {2026, 7, 1}, {2026, 12, 31}},
        {"2026", {2026, 1, 1}, {2026, 12, 31}},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        fc_date first, last;
        assert_int_equal(fc_date_parse(good[i].text, &first, &last), FC_OK);
        assert_int_equal(fc_date_compare(first, good[i].first), 0);
        assert_int_equal(fc_date_compare(last, good[i].last), 0);
        assert_int_equal(fc_date_parse(good[i].text, &first, NULL), FC_OK);
        assert_int_equal(fc_date_compare(first, good[i].first), 0);
    }
    static const char *const malformed[] = {
        "",           "2",          "202",         "20260701",   "2026-",       "2026-7-1",
        "2026-07-",   "2026-07-1",  "2026-07-011", "2026-Q0",    "2026-Q5",     "2026-H3",
        "2026-Q1-01", "2026-Q",     "2026-q1",     "2026/07/01", " 2026-07-01", "2026-07-01 ",
        "26-07-01",   "2026-0a-01", "-026-07-01",  "2026-07 01", "2026Q1",      "+2026-07",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        fc_date first, last;
        assert_int_equal(fc_date_parse(malformed[i], &first, &last), FC_E_DOMAIN);
        assert_date(first, 0, 0, 0);
    }
    fc_date first;
    assert_int_equal(fc_date_parse("2026-02-30", &first, NULL), FC_E_DOMAIN);
    assert_date(first, 2026, 2, 30);
    assert_int_equal(fc_date_parse("2026-07-00", &first, NULL), FC_E_DOMAIN);
    assert_date(first, 2026, 7, 0);
    assert_int_equal(fc_date_parse("2026-13", &first, NULL), FC_E_DOMAIN);
    assert_date(first, 2026, 13, 1);
    assert_int_equal(fc_date_parse("0000-01-01", &first, NULL), FC_E_DOMAIN);
    assert_date(first, 0, 1, 1);
}

static void test_format(void **state)
{
    (void)state;
    static const struct {
        fc_date_style style;
        const char *july, *december;
    } styles[] = {
        {FC_DATE_ISO, "2009-07-01", "2030-12-31"},
        {FC_DATE_KO_DOTS, "2009.7.1.", "2030.12.31."},
        {FC_DATE_KO_LONG, "2009년 7월 1일", "2030년 12월 31일"},
        {FC_DATE_KO_SHORT, "’09.7.1.", "’30.12.31."},
        {FC_MONTH_ISO, "2009-07", "2030-12"},
        {FC_MONTH_KO_DOTS, "2009.7.", "2030.12."},
        {FC_MONTH_KO_LONG, "2009년 7월", "2030년 12월"},
    };
    char text[FC_DATE_TEXT];

    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        assert_string_equal(fc_date_format(on(2009, 7, 1), styles[i].style, text), styles[i].july);
        assert_string_equal(fc_date_format(on(2030, 12, 31), styles[i].style, text),
                            styles[i].december);
    }
    /* What is written in the ISO style is read back. */
    for (int64_t day = fc_date_days(on(1999, 1, 1)); day < fc_date_days(on(2101, 1, 1)); day++) {
        fc_date first, last, date = fc_date_of_days(day);
        assert_int_equal(fc_date_parse(fc_date_format(date, FC_DATE_ISO, text), &first, &last), 0);
        assert_int_equal(fc_date_compare(first, date), 0);
        assert_int_equal(fc_date_compare(last, date), 0);
    }
}

static void test_time_and_dates(void **state)
{
    (void)state;
    fc_epoch epoch = fc_epoch_on(on(2023, 1, 1));

    assert_true(fc_epoch_time(epoch, on(2023, 1, 1)) == 0);
    assert_true(fc_epoch_time(epoch, on(2031, 1, 1)) == 2922 * FC_DAY);
    assert_true(fc_epoch_time_by(epoch, on(2030, 12, 31)) == 2922 * FC_DAY);
    assert_true(fc_epoch_time(epoch, on(2022, 12, 31)) == -FC_DAY);
    assert_date(fc_epoch_date(epoch, -0.5), 2022, 12, 31);
    assert_date(fc_epoch_date(epoch, INFINITY), 9999, 12, 31);
    assert_date(fc_epoch_date(epoch, 1e300), 9999, 12, 31);
    assert_date(fc_epoch_date(epoch, -INFINITY), 1, 1, 1);
    assert_date(fc_epoch_date(epoch, NAN), 1, 1, 1);
    assert_int_equal(fc_epoch_weekday(epoch, 0), 7); /* a Sunday */
    assert_int_equal(fc_epoch_weekday(epoch, FC_DAY), 1);
    assert_true(fc_time_of_day(3 * FC_DAY + 5 * FC_HOUR) == 5 * FC_HOUR);
    assert_true(fc_time_of_day(-FC_HOUR) == 23 * FC_HOUR);
    assert_true(fc_time_of_day(-1e-300) < FC_DAY);
    /* The instant before a midnight is still the day before, to the last bit, for 400 years. */
    for (int64_t day = 1; day <= 146097; day++) {
        fc_date date = fc_date_of_days(epoch.start_day + day);
        double midnight = fc_epoch_time(epoch, date), eve = nextafter(midnight, 0);
        assert_int_equal(fc_date_compare(fc_epoch_date(epoch, midnight), date), 0);
        assert_true(fc_date_compare(fc_epoch_date(epoch, eve), date) < 0);
        assert_int_equal(
            fc_date_compare(fc_epoch_date_by(epoch, fc_epoch_time_by(epoch, date)), date), 0);
        assert_true(fc_time_of_day(midnight) == 0);
    }
}

static void test_period_ends(void **state)
{
    (void)state;
    fc_epoch epoch = fc_epoch_on(on(2023, 1, 1));
    double horizon = fc_epoch_time(epoch, on(2031, 1, 1)), ends[96];

    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_MONTH, 0, horizon, ends, 96), 96);
    for (int i = 0; i < 96; i++) {
        fc_date end = fc_date_add_months(on(2023, 1, 1), i + 1);
        assert_true(ends[i] == fc_epoch_time(epoch, end));
    }
    assert_date(fc_epoch_date_by(epoch, ends[13]), 2024, 2, 29);
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_QUARTER, 0, horizon, NULL, 0), 32);
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_HALF, 0, horizon, NULL, 0), 16);
    /* No more than the capacity is written, all are counted. */
    ends[3] = -1;
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_YEAR, 0, horizon, ends, 3), 8);
    assert_true(ends[0] == 365 * FC_DAY && ends[1] == 731 * FC_DAY && ends[3] == -1);
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_MONTH, 0, 31 * FC_DAY, NULL, 0), 1);
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_MONTH, 0, 31 * FC_DAY - 1, NULL, 0), 0);
    assert_int_equal(fc_period_ends(epoch, FC_PERIOD_MONTH, 5, 5, NULL, 0), 0);

    /* A start within a period: its end is the calendar's. */
    epoch = fc_epoch_on(on(2026, 5, 20));
    assert_true(fc_period_end_after(epoch, FC_PERIOD_MONTH, 0) == 12 * FC_DAY);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_QUARTER, 0) == 42 * FC_DAY);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_HALF, 0) == 42 * FC_DAY);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_YEAR, 0) == 226 * FC_DAY);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_MONTH, 12 * FC_DAY) == 42 * FC_DAY);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_MONTH, 12 * FC_DAY - 1e-6) == 12 * FC_DAY);

    /* The calendar's last period has an end; nothing comes after it. */
    double last = fc_epoch_time_by(epoch, FC_DATE_LAST);
    assert_true(fc_period_end_after(epoch, FC_PERIOD_YEAR, last - FC_DAY) == last);
    assert_true(isinf(fc_period_end_after(epoch, FC_PERIOD_YEAR, last)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_against_timegm),
        cmocka_unit_test(test_every_day_round_trips),
        cmocka_unit_test(test_validity),
        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_fiscal_year),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_time_and_dates),
        cmocka_unit_test(test_period_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
