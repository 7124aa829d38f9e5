/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event calendar: each promise of the header by itself. No test here is statistical.
 */
#include <stdlib.h>
#include <string.h>

#include "calendar_helper.h"

static int make_calendar(void **state)
{
    fc_calendar *cal = malloc(sizeof *cal);

    if (cal == NULL) return -1;
    *state = cal;
    return fc_calendar_init(cal, 0);
}

static int free_calendar(void **state)
{
    fc_calendar_free(*state);
    free(*state);
    return 0;
}

static void orders_by_time_then_class_then_sequence(void **state)
{
    fc_calendar *cal = *state;

    schedule(cal, 2, 0, 5);
    schedule(cal, 1, 15, 3);
    schedule(cal, 1, 7, 1);
    schedule(cal, 1, 15, 4);
    schedule(cal, 1, 7, 2);
    schedule(cal, 1, 0, 0);
    for (uint64_t i = 0; i < 5; i++) expect_next(cal, 1, i);
    expect_next(cal, 2, 5);
    expect_empty(cal);
}

static void fires_the_present_before_time_moves(void **state)
{
    fc_calendar *cal = *state;

    schedule(cal, 1, 9, 0);
    schedule(cal, 1, 12, 2);
    expect_next(cal, 1, 0);
    schedule(cal, 1, 3, 1); /* a lower class than what has just fired */
    expect_next(cal, 1, 1);
    expect_next(cal, 1, 2);
    expect_empty(cal);
}

static void tells_neighbouring_times_apart(void **state)
{
    fc_calendar *cal = *state;
    double times[] = {0, 0x1p-1074, 0x1p-1022, 1, nextafter(1, 2), 86400, 0x1.fffffffffffffp+1023};
    size_t n = sizeof times / sizeof *times;

    for (size_t i = n; i-- > 0;) schedule(cal, times[i], (unsigned)(n - i), i);
    for (size_t i = 0; i < n; i++) expect_next(cal, times[i], i);
    expect_empty(cal);
}

static void until_is_exclusive(void **state)
{
    fc_calendar *cal = *state;
    fc_event event = {0};

    schedule(cal, 10, 0, 0);
    assert_false(fc_calendar_next(cal, 10, &event));
    assert_false(fc_calendar_next(cal, (double)NAN, &event));
    assert_false(fc_calendar_next(cal, -1, &event));
    assert_true(fc_calendar_now(cal) == 0);
    assert_int_equal(fc_calendar_size(cal), 1);
    assert_true(fc_calendar_next(cal, nextafter(10, 11), &event));
    assert_true(fc_calendar_now(cal) == 10);
    expect_empty(cal);
}

static void refuses_what_cannot_be(void **state)
{
    fc_calendar *cal = *state;
    fc_event what = {0};
    fc_handle handle = 77;
    const double wrong[] = {-1, (double)NAN, (double)INFINITY, -(double)INFINITY, -0x1p-1074};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(fc_calendar_schedule(cal, wrong[i], 0, what, &handle), FC_E_DOMAIN);
    }
    assert_int_equal(fc_calendar_schedule(cal, 1, FC_CALENDAR_CLASSES, what, &handle), FC_E_DOMAIN);
    assert_int_equal(handle, 77);
    expect_empty(cal);

    schedule(cal, 5, 0, 0);
    expect_next(cal, 5, 0);
    assert_int_equal(fc_calendar_schedule(cal, nextafter(5, 0), 0, what, NULL), FC_E_DOMAIN);
    assert_int_equal(fc_calendar_schedule(cal, 5, 0, what, NULL), FC_OK);
}

static void negative_zero_is_zero(void **state)
{
    fc_calendar *cal = *state;
    fc_handle handle = schedule(cal, -0.0, 1, 1);

    schedule(cal, 0.0, 0, 0);
    assert_false(signbit(fc_calendar_time_of(cal, handle)));
    expect_next(cal, 0, 0);
    expect_next(cal, 0, 1);
    assert_false(signbit(fc_calendar_now(cal)));
}

