/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as people write them. Read: 2026-07-01  2026년 7월 1일  2026. 7. 1.  2026.7.1, and for a
 * longer period's first and last day 2026-07  2026년 7월  2026. 7.  2026-Q3  2026년 3분기  2026-H2
 * 2026년 하반기. Refused with what to write: a bare year, 2026/07/01, 07/01/2026, 20260701,
 * spreadsheet day numbers, days that do not exist.
 */
#ifndef FC_SCENARIO_CALENDAR_TEXT_H
#define FC_SCENARIO_CALENDAR_TEXT_H

#include "kernel/date.h"
#include "scenario/number_text.h"

/* Errors: FC_E_DATE_FORM, FC_E_DATE_DAY, FC_E_DATE_SERIAL, FC_E_VALUE_TWO_WAYS. */
int fc_date_read(const fc_scalar *s, fc_date *first, fc_date *last);

#endif
