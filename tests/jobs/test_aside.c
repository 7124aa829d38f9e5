/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs that cannot start as things stand, and whom they keep waiting: by hand, in seconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "jobs_helper.h"
#include "share.h"

static const char *const strict_policies[] = {"fifo", "priority", "sjf", "preemptive", "fair"};
enum { STRICT = sizeof strict_policies / sizeof *strict_policies };

static void expect(const fc_jobs_spec *spec, fc_job *jobs, size_t count,
                   const fc_capacity_change *changes, size_t n_changes, const double *starts)
{
    outcome out[8];

    for (size_t i = 0; i < count; i++) jobs[i].id = i;
    run_list(spec, jobs, count, changes, n_changes, out, NULL);
    for (size_t i = 0; i < count; i++)
        if (out[i].start != starts[i])
            fail_msg("%s: job %zu starts at %g, expected %g", fc_policy_name(spec->policy), i,
                     out[i].start, starts[i]);
}

/* 4 GPUs run, 8 from 50 on. A (8 GPUs, at 0) waits for more to come and holds up nobody: B (4, at
 * 1) runs 1 to 21, C (2, at 2) from 21 on. */
static void test_more_than_runs(void **state)
{
    fc_gpu_group group = {.units = 4, .most = 8};
    fc_job_account one = {.share = 1};
    fc_capacity_change more = {.time = 50, .kind = FC_CAPACITY_ADD, .units = 4};

    (void)state;
    for (int i = 0; i <= STRICT; i++) {
        const char *name = i < STRICT ? strict_policies[i] : "easy";
        fc_jobs_spec spec = {.policy = fc_policy_find(name),
                             .groups = &group,
                             .group_count = 1,
                             .accounts = &one,
                             .account_count = 1};
        fc_job jobs[] = {{.arrival = 0, .duration = 10, .gpus = 8},
                         {.arrival = 1, .duration = 20, .gpus = 4},
                         {.arrival = 2, .duration = 5, .gpus = 2}};
        expect(&spec, jobs, 3, &more, 1, (double[]){50, 1, 21});
    }
}

/* EASY keeps its promise to the first that could be held: A (8 of 4 GPUs) waits for more. B (3)
 * runs 0 to 10. C (4, at 1) is promised 10. D (1, 20 s, at 2) would delay C: it waits until 15. */
static void test_easy_promises_to_the_next(void **state)
{
    fc_gpu_group group = {.units = 4, .most = 8};
    fc_capacity_change more = {.time = 100, .kind = FC_CAPACITY_ADD, .units = 4};
    fc_jobs_spec spec = {.policy = &fc_policy_easy, .groups = &group, .group_count = 1};
    fc_job jobs[] = {{.arrival = 0, .duration = 10, .gpus = 8},
                     {.arrival = 0, .duration = 10, .gpus = 3},
                     {.arrival = 1, .duration = 5, .gpus = 4},
                     {.arrival = 2, .duration = 20, .gpus = 1}};

    (void)state;
    expect(&spec, jobs, 4, &more, 1, (double[]){100, 0, 10, 15});
}

/* Two models, 4 GPUs each. A holds all of the first until 10; B (4, at 1) can only run there and
 * waits. C (2, at 2), which runs on either, starts on the second at once; D (2, at 3), of the first
 * only, waits behind B, which runs 10 to 30. */
static void test_another_model(void **state)
{
    fc_gpu_group groups[] = {{.units = 4}, {.units = 4}};
    fc_job_account one = {.share = 1};

    (void)state;
    for (int i = 0; i < STRICT; i++) {
        fc_jobs_spec spec = {.policy = fc_policy_find(strict_policies[i]),
                             .groups = groups,
                             .group_count = 2,
                             .accounts = &one,
                             .account_count = 1};
        fc_job jobs[] = {{.arrival = 0, .duration = 10, .gpus = 4, .groups = 1},
                         {.arrival = 1, .duration = 20, .gpus = 4, .groups = 1},
                         {.arrival = 2, .duration = 30, .gpus = 2},
                         {.arrival = 3, .duration = 40, .gpus = 2, .groups = 1}};
        bool fair = spec.policy == &fc_policy_fair; /* in an account nobody overtakes */
        expect(&spec, jobs, 4, NULL, 0, (double[]){0, 10, fair ? 10 : 2, 30});
    }
}

/* Accounts of a quota of 4 of 8 GPUs. A (6) is more than its account may ever hold; B, behind it
 * in the account, starts at once, and so does C of another account. */
