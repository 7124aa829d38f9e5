/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_plan.h"

#include <stdio.h>

#include "kernel/stream.h"

enum { MODELS = 3, MOST_PARAMS = 600 };

typedef struct chaos {
    plan_builder *b;
    fc_stream stream;
    fc_param params[MOST_PARAMS]; /* that drivers may strike; durations and dates */
    uint32_t values[MOST_PARAMS]; /* by what */
    int n_params;
    int n_names;
    int n_mixes;
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

/* Falls and rises within [0, most], and is `most` before its first date. */
static fc_param wave(chaos *c, double most)
{
    double times[6], at = between(c, -100, 100) * FC_DAY;
    uint32_t values[6];
    int n = 1 + below(c, 6);

    for (int i = 0; i < n; i++) {
        at += between(c, 1, 200) * FC_DAY;
        times[i] = at;
        values[i] = build_constant(c->b, between(c, 0, most));
    }
    return build_param(c->b, name(c), build_path_of(c->b, FC_FORM_STEP, most, n, times, values));
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
        model.servers_per_rack = maybe(c, 1, 6);
        model.peak_power = maybe(c, 400, 15000);
        model.idle_power = maybe(c, 0, 3000);
        model.needs = below(c, 4) == 0 ? FC_LIQUID : FC_AIR;
        build_accelerator(c->b, model);
    }
}

static fc_assessment assessment(chaos *c)
{
    fc_assessment a = {0};

    a.at_least = maybe(c, 0, 500e3);
    a.passed = maybe(c, 0.1, 1);
    a.review = some(c, 1 * FC_DAY, 200 * FC_DAY);
    a.retry = maybe(c, 0, 100 * FC_DAY);
    return a;
}

static void grid_rules(chaos *c)
{
    for (int i = below(c, 4); i > 0; i--) {
        fc_grid_rule rule = {.name = letters[i], .kind = below(c, 4), .waived = below(c, 2)};

        if (below(c, 2) == 0) rule.region = letters[below(c, 2)];
        rule.from = maybe(c, -300 * FC_DAY, 500 * FC_DAY);
        rule.until = maybe(c, 0, 900 * FC_DAY);
        rule.assessment = assessment(c);
        build_grid_rule(c->b, rule);
    }
}

static fc_price cost(chaos *c, double most)
{
    return (fc_price){maybe(c, 0, most), below(c, 2)};
}

static uint32_t some_of(chaos *c, int bits)
{
    return (uint32_t)below(c, 1 << bits);
}

static void tariffs(chaos *c)
{
    static const int64_t holidays[] = {20089, 20116, 20149, 20454}; /* 2025-01-01 ... 2026-01-01 */

    for (int i = 0; i < 2; i++) {
        fc_tariff tariff = {.name = letters[i]};

        tariff.energy = (fc_price){some(c, 0, 1), below(c, 2)};
        for (int s = 0; s < FC_N_SEASONS; s++) {
            tariff.season[s].months = some_of(c, 13);
            tariff.season[s].mid_hours = some_of(c, 24);
            tariff.season[s].peak_hours = some_of(c, 24);
            for (int p = 0; p < FC_N_PERIODS; p++) tariff.season[s].price[p] = cost(c, 1);
        }
        tariff.saturday = below(c, 3);
        tariff.sunday = below(c, 3);
        tariff.holiday = below(c, 3);
        tariff.holidays = holidays;
        tariff.n_holidays = (uint32_t)below(c, 5);
        tariff.demand = cost(c, 20);
        tariff.demand_months = some_of(c, 13);
        tariff.off_peak_demand = below(c, 2);
        tariff.demand_floor = maybe(c, 0, 1);
        tariff.climate = cost(c, 0.1);
        tariff.fuel = (fc_price){below(c, 2) == 0 ? 0 : some(c, -0.1, 0), below(c, 2)};
        tariff.fund = maybe(c, 0, 0.05);
        tariff.vat = maybe(c, 0, 0.2);
        build_tariff(c->b, tariff);
    }
}

