/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Halls by hand: racks, cooling, and power that is curtailed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "site_helper.h"

/* ---- racks and cooling --------------------------------------------------------------------- */

/* A rack of four servers may take 20 kW here, so two; three racks hold 6 of the 10 servers, two
 * more from day 100 the others. The rack of 72 that needs liquid cooling never gets in. */
static void test_air_cooled_hall(void **state)
{
    (void)state;
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);
    fc_accelerator small, rack;
    int32_t hall;
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    small = site_model(b, "b200", 8, 10000);
    small.servers_per_rack = build_number(b, "per_rack", 4);
    rack = site_model(b, "nvl72", 72, 15000); /* little enough for a rack of the hall */
    rack.needs = FC_LIQUID;
    build_accelerator(b, small);
    build_accelerator(b, rack);
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0});
    hall = build_site(b, (fc_site){.name = "hall",
                                   .design_pue = build_number(b, "pue", 1.25),
                                   .cooling = FC_HALL_AIR,
                                   .rack_limit = build_number(b, "limit", 20000),
                                   .racks = steps(b, 3, 1, (double[][2]){{100, 5}})});
    site_phase(b, "a", 100, 0, 0);
    p = site_programme(b, "servers", build_refs(b, 1, site_budget(b, "main", 0, 80)), 0, hall);
    p.announced = steps(b, 80, 1, (double[][2]){{1, 80}});
    build_programme(b, p);
    p = site_programme(b, "racks", build_refs(b, 1, site_budget(b, "more", 0, 72)), 1, hall);
    p.announced = steps(b, 72, 1, (double[][2]){{1, 72}});
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "30 in_service korea.programmes.servers 0 48 GPU\n"));
    assert_non_null(strstr(t.log.data, "100 in_service korea.programmes.servers 2 32 GPU\n"));
    assert_null(strstr(t.log.data, "in_service korea.programmes.racks"));
    assert_delay(&t, (double[FC_N_CAUSES]){[FC_CAUSE_supply] = (80 + 72) * 30,
                                           [FC_CAUSE_hosting] = 32 * 70,
                                           [FC_CAUSE_density] = 72 * (DAYS - 30)});
    trial_end(&t);
    fc_plan_free(plan);
}

/* A server of 10 kW has no place in racks of 8 kW until these are raised to 30 kW on day 100:
 * three in a rack, so 6 in two racks; a retirement on day 230 makes room for the others. */
static void test_rack_limit_is_raised(void **state)
{
    (void)state;
    plan_builder *b = site_start((fc_staff){0});
    fc_param limit = build_number(b, "limit", 8000);
    int32_t hall = build_site(b, (fc_site){.name = "hall",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .rack_limit = limit,
                                           .racks = build_number(b, "racks", 2)});
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    site_phase(b, "a", 100, 0, 0);
    build_unfinished(b)->accelerators[0].servers_per_rack = build_number(b, "per_rack", 4);
    build_change(b, build_driver(b, (fc_driver){.name = "refit", .at = days(b, "at", 100)}), limit,
                 FC_SET, build_constant(b, 30000), FC_KEEP);
    p = site_programme(b, "state", build_refs(b, 1, site_budget(b, "main", 0, 80)), 0, hall);
    p.announced = steps(b, 80, 1, (double[][2]){{1, 80}});
    p.service_life = days(b, "life", 130);
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "100 in_service korea.programmes.state 0 48 GPU\n"));
    assert_non_null(strstr(t.log.data, "230 in_service korea.programmes.state 1 32 GPU\n"));
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_density) == 48 * 70);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_hosting) == 32 * 200);
    trial_end(&t);
    fc_plan_free(plan);
}

/* ---- curtailment --------------------------------------------------------------------------- */

/* 20 servers' power. 5 servers come on day 30, 8 on day 80, 2 are delivered on day 160. From day
 * 100 half the power, 10 servers: the last 3 of the second lot go off. From day 150 a fifth, 4
 * servers: one of the first goes off and all of the second. From day 200 all is back. */
static fc_plan *drought(int shock)
{
    plan_builder *b = site_start((fc_staff){0});
    fc_param available = shock ? build_number(b, "available", 1)
                               : steps(b, 1, 3, (double[][2]){{100, 0.5}, {150, 0.2}, {200, 1}});
    int32_t site = build_site(b, (fc_site){.name = "naju",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .available = available});
    fc_refs money;
    fc_programme p;

    site_phase(b, "a", 20, 0, 0);
    if (shock) {
        build_change(b,
                     build_driver(b, (fc_driver){.name = "hot",
                                                 .at = days(b, "at", 100),
                                                 .until = days(b, "until", 150)}),
                     available, FC_SCALE, build_constant(b, 0.5), FC_KEEP);
        build_change(b,
                     build_driver(b, (fc_driver){.name = "hotter",
                                                 .at = days(b, "at2", 150),
                                                 .until = days(b, "until2", 200)}),
                     available, FC_SET, build_constant(b, 0.2), FC_KEEP);
    }
    money = build_refs(b, 3, site_budget(b, "b1", 0, 40), site_budget(b, "b2", 50, 64),
                       site_budget(b, "b3", 130, 16));
    p = site_programme(b, "state", money, 0, site);
    p.announced = steps(b, 0, 1, (double[][2]){{90, 120}});
    build_programme(b, p);
    return build_plan(b);
}

