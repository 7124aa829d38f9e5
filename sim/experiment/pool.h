/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pool: replications simulated on several threads, and taken by the calling one as they finish.
 * Memory does not grow with their number: a worker waits while too many are not taken yet. */
#ifndef FC_EXPERIMENT_POOL_H
#define FC_EXPERIMENT_POOL_H

#include <stdatomic.h>
#include "model/simulate.h"
#include "scenario/scenario.h"

/* Quantiles that stand in for the uniforms of what nobody knows: replication r is at point
 * r / each. */
typedef struct fc_sample_points {
    const double *quantiles; /* of n_columns a point */
    uint32_t n_columns, each;
    const uint32_t *column_of; /* of each of the plan's unknowns; FC_NO_COLUMN: drawn as ever */
} fc_sample_points;
#define FC_NO_COLUMN UINT32_MAX

/* The uniforms of a replication at its point, NaN where they are drawn. */
void fc_sample_uniforms(const fc_sample_points *points, uint32_t n_unknowns, uint32_t replication,
                        double *out);

typedef struct fc_pool_task {
    const fc_plan *plan;
    const fc_sample_points *points; /* NULL: everything is drawn */
    const uint32_t *todo;           /* replication numbers */
    uint32_t n_todo;                /* at least 1 */
    unsigned threads;               /* 0: as many as there are processors */
    const atomic_bool *stop;        /* set to end early; may be NULL */
    fc_take *take;                  /* never told of E_NOMEM: that is the machine's doing */
    void *self;
} fc_pool_task;

/* Errors: what `take` returned, after which it is not called again; E_NOMEM. */
int fc_pool_run(const fc_pool_task *task, fc_diag *diag);

/* Others that do the same in the threads' place: processes on many machines, say. */
typedef struct fc_engine {
    int (*run)(void *self, const fc_scenario *scenario, const fc_pool_task *task, fc_diag *diag);
    void *self;
} fc_engine;

/* For an engine: hands one replication to who takes it. `sentence` may be NULL, and `record` is
 * looked at if `code` is FC_OK only. E_NOMEM as `code` is returned. */
int fc_pool_take(const fc_pool_task *task, uint32_t replication, int code, const char *sentence,
                 const fc_record *record, fc_diag *diag);

/* How many threads that are. */
unsigned fc_pool_threads(unsigned threads);

unsigned fc_processors(void);

#endif
