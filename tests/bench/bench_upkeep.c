/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time of a replication of 100,000 servers over 8 years, 3.79 failures in 1,000 server-days (379 a
 * day), repairs that vary: every failure an event, and in steps of a day.
 *
 *     bench_upkeep [--quick]
 */
#include <stdio.h>

#include "bench.h"
#include "model/simulate.h"
#include "plan_builder.h"

static fc_plan *large(int servers, bool batched)
{
    plan_builder *b = build_start("2023-01-01", "2031-01-01", 1);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1400)), model = 0;
    fc_upkeep upkeep = {
        .failure_rate = build_number(b, "failure_rate", 3.79e-3 / FC_DAY),
        .repair_time = build_param(
            b, "repair", build_varies(b, "repair", FC_DIST_USUAL_BAD, 2, 1 * FC_DAY, 14 * FC_DAY)),
    };

    if (batched) upkeep.exact_up_to = build_number(b, "exact_up_to", 1000);
    model = build_accelerator(b, (fc_accelerator){.name = "h100",
                                                  .per_server = build_number(b, "per_server", 8),
                                                  .server_power = build_number(b, "power", 10200)});
    build_fleet(b, (fc_fleet){.name = "large", .currency = krw, .upkeep = upkeep});
    build_stock(b, (fc_stock){.name = "all",
                              .model = model,
                              .site = FC_NONE,
                              .count = build_number(b, "count", 8.0 * servers),
                              .since = build_date(b, "since", "2022-01-01")});
    return build_plan(b);
}

static int measure(int servers, bool batched, int runs)
{
    double took[BENCH_MAX_RUNS];
    fc_plan *plan = large(servers, batched);
    fc_world *world = NULL;
    fc_record record = {0};
    int ret = fc_world_create(plan, &world);

    if (ret == FC_OK) ret = fc_record_init(&record, plan);
    for (int i = 0; ret == FC_OK && i < runs; i++) {
        double start = bench_seconds();
        ret = fc_world_run(world, (uint32_t)i, NULL, &record, NULL);
        took[i] = bench_seconds() - start;
    }
    if (ret == FC_OK) {
        bench_sort(took, runs);
        printf("%-7s a replication: %.1f ms (%.1f to %.1f), %.0f events\n",
               batched ? "by day:" : "exact:", 1e3 * took[runs / 2], 1e3 * took[0],
               1e3 * took[runs - 1], (double)record.events);
    } else {
        fprintf(stderr, "%s\n", fc_error_text(ret, FC_LANG_EN));
    }
    fc_record_free(&record);
    fc_world_free(world);
    fc_plan_free(plan);
    return ret;
}

int main(int argc, char **argv)
{
    bool quick = bench_is_quick(argc, argv);
    int servers = quick ? 2000 : 100000, runs = quick ? 1 : 9;
    int ret = measure(servers, false, runs);

    if (ret == FC_OK) ret = measure(servers, true, runs);
    return ret == FC_OK ? 0 : 1;
}
