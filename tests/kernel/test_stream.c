/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random streams: the published known answers, the layout of the counter, and statistics over
 * the sequences that the model uses: along one occurrence, and the first draw of each of many
 * occurrences, replications and keys. Every statistical assert fails a correct generator with
 * chance 1e-8 (there are under 60); the seeds are fixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <string.h>
#include <gsl/gsl_randist.h>
#include "kernel/init.h"
#include "kernel/stream.h"
#include "goodness.h"

static const double LIMIT = 1e-8;
static const uint64_t KEY = 0x243f6a8885a308d3;

/* ---- what is drawn ----------------------------------------------------------------------- */

/* Known answers of Random123's kat_vectors for philox4x32, 10 rounds. */
static void known_answers(void **state)
{
    (void)state;
    static const uint32_t kat[][10] = {
        /* counter, key, block */
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    for (size_t i = 0; i < sizeof kat / sizeof *kat; i++) {
        const uint32_t *k = kat[i];
        fc_stream s;
        fc_stream_init(&s, (uint64_t)k[5] << 32 | k[4], k[3], (uint64_t)k[2] << 32 | k[1]);
        s.block = k[0];
        uint64_t first = fc_stream_u64(&s), second = fc_stream_u64(&s);
        assert_int_equal(first, (uint64_t)k[7] << 32 | k[6]);
        assert_int_equal(second, (uint64_t)k[9] << 32 | k[8]);
    }
}

/* Values computed apart, with Python's hashlib. */
static void keys(void **state)
{
    (void)state;
    assert_int_equal(fc_stream_key(0, "", ""), 0xde56b2b6cf8e909d);
    assert_int_equal(fc_stream_key(20250120, "fleets.korea.sites.solaseado", "grid.assessment"),
                     0xce2846843c3c14bd);
    assert_int_equal(fc_stream_key(UINT64_MAX, "나라", "조달"), 0x67c8b68e96aa2123);
    assert_int_not_equal(fc_stream_key(1, "a", "bc"), fc_stream_key(1, "ab", "c"));
}

static void uniform_is_open_and_symmetric(void **state)
{
    (void)state;
    fc_stream s = {.left = 1, .word = {0, 0}};
    assert_true(fc_stream_uniform(&s) == 0x1p-53);
    s = (fc_stream){.left = 1, .word = {UINT64_MAX, 0}};
    assert_true(fc_stream_uniform(&s) == 1 - 0x1p-53);
    s = (fc_stream){.left = 1, .word = {(uint64_t)1 << 63, 0}};
    assert_true(fc_stream_uniform(&s) == 0.5 + 0x1p-53);
    fc_stream_init(&s, KEY, 0, 0);
    for (int i = 0; i < 10000; i++) {
        double u = fc_stream_uniform(&s);
        assert_true(u > 0 && u < 1 && 1 - (1 - u) == u);
        double word = u * 0x1p53;
        assert_true(word == floor(word) && fmod(word, 2) == 1);
    }
}

static void halves_of_words(void **state)
{
    (void)state;
    fc_stream a, b;
    fc_stream_init(&a, KEY, 1, 2);
    b = a;
    for (int i = 0; i < 5; i++) {
        uint64_t word = fc_stream_u64(&a);
        assert_int_equal(fc_stream_u32(&b), word >> 32);
    }
}

/* ---- independence of positions ----------------------------------------------------------- */

static void last_block_wraps_to_the_first(void **state)
{
    (void)state;
    fc_stream fresh, worn;
    fc_stream_init(&fresh, KEY, 3, 5);
    worn = fresh;
    worn.block = UINT32_MAX;
    uint64_t last = fc_stream_u64(&worn);
    fc_stream_u64(&worn);
    uint64_t first = fc_stream_u64(&fresh);
    assert_int_not_equal(last, first);
    assert_int_equal(fc_stream_u64(&worn), first);
    assert_int_equal(worn.occurrence, 5);
    assert_int_equal(worn.replication, 3);
}

static int compare_words(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Neighbours in every coordinate share no word: 2 * 3^4 * 1000 words, all different (two equal by
 * chance: 7e-10). */
static void neighbours_share_nothing(void **state)
{
    (void)state;
    enum { N = 81 * 2 * 1000 };
    static const uint64_t places[3] = {0, 1, (uint64_t)1 << 32};
    uint64_t *word = malloc(N * sizeof *word);
    assert_non_null(word);
    size_t n = 0;
    for (uint64_t key = 0; key < 3; key++)
        for (uint64_t high = 0; high < 3; high++)
            for (uint64_t i = 0; i < 3; i++)
                for (uint32_t replication = 0; replication < 3; replication++) {
                    fc_stream s;
                    fc_stream_init(&s, key | high << 32, replication, places[i]);
                    for (int k = 0; k < 2000; k++) word[n++] = fc_stream_u64(&s);
                }
    assert_int_equal(n, N);
    qsort(word, N, sizeof *word, compare_words);
    for (size_t i = 1; i < N; i++) assert_int_not_equal(word[i - 1], word[i]);
    free(word);
}

/* What occurrence 7 draws does not depend on how much 6 drew, in whatever order. */
/* Many occurrences at once are the same bits, also where the occurrence passes 32 bits and where
 * the last block is half used. */
static void rows_are_the_same_draws(void **state)
{
    (void)state;
    static const uint64_t first[] = {0, 0xfffffff0, UINT64_C(1) << 40};
    double row[5][FC_STREAM_ROW];
    for (size_t k = 0; k < sizeof first / sizeof *first; k++) {
        for (uint32_t words = 1; words <= 5; words++) {
            row[4][0] = -1;
            fc_stream_uniforms(KEY, 7, first[k], words, row);
            for (uint32_t i = 0; i < FC_STREAM_ROW; i++) {
                fc_stream s;
                fc_stream_init(&s, KEY, 7, first[k] + i);
                for (uint32_t w = 0; w < words; w++)
                    assert_true(row[w][i] == fc_stream_uniform(&s));
            }
            assert_true(words == 5 || row[4][0] == -1); /* nothing is written beyond */
        }
    }
}

static void drawing_more_moves_nothing(void **state)
{
    (void)state;
    fc_stream six, seven;
    double expected[5];
    fc_stream_init(&seven, KEY, 0, 7);
    for (int i = 0; i < 5; i++) expected[i] = fc_stream_uniform(&seven);
    fc_stream_init(&six, KEY, 0, 6);
    fc_stream_init(&seven, KEY, 0, 7);
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 1001; k++) fc_stream_uniform(&six);
        assert_true(fc_stream_uniform(&seven) == expected[i]);
    }
}

