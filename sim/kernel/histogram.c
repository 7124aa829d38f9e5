/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "fleetcast/error.h"
#include "kernel/histogram.h"

enum {
    PARTS = FC_HISTOGRAM_PARTS,
    BUCKETS = FC_HISTOGRAM_OCTAVES * FC_HISTOGRAM_PARTS,
    VERSION = 1,
    HEADER = 4 + 8 + 8 + 16, /* name and version, min, max, sum */
    LEB128 = 10,             /* bytes of the longest 64-bit integer */
};

static uint64_t bucket_count(const fc_histogram *h, unsigned bucket)
{
    const uint64_t *counts = h->octave[bucket / PARTS];
    return counts ? counts[bucket % PARTS] : 0;
}

/* Lower edge of a bucket; of BUCKETS, the upper edge of the last. */
static double bucket_edge(unsigned bucket)
{
    return ldexp(1.0 + (bucket % PARTS) / (double)PARTS,
                 FC_HISTOGRAM_FIRST + (int)(bucket / PARTS));
}

void fc_histogram_free(fc_histogram *h)
{
    for (unsigned i = 0; i < FC_HISTOGRAM_OCTAVES; i++) free(h->octave[i]);
    *h = FC_HISTOGRAM_EMPTY;
}

int fc_histogram_open(fc_histogram *h, unsigned octave)
{
    if (h->octave[octave]) return FC_OK;
    h->octave[octave] = calloc(PARTS, sizeof *h->octave[octave]);
    return h->octave[octave] ? FC_OK : FC_E_NOMEM;
}

int fc_histogram_add_outside(fc_histogram *h, double value)
{
    if (!(value >= 0)) return FC_E_DOMAIN;
    if (value < 1) {
        h->zero++;
        /* NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and inline */
        h->sum += (int64_t)(value * 0x1p20 + 0.5);
        value = fabs(value); /* -0.0 is 0 */
    } else {
        h->beyond++;
    }
    if (value < h->min) h->min = value;
    if (value > h->max) h->max = value;
    return FC_OK;
}

int fc_histogram_add_times(fc_histogram *h, double value, uint64_t times)
{
    uint64_t bucket = fc_histogram_bucket(value), zero = h->zero, beyond = h->beyond;
    fc_int128 sum = h->sum;
    int ret = FC_OK;

    if (times == 0) return value >= 0 ? FC_OK : FC_E_DOMAIN;
    if ((ret = fc_histogram_add(h, value)) != FC_OK) return ret;
    if (bucket < BUCKETS) h->octave[bucket / PARTS][bucket % PARTS] += times - 1;
    h->zero += (h->zero - zero) * (times - 1);
    h->beyond += (h->beyond - beyond) * (times - 1);
    h->sum += (h->sum - sum) * (fc_int128)(times - 1);
    return FC_OK;
}

int fc_histogram_merge(fc_histogram *into, const fc_histogram *from)
{
    int ret = FC_OK;

    /* All memory first, so that a failure leaves the counts as they were. */
    for (unsigned i = 0; i < FC_HISTOGRAM_OCTAVES; i++) {
        if (from->octave[i] && (ret = fc_histogram_open(into, i)) != FC_OK) return ret;
    }
    for (unsigned i = 0; i < FC_HISTOGRAM_OCTAVES; i++) {
        for (unsigned j = 0; from->octave[i] && j < PARTS; j++)
            into->octave[i][j] += from->octave[i][j];
    }
    into->zero += from->zero;
    into->beyond += from->beyond;
    into->sum += from->sum;
    if (from->min < into->min) into->min = from->min;
    if (from->max > into->max) into->max = from->max;
    return FC_OK;
}

uint64_t fc_histogram_count(const fc_histogram *h)
{
    uint64_t n = h->zero + h->beyond;

    for (unsigned i = 0; i < FC_HISTOGRAM_OCTAVES; i++) {
        for (unsigned j = 0; h->octave[i] && j < PARTS; j++) n += h->octave[i][j];
    }
    return n;
}

/* ceil(p n), at least 1 and at most n, where p n is a whole number but for rounding: that number.
 * (0.07 x 100 is 7.000000000000001.) */
static uint64_t rank_of(double p, uint64_t n)
{
    double rank = ceil(p * (double)n * (1 - 0x1p-50));
    if (!(rank >= 1)) return 1;
    return rank >= (double)n ? n : (uint64_t)rank;
}

double fc_histogram_quantile(const fc_histogram *h, double p)
{
    uint64_t n = fc_histogram_count(h);

    if (n == 0 || !(p >= 0 && p <= 1)) return NAN;
    uint64_t rank = rank_of(p, n), seen = h->zero;
    if (rank == 1) return h->min;
    if (rank == n) return h->max;
    if (rank <= seen) return 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        seen += bucket_count(h, bucket);
        if (rank <= seen) {
            double low = bucket_edge(bucket), high = bucket_edge(bucket + 1);
            return fmin(fmax(2 * low * high / (low + high), h->min), h->max);
        }
    }
    return INFINITY;
}

double fc_histogram_mean(const fc_histogram *h)
{
    uint64_t n = fc_histogram_count(h);

    if (n == 0) return NAN;
    return h->beyond > 0 ? INFINITY : (double)h->sum * 0x1p-20 / (double)n;
}

