/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traces as CSV (RFC 4180) whose first line names the columns. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "trace/field.h"
#include "trace/reader.h"

/* Columns by what they tell. All must be there: they are what a format is known by. */
typedef struct fc_csv_columns {
    const char *role[FC_ROLES];
    bool from_submission; /* what FC_ROLE_RUN tells may count from submission: no run time */
} fc_csv_columns;

static const fc_csv_columns helios = {.role = {
                                          [FC_ROLE_ID] = "job_id",
                                          [FC_ROLE_GPUS] = "gpu_num",
                                          [FC_ROLE_SUBMIT] = "submit_time",
                                          [FC_ROLE_START] = "start_time",
                                          [FC_ROLE_END] = "end_time",
                                          [FC_ROLE_RUN] = "duration",
                                          [FC_ROLE_USER] = "user",
                                          [FC_ROLE_GROUP] = "vc",
                                          [FC_ROLE_STATE] = "state",
                                      }};

/* The duration of trace_kalos.csv counts from submission, not, as its description has it, from
 * start: a job without start and end would hold its GPUs while it waited. */
static const fc_csv_columns acme = {.from_submission = true,
                                    .role = {
                                        [FC_ROLE_ID] = "job_id",
                                        [FC_ROLE_GPUS] = "gpu_num",
                                        [FC_ROLE_SUBMIT] = "submit_time",
                                        [FC_ROLE_START] = "start_time",
                                        [FC_ROLE_END] = "end_time",
                                        [FC_ROLE_RUN] = "duration",
                                        [FC_ROLE_USER] = "user",
                                        [FC_ROLE_GROUP] = "type",
                                        [FC_ROLE_STATE] = "state",
                                    }};

static const fc_csv_columns philly = {.role = {
                                          [FC_ROLE_GPUS] = "num_gpus",
                                          [FC_ROLE_SUBMIT] = "timestamp",
                                          [FC_ROLE_RUN] = "duration",
                                          [FC_ROLE_GROUP] = "cluster",
                                      }};

static const fc_csv_columns openb = {.role = {
                                         [FC_ROLE_ID] = "name",
                                         [FC_ROLE_GPUS] = "num_gpu",
                                         [FC_ROLE_PART] = "gpu_milli",
                                         [FC_ROLE_SUBMIT] = "creation_time",
                                         [FC_ROLE_START] = "scheduled_time",
                                         [FC_ROLE_END] = "deletion_time",
                                         [FC_ROLE_STATE] = "pod_phase",
                                         [FC_ROLE_QOS] = "qos",
                                     }};

const fc_trace_reader fc_trace_readers[] = {
    {"swf", fc_swf_is, false, fc_swf_read, NULL},
    {"helios", fc_csv_is, true, fc_csv_read, &helios},
    {"acme", fc_csv_is, true, fc_csv_read, &acme},
    {"philly", fc_csv_is, true, fc_csv_read, &philly},
    {"openb", fc_csv_is, true, fc_csv_read, &openb},
    {0},
};

const char *const fc_trace_formats[] = {"swf", "helios", "acme", "philly", "openb", NULL};

typedef struct slice {
    char *text; /* NULL: the line has no such column */
    size_t length;
} slice;

/* A quoted field without its quotes, in place; p stands behind the first. Returns the character
 * behind the last; NULL where the field does not end with it. */
static char *unquote(char *p, slice *out)
{
    char *to = p;
    out->text = p;
    for (; *p && (*p != '"' || p[1] == '"'); p++) {
        *to++ = *p;
        p += *p == '"';
    }
    out->length = (size_t)(to - out->text);
    return *p == '"' && (p[1] == ',' || !p[1]) ? p + 1 : NULL;
}

/* The field at p; returns the comma behind it, or the end of the line; NULL: a quote is out of
 * place. */
static char *cut(char *p, slice *out)
{
    if (*p == '"') return unquote(p + 1, out);
    out->text = p;
    while (*p && *p != ',') p++;
    out->length = (size_t)(p - out->text);
    return p;
}

static bool same(const slice *field, const char *text)
{
    return strlen(text) == field->length && memcmp(field->text, text, field->length) == 0;
}

/* The header: each column's role. */
bool fc_csv_is(fc_reader *reader, fc_line *line)
{
    const char *const *role = reader->format->columns->role;
    char copy[4096], *p = copy;
    unsigned found = 0, wanted = 0;
    if (line->length >= sizeof copy) return false;
    memcpy(copy, line->text, line->length + 1);
    for (reader->columns = 0; reader->columns < FC_TRACE_COLUMNS; p++) {
        slice field;
        if (!(p = cut(p, &field))) return false;
        int r = 0;
        while (r < FC_ROLES && !(role[r] && !(found >> r & 1) && same(&field, role[r]))) r++;
        if (r < FC_ROLES) found |= 1u << r;
        reader->role[reader->columns++] = r;
        if (!*p) break;
    }
    for (int r = 0; r < FC_ROLES; r++)
        if (role[r]) wanted |= 1u << r;
    return found == wanted && !*p;
}

