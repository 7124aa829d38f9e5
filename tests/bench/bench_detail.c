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

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;

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
