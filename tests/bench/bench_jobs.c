/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs a second through the job engine, on a mix shaped like Helios, beside the barest FIFO that
 * draws the same jobs. See README.md.
 *
 *     bench_jobs [--quick]
 *     bench_jobs --passed    what a job costs after so many have passed
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "bench.h"
#include "helios_mix.h"
#include "jobs/jobs.h"

enum { GPUS = 30000 };

typedef struct setting {
    const char *name;
    const fc_policy *policy;
    double load;
    uint32_t server_gpus;
} setting;

static const setting SETTINGS[] = {
    {"fifo, flat, load 0.8", &fc_policy_fifo, 0.8, 0},
    {"easy, flat, load 0.97", &fc_policy_easy, 0.97, 0},
    {"easy, flat, load 1.02", &fc_policy_easy, 1.02, 0},
    {"easy, flat, load 1.1", &fc_policy_easy, 1.1, 0},
    {"fifo, servers of 8, load 0.8", &fc_policy_fifo, 0.8, 8},
    {"easy, servers of 8, load 0.9", &fc_policy_easy, 0.9, 8},
};

typedef struct engine {
    helios_mix mix;
    fc_gpu_group group;
    fc_job_generator generator;
    fc_jobs *jobs;
} engine;

static void stop(engine *r)
{
    fc_jobs_free(r->jobs);
    fc_job_generator_free(&r->generator);
    helios_mix_free(&r->mix);
}

/* Ready to run; what happens while the first `warm` jobs arrive is not measured. */
static int begin(engine *r, const setting *set, uint64_t warm)
{
    int ret = FC_OK;

    *r = (engine){.group = {.server_gpus = set->server_gpus,
                            .units = set->server_gpus ? GPUS / set->server_gpus : GPUS}};
    ret = helios_mix_init(&r->mix, set->load * GPUS);
    fc_jobs_spec spec = {.policy = set->policy,
                         .groups = &r->group,
                         .group_count = 1,
                         .warmup = (double)warm / r->mix.rate.before};
    if (ret == FC_OK)
        ret = fc_job_generator_init(&r->generator, &r->mix.jobs, 1, 0, INFINITY, UINT64_MAX);
    return ret ? ret : fc_jobs_create(&spec, &r->jobs);
}

/* Seconds until about so many jobs have passed; less than 0: an error. */
static double run_to(engine *r, uint64_t jobs)
{
    fc_jobs_input input = {.jobs = fc_job_generator_source(&r->generator)};
    double start = bench_cpu_seconds();
    int ret = fc_jobs_run(r->jobs, &input, (double)jobs / r->mix.rate.before);

    return ret ? -1 : bench_cpu_seconds() - start;
}

/* Runs a setting: `warm` jobs untimed, then `timed` more. Seconds, or less than 0. */
static double run(const setting *set, uint64_t warm, uint64_t timed, fc_jobs_summary *summary)
{
    engine r;
    double seconds = -1;

    if (begin(&r, set, warm) == FC_OK && run_to(&r, warm) >= 0) seconds = run_to(&r, warm + timed);
    if (seconds >= 0) fc_jobs_summary_of(r.jobs, summary);
    stop(&r);
    return seconds;
}

/* ---- The barest FIFO: a binary heap of ends, a ring of those waiting, the mean wait.
 */

typedef struct end {
    double time;
    uint32_t gpus;
} end;

