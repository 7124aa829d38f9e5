/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the answer says as numbers, from databases made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "analysis/facts.h"
#include "analysis/summary.h"
#include "results.h"

#define GOAL "korea.targets.goal"
#define TINY 1e-9

static void summarise(results *r, fc_summary *s)
{
    results_read(r);
    assert_int_equal(fc_summary_make(r->store, r->arena, 1, r->diag, s), FC_OK);
}

/* Ten futures: in service in January, April and August 2026, one second before the end of the day
 * it is due, and at that end, which is too late; another after it; four never. */
static void target_with_censoring(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    double due = day_of(2026, 12, 31);
    double dates[10] = {day_of(2026, 8, 1),
                        NAN,
                        day_of(2026, 1, 1),
                        due + 1 - 1 / 86400.0,
                        NAN,
                        due + 1,
                        day_of(2027, 6, 30) + 0.5,
                        NAN,
                        day_of(2026, 4, 1),
                        NAN};
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(&r, 1, "\"18,000\"");
    for (int i = 0; i < 10; i++) {
        results_replication(&r, 1, i);
        results_outcome(&r, 1, i, "reached_contracted", GOAL, day_of(2025, 6, 1));
        results_outcome(&r, 1, i, "reached_in_service", GOAL, dates[i]);
        results_outcome(&r, 1, i, "met", GOAL, dates[i] < due + 1);
        results_outcome(&r, 1, i, "held", GOAL, i == 0);
        results_outcome(&r, 1, i, "count_by", GOAL, 1000 * i);
    }
    summarise(&r, &s);
    const fc_target_facts *t = &s.target;
    assert_string_equal(t->name, "goal");
    assert_string_equal(t->fleet, "korea");
    assert_true(t->gpus == 18000);
    assert_true(t->counted_at == FC_IN_SERVICE);
    assert_int_equal(t->by, (int64_t)due);
    assert_int_equal(t->met.hits, 4);
    assert_int_equal(t->met.n, 10);
    assert_int_equal(t->reached_by[FC_IN_SERVICE].hits, 4);
    assert_int_equal(t->reached_by[FC_CONTRACTED].hits, 10);
    assert_int_equal(t->reached_by[FC_DELIVERED].n, 0); /* not stored */
    assert_int_equal(t->held.hits, 1);
    assert_int_equal(t->not_reached.hits, 4);
    assert_int_equal(t->not_reached.n, 10);
    /* Wilson, 4 of 10, by hand: (0.4 + z2/20 -+ z sqrt(0.024 + z2/400)) / (1 + z2/10) */
    assert_near(t->met.interval.low, 0.168180, 1e-6);
    assert_near(t->met.interval.high, 0.687326, 1e-6);
    /* Six of ten are finite: places 0.45, 4.5 and 8.55 of 0..9. */
    const fc_spread *reached = &t->reached[FC_IN_SERVICE];
    assert_near(reached->low, day_of(2026, 1, 1) + 0.45 * 90, TINY);
    assert_near(reached->median, (due + 1 + day_of(2027, 6, 30) + 0.5) / 2, TINY);
    assert_true(reached->high == INFINITY);
    assert_near(t->count.median, 4500, TINY);
    assert_near(t->count.high, 8550, TINY);
    results_end(&r);
}

/* Five of nine not reached: the median is one of them. */
static void median_not_reached(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(&r, 1, "3만 장");
    for (int i = 0; i < 9; i++) {
        results_replication(&r, 1, i);
        results_outcome(&r, 1, i, "reached_in_service", GOAL, i < 4 ? day_of(2027, 1, 1) : NAN);
    }
    summarise(&r, &s);
    assert_true(s.target.gpus == 30000);
    assert_true(s.target.reached[FC_IN_SERVICE].median == INFINITY);
    assert_near(s.target.reached[FC_IN_SERVICE].low, day_of(2027, 1, 1), TINY);
    results_end(&r);
}

