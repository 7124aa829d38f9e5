/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arena: the memory of what is read. What a function puts into an arena lives until the arena is
 * freed, all of it at once; nothing in it is freed by itself. An arena is used by one thread at a
 * time.
 */
#ifndef FLEETCAST_ARENA_H
#define FLEETCAST_ARENA_H

#include "fleetcast/export.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fc_arena fc_arena;

FC_API fc_arena *fc_arena_create(void); /* NULL when out of memory */
FC_API void fc_arena_free(fc_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
