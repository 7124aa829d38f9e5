/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traces that are wrong: every message, in both languages; what is skipped is counted; hostile
 * files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trace/lines.h"
#include "trace/trace.h"
#include "trace_maker.h"

#define GOOD "1 0 -1 60 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n"
#define PHILLY "timestamp,duration,num_gpus,gpu_time,cluster\n"
#define OPENB                                                                                      \
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_"   \
    "time,"                                                                                        \
    "scheduled_time\n"

typedef struct outcome {
    int ret;
    uint64_t jobs;
    fc_trace_counts counts;
    fc_diag *diag;
} outcome;

static outcome read_bytes(const char *bytes, size_t size, fc_trace_on_error on_error, bool sort)
{
    outcome o = {.diag = fc_diag_create()};
    fc_trace *trace;
    fc_trace_options options = {.path = "t",
                                .bytes = bytes,
                                .size = size,
                                .on_error = on_error,
                                .names = true,
                                .sort = sort};
    const fc_trace_job *job;
    o.ret = fc_trace_open(&options, o.diag, &trace);
    if (o.ret) return o;
    while (!(o.ret = fc_trace_next(trace, &job)) && job) o.jobs++;
    o.counts = *fc_trace_counted(trace);
    fc_trace_close(trace);
    return o;
}

