/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/schema_json.h"

#include "fleetcast/error.h"

int fc_scenario_schema_json(fc_text *out)
{
    fc_text_add(out, "{}\n");
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
