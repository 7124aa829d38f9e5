/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What classes get of a pool of several models: by hand, and against every set of models tried one
 * by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "kernel/stream.h"
#include "model/demand_share.h"

enum { H100 = 1, NPU = 2, B200 = 4, ALL = 0, MOST = 8 };

/* GPUs of up to three models, for one second. */
static fc_supply gpus(double h100, double npu, double b200)
{
    return (fc_supply){.n_groups = 3, .part = 1, .step = 1, .gpus = {h100, npu, b200}};
}

static void assert_parts(const fc_claim *wanted, uint32_t n, fc_supply supply, const double *parts)
{
    fc_claim claims[MOST];

    for (uint32_t i = 0; i < n; i++) claims[i] = wanted[i];
    fc_share_out(claims, n, &supply);
    for (uint32_t i = 0; i < n; i++) {
        if (!(fabs(claims[i].part - parts[i]) < 1e-12))
            fail_msg("claim %u: %.9g, not %.9g", i, claims[i].part, parts[i]);
    }
}

static void test_by_hand(void **state)
{
    (void)state;
    /* Two that need the same 64 have them once, whatever stands beside. */
    assert_parts((fc_claim[]){{.groups = H100, .wants = 60}, {.groups = H100, .wants = 60}}, 2,
                 gpus(64, 640, 0), (double[]){64. / 120, 64. / 120});
    /* Who can use both makes room: 60 on the npu, 4 beside the 60 who need an h100. */
    assert_parts((fc_claim[]){{.groups = ALL, .wants = 64}, {.groups = H100, .wants = 60}}, 2,
                 gpus(64, 60, 0), (double[]){1, 1});
    /* The narrow ones are held back by half on theirs; the wide one has all the rest. */
    assert_parts((fc_claim[]){{.groups = H100, .wants = 64},
                              {.groups = ALL, .wants = 50},
                              {.groups = H100, .wants = 64}},
                 3, gpus(64, 50, 0), (double[]){0.5, 1, 0.5});
    /* All are short, and alike: 160 wanted of 128. */
    assert_parts((fc_claim[]){{.groups = H100 | NPU, .wants = 96},
                              {.groups = NPU, .wants = 32},
                              {.groups = NPU, .wants = 32}},
                 3, gpus(64, 64, 0), (double[]){0.8, 0.8, 0.8});
    /* A chain: the second is moved off the npu, the third off the b200, for the first. */
    assert_parts((fc_claim[]){{.groups = H100 | NPU, .wants = 10},
                              {.groups = NPU | B200, .wants = 10},
                              {.groups = H100, .wants = 10}},
                 3, gpus(10, 10, 10), (double[]){1, 1, 1});
    /* Two levels: 1/4 on the h100, 1/2 on what the others can use, 1 for who has the b200. */
    assert_parts((fc_claim[]){{.groups = H100, .wants = 40},
                              {.groups = H100 | NPU, .wants = 20},
                              {.groups = ALL, .wants = 10}},
                 3, gpus(10, 10, 10), (double[]){0.25, 0.5, 1});
    /* Nobody wants anything, or nothing is there. */
    assert_parts((fc_claim[]){{.groups = H100}, {.groups = NPU, .wants = 3}}, 2, gpus(0, 0, 9),
                 (double[]){1, 0});
}

/* Packing leaves `part` of what runs, less that of what services have. */
static void test_supply(void **state)
{
    fc_supply s = gpus(8, 16, 0);

    (void)state;
    s.part = 0.5;
    s.step = 10;
    s.taken[1] = 60;
    assert_true(fc_supply_of(&s, 0) == 90 && fc_supply_of(&s, H100) == 40);
    assert_true(fc_supply_of(&s, NPU) == 50 && fc_supply_of(&s, H100 | NPU) == 90);
}

/* ---- against every set of models ------------------------------------------------------------- */

/* The same by definition: of all sets the least ratio, then of the rest, and so on. */
static void share_by_sets(fc_claim *claims, uint32_t n, const fc_supply *supply)
{
    uint32_t all = (1u << supply->n_groups) - 1, gone = 0;

    for (uint32_t i = 0; i < n; i++) {
        claims[i].part = 1;
        claims[i].open = claims[i].wants > 0;
    }
    for (;;) {
        double least = 1 - 1e-12;
        uint32_t worst = 0;

        for (uint32_t set = 1; set <= all; set++) {
            double wanted = 0;

            if (set & gone) continue;
            for (uint32_t i = 0; i < n; i++) {
                uint32_t groups = claims[i].groups ? claims[i].groups : all;
                if (claims[i].open && !(groups & ~gone & ~set)) wanted += claims[i].wants;
            }
            if (!(wanted > 0) || !(fc_supply_of(supply, set) / wanted < least)) continue;
            least = fc_supply_of(supply, set) / wanted;
            worst = set;
        }
        if (worst == 0) return;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t groups = claims[i].groups ? claims[i].groups : all;
            if (!claims[i].open || (groups & ~gone & ~worst)) continue;
            claims[i].part = least;
            claims[i].open = false;
        }
        gone |= worst;
    }
}

/* Small whole numbers make ties, which fractions do not. */
static double draw(fc_stream *stream, bool whole, double most)
{
    double x = most * fc_stream_uniform(stream);

    return whole ? floor(x) : x;
}

static void test_every_set(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 20000; k++) {
        fc_claim claims[MOST] = {{0}}, same[MOST];
        fc_supply supply = {.part = 1, .step = 1};
        fc_stream stream;

        fc_stream_init(&stream, 5, k, 0);
        supply.n_groups = 1 + (uint32_t)(5 * fc_stream_uniform(&stream));
        uint32_t n = 1 + (uint32_t)((MOST - 1) * fc_stream_uniform(&stream));
        for (uint32_t g = 0; g < supply.n_groups; g++)
            supply.gpus[g] = draw(&stream, k % 2, k % 3 ? 10 : 3);
        for (uint32_t i = 0; i < n; i++) {
            claims[i].groups = (uint32_t)(fc_stream_uniform(&stream) * (1u << supply.n_groups));
            claims[i].wants =
                fmin(draw(&stream, k % 2, 8), fc_supply_of(&supply, claims[i].groups));
            same[i] = claims[i];
        }
        fc_share_out(claims, n, &supply);
        share_by_sets(same, n, &supply);
        for (uint32_t i = 0; i < n; i++) {
            if (claims[i].wants > 0 && !(fabs(claims[i].part - same[i].part) < 1e-9))
                fail_msg("case %u, claim %u of %u: %.12g, not %.12g", k, i, n, claims[i].part,
                         same[i].part);
        }
    }
}

/* 32 models, of which each class can use two neighbours: everybody gets the same of a ring. */
static void test_ring(void **state)
{
    fc_claim claims[FC_MAX_GROUPS] = {{0}};
    fc_supply supply = {.n_groups = FC_MAX_GROUPS, .part = 1, .step = 3600};

    (void)state;
    for (uint32_t i = 0; i < FC_MAX_GROUPS; i++) {
        supply.gpus[i] = i % 2 ? 10 : 0;
        claims[i].groups = 1u << i | 1u << (i + 1) % FC_MAX_GROUPS;
        claims[i].wants = 10 * 3600;
    }
    fc_share_out(claims, FC_MAX_GROUPS, &supply);
    for (uint32_t i = 0; i < FC_MAX_GROUPS; i++) assert_true(fabs(claims[i].part - 0.5) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_supply),
        cmocka_unit_test(test_every_set),
        cmocka_unit_test(test_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
