/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stopping by precision: what can be asked, what a look says, and that the intervals with which it
 * stops hold as often as they say. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "experiment/precision.h"
#include "kernel/init.h"
#include "kernel/stream.h"
#include "store_helper.h"

static void test_reading(void **state)
{
    (void)state;
    fc_precision p;
    assert_int_equal(fc_precision_parse("gpus_in_service@2030-12-31: 1 %", NULL, &p), FC_OK);
    assert_string_equal(p.metric, "gpus_in_service");
    assert_string_equal(p.entity, "");
    assert_true(p.dated && !p.share && p.day == 22279 && p.wanted == 0.01);
    assert_int_equal(fc_precision_parse("korea.repair_share : 0.5%", NULL, &p), FC_OK);
    assert_string_equal(p.metric, "repair_share");
    assert_string_equal(p.entity, "korea");
    assert_true(!p.dated && p.wanted == 0.005);
    assert_int_equal(fc_precision_parse("P(end-2030): 2 points", NULL, &p), FC_OK);
    assert_string_equal(p.entity, "end-2030");
    assert_true(p.share && p.wanted == 0.02);
    assert_int_equal(fc_precision_parse("P(korea.end-2030): 2 %p", NULL, &p), FC_OK);
    assert_string_equal(p.entity, "korea.end-2030");
    static const char *const wrong[] = {"",
                                        "1 %",
                                        "P(end-2030): 2 %",
                                        "P(end-2030: 2 points",
                                        "P(): 2 points",
                                        "x@: 1 %",
                                        "x@2030-13-01: 1 %",
                                        "x: 1 points",
                                        "x: 0 %",
                                        "x: -1 %",
                                        "x: 101 %",
                                        "x 1 %",
                                        ": 1 %",
                                        "x: nan %"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(fc_precision_parse(wrong[i], NULL, &p), FC_E_PRECISION);
}

static void test_looking(void **state)
{
    (void)state;
    fc_precision mean = {.wanted = 0.1}, share = {.share = true, .wanted = 0.1};
    double value[200];
    for (size_t i = 0; i < 200; i++) value[i] = (double)(i % 2);
    /* alpha_0 = 6 * 0.05 / pi^2 = 0.030396, alpha_1 a quarter of it. */
    fc_precision_result r = fc_precision_look(&share, value, 200, 0);
    assert_true(fabs(r.level - (1 - 0.030396355)) < 1e-8);
    assert_true(fabs(fc_precision_look(&share, value, 200, 1).level - (1 - 0.0075990888)) < 1e-8);
    /* Wilson at z = 2.1648868: half width z sqrt(p q / n + z^2 / 4 n^2) / (1 + z^2 / n). */
    double z = 2.1648868, half = z * sqrt(0.25 / 200 + z * z / 160000) / (1 + z * z / 200);
    assert_true(fabs(r.half_width - half) < 1e-6);
    assert_true(r.reached && r.estimate == 0.5);
    /* Student with 199 degrees of freedom, sd sqrt(200 / 199) / 2, relative to 0.5. */
    r = fc_precision_look(&mean, value, 200, 0);
    double t = fc_student_point(199, r.level);
    assert_true(fabs(r.half_width - t * sqrt(200.0 / 199) / 2 / sqrt(200) / 0.5) < 1e-12);
    assert_false(r.reached);
    for (size_t i = 0; i < 200; i++) value[i] = 7; /* nothing varies */
    assert_true(fc_precision_look(&mean, value, 200, 0).reached);
    for (size_t i = 0; i < 200; i++) value[i] = NAN; /* nothing is known */
    assert_false(fc_precision_look(&mean, value, 200, 0).reached);
    assert_false(fc_precision_look(&share, value, 200, 0).reached);
    value[7] = 1;
    assert_int_equal(fc_precision_look(&share, value, 200, 0).without, 199);
}

/* 2,000 times: draw until the precision is reached; the interval of the stopping look misses the
 * truth in at most 5 % of them. (Bound: Bonferroni; 2,000 binomial draws at 5 % exceed 6.7 % with
 * p < 1e-3. Shares stop at the first look, where 3 % miss: 60, and fewer than 20 with p < 1e-9.) */
static void test_coverage(void **state)
{
    (void)state;
    enum { MOST = 6400, TIMES = 2000 };
    static double value[MOST];
    const fc_precision share = {.share = true, .wanted = 0.08}, mean = {.wanted = 0.1};
    for (int k = 0; k < 2; k++) {
        unsigned missed = 0;
        for (uint32_t i = 0; i < TIMES; i++) {
            fc_stream stream;
            fc_stream_init(&stream, 77, i, (uint64_t)k);
            for (size_t j = 0; j < MOST; j++)
                value[j] = k ? fc_exponential(&stream) : fc_stream_uniform(&stream) < 0.3;
            fc_precision_result r = {0};
            for (unsigned look = 0; !r.reached && FC_PRECISION_FIRST << look <= MOST; look++)
                r = fc_precision_look(k ? &mean : &share, value,
                                      (uint32_t)FC_PRECISION_FIRST << look, look);
            assert_true(r.reached);
            double truth = k ? 1 : 0.3;
            missed += truth < r.interval.low || truth > r.interval.high;
        }
        assert_in_range(missed, k ? 0 : 20, TIMES * 67 / 1000);
    }
}

/* Stops at a look, at the same one for any number of threads, and goes on from there. */
static void test_running(void **state)
{
    fixture *f = *state;
    fc_precision p;
    fc_experiment_result result;
    fc_precision_result reached;
    const char *digest = NULL;
    assert_int_equal(fc_precision_parse("P(goal): 4 points", f->diag, &p), FC_OK);
    for (unsigned threads = 1; threads <= 4; threads++) {
        char path[16];
        snprintf(path, sizeof path, "%u.db", threads);
        fc_experiment_options options = {.threads = threads, .replications = 3000};
        fc_store *store = open_store(f, path, FC_STORE_WRITE);
        int ret =
            fc_experiment_run_until(store, f->scenario, &p, &options, f->diag, &result, &reached);
        check(f, ret);
        fc_store_close(store);
        assert_true(reached.reached && reached.half_width <= 0.04);
        assert_int_equal(result.done, reached.n);
        if (threads == 1) digest = digest_of(f, path);
        assert_string_equal(digest_of(f, path), digest);
    }
    fc_store *store = open_store(f, "1.db", FC_STORE_WRITE);
    fc_experiment_options options = {.threads = 2, .replications = 250};
    p.wanted = 0.001; /* out of reach of 250 */
    check(f, fc_experiment_run_until(store, f->scenario, &p, &options, f->diag, &result, &reached));
    assert_false(reached.reached);
    assert_int_equal(reached.n, 250);
    options.shards = 2, options.shard = 1;
    assert_int_equal(
        fc_experiment_run_until(store, f->scenario, &p, &options, f->diag, &result, &reached),
        FC_E_USAGE);
    options.shards = 0;
    strcpy(p.entity, "nothing");
    assert_int_equal(
        fc_experiment_run_until(store, f->scenario, &p, &options, f->diag, &result, &reached),
        FC_E_PRECISION_NAME);
    said(f);
    fc_store_close(store);
}

static int run_until(fixture *f, fc_store *store, const char *text, uint32_t most,
                     fc_experiment_result *result, fc_precision_result *reached)
{
    fc_precision p;
    fc_experiment_options options = {.threads = 2, .replications = most};
    check(f, fc_precision_parse(text, f->diag, &p));
    return fc_experiment_run_until(store, f->scenario, &p, &options, f->diag, result, reached);
}

/* A run that was stopped between two looks counts what it had, once. */
static void test_going_on(void **state)
{
    fixture *f = *state;
    fc_experiment_result result;
    fc_precision_result reached;
    fc_store *store = open_store(f, "on.db", FC_STORE_WRITE);
    fc_experiment_options options = {.threads = 2, .replications = 300};
    check(f, fc_experiment_run(store, f->scenario, &options, f->diag, &result));
    /* Looks at 200, 400 and 700: 300 were there, 400 are new. */
    check(f, run_until(f, store, "P(goal): 0.1 points", 700, &result, &reached));
    assert_int_equal(result.found, 300);
    assert_int_equal(result.done, 400);
    assert_int_equal(result.failed, 0);
    assert_int_equal(reached.n, 700);
    assert_int_equal(reached.without, 0);
    assert_string_equal(reached.entity, "korea.targets.goal");
    fc_store_close(store);
}

/* What has no relative precision, or could be several things, is refused. */
static void test_meaning(void **state)
{
    fixture *f = *state;
    fc_experiment_result result;
    fc_precision_result reached;
    fc_store *store = open_store(f, "m.db", FC_STORE_WRITE);
    assert_int_equal(run_until(f, store, "reached_in_service: 1 %", 200, &result, &reached),
                     FC_E_PRECISION_DATE);
    said(f);
    assert_int_equal(run_until(f, store, "delay: 5 %", 200, &result, &reached),
                     FC_E_PRECISION_SEVERAL);
    char *words = fc_diag_text(f->diag, 0, FC_LANG_EN);
    assert_non_null(strstr(words, "korea.delay.supply, "));
    free(words);
    said(f);
    assert_int_equal(result.done, 0);
    check(f, run_until(f, store, "korea.delay.supply.delay: 100 %", 200, &result, &reached));
    assert_string_equal(reached.entity, "korea.delay.supply");
    check(f, run_until(f, store, "gpus_in_service: 100 %", 200, &result, &reached));
    assert_string_equal(reached.entity, "korea");
    fc_store_close(store);
}

static int init(void **state)
{
    (void)state;
    fc_kernel_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_looking),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test_setup_teardown(test_running, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_going_on, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_meaning, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
