/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services: whose GPUs fail, who gives way, how soon they have what falls free, and what
 * they lack. Worked out by hand; everything is verified after each event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "demand_street.h"
#include "model/world.h"
#include "world_helper.h"

/* 10,000 tokens a second, of which a GPU generates 1,000: 10 GPUs fully used. */
#define USERS(n) "users: " n " mn, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s"
#define TEN USERS("86.4")
#define FORTY USERS("345.6")
#define EIGHTY USERS("691.2")

static double of(const seen *s, int metric, int32_t service)
{
    return outcome(&s->trial, metric, 0, service);
}

/* ---- replicas ------------------------------------------------------------------------------- */

/* A replica that is 0.65 times as large as 4 GPUs has 3: four of them, where five of 2 would do. */
static void test_replicas_are_whole(void **state)
{
    const demand_street s = {.gpus = 80,
                             .end = "2025-01-21",
                             .demand = "      detail: fluid\n      services:\n        chat: {" TEN
                                       ", replica: 4}\n",
                             .rest = "shocks:\n  less: {at: 2025-01-11, scale: "
                                     "{fleets.one.demand.services.chat.replica: 0.65}}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_close(of(&one, FC_M_service_held, 0), (12 + 12) / 2.0);
    assert_close(of(&one, FC_M_service_peak, 0), 12);
    forget(&one);
}

/* ---- failures ------------------------------------------------------------------------------- */

/* Three services with 5 servers each: of 0.05 x 5 x 100 failures, each strikes as often as the
 * others, and its replica of 8 GPUs starts anew elsewhere, for 20 minutes: 25 +- 5 times. */
static void test_failures_strike_all_alike(void **state)
{
    const demand_street s = {
        .gpus = 320,
        .end = "2025-04-11",
        .fleet = "    upkeep: {failure_rate: 0.05/day, repair_time: 1 days}\n",
        .demand = "      detail: jobs\n      placement: servers\n      services:\n"
                  "        a: {" FORTY ", replica: 8, scale_up_delay: 20 minutes}\n"
                  "        b: {" FORTY ", replica: 8, scale_up_delay: 20 minutes}\n"
                  "        c: {" FORTY ", replica: 8, scale_up_delay: 20 minutes}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_close(of(&one, FC_M_service_held, i), 40);
        assert_near(of(&one, FC_M_service_starting, i) / (8 / 3.0), 25, 20);
    }
    forget(&one);
}

/* 20 servers fail once a day. A service has half of the GPUs; of the rest half run jobs of an hour,
 * which stand first in the order of their ends, and half jobs without end. Of 100 failures a
 * quarter strikes the short ones: 8 at half an hour, 100 GPU-hours. */
static void test_jobs_beside_a_service(void **state)
{
    const demand_street s = {
        .gpus = 160,
        .end = "2025-04-11",
        .fleet = "    upkeep: {failure_rate: 0.05/day, repair_time: 1 hours}\n",
        .demand = "      detail: jobs\n      policy: fair\n"
                  "      services:\n        chat: {" EIGHTY "}\n"
                  "      classes:\n"
                  "        long: {arrivals: {2025-01-01: 5000/day, 2025-01-02: 0/day}, gpus: 1, "
                  "duration: 9 years, patience: 1 hours, checkpoint: 1 hours, quota: 40}\n"
                  "        short: {arrivals: 4800/day, gpus: 1, duration: 1 hours, patience: 10 "
                  "minutes, quota: 40}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_near(of(&one, FC_M_service_held, 0), 80, 1);
    assert_near(of_class(&one, FC_M_class_served, 0) / (40 * 2400), 1, 0.05);
    assert_near(of_class(&one, FC_M_class_lost, 1), 100, 60);
    forget(&one);
}

/* ---- what jobs let go of -------------------------------------------------------------------- */

/* A job has all 16 GPUs from the first minutes on, for 30 hours. A service that wants 10 from hour
 * 24 on has them 10 minutes after the job's end at the latest. */
static void test_soon(void **state)
{
    const demand_street s = {
        .gpus = 16,
        .end = "2025-01-21",
        .demand = "      detail: jobs\n      policy: fifo\n      services:\n        chat: {users: "
                  "{2025-01-01: 0, "
                  "2025-01-02: 86.4 mn}, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 "
                  "tokens/s}\n"
                  "      classes: {all: {arrivals: {2025-01-01: 2000/day, 2025-01-02: 0/day}, "
                  "gpus: 16, duration: 30 hours, patience: 3 hours}}\n"};
    seen one = see_demand(&s, 0);
    double late = of(&one, FC_M_service_too_few, 0) / 10 - 6;

    (void)state;
    assert_true(late > 0 && late < (10 + 15) / 60.0);
    forget(&one);
}

/* Jobs have all 16 GPUs for 9 days. Two services want 8 each from the third day on and wait; on the
 * fifth the pool has 12 left. Who is listed last gives way: the first has 8, the other 4. */
static void test_the_last_gives_way(void **state)
{
#define LATER                                                                                      \
    "users: {2025-01-01: 0, 2025-01-03: 69.12 mn}, tokens_per_user: 10 tokens/day, "               \
    "tokens_per_gpu: 1000 tokens/s"
    const demand_street s = {
        .gpus = 16,
        .end = "2025-01-21",
        .demand = "      detail: jobs\n      policy: fifo\n"
                  "      pools: {all: {share: {2025-01-01: 100 %, 2025-01-05: 75 %}}}\n"
                  "      services:\n"
                  "        a: {pool: all, " LATER "}\n        b: {pool: all, " LATER "}\n"
                  "      classes: {all: {pool: all, arrivals: {2025-01-01: 9000/day, 2025-01-02: "
                  "0/day}, gpus: 1, duration: 9 days, patience: 1 hours}}\n"};
#undef LATER
    seen one = see_demand(&s, 0);
    double first = of(&one, FC_M_service_held, 0), second = of(&one, FC_M_service_held, 1);

    (void)state;
    assert_near(first, 8 * 11 / 20.0, 0.05);
    assert_near(second, 4 * 11 / 20.0, 0.05);
    forget(&one);
}

/* ---- what they lack ------------------------------------------------------------------------- */

/* A service that can use another model only lacks that model where enough GPUs of this one are
 * free, and GPUs altogether where they are not, or another service has them. */
static void test_causes(void **state)
{
    static const struct {
        int gpus;
        const char *other;
        bool wrong_model;
    } cases[] = {{10, "", true}, {9, "", false}, {16, "        code: {" TEN "}\n", false}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        fc_text demand = FC_TEXT_EMPTY;
        fc_text_printf(&demand,
                       "      detail: fluid\n      services:\n"
                       "        chat: {" TEN ", models: [npu]}\n%s",
                       cases[i].other);
        const demand_street s = {.gpus = cases[i].gpus, .end = "2025-01-21", .demand = demand.data};
        seen one = see_demand(&s, 0);
        double all = 10 * 24 * 20;

        assert_close(of(&one, FC_M_service_wrong_model, 0), cases[i].wrong_model ? all : 0);
        assert_close(of(&one, FC_M_service_too_few, 0), cases[i].wrong_model ? 0 : all);
        forget(&one);
        fc_text_free(&demand);
    }
}

/* ---- abroad --------------------------------------------------------------------------------- */

/* 2 of 10 GPUs' worth goes abroad, at the price of the day. */
static void test_price_of_the_day(void **state)
{
    const demand_street s = {
        .gpus = 8,
        .end = "2025-01-21",
        .fleet = "    currency: USD\n",
        .demand = "      detail: fluid\n      services:\n        chat: {" TEN
                  ", offshore: overflow, offshore_price: {2025-01-01: 3 USD/GPU-h, 2025-01-11: 5 "
                  "USD/GPU-h}}\n"};
    seen one = see_demand(&s, 0);

    (void)state;
    assert_close(of_fleet(&one, FC_M_offshore_rent), 2 * 240 * (3 + 5));
    forget(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replicas_are_whole),
        cmocka_unit_test(test_failures_strike_all_alike),
        cmocka_unit_test(test_jobs_beside_a_service),
        cmocka_unit_test(test_soon),
        cmocka_unit_test(test_the_last_gives_way),
        cmocka_unit_test(test_causes),
        cmocka_unit_test(test_price_of_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
