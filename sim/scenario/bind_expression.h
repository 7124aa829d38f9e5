/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of fc_bind_expression: numbers, distributions, calendar paths. Private to bind_value.c
 * and bind_distribution.c. Each adds to the plan and gives the index, or reports what is wrong and
 * leaves *index alone.
 */
#ifndef FC_SCENARIO_BIND_EXPRESSION_H
#define FC_SCENARIO_BIND_EXPRESSION_H

#include "scenario/bind.h"

/* What the parts of one value share. */
typedef struct fc_expression {
    fc_binder *b;
    const fc_key *key;
    char *currency;     /* of the money seen so far */
    const char **alias; /* NULL: same_as cannot stand here */
    const char *root;   /* the key's own path: all that varies in it draws from one stream */
} fc_expression;

int fc_bind_part(const fc_expression *c, const fc_node *node, const char *path, unsigned may,
                 uint32_t *index);
/* What stands below `unknown:` or `varies:`. */
int fc_bind_distribution(const fc_expression *c, const fc_node *node, const char *path,
                         fc_form form, uint32_t *index);

/* A scalar's number in the plan's units; false if it was wrong and has been reported. */
bool fc_bind_number(const fc_expression *c, const fc_node *node, const char *path, double *out);

static inline bool fc_key_has_limits(const fc_key *key)
{
    return key->min < key->max;
}
/* Reports E_VALUE_RANGE: `what` does not lie within the key's limits. */
void fc_bind_report_range(const fc_expression *c, const fc_place *place, const char *what);
/* Appends a number in the plan's units as people write it. */
void fc_bind_format(const fc_expression *c, double x, fc_lang lang, fc_text *out);

#endif
