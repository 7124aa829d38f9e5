/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delay ledgers worked by hand, one fleet a case so that each has its own sums. All charges are
 * exact: GPU days, no rounding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "plan_builder.h"
#include "world_helper.h"

typedef struct ground {
    plan_builder *b;
    int32_t krw, quick, slow; /* 20 and 200 days to deliver, 100 won an accelerator */
} ground;

/* 100 days from 2025-01-01; servers of 8. */
static ground start(void)
{
    ground g = {.b = build_start("2025-01-01", "2025-04-11", 1)};

    g.krw = build_currency(g.b, "KRW", 0, build_number(g.b, "krw", 1400));
    for (int i = 0; i < 2; i++) {
        double days = i == 0 ? 20 : 200;
        const char *name = i == 0 ? "quick" : "slow";
        int32_t model = build_accelerator(
            g.b, (fc_accelerator){.name = name,
                                  .per_server = build_number(g.b, "per_server", 8),
                                  .server_power = build_number(g.b, "power", 1000),
                                  .price = build_number(g.b, "price", 100),
                                  .price_currency = g.krw,
                                  .lead_time = build_number(g.b, name, days * FC_DAY)});
        if (i == 0)
            g.quick = model;
        else
            g.slow = model;
    }
    return g;
}

static int32_t budget(ground *g, const char *name, int gpus, double day)
{
    return build_budget(g->b, (fc_budget){.name = name,
                                          .amount = build_number(g->b, name, 100.0 * gpus),
                                          .currency = g->krw,
                                          .enacted = build_number(g->b, name, day * FC_DAY)});
}

/* A fleet whose one programme spends a budget of `gpus` on `day`, and has announced 8 from day
 * 10 on. */
static fc_programme programme(ground *g, const char *fleet, int gpus, double day, int32_t model)
{
    build_fleet(g->b, (fc_fleet){.name = fleet, .currency = g->krw});
    return (fc_programme){
        .name = "state",
        .pays_from = build_refs(g->b, 1, budget(g, "money", gpus, day)),
        .rule = FC_RULE_SPEND,
        .mix = build_mix(g->b, 1, model, 1.0),
        .announced = build_steps(g->b, "announced", 0, "2025-01-11", 8., NULL),
    };
}

static int32_t site(ground *g, double build_days, double connect_days)
{
    int32_t s = build_site(g->b, (fc_site){.name = "hall"});

    build_phase(g->b, (fc_phase){.name = "first",
                                 .power = build_number(g->b, "w", 1000),
                                 .build = build_number(g->b, "build", build_days * FC_DAY),
                                 .connect = build_number(g->b, "connect", connect_days * FC_DAY)});
    return s;
}

static void check(const fc_plan *plan, int32_t fleet, const double expected[FC_N_CAUSES])
{
    trial t = trial_of(plan, 0);

    for (int cause = 0; cause < FC_N_CAUSES; cause++) {
        double charged = outcome(&t, FC_M_delay, fleet, cause);
        if (charged != expected[cause])
            fail_msg("fleet %d, %s: %g GPU days, not %g", fleet, fc_causes[cause].id, charged,
                     expected[cause]);
    }
    trial_end(&t);
}

#define CHECK(plan, fleet, ...) check(plan, fleet, (const double[FC_N_CAUSES]){__VA_ARGS__})

/* Open at the end: each is charged from its open step back. */
static void test_open_at_the_end(void **state)
{
    (void)state;
    ground g = start();
    fc_programme p = programme(&g, "supplying", 8, 0, g.slow);
    fc_plan *plan = NULL;

    build_programme(g.b, p);

    p = programme(&g, "connecting", 8, 0, g.quick);
    p.host = build_refs(g.b, 1, site(&g, 40, 150));
    build_programme(g.b, p);

    p = programme(&g, "building", 8, 0, g.quick);
    p.host = build_refs(g.b, 1, site(&g, 150, 150)); /* both at once: the works */
    build_programme(g.b, p);

    p = programme(&g, "installing", 8, 0, g.quick);
    p.install = build_number(g.b, "install", 100 * FC_DAY);
    build_programme(g.b, p);

    plan = build_plan(g.b);
    CHECK(plan, 0, [FC_CAUSE_supply] = 8 * 90);
    CHECK(plan, 1, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_grid] = 8 * 80);
    CHECK(plan, 2, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_building] = 8 * 80);
    CHECK(plan, 3, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_staff] = 8 * 80);
    fc_plan_free(plan);
}

