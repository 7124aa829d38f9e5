/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grants: which GPUs they are of, what a project leaves undone, how their use is looked at and who
 * counts where. Worked out by hand; everything is verified after each event.
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

enum { DAYS = 365, GPUS = 100 };

/* 100 h100, and so many others, for a year; so many projects apply that there is always one. */
static seen see(int npus, const char *demand, const char *rest)
{
    const demand_street s = {
        .gpus = GPUS, .npus = npus, .fleet = "    currency: USD\n", .demand = demand, .rest = rest};
    return see_demand(&s, 3);
}

/* ---- models --------------------------------------------------------------------------------- */

/* Two projects of 20 that prefer the other model have it; of the 60 of these that are left a call
 * for them alone gives 25 twice; the last ones can use h100 only, and have all 100. */
static void test_models(void **state)
{
    seen s = see(GPUS,
                 "      calls:\n"
                 "        first: {rounds: [2025-01-31], term: 900 days, quota: 40}\n"
                 "        second: {rounds: [2025-02-28], term: 900 days, models: [npu]}\n"
                 "        third: {rounds: [2025-03-31], term: 900 days}\n"
                 "      classes:\n"
                 "        a: {access: first, arrivals: 30/day, gpus: 20, prefers: [npu]}\n"
                 "        b: {access: second, arrivals: 30/day, gpus: 25}\n"
                 "        c: {access: third, arrivals: 30/day, gpus: 10, models: [h100]}\n",
                 "");

    (void)state;
    assert_close(of_class(&s, FC_M_projects_granted, 0), 2);
    assert_close(of_class(&s, FC_M_projects_granted, 1), 2);
    assert_close(of_class(&s, FC_M_projects_granted, 2), 10);
    forget(&s);
}

/* What one pool's call has given is not missing in another's. */
static void test_pools(void **state)
{
    seen s = see(0,
                 "      pools: {p: {share: 50 %}, q: {share: 50 %}}\n"
                 "      calls:\n"
                 "        first: {pool: p, rounds: [2025-01-31], term: 900 days}\n"
                 "        second: {pool: q, rounds: [2025-02-28], term: 900 days}\n"
                 "      classes:\n"
                 "        a: {access: first, arrivals: 30/day, gpus: 10}\n"
                 "        b: {access: second, arrivals: 30/day, gpus: 10}\n",
                 "");

    (void)state;
    assert_close(of_class(&s, FC_M_projects_granted, 0), 5);
    assert_close(of_class(&s, FC_M_projects_granted, 1), 5);
    forget(&s);
}

/* ---- who leaves ----------------------------------------------------------------------------- */

/* Whoever applies in June and leaves 40 days later pays July's price abroad: neither that of the
 * day of application, nor that of the next decision, in December, or of the year's end. */
static void test_price_of_the_day(void **state)
{
    static const char *const rounds[] = {"2025-12-01", "2024-11-30"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(
            &text,
            "      calls: {open: {rounds: [%s], term: 10 days, quota: 0}}\n"
            "      classes: {a: {access: open, arrivals: {2025-01-01: 0/day, 2025-06-01: "
            "10/day, 2025-06-30: 0/day}, gpus: 5, patience: 40 days, offshore: "
            "at_patience, offshore_price: {2025-01-01: 2 USD/GPU-h, 2025-07-01: 5 "
            "USD/GPU-h, 2025-11-01: 9 USD/GPU-h}}}\n",
            rounds[i]);
        seen s = see(0, text.data, "");
        double left = of_class(&s, FC_M_projects_left, 0);

        assert_true(left > 200);
        assert_close(of_class(&s, FC_M_class_offshore, 0), left * 5 * 10 * 24);
        assert_close(of_fleet(&s, FC_M_offshore_rent), 5 * left * 5 * 10 * 24);
        forget(&s);
        fc_text_free(&text);
    }
}

/* ---- efficiency ----------------------------------------------------------------------------- */

