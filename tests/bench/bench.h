/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the benches share: the clock, the median, the --quick option.
 */
#ifndef FC_TESTS_BENCH_H
#define FC_TESTS_BENCH_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_MAX_RUNS = 15 };

/* Quick runs are smoke tests: their figures mean nothing. */
static inline bool bench_is_quick(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "--quick") == 0;
}

/* Seconds on a clock that only goes forward. */
static inline double bench_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of the processor: other work on the machine slows them too, but does not count. */
static inline double bench_cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Ascending; the median of an odd number n is then values[n / 2]. */
static inline void bench_sort(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, bench_compare);
}

#endif
