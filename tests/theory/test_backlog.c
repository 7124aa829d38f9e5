/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits as the horizon ends, and what was killed: neither served nor left unserved. Seeds are
 * fixed. Jobs that came have a standard deviation of sqrt(n); what is compared with their mean may
 * be five of these off, which fresh seeds would miss once in a million times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/world.h"
#include "street.h"

enum { GPUS = 64, DAYS = 365 };

/* `demand`: keys of the fleet's demand. */
static seen see(const char *demand)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: 2026-01-01}\n"
                   "world: {accelerators: {h100: {per_server: 8, server_power: 10 kW, "
                   "bf16_dense: 1000 TFLOPS}}}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock: {old: {model: h100, count: %d, since: 2024-01-01}}\n"
                   "    demand:\n%s",
                   GPUS, demand);
    return see_street(load_street(&text), 1);
}

static double of_class(const seen *s, int metric)
{
    return outcome(&s->trial, metric, 0, 0);
}

static double of_fleet(const seen *s, int metric)
{
    return outcome(&s->trial, metric, 0, FC_NONE);
}

static bool is_observed(const seen *s, int metric)
{
    const fc_plan *plan = s->scenario->plan;

    for (uint32_t i = 0; i < plan->n_outcomes; i++)
        if (plan->outcomes[i].metric == metric) return true;
    return false;
}

/* 160 jobs a day, of which 64 GPUs do 128: who comes at u starts at 1.25 u. */
#define FIVE_FOR_FOUR                                                                              \
    "      policy: fifo\n"                                                                         \
    "      classes: {u: {arrivals: 160/day, gpus: 1, duration: 12 hours}}\n"

/* Of all, the median comes in the middle of the year and waits a quarter of that, 1095 h, and a
 * fifth never start; of those that start it is 876 h. GPU-hours: all that came are served, wait, or
 * are what is left of the 64 that run. */
static void test_jobs(void **state)
{
    seen s = see("      detail: jobs\n" FIVE_FOR_FOUR);
    double came = of_class(&s, FC_M_class_arrivals), waiting = of_class(&s, FC_M_class_waiting);
    double backlog = of_class(&s, FC_M_class_backlog), off = 5 * sqrt(160. * DAYS);
    double rest = came * 12 - of_class(&s, FC_M_class_served) - backlog;

    (void)state;
    assert_near(waiting, 32. * DAYS, off);
    assert_close(backlog, waiting * 12);
    assert_true(rest > 0 && rest < GPUS * 12);
    assert_close(of_fleet(&s, FC_M_backlog), backlog);
    assert_near(of_fleet(&s, FC_M_backlog_share), 0.2, 0.01);
    assert_true(of_fleet(&s, FC_M_unmet_share) == 0);
    /* A wait is off by as much as those that came before: 12 h / 64 each. */
    assert_near(of_class(&s, FC_M_wait_all_p50), 1095, off * 12 / GPUS);
    assert_near(of_class(&s, FC_M_wait_p50), 876, off * 12 / GPUS);
    assert_true(isfinite(of_class(&s, FC_M_wait_p95)));
    assert_true(isnan(of_class(&s, FC_M_wait_all_p95)) && isnan(of_class(&s, FC_M_wait_all_p99)));
    assert_false(is_observed(&s, FC_M_class_killed) || is_observed(&s, FC_M_killed_share));
    forget(&s);
}

/* The same as a flow, exactly: half a duration is left of those that run. */
static void test_flow(void **state)
{
    seen s = see("      detail: fluid\n" FIVE_FOR_FOUR);
    double came = 160. * DAYS, backlog = of_class(&s, FC_M_class_backlog);

    (void)state;
    assert_relative(came * 12 - of_class(&s, FC_M_class_served) - backlog, GPUS * 6, 1e-6);
    assert_close(of_class(&s, FC_M_class_waiting), backlog / 12);
    assert_near(of_class(&s, FC_M_class_waiting), 32. * DAYS, 64);
    assert_close(of_fleet(&s, FC_M_backlog), backlog);
    forget(&s);
    s = see("      detail: fluid\n"
            "      classes: {u: {arrivals: 100/day, gpus: 1, duration: 12 hours}}\n");
    assert_true(of_class(&s, FC_M_class_waiting) == 0 && of_fleet(&s, FC_M_backlog_share) == 0);
    forget(&s);
}

/* GPU-hours that leave in the flow, whose steps are of a day as nothing in it has hours: 6,400 jobs
 * of an hour come a day to 64 GPUs, so that e = 6400 / 24 - 64 of them an hour are too many. With
 * mean patience P there wait Q = e P (1 - exp(-t / P)), and the others that came too many have
 * left. */
static void test_patience(void **state)
{
    static const double patience[] = {1. / 6, 1, 30, 240}; /* hours */
    const double e = 6400. / 24 - GPUS, hours = 24. * DAYS;

    (void)state;
    for (int i = 0; i < 4; i++) {
        double p = patience[i], waits = e * p * -expm1(-hours / p);
        fc_text demand = FC_TEXT_EMPTY;

        fc_text_printf(&demand,
                       "      detail: fluid\n"
                       "      classes: {u: {arrivals: 6400/day, gpus: 1, duration: 1 hours, "
                       "patience: %.17g hours}}\n",
                       p);
        seen s = see(demand.data);
        assert_relative(of_class(&s, FC_M_class_backlog), waits, 1e-3);
        assert_relative(of_class(&s, FC_M_class_abandoned), e * hours - waits, 1e-3);
        forget(&s);
        fc_text_free(&demand);
    }
}

