/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sites by hand: phases in stages, impact assessments and their rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "site_helper.h"

/* ---- three stages, an assessment that fails once ------------------------------------------- */

/* Each phase brings 62.5 kW. The third one's application makes 187.5 kW, which has to be assessed:
 * not passed on day 140; from day 200 on everybody passes. */
static fc_plan *three_stages(void)
{
    plan_builder *b = site_start((fc_staff){0});
    fc_param passed = build_number(b, "passed", 0);
    int32_t naju = build_site(b, (fc_site){.name = "naju",
                                           .region = "south",
                                           .design_pue = build_number(b, "pue", 1.25),
                                           .notice = days(b, "notice", 10)});
    int32_t first = site_phase(b, "a", 5, 0, 100);
    fc_programme p;

    build_unfinished(b)->phases[first].permit = days(b, "permit", 20);
    build_unfinished(b)->phases[first].build = days(b, "build", 60);
    site_phase(b, "b", 5, 50, 100);
    site_phase(b, "c", 5, 90, 100);
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
    p = site_programme(b, "state", build_refs(b, 1, site_budget(b, "main", 0, 120)), 0, naju);
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
    plan_builder *b = site_start((fc_staff){0});
    int32_t site =
        build_site(b, (fc_site){.name = "naju", .design_pue = build_number(b, "p", 1.25)});
    int32_t only = site_phase(b, "a", 5, 50, 10);
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    build_unfinished(b)->phases[only].permit = days(b, "permit", 20);
    build_unfinished(b)->phases[only].build = days(b, "build", 60);
    p = site_programme(b, "state", build_refs(b, 1, site_budget(b, "main", 0, 40)), 0, site);
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

    site_phase(b, "a", 5, 0, 50);
    return site;
}

/* Nobody passes. Reviews end on day 50 and, after a retry of 30, on day 130; from day 100 on the
 * assessment is waived in the south. What stands already is not assessed. */
static void test_waived_by_region(void **state)
{
    (void)state;
    plan_builder *b = site_start((fc_staff){0});
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
        plan_builder *b = site_start((fc_staff){0});
        fc_plan *plan = NULL;
        trial t;

        build_site(b, (fc_site){.name = "naju",
                                .design_pue = build_number(b, "pue", 1.25),
                                .assessment = {.review = days(b, "own", 20)}});
        site_phase(b, "a", 5, 0, 50);
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
    plan_builder *b = site_start((fc_staff){0});
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
    plan_builder *b = site_start((fc_staff){0});
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
    plan_builder *b = site_start((fc_staff){0});
    int32_t site = site_of(b, "naju", "south", FC_SITE_NEW);
    fc_plan *plan = NULL;
    fc_programme p;
    trial t;

    build_unfinished(b)->phases[0].cancelled = build_number(b, "cancelled", 1);
    p = site_programme(b, "state", build_refs(b, 1, site_budget(b, "main", 0, 40)), 0, site);
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
    plan_builder *b = site_start((fc_staff){0});
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
    plan_builder *b = site_start((fc_staff){0});
    fc_plan *plan = NULL;
    trial t;

    build_site(b, (fc_site){.name = "naju",
                            .notice = days(b, "notice", 60),
                            .assessment = {.review = days(b, "review", 70)}});
    site_phase(b, "a", 5, -150, 50);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    assert_non_null(strstr(t.log.data, "30 phase korea.sites.naju.phases.a"));
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