static void expect_message(const fc_diag *diag, size_t i, fc_lang lang, const char *expected)
{
    char *text = fc_diag_text(diag, i, lang);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static const struct {
    const char *text;
    fc_trace_problem problem;
    int line;
    const char *en, *ko;
} wrong[] = {
    {GOOD "2 5 -1 60 4 -1 -1 4\n", FC_TRACE_FIELDS, 2,
     "t:2: this line has 8 fields instead of 18 [E390]",
     "t:2: 이 줄의 항목 수: 8개(있어야 할 수: 18개) [E390]"},
    {GOOD "2 5 -1 60 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1 7\n", FC_TRACE_FIELDS, 2,
     "t:2: this line has 19 fields instead of 18 [E390]",
     "t:2: 이 줄의 항목 수: 19개(있어야 할 수: 18개) [E390]"},
    {GOOD "2 5 -1 soon 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NUMBER, 2,
     "t:2: run time (field 4): 'soon' is not a value it can have [E391]",
     "t:2: 실행 시간(4번 항목): 'soon' 값은 쓸 수 없습니다 [E391]"},
    {GOOD "2 5 -1 60 4 -1 -1 2.5 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NUMBER, 2,
     "t:2: requested processors (field 8): '2.5' is not a value it can have [E391]",
     "t:2: 요청 프로세서 수(8번 항목): '2.5' 값은 쓸 수 없습니다 [E391]"},
    {GOOD "2 5 -1 60 4 -1 -1 99999999999999999999 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NUMBER, 2,
     "t:2: requested processors (field 8): '99999999999999999999' is not a value it can have "
     "[E391]",
     "t:2: 요청 프로세서 수(8번 항목): '99999999999999999999' 값은 쓸 수 없습니다 [E391]"},
    {GOOD "2 5 -1 1e300 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NUMBER, 2,
     "t:2: run time (field 4): '1e300' is not a value it can have [E391]",
     "t:2: 실행 시간(4번 항목): '1e300' 값은 쓸 수 없습니다 [E391]"},
    {GOOD "2 -1 -1 60 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NEGATIVE, 2,
     "t:2: submit time (field 2): '-1' is negative [E392]",
     "t:2: 제출 시각(2번 항목): '-1' 값은 음수입니다 [E392]"},
    {GOOD "2 5 -1 -60 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n", FC_TRACE_NEGATIVE, 2,
     "t:2: run time (field 4): '-60' is negative [E392]",
     "t:2: 실행 시간(4번 항목): '-60' 값은 음수입니다 [E392]"},
    {"1 9 -1 60 4 -1 -1 4 -1 -1 1 1 1 -1 1 1 -1 -1\n" GOOD, FC_TRACE_UNSORTED, 2,
     "t:2: submitted at 0 s, which is before the job above it (9 s); --sort puts a trace in order "
     "[E394]",
     "t:2: 제출 시각 0초: 위의 작업(9초)보다 이릅니다. --sort를 쓰면 제출 순서대로 정렬합니다 "
     "[E394]"},
    {PHILLY "0,1,1,1,a\n5,1,1,1\n", FC_TRACE_FIELDS, 3,
     "t:3: this line has 4 fields instead of 5 [E390]",
     "t:3: 이 줄의 항목 수: 4개(있어야 할 수: 5개) [E390]"},
    {PHILLY "0,1,1,1,a\n,1,1,1,a\n", FC_TRACE_NUMBER, 3,
     "t:3: timestamp: '' is not a value it can have [E391]",
     "t:3: timestamp: '' 값은 쓸 수 없습니다 [E391]"},
    {PHILLY "0,1,1,1,a\n2020-13-01 00:00:00,1,1,1,a\n", FC_TRACE_NUMBER, 3,
     "t:3: timestamp: '2020-13-01 00:00:00' is not a value it can have [E391]",
     "t:3: timestamp: '2020-13-01 00:00:00' 값은 쓸 수 없습니다 [E391]"},
    {PHILLY "0,1,1,1,a\n5,-3,1,1,a\n", FC_TRACE_NEGATIVE, 3,
     "t:3: duration: '-3' is negative [E392]", "t:3: duration: '-3' 값은 음수입니다 [E392]"},
    {PHILLY "0,1,1,1,a\n5,\"1\"0,1,1,a\n", FC_TRACE_QUOTE, 3,
     "t:3: there is a quote out of place in this line [E397]",
     "t:3: 이 줄에 자리가 잘못된 따옴표가 있습니다 [E397]"},
    {PHILLY "0,1,1,1,a\n5,1,1,1,\"a\n", FC_TRACE_QUOTE, 3,
     "t:3: there is a quote out of place in this line [E397]",
     "t:3: 이 줄에 자리가 잘못된 따옴표가 있습니다 [E397]"},
    {PHILLY "0,1,1,1,a\n2020-03-01 00:00:00,1,1,1,a\n", FC_TRACE_NUMBER, 3,
     "t:3: timestamp: '2020-03-01 00:00:00' is not a value it can have [E391]",
     "t:3: timestamp: '2020-03-01 00:00:00' 값은 쓸 수 없습니다 [E391]"},
    {PHILLY "2020-03-01 00:00:00,1,1,1,a\n7,1,1,1,a\n", FC_TRACE_NUMBER, 3,
     "t:3: timestamp: '7' is not a value it can have [E391]",
     "t:3: timestamp: '7' 값은 쓸 수 없습니다 [E391]"},
    {OPENB "a,1,1,1,1000,,LS,Running,0,9,0\n"
           "b,1,1,1,1000,,LS,Running,5,2020-03-01 00:00:00,6\n",
     FC_TRACE_NUMBER, 3,
     "t:3: deletion_time: '2020-03-01 00:00:00' is not a value it can have [E391]",
     "t:3: deletion_time: '2020-03-01 00:00:00' 값은 쓸 수 없습니다 [E391]"},
    {OPENB "a,1,1,1,1000,,LS,Running,0,9,0\nb,1,1,1,1000,,LS,Running,5,9,10\n", FC_TRACE_ORDER, 3,
     "t:3: deletion_time is before scheduled_time [E393]",
     "t:3: deletion_time 시각이 scheduled_time 시각보다 이릅니다 [E393]"},
    {OPENB
     "a,1,1,1,1000,,LS,Running,0,9,0\n"
     "a-name-that-is-longer-than-any-identifier-should-ever-be,1,1,1,1000,,LS,Running,5,9,6\n",
     FC_TRACE_ID, 3,
     "t:3: the id 'a-name-that-is-longer-than-any-identifie…' has more than 47 bytes [E395]",
     "t:3: 작업 번호 'a-name-that-is-longer-than-any-identifie…': 47바이트를 넘습니다 [E395]"},
};

/* Under `stop` the message; under `skip` the same as a warning, counted, and the good line read. */
static void test_every_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        outcome o = read_bytes(wrong[i].text, strlen(wrong[i].text), FC_TRACE_STOP, false);
        assert_int_not_equal(o.ret, FC_OK);
        assert_int_equal(fc_diag_errors(o.diag), 1);
        expect_message(o.diag, 0, FC_LANG_EN, wrong[i].en);
        expect_message(o.diag, 0, FC_LANG_KO, wrong[i].ko);
        fc_diag_free(o.diag);

        o = read_bytes(wrong[i].text, strlen(wrong[i].text), FC_TRACE_SKIP, false);
        assert_int_equal(o.ret, FC_OK);
        assert_int_equal(o.jobs, 1);
        assert_int_equal(o.counts.problem[wrong[i].problem], 1);
        assert_int_equal(o.counts.first_line[wrong[i].problem], wrong[i].line);
        assert_int_equal(fc_diag_errors(o.diag), 0);
        assert_int_equal(fc_diag_warnings(o.diag), 1);
        fc_diag_free(o.diag);
    }
}