/* When nobody comes any more, those that wait are served at 64 an hour and leave as before, until
 * none are left after P ln(1 + Q / (64 P)) hours. */
static void test_patience_while_it_drains(void **state)
{
    const double e = 6400. / 24 - GPUS, p = 240, hours = 24. * 31, q = e * p * -expm1(-hours / p);
    double drained = p * log1p(q / (GPUS * p));
    seen s =
        see("      detail: fluid\n"
            "      classes: {u: {arrivals: {2025-01-01: 6400/day, 2025-02-01: 0/day}, gpus: 1, "
            "duration: 1 hours, patience: 10 days}}\n");

    (void)state;
    assert_true(of_class(&s, FC_M_class_backlog) == 0);
    assert_relative(of_class(&s, FC_M_class_abandoned), e * hours - GPUS * drained, 2e-3);
    forget(&s);
}

/* So great a load is simulated in full: what windows tell is what jobs tell. */
static void test_windows(void **state)
{
    static const int same[] = {FC_M_class_waiting, FC_M_class_backlog, FC_M_class_killed};
    static const char demand[] =
        "      overrun: kill\n"
        "      classes: {u: {arrivals: 160/day, gpus: 1, duration: 16 hours, estimate: {varies: "
        "{one_of: {0.5: 50 %, 2: 50 %}}}}}\n";
    fc_text jobs = FC_TEXT_EMPTY, windows = FC_TEXT_EMPTY;

    (void)state;
    fc_text_printf(&jobs, "      detail: jobs\n%s", demand);
    fc_text_printf(&windows, "      detail: windows\n%s", demand);
    seen one = see(jobs.data), other = see(windows.data);
    for (int i = 0; i < 3; i++) {
        assert_true(of_class(&one, same[i]) > 0);
        assert_close(of_class(&other, same[i]), of_class(&one, same[i]));
    }
    assert_close(of_class(&other, FC_M_wait_all_p50), of_class(&one, FC_M_wait_all_p50));
    assert_true(isnan(of_class(&other, FC_M_wait_all_p99)));
    forget(&one);
    forget(&other);
    fc_text_free(&jobs);
    fc_text_free(&windows);
}

/* Every other job is killed after half of its 12 hours on 8 GPUs. */
static void test_killed(void **state)
{
    seen s = see("      detail: jobs\n"
                 "      overrun: kill\n"
                 "      classes: {u: {arrivals: 5/day, gpus: 8, duration: 12 hours, estimate: "
                 "{varies: {one_of: {0.5: 50 %, 2: 50 %}}}}}\n");
    double came = of_class(&s, FC_M_class_arrivals), killed = of_class(&s, FC_M_class_killed);

    (void)state;
    assert_near(killed, came / 2, 2.5 * sqrt(came));
    assert_close(of_class(&s, FC_M_class_lost), killed * 8 * 6);
    assert_close(of_fleet(&s, FC_M_killed_share), killed / came);
    assert_true(of_fleet(&s, FC_M_unmet_share) == 0);
    forget(&s);
}

/* What a job that was stopped has saved is not waited for: of 100 s it has held its GPUs for 60 and
 * lost 20 of these. */
static void test_stopped(void **state)
{
    const fc_job job = {.gpus = 4, .duration = 100};
    fc_class_rest rest = {0};

    (void)state;
    fc_count_rest(&rest,
                  &(fc_job_result){
                      .job = &job, .status = FC_JOB_SUSPENDED, .start = 0, .held = 60, .lost = 20});
    assert_true(rest.waiting == 1 && rest.running == 0 && rest.backlog == 4 * 60);
    fc_count_rest(&rest, &(fc_job_result){.job = &job, .status = FC_JOB_WAITING, .start = NAN});
    assert_true(rest.waiting == 2 && rest.backlog == 4 * 160);
    fc_count_rest(&rest, &(fc_job_result){.job = &job, .status = FC_JOB_RUNNING, .held = 7});
    assert_true(rest.waiting == 2 && rest.running == 1 && rest.backlog == 4 * 160);
}

/* Nobody is granted anything, and who applied in the last 40 days waits: 30 GPUs, half of the time,
 * for 100 days each. */
static void test_projects(void **state)
{
    seen s = see("      calls: {open: {closes: 2025-01-30, every: 30 days, review: 0 days, "
                 "term: 100 days, quota: 0}}\n"
                 "      classes: {all: {access: open, arrivals: 20/day, gpus: 30, use: 50 %, "
                 "patience: 40 days}}\n");
    double waiting = of_class(&s, FC_M_class_waiting);

    (void)state;
    assert_near(waiting, 20 * 40, 5 * sqrt(20 * 40));
    assert_close(of_class(&s, FC_M_class_backlog), waiting * 30 * 100 * 24 * 0.5);
    assert_close(waiting + of_class(&s, FC_M_projects_left), of_class(&s, FC_M_class_arrivals));
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jobs),     cmocka_unit_test(test_flow),
        cmocka_unit_test(test_windows),  cmocka_unit_test(test_killed),
        cmocka_unit_test(test_stopped),  cmocka_unit_test(test_projects),
        cmocka_unit_test(test_patience), cmocka_unit_test(test_patience_while_it_drains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
