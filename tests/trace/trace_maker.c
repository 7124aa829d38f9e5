/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace_maker.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "kernel/date.h"

/* splitmix64 (Steele, Lea and Flood 2014) */
static double uniform(trace_maker *m)
{
    uint64_t z = m->state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* A shape, no data: 1 GPU 70 %, then 2, 4, 8 and powers of two up to the most, each a third as
 * often as the one before; run times log-uniform from 10 s to 100,000 s. */
made_job make_job(trace_maker *m)
{
    made_job job = {.gpus = 1};
    double size = uniform(m), length = uniform(m), gap = uniform(m), slack = uniform(m);
    for (double left = 0.3; size < left && job.gpus < m->most_gpus; left /= 3) job.gpus *= 2;
    if (job.gpus > m->most_gpus) job.gpus = m->most_gpus;
    job.run = (int64_t)pow(10, 1 + 4 * length);
    job.requested = job.run + (int64_t)((double)job.run * 4 * slack);
    m->now += (int64_t)(-m->mean_gap * log1p(-gap));
    job.submit = m->now;
    double user = uniform(m);
    job.user = 1 + (int)(40 * user * user);
    return job;
}

static void add_date(fc_text *out, int64_t seconds)
{
    enum { FIRST = 18262 }; /* 2020-01-01 */
    fc_date date = fc_date_of_days(FIRST + seconds / 86400);
    fc_text_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", date.year, date.month, date.day,
                   (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void add_dates(fc_text *out, const made_job *job, const char *zone)
{
    const int64_t times[] = {job->submit, job->submit + 5, job->submit + 5 + job->run};
    for (int i = 0; i < 3; i++) {
        add_date(out, times[i]);
        fc_text_printf(out, "%s,", zone);
    }
}

static void add_job(const char *format, int64_t number, const made_job *job, fc_text *out)
{
    if (strcmp(format, "swf") == 0) {
        fc_text_printf(out,
                       "%" PRId64 " %" PRId64 " -1 %" PRId64 " %d -1 -1 %d %" PRId64
                       " -1 1 %d 1 -1 1 1 -1 -1\n",
                       number, job->submit, job->run, job->gpus, job->gpus, job->requested,
                       job->user);
    } else if (strcmp(format, "helios") == 0) {
        fc_text_printf(out, "%" PRId64 ",u%d,vc1,%d,4,1,COMPLETED,", number, job->user, job->gpus);
        add_dates(out, job, "");
        fc_text_printf(out, "%" PRId64 ",5\n", job->run);
    } else if (strcmp(format, "acme") == 0) {
        fc_text_printf(out, "dlc%" PRId64 ",u%d,1,%d,16,Other,COMPLETED,", number, job->user,
                       job->gpus);
        add_dates(out, job, "+00:00");
        fc_text_printf(out, "%" PRId64 ",5,0\n", job->run);
    } else if (strcmp(format, "philly") == 0) {
        fc_text_printf(out, "%" PRId64 ",%" PRId64 ",%d,0,vc%d\n", job->submit, job->run, job->gpus,
                       job->user);
    } else {
        fc_text_printf(out,
                       "openb-pod-%04" PRId64 ",4000,8192,%d,1000,,LS,Succeeded,%" PRId64
                       ",%" PRId64 ",%" PRId64 "\n",
                       number, job->gpus, job->submit, job->submit + job->run, job->submit);
    }
}

static const char *header(const char *format)
{
    static const char *const headers[][2] = {
        {"swf", "; Version: 2.2\n; MaxProcs: 4096\n"},
        {"helios", "job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,"
                   "duration,queue\n"},
        {"acme", "job_id,user,node_num,gpu_num,cpu_num,type,state,submit_time,start_time,end_time,"
                 "duration,queue,gpu_time\n"},
        {"philly", "timestamp,duration,num_gpus,gpu_time,cluster\n"},
        {"openb", "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,"
                  "creation_time,deletion_time,scheduled_time\n"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (strcmp(format, headers[i][0]) == 0) return headers[i][1];
    abort();
}

void make_trace(const char *format, uint64_t seed, int64_t n, double mean_gap, int32_t most_gpus,
                fc_text *out)
{
    trace_maker maker = {.state = seed, .mean_gap = mean_gap, .most_gpus = most_gpus};
    fc_text_add(out, header(format));
    for (int64_t i = 1; i <= n; i++) {
        made_job job = make_job(&maker);
        add_job(format, i, &job, out);
    }
}

void make_gzip(const void *bytes, size_t size, fc_text *out)
{
    enum { GZIP = 16, MEMORY = 8 };
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t room = deflateBound(&z, size);
    unsigned char *packed = malloc(room);
    if (!packed) abort();
    z.next_in = (unsigned char *)bytes;
    z.avail_in = (unsigned)size;
    z.next_out = packed;
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) abort();
    fc_text_addn(out, (const char *)packed, room - z.avail_out);
    deflateEnd(&z);
    free(packed);
}
