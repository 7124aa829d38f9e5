/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers sorted by a number from 0 to `size` (GPUs free): a row of bits for each level, bit i for
 * server i, and how many are set. Rows are combined a word at a time, and the server of the lowest
 * number is found without search.
 */
#ifndef FC_JOBS_LEVELS_H
#define FC_JOBS_LEVELS_H

#include <stddef.h>
#include <stdint.h>

enum { FC_NO_SERVER = UINT32_MAX };

typedef struct fc_levels {
    uint64_t *bits;  /* [size + 1][words] */
    uint32_t *count; /* [size + 1] */
    size_t words;
    uint32_t size;
} fc_levels;

int fc_levels_init(fc_levels *l, uint32_t size, uint32_t most); /* FC_E_NOMEM */
void fc_levels_free(fc_levels *l);
void fc_levels_clear(fc_levels *l);

static inline uint64_t *fc_levels_row(const fc_levels *l, uint32_t level)
{
    return l->bits + (size_t)level * l->words;
}

static inline void fc_levels_add(fc_levels *l, uint32_t server, uint32_t level)
{
    fc_levels_row(l, level)[server / 64] |= UINT64_C(1) << server % 64;
    l->count[level]++;
}

static inline void fc_levels_move(fc_levels *l, uint32_t server, uint32_t from, uint32_t to)
{
    fc_levels_row(l, from)[server / 64] &= ~(UINT64_C(1) << server % 64);
    l->count[from]--;
    fc_levels_add(l, server, to);
}

/* The lowest server of the lowest level from `level` on, those in `without` passed over (NULL: none
 * is); FC_NO_SERVER if there is none. */
uint32_t fc_levels_first(const fc_levels *l, uint32_t level, const uint64_t *without);

#endif