/* A result takes half of the work. A project wants half of the 40 GPUs, and its term is what it is;
 * one with jobs of its own has jobs half as long: two of 6 hours a day, 120 GPU-hours in 10 days,
 * are not done if it leaves; 24 a day of 5 hours run on a grant. */
static void test_efficiency(void **state)
{
    seen s = see(0,
                 "      work_per_result: {training: 0.5}\n"
                 "      pools: {p: {share: 50 %}, q: {share: 50 %}}\n"
                 "      calls:\n"
                 "        none: {pool: p, rounds: [2024-11-30], term: 10 days}\n"
                 "        open: {pool: q, rounds: [2025-01-31], term: 900 days}\n"
                 "      classes:\n"
                 "        a: {access: none, arrivals: 3/day, gpus: 40}\n"
                 "        b: {access: none, arrivals: 3/day, gpus: 40, patience: 30 days, jobs: "
                 "{arrivals: 2/day, gpus: 1, duration: 12 hours}}\n"
                 "        c: {access: open, arrivals: 9/day, gpus: 100, jobs: {arrivals: 24/day, "
                 "gpus: 1, duration: 10 hours}}\n",
                 "");
    double left = of_class(&s, FC_M_projects_left, 1);

    (void)state;
    assert_close(of_class(&s, FC_M_grant_wanted, 0), 20 * of_class(&s, FC_M_class_arrivals, 0));
    assert_true(left > 500);
    assert_close(of_class(&s, FC_M_class_abandoned, 1), left * 120);
    assert_close(of_class(&s, FC_M_projects_granted, 2), 1);
    /* 8,016 of them: 1.1 % */
    assert_near(of_class(&s, FC_M_class_served, 2) / ((DAYS - 31) * 24 * 5.0), 1, 0.045);
    forget(&s);
}

/* ---- chance --------------------------------------------------------------------------------- */

/* Among equals the lot decides, not who came first: of 100 GPUs those that came in the second half
 * of the round have half, +- 5 %. */
static void test_lot(void **state)
{
    seen s = see(0,
                 "      calls: {open: {rounds: [2025-01-30], term: 900 days}}\n"
                 "      classes:\n"
                 "        early: {access: open, arrivals: {2025-01-01: 30/day, 2025-01-16: 0/day}, "
                 "gpus: 1}\n"
                 "        late: {access: open, arrivals: {2025-01-01: 0/day, 2025-01-16: 30/day}, "
                 "gpus: 1}\n",
                 "");

    (void)state;
    assert_near(of_class(&s, FC_M_projects_granted, 1), 50, 20);
    assert_close(of_class(&s, FC_M_projects_granted, 0) + of_class(&s, FC_M_projects_granted, 1),
                 100);
    forget(&s);
}

/* Each project uses its own share: one in two all of its grant, and the others nothing. */
static void test_use_of_each(void **state)
{
    seen s = see(0,
                 "      calls: {open: {rounds: [2025-01-30], term: 900 days, reclaim: {every: 10 "
                 "days, below: 50 %}}}\n"
                 "      classes: {a: {access: open, arrivals: 30/day, gpus: 1, use: {varies: "
                 "{one_of: {0: 50 %, 1: 50 %}}}}}\n",
                 "");

    (void)state;
    assert_near(of_class(&s, FC_M_projects_reclaimed, 0), 50, 20);
    forget(&s);
}

/* ---- looks at the use ----------------------------------------------------------------------- */

/* Each look is at the time since the last. 40 % of a grant is used, by its owner or by 40 jobs an
 * hour (9,600 in ten days: 1 %). So much is enough until 25 June; the look on 1 July, 150 days
 * after the decision, takes it back, however long more than enough was used. */