static void test_warning(void **state)
{
    (void)state;
    const char *text = GOOD "2 5\n";
    outcome o = read_bytes(text, strlen(text), FC_TRACE_SKIP, false);
    expect_message(o.diag, 0, FC_LANG_EN,
                   "t:2: skipped: this line has 2 fields instead of 18 [W902]");
    expect_message(o.diag, 0, FC_LANG_KO,
                   "t:2: 건너뜀: 이 줄의 항목 수: 2개(있어야 할 수: 18개) [W902]");
    fc_diag_free(o.diag);
}

/* Only the first of a kind are told one by one; all are counted. */
static void test_many(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    fc_text_add(&text, GOOD);
    for (int i = 0; i < 1000; i++) fc_text_add(&text, i % 2 ? "nonsense\n" : "1 2\n");
    outcome o = read_bytes(text.data, text.length, FC_TRACE_SKIP, false);
    assert_int_equal(o.ret, FC_OK);
    assert_int_equal(o.jobs, 1);
    assert_int_equal(o.counts.problem[FC_TRACE_FIELDS], 1000);
    assert_int_equal(o.counts.first_line[FC_TRACE_FIELDS], 2);
    assert_int_equal(fc_diag_warnings(o.diag), FC_TRACE_REPORTED);
    fc_diag_free(o.diag);
    fc_text_free(&text);
}

/* A gzip cut anywhere: what was whole is read, and nobody is told that it was all. */
static void test_truncated_gzip(void **state)
{
    enum { N = 300 };
    (void)state;
    fc_text plain = FC_TEXT_EMPTY, packed = FC_TEXT_EMPTY;
    make_trace("swf", 3, N, 30, 8, &plain);
    make_gzip(plain.data, plain.length, &packed);
    uint64_t before = 0;
    for (size_t size = 600; size < packed.length; size += 97) {
        outcome o = read_bytes(packed.data, size, FC_TRACE_SKIP, false);
        assert_int_equal(o.ret, FC_OK);
        assert_int_equal(o.counts.problem[FC_TRACE_GZIP], 1);
        assert_true(o.jobs >= before && o.jobs <= N);
        before = o.jobs;
        fc_diag_free(o.diag);
        o = read_bytes(packed.data, size, FC_TRACE_STOP, false);
        assert_int_equal(o.ret, FC_E_TRACE_GZIP);
        fc_diag_free(o.diag);
    }
    assert_true(before > N / 2);
    /* Something else behind the end, and a byte that is not what was packed. */
    fc_text_add(&packed, "rubbish");
    outcome o = read_bytes(packed.data, packed.length, FC_TRACE_STOP, false);
    assert_int_equal(o.ret, FC_E_TRACE_GZIP);
    fc_diag_free(o.diag);
    packed.length -= 7;
    packed.data[packed.length / 2] ^= 0x10;
    o = read_bytes(packed.data, packed.length, FC_TRACE_STOP, false);
    assert_int_not_equal(o.ret, FC_OK);
    fc_diag_free(o.diag);
    fc_text_free(&plain);
    fc_text_free(&packed);
}

