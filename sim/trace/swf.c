/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Standard Workload Format 2.2: 18 fields separated by blanks, -1 where a value is not known,
 * header comments "; Key: value". Times may have decimals. */
#include <stdio.h>
#include <string.h>
#include "trace/field.h"
#include "trace/reader.h"

enum {
    NUMBER,
    SUBMIT,
    WAIT,
    RUN,
    ALLOCATED,
    REQUESTED = 7,
    REQUESTED_TIME,
    STATUS = 10,
    USER,
    GROUP,
    PRECEDING = 16,
    FIELDS = 18
};

static const char *const names[FIELDS][2] = {
    [NUMBER] = {"job number (field 1)", "작업 번호(1번 항목)"},
    [SUBMIT] = {"submit time (field 2)", "제출 시각(2번 항목)"},
    [WAIT] = {"wait time (field 3)", "대기 시간(3번 항목)"},
    [RUN] = {"run time (field 4)", "실행 시간(4번 항목)"},
    [ALLOCATED] = {"allocated processors (field 5)", "배정 프로세서 수(5번 항목)"},
    [REQUESTED] = {"requested processors (field 8)", "요청 프로세서 수(8번 항목)"},
    [REQUESTED_TIME] = {"requested time (field 9)", "요청 시간(9번 항목)"},
    [STATUS] = {"status (field 11)", "상태(11번 항목)"},
    [PRECEDING] = {"preceding job (field 17)", "선행 작업(17번 항목)"},
};

/* Read as numbers; the user and group are names, the rest is not used. */
enum {
    NUMERIC = 1 << SUBMIT | 1 << WAIT | 1 << RUN | 1 << ALLOCATED | 1 << REQUESTED |
              1 << REQUESTED_TIME | 1 << STATUS | 1 << PRECEDING
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *p)
{
    while (is_blank(*p)) p++;
    return p;
}

static size_t token_length(const char *token)
{
    return (size_t)(fc_field_token_end(token) - token);
}

static fc_verdict wrong_field(fc_reader *reader, fc_trace_problem problem, int field,
                              const char *token)
{
    char quoted[48], name[192];
    fc_reader_quote(token, token_length(token), quoted);
    return fc_reader_wrong(reader, problem, fc_reader_both(names[field][0], names[field][1], name),
                           quoted, NULL);
}

/* "; MaxProcs: 128" */
static void read_comment(fc_reader *reader, const char *p)
{
    double value;
    p = skip_blanks(p + strspn(p, ";"));
    const char *colon = strchr(p, ':');
    if (!colon || !fc_field_number(skip_blanks(colon + 1), &value) || !(value > 0)) return;
    size_t length = (size_t)(colon - p);
    if (length == 8 && memcmp(p, "MaxProcs", 8) == 0 && value <= FC_TRACE_MOST_GPUS)
        reader->max_procs = (int64_t)value;
    if (length == 13 && memcmp(p, "UnixStartTime", 13) == 0 && value < FC_TRACE_LATEST)
        reader->origin = value;
}

/* Each value within what it may be; -1 says that it is not known. */
static fc_verdict check(fc_reader *reader, const double value[FIELDS],
                        const char *const token[FIELDS])
{
    static const int times[] = {SUBMIT, WAIT, RUN, REQUESTED_TIME},
                     counts[] = {ALLOCATED, REQUESTED};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        double t = value[times[i]];
        if (t < 0 && (t != -1 || times[i] == SUBMIT))
            return wrong_field(reader, FC_TRACE_NEGATIVE, times[i], token[times[i]]);
        if (t > FC_TRACE_LATEST)
            return wrong_field(reader, FC_TRACE_NUMBER, times[i], token[times[i]]);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double n = value[counts[i]];
        if (n < 0 && n != -1)
            return wrong_field(reader, FC_TRACE_NEGATIVE, counts[i], token[counts[i]]);
        if (n > FC_TRACE_MOST_GPUS || n != (double)(int64_t)n)
            return wrong_field(reader, FC_TRACE_NUMBER, counts[i], token[counts[i]]);
    }
    return FC_LINE_JOB;
}

static fc_trace_end ended(double status)
{
    return status == 1   ? FC_TRACE_END_COMPLETED
           : status == 0 ? FC_TRACE_END_FAILED
           : status == 5 ? FC_TRACE_END_CANCELLED
                         : FC_TRACE_END_UNKNOWN;
}

static fc_verdict name_of(fc_names *names_of, const char *token, int32_t *number)
{
    size_t length = token_length(token);
    *number = -1;
    if (length == 2 && memcmp(token, "-1", 2) == 0) return FC_LINE_JOB;
    return fc_names_number(names_of, token, length, number) ? FC_LINE_NO_MEMORY : FC_LINE_JOB;
}

