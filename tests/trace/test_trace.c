/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traces: each format by hand, and made ones that must come back as they were made.
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

#include "trace/field.h"
#include "trace/names.h"
#include "trace/trace.h"
#include "trace_maker.h"

static fc_trace *open_text(const char *text, size_t size, bool sort)
{
    fc_trace *trace = NULL;
    fc_diag *diag = fc_diag_create();
    fc_trace_options options = {
        .path = "t", .bytes = text, .size = size, .names = true, .sort = sort};
    int ret = fc_trace_open(&options, diag, &trace);
    if (ret) fail_msg("%s", fc_diag_text(diag, 0, FC_LANG_EN));
    fc_diag_free(diag);
    return trace;
}

static fc_trace *open_string(const char *text)
{
    return open_text(text, strlen(text), false);
}

static fc_trace_job next(fc_trace *trace)
{
    const fc_trace_job *job;
    assert_int_equal(fc_trace_next(trace, &job), FC_OK);
    assert_non_null(job);
    return *job;
}

static const fc_trace_counts *read_end(fc_trace *trace)
{
    const fc_trace_job *job;
    assert_int_equal(fc_trace_next(trace, &job), FC_OK);
    assert_null(job);
    return fc_trace_counted(trace);
}

static void at_end(fc_trace *trace)
{
    read_end(trace);
    fc_trace_close(trace);
}

/* Three jobs; a stretch of a job, one that never ran and one without processors are none. */
static void test_swf(void **state)
{
    (void)state;
    fc_trace *trace = open_string("; Version: 2.2\n"
                                  ";   UnixStartTime: 1000000\n"
                                  "; MaxProcs: 128\n"
                                  "\n"
                                  "1 0 5 60 4 -1 -1 8 120 -1 1 17 3 -1 1 1 -1 -1\n"
                                  "  2\t0.5 -1 1e1 4 -1 -1 -1 -1 -1 5 -1 -1 -1 1 1 1 0\n"
                                  "3 7 0 10 4 -1 -1 4 -1 -1 2 17 3 -1 1 1 -1 -1\n"
                                  "4 7 0 -1 4 -1 -1 4 -1 -1 5 17 3 -1 1 1 -1 -1\n"
                                  "5 7 0 9 -1 -1 -1 -1 -1 -1 1 17 3 -1 1 1 -1 -1\n"
                                  "6 7 0 0 1 -1 -1 -1 0 -1 0 3 3 -1 1 1 -1 -1");
    assert_string_equal(fc_trace_format(trace), "swf");
    assert_true(fc_trace_origin(trace) == 1000000);
    assert_int_equal(fc_trace_max_procs(trace), 128);
    fc_trace_job job = next(trace);
    assert_string_equal(job.id, "1");
    assert_true(job.submit == 0 && job.run == 60 && job.waited == 5 && job.requested == 120);
    assert_int_equal(job.gpus, 8); /* what was requested, not what was allocated */
    assert_int_equal(job.line, 5);
    assert_int_equal(job.ended, FC_TRACE_END_COMPLETED);
    assert_int_equal(job.user, 0);
    job = next(trace);
    assert_true(job.submit == 0.5 && job.run == 10 && job.waited == -1 && job.requested == -1);
    assert_int_equal(job.gpus, 4);
    assert_int_equal(job.ended, FC_TRACE_END_CANCELLED);
    assert_int_equal(job.user, -1);
    job = next(trace);
    assert_string_equal(job.id, "6");
    assert_true(job.run == 0 && job.requested == -1);
    assert_int_equal(job.user, 1);
    const fc_trace_counts *counts = read_end(trace);
    assert_int_equal(counts->lines, 10);
    assert_int_equal(counts->jobs, 3);
    assert_int_equal(counts->left_out[FC_TRACE_PART], 1);
    assert_int_equal(counts->left_out[FC_TRACE_NEVER_RAN], 1);
    assert_int_equal(counts->left_out[FC_TRACE_NO_GPU], 1);
    assert_int_equal(counts->after_another, 1);
    fc_trace_close(trace);
}

