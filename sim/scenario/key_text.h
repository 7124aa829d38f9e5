/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a row of the key table says, in words: for the JSON Schema and the reference. Private. */
#ifndef FC_SCENARIO_KEY_TEXT_H
#define FC_SCENARIO_KEY_TEXT_H

#include "base/text.h"
#include "kernel/distribution.h"
#include "scenario/key.h"

/* "a duration", "one of: spend, schedule", "the name of a site": what one plain value is. */
void fc_key_add_kind(const fc_key *key, fc_text *out);
/* "0 days to 20 years"; nothing where there are no limits. */
void fc_key_add_limits(const fc_key *key, fc_text *out);
/* Whether a distribution is written with its name: the plain forms and tables are not. */
bool fc_form_has_name(const fc_distribution_form *form);
/* What a parameter that has a unit measures: what the value does, but dates spread by days. */
fc_dim fc_form_parameter_dim(const char *parameter, fc_dim dim);
/* The plural under which such entities stand in a scenario: "sites". */
const char *fc_entity_plural(fc_entity entity);

#endif