static fc_verdict job_of(fc_reader *reader, const double value[FIELDS],
                         const char *const token[FIELDS])
{
    fc_verdict verdict = check(reader, value, token);
    if (verdict != FC_LINE_JOB) return verdict;
    double gpus = value[REQUESTED] > 0 ? value[REQUESTED] : value[ALLOCATED];
    fc_trace_job *job = &reader->job;
    /* Status 2 to 4: a stretch between checkpoints; the whole job has a line of its own. */
    reader->left_out = value[STATUS] >= 2 && value[STATUS] <= 4 ? FC_TRACE_PART
                       : value[RUN] < 0                         ? FC_TRACE_NEVER_RAN
                                                                : FC_TRACE_NO_GPU;
    if (reader->left_out != FC_TRACE_NO_GPU || !(gpus > 0)) return FC_LINE_LEFT_OUT;
    if (!fc_reader_id(reader, token[NUMBER], token_length(token[NUMBER]))) return FC_LINE_WRONG;
    job->submit = value[SUBMIT];
    job->run = value[RUN];
    job->requested = value[REQUESTED_TIME] > 0 ? value[REQUESTED_TIME] : -1;
    job->waited = value[WAIT];
    job->gpus = (int32_t)gpus;
    job->priority = 0;
    job->ended = ended(value[STATUS]);
    reader->counts->after_another += value[PRECEDING] > 0;
    job->user = job->group = -1;
    if (!reader->names) return FC_LINE_JOB;
    verdict = name_of(&reader->users, token[USER], &job->user);
    return verdict == FC_LINE_JOB ? name_of(&reader->groups, token[GROUP], &job->group) : verdict;
}

/* Where the tokens of a line start. False if they are not FIELDS, or parted by control characters.
 */
static bool split(const fc_line *line, const char *token[FIELDS])
{
    uint64_t carry = 1; /* a separator stands before the line */
    int n = 0;
    for (size_t at = 0; at < line->length; at += 64) {
        uint64_t control, separators = fc_field_separators(line->text + at, &control);
        uint64_t starts = ~separators & (separators << 1 | carry);
        uint64_t within =
            line->length - at < 64 ? (UINT64_C(1) << (line->length - at)) - 1 : ~UINT64_C(0);
        carry = separators >> 63;
        if (control & within) return false;
        for (starts &= within; starts; starts &= starts - 1) {
            if (n == FIELDS) return false;
            token[n++] = line->text + at + __builtin_ctzll(starts);
        }
    }
    return n == FIELDS && *token[0] != ';';
}

/* A line with nothing wrong about it, as nearly all are: where its numbers stand is found first, so
 * that none waits for the one before. False: it must be looked at token by token. */
static bool read_right_line(const fc_line *line, double value[FIELDS], const char *token[FIELDS])
{
    bool right = split(line, token);
    for (int i = 0; right && i < FIELDS; i++) {
        if (!(NUMERIC >> i & 1)) continue;
        const char *end = fc_field_number(token[i], &value[i]);
        right = end && (unsigned char)*end <= ' ';
    }
    return right;
}

fc_verdict fc_swf_read(fc_reader *reader, fc_line *line)
{
    double value[FIELDS];
    const char *token[FIELDS], *p = skip_blanks(line->text);
    int n = 0;
    if (read_right_line(line, value, token)) return job_of(reader, value, token);
    if (*p == ';') read_comment(reader, p);
    if (*p == ';' || p == line->text + line->length) return FC_LINE_NONE;
    for (; *p; n++, p = skip_blanks(p)) {
        const char *start = p;
        if (n < FIELDS && NUMERIC >> n & 1) {
            p = fc_field_number(start, &value[n]);
            if (!p || (unsigned char)*p > ' ')
                return wrong_field(reader, FC_TRACE_NUMBER, n, start);
        } else {
            p = fc_field_token_end(start);
        }
        if (n < FIELDS) token[n] = start;
        if (*p && !is_blank(*p)) break;
    }
    if (p < line->text + line->length) return fc_reader_control(reader);
    if (n != FIELDS) {
        char found[16];
        snprintf(found, sizeof found, "%d", n);
        return fc_reader_wrong(reader, FC_TRACE_FIELDS, found, "18", NULL);
    }
    return job_of(reader, value, token);
}

/* A file of only comments is one too; a first line of numbers is, however many there are, so that
 * a line that lacks some is reported as such. */
bool fc_swf_is(fc_reader *reader, fc_line *line)
{
    double value;
    (void)reader;
    const char *p = skip_blanks(line->text);
    if (*p == ';') return true;
    for (int n = 0; n < 5; n++) {
        p = fc_field_number(p, &value);
        if (!p || (!is_blank(*p) && *p)) return false;
        p = skip_blanks(p);
    }
    return true;
}
