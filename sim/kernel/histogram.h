/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Log-binned histogram of non-negative durations or amounts, for millions of observations.
 *
 * Buckets follow the binary form of a double: each power of two is cut into 128 equal parts, so
 * that a bucket is [a, b) with b - a = 2^k / 128 and a >= 2^k. Reported as 2ab/(a + b), its values
 * are met with a relative error of at most (b - a)/(a + b) <= 1/257 = 0.39 % (equality where
 * a = 2^k). Values below 2^-10 (about a thousandth) are counted as zero, values of 2^40 (1.1e12)
 * and above, INFINITY included, as beyond. Memory: 1 KiB for each power of two met, at most 50.
 *
 * Everything kept is an integer, a minimum or a maximum: merging is exactly associative and
 * commutative, and equal contents give equal bytes.
 */
#ifndef FC_KERNEL_HISTOGRAM_H
#define FC_KERNEL_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "kernel/stats.h"

enum {
    FC_HISTOGRAM_PARTS = 128,
    FC_HISTOGRAM_FIRST = -10, /* exponent of the least value counted by bucket */
    FC_HISTOGRAM_OCTAVES = 50,
};

/* The proven bound on the relative error of a quantile. */
#define FC_HISTOGRAM_ERROR (1.0 / 257.0)

typedef struct fc_histogram {
    uint64_t zero, beyond;
    uint64_t *octave[FC_HISTOGRAM_OCTAVES]; /* FC_HISTOGRAM_PARTS counts each; NULL: none */
    double min, max;                        /* exact; of no use while empty */
    fc_int128 sum;                          /* of values below 2^40, in units of 2^-20 */
} fc_histogram;

#define FC_HISTOGRAM_EMPTY ((fc_histogram){.min = INFINITY})

void fc_histogram_free(fc_histogram *h); /* leaves it empty and usable */

/* The rare paths of fc_histogram_add: a value without a bucket, and an octave without counts. */
int fc_histogram_add_outside(fc_histogram *h, double value);
int fc_histogram_open(fc_histogram *h, unsigned octave);

/* The bucket of a value: sign, exponent and the mantissa's first 7 bits, counted from 2^FIRST.
 * Without a bucket: FC_HISTOGRAM_OCTAVES * FC_HISTOGRAM_PARTS or more. */
static inline uint64_t fc_histogram_bucket(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits >> 45) - ((uint64_t)(1023 + FC_HISTOGRAM_FIRST) << 7);
}

/* FC_E_DOMAIN for a NaN or negative value, FC_E_NOMEM; nothing is counted then. */
static inline int fc_histogram_add(fc_histogram *h, double value)
{
    uint64_t bucket = fc_histogram_bucket(value);
    if (bucket >= FC_HISTOGRAM_OCTAVES * FC_HISTOGRAM_PARTS)
        return fc_histogram_add_outside(h, value);
    unsigned octave = (unsigned)(bucket >> 7);
    if (!h->octave[octave]) {
        int ret = fc_histogram_open(h, octave);
        if (ret) return ret;
    }
    h->octave[octave][bucket & (FC_HISTOGRAM_PARTS - 1)]++;
    /* NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and inline */
    h->sum += (int64_t)(value * 0x1p20 + 0.5);
    if (value < h->min) h->min = value;
    if (value > h->max) h->max = value;
    return 0;
}

/* The same, `times` times at once. */
int fc_histogram_add_times(fc_histogram *h, double value, uint64_t times);

int fc_histogram_merge(fc_histogram *into, const fc_histogram *from); /* FC_E_NOMEM */

uint64_t fc_histogram_count(const fc_histogram *h);
/* The ceil(p n)-th smallest observation (the first for p = 0), within FC_HISTOGRAM_ERROR of it;
 * exactly the minimum or maximum if its rank is the first or last; otherwise 0 for a value below
 * 2^-10 and INFINITY for one beyond. NaN if empty or p is not in [0, 1]. */
double fc_histogram_quantile(const fc_histogram *h, double p);
/* The mean, each value taken to within 2^-20; INFINITY if any was beyond, NaN if empty. */
double fc_histogram_mean(const fc_histogram *h);
double fc_histogram_min(const fc_histogram *h); /* exact; NaN if empty */
double fc_histogram_max(const fc_histogram *h);

/* To a byte string for storage, malloc'd, the same on every machine: the letters "FCH", a version
 * byte, then little endian min, max, sum, and as LEB128 integers zero, beyond, number of
 * non-empty buckets and for each its distance from the one before and its count. FC_E_NOMEM. */
int fc_histogram_write(const fc_histogram *h, unsigned char **bytes, size_t *length);
/* From such a string into an empty histogram. FC_E_DOMAIN if it is malformed, not in its
 * one shortest form, or its extremes contradict its counts; FC_E_NOMEM. *h is then empty. */
int fc_histogram_read(fc_histogram *h, const unsigned char *bytes, size_t length);

#endif
