/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libfleetcast: national GPU fleets, simulated event by event. What the command line does, a
 * program does with
 *
 *     fleetcast/scenario.h   load, check and say back a scenario
 *     fleetcast/simulate.h   replications in memory, handed to a function
 *     fleetcast/results.h    runs and experiments into a database; reading it; reports
 *     fleetcast/error.h      the error numbers, and the list that says what is wrong where
 *     fleetcast/arena.h      the memory of what is read
 *
 * docs/library.md is the introduction, docs/examples/ has programs that are compiled and run with
 * the tests.
 *
 * Functions that can fail return FC_OK or an error number; a list of problems (fc_diag) may be NULL
 * throughout. On an error output parameters that are handles or texts are NULL. The library prints
 * nothing, never ends the program, keeps no state of its own and leaves signals alone; it switches
 * off GSL's error handler, which would abort. Different handles may be used by different threads at
 * once. Options structs are cleared by {0}, which means the default everywhere.
 */
#ifndef FLEETCAST_FLEETCAST_H
#define FLEETCAST_FLEETCAST_H

#include "fleetcast/arena.h"
#include "fleetcast/error.h"
#include "fleetcast/results.h"
#include "fleetcast/scenario.h"
#include "fleetcast/simulate.h"

#ifdef __cplusplus
extern "C" {
#endif

FC_API const char *fc_version(void); /* "0.1.0" */

#ifdef __cplusplus
}
#endif
#endif
