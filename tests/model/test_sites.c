/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sites by hand: phases in stages, impact assessments and their rules, racks and cooling,
 * curtailment. A server of 8 takes 10 kW and, at a PUE of 1.25, 12.5 kW of a site.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "plan_builder.h"
#include "world_helper.h"

enum { SERVER = 12500, DAYS = 730 };

static double day(double n)
{
    return n * FC_DAY;
}

static fc_param days(plan_builder *b, const char *path, double n)
{
    return build_number(b, path, day(n));
}

/* A step path through days and numbers. */
static fc_param steps(plan_builder *b, double before, int n, const double (*points)[2])
{
    double times[8];
    uint32_t values[8];

    for (int i = 0; i < n; i++) {
        times[i] = day(points[i][0]);
        values[i] = build_constant(b, points[i][1]);
    }
    return build_param(b, "steps", build_path_of(b, FC_FORM_STEP, before, n, times, values));
}

/* Every accelerator costs 1 million won and is delivered 30 days after the order. */
static fc_accelerator model(plan_builder *b, const char *name, double per_server, double power)
{
    return (fc_accelerator){.name = name,
                            .per_server = build_number(b, name, per_server),
                            .server_power = build_number(b, name, power),
                            .price = build_number(b, name, 1e6),
                            .price_currency = 0,
                            .lead_time = days(b, name, 30)};
}

static plan_builder *start(fc_staff staff)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, model(b, "b200", 8, 10000));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0, .staff = staff});
    return b;
}

static int32_t budget(plan_builder *b, const char *name, double on_day, double gpus)
{
    return build_budget(b, (fc_budget){.name = name,
                                       .amount = build_number(b, name, gpus * 1e6),
                                       .currency = 0,
                                       .enacted = days(b, name, on_day)});
}

static fc_programme programme(plan_builder *b, const char *name, fc_refs pays_from, int32_t of,
                              int32_t host)
{
    return (fc_programme){.name = name,
                          .pays_from = pays_from,
                          .mix = build_mix(b, 1, of, 1.0),
                          .host = build_refs(b, 1, host)};
}

static void assert_delay(const trial *t, const double expected[FC_N_CAUSES])
{
    for (int cause = 0; cause < FC_N_CAUSES; cause++) {
        double charged = outcome(t, FC_M_delay, 0, cause);
        if (charged != expected[cause])
            fail_msg("%s: %.17g, not %.17g", fc_causes[cause].id, charged, expected[cause]);
    }
}

/* ---- three stages, an assessment that fails once ------------------------------------------- */

static int32_t phase(plan_builder *b, const char *name, double servers, double begins,
                     double connect)
{
    return build_phase(b, (fc_phase){.name = name,
                                     .power = build_number(b, name, servers * SERVER),
                                     .start = days(b, name, begins),
                                     .connect = days(b, name, connect)});
}

/* Each phase brings 62.5 kW. The third one's application makes 187.5 kW, which has to be assessed:
 * not passed on day 140; from day 200 on everybody passes. */
static fc_plan *three_stages(void)
{
    plan_builder *b = start((fc_staff){0});
    fc_param passed = build_number(b, "passed", 0);
    int32_t naju = build_site(b, (fc_site){.name = "naju",
                                           .region = "south",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .notice = days(b, "notice", 10)});
    int32_t first = phase(b, "a", 5, 0, 100);
    fc_programme p;

    build_unfinished(b)->phases[first].permit = days(b, "permit", 20);
    build_unfinished(b)->phases[first].build = days(b, "build", 60);
    phase(b, "b", 5, 50, 100);
    phase(b, "c", 5, 90, 100);
    build_grid_rule(b, (fc_grid_rule){.name = "rule",
                                      .assessment = {.at_least = build_number(b, "at_least", 150e3),
                                                     .passed = passed,
                                                     .review = days(b, "review", 40),
                                                     .retry = days(b, "retry", 30)}});
    build_change(
        b,
        build_driver(b,
                     (fc_driver){.name = "lenient", .is_policy = true, .at = days(b, "at", 200)}),
        passed, FC_SET, build_constant(b, 1), FC_KEEP);
    p = programme(b, "state", build_refs(b, 1, budget(b, "main", 0, 120)), 0, naju);
    p.install = days(b, "install", 5);
    p.announced = steps(b, 120, 1, (double[][2]){{1, 120}});
    build_programme(b, p);
    return build_plan(b);
}