/* ---- statistics -------------------------------------------------------------------------- */

enum { SEQUENCE = 1 << 19, CELLS = 1024, GRID = 64, PAIRS = GRID * GRID };

typedef double (*nth)(uint32_t i); /* the i-th number of a sequence */

static double along_a_stream(uint32_t i)
{
    static fc_stream s; /* started anew with each sequence */
    if (i == 0) fc_stream_init(&s, KEY, 0, 0);
    return fc_stream_uniform(&s);
}

static double second_words(uint32_t i)
{
    static fc_stream s;
    if (i == 0) fc_stream_init(&s, KEY, 1, 0);
    fc_stream_uniform(&s);
    return fc_stream_uniform(&s);
}

static double first_of(uint64_t key, uint32_t replication, uint64_t occurrence)
{
    fc_stream s;
    fc_stream_init(&s, key, replication, occurrence);
    return fc_stream_uniform(&s);
}

static double over_occurrences(uint32_t i)
{
    return first_of(KEY, 0, i);
}

static double over_high_occurrences(uint32_t i)
{
    return first_of(KEY, 0, (uint64_t)i << 32);
}

static double over_replications(uint32_t i)
{
    return first_of(KEY, i, 0);
}

static double over_raw_keys(uint32_t i)
{
    return first_of(i, 0, 0);
}

static double over_exponentials(uint32_t i)
{
    static fc_stream s;
    if (i == 0) fc_stream_init(&s, KEY, 2, 0);
    return -expm1(-fc_exponential(&s)); /* uniform again, through the distribution function */
}

static void check_sequence(const char *name, nth at)
{
    static double u[SEQUENCE];
    static size_t cell[CELLS], pair[PAIRS], successive[PAIRS];
    memset(cell, 0, sizeof cell);
    memset(pair, 0, sizeof pair);
    memset(successive, 0, sizeof successive);
    double n = SEQUENCE, sum = 0, squares = 0, lag1 = 0, before = 0;
    for (uint32_t i = 0; i < SEQUENCE; i++) {
        u[i] = at(i);
        double x = u[i] - 0.5;
        sum += x;
        squares += x * x;
        lag1 += x * before;
        before = x;
        cell[(size_t)(u[i] * CELLS)]++;
        size_t here = (size_t)(u[i] * GRID);
        if (i % 2) pair[(size_t)(u[i - 1] * GRID) * GRID + here]++;
        if (i % 2 == 0 && i) successive[(size_t)(u[i - 1] * GRID) * GRID + here]++;
    }
    double p[] = {
        normal_p(sum / sqrt(n / 12)),                 /* mean 1/2 */
        normal_p((squares - n / 12) / sqrt(n / 180)), /* variance 1/12 */
        normal_p(lag1 / sqrt((n - 1) / 144)),         /* no serial correlation */
        even_p(cell, CELLS),                          /* even */
        even_p(pair, PAIRS),                          /* even in pairs */
        even_p(successive, PAIRS),                    /* and in the pairs between those */
        ks_p(u, SEQUENCE),
    };
    for (size_t i = 0; i < sizeof p / sizeof *p; i++)
        if (!(p[i] > LIMIT)) fail_msg("%s: check %zu has p = %g", name, i, p[i]);
}