static void standing_at_month_ends(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2027-07-01", "fleets.korea.targets.goal");
    results_input(&r, 1, "fleets.korea.targets.goal.by", "2027-02-15", NULL, NULL);
    results_input(&r, 1, "fleets.korea.targets.goal.gpus", "100", NULL, NULL);
    results_input(&r, 1, "fleets.korea.targets.goal.counted_at", "delivered", NULL, NULL);
    for (int i = 0; i < 3; i++) {
        results_replication(&r, 1, i);
        results_series(&r, 1, i, "gpus_delivered", "2026-12-31", 10 + i);
        results_series(&r, 1, i, "gpus_delivered", "2027-01-31", 100 * i);
        results_series(&r, 1, i, "gpus_delivered", "2027-02-28", 7);
        results_series(&r, 1, i, "gpus_delivered", "2027-06-30", i == 0 ? NAN : 50);
    }
    summarise(&r, &s);
    assert_true(s.target.counted_at == FC_DELIVERED);
    assert_int_equal(s.focus, (int64_t)day_of(2027, 2, 15));
    assert_near(s.at_focus.value[FC_M_gpus_delivered], 100, TINY);
    assert_int_equal(s.before.day, (int64_t)day_of(2026, 12, 31));
    assert_near(s.before.value[FC_M_gpus_delivered], 11, TINY);
    assert_true(isnan(s.before.value[FC_M_gpus_announced]));
    assert_int_equal(s.n_years, 3);
    assert_true(isnan(s.years[0].value[FC_M_gpus_delivered])); /* before the first month end */
    assert_int_equal(s.years[2].day, (int64_t)day_of(2027, 6, 30));
    assert_near(s.years[2].value[FC_M_gpus_delivered], 50, TINY);
    results_end(&r);
}

/* Shares of all that was charged, the greatest first, ties in the order of the table. */
static void causes_of_delay(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    char entity[64];
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", NULL);
    for (int i = 0; i < 2; i++) {
        results_replication(&r, 1, i);
        results_series(&r, 1, i, "gpus_announced", "2026-12-31", 10);
        results_outcome(&r, 1, i, "idle_contracted", "korea", 100 + 50 * i);
        for (int c = 0; c < FC_N_CAUSES; c++) {
            snprintf(entity, sizeof entity, "korea.delay.%s", fc_causes[c].id);
            double days = c == FC_CAUSE_grid      ? 100 + 100 * i
                          : c == FC_CAUSE_supply  ? 25
                          : c == FC_CAUSE_funding ? 25
                                                  : 0;
            results_outcome(&r, 1, i, "delay", entity, days);
        }
    }
    summarise(&r, &s);
    assert_null(s.target.path);
    assert_near(s.charged, 200, TINY);
    assert_true(s.causes[0].cause == FC_CAUSE_grid);
    assert_near(s.causes[0].share, 0.75, TINY);
    assert_true(s.causes[1].cause == FC_CAUSE_funding);
    assert_true(s.causes[2].cause == FC_CAUSE_supply);
    assert_near(s.causes[2].share, 0.125, TINY);
    assert_near(s.idle_mean, 125, TINY);
    results_end(&r);
}

/* 10 points of 2 replications: the first 4 meet the target, both times. The 8 hits of 20 tell what
 * 4 of 10 would: 9 independent observations, and t with 9 degrees of freedom, 2.262157. */
