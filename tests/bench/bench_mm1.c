/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An M/M/1 queue through the kernel: calendar, Philox streams, exponential inversion, and the
 * time-weighted number in system, which is checked against rho / (1 - rho). See README.md.
 *
 *     bench_mm1 [--quick]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "fleetcast/error.h"
#include "kernel/calendar.h"
#include "kernel/stats.h"
#include "kernel/stream.h"

static const double RHO = 0.9; /* arrival rate; the service rate is 1 */

enum { ARRIVAL, DEPARTURE };

typedef struct queue {
    fc_calendar calendar;
    fc_stream arrivals, services;
    fc_level number; /* in system */
} queue;

static int schedule_arrival(queue *q)
{
    double time = fc_calendar_now(&q->calendar) + fc_exponential(&q->arrivals) / RHO;

    return fc_calendar_schedule(&q->calendar, time, 1, (fc_event){.kind = ARRIVAL}, NULL);
}

static int schedule_departure(queue *q)
{
    double time = fc_calendar_now(&q->calendar) + fc_exponential(&q->services);

    return fc_calendar_schedule(&q->calendar, time, 0, (fc_event){.kind = DEPARTURE}, NULL);
}

static int handle_arrival(queue *q)
{
    int ret = schedule_arrival(q);

    if (ret == FC_OK && q->number.value == 0) ret = schedule_departure(q);
    fc_level_add(&q->number, fc_calendar_now(&q->calendar), 1);
    return ret;
}

static int handle_departure(queue *q)
{
    fc_level_add(&q->number, fc_calendar_now(&q->calendar), -1);
    return q->number.value > 0 ? schedule_departure(q) : FC_OK;
}

/* Serves `customers` and puts the mean number in system and the time it spans into the last two. */
static int simulate(uint64_t seed, uint64_t customers, double *mean, double *span)
{
    queue q = {0};
    fc_event event = {0};
    uint64_t served = 0;
    int ret = fc_calendar_init(&q.calendar, 0);

    fc_stream_init(&q.arrivals, fc_stream_key(seed, "queue", "arrivals"), 0, 0);
    fc_stream_init(&q.services, fc_stream_key(seed, "queue", "services"), 0, 0);
    fc_level_init(&q.number, 0, 0);
    if (ret == FC_OK) ret = schedule_arrival(&q);
    while (ret == FC_OK && served < customers && fc_calendar_next(&q.calendar, INFINITY, &event)) {
        if (event.kind == ARRIVAL) {
            ret = handle_arrival(&q);
        } else {
            ret = handle_departure(&q);
            served++;
        }
    }
    *span = fc_calendar_now(&q.calendar);
    *mean = fc_level_mean(&q.number, *span);
    fc_calendar_free(&q.calendar);
    return ret;
}

int main(int argc, char **argv)
{
    bool quick = bench_is_quick(argc, argv);
    uint64_t customers = quick ? 200000 : 10000000;
    int runs = quick ? 1 : 7;
    double rate[BENCH_MAX_RUNS] = {0};

    for (int i = 0; i < runs; i++) {
        double mean = 0, span = 0, error = 0;
        double start = bench_seconds();
        int ret = simulate((uint64_t)i, customers, &mean, &span);

        rate[i] = 1e-6 * (double)customers / (bench_seconds() - start);
        if (ret != FC_OK) {
            fprintf(stderr, "bench_mm1: %s\n", fc_error_text(ret, FC_LANG_EN));
            return EXIT_FAILURE;
        }
        /* Standard error of the time average: asymptotic variance 2 rho (1 + rho) / (1 - rho)^4
         * over the time (Whitt 1989, Management Science 35:1341, service rate 1). */
        error = sqrt(2 * RHO * (1 + RHO) / pow(1 - RHO, 4) / span);
        if (fabs(mean - RHO / (1 - RHO)) > 4.5 * error) {
            fprintf(stderr, "bench_mm1: mean number %.4f, expected %.4f +- %.4f\n", mean,
                    RHO / (1 - RHO), 4.5 * error);
            return EXIT_FAILURE;
        }
    }
    bench_sort(rate, runs);
    printf("M/M/1, rho %.1f: %.1f million customers/s (median of %d runs; %.1f to %.1f)\n", RHO,
           rate[runs / 2], runs, rate[0], rate[runs - 1]);
    return EXIT_SUCCESS;
}
