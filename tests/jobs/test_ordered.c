/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ordered index against a sorted array: random operations, the same answers to every question.
 * Sizes swell and shrink, so that nodes are split, joined and given back; keys repeat.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/ordered.h"
#include "kernel/stream.h"

enum { MOST = 6000 };

typedef struct list {
    fc_ordered_entry entry[MOST];
    size_t count;
} list;

static list plain; /* in order */

/* The first place that is not before (key, seq). */
static size_t place_of(double key, uint64_t seq)
{
    size_t i = 0;

    while (i < plain.count &&
           (plain.entry[i].key < key || (plain.entry[i].key == key && plain.entry[i].seq < seq)))
        i++;
    return i;
}

static void insert(fc_ordered *o, fc_ordered_entry entry)
{
    size_t at = place_of(entry.key, entry.seq);

    assert_int_equal(fc_ordered_insert(o, entry), 0);
    memmove(plain.entry + at + 1, plain.entry + at, (plain.count - at) * sizeof entry);
    plain.entry[at] = entry;
    plain.count++;
}

static void remove_at(fc_ordered *o, size_t at)
{
    fc_ordered_entry gone = plain.entry[at];

    assert_true(fc_ordered_remove(o, gone.key, gone.seq));
    assert_false(fc_ordered_remove(o, gone.key, gone.seq));
    plain.count--;
    memmove(plain.entry + at, plain.entry + at + 1, (plain.count - at) * sizeof gone);
}

/* What is found is the entry at `at` of the array; beyond either end: nothing. */
static void expect(bool found, const fc_ordered_entry *entry, size_t at)
{
    assert_int_equal(found, at < plain.count);
    if (found) assert_int_equal(entry->seq, plain.entry[at].seq);
    if (found)
        assert_true(entry->key == plain.entry[at].key && entry->slot == (uint32_t)entry->seq);
}

static void ask_neighbours(const fc_ordered *o, double key, uint64_t seq)
{
    fc_ordered_entry e = {0};
    size_t at = place_of(key, seq);
    bool there = at < plain.count && plain.entry[at].key == key && plain.entry[at].seq == seq;

    expect(fc_ordered_first(o, &e), &e, 0);
    expect(fc_ordered_after(o, key, seq, &e), &e, at + there);
    expect(fc_ordered_before(o, key, seq, &e), &e, at - 1); /* of the first: SIZE_MAX */
}

static void ask_sums(const fc_ordered *o, double key, uint64_t gpus)
{
    fc_ordered_entry e = {0};
    uint64_t through = 0, all = 0;
    size_t reached = plain.count;

    for (size_t i = 0; i < plain.count; i++) {
        all += plain.entry[i].gpus;
        if (plain.entry[i].key <= key) through = all;
        if (all >= gpus && reached == plain.count) reached = i;
    }
    assert_int_equal(o->count, plain.count);
    assert_int_equal(o->gpus, all);
    assert_int_equal(fc_ordered_gpus_through(o, key), through);
    expect(fc_ordered_reach(o, gpus, &e), &e, reached);
}

static int meet(void *self, const fc_ordered_entry *entry)
{
    size_t *at = self;

    expect(true, entry, (*at)++);
    return *at == 3000 ? FC_E_FULL : FC_OK;
}

static void ask_all(const fc_ordered *o)
{
    size_t at = 0;
    int ret = fc_ordered_visit(o, meet, &at);

    assert_int_equal(ret, plain.count >= 3000 ? FC_E_FULL : FC_OK);
    assert_int_equal(at, plain.count >= 3000 ? 3000 : plain.count);
}

static void ask_find(const fc_ordered *o, uint32_t gpus, double length)
{
    fc_ordered_entry e = {0};
    size_t at = 0;

    while (at < plain.count && (plain.entry[at].gpus > gpus || plain.entry[at].length > length))
        at++;
    expect(fc_ordered_find(o, gpus, length, &e), &e, at);
}

/* `keys` different ones; with 1 the order is that of seq alone. */
static void run(uint64_t seed, uint64_t keys, bool searched)
{
    fc_ordered o;
    fc_stream s;
    bool swells = true;

    fc_stream_init(&s, seed, 0, 0);
    plain.count = 0;
    assert_int_equal(fc_ordered_init(&o, searched), 0);
    for (uint64_t seq = 1; seq < 30000; seq++) {
        double key = (double)fc_stream_below(&s, keys) - 3,
               length = (double)fc_stream_below(&s, 90);
        uint32_t gpus = 1 + (uint32_t)fc_stream_below(&s, 100);

        if (plain.count > 2000 + fc_stream_below(&s, 2000)) swells = false;
        if (plain.count == 0) swells = true;
        if (fc_stream_below(&s, 10) < (swells ? 7 : 3) || plain.count == 0) {
            insert(&o, (fc_ordered_entry){key, seq, length, gpus, (uint32_t)seq});
        } else {
            size_t at = fc_stream_below(&s, plain.count);
            remove_at(&o, swells || seq % 3 ? at : 0); /* a queue is mostly taken from in front */
        }
        if (seq % 16) continue;
        uint64_t near = seq - fc_stream_below(&s, seq);
        ask_neighbours(&o, key, near);
        if (plain.count > 0) {
            size_t at = fc_stream_below(&s, plain.count);
            ask_neighbours(&o, plain.entry[at].key, plain.entry[at].seq);
        }
        ask_sums(&o, key, 1 + fc_stream_below(&s, o.gpus + 5));
        if (searched) ask_find(&o, 1 + gpus / 8, length / 8);
        if (seq % 256 == 0) ask_all(&o);
        if (seq % 256 == 0) assert_true(fc_ordered_verify(&o));
    }
    while (plain.count > 0) remove_at(&o, plain.count / 2);
    assert_true(fc_ordered_verify(&o) && o.count == 0 && o.height == 0);
    ask_neighbours(&o, 0, 0);
    fc_ordered_free(&o);
}

static void test_against_a_sorted_array(void **state)
{
    (void)state;
    run(1, 1, true);
    run(2, 7, true);
    run(3, 1000000, true);
    run(4, 50, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_a_sorted_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
