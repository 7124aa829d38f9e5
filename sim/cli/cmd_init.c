/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/cli.h"
#include "fleetcast/scenario.h"

static int run(fc_cli *cli)
{
    const char *text = fc_scenario_starter(cli->lang);
    if (cli->n_args == 0) return fc_cli_write(cli, text);
    const char *path = cli->args[0];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
    size_t length = strlen(text);
    bool broken = write(fd, text, length) != (ssize_t)length;
    if (close(fd)) broken = true;
    if (broken) return fc_fail(cli->diag, FC_E_FILE_WRITE, NULL, path, strerror(errno), NULL);
    if (!cli->quiet)
        fprintf(stderr,
                FC_SAY(cli, "wrote %s; next: fleetcast run %s\n",
                       "%s 작성함. 다음: fleetcast run %s\n"),
                path, path);
    return FC_OK;
}

const fc_command fc_command_init = {
    .name = "init",
    .arguments = "[FILE]",
    .summary = "write a commented starter scenario that runs",
    .doc = "An existing file is never overwritten. Without FILE it goes to standard output.",
    .max_args = 1,
    .run = run,
};
