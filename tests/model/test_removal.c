/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counterfactuals by hand: what a delay was charged to, and when the target is reached without it.
 * 16 accelerators in 2 servers of 10 kW, days from 2025-01-01.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "model/removal.h"
#include "procurement_helper.h"
#include "random_plan.h"
#include "share.h"

enum { NEVER = -1, NOBODY = -1 };

/* The day on which the target is reached in service, NEVER if it is not. */
static double reached(fc_plan *plan, int without)
{
    trial t;
    double day = 0;

    plan->without = without == NOBODY ? 0 : UINT64_C(1) << without;
    t = trial_of(plan, 0);
    day = outcome(&t, FC_M_reached_in_service, 0, 0);
    trial_end(&t);
    return isnan(day) ? NEVER : day - (double)plan->epoch.start_day;
}

static double final(fc_plan *plan, int without, int metric)
{
    trial t;
    double value = 0;

    plan->without = without == NOBODY ? 0 : UINT64_C(1) << without;
    t = trial_of(plan, 0);
    value = outcome(&t, metric, 0, FC_NONE);
    trial_end(&t);
    return value;
}

static void assert_days(fc_plan *plan, const int (*expected)[2], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int cause = expected[i][0];
        double day = reached(plan, cause);

        if (!(fabs(day - expected[i][1]) < 1e-9))
            fail_msg("without %s: day %g, not %d", cause == NOBODY ? "-" : fc_causes[cause].id, day,
                     expected[i][1]);
    }
}

static void add_target(plan_builder *b)
{
    build_target(b, (fc_target){.name = "goal",
                                .by = days(b, "by", 700),
                                .gpus = build_number(b, "gpus", 16),
                                .counted_at = FC_IN_SERVICE,
                                .includes_all = true});
}

/* 16 accelerators for 1,600 won on day 40, lead time 50 days, installed in 15. */
static fc_programme buyer(plan_builder *b)
{
    int32_t one = add_model(b, "one", 8, 0.1, 50), money = add_money(b, "main", 1600, 40);

    return (fc_programme){.name = "p",
                          .pays_from = build_refs(b, 1, money),
                          .mix = build_mix(b, 1, one, 1.0),
                          .install = days(b, "install", 15),
                          .announced = build_number(b, "announced", 16)};
}

/* Money on day 40, a call of 29 days, a licence of 60 beside 50 of lead time: it could leave on day
 * 129. 8 a quarter: half on day 129, half on day 181, installed by day 196. */
static void test_procurement(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = buyer(b);
    fc_plan *plan = NULL;
    static const int expected[][2] = {
        {NOBODY, 196},
        {FC_CAUSE_funding, 105}, /* could leave on day 89: half then, half on day 90, 1 April */
        {FC_CAUSE_tender, 196},  /* could leave on day 100, in the second quarter, too */
        {FC_CAUSE_supply, 144},  /* the licence of day 129 */
        {FC_CAUSE_licence, 196}, /* made on day 119 */
        {FC_CAUSE_staff, 181},
        {FC_CAUSE_grid, 196},
    };

    p.tender = (fc_tender){.call = days(b, "call", 29)};
    build_programme(b, p);
    build_allotment(b, (fc_allotment){.name = "a",
                                      .models = build_refs(b, 1, 0),
                                      .a_quarter = build_number(b, "a_quarter", 8)});
    build_export_rule(b, (fc_export_rule){.name = "rule",
                                          .status = build_number(b, "status", FC_EXPORT_LICENCE),
                                          .delay = days(b, "delay", 60)});
    add_target(b);
    plan = build_plan(b);
    assert_days(plan, expected, sizeof expected / sizeof *expected);
    fc_plan_free(plan);
}

/* A budget of day 40 that lapsed on day 20 and one that is never enacted buy all the same. */
static void test_money_that_never_came(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = buyer(b);
    fc_plan *plan = NULL;

    build_unfinished(b)->budgets[0].enacted = days(b, "never", 5000);
    build_unfinished(b)->budgets[0].lapses = days(b, "lapses", 20);
    build_programme(b, p);
    add_target(b);
    plan = build_plan(b);
    assert_days(plan, (const int[][2]){{NOBODY, NEVER}, {FC_CAUSE_funding, 65}}, 2);
    assert_true(final(plan, NOBODY, FC_M_money_paid) == 0);
    assert_true(final(plan, FC_CAUSE_funding, FC_M_money_paid) == 1600);
    fc_plan_free(plan);
}

