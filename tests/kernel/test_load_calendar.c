/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Load calendars against a loop over all hours, and against counts by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "kernel/load_calendar.h"
#include "kernel/stream.h"

static uint32_t bits(int from, int to) /* inclusive */
{
    uint32_t mask = 0;
    for (int i = from; i <= to; i++) mask |= UINT32_C(1) << i;
    return mask;
}

/* Korea's general service as it was in 2025. */
static fc_load_rule korea(void)
{
    fc_load_rule rule = {
        .months = {bits(6, 8), bits(11, 12) | bits(1, 2)},
        .saturday = FC_AT_MOST_MID,
        .sunday = FC_ALL_OFF_PEAK,
        .holiday = FC_ALL_OFF_PEAK,
    };
    struct fc_load_hours warm = {.mid = bits(8, 10) | bits(12, 12) | bits(18, 21),
                                 .peak = bits(11, 11) | bits(13, 17)};
    struct fc_load_hours cold = {.mid = bits(8, 8) | bits(12, 15) | bits(19, 21),
                                 .peak = bits(9, 11) | bits(16, 18)};

    rule.hours[FC_SUMMER] = rule.hours[FC_OTHER_SEASON] = warm;
    rule.hours[FC_WINTER] = cold;
    return rule;
}

typedef struct made {
    fc_load_calendar calendar;
    void *memory;
} made;

static made make(const fc_load_rule *rule, const char *start, int64_t days)
{
    made m = {0};
    fc_date date;

    assert_int_equal(fc_date_parse(start, &date, NULL), 0);
    m.memory = malloc(fc_load_calendar_size(days));
    assert_non_null(m.memory);
    fc_load_calendar_make(rule, fc_epoch_on(date), days, m.memory, &m.calendar);
    return m;
}

static void assert_seconds(const fc_load_calendar *c, int64_t second, const int64_t wanted[3])
{
    int64_t got[FC_N_PERIODS];

    fc_load_seconds(c, second, got);
    for (int p = 0; p < FC_N_PERIODS; p++) assert_int_equal(got[p], wanted[p]);
}

/* 2025-01-01 is a Wednesday: its week has five working days, a Saturday and a Sunday. */
static void test_a_week_by_hand(void **state)
{
    (void)state;
    fc_load_rule rule = korea();
    made m = make(&rule, "2025-01-01", 365);

    assert_seconds(&m.calendar, 86400, (int64_t[]){10 * 3600, 8 * 3600, 6 * 3600});
    assert_seconds(&m.calendar, 9 * 3600 + 1800, (int64_t[]){8 * 3600, 3600, 1800});
    /* to the end of Saturday 4th, and of Sunday 5th */
    assert_seconds(&m.calendar, 4 * 86400, (int64_t[]){40 * 3600, (3 * 8 + 14) * 3600, 18 * 3600});
    assert_seconds(&m.calendar, 5 * 86400, (int64_t[]){64 * 3600, (3 * 8 + 14) * 3600, 18 * 3600});
    free(m.memory);
}

static void test_a_holiday_is_off_peak(void **state)
{
    (void)state;
    fc_load_rule rule = korea();
    int64_t holidays[] = {0, 0};
    made m;

    holidays[0] = fc_date_days((fc_date){2025, 1, 1});
    holidays[1] = fc_date_days((fc_date){2025, 1, 28});
    rule.holidays = holidays;
    rule.n_holidays = 2;
    m = make(&rule, "2025-01-01", 31);
    assert_seconds(&m.calendar, 86400, (int64_t[]){24 * 3600, 0, 0});
    assert_seconds(&m.calendar, 2 * 86400, (int64_t[]){34 * 3600, 8 * 3600, 6 * 3600});
    /* January: 21 working days that are no holiday, four Saturdays */
    assert_seconds(
        &m.calendar, 31 * 86400,
        (int64_t[]){(744 - 21 * 14 - 4 * 14) * 3600, (21 * 8 + 4 * 14) * 3600, 21 * 6 * 3600});
    free(m.memory);
}

/* Any rule, any moments: as many seconds of each period as a loop over the hours finds. */
static void test_against_a_loop_over_hours(void **state)
{
    (void)state;
    enum { DAYS = 800 };
    for (uint64_t number = 0; number < 40; number++) {
        fc_stream stream;
        fc_load_rule rule = {0};
        int64_t holidays[20], day = fc_date_days((fc_date){2023, 12, 1}), second = 0;
        int64_t sum[FC_N_PERIODS] = {0};
        made m;

        fc_stream_init(&stream, 77, 0, number);
        for (int s = 0; s < 2; s++) rule.months[s] = (uint32_t)fc_stream_below(&stream, 1 << 13);
        for (int s = 0; s < FC_N_SEASONS; s++) {
            rule.hours[s].mid = (uint32_t)fc_stream_below(&stream, 1 << 24);
            rule.hours[s].peak = (uint32_t)fc_stream_below(&stream, 1 << 24);
        }
        rule.saturday = (int)fc_stream_below(&stream, 3);
        rule.sunday = (int)fc_stream_below(&stream, 3);
        rule.holiday = (int)fc_stream_below(&stream, 3);
        for (int i = 0; i < 20; i++) holidays[i] = day += 1 + (int64_t)fc_stream_below(&stream, 60);
        rule.holidays = holidays;
        rule.n_holidays = 20;
        m = make(&rule, "2023-12-15", DAYS);
        for (int64_t hour = 0; hour < DAYS * 24; hour++) {
            fc_date date = fc_date_add_days((fc_date){2023, 12, 15}, hour / 24);
            int64_t rest = (int64_t)fc_stream_below(&stream, 3600), within[FC_N_PERIODS];
            fc_load_period p = fc_load_period_at(&rule, date, (int)(hour % 24));

            assert_seconds(&m.calendar, second, sum);
            memcpy(within, sum, sizeof sum);
            within[p] += rest;
            assert_seconds(&m.calendar, second + rest, within);
            sum[p] += 3600;
            second += 3600;
        }
        assert_seconds(&m.calendar, second, sum); /* the very end */
        free(m.memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_week_by_hand),
        cmocka_unit_test(test_a_holiday_is_off_peak),
        cmocka_unit_test(test_against_a_loop_over_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
