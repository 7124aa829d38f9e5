/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Experiment: the replications of a scenario on all cores, into a results database. Workers
 * simulate, the calling thread writes; memory does not grow with the number of replications.
 */
#ifndef FC_EXPERIMENT_EXPERIMENT_H
#define FC_EXPERIMENT_EXPERIMENT_H

#include "experiment/pool.h"
#include "scenario/scenario.h"
#include "store/design.h"
#include "store/store.h"

typedef struct fc_experiment_options {
    uint32_t replications;          /* 0: as the scenario says */
    unsigned threads;               /* 0: as many as there are processors */
    uint32_t shard, shards;         /* only this part of them (fc_shard_has); shards 0: all */
    uint32_t offset;                /* how many replications of the experiment come before these */
    bool force;                     /* begin or continue what fc_store_check_resume refuses */
    const fc_engine *engine;        /* who simulates; NULL: threads of this process */
    const fc_sample_points *points; /* NULL: everything is drawn */
    /* Told how far it is, from the calling thread, after each replication. May be NULL. */
    void (*progress)(void *self, uint32_t done, uint32_t total, uint32_t failed);
    /* Told of the run before anything is simulated; an error ends it. May be NULL. */
    int (*begun)(void *self, int64_t run);
    void *self;
    const atomic_bool *stop; /* set to end early: what is finished is kept. May be NULL */
} fc_experiment_options;

typedef struct fc_experiment_result {
    int64_t run;
    uint32_t total;  /* replications wanted (of this shard) */
    uint32_t found;  /* already stored before */
    uint32_t done;   /* simulated now */
    uint32_t failed; /* of those: failed and recorded as such */
    uint64_t events;
    bool stopped;
} fc_experiment_result;

/* Simulates what is not stored yet. Failed replications are recorded and the rest goes on.
 * Errors: of the store (4xx), E_RUN_CHANGED, E_NOMEM. */
int fc_experiment_run(fc_store *store, fc_scenario *scenario, const fc_experiment_options *options,
                      fc_diag *diag, fc_experiment_result *out);

#endif
