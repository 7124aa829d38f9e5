/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_plan.h"

#include "random_chaos.h"

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
        model.servers_per_rack = maybe(c, 1, 6);
        model.peak_power = maybe(c, 400, 15000);
        model.idle_power = maybe(c, 0, 3000);
        model.needs = below(c, 4) == 0 ? FC_LIQUID : FC_AIR;
        build_accelerator(c->b, model);
    }
}

/* Mixes of up to two models by year; one without years may stand beside them. */
static fc_year_mixes mixes_by_year(chaos *c)
{
    static int64_t years[] = {2024, 2026};
    static fc_mix mixes[64 * MODELS][2]; /* as many as programmes; the plan points to them */
    fc_mix *own = mixes[c->n_mixes++];

    for (int i = 0; i < 2; i++) {
        int a = below(c, MODELS), b = (a + 1) % MODELS;
        double share = between(c, 0, 1);
        own[i] = build_mix(c->b, 2, a, share, b, 1.0 - share);
    }
    return (fc_year_mixes){.n = 2, .year = years, .mix = own};
}

static fc_tender tender(chaos *c)
{
    fc_tender out = {.call = some(c, 0, 120 * FC_DAY)};

    out.review = maybe(c, 0, 90 * FC_DAY);
    out.fails = maybe(c, 0, 1);
    out.relaunch = maybe(c, 0, 60 * FC_DAY);
    out.at_most = below(c, 2) == 0 ? 0 : build_number(c->b, "calls", 1 + below(c, 3));
    return out;
}

static void allotment(chaos *c, int i)
{
    fc_allotment out = {.name = letters[i]};

    out.models = build_refs(c->b, 2, 0, 1 + below(c, MODELS - 1));
    out.a_quarter = below(c, 2) == 0 ? path(c, 100) : some(c, 0, 100);
    build_allotment(c->b, out);
}

static void export_rule(chaos *c, int i, int fleets)
{
    fc_export_rule out = {.name = letters[i]};

    if (below(c, 2) == 0) out.models = build_refs(c->b, 1, below(c, MODELS));
    if (below(c, 2) == 0) out.buyers = build_refs(c->b, 1, below(c, fleets));
    out.from = maybe(c, -100 * FC_DAY, 600 * FC_DAY);
    out.until = maybe(c, 200 * FC_DAY, 900 * FC_DAY);
    out.status = below(c, 2) == 0 ? path(c, 2) : some(c, 0, 2);
    out.delay = maybe(c, 0, 200 * FC_DAY);
    out.denied = maybe(c, 0, 1);
    build_export_rule(c->b, out);
}

static fc_term term(chaos *c)
{
    fc_term out = {.then = below(c, 3), .otherwise = below(c, 2)};

    if (below(c, 2) == 0)
        out.lasts = some(c, 1 * FC_DAY, 500 * FC_DAY);
    else
        out.ends = some(c, 0, 800 * FC_DAY);
    out.renewed = maybe(c, 0, 1);
    out.renewal = maybe(c, 1 * FC_DAY, 200 * FC_DAY);
    out.cost = maybe(c, 0, 100);
    out.cost_currency = below(c, 2);
    return out;
}

static fc_budget budget(chaos *c, int i)
{
    fc_budget out = {.name = letters[i], .type = below(c, 2), .kind = below(c, 5)};

    out.currency = below(c, 2);
    if (below(c, 3) > 0) {
        out.amount = some(c, 0, 60000);
    } else {
        out.requested = some(c, 0, 60000);
        out.requested_on = maybe(c, -300 * FC_DAY, 300 * FC_DAY);
        out.bill = maybe(c, 0, 60000);
        out.cut = maybe(c, -0.5, 1);
    }
    out.introduced = maybe(c, -200 * FC_DAY, 400 * FC_DAY);
    out.enacted = some(c, -100 * FC_DAY, 600 * FC_DAY);
    out.probability = below(c, 3) > 0 ? 0 : some(c, 0.5, 1);
    out.line[FC_LINE_GPU] = maybe(c, 0, 1);
    out.line[FC_LINE_BUILDING] = below(c, 2) == 0 ? 0 : some(c, 0, 0.6);
    out.line[FC_LINE_RUNNING] = below(c, 3) > 0 ? 0 : some(c, 0, 0.3);
    for (int q = 0; q < FC_QUARTERS_NAMED && i == 1; q++) out.apportioned[q] = maybe(c, 0, 0.5);
    out.lapses = below(c, 2) == 0 ? 0 : some(c, 0, 800 * FC_DAY);
    out.carry_over = below(c, 2) == 0 ? 0 : some(c, 0, 2 * FC_YEAR);
    out.private_share = below(c, 3) > 0 ? 0 : some(c, 0, 0.6);
    if (below(c, 3) == 0) {
        out.ahead.ceiling = some(c, 0, 40000);
        out.ahead.from = maybe(c, -100 * FC_DAY, 400 * FC_DAY);
    }
    return out;
}

