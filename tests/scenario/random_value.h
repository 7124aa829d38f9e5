/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantities and value expressions at random, as a scenario's author would write them: any unit,
 * any form that the key may have, of a size with which something happens in three years.
 */
#ifndef FC_TEST_RANDOM_VALUE_H
#define FC_TEST_RANDOM_VALUE_H

#include "base/text.h"
#include "kernel/stream.h"
#include "scenario/key.h"

/* A whole number of 0 .. n - 1; a number of [low, high). */
int random_below(fc_stream *stream, int n);
double random_between(fc_stream *stream, double low, double high);

/* What a value is written for. */
typedef struct random_want {
    const fc_key *key;
    const char *section;  /* its id: budget */
    const char *currency; /* of money, prices and exchange rates */
} random_want;

/* Appends one quantity between the usual limits of the key. */
void random_quantity(fc_stream *stream, const random_want *want, fc_text *out);
/* Appends a value in one of the forms of `may`: a quantity, {unknown: }, {varies: }, a calendar
 * path, each perhaps with its source. Returns its form. */
fc_form random_value(fc_stream *stream, const random_want *want, unsigned may, fc_text *out);
/* Appends what the key may be scaled by, or what may be added to it: so little that nothing that
 * cannot be below zero gets there. */
void random_factor(fc_stream *stream, const random_want *want, fc_text *out);
void random_addend(fc_stream *stream, const random_want *want, fc_text *out);

#endif