/* Times from the first submission; the zone counts; a CPU job is left out. */
static void test_helios(void **state)
{
    (void)state;
    fc_trace *trace = open_string(
        "job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,"
        "queue\r\n"
        "11,u1,vcA,1,1,1,COMPLETED,2020-06-09 18:41:01,2020-06-09 18:41:11,2020-06-10 04:55:09,"
        "36838,10\r\n"
        "12,u2,vcA,0,1,1,COMPLETED,2020-06-09 18:41:02,2020-06-09 18:41:02,2020-06-09 18:41:03,1,"
        "0\r\n"
        "13,u1,vcB,16,1,2,CANCELLED,2020-06-09 18:42:01,,,7,\r\n"
        "14,u3,vcB,16,1,2,NODE_FAIL,2020-06-09 18:42:01,,,,\r\n");
    assert_string_equal(fc_trace_format(trace), "helios");
    assert_true(fc_trace_origin(trace) == 1591728061);
    fc_trace_job job = next(trace);
    assert_true(job.submit == 0 && job.run == 36838 && job.waited == 10);
    job = next(trace);
    assert_string_equal(job.id, "13");
    assert_true(job.submit == 60 && job.run == 7 &&
                job.waited == -1); /* duration, for want of times */
    assert_int_equal(job.gpus, 16);
    assert_int_equal(job.user, 0);
    assert_int_equal(job.group, 1);
    assert_int_equal(job.ended, FC_TRACE_END_CANCELLED);
    assert_int_equal(read_end(trace)->crlf, 5);
    fc_trace_close(trace);
}

/* Kalos counts its duration from submission (18 = 8 + 10): start and end count. */
static void test_acme(void **state)
{
    (void)state;
    fc_trace *trace = open_string(
        "job_id,user,node_num,gpu_num,cpu_num,mem_per_pod_GB,shared_mem_per_pod,type,state,"
        "submit_time,start_time,end_time,fail_time,stop_time,duration,queue,gpu_time\n"
        "dlctk696s0jbvitv,uf794,8,64,960,1000,100.0,Other,FAILED,2023-05-17 11:00:58+00:00,"
        "2023-05-17 11:01:08+00:00,2023-05-17 11:01:16+00:00,2023-05-17 11:01:16+00:00,,18,10.0,"
        "1152.0\n"
        "dlc2,uf794,1,8,96,1000,100.0,Other,COMPLETED,2023-05-17 20:01:58+09:00,"
        "2023-05-17T11:02:00Z,2023-05-17 11:02:00.25+00:00,,,2,2,0\n");
    assert_string_equal(fc_trace_format(trace), "acme");
    fc_trace_job job = next(trace);
    assert_string_equal(job.id, "dlctk696s0jbvitv");
    assert_true(job.submit == 0 && job.waited == 10 && job.run == 8);
    assert_int_equal(job.gpus, 64);
    assert_int_equal(job.ended, FC_TRACE_END_FAILED);
    job = next(trace);
    assert_true(job.submit == 60 && job.waited == 2 && job.run == 0.25);
    at_end(trace);
}

static void test_philly(void **state)
{
    (void)state;
    fc_trace *trace = open_string("timestamp,duration,num_gpus,gpu_time,cluster\n"
                                  "2017-09-04 00:00:10,100.5,4,402,\"a,\"\"b\"\"\"\n"
                                  "2017-09-04 00:01:10,7,1,7,c\n");
    assert_string_equal(fc_trace_format(trace), "philly");
    fc_trace_job job = next(trace);
    assert_string_equal(job.id, "2"); /* its line, for want of an id */
    assert_true(job.submit == 0 && job.run == 100.5 && job.waited == -1);
    assert_int_equal(job.gpus, 4);
    assert_int_equal(job.group, 0);
    assert_int_equal(job.user, -1);
    job = next(trace);
    assert_true(job.submit == 60);
    assert_int_equal(job.group, 1);
    at_end(trace);
}

