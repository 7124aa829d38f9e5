/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON Schema (draft-07, which YAML language servers read best) of a scenario file, made from the
 * key table. It describes one file, which may leave anything to its parents: so no key is required,
 * and null, which deletes, may stand anywhere. What a schema cannot say (limits of quantities with
 * units, names that must exist, shares that sum to 100 %) is left to `fleetcast validate`; the
 * schema refuses nothing that validate accepts. */
#ifndef FC_SCENARIO_SCHEMA_JSON_H
#define FC_SCENARIO_SCHEMA_JSON_H

#include "base/text.h"
#include "scenario/key.h"

/* Appends the schema of files whose root is this section (fc_section_root, fc_section_experiment)
 * as indented JSON. E_NOMEM. */
int fc_schema_json(const fc_section *root_section, fc_text *out);

#endif
