/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Order rules by hand: what is bought with which money, to the last won.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "plan_builder.h"
#include "world_helper.h"

/* Days 0 to 365. Korea pays in won; prices are in dollars, delivery takes 10 days. */
static plan_builder *start(fc_param per_usd(plan_builder *b))
{
    plan_builder *b = build_start("2025-01-01", "2026-01-01", 1);
    int32_t krw = build_currency(b, "KRW", 0, per_usd(b));

    build_currency(b, "USD", 2, build_number(b, "usd", 1));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw});
    return b;
}

static fc_param thousand(plan_builder *b)
{
    return build_number(b, "krw", 1000);
}

static int32_t model(plan_builder *b, const char *name, int per_server, fc_param price)
{
    return build_accelerator(
        b, (fc_accelerator){.name = name,
                            .per_server = build_number(b, name, per_server),
                            .server_power = build_number(b, "power", 10000),
                            .price = price,
                            .price_currency = 1,
                            .lead_time = build_number(b, "lead_time", 10 * FC_DAY)});
}

static int32_t money(plan_builder *b, const char *name, double amount, double day)
{
    return build_budget(b, (fc_budget){.name = name,
                                       .amount = build_number(b, name, amount),
                                       .currency = 0,
                                       .enacted = build_number(b, name, day * FC_DAY)});
}

/* Runs the plan, compares its log, frees it; the value of a metric at the end. */
static double run(plan_builder *b, const char *log, int metric)
{
    fc_plan *plan = build_plan(b);
    trial t = trial_of(plan, 0);
    double value = outcome(&t, metric, 0, FC_NONE);

    assert_string_equal(t.log.data, log);
    trial_end(&t);
    fc_plan_free(plan);
    return value;
}

/* 10.5 million won at 250 dollars (250,000 won) an accelerator: 70 % for servers of 8 at 2
 * million, 30 % for servers of 4 at 1 million. 3 of each leave 1.5 million: not enough for a large
 * server, but for one more small one. */
static void test_spend_by_the_mix(void **state)
{
    (void)state;
    plan_builder *b = start(thousand);
    int32_t large = model(b, "large", 8, build_number(b, "p", 250));
    int32_t small = model(b, "small", 4, build_number(b, "q", 250));
    double paid;

    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 1, money(b, "m", 10.5e6, 0)),
                                      .mix = build_mix(b, 2, large, 0.7, small, 0.3)});
    paid = run(b,
               "0 release m -1 10500000 money\n"
               "0 order korea.programmes.p 0 24 GPU\n"
               "0 order korea.programmes.p 1 16 GPU\n"
               "10 delivery korea.programmes.p 0 24 GPU\n"
               "10 energised korea.programmes.p 0 24 GPU\n"
               "10 delivery korea.programmes.p 1 16 GPU\n"
               "10 energised korea.programmes.p 1 16 GPU\n"
               "10 in_service korea.programmes.p 0 24 GPU\n"
               "10 in_service korea.programmes.p 1 16 GPU\n",
               FC_M_money_paid);
    assert_true(paid == 3 * 2e6 + 4 * 1e6);
}

static fc_param stepping_rate(plan_builder *b)
{
    return build_steps(b, "krw", 1000, "2025-03-02", 1300.25, NULL); /* day 60 */
}

/* The order's exchange rate, rounded once a lot to whole won: a server costs 8 x 33.33 dollars =
 * 266,640 won until day 60 and 346,698.66 won from then on. */
static void test_exchange_rate_of_the_order(void **state)
{
    (void)state;
    plan_builder *b = start(stepping_rate);
    int32_t one = model(b, "one", 8, build_number(b, "p", 33.33));
    double paid;

    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 2, money(b, "m", 700e3, 0),
                                                              money(b, "n", 1e6, 60)),
                                      .mix = build_mix(b, 1, one, 1.0)});
    paid = run(b,
               "0 release m -1 700000 money\n"
               "0 order korea.programmes.p 0 16 GPU\n"
               "10 delivery korea.programmes.p 0 16 GPU\n"
               "10 energised korea.programmes.p 0 16 GPU\n"
               "10 in_service korea.programmes.p 0 16 GPU\n"
               "60 release n -1 1000000 money\n"
               "60 order korea.programmes.p 1 16 GPU\n"
               "70 delivery korea.programmes.p 1 16 GPU\n"
               "70 energised korea.programmes.p 1 16 GPU\n"
               "70 in_service korea.programmes.p 1 16 GPU\n",
               FC_M_money_paid);
    assert_true(paid == 533280 + 693397); /* 693,397.32 */
}

