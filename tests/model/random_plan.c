/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_plan.h"

#include <stdio.h>

#include "kernel/stream.h"

enum { MODELS = 3, MOST_PARAMS = 250 };

typedef struct chaos {
    plan_builder *b;
    fc_stream stream;
    fc_param params[MOST_PARAMS]; /* that drivers may strike; durations and dates */
    uint32_t values[MOST_PARAMS]; /* by what */
    int n_params;
    int n_names;
} chaos;

static double between(chaos *c, double low, double high)
{
    return low + (high - low) * fc_stream_uniform(&c->stream);
}

static int below(chaos *c, int n)
{
    return (int)fc_stream_below(&c->stream, (uint64_t)n);
}

/* The builder keeps names by pointer, so they are the same in all plans. */
static const char *name(chaos *c)
{
    static char names[4 * MOST_PARAMS][8];
    char *text = names[c->n_names];

    snprintf(text, sizeof names[0], "x%d", c->n_names++);
    return text;
}

static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

/* A parameter of [low, high]: known, unknown, varying or not, one that a driver may strike. */
static fc_param some(chaos *c, double low, double high)
{
    double x = between(c, low, high), y = between(c, low, high);
    const char *path = name(c);
    uint32_t value = 0, other = 0;
    fc_param p;

    if (y < x) {
        double swap = x;
        x = y;
        y = swap;
    }
    switch (below(c, 4)) {
    case 0:
        value = build_unknown(c->b, path, FC_DIST_UNIFORM, 2, x, y);
        break;
    case 1:
        value = build_varies(c->b, path, FC_DIST_UNIFORM, 2, x, y);
        break;
    default:
        value = build_constant(c->b, x);
    }
    other = build_varies(c->b, path, FC_DIST_UNIFORM, 2, low, high);
    p = build_param(c->b, path, value);
    if (c->n_params < MOST_PARAMS) {
        c->params[c->n_params] = p;
        c->values[c->n_params++] = other;
    }
    return p;
}

static fc_param maybe(chaos *c, double low, double high)
{
    return below(c, 3) == 0 ? 0 : some(c, low, high);
}

static fc_param path(chaos *c, double most)
{
    double times[3], sum = 0, at = between(c, -100, 100) * FC_DAY;
    uint32_t values[3];
    int n = 1 + below(c, 3);

    for (int i = 0; i < n; i++) {
        at += between(c, 1, 200) * FC_DAY;
        times[i] = at;
        sum += between(c, below(c, 4) == 0 ? -most / 2 : 0, most);
        if (sum < 0) sum = 0;
        values[i] = build_constant(c->b, sum);
    }
    return build_param(c->b, name(c), build_path_of(c->b, FC_FORM_STEP, 0, n, times, values));
}

static void accelerators(chaos *c)
{
    for (int i = 0; i < MODELS; i++) {
        fc_accelerator model = {0};

        model.name = letters[i];
        model.per_server = build_number(c->b, letters[i], 1 + below(c, 9));
        model.server_power = some(c, 500, 20000);
        model.bf16_dense = build_number(c->b, "bf16", 1e15);
        model.price = some(c, 10, 500);
        model.price_currency = below(c, 2);
        model.on_sale = maybe(c, -500 * FC_DAY, 300 * FC_DAY);
        model.lead_time = maybe(c, 0, 300 * FC_DAY);
        build_accelerator(c->b, model);
    }
}

static fc_programme programme(chaos *c, int i, int32_t first_budget, int budgets,
                              int32_t first_site, int sites)
{
    fc_programme p = {0};
    int a = below(c, MODELS), b = (a + 1 + below(c, MODELS - 1)) % MODELS;
    double share = between(c, 0, 1);

    p.name = letters[i];
    p.rule = below(c, 2) == 0 ? FC_RULE_SPEND : FC_RULE_SCHEDULE;
    p.at_most = maybe(c, 0, 600);
    p.start = maybe(c, -100 * FC_DAY, 400 * FC_DAY);
    p.price = maybe(c, 10, 500);
    p.price_currency = below(c, 2);
    p.install = maybe(c, 0, 60 * FC_DAY);
    p.service_life = maybe(c, 30 * FC_DAY, 600 * FC_DAY);
    p.announced = below(c, 5) == 0 ? 0 : path(c, 200);
    if (p.rule == FC_RULE_SCHEDULE) p.quantity = path(c, 300);
    p.mix = below(c, 2) == 0 ? build_mix(c->b, 1, a, 1.0)
                             : build_mix(c->b, 2, a, share, b, 1.0 - share);
    p.pays_from = build_refs(c->b, 2, first_budget, first_budget + budgets - 1);
    if (budgets == 1) p.pays_from.n = 1;
    if (sites > 0 && below(c, 4) > 0)
        p.host = sites == 1 ? build_refs(c->b, 1, first_site)
                            : build_refs(c->b, 2, first_site + sites - 1, first_site);
    return p;
}

