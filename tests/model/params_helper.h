/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of parameters share.
 */
#ifndef FC_TEST_PARAMS_HELPER_H
#define FC_TEST_PARAMS_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "model/params.h"
#include "plan_builder.h"

#define DAY FC_DAY

static inline plan_builder *start(void)
{
    return build_start("2025-01-01", "2031-01-01", 20250120);
}

static inline fc_params *params_of(const fc_plan *plan)
{
    fc_params *params = NULL;
    assert_int_equal(fc_params_create(plan, &params), FC_OK);
    return params;
}

static inline void begin(fc_params *params, uint32_t replication, const double *uniforms)
{
    assert_int_equal(fc_params_begin(params, replication, uniforms, NULL), FC_OK);
}

static inline void done(fc_plan *plan, fc_params *params)
{
    fc_params_free(params);
    fc_plan_free(plan);
}

static inline bool close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

#define assert_exact(a, b) assert_true((a) == (b))
#define assert_close(a, b) assert_true(close_to(a, b))

/* The uniform that occurrence k of the value at `path` gets, computed apart from the module. */
static inline double uniform_by_hand(const fc_plan *plan, const char *path, uint32_t replication,
                                     uint64_t occurrence, uint32_t block)
{
    fc_stream stream;
    fc_stream_init(&stream, fc_stream_key(plan->seed, path, "value"), replication, occurrence);
    for (uint32_t i = 0; i < 2 * block; i++) fc_stream_u64(&stream); /* two words a block */
    return fc_stream_uniform(&stream);
}

#endif
