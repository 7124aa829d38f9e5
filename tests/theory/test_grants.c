/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grants down the whole street, from a scenario's text to what is observed: cases by hand, and
 * exact results. Everything is verified after each event. Seeds are fixed. An interval is the mean
 * of independent replications +- 3.9 standard errors (Student t): it misses a right mean in 1 of
 * 10,000 seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "kernel/stats.h"
#include "model/world.h"
#include "share.h"
#include "street.h"
#include "world_helper.h"

/* 200 accelerators from the start, 2025-01-01 to 2026-12-27 (24 x 30 + 5 days). */
enum { DAYS = 725, GPUS = 200 };

/* `first`: fleets before the one that has the demand. */
static fc_scenario *load_behind(const char *first, const char *demand, const char *rest)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-12-27}\n"
                   "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, "
                   "bf16_dense: 1000 TFLOPS}}}\n"
                   "fleets:\n%s"
                   "  one:\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n"
                   "    demand:\n%s%s",
                   first, GPUS, demand, rest);
    return load_street(&text);
}

static fc_scenario *load(const char *demand, const char *rest)
{
    return load_behind("", demand, rest);
}

static seen see(const char *demand, const char *rest)
{
    return see_street(load(demand, rest), 3);
}

static double class_of(const seen *s, int metric, int32_t class)
{
    return outcome(&s->trial, metric, 0, class);
}

static double fleet_of(const seen *s, int metric)
{
    return outcome(&s->trial, metric, 0, FC_NONE);
}

static fc_tally repeat(const char *demand, int metric, int32_t entity, uint32_t most)
{
    uint32_t n = share_of(most, 8);
    fc_tally tally = FC_TALLY_EMPTY;
    fc_scenario *scenario = load(demand, "");
    trial t = trial_start(scenario->plan);

    for (uint32_t r = 0; r < n; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        fc_tally_add(&tally, outcome(&t, metric, 0, entity));
    }
    trial_end(&t);
    fc_scenario_free(scenario);
    return tally;
}

static void assert_mean(const fc_tally *tally, double expected, double within)
{
    double half = fc_student_half_width(tally, 0.9999);

    if (fabs(tally->mean - expected) > half)
        fail_msg("mean %.8g +- %.2g, expected %.8g", tally->mean, half, expected);
    if (!(half < within * share_width() * expected))
        fail_msg("+- %.2g of %.8g tells nothing", half, expected);
}

/* Rounds close after 30, 60, ... days. */
/* A world used again knows nothing of the grants before, whichever fleet made them. */
static void test_world_again(void **state)
{
    fc_scenario *scenario =
        load_behind("  idle: {stock: {some: {model: h100, count: 8, since: 2024-01-01}}}\n",
                    "      calls: {open: {closes: 2025-01-30, every: 30 days, term: 900 days}}\n"
                    "      classes: {all: {access: open, arrivals: 1/day, gpus: 3}}\n",
                    "");
    trial again = trial_start(scenario->plan), alone = trial_start(scenario->plan);

    (void)state;
    for (uint32_t r = 0; r < 3; r++) assert_int_equal(trial_run(&again, r), FC_OK);
    assert_int_equal(trial_run(&alone, 2), FC_OK);
    assert_true(outcome(&again, FC_M_projects_granted, 1, 0) ==
                outcome(&alone, FC_M_projects_granted, 1, 0));
    assert_true(outcome(&alone, FC_M_projects_granted, 1, 0) > 0);
    trial_end(&again);
    trial_end(&alone);
    fc_scenario_free(scenario);
}

#define ROUNDS "closes: 2025-01-30, every: 30 days"

/* ---- waits --------------------------------------------------------------------------------- */

/* Applications are spread evenly over a round: half of its length and the review, on average. */
static void test_wait(void **state)
{
    static const char demand[] =
        "      calls: {open: {" ROUNDS ", review: 20 days, term: 1 days}}\n"
        "      classes:\n"
        "        all: {access: open, arrivals: 3/day, gpus: 1}\n";
    fc_tally mean = repeat(demand, FC_M_grant_wait_mean, 0, 40);
    fc_tally middle = repeat(demand, FC_M_grant_wait_p50, 0, 40);
    seen s = see(demand, "");

    (void)state;
    assert_mean(&mean, 35, 0.02);
    assert_mean(&middle, 35, 0.03);
    /* 23 decisions by day 710 of those who came by day 690; nobody else. */
    assert_true(class_of(&s, FC_M_projects_left, 0) == 0);
    assert_near(class_of(&s, FC_M_projects_granted, 0), 3 * 690, 4 * sqrt(3 * 690));
    assert_true(class_of(&s, FC_M_grant_hours, 0) == 24 * class_of(&s, FC_M_grant_given, 0));
    forget(&s);
}

