/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reference: the scenario language as a Markdown document (docs/scenario-reference.md): an
 * introduction with examples, then every key of the key table. */
#ifndef FC_SCENARIO_REFERENCE_H
#define FC_SCENARIO_REFERENCE_H

#include "base/text.h"

/* Appends the document. E_NOMEM. */
int fc_scenario_reference(fc_text *out);
/* The keys of experiment files (docs/experiment-reference.md). */
int fc_experiment_reference(fc_text *out);

#endif
