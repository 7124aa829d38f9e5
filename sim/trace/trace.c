/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "trace/reader.h"

struct fc_trace {
    fc_trace_options options;
    char *path;
    fc_diag *diag;
    fc_lines *lines;
    fc_reader reader;
    fc_trace_counts counts;
    double first_submit;
    double latest;      /* submission of the last job given */
    bool first;         /* the first job was read by fc_trace_open and not given yet */
    fc_trace_job *jobs; /* options.sort: all of them */
    size_t n_jobs, capacity, next;
};

const char *const fc_trace_problem_words[FC_TRACE_PROBLEMS][2] = {
#define FC_X(name, number, en, ko) {en, ko},
    FC_TRACE_PROBLEM_TABLE(FC_X)
#undef FC_X
};

const char *const fc_trace_left_out_words[FC_TRACE_LEFT_OUTS][2] = {
#define FC_X(name, en, ko) {en, ko},
    FC_TRACE_LEFT_OUT_TABLE(FC_X)
#undef FC_X
};

static const int problem_code[FC_TRACE_PROBLEMS] = {
#define FC_X(name, number, en, ko) FC_##number,
    FC_TRACE_PROBLEM_TABLE(FC_X)
#undef FC_X
};

fc_verdict fc_reader_wrong(fc_reader *reader, fc_trace_problem problem, const char *a,
                           const char *b, const char *c)
{
    const char *const args[] = {a, b, c};
    reader->problem = problem;
    for (size_t i = 0; i < 3; i++)
        snprintf(reader->args[i], sizeof reader->args[i], "%s", args[i] ? args[i] : "");
    return FC_LINE_WRONG;
}

fc_verdict fc_reader_control(fc_reader *reader)
{
    return fc_reader_wrong(reader, FC_TRACE_BYTES,
                           FC_BOTH("a NUL or another control character", "NUL 등 제어 문자가"),
                           NULL, NULL);
}

const char *fc_reader_quote(const char *text, size_t length, char out[48])
{
    size_t n = 0;
    const char *rest = "";
    if (length > 40) {
        rest = "…";
        for (length = 40; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;) length--;
    }
    for (; n < length; n++) out[n] = (unsigned char)text[n] < ' ' ? '?' : text[n];
    snprintf(out + n, 48 - n, "%s", rest);
    return out;
}

const char *fc_reader_both(const char *en, const char *ko, char out[192])
{
    snprintf(out, 192, "%s" FC_BOTH("", "") "%s", en, ko);
    return out;
}

bool fc_reader_id(fc_reader *reader, const char *text, size_t length)
{
    if (length < FC_TRACE_ID_BYTES) {
        memcpy(reader->job.id, text, length);
        reader->job.id[length] = '\0';
        return true;
    }
    char quoted[48], most[16];
    snprintf(most, sizeof most, "%d", FC_TRACE_ID_BYTES - 1);
    fc_reader_wrong(reader, FC_TRACE_ID, fc_reader_quote(text, length, quoted), most, NULL);
    return false;
}

/* The sentence of a problem in both languages, as an argument of the warning that it is skipped. */
static void warn_skipped(fc_trace *trace, int code, const fc_place *place)
{
    const fc_reader *r = &trace->reader;
    fc_diag *one = fc_diag_create();
    fc_text text = FC_TEXT_EMPTY;
    fc_fail(one, code, NULL, r->args[0], r->args[1], r->args[2], NULL);
    char *en = fc_diag_sentence(one, 0, FC_LANG_EN), *ko = fc_diag_sentence(one, 0, FC_LANG_KO);
    if (en && ko) fc_text_printf(&text, "%s" FC_BOTH("", "") "%s", en, ko);
    fc_warn(trace->diag, FC_W_TRACE_SKIPPED, place,
            text.data ? text.data : fc_error_text(code, FC_LANG_EN), NULL);
    fc_text_free(&text);
    free(en);
    free(ko);
    fc_diag_free(one);
}

/* Reports reader->problem. Returns FC_OK if reading goes on. */
static int report(fc_trace *trace, uint64_t line)
{
    const fc_reader *r = &trace->reader;
    fc_trace_counts *counts = &trace->counts;
    int code = problem_code[r->problem];
    fc_place place = {.file = trace->path, .line = line > INT32_MAX ? INT32_MAX : (int)line};
    if (counts->problem[r->problem]++ == 0) counts->first_line[r->problem] = line;
    if (trace->options.on_error == FC_TRACE_STOP)
        return fc_fail(trace->diag, code, &place, r->args[0], r->args[1], r->args[2], NULL);
    if (counts->problem[r->problem] <= FC_TRACE_REPORTED) warn_skipped(trace, code, &place);
    return FC_OK;
}

static int no_memory(const fc_trace *trace)
{
    return fc_fail(trace->diag, FC_E_NOMEM, NULL, NULL);
}

