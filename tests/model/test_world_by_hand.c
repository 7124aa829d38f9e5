/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small worlds of constants, followed by hand date by date: every event, count and won.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plan_builder.h"
#include "world_helper.h"

static int32_t krw_fleet(plan_builder *b, const char *name)
{
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1400));

    return build_fleet(b, (fc_fleet){.name = name, .currency = krw});
}

/* 400 million won and 10 kW a server of 8; on sale from day 59, 60 days to deliver. */
static int32_t b200(plan_builder *b)
{
    return build_accelerator(
        b, (fc_accelerator){.name = "b200",
                            .per_server = build_number(b, "b200.per_server", 8),
                            .server_power = build_number(b, "b200.power", 10000),
                            .bf16_dense = build_number(b, "b200.bf16", 2.25e15),
                            .price = build_number(b, "b200.price", 50e6),
                            .price_currency = 0,
                            .on_sale = build_date(b, "b200.on_sale", "2025-03-01"),
                            .lead_time = build_number(b, "b200.lead_time", 60 * FC_DAY)});
}

static int32_t site(plan_builder *b, const char *name, double watts, const char *start,
                    double build_days, double connect_days)
{
    int32_t s = build_site(b, (fc_site){.name = name, .design_pue = build_number(b, "pue", 1.25)});

    build_phase(b, (fc_phase){.name = "first",
                              .power = build_number(b, name, watts),
                              .start = build_date(b, name, start),
                              .build = build_number(b, name, build_days * FC_DAY),
                              .connect = build_number(b, name, connect_days * FC_DAY)});
    return s;
}

static void assert_log(const trial *t, const char *expected)
{
    assert_string_equal(t->log.data, expected);
}

/* A budget of 5 billion won buys 12 servers and leaves 200 million, which lapse; one site takes 5
 * of them when its grid connection is there, the other 7 when its halls are built. */
static fc_plan *two_sites(void)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);
    int32_t model = b200(b), money = 0, first = 0, second = 0;

    krw_fleet(b, "korea");
    money = build_budget(b, (fc_budget){.name = "main",
                                        .amount = build_number(b, "amount", 10e9),
                                        .currency = 0,
                                        .enacted = build_date(b, "enacted", "2025-02-01"),
                                        .line = {build_number(b, "share", 0.5)},
                                        .lapses = build_date(b, "lapses", "2025-12-31")});
    first = site(b, "seoul", 62500, "2025-01-01", 100, 130);
    second = site(b, "naju", 200e3, "2025-02-01", 169, 50);
    build_programme(
        b, (fc_programme){.name = "state",
                          .pays_from = build_refs(b, 1, money),
                          .rule = FC_RULE_SPEND,
                          .mix = build_mix(b, 1, model, 1.0),
                          .host = build_refs(b, 2, first, second),
                          .install = build_number(b, "install", 14 * FC_DAY),
                          .service_life = build_number(b, "life", 400 * FC_DAY),
                          .announced = build_steps(b, "announced", 0, "2025-03-01", 80., NULL)});
    build_target(b, (fc_target){.name = "mid",
                                .by = build_date(b, "by", "2025-08-02"), /* day 213 */
                                .gpus = build_number(b, "gpus", 96),
                                .counted_at = FC_IN_SERVICE,
                                .includes_all = true});
    build_target(b, (fc_target){.name = "next",
                                .by = build_date(b, "by2", "2025-08-03"),
                                .gpus = build_number(b, "gpus", 96),
                                .counted_at = FC_IN_SERVICE,
                                .programmes = build_refs(b, 1, 0)});
    build_target(b, (fc_target){.name = "last",
                                .by = build_date(b, "by3", "2026-12-31"),
                                .gpus = build_number(b, "gpus", 96),
                                .counted_at = FC_CONTRACTED,
                                .includes_all = true});
    return build_plan(b);
}

