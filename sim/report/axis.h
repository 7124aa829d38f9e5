/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scale of a chart's axis of counts. Private to the report layer. */
#ifndef FC_REPORT_AXIS_H
#define FC_REPORT_AXIS_H

#include "analysis/fan.h"
#include "base/text.h"

/* Ticks at 0, step, 2 step, ... up to `top`, the first that is not below `most`. */
typedef struct fc_axis {
    double top, step;
} fc_axis;

/* The step is 1, 2 or 5 times a power of ten and not below 1, so that there are at most `ticks`
 * steps. */
fc_axis fc_axis_to(double most, int ticks);
/* 30,000 / 3만 */
void fc_axis_label(fc_text *out, double value, fc_lang lang);
/* The largest value of a fan's quantile; 0 if there is none. */
double fc_fan_most(const fc_fan *fan, int which);

#endif
