/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Unit texts, and whether they express a kind of quantity (dimension.h).
 *
 * A unit is atoms joined by '-', '·' or '*' (product) and '/' or ' per ' (quotient):
 * `MW`, `KRW/kWh`, `KRW/kW-month` (= KRW/(kW·month)), `gCO2eq/kWh`, `USD/GPU-h`, `%/year`,
 * `원/달러`. Its kind is a vector of exponents over the base kinds below. Power and energy are two
 * base kinds on purpose: reduced to one, a demand charge (KRW/kW-month) and an energy price
 * (KRW/kWh) would be the same, and a mistake would pass. Spelling and case count (MW, kW); near
 * misses get a suggestion.
 */
#ifndef FC_SCENARIO_UNIT_H
#define FC_SCENARIO_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/text.h"
#include "scenario/dimension.h"

/* Appends a regular expression (ECMA 262, anchored) that every accepted text matches. It is for
 * editors and accepts somewhat more than fc_quantity_parse does. */
void fc_unit_pattern(fc_dim dim, fc_text *out);

/* --- one unit text -----------------------------------------------------------------------------
 */

typedef enum fc_base {
    FC_BASE_TIME,
    FC_BASE_POWER,
    FC_BASE_ENERGY,
    FC_BASE_MASS,
    FC_BASE_VOLUME,
    FC_BASE_BYTE,
    FC_BASE_FLOP,
    FC_BASE_MONEY,
    FC_BASE_ITEM, /* + fc_item */
    FC_BASE_LIMIT = FC_BASE_ITEM + FC_ITEM_LIMIT
} fc_base;

typedef struct fc_unit {
    int8_t power[FC_BASE_LIMIT];
    double factor, divisor; /* one of this unit = factor / divisor * 10^exp10 of the base kinds' */
    int exp10;
    bool percent;
    char currency[4], per_currency[4]; /* money above and below the bar, "" if none */
} fc_unit;

/* Reads text[0..length) as a unit. Returns false where it is not one; then *bad and *bad_length are
 * the part that was not understood. */
bool fc_unit_parse(const char *text, size_t length, fc_unit *out, const char **bad,
                   size_t *bad_length);
/* Whether `unit` is of the wanted kind (currencies aside). */
bool fc_unit_fits(const fc_unit *unit, fc_dim dim, fc_item item);
/* The size of one `unit` that fits, in fc_dim_base units: *factor / *divisor * 10^*exp10, in which
 * factor and divisor are whole numbers, so that the usual units convert exactly. */
void fc_unit_scale(const fc_unit *unit, fc_dim dim, double *factor, double *divisor, int *exp10);
/* The kind a unit is of, the first that fits; FC_DIM_LIMIT if it is none of ours. */
fc_dim fc_unit_kind(const fc_unit *unit);
/* What was probably meant by a word that is no unit (wrong case, common names, near misses; units
 * that `dim` can use first): "kW" for "KW", "KRW" for "won". False if nothing is near. */
enum { FC_UNIT_WORD = 32 };
bool fc_unit_nearest(const char *word, size_t length, fc_dim dim, char nearest[FC_UNIT_WORD]);
/* Whether code is a currency of the table ("KRW"). */
bool fc_currency_known(const char *code);

#endif
