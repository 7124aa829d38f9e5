/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shocks and policies that strike what is in progress, by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "plan_builder.h"
#include "world_helper.h"

typedef struct ground {
    plan_builder *b;
    fc_param lead_time, connect, install, enacted, on_sale, announced;
} ground;

/* Days 0 to 365: one server of 8 is paid for on day 20 and delivered on day 60 (40 days after the
 * order); the site is connected on day 100; installing takes 30 days: in service on day 130. */
static ground start(void)
{
    ground g = {.b = build_start("2025-01-01", "2026-01-01", 1)};
    plan_builder *b = g.b;
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1000));
    int32_t model, site, money;

    g.lead_time = build_number(b, "lead_time", 40 * FC_DAY);
    g.on_sale = build_number(b, "on_sale", 0);
    g.connect = build_number(b, "connect", 100 * FC_DAY);
    g.install = build_number(b, "install", 30 * FC_DAY);
    g.enacted = build_number(b, "enacted", 20 * FC_DAY);
    g.announced = build_number(b, "announced", 0);
    model = build_accelerator(b, (fc_accelerator){.name = "h100",
                                                  .per_server = build_number(b, "per_server", 8),
                                                  .server_power = build_number(b, "power", 1000),
                                                  .price = build_number(b, "price", 100),
                                                  .price_currency = krw,
                                                  .on_sale = g.on_sale,
                                                  .lead_time = g.lead_time});
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw});
    money = build_budget(b, (fc_budget){.name = "money",
                                        .amount = build_number(b, "amount", 800),
                                        .currency = krw,
                                        .enacted = g.enacted});
    site = build_site(b, (fc_site){.name = "hall"});
    build_phase(
        b,
        (fc_phase){.name = "first", .power = build_number(b, "watts", 1000), .connect = g.connect});
    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, money),
                                      .mix = build_mix(b, 1, model, 1.0),
                                      .host = build_refs(b, 1, site),
                                      .install = g.install,
                                      .announced = g.announced});
    return g;
}

/* A shock that sets (or scales) a parameter from a day until another (0: for ever). */
static void shock(ground *g, double from, double until, fc_param p, fc_change_op op, double value,
                  fc_in_progress how)
{
    fc_driver driver = {.name = "shock", .at = build_number(g->b, "at", from * FC_DAY)};

    if (until > 0) driver.until = build_number(g->b, "until", until * FC_DAY);
    build_change(g->b, build_driver(g->b, driver), p, op, build_constant(g->b, value), how);
}

/* The day on which something first happens, by the log; -1: never. Frees the plan. */
static double day_of(ground *g, const char *what)
{
    fc_plan *plan = build_plan(g->b);
    trial t = trial_of(plan, 0);
    char pattern[64];
    const char *found = NULL;
    double day = -1;

    snprintf(pattern, sizeof pattern, " %s ", what);
    found = strstr(t.log.data, pattern);
    if (found != NULL) {
        while (found > t.log.data && found[-1] != '\n') found--;
        assert_int_equal(sscanf(found, "%lf", &day), 1);
    }
    trial_end(&t);
    fc_plan_free(plan);
    return day;
}

static void assert_day(ground *g, const char *what, double day)
{
    double found = day_of(g, what);

    if (found != day) fail_msg("%s on day %.10g, not %g", what, found, day);
}

static void test_undisturbed(void **state)
{
    (void)state;
    ground g = start();
    assert_day(&g, "delivery", 60);
    g = start();
    assert_day(&g, "in_service", 130);
}