static void test_more_than_the_quota(void **state)
{
    fc_gpu_group group = {.units = 8};
    fc_job_account accounts[] = {{.share = 1, .quota = 4}, {.share = 1, .quota = 4}};
    fc_jobs_spec spec = {.policy = &fc_policy_fair,
                         .groups = &group,
                         .group_count = 1,
                         .accounts = accounts,
                         .account_count = 2};
    fc_job jobs[] = {{.arrival = 0, .duration = 10, .gpus = 6, .impatient = true, .patience = 7},
                     {.arrival = 1, .duration = 10, .gpus = 4},
                     {.arrival = 2, .duration = 10, .gpus = 4, .account = 1}};
    outcome out[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) jobs[i].id = i;
    run_list(&spec, jobs, 3, NULL, 0, out, NULL);
    assert_true(out[0].status == FC_JOB_ABANDONED && out[0].end == 7);
    assert_true(out[1].start == 1 && out[2].start == 2);
}

/* 100,000 jobs wait that ask for more than runs, or for a model of which none runs. Who comes
 * behind them starts at once, and is found without a walk through them: past the time limit of this
 * test by far if each of as many passes took one. */
static void test_many_aside(void **state)
{
    enum { LARGE = 100000 };
    const size_t count = 2 * (size_t)share_of(LARGE, LARGE / 10);
    fc_gpu_group groups[] = {{.units = 4, .most = 8}, {.units = 0, .most = 1}};
    fc_job_account accounts[] = {{.share = 1}, {.share = 1}};
    fc_job *jobs = calloc(count, sizeof *jobs);
    outcome *out = calloc(count, sizeof *out);

    (void)state;
    assert_true(jobs && out);
    for (size_t i = 0; i < count; i++) {
        bool large = i < count / 2, wrong = i % 2 == 0;
        jobs[i] = (fc_job){.id = i,
                           .arrival = (double)i,
                           .duration = 1,
                           .gpus = large && !wrong ? 8 : 1,
                           .groups = large && wrong ? 2 : 1,
                           .account = large && wrong};
    }
    for (int i = 0; i <= STRICT; i++) {
        fc_jobs_spec spec = {.policy = fc_policy_find(i < STRICT ? strict_policies[i] : "easy"),
                             .groups = groups,
                             .group_count = 2,
                             .accounts = accounts,
                             .account_count = 2};
        run_list(&spec, jobs, count, NULL, 0, out, NULL);
        for (size_t j = 0; j < count; j++) {
            if (j < count / 2)
                assert_true(isnan(out[j].start));
            else
                assert_true(out[j].start == (double)j);
        }
    }
    free(jobs);
    free(out);
}

/* 60,000 accounts, in thirds. Each of the first asks for the one GPU of model 0 twice, for a
 * second: all have used nothing and come in turn, then in turn again, as who came first has used it
 * longest ago. Those of the second third wait for the GPU of model 1, which is held throughout, and
 * those of the last, in whose quota a GPU of model 2 lies that each holds throughout, for another
 * of these. Past the time limit of this test by far if each start took a walk through the accounts.
 */
static void test_many_accounts(void **state)
{
    enum { THIRD = 20000, FOREVER = 1 << 20 };
    const uint32_t third = share_of(THIRD, THIRD / 10), count = 5 * third + 1;
    fc_gpu_group groups[] = {{.units = 1}, {.units = 1}, {.units = 2 * third}};
    fc_job_account *accounts = calloc(3 * (size_t)third, sizeof *accounts);
    fc_job *jobs = calloc(count, sizeof *jobs);
    outcome *out = calloc(count, sizeof *out);

    (void)state;
    assert_true(accounts && jobs && out);
    for (uint32_t i = 0; i < 3 * third; i++)
        accounts[i] = (fc_job_account){.share = 1, .quota = i < 2 * third ? 0 : 1};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part = i < 2 * third ? 0 : i <= 3 * third ? 1 : 2;
        jobs[i] = (fc_job){.id = i, .duration = part == 0 ? 1 : FOREVER, .gpus = 1};
        jobs[i].groups = 1u << part;
        jobs[i].account = (uint16_t)(part == 0   ? i / 2
                                     : part == 1 ? third + i % third
                                                 : 2 * third + i % third);
    }
    fc_jobs_spec spec = {.policy = fc_policy_find("fair"),
                         .groups = groups,
                         .group_count = 3,
                         .accounts = accounts,
                         .account_count = 3 * third};
    run_list(&spec, jobs, count, NULL, 0, out, NULL);
    for (uint32_t i = 0; i < third; i++)
        assert_true(out[2 * i].start == i && out[2 * i + 1].start == third + i);
    free(accounts);
    free(jobs);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_than_runs), cmocka_unit_test(test_easy_promises_to_the_next),
        cmocka_unit_test(test_another_model),  cmocka_unit_test(test_many_aside),
        cmocka_unit_test(test_many_accounts),  cmocka_unit_test(test_more_than_the_quota),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
