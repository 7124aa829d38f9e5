/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far the fluid is from the jobs: GPU-hours served, fluid over jobs less 1, by shape of demand
 * and load: the table of docs/demand.md. See README.md.
 *
 *     bench_detail [--quick]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demand_shapes.h"

static const double LOADS[] = {0.60, 0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10, 1.15, 1.20, 1.50};
enum { N_LOADS = sizeof LOADS / sizeof *LOADS };

/* GPU-hours served at a detail; less than 0 after an error. */
static double served(shape_id shape, double load, const char *detail, uint32_t n)
{
    shape_result result = {0};
    fc_scenario *scenario = shape_scenario(shape, load, detail);
    int ret = scenario ? shape_run(scenario, n, &result) : FC_E_NOMEM;

    fc_scenario_free(scenario);
    return ret == FC_OK ? result.served : -1;
}

/* ---- windows against the full run ------------------------------------------------------------ */

static const struct {
    shape_id shape;
    double load;
} CASES[] = {{SHAPE_PLAIN, 0.6}, {SHAPE_DAY, 0.8},   {SHAPE_PLAIN, 0.9},
             {SHAPE_DAY, 0.9},   {SHAPE_HEAVY, 0.8}, {SHAPE_MIXED, 0.85}};
enum { N_CASES = sizeof CASES / sizeof *CASES };

static int run_case(int i, const char *detail, uint32_t n, shape_result *out)
{
    fc_scenario *scenario = shape_scenario(CASES[i].shape, CASES[i].load, detail);
    int ret = scenario ? shape_run(scenario, n, out) : FC_E_NOMEM;

    fc_scenario_free(scenario);
    return ret;
}

static int windows_table(uint32_t n)
{
    printf("\n| demand | load | served | p50, h | p95, h | p99, h | time |\n"
           "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < N_CASES; i++) {
        shape_result full, part;
        int ret = run_case(i, "jobs", n, &full);

        if (ret == FC_OK) ret = run_case(i, "windows", n, &part);
        if (ret != FC_OK) return ret;
        printf("| %s | %.2f | %+.2f %% |", shape_name(CASES[i].shape), CASES[i].load,
               100 * (part.served / full.served - 1));
        for (int q = 0; q < 3; q++) printf(" %.3f, %.3f |", full.wait[q], part.wait[q]);
        printf(" %.2f |\n", part.seconds / full.seconds);
        fflush(stdout);
    }
    return FC_OK;
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;

    if (argc > 1 && strcmp(argv[1], "--windows") == 0)
        return windows_table(120) == FC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
    printf("| load |");
    for (shape_id s = 0; s < N_SHAPES; s++) printf(" %s |", shape_name(s));
    printf("\n| --- |");
    for (shape_id s = 0; s < N_SHAPES; s++) printf(" --- |");
    printf("\n");
    for (int i = 0; i < (quick ? 1 : N_LOADS); i++) {
        printf("| %.2f |", LOADS[i]);
        for (shape_id s = 0; s < N_SHAPES; s++) {
            double jobs = served(s, LOADS[i], "jobs", quick ? 1 : 10);
            double fluid = served(s, LOADS[i], "fluid", 1);

            if (jobs < 0 || fluid < 0) return EXIT_FAILURE;
            printf(" %+.2f %% |", 100 * (fluid / jobs - 1));
            fflush(stdout);
        }
        printf("\n");
    }
    return EXIT_SUCCESS;
}