double fc_histogram_min(const fc_histogram *h)
{
    return fc_histogram_count(h) > 0 ? h->min : NAN;
}

double fc_histogram_max(const fc_histogram *h)
{
    return fc_histogram_count(h) > 0 ? h->max : NAN;
}

static unsigned char *put_fixed(unsigned char *at, uint64_t value)
{
    for (int shift = 0; shift < 64; shift += 8) *at++ = (unsigned char)(value >> shift);
    return at;
}

static unsigned char *put_leb128(unsigned char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

int fc_histogram_write(const fc_histogram *h, unsigned char **bytes, size_t *length)
{
    uint64_t used = 0;

    for (unsigned b = 0; b < BUCKETS; b++) used += bucket_count(h, b) > 0;
    unsigned char *start = malloc(HEADER + 3 * LEB128 + (size_t)used * 2 * LEB128), *at = start;
    if (!start) return FC_E_NOMEM;
    memcpy(at, "FCH", 3);
    at[3] = VERSION;
    at = put_fixed(at + 4, bits_of(h->min));
    at = put_fixed(at, bits_of(h->max));
    at = put_fixed(at, (uint64_t)h->sum);
    at = put_fixed(at, (uint64_t)(h->sum >> 64));
    at = put_leb128(at, h->zero);
    at = put_leb128(at, h->beyond);
    at = put_leb128(at, used);
    unsigned next = 0;
    for (unsigned b = 0; b < BUCKETS; b++) {
        if (bucket_count(h, b) == 0) continue;
        at = put_leb128(at, b - next);
        at = put_leb128(at, bucket_count(h, b));
        next = b + 1;
    }
    *bytes = start;
    *length = (size_t)(at - start);
    return FC_OK;
}

typedef struct reader {
    const unsigned char *at, *end;
    bool bad;
} reader;

static uint64_t get_fixed(reader *r)
{
    uint64_t value = 0;

    if (r->end - r->at < 8) {
        r->bad = true;
        return 0;
    }
    for (int shift = 0; shift < 64; shift += 8) value |= (uint64_t)*r->at++ << shift;
    return value;
}

/* Only the shortest form of an integer is taken, so that contents have one form. */
static uint64_t get_leb128(reader *r)
{
    uint64_t value = 0;

    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        unsigned char byte = *r->at++;
        if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    r->bad = true;
    return 0;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int read_buckets(fc_histogram *h, reader *r)
{
    uint64_t used = get_leb128(r), next = 0;

    for (uint64_t i = 0; i < used; i++) {
        uint64_t gap = get_leb128(r), count = get_leb128(r);
        if (r->bad || count == 0 || gap >= BUCKETS - next) return FC_E_DOMAIN;
        unsigned bucket = (unsigned)(next + gap);
        int ret = fc_histogram_open(h, bucket / PARTS);
        if (ret) return ret;
        h->octave[bucket / PARTS][bucket % PARTS] = count;
        next = bucket + 1;
    }
    return r->bad || r->at != r->end ? FC_E_DOMAIN : FC_OK;
}

/* -1 for a value counted as zero, BUCKETS for one beyond, else its bucket. */
static int place_of(double value)
{
    uint64_t bucket = fc_histogram_bucket(value);
    return bucket < BUCKETS ? (int)bucket : value < 1 ? -1 : BUCKETS;
}

/* Whether the extremes lie where the first and last observations are counted. */
static bool consistent(const fc_histogram *h)
{
    int first = 0, last = BUCKETS - 1;
    fc_int128 n = (fc_int128)h->zero + h->beyond;

    for (unsigned b = 0; b < BUCKETS; b++) n += bucket_count(h, b);
    if (signbit(h->min) || signbit(h->max)) return false;
    if (n == 0) return isinf(h->min) && h->max == 0 && h->sum == 0;
    if (n > UINT64_MAX || h->sum < 0 || !(h->min >= 0 && h->max >= h->min)) return false;
    while (first < BUCKETS && bucket_count(h, (unsigned)first) == 0) first++;
    while (last >= 0 && bucket_count(h, (unsigned)last) == 0) last--;
    return place_of(h->min) == (h->zero > 0 ? -1 : first) &&
           place_of(h->max) == (h->beyond > 0 ? BUCKETS : last);
}

int fc_histogram_read(fc_histogram *h, const unsigned char *bytes, size_t length)
{
    reader r = {bytes, bytes + length, false};
    int ret = FC_E_DOMAIN;

    *h = FC_HISTOGRAM_EMPTY;
    if (length < HEADER || memcmp(bytes, "FCH", 3) != 0 || bytes[3] != VERSION) goto out;
    r.at += 4;
    h->min = double_of(get_fixed(&r));
    h->max = double_of(get_fixed(&r));
    uint64_t low = get_fixed(&r), high = get_fixed(&r);
    h->sum = (fc_int128)(((unsigned __int128)high << 64) | low);
    h->zero = get_leb128(&r);
    h->beyond = get_leb128(&r);
    ret = r.bad ? FC_E_DOMAIN : read_buckets(h, &r);
    if (ret == FC_OK && !consistent(h)) ret = FC_E_DOMAIN;
out:
    if (ret) fc_histogram_free(h);
    return ret;
}
