/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demand_shapes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "kernel/histogram.h"
#include "model/metric_table.h"

enum { GPUS = 256 };

#define DAY_HOURS                                                                                  \
    "          hours: [2 %, 2 %, 2 %, 2 %, 2 %, 2 %, 2 %, 4 %, 5 %, 6 %, 6 %, 6 %, 6 %, 6 %, 6 "   \
    "%, 6 %, 6 %, 6 %, 5 %, 5 %, 4 %, 3 %, 3 %, 3 %]\n"
#define ONE_OR_SEVEN                                                                               \
    "          gpus: {varies: {one_of: {1: 50 %, 7: 50 %}}}\n"                                     \
    "          duration: {varies: {distribution: exponential, mean: 6 hours}}\n"

/* A class that wants `part` of the load; a job takes `gpu_hours` on average. */
typedef struct shape_class {
    double part, gpu_hours;
    const char *keys;
} shape_class;

#define LARGE_GANGS                                                                                \
    "          gpus: {varies: {one_of: {1: 50 %, 8: 30 %, 64: 20 %}}}\n"                           \
    "          duration: {varies: {distribution: exponential, mean: 6 hours}}\n"                   \
    "          patience: 1 days\n"

static const struct {
    const char *name;
    shape_class class[2];
    const char *policy;
} SHAPES[N_SHAPES] = {
    [SHAPE_PLAIN] = {"plain", {{1, 24, ONE_OR_SEVEN "          patience: 12 hours\n"}}, "easy"},
    [SHAPE_DAY] = {"day",
                   {{1, 24, DAY_HOURS ONE_OR_SEVEN "          patience: 12 hours\n"}},
                   "easy"},
    [SHAPE_FOR_EVER] = {"for ever", {{1, 24, DAY_HOURS ONE_OR_SEVEN}}, "easy"},
    [SHAPE_MIXED] = {"mixed",
                     {{0.5, 24, DAY_HOURS ONE_OR_SEVEN "          patience: 1 days\n"},
                      {0.5, 16 * 48,
                       "          gpus: 16\n"
                       "          duration: {varies: {distribution: exponential, mean: 2 days}}\n"
                       "          patience: 4 days\n"
                       "          offshore: at_patience\n"}},
                     "easy"},
    [SHAPE_STEPS] = {"steps", {{1, 24, ONE_OR_SEVEN "          patience: 12 hours\n"}}, "easy"},
    /* exp(z sigma) = 24 at z = 1.6449: sigma 1.9321, mean exp(sigma^2 / 2) = 6.4660 hours. */
    [SHAPE_HEAVY] = {"heavy tail",
                     {{1, 2 * 6.465995,
                       "          gpus: {varies: {one_of: {1: 75 %, 5: 25 %}}}\n"
                       "          duration: {varies: {distribution: lognormal, median: 1 hours, "
                       "sigma: 1.932121}}\n"
                       "          patience: 2 days\n"}},
                     "easy"},
    [SHAPE_LARGE] = {"large gangs", {{1, 6 * 15.7, LARGE_GANGS}}, "easy"},
    [SHAPE_IN_ORDER] = {"in order", {{1, 6 * 15.7, LARGE_GANGS}}, "fifo"},
};

const char *shape_name(shape_id shape)
{
    return SHAPES[shape].name;
}

static void add_fleet(fc_text *text, bool doubles)
{
    fc_text_printf(text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 TFLOPS}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    currency: USD\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n",
                   doubles ? GPUS / 2 : GPUS);
    if (doubles)
        fc_text_printf(text,
                       "    budgets: {m: {amount: 1 bn USD, enacted: 2025-07-02}}\n"
                       "    programmes: {p: {pays_from: [m], mix: {h100: 100 %%}, price: 1000 USD, "
                       "order: {rule: schedule, quantity: {2025-07-02: %d}}, install: 0 days}}\n",
                       GPUS / 2);
}

fc_scenario *shape_scenario(shape_id shape, double load, const char *detail)
{
    return shape_scenario_with(shape, load, detail, "");
}

fc_scenario *shape_scenario_with(shape_id shape, double load, const char *detail, const char *rest)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    bool doubles = shape == SHAPE_STEPS;

    add_fleet(&text, doubles);
    fc_text_printf(&text, "    demand:\n      policy: %s\n      detail: %s\n      classes:\n",
                   SHAPES[shape].policy, detail);
    for (int i = 0; i < 2 && SHAPES[shape].class[i].part > 0; i++) {
        const shape_class *class = &SHAPES[shape].class[i];
        double rate = load * class->part * GPUS * 24 / class->gpu_hours;

        fc_text_printf(&text, "        c%d:\n", i);
        if (doubles)
            fc_text_printf(&text,
                           "          arrivals: {2025-01-01: %.9f/day, 2025-07-02: %.9f/day}\n",
                           rate / 2, rate);
        else
            fc_text_printf(&text, "          arrivals: %.9f/day\n", rate);
        fc_text_add(&text, class->keys);
    }
    fc_text_add(&text, rest);
    if (fc_scenario_load_text("shape.yaml", text.data, text.length, NULL, diag, &scenario)) {
        char *said = fc_diag_text(diag, 0, FC_LANG_EN);
        fprintf(stderr, "%s\n%s\n", text.data, said ? said : "");
        free(said);
    }
    fc_text_free(&text);
    fc_diag_free(diag);
    return scenario;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Waits of class 0 that started. */
static int add_waits(const fc_record *record, fc_histogram *waits)
{
    fc_histogram one = FC_HISTOGRAM_EMPTY;
    int ret = FC_OK;

    if (record->waits[0].data == NULL) return FC_OK;
    ret = fc_histogram_read(&one, record->waits[0].data, record->waits[0].length);
    if (ret == FC_OK) ret = fc_histogram_merge(waits, &one);
    fc_histogram_free(&one);
    return ret;
}

static void add_record(const fc_plan *plan, const fc_record *record, shape_result *out)
{
    out->events += record->events;
    for (uint32_t i = 0; i < plan->n_outcomes; i++) {
        const fc_observable *o = &plan->outcomes[i];
        double value = record->outcomes[i];

        if (o->metric == FC_M_class_served) out->served += value;
    }
}

int shape_run(const fc_scenario *scenario, uint32_t n, shape_result *out)
{
    const fc_plan *plan = scenario->plan;
    static const double levels[] = {0.5, 0.95, 0.99};
    double start = seconds();
    double there = (plan->n_programmes > 0 ? 0.75 : 1) * GPUS * plan->horizon / FC_HOUR;
    fc_world *world = NULL;
    fc_record record = {0};
    fc_histogram waits = FC_HISTOGRAM_EMPTY;
    fc_diag *diag = fc_diag_create();
    int ret = fc_world_create(plan, &world);

    *out = (shape_result){0};
    if (ret == FC_OK) ret = fc_record_init(&record, plan);
    for (uint32_t r = 0; ret == FC_OK && r < n; r++) {
        ret = fc_world_run(world, r, NULL, &record, diag);
        if (ret == FC_OK) ret = add_waits(&record, &waits);
        if (ret == FC_OK) add_record(plan, &record, out);
    }
    out->seconds = seconds() - start;
    out->served /= there * n;
    for (int i = 0; i < 3; i++) out->wait[i] = fc_histogram_quantile(&waits, levels[i]) / FC_HOUR;
    fc_histogram_free(&waits);
    fc_record_free(&record);
    fc_world_free(world);
    fc_diag_free(diag);
    return ret;
}