static void stale_handles_are_known(void **state)
{
    fc_calendar *cal = *state;

    assert_false(fc_calendar_pending(cal, FC_NO_EVENT));
    assert_false(fc_calendar_cancel(cal, FC_NO_EVENT));

    fc_handle fired = schedule(cal, 1, 0, 0), cancelled = schedule(cal, 2, 0, 1);

    expect_next(cal, 1, 0);
    assert_true(fc_calendar_cancel(cal, cancelled));
    /* Their slots are taken again, by the same time and class even. */
    fc_handle heir = schedule(cal, 2, 0, 2), second = schedule(cal, 1, 0, 3);

    assert_true(heir != fired && heir != cancelled && second != fired && second != cancelled);
    assert_false(fc_calendar_pending(cal, fired));
    assert_false(fc_calendar_pending(cal, cancelled));
    assert_false(fc_calendar_cancel(cal, fired));
    assert_false(fc_calendar_cancel(cal, cancelled));
    assert_true(isnan(fc_calendar_time_of(cal, cancelled)));
    assert_false(fc_calendar_pending(cal, FC_NO_EVENT));
    assert_false(fc_calendar_cancel(cal, FC_NO_EVENT));
    assert_false(fc_calendar_cancel(cal, UINT64_MAX)); /* a slot that does not exist */
    expect_next(cal, 1, 3);
    expect_next(cal, 2, 2);
    expect_empty(cal);
}

/* A timer that is set anew a million times beside a hundred events must not fill the memory. */
static void cancelled_events_take_no_room(void **state)
{
    fc_calendar *cal = *state;
    fc_handle timer = FC_NO_EVENT;
    size_t room = 0;

    for (uint64_t i = 0; i < 100; i++) schedule(cal, 1e9, 0, i);
    for (uint64_t i = 0; i < 1000000; i++) {
        fc_calendar_cancel(cal, timer);
        timer = schedule(cal, 1e6 + (double)i, 0, i);
        if (i == 1000) room = cal->heap_size;
    }
    assert_int_equal(cal->heap_size, room);
    assert_true(room <= 512);
    assert_int_equal(fc_calendar_size(cal), 101);
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
    expect_next(cal, 1e6 + 999999, 999999);
    for (uint64_t i = 0; i < 100; i++) expect_next(cal, 1e9, i);
    expect_empty(cal);
}

static void memory_is_used_again(void **state)
{
    fc_calendar *cal = *state;
    size_t slots = 0, keys = 0;

    for (int round = 0; round < 5; round++) {
        for (uint64_t i = 0; i < 10000; i++) schedule(cal, (double)(i * 7919 % 10007), 0, i);
        if (round == 0) {
            slots = cal->slot_count;
            keys = cal->heap_size;
        }
        for (uint64_t i = 0; i < 10000 && round % 2 == 0; i++) {
            fc_event event;
            assert_true(fc_calendar_next(cal, INFINITY, &event));
        }
        fc_calendar_clear(cal);
        assert_int_equal(fc_calendar_verify(cal), FC_OK);
    }
    assert_int_equal(cal->slot_count, slots);
    assert_int_equal(cal->heap_size, keys);
}

