/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fleet over time as block characters. */
#ifndef FC_REPORT_CHART_TEXT_H
#define FC_REPORT_CHART_TEXT_H

#include "analysis/fan.h"
#include "base/text.h"

/* Appends a chart at most `width` columns wide, with its legend: the median in service, the band
 * that holds 90 % of futures, and what was announced (may be empty). Nothing if there is nothing
 * to draw. */
void fc_chart_text(const fc_fan *in_service, const fc_fan *announced, fc_lang lang, size_t width,
                   bool color, fc_text *out);

#endif
