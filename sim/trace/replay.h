/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace replayed: its jobs, submitted as they were, on a cluster of our own.
 *
 * What a job needs (GPUs, run time) is the trace's; when it starts is the policy's. The scheduler
 * is told the requested time where the trace has one, else the run time itself.
 */
#ifndef FC_TRACE_REPLAY_H
#define FC_TRACE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include "jobs/jobs.h"
#include "trace/replay_metric_table.h"
#include "trace/trace.h"

typedef enum fc_replay_metric {
#define FC_X(id, unit, en, ko) FC_REPLAY_##id,
    FC_REPLAY_METRIC_TABLE(FC_X)
#undef FC_X
        FC_REPLAY_METRICS
} fc_replay_metric;

/* id, unit, English, Korean */
extern const char *const fc_replay_metric_words[FC_REPLAY_METRICS][4];

typedef enum fc_replay_share { FC_SHARE_BY_USER, FC_SHARE_BY_GROUP } fc_replay_share;

/* One job of the trace and what became of it. Valid during the call. */
typedef struct fc_replay_row {
    const fc_trace_job *job;
    const fc_job_result *result;
    const char *user, *group; /* NULL: not known */
} fc_replay_row;

typedef struct fc_replay_sink {
    int (*take)(void *self, const fc_replay_row *row); /* an error number ends the replay */
    void *self;
} fc_replay_sink;

/* Failures of servers (of a flat pool: of single GPUs): each fails at the constant rate 1/mtbf and
 * is back after an exponential repair time, whatever else happens. */
typedef struct fc_replay_failures {
    double mtbf;   /* mean time between failures of a server, s; 0: none */
    double repair; /* mean time to repair, s */
    uint64_t seed;
} fc_replay_failures;

typedef struct fc_replay_spec {
    fc_trace_options trace;
    const fc_policy *policy;
    fc_overrun overrun;
    bool exact; /* the scheduler is told run times even where requested times are known */
    fc_replay_share share; /* accounts of the policy `fair` */
    double checkpoint;     /* s; INFINITY: never */
    fc_replay_failures failures;
    const fc_gpu_group *groups;
    uint32_t group_count;       /* 0: one flat pool of as many GPUs as the trace's MaxProcs says */
    fc_capacity_source changes; /* instead of failures; may be without function */
    fc_replay_sink sink;        /* may be without function */
    /* Told every few thousand jobs: the part of the file read (negative: nobody knows) and how many
     * jobs came. May be NULL. */
    void (*progress)(void *self, double part, uint64_t jobs);
    void *progress_self;
} fc_replay_spec;

typedef struct fc_replay_result {
    const char *format;               /* constant */
    double metric[FC_REPLAY_METRICS]; /* NaN: has no value */
    fc_trace_counts counts;
    double origin;             /* fc_trace_origin */
    uint64_t without_estimate; /* jobs whose requested time the trace does not tell */
    uint64_t too_short;        /* jobs that ran longer than requested */
    uint64_t gpus;             /* of the cluster at the start */
} fc_replay_result;

/* Errors: those of fc_trace_open and fc_trace_next, of fc_jobs_create and fc_jobs_run; E_USAGE if
 * the cluster's size is not told. */
int fc_replay_run(const fc_replay_spec *spec, fc_diag *diag, fc_replay_result *result);

#endif
