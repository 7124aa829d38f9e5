/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The calendar under the hold model (Jones 1986, CACM 29:300): take the earliest of n pending
 * events, schedule one more at an exponential distance, again and again; beside it a bare binary
 * heap of 16-byte entries that does the same without cancellation, classes or a tie-break. Both
 * draw from the same generator, and the draw is part of the time. See README.md.
 *
 *     bench_calendar [--quick]
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "fleetcast/error.h"
#include "kernel/calendar.h"

/* ---- draws: splitmix64 (Steele, Lea and Flood 2014), -log(u) ------------------------------ */

static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double exponential(uint64_t *state)
{
    return -log(((double)(next_bits(state) >> 11) + 0.5) * 0x1p-53);
}

/* ---- the bare heap: binary, 1-based, sift with a hole ------------------------------------- */

typedef struct bare_entry {
    double time;
    uint64_t payload;
} bare_entry;

typedef struct bare_heap {
    bare_entry *entries;
    size_t size;
} bare_heap;

static void bare_push(bare_heap *heap, bare_entry entry)
{
    size_t hole = ++heap->size;

    while (hole > 1 && entry.time < heap->entries[hole / 2].time) {
        heap->entries[hole] = heap->entries[hole / 2];
        hole /= 2;
    }
    heap->entries[hole] = entry;
}

static bare_entry bare_pop(bare_heap *heap)
{
    bare_entry top = heap->entries[1];
    bare_entry last = heap->entries[heap->size--];
    size_t hole = 1;

    for (size_t child = 2; child <= heap->size; child = 2 * hole) {
        if (child < heap->size && heap->entries[child + 1].time < heap->entries[child].time)
            child++;
        if (last.time <= heap->entries[child].time) break;
        heap->entries[hole] = heap->entries[child];
        hole = child;
    }
    heap->entries[hole] = last;
    return top;
}

/* ---- the loops: nanoseconds a hold, negative after an error -------------------------------- */

/* `checksum` gathers the payloads in the order they fire: both sides must agree on it. */
static double hold_bare(size_t pending, size_t holds, uint64_t *checksum)
{
    bare_heap heap = {.entries = malloc((pending + 2) * sizeof(bare_entry))};
    uint64_t state = 1;
    double start = 0, elapsed = 0;

    if (heap.entries == NULL) return -1;
    for (size_t i = 0; i < pending; i++) {
        bare_push(&heap, (bare_entry){exponential(&state), i});
    }
    start = bench_seconds();
    for (size_t i = 0; i < holds; i++) {
        bare_entry event = bare_pop(&heap);

        *checksum = *checksum * 31 + event.payload;
        event.time += exponential(&state);
        bare_push(&heap, event);
    }
    elapsed = bench_seconds() - start;
    free(heap.entries);
    return 1e9 * elapsed / (double)holds;
}

/* Event i of the `pending` first ones carries i, which its successors inherit. */
static int fill(fc_calendar *cal, size_t pending, uint64_t *state, fc_handle *handles)
{
    int ret = fc_calendar_init(cal, pending);

    for (size_t i = 0; i < pending && ret == FC_OK; i++) {
        ret = fc_calendar_schedule(cal, exponential(state), 0, (fc_event){.detail = i},
                                   handles == NULL ? NULL : &handles[i]);
    }
    return ret;
}

static double hold_calendar(size_t pending, size_t holds, uint64_t *checksum)
{
    fc_calendar cal;
    fc_event event = {0};
    uint64_t state = 1;
    double start = 0, elapsed = 0;
    int ret = fill(&cal, pending, &state, NULL);

    start = bench_seconds();
    for (size_t i = 0; i < holds && ret == FC_OK; i++) {
        double time = exponential(&state);

        if (!fc_calendar_next(&cal, INFINITY, &event)) ret = FC_E_INTERNAL;
        if (ret != FC_OK) break;
        *checksum = *checksum * 31 + event.detail;
        ret = fc_calendar_schedule(&cal, fc_calendar_now(&cal) + time, 0, event, NULL);
    }
    elapsed = bench_seconds() - start;
    if (ret == FC_OK) ret = fc_calendar_verify(&cal);
    fc_calendar_free(&cal);
    return ret == FC_OK ? 1e9 * elapsed / (double)holds : -1;
}