static void points_of_a_sample(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(&r, 1, "100");
    results_design(&r, 1, "monte_carlo", "10", 2);
    for (int i = 0; i < 20; i++) {
        results_replication(&r, 1, i);
        results_outcome(&r, 1, i, "gpus_in_service", "korea", 100);
        results_outcome(&r, 1, i, "reached_in_service", GOAL, i < 8 ? day_of(2026, 1, 1) : NAN);
        results_outcome(&r, 1, i, "met", GOAL, i < 8);
    }
    summarise(&r, &s);
    assert_int_equal(s.n, 20);
    assert_int_equal(s.independent, 10);
    assert_int_equal(s.target.met.hits, 8);
    assert_int_equal(s.target.met.n, 20);
    double z = 2.262157163, z2 = z * z;
    double half = z * sqrt(0.24 / 9 + z2 / 324) / (1 + z2 / 9);
    double centre = (0.4 + z2 / 18) / (1 + z2 / 9);
    assert_near(s.target.met.interval.low, centre - half, 1e-8);
    assert_near(s.target.reached_by[FC_IN_SERVICE].interval.high, centre + half, 1e-8);
    assert_near(s.target.not_reached.interval.low, 1 - centre - half, 1e-8);
    results_end(&r);
}

static void nothing_announced(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", NULL);
    results_replication(&r, 1, 0);
    results_series(&r, 1, 0, "gpus_announced", "2026-12-31", 0);
    results_outcome(&r, 1, 0, "delay", "korea.delay.grid", 0);
    summarise(&r, &s);
    assert_true(isnan(s.charged));
    results_end(&r);
}

/* What counts as a figure, and how sure it is. Titles, names and choices are none. */
static void certainty_of_inputs(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", NULL);
    results_input(&r, 1, "title.en", "Test", NULL, NULL);
    results_input(&r, 1, "horizon.start", "2025-01-01", NULL, NULL);
    results_input(&r, 1, "fleets.korea.currency", "KRW", NULL, NULL);
    results_input(&r, 1, "fleets.korea.programmes.p.host", "[a]", NULL, NULL);
    results_input(&r, 1, "world.accelerators.b200.per_server", "8", "vendor", "high");
    results_input(&r, 1, "fleets.korea.programmes.p.mix", "{b200: 100 %}", "plan", "low");
    results_input(&r, 1, "fleets.korea.sites.a.design_pue", "1.3", NULL, "assumption");
    results_input(&r, 1, "fleets.korea.sites.b.design_pue", "1.3", "press", "unverified");
    results_input(&r, 1, "fleets.korea.sites.c.design_pue", "1.3", NULL, "medium");
    results_input(&r, 1, "shocks.cut.scale.fleets.korea.budgets.b.amount", "0.7", NULL, NULL);
    summarise(&r, &s);
    assert_int_equal(s.inputs.figures, 6);
    assert_int_equal(s.inputs.assumptions, 1);
    assert_int_equal(s.inputs.unverified, 1);
    assert_int_equal(s.inputs.unsourced, 2);
    results_end(&r);
}

/* What the fleet of the headline says; a text of one language is that of both; else the table. */
static void who_can_act(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(&r, 1, "10");
    results_input(&r, 1, "fleets.korea.bodies.grid.en", "KEPCO", NULL, NULL);
    results_input(&r, 1, "fleets.korea.bodies.grid.ko", "한전", NULL, NULL);
    results_input(&r, 1, "fleets.korea.bodies.permit", "\"Naju, Haenam\"", NULL, NULL);
    results_input(&r, 1, "fleets.korea.bodies.talent.ko", "교육부", NULL, NULL);
    results_input(&r, 1, "fleets.korea-2.bodies.supply.en", "nobody", NULL, NULL);
    summarise(&r, &s);
    assert_string_equal(s.bodies[FC_CAUSE_grid].en, "KEPCO");
    assert_string_equal(s.bodies[FC_CAUSE_grid].ko, "한전");
    assert_string_equal(s.bodies[FC_CAUSE_permit].en, "Naju, Haenam");
    assert_string_equal(s.bodies[FC_CAUSE_permit].ko, "Naju, Haenam");
    assert_string_equal(s.bodies[FC_CAUSE_talent].en, "교육부");
    assert_string_equal(s.bodies[FC_CAUSE_supply].en, "vendors");
    assert_string_equal(s.bodies[FC_CAUSE_supply].ko, "공급사");
    results_end(&r);
}

