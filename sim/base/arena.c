/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024, ALIGN = _Alignof(max_align_t) };

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(max_align_t) unsigned char bytes[];
} chunk;

struct fc_arena {
    chunk *chunks; /* the newest first; only the newest is filled */
};

fc_arena *fc_arena_create(void)
{
    return calloc(1, sizeof(fc_arena));
}

void fc_arena_free(fc_arena *arena)
{
    if (!arena) return;
    for (chunk *c = arena->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(arena);
}

void *fc_arena_alloc(fc_arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2) return NULL;
    size_t need = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    chunk *c = arena->chunks;
    if (!c || c->size - c->used < need) {
        size_t size = need > CHUNK ? need : CHUNK;
        c = calloc(1, sizeof *c + size);
        if (!c) return NULL;
        c->size = size;
        c->next = arena->chunks;
        arena->chunks = c;
    }
    void *out = c->bytes + c->used;
    c->used += need;
    return out;
}

void *fc_arena_array(fc_arena *arena, size_t count, size_t bytes)
{
    if (bytes && count > SIZE_MAX / bytes) return NULL;
    return fc_arena_alloc(arena, count * bytes);
}

char *fc_arena_strndup(fc_arena *arena, const char *text, size_t length)
{
    char *out = fc_arena_alloc(arena, length + 1);
    if (out) memcpy(out, text, length);
    return out;
}

char *fc_arena_strdup(fc_arena *arena, const char *text)
{
    return fc_arena_strndup(arena, text, strlen(text));
}

char *fc_arena_printf(fc_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *out = length < 0 ? NULL : fc_arena_alloc(arena, (size_t)length + 1);
    if (out) vsnprintf(out, (size_t)length + 1, format, again);
    va_end(again);
    return out;
}
