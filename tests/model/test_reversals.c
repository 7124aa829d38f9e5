/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where more, earlier or quicker leaves fewer in service: for each condition of test_directions.c
 * one plan that breaks it, by hand. The model is right in each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan_builder.h"
#include "world_helper.h"

/* All plans: 2025; money in a currency without minor units; servers of one accelerator. */
typedef struct ground {
    plan_builder *b;
    int32_t model;
    fc_param price;
} ground;

static ground start(void)
{
    ground g = {.b = build_start("2025-01-01", "2026-01-01", 1), .model = FC_NONE};

    build_currency(g.b, "AAA", 0, build_number(g.b, "aaa", 1));
    build_fleet(g.b, (fc_fleet){.name = "one"});
    g.price = build_number(g.b, "price", 100);
    return g;
}

static int32_t model_of(ground *g, const char *called, double watts, fc_param price, fc_param lead)
{
    return build_accelerator(g->b, (fc_accelerator){.name = called,
                                                    .per_server = build_number(g->b, called, 1),
                                                    .server_power = build_number(g->b, "w", watts),
                                                    .price = price,
                                                    .lead_time = lead});
}

static int32_t budget(ground *g, const char *called, double amount, double day)
{
    return build_budget(g->b, (fc_budget){.name = called,
                                          .amount = build_number(g->b, "amount", amount),
                                          .enacted = build_number(g->b, "enacted", day * FC_DAY)});
}

static int32_t site(ground *g, const char *called, double watts, double day)
{
    int32_t index = build_site(g->b, (fc_site){.name = called});

    build_phase(g->b, (fc_phase){.name = "first",
                                 .power = build_number(g->b, "watts", watts),
                                 .start = build_number(g->b, "start", day * FC_DAY)});
    return index;
}

/* In service at the end of a month (1: January). Frees the plan. */
static double at_end_of(ground *g, uint32_t month, uint32_t replication)
{
    fc_plan *plan = build_plan(g->b);
    trial t = trial_of(plan, replication);
    double n = series(&t, FC_M_gpus_in_service, 0, month - 1);

    trial_end(&t);
    fc_plan_free(plan);
    return n;
}

/* What comes earlier retires earlier: of 100 days from day 60 on, May sees the end; from 20 on,
 * not. */
static double retiring(double enacted)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 1, g.price, 0), money = budget(&g, "money", 800, enacted);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .service_life = build_number(g.b, "l", 100 * FC_DAY)});
    return at_end_of(&g, 5, 0);
}

static void test_retirement(void **state)
{
    (void)state;
    assert_true(retiring(60) == 8);
    assert_true(retiring(20) == 0);
}

/* Prices fall by half in April. */
static double priced(double enacted)
{
    ground g = start();
    fc_param price = build_steps(g.b, "price", 100, "2025-04-01", 50., NULL);
    int32_t model = model_of(&g, "m", 1, price, 0), money = budget(&g, "money", 800, enacted);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 12, 0);
}

static void test_falling_prices(void **state)
{
    (void)state;
    assert_true(priced(100) == 16);
    assert_true(priced(50) == 8);
}

/* Servers are whole. 120: one at 30 from its 40 %; what is left, 90, is too little for the first
 * model at 100 and buys three more. 130: what is left is 100, and is spent at once. */
static double mixed(double amount)
{
    ground g = start();
    int32_t dear = model_of(&g, "dear", 1, g.price, 0);
    int32_t cheap = model_of(&g, "cheap", 1, build_number(g.b, "cheap price", 30), 0);
    int32_t money = budget(&g, "money", amount, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 2, dear, 0.6, cheap, 0.4)});
    return at_end_of(&g, 12, 0);
}

static void test_whole_servers(void **state)
{
    (void)state;
    assert_true(mixed(120) == 4);
    assert_true(mixed(130) == 2);
}

/* One hall of 10 W. With 100 the first programme takes all of it for one accelerator, and the eight
 * of the second, of 1 W each, stay outside. */
static double crowded(double amount)
{
    ground g = start();
    int32_t hungry = model_of(&g, "hungry", 10, g.price, 0);
    int32_t modest = model_of(&g, "modest", 1, g.price, 0);
    int32_t first = budget(&g, "first", amount, 0), second = budget(&g, "second", 800, 0);
    int32_t hall = site(&g, "hall", 10, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, first),
                                        .mix = build_mix(g.b, 1, hungry, 1.0),
                                        .host = build_refs(g.b, 1, hall)});
    build_programme(g.b, (fc_programme){.name = "q",
                                        .pays_from = build_refs(g.b, 1, second),
                                        .mix = build_mix(g.b, 1, modest, 1.0),
                                        .host = build_refs(g.b, 1, hall)});
    return at_end_of(&g, 12, 0);
}