static void sequences_are_uniform(void **state)
{
    (void)state;
    check_sequence("along a stream", along_a_stream);
    check_sequence("second words of blocks", second_words);
    check_sequence("over occurrences", over_occurrences);
    check_sequence("over occurrences, high word", over_high_occurrences);
    check_sequence("over replications", over_replications);
    check_sequence("over keys", over_raw_keys);
    check_sequence("exponentials", over_exponentials);
}

static void below_is_unbiased(void **state)
{
    (void)state;
    enum { N = 300000 };
    fc_stream s;
    size_t count[6] = {0};
    fc_stream_init(&s, KEY, 0, 1);
    for (int i = 0; i < N; i++) {
        uint64_t k = fc_stream_below(&s, 6);
        assert_in_range(k, 0, 5);
        count[k]++;
    }
    assert_true(even_p(count, 6) > LIMIT);
    /* Multiplying without rejection would give half of all numbers the remainder 0. */
    const uint64_t large = (uint64_t)3 << 62;
    memset(count, 0, sizeof count);
    for (int i = 0; i < N; i++) {
        uint64_t k = fc_stream_below(&s, large);
        assert_true(k < large);
        count[k % 3]++;
    }
    assert_true(even_p(count, 3) > LIMIT);
    for (int i = 0; i < 10; i++) assert_int_equal(fc_stream_below(&s, 1), 0);
    assert_int_equal(fc_stream_below(&s, 0), 0);
}

/* ---- GSL --------------------------------------------------------------------------------- */

static void gsl_draws_from_the_stream(void **state)
{
    (void)state;
    fc_stream s, copy;
    fc_stream_init(&s, KEY, 0, 9);
    copy = s;
    gsl_rng rng = fc_rng_attach(&s);
    for (int i = 0; i < 100; i++) {
        double u = gsl_rng_uniform(&rng);
        assert_true(u == fc_stream_uniform(&copy));
        assert_int_equal(gsl_rng_get(&rng), fc_stream_u32(&copy));
    }
    assert_memory_equal(&s, &copy, sizeof s);

    enum { N = 100000 };
    static double u[N];
    for (int i = 0; i < N; i++) u[i] = gsl_cdf_ugaussian_P(gsl_ran_gaussian_ziggurat(&rng, 1));
    assert_true(ks_p(u, N) > LIMIT);
    size_t count[7] = {0};
    for (int i = 0; i < N; i++) count[gsl_rng_uniform_int(&rng, 7)]++;
    assert_true(even_p(count, 7) > LIMIT);
}

static void gsl_generator_type(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(fc_rng_philox), *other = gsl_rng_alloc(fc_rng_philox);
    assert_non_null(rng);
    assert_non_null(other);
    assert_int_equal(gsl_rng_max(rng), UINT32_MAX);
    assert_int_equal(gsl_rng_min(rng), 0);
    gsl_rng_set(rng, 77);
    assert_true(gsl_rng_uniform(rng) == first_of(77, 0, 0));
    gsl_rng_memcpy(other, rng);
    for (int i = 0; i < 100; i++) {
        unsigned long expected = gsl_rng_get(rng);
        assert_int_equal(gsl_rng_get(other), expected);
    }
    gsl_rng_free(rng);
    gsl_rng_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(keys),
        cmocka_unit_test(uniform_is_open_and_symmetric),
        cmocka_unit_test(halves_of_words),
        cmocka_unit_test(last_block_wraps_to_the_first),
        cmocka_unit_test(neighbours_share_nothing),
        cmocka_unit_test(rows_are_the_same_draws),
        cmocka_unit_test(drawing_more_moves_nothing),
        cmocka_unit_test(sequences_are_uniform),
        cmocka_unit_test(below_is_unbiased),
        cmocka_unit_test(gsl_draws_from_the_stream),
        cmocka_unit_test(gsl_generator_type),
    };
    fc_kernel_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
