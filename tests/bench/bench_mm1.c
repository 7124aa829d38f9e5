/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An M/M/1 queue through the kernel: calendar, Philox streams, exponential inversion, and the
 * time-weighted number in system, which is checked against rho / (1 - rho); beside it the queue as
 * one writes it by hand in plain C, without a calendar. See README.md.
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

/* ---- by hand: two callbacks, the time of each next event, splitmix64 (Steele, Lea and Flood 2014)
 */

typedef struct hand {
    uint64_t state;
    double now, next_arrival, next_departure, number, integral;
} hand;

static double hand_exponential(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return -log(((double)(z >> 11) + 0.5) * 0x1p-53);
}

static void hand_arrival(hand *q)
{
    q->next_arrival = q->now + hand_exponential(&q->state) / RHO;
    if (q->number++ == 0) q->next_departure = q->now + hand_exponential(&q->state);
}

static void hand_departure(hand *q)
{
    q->next_departure = --q->number > 0 ? q->now + hand_exponential(&q->state) : INFINITY;
}

static void simulate_by_hand(uint64_t seed, uint64_t customers, double *mean, double *span)
{
    static void (*const handlers[])(hand *) = {hand_arrival, hand_departure};
    hand q = {.state = seed, .next_departure = INFINITY};

    q.next_arrival = hand_exponential(&q.state) / RHO;
    for (uint64_t served = 0; served < customers;) {
        int kind = q.next_departure <= q.next_arrival ? DEPARTURE : ARRIVAL;
        double time = kind == DEPARTURE ? q.next_departure : q.next_arrival;

        q.integral += q.number * (time - q.now);
        q.now = time;
        handlers[kind](&q);
        served += (uint64_t)(kind == DEPARTURE);
    }
    *span = q.now;
    *mean = q.integral / q.now;
}

/* Standard error of the time average: asymptotic variance 2 rho (1 + rho) / (1 - rho)^4 over the
 * time (Whitt 1989, Management Science 35:1341, service rate 1). */
static bool is_right(double mean, double span)
{
    double error = sqrt(2 * RHO * (1 + RHO) / pow(1 - RHO, 4) / span);

    if (fabs(mean - RHO / (1 - RHO)) <= 4.5 * error) return true;
    fprintf(stderr, "bench_mm1: mean number %.4f, expected %.4f +- %.4f\n", mean, RHO / (1 - RHO),
            4.5 * error);
    return false;
}

static void print_row(const char *what, const double *sorted, int runs, const char *unit)
{
    printf("%-34s %5.2f %s (%.2f to %.2f)\n", what, sorted[runs / 2], unit, sorted[0],
           sorted[runs - 1]);
}

int main(int argc, char **argv)
{
    bool quick = bench_is_quick(argc, argv);
    uint64_t customers = quick ? 200000 : 10000000;
    int runs = quick ? 1 : 7;
    double rate[BENCH_MAX_RUNS] = {0}, by_hand[BENCH_MAX_RUNS] = {0}, ratio[BENCH_MAX_RUNS] = {0};

    for (int i = 0; i < runs; i++) {
        double mean = 0, span = 0;
        double start = bench_seconds();
        int ret = simulate((uint64_t)i, customers, &mean, &span);

        rate[i] = 1e-6 * (double)customers / (bench_seconds() - start);
        if (ret != FC_OK) {
            fprintf(stderr, "bench_mm1: %s\n", fc_error_text(ret, FC_LANG_EN));
            return EXIT_FAILURE;
        }
        if (!is_right(mean, span)) return EXIT_FAILURE;

        start = bench_seconds();
        simulate_by_hand((uint64_t)i, customers, &mean, &span);
        by_hand[i] = 1e-6 * (double)customers / (bench_seconds() - start);
        if (!is_right(mean, span)) return EXIT_FAILURE;
        ratio[i] = rate[i] / by_hand[i];
    }
    bench_sort(rate, runs);
    bench_sort(by_hand, runs);
    bench_sort(ratio, runs);
    printf("M/M/1, rho %.1f; median of %d runs (least to most)\n", RHO, runs);
    print_row("kernel", rate, runs, "million customers/s");
    print_row("by hand in plain C", by_hand, runs, "million customers/s");
    print_row("kernel / by hand, same round", ratio, runs, "");
    return EXIT_SUCCESS;
}