/* The same, and before each tenth hold one pending event picked at random is cancelled and
 * scheduled anew. */
static double hold_with_cancellation(size_t pending, size_t holds)
{
    fc_handle *handles = malloc(pending * sizeof *handles);
    fc_calendar cal;
    fc_event event = {0};
    uint64_t state = 1;
    double start = 0, elapsed = 0;
    int ret = handles == NULL ? FC_E_NOMEM : FC_OK;

    if (ret != FC_OK) return -1;
    ret = fill(&cal, pending, &state, handles);
    start = bench_seconds();
    for (size_t i = 0; i < holds && ret == FC_OK; i++) {
        double time = exponential(&state);

        if (i % 10 == 0) {
            size_t chosen = next_bits(&state) % pending;
            double later = fc_calendar_now(&cal) + exponential(&state);

            if (!fc_calendar_cancel(&cal, handles[chosen])) ret = FC_E_INTERNAL;
            if (ret != FC_OK) break;
            ret = fc_calendar_schedule(&cal, later, 0, (fc_event){.detail = chosen},
                                       &handles[chosen]);
        }
        if (ret == FC_OK && !fc_calendar_next(&cal, INFINITY, &event)) ret = FC_E_INTERNAL;
        if (ret != FC_OK) break;
        ret = fc_calendar_schedule(&cal, fc_calendar_now(&cal) + time, 0, event,
                                   &handles[event.detail]);
    }
    elapsed = bench_seconds() - start;
    if (ret == FC_OK) ret = fc_calendar_verify(&cal);
    if (fc_calendar_size(&cal) != pending) ret = FC_E_INTERNAL;
    fc_calendar_free(&cal);
    free(handles);
    return ret == FC_OK ? 1e9 * elapsed / (double)holds : -1;
}

/* One row of the table; false after an error. */
static bool measure(size_t pending, size_t holds, int runs)
{
    double bare[BENCH_MAX_RUNS], calendar[BENCH_MAX_RUNS], cancelling[BENCH_MAX_RUNS];
    double ratio[BENCH_MAX_RUNS];

    for (int i = 0; i < runs; i++) {
        uint64_t order_bare = 0, order_calendar = 0;

        bare[i] = hold_bare(pending, holds, &order_bare);
        calendar[i] = hold_calendar(pending, holds, &order_calendar);
        cancelling[i] = hold_with_cancellation(pending, holds);
        if (bare[i] < 0 || calendar[i] < 0 || cancelling[i] < 0) {
            fputs("bench_calendar: out of memory or a broken calendar\n", stderr);
            return false;
        }
        if (order_bare != order_calendar) {
            fputs("bench_calendar: the heap and the calendar fire in different orders\n", stderr);
            return false;
        }
        ratio[i] = calendar[i] / bare[i];
    }
    bench_sort(bare, runs);
    bench_sort(calendar, runs);
    bench_sort(cancelling, runs);
    bench_sort(ratio, runs);
    printf("%9zu %9.1f %9.1f %7.2f  (%.2f to %.2f) %12.1f\n", pending, bare[runs / 2],
           calendar[runs / 2], ratio[runs / 2], ratio[0], ratio[runs - 1], cancelling[runs / 2]);
    return true;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1000, 100000, 1000000};
    bool quick = bench_is_quick(argc, argv);
    size_t holds = quick ? 20000 : 1500000;
    int runs = quick ? 1 : 9;
    bool fine = true;

    puts("  pending  heap, ns   cal., ns  ratio  (least to most)  10 % cancelled, ns");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && fine; i++) {
        if (quick && sizes[i] > 100000) continue;
        fine = measure(sizes[i], holds, runs);
    }
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
