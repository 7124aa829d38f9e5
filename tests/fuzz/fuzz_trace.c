/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libFuzzer target: any bytes as a trace. Whatever they are, reading ends with jobs that keep the
 * promises of trace.h or with an error and a message.
 *
 *     CC=clang meson setup build-fuzz && ninja -C build-fuzz tests/fuzz/fuzz_trace
 *     mkdir -p found && build-fuzz/tests/fuzz/fuzz_trace found tests/fuzz/traces
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool promise)
{
    if (!promise) abort();
}

static void read_trace(const uint8_t *data, size_t size, fc_trace_on_error on_error, bool sort)
{
    fc_diag *diag = fc_diag_create();
    fc_trace *trace;
    const fc_trace_job *job;
    double before = 0;
    uint64_t jobs = 0;
    fc_trace_options options = {.path = "fuzz",
                                .bytes = data,
                                .size = size,
                                .on_error = on_error,
                                .names = true,
                                .sort = sort};
    int ret = fc_trace_open(&options, diag, &trace);
    demand((ret == FC_OK) == (trace != NULL));
    while (trace && !(ret = fc_trace_next(trace, &job)) && job) {
        demand(job->submit >= before && job->submit <= 2 * FC_TRACE_LATEST);
        demand(job->run >= 0 && job->gpus >= 1 && job->gpus <= FC_TRACE_MOST_GPUS);
        demand(memchr(job->id, '\0', sizeof job->id) != NULL);
        demand(job->user < 0 || fc_trace_user(trace, job->user));
        before = job->submit;
        jobs++;
    }
    demand((ret == FC_OK) == (fc_diag_errors(diag) == 0));
    if (trace) demand(fc_trace_counted(trace)->jobs == jobs);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *text = fc_diag_text(diag, i, i % 2 ? FC_LANG_KO : FC_LANG_EN);
        demand(text != NULL);
        free(text);
    }
    fc_trace_close(trace);
    fc_diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_trace(data, size, FC_TRACE_STOP, false);
    read_trace(data, size, FC_TRACE_SKIP, false);
    read_trace(data, size, FC_TRACE_SKIP, true);
    return 0;
}
