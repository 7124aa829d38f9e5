/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/calendar.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"

/* The root lies at index 3, so that the children of i, at 4(i - 2) to 4(i - 2) + 3, start a cache
 * line of the 64-byte aligned array. */
#define ROOT 3u
#define ALIGNMENT 64u
#define SLOT_BITS 24
#define SEQUENCE_BITS 36
#define NO_SLOT UINT32_MAX
#define LEAST_ROOM 16u
/* Below this many keys a sweep of cancelled ones gains nothing. */
#define LEAST_SWEEP 64u
/* Heaps of fewer keys stay in the first-level cache, where fetching ahead only costs. */
#define LEAST_PREFETCH 1024u

struct fc_calendar_slot {
    fc_handle word; /* of the event held, FC_NO_EVENT if free */
    double time;
    union {
        fc_event what;
        uint32_t next_free;
    };
};

/* Fills the heap beyond its end: larger than any event's key, so that a node's last children need
 * no special case. */
static const fc_calendar_key BEYOND = ~(fc_calendar_key)0;

static fc_calendar_key make_key(double time, fc_handle word)
{
    uint64_t bits = 0;

    memcpy(&bits, &time, sizeof bits);
    return (fc_calendar_key)bits << 64 | word;
}

static double key_time(fc_calendar_key key)
{
    uint64_t bits = (uint64_t)(key >> 64);
    double time = 0;

    memcpy(&time, &bits, sizeof time);
    return time;
}

static size_t slot_of(fc_handle word)
{
    return word & (((size_t)1 << SLOT_BITS) - 1);
}

static size_t first_child(size_t i)
{
    return 4 * (i - 2);
}

static size_t parent(size_t i)
{
    return i / 4 + 2;
}

/* ---- the heap ---------------------------------------------------------------------------- */

static void sift_up(fc_calendar_key *heap, size_t hole, fc_calendar_key key)
{
    while (hole > ROOT && key < heap[parent(hole)]) {
        heap[hole] = heap[parent(hole)];
        hole = parent(hole);
    }
    heap[hole] = key;
}

/* The least of four children where two of them have the same time. */
__attribute__((noinline, cold)) static size_t least_with_ties(const fc_calendar_key c[4])
{
    size_t left = c[1] < c[0], right = 2 + (c[3] < c[2]);

    return c[right] < c[left] ? right : left;
}

/* The least of four children, by their times alone where these tell. In arithmetic on comparisons:
 * which it is, no branch predictor can learn, and compilers make jumps of conditional expressions
 * here. */
static inline size_t least_of_four(const fc_calendar_key c[4])
{
    uint64_t t0 = (uint64_t)(c[0] >> 64), t1 = (uint64_t)(c[1] >> 64);
    uint64_t t2 = (uint64_t)(c[2] >> 64), t3 = (uint64_t)(c[3] >> 64);
    uint64_t low = t1 < t0 ? t1 : t0, high = t3 < t2 ? t3 : t2;
    size_t left = t1 < t0, right = 2 + (t3 < t2);

    if ((t0 == t1) | (t2 == t3) | (low == high)) return least_with_ties(c);
    return left ^ ((left ^ right) & (0 - (size_t)(high < low)));
}

static void sift_down(fc_calendar_key *heap, size_t end, size_t hole, fc_calendar_key key)
{
    for (size_t child = first_child(hole); child < end; child = first_child(hole)) {
        size_t least = 0;

        /* The children of all four children, before it is known whose are needed. */
        if (end > LEAST_PREFETCH && first_child(child + 4) <= end) {
            for (size_t i = 0; i < 4; i++) __builtin_prefetch(heap + first_child(child + i));
        }
        least = child + least_of_four(heap + child);
        if (key < heap[least]) break;
        heap[hole] = heap[least];
        hole = least;
    }
    heap[hole] = key;
}

/* Puts a key in the place of the root, which has fired. */
static void replace_root(fc_calendar *cal, fc_calendar_key key)
{
    fc_calendar_key *heap = cal->heap;

    cal->root_spent = false;
    if (cal->end > ROOT + 2) {
        sift_down(heap, cal->end, ROOT, key);
    } else if (key < heap[ROOT + 1]) { /* the only other key, or beyond */
        heap[ROOT] = key;
    } else {
        heap[ROOT] = heap[ROOT + 1];
        heap[ROOT + 1] = key;
    }
}