static void test_three_stages(void **state)
{
    (void)state;
    fc_plan *plan = three_stages();
    trial t = trial_of(plan, 0);

    assert_string_equal(t.log.data, "0 release main -1 120000000 money\n"
                                    "0 phase_start korea.sites.naju.phases.a -1 0 W\n"
                                    "0 order korea.programmes.state 0 120 GPU\n"
                                    "30 delivery korea.programmes.state 0 120 GPU\n"
                                    "50 phase_start korea.sites.naju.phases.b -1 0 W\n"
                                    "90 phase_start korea.sites.naju.phases.c -1 0 W\n"
                                    "110 phase korea.sites.naju.phases.a -1 62500 W\n"
                                    "110 energised korea.programmes.state 0 40 GPU\n"
                                    "115 in_service korea.programmes.state 0 40 GPU\n"
                                    "140 assessment_failed korea.sites.naju.phases.c -1 1 1\n"
                                    "160 phase korea.sites.naju.phases.b -1 62500 W\n"
                                    "160 energised korea.programmes.state 1 40 GPU\n"
                                    "165 in_service korea.programmes.state 1 40 GPU\n"
                                    "200 driver lenient -1 0 \n"
                                    "210 assessment_passed korea.sites.naju.phases.c -1 2 1\n"
                                    "310 phase korea.sites.naju.phases.c -1 62500 W\n"
                                    "310 energised korea.programmes.state 2 40 GPU\n"
                                    "315 in_service korea.programmes.state 2 40 GPU\n");
    /* The third part waits 30 to 310, of which 100 to 210 for the assessment. */
    assert_delay(&t, (double[FC_N_CAUSES]){[FC_CAUSE_supply] = 120 * 30,
                                           [FC_CAUSE_grid] = 40 * (80 + 130 + 70 + 100),
                                           [FC_CAUSE_assessment] = 40 * 110,
                                           [FC_CAUSE_staff] = 120 * 5});
    assert_true(outcome(&t, FC_M_assessments_failed, 0, FC_NONE) == 1);
    trial_end(&t);
    fc_plan_free(plan);
}

/* Works that end last are charged stage by stage, too; what lies before the phase's start as its
 * first stage. */
static void test_permit(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    int32_t site =
        build_site(b, (fc_site){.name = "naju", .design_pue = build_number(b, "p", 1.25)});
    int32_t only = phase(b, "a", 5, 50, 10);
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    build_unfinished(b)->phases[only].permit = days(b, "permit", 20);
    build_unfinished(b)->phases[only].build = days(b, "build", 60);
    p = programme(b, "state", build_refs(b, 1, budget(b, "main", 0, 40)), 0, site);
    p.announced = steps(b, 40, 1, (double[][2]){{1, 40}});
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_delay(&t, (double[FC_N_CAUSES]){[FC_CAUSE_supply] = 40 * 30,
                                           [FC_CAUSE_permit] = 40 * 40,
                                           [FC_CAUSE_building] = 40 * 60});
    trial_end(&t);
    fc_plan_free(plan);
}

/* ---- rules by region, kind and date -------------------------------------------------------- */

static int32_t site_of(plan_builder *b, const char *name, const char *region, int kind)
{
    int32_t site = build_site(b, (fc_site){.name = name,
                                           .region = region,
                                           .kind = kind,
                                           .design_pue = build_number(b, "pue", 1.25)});

    phase(b, "a", 5, 0, 50);
    return site;
}

/* Nobody passes. Reviews end on day 50 and, after a retry of 30, on day 130; from day 100 on the
 * assessment is waived in the south. What stands already is not assessed. */
static void test_waived_by_region(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    fc_plan *plan = NULL;
    trial t;

    site_of(b, "seoul", "capital", FC_SITE_NEW);
    site_of(b, "naju", "south", FC_SITE_NEW);
    site_of(b, "hall", "capital", FC_SITE_EXISTING);
    build_grid_rule(b, (fc_grid_rule){.name = "rule",
                                      .kind = 1 + FC_SITE_NEW,
                                      .assessment = {.passed = build_number(b, "passed", 0),
                                                     .review = days(b, "review", 50),
                                                     .retry = days(b, "retry", 30)}});
    build_grid_rule(b, (fc_grid_rule){.name = "south",
                                      .region = "south",
                                      .from = days(b, "from", 100),
                                      .until = days(b, "until", 400),
                                      .waived = 1});
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "50 phase korea.sites.hall.phases.a -1 62500 W\n"));
    assert_non_null(strstr(t.log.data, "100 assessment_waived korea.sites.naju.phases.a -1 2 1\n"
                                       "130 assessment_failed korea.sites.seoul.phases.a -1 2 1\n"
                                       "150 phase korea.sites.naju.phases.a -1 62500 W\n"));
    assert_null(strstr(t.log.data, " phase korea.sites.seoul"));
    /* Seoul fails on days 50, 130, ... 690, Naju on day 50. */
    assert_true(outcome(&t, FC_M_assessments_failed, 0, FC_NONE) == 9 + 1);
    trial_end(&t);
    fc_plan_free(plan);
}

