/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The number at the start of a quantity's text: 18,000  1.5e3  -0.3  1만 8천  1조 4,600.5억.
 * Kept as decimal text, so that a multiplier or a unit's power of ten is applied before the one
 * rounding to a double.
 */
#ifndef FC_SCENARIO_NUMBER_TEXT_H
#define FC_SCENARIO_NUMBER_TEXT_H

#include <stdbool.h>
#include "fleetcast/error.h"
#include "scenario/unit.h"

/* A text being read: what it is, what is wanted, and where errors go. */
typedef struct fc_scalar {
    const char *text; /* without spaces at its ends */
    const fc_unit_want *want;
    const fc_place *where;
    fc_diag *diag;
} fc_scalar;

enum { FC_SCALAR_MAX = 200 }; /* bytes of the longest text that is read, and of any suggestion */

enum { FC_NUMBER_TERMS = 12, FC_NUMBER_DIGITS = 48 };

/* The sum of digits * 10^exp10 (each term's digits are a whole number). */
typedef struct fc_number {
    struct {
        char digits[FC_NUMBER_DIGITS];
        int exp10;
    } terms[FC_NUMBER_TERMS];
    int count;
    bool negative;
    bool korean; /* written with 천, 만, 억 or 조 */
} fc_number;

/* Reads the number at s->text + from; *end is the first byte after it. Errors: FC_E_VALUE_NUMBER,
 * FC_E_NUMBER_FORM, FC_E_VALUE_SPAN, FC_E_VALUE_LIMIT. */
int fc_number_read(const fc_scalar *s, const char *from, fc_number *out, const char **end);

/* number * 10^exp10 * factor / divisor; false if that is not finite, or so small that it is lost.
 */
bool fc_number_value(const fc_number *number, int exp10, double factor, double divisor,
                     double *out);

/* Digits with a comma every three, from the right: "18000" -> "18,000". */
void fc_number_group(const char *digits, size_t length, fc_text *out);

#endif
