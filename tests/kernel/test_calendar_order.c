/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event calendar's total order against a plain sorted reference, on random sequences of
 * operations. No test here is statistical.
 */
#include <stdlib.h>

#include "calendar_helper.h"

enum { SEEDS = 200, STEPS = 600, HANDLES = STEPS };

static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* What was ever scheduled, in that order, so that the index is the sequence. */
typedef struct planned {
    double time;
    unsigned class;
    bool pending;
    fc_handle handle;
} planned;

typedef struct reference {
    planned all[HANDLES];
    size_t count, pending;
} reference;

static size_t reference_earliest(const reference *ref)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < ref->count; i++) {
        const planned *p = &ref->all[i], *b = &ref->all[best == SIZE_MAX ? 0 : best];

        if (!p->pending) continue;
        if (best == SIZE_MAX || p->time < b->time || (p->time == b->time && p->class < b->class)) {
            best = i;
        }
    }
    return best;
}

static void step_schedule(fc_calendar *cal, reference *ref, uint64_t *state)
{
    planned *p = &ref->all[ref->count];

    /* Few distinct times and classes: ties are the rule. Some events lie far ahead. */
    p->time = fc_calendar_now(cal) + (double)(next_bits(state) % 8);
    if (next_bits(state) % 4 == 0) p->time += 1000;
    p->class = (unsigned)(next_bits(state) % FC_CALENDAR_CLASSES);
    p->pending = true;
    p->handle = schedule(cal, p->time, p->class, ref->count);
    ref->count++;
    ref->pending++;
}

/* Mostly a pending event, where a few tries find one; else one that is gone. */
static void step_cancel(fc_calendar *cal, reference *ref, uint64_t *state)
{
    planned *p = NULL;

    for (int i = 0; i < 8 && (p == NULL || !p->pending); i++) {
        p = &ref->all[next_bits(state) % ref->count];
    }
    assert_int_equal(fc_calendar_cancel(cal, p->handle), p->pending);
    if (p->pending) ref->pending--;
    p->pending = false;
}

static void step_next(fc_calendar *cal, reference *ref, double until)
{
    size_t expected = reference_earliest(ref);
    double before = fc_calendar_now(cal);
    fc_event event = {.detail = 12345};

    if (expected == SIZE_MAX || ref->all[expected].time >= until) {
        assert_false(fc_calendar_next(cal, until, &event));
        assert_true(fc_calendar_now(cal) == before);
        assert_int_equal(event.detail, 12345);
        return;
    }
    assert_true(fc_calendar_next(cal, until, &event));
    assert_int_equal(event.detail, expected);
    assert_int_equal(event.subject, ref->all[expected].class);
    assert_true(fc_calendar_now(cal) == ref->all[expected].time);
    ref->all[expected].pending = false;
    ref->pending--;
}

static void check_against(const fc_calendar *cal, const reference *ref)
{
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
    assert_int_equal(fc_calendar_size(cal), ref->pending);
    for (size_t i = 0; i < ref->count; i++) {
        const planned *p = &ref->all[i];
        double time = fc_calendar_time_of(cal, p->handle);

        assert_int_equal(fc_calendar_pending(cal, p->handle), p->pending);
        assert_true(p->pending ? time == p->time : isnan(time));
    }
}

/* One sequence of operations; how often it schedules and cancels depends on the seed, so that some
 * grow, some drain and some are swept again and again. */
static void one_sequence(fc_calendar *cal, uint64_t seed)
{
    reference *ref = calloc(1, sizeof *ref);
    uint64_t state = seed;
    uint64_t schedules = 20 + seed % 50, cancels = seed % 7 * 15;

    assert_non_null(ref);
    for (size_t i = 0; i < STEPS; i++) {
        uint64_t draw = next_bits(&state) % 100;

        if (i < 120 || draw < schedules) {
            step_schedule(cal, ref, &state);
        } else if (next_bits(&state) % 100 < cancels) {
            step_cancel(cal, ref, &state);
        } else {
            double bound = fc_calendar_now(cal) + (double)(next_bits(&state) % 4);

            step_next(cal, ref, draw % 2 == 0 ? INFINITY : bound);
        }
        check_against(cal, ref);
    }
    while (ref->pending > 0) step_next(cal, ref, INFINITY);
    check_against(cal, ref);
    expect_empty(cal);
    free(ref);
}

static void fires_in_total_order(void **unused)
{
    (void)unused;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        fc_calendar cal;

        assert_int_equal(fc_calendar_init(&cal, seed % 3 * 300), FC_OK);
        one_sequence(&cal, seed);
        fc_calendar_free(&cal);
    }
}

static void cleared_calendar_behaves_like_a_new_one(void **unused)
{
    fc_calendar cal;

    (void)unused;
    assert_int_equal(fc_calendar_init(&cal, 0), FC_OK);
    for (uint64_t seed = 0; seed < 10; seed++) {
        schedule(&cal, 3, 1, 0);
        expect_next(&cal, 3, 0);
        schedule(&cal, 4, 1, 1);
        fc_calendar_clear(&cal);
        assert_true(fc_calendar_now(&cal) == 0);
        expect_empty(&cal);
        one_sequence(&cal, seed);
        fc_calendar_clear(&cal);
    }
    fc_calendar_free(&cal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fires_in_total_order),
        cmocka_unit_test(cleared_calendar_behaves_like_a_new_one),
    };

    return cmocka_run_group_tests_name("kernel/calendar_order", tests, NULL, NULL);
}
