/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scenario file run into a results database, which is then read. Called again it simulates only
 * what the database does not hold yet.
 *
 *     cc run_and_read.c $(pkg-config --cflags --libs fleetcast)
 *     ./a.out scenario.yaml results.db 500 korea $(pkg-config --variable=catalogue fleetcast)
 */
#include <stdio.h>
#include <stdlib.h>
#include <fleetcast/fleetcast.h>

static bool show(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    (void)self;
    (void)failed;
    if (done == total) fprintf(stderr, "%u replications\n", (unsigned)total);
    return false; /* true would end the run; what is finished stays in the database */
}

static int read_results(fc_store *results, int64_t run, const char *fleet, fc_diag *diag)
{
    fc_quantile_rows rows;
    char *answer = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? FC_OK : FC_E_NOMEM;
    if (!ret) ret = fc_store_quantiles(results, arena, run, "gpus_in_service", fleet, diag, &rows);
    for (size_t i = 11; !ret && i < rows.n_days; i += 12)
        printf("day %lld: %.0f GPUs in service, 90 %% of futures within %.0f to %.0f\n",
               (long long)rows.day[i], rows.value[2][i], rows.value[0][i], rows.value[4][i]);
    if (!ret) ret = fc_report_answer(results, run, NULL, diag, &answer);
    if (!ret) fputs(answer, stdout);
    free(answer);
    fc_arena_free(arena);
    return ret;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: %s SCENARIO RESULTS.DB FUTURES FLEET [CATALOGUE]\n", argv[0]);
        return 2;
    }
    fc_load_options load = {.data = argc > 5 ? argv[5] : NULL};
    fc_run_options options = {.replications = (uint32_t)atoi(argv[3]), .progress = show};
    fc_run_result done;
    fc_scenario *scenario = NULL;
    fc_store *results = NULL;
    fc_diag *diag = fc_diag_create();
    int ret = fc_load(argv[1], &load, diag, &scenario);
    if (!ret) ret = fc_store_open(argv[2], FC_STORE_WRITE, diag, &results);
    if (!ret) ret = fc_run(results, scenario, &options, diag, &done);
    if (!ret) ret = read_results(results, done.run, argv[4], diag);
    int closed = fc_store_close(results); /* writes what is pending: can fail too */
    if (!ret) ret = closed;
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *text = fc_diag_text(diag, i, FC_LANG_EN);
        fprintf(stderr, "%s\n", text ? text : "out of memory");
        free(text);
    }
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    return fc_exit_code(ret);
}
