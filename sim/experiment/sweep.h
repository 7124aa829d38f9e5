/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sweep: an experiment file's scenarios x policies x points x replications, into a results
 * database. Each of scenario x policies is a case.
 *
 * A point of a grid, a list of values or a one-at-a-time design is a run of its own; all of them
 * share their replication numbers, and so their random numbers: differences between points are
 * differences of pairs. A sampled design is one run a case: point p is its replications
 * [p each, (p + 1) each), with numbers of their own, in which the design's quantiles stand in for
 * the uniforms of the unknowns; everything else is drawn as ever. Cases share all of them.
 */
#ifndef FC_EXPERIMENT_SWEEP_H
#define FC_EXPERIMENT_SWEEP_H

#include "experiment/design.h"
#include "experiment/experiment.h"
#include "experiment/precision.h"

typedef struct fc_sweep_case {
    const char *scenario; /* its name, without folder, ending and policies */
    const char *path;
    const fc_policies *policies;
    uint32_t replications; /* a point */
    char hash[65];         /* of the scenario without factors */
    uint64_t seed;
} fc_sweep_case;

typedef struct fc_sweep {
    const fc_experiment_file *file;
    int64_t seed;     /* -1: as each scenario says */
    const char *data; /* folder of the catalogue, NULL: none */
    fc_design design;
    char hash[65]; /* of the design */
    uint32_t n_cases;
    const fc_sweep_case *cases;
    uint64_t replications; /* of all points of all cases */
} fc_sweep;

/* Reads or makes the design and tries every scenario with every factor, so that what is wrong is
 * said before anything runs. `file` and what `setup` points to must outlive the sweep; all of it
 * is in the arena. Errors: those of scenarios and designs (3xx),
 * E_FACTOR, E_NOMEM. */
typedef struct fc_sweep_setup {
    uint32_t replications; /* a point; 0: as the file says */
    const int64_t *seed;   /* NULL: as the file says */
    const char *data;      /* folder of the catalogue, as in fc_layer_options */
} fc_sweep_setup;
int fc_sweep_prepare(fc_arena *arena, const fc_experiment_file *file, const fc_sweep_setup *setup,
                     fc_diag *diag, fc_sweep **out);

/* Tries to build every point; nothing runs. E_CHANGE, one for each that cannot be built; E_NOMEM.
 */
int fc_sweep_try(const fc_sweep *sweep, fc_diag *diag);

/* Whether its runs can be stopped by precision: not where the points are the sample. E_USAGE. */
int fc_sweep_takes_precision(const fc_sweep *sweep, fc_diag *diag);

typedef struct fc_sweep_options {
    fc_experiment_options each;    /* threads, progress (over all runs), stop, shard, force */
    const fc_precision *precision; /* of each run, which then has at most its replications */
    /* Told of each run that is done, in order. May be NULL. */
    void (*done)(void *self, const fc_scenario *scenario, const fc_experiment_result *result,
                 const fc_precision_result *reached);
} fc_sweep_options;

typedef struct fc_sweep_result {
    int64_t design;
    uint64_t found, done, failed; /* replications, as in fc_experiment_result */
    uint32_t unbuilt;             /* points that could not be built: see the table point */
    bool stopped;
} fc_sweep_result;

/* Runs what is missing. Errors: of the store (4xx), E_DESIGN_CHANGED, E_NOMEM. */
int fc_sweep_run(fc_store *store, const fc_sweep *sweep, const fc_sweep_options *options,
                 fc_diag *diag, fc_sweep_result *out);

/* The scenario of a case at a point (sampled designs: of all points), with the hash and name of its
 * run; to be freed by fc_scenario_free. *points (may be NULL) is filled in for a sampled design, in
 * the arena; its quantiles are NULL otherwise. */
int fc_sweep_load(const fc_sweep *sweep, uint32_t which, uint32_t point, fc_arena *arena,
                  fc_diag *diag, fc_scenario **out, fc_sample_points *points);

/* The same for the run of that name (NULL: the first), if it has that replication. E_USAGE. */
int fc_sweep_find(const fc_sweep *sweep, const char *run, uint32_t replication, fc_arena *arena,
                  fc_diag *diag, fc_scenario **out, fc_sample_points *points);

#endif
