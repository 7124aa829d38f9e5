/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What sampled windows tell, against what is known exactly: how many jobs there were, what became
 * of them, which stretches are simulated in full and what goes with a window from before it. Seeds
 * are fixed; bounds are four standard errors or more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "demand_street.h"
#include "kernel/histogram.h"
#include "model/demand_windows.h"
#include "model/world.h"
#include "share.h"
#include "world_helper.h"

enum { DAYS = 365 };

/* Jobs in a class's histogram, by their weights; *without_end: of those that wait at the end. */
static double told(const trial *t, int class, int which, double *without_end)
{
    const fc_bytes *bytes = &t->record.waits[FC_WAITS_A_CLASS * class + which];
    fc_histogram h = FC_HISTOGRAM_EMPTY;
    double n = 0;

    assert_int_equal(fc_histogram_read(&h, bytes->data, bytes->length), FC_OK);
    n = (double)fc_histogram_count(&h) / FC_WINDOW_COUNTS;
    if (without_end != NULL) *without_end = (double)h.beyond / FC_WINDOW_COUNTS;
    fc_histogram_free(&h);
    return n;
}

static const fc_pool_sample *sample_in(const seen *s)
{
    return s->trial.world->demands[0].pools[0].sample;
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* Jobs that arrive in windows stand for all that come, and no others do: 400 a day that start at
 * once, 100 that want more GPUs than there are and leave after an hour, 20 that wait for these for
 * ever. Of n a day the 112 days of windows have a standard error of 1 / sqrt(112 n): 0.5, 0.9 and
 * 2.1 %. Those that leave want 5 GPU-hours each, abroad at 2 dollars, for want of GPUs. */
static void test_every_job_is_told_of(void **state)
{
    const demand_street s = {
        .gpus = 256,
        .fleet = "    currency: USD\n",
        .demand = "      detail: windows\n"
                  "      classes:\n"
                  "        run: {arrivals: 400/day, gpus: 1, duration: 3 hours}\n"
                  "        go: {arrivals: 100/day, gpus: 300, duration: 1 minutes, patience: 1 "
                  "hours, offshore: at_patience, offshore_price: 2 USD/GPU-h}\n"
                  "        stay: {arrivals: 20/day, gpus: 300, duration: 1 minutes}\n"};
    seen one = see_demand(&s, 0);
    double run = told(&one.trial, 0, FC_WAITS_STARTED, NULL), waiting = 0;
    double gone = told(&one.trial, 1, FC_WAITS_GONE, NULL);
    double offshore = of_class(&one, FC_M_class_offshore, 1);

    (void)state;
    assert_near(run / (400 * DAYS), 1, 0.02);
    assert_near(told(&one.trial, 0, FC_WAITS_SLOWDOWN, NULL), run, 1e-9 * run);
    assert_near(gone / (100 * DAYS), 1, 0.038);
    double stay = told(&one.trial, 2, FC_WAITS_GONE, &waiting);
    assert_near(stay, waiting, 0);
    assert_near(waiting / (20 * DAYS), 1, 0.085);
    assert_near(of_class(&one, FC_M_class_left_share, 1), 1, 0);
    assert_near(offshore / (5 * gone), 1, 1e-3);
    assert_close(of_fleet(&one, FC_M_offshore_rent), 2 * offshore);
    assert_near(of_fleet(&one, FC_M_unmet_too_few) / offshore, 1, 1e-9);
    forget(&one);
}

/* Half of the jobs are killed after 2 of their 4 hours, and 2 GPU-hours are lost with each: at the
 * begin and the end of a window a day's, of 14, are under way. */
static void test_killed(void **state)
{
    const demand_street s = {
        .gpus = 1024,
        .demand =
            "      detail: windows\n      overrun: kill\n"
            "      classes:\n"
            "        half: {arrivals: 400/day, gpus: 1, duration: 4 hours, estimate: {varies: "
            "{one_of: {0.5: 50 %, 2: 50 %}}}}\n"
            "        sure: {arrivals: 300/day, gpus: 1, duration: {varies: {distribution: "
            "exponential, mean: 2 days}}, estimate: 1}\n"};
    seen one = see_demand(&s, 0);
    double killed = of_class(&one, FC_M_class_killed, 0);

    (void)state;
    assert_near(killed / (200 * DAYS), 1, 0.027);
    assert_near(of_class(&one, FC_M_class_lost, 0) / (2 * killed), 1, 0.005);
    /* Who knows how long it takes is not killed, nor is who was under way. */
    assert_close(of_class(&one, FC_M_class_killed, 1), 0);
    forget(&one);
}

/* The windows of a replication are independent: their numbers of jobs have the variance of Poisson
 * numbers, each weighted as its stratum / 14 days. Of 120 replications it is known to 13 %. */
static void test_windows_are_independent(void **state)
{
    static const double strata[] = {45, 45, 45, 46, 46, 46, 46, 46};
    const demand_street s = {
        .gpus = 64,
        .demand = "      detail: windows\n"
                  "      classes: {a: {arrivals: 20/day, gpus: 1, duration: 1 hours}}\n"};
    fc_tally came = repeat_demand(&s, FC_M_class_arrivals, 0, 120);
    double variance = 0;

    (void)state;
    for (int i = 0; i < 8; i++) variance += strata[i] * strata[i] / 14 * 20;
    assert_near(fc_tally_variance(&came) / variance, 1, 0.52 * share_slack(120, 8));
}

/* M/M/infinity from nothing on: of a jobs a second, of mean R, a R (T - R (1 - exp(-T / R))) is
 * held in [0, T]. A window that began without the jobs under way would miss exp(-2.5) of them, 1.6
 * % of what it holds. */
static void test_jobs_under_way_are_there(void **state)
{
    const demand_street s = {
        .gpus = 6000,
        .demand = "      detail: windows\n      windows: {length: 10 days}\n"
                  "      classes: {a: {arrivals: 1500/day, gpus: 1, duration: {varies: "
                  "{distribution: exponential, mean: 2 days}}}}\n"};
    fc_tally held = repeat_demand(&s, FC_M_class_served, 0, 10);

    (void)state;
    assert_mean(&held, 24.0 * 1500 * 2 * (DAYS - 2 * (1 - exp(-DAYS / 2.0))), 0.008);
}

/* What waits in the fluid where a window begins, waits: 64 GPUs in jobs of 4 on average, or less if
 * more run by chance than the fluid has in all, so that the sum is never above that. */
static void test_waiting_are_there(void **state)
{
    const demand_street s = {
        .gpus = 256,
        .demand = "      detail: windows\n"
                  "      classes: {a: {arrivals: 128/day, gpus: {varies: {one_of: {1: 50 %, 7: 50 "
                  "%}}}, duration: {varies: {distribution: exponential, mean: 6 hours}}}}\n"};
    static const double runs[] = {256, 100};
    seen one = see_demand(&s, 0);
    fc_world *world = one.trial.world;
    fc_pool_state *pool = &world->demands[0].pools[0];

    (void)state;
    for (int i = 0; i < 2; i++) {
        double is = 0, expected = 0;

        for (uint32_t r = 0; r < 400; r++) {
            world->replication = r;
            assert_int_equal(fc_params_begin(world->params, r, NULL, NULL), FC_OK);
            world->classes[0].arrivals.day = NAN;
            world->classes[0].flow.run = runs[i];
            world->classes[0].flow.waiting = 64;
            pool->sample->stopped = 0;
            assert_int_equal(fc_windows_gather_first(world, pool, 100 * FC_DAY), FC_OK);
            for (size_t k = 0; k < pool->sample->n_first; k++)
                is += pool->sample->first[k].arrival > 100 * FC_DAY;
            double under_way = world->classes[0].sample->first_gpus;
            expected += fmin(fmax(runs[i] + 64 - under_way, 0), 64) / 4;
        }
        assert_near(is / expected, 1, 0.01); /* the rest of a job by chance: 0.5 / sqrt(400) */
    }
    forget(&one);
}

/* ---- beyond a window ------------------------------------------------------------------------ */

/* Small jobs, which go first, have 90 of 150 GPUs from 18:00 to 06:00 and none by day: gangs of 140
 * that come by night wait for the morning, 6.3 hours on average, the others not at all. A window of
 * a day ends at midnight; who waits there is followed through the night, in which others come. */
static double wait_till_morning(const char *detail)
{
    static const char classes[] =
        "      policy: priority\n"
        "      classes:\n"
        "        low: {arrivals: 20/day, gpus: 140, duration: 1 minutes}\n"
        "        high: {arrivals: 3600/day, gpus: 1, duration: 18 minutes, priority: 1, hours: [9 "
        "%, 9 %, 8 %, 8 %, 8 %, 8 %, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8 %, 8 %, 8 %, 8 %, 9 %, "
        "9 %]}\n";
    fc_text demand = FC_TEXT_EMPTY;
    double mean = 0;

    fc_text_printf(&demand, "      detail: %s\n%s", detail, classes);
    const demand_street s = {.gpus = 150, .demand = demand.data};
    mean = repeat_demand(&s, FC_M_wait_mean, 0, 1).mean;
    fc_text_free(&demand);
    return mean;
}

static void test_who_waits_is_followed(void **state)
{
    double full = wait_till_morning("jobs");
    double part = wait_till_morning("windows\n      windows: {length: 1 days, a_quarter: 8}");

    (void)state;
    assert_near(full, 6.3 / 2, 0.3);
    assert_near(part, full, 0.9); /* 640 of them: a standard error of 0.2 */
}

/* Who was under way where a stretch began has not come in it: 100 jobs a day, of 12 days each, come
 * until 1 July, of which 1,200 run at its begin; from then on, as others are to come, all is
 * simulated in full. Four times 84 days of windows and the first stratum have a standard error of
 * 0.6 %. */
static void test_who_was_there_has_not_come(void **state)
{
    const demand_street s = {
        .gpus = 2000,
        .demand = "      detail: windows\n"
                  "      classes:\n"
                  "        a: {arrivals: {2025-01-01: 100/day, 2025-07-02: 0/day}, gpus: 1, "
                  "duration: 12 days}\n"
                  "        b: {arrivals: {2025-01-01: 0/day, 2025-07-02: 195/day}, gpus: 10, "
                  "duration: 1 days}\n"};
    double came = 0;

    (void)state;
    for (uint32_t r = 0; r < 4; r++) {
        seen one = see_demand(&s, r);
        const fc_pool_sample *sample = sample_in(&one);

        assert_true(sample->cohorts[1].weight > 3 && sample->cohorts[3].weight > 3);
        assert_true(sample->cohorts[4].weight == 1 && sample->cohorts[4].from == 181 * FC_DAY);
        came += told(&one.trial, 0, FC_WAITS_STARTED, NULL) / 4;
        forget(&one);
    }
    assert_near(came / (100 * 182), 1, 0.025);
}

/* ---- in full -------------------------------------------------------------------------------- */

/* Stretches that are measured and do not stand for others: in full. *of: of how many. */
static int in_full(int gpus, int npus, const char *demand, int *of)
{
    const demand_street s = {.gpus = gpus, .npus = npus, .demand = demand};
    seen one = see_demand(&s, 0);
    const fc_pool_sample *sample = sample_in(&one);
    int n = 0;

    for (size_t k = 0; k < sample->n_cohorts; k++) n += sample->cohorts[k].weight == 1;
    *of = (int)sample->n_cohorts;
    forget(&one);
    return n;
}

static bool all_in_full(int gpus, int npus, const char *demand)
{
    int of = 0, n = in_full(gpus, npus, demand, &of);

    assert_int_equal(of, 8);
    if (n != 0 && n != of) fail_msg("%d of %d: %s", n, of, demand);
    return n == of;
}

/* The fleet's 256 GPUs at a load of 1 are 1,024 jobs a day of 6 hours: what is simulated in full
 * begins at 0.95 of them, with `packing` at 0.95 of what can be packed. */
static void test_where_load_is_critical(void **state)
{
#define CLASS(rate) "      classes: {a: {arrivals: " rate "/day, gpus: 1, duration: 6 hours}}\n"
    (void)state;
    assert_false(all_in_full(256, 0, "      detail: windows\n" CLASS("968"))); /* 0.945 */
    assert_true(all_in_full(256, 0, "      detail: windows\n" CLASS("978")));  /* 0.955 */
    assert_false(all_in_full(256, 0, "      detail: windows\n      packing: 90 %\n" CLASS("870")));
    assert_true(all_in_full(256, 0, "      detail: windows\n      packing: 90 %\n" CLASS("880")));
#undef CLASS
}

/* 64 h100 beside 192 of another model. Those who can use the h100 alone count on these: 62 of them
 * are critical, though three in four of all GPUs are idle. A service that runs on the others only
 * takes nothing from them; of one that can run on both and wants 64, each model bears its part: of
 * the others 48, beside which 121 are not critical and 140 are. */
static void test_models_are_critical_by_themselves(void **state)
{
#define CLASS(rate, models)                                                                        \
    "      detail: windows\n      classes: {a: {arrivals: " rate                                   \
    "/day, gpus: 1, duration: 6 hours" models "}}\n"
#define HOURS                                                                                      \
    ", hours: [0, 0, 0, 0, 0, 0, 0, 0, 25 %, 25 %, 0, 0, 25 %, 25 %, 0, 0, 0, 0, 0, 0, 0, 0, 0, "  \
    "0]"
#define SERVICE(tokens, models)                                                                    \
    "      services: {chat: {users: 86.4 mn, tokens_per_user: " tokens                             \
    " tokens/day, tokens_per_gpu: 1000 tokens/s" models "}}\n"
    (void)state;
    assert_true(all_in_full(64, 192, CLASS("248", ", models: [h100]")));
    assert_false(all_in_full(64, 192, CLASS("248", "")));
    assert_false(
        all_in_full(64, 192, CLASS("220", ", models: [h100]") SERVICE("100", ", models: [npu]")));
    assert_false(all_in_full(64, 192, CLASS("484", ", models: [npu]") SERVICE("64", "")));
    assert_true(all_in_full(64, 192, CLASS("560", ", models: [npu]") SERVICE("64", "")));
    /* What a service wants: at least 120 GPUs; half as many of twice the speed; those of its peak.
     */
    assert_true(all_in_full(256, 0, CLASS("520", "") SERVICE("1", ", at_least: 120")));
    assert_true(all_in_full(256, 0, CLASS("800", "") SERVICE("64", "")));
    assert_false(
        all_in_full(256, 0, CLASS("800", "") SERVICE("64", ", relative_speed: {h100: 2}")));
    assert_false(all_in_full(256, 0, CLASS("700", "") SERVICE("20", HOURS)));
    assert_true(all_in_full(256, 0, CLASS("700", "") SERVICE("20", HOURS ", scaling: fixed")));
#undef CLASS
#undef SERVICE
#undef HOURS
}

/* What has built up until the middle of March, twice as much as can be done in 73 days, is worked
 * off at 0.7 a day by the end of June. So long all is simulated in full; windows begin in July. */
static void test_a_backlog_is_critical(void **state)
{
    static const char demand[] =
        "      detail: windows\n"
        "      classes: {a: {arrivals: {2025-01-01: 2048/day, 2025-03-15: 307/day}, gpus: 1, "
        "duration: 6 hours}}\n";

    int of = 0;

    (void)state;
    assert_int_equal(in_full(256, 0, demand, &of), 4); /* to 30 June */
    assert_int_equal(of, 8);
}

/* ---- places --------------------------------------------------------------------------------- */

/* 32 servers of 8 have room for a job of 5 GPUs each. Nine in ten are taken on average; where all
 * are, and one waits, 3 GPUs of each are of no use. */
static void test_fragmentation(void **state)
{
    static const char *const details[] = {"jobs", "windows"};
    double share[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text demand = FC_TEXT_EMPTY;
        fc_text_printf(&demand,
                       "      detail: %s\n      placement: servers\n"
                       "      classes: {a: {arrivals: 115/day, gpus: 5, duration: {varies: "
                       "{distribution: exponential, mean: 6 hours}}}}\n",
                       details[i]);
        const demand_street s = {.gpus = 256, .demand = demand.data};
        share[i] = repeat_demand(&s, FC_M_fragmented_share, FC_NONE, 12).mean;
        fc_text_free(&demand);
    }
    assert_true(share[0] > 0.02);
    assert_near(share[1] / share[0], 1, 0.2 * share_slack(12, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_job_is_told_of),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_windows_are_independent),
        cmocka_unit_test(test_jobs_under_way_are_there),
        cmocka_unit_test(test_waiting_are_there),
        cmocka_unit_test(test_who_waits_is_followed),
        cmocka_unit_test(test_who_was_there_has_not_come),
        cmocka_unit_test(test_where_load_is_critical),
        cmocka_unit_test(test_models_are_critical_by_themselves),
        cmocka_unit_test(test_a_backlog_is_critical),
        cmocka_unit_test(test_fragmentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
