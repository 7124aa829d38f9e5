/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arena: many small allocations that live and die together (a document, a plan, a world).
 * Memory is zeroed and aligned for any type. NULL means out of memory.
 */
#ifndef FC_BASE_ARENA_H
#define FC_BASE_ARENA_H

#include <stddef.h>
#include "fleetcast/arena.h"

void *fc_arena_alloc(fc_arena *arena, size_t bytes);
void *fc_arena_array(fc_arena *arena, size_t count, size_t bytes); /* overflow-checked */
char *fc_arena_strdup(fc_arena *arena, const char *text);
char *fc_arena_strndup(fc_arena *arena, const char *text, size_t length);
char *fc_arena_printf(fc_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