static fc_terms terms(chaos *c)
{
    fc_terms t = {.tariff = below(c, 3) - 1};

    if (below(c, 3) == 0) return (fc_terms){.tariff = FC_NONE};
    t.load = maybe(c, 0, 1);
    t.pue = below(c, 2) == 0 ? 0 : build_number(c->b, "pue", between(c, 1, 2));
    t.summer_pue = below(c, 2) == 0 ? 0 : build_number(c->b, "pue", between(c, 1, 2));
    t.contract_power = maybe(c, 0, 1e6);
    t.adder = cost(c, 0.1);
    t.ppa_share = maybe(c, 0, 1);
    t.ppa_price = cost(c, 1);
    t.wue = below(c, 2) == 0 ? 0 : some(c, 0, 3);
    t.water_permit = below(c, 2) == 0 ? 0 : wave(c, 20);
    t.colocation = cost(c, 200);
    return t;
}

static fc_running_cost running_cost(chaos *c)
{
    fc_running_cost r = {.arrears = below(c, 2)};

    r.maintenance = maybe(c, 0, 0.2 / FC_YEAR);
    r.licences = cost(c, 0.1);
    r.network = cost(c, 0.1);
    r.staff = cost(c, 20);
    r.funded = below(c, 3) == 0 ? 0 : below(c, 2) == 0 ? wave(c, 1.5) : some(c, 0, 1.2);
    r.arrears_limit = cost(c, 20000);
    r.written_off = maybe(c, 1 * FC_YEAR, 8 * FC_YEAR);
    return r;
}

static fc_carbon carbon(chaos *c)
{
    fc_carbon out = {.headline = below(c, FC_N_CARBON_BASES)};

    for (int i = 0; i < FC_N_CARBON_BASES; i++) out.factor[i] = maybe(c, 0, 1);
    return out;
}

static void add_site(chaos *c, int i, int32_t first_budget)
{
    fc_site site = {.name = letters[i], .region = letters[below(c, 2)], .kind = below(c, 3)};

    site.design_pue = maybe(c, 1, 2);
    site.available = below(c, 2) == 0 ? 0 : below(c, 3) > 0 ? wave(c, 1.2) : some(c, 0, 1.3);
    site.cooling = below(c, 4) == 0 ? FC_HALL_AIR : FC_HALL_LIQUID;
    site.rack_limit = below(c, 2) == 0 ? 0 : some(c, 500, 60000);
    site.racks = below(c, 2) == 0 ? 0 : below(c, 2) == 0 ? wave(c, 40) : some(c, 0, 60);
    site.notice = below(c, 2) == 0 ? 0 : some(c, 0, 60 * FC_DAY);
    if (below(c, 3) == 0) site.assessment = assessment(c);
    if (below(c, 2) == 0) {
        site.pays_from = build_refs(c->b, 1, first_budget);
        site.cost = some(c, 0, 60);
        site.cost_currency = below(c, 2);
    }
    site.terms = terms(c);
    build_site(c->b, site);
}