/* What pandas and others write where nothing is. */
static bool is_missing(const slice *field)
{
    static const char *const words[] = {"", "nan", "NaN", "NaT", "None", "NULL", "null"};
    if (!field->text) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (same(field, words[i])) return true;
    return false;
}

static fc_verdict wrong(fc_reader *reader, fc_trace_problem problem, fc_trace_role role,
                        const slice *field)
{
    char quoted[48];
    fc_reader_quote(field->text ? field->text : "", field->text ? field->length : 0, quoted);
    return fc_reader_wrong(reader, problem, reader->format->columns->role[role], quoted, NULL);
}

/* A number, or a date with a time as seconds since 1970; NaN where it is missing. */
static fc_verdict read_time(fc_reader *reader, const slice *field, fc_trace_role role, double *out)
{
    *out = NAN;
    if (is_missing(&field[role])) return FC_LINE_JOB;
    const slice *f = &field[role];
    reader->dated = role != FC_ROLE_RUN && fc_field_time(f->text, f->length, out);
    if (reader->dated) return FC_LINE_JOB;
    if (fc_field_number(f->text, out) != f->text + f->length || *out > FC_TRACE_LATEST)
        return wrong(reader, FC_TRACE_NUMBER, role, f);
    return *out < 0 ? wrong(reader, FC_TRACE_NEGATIVE, role, f) : FC_LINE_JOB;
}

/* Dates count from the first job's submission, numbers are left as they stand. A trace has one or
 * the other. */
static fc_verdict shift_to_origin(fc_reader *reader, const slice *field)
{
    if (reader->dated ? reader->numbered : !isnan(reader->origin))
        return wrong(reader, FC_TRACE_NUMBER, FC_ROLE_SUBMIT, &field[FC_ROLE_SUBMIT]);
    reader->numbered = !reader->dated;
    if (!reader->dated) return FC_LINE_JOB;
    if (isnan(reader->origin)) reader->origin = reader->job.submit;
    reader->job.submit -= reader->origin;
    return FC_LINE_JOB;
}

/* A whole number, not negative; -1 where it is missing. */
static fc_verdict read_count(fc_reader *reader, const slice *field, fc_trace_role role,
                             int32_t *out)
{
    double value;
    *out = -1;
    if (is_missing(&field[role])) return FC_LINE_JOB;
    const slice *f = &field[role];
    const char *end = fc_field_number(f->text, &value);
    if (end != f->text + f->length || value > FC_TRACE_MOST_GPUS || value != floor(value))
        return wrong(reader, FC_TRACE_NUMBER, role, f);
    if (value < 0) return wrong(reader, FC_TRACE_NEGATIVE, role, f);
    *out = (int32_t)value;
    return FC_LINE_JOB;
}

static fc_trace_end ended(const slice *state)
{
    static const struct {
        const char *word;
        fc_trace_end end;
    } words[] = {
        {"COMPLETED", FC_TRACE_END_COMPLETED}, {"Succeeded", FC_TRACE_END_COMPLETED},
        {"FAILED", FC_TRACE_END_FAILED},       {"Failed", FC_TRACE_END_FAILED},
        {"TIMEOUT", FC_TRACE_END_FAILED},      {"NODE_FAIL", FC_TRACE_END_FAILED},
        {"CANCELLED", FC_TRACE_END_CANCELLED},
    };
    for (size_t i = 0; state->text && i < sizeof words / sizeof *words; i++)
        if (same(state, words[i].word)) return words[i].end;
    return FC_TRACE_END_UNKNOWN;
}

/* Kubernetes' classes of service, with openb's "latency sensitive" before them. */
static int32_t priority(const slice *qos)
{
    static const char *const words[] = {"BE", "Burstable", "Guaranteed", "LS"};
    for (int32_t i = 0; qos->text && i < 4; i++)
        if (same(qos, words[i])) return i;
    return 0;
}

static fc_verdict name_of(fc_names *names, const slice *field, int32_t *number)
{
    *number = -1;
    if (is_missing(field)) return FC_LINE_JOB;
    return fc_names_number(names, field->text, field->length, number) ? FC_LINE_NO_MEMORY
                                                                      : FC_LINE_JOB;
}

