/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/job_csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

fc_job_figures fc_job_figures_of(const fc_replay_row *row)
{
    const fc_trace_job *job = row->job;
    const fc_job_result *result = row->result;
    bool done = result->status == FC_JOB_DONE;
    fc_job_figures f = {.wait = result->start - job->submit,
                        .turnaround = NAN,
                        .stretch = NAN,
                        .slowdown = NAN,
                        .executed = result->end - result->start,
                        .lost = result->lost * (double)job->gpus};
    if (!isnan(result->start)) f.turnaround = result->end - job->submit;
    if (done && job->run > 0) f.stretch = f.turnaround / job->run;
    if (done)
        f.slowdown = fc_bounded_slowdown(f.turnaround - job->run, job->run, FC_SLOWDOWN_BOUND);
    return f;
}

const char *fc_decimal(double value, char out[32])
{
    double whole = trunc(value);
    if (!isfinite(value))
        out[0] = '\0';
    else if (whole == value && fabs(value) < 1e15)
        snprintf(out, 32, "%" PRId64, (int64_t)value);
    else
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(out, 32, "%.*g", digits, value);
            if (strtod(out, NULL) == value) break;
        }
    return out;
}

static const char *const numeric[] = {
    "starting_time",   "execution_time", "finish_time",      "waiting_time",
    "turnaround_time", "stretch",        "bounded_slowdown", "lost_gpu_seconds",
};

void fc_job_csv_header(FILE *file)
{
    fputs("job_id,submission_time,requested_number_of_resources,requested_time,success,final_state",
          file);
    for (size_t i = 0; i < sizeof numeric / sizeof *numeric; i++) fprintf(file, ",%s", numeric[i]);
    fputs(",restarts,user,user_group,line,policy\n", file);
}

/* Quoted where it must be. A text that a spreadsheet would take for a formula is left as it is:
 * the column is read back by programs. */
static void put_text(FILE *file, const char *text)
{
    if (!text) return;
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"') putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

void fc_job_csv_row(FILE *file, const char *policy, const fc_replay_row *row)
{
    char text[32];
    const fc_trace_job *job = row->job;
    const fc_job_result *result = row->result;
    fc_job_figures f = fc_job_figures_of(row);
    const double values[] = {result->start, f.executed, result->end, f.wait,
                             f.turnaround,  f.stretch,  f.slowdown,  f.lost};
    put_text(file, job->id);
    fprintf(file, ",%s,%" PRId32, fc_decimal(job->submit, text), job->gpus);
    fprintf(file, ",%s", fc_decimal(job->requested < 0 ? NAN : job->requested, text));
    fprintf(file, ",%d,%s", result->status == FC_JOB_DONE, fc_job_status_name(result->status));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        fprintf(file, ",%s", fc_decimal(values[i], text));
    fprintf(file, ",%" PRIu32 ",", result->restarts);
    put_text(file, row->user);
    putc(',', file);
    put_text(file, row->group);
    fprintf(file, ",%" PRIu64 ",%s\n", job->line, policy);
}