/* Struck halfway, the connection takes twice as long: half of 200 days is left. */
static void test_keep_and_rescale(void **state)
{
    (void)state;
    ground g = start();
    shock(&g, 50, 0, g.connect, FC_SCALE, 2, FC_KEEP);
    assert_day(&g, "phase", 100);
    g = start();
    shock(&g, 50, 0, g.connect, FC_SCALE, 2, FC_RESCALE);
    assert_day(&g, "phase", 150);
    g = start();
    shock(&g, 50, 0, g.connect, FC_SET, 60 * FC_DAY, FC_RESCALE);
    assert_day(&g, "phase", 80);
    /* Elapsed 50 of 80 days: a known duration's rest is 30. */
    g = start();
    shock(&g, 50, 0, g.connect, FC_SET, 80 * FC_DAY, FC_REDRAW);
    assert_day(&g, "phase", 80);
}

/* Twice as slow between day 50 and day 100: then 75 % is done, and the rest takes 25 days. */
static void test_a_pace_that_ends(void **state)
{
    (void)state;
    ground g = start();
    shock(&g, 50, 100, g.connect, FC_SCALE, 2, FC_RESCALE);
    assert_day(&g, "phase", 125);
}

static void test_steps_of_a_lot(void **state)
{
    (void)state;
    ground g = start();
    /* Ordered on day 20, a quarter of the lead time is over on day 30: 3/4 of 80 days are left. */
    shock(&g, 30, 0, g.lead_time, FC_SCALE, 2, FC_RESCALE);
    assert_day(&g, "delivery", 90);
    g = start();
    /* Installation runs from day 100; struck on day 110, 2/3 of 60 days are left. */
    shock(&g, 110, 0, g.install, FC_SCALE, 2, FC_RESCALE);
    assert_day(&g, "in_service", 150);
    g = start();
    /* Struck before it begins, whatever is said of work in progress. */
    shock(&g, 70, 0, g.install, FC_SCALE, 2, FC_KEEP);
    assert_day(&g, "in_service", 160);
}

static void test_not_on_sale(void **state)
{
    (void)state;
    ground g = start();
    shock(&g, 10, 0, g.on_sale, FC_SET, 90 * FC_DAY, FC_KEEP); /* before the order */
    assert_day(&g, "delivery", 130);
    g = start();
    shock(&g, 10, 30, g.on_sale, FC_SET, 90 * FC_DAY, FC_RESCALE); /* sold again from day 30 */
    assert_day(&g, "delivery", 70);                                /* made from then on */
    g = start();
    shock(&g, 30, 0, g.on_sale, FC_SET, 90 * FC_DAY, FC_RESCALE); /* in production already */
    assert_day(&g, "delivery", 60);
}

static void test_dates_that_move(void **state)
{
    (void)state;
    ground g = start();
    shock(&g, 10, 0, g.enacted, FC_SET, 45 * FC_DAY, FC_KEEP);
    assert_day(&g, "release", 45);
    g = start();
    shock(&g, 25, 0, g.enacted, FC_SET, 45 * FC_DAY, FC_KEEP); /* it has been released */
    assert_day(&g, "release", 20);
    g = start();
    shock(&g, 10, 0, g.enacted, FC_SET, 5 * FC_DAY, FC_KEEP); /* has passed: at once */
    assert_day(&g, "release", 10);
    g = start();
    shock(&g, 10, 0, g.enacted, FC_SET, 4000 * FC_DAY, FC_KEEP);
    assert_day(&g, "release", -1);
    g = start();
    shock(&g, 10, 200, g.enacted, FC_SET, 4000 * FC_DAY, FC_KEEP); /* and then it is overdue */
    assert_day(&g, "release", 200);
}

/* Announced 8 from day 110 to 120 only: short for 10 days, during installation. */
static void test_a_level(void **state)
{
    (void)state;
    ground g = start();
    fc_plan *plan = NULL;
    trial t;

    shock(&g, 110, 120, g.announced, FC_SET, 8, FC_KEEP);
    plan = build_plan(g.b);
    t = trial_of(plan, 0);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_staff) == 8 * 10);
    assert_true(delay_sum(&t, 0) == 80);
    trial_end(&t);
    fc_plan_free(plan);
}

