/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The help texts of argp in the language of the command line. Texts are made by FC_BOTH. */
#ifndef FC_CLI_HELP_H
#define FC_CLI_HELP_H

#include <argp.h>
#include "fleetcast/error.h"

/* --help and --usage, in place of argp's own; their keys are for fc_help_option. */
extern const struct argp_option fc_help_options[];

/* Prints the help asked for and ends the program; returns for another key. */
void fc_help_option(int key, const struct argp_state *state);

/* A text of argp's in the language; malloc'd, or the text itself (what argp's help_filter does). */
char *fc_help_in(int key, const char *text, fc_lang lang);

#endif