static void test_looks(void **state)
{
    static const char *const uses[] = {"use: 40 %",
                                       "jobs: {arrivals: 960/day, gpus: 1, duration: 1 hours}"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(
            &text,
            "      calls: {open: {rounds: [2025-01-31], term: 900 days, reclaim: {every: "
            "10 days, below: 30 %%}}}\n"
            "      classes: {a: {access: open, arrivals: 1/day, gpus: 100, %s}}\n",
            uses[i]);
        seen s = see(0, text.data,
                     "shocks:\n  more: {at: 2025-06-25, set: "
                     "{fleets.one.demand.calls.open.reclaim.below: 50 %}}\n");

        assert_close(of_class(&s, FC_M_projects_reclaimed, 0), 1);
        assert_close(of_class(&s, FC_M_grant_hours, 0), 100 * 24.0 * 150);
        forget(&s);
        fc_text_free(&text);
    }
}

/* What is taken back is what was given, though half of it is not in service by then: of 100 GPUs 50
 * from day 36 to the look on day 41. */
static void test_taken(void **state)
{
    seen s = see(0,
                 "      pools: {p: {share: {2025-01-01: 100 %, 2025-02-06: 50 %}}}\n"
                 "      calls: {open: {pool: p, rounds: [2025-01-31], term: 900 days, reclaim: "
                 "{every: 10 days, below: 50 %}}}\n"
                 "      classes: {a: {access: open, arrivals: 1/day, gpus: 100, use: 40 %}}\n",
                 "");

    (void)state;
    assert_close(of_class(&s, FC_M_grant_reclaimed, 0), 100);
    assert_close(of_class(&s, FC_M_grant_hours, 0), 24.0 * (100 * 5 + 50 * 5));
    forget(&s);
}

/* ---- fewer GPUs ----------------------------------------------------------------------------- */

/* Two jobs of 50 GPUs run on a grant of 100 from day 31 on, within minutes. On day 100 it has 50
 * left: one of them stops at once, and what it had done is lost; with a checkpoint each day, no
 * more than a day. */
static void test_a_grant_shrinks(void **state)
{
    static const char *const saves[] = {"", ", checkpoint: 1 days"};
    static const double most[] = {69, 1}, least[] = {68.9, 0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_text_printf(&text,
                       "      pools: {p: {share: {2025-01-01: 100 %%, 2025-04-11: 50 %%}}}\n"
                       "      calls: {open: {pool: p, rounds: [2025-01-31], term: 900 days}}\n"
                       "      classes: {a: {access: open, arrivals: 1/day, gpus: 100, jobs: "
                       "{arrivals: 2000/day, gpus: 50, duration: 200 days%s}}}\n",
                       saves[i]);
        seen s = see(0, text.data, "");
        double days = of_class(&s, FC_M_class_lost, 0) / 50 / 24;

        assert_true(days <= most[i] && days >= least[i]);
        forget(&s);
        fc_text_free(&text);
    }
}

/* ---- where users are ------------------------------------------------------------------------ */

/* Of a grant counts what it has, used or not; of jobs in a queue what they hold: 40 GPUs from day
 * 31 on, of which a fifth is used, and 50 by jobs. */
static void test_region(void **state)
{
    seen s =
        see(0,
            "      detail: fluid\n"
            "      pools: {p: {share: 50 %}, q: {share: 50 %}}\n"
            "      calls: {open: {pool: p, rounds: [2025-01-31], term: 900 days, quota: 40}}\n"
            "      classes:\n"
            "        a: {access: open, arrivals: 1/day, gpus: 40, use: 20 %, region: "
            "non-capital}\n"
            "        b: {pool: q, arrivals: 50000/day, gpus: 1, duration: 1 hours, patience: 1 "
            "hours, region: capital}\n",
            "");
    double granted = 40 * 24.0 * (DAYS - 31), queued = of_class(&s, FC_M_class_served, 1);

    (void)state;
    assert_near(queued / (50 * 24.0 * DAYS), 1, 1e-3);
    assert_close(of_fleet(&s, FC_M_non_capital_share), granted / (granted + queued));
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_price_of_the_day),
        cmocka_unit_test(test_efficiency),
        cmocka_unit_test(test_lot),
        cmocka_unit_test(test_use_of_each),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_a_grant_shrinks),
        cmocka_unit_test(test_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
