/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/load_calendar.h"

#include <stdlib.h>
#include <string.h>

/* Kinds of day within a season. */
enum { WORKDAY, SATURDAY, SUNDAY, HOLIDAY, N_KINDS };
enum { N_CLASSES = FC_N_SEASONS * N_KINDS };

fc_season fc_load_season(const fc_load_rule *rule, int month)
{
    for (int s = FC_SUMMER; s <= FC_WINTER; s++)
        if (rule->months[s] >> month & 1) return (fc_season)s;
    return FC_OTHER_SEASON;
}

static fc_load_period period_of(const fc_load_rule *rule, fc_season season, int kind, int hour)
{
    const int milder[N_KINDS] = {FC_AS_WORKDAY, rule->saturday, rule->sunday, rule->holiday};
    const struct fc_load_hours *hours = &rule->hours[season];
    fc_load_period p = hours->peak >> hour & 1  ? FC_PEAK
                       : hours->mid >> hour & 1 ? FC_MID_PEAK
                                                : FC_OFF_PEAK;

    if (milder[kind] == FC_ALL_OFF_PEAK) return FC_OFF_PEAK;
    return milder[kind] == FC_AT_MOST_MID && p == FC_PEAK ? FC_MID_PEAK : p;
}

static int by_day(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int kind_of(const fc_load_rule *rule, fc_date date)
{
    int64_t day = fc_date_days(date);
    int weekday = fc_date_weekday(date);

    if (rule->n_holidays > 0 &&
        bsearch(&day, rule->holidays, rule->n_holidays, sizeof day, by_day) != NULL)
        return HOLIDAY;
    return weekday == 6 ? SATURDAY : weekday == 7 ? SUNDAY : WORKDAY;
}

fc_load_period fc_load_period_at(const fc_load_rule *rule, fc_date date, int hour)
{
    return period_of(rule, fc_load_season(rule, date.month), kind_of(rule, date), hour);
}

/* One day more than there are, for the moment at which the last ends. */
static size_t days_bytes(int64_t n_days)
{
    return ((size_t)n_days + 1) * sizeof(uint32_t[FC_N_PERIODS]);
}

size_t fc_load_calendar_size(int64_t n_days)
{
    return days_bytes(n_days) + N_CLASSES * (sizeof(uint8_t[25][FC_N_PERIODS]) + 24) +
           (size_t)n_days + 1;
}

void fc_load_calendar_make(const fc_load_rule *rule, fc_epoch epoch, int64_t n_days, void *memory,
                           fc_load_calendar *out)
{
    uint32_t(*before)[FC_N_PERIODS] = memory;
    uint8_t *bytes = (uint8_t *)memory + days_bytes(n_days), *day_class;

    out->n_days = n_days;
    out->before = (const uint32_t(*)[FC_N_PERIODS])before;
    out->within = (uint8_t(*)[25][FC_N_PERIODS])bytes;
    bytes += N_CLASSES * sizeof *out->within;
    out->period = (uint8_t(*)[24])bytes;
    out->day_class = day_class = bytes + N_CLASSES * sizeof *out->period;
    for (int class = 0; class < N_CLASSES; class ++) {
        uint8_t sum[FC_N_PERIODS] = {0};

        for (int hour = 0; hour <= 24; hour++) {
            memcpy(out->within[class][hour], sum, sizeof sum);
            if (hour == 24) break;
            out->period[class][hour] =
                (uint8_t)period_of(rule, (fc_season)(class / N_KINDS), class % N_KINDS, hour);
            sum[out->period[class][hour]]++;
        }
    }
    memset(before[0], 0, sizeof before[0]);
    for (int64_t day = 0; day <= n_days; day++) {
        fc_date date = fc_date_of_days(epoch.start_day + day);
        int class = (int)fc_load_season(rule, date.month) * N_KINDS + kind_of(rule, date);

        day_class[day] = (uint8_t) class;
        if (day == n_days) break;
        for (int p = 0; p < FC_N_PERIODS; p++)
            before[day + 1][p] = before[day][p] + out->within[class][24][p];
    }
}
