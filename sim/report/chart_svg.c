/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/chart_svg.h"

#include <math.h>
#include "analysis/facts.h"
#include "analysis/fan.h"
#include "kernel/date.h"
#include "report/axis.h"
#include "report/words.h"

/* The picture in user units; the plot lies inside the margins. */
enum { WIDTH = 760, HEIGHT = 400, LEFT = 62, RIGHT = 16, TOP = 66, BOTTOM = 34 };

typedef struct picture {
    const fc_run_info *run;
    fc_fan fan, announced, contracted;
    fc_axis axis;
    fc_lang lang;
    fc_text *out;
} picture;

/* Colours are chosen to differ in lightness as well as in hue, on white and on black. */
static const char style[] =
    "<style>\n"
    "text{font:13px system-ui,'Noto Sans','Noto Sans KR','Noto Sans CJK KR','Malgun Gothic',"
    "sans-serif;fill:#24292f}\n"
    ".title{font-size:16px;font-weight:600}\n"
    ".page{fill:#fff}\n"
    ".grid{stroke:#d0d7de}\n"
    ".wide{fill:#1f77b4;fill-opacity:.2}\n"
    ".half{fill:#1f77b4;fill-opacity:.35}\n"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round}\n"
    ".median{stroke:#1f77b4;stroke-width:2.5}\n"
    ".plan{stroke:#c4501b;stroke-dasharray:7 4}\n"
    ".order{stroke:#6e7781;stroke-dasharray:2 3}\n"
    "@media(prefers-color-scheme:dark){\n"
    "text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#30363d}.wide,.half{fill:#6cb6ff}\n"
    ".median{stroke:#6cb6ff}.plan{stroke:#ff9e64}.order{stroke:#9aa4af}\n"
    "}\n"
    "</style>\n";

static double x_of(const picture *p, double day)
{
    double start = (double)p->run->start_day, end = (double)p->run->end_day;
    return LEFT + (day - start) / (end - start) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const picture *p, double value)
{
    return HEIGHT - BOTTOM - value / p->axis.top * (HEIGHT - TOP - BOTTOM);
}

/* A month end is the start of the next day. */
static void point(const picture *p, char command, const fc_fan *fan, int which, size_t d)
{
    fc_text_printf(p->out, "%c%.1f %.1f", command, x_of(p, (double)fan->day[d] + 1),
                   y_of(p, fan->value[which][d]));
}

/* The area between two quantiles, there along the lower and back along the upper. */
static void band(const picture *p, const char *class, int low, int high)
{
    const fc_fan *fan = &p->fan;
    fc_text_printf(p->out, "<path class=\"%s\" d=\"", class);
    for (size_t d = 0; d < fan->n_days; d++) point(p, d ? 'L' : 'M', fan, low, d);
    for (size_t d = fan->n_days; d-- > 0;) point(p, 'L', fan, high, d);
    fc_text_add(p->out, "Z\"/>\n");
}

static void line(const picture *p, const char *class, const fc_fan *fan)
{
    if (fan->n_days == 0) return;
    fc_text_printf(p->out, "<path class=\"line %s\" d=\"", class);
    for (size_t d = 0; d < fan->n_days; d++) point(p, d ? 'L' : 'M', fan, FC_FAN_P50, d);
    fc_text_add(p->out, "\"/>\n");
}

/* What was announced for a date holds from that date on: a step at the month's end. */
static void steps(const picture *p, const char *class, const fc_fan *fan)
{
    if (fc_fan_most(fan, FC_FAN_P50) <= 0) return;
    fc_text_printf(p->out, "<path class=\"line %s\" d=\"", class);
    size_t first = 0; /* the last month end with nothing announced yet */
    while (first + 1 < fan->n_days && fan->value[FC_FAN_P50][first + 1] <= 0) first++;
    point(p, 'M', fan, FC_FAN_P50, first);
    for (size_t d = first + 1; d < fan->n_days; d++)
        fc_text_printf(p->out, "H%.1fV%.1f", x_of(p, (double)fan->day[d] + 1),
                       y_of(p, fan->value[FC_FAN_P50][d]));
    fc_text_add(p->out, "\"/>\n");
}