/* Submission, wait and run time. A job is left out if nobody knows how long it ran. */
static fc_verdict read_times(fc_reader *reader, const slice *field)
{
    fc_trace_job *job = &reader->job;
    static const fc_trace_role roles[] = {FC_ROLE_START, FC_ROLE_END};
    double run, times[2];
    fc_verdict verdict = read_time(reader, field, FC_ROLE_SUBMIT, &job->submit);
    bool dated = reader->dated;
    if (verdict == FC_LINE_JOB && isnan(job->submit))
        verdict = wrong(reader, FC_TRACE_NUMBER, FC_ROLE_SUBMIT, &field[FC_ROLE_SUBMIT]);
    for (int i = 0; i < 2 && verdict == FC_LINE_JOB; i++) {
        verdict = read_time(reader, field, roles[i], &times[i]);
        if (verdict == FC_LINE_JOB && !isnan(times[i]) && reader->dated != dated)
            verdict = wrong(reader, FC_TRACE_NUMBER, roles[i], &field[roles[i]]);
    }
    if (verdict == FC_LINE_JOB) verdict = read_time(reader, field, FC_ROLE_RUN, &run);
    if (verdict != FC_LINE_JOB) return verdict;
    double start = times[0], end = times[1];
    bool both = !isnan(start) && !isnan(end);
    if (both && end < start)
        return fc_reader_wrong(reader, FC_TRACE_ORDER, reader->format->columns->role[FC_ROLE_END],
                               reader->format->columns->role[FC_ROLE_START], NULL);
    job->run = both ? end - start : reader->format->columns->from_submission ? NAN : run;
    job->waited = start >= job->submit ? start - job->submit : -1;
    reader->dated = dated;
    reader->left_out = FC_TRACE_NEVER_RAN;
    reader->counts->early += job->gpus > 0 && !isnan(job->run) && start < job->submit;
    return isnan(job->run) ? FC_LINE_LEFT_OUT : FC_LINE_JOB;
}

static fc_verdict job_of(fc_reader *reader, const slice *field, uint64_t line)
{
    fc_trace_job *job = &reader->job;
    int32_t part = -1;
    fc_verdict verdict = read_count(reader, field, FC_ROLE_GPUS, &job->gpus);
    if (verdict == FC_LINE_JOB) verdict = read_count(reader, field, FC_ROLE_PART, &part);
    if (verdict == FC_LINE_JOB) verdict = read_times(reader, field);
    if (verdict == FC_LINE_WRONG || verdict == FC_LINE_NO_MEMORY) return verdict;
    if (job->gpus <= 0) {
        reader->left_out = FC_TRACE_NO_GPU;
        return FC_LINE_LEFT_OUT;
    }
    if (verdict != FC_LINE_JOB) return verdict;
    char number[24];
    slice id = field[FC_ROLE_ID];
    if (!id.text) {
        id.length = (size_t)snprintf(number, sizeof number, "%llu", (unsigned long long)line);
        id.text = number;
    }
    if (!fc_reader_id(reader, id.text, id.length)) return FC_LINE_WRONG;
    job->requested = -1;
    job->priority = priority(&field[FC_ROLE_QOS]);
    job->ended = ended(&field[FC_ROLE_STATE]);
    reader->counts->parts_of_gpu += job->gpus == 1 && part >= 0 && part < 1000;
    verdict = shift_to_origin(reader, field);
    job->user = job->group = -1;
    if (verdict != FC_LINE_JOB || !reader->names) return verdict;
    verdict = name_of(&reader->users, &field[FC_ROLE_USER], &job->user);
    return verdict == FC_LINE_JOB ? name_of(&reader->groups, &field[FC_ROLE_GROUP], &job->group)
                                  : verdict;
}

fc_verdict fc_csv_read(fc_reader *reader, fc_line *line)
{
    slice field[FC_ROLES + 1] = {{0}}; /* the last takes what is of no interest */
    char *p = line->text, *end = p + line->length;
    unsigned n = 0;
    if (p == end) return FC_LINE_NONE;
    if (memchr(p, '\0', line->length)) return fc_reader_control(reader);
    for (;; p++, n++) {
        slice ignored;
        p = cut(p, n < reader->columns ? &field[reader->role[n]] : &ignored);
        if (!p)
            return fc_reader_wrong(reader, FC_TRACE_QUOTE,
                                   FC_BOTH("a quote out of place", "자리가 잘못된 따옴표가"), NULL,
                                   NULL);
        if (!*p) break;
    }
    if (++n != reader->columns) {
        char found[16], expected[16];
        snprintf(found, sizeof found, "%u", n);
        snprintf(expected, sizeof expected, "%u", reader->columns);
        return fc_reader_wrong(reader, FC_TRACE_FIELDS, found, expected, NULL);
    }
    return job_of(reader, field, line->number);
}
