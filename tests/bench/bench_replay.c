/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replay of a made SWF trace on a flat pool, first come first served, reading included; beside it
 * reading alone, and a loop that does no more than add up the numbers of the text.
 *
 *     bench_replay [--quick]
 */
#include <math.h>
#include <stdio.h>
#include "bench.h"
#include "trace/replay.h"
#include "trace_maker.h"

enum { RUNS = 9 };

/* What reading the text costs at the least. */
static int64_t add_up(const char *text)
{
    int64_t sum = 0, value = 0;
    for (; *text; text++) {
        if (*text >= '0' && *text <= '9') {
            value = value * 10 + (*text - '0');
        } else {
            sum += value;
            value = 0;
        }
    }
    return sum;
}

static int read_only(const fc_trace_options *options)
{
    fc_trace *trace;
    const fc_trace_job *job;
    int ret = fc_trace_open(options, NULL, &trace);
    if (ret) return ret;
    while (!(ret = fc_trace_next(trace, &job)) && job) continue;
    fc_trace_close(trace);
    return ret;
}

int main(int argc, char **argv)
{
    int64_t n = bench_is_quick(argc, argv) ? 2000 : 200000, sum = 0;
    fc_text text = FC_TEXT_EMPTY;
    double seconds[3][RUNS];
    make_trace("swf", 1, n, 30, 64, &text);
    fc_gpu_group pool = {.units = 850};
    fc_replay_spec spec = {.trace = {.path = "made", .bytes = text.data, .size = text.length},
                           .policy = &fc_policy_fifo,
                           .groups = &pool,
                           .group_count = 1,
                           .checkpoint = INFINITY};
    fc_replay_result result;
    for (int i = 0; i < RUNS; i++) {
        double start = bench_cpu_seconds();
        sum += add_up(text.data);
        seconds[0][i] = bench_cpu_seconds() - start;
        start = bench_cpu_seconds();
        if (read_only(&spec.trace)) return 1;
        seconds[1][i] = bench_cpu_seconds() - start;
        start = bench_cpu_seconds();
        if (fc_replay_run(&spec, NULL, &result)) return 1;
        seconds[2][i] = bench_cpu_seconds() - start;
    }
    static const char *const names[] = {"add up the text", "read", "replay, fifo"};
    for (int k = 0; k < 3; k++) {
        bench_sort(seconds[k], RUNS);
        printf("%-16s %6.2f million jobs/s (best %.2f)\n", names[k],
               (double)n / seconds[k][RUNS / 2] / 1e6, (double)n / seconds[k][0] / 1e6);
    }
    printf("allocation %.1f %%, checksum %lld\n", result.metric[FC_REPLAY_allocation],
           (long long)sum);
    fc_text_free(&text);
    return 0;
}
