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

/* Into each of its callers, to be compiled for the processor that they are for. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The philox4x32-10 of Random123 on counters side by side, so that the compiler can take several
 * at a time. v[j][i] is word j of counter i. */
ALWAYS_INLINE void philox_row(uint32_t v[4][FC_STREAM_ROW], uint64_t key)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);

    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < FC_STREAM_ROW; i++) {
            uint64_t a = (uint64_t)PHILOX_M4x32_0 * v[0][i];
            uint64_t b = (uint64_t)PHILOX_M4x32_1 * v[2][i];

            v[0][i] = (uint32_t)(b >> 32) ^ v[1][i] ^ k0;
            v[2][i] = (uint32_t)(a >> 32) ^ v[3][i] ^ k1;
            v[1][i] = (uint32_t)b;
            v[3][i] = (uint32_t)a;
        }
        k0 += PHILOX_W32_0;
        k1 += PHILOX_W32_1;
    }
}

ALWAYS_INLINE void uniforms(uint64_t key, uint32_t replication, uint64_t first, uint32_t words,
                            double (*out)[FC_STREAM_ROW])
{
    for (uint32_t w = 0; w < words; w += 2) {
        uint32_t v[4][FC_STREAM_ROW];

        for (uint32_t i = 0; i < FC_STREAM_ROW; i++) {
            v[0][i] = w / 2;
            v[1][i] = (uint32_t)(first + i);
            v[2][i] = (uint32_t)((first + i) >> 32);
            v[3][i] = replication;
        }
        philox_row(v, key);
        for (uint32_t i = 0; i < FC_STREAM_ROW; i++)
            out[w][i] = fc_uniform_of((uint64_t)v[1][i] << 32 | v[0][i]);
        for (uint32_t i = 0; w + 1 < words && i < FC_STREAM_ROW; i++)
            out[w + 1][i] = fc_uniform_of((uint64_t)v[3][i] << 32 | v[2][i]);
    }
}

/* The same code for processors that multiply eight 32-bit words at a time. */
#ifdef __x86_64__
__attribute__((target("avx512f,avx512dq"))) static void
uniforms_by_eight(uint64_t key, uint32_t replication, uint64_t first, uint32_t words,
                  double (*out)[FC_STREAM_ROW])
{
    uniforms(key, replication, first, words, out);
}
#endif

void fc_stream_uniforms(uint64_t key, uint32_t replication, uint64_t first, uint32_t words,
                        double (*out)[FC_STREAM_ROW])
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512dq")) {
        uniforms_by_eight(key, replication, first, words, out);
        return;
    }
#endif
    uniforms(key, replication, first, words, out);
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
