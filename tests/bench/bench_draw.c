/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A draw from each kind of distribution, the uniform included; of those that can have a table,
 * without it and with it, and what the table costs. See README.md.
 *
 *     bench_draw [--quick]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "kernel/distribution.h"
#include "kernel/init.h"

static const struct {
    fc_distribution_kind kind;
    double p[FC_DIST_MAX_PARAMETERS];
} cases[] = {
    {FC_DIST_UNIFORM, {2, 14}},
    {FC_DIST_TRIANGULAR, {1, 2, 14}},
    {FC_DIST_EXPONENTIAL, {2}},
    {FC_DIST_WEIBULL, {1.5, 2}},
    {FC_DIST_NORMAL, {3, 1, 0, INFINITY}},
    {FC_DIST_USUAL_BAD, {2, 14}},
    {FC_DIST_PERT, {1, 2, 14}},
    {FC_DIST_PASSED_OF, {4, 20}},
    {FC_DIST_GAMMA, {2.5, 1}},
};

/* Nanoseconds a draw; *sum of what was drawn. */
static double time_draws(const fc_distribution *d, long n, double *sum)
{
    fc_stream stream;
    double start = bench_seconds();

    *sum = 0;
    fc_stream_init(&stream, 1, 0, 0);
    for (long i = 0; i < n; i++) *sum += fc_distribution_draw(d, &stream);
    return 1e9 * (bench_seconds() - start) / (double)n;
}

static bool measure(size_t i, long n, int runs)
{
    static fc_quantile_table room;
    const char *name = fc_distribution_form_of(cases[i].kind)->name;
    bool gains = fc_distribution_gains_by_table(cases[i].kind);
    double plain[BENCH_MAX_RUNS], quick[BENCH_MAX_RUNS], cost[BENCH_MAX_RUNS];
    fc_distribution d, tabulated;

    if (fc_distribution_make(cases[i].kind, cases[i].p, NULL, NULL, &d) != FC_OK) return false;
    tabulated = d;
    for (int k = 0; k < runs; k++) {
        double sum = 0, same = 0, start = 0;

        plain[k] = time_draws(&d, n, &sum);
        if (!gains) continue;
        start = bench_seconds();
        fc_distribution_tabulate(&tabulated, &room);
        cost[k] = 1e6 * (bench_seconds() - start);
        quick[k] = time_draws(&tabulated, n, &same);
        if (tabulated.table == NULL || !(fabs(same - sum) <= 1e-9 * sum)) {
            fprintf(stderr, "bench_draw: %s: the table draws otherwise\n", name);
            return false;
        }
    }
    bench_sort(plain, runs);
    printf("%-18s %9.0f", name, plain[runs / 2]);
    if (gains) {
        bench_sort(quick, runs);
        bench_sort(cost, runs);
        printf(" %12.0f %10.0f", quick[runs / 2], cost[runs / 2]);
    }
    putchar('\n');
    return true;
}

int main(int argc, char **argv)
{
    bool quick = bench_is_quick(argc, argv), fine = true;

    fc_kernel_init();
    puts("distribution        draw, ns  tabled, ns  table, us");
    for (size_t i = 0; i < sizeof cases / sizeof *cases && fine; i++)
        fine = measure(i, quick ? 2000 : 200000, quick ? 1 : 9);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
