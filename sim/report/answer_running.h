/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the answer says of running cost, energy and emissions; nothing where a run has none of it.
 * Private to the report layer. */
#ifndef FC_REPORT_ANSWER_RUNNING_H
#define FC_REPORT_ANSWER_RUNNING_H

#include <jansson.h>
#include "analysis/summary.h"
#include "base/text.h"

/* Under the line on budgets: five years' cost, what of it is not funded, what is off for it. */
void fc_say_running_cost_line(const fc_summary *s, fc_lang lang, fc_text *line);
/* Under the line on power: peak, contract power, energy, emissions with their basis. */
void fc_say_energy_line(const fc_summary *s, fc_lang lang, fc_text *line);
/* The annex: the year's bill, emissions on all bases, water, cost of a GPU-hour. */
void fc_answer_running(const fc_summary *s, fc_lang lang, fc_text *out);
/* {"year": , "energy": , ...}; null where there is nothing. */
json_t *fc_running_json(const fc_summary *s, bool *failed);

#endif