/* ---- who gets what ------------------------------------------------------------------------- */

/* Many more apply than can be served, so that numbers follow from the rules alone. */
#define CROWD "arrivals: 20/day, gpus: 30"

static double given(const char *call)
{
    fc_text text = FC_TEXT_EMPTY;
    double gpus = 0;

    fc_text_printf(&text,
                   "      calls: {open: {" ROUNDS ", %s}}\n"
                   "      classes: {all: {access: open, " CROWD ", patience: 40 days}}\n",
                   call);
    seen s = see(text.data, "");
    gpus = class_of(&s, FC_M_grant_given, 0);
    assert_near(fleet_of(&s, FC_M_granted_share), gpus / class_of(&s, FC_M_grant_wanted, 0), 1e-12);
    assert_true(class_of(&s, FC_M_grant_wanted, 0) == 30 * class_of(&s, FC_M_class_arrivals, 0));
    forget(&s);
    fc_text_free(&text);
    return gpus;
}

static void test_quotas(void **state)
{
    (void)state;
    /* 24 decisions. Grants of 29 days are over at the next. */
    assert_true(given("term: 29 days") == 24 * 180);
    assert_true(given("term: 29 days, quota: 100") == 24 * 90);
    assert_true(given("term: 29 days, share: 50 %") == 24 * 90);
    assert_true(given("term: 29 days, share: 50 %, quota: 70") == 24 * 60);
    assert_true(given("term: 29 days, quota: 100, cap: 16") == 24 * 96);
    assert_true(given("term: 29 days, cap: 16") == 24 * 192);
    assert_true(given("term: 29 days, quota: 29") == 0);
    /* One that ends at the instant of a decision is given again in it. */
    assert_true(given("term: 30 days") == 24 * 180);
    /* On days 30, 180, 330, 480 and 630. */
    assert_true(given("term: 150 days") == 5 * 180);
    /* 60, 60, 60, then one that ends makes room for one. */
    assert_true(given("term: 100 years, quota: 60") == 180);
    /* The review delays all: 23 decisions, the last on day 710. */
    assert_true(given("term: 29 days, review: 20 days") == 23 * 180);
}

/* Priority first, then lot; first come, first served; who finds too little is passed over. */
static void test_order(void **state)
{
    static const char by_score[] =
        "      calls: {open: {" ROUNDS ", term: 29 days, order: score}}\n"
        "      classes:\n"
        "        low: {access: open, arrivals: 20/day, gpus: 20}\n"
        "        high: {access: open, arrivals: 20/day, gpus: 60, priority: 1}\n";
    static const char by_time[] =
        "      calls: {open: {" ROUNDS ", term: 29 days, order: first_come}}\n"
        "      classes:\n"
        "        small: {access: open, arrivals: 20/day, gpus: 1}\n"
        "        large: {access: open, arrivals: 20/day, gpus: 201, priority: 9}\n";
    seen s = see(by_score, "");

    (void)state;
    assert_true(class_of(&s, FC_M_grant_given, 0) == 24 * 20);
    assert_true(class_of(&s, FC_M_grant_given, 1) == 24 * 180);
    forget(&s);
    s = see(by_time, "");
    assert_true(class_of(&s, FC_M_grant_given, 0) == 24 * 200);
    assert_true(class_of(&s, FC_M_grant_given, 1) == 0);
    /* First come: the k-th to apply is granted in round 1 + (k - 1) / 200, so that waits grow. */
    assert_true(class_of(&s, FC_M_grant_wait_p95, 0) > 400);
    forget(&s);
}

/* ---- fewer in service than granted --------------------------------------------------------- */

