/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starter: a complete, commented scenario of an invented country, for `fleetcast init`. */
#ifndef FC_SCENARIO_STARTER_H
#define FC_SCENARIO_STARTER_H

#include "fleetcast/error.h"

/* The scenario's text, a constant. It needs no other file. The two languages differ in comments
 * and in how quantities are written; they mean the same and give the same numbers. */
const char *fc_scenario_starter(fc_lang lang);

#endif
