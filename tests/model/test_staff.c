/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People by hand: crews that install one lot after the other, staff that operates servers.
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

enum { DAYS = 730 };

static fc_param days(plan_builder *b, const char *path, double n)
{
    return build_number(b, path, n * FC_DAY);
}

/* A server of 8 takes 10 kW; an accelerator costs 1 million won. */
static plan_builder *start(void)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, (fc_accelerator){.name = "b200",
                                          .per_server = build_number(b, "per_server", 8),
                                          .server_power = build_number(b, "power", 10000),
                                          .price = build_number(b, "price", 1e6),
                                          .price_currency = 0});
    return b;
}

static int32_t budget(plan_builder *b, const char *name, double on_day, double gpus)
{
    return build_budget(b, (fc_budget){.name = name,
                                       .amount = build_number(b, name, gpus * 1e6),
                                       .currency = 0,
                                       .enacted = days(b, name, on_day)});
}

/* Lots of 1, 2 and 3 servers, ordered and delivered on days 10, 12 and 14, by a programme that
 * announced 48 from day 10. */
static fc_plan *three_lots(fc_staff staff, plan_builder *b, double install, double life)
{
    fc_programme p = {.name = "state", .mix = build_mix(b, 1, 0, 1.0)};
    double times[] = {10 * FC_DAY};
    uint32_t announced[] = {build_constant(b, 48)};

    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0, .staff = staff});
    p.pays_from =
        build_refs(b, 3, budget(b, "b1", 10, 8), budget(b, "b2", 12, 16), budget(b, "b3", 14, 24));
    p.install = days(b, "install", install);
    if (life > 0) p.service_life = days(b, "life", life);
    p.announced =
        build_param(b, "announced", build_path_of(b, FC_FORM_STEP, 0, 1, times, announced));
    build_programme(b, p);
    return build_plan(b);
}

static void assert_in_service(const trial *t, const char *const *lines, int n)
{
    const char *at = t->log.data;

    for (int i = 0; i < n; i++) {
        at = strstr(at, lines[i]); /* a line's end may be the next one's beginning */
        if (at == NULL) fail_msg("not in its place: %s\nof\n%s", lines[i], t->log.data);
        at += strlen(lines[i]) - 1;
    }
}

static void test_crews_first_come_first_served(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_plan *plan = three_lots((fc_staff){.crews = build_number(b, "crews", 1)}, b, 10, 0);
    trial t = trial_of(plan, 0);

    assert_in_service(&t,
                      (const char *const[]){"\n20 in_service korea.programmes.state 0 8 GPU\n",
                                            "\n30 in_service korea.programmes.state 1 16 GPU\n",
                                            "\n40 in_service korea.programmes.state 2 24 GPU\n"},
                      3);
    /* Waiting for the crew and its work are one cause; 40 are missing until they are ordered. */
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_staff) == 8 * 10 + 16 * 18 + 24 * 26);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_funding) +
                    outcome(&t, FC_M_delay, 0, FC_CAUSE_unplanned) ==
                16 * 2 + 24 * 4);
    assert_true(fabs(outcome(&t, FC_M_crew_utilisation, 0, FC_NONE) - 30. / DAYS) < 1e-12);
    trial_end(&t);
    fc_plan_free(plan);
}

/* A second crew from day 25 on takes the third lot at once. */
static void test_more_crews(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param crews = build_number(b, "crews", 1);
    fc_plan *plan = NULL;
    trial t;

    build_change(b, build_driver(b, (fc_driver){.name = "hire", .at = days(b, "at", 25)}), crews,
                 FC_ADD, build_constant(b, 1), FC_KEEP);
    plan = three_lots((fc_staff){.crews = crews}, b, 10, 0);
    t = trial_of(plan, 0);
    assert_in_service(&t,
                      (const char *const[]){"\n20 in_service korea.programmes.state 0 8 GPU\n",
                                            "\n30 in_service korea.programmes.state 1 16 GPU\n",
                                            "\n35 in_service korea.programmes.state 2 24 GPU\n"},
                      3);
    assert_true(fabs(outcome(&t, FC_M_crew_utilisation, 0, FC_NONE) -
                     30. / (25 + 2 * (DAYS - 25))) < 1e-12);
    trial_end(&t);
    fc_plan_free(plan);
}

/* 10 persons a MW are a tenth of a person a server. 0.35 persons at the start staff three servers;
 * 0.01 persons join a day: 0.66 after January, enough for all six. */
static void test_shortage_of_staff(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_staff staff = {.stock = build_number(b, "stock", 0.35),
                      .graduates = build_number(b, "graduates", 0.006 / FC_DAY),
                      .training = build_number(b, "training", 0.004 / FC_DAY),
                      .needed_per_mw = build_number(b, "needed", 10)};
    fc_plan *plan = three_lots(staff, b, 0, 0);
    trial t = trial_of(plan, 0);

    assert_in_service(&t,
                      (const char *const[]){"\n10 in_service korea.programmes.state 0 8 GPU\n",
                                            "\n12 in_service korea.programmes.state 1 16 GPU\n",
                                            "\n31 in_service korea.programmes.state 2 24 GPU\n"},
                      3);
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_talent) == 24 * 17);
    assert_true(fabs(outcome(&t, FC_M_unstaffed_power, 0, FC_NONE) - 30e3 * 17 / DAYS) < 1e-9);
    trial_end(&t);
    fc_plan_free(plan);
}

