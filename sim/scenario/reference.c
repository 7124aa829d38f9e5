/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/reference.h"

#include "scenario/key.h"

int fc_scenario_reference(fc_text *out)
{
    fc_text_printf(out, "# Scenario reference\n\n%s\n", fc_section_root.en);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
