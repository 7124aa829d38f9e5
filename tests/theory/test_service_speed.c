/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inference services on models that differ in speed, and weeks of unlike days, worked out by hand.
 * Nothing here is random but where failures strike.
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

/* 2025-01-01, a Wednesday, to 2025-01-29: four weeks. */
enum { DAYS = 28 };
static const char *const details[] = {"jobs", "fluid"};

/* 10,000 tokens a second on average, of which a GPU generates 1,000: 10 GPUs fully used. */
#define TEN "users: 86.4 mn, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s"
/* Half of the day's tokens in the four hours from 20:00: 6 GPUs, then 30. */
#define EVENING                                                                                    \
    "hours: [2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, "        \
    "2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 12.5 %, 12.5 %, 12.5 %, "      \
    "12.5 %]"
/* 16 of 100 on each working day, 10 on each day of the weekend. */
#define WORKING "weekdays: [16 %, 16 %, 16 %, 16 %, 16 %, 10 %, 10 %]"

/* `stock`: the fleet's accelerators; npu and fast differ from the h100 in speed only. */
static seen see(const char *stock, const char *fleet, const char *detail, const char *services)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2025-01-29}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 8 kW, bf16_dense: 1000 TFLOPS}\n"
                   "    npu: {per_server: 8, server_power: 8 kW, bf16_dense: 500 TFLOPS}\n"
                   "    fast: {per_server: 8, server_power: 8 kW, bf16_dense: 2000 TFLOPS}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock: {%s}\n%s"
                   "    demand:\n      detail: %s\n      services:\n%s",
                   stock, fleet, detail, services);
    return see_street(load_street(&text), 0);
}

static double of(const seen *s, int metric, int32_t service)
{
    return outcome(&s->trial, metric, 0, service);
}

#define H100(n) "a: {model: h100, count: " #n ", since: 2024-01-01}"
#define NPU(n) "b: {model: npu, count: " #n ", since: 2024-01-01}"
#define FAST(n) "c: {model: fast, count: " #n ", since: 2024-01-01}"

/* ---- the week ------------------------------------------------------------------------------- */

/* 11.2 GPUs on a working day, 7 on the weekend; replicas of 4. */
static void test_weekdays(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        seen s =
            see(H100(40), "", details[i], "        chat: {" TEN ", " WORKING ", replica: 4}\n");

        assert_close(of(&s, FC_M_service_served, 0), 24 * 10.0 * DAYS);
        assert_close(of(&s, FC_M_service_tokens, 0), 864e6 * DAYS);
        assert_close(of(&s, FC_M_service_held, 0), (5 * 12 + 2 * 8) / 7.0);
        assert_close(of(&s, FC_M_service_peak, 0), 12);
        forget(&s);
    }
}

/* Friday 3 January and the Saturday after it: 30 and 20 of 100 of a week, where there are 8 GPUs
 * for 21 and 14. */
static void test_which_weekday(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        seen s = see(H100(8), "", details[i],
                     "        chat: {users: {2025-01-01: 0, 2025-01-03: 86.4 mn, 2025-01-05: 0}, "
                     "tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s, weekdays: [0, "
                     "0, 0, 10 %, 30 %, 20 %, 40 %]}\n");

        assert_close(of(&s, FC_M_service_served, 0), 2 * 24 * 8);
        assert_close(of(&s, FC_M_service_unserved, 0), 24 * (13 + 6));
        assert_close(of(&s, FC_M_service_tokens, 0), 864e6 / 10 * 2 * 8);
        assert_close(of(&s, FC_M_service_peak, 0), 21);
        forget(&s);
    }
}

/* Fixed: the peak of each day is kept all of it, 33.6 and 21 GPUs. Of 8 GPUs the evenings alone
 * want more, as 6 x 1.12 is less. */
static void test_weekdays_and_hours(void **state)
{
    (void)state;
    seen s = see(H100(40), "", "fluid",
                 "        chat: {" TEN ", " WORKING ", " EVENING ", scaling: fixed}\n");
    assert_close(of(&s, FC_M_service_held, 0), (5 * 34 + 2 * 21) / 7.0);
    assert_close(of(&s, FC_M_service_served, 0), 24 * 10.0 * DAYS);
    forget(&s);
    s = see(H100(8), "", "fluid", "        chat: {" TEN ", " WORKING ", " EVENING "}\n");
    assert_close(of(&s, FC_M_service_unserved, 0), 4 * (20 * (33.6 - 8) + 8 * (21 - 8)));
    forget(&s);
}

/* ---- speeds --------------------------------------------------------------------------------- */

/* One number for all is the same as a speed of 1; 20 slow ones do what 10 do. */
static void test_one_model(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        seen s = see(NPU(40), "    electricity: {load_from: demand}\n", details[i],
                     "        chat: {" TEN ", relative_speed: {npu: 0.5}, target_load: 50 %}\n");

        assert_close(of(&s, FC_M_service_wanted, 0), 20);
        assert_close(of(&s, FC_M_service_given, 0), 20);
        assert_close(of(&s, FC_M_service_held, 0), 40);
        assert_close(of(&s, FC_M_service_load, 0), 0.5);
        assert_close(of(&s, FC_M_utilisation, FC_NONE), 0.5);
        assert_close(of(&s, FC_M_service_served, 0), 240 * DAYS);
        assert_close(of(&s, FC_M_energy_load, 0), 20 * 24 * DAYS); /* 1 kW a GPU */
        forget(&s);
    }
}

