/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Electricity by hand: energy, bills by line, the demand charge, changes of prices within a month,
 * water and emissions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "plan_builder.h"
#include "world_helper.h"

enum { KRW = 0 };

static uint32_t bits(int from, int to) /* inclusive */
{
    uint32_t mask = 0;
    for (int i = from; i <= to; i++) mask |= UINT32_C(1) << i;
    return mask;
}

/* One server of one accelerator that draws 1 MW of IT power at full load, nothing without. */
static plan_builder *start(const char *from, const char *to)
{
    plan_builder *b = build_start(from, to, 1);

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, (fc_accelerator){.name = "big",
                                          .per_server = build_number(b, "per_server", 1),
                                          .server_power = build_number(b, "power", 1e6)});
    return b;
}

static fc_price won(plan_builder *b, const char *path, double amount)
{
    return (fc_price){build_number(b, path, amount), KRW};
}

/* The fleet with one server in service from the start at a site. */
static fc_plan *one_server(plan_builder *b, fc_fleet fleet, fc_terms terms)
{
    fleet.name = "korea";
    fleet.terms.tariff = FC_NONE;
    build_fleet(b, fleet);
    build_site(b, (fc_site){.name = "hall", .terms = terms});
    build_phase(b, (fc_phase){.name = "all", .power = build_number(b, "supply", 4e6)});
    build_stock(b, (fc_stock){.name = "old",
                              .model = 0,
                              .site = 0,
                              .count = build_number(b, "count", 1),
                              .since = build_number(b, "since", 0)});
    return build_plan(b);
}

static double of_year(const trial *t, int metric, int year)
{
    return outcome(t, metric, 0, year - t->plan->first_year);
}

static double line(const trial *t, int cost, int year)
{
    return outcome(t, FC_M_cost, 0, (year - t->plan->first_year) * FC_N_COSTS + cost);
}

/* ---- demand -------------------------------------------------------------------------------- */

static fc_tariff demand_tariff(plan_builder *b)
{
    return (fc_tariff){.name = "demand",
                       .energy = won(b, "energy", 0),
                       .demand = won(b, "demand", 1000),
                       .demand_months = bits(7, 9) | bits(12, 12) | bits(1, 2),
                       .demand_floor = build_number(b, "floor", 0.3)};
}

