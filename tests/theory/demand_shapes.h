/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand of several shapes on a small fleet at a stated load, run at a stated detail: what the
 * tests and tables of the levels of detail are made with.
 */
#ifndef FC_TEST_DEMAND_SHAPES_H
#define FC_TEST_DEMAND_SHAPES_H

#include "model/simulate.h"
#include "scenario/scenario.h"

typedef enum shape_id {
    SHAPE_PLAIN,    /* 1 or 7 GPUs for 6 hours (exponential), gives up after 12 */
    SHAPE_DAY,      /* the same, three times as many by day as by night */
    SHAPE_FOR_EVER, /* the same as DAY, and waits for ever */
    SHAPE_MIXED,    /* small short jobs; large ones of days that go abroad after 4 days */
    SHAPE_STEPS,    /* PLAIN on a fleet and with arrivals that double on 2 July */
    SHAPE_HEAVY,    /* durations with a heavy tail: median 1 hour, 1 in 20 beyond a day */
    SHAPE_LARGE,    /* gangs of up to a quarter of the fleet */
    SHAPE_IN_ORDER, /* the same, and nobody overtakes: all others are under `easy` */
    N_SHAPES
} shape_id;

const char *shape_name(shape_id shape);

/* A fleet of 256 GPUs in 2025 and the first class's index 0. Loads: GPU-hours wanted over those
 * there are. `detail` is what follows "detail: ", further keys of demand on lines of their own
 * (six spaces deep). NULL after an error, which is printed. */
fc_scenario *shape_scenario(shape_id shape, double load, const char *detail);
/* ... with what follows the fleets in the text: shocks, say. */
fc_scenario *shape_scenario_with(shape_id shape, double load, const char *detail, const char *rest);

/* Means over replications 0 to n - 1. */
typedef struct shape_result {
    double served;   /* GPU-hours of all classes, over what the fleet has */
    double wait[3];  /* p50, p95, p99 of class 0, h, over all jobs; NaN: not known */
    uint64_t events; /* of the world, all replications together */
    double seconds;  /* of the processor */
} shape_result;

/* Error number of the first replication that failed. */
int shape_run(const fc_scenario *scenario, uint32_t n, shape_result *out);

#endif
