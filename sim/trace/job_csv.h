/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What became of each job, as CSV (RFC 4180), one line a job as the jobs leave the cluster. Columns
 * are named as in Batsim's jobs.csv where it has them:
 *
 *   job_id, submission_time, requested_number_of_resources (GPUs), requested_time, success (0, 1),
 *   final_state, starting_time, execution_time, finish_time, waiting_time, turnaround_time,
 *   stretch,
 *
 * and behind those: bounded_slowdown, lost_gpu_seconds, restarts, user, user_group, line (in the
 * trace), policy. Times are seconds from the trace's origin. A cell is empty where there is no
 * value: no job was started, no time requested.
 */
#ifndef FC_TRACE_JOB_CSV_H
#define FC_TRACE_JOB_CSV_H

#include <stdio.h>
#include "trace/replay.h"

/* What the tables of jobs, here and in the database, say beside the times as they are. NaN where
 * there is none. */
typedef struct fc_job_figures {
    double wait;       /* start - submission */
    double turnaround; /* end - submission */
    double stretch;    /* turnaround / run time; NaN for a run time of 0 */
    double slowdown;   /* bounded, FC_SLOWDOWN_BOUND */
    double executed;   /* end - start: with what was done again and the time out of service */
    double lost;       /* GPU-seconds */
} fc_job_figures;
fc_job_figures fc_job_figures_of(const fc_replay_row *row);

/* The shortest decimal that reads back as the same number; "" for NaN. Returns `out`. */
const char *fc_decimal(double value, char out[32]);

/* Both write; what goes wrong stays with the stream (ferror). */
void fc_job_csv_header(FILE *file);
void fc_job_csv_row(FILE *file, const char *policy, const fc_replay_row *row);

#endif
