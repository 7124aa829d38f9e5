/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Event calendar (future event list): what is to happen, earliest first.
 *
 *     fc_calendar cal;
 *     fc_handle failure;
 *     fc_event event;
 *
 *     ret = fc_calendar_init(&cal, 1000);
 *     ret = fc_calendar_schedule(&cal, 86400.0, 2, (fc_event){.kind = FAIL, .subject = 7},
 * &failure); fc_calendar_cancel(&cal, failure); while (fc_calendar_next(&cal, horizon, &event))
 *         handle(&event, fc_calendar_now(&cal));
 *     fc_calendar_free(&cal);
 *
 * Events fire in the total order (time, class, sequence): at one instant the lower class first,
 * within a class in the order of scheduling. An event scheduled for the present instant fires
 * before time moves on, whatever its class.
 *
 * Scheduling and firing take O(log pending), cancelling O(1) amortised: the key of a cancelled
 * event stays in the heap until it comes up, or until such keys outnumber the pending ones and are
 * swept out. The heap thus never holds more than twice the most events that were ever pending at
 * once (or 64). Memory is given back by fc_calendar_free only.
 *
 * A 4-ary heap (Johnson 1975, Information Processing Letters 4:53) of 16-byte keys whose four
 * children share a cache line (LaMarca and Ladner 1996, ACM JEA 1:4). A key is one 128-bit number,
 * [time:64 | class:4 | sequence:36 | slot:24]: the bits of a double >= 0 order like the double, so
 * that one comparison is the total order. The payload lies in the slot and never moves. The low
 * word is unique within a run and serves as the handle: a slot remembers the word of the event it
 * holds, so a key or handle whose word differs is stale.
 */
#ifndef FC_KERNEL_CALENDAR_H
#define FC_KERNEL_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FC_CALENDAR_CLASSES 16u
#define FC_CALENDAR_MAX_PENDING ((size_t)1 << 24)
/* Events that can be scheduled between one clear and the next. */
#define FC_CALENDAR_MAX_SEQUENCE ((uint64_t)1 << 36)

/* What happens. The calendar carries it and does not look into it. */
typedef struct fc_event {
    uint32_t kind;    /* which handler */
    uint32_t subject; /* to whom: usually an entity's index */
    uint64_t detail;  /* anything else */
} fc_event;

/* Names one scheduled event; stale once the event has fired or was cancelled. */
typedef uint64_t fc_handle;
#define FC_NO_EVENT ((fc_handle)0) /* never names an event */

__extension__ typedef unsigned __int128 fc_calendar_key;
typedef struct fc_calendar_slot fc_calendar_slot;

/* Read it through the functions below. */
typedef struct fc_calendar {
    fc_calendar_key *heap;
    fc_calendar_slot *slots;
    size_t end;         /* one past the heap's last key */
    size_t heap_size;   /* keys allocated */
    size_t slot_count;  /* slots allocated */
    size_t pending;     /* events to come */
    uint64_t sequence;  /* of the next event scheduled; from 1 */
    double now;         /* seconds; the time of the event fired last, 0 at first */
    uint32_t free_slot; /* head of the list of free slots */
    bool root_spent;    /* the root's event has fired and its key waits to be replaced */
} fc_calendar;

/* Room for `reserve` pending events at once; grows beyond it when needed.
 * FC_E_NOMEM; FC_E_FULL if reserve > FC_CALENDAR_MAX_PENDING. After an error, and after
 * fc_calendar_free, the calendar is empty and may be freed again. */
int fc_calendar_init(fc_calendar *cal, size_t reserve);
void fc_calendar_free(fc_calendar *cal);

/* Back to time 0 without events; keeps the memory. Handles given out before mean nothing after. */
void fc_calendar_clear(fc_calendar *cal);

/* Schedules `what` for `time` (seconds, finite, now or later; -0.0 is 0) in `class` (below
 * FC_CALENDAR_CLASSES). `out` may be NULL. Errors leave the calendar and *out as they were:
 * FC_E_DOMAIN for a time or class outside these bounds, FC_E_NOMEM, FC_E_FULL when
 * FC_CALENDAR_MAX_PENDING or FC_CALENDAR_MAX_SEQUENCE is reached. */
int fc_calendar_schedule(fc_calendar *cal, double time, unsigned class, fc_event what,
                         fc_handle *out);

/* True if the event was pending and now never fires; false if it has fired, was cancelled before,
 * or the handle is FC_NO_EVENT. */
bool fc_calendar_cancel(fc_calendar *cal, fc_handle handle);

bool fc_calendar_pending(const fc_calendar *cal, fc_handle handle);
/* When a pending event fires, NaN if it is not pending. */
double fc_calendar_time_of(const fc_calendar *cal, fc_handle handle);

/* Takes the earliest event if it lies before `until` (exclusive; INFINITY for no bound), and sets
 * the time to its time. False if there is none: the time then stays as it was. The event's
 * handle is stale from here on. */
bool fc_calendar_next(fc_calendar *cal, double until, fc_event *out);

static inline double fc_calendar_now(const fc_calendar *cal)
{
    return cal->now;
}

/* Grows with every event scheduled: as long as it stays the same, no event has become due that was
 * not due before. */
static inline uint64_t fc_calendar_scheduled(const fc_calendar *cal)
{
    return cal->sequence;
}

/* How many events are pending. */
static inline size_t fc_calendar_size(const fc_calendar *cal)
{
    return cal->pending;
}

/* Checks every invariant in O(allocated); FC_OK or FC_E_INTERNAL. */
int fc_calendar_verify(const fc_calendar *cal);
/* Prints counters and every key, in heap order, for debugging. */
void fc_calendar_print_state(const fc_calendar *cal, FILE *out);

#endif
