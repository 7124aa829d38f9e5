/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that runs out: a small run, from the scenario's text to the printed answer, in which the
 * k-th allocation fails, for every k up to 2,000 and for some beyond. Each ends in success or in an
 * error, and gives back what it took.
 *
 * The allocator's entry points are defined here, in the program, so that the libraries it is linked
 * with call them too. They go on to the C library's own (glibc exports those by other names). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "experiment/experiment.h"
#include "report/answer.h"
#include "fleetcast/scenario.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

static atomic_long countdown = -1; /* allocations until one fails; below 0: none does */
static atomic_long asked, live;    /* allocations asked for; blocks not given back */

static bool refuse(void)
{
    atomic_fetch_add(&asked, 1);
    if (atomic_load(&countdown) < 0 || atomic_fetch_sub(&countdown, 1) != 0) return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block)
{
    if (block) atomic_fetch_add(&live, 1);
    return block;
}

#pragma GCC visibility push(default) /* seen by the libraries */

void *malloc(size_t size)
{
    return refuse() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
    return refuse() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
    if (refuse()) return NULL;
    return old ? __libc_realloc(old, size) : counted(__libc_realloc(NULL, size));
}

void free(void *block)
{
    if (block) atomic_fetch_sub(&live, 1);
    __libc_free(block);
}

#pragma GCC visibility pop

/* One run, all of its memory given back. */
static int run(fc_diag *diag)
{
    fc_experiment_options options = {.replications = 3, .threads = 1};
    fc_experiment_result result;
    fc_scenario *scenario = NULL;
    fc_store *store = NULL;
    fc_answer *answer = NULL;
    fc_text page = FC_TEXT_EMPTY;
    fc_arena *arena = fc_arena_create();
    const char *text = fc_scenario_starter(FC_LANG_EN);
    int ret = arena ? FC_OK : FC_E_NOMEM;

    if (!ret) ret = fc_scenario_load_text("s.yaml", text, strlen(text), NULL, diag, &scenario);
    if (!ret) ret = fc_store_open(":memory:", FC_STORE_WRITE, diag, &store);
    if (!ret) ret = fc_experiment_run(store, scenario, &options, diag, &result);
    if (!ret && result.failed) ret = FC_E_NOMEM; /* recorded, and the rest went on */
    if (!ret) ret = fc_answer_make(store, arena, result.run, diag, &answer);
    if (!ret) ret = fc_answer_text(answer, FC_LANG_KO, true, false, &page);
    if (!ret) ret = fc_answer_json(answer, &page);
    fc_text_free(&page);
    fc_store_close(store);
    fc_scenario_free(scenario);
    fc_arena_free(arena);
    return ret;
}

/* One run in which allocation k fails. What a library keeps for later is not lost: a second run
 * like it must not keep more. */
static int run_failing(long k, long *kept)
{
    fc_diag *diag = fc_diag_create();
    int ret;

    assert_non_null(diag);
    long before = atomic_load(&live);
    atomic_store(&countdown, k);
    ret = run(diag);
    atomic_store(&countdown, -1);
    fc_diag_clear(diag);
    *kept = atomic_load(&live) - before;
    fc_diag_free(diag);
    return ret;
}

static void test_each_allocation(void **state)
{
    long kept = 0, failures = 0;
    (void)state;

    assert_int_equal(run_failing(-1, &kept), FC_OK); /* what is set up once is now there */
    atomic_store(&asked, 0);
    assert_int_equal(run_failing(-1, &kept), FC_OK);
    long all = atomic_load(&asked);
    assert_true(all > 2000);

    for (long k = 0; k < all; k += k < 2000 ? 1 : 1 + (all - 2000) / 500) {
        int ret = run_failing(k, &kept);
        if (kept > 0) ret = run_failing(k, &kept);
        if (kept > 0) fail_msg("allocation %ld fails: %ld blocks are lost", k, kept);
        if (ret != FC_OK) assert_int_equal(ret, FC_E_NOMEM);
        if (ret != FC_OK) failures++;
    }
    printf("%ld allocations in a run; %ld runs with one that failed ended in an error\n", all,
           failures);
    assert_true(failures > 1500); /* what fails is nearly always needed */
    assert_int_equal(run_failing(-1, &kept), FC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
