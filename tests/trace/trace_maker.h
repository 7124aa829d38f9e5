/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes traces to test with: jobs with the shape of GPU clusters (most ask for one GPU, few for
 * many; run times over four powers of ten), the same for the same seed.
 */
#ifndef FC_TESTS_TRACE_MAKER_H
#define FC_TESTS_TRACE_MAKER_H

#include <stdint.h>
#include "base/text.h"

typedef struct made_job {
    int64_t submit, run, requested; /* s; run <= requested */
    int32_t gpus;
    int user;
} made_job;

typedef struct trace_maker {
    uint64_t state;
    int64_t now, last_run;
    double mean_gap; /* s between jobs */
    int32_t most_gpus;
} trace_maker;

made_job make_job(trace_maker *maker);
/* n jobs as lines of a format of fc_trace_formats, header included. */
void make_trace(const char *format, uint64_t seed, int64_t n, double mean_gap, int32_t most_gpus,
                fc_text *out);
/* The bytes as a gzip member, appended. */
void make_gzip(const void *bytes, size_t size, fc_text *out);

#endif