static void test_shared_hall(void **state)
{
    (void)state;
    assert_true(crowded(90) == 8);
    assert_true(crowded(100) == 1);
}

/* The first programme prefers a hall that is the only one of the second, which comes later. If it
 * opens too late for the first, both find room. */
static double preferred(double opens)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 10, g.price, 0);
    int32_t first = budget(&g, "first", 100, 10), second = budget(&g, "second", 100, 30);
    int32_t liked = site(&g, "liked", 10, opens), other = site(&g, "other", 10, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, first),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .host = build_refs(g.b, 2, liked, other)});
    build_programme(g.b, (fc_programme){.name = "q",
                                        .pays_from = build_refs(g.b, 1, second),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .host = build_refs(g.b, 1, liked)});
    return at_end_of(&g, 12, 0);
}

static void test_first_come(void **state)
{
    (void)state;
    assert_true(preferred(20) == 2);
    assert_true(preferred(0) == 1);
}

/* A lot's lead time is that of its number. A first budget that buys something makes the large lot
 * the second one, which is luckier in some futures and unluckier in others. */
static double numbered(double amount, uint32_t replication)
{
    ground g = start();
    uint32_t lead = build_varies(g.b, "lead", FC_DIST_UNIFORM, 2, 30 * FC_DAY, 300 * FC_DAY);
    int32_t model = model_of(&g, "m", 1, g.price, build_param(g.b, "lead", lead));
    int32_t first = budget(&g, "first", amount, 9), second = budget(&g, "second", 8000, 10);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 2, first, second),
                                        .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 6, replication);
}

static void test_numbered_lots(void **state)
{
    (void)state;
    int fewer = 0, more = 0;

    for (uint32_t r = 0; r < 40; r++) {
        double without = numbered(90, r), with = numbered(100, r);

        fewer += with < without;
        more += with > without;
    }
    /* Each has a chance of 1 in 4 or so; 40 times without would come once in 100,000. */
    assert_true(fewer > 0 && more > 0);
}

/* Fiscal years from July, money that is lost with its year, wanted from day 190 on: enacted in
 * April it is gone by then. */
static double of_a_year(double enacted)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 1, g.price, 0), money = budget(&g, "money", 800, enacted);

    build_unfinished(g.b)->fleets[0].fiscal_year_starts = 7;
    build_unfinished(g.b)->budgets[money].carry_over = build_number(g.b, "carry_over", 0);
    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .start = build_number(g.b, "start", 190 * FC_DAY)});
    return at_end_of(&g, 12, 0);
}

static void test_year_of_enactment(void **state)
{
    (void)state;
    assert_true(of_a_year(200) == 8);
    assert_true(of_a_year(100) == 0);
}

/* Eight may be ordered ahead of the release from day 60 on. A release on day 50 ends that, and its
 * first quarter, 80, buys none. */
static double released(double enacted)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 1, g.price, 0), money = budget(&g, "money", 800, enacted);
    fc_budget *plan = &build_unfinished(g.b)->budgets[money];

    plan->apportioned[0] = build_number(g.b, "quarter", 0.1);
    plan->ahead.ceiling = build_number(g.b, "ceiling", 800);
    plan->ahead.from = build_number(g.b, "from", 60 * FC_DAY);
    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 3, 0);
}

static void test_release_ends_orders_ahead(void **state)
{
    (void)state;
    assert_true(released(150) == 8);
    assert_true(released(50) == 0);
}

/* Four are wanted, and from day 200 on eight. Ordered ahead on the second budget they leave the
 * first one to lapse on day 100, and the second is spent when the others are wanted. */
static double ahead(double ceiling)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 1, g.price, 0);
    int32_t first = budget(&g, "first", 400, 50), second = budget(&g, "second", 400, 150);

    build_unfinished(g.b)->budgets[first].lapses = build_number(g.b, "lapses", 100 * FC_DAY);
    build_unfinished(g.b)->budgets[second].ahead.ceiling = build_number(g.b, "ceiling", ceiling);
    build_programme(
        g.b, (fc_programme){.name = "p",
                            .rule = FC_RULE_SCHEDULE,
                            .quantity = build_steps(g.b, "quantity", 4, "2025-07-20", 8., NULL),
                            .pays_from = build_refs(g.b, 2, first, second),
                            .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 12, 0);
}

static void test_money_kept_for_later(void **state)
{
    (void)state;
    assert_true(ahead(0) == 8);
    assert_true(ahead(400) == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retirement),
        cmocka_unit_test(test_falling_prices),
        cmocka_unit_test(test_whole_servers),
        cmocka_unit_test(test_shared_hall),
        cmocka_unit_test(test_first_come),
        cmocka_unit_test(test_numbered_lots),
        cmocka_unit_test(test_year_of_enactment),
        cmocka_unit_test(test_release_ends_orders_ahead),
        cmocka_unit_test(test_money_kept_for_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
