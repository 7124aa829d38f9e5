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
    .summary = FC_BOTH("write a commented starter scenario that runs",
                       "설명을 단, 바로 실행되는 시작 시나리오를 쓰기"),
    .doc =
        FC_BOTH("An existing file is never overwritten. Without FILE it goes to standard output.",
                "이미 있는 파일은 덮어쓰지 않습니다. FILE이 없으면 표준 출력에 씁니다."),
    .max_args = 1,
    .run = run,
};
