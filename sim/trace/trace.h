/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Job traces: what ran on a real cluster, read one job after the other.
 *
 *     fc_trace *trace;
 *     fc_trace_options options = {.path = "jobs.swf.gz"};
 *     int ret = fc_trace_open(&options, diag, &trace);
 *     while (!ret && !(ret = fc_trace_next(trace, &job)) && job) ...
 *     fc_trace_close(trace);
 *
 * Formats (fc_trace_formats; told by the content unless options.format names one), plain or gzip:
 *
 *   swf     Standard Workload Format 2.2 (Feitelson et al., Parallel Workloads Archive,
 *           cs.huji.ac.il/labs/parallel/workload/swf.html). A processor is read as a GPU.
 *   helios  cluster_log.csv of SenseTime's Helios (Hu et al., SC '21).
 *   acme    trace_seren.csv, trace_kalos.csv of Shanghai AI Lab's Acme (Hu et al., NSDI '24).
 *   philly  Microsoft's Philly (Jeon et al., ATC '19) as the CSV that the artifact of Sia
 *           (SOSP '23) carries: timestamp, duration, num_gpus, gpu_time, cluster. The JSON of the
 *           release itself is not read.
 *   openb   openb_pod_list_*.csv of Alibaba's GPU cluster (Weng et al., ATC '23). A pod that asks
 *           for part of a GPU is given a whole one.
 *
 * CSV columns are found by their names in the first line; others are passed over.
 */
#ifndef FC_TRACE_TRACE_H
#define FC_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fleetcast/error.h"

enum {
    FC_TRACE_ID_BYTES = 48,       /* bytes that hold any job's id, the NUL included */
    FC_TRACE_MOST_GPUS = 1 << 30, /* of a job */
    FC_TRACE_REPORTED = 5,        /* lines of a kind of problem that are reported one by one */
};
#define FC_TRACE_LATEST 1e12 /* seconds: larger times are no times */

/* What may be wrong with a line, X(NAME, error number, English, Korean). Under `stop` the first
 * ends the reading with this error; under `skip` the line is passed over, reported and counted. */
#define FC_TRACE_PROBLEM_TABLE(X)                                                                  \
    X(FIELDS, E_TRACE_FIELDS, "missing fields", "항목 부족")                                       \
    X(NUMBER, E_TRACE_NUMBER, "not a number", "수가 아님")                                         \
    X(NEGATIVE, E_TRACE_NEGATIVE, "negative", "음수")                                              \
    X(ORDER, E_TRACE_ORDER, "ends before it starts", "시작보다 이른 종료")                         \
    X(UNSORTED, E_TRACE_UNSORTED, "not in order of submission", "제출 순서 어긋남")                \
    X(QUOTE, E_TRACE_BYTES, "a quote out of place", "따옴표 오류")                                 \
    X(ID, E_TRACE_ID, "id too long", "너무 긴 작업 번호")                                          \
    X(LONG, E_TRACE_LONG, "line too long", "너무 긴 줄")                                           \
    X(BYTES, E_TRACE_BYTES, "a control character", "제어 문자")                                    \
    X(GZIP, E_TRACE_GZIP, "compressed data broken off", "압축 자료 끊김")                          \
    X(LARGE, E_TRACE_LARGE, "larger than the cluster", "클러스터보다 큰 작업")
typedef enum fc_trace_problem {
#define FC_X(name, number, en, ko) FC_TRACE_##name,
    FC_TRACE_PROBLEM_TABLE(FC_X)
#undef FC_X
        FC_TRACE_PROBLEMS
} fc_trace_problem;

/* Lines that are right and are no demand for GPUs; passed over and counted, X(NAME, en, ko). */
#define FC_TRACE_LEFT_OUT_TABLE(X)                                                                 \
    X(NO_GPU, "ask for no GPU", "GPU 요청 없음")                                                   \
    X(NEVER_RAN, "never ran: no run time is known", "실행된 적 없음(실행 시간 모름)")              \
    X(PART, "parts of a job that has a line of its own", "별도의 줄이 있는 작업의 일부")
typedef enum fc_trace_left_out {
#define FC_X(name, en, ko) FC_TRACE_##name,
    FC_TRACE_LEFT_OUT_TABLE(FC_X)
#undef FC_X
        FC_TRACE_LEFT_OUTS
} fc_trace_left_out;

