/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Strong scaling: the same replications with one simulating thread and with one for each processor,
 * results database and all.
 *
 *     bench_scaling [--quick] SCENARIO.yaml
 */
#include <stdio.h>
#include <unistd.h>
#include "bench.h"
#include "experiment/experiment.h"

enum { ROUNDS = 5 };

/* Seconds: on the clock, of the writing thread, of all threads. */
typedef struct times {
    double wall, writer, all;
} times;

static double clock_of(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* fc_experiment_run writes in the thread that calls it. Closing empties the write-ahead log. */
static int run(const char *path, fc_scenario *scenario, uint32_t n, unsigned threads, fc_diag *diag,
               times *out)
{
    fc_experiment_options options = {.replications = n, .threads = threads};
    fc_experiment_result result;
    fc_store *store = NULL;
    double wall = bench_seconds(), writer = clock_of(CLOCK_THREAD_CPUTIME_ID),
           all = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    int ret = fc_store_open(path, FC_STORE_WRITE, diag, &store);
    if (!ret) ret = fc_experiment_run(store, scenario, &options, diag, &result);
    int closed = fc_store_close(store);
    *out = (times){.wall = bench_seconds() - wall,
                   .writer = clock_of(CLOCK_THREAD_CPUTIME_ID) - writer,
                   .all = clock_of(CLOCK_PROCESS_CPUTIME_ID) - all};
    unlink(path);
    return ret ? ret : closed;
}

/* One thread and many take turns, so that what else the machine does falls on both. */
static int bench(const char *path, fc_scenario *scenario, uint32_t n, unsigned threads, int rounds,
                 fc_diag *diag)
{
    double one[ROUNDS], many[ROUNDS], ratio[ROUNDS], writer[ROUNDS], cpu[ROUNDS], part[ROUNDS];
    int ret = FC_OK, middle = rounds / 2;
    for (int i = 0; i < rounds && !ret; i++) {
        times a = {0}, b = {0};
        ret = run(path, scenario, n, 1, diag, &a);
        if (!ret) ret = run(path, scenario, n, threads, diag, &b);
        one[i] = a.wall;
        many[i] = b.wall;
        ratio[i] = a.wall / b.wall / threads;
        writer[i] = 100 * b.writer / b.wall;
        cpu[i] = b.all / a.all;
        part[i] = 100 * b.writer / b.all;
    }
    if (ret) return ret;
    bench_sort(one, rounds);
    bench_sort(many, rounds);
    bench_sort(ratio, rounds);
    bench_sort(writer, rounds);
    bench_sort(cpu, rounds);
    bench_sort(part, rounds);
    printf("%12u %8.2f %8.2f %10.2f %6.2f %5.2f %17.1f %16.1f %9.2f\n", n, one[middle],
           many[middle], one[middle] / many[middle] / threads, ratio[0], ratio[rounds - 1],
           writer[middle], part[middle], cpu[middle]);
    return FC_OK;
}

static int fail(const fc_diag *diag, int ret)
{
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *line = fc_diag_text(diag, i, FC_LANG_EN);
        fprintf(stderr, "%s\n", line ? line : "out of memory");
        free(line);
    }
    return fc_exit_code(ret);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/fleetcast-bench-XXXXXX", path[64];
    bool quick = bench_is_quick(argc, argv);
    unsigned threads = fc_processors();
    fc_scenario *scenario = NULL;
    fc_diag *diag = fc_diag_create();
    if (argc < 2 + quick || !diag || !mkdtemp(folder)) {
        fprintf(stderr, "usage: bench_scaling [--quick] SCENARIO.yaml\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/bench.db", folder);
    int ret = fc_scenario_load(argv[1 + quick], NULL, diag, &scenario);
    printf("%u threads\n%12s %8s %8s %10s %12s %17s %16s %9s\n", threads, "replications", "one, s",
           "all, s", "efficiency", "least, most", "writer, % of wall", "writer, % of CPU",
           "CPU ratio");
    if (!ret) ret = bench(path, scenario, quick ? 20 : 1000, threads, quick ? 1 : ROUNDS, diag);
    if (!ret) ret = bench(path, scenario, quick ? 40 : 2000, threads, quick ? 1 : ROUNDS, diag);
    if (ret) ret = fail(diag, ret);
    rmdir(folder);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    return ret;
}
