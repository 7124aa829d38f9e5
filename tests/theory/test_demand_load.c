/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Electricity whose load is what demand uses (electricity.load_from: demand), worked out by hand.
 * Everything is verified after each event. Seeds are fixed, and nothing here depends on them but
 * where jobs are told apart; there energy is compared with what those jobs held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "kernel/date.h"
#include "model/world.h"
#include "street.h"
#include "world_helper.h"

/* Ten servers of 2 kW idle and 10 kW at their peak: 8 kW each follow the load. */
enum { GPUS = 80, DAYS = 100 };
static const double DYNAMIC = 80, IDLE = 20; /* kW */

/* 10,000 tokens a second on average, of which a GPU generates 1,000: 10 GPUs fully used; half of
 * the day's tokens in the four hours from 20:00: 6 GPUs, then 30. */
#define TOKENS "users: 86.4 mn, tokens_per_user: 10 tokens/day, tokens_per_gpu: 1000 tokens/s"
#define EVENING                                                                                    \
    "2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, "  \
    "2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 2.5 %, 12.5 %, 12.5 %, 12.5 %, 12.5 %"

/* 100 days from 2025-01-01. `fleet`: keys of the fleet; `rest`: shocks. */
static seen see(const char *fleet, const char *demand, const char *rest)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2025-04-11}\n"
                   "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, "
                   "idle_power: 2 kW, bf16_dense: 1000 TFLOPS}}}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01, site: hall}}\n"
                   "    sites: {hall: {kind: existing, design_pue: 1.5, electricity: {pue: 1.5}, "
                   "phases: {all: {power: 1 MW, "
                   "start: 2023-01-01, build: 0 s}}}}\n"
                   "    electricity: {load_from: demand}\n"
                   "%s    demand:\n%s%s",
                   GPUS, fleet, demand, rest);
    return see_street(load_street(&text), 3);
}

static double of(const seen *s, int metric)
{
    return outcome(&s->trial, metric, 0, 0);
}

/* kWh above idle for so many GPU-hours in use, and idle all the time. */
static void assert_energy(const seen *s, double used, double within)
{
    double load = DYNAMIC / GPUS * used, idle = IDLE * 24 * DAYS;

    assert_relative(of(s, FC_M_energy_load), load, within);
    assert_relative(of(s, FC_M_energy_idle), idle, 1e-9);
    assert_relative(of(s, FC_M_energy_overhead), (load + idle) / 2, within);
    assert_relative(of(s, FC_M_energy), (load + idle) * 1.5, within);
}

/* ---- by hand ------------------------------------------------------------------------------- */

/* 40 of 80 GPUs are wanted; jobs of 10 hours, of which 5 are left on average, begin with none:
 * 40 (T - 5 (1 - exp(-T / 5))). */
static void test_flow(void **state)
{
    static const char demand[] =
        "      detail: fluid\n"
        "      classes: {a: {arrivals: 4/hour, gpus: 1, duration: 10 hours%s}}\n";
    double hours = 24.0 * DAYS, held = 40 * (hours - 5 * (1 - exp(-hours / 5)));

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(&text, demand, i == 0 ? "" : ", load: 30 %");
        seen s = see("", text.data, "");
        assert_energy(&s, i == 0 ? held : 0.3 * held, 1e-6);
        forget(&s);
        fc_text_free(&text);
    }
}

/* Hour by hour: the month's peak is the evening's. */
static void test_services(void **state)
{
    static const char *const details[] = {"jobs", "fluid"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(&text,
                       "      detail: %s\n"
                       "      services: {chat: {" TOKENS ", hours: [%s], target_load: 50 %%}}\n",
                       details[i], EVENING);
        seen s = see("", text.data, "");
        assert_energy(&s, DAYS * (20 * 6 + 4 * 30), 1e-6);
        assert_relative(of(&s, FC_M_peak_power), 1e3 * 1.5 * (IDLE + DYNAMIC * 30 / GPUS), 1e-9);
        forget(&s);
        fc_text_free(&text);
    }
}

/* Half of the users leave on 31 March, day 89; cooling is better from 1 April, day 90, on: the last
 * hour's load still holds as that month begins. */
static void test_shocks(void **state)
{
    seen s = see("", "      services: {chat: {" TOKENS ", hours: [" EVENING "]}}\n",
                 "shocks:\n"
                 "  fewer: {at: 2025-03-31, scale: {fleets.one.demand.services.chat.users: 0.5}}\n"
                 "  cooler: {at: 2025-04-01, set: {fleets.one.sites.hall.electricity.pue: 1.2}}\n");
    double day = DYNAMIC / GPUS * 240, idle = 24 * IDLE;

    (void)state;
    assert_relative(of(&s, FC_M_energy_load), 89 * day + 11 * day / 2, 1e-6);
    assert_relative(of(&s, FC_M_energy_overhead),
                    89 * (day + idle) * 0.5 + (day / 2 + idle) * 0.5 + 10 * (day / 2 + idle) * 0.2,
                    1e-6);
    assert_relative(series(&s.trial, FC_M_facility_power, 0, 2),
                    1e3 * 1.2 * (IDLE + DYNAMIC * 15 / GPUS), 1e-9);
    forget(&s);
}

/* From days 30, 60 and 90 on a project has all GPUs for 10.25 days, or until 5 days later it is
 * found to use too little: half of them, at a load of 80 %. */