static void test_capacity(void **state)
{
    static const char demand[] =
        "      pools: {all: {share: {2025-01-01: 100 %, 2025-07-01: 50 %, 2025-09-01: 100 %}}}\n"
        "      calls: {open: {pool: all, " ROUNDS ", term: 100 years}}\n"
        "      classes:\n"
        "        first: {access: open, arrivals: 20/day, gpus: 60, priority: 1, use: 50 %}\n"
        "        last: {access: open, arrivals: 20/day, gpus: 10, models: [h100]}\n";
    /* Day 30: 3 of 60, then 2 of 10. 181 to 243 days from the start only 100 run: 60, 40 and 0, and
     * nothing for who came last. */
    double hours = 24.0 * (180 * (DAYS - 30) - (243 - 181) * 80);
    seen s = see(demand, "");

    (void)state;
    assert_near(class_of(&s, FC_M_grant_hours, 0), hours, 1e-6);
    assert_near(class_of(&s, FC_M_class_served, 0), hours / 2, 1e-6);
    assert_near(class_of(&s, FC_M_grant_hours, 1), 24.0 * 20 * (DAYS - 30 - (243 - 181)), 1e-6);
    assert_true(series(&s.trial, FC_M_gpus_allocated, 0, 4) == 200);
    assert_true(series(&s.trial, FC_M_gpus_allocated, 0, 6) == 100);
    assert_true(series(&s.trial, FC_M_gpus_allocated, 0, 8) == 200);
    assert_near(fleet_of(&s, FC_M_allocation),
                (hours + 24.0 * 20 * (DAYS - 92)) / (24.0 * GPUS * DAYS), 1e-9);
    forget(&s);
}

/* ---- reclaim ------------------------------------------------------------------------------- */

static void test_reclaim(void **state)
{
    static const char idle[] = "      calls: {open: {" ROUNDS
                               ", term: 300 days, reclaim: {every: 10 days, below: 40 %}}}\n"
                               "      classes: {all: {access: open, " CROWD ", use: 39 %}}\n";
    static const char busy[] = "      calls: {open: {" ROUNDS
                               ", term: 300 days, reclaim: {every: 10 days, below: 40 %}}}\n"
                               "      classes: {all: {access: open, " CROWD ", use: 40 %}}\n";
    static const char jobless[] = "      calls: {open: {" ROUNDS
                                  ", term: 300 days, reclaim: {every: 10 days, below: 40 %}}}\n"
                                  "      classes: {all: {access: open, " CROWD
                                  ", jobs: {arrivals: 0/day, gpus: 1, duration: 1 hours}}}\n";
    seen s = see(idle, "");

    (void)state;
    /* Each is taken back after 10 days, but for the last round's, 5 days before the end. */
    assert_true(class_of(&s, FC_M_grant_given, 0) == 24 * 180);
    assert_true(class_of(&s, FC_M_grant_reclaimed, 0) == 23 * 180);
    assert_true(class_of(&s, FC_M_projects_reclaimed, 0) == 23 * 6);
    assert_near(class_of(&s, FC_M_grant_hours, 0), 24.0 * 180 * (23 * 10 + 5), 1e-6);
    assert_near(fleet_of(&s, FC_M_utilisation), 0.39 * fleet_of(&s, FC_M_allocation), 1e-12);
    forget(&s);
    s = see(busy, "");
    assert_true(class_of(&s, FC_M_grant_reclaimed, 0) == 0);
    assert_true(class_of(&s, FC_M_grant_given, 0) == 3 * 180);
    forget(&s);
    s = see(jobless, "");
    assert_true(class_of(&s, FC_M_grant_reclaimed, 0) == 23 * 180);
    forget(&s);
}

/* ---- who gets none ------------------------------------------------------------------------- */

static void test_unmet(void **state)
{
    static const char demand[] =
        "      calls: {open: {" ROUNDS ", term: 100 days, quota: 0}}\n"
        "      classes: {all: {access: open, " CROWD ", use: 50 %, patience: 40 days, "
        "offshore: at_patience, offshore_price: 2 USD/GPU-h}}\n";
    seen s = see(demand, "");
    double left = class_of(&s, FC_M_projects_left, 0), hours = left * 30 * 100 * 24 * 0.5;

    (void)state;
    /* Those of the last 40 days still wait. */
    assert_near(left, 20.0 * (DAYS - 40), 4 * sqrt(20.0 * (DAYS - 40)));
    assert_true(left < class_of(&s, FC_M_class_arrivals, 0));
    assert_near(fleet_of(&s, FC_M_unmet_no_grant), hours, 1e-9 * hours);
    assert_near(class_of(&s, FC_M_class_offshore, 0), hours, 1e-9 * hours);
    assert_near(fleet_of(&s, FC_M_offshore_rent), 2 * hours, 1e-8 * hours);
    assert_true(fleet_of(&s, FC_M_unmet_share) == 1);
    forget(&s);
    /* What a cap cuts off is not unmet: 30 GPUs of the 300 that each would like. */
    s = see(
        "      calls: {open: {" ROUNDS ", term: 100 days, quota: 0, cap: 30}}\n"
        "      classes: {all: {access: open, arrivals: 20/day, gpus: 300, use: 50 %, patience: 40 "
        "days}}\n",
        "");
    left = class_of(&s, FC_M_projects_left, 0);
    hours = left * 30 * 100 * 24 * 0.5;
    assert_true(left > 0);
    assert_near(fleet_of(&s, FC_M_unmet_no_grant), hours, 1e-9 * hours);
    forget(&s);
}