/* Numbers are seconds as they stand; a part of a GPU takes a whole one; Pending pods never ran. */
static void test_openb(void **state)
{
    (void)state;
    fc_trace *trace = open_string(
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
        "deletion_time,scheduled_time\n"
        "openb-pod-0000,12000,16384,1,460,,LS,Running,5,105,6\n"
        "openb-pod-0001,12000,16384,8,1000,V100M16|V100M32,Burstable,Succeeded,6,16,6\n"
        "openb-pod-0002,12000,16384,0,0,,BE,Running,6,16,6\n"
        "openb-pod-0003,12000,16384,1,1000,nan,BE,Pending,7,17,\n"
        "openb-pod-0004,12000,16384,1,1000,nan,BE,Failed,7,17,8\n");
    assert_string_equal(fc_trace_format(trace), "openb");
    assert_true(isnan(fc_trace_origin(trace)));
    fc_trace_job job = next(trace);
    assert_true(job.submit == 5 && job.run == 99 && job.waited == 1);
    assert_int_equal(job.gpus, 1);
    assert_int_equal(job.priority, 3);
    job = next(trace);
    assert_int_equal(job.gpus, 8);
    assert_int_equal(job.priority, 1);
    assert_int_equal(job.ended, FC_TRACE_END_COMPLETED);
    job = next(trace);
    assert_string_equal(job.id, "openb-pod-0004");
    assert_int_equal(job.ended, FC_TRACE_END_FAILED);
    const fc_trace_counts *counts = read_end(trace);
    assert_int_equal(counts->parts_of_gpu, 1);
    assert_int_equal(counts->left_out[FC_TRACE_NO_GPU], 1);
    assert_int_equal(counts->left_out[FC_TRACE_NEVER_RAN], 1);
    fc_trace_close(trace);
}

/* Ties stay as they stand; dates count from the job that was submitted first. */
static void test_sort(void **state)
{
    (void)state;
    const char *text = "timestamp,duration,num_gpus,gpu_time,cluster\n"
                       "2020-01-01 00:01:00,1,1,0,a\n"
                       "2020-01-01 00:00:10,2,1,0,a\n"
                       "2020-01-01 00:01:00,3,1,0,a\n"
                       "2020-01-01 00:00:00,4,1,0,a\n";
    fc_trace *trace = open_text(text, strlen(text), true);
    static const double submit[] = {0, 10, 60, 60}, run[] = {4, 2, 1, 3};
    assert_true(fc_trace_origin(trace) == 1577836800);
    assert_int_equal(fc_trace_counted(trace)->sorted, 2);
    for (int i = 0; i < 4; i++) {
        fc_trace_job job = next(trace);
        assert_true(job.submit == submit[i] && job.run == run[i]);
    }
    at_end(trace);
}

static void check_made(const char *format, const fc_text *bytes, int64_t n)
{
    trace_maker maker = {.state = 7, .mean_gap = 30, .most_gpus = 64};
    fc_trace *trace = open_text(bytes->data, bytes->length, false);
    assert_string_equal(fc_trace_format(trace), format);
    int64_t first = 0;
    for (int64_t i = 0; i < n; i++) {
        made_job made = make_job(&maker);
        fc_trace_job job = next(trace);
        if (i == 0 && !isnan(fc_trace_origin(trace))) first = made.submit;
        assert_true(job.submit == (double)(made.submit - first));
        assert_true(job.run == (double)made.run);
        assert_int_equal(job.gpus, made.gpus);
        assert_true(job.requested == (strcmp(format, "swf") ? -1.0 : (double)made.requested));
    }
    assert_int_equal(fc_trace_counted(trace)->jobs, n);
    assert_true(fc_trace_progress(trace) > 0.99);
    at_end(trace);
}