/* The bounds are reached by setting the counters: the true way takes a gigabyte, and hours. */
static void full_is_an_error_that_changes_nothing(void **state)
{
    fc_calendar *cal = *state;
    fc_event what = {0};
    fc_handle handle = 77;
    uint32_t free_slot = cal->free_slot;
    size_t slots = cal->slot_count;

    schedule(cal, 1, 0, 0);
    cal->sequence = FC_CALENDAR_MAX_SEQUENCE - 1;
    schedule(cal, 1, 0, 1);
    assert_int_equal(fc_calendar_schedule(cal, 1, 0, what, &handle), FC_E_FULL);
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
    expect_next(cal, 1, 0);
    expect_next(cal, 1, 1);
    fc_calendar_clear(cal);
    assert_int_equal(fc_calendar_schedule(cal, 1, 0, what, NULL), FC_OK);

    free_slot = cal->free_slot;
    cal->free_slot = UINT32_MAX;
    cal->slot_count = FC_CALENDAR_MAX_PENDING;
    assert_int_equal(fc_calendar_schedule(cal, 1, 0, what, &handle), FC_E_FULL);
    assert_int_equal(handle, 77);
    cal->free_slot = free_slot;
    cal->slot_count = slots;
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
}

static void init_refuses_too_much(void **unused)
{
    fc_calendar cal;

    (void)unused;
    assert_int_equal(fc_calendar_init(&cal, FC_CALENDAR_MAX_PENDING + 1), FC_E_FULL);
    assert_int_equal(fc_calendar_size(&cal), 0);
    fc_calendar_free(&cal);
    fc_calendar_free(&cal);
}

/* ---- the checks themselves --------------------------------------------------------------- */

static void verify_sees_damage(void **state)
{
    fc_calendar *cal = *state;
    fc_calendar whole;
    fc_calendar_key first = 0;

    for (uint64_t i = 0; i < 12; i++) schedule(cal, (double)i, 0, i);
    expect_next(cal, 0, 0);
    schedule(cal, 20, 0, 12);
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
    whole = *cal;

    cal->pending++;
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    *cal = whole;
    cal->now = 1.5; /* past a pending event */
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    *cal = whole;
    cal->sequence = 5;
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    *cal = whole;
    cal->root_spent = true; /* but its event is pending */
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    *cal = whole;
    cal->free_slot = 0; /* taken */
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    *cal = whole;
    first = cal->heap[3];
    cal->heap[3] = cal->heap[4]; /* a key lost, another twice */
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    cal->heap[4] = first; /* heap order broken */
    assert_int_equal(fc_calendar_verify(cal), FC_E_INTERNAL);
    cal->heap[4] = cal->heap[3];
    cal->heap[3] = first;
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
}

static void prints_its_state(void **state)
{
    fc_calendar *cal = *state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    schedule(cal, 1, 0, 0);
    schedule(cal, 2.5, 3, 41);
    fc_calendar_cancel(cal, schedule(cal, 9, 0, 2));
    expect_next(cal, 1, 0);
    fc_calendar_print_state(cal, out);
    fclose(out);
    assert_string_equal(text, "calendar: now 1, 1 pending, 3 keys, 16 slots, next sequence 4\n"
                              "  [0] time 1 class 0 sequence 1 fired\n"
                              "  [1] time 2.5 class 3 sequence 2 kind 42 subject 3 detail 41\n"
                              "  [2] time 9 class 0 sequence 3 cancelled\n");
    free(text);
}

#define WITH_CALENDAR(test) cmocka_unit_test_setup_teardown(test, make_calendar, free_calendar)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CALENDAR(orders_by_time_then_class_then_sequence),
        WITH_CALENDAR(fires_the_present_before_time_moves),
        WITH_CALENDAR(tells_neighbouring_times_apart),
        WITH_CALENDAR(until_is_exclusive),
        WITH_CALENDAR(refuses_what_cannot_be),
        WITH_CALENDAR(negative_zero_is_zero),
        WITH_CALENDAR(stale_handles_are_known),
        WITH_CALENDAR(cancelled_events_take_no_room),
        WITH_CALENDAR(memory_is_used_again),
        WITH_CALENDAR(full_is_an_error_that_changes_nothing),
        cmocka_unit_test(init_refuses_too_much),
        WITH_CALENDAR(verify_sees_damage),
        WITH_CALENDAR(prints_its_state),
    };

    return cmocka_run_group_tests_name("kernel/calendar", tests, NULL, NULL);
}
