/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time of a replication of a plan as large as Korea's: 8 years, 8 lots with 4,000 servers in all,
 * 3.79 failures in 1,000 server-days (15 a day), repairs that vary, two sites, shortfall for
 * about half of the time.
 *
 *     bench_world [--quick]
 */
#include <stdio.h>

#include "bench.h"
#include "model/simulate.h"
#include "plan_builder.h"

enum { YEARS = 8, LOTS = 8 };

static const char *const dates[LOTS] = {"2023-01-01", "2023-01-01", "2023-03-01", "2023-03-01",
                                        "2023-06-01", "2023-09-01", "2024-01-01", "2024-03-01"};
static const char *const names[LOTS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static fc_programme programme(plan_builder *b, int i, int32_t model, int32_t site)
{
    int32_t money = build_budget(b, (fc_budget){.name = names[i],
                                                .amount = build_number(b, names[i], 200e9),
                                                .currency = 0,
                                                .enacted = build_date(b, names[i], dates[i])});

    return (fc_programme){
        .name = names[i],
        .pays_from = build_refs(b, 1, money),
        .mix = build_mix(b, 1, model, 1.0),
        .host = build_refs(b, 1, site),
        .install = build_param(b, "install",
                               build_varies(b, "install", FC_DIST_TRIANGULAR, 3, 14 * FC_DAY,
                                            30 * FC_DAY, 90 * FC_DAY)),
        .announced = build_steps(b, "announced", 0, "2024-01-01", 3970., NULL),
    };
}

static fc_plan *korea(void)
{
    plan_builder *b = build_start("2023-01-01", "2031-01-01", 1);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1400)), model = 0, site = 0;
    fc_upkeep upkeep = {
        .failure_rate = build_number(b, "failure_rate", 3.79e-3 / FC_DAY),
        .repair_time = build_param(
            b, "repair", build_varies(b, "repair", FC_DIST_USUAL_BAD, 2, 2 * FC_DAY, 14 * FC_DAY)),
    };

    model = build_accelerator(
        b, (fc_accelerator){.name = "h100",
                            .per_server = build_number(b, "per_server", 8),
                            .server_power = build_number(b, "power", 10200),
                            .price = build_number(b, "price", 50e6),
                            .price_currency = krw,
                            .lead_time = build_param(b, "lead",
                                                     build_varies(b, "lead", FC_DIST_USUAL_BAD, 2,
                                                                  3 * FC_MONTH, 11 * FC_MONTH))});
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw, .upkeep = upkeep});
    site = build_site(b, (fc_site){.name = "site", .design_pue = build_number(b, "pue", 1.3)});
    build_phase(b, (fc_phase){.name = "one",
                              .power = build_number(b, "one", 20e6),
                              .start = build_date(b, "one", "2022-01-01")});
    build_phase(b,
                (fc_phase){.name = "two",
                           .power = build_number(b, "two", 40e6),
                           .start = build_date(b, "two", "2023-01-01"),
                           .connect = build_param(b, "connect",
                                                  build_varies(b, "connect", FC_DIST_USUAL_BAD, 2,
                                                               18 * FC_MONTH, 54 * FC_MONTH))});
    for (int i = 0; i < LOTS; i++) build_programme(b, programme(b, i, model, site));
    build_target(b, (fc_target){.name = "all",
                                .by = build_date(b, "by", "2027-12-31"),
                                .gpus = build_number(b, "gpus", 30000),
                                .counted_at = FC_IN_SERVICE,
                                .includes_all = true});
    return build_plan(b);
}

/* Runs a batch; seconds a replication in *took. */
static int batch(fc_world *world, fc_record *record, uint32_t n, double *took, uint64_t *events)
{
    double start = bench_seconds();
    int ret = FC_OK;

    *events = 0;
    for (uint32_t r = 0; ret == FC_OK && r < n; r++) {
        ret = fc_world_run(world, r, NULL, record, NULL);
        *events += record->events;
    }
    *took = (bench_seconds() - start) / n;
    return ret;
}

int main(int argc, char **argv)
{
    bool quick = bench_is_quick(argc, argv);
    uint32_t n = quick ? 3 : 100;
    int runs = quick ? 1 : 9;
    double took[BENCH_MAX_RUNS];
    fc_plan *plan = korea();
    fc_world *world = NULL;
    fc_record record = {0};
    uint64_t events = 0;
    int ret = fc_world_create(plan, &world);

    if (ret == FC_OK) ret = fc_record_init(&record, plan);
    for (int i = 0; ret == FC_OK && i < runs; i++)
        ret = batch(world, &record, n, &took[i], &events);
    if (ret == FC_OK) {
        bench_sort(took, runs);
        printf("a replication: %.2f ms (%.2f to %.2f), %.0f events, %.0f ns an event\n",
               1e3 * took[runs / 2], 1e3 * took[0], 1e3 * took[runs - 1], (double)events / n,
               1e9 * took[runs / 2] * n / (double)events);
    } else {
        fprintf(stderr, "%s\n", fc_error_text(ret, FC_LANG_EN));
    }
    fc_record_free(&record);
    fc_world_free(world);
    fc_plan_free(plan);
    return ret == FC_OK ? 0 : 1;
}
