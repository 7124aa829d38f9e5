/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whose turn it is under fair share: the tournament against a walk through all accounts, and the
 * order of use over times that the average has long forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "jobs/turns.h"
#include "jobs_helper.h"
#include "kernel/stream.h"
#include "share.h"

enum { ACCOUNTS = 37, STEPS = 200000 };

static const fc_turn *walk(const fc_turn *turns, uint32_t open, double x)
{
    const fc_turn *first = NULL;

    for (int i = 0; i < ACCOUNTS; i++) {
        const fc_turn *t = &turns[i];
        if (!(t->groups & open)) continue;
        if (first) {
            double gap = t->a + t->b * x - (first->a + first->b * x);
            if (gap > 0 || (gap == 0 && t->seq > first->seq)) continue;
        }
        first = t;
    }
    return first;
}

/* Lines of small whole numbers over 16, and x in steps of 2^-12: every sum is exact, and many are
 * equal. x falls from 1 to nearly 0, and then the past begins anew with other lines for all. */
static void test_first_is_the_least(void **state)
{
    fc_turns turns;
    fc_turn list[ACCOUNTS] = {{0}};
    fc_stream s;
    uint32_t ticks = 0, steps = share_of(STEPS, STEPS / 10);

    (void)state;
    fc_stream_init(&s, 7, 0, 0);
    assert_int_equal(fc_turns_init(&turns, ACCOUNTS), FC_OK);
    for (uint32_t step = 1; step <= steps; step++) {
        if (fc_stream_below(&s, 8) == 0) ticks += (uint32_t)fc_stream_below(&s, 64);
        bool anew = ticks >= 4096;
        if (anew) ticks = 0;
        double x = 1 - ticks * 0x1p-12;
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            if (!anew && fc_stream_below(&s, ACCOUNTS) > 0) continue;
            list[i] = (fc_turn){.a = (double)fc_stream_below(&s, 32) / 16, .seq = step * 64 + i};
            list[i].b = (double)fc_stream_below(&s, 64) / 16 - list[i].a / 2;
            list[i].groups = (uint32_t)fc_stream_below(&s, 5);
            list[i].slot = i;
            assert_int_equal(fc_turns_enter(&turns, i, list[i], x), FC_OK);
        }
        for (uint32_t open = 1; open < 8; open++) {
            const fc_turn *first = fc_turns_first(&turns, open, x), *least = walk(list, open, x);
            assert_int_equal(first != NULL, least != NULL);
            if (first) assert_int_equal(first->slot, least->slot);
        }
    }
    fc_turns_free(&turns);
}

/* Each account that is touched is told once. */
static void test_touched_once(void **state)
{
    fc_turns turns;
    uint32_t account = 0;

    (void)state;
    assert_int_equal(fc_turns_init(&turns, 3), FC_OK);
    for (uint32_t i = 0; i < 9; i++) fc_turns_touch(&turns, 2 * (i % 2));
    assert_true(fc_turns_touched(&turns, &account) && account == 2);
    assert_true(fc_turns_touched(&turns, &account) && account == 0);
    assert_false(fc_turns_touched(&turns, &account));
    fc_turns_free(&turns);
}

/* 4 GPUs, half-life 1 s. Account 0 holds all of them from 0 to 10, account 1 one from 990 to 1000
 * and account 2 three. At 991, in this order, 1, 2 and 0 ask for all 4: at 1000 account 0 has used
 * least, a part of 2^-990 of 4, then 1, then 2. Account 2 runs from 1004 to 5000; what the others
 * held until then lies more half-lives back than a number can tell, so they come in the order in
 * which they asked at 1005 and 1006: 1, then 0. */
static void test_long_forgotten(void **state)
{
    fc_gpu_group group = {.units = 4};
    fc_job_account accounts[] = {{.share = 1}, {.share = 1}, {.share = 1}};
    fc_jobs_spec spec = {.policy = fc_policy_find("fair"),
                         .groups = &group,
                         .group_count = 1,
                         .accounts = accounts,
                         .account_count = 3,
                         .half_life = 1};
    fc_job jobs[] = {{.arrival = 0, .duration = 10, .gpus = 4, .account = 0},
                     {.arrival = 990, .duration = 10, .gpus = 1, .account = 1},
                     {.arrival = 990, .duration = 10, .gpus = 3, .account = 2},
                     {.arrival = 991, .duration = 2, .gpus = 4, .account = 1},
                     {.arrival = 991, .duration = 3996, .gpus = 4, .account = 2},
                     {.arrival = 991, .duration = 2, .gpus = 4, .account = 0},
                     {.arrival = 1005, .duration = 1, .gpus = 4, .account = 1},
                     {.arrival = 1006, .duration = 1, .gpus = 4, .account = 0}};
    static const double starts[] = {0, 990, 990, 1002, 1004, 1000, 5000, 5001};
    outcome out[8];

    (void)state;
    for (size_t i = 0; i < 8; i++) jobs[i].id = i;
    run_list(&spec, jobs, 8, NULL, 0, out, NULL);
    for (size_t i = 0; i < 8; i++)
        if (out[i].start != starts[i])
            fail_msg("job %zu starts at %g, expected %g", i, out[i].start, starts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_is_the_least),
        cmocka_unit_test(test_touched_once),
        cmocka_unit_test(test_long_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
