/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences: what a scenario says, said back in plain words, so that its author sees what will be
 * simulated. Numbers are exact (rates and exchange rates to
 * three figures); what is not known and what varies is said as such. */
#ifndef FC_SCENARIO_SENTENCES_H
#define FC_SCENARIO_SENTENCES_H

#include "base/text.h"
#include "scenario/scenario.h"

/* Appends the sentences, a paragraph an entity. E_NOMEM. */
int fc_scenario_sentences(const fc_scenario *scenario, fc_lang lang, fc_text *out);

#endif