static void axes(const picture *p)
{
    long ticks = lround(p->axis.top / p->axis.step);
    for (long i = 0; i <= ticks; i++) {
        double tick = (double)i * p->axis.step, y = y_of(p, tick);
        fc_text_printf(p->out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                       LEFT, WIDTH - RIGHT, y, y);
        fc_text_printf(p->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, y + 4);
        fc_axis_label(p->out, tick, p->lang);
        fc_text_add(p->out, "</text>\n");
    }
    int first = fc_date_of_days(p->run->start_day).year;
    int last = fc_date_of_days(p->run->end_day - 1).year;
    int step = (last - first) / 12 + 1; /* years a label, so that labels keep apart */
    for (int year = first; year <= last; year++) {
        double from =
            x_of(p, fmax((double)fc_date_days((fc_date){year, 1, 1}), (double)p->run->start_day));
        double to =
            x_of(p, fmin((double)fc_date_days((fc_date){year + 1, 1, 1}), (double)p->run->end_day));
        fc_text_printf(p->out, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                       from, from, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5);
        if ((year - first) % step == 0)
            fc_text_printf(p->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n",
                           (from + to) / 2, HEIGHT - BOTTOM + 19, year);
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

static void add_escaped(fc_text *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            fc_text_add(out, "&amp;");
        else if (*text == '<')
            fc_text_add(out, "&lt;");
        else if (*text == '>')
            fc_text_add(out, "&gt;");
        else
            fc_text_addn(out, text, 1);
    }
}

/* One entry of the legend; returns where the next begins. */
static double legend(const picture *p, double x, const char *shape, const char *label)
{
    fc_text_printf(p->out,
                   "<g transform=\"translate(%.0f 46)\">%s<text x=\"27\" y=\"4\">%s</text></g>\n",
                   x, shape, label);
    return x + 27 + 6.6 * (double)fc_text_width(label) + 16;
}

static void legends(const picture *p)
{
    double x = LEFT;
    x = legend(p, x, "<path class=\"line median\" d=\"M0 0H22\"/>",
               FC_PICK(p->lang, "GPUs in service, median", "가동 GPU 중앙값"));
    x = legend(p, x, "<rect class=\"half\" y=\"-6\" width=\"22\" height=\"12\"/>",
               FC_PICK(p->lang, "half of futures", "모의의 50%"));
    x = legend(p, x, "<rect class=\"wide\" y=\"-6\" width=\"22\" height=\"12\"/>",
               FC_PICK(p->lang, "90% of futures", "모의의 90%"));
    if (fc_fan_most(&p->announced, FC_FAN_P50) > 0)
        x = legend(p, x, "<path class=\"line plan\" d=\"M0 0H22\"/>",
                   FC_PICK(p->lang, "announced", "발표 목표"));
    legend(p, x, "<path class=\"line order\" d=\"M0 0H22\"/>",
           FC_PICK(p->lang, "contracted, median", "계약 중앙값"));
}

static void draw(const picture *p)
{
    const char *title = FC_PICK(p->lang, p->run->title_en, p->run->title_ko);
    fc_text_printf(p->out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                   " aria-labelledby=\"t\" lang=\"%s\">\n<title id=\"t\">",
                   WIDTH, HEIGHT, FC_PICK(p->lang, "en", "ko"));
    add_escaped(p->out, title);
    fc_text_printf(p->out, "</title>\n%s<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", style,
                   WIDTH, HEIGHT);
    fc_text_printf(p->out, "<text class=\"title\" x=\"%d\" y=\"24\">", LEFT);
    add_escaped(p->out, title);
    fc_text_add(p->out, "</text>\n");
    legends(p);
    axes(p);
    if (p->fan.n_days > 0) {
        band(p, "wide", FC_FAN_P05, FC_FAN_P95);
        band(p, "half", FC_FAN_P25, FC_FAN_P75);
        line(p, "order", &p->contracted);
        steps(p, "plan", &p->announced);
        line(p, "median", &p->fan);
    }
    fc_text_add(p->out, "</svg>\n");
}

int fc_chart_svg(fc_store *store, int64_t run, fc_lang lang, fc_diag *diag, fc_text *out)
{
    picture p = {.lang = lang, .out = out};
    fc_run_info about;
    fc_target_facts target;
    fc_fleet_info fleet;
    fc_arena *arena = fc_arena_create();
    if (!arena) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret;
    if ((ret = fc_run_find(store, arena, run, diag, &about)) ||
        (ret = fc_target_find(store, arena, &about, diag, &target)) ||
        (ret = fc_fleet_find(store, arena, run, target.fleet, diag, &fleet)) ||
        (ret = fc_fan_make(store, arena, run, "gpus_in_service", fleet.name, diag, &p.fan)) ||
        (ret = fc_fan_make(store, arena, run, "gpus_announced", fleet.name, diag, &p.announced)) ||
        (ret = fc_fan_make(store, arena, run, "gpus_contracted", fleet.name, diag, &p.contracted)))
        goto out;
    p.run = &about;
    double most = fmax(fc_fan_most(&p.fan, FC_FAN_P95), fc_fan_most(&p.announced, FC_FAN_P50));
    p.axis = fc_axis_to(fmax(most, fc_fan_most(&p.contracted, FC_FAN_P50)), 6);
    draw(&p);
    if (fc_text_failed(out)) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
out:
    fc_arena_free(arena);
    return ret;
}
