/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of the library as a program sees it: include/fleetcast and the shared object, nothing
 * else. Each test has a list of errors and an arena of its own. */
#ifndef FC_LIBRARY_HELPER_H
#define FC_LIBRARY_HELPER_H

#include <fleetcast/fleetcast.h>

extern fc_diag *diag;
extern fc_arena *arena;
int set_up(void **state);
int tear_down(void **state);

/* The starter scenario, changed. */
fc_scenario *load(const fc_load_options *options);
fc_store *open_new(const char *path); /* what was there is deleted */

#endif
