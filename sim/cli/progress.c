/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "base/text.h"

enum { BAR = 24 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of the terminal at stderr; what does not tell its width is as wide as need be. */
static size_t columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : SIZE_MAX;
}

void fc_progress_start(fc_progress *p, const fc_cli *cli, const char *what)
{
    *p = (fc_progress){.cli = cli, .what = what, .terminal = isatty(STDERR_FILENO)};
    p->started = p->shown = now();
}

void fc_progress_time(double seconds, char *out, size_t size)
{
    seconds = fmin(seconds, 1e9); /* thirty years say enough, and fit an int */
    if (seconds < 60)
        snprintf(out, size, "%.0f s", seconds);
    else if (seconds < 3600)
        snprintf(out, size, "%d min %02d s", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(out, size, "%d h %02d min", (int)(seconds / 3600), (int)(seconds / 60) % 60);
}

/* Ten times a second on a terminal, once a minute elsewhere. */
static bool is_due(fc_progress *p, double t)
{
    if (t - p->shown < (p->terminal ? 0.1 : 60)) return false;
    p->shown = t;
    return true;
}

static void draw(fc_progress *p, double part, const char *state)
{
    char bar[3 * BAR + 1], *at = bar;
    for (unsigned i = 0; i < BAR; i++)
        at += sprintf(at, "%s", i < (unsigned)(BAR * part) ? "█" : "░");
    if (!p->terminal)
        fprintf(stderr, "%s: %s\n", p->what, state);
    else if (fc_text_width(p->what) + BAR + fc_text_width(state) + 2 < columns())
        fprintf(stderr, "\r\033[K%s %s %s", p->what, bar, state);
    else
        fprintf(stderr, "\r\033[K%s", state); /* a line that wraps cannot be written over */
    fflush(stderr);
    p->drawn = p->terminal;
}

void fc_progress_show(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    fc_progress *p = self;
    if (p->cli->quiet) return;
    if (!p->begun) {
        p->first = done - 1;
        p->begun = true;
    }
    double t = now();
    if (!is_due(p, t)) return;
    double rate = (done - p->first) / (t - p->started + 1e-9);
    char left[32], failures[48] = "", state[160];
    fc_progress_time((total - done) / (rate + 1e-9), left, sizeof left);
    if (failed)
        snprintf(failures, sizeof failures, FC_SAY(p->cli, ", %u failed", ", 실패 %u"), failed);
    snprintf(state, sizeof state, "%u/%u, %.0f/s, %s%s%s", done, total, rate,
             FC_SAY(p->cli, "left ", "남은 시간 "), left, failures);
    draw(p, done / (double)(total ? total : 1), state);
}

void fc_progress_share(void *self, double part, uint64_t jobs)
{
    fc_progress *p = self;
    if (p->cli->quiet || !is_due(p, now())) return;
    double seconds = p->shown - p->started, count = (double)jobs;
    char left[32] = "?", state[160];
    if (part > 0) fc_progress_time(seconds / part * (1 - part), left, sizeof left);
    snprintf(state, sizeof state,
             FC_SAY(p->cli, "%.1f million jobs, %.2f million/s, left %s",
                    "작업 %.1f백만 건, 초당 %.2f백만 건, 남은 시간 %s"),
             count / 1e6, count / 1e6 / (seconds + 1e-9), left);
    draw(p, part > 0 ? part : 0, state);
}

void fc_progress_end(fc_progress *p)
{
    if (p->drawn) fprintf(stderr, "\r\033[K");
    p->drawn = false;
}