static void test_long_line(void **state)
{
    enum { LONG = 10 * 1000 * 1000 };
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    char *digits = malloc(LONG);
    assert_non_null(digits);
    memset(digits, '7', LONG);
    fc_text_add(&text, GOOD);
    fc_text_addn(&text, digits, LONG);
    fc_text_add(&text, "\n" GOOD);
    outcome o = read_bytes(text.data, text.length, FC_TRACE_SKIP, false);
    assert_int_equal(o.ret, FC_OK);
    assert_int_equal(o.jobs, 2);
    assert_int_equal(o.counts.lines, 3);
    assert_int_equal(o.counts.problem[FC_TRACE_LONG], 1);
    assert_int_equal(o.counts.first_line[FC_TRACE_LONG], 2);
    fc_diag_free(o.diag);
    /* The longest that fits is a line like any other, with and without an end. */
    for (int end = 0; end < 2; end++) {
        fc_text_clear(&text);
        fc_text_add(&text, GOOD);
        fc_text_addn(&text, digits, FC_LINES_LONGEST);
        if (end) fc_text_add(&text, "\n");
        o = read_bytes(text.data, text.length, FC_TRACE_SKIP, false);
        assert_int_equal(o.counts.problem[FC_TRACE_LONG], 0);
        assert_int_equal(o.counts.problem[FC_TRACE_FIELDS], 1);
        fc_diag_free(o.diag);
    }
    free(digits);
    fc_text_free(&text);
}

static void test_control_characters(void **state)
{
    (void)state;
    static const char nul[] = GOOD "2 5 -1 60 4 -1 -1 4 -1\0-1 1 1 1 -1 1 1 -1 -1\n";
    static const char csv[] = PHILLY "0,1,1,1,a\n5,1,1,1,a\0b\n";
    outcome o = read_bytes(nul, sizeof nul - 1, FC_TRACE_SKIP, false);
    assert_int_equal(o.counts.problem[FC_TRACE_BYTES], 1);
    assert_int_equal(o.jobs, 1);
    fc_diag_free(o.diag);
    o = read_bytes(csv, sizeof csv - 1, FC_TRACE_STOP, false);
    assert_int_equal(o.ret, FC_E_TRACE_BYTES);
    expect_message(o.diag, 0, FC_LANG_EN,
                   "t:3: there is a NUL or another control character in this line [E397]");
    expect_message(o.diag, 0, FC_LANG_KO, "t:3: 이 줄에 NUL 등 제어 문자가 있습니다 [E397]");
    fc_diag_free(o.diag);
}

static void test_no_trace(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
    } cases[] = {
        {"", FC_E_TRACE_EMPTY},
        {"\n\n\n", FC_E_TRACE_EMPTY},
        {"; Version: 2.2\n", FC_E_TRACE_EMPTY},
        {PHILLY, FC_E_TRACE_EMPTY},
        {"fleetcast: 1\n", FC_E_TRACE_FORMAT},
        {"timestamp,duration\n1,2\n", FC_E_TRACE_FORMAT},
        {"\x1f\x8b", FC_E_TRACE_GZIP},
        {"\x1f\x8bnonsense", FC_E_TRACE_GZIP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        outcome o = read_bytes(cases[i].text, strlen(cases[i].text), FC_TRACE_STOP, i % 2);
        assert_int_equal(o.ret, cases[i].code);
        assert_int_equal(fc_diag_errors(o.diag), 1);
        fc_diag_free(o.diag);
    }
    fc_diag *diag = fc_diag_create();
    fc_trace *trace;
    fc_trace_options options = {.path = "/"};
    assert_int_equal(fc_trace_open(&options, diag, &trace), FC_E_FILE_OPEN);
    options.path = "/no/such/file";
    assert_int_equal(fc_trace_open(&options, diag, &trace), FC_E_FILE_OPEN);
    options =
        (fc_trace_options){.path = "t", .bytes = GOOD, .size = strlen(GOOD), .format = "acme"};
    assert_int_equal(fc_trace_open(&options, diag, &trace), FC_E_TRACE_FORMAT);
    expect_message(diag, 2, FC_LANG_EN,
                   "t:1: a trace of the format acme does not begin like this; docs/replay.md tells "
                   "how each begins [E388]");
    fc_diag_free(diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_problem), cmocka_unit_test(test_warning),
        cmocka_unit_test(test_many),          cmocka_unit_test(test_truncated_gzip),
        cmocka_unit_test(test_long_line),     cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
