/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/sentences.h"

int fc_scenario_sentences(const fc_scenario *scenario, fc_lang lang, fc_text *out)
{
    const char *title = scenario->root.title[lang];
    fc_text_printf(out, "%s\n", title ? title : scenario->name);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