static void add_target(chaos *c, int i)
{
    fc_target target = {0};

    target.name = letters[i];
    target.by = some(c, -100 * FC_DAY, 800 * FC_DAY);
    target.gpus = some(c, 1, 800);
    target.counted_at = below(c, FC_N_MILESTONES);
    target.includes_all = true;
    build_target(c->b, target);
}

/* The indices from which a fleet's own entities are counted. */
typedef struct taken {
    int32_t budgets, sites;
} taken;

static void fleet(chaos *c, int f, taken *past)
{
    int sites = below(c, 3), budgets = 1 + below(c, 3), stocks = below(c, 3);
    int programmes = 1 + below(c, 3);
    fc_upkeep upkeep = {0};

    upkeep.failure_rate = maybe(c, 0, 0.05 / FC_DAY);
    upkeep.repair_time = maybe(c, 0, 30 * FC_DAY);
    upkeep.crews = below(c, 2) == 0 ? 0 : build_number(c->b, "crews", 1 + below(c, 4));
    build_fleet(c->b, (fc_fleet){.name = f == 0 ? "one" : "two", .currency = 0, .upkeep = upkeep});
    for (int i = 0; i < sites; i++) {
        build_site(c->b, (fc_site){.name = letters[i], .design_pue = maybe(c, 1, 2)});
        for (int k = below(c, 4); k > 0; k--) {
            fc_phase phase = {0};

            phase.name = letters[k];
            phase.power = some(c, 0, 500e3);
            phase.start = maybe(c, -300 * FC_DAY, 400 * FC_DAY);
            phase.build = maybe(c, 0, 400 * FC_DAY);
            phase.connect = maybe(c, 0, 400 * FC_DAY);
            build_phase(c->b, phase);
        }
    }
    for (int i = 0; i < stocks; i++) {
        fc_stock stock = {0};

        stock.name = letters[i];
        stock.model = below(c, MODELS);
        stock.site = sites > 0 && below(c, 2) == 0 ? past->sites : FC_NONE;
        stock.count = some(c, 0, 200);
        stock.since = some(c, -800 * FC_DAY, 300 * FC_DAY);
        build_stock(c->b, stock);
    }
    for (int i = 0; i < budgets; i++) {
        fc_budget budget = {0};

        budget.name = letters[i];
        budget.amount = some(c, 0, 60000);
        budget.currency = below(c, 2);
        budget.enacted = some(c, -100 * FC_DAY, 600 * FC_DAY);
        budget.gpu_share = maybe(c, 0, 1);
        budget.lapses = maybe(c, 0, 800 * FC_DAY);
        build_budget(c->b, budget);
    }
    for (int i = 0; i < programmes; i++)
        build_programme(c->b, programme(c, i, past->budgets, budgets, past->sites, sites));
    for (int i = below(c, 3); i > 0; i--) add_target(c, i);
    past->sites += sites;
    past->budgets += budgets;
}

static void drivers(chaos *c)
{
    for (int i = below(c, 6); i > 0; i--) {
        static const fc_in_progress how[] = {FC_KEEP, FC_RESCALE, FC_REDRAW};
        fc_driver driver = {.name = letters[i], .is_policy = below(c, 2) == 0};
        int32_t d = 0;

        driver.at = build_number(c->b, "at", between(c, -50, 700) * FC_DAY);
        if (below(c, 2) == 0)
            driver.until = build_number(c->b, "until", between(c, -50, 900) * FC_DAY);
        d = build_driver(c->b, driver);
        for (int k = 1 + below(c, 8); k > 0; k--) {
            int p = below(c, c->n_params);
            fc_in_progress in_progress = how[below(c, 3)];

            if (below(c, 2) == 0) {
                build_change(c->b, d, c->params[p], FC_SET, c->values[p], in_progress);
            } else {
                double factor = between(c, 0.2, 1);
                build_change(c->b, d, c->params[p], FC_SCALE, build_constant(c->b, factor),
                             in_progress);
            }
        }
    }
}

fc_plan *random_plan(uint64_t number)
{
    chaos c = {.b = build_start("2025-01-01", "2027-01-01", number)};
    taken past = {0};
    int fleets, digits;

    fc_stream_init(&c.stream, UINT64_C(0x5eed), 0, number);
    digits = below(&c, 3);
    build_currency(c.b, "AAA", digits, some(&c, 1, 2));
    build_currency(c.b, "USD", 2, build_number(c.b, "usd", 1));
    accelerators(&c);
    fleets = 1 + below(&c, 2);
    for (int f = 0; f < fleets; f++) fleet(&c, f, &past);
    drivers(&c);
    return build_plan(c.b);
}