static void test_date_by_date(void **state)
{
    (void)state;
    fc_plan *plan = two_sites();
    trial t = trial_of(plan, 0);

    assert_log(&t, "0 phase_start korea.sites.seoul.phases.first -1 0 W\n"
                   "31 release main -1 5000000000 money\n"
                   "31 phase_start korea.sites.naju.phases.first -1 0 W\n"
                   "31 order korea.programmes.state 0 96 GPU\n"
                   "119 delivery korea.programmes.state 0 96 GPU\n"
                   "130 phase korea.sites.seoul.phases.first -1 62500 W\n"
                   "130 energised korea.programmes.state 0 40 GPU\n"
                   "144 in_service korea.programmes.state 0 40 GPU\n"
                   "200 phase korea.sites.naju.phases.first -1 200000 W\n"
                   "200 energised korea.programmes.state 1 56 GPU\n"
                   "214 in_service korea.programmes.state 1 56 GPU\n"
                   "364 lapse main -1 200000000 money\n"
                   "544 retired korea.programmes.state 0 40 GPU\n"
                   "614 retired korea.programmes.state 1 56 GPU\n");
    trial_end(&t);
    fc_plan_free(plan);
}

static void test_month_ends(void **state)
{
    (void)state;
    fc_plan *plan = two_sites();
    trial t = trial_of(plan, 0);
    const struct {
        int metric;
        uint32_t month; /* 0: the end of January 2025 */
        double value;
    } expected[] = {
        /* Day 31 is the end of January: what happens on 1 February comes after it. */
        {FC_M_money_released, 0, 0},    {FC_M_money_released, 1, 5e9},
        {FC_M_money_committed, 0, 0},   {FC_M_money_committed, 1, 4.8e9},
        {FC_M_money_committed, 3, 0},   {FC_M_money_paid, 2, 0},
        {FC_M_money_paid, 3, 4.8e9},    {FC_M_money_lapsed, 10, 0},
        {FC_M_money_lapsed, 11, 0.2e9}, {FC_M_gpus_contracted, 0, 0},
        {FC_M_gpus_contracted, 1, 96},  {FC_M_gpus_delivered, 2, 0},
        {FC_M_gpus_delivered, 3, 96},   {FC_M_gpus_waiting, 3, 96},
        {FC_M_gpus_waiting, 4, 56},     {FC_M_gpus_energised, 3, 0},
        {FC_M_gpus_energised, 4, 40},   {FC_M_gpus_energised, 6, 96},
        {FC_M_gpus_in_service, 4, 40},  {FC_M_gpus_in_service, 6, 40},
        {FC_M_gpus_in_service, 7, 96},  {FC_M_gpus_retired, 17, 40}, /* day 546 */
        {FC_M_gpus_contracted, 17, 56}, {FC_M_gpus_in_service, 23, 0},
        {FC_M_gpus_announced, 1, 0},    {FC_M_gpus_announced, 2, 80},
        {FC_M_gpus_shortfall, 3, 80},   {FC_M_gpus_shortfall, 5, 40},
        {FC_M_gpus_shortfall, 7, 0},    {FC_M_gpus_shortfall, 17, 24},
        {FC_M_it_power, 4, 50e3},       {FC_M_it_power, 7, 120e3},
        {FC_M_site_power, 3, 0},        {FC_M_site_power, 4, 62500},
        {FC_M_site_power, 6, 262500},
    };

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        double value = series(&t, expected[i].metric, 0, expected[i].month);
        if (value != expected[i].value)
            fail_msg("%s in month %u is %.17g, not %.17g", fc_metrics[expected[i].metric].id,
                     expected[i].month, value, expected[i].value);
    }
    trial_end(&t);
    fc_plan_free(plan);
}

/* Announced 80 from day 59. Short 80 until day 144, 40 until 214, and again 24 from 544 and 80
 * from 614. The lot's first 40 slots wait for the grid from 119 to 130, the others (of which 40
 * are short) for the halls until 200; each is installed for 14 days. */
