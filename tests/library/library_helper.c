/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include "library_helper.h"

fc_diag *diag;
fc_arena *arena;

int set_up(void **state)
{
    (void)state;
    diag = fc_diag_create();
    arena = fc_arena_create();
    return diag && arena ? 0 : -1;
}

int tear_down(void **state)
{
    (void)state;
    fc_arena_free(arena);
    fc_diag_free(diag);
    return 0;
}

fc_scenario *load(const fc_load_options *options)
{
    const char *text = fc_scenario_starter(FC_LANG_EN);
    fc_scenario *scenario = NULL;
    assert_int_equal(fc_load_text("demo.yaml", text, strlen(text), options, diag, &scenario),
                     FC_OK);
    return scenario;
}

fc_store *open_new(const char *path)
{
    fc_store *store = NULL;
    unlink(path);
    assert_int_equal(fc_store_open(path, FC_STORE_WRITE, diag, &store), FC_OK);
    return store;
}