/* Works beside the connection: permit and building, notice of 10 days, assessment of 20, 200 for
 * the line: day 230. The lot is there on day 90. */
static fc_plan *site_of(double permit, double build)
{
    plan_builder *b = bare_korea();
    fc_programme p = buyer(b);
    int32_t site = build_site(b, (fc_site){.name = "naju",
                                           .design_pue = build_number(b, "pue", 1),
                                           .notice = days(b, "notice", 10),
                                           .assessment = {.review = days(b, "review", 20)}});

    build_phase(b, (fc_phase){.name = "first",
                              .power = build_number(b, "power", 20000),
                              .start = days(b, "start", 0),
                              .permit = days(b, "permit", permit),
                              .build = days(b, "build", build),
                              .connect = days(b, "connect", 200)});
    p.host = build_refs(b, 1, site);
    build_programme(b, p);
    add_target(b);
    return build_plan(b);
}

/* One of two overlapping delays gains no more than the other one lets it. */
static void test_overlapping_works(void **state)
{
    (void)state;
    fc_plan *plan = site_of(100, 150);
    fc_plan *line = site_of(20, 30);

    assert_days(plan,
                (const int[][2]){{NOBODY, 265},
                                 {FC_CAUSE_permit, 245},
                                 {FC_CAUSE_building, 245},
                                 {FC_CAUSE_grid, 265},
                                 {FC_CAUSE_assessment, 265},
                                 {FC_CAUSE_supply, 265},
                                 {FC_CAUSE_staff, 250}},
                7);
    assert_days(line,
                (const int[][2]){{NOBODY, 245},
                                 {FC_CAUSE_permit, 245},
                                 {FC_CAUSE_building, 245},
                                 {FC_CAUSE_grid, 105}, /* the lot is there on day 90 */
                                 {FC_CAUSE_assessment, 225}},
                5);
    fc_plan_free(plan);
    fc_plan_free(line);
}

/* A step path: one number before day 300, another one after. */
static fc_param until_300(plan_builder *b, const char *path, double before, double after)
{
    double time = 300 * FC_DAY;
    uint32_t value = build_constant(b, after);

    return build_param(b, path, build_path_of(b, FC_FORM_STEP, before, 1, &time, &value));
}

/* A hall with power for both servers from day 0, and something that is lacking until day 300. */
static fc_plan *hall(fc_site site, plan_builder *b)
{
    fc_programme p = buyer(b);

    site.name = "hall";
    site.design_pue = build_number(b, "pue", 1);
    p.host = build_refs(b, 1, build_site(b, site));
    build_phase(b, (fc_phase){.name = "free",
                              .power = build_number(b, "power", 20000),
                              .start = days(b, "start", 0)});
    build_programme(b, p);
    add_target(b);
    return build_plan(b);
}

static void test_room(void **state)
{
    (void)state;
    plan_builder *b[3] = {bare_korea(), bare_korea(), bare_korea()};
    fc_plan *racks = hall((fc_site){.racks = until_300(b[0], "racks", 1, 2)}, b[0]);
    fc_plan *power = hall((fc_site){.available = until_300(b[1], "available", 0.5, 1)}, b[1]);
    fc_plan *dense = hall((fc_site){.rack_limit = build_number(b[2], "limit", 5000)}, b[2]);

    assert_days(racks, (const int[][2]){{NOBODY, 315}, {FC_CAUSE_hosting, 105}}, 2);
    assert_days(racks, (const int[][2]){{FC_CAUSE_density, 315}, {FC_CAUSE_curtailed, 315}}, 2);
    assert_days(power, (const int[][2]){{NOBODY, 315}, {FC_CAUSE_curtailed, 105}}, 2);
    assert_days(dense, (const int[][2]){{NOBODY, NEVER}, {FC_CAUSE_density, 105}}, 2);
    fc_plan_free(racks);
    fc_plan_free(power);
    fc_plan_free(dense);
}