static void remove_root(fc_calendar *cal)
{
    fc_calendar_key last = cal->heap[--cal->end];

    cal->heap[cal->end] = BEYOND;
    if (cal->end > ROOT) sift_down(cal->heap, cal->end, ROOT, last);
    cal->root_spent = false;
}

/* Drops the keys of cancelled events (and a spent root) and rebuilds the heap (Floyd 1964). */
static void sweep(fc_calendar *cal)
{
    size_t kept = ROOT;

    for (size_t i = ROOT; i < cal->end; i++) {
        fc_handle word = (fc_handle)cal->heap[i];

        if (cal->slots[slot_of(word)].word == word) cal->heap[kept++] = cal->heap[i];
    }
    for (size_t i = kept; i < cal->end; i++) cal->heap[i] = BEYOND;
    cal->end = kept;
    cal->root_spent = false;
    if (kept <= ROOT + 1) return;
    for (size_t i = parent(kept - 1); i >= ROOT; i--) {
        sift_down(cal->heap, kept, i, cal->heap[i]);
    }
}

/* ---- memory ------------------------------------------------------------------------------ */

static int resize_heap(fc_calendar *cal, size_t size)
{
    fc_calendar_key *heap = aligned_alloc(ALIGNMENT, size * sizeof *heap);

    if (heap == NULL) return FC_E_NOMEM;
    if (cal->heap != NULL) memcpy(heap, cal->heap, cal->heap_size * sizeof *heap);
    for (size_t i = cal->heap_size; i < size; i++) heap[i] = BEYOND;
    free(cal->heap);
    cal->heap = heap;
    cal->heap_size = size;
    return FC_OK;
}

/* Frees the slots from `first` on, so that the lowest is taken first. */
static void link_free_slots(fc_calendar *cal, size_t first)
{
    for (size_t i = cal->slot_count; i > first; i--) {
        cal->slots[i - 1].word = FC_NO_EVENT;
        cal->slots[i - 1].next_free = cal->free_slot;
        cal->free_slot = (uint32_t)(i - 1);
    }
}

static int resize_slots(fc_calendar *cal, size_t count)
{
    fc_calendar_slot *slots = aligned_alloc(ALIGNMENT, count * sizeof *slots);
    size_t before = cal->slot_count;

    if (slots == NULL) return FC_E_NOMEM;
    if (cal->slots != NULL) memcpy(slots, cal->slots, before * sizeof *slots);
    free(cal->slots);
    cal->slots = slots;
    cal->slot_count = count;
    link_free_slots(cal, before);
    return FC_OK;
}

/* Makes room for one more event. Rare: inlined, it would take fc_calendar_schedule's registers. */
__attribute__((noinline, cold)) static int grow(fc_calendar *cal)
{
    int ret = FC_OK;

    if (cal->sequence >= FC_CALENDAR_MAX_SEQUENCE) return FC_E_FULL;
    if (cal->free_slot == NO_SLOT) {
        size_t count = 2 * cal->slot_count;

        if (cal->slot_count >= FC_CALENDAR_MAX_PENDING) return FC_E_FULL;
        if (count > FC_CALENDAR_MAX_PENDING) count = FC_CALENDAR_MAX_PENDING;
        ret = resize_slots(cal, count);
    }
    if (ret == FC_OK && cal->end == cal->heap_size) ret = resize_heap(cal, 2 * cal->heap_size);
    return ret;
}

int fc_calendar_init(fc_calendar *cal, size_t reserve)
{
    int ret = FC_OK;

    *cal = (fc_calendar){.end = ROOT, .sequence = 1, .free_slot = NO_SLOT};
    if (reserve > FC_CALENDAR_MAX_PENDING) return FC_E_FULL;
    if (reserve < LEAST_ROOM) reserve = LEAST_ROOM;
    reserve = (reserve + 3) / 4 * 4;
    ret = resize_slots(cal, reserve);
    if (ret == FC_OK) ret = resize_heap(cal, reserve + 4); /* the root has a group of its own */
    if (ret != FC_OK) fc_calendar_free(cal);
    return ret;
}