static fc_staff staff(chaos *c)
{
    fc_staff staff = {0};

    if (below(c, 2) == 0) return staff;
    staff.stock = maybe(c, 0, 12);
    staff.graduates = maybe(c, 0, 4 / FC_YEAR);
    staff.training = maybe(c, 0, 4 / FC_YEAR);
    staff.outflow = maybe(c, 0, 0.5 / FC_YEAR);
    staff.needed_per_mw = maybe(c, 0, 30);
    staff.crews = below(c, 2) == 0 ? 0 : build_number(c->b, "crews", 1 + below(c, 2));
    staff.crew_size = maybe(c, 0, 3);
    return staff;
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

static fc_demand_spec demand_spec(chaos *c)
{
    static const int details[] = {FC_DETAIL_FLUID, FC_DETAIL_JOBS, FC_DETAIL_JOBS,
                                  FC_DETAIL_WINDOWS, FC_DETAIL_WINDOWS};
    fc_demand_spec spec = {.detail = details[below(c, 5)]};

    spec.window_length = maybe(c, FC_DAY, 20 * FC_DAY);
    spec.windows_a_quarter = maybe(c, 1, 5);
    spec.policy = below(c, 7);
    spec.overrun = below(c, 2);
    spec.placement = below(c, 2);
    spec.packing = maybe(c, 0, 1);
    spec.rebound = maybe(c, 0, 1.2);
    for (int i = 0; i < FC_N_WORKLOADS; i++) spec.work_per_result[i] = maybe(c, 0.2, 1.5);
    spec.run_work = maybe(c, 1e20, 1e26);
    return spec;
}

static fc_factors speeds(chaos *c)
{
    int first = below(c, MODELS), second = (first + 1) % MODELS;
    fc_param one = some(c, 0.1, 4), two = some(c, 0.1, 4);

    return build_factors(c->b, 1 + below(c, 2), first, one, second, two);
}

static void service(chaos *c, int i, int32_t pool)
{
    static const double hours[FC_HOURS] = {[1] = 0.125, [8] = 0.5, [20] = 0.375};
    static const double days[FC_WEEKDAYS] = {[0] = 0.75, [4] = 0.25};
    fc_service service = {.name = letters[i], .pool = pool};

    service.users = below(c, 2) ? wave(c, 1e4) : some(c, 0, 1e4);
    service.tokens_per_user = some(c, 0, 1e4 / FC_DAY);
    service.tokens_per_gpu = some(c, 10, 50);
    if (below(c, 2) == 0) service.hours.share = hours;
    if (below(c, 3) == 0) service.days.share = days;
    if (below(c, 3) == 0) service.relative_speed = speeds(c);
    service.target_load = maybe(c, 0.3, 1);
    service.replica = maybe(c, 1, 12);
    service.at_least = maybe(c, 0, 30);
    service.scaling = below(c, 2);
    service.scale_up_delay = maybe(c, 0, 2 * FC_HOUR);
    service.scale_down_delay = maybe(c, 0, 30 * FC_HOUR);
    service.overflow = below(c, 2);
    service.offshore_price = maybe(c, 0, 5);
    service.offshore_currency = below(c, 2);
    if (below(c, 3) == 0) service.models = build_refs(c->b, 1, below(c, MODELS));
    build_service(c->b, service);
}

static fc_call call(chaos *c, int i, int32_t pool)
{
    static const double rounds[] = {-50 * FC_DAY, 3 * FC_DAY, 200 * FC_DAY, 201 * FC_DAY};
    fc_call out = {.name = letters[i], .pool = pool, .order = below(c, 2)};

    if (below(c, 3) == 0) out.models = build_refs(c->b, 1, below(c, MODELS));
    if (below(c, 3) == 0) {
        out.rounds = rounds;
        out.n_rounds = 1 + (uint32_t)below(c, 4);
    } else {
        out.closes = build_number(c->b, "closes", between(c, -100, 300) * FC_DAY);
        out.every = some(c, 10 * FC_DAY, 200 * FC_DAY);
    }
    out.regional_bonus = maybe(c, 0, 3);
    if (below(c, 2) == 0) {
        out.price = some(c, 0, 5);
        out.price_currency = below(c, 2);
        out.co_payment = some(c, 0, 1);
    }
    out.review = maybe(c, 0, 100 * FC_DAY);
    out.quota = maybe(c, 0, 300);
    out.share = below(c, 2) ? 0 : wave(c, 1);
    out.cap = maybe(c, 5, 100);
    out.term = some(c, 1 * FC_DAY, 400 * FC_DAY);
    if (below(c, 2) == 0) {
        out.reclaim_every = some(c, 10 * FC_DAY, 100 * FC_DAY);
        out.reclaim_below = some(c, 0, 1);
    }
    return out;
}

/* Of the fleet added last, whose first pool, if there are calls, is given out by them. */
static void applicants(chaos *c, fc_user_class *users)
{
    const fc_plan *plan = build_unfinished(c->b);
    const fc_demand_spec *spec = &plan->fleets[plan->n_fleets - 1].demand;

    users->access = FC_NONE;
    users->users = below(c, 3) == 0 ? 1 + below(c, 20) : 0;
    users->skew = maybe(c, 0, 2);
    users->region = below(c, 3);
    if (spec->n_calls == 0) return;
    if (users->pool != plan->calls[spec->first_call].pool) return;
    users->access = (int32_t)spec->first_call + below(c, (int)spec->n_calls);
    users->pool = FC_NONE;
    users->duration = 0;
    if (users->leaves == FC_LEAVES_AT_ARRIVAL) users->leaves = FC_LEAVES_OFFSHORE;
    users->use = maybe(c, 0, 1);
    if (below(c, 2) == 0) return;
    users->jobs.arrivals = some(c, 0, 3 / FC_DAY);
    users->jobs.gpus = some(c, 1, 60);
    users->jobs.duration = some(c, 0, 10 * FC_DAY);
    users->jobs.checkpoint = maybe(c, 0, FC_DAY);
}

/* Of the fleet added last. */
static void demand(chaos *c, int32_t *pools)
{
    static const double hours[FC_HOURS] = {[3] = 0.25, [9] = 0.5, [23] = 0.25};
    static const double days[FC_WEEKDAYS] = {[0] = 0.5, [6] = 0.5};
    fc_plan *plan = build_unfinished(c->b);
    int32_t first = *pools;
    int n = below(c, 3);

    plan->fleets[plan->n_fleets - 1].demand = demand_spec(c);

    for (int i = 0; i < n; i++)
        *pools = build_pool(c->b, (fc_pool){.name = letters[i], .share = wave(c, 0.7)}) + 1;
    for (int i = below(c, 3); i > 0; i--) build_call(c->b, call(c, i, n > 0 ? first : FC_NONE));
    for (int i = 1 + below(c, 3); i > 0; i--) {
        fc_user_class users = {.name = letters[i], .pool = FC_NONE};

        if (n > 0) users.pool = first + below(c, n);
        users.work = below(c, FC_N_WORKLOADS);
        users.arrivals = below(c, 2) ? wave(c, 1 / FC_DAY) : some(c, 0, 1 / FC_DAY);
        if (below(c, 3) == 0) users.hours.share = hours;
        if (below(c, 3) == 0) users.days.share = days;
        users.gpus = some(c, 1, 100);
        users.duration = some(c, 0, below(c, 4) ? 3 * FC_DAY : 100 * FC_DAY);
        users.estimate = maybe(c, 0.3, 3);
        users.patience = maybe(c, 0, 5 * FC_DAY);
        users.priority = maybe(c, 0, 5);
        users.checkpoint = maybe(c, 0, FC_DAY);
        users.leaves = below(c, 3);
        users.offshore_price = maybe(c, 0, 5);
        users.offshore_currency = below(c, 2);
        if (below(c, 3) == 0) users.models = build_refs(c->b, 1, below(c, MODELS));
        if (below(c, 3) == 0) users.prefers = build_refs(c->b, 1, below(c, MODELS));
        users.share = maybe(c, 0.1, 4);
        users.quota = maybe(c, 1, 200);
        applicants(c, &users);
        build_class(c->b, users);
    }
    if (plan->fleets[plan->n_fleets - 1].demand.n_calls > 0) return; /* a pool may be theirs */
    for (int i = below(c, 3); i > 0; i--) service(c, i, n > 0 ? first + below(c, n) : FC_NONE);
    if (below(c, 2) == 0) plan->fleets[plan->n_fleets - 1].terms.load_from = FC_LOAD_OF_DEMAND;
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
                                 .staff = staff(c),
                                 .terms = terms(c),
                                 .carbon = costs ? carbon(c) : (fc_carbon){0},
                                 .running = costs ? running_cost(c) : (fc_running_cost){0}});
    for (int i = 0; i < sites; i++) {
        add_site(c, i, past->budgets);
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
    if (below(c, 4) == 0) demand(c, &past->pools);
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
    tariffs(&c);
    grid_rules(&c);
    fleets = 1 + below(&c, 2);
    for (int f = 0; f < fleets; f++) fleet(&c, f, &past);
    for (int i = below(&c, 4) - 1; i > 0; i--) export_rule(&c, i, fleets);
    drivers(&c);
    return build_plan(c.b);
}
