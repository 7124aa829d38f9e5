/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/names.h"

#include <stdlib.h>
#include <string.h>
#include "fleetcast/error.h"

/* FNV-1a, 64 bits (Fowler, Noll and Vo). */
static uint64_t long_hash(const char *name, size_t length)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    return h;
}

static uint32_t hash(const char *name, size_t length)
{
    uint64_t h = long_hash(name, length);
    return (uint32_t)(h ^ (h >> 32));
}

static uint32_t *find(const fc_names *names, const char *name, size_t length)
{
    uint32_t at = hash(name, length);
    for (;; at++) {
        uint32_t *slot = &names->table[at & (names->table_size - 1)];
        if (!*slot) return slot;
        const char *known = names->text + names->start[*slot - 1];
        if (strncmp(known, name, length) == 0 && known[length] == '\0') return slot;
    }
}

/* Doubles the table and, as many names as fill half of it, the starts. */
static int grow(fc_names *names)
{
    uint32_t size = names->table_size ? 2 * names->table_size : 64;
    if (size > UINT32_C(1) << 30) return FC_E_NOMEM;
    size_t *start = realloc(names->start, size / 2 * sizeof *start);
    if (!start) return FC_E_NOMEM;
    names->start = start;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table) return FC_E_NOMEM;
    free(names->table);
    names->table = table;
    names->table_size = size;
    for (uint32_t i = 0; i < names->count; i++) {
        const char *name = names->text + names->start[i];
        *find(names, name, strlen(name)) = i + 1;
    }
    return FC_OK;
}

int fc_names_number(fc_names *names, const char *name, size_t length, int32_t *number)
{
    if (names->count >= names->table_size / 2) {
        int ret = grow(names);
        if (ret) return ret;
    }
    uint32_t *slot = find(names, name, length);
    if (!*slot) {
        size_t need = names->text_size + length + 1;
        if (need > names->text_capacity) {
            char *text = realloc(names->text, 2 * need);
            if (!text) return FC_E_NOMEM;
            names->text = text;
            names->text_capacity = 2 * need;
        }
        memcpy(names->text + names->text_size, name, length);
        names->text[need - 1] = '\0';
        names->start[names->count] = names->text_size;
        names->text_size = need;
        *slot = ++names->count;
    }
    *number = (int32_t)(*slot - 1);
    return FC_OK;
}

const char *fc_names_of(const fc_names *names, int32_t number)
{
    if (number < 0 || (uint32_t)number >= names->count) return NULL;
    return names->text + names->start[number];
}

void fc_names_free(fc_names *names)
{
    free(names->text);
    free(names->start);
    free(names->table);
    *names = FC_NAMES_EMPTY;
}

static uint64_t *place_of(const fc_known *known, uint64_t h)
{
    for (size_t at = (size_t)(h ^ (h >> 32));; at++) {
        uint64_t *slot = &known->hash[at & (known->size - 1)];
        if (!*slot || *slot == h) return slot;
    }
}

/* Doubles the table where two thirds of it are taken. */
static int make_room(fc_known *known)
{
    fc_known grown = {.size = known->size ? 2 * known->size : 64, .count = known->count};
    if (known->count < known->size / 3 * 2) return FC_OK;
    grown.hash = calloc(grown.size, sizeof *grown.hash);
    if (!grown.hash) return FC_E_NOMEM;
    for (size_t i = 0; i < known->size; i++)
        if (known->hash[i]) *place_of(&grown, known->hash[i]) = known->hash[i];
    free(known->hash);
    *known = grown;
    return FC_OK;
}

int fc_known_add(fc_known *known, const char *text, size_t length, bool *before)
{
    uint64_t h = long_hash(text, length), *slot;
    int ret = make_room(known);
    if (ret) return ret;
    if (h == 0) h = 1; /* 0 marks what is free */
    slot = place_of(known, h);
    *before = *slot == h;
    known->count += !*before;
    *slot = h;
    return FC_OK;
}

void fc_known_free(fc_known *known)
{
    free(known->hash);
    *known = (fc_known){0};
}
