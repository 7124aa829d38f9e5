/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services down the whole street, from a scenario's text to what is observed, against
 * results worked by hand. Everything is verified after each event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/world.h"
#include "street.h"
#include "world_helper.h"

/* 10,000 tokens a second on average, of which a GPU generates 1,000: 10 GPUs fully used. */
#define TEN "users: 86.4 mn, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s"
/* Half of the day's tokens in the four hours from 20:00: 6 GPUs, then 30. */
#define EVENING                                                                                    \
    "hours: [2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, "        \
    "2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 12.5 %, 12.5 %, 12.5 %, "      \
    "12.5 %]"

static const char *const details[] = {"jobs", "fluid"};

/* A fleet of `gpus` h100 from the start, over so many days from 2025-01-01. */
typedef struct street {
    int days, gpus;
    const char *detail; /* and further keys of the demand */
    const char *fleet, *services, *classes, *rest;
} street;

static fc_scenario *load(const street *s)
{
    static const char *const ends[] = {
        [2] = "2025-01-03", [20] = "2025-01-21", [100] = "2025-04-11"};
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: %s}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 TFLOPS}\n"
                   "    npu: {per_server: 8, server_power: 10 kW, bf16_dense: 500 TFLOPS}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n"
                   "%s    demand:\n      detail: %s\n      services:\n%s%s%s%s",
                   ends[s->days], s->gpus, s->fleet ? s->fleet : "", s->detail, s->services,
                   s->classes ? "      classes:\n" : "", s->classes ? s->classes : "",
                   s->rest ? s->rest : "");
    return load_street(&text);
}

static seen see(const street *s)
{
    return see_street(load(s), 0);
}

static double of(const seen *s, int metric, int32_t service)
{
    return outcome(&s->trial, metric, 0, service);
}

/* ---- the need ------------------------------------------------------------------------------- */

/* At half load replicas of 4: three for 6 GPUs, 15 for 30. Fixed: 15 all day. The jobs, without
 * end, have what is left. */
static void test_swing(void **state)
{
    static const char *const scalings[] = {"autoscaled", "fixed"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        char services[600];
        snprintf(services, sizeof services,
                 "        chat: {" TEN ", %s, target_load: 50 %%, replica: 4, scaling: %s}\n",
                 EVENING, scalings[i / 2]);
        street s = {.days = 20, .gpus = 80, .detail = details[i % 2], .services = services};
        seen one = see(&s);
        double held = i / 2 ? 60 : (20 * 12 + 4 * 60) / 24.0;

        assert_close(of(&one, FC_M_service_wanted, 0), held);
        assert_close(of(&one, FC_M_service_held, 0), held);
        assert_close(of(&one, FC_M_service_peak, 0), 60);
        assert_close(of(&one, FC_M_service_load, 0), 10 / held);
        assert_close(of(&one, FC_M_service_served, 0), 20 * 24 * 10);
        assert_close(of(&one, FC_M_service_tokens, 0), 864e6 * 20);
        assert_close(of(&one, FC_M_service_home_share, 0), 1);
        assert_close(of(&one, FC_M_service_unserved, 0), 0);
        assert_close(of(&one, FC_M_allocation, FC_NONE), held / 80);
        assert_close(of(&one, FC_M_utilisation, FC_NONE), 10 / 80.0);
        assert_close(of(&one, FC_M_home_share, FC_NONE), 1);
        forget(&one);
    }
}

/* The evening's replicas serve half an hour late, and stay for three hours: 48 more GPUs of which
 * 18 are needed beside the 12; at the start nothing is late. */
