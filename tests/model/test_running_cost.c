/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running cost by hand: what it consists of, what is paid of it, and servers that are off for want
 * of money.
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

static fc_price won(plan_builder *b, const char *path, double amount)
{
    return (fc_price){build_number(b, path, amount), KRW};
}

/* Two servers of 1 MW and one accelerator each, bought for 1 bn won each and in service from the
 * first day on, as announced. Energy costs 100 won a kWh. */
static fc_plan *two_servers_at(plan_builder *b, fc_running_cost running, fc_price colocation,
                               fc_param discount_rate, double running_line)
{
    fc_fleet fleet = {.valuation.discount_rate = discount_rate,
                      .name = "korea",
                      .currency = KRW,
                      .running = running};
    fc_programme p = {.name = "state", .mix = build_mix(b, 1, 0, 1.0)};

    build_tariff(b, (fc_tariff){.name = "flat", .energy = won(b, "energy", 100)});
    fleet.terms.colocation = colocation;
    build_fleet(b, fleet);
    fc_budget budget = {.name = "main",
                        .amount = build_number(b, "amount", 2e9 + running_line),
                        .currency = KRW,
                        .enacted = build_number(b, "enacted", 0)};

    if (running_line > 0) {
        budget.line[FC_LINE_GPU] = build_number(b, "gpu", 2e9 / (2e9 + running_line));
        budget.line[FC_LINE_RUNNING] = build_number(b, "line", running_line / (2e9 + running_line));
    }
    p.pays_from = build_refs(b, 1, build_budget(b, budget));
    p.announced = build_number(b, "announced", 2);
    build_programme(b, p);
    return build_plan(b);
}

static fc_plan *two_servers(plan_builder *b, fc_running_cost running, fc_price colocation)
{
    return two_servers_at(b, running, colocation, 0, 0);
}

static plan_builder *start(const char *to)
{
    plan_builder *b = build_start("2025-01-01", to, 1);

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, (fc_accelerator){.name = "big",
                                          .per_server = build_number(b, "per_server", 1),
                                          .server_power = build_number(b, "power", 1e6),
                                          .price = build_number(b, "price", 1e9),
                                          .price_currency = KRW});
    return b;
}

static double of_year(const trial *t, int metric, int year)
{
    return outcome(t, metric, 0, year - t->plan->first_year);
}

static double line(const trial *t, int cost)
{
    return outcome(t, FC_M_cost, 0, cost);
}

static void test_its_lines(void **state)
{
    (void)state;
    plan_builder *b = start("2025-03-01");
    fc_running_cost running = {.maintenance = build_number(b, "upkeep", 0.05 / FC_YEAR),
                               .licences = won(b, "licences", 10),
                               .network = won(b, "network", 3),
                               .staff = won(b, "staff", 2000)};
    fc_plan *plan = two_servers(b, running, won(b, "space", 150000));
    trial t = trial_of(plan, 0);
    double january = rint(2e9 * 0.05 * 31 / 365.25), february = rint(2e9 * 0.05 * 28 / 365.25);

    assert_true(line(&t, FC_COST_energy) == 2000 * 59 * 24 * 100);
    assert_true(line(&t, FC_COST_colocation) == 2 * 2000 * 150000.0);
    assert_true(line(&t, FC_COST_staff) == 2 * 2000 * 2000.0);
    assert_true(line(&t, FC_COST_maintenance) == january + february);
    assert_true(line(&t, FC_COST_licences) == 2 * 59 * 24 * 10);
    assert_true(line(&t, FC_COST_network) == 2 * 59 * 24 * 3);
    assert_true(of_year(&t, FC_M_running_paid, 2025) == of_year(&t, FC_M_running_cost, 2025));
    assert_true(outcome(&t, FC_M_running_5y, 0, FC_NONE) == of_year(&t, FC_M_running_cost, 2025));
    assert_true(outcome(&t, FC_M_unfunded_5y, 0, FC_NONE) == 0);
    trial_end(&t);
    fc_plan_free(plan);
}

