/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Steps of the tests of the event calendar.
 */
#ifndef FC_TEST_CALENDAR_HELPER_H
#define FC_TEST_CALENDAR_HELPER_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fleetcast/error.h"
#include "kernel/calendar.h"

static inline fc_handle schedule(fc_calendar *cal, double time, unsigned class, uint64_t detail)
{
    fc_event what = {.kind = (uint32_t)detail + 1, .subject = class, .detail = detail};
    fc_handle handle = FC_NO_EVENT;

    assert_int_equal(fc_calendar_schedule(cal, time, class, what, &handle), FC_OK);
    assert_true(handle != FC_NO_EVENT);
    return handle;
}

static inline void expect_next(fc_calendar *cal, double time, uint64_t detail)
{
    fc_event event = {0};

    assert_true(fc_calendar_next(cal, INFINITY, &event));
    assert_true(fc_calendar_now(cal) == time);
    assert_int_equal(event.detail, detail);
    assert_int_equal(event.kind, detail + 1);
}

static inline void expect_empty(fc_calendar *cal)
{
    fc_event event = {0};

    assert_false(fc_calendar_next(cal, INFINITY, &event));
    assert_int_equal(fc_calendar_size(cal), 0);
    assert_int_equal(fc_calendar_verify(cal), FC_OK);
}

#endif