/* ---- jobs on a grant ----------------------------------------------------------------------- */

/* Erlang's C, c servers, offered load a. */
static double erlang_c(int c, double a)
{
    double b = 1;

    for (int i = 1; i <= c; i++) b = a * b / (i + a * b);
    return b / (1 - a / c * (1 - b));
}

static void test_queue(void **state)
{
    static const char demand[] =
        "      calls: {open: {closes: 2025-01-01, every: 400 days, term: 100 years, quota: 10}}\n"
        "      classes: {all: {access: open, arrivals: 20/day, gpus: 10, jobs: {arrivals: 192/day, "
        "gpus: 1, duration: {varies: {distribution: exponential, mean: 1 hours}}}}}\n";
    /* A grant of 10 servers from the second day on, and another from day 401: a queue each. */
    fc_tally wait = repeat(demand, FC_M_wait_mean, 0, 40);
    fc_tally lost = repeat(demand, FC_M_class_lost, 0, 2);

    (void)state;
    assert_mean(&wait, erlang_c(10, 8) / 2, 0.08);
    assert_true(lost.mean == 0);
}

/* What runs as the term ends has run in vain, and what waits is never run. */
static void test_killed(void **state)
{
    static const char demand[] =
        "      calls: {open: {" ROUNDS ", term: 20 days, quota: 8}}\n"
        "      classes: {all: {access: open, arrivals: 20/day, gpus: 8, jobs: {arrivals: 500/day, "
        "gpus: 16, duration: 15 days}}}\n";
    seen s = see(demand, "");
    double held = class_of(&s, FC_M_class_served, 0) + class_of(&s, FC_M_class_lost, 0);

    (void)state;
    /* On each grant one job, of all its GPUs, is done, and one killed; of the last, on day 720, one
     * is under way. They begin with the first arrival, some minutes after the grant. */
    assert_near(class_of(&s, FC_M_class_served, 0), 24.0 * 8 * (23 * 15 + 5), 24.0 * 8 * 0.2);
    assert_near(class_of(&s, FC_M_class_lost, 0), 24.0 * 8 * 23 * 5, 24.0 * 8 * 0.2);
    assert_near(held, class_of(&s, FC_M_grant_hours, 0), 24.0 * 8 * 0.2);
    assert_near(class_of(&s, FC_M_class_left_share, 0), 1, 0.01);
    assert_near(fleet_of(&s, FC_M_unmet_no_grant), 23.0 * (500 * 20) * 8 * 15 * 24,
                0.02 * 23 * 500 * 20 * 8 * 15 * 24);
    assert_near(fleet_of(&s, FC_M_lost_share), 0.25, 0.01); /* 5 of each 20 days */
    forget(&s);
}

/* ---- fairness ------------------------------------------------------------------------------ */

static void test_fairness(void **state)
{
    static const char one[] =
        "      calls: {open: {" ROUNDS ", term: 100 years, quota: 200}}\n"
        "      classes: {all: {access: open, arrivals: 20/day, gpus: 200, users: 25}}\n";
    static const char two[] =
        "      calls: {open: {" ROUNDS ", term: 1 days}}\n"
        "      classes: {all: {access: open, arrivals: 6/day, gpus: 1, users: 2, skew: 1}}\n";
    fc_tally gini = repeat(two, FC_M_gini_users, FC_NONE, 40);
    seen s = see(one, "");

    (void)state;
    assert_near(fleet_of(&s, FC_M_gini_users), 24.0 / 25, 1e-12);
    assert_true(fleet_of(&s, FC_M_top10_share) == 1);
    forget(&s);
    assert_mean(&gini, (2.0 / 3 - 1.0 / 3) / 2, 0.05);
}

static void test_users_of_jobs(void **state)
{
    static const char demand[] =
        "      detail: jobs\n"
        "      classes: {all: {arrivals: 100/day, gpus: 1, duration: 1 hours, users: 20}}\n";
    fc_tally top = repeat(demand, FC_M_top10_share, FC_NONE, 4);

    (void)state;
    /* 72,500 like jobs of 20 users: the ten with most have half, and what chance adds: about 0.8
     * standard deviations of a user's, 1 / sqrt(3625). */
    assert_near(top.mean, 0.5 * (1 + 0.8 / sqrt(3625)), 0.5 * 0.3 / sqrt(3625));
}