static void push_end(end *heap, size_t *n, end e)
{
    size_t i = (*n)++;

    for (; i > 0 && heap[(i - 1) / 2].time > e.time; i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = e;
}

static end pop_end(end *heap, size_t *n)
{
    end first = heap[0], last = heap[--*n];
    size_t i = 0;

    while (2 * i + 1 < *n) {
        size_t child = 2 * i + 1;
        if (child + 1 < *n && heap[child + 1].time < heap[child].time) child++;
        if (heap[child].time >= last.time) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

/* All jobs of a source; the mean wait. */
static void run_through(fc_job_source source, double *mean_wait)
{
    static end heap[GPUS];
    enum { RING = 1 << 20 };
    fc_job *ring = malloc(RING * sizeof *ring);
    fc_job job = {0};
    size_t running = 0, first = 0, waiting = 0;
    uint64_t free_gpus = GPUS, started = 0;
    double wait = 0;
    bool more = true;

    if (!ring) exit(EXIT_FAILURE);
    while (source.next(source.context, &job, &more) == FC_OK && more) {
        while (running > 0 && heap[0].time <= job.arrival) {
            double now = heap[0].time;
            free_gpus += pop_end(heap, &running).gpus;
            while (waiting > 0 && ring[first].gpus <= free_gpus) {
                free_gpus -= ring[first].gpus;
                push_end(heap, &running, (end){now + ring[first].duration, ring[first].gpus});
                wait += now - ring[first].arrival;
                first = (first + 1) % RING;
                waiting--;
                started++;
            }
        }
        if (waiting == 0 && job.gpus <= free_gpus) {
            free_gpus -= job.gpus;
            push_end(heap, &running, (end){job.arrival + job.duration, job.gpus});
            started++;
        } else if (waiting < RING) {
            ring[(first + waiting++) % RING] = job;
        }
    }
    *mean_wait = wait / (double)started;
    free(ring);
}

typedef struct drawn_jobs {
    fc_job *job;
    uint64_t count, given;
} drawn_jobs;

static int next_drawn(void *context, fc_job *job, bool *more)
{
    drawn_jobs *drawn = context;

    *more = drawn->given < drawn->count;
    if (*more) *job = drawn->job[drawn->given++];
    return FC_OK;
}

/* Seconds for `count` jobs at a load of 0.8, their drawing included or done beforehand. */
static double run_bare(uint64_t count, bool with_draws, double *mean_wait)
{
    helios_mix mix;
    fc_job_generator g = {0};
    drawn_jobs drawn = {.count = count};
    bool more = true;

    if (helios_mix_init(&mix, 0.8 * GPUS) != FC_OK ||
        fc_job_generator_init(&g, &mix.jobs, 1, 0, INFINITY, count) != FC_OK)
        exit(EXIT_FAILURE);
    fc_job_source source = fc_job_generator_source(&g);
    if (!with_draws) {
        drawn.job = malloc(count * sizeof *drawn.job);
        if (!drawn.job) exit(EXIT_FAILURE);
        for (uint64_t i = 0; i < count; i++) source.next(source.context, &drawn.job[i], &more);
        source = (fc_job_source){next_drawn, &drawn};
    }
    double begin = bench_cpu_seconds();
    run_through(source, mean_wait);
    double seconds = bench_cpu_seconds() - begin;
    free(drawn.job);
    fc_job_generator_free(&g);
    helios_mix_free(&mix);
    return seconds;
}

/* What the machine can do: the bare loop alone. */
static void print_bare(bool quick)
{
    uint64_t count = quick ? 20000 : 1000000;
    int runs = quick ? 1 : 5;

    for (int with_draws = 0; with_draws < 2; with_draws++) {
        double rate[BENCH_MAX_RUNS], wait = 0;

        for (int r = 0; r < runs; r++)
            rate[r] = 1e-6 * (double)count / run_bare(count, with_draws, &wait);
        bench_sort(rate, runs);
        printf("%-32s %12.2f %6.2f\n", with_draws ? "plain C, jobs drawn" : "plain C, no draws",
               rate[runs / 2], rate[runs - 1]);
    }
}

/* Nanoseconds a job of the next TIMED, and that as a multiple of the bare loop's at that moment. */
static int print_passed(const setting *set)
{
    enum { TIMED = 200000 };
    static const uint64_t passed[] = {300000, 1000000, 3000000, 10000000};
    double wait = 0;
    engine r;
    int ret = begin(&r, set, 1);

    printf("%-32s", set->name);
    for (size_t i = 0; ret == FC_OK && i < sizeof passed / sizeof *passed; i++) {
        double seconds = run_to(&r, passed[i]) < 0 ? -1 : run_to(&r, passed[i] + TIMED);
        if (seconds < 0) ret = FC_E_INTERNAL;
        printf(" %6.0f (%4.1f)", 1e9 * seconds / TIMED, seconds / run_bare(TIMED, true, &wait));
        fflush(stdout);
    }
    printf("\n");
    stop(&r);
    return ret;
}

static int print_speed(const setting *set, bool quick)
{
    uint64_t warm = quick ? 20000 : 1000000, timed = quick ? 20000 : 500000;
    double rate[BENCH_MAX_RUNS], ratio[BENCH_MAX_RUNS], wait = 0;
    int runs = quick ? 1 : 3;
    fc_jobs_summary summary = {0};

    for (int r = 0; r < runs; r++) {
        double seconds = run(set, warm, timed, &summary);
        if (seconds < 0) return FC_E_INTERNAL;
        rate[r] = 1e-6 * (double)timed / seconds;
        ratio[r] = 1e6 * rate[r] * run_bare(warm + timed, true, &wait) / (double)(warm + timed);
    }
    bench_sort(rate, runs);
    bench_sort(ratio, runs);
    printf("%-32s %12.2f %6.2f %8.2f %8.3f %10.0f\n", set->name, rate[runs / 2], rate[runs - 1],
           ratio[runs / 2], summary.levels.held / summary.levels.in_service,
           summary.levels.waiting);
    fflush(stdout);
    return FC_OK;
}

int main(int argc, char **argv)
{
    bool passed = argc > 1 && strcmp(argv[1], "--passed") == 0;
    struct rusage usage;
    int ret = FC_OK;

    if (passed)
        printf("%-32s %13s %13s %13s %13s\n", "ns a job (bare) after", "300,000", "1,000,000",
               "3,000,000", "10,000,000");
    else
        printf("%-32s %12s %6s %8s %8s %10s\n", "", "million/s", "best", "bare", "held", "waiting");
    for (size_t i = 0; ret == FC_OK && i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        if (passed && SETTINGS[i].load >= 1) continue; /* there the queue grows */
        ret = passed ? print_passed(&SETTINGS[i])
                     : print_speed(&SETTINGS[i], bench_is_quick(argc, argv));
        if (ret) fprintf(stderr, "bench_jobs: %s failed\n", SETTINGS[i].name);
    }
    getrusage(RUSAGE_SELF, &usage);
    if (!passed) print_bare(bench_is_quick(argc, argv));
    printf("largest memory: %.0f MB\n", (double)usage.ru_maxrss / 1024);
    return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