/* The next line, with what goes wrong there reported. line->text is NULL at the end. */
static int next_line(fc_trace *trace, fc_line *line)
{
    for (;;) {
        char longest[24];
        int ret = fc_lines_next(trace->lines, line);
        switch (ret) {
        case FC_OK:
            if (!line->text) return FC_OK;
            trace->counts.lines++;
            trace->counts.crlf += line->crlf;
            return FC_OK;
        case FC_E_TRACE_LONG:
            trace->counts.lines++;
            snprintf(longest, sizeof longest, "%d", FC_LINES_LONGEST);
            fc_reader_wrong(&trace->reader, FC_TRACE_LONG, longest, NULL, NULL);
            break;
        case FC_E_TRACE_GZIP:
            fc_reader_wrong(&trace->reader, FC_TRACE_GZIP, NULL, NULL, NULL);
            break;
        case FC_E_FILE_OPEN:
            return fc_fail(trace->diag, ret, NULL, trace->path, strerror(errno), NULL);
        default:
            return fc_fail(trace->diag, ret, NULL, NULL);
        }
        ret = report(trace, line->number);
        if (ret) return ret;
    }
}

/* A job that comes before the one above it is a problem, unless all will be sorted. */
static fc_verdict check_order(fc_trace *trace)
{
    fc_reader *r = &trace->reader;
    if (r->job.submit >= trace->latest) {
        trace->latest = r->job.submit;
        return FC_LINE_JOB;
    }
    if (trace->options.sort) {
        trace->counts.sorted++;
        return FC_LINE_JOB;
    }
    char at[32], before[32];
    snprintf(at, sizeof at, "%.15g", r->job.submit);
    snprintf(before, sizeof before, "%.15g", trace->latest);
    return fc_reader_wrong(r, FC_TRACE_UNSORTED, at, before, NULL);
}

/* Ids need not be unique (the line is), but whoever joins by them has to know. */
static int note_id(fc_trace *trace)
{
    fc_reader *r = &trace->reader;
    bool before = false;
    if (!trace->options.names) return FC_OK;
    if (fc_known_add(&r->ids, r->job.id, strlen(r->job.id), &before)) return no_memory(trace);
    trace->counts.same_id += before;
    return FC_OK;
}

/* Reads up to the next job; *found false: there is none. */
static int read_job(fc_trace *trace, bool *found)
{
    fc_reader *r = &trace->reader;
    fc_line line;
    int ret;
    while (!(ret = next_line(trace, &line)) && line.text) {
        fc_verdict verdict = r->format->read(r, &line);
        if (verdict == FC_LINE_JOB) verdict = check_order(trace);
        switch (verdict) {
        case FC_LINE_JOB:
            r->job.line = line.number;
            *found = true;
            return note_id(trace);
        case FC_LINE_NONE:
            break;
        case FC_LINE_LEFT_OUT:
            trace->counts.left_out[r->left_out]++;
            break;
        case FC_LINE_WRONG:
            if ((ret = report(trace, line.number))) return ret;
            break;
        case FC_LINE_NO_MEMORY:
            return no_memory(trace);
        }
    }
    *found = false;
    return ret;
}