static void test_curtailment(void **state)
{
    (void)state;
    for (int shock = 0; shock < 2; shock++) {
        fc_plan *plan = drought(shock);
        trial t = trial_of(plan, 0);

        assert_non_null(strstr(t.log.data, "80 in_service korea.programmes.state 1 64 GPU\n"));
        assert_non_null(strstr(t.log.data, "100 curtailed naju -1 37500 W\n"));
        assert_non_null(strstr(t.log.data, "150 curtailed naju -1 112500 W\n"));
        assert_non_null(strstr(t.log.data, "200 curtailed naju -1 0 W\n"));
        assert_non_null(strstr(t.log.data, "200 in_service korea.programmes.state 2 16 GPU\n"));
        /* Ends of March, April, May, June and July: days 90, 120, 151, 181 and 212. */
        assert_true(series(&t, FC_M_gpus_curtailed, 0, 2) == 0);
        assert_true(series(&t, FC_M_gpus_curtailed, 0, 3) == 24);
        assert_true(series(&t, FC_M_gpus_curtailed, 0, 4) == 8 + 64);
        assert_true(series(&t, FC_M_gpus_curtailed, 0, 6) == 0);
        /* They stay in service; the shortfall has them. */
        assert_true(series(&t, FC_M_gpus_in_service, 0, 4) == 104);
        assert_true(series(&t, FC_M_gpus_shortfall, 0, 4) == 120 - 32);
        assert_true(series(&t, FC_M_gpus_waiting, 0, 5) == 16);
        /* Off: 24 for 50 days, 72 for 50 days; the third lot, of which 16 are missing from day 90
         * on, is ordered on day 130, delivered on day 160 and waits for power until day 200. What
         * is not ordered when no money is left waits for the budget. */
        assert_delay(&t, (double[FC_N_CAUSES]){[FC_CAUSE_funding] = 16 * 40,
                                               [FC_CAUSE_supply] = 16 * 30,
                                               [FC_CAUSE_curtailed] = 24 * 50 + 72 * 50 + 16 * 40});
        assert_true(fabs(outcome(&t, FC_M_curtailed_share, 0, FC_NONE) -
                         (24. * 50 + 72 * 50) /
                             (40. * (DAYS - 30) + 64. * (DAYS - 80) + 16. * (DAYS - 200))) < 1e-12);
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* Two racks of 100 kW came first, then a server of 10 kW. With power for one rack and two servers
 * the second rack is off, and so is the server: it came later. */
static void test_last_come_first_off(void **state)
{
    (void)state;
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);
    int32_t site;
    fc_plan *plan = NULL;
    trial t;

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, site_model(b, "b200", 8, 10000));
    build_accelerator(b, site_model(b, "nvl72", 72, 100000));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0});
    site = build_site(b, (fc_site){.name = "naju",
                                   .design_pue = build_number(b, "pue", 1.25),
                                   .available = steps(b, 1, 1, (double[][2]){{100, 0.5}})});
    site_phase(b, "a", 24, 0, 0);
    build_programme(
        b, site_programme(b, "racks", build_refs(b, 1, site_budget(b, "b1", 0, 144)), 1, site));
    build_programme(
        b, site_programme(b, "server", build_refs(b, 1, site_budget(b, "b2", 10, 8)), 0, site));
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_true(series(&t, FC_M_gpus_curtailed, 0, 2) == 0);
    assert_true(series(&t, FC_M_gpus_curtailed, 0, 3) == 72 + 8);
    trial_end(&t);
    fc_plan_free(plan);
}

/* What is being installed when power is short is commissioned with its servers off. */
static void test_commissioned_off(void **state)
{
    (void)state;
    plan_builder *b = site_start((fc_staff){0});
    int32_t site =
        build_site(b, (fc_site){.name = "naju",
                                .design_pue = build_number(b, "pue", 1.25),
                                .available = steps(b, 1, 2, (double[][2]){{40, 0.15}, {100, 1}})});
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    site_phase(b, "a", 10, 0, 0);
    p = site_programme(b, "state", build_refs(b, 1, site_budget(b, "main", 0, 80)), 0, site);
    p.install = days(b, "install", 20);
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "50 in_service korea.programmes.state 0 80 GPU\n"));
    assert_true(series(&t, FC_M_gpus_curtailed, 0, 1) == 72); /* one server of ten has power */
    assert_true(series(&t, FC_M_gpus_curtailed, 0, 3) == 0);
    trial_end(&t);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_air_cooled_hall),  cmocka_unit_test(test_rack_limit_is_raised),
        cmocka_unit_test(test_curtailment),      cmocka_unit_test(test_last_come_first_off),
        cmocka_unit_test(test_commissioned_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