void fc_calendar_free(fc_calendar *cal)
{
    free(cal->heap);
    free(cal->slots);
    *cal = (fc_calendar){.end = ROOT, .sequence = 1, .free_slot = NO_SLOT};
}

void fc_calendar_clear(fc_calendar *cal)
{
    for (size_t i = ROOT; i < cal->end; i++) cal->heap[i] = BEYOND;
    cal->end = ROOT;
    cal->root_spent = false;
    cal->pending = 0;
    cal->sequence = 1;
    cal->now = 0;
    cal->free_slot = NO_SLOT;
    link_free_slots(cal, 0);
}

/* ---- events ------------------------------------------------------------------------------ */

static void release(fc_calendar *cal, size_t index)
{
    fc_calendar_slot *slot = &cal->slots[index];

    slot->word = FC_NO_EVENT;
    slot->next_free = cal->free_slot;
    cal->free_slot = (uint32_t)index;
    cal->pending--;
}

int fc_calendar_schedule(fc_calendar *cal, double time, unsigned class, fc_event what,
                         fc_handle *out)
{
    size_t index = 0;
    fc_handle word = 0;
    fc_calendar_key key = 0;
    int ret = FC_OK;

    if (!(time >= cal->now && time <= DBL_MAX && class < FC_CALENDAR_CLASSES)) return FC_E_DOMAIN;
    if (cal->free_slot == NO_SLOT || cal->end == cal->heap_size ||
        cal->sequence >= FC_CALENDAR_MAX_SEQUENCE) {
        ret = grow(cal);
        if (ret != FC_OK) return ret;
    }
    time += 0.0; /* -0.0 becomes 0 */
    index = cal->free_slot;
    cal->free_slot = cal->slots[index].next_free;
    word = class;
    word = (word << SEQUENCE_BITS | cal->sequence++) << SLOT_BITS | index;
    cal->slots[index].word = word;
    cal->slots[index].time = time;
    cal->slots[index].what = what;
    cal->pending++;
    key = make_key(time, word);
    /* An event mostly schedules its successor: the new key then takes the spent root's place, and
     * the heap is mended once instead of twice. */
    if (cal->root_spent) {
        replace_root(cal, key);
    } else {
        sift_up(cal->heap, cal->end++, key);
    }
    if (out != NULL) *out = word;
    return FC_OK;
}

/* The next event to fire is one of the root's children, or is scheduled first: their slots are
 * fetched while the caller handles the present event. */
static void prefetch_successors(const fc_calendar *cal)
{
    const fc_calendar_key *child = cal->heap + first_child(ROOT);

    if (cal->end <= LEAST_PREFETCH) return;
    for (size_t i = 0; i < 4; i++) {
        __builtin_prefetch(&cal->slots[slot_of((fc_handle)child[i])]);
    }
}

/* With a spent root the next event is one of its children. If none is due the root stays spent, for
 * the next event scheduled to take its place. A cancelled child is only too early. */
static bool none_due(const fc_calendar *cal, double until)
{
    const fc_calendar_key *child = cal->heap + first_child(ROOT);

    return !(key_time(child[least_of_four(child)]) < until); /* not a number beyond the end */
}

bool fc_calendar_next(fc_calendar *cal, double until, fc_event *out)
{
    if (cal->root_spent && none_due(cal, until)) return false;
    while (cal->end > ROOT) {
        fc_calendar_key key = cal->heap[ROOT];
        fc_handle word = (fc_handle)key;
        size_t index = slot_of(word);

        if (cal->slots[index].word == word) {
            if (!(key_time(key) < until)) return false;
            cal->now = key_time(key);
            *out = cal->slots[index].what;
            release(cal, index);
            cal->root_spent = true;
            prefetch_successors(cal);
            return true;
        }
        remove_root(cal); /* spent or cancelled */
    }
    return false;
}

bool fc_calendar_pending(const fc_calendar *cal, fc_handle handle)
{
    size_t index = slot_of(handle);

    return handle != FC_NO_EVENT && index < cal->slot_count && cal->slots[index].word == handle;
}

double fc_calendar_time_of(const fc_calendar *cal, fc_handle handle)
{
    return fc_calendar_pending(cal, handle) ? cal->slots[slot_of(handle)].time : (double)NAN;
}

