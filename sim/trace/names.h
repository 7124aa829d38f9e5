/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names by number: equal texts get one number, from 0 in order of first appearance.
 */
#ifndef FC_TRACE_NAMES_H
#define FC_TRACE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fc_names {
    char *text; /* all names, each with its NUL */
    size_t text_size, text_capacity;
    size_t *start;   /* of name i in `text` */
    uint32_t *table; /* open addressing; 0: free, else number + 1 */
    uint32_t count, table_size;
} fc_names;

#define FC_NAMES_EMPTY ((fc_names){0})

/* FC_E_NOMEM. */
int fc_names_number(fc_names *names, const char *name, size_t length, int32_t *number);
/* NULL where there is no such number. Valid until the next new name. */
const char *fc_names_of(const fc_names *names, int32_t number);
void fc_names_free(fc_names *names);

/* Which texts came before, known by 64 bits each: of ten million different ones, one is taken for
 * another with a chance of 3 in a million. 12 to 24 bytes a text. */
typedef struct fc_known {
    uint64_t *hash; /* open addressing; 0: free */
    size_t size, count;
} fc_known;

/* *before: whether the text came before. FC_E_NOMEM. */
int fc_known_add(fc_known *known, const char *text, size_t length, bool *before);
void fc_known_free(fc_known *known);

#endif
