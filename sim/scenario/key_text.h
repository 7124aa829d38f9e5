/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a row of the key table says, in words: for the JSON Schema and the reference. Private. */
#ifndef FC_SCENARIO_KEY_TEXT_H
#define FC_SCENARIO_KEY_TEXT_H

#include "base/text.h"
#include "scenario/key.h"

/* "a duration", "one of: spend, schedule", "the name of a site": what one plain value is. */
void fc_key_add_kind(const fc_key *key, fc_text *out);
/* "0 days to 20 years"; nothing where there are no limits. */
void fc_key_add_limits(const fc_key *key, fc_text *out);
/* The plural under which such entities stand in a scenario: "sites". */
const char *fc_entity_plural(fc_entity entity);

#endif