static void test_delays(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        street s = {.days = 2,
                    .gpus = 80,
                    .detail = details[i],
                    .services = "        chat: {" TEN ", " EVENING
                                ", target_load: 50 %, replica: 4, scale_up_delay: 30 minutes, "
                                "scale_down_delay: 3 hours}\n"};
        seen one = see(&s);

        assert_close(of(&one, FC_M_service_wanted, 0), 20);
        assert_close(of(&one, FC_M_service_held, 0) * 48,
                     12 * 20 + 60 * 4 + 60 * 3 + 12 * 17 + 60 * 4);
        assert_close(of(&one, FC_M_service_starting, 0), 2 * 18 * 0.5);
        assert_close(of(&one, FC_M_service_too_few, 0), 0);
        assert_close(of(&one, FC_M_service_unserved, 0), 18);
        assert_close(of(&one, FC_M_unmet_starting, FC_NONE), 18);
        assert_close(of(&one, FC_M_service_home_share, 0), (480 - 18) / 480.0);
        forget(&one);
    }
}

/* Ten hours of a day want 24 GPUs each, every other one from 01:00 on: what is given back after an
 * hour or more is not given back before the night. */
static void test_holds(void **state)
{
    static const double hours[] = {0.75, 1, 1.5, 6};

    (void)state;
    for (int i = 0; i < 4; i++) {
        char services[600];
        snprintf(services, sizeof services,
                 "        chat: {" TEN ", scale_down_delay: %g minutes, hours: [0, 10 %%, 0, 10 "
                 "%%, 0, 10 %%, 0, 10 %%, 0, 10 %%, 0, 10 %%, 0, 10 %%, 0, 10 %%, 0, 10 %%, 0, 10 "
                 "%%, 0, 0, 0, 0]}\n",
                 hours[i] * 60);
        street s = {.days = 2, .gpus = 80, .detail = details[i % 2], .services = services};
        seen one = see(&s);
        double d = hours[i], held = 20 + 18 * fmin(d, 1) + fmin(d, 5) + fmin(d, 4);

        assert_close(of(&one, FC_M_service_held, 0) * 48, 24 * held);
        assert_close(of(&one, FC_M_service_wanted, 0) * 48, 24 * 20);
        assert_close(of(&one, FC_M_service_unserved, 0), 0);
        forget(&one);
    }
}

/* A floor of 20 GPUs is 3 replicas of 8; 10 GPUs at full load are 2. */
static void test_floor(void **state)
{
    street s = {.days = 2,
                .gpus = 80,
                .detail = "fluid",
                .services = "        chat: {" TEN ", replica: 8, at_least: 20}\n"
                            "        code: {" TEN ", replica: 8}\n"};
    seen one = see(&s);

    (void)state;
    assert_close(of(&one, FC_M_service_held, 0), 24);
    assert_close(of(&one, FC_M_service_held, 1), 16);
    forget(&one);
}

/* ---- shortage ------------------------------------------------------------------------------- */

/* 20 wanted at half load, 8 there: they are used fully, and 2 GPUs' worth goes abroad. */
static void test_shortage(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        street s = {.days = 20,
                    .gpus = 8,
                    .detail = details[i],
                    .fleet = "    currency: USD\n",
                    .services = "        chat: {" TEN ", target_load: 50 %, offshore: overflow, "
                                "offshore_price: 3 USD/GPU-h}\n"
                                "        npu: {" TEN ", models: [npu]}\n"};
        seen one = see(&s);

        assert_close(of(&one, FC_M_service_wanted, 0), 20);
        assert_close(of(&one, FC_M_service_peak, 0), 20);
        assert_close(of(&one, FC_M_service_held, 0), 8);
        assert_close(of(&one, FC_M_service_load, 0), 1);
        assert_close(of(&one, FC_M_service_too_few, 0), 2 * 24 * 20);
        assert_close(of(&one, FC_M_service_offshore, 0), 2 * 24 * 20);
        assert_close(of(&one, FC_M_offshore_rent, FC_NONE), 3 * 2 * 24 * 20);
        assert_close(of(&one, FC_M_service_home_share, 0), 0.8);
        /* h100s do not help it, as the other service has them all. */
        assert_close(of(&one, FC_M_service_too_few, 1), 10 * 24 * 20);
        assert_close(of(&one, FC_M_unmet_share, FC_NONE), 12 / 20.0);
        forget(&one);
    }
}

