/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of the answer's text. Private to the report layer. */
#ifndef FC_REPORT_ANSWER_LINES_H
#define FC_REPORT_ANSWER_LINES_H

#include "report/answer.h"

enum { FC_ANSWER_WIDTH = 80 };

/* The annex: exact values and intervals, the fleet and the money year by year, the causes of delay,
 * the draws that matter. */
void fc_answer_annex(const fc_answer *answer, fc_lang lang, fc_text *out);

#endif
