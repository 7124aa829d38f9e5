/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replays worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trace/job_csv.h"
#include "trace/replay.h"
#include "trace_maker.h"

/* 4 GPUs. Jobs: submitted, GPUs, run, requested:
 *   1:  0, 3, 100, 100    2: 10, 4, 50, 60    3: 20, 1, 80, 80    4: 30, 1, 90, 90
 *
 * fifo          1: 0-100; 2: 100-150; 3 and 4 wait behind 2: 150-230, 150-240.
 * easy          2 is promised 100, with no GPU to spare. 3 ends at 100 at the latest and starts at
 *               20. 4 would end at 120 and use a GPU that 2 needs: it waits. 2: 100-150; 4:
 * 150-240.
 */
static const char trace[] = "1 0 -1 100 3 -1 -1 3 100 -1 1 7 1 -1 1 1 -1 -1\n"
                            "2 10 -1 50 4 -1 -1 4 60 -1 1 7 1 -1 1 1 -1 -1\n"
                            "3 20 -1 80 1 -1 -1 1 80 -1 1 8 1 -1 1 1 -1 -1\n"
                            "4 30 -1 90 1 -1 -1 1 90 -1 1 8 1 -1 1 1 -1 -1\n";

typedef struct seen {
    double start[16], end[16];
    fc_job_status status[16];
    FILE *csv;
    int jobs;
} seen;

static int take(void *self, const fc_replay_row *row)
{
    seen *s = self;
    int id = atoi(row->job->id) % 16; /* traces with more jobs than that look at the CSV only */
    s->start[id] = row->result->start;
    s->end[id] = row->result->end;
    s->status[id] = row->result->status;
    s->jobs++;
    if (s->csv) fc_job_csv_row(s->csv, "p", row);
    return FC_OK;
}

static fc_replay_result run(const char *text, const fc_policy *policy, const fc_gpu_group *group,
                            fc_replay_spec spec, seen *s)
{
    fc_replay_result result;
    fc_diag *diag = fc_diag_create();
    spec.trace.path = "t";
    spec.trace.bytes = text;
    spec.trace.size = strlen(text);
    spec.trace.names = true;
    spec.policy = policy;
    spec.groups = group;
    spec.group_count = group != NULL;
    spec.checkpoint = spec.checkpoint > 0 ? spec.checkpoint : INFINITY;
    spec.sink = (fc_replay_sink){take, s};
    int ret = fc_replay_run(&spec, diag, &result);
    if (ret) fail_msg("%s", fc_diag_text(diag, 0, FC_LANG_EN));
    fc_diag_free(diag);
    return result;
}

static void expect(const seen *s, const double start[4], const double end[4])
{
    for (int i = 0; i < 4; i++) {
        assert_true(s->start[i + 1] == start[i]);
        assert_true(s->end[i + 1] == end[i]);
    }
}

static void test_policies_by_hand(void **state)
{
    (void)state;
    const fc_gpu_group pool = {.units = 4};
    seen s = {0};
    fc_replay_result r = run(trace, &fc_policy_fifo, &pool, (fc_replay_spec){0}, &s);
    expect(&s, (double[]){0, 100, 150, 150}, (double[]){100, 150, 230, 240});
    assert_true(r.metric[FC_REPLAY_wait_mean] == (90 + 130 + 120) / 4.0);
    assert_true(r.metric[FC_REPLAY_wait_max] == 130);
    assert_true(r.metric[FC_REPLAY_makespan] == 240);
    /* (3 * 100 + 4 * 50 + 80 + 90) GPU-seconds of 4 * 240 */
    assert_true(fabs(r.metric[FC_REPLAY_allocation] - 100 * 670 / 960.0) < 1e-9);
    assert_true(fabs(r.metric[FC_REPLAY_gpu_hours_served] - 670 / 3600.0) < 1e-12);
    assert_true(isnan(r.metric[FC_REPLAY_wait_trace_mean]));
    assert_int_equal(r.counts.jobs, 4);
    run(trace, &fc_policy_easy, &pool, (fc_replay_spec){0}, &s);
    expect(&s, (double[]){0, 100, 20, 150}, (double[]){100, 150, 100, 240});
}

/* Servers of 2: three GPUs are one server and half of another; four need both. */
static void test_servers(void **state)
{
    (void)state;
    const fc_gpu_group servers = {.server_gpus = 2, .units = 2};
    seen s = {0};
    run(trace, &fc_policy_easy, &servers, (fc_replay_spec){0}, &s);
    expect(&s, (double[]){0, 100, 20, 150}, (double[]){100, 150, 100, 240});
}

/* Requested 50, runs 100: killed at 50, or extended and told the length if `exact`. */
static void test_overrun(void **state)
{
    (void)state;
    const char *text = "1 0 -1 100 1 -1 -1 1 50 -1 1 7 1 -1 1 1 -1 -1\n";
    const fc_gpu_group pool = {.units = 1};
    seen s = {0};
    fc_replay_result r =
        run(text, &fc_policy_easy, &pool, (fc_replay_spec){.overrun = FC_OVERRUN_KILL}, &s);
    assert_true(s.end[1] == 50 && s.status[1] == FC_JOB_FAILED);
    assert_true(r.metric[FC_REPLAY_jobs_killed] == 1);
    assert_int_equal(r.too_short, 1);
    run(text, &fc_policy_easy, &pool, (fc_replay_spec){.overrun = FC_OVERRUN_EXTEND}, &s);
    assert_true(s.end[1] == 100 && s.status[1] == FC_JOB_DONE);
    run(text, &fc_policy_easy, &pool, (fc_replay_spec){.overrun = FC_OVERRUN_KILL, .exact = true},
        &s);
    assert_true(s.end[1] == 100 && s.status[1] == FC_JOB_DONE);
}