/* 0.45 persons staff the first two lots (0.3) and one server of the third. The others get the staff
 * of the first lot, retired on day 110, and of the second, retired on day 112. Where people leave,
 * 0.45 has become 0.248 by the end of March, less than the 0.4 at work, who stay; on day 110 still
 * 0.3 are bound, on day 112 0.1, and on day 114, when the third lot's first server is retired,
 * again 0.1: each time one server more. */
static void test_staff_of_the_retired(void **state)
{
    (void)state;
    for (int leaving = 0; leaving < 2; leaving++) {
        plan_builder *b = start();
        fc_staff staff = {.stock = build_number(b, "stock", 0.45),
                          .needed_per_mw = build_number(b, "needed", 10)};
        fc_plan *plan = NULL;
        trial t;

        if (leaving) staff.outflow = build_number(b, "outflow", 0.006 / FC_DAY);
        plan = three_lots(staff, b, 0, 100);
        t = trial_of(plan, 0);
        if (leaving)
            assert_in_service(
                &t,
                (const char *const[]){"\n14 in_service korea.programmes.state 2 8 GPU\n",
                                      "\n110 retired korea.programmes.state 0 8 GPU\n",
                                      "\n112 in_service korea.programmes.state 3 8 GPU\n",
                                      "\n112 retired korea.programmes.state 1 16 GPU\n",
                                      "\n114 in_service korea.programmes.state 4 8 GPU\n",
                                      "\n114 retired korea.programmes.state 2 8 GPU\n"},
                6);
        else
            assert_in_service(
                &t,
                (const char *const[]){"\n14 in_service korea.programmes.state 2 8 GPU\n",
                                      "\n110 in_service korea.programmes.state 3 8 GPU\n",
                                      "\n110 retired korea.programmes.state 0 8 GPU\n",
                                      "\n112 in_service korea.programmes.state 4 8 GPU\n",
                                      "\n112 retired korea.programmes.state 1 16 GPU\n"},
                5);
        trial_end(&t);
        fc_plan_free(plan);
    }
}

/* A crew of 0.3 persons needs them from the stock of 0.4, so that one lot is installed at a time;
 * each needs a tenth of a person a server to operate. */
static void test_crews_of_the_stock(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_staff staff = {.stock = build_number(b, "stock", 0.4),
                      .needed_per_mw = build_number(b, "needed", 10),
                      .crew_size = build_number(b, "size", 0.3)};
    fc_plan *plan = three_lots(staff, b, 10, 0);
    trial t = trial_of(plan, 0);

    /* After the second lot 0.1 is free: no crew any more. */
    assert_in_service(&t,
                      (const char *const[]){"\n20 in_service korea.programmes.state 0 8 GPU\n",
                                            "\n30 in_service korea.programmes.state 1 16 GPU\n"},
                      2);
    assert_null(strstr(t.log.data, "in_service korea.programmes.state 2"));
    assert_true(outcome(&t, FC_M_delay, 0, FC_CAUSE_staff) == 8 * 10 + 16 * 18 + 24 * (DAYS - 14));
    assert_true(isnan(outcome(&t, FC_M_crew_utilisation, 0, FC_NONE)));
    trial_end(&t);
    fc_plan_free(plan);
}

/* Six servers that exist bind 0.6 persons of 0.45 and run; the programme's one waits until there
 * are 0.7 on month's end. */
static void test_stock_is_staffed(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_programme p = {.name = "state", .mix = build_mix(b, 1, 0, 1.0)};
    fc_plan *plan = NULL;
    trial t;

    build_fleet(b, (fc_fleet){.name = "korea",
                              .currency = 0,
                              .staff = {.stock = build_number(b, "stock", 0.45),
                                        .training = build_number(b, "training", 0.005 / FC_DAY),
                                        .needed_per_mw = build_number(b, "needed", 10),
                                        .crews = build_number(b, "crews", 1)}});
    build_stock(b, (fc_stock){.name = "old",
                              .model = 0,
                              .site = FC_NONE,
                              .count = build_number(b, "count", 48),
                              .since = build_date(b, "since", "2024-01-01")});
    p.pays_from = build_refs(b, 1, budget(b, "b1", 10, 8));
    build_programme(b, p);
    plan = build_plan(b);
    t = trial_of(plan, 0);
    /* 0.605 at the end of January, 0.745 at that of February. */
    assert_in_service(&t,
                      (const char *const[]){"0 in_service korea.stock.old 0 48 GPU\n",
                                            "\n59 in_service korea.programmes.state 1 8 GPU\n"},
                      2);
    trial_end(&t);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crews_first_come_first_served),
        cmocka_unit_test(test_more_crews),
        cmocka_unit_test(test_shortage_of_staff),
        cmocka_unit_test(test_staff_of_the_retired),
        cmocka_unit_test(test_crews_of_the_stock),
        cmocka_unit_test(test_stock_is_staffed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
