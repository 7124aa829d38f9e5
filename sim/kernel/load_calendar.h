/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Load calendar of an electricity tariff: which hours are off-peak, mid-peak and peak, and how
 * many seconds of each lie before a moment.
 *
 * Months belong to one of three seasons, hours of the day to one of three load periods, by season.
 * Saturdays, Sundays and holidays may be milder than working days. All borders are whole hours of
 * local time, so the counts are whole seconds and exact; asking costs one look-up, so that energy
 * by load period needs no event at each hour.
 */
#ifndef FC_KERNEL_LOAD_CALENDAR_H
#define FC_KERNEL_LOAD_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel/date.h"

typedef enum fc_season { FC_SUMMER, FC_WINTER, FC_OTHER_SEASON, FC_N_SEASONS } fc_season;
typedef enum fc_load_period { FC_OFF_PEAK, FC_MID_PEAK, FC_PEAK, FC_N_PERIODS } fc_load_period;

/* What becomes of the peak and mid-peak hours of a day that is no working day. */
typedef enum fc_milder {
    FC_AS_WORKDAY,
    FC_AT_MOST_MID, /* peak counts as mid-peak */
    FC_ALL_OFF_PEAK,
} fc_milder;

typedef struct fc_load_rule {
    uint32_t months[2];     /* of SUMMER and WINTER: bit 1 is January; the rest is OTHER */
    struct fc_load_hours {  /* bit h is the hour from h:00; the rest is off-peak */
        uint32_t mid, peak; /* of an hour in both: peak */
    } hours[FC_N_SEASONS];
    int saturday, sunday; /* fc_milder */
    int holiday;
    size_t n_holidays;
    const int64_t *holidays; /* day numbers since 1970-01-01, ascending */
} fc_load_rule;

fc_season fc_load_season(const fc_load_rule *rule, int month);
fc_load_period fc_load_period_at(const fc_load_rule *rule, fc_date date, int hour);

typedef struct fc_load_calendar {
    int64_t n_days;
    const uint8_t *day_class;                /* of each day: row of `within` */
    const uint32_t (*before)[FC_N_PERIODS];  /* hours of each period before the day */
    uint8_t (*within)[24 + 1][FC_N_PERIODS]; /* ... and in it before an hour */
    uint8_t (*period)[24];                   /* of each hour of a day of the class */
} fc_load_calendar;

/* Bytes of the memory that a calendar of so many days from the epoch on needs. */
size_t fc_load_calendar_size(int64_t n_days);
/* Fills `memory` (suitably aligned for anything) and points into it. */
void fc_load_calendar_make(const fc_load_rule *rule, fc_epoch epoch, int64_t n_days, void *memory,
                           fc_load_calendar *out);

/* Seconds of each period in [0, second); 0 <= second <= n_days x 86,400. */
static inline void fc_load_seconds(const fc_load_calendar *c, int64_t second,
                                   int64_t out[FC_N_PERIODS])
{
    int64_t day = second / 86400, rest = second - day * 86400, hour = rest / 3600;
    unsigned class = c->day_class[day];

    for (int p = 0; p < FC_N_PERIODS; p++)
        out[p] = 3600 * ((int64_t)c->before[day][p] + c->within[class][hour][p]);
    out[c->period[class][hour]] += rest - hour * 3600;
}

#endif