/* Slots that no lot fills. */
static void test_unbound(void **state)
{
    (void)state;
    ground g = start();
    fc_programme p = programme(&g, "late-money", 8, 50, g.quick);
    fc_plan *plan = NULL;

    build_programme(g.b, p); /* money on day 50, delivered on day 70 */

    p = programme(&g, "no-more-money", 8, 0, g.quick);
    p.announced = build_steps(g.b, "announced-24", 0, "2025-01-11", 24., NULL);
    build_programme(g.b, p);

    p = programme(&g, "money-never", 8, 1000, g.quick);
    build_programme(g.b, p);

    p = programme(&g, "scheduled-and-poor", 8, 0, g.quick); /* 24 wanted of 32, money for 8 */
    p.rule = FC_RULE_SCHEDULE;
    p.quantity = build_steps(g.b, "quantity", 0, "2025-01-01", 24., NULL);
    p.announced = build_steps(g.b, "announced-32", 0, "2025-01-11", 32., NULL);
    build_programme(g.b, p);

    p = programme(&g, "begins-late", 8, 0, g.quick); /* may order from day 30 */
    p.start = build_date(g.b, "start", "2025-01-31");
    build_programme(g.b, p);

    plan = build_plan(g.b);
    CHECK(plan, 0, [FC_CAUSE_funding] = 8 * 40, [FC_CAUSE_supply] = 8 * 20);
    CHECK(plan, 1, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_funding] = 16 * 90);
    CHECK(plan, 2, [FC_CAUSE_funding] = 8 * 90);
    CHECK(
        plan,
        3, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_funding] = 16 * 90, [FC_CAUSE_unplanned] = 8 * 90);
    CHECK(plan, 4, [FC_CAUSE_unplanned] = 8 * 20, [FC_CAUSE_supply] = 8 * 20);
    fc_plan_free(plan);
}

/* Two lots whose delays overlap. The first of 8 is ordered on day 0, delivered on day 20, has
 * room from day 60 (grid) and takes 15 days to install; the second of 16 is ordered on day 30,
 * delivered on day 50 and has room from day 60 too: for 8 of its 16 until the second phase on day
 * 80 (building) brings the rest. Announced are 20 from day 10 and 12 from day 70.
 *
 *   days     short  slots of lot 1   lot 2a (8)   lot 2b (8)   unbound
 *   10-30    20     8 supply 10-20   -            -            12 funding
 *                   grid 20-30
 *   30-60    20     8 grid           8            4
 *   60-70    20     8 staff          8 staff      4 building
 *   70-75    12     8 staff          4 staff      0
 *   from 75  0      in service       in service                          */
static void test_overlapping(void **state)
{
    (void)state;
    ground g = start();
    fc_programme p = programme(&g, "korea", 8, 0, g.quick);
    int32_t hall = 0, more = 0;
    fc_plan *plan = NULL;

    hall = build_site(g.b, (fc_site){.name = "hall"});
    build_phase(g.b, (fc_phase){.name = "first",
                                .power = build_number(g.b, "2 kW", 2000),
                                .build = build_number(g.b, "40 days", 40 * FC_DAY),
                                .connect = build_number(g.b, "60 days", 60 * FC_DAY)});
    build_phase(g.b, (fc_phase){.name = "second",
                                .power = build_number(g.b, "1 kW", 1000),
                                .build = build_number(g.b, "80 days", 80 * FC_DAY)});
    more = budget(&g, "more", 16, 30);
    p.pays_from = build_refs(g.b, 2, 0, more);
    p.host = build_refs(g.b, 1, hall);
    p.install = build_number(g.b, "install", 15 * FC_DAY);
    p.announced =
        build_steps(g.b, "announced", 0, "2025-01-11", 20., "2025-03-12", 12., NULL); /* day 70 */
    build_programme(g.b, p);
    plan = build_plan(g.b);
    CHECK(plan, 0,                                     /* */
          [FC_CAUSE_funding] = 12 * 20,                /* unbound until day 30 */
          [FC_CAUSE_supply] = 8 * 10 + (8 + 4) * 20,   /* until 20; 30 to 50 */
          [FC_CAUSE_grid] = 8 * 40 + 8 * 10,           /* 20 to 60; 50 to 60 */
          [FC_CAUSE_building] = 4 * 20,                /* lot 2b, 50 to 70 */
          [FC_CAUSE_staff] = 8 * 15 + 8 * 10 + 4 * 5); /* 60 to 75 */
    fc_plan_free(plan);
}

/* The two parts of what is announced and not in service: retired slots come first in sequence. */
static void test_retired(void **state)
{
    (void)state;
    ground g = start();
    fc_programme p = programme(&g, "korea", 8, 0, g.quick);
    int32_t more = budget(&g, "more", 8, 60);
    fc_plan *plan = NULL;

    p.pays_from = build_refs(g.b, 2, 0, more);
    p.service_life = build_number(g.b, "life", 30 * FC_DAY); /* day 20 to 50; 80 on */
    build_programme(g.b, p);
    plan = build_plan(g.b);
    CHECK(plan, 0, [FC_CAUSE_supply] = 8 * 10, [FC_CAUSE_retired] = 8 * 30);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_at_the_end),
        cmocka_unit_test(test_unbound),
        cmocka_unit_test(test_overlapping),
        cmocka_unit_test(test_retired),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