static void test_wrong_model(void **state)
{
    street s = {.days = 20,
                .gpus = 40,
                .detail = "fluid",
                .services = "        npu: {" TEN ", models: [npu]}\n"};
    seen one = see(&s);

    (void)state;
    assert_close(of(&one, FC_M_service_wrong_model, 0), 10 * 24 * 20);
    assert_close(of(&one, FC_M_unmet_wrong_model, FC_NONE), 10 * 24 * 20);
    assert_close(of(&one, FC_M_service_held, 0), 0);
    forget(&one);
}

/* Of 30 GPUs the first listed has its 20 and then 40 of them all, when it is first; but what the
 * second has it does not take. */
static void test_first_come(void **state)
{
    street s = {.days = 20,
                .gpus = 30,
                .detail = "fluid",
                .services = "        a: {users: {2025-01-01: 86.4 mn, 2025-01-11: 259.2 mn}, "
                            "tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s}\n"
                            "        b: {" TEN "}\n"};
    seen one = see(&s);

    (void)state;
    assert_close(of(&one, FC_M_service_held, 0), (10 + 20) / 2.0);
    assert_close(of(&one, FC_M_service_held, 1), 10);
    assert_close(of(&one, FC_M_service_too_few, 0), 10 * 240);
    forget(&one);
}

/* ---- before the jobs ------------------------------------------------------------------------ */

/* Jobs that never end have all 16 GPUs; on 2025-01-11 a service wants 10. By EASY they never fall
 * free; preempting, and in the fluid, it has them at once. */
static void test_priority(void **state)
{
    static const char *const kinds[] = {"jobs\n      policy: easy",
                                        "jobs\n      policy: preemptive", "fluid"};
    static const double helds[] = {0, 5, 5};

    (void)state;
    for (int i = 0; i < 3; i++) {
        street s = {.days = 20,
                    .gpus = 16,
                    .detail = kinds[i],
                    .services = "        chat: {users: {2025-01-01: 0, 2025-01-11: 86.4 mn}, "
                                "tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s}\n",
                    .classes = "        all: {arrivals: 9/h, gpus: 1, duration: 9 years}\n"};
        seen one = see(&s);

        assert_close(of(&one, FC_M_service_held, 0), helds[i]);
        assert_close(of(&one, FC_M_service_too_few, 0), (5 - helds[i]) * 480);
        assert_true(of(&one, FC_M_allocation, FC_NONE) > 0.99);
        forget(&one);
    }
}

/* Jobs of a day each, always enough of them: the service has its GPUs within a day. */
static void test_as_they_fall_free(void **state)
{
    street s = {.days = 20,
                .gpus = 160,
                .detail = "jobs\n      policy: fifo\n      placement: servers",
                .services = "        chat: {users: {2025-01-01: 0, 2025-01-11: 691.2 mn}, "
                            "tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s, "
                            "replica: 16}\n",
                .classes = "        all: {arrivals: 200/day, gpus: 8, duration: 1 days}\n"};
    seen one = see(&s);
    double unmet = of(&one, FC_M_service_too_few, 0);

    (void)state;
    assert_true(unmet > 80 * 1 && unmet < 80 * 24);
    assert_close(of(&one, FC_M_service_unserved, 0), unmet);
    assert_close(of(&one, FC_M_service_served, 0), 80 * 240 - unmet);
    forget(&one);
}

/* Servers fail and come back; what is asked for is held but for the time that takes. */
static void test_failures(void **state)
{
    static const char *const kinds[] = {"jobs", "jobs\n      placement: servers",
                                        "jobs\n      policy: preemptive", "fluid"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        street s = {.days = 100,
                    .gpus = 160,
                    .detail = kinds[i],
                    .fleet = "    upkeep: {failure_rate: 0.05/day, repair_time: {varies: {usual: 2 "
                             "days, bad_1_in_20: 9 days}}}\n",
                    .services =
                        "        chat: {" TEN ", " EVENING ", target_load: 50 %, "
                        "replica: 4, scale_up_delay: 20 minutes}\n"
                        "        code: {" TEN ", replica: 16, scaling: fixed, " EVENING "}\n",
                    .classes = "        all: {arrivals: 30/day, gpus: 8, duration: 5 hours}\n"};
        seen one = see(&s);

        assert_true(of(&one, FC_M_service_home_share, 0) > 0.9);
        assert_true(of(&one, FC_M_service_home_share, 1) > 0.9);
        forget(&one);
    }
}