/* Without discounting: a fifth of the price a year, and the energy. With 4.5 %: the annuity. */
static void test_cost_of_an_hour(void **state)
{
    (void)state;
    for (int discounted = 0; discounted <= 1; discounted++) {
        plan_builder *b = start("2026-01-01");
        fc_running_cost running = {.written_off = build_number(b, "life", 5 * FC_YEAR)};
        double r = 0.045, annuity = discounted ? r / (1 - pow(1 + r, -5)) : 0.2;
        fc_plan *plan = NULL;
        trial t;

        plan = two_servers_at(b, running, (fc_price){0},
                              discounted ? build_number(b, "rate", r / FC_YEAR) : 0, 0);
        t = trial_of(plan, 0);
        assert_true(fabs(outcome(&t, FC_M_cost_per_gpu_hour, 0, FC_NONE) -
                         (1e9 * annuity / 8766 + 100000)) < 1e-6);
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* 70 % of every month's cost is paid, the rest is owed. */
static void test_arrears_continue(void **state)
{
    (void)state;
    plan_builder *b = start("2025-05-01");
    fc_plan *plan =
        two_servers(b, (fc_running_cost){.funded = build_number(b, "funded", 0.7)}, (fc_price){0});
    trial t = trial_of(plan, 0);
    double cost = 2000 * 120 * 24 * 100.0;

    assert_true(of_year(&t, FC_M_running_cost, 2025) == cost);
    assert_true(of_year(&t, FC_M_running_paid, 2025) == 0.7 * cost);
    assert_true(series(&t, FC_M_arrears, 0, 0) == 0.3 * 2000 * 744 * 100);
    assert_true(outcome(&t, FC_M_arrears, 0, FC_NONE) == 0.3 * cost);
    assert_true(outcome(&t, FC_M_unfunded_5y, 0, FC_NONE) == 0.3 * cost);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_opex) == 0);
    trial_end(&t);
    fc_plan_free(plan);
}

/* In millions of won: January costs 148.8, 104.16 of it is there: 44.64 is owed and one of two
 * servers goes off. February costs 67.2 (134.4 in full, so that there is 94.08): 17.76 is owed.
 * March costs 74.4 of 148.8, and the 104.16 pay that and what was owed: both run in April, which
 * costs 144, of which 43.2 is owed. */
static void test_arrears_shut(void **state)
{
    (void)state;
    plan_builder *b = start("2025-05-01");
    fc_running_cost running = {.funded = build_number(b, "funded", 0.7),
                               .arrears = FC_ARREARS_SHUT};
    fc_plan *plan = two_servers(b, running, (fc_price){0});
    const double owed[] = {44.64e6, 17.76e6, 0, 43.2e6}, off[] = {0, 1, 1, 0};
    trial t = trial_of(plan, 0);

    for (uint32_t month = 0; month < 4; month++) {
        assert_true(series(&t, FC_M_arrears, 0, month) == owed[month]);
        assert_true(series(&t, FC_M_gpus_unpaid, 0, month) == off[month]);
        assert_true(series(&t, FC_M_gpus_in_service, 0, month) == 2);
        assert_true(series(&t, FC_M_gpus_curtailed, 0, month) == 0);
    }
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_opex) == 28 + 31);
    assert_true(delay_sum(&t, 0) == 28 + 31);
    assert_true(fabs(outcome(&t, FC_M_unpaid_mean, 0, FC_NONE) - 59.0 / 120) < 1e-12);
    assert_true(of_year(&t, FC_M_running_full, 2025) == 2000 * 120 * 24 * 100.0);
    assert_true(of_year(&t, FC_M_running_cost, 2025) == 148.8e6 + 67.2e6 + 74.4e6 + 144e6);
    trial_end(&t);
    fc_plan_free(plan);
}