/* ---- the milestone ------------------------------------------------------------------------- */

static void test_milestone(void **state)
{
    static const char demand[] =
        "      calls: {open: {" ROUNDS ", term: 100 years, quota: 60}}\n"
        "      classes: {all: {access: open, " CROWD "}}\n"
        "    targets:\n"
        "      two: {by: 2025-03-02, gpus: 120, counted_at: allocated}\n"
        "      early: {by: 2025-03-01, gpus: 120, counted_at: allocated}\n"
        "      other: {by: 2025-12-31, gpus: 181, counted_at: in_service}\n";
    seen s = see(demand, "");
    double start = (double)s.scenario->plan->epoch.start_day;

    (void)state;
    assert_true(outcome(&s.trial, FC_M_reached_allocated, 0, 0) == start + 60);
    assert_true(outcome(&s.trial, FC_M_count_by, 0, 0) == 120);
    assert_true(outcome(&s.trial, FC_M_met, 0, 0) == 1);
    assert_true(outcome(&s.trial, FC_M_count_by, 0, 1) == 60);
    assert_true(outcome(&s.trial, FC_M_met, 0, 1) == 0);
    assert_true(outcome(&s.trial, FC_M_reached_in_service, 0, 2) == start);
    assert_true(isnan(outcome(&s.trial, FC_M_reached_allocated, 0, 2)));
    forget(&s);
}

/* Of jobs that queue the mean of a month counts, and a part of the fleet counts in proportion. */
static void test_milestone_of_jobs(void **state)
{
    static const char demand[] =
        "      classes: {all: {arrivals: {2025-01-01: 0/day, 2025-03-01: 1200/day}, gpus: 2, "
        "duration: 1 hours}}\n"
        "    targets:\n"
        "      all: {by: 2025-03-31, gpus: 99, counted_at: allocated}\n"
        "      more: {by: 2025-12-31, gpus: 101, counted_at: allocated}\n";
    seen s = see(demand, "");
    double start = (double)s.scenario->plan->epoch.start_day;

    (void)state;
    assert_true(floor(outcome(&s.trial, FC_M_reached_allocated, 0, 0)) == start + 89);
    assert_true(outcome(&s.trial, FC_M_met, 0, 0) == 1);
    assert_true(outcome(&s.trial, FC_M_held, 0, 0) == 1);
    assert_true(isnan(outcome(&s.trial, FC_M_reached_allocated, 0, 1)));
    assert_true(outcome(&s.trial, FC_M_count_by, 0, 1) == 100);
    forget(&s);
}

/* ---- changes ------------------------------------------------------------------------------- */

/* From day 365 on projects get less, and rounds are twice as far apart after the next closing. */
static void test_changes(void **state)
{
    static const char demand[] =
        "      calls: {open: {" ROUNDS ", term: 29 days, quota: 100, cap: 40}}\n"
        "      classes: {all: {access: open, " CROWD "}}\n";
    static const char policy[] = "policies:\n"
                                 "  less:\n"
                                 "    at: 2026-01-01\n"
                                 "    set: {fleets.one.demand.calls.open.cap: 16, "
                                 "fleets.one.demand.calls.open.every: 60 days}\n"
                                 "active: [less]\n";
    seen s = see(demand, policy), before = see(demand, "");

    (void)state;
    /* 12 rounds of 3 x 30 by day 360; on days 390, 450, ... 690 6 of 6 x 16. */
    assert_true(class_of(&s, FC_M_grant_given, 0) == 12 * 90 + 6 * 96);
    assert_true(class_of(&s, FC_M_projects_granted, 0) == 12 * 3 + 6 * 6);
    /* Neither moves an applicant. */
    assert_true(class_of(&s, FC_M_class_arrivals, 0) == class_of(&before, FC_M_class_arrivals, 0));
    assert_true(class_of(&s, FC_M_grant_wanted, 0) == class_of(&before, FC_M_grant_wanted, 0));
    forget(&s);
    forget(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wait),      cmocka_unit_test(test_quotas),
        cmocka_unit_test(test_order),     cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_reclaim),   cmocka_unit_test(test_unmet),
        cmocka_unit_test(test_queue),     cmocka_unit_test(test_killed),
        cmocka_unit_test(test_fairness),  cmocka_unit_test(test_users_of_jobs),
        cmocka_unit_test(test_milestone), cmocka_unit_test(test_milestone_of_jobs),
        cmocka_unit_test(test_changes),   cmocka_unit_test(test_world_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
