/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A split lot over two sites, by hand: 12 servers are ordered and delivered together, and enter
 * service in three parts, as each site's power comes.
 *
 *     day   0  ordered, 96 accelerators at a million won each
 *     day  30  delivered; 70 % is paid: 67.2 million
 *     day  60  naju has power for 4 servers: 32 accelerators, in service after 10 days, on day 70
 *     day 100  seoul has power for 5: 40 accelerators, in service on day 110
 *     day 150  seoul's second phase takes the last 3: 24 accelerators, in service on day 160
 *
 * The rest of the price is paid part by part, at acceptance: 9.6, 12 and 7.2 million.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "site_helper.h"

static fc_plan *split_lot(void)
{
    plan_builder *b = site_start((fc_staff){0});
    fc_param pue = build_number(b, "pue", 1.25);
    int32_t seoul = build_site(b, (fc_site){.name = "seoul", .design_pue = pue});

    site_phase(b, "first", 5, 0, 100);
    site_phase(b, "second", 8, 0, 150);
    int32_t naju = build_site(b, (fc_site){.name = "naju", .design_pue = pue});
    site_phase(b, "only", 4, 0, 60);
    int32_t money = site_budget(b, "main", 0, 96);
    fc_programme p = site_programme(b, "state", build_refs(b, 1, money), 0, seoul);
    p.host = build_refs(b, 2, seoul, naju);
    p.install = days(b, "install", 10);
    p.payments.acceptance = build_number(b, "acceptance", 0.3);
    p.announced = steps(b, 0, 1, (double[][2]){{1, 96}});
    build_programme(b, p);
    return build_plan(b);
}

static void test_a_split_lot_over_two_sites(void **state)
{
    (void)state;
    fc_plan *plan = split_lot();
    trial t = trial_of(plan, 0);

    assert_string_equal(t.log.data, "0 release main -1 96000000 money\n"
                                    "0 phase_start korea.sites.seoul.phases.first -1 0 W\n"
                                    "0 phase_start korea.sites.seoul.phases.second -1 0 W\n"
                                    "0 phase_start korea.sites.naju.phases.only -1 0 W\n"
                                    "0 order korea.programmes.state 0 96 GPU\n"
                                    "30 delivery korea.programmes.state 0 96 GPU\n"
                                    "60 phase korea.sites.naju.phases.only -1 50000 W\n"
                                    "60 energised korea.programmes.state 0 32 GPU\n"
                                    "70 in_service korea.programmes.state 0 32 GPU\n"
                                    "100 phase korea.sites.seoul.phases.first -1 62500 W\n"
                                    "100 energised korea.programmes.state 1 40 GPU\n"
                                    "110 in_service korea.programmes.state 1 40 GPU\n"
                                    "150 phase korea.sites.seoul.phases.second -1 100000 W\n"
                                    "150 energised korea.programmes.state 2 24 GPU\n"
                                    "160 in_service korea.programmes.state 2 24 GPU\n");
    trial_end(&t);
    fc_plan_free(plan);
}

/* Announced from day 1: 29 days of delivery for all, then each part its own wait for the grid and
 * 10 days of installation. */
static void test_each_part_waits_for_its_own_site(void **state)
{
    (void)state;
    fc_plan *plan = split_lot();
    trial t = trial_of(plan, 0);

    assert_delay(&t, (double[FC_N_CAUSES]){[FC_CAUSE_supply] = 96 * 29,
                                           [FC_CAUSE_grid] = 32 * 30 + 40 * 70 + 24 * 120,
                                           [FC_CAUSE_staff] = 96 * 10});
    assert_true(delay_sum(&t, 0) == 32 * 69 + 40 * 109 + 24 * 159);
    trial_end(&t);
    fc_plan_free(plan);
}

/* Months end on days 31, 59, 90, 120, 151 and 181. No accelerator and no won is lost or made. */
static void test_parts_add_up(void **state)
{
    (void)state;
    fc_plan *plan = split_lot();
    trial t = trial_of(plan, 0);
    const double expected[][5] = {/* delivered, energised, in service, W of servers, million won */
                                  {96, 0, 0, 0, 67.2},      {96, 0, 0, 0, 67.2},
                                  {96, 32, 32, 40e3, 76.8}, {96, 72, 72, 90e3, 88.8},
                                  {96, 96, 72, 90e3, 88.8}, {96, 96, 96, 120e3, 96}};

    for (uint32_t m = 0; m < sizeof expected / sizeof *expected; m++) {
        assert_true(series(&t, FC_M_gpus_delivered, 0, m) == expected[m][0]);
        assert_true(series(&t, FC_M_gpus_energised, 0, m) == expected[m][1]);
        assert_true(series(&t, FC_M_gpus_in_service, 0, m) == expected[m][2]);
        assert_true(series(&t, FC_M_it_power, 0, m) == expected[m][3]);
        assert_true(series(&t, FC_M_money_paid, 0, m) == expected[m][4] * 1e6);
    }
    trial_end(&t);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_split_lot_over_two_sites),
        cmocka_unit_test(test_each_part_waits_for_its_own_site),
        cmocka_unit_test(test_parts_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