/* A site's own figures take the place of the rule's; its own assessment stands without a rule. */
static void test_own_assessment(void **state)
{
    (void)state;
    for (int with_rule = 0; with_rule < 2; with_rule++) {
        plan_builder *b = start((fc_staff){0});
        fc_plan *plan = NULL;
        trial t;

        build_site(b, (fc_site){.name = "naju",
                                .design_pue = build_number(b, "pue", 1.25),
                                .assessment = {.review = days(b, "own", 20)}});
        phase(b, "a", 5, 0, 50);
        if (with_rule)
            build_grid_rule(b, (fc_grid_rule){.name = "rule",
                                              .assessment = {.passed = build_number(b, "all", 1),
                                                             .review = days(b, "rule", 200)}});
        plan = build_plan(b);
        t = trial_of(plan, 0);
        assert_non_null(strstr(t.log.data, "20 assessment_passed korea.sites.naju.phases.a -1 1"));
        assert_non_null(strstr(t.log.data, "70 phase korea.sites.naju.phases.a"));
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* The share that passes and the number of attempts, over 2,000 replications: of p = 0.25, 1/p = 4
 * attempts; standard error of the mean 0.077, so that 0.31 off has a chance of 1 in 16,000. */
static void test_attempts_are_geometric(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    double failed = 0;
    fc_plan *plan = NULL;
    trial t;

    site_of(b, "naju", "south", FC_SITE_NEW);
    build_grid_rule(b, (fc_grid_rule){.name = "rule",
                                      .assessment = {.passed = build_number(b, "passed", 0.25),
                                                     .review = days(b, "review", 5)}});
    plan = build_plan(b);
    t = trial_start(plan);
    for (uint32_t r = 0; r < 2000; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        failed += outcome(&t, FC_M_assessments_failed, 0, FC_NONE);
    }
    assert_true(fabs(failed / 2000 - 3) < 0.31);
    trial_end(&t);
    fc_plan_free(plan);
}

static void test_endless_assessment(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    fc_plan *plan = NULL;
    trial t;

    site_of(b, "naju", "south", FC_SITE_NEW);
    build_grid_rule(
        b, (fc_grid_rule){.name = "rule", .assessment = {.passed = build_number(b, "passed", 0)}});
    plan = build_plan(b);
    t = trial_start(plan);
    assert_int_equal(trial_run(&t, 0), FC_E_DOMAIN);
    assert_string_equal(fc_diag_place(t.diag, 0).path, "korea.sites.naju.phases.a");
    trial_end(&t);
    fc_plan_free(plan);
}

static void test_cancelled(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    int32_t site = site_of(b, "naju", "south", FC_SITE_NEW);
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    build_unfinished(b)->phases[0].cancelled = build_number(b, "cancelled", 1);
    p = programme(b, "state", build_refs(b, 1, budget(b, "main", 0, 40)), 0, site);
    p.announced = steps(b, 40, 1, (double[][2]){{1, 40}});
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_true(outcome(&t, FC_M_phases_cancelled, 0, FC_NONE) == 1);
    assert_true(outcome(&t, FC_M_site_power, 0, FC_NONE) == 0);
    assert_delay(&t, (double[FC_N_CAUSES]){
                         [FC_CAUSE_supply] = 40 * 30, [FC_CAUSE_building] = 40 * (DAYS - 30)});
    trial_end(&t);
    fc_plan_free(plan);
}

/* A policy that halves the review strikes one under way: half of it is left, which takes half as
 * long. */
static void test_review_in_progress(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    fc_param review = days(b, "review", 100);
    fc_plan *plan = NULL;
    trial t;

    site_of(b, "naju", "south", FC_SITE_NEW);
    build_grid_rule(b, (fc_grid_rule){.name = "rule", .assessment = {.review = review}});
    build_change(b, build_driver(b, (fc_driver){.name = "fast", .at = days(b, "at", 50)}), review,
                 FC_SCALE, build_constant(b, 0.5), FC_RESCALE);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "75 assessment_passed korea.sites.naju.phases.a"));
    assert_non_null(strstr(t.log.data, "125 phase korea.sites.naju.phases.a"));
    trial_end(&t);
    fc_plan_free(plan);
}