/* One person a server (100 a MW), one there, one more in the course of a year: both at the end of
 * December. One crew, and two lots. */
static void test_people(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = buyer(b);
    fc_plan *plan = NULL;
    int32_t two = add_money(b, "two", 800, 40);
    fc_fleet *fleet = &build_unfinished(b)->fleets[0];

    build_unfinished(b)->budgets[0].amount = build_number(b, "half", 800);
    fleet->staff = (fc_staff){.stock = build_number(b, "stock", 1),
                              .graduates = build_number(b, "graduates", 1.001 / (365 * FC_DAY)),
                              .needed_per_mw = build_number(b, "needed", 100),
                              .crews = build_number(b, "crews", 1)};
    p.pays_from = build_refs(b, 2, 0, two);
    build_programme(b, p);
    add_target(b);
    plan = build_plan(b);
    assert_days(plan,
                (const int[][2]){{NOBODY, 365}, {FC_CAUSE_talent, 120}, {FC_CAUSE_staff, 365}}, 3);
    plan->fleets[0].staff.needed_per_mw = 0;
    assert_days(plan, (const int[][2]){{NOBODY, 120}, {FC_CAUSE_staff, 90}}, 2);
    fc_plan_free(plan);
}

static void test_life(void **state)
{
    (void)state;
    plan_builder *b = bare_korea();
    fc_programme p = buyer(b);
    fc_plan *plan = NULL;

    build_unfinished(b)->fleets[0].upkeep =
        (fc_upkeep){.failure_rate = build_number(b, "rate", 0.1 / FC_DAY),
                    .repair_time = days(b, "repair", 5),
                    .crews = build_number(b, "crews", 1)};
    p.service_life = days(b, "life", 200);
    build_programme(b, p);
    add_target(b);
    plan = build_plan(b);
    assert_true(final(plan, NOBODY, FC_M_repair_share) > 0.1);
    assert_true(final(plan, FC_CAUSE_repair, FC_M_repair_share) == 0);
    assert_true(final(plan, NOBODY, FC_M_gpus_retired) == 16);
    assert_true(final(plan, FC_CAUSE_retired, FC_M_gpus_retired) == 0);
    fc_plan_free(plan);
}

/* Conservation holds in counterfactuals of random plans, and what is removed is not charged: but
 * halls that nobody builds and money that is too little remain missing, and the wait for a phase to
 * begin is charged to its first stage. */
static void test_random_counterfactuals(void **state)
{
    (void)state;
    static const int gone[] = {FC_CAUSE_tender,     FC_CAUSE_supply,    FC_CAUSE_licence,
                               FC_CAUSE_density,    FC_CAUSE_hosting,   FC_CAUSE_staff,
                               FC_CAUSE_assessment, FC_CAUSE_talent,    FC_CAUSE_repair,
                               FC_CAUSE_retired,    FC_CAUSE_curtailed, FC_CAUSE_allocation};

    for (uint64_t number = 0; number < share_of(400, 44); number++) {
        fc_plan *plan = random_plan(number);
        size_t which = number % (sizeof gone / sizeof *gone);
        trial t;

        for (int all = 0; all < 2; all++) {
            plan->without = all ? (UINT64_C(1) << FC_N_CAUSES) - 1 : UINT64_C(1) << gone[which];
            t = trial_of(plan, 0);
            for (uint32_t i = 0; i < plan->n_outcomes; i++) {
                const fc_observable *o = &plan->outcomes[i];
                if (o->metric == FC_M_delay && o->entity == gone[which] &&
                    !(t.record.outcomes[i] == 0))
                    fail_msg("plan %d without %s: %g", (int)number, fc_causes[gone[which]].id,
                             t.record.outcomes[i]);
            }
            trial_end(&t);
        }
        fc_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_procurement),
        cmocka_unit_test(test_money_that_never_came),
        cmocka_unit_test(test_overlapping_works),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_random_counterfactuals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
