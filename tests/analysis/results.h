/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A results database made by hand, row by row, in a temporary file. */
#ifndef RESULTS_H
#define RESULTS_H

#include <sqlite3.h>
#include "store/store.h"

typedef struct results {
    char path[64];
    sqlite3 *db;     /* to write rows */
    fc_store *store; /* to read them, after results_read */
    fc_arena *arena;
    fc_diag *diag;
} results;

void results_begin(results *r);
void results_end(results *r);
/* A run of fleet "korea" (KRW), from 2025-01-01 up to `end` (exclusive). `headline` may be NULL. */
void results_run(results *r, int run, const char *seed, const char *end, const char *headline);
void results_input(results *r, int run, const char *path, const char *value, const char *source,
                   const char *certainty);
/* The inputs of target "goal": `gpus` by 2026-12-31 in service. */
void results_goal(results *r, int run, const char *gpus);
void results_replication(results *r, int run, int replication);
/* A sampled design of which the run is all points, `each` replications a point; `points` as stored:
 * "40", of sobol "40 in 4 shifts". */
void results_design(results *r, int run, const char *kind, const char *points, int each);
/* NAN: NULL. */
void results_outcome(results *r, int run, int replication, const char *metric, const char *entity,
                     double value);
void results_series(results *r, int run, int replication, const char *metric, const char *day,
                    double value);
void results_draw(results *r, int run, int replication, const char *path, double value);
/* Opens the store; `r->store` then reads what was written. */
void results_read(results *r);

/* cmocka's own compares in single precision. */
#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        double near_a = (a), near_b = (b);                                                         \
        if (!(fabs(near_a - near_b) <= (tolerance))) fail_msg("%.17g != %.17g", near_a, near_b);   \
    } while (0)

/* Days since 1970-01-01. */
double day_of(int year, int month, int day);

#endif
