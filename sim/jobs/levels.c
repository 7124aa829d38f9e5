/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/levels.h"

int fc_levels_init(fc_levels *l, uint32_t size, uint32_t most)
{
    size_t levels = (size_t)size + 1;

    *l = (fc_levels){.words = (size_t)most / 64 + 1, .size = size};
    l->bits = calloc(levels * l->words, sizeof *l->bits);
    l->count = calloc(levels, sizeof *l->count);
    if (l->bits && l->count) return FC_OK;
    fc_levels_free(l);
    return FC_E_NOMEM;
}

void fc_levels_free(fc_levels *l)
{
    free(l->bits);
    free(l->count);
    *l = (fc_levels){0};
}

void fc_levels_clear(fc_levels *l)
{
    size_t levels = (size_t)l->size + 1;

    memset(l->bits, 0, levels * l->words * sizeof *l->bits);
    memset(l->count, 0, levels * sizeof *l->count);
}

uint32_t fc_levels_first(const fc_levels *l, uint32_t level, const uint64_t *without)
{
    for (; level <= l->size; level++) {
        const uint64_t *row = fc_levels_row(l, level);

        for (size_t w = 0; l->count[level] > 0 && w < l->words; w++) {
            uint64_t bits = without ? row[w] & ~without[w] : row[w];
            if (bits) return (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
        }
    }
    return FC_NO_SERVER;
}
