/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers, groups, failures, capacity that comes and goes, fair share, generated jobs: small cases
 * worked out by hand. A job is {arrival, duration, GPUs}; times in seconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs/generator.h"
#include "jobs_helper.h"
#include "kernel/init.h"

#define JOB(a, d, g) .arrival = (a), .duration = (d), .gpus = (g)

static void run(const fc_jobs_spec *spec, fc_job *jobs, size_t count,
                const fc_capacity_change *changes, size_t change_count, outcome *out,
                fc_jobs_summary *summary)
{
    for (size_t i = 0; i < count; i++) jobs[i].id = i;
    run_list(spec, jobs, count, changes, change_count, out, summary);
}

static fc_jobs_spec on(const fc_policy *policy, const fc_gpu_group *groups, uint32_t count)
{
    return (fc_jobs_spec){.policy = policy, .groups = groups, .group_count = count};
}

/* Two servers of 8. A takes 5 of one (3 left), B 4 of the other (4 left). C (3) goes where 3 are
 * left, not 4 (best fit), so that D (4) still finds its place. E (2): none is free. */
static void test_best_fit(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 8, .units = 2};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1);
    fc_job jobs[] = {
        {JOB(0, 10, 5)}, {JOB(1, 10, 4)}, {JOB(2, 10, 3)}, {JOB(3, 10, 4)}, {JOB(4, 10, 2)}};
    outcome out[5];

    run(&spec, jobs, 5, NULL, 0, out, NULL);
    assert_true(out[2].start == 2 && out[3].start == 3 && out[4].start == 10);
}

/* Two servers of 8, 5 taken on each: 6 GPUs are free, but no 4 on one server. From 2 to 10 the 6
 * are fragmented: 48 GPU-seconds of the 20 seconds in all. */
static void test_fragmentation(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 8, .units = 2};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1);
    fc_job jobs[] = {{JOB(0, 10, 5)}, {JOB(1, 10, 5)}, {JOB(2, 10, 4)}};
    outcome out[3];
    fc_jobs_summary sum;

    run(&spec, jobs, 3, NULL, 0, out, &sum);
    assert_true(out[2].start == 10 && sum.until == 20);
    assert_true(sum.levels.fragmented == 6 * 8 / 20.0);
    assert_true(sum.levels.held == (50 + 50 + 40) / 20.0);
}

/* A gang of 20 on servers of 8: two whole ones and 4 of a third; 4 are left for B. C, of 9, needs a
 * whole server and one more GPU, and waits until A ends, and D, of 17, until C does; E, of 25, is
 * more than there will ever be. */
static void test_gangs_over_servers(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 8, .units = 3};
    fc_jobs_spec spec = on(&fc_policy_easy, &group, 1);
    fc_job jobs[] = {
        {JOB(0, 10, 20)}, {JOB(1, 5, 4)}, {JOB(2, 10, 9)}, {JOB(2, 10, 17)}, {JOB(3, 1, 25)}};
    outcome out[5];

    run(&spec, jobs, 5, NULL, 0, out, NULL);
    assert_true(out[0].start == 0 && out[1].start == 1 && out[2].start == 10);
    assert_true(out[3].start == 20);
    assert_int_equal(out[4].status, FC_JOB_REJECTED);
}

/* EASY on servers of 4, two of them. A takes 3 of one until 10, B 2 of the other until 5. H needs
 * 8: shadow time 10, both servers. C (2, 100 s) would fit beside B but outlast 10: not it. D (2, 8
 * s, at 2) ends at 10: it starts. H starts at 10, C after it. */
static void test_easy_on_servers(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 4, .units = 2};
    fc_jobs_spec spec = on(&fc_policy_easy, &group, 1);
    fc_job jobs[] = {
        {JOB(0, 10, 3)}, {JOB(0, 5, 2)}, {JOB(1, 10, 8)}, {JOB(2, 100, 2)}, {JOB(2, 8, 2)}};
    outcome out[5];

    run(&spec, jobs, 5, NULL, 0, out, NULL);
    assert_true(out[4].start == 2 && out[2].start == 10 && out[3].start == 20);
}

/* The head needs 4 of two servers of 4: A holds 3 of server 1 until 10, B 3 of server 2 until 20.
 * It will have server 1 at 10. C (1, 100 s) may not lie on server 1, where 1 is free, but on server
 * 2 it may. */
static void test_easy_keeps_a_server(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 4, .units = 2};
    fc_jobs_spec spec = on(&fc_policy_easy, &group, 1);
    fc_job jobs[] = {
        {JOB(0, 10, 3)}, {JOB(0, 20, 3)}, {JOB(1, 10, 4)}, {JOB(2, 100, 1)}, {JOB(3, 100, 1)}};
    outcome out[5];

    run(&spec, jobs, 5, NULL, 0, out, NULL);
    assert_true(out[3].start == 2 && out[2].start == 10 && out[4].start == 20);
}