/* 20 wanted on day 0 (3 servers of 8), 60 from day 90 on (5 servers more). Money for 2 servers
 * comes on day 30, for 4 on day 40, for 9 on day 200. */
static void test_schedule_waits_for_money(void **state)
{
    (void)state;
    plan_builder *b = start(thousand);
    int32_t one = model(b, "one", 8, build_number(b, "p", 10)); /* 80,000 won a server */
    double paid;

    build_programme(b, (fc_programme){.name = "p",
                                      .pays_from = build_refs(b, 3, money(b, "a", 160e3, 30),
                                                              money(b, "b", 320e3, 40),
                                                              money(b, "c", 720e3, 200)),
                                      .rule = FC_RULE_SCHEDULE,
                                      .quantity = build_steps(b, "q", 20, "2025-04-01", 60., NULL),
                                      .install = build_number(b, "install", 500 * FC_DAY),
                                      .mix = build_mix(b, 1, one, 1.0)});
    paid = run(b,
               "30 release a -1 160000 money\n"
               "30 order korea.programmes.p 0 16 GPU\n"
               "40 release b -1 320000 money\n"
               "40 delivery korea.programmes.p 0 16 GPU\n"
               "40 energised korea.programmes.p 0 16 GPU\n"
               "40 order korea.programmes.p 1 8 GPU\n" /* 24 of 20 */
               "50 delivery korea.programmes.p 1 8 GPU\n"
               "50 energised korea.programmes.p 1 8 GPU\n"
               "90 order korea.programmes.p 2 24 GPU\n" /* 36 missing, money for 24 */
               "100 delivery korea.programmes.p 2 24 GPU\n"
               "100 energised korea.programmes.p 2 24 GPU\n"
               "200 release c -1 720000 money\n"
               "200 order korea.programmes.p 3 16 GPU\n" /* 12 missing: 2 servers */
               "210 delivery korea.programmes.p 3 16 GPU\n"
               "210 energised korea.programmes.p 3 16 GPU\n",
               FC_M_money_paid);
    assert_true(paid == 8 * 80e3);
}

/* At most 30 accelerators: 3 whole servers of 8, though there is money for 10. Of a schedule of
 * 100 with two models at 50:50 money and prices 1:3, numbers go 3:1: 75 and 25 accelerators are
 * 9.375 and 3.125 servers; 12 servers hold 96, so one more, of the larger remainder. */
static void test_limits_and_apportionment(void **state)
{
    (void)state;
    plan_builder *b = start(thousand);
    int32_t cheap = model(b, "cheap", 8, build_number(b, "p", 10));
    int32_t dear = model(b, "dear", 8, build_number(b, "q", 30));
    double paid;

    build_programme(b, (fc_programme){.name = "few",
                                      .pays_from = build_refs(b, 1, money(b, "m", 800e3, 0)),
                                      .at_most = build_number(b, "most", 30),
                                      .install = build_number(b, "install", 500 * FC_DAY),
                                      .mix = build_mix(b, 1, cheap, 1.0)});
    build_programme(b, (fc_programme){.name = "mixed",
                                      .pays_from = build_refs(b, 1, money(b, "n", 9e6, 0)),
                                      .rule = FC_RULE_SCHEDULE,
                                      .quantity = build_steps(b, "s", 0, "2025-01-01", 100., NULL),
                                      .install = build_number(b, "install", 500 * FC_DAY),
                                      .mix = build_mix(b, 2, cheap, 0.5, dear, 0.5)});
    paid = run(b,
               "0 release m -1 800000 money\n"
               "0 release n -1 9000000 money\n"
               "0 order korea.programmes.few 0 24 GPU\n"
               "0 order korea.programmes.mixed 1 80 GPU\n"
               "0 order korea.programmes.mixed 2 24 GPU\n"
               "10 delivery korea.programmes.few 0 24 GPU\n"
               "10 energised korea.programmes.few 0 24 GPU\n"
               "10 delivery korea.programmes.mixed 1 80 GPU\n"
               "10 energised korea.programmes.mixed 1 80 GPU\n"
               "10 delivery korea.programmes.mixed 2 24 GPU\n"
               "10 energised korea.programmes.mixed 2 24 GPU\n",
               FC_M_money_paid);
    assert_true(paid == 3 * 80e3 + 10 * 80e3 + 3 * 240e3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spend_by_the_mix),
        cmocka_unit_test(test_exchange_rate_of_the_order),
        cmocka_unit_test(test_schedule_waits_for_money),
        cmocka_unit_test(test_limits_and_apportionment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