/* How it is paid, and what exchange rates do to it. */
static void payments(chaos *c, fc_programme *p)
{
    p->payments.advance = below(c, 2) == 0 ? 0 : some(c, 0, 0.7);
    p->payments.acceptance = below(c, 2) == 0 ? 0 : some(c, 0, 0.7);
    p->exchange.in_dollars = maybe(c, 0, 1);
    if (p->price != 0 && p->exchange.in_dollars != 0) p->exchange.budget_rate = maybe(c, 0.8, 1.5);
    p->exchange.hedge = maybe(c, 0, 1);
}

static fc_programme programme(chaos *c, int i, int32_t first_budget, int budgets,
                              int32_t first_site, int sites, int32_t first_target, int targets,
                              int32_t first_programme)
{
    fc_programme p = {0};
    int a = below(c, MODELS), b = (a + 1 + below(c, MODELS - 1)) % MODELS;
    double share = between(c, 0, 1);

    p.name = letters[i];
    p.rule = below(c, targets > 0 ? 3 : 2);
    if (p.rule == FC_RULE_TO_TARGET) {
        p.targets = build_refs(c->b, 2, first_target, first_target + targets - 1);
        if (targets == 1) p.targets.n = 1;
        p.spares = maybe(c, 0, 0.3);
        p.when = below(c, 2);
        p.margin = maybe(c, 0, 100 * FC_DAY);
    }
    if (i > 0 && below(c, 4) == 0) {
        p.rule = FC_RULE_REFRESH;
        p.replaces = build_refs(c->b, 2, first_programme, first_programme + i);
        p.margin = maybe(c, 0, 100 * FC_DAY);
    }
    if (below(c, 2) == 0) p.term = term(c);
    p.owner = below(c, 2);
    p.operator_share = maybe(c, 0, 1.1);
    p.mix_by = below(c, 2);
    if (below(c, 4) == 0) p.mix_by_year = mixes_by_year(c);
    if (below(c, 4) == 0) p.tender = tender(c);
    if (below(c, 2) == 0)
        p.fallback.models = build_refs(c->b, 2, below(c, MODELS), below(c, MODELS));
    p.fallback.otherwise = below(c, 2);
    p.at_most = maybe(c, 0, 600);
    p.start = maybe(c, -100 * FC_DAY, 400 * FC_DAY);
    p.price = maybe(c, 10, 500);
    p.price_currency = below(c, 2);
    payments(c, &p);
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
    target.operator_counts = below(c, 2);
    build_target(c->b, target);
}

static fc_ages ages(chaos *c)
{
    static const double from[] = {0, 100 * FC_DAY, 300 * FC_DAY, 700 * FC_DAY};
    static const double factors[][4] = {{3, 1, 0.5, 2}, {0, 1, 0, 4}, {1, 2, 3, 4}};

    return (fc_ages){(uint32_t)(1 + below(c, 4)), from, factors[below(c, 3)]};
}