/* Group 0 has 4 GPUs, group 1 has 8. A runs on any and prefers 1; B only on 1, where 2 are left: it
 * waits though group 0 is empty. C, on any, stands behind it and goes to group 0, which is no
 * concern of B's. */
static void test_need_and_preference(void **state)
{
    (void)state;
    fc_gpu_group groups[] = {{.units = 4}, {.units = 8}};
    fc_jobs_spec fifo = on(&fc_policy_fifo, groups, 2), easy = on(&fc_policy_easy, groups, 2);
    fc_job jobs[] = {
        {JOB(0, 10, 6), .preferred = 2}, {JOB(1, 10, 4), .groups = 2}, {JOB(2, 10, 4)}};
    outcome out[3];

    run(&fifo, jobs, 3, NULL, 0, out, NULL);
    assert_true(out[0].group == 1 && out[1].start == 10);
    assert_true(out[2].start == 2 && out[2].group == 0);
    run(&easy, jobs, 3, NULL, 0, out, NULL);
    assert_true(out[1].start == 10 && out[2].start == 2 && out[2].group == 0);
}

/* A (16 GPUs, 100 s, saves every 30 s) on two servers of 8. At 70 server 0 breaks for 20 s: 60 s
 * are saved, 10 s lost. B (8, 5 s), which waits since 50, cannot overtake under FIFO. A goes on at
 * 90 and ends at 130; B runs 130 to 135. */
static void test_failure_and_restart(void **state)
{
    (void)state;
    fc_gpu_group group = {.server_gpus = 8, .units = 2};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1);
    fc_job jobs[] = {{JOB(0, 100, 16), .checkpoint = 30}, {JOB(50, 5, 8)}};
    fc_capacity_change fail = {.time = 70, .kind = FC_CAPACITY_FAIL, .place = 0.25, .back = 20};
    outcome out[2];
    fc_jobs_summary sum;

    run(&spec, jobs, 2, &fail, 1, out, &sum);
    assert_true(out[0].end == 130 && out[0].lost == 10 && out[0].held == 110);
    assert_int_equal(out[0].restarts, 1);
    assert_true(out[1].start == 130);
    assert_true(sum.work.lost == 160 && sum.work.served == 16 * 100 + 8 * 5);
    /* 16 in service but for 20 s of 8, over 135 s */
    assert_true(fabs(sum.levels.in_service - (16 - 8 * 20 / 135.0)) < 1e-12);
}

/* A flat pool of 10. A holds 4 (places 0 to 3), B 4 (places 4 to 7), by the order of their ends.
 * Place 0.5 is unit 5: B stops, never having saved, and starts again at once: 9 are left. Place
 * 0.95 is unit 9, which is not in service any more. */
static void test_failure_in_a_flat_pool(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 10};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1);
    fc_job jobs[] = {{JOB(0, 50, 4)}, {JOB(0, 60, 4), .checkpoint = INFINITY}};
    fc_capacity_change fail[] = {
        {.time = 20, .kind = FC_CAPACITY_FAIL, .place = 0.5, .back = INFINITY},
        {.time = 30, .kind = FC_CAPACITY_FAIL, .place = 0.95, .back = INFINITY}};
    outcome out[2];

    run(&spec, jobs, 2, fail, 2, out, NULL);
    assert_true(out[0].end == 50 && out[0].restarts == 0);
    assert_true(out[1].end == 80 && out[1].lost == 20 && out[1].restarts == 1);
}

/* 8 GPUs; at 5, 6 are removed: 2 at once, 4 when A ends at 10. At 20, 6 come back. B (6), waiting
 * since 6, starts then. */
static void test_capacity_goes_and_comes(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 8};
    fc_jobs_spec spec = on(&fc_policy_easy, &group, 1);
    fc_job jobs[] = {{JOB(0, 10, 6)}, {JOB(6, 10, 6)}};
    fc_capacity_change changes[] = {{.time = 5, .kind = FC_CAPACITY_REMOVE, .units = 6},
                                    {.time = 20, .kind = FC_CAPACITY_ADD, .units = 6}};
    outcome out[2];
    fc_jobs_summary sum;

    run(&spec, jobs, 2, changes, 2, out, &sum);
    assert_true(out[0].end == 10 && out[1].start == 20);
    assert_true(sum.levels.in_service == (8 * 5 + 6 * 5 + 2 * 10 + 8 * 10) / 30.0);
}

