/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing the Standard Workload Format 2.2: a schedule as a workload log. Read back, a job has the
 * same submission, GPUs, run and requested time.
 */
#ifndef FC_TRACE_SWF_WRITE_H
#define FC_TRACE_SWF_WRITE_H

#include <stdint.h>
#include <stdio.h>

/* Header comments. Both times are seconds; NaN where not known. */
typedef struct fc_swf_header {
    const char *computer; /* the cluster, in words */
    const char *note;     /* any text; line breaks part it into several notes */
    double unix_start;    /* of time 0, since 1970-01-01 UTC */
    uint64_t jobs, gpus;
} fc_swf_header;

/* One line. -1, or NaN for times, where a value is not known. */
typedef struct fc_swf_job {
    uint64_t number;
    double submit, wait, run, requested;
    int64_t gpus, user, group;
    int status; /* 1 completed, 0 failed, 5 cancelled, -1 */
} fc_swf_job;

/* What goes wrong stays with the stream (ferror). */
void fc_swf_write_header(FILE *file, const fc_swf_header *header);
void fc_swf_write_job(FILE *file, const fc_swf_job *job);

#endif
