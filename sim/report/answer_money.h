/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the answer says of public money beside its totals: the stages of the budgets, the fiscal
 * year, why there was no money. Nothing where a run has none of it. Private to the report layer. */
#ifndef FC_REPORT_ANSWER_MONEY_H
#define FC_REPORT_ANSWER_MONEY_H

#include <jansson.h>
#include "analysis/summary.h"
#include "base/text.h"

/* Under the line on budgets: what was asked for and granted; the fiscal year of the date. */
void fc_say_stages(const fc_summary *s, fc_lang lang, fc_text *line);
void fc_say_fiscal_year(const fc_summary *s, fc_lang lang, fc_text *line);
/* Behind the cause `funding`: "; of it not budgeted 60 %, exchange rate 40 %". */
void fc_say_gaps(const fc_summary *s, fc_lang lang, fc_text *line);
/* {"requested": , ..., "fiscal_years": [{"year": , "available": , ...}]} */
json_t *fc_money_json(const fc_summary *s, bool *failed);

#endif
