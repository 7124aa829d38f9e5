/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_chaos.h"

static uint32_t some_of(chaos *c, int bits)
{
    return (uint32_t)below(c, 1 << bits);
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

void random_grid_rules(chaos *c)
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

void random_tariffs(chaos *c)
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

fc_terms random_terms(chaos *c)
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

fc_running_cost random_running_cost(chaos *c)
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

fc_carbon random_carbon(chaos *c)
{
    fc_carbon out = {.headline = below(c, FC_N_CARBON_BASES)};

    for (int i = 0; i < FC_N_CARBON_BASES; i++) out.factor[i] = maybe(c, 0, 1);
    return out;
}

void random_site(chaos *c, int i, int32_t first_budget)
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
    site.terms = random_terms(c);
    build_site(c->b, site);
}

fc_staff random_staff(chaos *c)
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