/* Larger than the cluster: ends the replay, or is rejected and told. MaxProcs is the cluster. */
static void test_too_large(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    fc_text_printf(&text, "; MaxProcs: 3\n%s", trace);
    fc_diag *diag = fc_diag_create();
    fc_replay_result r;
    fc_replay_spec spec = {.trace = {.path = "t", .bytes = text.data, .size = text.length},
                           .policy = &fc_policy_fifo};
    assert_int_equal(fc_replay_run(&spec, diag, &r), FC_E_TRACE_LARGE);
    char *message = fc_diag_text(diag, 0, FC_LANG_EN);
    assert_string_equal(message, "t:3: the job asks for 4 GPUs; no more than 3 can ever serve one "
                                 "job here [E399]");
    free(message);
    fc_diag_clear(diag);
    seen s = {0};
    spec.trace.on_error = FC_TRACE_SKIP;
    spec.sink = (fc_replay_sink){take, &s};
    assert_int_equal(fc_replay_run(&spec, diag, &r), FC_OK);
    assert_int_equal(s.jobs, 4);
    assert_int_equal(s.status[2], FC_JOB_REJECTED);
    assert_true(isnan(s.start[2]));
    assert_int_equal(r.counts.problem[FC_TRACE_LARGE], 1);
    assert_true(r.metric[FC_REPLAY_jobs_rejected] == 1);
    assert_int_equal(r.gpus, 3);
    /* No size anywhere. */
    fc_diag_clear(diag);
    spec.trace.bytes = trace;
    spec.trace.size = sizeof trace - 1;
    assert_int_equal(fc_replay_run(&spec, diag, &r), FC_E_USAGE);
    fc_diag_free(diag);
    fc_text_free(&text);
}

static char *csv_of(const char *text, const fc_policy *policy, const fc_gpu_group *group,
                    fc_replay_spec spec)
{
    char *bytes = NULL;
    size_t size;
    seen s = {.csv = open_memstream(&bytes, &size)};
    assert_non_null(s.csv);
    run(text, policy, group, spec, &s);
    fclose(s.csv);
    return bytes;
}

static void test_csv(void **state)
{
    (void)state;
    const fc_gpu_group pool = {.units = 4};
    char *csv = csv_of(trace, &fc_policy_easy, &pool, (fc_replay_spec){0});
    /* Job 2 waits 90 s and runs 50: turnaround 140, stretch 2.8, bounded slowdown 2.8. */
    assert_non_null(strstr(csv, "2,10,4,60,1,done,100,50,150,90,140,2.8,2.8,0,0,7,1,2,p\n"));
    assert_non_null(strstr(csv, "1,0,3,100,1,done,0,100,100,0,100,1,1,0,0,7,1,1,p\n"));
    free(csv);
    /* A run time of 0 has no stretch; under 10 s the slowdown is bounded: (4 + 0)/10 -> 1. */
    csv = csv_of("1 0 -1 4 4 -1 -1 4 -1 -1 1 -1 -1 -1 1 1 -1 -1\n"
                 "2 0 -1 0 1 -1 -1 1 -1 -1 1 -1 -1 -1 1 1 -1 -1\n",
                 &fc_policy_fifo, &pool, (fc_replay_spec){0});
    assert_non_null(strstr(csv, "2,0,1,,1,done,4,0,4,4,4,,1,0,0,,,2,p\n"));
    free(csv);
}

/* Failures strike and are made good; the same seed gives the same bytes, another seed others. */
static void test_failures(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    make_trace("swf", 5, 2000, 60, 16, &text);
    const fc_gpu_group servers = {.server_gpus = 8, .units = 60};
    fc_replay_spec spec = {.checkpoint = 3600,
                           .failures = {.mtbf = 2 * 86400.0, .repair = 3600, .seed = 1}};
    char *a = csv_of(text.data, &fc_policy_easy, &servers, spec);
    char *b = csv_of(text.data, &fc_policy_easy, &servers, spec);
    assert_string_equal(a, b);
    spec.failures.seed = 2;
    char *c = csv_of(text.data, &fc_policy_easy, &servers, spec);
    assert_string_not_equal(a, c);
    free(b);
    free(c);
    free(a);
    fc_replay_result r;
    fc_diag *diag = fc_diag_create();
    spec.trace = (fc_trace_options){.path = "t", .bytes = text.data, .size = text.length};
    spec.policy = &fc_policy_easy;
    spec.groups = &servers;
    spec.group_count = 1;
    assert_int_equal(fc_replay_run(&spec, diag, &r), FC_OK);
    assert_true(r.metric[FC_REPLAY_jobs_done] == 2000);
    assert_true(r.metric[FC_REPLAY_restarts] > 0);
    assert_true(r.metric[FC_REPLAY_gpu_hours_lost] > 0);
    /* In service: mtbf / (mtbf + repair) = 48/49 of 480; 1 % is ten times the deviation seen. */
    assert_true(fabs(r.metric[FC_REPLAY_gpus_in_service] / 480 - 48 / 49.0) < 0.01);
    fc_diag_free(diag);
    fc_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies_by_hand),
        cmocka_unit_test(test_servers),
        cmocka_unit_test(test_overrun),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
