/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replications in memory: each is handed to a function, or its outcomes go into an array. Nothing
 * is stored; fc_run (results.h) stores.
 *
 *     static int take(void *self, const fc_replication *one)
 *     {
 *         if (!one->code) add(self, one->record->outcomes[column]);
 *         return FC_OK;
 *     }
 *     fc_simulate(scenario, &(fc_simulate_options){.replications = 1000}, take, &sum, diag);
 *
 * Same scenario, seed and replication number give the same record, bit for bit, at any number of
 * threads. Replications of two scenarios with one seed and one number are the same future.
 */
#ifndef FLEETCAST_SIMULATE_H
#define FLEETCAST_SIMULATE_H

#include "fleetcast/arena.h"
#include "fleetcast/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A byte string, malloc'd. */
typedef struct fc_bytes {
    unsigned char *data;
    size_t length;
} fc_bytes;

/* Histograms (docs/model.md, 5) that a replication leaves of a class of users: the first three
 * where it is simulated job by job, the last where its projects apply for grants. */
enum {
    FC_WAITS_STARTED,  /* waits of jobs that started, seconds */
    FC_WAITS_GONE,     /* ... of those that left; and, without end, of those that wait at the end */
    FC_WAITS_SLOWDOWN, /* bounded slowdown of jobs that are done */
    FC_WAITS_GRANTED,  /* application to grant of projects that were granted, seconds */
    FC_WAITS_A_CLASS
};

/* What one replication left behind; the numbers' meaning and order are the scenario's fc_shape. */
typedef struct fc_record {
    double *outcomes; /* n_outcomes; NaN: has no value */
    double *series;   /* n_months x n_series, month by month */
    double *draws;    /* n_draws; of a policy or shock: its date, NaN if it did not happen */
    uint64_t events;  /* how many events were simulated */
    fc_bytes *waits;  /* FC_WAITS_A_CLASS of each class of users; NULL: the class has none such */
    size_t n_waits;
} fc_record;

/* What a number is. */
typedef struct fc_column {
    const char *metric; /* gpus_in_service, as in the table `metric` of the results */
    const char *entity; /* korea, korea.targets.end-2030, korea.delay.grid, korea.2027 */
    const char *unit;   /* GPU, W, share, KRW (whole units), date (days since 1970-01-01) ... */
} fc_column;

typedef struct fc_draw_column {
    const char *path; /* of the key, policy or shock */
    const char *unit; /* the key's base unit, or date */
} fc_draw_column;

typedef struct fc_shape {
    size_t n_outcomes, n_series, n_months, n_draws;
    const fc_column *outcomes, *series;
    const int64_t *month_day; /* last day of each month */
    const fc_draw_column *draws;
} fc_shape;

/* The arrays are in the arena, their strings live as long as the scenario. E_NOMEM. */
FC_API int fc_scenario_shape(const fc_scenario *scenario, fc_arena *arena, fc_shape *out);

/* The place of a column, SIZE_MAX if there is none. `entity` NULL: the first of that metric. */
FC_API size_t fc_find_column(const fc_column *columns, size_t n, const char *metric,
                             const char *entity);

typedef struct fc_simulate_options {
    uint32_t first;        /* number of the first replication */
    uint32_t replications; /* how many; 0: as the scenario says */
    unsigned threads;      /* 0: as many as there are processors */
} fc_simulate_options;

typedef struct fc_replication {
    uint32_t number;
    int code;                /* FC_OK, or why it failed */
    const char *sentence;    /* why, in English; NULL if it did not */
    const fc_record *record; /* NULL if it failed; both live until the function returns */
} fc_replication;

/* Called from the thread that called fc_simulate, in the order in which replications finish (with
 * one thread: of their numbers). What it returns, if not FC_OK, ends the simulation with it. */
typedef int fc_take(void *self, const fc_replication *one);

/* `options` may be NULL. A replication that fails does not end the others. Errors: what `take`
 * returned, E_NOMEM. */
FC_API int fc_simulate(const fc_scenario *scenario, const fc_simulate_options *options,
                       fc_take *take, void *self, fc_diag *diag);

/* The outcomes of all of them, in the arena: (*out)[i * n_outcomes + column] of replication
 * first + i; a replication that failed has NaN only. *failed (may be NULL) counts those. */
FC_API int fc_simulate_outcomes(const fc_scenario *scenario, const fc_simulate_options *options,
                                fc_arena *arena, fc_diag *diag, const double **out,
                                uint32_t *failed);

/* ---- one replication, looked into ------------------------------------------------------------ */

/* What happened: an order, a delivery, a server that failed ... */
typedef struct fc_log_event {
    double day;         /* since 1970-01-01, the time of day as its fraction */
    const char *what;   /* order, delivery, energised, in_service, failure ... */
    const char *entity; /* korea.programmes.state-2025 */
    int32_t lot;        /* of accelerators; -1: none */
    double amount;      /* accelerators, W or money, as `unit` says */
    const char *unit;
} fc_log_event;

/* The event and its strings live until the function returns. What it returns, if not FC_OK, ends
 * the replication with it. */
typedef int fc_watch(void *self, const fc_log_event *event);

/* Simulates one replication, one of the table `failure` say, as `fleetcast run --only`: `watch`
 * (may be NULL) is told of all that happens in it, and every conservation law is checked after
 * every event, which is slow. Errors: what the replication fails with; what `watch` returned;
 * E_NOMEM. */
FC_API int fc_simulate_one(const fc_scenario *scenario, uint32_t replication, fc_watch *watch,
                           void *self, fc_diag *diag);

/* A replication of an experiment's run. */
typedef struct fc_experiment_place {
    const char *path;      /* of the experiment file */
    const char *run;       /* as fc_store_runs names it; NULL: the first */
    uint32_t replication;  /* its number in the run */
    uint32_t replications; /* of a point, as fc_run_experiment was asked for; 0: as the file says */
} fc_experiment_place;

/* The same with the policies, values and sampled point of that replication, as `fleetcast sweep
 * --only`. Of `load`, which may be NULL, `data` and `seed` are used. Errors: also those of
 * fc_run_experiment; E_USAGE: the experiment has no such replication. */
FC_API int fc_simulate_one_of(const fc_experiment_place *place, const fc_load_options *load,
                              fc_watch *watch, void *self, fc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