static void test_demand_of_fourteen_months(void **state)
{
    (void)state;
    for (int contract = 1; contract <= 3; contract += 2) {
        plan_builder *b = start("2025-01-01", "2026-03-01");
        fc_terms terms = {.contract_power = build_number(b, "contract", contract * 1e6)};
        fc_plan *plan = NULL;
        trial t;

        build_tariff(b, demand_tariff(b));
        terms.load =
            build_steps(b, "load", 0.5, "2025-02-01", 0.82, "2025-03-01", 0.6, "2025-04-01", 0.45,
                        "2025-05-01", 0.2, "2025-06-01", 0.7, "2025-07-01", 0.9, "2025-08-01", 0.5,
                        "2025-09-01", 0.3, "2025-10-01", 0.95, "2025-11-01", 0.2, "2025-12-01", 0.8,
                        "2026-01-01", 0.6, "2026-02-01", 0.1, NULL);
        plan = one_server(b, (fc_fleet){.currency = KRW}, terms);
        t = trial_of(plan, 0);
        /* Of 1,000 kW the floor of 300 kW never binds. January 500 kW; February's 820 kW hold until
         * June, July's 900 kW from then on but for October's own 950 kW, which does not last. Of
         * 3,000 kW the floor is 900 kW. */
        if (contract == 1) {
            assert_true(line(&t, FC_COST_demand, 2025) ==
                        1000.0 * (500 + 5 * 820 + 3 * 900 + 950 + 2 * 900));
            assert_true(line(&t, FC_COST_demand, 2026) == 1000.0 * 2 * 900);
            assert_true(of_year(&t, FC_M_peak_power, 2025) == 950e3);
            assert_true(of_year(&t, FC_M_demand_share, 2025) == 1);
        } else {
            assert_true(line(&t, FC_COST_demand, 2025) == 1000.0 * (11 * 900 + 950));
        }
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* A summer's peak is billed for twelve months and no longer; then the floor holds. */
static void test_a_peak_is_forgotten_after_twelve_months(void **state)
{
    (void)state;
    plan_builder *b = start("2025-07-01", "2026-09-01");
    fc_terms terms = {.contract_power = build_number(b, "contract", 1e6)};
    fc_plan *plan = NULL;
    trial t;

    build_tariff(b, demand_tariff(b));
    terms.load = build_steps(b, "load", 0.9, "2025-08-01", 0.5, "2025-09-01", 0.1, NULL);
    plan = one_server(b, (fc_fleet){.currency = KRW}, terms);
    t = trial_of(plan, 0);
    assert_true(line(&t, FC_COST_demand, 2025) == 1000.0 * 6 * 900);
    assert_true(line(&t, FC_COST_demand, 2026) == 1000.0 * (6 * 900 + 500 + 300));
    trial_end(&t);
    fc_plan_free(plan);
}

/* What is drawn on a Sunday only makes no peak where off-peak demand is free. */
static void test_off_peak_demand_is_free(void **state)
{
    (void)state;
    for (int free_of_charge = 0; free_of_charge <= 1; free_of_charge++) {
        plan_builder *b = start("2025-01-01", "2025-02-01");
        fc_tariff tariff = demand_tariff(b);
        fc_terms terms = {.contract_power = build_number(b, "contract", 1e6)};
        fc_plan *plan = NULL;
        trial t;

        tariff.off_peak_demand = free_of_charge;
        tariff.sunday = FC_ALL_OFF_PEAK;
        tariff.season[FC_OTHER_SEASON].mid_hours = bits(8, 21);
        build_tariff(b, tariff);
        /* 2025-01-05 is a Sunday. */
        terms.load = build_steps(b, "load", 0.5, "2025-01-05", 1.0, "2025-01-06", 0.5, NULL);
        plan = one_server(b, (fc_fleet){.currency = KRW}, terms);
        t = trial_of(plan, 0);
        assert_true(line(&t, FC_COST_demand, 2025) == (free_of_charge ? 500e3 : 1000e3));
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* ---- energy -------------------------------------------------------------------------------- */

/* January 2025: 23 working days, four Saturdays, four Sundays. */
static void test_a_bill_by_line(void **state)
{
    (void)state;
    plan_builder *b = start("2025-01-01", "2025-02-01");
    fc_tariff tariff = {.name = "hours",
                        .saturday = FC_AT_MOST_MID,
                        .sunday = FC_ALL_OFF_PEAK,
                        .climate = won(b, "climate", 9),
                        .fuel = won(b, "fuel", -5),
                        .fund = build_number(b, "fund", 0.027),
                        .vat = build_number(b, "vat", 0.1)};
    fc_tariff_season winter = {
        .months = bits(11, 12) | bits(1, 2),
        .mid_hours = bits(8, 21),
        .peak_hours = bits(9, 11) | bits(16, 18),
        .price = {won(b, "off", 100), won(b, "mid", 150), won(b, "peak", 200)}};
    fc_terms terms = {.adder = won(b, "adder", 1),
                      .ppa_share = build_number(b, "ppa", 0.25),
                      .ppa_price = won(b, "ppa_price", 170)};
    double off = 744 - 23 * 14 - 4 * 14, mid = 23 * 8 + 4 * 14, peak = 23 * 6;
    double energy = 0.75 * 1000 * (off * 100 + mid * 150 + peak * 200), base = 0;
    fc_plan *plan = NULL;
    trial t;

    tariff.energy = won(b, "other", 1e6); /* of the other seasons */
    tariff.season[FC_WINTER] = winter;
    build_tariff(b, tariff);
    plan = one_server(b, (fc_fleet){.currency = KRW}, terms);
    t = trial_of(plan, 0);
    assert_true(line(&t, FC_COST_energy, 2025) == energy);
    assert_true(line(&t, FC_COST_climate, 2025) == 0.75 * 744e3 * 9);
    assert_true(line(&t, FC_COST_fuel, 2025) == -0.75 * 744e3 * 5);
    assert_true(line(&t, FC_COST_adder, 2025) == 744e3);
    assert_true(line(&t, FC_COST_ppa, 2025) == 0.25 * 744e3 * 170);
    base = energy + 0.75 * 744e3 * 4 + 744e3 + 0.25 * 744e3 * 170;
    assert_true(line(&t, FC_COST_fund, 2025) == rint(0.027 * base));
    assert_true(line(&t, FC_COST_vat, 2025) == rint(0.1 * base));
    assert_true(of_year(&t, FC_M_electricity_bill, 2025) ==
                base + rint(0.027 * base) + rint(0.1 * base));
    assert_true(of_year(&t, FC_M_energy, 2025) == 744e3);
    trial_end(&t);
    fc_plan_free(plan);
}

/* A policy of +10 % from the 16th on: fifteen days at the old price, sixteen at the new one. */
static void test_a_price_rises_within_a_month(void **state)
{
    (void)state;
    plan_builder *b = start("2025-01-01", "2025-02-01");
    fc_tariff tariff = {.name = "flat", .energy = won(b, "energy", 100)};
    int32_t rise = 0;
    fc_plan *plan = NULL;
    trial t;

    rise = build_driver(
        b, (fc_driver){.name = "rise", .is_policy = true, .at = build_date(b, "at", "2025-01-16")});
    build_change(b, rise, tariff.energy.value, FC_SCALE, build_constant(b, 1.1), FC_KEEP);
    build_tariff(b, tariff);
    plan = one_server(b, (fc_fleet){.currency = KRW}, (fc_terms){0});
    t = trial_of(plan, 0);
    assert_true(line(&t, FC_COST_energy, 2025) == 1000 * 24 * (15 * 100 + 16 * 110));
    trial_end(&t);
    fc_plan_free(plan);
}

/* An 8-GPU server of H100 is rated at 10.2 kW and draws 8.4 kW at most, of the energy of which a
 * PUE of 1.25 (1.5 in summer) makes more. */
static void test_energy_adds_up(void **state)
{
    (void)state;
    for (int full = 0; full <= 1; full++) {
        plan_builder *b = start("2025-01-01", "2026-01-01");
        fc_fleet fleet = {.name = "korea", .currency = KRW};
        fc_plan *plan = NULL;
        double hours = 365 * 24, summer = 92 * 24, it = 0;
        trial t;

        build_accelerator(b, (fc_accelerator){.name = "h100",
                                              .per_server = build_number(b, "eight", 8),
                                              .server_power = build_number(b, "rated", 10200),
                                              .peak_power = build_number(b, "peak", 8400),
                                              .idle_power = build_number(b, "idle", 2000)});
        fleet.terms = (fc_terms){.load = build_number(b, "load", full ? 1 : 0.75),
                                 .pue = build_number(b, "pue", 1.25),
                                 .summer_pue = build_number(b, "summer", 1.5)};
        build_fleet(b, fleet);
        build_stock(b, (fc_stock){.name = "old",
                                  .model = 1,
                                  .site = FC_NONE,
                                  .count = build_number(b, "count", 8),
                                  .since = build_number(b, "since", 0)});
        plan = build_plan(b);
        t = trial_of(plan, 0);
        it = of_year(&t, FC_M_energy_load, 2025) + of_year(&t, FC_M_energy_idle, 2025);
        assert_true(fabs(of_year(&t, FC_M_energy_idle, 2025) - 2 * hours) < 1e-6);
        assert_true(fabs(it - (full ? 8.4 : 2 + 6.4 * 0.75) * hours) < 1e-6);
        assert_true(it <= 8.4 * hours + 1e-6);
        assert_true(fabs(of_year(&t, FC_M_energy_overhead, 2025) -
                         it / hours * (0.25 * (hours - summer) + 0.5 * summer)) < 1e-6);
        assert_true(fabs(of_year(&t, FC_M_energy, 2025) - it -
                         of_year(&t, FC_M_energy_overhead, 2025)) < 1e-6);
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* ---- water and emissions ------------------------------------------------------------------- */

/* 1 MW at 1.8 L/kWh takes 43.2 m3 a day; a drought halves the permit of 60 m3 from the 11th on. */
static void test_water_beyond_a_permit(void **state)
{
    (void)state;
    plan_builder *b = start("2025-01-01", "2025-02-01");
    fc_terms terms = {.pue = build_number(b, "pue", 1.5),
                      .wue = build_number(b, "wue", 1.8),
                      .water_permit = build_number(b, "permit", 60)};
    int32_t drought =
        build_driver(b, (fc_driver){.name = "drought", .at = build_date(b, "at", "2025-01-11")});
    fc_plan *plan = NULL;
    trial t;

    build_change(b, drought, terms.water_permit, FC_SCALE, build_constant(b, 0.5), FC_KEEP);
    plan = one_server(b, (fc_fleet){.currency = KRW}, terms);
    t = trial_of(plan, 0);
    assert_true(fabs(of_year(&t, FC_M_water, 2025) - 31 * 43.2) < 1e-6);
    assert_true(of_year(&t, FC_M_water_over, 2025) == 21);
    trial_end(&t);
    fc_plan_free(plan);
}

static void test_bases_are_not_mixed(void **state)
{
    (void)state;
    plan_builder *b = start("2025-01-01", "2025-02-01");
    fc_carbon carbon = {.headline = FC_CARBON_location};
    fc_plan *plan = NULL;
    trial t;

    carbon.factor[FC_CARBON_consumption] = build_number(b, "consumption", 0.4173);
    carbon.factor[FC_CARBON_location] = build_number(b, "location", 0.4157);
    carbon.factor[FC_CARBON_market] = build_number(b, "market", 0.5);
    plan = one_server(b, (fc_fleet){.currency = KRW, .carbon = carbon},
                      (fc_terms){.ppa_share = build_number(b, "ppa", 0.4)});
    t = trial_of(plan, 0);
    assert_true(fabs(of_year(&t, FC_M_carbon, 2025) - 744 * 0.4157) < 1e-9);
    assert_true(fabs(of_year(&t, FC_M_carbon_consumption, 2025) - 744 * 0.4173) < 1e-9);
    assert_true(fabs(of_year(&t, FC_M_carbon_market, 2025) - 744 * 0.5 * 0.6) < 1e-9);
    for (uint32_t i = 0; i < plan->n_outcomes; i++)
        assert_true(plan->outcomes[i].metric != FC_M_carbon_life_cycle); /* no factor given */
    trial_end(&t);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demand_of_fourteen_months),
        cmocka_unit_test(test_a_peak_is_forgotten_after_twelve_months),
        cmocka_unit_test(test_off_peak_demand_is_free),
        cmocka_unit_test(test_a_bill_by_line),
        cmocka_unit_test(test_a_price_rises_within_a_month),
        cmocka_unit_test(test_energy_adds_up),
        cmocka_unit_test(test_water_beyond_a_permit),
        cmocka_unit_test(test_bases_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
