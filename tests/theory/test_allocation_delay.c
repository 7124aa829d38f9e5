/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The delay ledger's cause `allocation`: announced accelerators that run and that nobody holds yet,
 * where a target counts what is allocated. Worked out by hand; verified after each event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/removal.h"
#include "model/world.h"
#include "street.h"
#include "world_helper.h"

enum { DAYS = 365 };

/* 80 accelerators are ordered on day 0 and run from day 40 on; 80 are announced for 1 February, day
 * 31. `milestone`: what the target counts. */
static fc_scenario *load(const char *milestone, const char *stock, const char *demand)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(
        &text,
        "fleetcast: 1\n"
        "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
        "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: "
        "1000 TFLOPS, price: 1 USD, on_sale: 2024-01-01, lead_time: 40 days}}}\n"
        "fleets:\n"
        "  one:\n"
        "    currency: USD\n"
        "    budgets: {b: {enacted: 2025-01-01, amount: 80 USD}}\n"
        "    sites: {hall: {kind: existing, design_pue: 1.2, phases: {all: {power: 9 MW, "
        "start: 2023-01-01, build: 0 s}}}}\n"
        "%s"
        "    programmes:\n"
        "      state: {pays_from: [b], order: {rule: spend}, mix: {h100: 100 %%}, host: "
        "[hall], install: 0 days, announced: {2025-02-01: 80}}\n"
        "    targets: {t: {by: 2025-12-31, gpus: 60, counted_at: %s}}\n"
        "    demand:\n%s",
        stock, milestone, demand);
    return load_street(&text);
}

static seen see(const char *milestone, const char *stock, const char *demand)
{
    return see_street(load(milestone, stock, demand), 3);
}

static double charged(const seen *s, int cause)
{
    return outcome(&s->trial, FC_M_delay, 0, cause);
}

/* One project has 60 GPUs from day 90 to day 190, 40 from day 282 on. */
#define GRANTS                                                                                     \
    "      calls: {first: {rounds: [2025-03-31], term: 100 days, quota: 60}, second: {rounds: "    \
    "[2025-10-09], term: 900 days, quota: 40}}\n"                                                  \
    "      classes:\n"                                                                             \
    "        a: {access: first, arrivals: 9/day, gpus: 60}\n"                                      \
    "        b: {access: second, arrivals: 9/day, gpus: 40}\n"

/* From day 31 on supply, from day 40 on nobody holds any of the 80, then 20, 80, 40 are free. */
static void test_by_hand(void **state)
{
    seen s = see("allocated", "", GRANTS);

    (void)state;
    assert_close(charged(&s, FC_CAUSE_supply), 80 * 9);
    assert_close(charged(&s, FC_CAUSE_allocation),
                 80 * 50 + 20 * 100 + 80 * 92 + 40.0 * (DAYS - 282));
    assert_close(delay_sum(&s.trial, 0),
                 charged(&s, FC_CAUSE_supply) + charged(&s, FC_CAUSE_allocation));
    forget(&s);
    s = see("in_service", "", GRANTS); /* where no target asks for it, it is no delay */
    assert_close(delay_sum(&s.trial, 0), 80 * 9);
    forget(&s);
}

/* Stock of as many: of what the programme has running half of what is granted is its own. */
static void test_part(void **state)
{
    seen s =
        see("allocated", "    stock: {old: {model: h100, count: 80, since: 2024-01-01}}\n", GRANTS);

    (void)state;
    assert_close(charged(&s, FC_CAUSE_allocation),
                 80 * 50 + 50 * 100 + 80 * 92 + 60.0 * (DAYS - 282));
    forget(&s);
}

/* More is granted than the programme has: of 160 that run 120, so 60 of its 80. */
static void test_more_than_its_own(void **state)
{
    seen s = see("allocated", "    stock: {old: {model: h100, count: 80, since: 2024-01-01}}\n",
                 "      calls: {open: {rounds: [2025-03-31], term: 900 days}}\n"
                 "      classes: {a: {access: open, arrivals: 9/day, gpus: 120}}\n");

    (void)state;
    assert_close(charged(&s, FC_CAUSE_allocation), 80 * 50 + 20.0 * (DAYS - 90));
    forget(&s);
}

/* Without it all that runs is allocated: the target is reached when the accelerators run. */
static void test_without(void **state)
{
    fc_scenario *scenario = load("allocated", "", GRANTS);
    fc_plan plan = *scenario->plan;
    trial with = trial_of(scenario->plan, 0), without;

    (void)state;
    assert_non_null(fc_removals[FC_CAUSE_allocation].en);
    plan.without = UINT32_C(1) << FC_CAUSE_allocation;
    without = trial_of(&plan, 0);
    assert_close(outcome(&without, FC_M_delay, 0, FC_CAUSE_allocation), 0);
    assert_close(outcome(&without, FC_M_delay, 0, FC_CAUSE_supply), 80 * 9);
    assert_close(outcome(&with, FC_M_reached_allocated, 0, 0) -
                     outcome(&without, FC_M_reached_allocated, 0, 0),
                 90 - 40);
    trial_end(&with);
    trial_end(&without);
    fc_scenario_free(scenario);
}

/* Jobs that queue hold 40 at every moment, once they have come: of a month the mean of the one
 * before counts. Servers fail, and all adds up after each event. */
static void test_jobs(void **state)
{
    seen s = see("allocated",
                 "    upkeep: {failure_rate: 0.02/day, repair_time: 5 days}\n"
                 "    stock: {old: {model: h100, count: 40, since: 2024-01-01}}\n",
                 "      detail: jobs\n"
                 "      classes: {a: {arrivals: 40/day, gpus: 1, duration: 1 days}}\n");
    double running = 80.0 * (DAYS - 40) - charged(&s, FC_CAUSE_repair);

    (void)state;
    assert_true(charged(&s, FC_CAUSE_repair) > 0);
    /* A third of about 120 is held; the 80 are unallocated to two thirds. */
    assert_true(fabs(charged(&s, FC_CAUSE_allocation) / (running * 2 / 3) - 1) < 0.1);
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_more_than_its_own),
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_jobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
