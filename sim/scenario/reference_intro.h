/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The prose of the scenario reference. Private to reference.c. */
#ifndef FC_SCENARIO_REFERENCE_INTRO_H
#define FC_SCENARIO_REFERENCE_INTRO_H

/* Markdown before the starter scenario, and after it up to the tables. Every yaml block behind the
 * starter is a complete file that extends it as `starter.yaml`; a test validates each. */
extern const char fc_reference_opening[], fc_reference_language[];

#endif
