/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which process is at a part of a run, and whether it is still there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "store/store_private.h"

/* A host since it was booted, and a name space of process numbers on it: containers have their own.
 */
typedef struct host {
    char boot[64], space[64];
} host;

static bool read_text(const char *path, char *out, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t n = read(file, out, size - 1);
    close(file);
    out[n > 0 ? n : 0] = '\0';
    return n > 0;
}

static bool this_host(host *out)
{
    ssize_t n = readlink("/proc/self/ns/pid", out->space, sizeof out->space - 1);
    if (n <= 0 || !read_text("/proc/sys/kernel/random/boot_id", out->boot, sizeof out->boot))
        return false;
    out->space[n] = '\0';
    out->boot[strcspn(out->boot, "\n")] = '\0';
    return true;
}

/* When a process began, in ticks since the boot: numbers of processes are used again. `state` is
 * that of ps. */
static bool read_start(long process, char *state, unsigned long long *start)
{
    char path[48], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    if (!read_text(path, text, sizeof text)) return false;
    /* "17 (name, which may hold anything) S ...": fields 3 and 22 */
    const char *rest = strrchr(text, ')');
    return rest && sscanf(rest + 1,
                          " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
                          " %*s %llu",
                          state, start) == 2;
}

void fc_process_name(char out[FC_PROCESS_NAME])
{
    host here;
    char state;
    unsigned long long start;
    long process = (long)getpid();
    *out = '\0';
    if (this_host(&here) && read_start(process, &state, &start))
        snprintf(out, FC_PROCESS_NAME, "%s %s %ld %llu", here.boot, here.space, process, start);
}

bool fc_process_lives(const char *name)
{
    host here, its;
    long process;
    unsigned long long start, began;
    char state;
    if (!name || sscanf(name, "%63s %63s %ld %llu", its.boot, its.space, &process, &began) != 4)
        return true;
    if (!this_host(&here) || strcmp(here.boot, its.boot) != 0 || strcmp(here.space, its.space) != 0)
        return true;
    if (kill((pid_t)process, 0) != 0 && errno == ESRCH) return false;
    if (!read_start(process, &state, &start)) return true; /* another user's may be hidden */
    return start == began && state != 'Z' && state != 'X';
}