static void no_replications(void **state)
{
    (void)state;
    results r;
    fc_summary s;
    results_begin(&r);
    results_run(&r, 1, "1", "2028-01-01", "fleets.korea.targets.goal");
    results_goal(&r, 1, "10");
    summarise(&r, &s);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.target.met.n, 0);
    assert_true(isnan(s.target.met.p));
    assert_true(isnan(s.target.reached[FC_IN_SERVICE].median));
    fc_run_info run;
    assert_int_equal(fc_run_find(r.store, r.arena, 7, r.diag, &run), FC_E_DOMAIN);
    results_end(&r);
}

/* The stored summary is used where it is of all replications, and only there. */
static void fresh_and_stale_fans(void **state)
{
    (void)state;
    for (int stored = 0; stored < 2; stored++) {
        results r;
        fc_fan fan;
        results_begin(&r);
        results_run(&r, 1, "1", "2028-01-01", NULL);
        for (int i = 0; i < 4; i++) {
            results_replication(&r, 1, i);
            results_series(&r, 1, i, "gpus_retired", "2026-12-31", i);
        }
        char sql[256];
        snprintf(sql, sizeof sql,
                 "INSERT INTO summary SELECT 1, metric_id, 20818, 4, 0, 101, 102, 103, 104, 105"
                 " FROM metric; UPDATE run SET summarised = %d",
                 stored ? 4 : 3);
        assert_int_equal(sqlite3_exec(r.db, sql, NULL, NULL, NULL), SQLITE_OK);
        results_read(&r);
        int ret = fc_fan_make(r.store, r.arena, 1, "gpus_retired", "korea", r.diag, &fan);
        assert_int_equal(ret, FC_OK);
        assert_int_equal(fan.n_days, 1);
        assert_int_equal(fan.day[0], (int64_t)day_of(2026, 12, 31));
        assert_near(fan.value[FC_FAN_P50][0], stored ? 103 : 1.5, TINY);
        assert_near(fan.value[FC_FAN_P95][0], stored ? 105 : 2.85, TINY);
        results_end(&r);
    }
}

/* A series that no replication has a value of has no rows in a summary of all of them: it is not
 * looked for among the values. */
static void a_fan_of_no_values(void **state)
{
    (void)state;
    for (int stored = 3; stored < 5; stored++) {
        results r;
        fc_fan fan;
        char sql[256];
        results_begin(&r);
        results_run(&r, 1, "1", "2028-01-01", NULL);
        for (int i = 0; i < 4; i++) {
            results_replication(&r, 1, i);
            results_series(&r, 1, i, "gpus_retired", "2026-12-31", NAN);
            results_series(&r, 1, i, "gpus_delivered", "2026-12-31", i);
        }
        snprintf(sql, sizeof sql,
                 "INSERT INTO summary SELECT 1, metric_id, 20818, 4, 0, 1, 2, 3, 4, 5 FROM metric"
                 " WHERE metric = 'gpus_delivered'; UPDATE run SET summarised = %d",
                 stored);
        assert_int_equal(sqlite3_exec(r.db, sql, NULL, NULL, NULL), SQLITE_OK);
        results_read(&r);
        int ret = fc_fan_make(r.store, r.arena, 1, "gpus_retired", "korea", r.diag, &fan);
        assert_int_equal(ret, FC_OK);
        assert_int_equal(fan.n_days, stored == 4 ? 0 : 1);
        assert_true(isnan(fc_fan_at(&fan, FC_FAN_P50, fan.n_days ? fan.day[0] : 0)));
        results_end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_with_censoring),  cmocka_unit_test(median_not_reached),
        cmocka_unit_test(standing_at_month_ends), cmocka_unit_test(causes_of_delay),
        cmocka_unit_test(points_of_a_sample),     cmocka_unit_test(nothing_announced),
        cmocka_unit_test(certainty_of_inputs),    cmocka_unit_test(who_can_act),
        cmocka_unit_test(no_replications),        cmocka_unit_test(fresh_and_stale_fans),
        cmocka_unit_test(a_fan_of_no_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