bool fc_calendar_cancel(fc_calendar *cal, fc_handle handle)
{
    size_t keys = 0;

    if (!fc_calendar_pending(cal, handle)) return false;
    release(cal, slot_of(handle));
    keys = cal->end - ROOT;
    if (keys >= LEAST_SWEEP && 2 * cal->pending < keys) sweep(cal);
    return true;
}

/* ---- checks ------------------------------------------------------------------------------ */

static bool heap_is_ordered(const fc_calendar *cal)
{
    for (size_t i = ROOT + 1; i < cal->end; i++) {
        if (cal->heap[i] <= cal->heap[parent(i)]) return false;
    }
    for (size_t i = cal->end; i < cal->heap_size; i++) {
        if (cal->heap[i] != BEYOND) return false;
    }
    return true;
}

/* Every pending event has exactly one key: the counts agree, and so do the exclusive ors of the
 * words, which a missing key made up for by a double one would upset. */
static bool keys_match_slots(const fc_calendar *cal)
{
    fc_handle check = 0;
    size_t keys = 0, slots = 0;

    for (size_t i = ROOT; i < cal->end; i++) {
        fc_handle word = (fc_handle)cal->heap[i];
        double time = key_time(cal->heap[i]);

        if (slot_of(word) >= cal->slot_count) return false;
        if (!fc_calendar_pending(cal, word)) continue;
        if (time < cal->now || time != cal->slots[slot_of(word)].time) return false;
        check ^= word;
        keys++;
    }
    for (size_t i = 0; i < cal->slot_count; i++) {
        fc_handle word = cal->slots[i].word;
        uint64_t sequence = word >> SLOT_BITS & (FC_CALENDAR_MAX_SEQUENCE - 1);

        if (word == FC_NO_EVENT) continue;
        if (slot_of(word) != i || sequence == 0 || sequence >= cal->sequence) return false;
        check ^= word;
        slots++;
    }
    return check == 0 && keys == cal->pending && slots == cal->pending;
}

static bool free_list_is_whole(const fc_calendar *cal)
{
    size_t count = 0;

    for (size_t i = cal->free_slot; i != NO_SLOT; i = cal->slots[i].next_free) {
        if (i >= cal->slot_count || cal->slots[i].word != FC_NO_EVENT) return false;
        if (++count > cal->slot_count) return false; /* a cycle */
    }
    return count == cal->slot_count - cal->pending;
}

int fc_calendar_verify(const fc_calendar *cal)
{
    if (cal->end < ROOT || cal->end > cal->heap_size || !(cal->now >= 0)) return FC_E_INTERNAL;
    if (cal->root_spent &&
        (cal->end == ROOT || fc_calendar_pending(cal, (fc_handle)cal->heap[ROOT]))) {
        return FC_E_INTERNAL;
    }
    if (!heap_is_ordered(cal) || !keys_match_slots(cal) || !free_list_is_whole(cal)) {
        return FC_E_INTERNAL;
    }
    return FC_OK;
}

void fc_calendar_print_state(const fc_calendar *cal, FILE *out)
{
    fprintf(out,
            "calendar: now %.17g, %zu pending, %zu keys, %zu slots, next sequence %" PRIu64 "\n",
            cal->now, cal->pending, cal->end - ROOT, cal->slot_count, cal->sequence);
    for (size_t i = ROOT; i < cal->end; i++) {
        fc_handle word = (fc_handle)cal->heap[i];
        const fc_calendar_slot *slot = &cal->slots[slot_of(word)];
        uint64_t sequence = word >> SLOT_BITS & (FC_CALENDAR_MAX_SEQUENCE - 1);

        fprintf(out, "  [%zu] time %.17g class %u sequence %" PRIu64, i - ROOT,
                key_time(cal->heap[i]), (unsigned)(word >> (SEQUENCE_BITS + SLOT_BITS)), sequence);
        if (slot->word == word) {
            fprintf(out, " kind %" PRIu32 " subject %" PRIu32 " detail %" PRIu64 "\n",
                    slot->what.kind, slot->what.subject, slot->what.detail);
        } else {
            fputs(i == ROOT && cal->root_spent ? " fired\n" : " cancelled\n", out);
        }
    }
}
