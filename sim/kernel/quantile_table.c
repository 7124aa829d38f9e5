/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/quantile_table.h"

#include <math.h>
#include <gsl/gsl_cdf.h>

/* Of z. The error of a piece is STEP^8 / (2^8 8!) = 1.5e-12 of the eighth derivative. */
static const double STEP = 0.25;
/* The normal quantile of 1 - 2^-53 is 8.2095. */
static const double REACH = 8.21;
/* What a piece of twice the length, whose error is 2^8 times as large, may miss. */
static const double TOLERANCE = 2.5e-8;

static const double SQRT_2_PI = 2.5066282746310002;

typedef struct node {
    double z, t, t1, t2, t3;
} node;

static node node_at(fc_tails_at *at, const void *distribution, double t)
{
    fc_tails tails = at(distribution, t);
    node n = {.t = t};

    n.z = tails.lower < tails.upper ? gsl_cdf_ugaussian_Pinv(tails.lower)
                                    : gsl_cdf_ugaussian_Qinv(tails.upper);
    n.t1 = exp(-0.5 * n.z * n.z) / SQRT_2_PI / tails.density;
    double l1 = -n.z - tails.slope * n.t1;
    n.t2 = n.t1 * l1;
    double l2 = -1 - tails.bend * n.t1 * n.t1 - tails.slope * n.t2;
    n.t3 = n.t2 * l1 + n.t1 * l2;
    return n;
}

static double cubic(const node *n, double d)
{
    return n->t + d * (n->t1 + d * (n->t2 / 2 + d * (n->t3 / 6)));
}

/* c4 .. c7 are what a polynomial q of degree 3 in (z - end) needs so that cubic + d^4 q agrees
 * with the end's value and derivatives: a Taylor expansion at the end of (t - cubic) / d^4. */
static fc_quantile_piece join(const node *a, const node *b)
{
    fc_quantile_piece piece = {a->z, {a->t, a->t1, a->t2 / 2, a->t3 / 6}};
    const double h = b->z - a->z, h4 = h * h * h * h;
    /* the Taylor coefficients of t - cubic at the end, over h^4 */
    const double e0 = (b->t - cubic(a, h)) / h4;
    const double e1 = (b->t1 - (a->t1 + h * (a->t2 + h * (a->t3 / 2)))) / h4;
    const double e2 = (b->t2 - (a->t2 + h * a->t3)) / 2 / h4;
    const double e3 = (b->t3 - a->t3) / 6 / h4;

    /* times those of (1 + x / h)^-4 = 1 - 4 x / h + 10 (x / h)^2 - 20 (x / h)^3 + ... */
    piece.c[4] = e0;
    piece.c[5] = e1 - 4 * e0 / h;
    piece.c[6] = e2 - 4 * e1 / h + 10 * e0 / (h * h);
    piece.c[7] = e3 - 4 * e2 / h + 10 * e1 / (h * h) - 20 * e0 / (h * h * h);
    return piece;
}

static double piece_at(const fc_quantile_piece *piece, double z)
{
    const double *c = piece->c;
    double d = z - piece[0].z, e = z - piece[1].z, d2 = d * d;
    double low = (c[0] + c[1] * d) + d2 * (c[2] + c[3] * d);
    double high = (c[4] + c[5] * e) + e * e * (c[6] + c[7] * e);

    return low + d2 * d2 * high;
}

/* Whether the piece from a to c is right at b, in between: a miss of t shifts z by 1 / t' of it,
 * and the logarithm of the tail by up to |z| + 1 of that. */
static bool fits(const node *a, const node *b, const node *c)
{
    fc_quantile_piece pair[2] = {join(a, c), {.z = c->z}};
    double miss = (piece_at(pair, b->z) - b->t) / b->t1;

    return fabs(miss) * (fabs(b->z) + 1) < TOLERANCE; /* not if NaN */
}

bool fc_quantile_table_fill(fc_quantile_table *table, fc_tails_at *at, const void *distribution,
                            double first)
{
    node before = {0}, last = {0}, now = node_at(at, distribution, first);

    table->pieces = 0;
    if (!(now.z < -REACH)) return false;
    for (size_t i = 0; now.z <= REACH; i++) {
        if (i == FC_QUANTILE_PIECES) return false;
        before = last;
        last = now;
        now = node_at(at, distribution, cubic(&last, STEP));
        if (!(now.z > last.z + STEP / 2 && now.z < last.z + 2 * STEP)) return false;
        if (i > 0 && !fits(&before, &last, &now)) return false;
        table->piece[i] = join(&last, &now);
        table->piece[i + 1].z = now.z;
        table->pieces = i + 1;
    }
    return true;
}

double fc_quantile_table_at(const fc_quantile_table *table, double z)
{
    const fc_quantile_piece *piece = table->piece;
    double guess = (z - piece[0].z) * (1 / STEP);
    size_t i = guess > 0 ? (size_t)guess : 0; /* the pieces are nearly as long as each other */

    if (i >= table->pieces) i = table->pieces - 1;
    while (i > 0 && z < piece[i].z) i--;
    while (i + 1 < table->pieces && z >= piece[i + 1].z) i++;
    return piece_at(piece + i, z);
}