/* Arrears up to the limit are borne. */
static void test_a_limit_to_arrears(void **state)
{
    (void)state;
    plan_builder *b = start("2025-05-01");
    fc_running_cost running = {.funded = build_number(b, "funded", 0.7),
                               .arrears = FC_ARREARS_SHUT,
                               .arrears_limit = won(b, "limit", 90e6)};
    fc_plan *plan = two_servers(b, running, (fc_price){0});
    const double off[] = {0, 0, 0, 1}; /* owed: 44.64, 84.96, 129.6 */
    trial t = trial_of(plan, 0);

    for (uint32_t month = 0; month < 4; month++)
        assert_true(series(&t, FC_M_gpus_unpaid, 0, month) == off[month]);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_opex) == 30);
    trial_end(&t);
    fc_plan_free(plan);
}

/* A tariff that rises by 10 % while the money does not: a policy in the middle of a month makes the
 * difference from then on. */
static void test_money_comes_back(void **state)
{
    (void)state;
    plan_builder *b = start("2025-05-01");
    fc_running_cost running = {.funded = build_number(b, "funded", 0.7),
                               .arrears = FC_ARREARS_SHUT};
    int32_t rescue =
        build_driver(b, (fc_driver){.name = "rescue", .at = build_date(b, "at", "2025-02-15")});
    fc_plan *plan = NULL;
    trial t;

    build_change(b, rescue, running.funded, FC_SET, build_constant(b, 1.0), FC_KEEP);
    plan = two_servers(b, running, (fc_price){0});
    t = trial_of(plan, 0);
    /* February's 134.4 pay its 67.2 and the 44.64 of January. */
    assert_true(series(&t, FC_M_arrears, 0, 1) == 0);
    assert_true(series(&t, FC_M_gpus_unpaid, 0, 2) == 0);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_opex) == 28);
    trial_end(&t);
    fc_plan_free(plan);
}

/* The running line of a budget has 200 m won: January's 148.8 are paid, of February's 134.4 what is
 * left, which is too little for either server in March; without the cause all is paid. */
static void test_a_running_line_pays(void **state)
{
    (void)state;
    for (int without = 0; without <= 1; without++) {
        plan_builder *b = start("2025-04-01");
        fc_running_cost running = {.arrears = FC_ARREARS_SHUT};
        fc_plan *plan = NULL;
        trial t;

        build_unfinished(b)->without = without ? UINT64_C(1) << FC_CAUSE_opex : 0;
        plan = two_servers_at(b, running, (fc_price){0}, 0, 200e6);
        t = trial_of(plan, 0);
        assert_true(series(&t, FC_M_arrears, 0, 0) == 0);
        assert_true(series(&t, FC_M_arrears, 0, 1) == (without ? 0 : 83.2e6));
        assert_true(series(&t, FC_M_gpus_unpaid, 0, 2) == (without ? 0 : 2));
        assert_true(of_year(&t, FC_M_running_paid, 2025) ==
                    (without ? 2000 * 90 * 24 * 100.0 : 200e6));
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* Without any of these keys nothing of it is observed. */
static void test_nothing_said_nothing_counted(void **state)
{
    (void)state;
    plan_builder *b = start("2025-05-01");
    fc_plan *plan = NULL;

    build_fleet(b, (fc_fleet){.name = "korea", .currency = KRW});
    plan = build_plan(b);
    for (uint32_t i = 0; i < plan->n_outcomes; i++) {
        const fc_metric_info *metric = &fc_metrics[plan->outcomes[i].metric];
        assert_true(metric->scope != FC_SCOPE_YEAR && metric->scope != FC_SCOPE_COST);
        assert_true(plan->outcomes[i].metric != FC_M_arrears);
    }
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_lines),
        cmocka_unit_test(test_cost_of_an_hour),
        cmocka_unit_test(test_arrears_continue),
        cmocka_unit_test(test_arrears_shut),
        cmocka_unit_test(test_a_limit_to_arrears),
        cmocka_unit_test(test_money_comes_back),
        cmocka_unit_test(test_a_running_line_pays),
        cmocka_unit_test(test_nothing_said_nothing_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