/* Of models in the catalogue's order: 8 h100, then 8 npu at a quarter, so that no fast one is
 * needed; without them two of speed 2.5. Replicas are of 4. */
static void test_mixed(void **state)
{
    static const char services[] =
        "        chat: {" TEN ", replica: 4, relative_speed: {npu: 0.25, fast: 2.5}}\n";

    (void)state;
    for (int i = 0; i < 2; i++) {
        seen s = see(H100(8) ", " NPU(16) ", " FAST(8), "", details[i], services);

        assert_close(of(&s, FC_M_service_wanted, 0), 10);
        assert_close(of(&s, FC_M_service_given, 0), 10);
        assert_close(of(&s, FC_M_service_held, 0), 16);
        assert_close(of(&s, FC_M_service_load, 0), 1);
        forget(&s);
        s = see(H100(8) ", " FAST(8), "", details[i], services);
        assert_close(of(&s, FC_M_service_held, 0), 12);
        assert_close(of(&s, FC_M_service_given, 0), 10);
        assert_close(of(&s, FC_M_service_load, 0), 10 / 18.0);
        forget(&s);
    }
}

/* A floor of 30 GPUs of speed 1 is 60 of half of it; load at home is at most full. */
static void test_floor(void **state)
{
    seen s = see(NPU(80), "", "fluid",
                 "        chat: {" TEN ", relative_speed: {npu: 0.5}, at_least: 30}\n");

    (void)state;
    assert_close(of(&s, FC_M_service_held, 0), 60);
    assert_close(of(&s, FC_M_service_load, 0), 1 / 3.0);
    forget(&s);
}

/* 8 npu at a quarter do the work of 2: 8 are missing, and 8 h100 that it cannot run on would do. */
static void test_short(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        seen s =
            see(H100(8) ", " NPU(8), "    currency: USD\n", details[i],
                "        chat: {" TEN ", models: [npu], relative_speed: {npu: 0.25}, offshore: "
                "overflow, offshore_price: 3 USD/GPU-h}\n");

        assert_close(of(&s, FC_M_service_served, 0), 2 * 24 * DAYS);
        assert_close(of(&s, FC_M_service_wrong_model, 0), 8 * 24 * DAYS);
        assert_close(of(&s, FC_M_service_home_share, 0), 0.2);
        assert_close(of(&s, FC_M_offshore_rent, FC_NONE), 3 * 8 * 24 * DAYS);
        assert_close(of(&s, FC_M_service_load, 0), 1);
        assert_close(of(&s, FC_M_utilisation, FC_NONE), 0.5);
        forget(&s);
    }
}

/* A speed that is not known is drawn once a replication: wanted x 1 / speed are held. */
static void test_unknown(void **state)
{
    seen s = see(NPU(200), "", "fluid",
                 "        chat: {" TEN ", relative_speed: {npu: {unknown: {one_of: {0.1: 50 %, "
                 "0.2: 50 %}}}}}\n");
    double held[2] = {of(&s, FC_M_service_held, 0)};

    (void)state;
    for (uint32_t r = 1; r < 20; r++) {
        assert_int_equal(trial_run(&s.trial, r), FC_OK);
        double n = of(&s, FC_M_service_held, 0);
        if (n != held[0]) held[1] = n;
    }
    assert_close(fmin(held[0], held[1]), 50);
    assert_close(fmax(held[0], held[1]), 100);
    forget(&s);
}

/* Servers of three speeds fail and come back; all is verified after each event. */
static void test_failures(void **state)
{
    static const char *const kinds[] = {"jobs", "jobs\n      placement: servers",
                                        "jobs\n      policy: preemptive", "fluid"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        seen s =
            see(H100(16) ", " NPU(160) ", " FAST(16),
                "    upkeep: {failure_rate: 0.05/day, repair_time: {varies: {usual: 2 days, "
                "bad_1_in_20: 9 days}}}\n",
                kinds[i],
                "        chat: {" TEN ", " EVENING ", " WORKING ", target_load: 50 %, replica: "
                "4, scale_up_delay: 20 minutes, relative_speed: {npu: 0.3, fast: 2.2}}\n"
                "        code: {" TEN ", replica: 16, relative_speed: {fast: 3}}\n");

        assert_true(of(&s, FC_M_service_home_share, 0) > 0.9);
        assert_true(of(&s, FC_M_service_home_share, 1) > 0.9);
        assert_true(of(&s, FC_M_service_load, 0) > 0.05 && of(&s, FC_M_service_load, 0) < 1);
        forget(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekdays),      cmocka_unit_test(test_weekdays_and_hours),
        cmocka_unit_test(test_which_weekday), cmocka_unit_test(test_floor),
        cmocka_unit_test(test_one_model),     cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_short),         cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