/* 4 GPUs, jobs of 1 GPU and 10 s, all there at 0. Account 0 has share 3, account 1 share 1. Use per
 * share is level at 0, so account 0 (arrived first) starts one; then account 1 (0 < 1/6); then
 * account 0 (1/6 < 1/2); then account 0 again (1/3 < 1/2): three to one. With a quota of 2 for
 * account 0 it is two to two. */
static void test_fair_share(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 4};
    fc_job_account accounts[] = {{.share = 3}, {.share = 1}};
    fc_jobs_spec spec = on(&fc_policy_fair, &group, 1);
    fc_job jobs[8];
    outcome out[8];

    spec.accounts = accounts;
    spec.account_count = 2;
    for (int i = 0; i < 8; i++) jobs[i] = (fc_job){JOB(0, 10, 1), .account = (uint16_t)(i >= 4)};
    run(&spec, jobs, 8, NULL, 0, out, NULL);
    assert_true(out[0].start == 0 && out[1].start == 0 && out[2].start == 0 && out[4].start == 0);
    assert_true(out[3].start == 10 && out[5].start == 10 && out[7].start == 10);
    accounts[0].quota = 2;
    run(&spec, jobs, 8, NULL, 0, out, NULL);
    assert_true(out[1].start == 0 && out[2].start == 10 && out[5].start == 0);
}

/* Conservative: every job has a promise. 4 GPUs: A (3) until 10, B (4) promised 10 to 20, C (1, 10
 * s at 2) fits only at 20, because it would end at 12: EASY's extra is 0 too. D (1, 8 s) at 2. */
static void test_conservative(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 4};
    fc_jobs_spec spec = on(&fc_policy_conservative, &group, 1);
    fc_job jobs[] = {{JOB(0, 10, 3)}, {JOB(1, 10, 4)}, {JOB(2, 10, 1)}, {JOB(2, 8, 1)}};
    outcome out[4];

    run(&spec, jobs, 4, NULL, 0, out, NULL);
    assert_true(out[1].start == 10 && out[2].start == 20 && out[3].start == 2);
}

/* 2 GPUs busy until 100; 30 s of 2 GPUs wait from 1 on. At 2 the predicted wait is 60 / 2 = 30 s:
 * who would wait 29 goes at once, who would wait 31 stays until 33. */
static void test_offshore(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 2};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1);
    fc_job jobs[] = {{JOB(0, 100, 2)},
                     {JOB(1, 30, 2)},
                     {JOB(2, 1, 1), .impatient = true, .patience = 29},
                     {JOB(2, 1, 1), .impatient = true, .patience = 31},
                     {JOB(2, 1, 1), .impatient = true, .patience = 31}};
    outcome out[5];
    fc_jobs_summary sum;

    jobs[2].offshore = jobs[3].offshore = FC_OFFSHORE_AT_ARRIVAL;
    run(&spec, jobs, 5, NULL, 0, out, &sum);
    assert_true(out[2].status == FC_JOB_OFFSHORE && out[2].end == 2);
    assert_true(out[3].status == FC_JOB_OFFSHORE && out[3].end == 33);
    assert_true(out[4].status == FC_JOB_ABANDONED && out[4].end == 33);
    assert_true(sum.work.offshore == 2 && sum.work.abandoned == 1);
}

static void test_fairness_indices(void **state)
{
    (void)state;
    double equal[] = {3, 3, 3, 3}, one[] = {0, 0, 8, 0}, some[] = {1, 3};

    assert_true(fc_jain_index(equal, 4) == 1 && fc_jain_index(one, 4) == 0.25);
    assert_true(fc_jain_index(some, 2) == 0.8);
    assert_true(fc_gini_coefficient(equal, 4) == 0 && fc_gini_coefficient(one, 4) == 0.75);
    assert_true(fc_gini_coefficient(some, 2) == 0.25);
    assert_true(isnan(fc_jain_index(NULL, 0)) && isnan(fc_gini_coefficient(NULL, 0)));
}

/* 60 jobs that did not wait, of half of which the times leave 4.3e-14 more than 1; 35 of 1.02 and 5
 * of 40: the median is 1, beside a mean of 0.6 + 0.35 x 1.02 + 0.05 x 40. Where nobody waited, so
 * are all quantiles; of none there is none. */
