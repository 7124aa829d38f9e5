/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/stream.h"

#include <string.h>
#include <nettle/sha2.h>

static void put_u64(uint8_t out[8], uint64_t value)
{
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)(value >> 8 * i);
}

static void hash_u64(struct sha256_ctx *hash, uint64_t value)
{
    uint8_t bytes[8];
    put_u64(bytes, value);
    sha256_update(hash, sizeof bytes, bytes);
}

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    size_t length = strlen(text);
    hash_u64(hash, length); /* so that ("a", "bc") and ("ab", "c") differ */
    sha256_update(hash, length, (const uint8_t *)text);
}

uint64_t fc_stream_key(uint64_t seed, const char *entity, const char *purpose)
{
    struct sha256_ctx hash;
    uint8_t digest[8];
    sha256_init(&hash);
    hash_u64(&hash, seed);
    hash_text(&hash, entity);
    hash_text(&hash, purpose);
    sha256_digest(&hash, sizeof digest, digest);
    uint64_t key = 0;
    for (int i = 7; i >= 0; i--) key = key << 8 | digest[i];
    return key;
}

static void rng_set(void *state, unsigned long seed)
{
    fc_stream_init(state, seed, 0, 0);
}

static unsigned long rng_get(void *state)
{
    return fc_stream_u32(state);
}

static double rng_get_double(void *state)
{
    return fc_stream_uniform(state);
}

static const gsl_rng_type philox_type = {
    .name = "philox4x32-10",
    .min = 0,
    .max = UINT32_MAX,
    .size = sizeof(fc_stream),
    .set = rng_set,
    .get = rng_get,
    .get_double = rng_get_double,
};

const gsl_rng_type *const fc_rng_philox = &philox_type;

gsl_rng fc_rng_attach(fc_stream *stream)
{
    return (gsl_rng){.type = fc_rng_philox, .state = stream};
}
