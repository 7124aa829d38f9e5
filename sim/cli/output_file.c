/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool may_replace(const char *path, const char *head)
{
    char begin[16];
    size_t length = strlen(head);
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) return true;
    FILE *file = fopen(path, "r");
    bool ours = file && fread(begin, 1, length, file) == length && memcmp(begin, head, length) == 0;
    if (file) fclose(file);
    return ours;
}

int fc_output_open(fc_cli *cli, const char *path, const char *head, FILE **out)
{
    *out = NULL;
    if (!may_replace(path, head))
        return fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, path,
                       FC_BOTH("it holds something else than this command writes",
                               "이 명령이 쓴 파일이 아니므로 그대로 두었습니다"),
                       NULL);
    *out = fopen(path, "w");
    return *out ? FC_OK : fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
}

int fc_output_close(fc_cli *cli, const char *path, FILE *file)
{
    if (!file) return FC_OK;
    bool broken = ferror(file) != 0;
    if (fclose(file)) broken = true;
    return broken ? fc_fail(cli->diag, FC_E_FILE_WRITE, NULL, path, strerror(errno), NULL) : FC_OK;
}
