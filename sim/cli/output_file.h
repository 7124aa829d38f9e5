/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that a command writes at the user's word. */
#ifndef FC_CLI_OUTPUT_FILE_H
#define FC_CLI_OUTPUT_FILE_H

#include <stdio.h>
#include "cli/cli.h"

/* Opens a file to write. A file that is there is replaced only if it begins with `head`, as what
 * the command writes does: a slip of the hand must not cost a scenario or a database. E_FILE_OPEN.
 */
int fc_output_open(fc_cli *cli, const char *path, const char *head, FILE **out);
/* E_FILE_WRITE. Takes NULL for the file. */
int fc_output_close(fc_cli *cli, const char *path, FILE *file);

#endif
