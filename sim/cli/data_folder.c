/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/cli.h"

bool fc_cli_data_folder(char *out, size_t size)
{
    const char *chosen = getenv("FLEETCAST_DATA");
    if (chosen && *chosen) return (size_t)snprintf(out, size, "%s", chosen) < size;
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0) return false;
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    if (slash) *slash = '\0';
    static const char *const places[] = {"../data", "../share/fleetcast/data"};
    for (size_t i = 0; i < 2; i++)
        if ((size_t)snprintf(out, size, "%s/%s", self, places[i]) < size && access(out, R_OK) == 0)
            return true;
    return false;
}
