/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random streams: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC11), a keyed bijection of 128-bit counters.
 *
 *     key     = fc_stream_key(seed, entity, purpose)            who draws, and what for
 *     counter = (block, occurrence low, occurrence high, replication)
 *
 * Every occurrence (the i-th lot, tender attempt, failure, arrival) starts its own counter, so
 * that drawing more, or less, in one place never moves a draw anywhere else: two runs pair by
 * ordinal. A stream is 48 bytes without pointers; copy it to save its position.
 *
 * One block yields two 64-bit words. An occurrence has 2^32 blocks; after 2^33 words it begins
 * again at its first. It never enters the blocks of another occurrence or replication.
 *
 * Never write two draws in one expression: C leaves their order open.
 */
#ifndef FC_KERNEL_STREAM_H
#define FC_KERNEL_STREAM_H

#include <math.h>
#include <stdint.h>
#include <gsl/gsl_rng.h>
#include <Random123/philox.h>

typedef struct fc_stream {
    uint64_t key, occurrence;
    uint32_t replication;
    uint32_t block;   /* the next one to compute */
    uint64_t word[2]; /* of the block before it */
    uint32_t left;    /* how many of them are not drawn yet: word[left - 1] comes next */
} fc_stream;

/* The key of a stream: the first 8 bytes, little-endian, of SHA-256 over the seed (8 bytes,
 * little-endian), then for entity and purpose each the length in bytes (8 bytes, little-endian)
 * and the bytes. Slow; called when a plan is made, where equal keys of two streams are refused. */
uint64_t fc_stream_key(uint64_t seed, const char *entity, const char *purpose);

static inline void fc_stream_init(fc_stream *stream, uint64_t key, uint32_t replication,
                                  uint64_t occurrence)
{
    *stream = (fc_stream){.key = key, .occurrence = occurrence, .replication = replication};
}

static inline void fc_stream_refill(fc_stream *stream)
{
    philox4x32_ctr_t counter = {{stream->block++, (uint32_t)stream->occurrence,
                                 (uint32_t)(stream->occurrence >> 32), stream->replication}};
    philox4x32_key_t key = {{(uint32_t)stream->key, (uint32_t)(stream->key >> 32)}};
    philox4x32_ctr_t out = philox4x32(counter, key);
    stream->word[1] = (uint64_t)out.v[1] << 32 | out.v[0];
    stream->word[0] = (uint64_t)out.v[3] << 32 | out.v[2];
    stream->left = 2;
}

/* 64 random bits: of block (v0, v1, v2, v3) first v1:v0, then v3:v2. Every draw below takes one
 * of these words (fc_stream_below: one or, rarely, more). */
static inline uint64_t fc_stream_u64(fc_stream *stream)
{
    if (stream->left == 0) fc_stream_refill(stream);
    uint64_t word = stream->word[--stream->left];
    /* The next block now, not when it is asked for: it is computed beside what the caller does
     * with this word, instead of after it. */
    if (stream->left == 0) fc_stream_refill(stream);
    return word;
}

/* The same uniform numbers as below, of many occurrences at once and in less than half the time:
 * out[w][i] is what occurrence first + i draws as its w-th. */
enum { FC_STREAM_ROW = 32 };
void fc_stream_uniforms(uint64_t key, uint32_t replication, uint64_t first, uint32_t words,
                        double (*out)[FC_STREAM_ROW]);

/* 32 random bits: the high half of a word. */
static inline uint32_t fc_stream_u32(fc_stream *stream)
{
    return (uint32_t)(fc_stream_u64(stream) >> 32);
}

/* A uniform number of the open interval (0, 1): ((w >> 11) | 1) * 2^-53, one of the 2^52 odd
 * multiples of 2^-53. They lie symmetrically about 1/2 and 1 - u is exact; the smallest is
 * 2^-53, the largest 1 - 2^-53. */
static inline double fc_uniform_of(uint64_t word)
{
    return (double)(int64_t)(word >> 11 | 1) * 0x1p-53;
}

static inline double fc_stream_uniform(fc_stream *stream)
{
    return fc_uniform_of(fc_stream_u64(stream));
}

/* A whole number of 0 .. n - 1, each exactly as likely (Lemire, "Fast random integer generation
 * in an interval", ACM TOMACS 2019). 0 if n is 0. */
static inline uint64_t fc_stream_below(fc_stream *stream, uint64_t n)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)fc_stream_u64(stream) * n;
    if ((uint64_t)product < n) {
        uint64_t excess = (0 - n) % n; /* 2^64 mod n */
        while ((uint64_t)product < excess) product = (wide)fc_stream_u64(stream) * n;
    }
    return (uint64_t)(product >> 64);
}

/* An exponential number of mean 1 by inversion, -log(u): at most 53 log 2 = 36.7. */
static inline double fc_exponential(fc_stream *stream)
{
    return -log(fc_stream_uniform(stream));
}

/* GSL's samplers on a stream: `gsl_rng rng = fc_rng_attach(&stream);` then gsl_ran_...(&rng, ...).
 * Their draws advance the stream; gsl_rng_get gives 32 bits, gsl_rng_uniform the open interval's
 * numbers above. The stream must outlive `rng`, which is not to be freed. */
gsl_rng fc_rng_attach(fc_stream *stream);

/* The generator type itself; its state is an fc_stream. gsl_rng_set(rng, seed) starts the stream
 * with the seed as key, occurrence 0, replication 0. */
extern const gsl_rng_type *const fc_rng_philox;

#endif