static fc_upkeep random_upkeep(chaos *c)
{
    fc_upkeep upkeep = {0};

    upkeep.failure_rate = maybe(c, 0, 0.05 / FC_DAY);
    upkeep.repair_time = maybe(c, 0, 30 * FC_DAY);
    upkeep.crews = below(c, 2) == 0 ? 0 : build_number(c->b, "crews", 1 + below(c, 4));
    if (below(c, 3) == 0) upkeep.by_age = ages(c);
    upkeep.repaired_as = below(c, 2);
    if (below(c, 2) == 0) upkeep.scrapped = some(c, 0, 1);
    upkeep.replacement = maybe(c, 0, 100 * FC_DAY);
    if (below(c, 3) == 0) upkeep.spares = build_number(c->b, "spares", below(c, 5));
    upkeep.swap_time = maybe(c, 0, 10 * FC_DAY);
    if (below(c, 3) == 0) upkeep.exact_up_to = build_number(c->b, "exact", below(c, 10));
    return upkeep;
}

/* The indices from which a fleet's own entities are counted. */
typedef struct taken {
    int32_t budgets, sites, targets, programmes, pools;
} taken;

static fc_valuation valuation(chaos *c)
{
    if (below(c, 2) == 0) return (fc_valuation){0};
    return (fc_valuation){.base = build_date(c->b, "base", "2026-01-01"),
                          .discount_rate = maybe(c, 0, 0.1 / FC_YEAR),
                          .inflation = maybe(c, 0, 0.1 / FC_YEAR)};
}

static fc_walk walk(chaos *c)
{
    fc_walk out = {0};

    if (below(c, 2) == 0) return out;
    out.volatility = some(c, 0, 0.4);
    out.reversion = maybe(c, 0, 3 / FC_YEAR);
    out.from = maybe(c, -200 * FC_DAY, 500 * FC_DAY);
    return out;
}

static void fleet(chaos *c, int f, taken *past)
{
    int sites = below(c, 3), budgets = 1 + below(c, 3), stocks = below(c, 3);
    int programmes = 1 + below(c, 3), targets = below(c, 3);
    fc_upkeep upkeep = random_upkeep(c);
    bool costs = below(c, 4) > 0;

    build_fleet(c->b, (fc_fleet){.name = f == 0 ? "one" : "two",
                                 .currency = 0,
                                 .fiscal_year_starts = below(c, 13),
                                 .valuation = valuation(c),
                                 .upkeep = upkeep,
                                 .staff = random_staff(c),
                                 .terms = random_terms(c),
                                 .carbon = costs ? random_carbon(c) : (fc_carbon){0},
                                 .running = costs ? random_running_cost(c) : (fc_running_cost){0}});
    for (int i = 0; i < sites; i++) {
        random_site(c, i, past->budgets);
        for (int k = below(c, 4); k > 0; k--) {
            fc_phase phase = {0};

            phase.name = letters[k];
            phase.power = some(c, 0, 500e3);
            phase.start = maybe(c, -300 * FC_DAY, 400 * FC_DAY);
            phase.build = maybe(c, 0, 400 * FC_DAY);
            phase.connect = maybe(c, 0, 400 * FC_DAY);
            phase.permit = maybe(c, 0, 100 * FC_DAY);
            phase.cancelled = below(c, 4) == 0 ? some(c, 0, 0.5) : 0;
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
    for (int i = 0; i < budgets; i++) build_budget(c->b, budget(c, i));
    for (int i = 0; i < programmes; i++)
        build_programme(c->b, programme(c, i, past->budgets, budgets, past->sites, sites,
                                        past->targets, targets, past->programmes));
    for (int i = 0; i < targets; i++) add_target(c, i);
    for (int i = below(c, 2); i > 0; i--) allotment(c, i);
    if (below(c, 4) == 0) random_demand(c, &past->pools);
    past->targets += targets;
    past->programmes += programmes;
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
    build_unfinished(c.b)->currencies[0].walk = walk(&c);
    accelerators(&c);
    random_tariffs(&c);
    random_grid_rules(&c);
    fleets = 1 + below(&c, 2);
    for (int f = 0; f < fleets; f++) fleet(&c, f, &past);
    for (int i = below(&c, 4) - 1; i > 0; i--) export_rule(&c, i, fleets);
    drivers(&c);
    return build_plan(c.b);
}