/* Plain, gzip, and gzip in two members cut in the middle of a line: far more than one block. */
static void test_made(void **state)
{
    enum { N = 20000 };
    (void)state;
    for (size_t i = 0; fc_trace_formats[i]; i++) {
        fc_text plain = FC_TEXT_EMPTY, packed = FC_TEXT_EMPTY, two = FC_TEXT_EMPTY;
        make_trace(fc_trace_formats[i], 7, N, 30, 64, &plain);
        make_gzip(plain.data, plain.length, &packed);
        make_gzip(plain.data, 100001, &two);
        make_gzip(plain.data + 100001, plain.length - 100001, &two);
        check_made(fc_trace_formats[i], &plain, N);
        check_made(fc_trace_formats[i], &packed, N);
        check_made(fc_trace_formats[i], &two, N);
        fc_text_free(&plain);
        fc_text_free(&packed);
        fc_text_free(&two);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        size_t length; /* 0: no number */
    } cases[] = {
        {"0", 0, 1},
        {"-1 ", -1, 2},
        {"999999999999999", 999999999999999, 15},
        {"9007199254740993", 9007199254740992, 16},
        {"0.1", 0.1, 3},
        {"-2.5,", -2.5, 4},
        {".5", 0.5, 2},
        {"5.", 5, 2},
        {"1e3", 1000, 3},
        {"123456789012345678901234567890", 123456789012345678901234567890.0, 30},
        {"0.30000000000000004", 0.30000000000000004, 19},
        {"1e999", 0, 0},
        {"", 0, 0},
        {"-", 0, 0},
        {".", 0, 0},
        {"1e", 0, 0},
        {"inf", 0, 0},
        {"nan", 0, 0},
        {" 1", 0, 0},
        {"x1", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -77;
        char padded[64] = "";
        strcpy(padded, cases[i].text);
        const char *end = fc_field_number(padded, &value);
        if (cases[i].length == 0) {
            assert_null(end);
            continue;
        }
        assert_ptr_equal(end, padded + cases[i].length);
        assert_true(value == cases[i].value);
    }
    double value;
    char hexadecimal[32] = "0x10"; /* 0, and the x is the caller's */
    assert_ptr_equal(fc_field_number(hexadecimal, &value), hexadecimal + 1);
    assert_true(value == 0);
    for (int64_t n = 1, i = 0; n < INT64_C(1000000000000000); n = n * 3 + i++) {
        char text[2][40] = {""};
        snprintf(text[0], 40, "%lld 9", (long long)n);
        snprintf(text[1], 40, "-%lld", (long long)n);
        assert_ptr_equal(fc_field_number(text[0], &value), strchr(text[0], ' '));
        assert_true(value == (double)n);
        assert_ptr_equal(fc_field_number(text[1], &value), text[1] + strlen(text[1]));
        assert_true(value == -(double)n);
    }
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value; /* NaN: none */
    } cases[] = {
        {"1970-01-01 00:00:00", 0},          {"1970-01-02T00:00:01", 86401},
        {"2020-02-29 23:59:59", 1583020799}, {"2020-02-29 23:59:59.5", 1583020799.5},
        {"1970-01-01 09:00:00+09:00", 0},    {"1969-12-31 19:00:00-05:00", 0},
        {"1970-01-01 00:00:00Z", 0},         {"2021-02-29 00:00:00", NAN},
        {"2021-02-28 24:00:00", NAN},        {"2021-02-28", NAN},
        {"2021-02-28 00:00:00 PST", NAN},    {"2021-02-28 00:00:00+09", NAN},
        {"2021/02/28 00:00:00", NAN},        {"", NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = NAN;
        bool is = fc_field_time(cases[i].text, strlen(cases[i].text), &value);
        assert_int_equal(is, !isnan(cases[i].value));
        if (is) assert_true(value == cases[i].value);
    }
}

static void test_names(void **state)
{
    (void)state;
    fc_names names = FC_NAMES_EMPTY;
    char name[16];
    int32_t number;
    for (int round = 0; round < 2; round++)
        for (int32_t i = 0; i < 5000; i++) {
            size_t length = (size_t)snprintf(name, sizeof name, "user%d", i);
            assert_int_equal(fc_names_number(&names, name, length, &number), FC_OK);
            assert_int_equal(number, i);
        }
    assert_int_equal(fc_names_number(&names, "user12", 5, &number), FC_OK);
    assert_int_equal(number, 1);
    assert_string_equal(fc_names_of(&names, 4999), "user4999");
    assert_null(fc_names_of(&names, 5000));
    assert_null(fc_names_of(&names, -1));
    fc_names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swf),    cmocka_unit_test(test_helios),  cmocka_unit_test(test_acme),
        cmocka_unit_test(test_philly), cmocka_unit_test(test_openb),   cmocka_unit_test(test_sort),
        cmocka_unit_test(test_made),   cmocka_unit_test(test_numbers), cmocka_unit_test(test_times),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