/* There is always a spare server, but a replica on a new one starts anew. */
static void test_restarts(void **state)
{
    street s = {.days = 100,
                .gpus = 160,
                .detail = "jobs\n      placement: servers",
                .fleet = "    upkeep: {failure_rate: 0.05/day, repair_time: 1 days}\n",
                .services = "        chat: {" TEN ", replica: 8, scale_up_delay: 20 minutes}\n"};
    seen one = see(&s);
    double starting = of(&one, FC_M_service_starting, 0);

    (void)state;
    assert_close(of(&one, FC_M_service_too_few, 0), 0);
    /* Two servers fail 10 times on average, each time 8 GPUs or the other 2 for 20 minutes. */
    assert_true(starting > 3 * 2 / 3.0 && starting < 25 * 8 / 3.0);
    forget(&one);
}

/* ---- efficiency ------------------------------------------------------------------------------ */

/* Half-way inference takes 1/20 of the work. With elasticity e 20^e times the tokens are asked for,
 * and 20^(e - 1) times the GPUs. */
static void test_efficiency(void **state)
{
    static const double elasticities[] = {0, 0.5, 1, 1.2};

    (void)state;
    for (int i = 0; i < 8; i++) {
        double e = elasticities[i / 2], tokens = 1 + pow(20, e), gpus = 1 + pow(20, e - 1);
        char detail[80];
        snprintf(detail, sizeof detail,
                 "%s\n      rebound: %g\n      work_per_result: {inference: 1}", details[i % 2], e);
        street s = {.days = 20,
                    .gpus = 80,
                    .detail = detail,
                    .services = "        chat: {" TEN "}\n",
                    .rest = "shocks:\n  leap: {at: 2025-01-11, scale: "
                            "{fleets.one.demand.work_per_result.inference: 0.05}}\n"};
        seen one = see(&s);

        assert_close(of(&one, FC_M_service_tokens, 0), 864e7 * tokens);
        assert_close(of(&one, FC_M_service_served, 0), 2400 * gpus);
        forget(&one);
    }
}

/* Half-way a GPU generates half as much, and replicas take 16. */
static void test_change(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        street s = {.days = 2,
                    .gpus = 80,
                    .detail = details[i],
                    .services = "        chat: {" TEN ", replica: 1}\n",
                    .rest = "policies:\n  p: {at: 2025-01-02, set: "
                            "{\"fleets.one.demand.services.chat.tokens_per_gpu\": 500 tokens/s, "
                            "\"fleets.one.demand.services.chat.replica\": 16}}\nactive: [p]\n"};
        seen one = see(&s);

        assert_close(of(&one, FC_M_service_held, 0), (10 + 32) / 2.0);
        assert_close(of(&one, FC_M_service_served, 0), 240 + 480);
        forget(&one);
    }
}

/* ---- units ---------------------------------------------------------------------------------- */

static void test_units(void **state)
{
    (void)state;
    for (uint32_t unit = 1; unit <= 16; unit++) {
        for (int size = 1; size <= 40; size++) {
            for (int64_t n = 0; n < 20; n++) {
                uint32_t units = fc_replica_units(n, size, unit);

                assert_true(fc_unit_replicas(units, size, unit) >= n);
                assert_true(n == 0 ? units == 0 : fc_unit_replicas(units - 1, size, unit) < n);
                assert_true((int64_t)units * unit >= n * size);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swing),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_floor),
        cmocka_unit_test(test_shortage),
        cmocka_unit_test(test_wrong_model),
        cmocka_unit_test(test_first_come),
        cmocka_unit_test(test_priority),
        cmocka_unit_test(test_as_they_fall_free),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_restarts),
        cmocka_unit_test(test_efficiency),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