static void test_outcomes(void **state)
{
    (void)state;
    fc_plan *plan = two_sites();
    trial t = trial_of(plan, 0);
    double epoch = (double)plan->epoch.start_day;
    double delay[FC_N_CAUSES] = {[FC_CAUSE_supply] = 80 * 60,
                                 [FC_CAUSE_grid] = 40 * 11,
                                 [FC_CAUSE_building] = 40 * 81,
                                 [FC_CAUSE_staff] = 40 * 14 + 40 * 14,
                                 [FC_CAUSE_retired] = 24 * 70 + 80 * 116};

    for (int cause = 0; cause < FC_N_CAUSES; cause++)
        assert_true(outcome(&t, FC_M_delay, 0, cause) == delay[cause]);
    assert_true(delay_sum(&t, 0) == 80 * 85 + 40 * 70 + 24 * 70 + 80 * 116);

    assert_true(outcome(&t, FC_M_reached_contracted, 0, 0) == epoch + 31);
    assert_true(outcome(&t, FC_M_reached_delivered, 0, 0) == epoch + 119);
    assert_true(outcome(&t, FC_M_reached_energised, 0, 0) == epoch + 200);
    assert_true(outcome(&t, FC_M_reached_in_service, 0, 0) == epoch + 214);
    /* Reached on day 214 at 00:00: not by the end of day 213, but by the end of day 214. */
    assert_true(outcome(&t, FC_M_met, 0, 0) == 0);
    assert_true(outcome(&t, FC_M_count_by, 0, 0) == 40);
    assert_true(outcome(&t, FC_M_met, 0, 1) == 1);
    assert_true(outcome(&t, FC_M_held, 0, 1) == 1);
    assert_true(outcome(&t, FC_M_count_by, 0, 1) == 96);
    /* Met once, and lost again by retirement; its date is the last of the horizon. */
    assert_true(outcome(&t, FC_M_met, 0, 2) == 1);
    assert_true(outcome(&t, FC_M_held, 0, 2) == 0);
    assert_true(outcome(&t, FC_M_count_by, 0, 2) == 0);

    assert_true(outcome(&t, FC_M_gpus_retired, 0, FC_NONE) == 96);
    assert_true(outcome(&t, FC_M_failures, 0, FC_NONE) == 0);
    assert_true(outcome(&t, FC_M_repair_share, 0, FC_NONE) == 0);
    /* 96 idle from 31 to 144, 56 until 214, of 730 days */
    assert_true(fabs(outcome(&t, FC_M_idle_contracted, 0, FC_NONE) - (96 * 113 + 56 * 70) / 730.0) <
                1e-12);
    trial_end(&t);
    fc_plan_free(plan);
}

/* A drawn value that cannot be ends its replication and says where; the world goes on. */
static void test_out_of_domain(void **state)
{
    (void)state;
    plan_builder *b = build_start("2025-01-01", "2026-01-01", 1);
    int32_t model = b200(b), money = 0;
    int failed = 0;
    fc_plan *plan = NULL;
    trial t;

    krw_fleet(b, "korea");
    money = build_budget(b, (fc_budget){.name = "main",
                                        .amount = build_number(b, "amount", 1e9),
                                        .currency = 0,
                                        .enacted = build_date(b, "enacted", "2025-02-01")});
    build_programme(
        b, (fc_programme){.name = "state",
                          .pays_from = build_refs(b, 1, money),
                          .mix = build_mix(b, 1, model, 1.0),
                          .install = build_param(b, "install",
                                                 build_unknown(b, "install", FC_DIST_UNIFORM, 2,
                                                               -10 * FC_DAY, 10 * FC_DAY))});
    plan = build_plan(b);
    t = trial_start(plan);
    for (uint32_t r = 0; r < 20; r++) {
        int ret = trial_run(&t, r);
        trial fresh;

        if (ret == FC_E_DOMAIN) {
            assert_string_equal(fc_diag_place(t.diag, 0).path, "install");
            failed++;
            continue;
        }
        assert_int_equal(ret, FC_OK);
        fresh = trial_of(plan, r);
        assert_true(same_record(plan, &t.record, &fresh.record));
        trial_end(&fresh);
    }
    assert_in_range(failed, 1, 19);
    trial_end(&t);
    fc_plan_free(plan);
}

/* What the observer returns ends the replication. */
static int stop_at_delivery(void *self, const fc_log_entry *entry)
{
    (void)self;
    return strcmp(entry->what, "delivery") == 0 ? FC_E_INTERNAL : FC_OK;
}

static void test_observer_stops(void **state)
{
    (void)state;
    fc_plan *plan = two_sites();
    trial t = trial_start(plan);
    fc_observer observer = {.log = stop_at_delivery};

    assert_int_equal(fc_world_run(t.world, 0, &observer, &t.record, NULL), FC_E_INTERNAL);
    assert_int_equal(trial_run(&t, 0), FC_OK);
    assert_true(outcome(&t, FC_M_count_by, 0, 1) == 96);
    trial_end(&t);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_by_date),   cmocka_unit_test(test_month_ends),
        cmocka_unit_test(test_outcomes),       cmocka_unit_test(test_out_of_domain),
        cmocka_unit_test(test_observer_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