static int compare(const void *a, const void *b)
{
    const fc_trace_job *x = a, *y = b;
    if (x->submit != y->submit) return x->submit < y->submit ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int read_all(fc_trace *trace)
{
    bool found = false;
    int ret;
    while (!(ret = read_job(trace, &found)) && found) {
        if (trace->n_jobs == trace->capacity) {
            size_t capacity = trace->capacity ? 2 * trace->capacity : 1024;
            fc_trace_job *jobs = realloc(trace->jobs, capacity * sizeof *jobs);
            if (!jobs) return no_memory(trace);
            trace->jobs = jobs;
            trace->capacity = capacity;
        }
        trace->jobs[trace->n_jobs++] = trace->reader.job;
    }
    if (ret || !trace->counts.sorted) return ret;
    qsort(trace->jobs, trace->n_jobs, sizeof *trace->jobs, compare);
    /* Dates count from the job that stood first; now from the one that was submitted first. */
    double before = trace->jobs[0].submit;
    if (before < 0) {
        for (size_t i = 0; i < trace->n_jobs; i++) trace->jobs[i].submit -= before;
        trace->reader.origin += before;
    }
    return FC_OK;
}

/* The format that was named, or all there are, in both languages. */
static void wanted_format(const char *named, fc_text *out)
{
    fc_text list = FC_TEXT_EMPTY;
    for (size_t i = 0; fc_trace_formats[i]; i++)
        fc_text_printf(&list, "%s%s", i ? ", " : "", fc_trace_formats[i]);
    if (named)
        fc_text_printf(out, "the format %s" FC_BOTH("", "") "%s 형식의", named, named);
    else
        fc_text_printf(out, "any known format (%s)" FC_BOTH("", "") "아는 형식(%s)의", list.data,
                       list.data);
    fc_text_free(&list);
}

/* Chooses the reader by options.format or the first line that is not blank. What begins with jobs
 * and is said to be of a format is not judged by its first line, which may be wrong. */
static int choose(fc_trace *trace)
{
    fc_line line;
    fc_reader *r = &trace->reader;
    int ret;
    do ret = next_line(trace, &line);
    while (!ret && line.text && line.length == 0);
    if (ret) return ret;
    if (!line.text) return fc_fail(trace->diag, FC_E_TRACE_EMPTY, NULL, trace->path, NULL);
    const char *named = trace->options.format;
    for (r->format = fc_trace_readers; r->format->name; r->format++)
        if ((!named || strcmp(named, r->format->name) == 0) &&
            ((named && !r->format->has_header) || r->format->is(r, &line))) {
            if (r->format->has_header) return FC_OK;
            trace->counts.lines--;
            trace->counts.crlf -= line.crlf;
            fc_lines_again(trace->lines);
            return FC_OK;
        }
    fc_text known = FC_TEXT_EMPTY;
    wanted_format(named, &known);
    fc_place place = {.file = trace->path, .line = (int)line.number};
    ret = fc_fail(trace->diag, FC_E_TRACE_FORMAT, &place, known.data ? known.data : "", NULL);
    fc_text_free(&known);
    return ret;
}

int fc_trace_open(const fc_trace_options *options, fc_diag *diag, fc_trace **out)
{
    fc_trace *trace = calloc(1, sizeof *trace);
    *out = NULL;
    if (!trace || !(trace->path = strdup(options->path))) {
        free(trace);
        return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    trace->options = *options;
    trace->diag = diag;
    trace->latest = -INFINITY;
    trace->reader.origin = NAN;
    trace->reader.names = options->names;
    trace->reader.counts = &trace->counts;
    int ret = options->bytes ? fc_lines_open_memory(options->bytes, options->size, &trace->lines)
                             : fc_lines_open(options->path, diag, &trace->lines);
    if (!ret) ret = choose(trace);
    if (!ret && options->sort) ret = read_all(trace);
    if (!ret && !options->sort) ret = read_job(trace, &trace->first);
    if (!ret && !trace->first && trace->n_jobs == 0)
        ret = fc_fail(diag, FC_E_TRACE_EMPTY, NULL, trace->path, NULL);
    trace->first_submit = trace->n_jobs ? trace->jobs[0].submit : trace->reader.job.submit;
    if (ret)
        fc_trace_close(trace);
    else
        *out = trace;
    return ret;
}

void fc_trace_close(fc_trace *trace)
{
    if (!trace) return;
    fc_lines_close(trace->lines);
    fc_names_free(&trace->reader.users);
    fc_names_free(&trace->reader.groups);
    fc_known_free(&trace->reader.ids);
    free(trace->jobs);
    free(trace->path);
    free(trace);
}

int fc_trace_next(fc_trace *trace, const fc_trace_job **job)
{
    bool found = true;
    int ret = FC_OK;
    *job = NULL;
    if (trace->options.sort) {
        if (trace->next < trace->n_jobs) *job = &trace->jobs[trace->next++];
    } else {
        if (!trace->first) ret = read_job(trace, &found);
        if (!ret && found) *job = &trace->reader.job;
        trace->first = false;
    }
    trace->counts.jobs += *job != NULL;
    return ret;
}

int fc_trace_too_large(fc_trace *trace, const fc_trace_job *job, int64_t cluster_gpus)
{
    char asked[24], has[24];
    snprintf(asked, sizeof asked, "%" PRId32, job->gpus);
    snprintf(has, sizeof has, "%" PRId64, cluster_gpus);
    fc_reader_wrong(&trace->reader, FC_TRACE_LARGE, asked, has, NULL);
    return report(trace, job->line);
}

const char *fc_trace_format(const fc_trace *trace)
{
    return trace->reader.format->name;
}

const fc_trace_counts *fc_trace_counted(const fc_trace *trace)
{
    return &trace->counts;
}

const char *fc_trace_user(const fc_trace *trace, int32_t user)
{
    return fc_names_of(&trace->reader.users, user);
}

const char *fc_trace_group(const fc_trace *trace, int32_t group)
{
    return fc_names_of(&trace->reader.groups, group);
}

double fc_trace_origin(const fc_trace *trace)
{
    return trace->reader.origin;
}

double fc_trace_first(const fc_trace *trace)
{
    return trace->first_submit;
}

int64_t fc_trace_max_procs(const fc_trace *trace)
{
    return trace->reader.max_procs;
}

double fc_trace_progress(const fc_trace *trace)
{
    uint64_t size = fc_lines_size(trace->lines);
    return size ? (double)fc_lines_read(trace->lines) / (double)size : -1;
}