/* A phase that began before the start has gone through its stages by then. */
static void test_begun_before_the_start(void **state)
{
    (void)state;
    plan_builder *b = start((fc_staff){0});
    fc_plan *plan = NULL;
    trial t;

    build_site(b, (fc_site){.name = "naju",
                            .notice = days(b, "notice", 60),
                            .assessment = {.review = days(b, "review", 70)}});
    phase(b, "a", 5, -150, 50);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "30 phase korea.sites.naju.phases.a"));
    trial_end(&t);
    fc_plan_free(plan);
}

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
    small = model(b, "b200", 8, 10000);
    small.servers_per_rack = build_number(b, "per_rack", 4);
    rack = model(b, "nvl72", 72, 15000); /* little enough for a rack of the hall */
    rack.needs = FC_LIQUID;
    build_accelerator(b, small);
    build_accelerator(b, rack);
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0});
    hall = build_site(b, (fc_site){.name = "hall",
                                   .design_pue = build_number(b, "pue", 1.25),
                                   .cooling = FC_HALL_AIR,
                                   .rack_limit = build_number(b, "limit", 20000),
                                   .racks = steps(b, 3, 1, (double[][2]){{100, 5}})});
    phase(b, "a", 100, 0, 0);
    p = programme(b, "servers", build_refs(b, 1, budget(b, "main", 0, 80)), 0, hall);
    p.announced = steps(b, 80, 1, (double[][2]){{1, 80}});
    build_programme(b, p);
    p = programme(b, "racks", build_refs(b, 1, budget(b, "more", 0, 72)), 1, hall);
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
    plan_builder *b = start((fc_staff){0});
    fc_param limit = build_number(b, "limit", 8000);
    int32_t hall = build_site(b, (fc_site){.name = "hall",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .rack_limit = limit,
                                           .racks = build_number(b, "racks", 2)});
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    phase(b, "a", 100, 0, 0);
    build_unfinished(b)->accelerators[0].servers_per_rack = build_number(b, "per_rack", 4);
    build_change(b, build_driver(b, (fc_driver){.name = "refit", .at = days(b, "at", 100)}), limit,
                 FC_SET, build_constant(b, 30000), FC_KEEP);
    p = programme(b, "state", build_refs(b, 1, budget(b, "main", 0, 80)), 0, hall);
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
    plan_builder *b = start((fc_staff){0});
    fc_param available = shock ? build_number(b, "available", 1)
                               : steps(b, 1, 3, (double[][2]){{100, 0.5}, {150, 0.2}, {200, 1}});
    int32_t site = build_site(b, (fc_site){.name = "naju",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .available = available});
    fc_refs money;
    fc_programme p;

    phase(b, "a", 20, 0, 0);
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
    money =
        build_refs(b, 3, budget(b, "b1", 0, 40), budget(b, "b2", 50, 64), budget(b, "b3", 130, 16));
    p = programme(b, "state", money, 0, site);
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
    build_accelerator(b, model(b, "b200", 8, 10000));
    build_accelerator(b, model(b, "nvl72", 72, 100000));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0});
    site = build_site(b, (fc_site){.name = "naju",
                                   .design_pue = build_number(b, "pue", 1.25),
                                   .available = steps(b, 1, 1, (double[][2]){{100, 0.5}})});
    phase(b, "a", 24, 0, 0);
    build_programme(b, programme(b, "racks", build_refs(b, 1, budget(b, "b1", 0, 144)), 1, site));
    build_programme(b, programme(b, "server", build_refs(b, 1, budget(b, "b2", 10, 8)), 0, site));
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
    plan_builder *b = start((fc_staff){0});
    int32_t site =
        build_site(b, (fc_site){.name = "naju",
                                .design_pue = build_number(b, "pue", 1.25),
                                .available = steps(b, 1, 2, (double[][2]){{40, 0.15}, {100, 1}})});
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    phase(b, "a", 10, 0, 0);
    p = programme(b, "state", build_refs(b, 1, budget(b, "main", 0, 80)), 0, site);
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
        cmocka_unit_test(test_three_stages),
        cmocka_unit_test(test_permit),
        cmocka_unit_test(test_waived_by_region),
        cmocka_unit_test(test_own_assessment),
        cmocka_unit_test(test_attempts_are_geometric),
        cmocka_unit_test(test_endless_assessment),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_review_in_progress),
        cmocka_unit_test(test_begun_before_the_start),
        cmocka_unit_test(test_air_cooled_hall),
        cmocka_unit_test(test_rack_limit_is_raised),
        cmocka_unit_test(test_curtailment),
        cmocka_unit_test(test_last_come_first_off),
        cmocka_unit_test(test_commissioned_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