static void test_slowdown_quantiles(void **state)
{
    fc_histogram h = FC_HISTOGRAM_EMPTY;

    (void)state;
    assert_true(isnan(fc_slowdown_quantile(&h, 0.5)));
    assert_int_equal(fc_histogram_add_times(&h, 1 + 4.3e-14, 30), FC_OK);
    assert_true(fc_slowdown_quantile(&h, 0.5) == 1 && fc_slowdown_quantile(&h, 1) == 1);
    assert_int_equal(fc_histogram_add_times(&h, 1, 30), FC_OK);
    assert_int_equal(fc_histogram_add_times(&h, 1.02, 35), FC_OK);
    assert_int_equal(fc_histogram_add_times(&h, 40, 5), FC_OK);
    assert_true(fc_slowdown_quantile(&h, 0.5) == 1 && fc_slowdown_quantile(&h, 0.6) == 1);
    assert_true(fabs(fc_slowdown_quantile(&h, 0.61) / 1.02 - 1) <= FC_HISTOGRAM_ERROR);
    assert_true(fc_slowdown_quantile(&h, 0.61) == fc_histogram_quantile(&h, 0.61));
    assert_true(fc_slowdown_quantile(&h, 1) == 40);
    fc_histogram_free(&h);
}

/* Another class, or another policy, moves no job of this one. */
static void test_generated_jobs_stay(void **state)
{
    (void)state;
    fc_distribution gpus, hours;
    fc_path rate = FC_PATH_CONSTANT(0.01), other = FC_PATH_CONSTANT(0.05);
    fc_job_class classes[2];
    fc_job_generator alone, both;
    fc_job a, b;
    bool more = true;

    fc_kernel_init();
    fc_distribution_make(FC_DIST_UNIFORM, (double[]){1, 9}, NULL, NULL, &gpus);
    fc_distribution_make(FC_DIST_EXPONENTIAL, (double[]){3600}, NULL, NULL, &hours);
    classes[0] = (fc_job_class){.rate = &rate, .key = 11, .gpus = &gpus, .duration = &hours};
    classes[1] = classes[0];
    classes[1].like.class = 1;
    classes[1].rate = &other;
    classes[1].key = 12;
    assert_int_equal(fc_job_generator_init(&alone, classes, 1, 3, INFINITY, 100), FC_OK);
    assert_int_equal(fc_job_generator_init(&both, classes, 2, 3, INFINITY, UINT64_MAX), FC_OK);
    fc_job_source one = fc_job_generator_source(&alone), two = fc_job_generator_source(&both);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(one.next(one.context, &a, &more), FC_OK);
        do assert_int_equal(two.next(two.context, &b, &more), FC_OK);
        while (b.class != 0);
        assert_true(a.arrival == b.arrival && a.duration == b.duration && a.gpus == b.gpus);
    }
    assert_int_equal(one.next(one.context, &a, &more), FC_OK);
    assert_false(more);
    fc_job_generator_free(&alone);
    fc_job_generator_free(&both);
}

static void test_refused(void **state)
{
    (void)state;
    fc_gpu_group group = {.units = 4};
    fc_jobs_spec spec = on(&fc_policy_fifo, &group, 1), bad = spec;
    static const fc_job wrong[] = {{JOB(-1, 1, 1)},
                                   {JOB(0, -1, 1)},
                                   {JOB(0, 1, 0)},
                                   {JOB(NAN, 1, 1)},
                                   {JOB(0, INFINITY, 1)},
                                   {JOB(0, 1, 1), .class = 1},
                                   {JOB(0, 1, 1), .account = 1},
                                   {JOB(0, 1, 1), .groups = 2},
                                   {JOB(0, 1, 1), .impatient = true, .patience = NAN}};
    fc_jobs *jobs = NULL;

    bad.group_count = 0;
    assert_int_equal(fc_jobs_create(&bad, &jobs), FC_E_DOMAIN);
    bad = spec;
    bad.policy = NULL;
    assert_int_equal(fc_jobs_create(&bad, &jobs), FC_E_DOMAIN);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        workload w = {.jobs = &wrong[i], .count = 1};
        fc_jobs_input input = workload_input(&w);

        assert_int_equal(fc_jobs_create(&spec, &jobs), FC_OK);
        assert_int_equal(fc_jobs_run(jobs, &input, INFINITY), FC_E_DOMAIN);
        fc_jobs_free(jobs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_best_fit),
        cmocka_unit_test(test_fragmentation),
        cmocka_unit_test(test_gangs_over_servers),
        cmocka_unit_test(test_easy_on_servers),
        cmocka_unit_test(test_easy_keeps_a_server),
        cmocka_unit_test(test_need_and_preference),
        cmocka_unit_test(test_failure_and_restart),
        cmocka_unit_test(test_failure_in_a_flat_pool),
        cmocka_unit_test(test_capacity_goes_and_comes),
        cmocka_unit_test(test_fair_share),
        cmocka_unit_test(test_conservative),
        cmocka_unit_test(test_offshore),
        cmocka_unit_test(test_fairness_indices),
        cmocka_unit_test(test_slowdown_quantiles),
        cmocka_unit_test(test_generated_jobs_stay),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
