/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the answer says of users. Private to the report. */
#ifndef FC_REPORT_ANSWER_USE_H
#define FC_REPORT_ANSWER_USE_H

#include "analysis/demand_details.h"

/* "Use: ..."; nothing where the run has no demand. */
void fc_say_use(const fc_demand_facts *d, fc_lang lang, fc_text *line);
/* "Inference: ...", each service's share served at home and its GPUs; nothing without services. */
void fc_say_services(const fc_demand_details *d, fc_lang lang, fc_text *line);
/* The annex's table of waits, or that a fluid knows none. */
void fc_annex_waits(const fc_demand_facts *d, fc_lang lang, fc_text *out);

#endif