/* "Install faster once something waits", reviewed on days 59, 60 and 61: delivered on day 60 at
 * 00:00 counts on day 61 only, for a review sees what was before its instant. In force from then,
 * it moves the connection from 100 to 61 + 39/100 x 200 = 139. */
static void test_reviews_see_the_past(void **state)
{
    (void)state;
    static const double reviews[] = {59 * FC_DAY, 60 * FC_DAY, 61 * FC_DAY};
    ground g = start();
    fc_driver driver = {.name = "policy",
                        .is_policy = true,
                        .when_metric = FC_M_gpus_waiting,
                        .when_fleet = 0,
                        .when_compare = 1,
                        .when_threshold = build_number(g.b, "threshold", 8),
                        .n_reviews = 3,
                        .reviews = reviews};

    build_change(g.b, build_driver(g.b, driver), g.connect, FC_SCALE, build_constant(g.b, 2),
                 FC_RESCALE);
    assert_day(&g, "driver", 61);
    g = start();
    driver.when_threshold = build_number(g.b, "threshold", 8);
    build_change(g.b, build_driver(g.b, driver), g.connect, FC_SCALE, build_constant(g.b, 2),
                 FC_RESCALE);
    assert_day(&g, "phase", 139);
    g = start();
    driver.when_threshold = build_number(g.b, "threshold", 9); /* never so many */
    build_change(g.b, build_driver(g.b, driver), g.connect, FC_SCALE, build_constant(g.b, 2),
                 FC_RESCALE);
    assert_day(&g, "driver", -1);
}

/* Ten servers that fail every 30 days or so, and one crew that needs an hour. From day 100 on there
 * is 0.4 of a crew, which is none: by day 365 all ten are down (one runs on with a chance of
 * exp(-265 / 30), so ten once in 700 seeds), while one crew would have had all but none of them. */
static double in_repair_at_the_end(double crews)
{
    plan_builder *b = build_start("2025-01-01", "2026-01-01", 1);
    fc_upkeep upkeep = {.failure_rate = build_number(b, "rate", 1 / (30 * FC_DAY)),
                        .repair_time = build_number(b, "repair", 3600),
                        .crews = build_number(b, "crews", 1)};
    fc_driver driver = {.name = "cut", .at = build_number(b, "at", 100 * FC_DAY)};
    fc_plan *plan = NULL;
    trial t;
    double n = 0;

    build_currency(b, "KRW", 0, build_number(b, "krw", 1));
    build_accelerator(b, (fc_accelerator){.name = "h100",
                                          .per_server = build_number(b, "per_server", 1),
                                          .server_power = build_number(b, "power", 1000)});
    build_fleet(b, (fc_fleet){.name = "korea", .upkeep = upkeep});
    build_stock(b, (fc_stock){.name = "old",
                              .site = FC_NONE,
                              .count = build_number(b, "count", 10),
                              .since = build_number(b, "since", 0)});
    build_change(b, build_driver(b, driver), upkeep.crews, FC_SCALE, build_constant(b, crews),
                 FC_KEEP);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    n = outcome(&t, FC_M_gpus_in_repair, 0, FC_NONE);
    trial_end(&t);
    fc_plan_free(plan);
    return n;
}

static void test_no_crew_is_not_any_number(void **state)
{
    (void)state;
    assert_true(in_repair_at_the_end(0.4) == 10);
    assert_true(in_repair_at_the_end(1) <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undisturbed),
        cmocka_unit_test(test_keep_and_rescale),
        cmocka_unit_test(test_a_pace_that_ends),
        cmocka_unit_test(test_steps_of_a_lot),
        cmocka_unit_test(test_not_on_sale),
        cmocka_unit_test(test_dates_that_move),
        cmocka_unit_test(test_a_level),
        cmocka_unit_test(test_reviews_see_the_past),
        cmocka_unit_test(test_no_crew_is_not_any_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
