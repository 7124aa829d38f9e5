/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the answer says of a run's counterfactuals. The lines of page one are appended to `line`
 * without their end; nothing is where the run was not explained. */
#ifndef FC_REPORT_ANSWER_GAINS_H
#define FC_REPORT_ANSWER_GAINS_H

#include "analysis/explain.h"
#include "base/text.h"
#include "report/json.h"

/* "Removing grid (grid operator) gains 7 months ...": the cause charged most and, where it is
 * another one, the cause whose removal gains most. */
void fc_say_removal(const fc_explanation *explanation, const fc_summary *summary, fc_lang lang,
                    fc_text *line);
/* "Won weaker by 100/USD: 340 fewer GPUs" */
void fc_say_weaker(const fc_explanation *explanation, fc_lang lang, fc_text *line);
/* "Options: (1) ... (2) ... (3) no change" */
void fc_say_options(const fc_explanation *explanation, const fc_summary *summary, fc_lang lang,
                    fc_text *line);

/* The tables of the annex, appended to the page. */
void fc_annex_gains(const fc_explanation *explanation, const fc_summary *summary, fc_lang lang,
                    fc_text *page);

/* The object `explain` of the answer (answer.h), null where the run was not explained. */
json_t *fc_json_gains(const fc_explanation *explanation, bool *failed);

#endif
