/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a policy gains, future by future, in memory: the starter's target with and without a faster
 * grid. Both scenarios have one seed, so replication i is the same future in both.
 *
 *     cc policy_gain.c $(pkg-config --cflags --libs fleetcast) && ./a.out
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fleetcast/fleetcast.h>

enum { FUTURES = 200 };

static void report(const fc_diag *diag)
{
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *text = fc_diag_text(diag, i, FC_LANG_EN);
        fprintf(stderr, "%s\n", text ? text : "out of memory");
        free(text);
    }
}

/* One number a future: 1 where the target was met by its date. Both are the arena's. */
static int simulate(fc_arena *arena, const char *policy, fc_diag *diag, const double **met,
                    size_t *step)
{
    const char *text = fc_scenario_starter(FC_LANG_EN);
    fc_load_options load = {.with = &policy, .n_with = policy ? 1 : 0};
    fc_simulate_options options = {.replications = FUTURES};
    fc_scenario *scenario;
    fc_shape shape;
    int ret = fc_load_text("demo.yaml", text, strlen(text), &load, diag, &scenario);
    if (ret) return ret;
    ret = fc_scenario_shape(scenario, arena, &shape);
    if (!ret) ret = fc_simulate_outcomes(scenario, &options, arena, diag, met, NULL);
    if (!ret) {
        *met += fc_find_column(shape.outcomes, shape.n_outcomes, "met", NULL);
        *step = shape.n_outcomes;
    }
    fc_scenario_free(scenario);
    return ret;
}

int main(void)
{
    const double *without, *with;
    size_t step, step_with;
    fc_diag *diag = fc_diag_create();
    fc_arena *arena = fc_arena_create();
    int ret = diag && arena ? FC_OK : FC_E_NOMEM;
    if (!ret) ret = simulate(arena, NULL, diag, &without, &step);
    if (!ret) ret = simulate(arena, "faster-grid", diag, &with, &step_with);
    if (!ret) {
        int met = 0, met_with = 0, gained = 0, lost = 0;
        for (size_t i = 0; i < FUTURES; i++) {
            int a = without[i * step] > 0, b = with[i * step_with] > 0;
            met += a;
            met_with += b;
            gained += b && !a;
            lost += a && !b;
        }
        printf("target met in %d of %d futures, with faster-grid in %d: gained %d, lost %d\n", met,
               FUTURES, met_with, gained, lost);
    }
    report(diag);
    fc_arena_free(arena);
    fc_diag_free(diag);
    return fc_exit_code(ret);
}