static void test_grants(void **state)
{
    static const char call[] =
        "      calls: {open: {closes: 2025-01-30, every: 30 days, term: %s}}\n"
        "      classes: {all: {access: open, arrivals: 30/day, gpus: 80, use: 50 %%, load: 80 %%}}"
        "\n";
    fc_text text = FC_TEXT_EMPTY;

    (void)state;
    fc_text_printf(&text, call, "246 hours");
    seen s = see("", text.data, "");
    assert_energy(&s, (2 * 246 + 240) * 80 * 0.5 * 0.8, 1e-6);
    assert_relative(of(&s, FC_M_peak_power), 1e3 * 1.5 * (IDLE + DYNAMIC * 0.4), 1e-9);
    forget(&s);
    fc_text_clear(&text);
    fc_text_printf(&text, call, "246 hours, reclaim: {every: 5 days, below: 60 %}");
    s = see("", text.data, "");
    assert_energy(&s, (5 + 5 + 5) * 24.0 * 80 * 0.5 * 0.8, 1e-6);
    forget(&s);
    fc_text_free(&text);
}

/* ---- against what jobs held ---------------------------------------------------------------- */

static void assert_as_used(const seen *s, double within)
{
    const fc_demand_state *d = &s->trial.world->demands[0];
    double running = fc_level_integral(&d->running_gpus, DAYS * FC_DAY) / FC_HOUR;
    double used = outcome(&s->trial, FC_M_utilisation, 0, FC_NONE) * running;

    assert_true(used > 10 * 24 * DAYS);
    assert_relative(of(s, FC_M_energy_load), DYNAMIC / GPUS * used, within);
}

#define FAILURES                                                                                   \
    "    upkeep: {failure_rate: 0.05/day, repair_time: {varies: {usual: 2 days, bad_1_in_20: 9 "   \
    "days}}}\n"

/* However servers fail and jobs are stopped: the utilisation says what is in use. */
static void test_jobs(void **state)
{
    static const char *const kinds[] = {
        "jobs", "jobs\n      placement: servers\n      policy: preemptive", "fluid"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(&text,
                       "      detail: %s\n      services: {chat: {" TOKENS
                       ", hours: [%s], replica: 4}}\n"
                       "      classes:\n"
                       "        a: {arrivals: 10/day, gpus: 8, duration: 5 hours, load: 30 %%}\n"
                       "        b: {arrivals: 6/day, gpus: 3, duration: 30 hours, load: 80 %%}\n",
                       kinds[i], EVENING);
        seen s = see(FAILURES, text.data, "");
        assert_as_used(&s, 1e-6);
        forget(&s);
        fc_text_free(&text);
    }
}

/* Grants whose jobs come one by one, beside a pool in which others queue. */
static void test_jobs_on_grants(void **state)
{
    static const char *const details[] = {"jobs", "fluid"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(
            &text,
            "      detail: %s\n"
            "      pools: {given: {share: 50 %%}, queue: {share: 50 %%}}\n"
            "      calls: {open: {pool: given, closes: 2025-01-10, every: 10 days, term: {varies: "
            "{low: 5 days, likely: 9 days, high: 30 days}}, reclaim: {every: 6 days, below: 50 "
            "%%}}}\n"
            "      classes:\n"
            "        on: {access: open, arrivals: 2/day, gpus: 8, load: 60 %%, jobs: {arrivals: "
            "20/day, gpus: 2, duration: 7 hours}}\n"
            "        use: {access: open, arrivals: 1/day, gpus: 6, use: {varies: {low: 20 %%, "
            "likely: 60 %%, high: 100 %%}}}\n"
            "        b: {pool: queue, arrivals: 6/day, gpus: 3, duration: 30 hours, load: 80 %%}\n",
            details[i]);
        seen s = see(FAILURES, text.data, "");
        assert_as_used(&s, 1e-6);
        forget(&s);
        fc_text_free(&text);
    }
}

/* What jobs hold where there are windows, and the flow elsewhere, is what is held of a month. */
static void test_windows(void **state)
{
    seen s = see(FAILURES,
                 "      detail: windows\n"
                 "      windows: {length: 7 days}\n"
                 "      classes:\n"
                 "        a: {arrivals: 5/day, gpus: 8, duration: 5 hours}\n"
                 "        b: {arrivals: 6/day, gpus: 1, duration: 20 hours, patience: 1 days}\n",
                 "");
    double held = fc_demand_held(s.trial.world, 0) / FC_HOUR;

    (void)state;
    assert_true(held > 10 * 24 * DAYS);
    assert_relative(held / 24 / DAYS, 5 * 8 * 5 / 24.0 + 6 * 20 / 24.0, 0.05);
    assert_relative(of(&s, FC_M_energy_load), DYNAMIC / GPUS * held, 1e-6);
    forget(&s);
}

/* A load that nobody makes. */
static void test_nobody(void **state)
{
    seen s = see("", "      classes: {a: {arrivals: 0/day, gpus: 1, duration: 1 hours}}\n", "");

    (void)state;
    assert_energy(&s, 0, 1e-9);
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flow),    cmocka_unit_test(test_services),
        cmocka_unit_test(test_shocks),  cmocka_unit_test(test_grants),
        cmocka_unit_test(test_jobs),    cmocka_unit_test(test_jobs_on_grants),
        cmocka_unit_test(test_windows), cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
