/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fleet over time as a picture: SVG, self-contained, legible on light and dark pages. */
#ifndef FC_REPORT_CHART_SVG_H
#define FC_REPORT_CHART_SVG_H

#include "base/text.h"
#include "store/store.h"

/* Appends a fan of accelerators in service (50 % and 90 % of futures, median), what was announced
 * and the median contracted, by month. Errors: E_DOMAIN (no such run), of the store (4xx),
 * E_NOMEM. */
int fc_chart_svg(fc_store *store, int64_t run, fc_lang lang, fc_diag *diag, fc_text *out);

#endif
