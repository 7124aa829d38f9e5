/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/swf_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "trace/job_csv.h"

static void put_note(FILE *file, const char *note)
{
    while (*note) {
        size_t length = strcspn(note, "\r\n");
        fprintf(file, "; Note: %.*s\n", (int)length, note);
        note += length;
        note += strspn(note, "\r\n");
    }
}

void fc_swf_write_header(FILE *file, const fc_swf_header *header)
{
    char text[32];
    fputs("; Version: 2.2\n", file);
    if (header->computer) fprintf(file, "; Computer: %s\n", header->computer);
    fprintf(file, "; MaxJobs: %" PRIu64 "\n; MaxRecords: %" PRIu64 "\n", header->jobs,
            header->jobs);
    fprintf(file, "; MaxProcs: %" PRIu64 "\n", header->gpus);
    if (!isnan(header->unix_start))
        fprintf(file, "; UnixStartTime: %s\n", fc_decimal(header->unix_start, text));
    if (header->note) put_note(file, header->note);
}

static void put_time(FILE *file, double value)
{
    char text[32];
    fprintf(file, " %s", isnan(value) || value < 0 ? "-1" : fc_decimal(value, text));
}

void fc_swf_write_job(FILE *file, const fc_swf_job *job)
{
    fprintf(file, "%" PRIu64, job->number);
    put_time(file, job->submit);
    put_time(file, job->wait);
    put_time(file, job->run);
    /* Allocated processors; CPU time and memory are not known. */
    fprintf(file, " %" PRId64 " -1 -1 %" PRId64, isnan(job->wait) ? -1 : job->gpus, job->gpus);
    put_time(file, job->requested);
    fprintf(file, " -1 %d %" PRId64 " %" PRId64 " -1 -1 -1 -1 -1\n", job->status, job->user,
            job->group);
}
