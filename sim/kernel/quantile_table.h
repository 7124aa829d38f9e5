/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A quantile function made quick: t as a function of the normal quantile z of the same
 * probability, by Hermite interpolation of degree 7 (values and three derivatives at both ends of
 * each piece). It takes a distribution whose tails, density and the density's logarithmic
 * derivatives are known at any t; then t(z) is a smooth curve, whatever the tails do:
 *
 *     t'   = phi(z) / density(t)
 *     t''  = t' l1,                l1 = -z - slope t'
 *     t''' = t'' l1 + t' l2,       l2 = -1 - bend t'^2 - slope t''
 *
 * (phi(z) dz = density(t) dt; l1 is the logarithmic derivative of t', l2 that of l1.)
 * About 70 evaluations of the distribution make a table: worth while from some thirty draws on.
 */
#ifndef FC_KERNEL_QUANTILE_TABLE_H
#define FC_KERNEL_QUANTILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "kernel/incomplete.h"

enum { FC_QUANTILE_PIECES = 72 };

typedef struct fc_quantile_piece {
    double z;    /* where it begins */
    double c[8]; /* of 1, (z - begin), .. its cube, then that times the powers of (z - end) */
} fc_quantile_piece;

typedef struct fc_quantile_table {
    size_t pieces; /* the last one's end begins one more */
    fc_quantile_piece piece[FC_QUANTILE_PIECES + 1];
} fc_quantile_table;

/* Fills `table`, beginning at t = `first` below the 2^-53 quantile, to above the 1 - 2^-53
 * quantile. False if it would miss a probability by more than about 1e-10 of the smaller tail:
 * the table is then useless. */
bool fc_quantile_table_fill(fc_quantile_table *table, fc_tails_at *at, const void *distribution,
                            double first);

/* t at the normal quantile z of a probability of [2^-53, 1 - 2^-53]. */
double fc_quantile_table_at(const fc_quantile_table *table, double z);

#endif
