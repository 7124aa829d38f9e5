/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results database: what the writer takes beside the simulation, rows a second, and size.
 *
 *     bench_store [--quick]
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bench.h"
#include "experiment/experiment.h"

/* Eight years, as korea-30k-2030: 97 month ends at most, 16 series. */
static const char text[] =
    "fleetcast: 1\n"
    "title: {en: Bench, ko: 벤치}\n"
    "horizon: {start: 2023-01-01, end: 2031-01-01}\n"
    "world:\n"
    "  currencies: {KRW: {per_usd: 1400 KRW/USD}}\n"
    "  accelerators:\n"
    "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS, lead_time: {varies:"
    " {usual: 6 months, bad_1_in_20: 12 months}}, price: {unknown: {low: 25000 USD,"
    " high: 40000 USD}}}\n"
    "fleets:\n"
    "  korea:\n"
    "    currency: KRW\n"
    "    stock: {old: {model: h100, count: 1960, since: 2023-01-01}}\n"
    "    budgets: {main: {amount: 1.46 tn KRW, enacted: {unknown: {low: 2025-05-01,"
    " high: 2025-09-01}}}}\n"
    "    sites: {hall: {design_pue: 1.3, phases: {one: {power: 60 MW, start: 2022-01-01}}}}\n"
    "    upkeep: {failure_rate: 0.00379 /day, repair_time: 3 days}\n"
    "    targets: {goal: {by: 2027-12-31, gpus: 10000, counted_at: in_service}}\n"
    "    programmes: {state: {pays_from: [main], mix: {h100: 100 %}, host: [hall],"
    " install: 2 months, announced: {2026-06-30: 10000}}}\n";

/* Processor time: the shares hold on a busy machine too. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int fail(fc_diag *diag, int ret)
{
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *line = fc_diag_text(diag, i, FC_LANG_EN);
        fprintf(stderr, "%s\n", line ? line : "out of memory");
        free(line);
    }
    return fc_exit_code(ret);
}

/* Adds n copies of one record: nothing is simulated meanwhile. Seconds for all, summary too. */
static int write_only(fc_store *store, fc_scenario *scenario, uint32_t n, fc_diag *diag,
                      double *adding, double *summary)
{
    fc_world *world = NULL;
    fc_record record = {0};
    int64_t run;
    int ret = fc_world_create(scenario->plan, &world);
    if (!ret) ret = fc_record_init(&record, scenario->plan);
    if (!ret) ret = fc_world_run(world, 0, NULL, &record, diag);
    if (!ret) ret = fc_store_begin_run(store, scenario, diag, &run);
    double start = seconds();
    for (uint32_t r = 0; r < n && !ret; r++)
        ret = fc_store_add(store, scenario->plan, run, r, &record, diag);
    if (!ret) ret = fc_store_flush(store, diag);
    *adding = seconds() - start;
    start = seconds();
    if (!ret) ret = fc_store_summarise(store, run, 1, diag);
    *summary = seconds() - start;
    fc_record_free(&record);
    fc_world_free(world);
    return ret;
}

static int simulate(fc_store *store, fc_scenario *scenario, uint32_t n, fc_diag *diag, double *took)
{
    fc_experiment_options options = {.replications = n, .threads = 1};
    fc_experiment_result result;
    double start = seconds();
    int ret = fc_experiment_run(store, scenario, &options, diag, &result);
    *took = seconds() - start;
    return ret;
}

/* Outcomes a second, with next to no series beside them: a horizon of a month. */
static int outcomes_only(const char *path, uint32_t n, fc_diag *diag, double *rate)
{
    static const char *const month[] = {"horizon.end=2023-02-01"};
    const fc_scenario_options options = {.layers = {.sets = month, .sets_count = 1}};
    fc_scenario *scenario = NULL;
    fc_store *store = NULL;
    double adding = 0, summary;
    int ret = fc_scenario_load_text("bench.yaml", text, strlen(text), &options, diag, &scenario);
    if (!ret) ret = fc_store_open(path, FC_STORE_WRITE, diag, &store);
    if (!ret) ret = write_only(store, scenario, n, diag, &adding, &summary);
    if (!ret) *rate = (double)n * scenario->plan->n_outcomes / adding;
    fc_store_close(store);
    fc_scenario_free(scenario);
    unlink(path);
    return ret;
}

static int bench(const char *path, fc_scenario *scenario, uint32_t n, fc_diag *diag)
{
    const fc_plan *plan = scenario->plan;
    double adding = 0, summary = 0, whole = 0, digesting = 0, rate = 0;
    char hex[65];
    fc_store *store = NULL;
    struct stat about = {0};
    int ret = outcomes_only(path, n, diag, &rate);
    if (!ret) ret = fc_store_open(path, FC_STORE_WRITE, diag, &store);
    if (!ret) ret = write_only(store, scenario, n, diag, &adding, &summary);
    fc_store_close(store);
    store = NULL;
    unlink(path);
    if (!ret) ret = fc_store_open(path, FC_STORE_WRITE, diag, &store);
    if (!ret) ret = simulate(store, scenario, n, diag, &whole);
    double start = seconds();
    if (!ret) ret = fc_store_digest(store, diag, hex);
    digesting = seconds() - start;
    fc_store_close(store);
    if (ret) return ret;
    stat(path, &about);
    double series = (double)n * plan->n_series * plan->n_months,
           outcomes = (double)n * plan->n_outcomes;
    printf("%u replications, %.0f outcomes and %.0f values of series\n", n, outcomes, series);
    printf("writing      %6.2f s, %.2f million values a second\n", adding,
           (series + outcomes) / adding / 1e6);
    printf("outcomes     %6.2f million a second where there is one month end\n", rate / 1e6);
    printf("summary      %6.2f s\n", summary);
    printf("digest       %6.2f s\n", digesting);
    printf("whole run    %6.2f s, of which writing is %.1f %%, with the summary %.1f %%\n", whole,
           100 * adding / whole, 100 * (adding + summary) / whole);
    printf("size         %6.1f MB for 1,000 replications\n",
           (double)about.st_size / 1e6 * 1000 / n);
    return FC_OK;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/fleetcast-bench-XXXXXX", path[64];
    fc_scenario *scenario = NULL;
    fc_diag *diag = fc_diag_create();
    if (!diag || !mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/bench.db", folder);
    int ret = fc_scenario_load_text("bench.yaml", text, strlen(text), NULL, diag, &scenario);
    if (!ret) ret = bench(path, scenario, bench_is_quick(argc, argv) ? 20 : 1000, diag);
    if (ret) ret = fail(diag, ret);
    unlink(path);
    rmdir(folder);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    return ret;
}
