/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/chart_text.h"

#include <math.h>
#include "kernel/date.h"
#include "report/axis.h"
#include "report/words.h"

enum { ROWS = 12, LABEL = 8, WIDEST = 6, MAX_COLUMNS = 200 };

/* Each row has an upper and a lower half, so that the median steps by half rows. */
static const char *const median_mark[2] = {"▄", "▀"};
static const char band_mark[] = "░", announced_mark[] = "╌";

typedef struct chart {
    const fc_fan *fan, *announced;
    fc_axis axis;
    size_t first, n;              /* quarters: index of the fan's first quarter end; columns */
    size_t each, step;            /* columns a quarter; quarters a column, if more than fit */
    size_t quarters[MAX_COLUMNS]; /* of each column: index into fan->day */
    bool color;
    fc_text *out;
} chart;

static bool ends_quarter(int64_t day)
{
    return fc_date_of_days(day).month % 3 == 0;
}

/* Chooses the quarter ends that are shown. */
static void choose(chart *c, size_t width)
{
    size_t room = width > LABEL + 12 ? width - LABEL - 2 : 10, all = 0, seen = 0;
    if (room > MAX_COLUMNS) room = MAX_COLUMNS;
    for (size_t d = 0; d < c->fan->n_days; d++) all += ends_quarter(c->fan->day[d]);
    if (all == 0) return;
    c->step = (all + room - 1) / room;
    c->each = c->step > 1 ? 1 : room / all;
    if (c->each > WIDEST) c->each = WIDEST;
    for (size_t d = 0; d < c->fan->n_days; d++) {
        if (!ends_quarter(c->fan->day[d]) || seen++ % c->step != c->step - 1) continue;
        for (size_t k = 0; k < c->each && c->n < MAX_COLUMNS; k++) c->quarters[c->n++] = d;
    }
}

/* The half row of a value: 0 is the lowest, the axis's top the highest. */
static int half_row(const chart *c, double value)
{
    return (int)lround(value / c->axis.top * (2 * ROWS - 1));
}

static void mark(const chart *c, const char *glyph, const char *color)
{
    if (c->color)
        fc_text_printf(c->out, "\033[%sm%s\033[0m", color, glyph);
    else
        fc_text_add(c->out, glyph);
}

static void add_cell(const chart *c, size_t d, int row)
{
    const fc_fan *fan = c->fan;
    double announced = fc_fan_at(c->announced, FC_FAN_P50, fan->day[d]);
    int middle = half_row(c, fan->value[FC_FAN_P50][d]);
    if (middle / 2 == row && fan->value[FC_FAN_P50][d] > 0)
        mark(c, median_mark[middle % 2], "32");
    else if (announced > 0 && half_row(c, announced) / 2 == row)
        mark(c, announced_mark, "33");
    else if (half_row(c, fan->value[FC_FAN_P05][d]) / 2 <= row &&
             row <= half_row(c, fan->value[FC_FAN_P95][d]) / 2 && fan->value[FC_FAN_P95][d] > 0)
        mark(c, band_mark, "90");
    else
        fc_text_add(c->out, " ");
}

/* The tick whose height lies in this row. */
static void add_label(const chart *c, int row, fc_lang lang)
{
    fc_text label = FC_TEXT_EMPTY;
    long ticks = lround(c->axis.top / c->axis.step);
    for (long i = 0; i <= ticks; i++) {
        double tick = (double)i * c->axis.step;
        if (half_row(c, tick) / 2 == row) fc_axis_label(&label, tick, lang);
    }
    fc_add_cell(c->out, label.data ? label.data : "", LABEL, true);
    fc_text_add(c->out, label.length ? " ┤" : " │");
    c->out->failed |= label.failed;
    fc_text_free(&label);
}

/* Under the first column of each year its number, as often as there is room. */
static void add_years(const chart *c)
{
    size_t column = 0, free = 0;
    int last = 0;
    fc_text_printf(c->out, "%*s └", LABEL, "");
    for (size_t i = 0; i < c->n; i++) fc_text_add(c->out, "─");
    fc_text_printf(c->out, "\n%*s  ", LABEL, "");
    for (size_t i = 0; i < c->n; i++) {
        int year = fc_date_of_days(c->fan->day[c->quarters[i]]).year;
        if (year == last) continue;
        last = year;
        if (i < free) continue;
        fc_text_printf(c->out, "%*s%d", (int)(i - column), "", year);
        column = i + 4;
        free = column + 1;
    }
    fc_text_add(c->out, "\n");
}

static void add_legend(const chart *c, fc_lang lang)
{
    fc_text_printf(c->out, "%*s  ", LABEL, "");
    mark(c, median_mark[0], "32");
    mark(c, median_mark[1], "32");
    fc_text_add(c->out, FC_PICK(lang, " median   ", " 중앙값   "));
    mark(c, band_mark, "90");
    mark(c, band_mark, "90");
    fc_text_add(c->out, FC_PICK(lang, " 90% of futures", " 모의의 90%"));
    if (fc_fan_most(c->announced, FC_FAN_P50) > 0) {
        fc_text_add(c->out, "   ");
        mark(c, announced_mark, "33");
        mark(c, announced_mark, "33");
        fc_text_add(c->out, FC_PICK(lang, " announced", " 발표 목표"));
    }
    fc_text_add(c->out, "\n");
}

void fc_chart_text(const fc_fan *in_service, const fc_fan *announced, fc_lang lang, size_t width,
                   bool color, fc_text *out)
{
    chart c = {.fan = in_service, .announced = announced, .color = color, .out = out};
    double most = fmax(fc_fan_most(in_service, FC_FAN_P95), fc_fan_most(announced, FC_FAN_P50));
    choose(&c, width);
    if (most <= 0 || c.n == 0) return;
    c.axis = fc_axis_to(most, 6);
    fc_text_add(out, FC_PICK(lang, "\nGPUs in service at the ends of quarters\n",
                             "\n분기 말 가동 GPU(장)\n"));
    for (int row = ROWS - 1; row >= 0; row--) {
        add_label(&c, row, lang);
        for (size_t i = 0; i < c.n; i++) add_cell(&c, c.quarters[i], row);
        while (out->length > 0 && out->data[out->length - 1] == ' ') out->length--;
        fc_text_add(out, "\n");
    }
    add_years(&c);
    add_legend(&c, lang);
}