/* How the job ended in the trace. */
typedef enum fc_trace_end {
    FC_TRACE_END_UNKNOWN,
    FC_TRACE_END_COMPLETED,
    FC_TRACE_END_FAILED,
    FC_TRACE_END_CANCELLED,
} fc_trace_end;

typedef struct fc_trace_job {
    double submit;       /* s since the trace's origin (fc_trace_origin) */
    double run;          /* s, >= 0 */
    double requested;    /* s; negative: the trace has none */
    double waited;       /* s from submission to start in the trace; negative: unknown */
    uint64_t line;       /* where it stands */
    int32_t gpus;        /* >= 1 */
    int32_t user, group; /* numbers from 0 by first appearance (options.names); -1: not known */
    int32_t priority;    /* openb's qos: 3 LS, 2 Guaranteed, 1 Burstable, 0 others; 0 elsewhere */
    fc_trace_end ended;
    char id[FC_TRACE_ID_BYTES]; /* as in the trace; where it has none, the line's number */
} fc_trace_job;

typedef enum fc_trace_on_error { FC_TRACE_STOP, FC_TRACE_SKIP } fc_trace_on_error;

typedef struct fc_trace_options {
    const char *path;
    const void *bytes; /* not NULL: read these instead, `path` only names them */
    size_t size;
    const char *format; /* NULL: as the content says */
    fc_trace_on_error on_error;
    bool names; /* users and groups are wanted, and jobs of the same id counted */
    bool sort;  /* read everything first and give it in order of submission (ties: as it stands);
                 * about 140 bytes of memory a job */
} fc_trace_options;

/* What was met so far. */
typedef struct fc_trace_counts {
    uint64_t lines, jobs; /* lines read; jobs given */
    uint64_t problem[FC_TRACE_PROBLEMS], first_line[FC_TRACE_PROBLEMS];
    uint64_t left_out[FC_TRACE_LEFT_OUTS];
    uint64_t crlf;         /* lines that ended in CR LF, which is no error */
    uint64_t parts_of_gpu; /* jobs given a whole GPU for a part */
    uint64_t early;        /* jobs that started before they were submitted: their wait is unknown */
    uint64_t same_id;      /* jobs whose id another has, too (options.names) */
    uint64_t after_another; /* SWF jobs that waited for another: fields 17, 18 are not modelled */
    uint64_t sorted;        /* lines that options.sort put in order */
} fc_trace_counts;

typedef struct fc_trace fc_trace;

/* Names of the formats, NULL at the end. */
extern const char *const fc_trace_formats[];
extern const char *const fc_trace_problem_words[FC_TRACE_PROBLEMS][2]; /* [kind][fc_lang] */
extern const char *const fc_trace_left_out_words[FC_TRACE_LEFT_OUTS][2];

/* Opens, and reads up to the first job. Errors: E_FILE_OPEN, E_TRACE_FORMAT (none fits, or the
 * one named does not), E_TRACE_EMPTY, E_NOMEM, those of fc_trace_next. */
int fc_trace_open(const fc_trace_options *options, fc_diag *diag, fc_trace **out);
void fc_trace_close(fc_trace *trace);

/* The next job, valid until the next call; NULL at the end. */
int fc_trace_next(fc_trace *trace, const fc_trace_job **job);

/* A problem that only the caller can see (a job larger than its cluster), reported and counted as
 * the others are: the error number under `stop`, FC_OK under `skip`. */
int fc_trace_too_large(fc_trace *trace, const fc_trace_job *job, int64_t cluster_gpus);

const char *fc_trace_format(const fc_trace *trace);
/* The name behind a number: user; virtual cluster, SWF group or Acme's type of work; NULL: none.
 * Valid until the next job is read. */
const char *fc_trace_user(const fc_trace *trace, int32_t user);
const char *fc_trace_group(const fc_trace *trace, int32_t group);
const fc_trace_counts *fc_trace_counted(const fc_trace *trace);
/* Time 0 in seconds since 1970-01-01 UTC: the first job's submission where the trace has dates, an
 * SWF's UnixStartTime; NaN where the trace does not tell. */
double fc_trace_origin(const fc_trace *trace);
/* When the first job was submitted, s from the origin. */
double fc_trace_first(const fc_trace *trace);
/* Processors of the cluster by the header of an SWF (MaxProcs); 0: not told. */
int64_t fc_trace_max_procs(const fc_trace *trace);
/* Part of the file that has been read, 0 to 1; negative: nobody knows (a pipe). */
double fc_trace_progress(const fc_trace *trace);

#endif
