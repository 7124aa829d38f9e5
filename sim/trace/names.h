/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names by number: equal texts get one number, from 0 in order of first appearance.
 */
#ifndef FC_TRACE_NAMES_H
#define FC_TRACE_NAMES_H

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

#endif
