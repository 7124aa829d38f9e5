/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results: a database (SQLite, one file, many runs) that replications are run into and read from.
 *
 *     fc_store *results;
 *     fc_store_open("results.db", FC_STORE_WRITE, diag, &results);
 *     fc_run(results, scenario, &(fc_run_options){.replications = 1000}, diag, &done);
 *     fc_store_outcome(results, arena, done.run, "gpus_in_service", "korea", diag, &sample);
 *     fc_report_answer(results, done.run, NULL, diag, &text);
 *     fc_store_close(results);
 *
 * A run is a scenario as resolved, a seed and a version of the program. Its replications are added
 * as they finish and never twice, so a run that was stopped, killed or grown is continued by asking
 * for it again. Several processes may write to one file at once; a handle is for one thread at a
 * time. The tables and views are there for other programs too: docs/library.md.
 *
 * Dates are days since 1970-01-01, money is in whole units of its currency, NaN stands for "has no
 * value" (of a date: not reached within the horizon). What is read is put into the caller's arena.
 */
#ifndef FLEETCAST_RESULTS_H
#define FLEETCAST_RESULTS_H

#include "fleetcast/arena.h"
#include "fleetcast/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fc_store fc_store;

typedef enum fc_store_mode {
    FC_STORE_READ,  /* must exist */
    FC_STORE_WRITE, /* made where it does not exist */
} fc_store_mode;

/* `path` ":memory:" keeps it in memory. An empty file is made a database (WRITE). Errors:
 * E_FILE_OPEN, E_DB_READONLY, E_DB_EMPTY (READ), E_DB_NOT_OURS (no database, or another
 * program's), E_DB_NEWER, E_DB_OLDER, E_DB_DAMAGED, E_DB_FULL, E_DB. Whatever is refused is left as
 * it is, byte for byte.
 */
FC_API int fc_store_open(const char *path, fc_store_mode mode, fc_diag *diag, fc_store **out);
/* Writes what is pending. NULL: nothing. */
FC_API int fc_store_close(fc_store *store);

/* ---- running ------------------------------------------------------------------------------- */

typedef struct fc_run_options {
    uint32_t replications;  /* 0: as the scenario says; with `precision`: the most */
    unsigned threads;       /* 0: as many as there are processors */
    uint32_t shard, shards; /* only the part 1..shards of them; both 0: all (fc_store_merge) */
    bool force;             /* go on where scenario, seed, version or libm differ */
    const char *precision;  /* "gpus_in_service@2030-12-31: 1 %", "P(end-2030): 2 points"; NULL */
    /* Told how far it is after each replication, from the calling thread; true ends the run early,
     * and what is finished is kept. May be NULL. */
    bool (*progress)(void *self, uint32_t done, uint32_t total, uint32_t failed);
    void *self;
} fc_run_options;

typedef struct fc_run_result {
    int64_t run;      /* its id in the database */
    uint64_t found;   /* replications that were stored before */
    uint64_t done;    /* simulated now */
    uint64_t failed;  /* of those: failed, and recorded as such */
    uint32_t unbuilt; /* of an experiment: points that could not be built (table `point`) */
    bool stopped;     /* by `progress` */
    bool precise;     /* the precision asked for was reached */
    uint32_t n;       /* ... or not, by the first n replications: of the last look; 0: no look */
    uint32_t without; /* ... of these: failed, or have no such value */
    double estimate;  /* ... of what it was asked for; NaN unless it was asked for */
    double low, high; /* ... its interval, at the confidence `level` */
    double level;     /* ... of that look, so that all looks together have 95 %; NaN: no look */
} fc_run_result;

/* Simulates what is not stored yet and writes it. `options` may be NULL. A replication that fails
 * is recorded and no error. Errors: of the database (4xx), E_RUN_CHANGED, E_PRECISION, E_NOMEM;
 * E_USAGE where `shard` is not from 1 to `shards`, or several shards are asked for a precision. */
FC_API int fc_run(fc_store *store, fc_scenario *scenario, const fc_run_options *options,
                  fc_diag *diag, fc_run_result *out);

/* The same for the scenario at `path`, and then for its counterfactuals (as `fleetcast run
 * --explain`): every future again without each cause of delay, at a weaker exchange rate, and with
 * each policy that is not in force. They are runs of their own (view v_counterfactual), and
 * fc_report_answer then says what each would gain. out->run is the scenario's; replications are
 * counted over all of them; `progress` is told of each run by itself. Where it ends a run, the rest
 * is left out too. Errors: also those of fc_load; E_USAGE with shards or a precision. */
FC_API int fc_run_explained(fc_store *store, const char *path, const fc_load_options *load,
                            const fc_run_options *options, fc_diag *diag, fc_run_result *out);

/* The same as fc_run for all runs of an experiment file (as `fleetcast sweep`): scenarios x
 * policies x points of a design. Of `load`, which may be NULL, `data` and `seed` are used.
 * `replications` are of a point; out->run is 0, and `estimate` NaN: the runs are listed by
 * fc_store_runs. Errors: also those of scenarios and experiment files (3xx, 7xx). */
FC_API int fc_run_experiment(fc_store *store, const char *path, const fc_load_options *load,
                             const fc_run_options *options, fc_diag *diag, fc_run_result *out);

typedef struct fc_merge_result {
    int64_t replications; /* that were new */
    int64_t there;        /* that were there already */
} fc_merge_result;

/* Adds what the database at `path` holds, in one transaction: killed at any instant, it can be
 * repeated, and what is there already is passed over. Every table is taken along as it is found: an
 * id (a column that is a table's integer primary key) is replaced by that of the row of the same
 * unique columns, and rows of replications come with their replication or not at all. Errors:
 * E_MERGE, with what does not fit (a run of one name with another scenario, seed or version; an
 * experiment of one name with other values; another libm), unless `force`; those of fc_store_open;
 * E_NOMEM. */
FC_API int fc_store_merge(fc_store *store, const char *path, bool force, fc_diag *diag,
                          fc_merge_result *out);

/* ---- how far it is ---------------------------------------------------------------------------
 *
 * As `status` and `merge` say it, also while others write. */

/* What was asked of a run, whole or a shard of it: by whoever asked last, unless a process that
 * is at it wants more. Where files are merged, the most that either was asked for. */
typedef struct fc_run_part {
    int64_t run;
    uint32_t shard, shards; /* 1 of 1 when it is not split */
    uint32_t wanted;        /* replications asked for in this part */
    uint32_t found;         /* stored when it was begun, and */
    uint32_t stored;        /* by now */
    uint32_t offset;        /* of the run's replication 0 in the experiment: r is dealt to shard
                               (offset + r) % shards + 1 */
    uint32_t replications;  /* of the run, all shards together */
    double began, seen;     /* Unix time; seen: when it last said that it goes on, 0: was stopped */
    bool ended, stopped;
    bool running; /* said so in the last 15 s, and its process is there: of one on another host
                     the 15 s are all that is known */
    double rate;  /* replications a second since `began`, of all who are at it; NaN: unknown */
    double seconds_left; /* at that rate; NaN: unknown */
} fc_run_part;

/* All parts of a run, by split and shard; at most 10,000. */
FC_API int fc_store_parts(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                          fc_run_part **out, size_t *n);

/* How far a run or an experiment is. Parts of several splits overlap: of a run the split counts
 * that wants most, of an experiment every replication that any part asks for, once. */
typedef struct fc_run_state {
    uint64_t wanted, stored, failed; /* replications; failed: and not stored */
    bool begun;                      /* somebody has said what is wanted */
    bool ended;                      /* nothing is left to do, or nobody wants it any more */
    bool running;                    /* as of fc_run_part */
    double rate, seconds_left;       /* as of fc_run_part, of all parts together */
} fc_run_state;
FC_API int fc_store_run_state(fc_store *store, int64_t run, fc_diag *diag, fc_run_state *out);

/* Of a run, replications: missing is what the longest part of it asked for (fc_run_part) and what
 * is neither stored nor has failed. Of an experiment, points: missing are those of scenarios x
 * policies x points whose run nobody has begun, failed those that could not be built. */
typedef struct fc_missing {
    const char *name; /* of the run or experiment */
    uint32_t missing, failed;
    /* Which shards have them, as it was split, and how many: "3/8 (125), 5/8 (125)". Of a point
     * that several shards share each is named. "": not split, or nothing is missing. */
    const char *shards;
} fc_missing;

/* All runs, and all experiments, of the file, in the order of fc_store_runs and
 * fc_store_experiments. An experiment of a scenario with ", " in its name is taken for whole. */
FC_API int fc_store_missing_replications(fc_store *store, fc_arena *arena, fc_diag *diag,
                                         fc_missing **out, size_t *n);
FC_API int fc_store_missing_points(fc_store *store, fc_arena *arena, fc_diag *diag,
                                   fc_missing **out, size_t *n);

/* Replications that failed, and are not stored since: fc_simulate_one (simulate.h) looks into one.
 */
typedef struct fc_failed {
    uint32_t replication;
    int code;
    const char *sentence; /* in English */
} fc_failed;
FC_API int fc_store_failed(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                           fc_failed **out, size_t *n);

/* ---- experiments ----------------------------------------------------------------------------- */

typedef struct fc_experiment_info {
    int64_t id; /* design_id */
    const char *name, *title_en, *title_ko, *file;
    const char *kind;                           /* grid, sobol ... */
    const char *scenarios, *policies, *factors; /* as texts, "a, b" */
    const char *replications;                   /* of a point, for each scenario: "200, 200" */
    uint32_t points;                            /* of each scenario with each policies */
    /* Of all scenarios and policies, those that this file's shards have something of: how many
     * points, how many of them are done, and how many could not be built. */
    uint64_t asked, done, unbuilt;
    fc_run_state state; /* replications of these points */
    bool at_most;       /* its runs end when they are precise enough: wanted is the most */
} fc_experiment_info;

/* All experiments, in the order made. `asked`, `done` and `state` of one with a scenario that has
 * ", " in its name are 0. */
FC_API int fc_store_experiments(fc_store *store, fc_arena *arena, fc_diag *diag,
                                fc_experiment_info **out, size_t *n);

/* Where a point's replications are: [first, first + replications) of a run. */
typedef struct fc_point {
    const char *scenario, *policies; /* policies "": none */
    uint32_t point;
    int64_t run; /* -1: it could not be built */
    uint32_t first, replications;
    int code;             /* why it could not be built; else FC_OK */
    const char *sentence; /* the same in words; else NULL */
} fc_point;

/* All points of an experiment that were begun or could not be, by scenario, policies and point. */
FC_API int fc_store_points(fc_store *store, fc_arena *arena, int64_t experiment, fc_diag *diag,
                           fc_point **out, size_t *n);

/* What its design has at each point: quantiles of what nobody knows, or values as written. */
typedef struct fc_design_values {
    uint32_t n_points, n_columns;
    const char *const *columns; /* factors, or paths of what is drawn */
    const double *quantiles;    /* n_points x n_columns; NULL: the points are values */
    const char *const *cells;   /* n_points x n_columns, NULL each: as the scenario says */
} fc_design_values;
FC_API int fc_store_design_values(fc_store *store, fc_arena *arena, int64_t experiment,
                                  fc_diag *diag, fc_design_values *out);

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct fc_run_info {
    int64_t id;
    const char *name, *title_en, *title_ko, *file, *hash, *seed, *version;
    const char *currency;           /* of the first fleet */
    const char *headline;           /* path of the target the answer opens with; NULL: none */
    int64_t start_day, end_day;     /* days since 1970-01-01; the end is exclusive */
    int64_t replications, failures; /* stored; failed and not stored */
} fc_run_info;

/* All runs, in the order made. */
FC_API int fc_store_runs(fc_store *store, fc_arena *arena, fc_diag *diag, fc_run_info **out,
                         size_t *n);

/* The newest run of this name, or whose scenario hash begins so (6 digits or more). E_NO_RUN. */
FC_API int fc_store_find_run(fc_store *store, const char *name, fc_diag *diag, int64_t *run);

/* One number a replication: value[i] belongs to replication[i] (ascending). */
typedef struct fc_sample {
    size_t n; /* 0: the run has nothing of the name */
    const uint32_t *replication;
    const double *value;
} fc_sample;

/* An outcome. `metric` and `entity` as in fc_column (simulate.h) and the table `metric`. */
FC_API int fc_store_outcome(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                            const char *entity, fc_diag *diag, fc_sample *out);
/* The same for a monthly series on its month end `day`. */
FC_API int fc_store_series(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                           const char *entity, int64_t day, fc_diag *diag, fc_sample *out);

/* A monthly series of all replications: value[d * n + r] on month end day[d] (ascending) in the
 * r-th replication. n_days 0 if there is none. */
typedef struct fc_panel {
    size_t n_days, n;
    const int64_t *day;
    const double *value;
} fc_panel;
FC_API int fc_store_panel(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                          const char *entity, fc_diag *diag, fc_panel *out);

/* The summary of a monthly series: its quantiles on each month end that has values. n_days 0 if
 * there is none, or if replications were added since it was made. */
enum { FC_STORE_QUANTILES = 5 };
typedef struct fc_quantile_rows {
    size_t n_days;
    const int64_t *day;
    const double *value[FC_STORE_QUANTILES]; /* 5, 25, 50, 75, 95 %: n_days each */
} fc_quantile_rows;
FC_API int fc_store_quantiles(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                              const char *entity, fc_diag *diag, fc_quantile_rows *out);

/* Every unknown, shock and policy as drawn, by path. */
typedef struct fc_draw_sample {
    const char *path;
    fc_sample sample;
} fc_draw_sample;
FC_API int fc_store_draws(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                          fc_draw_sample **out, size_t *n);

/* SHA-256 over the canonical dump: every row of every table in key order, reals as %.17g, without
 * wall time, the places of files and the summary. Equal for equal results whatever threads, order
 * or restarts made them. */
FC_API int fc_store_digest(fc_store *store, fc_diag *diag, char hex[65]);

/* ---- reports ------------------------------------------------------------------------------- */

typedef struct fc_report_options {
    fc_lang lang;
    bool json;  /* full precision, keys as of `fleetcast run --json`; the rest is ignored */
    bool full;  /* the answer with its annex */
    bool color; /* ANSI colours */
} fc_report_options;

/* The one-page answer to a run, and two runs compared future by future (A - B). *out is malloc'd.
 * A report is of one moment, whatever other processes add to its runs meanwhile.
 * `options` NULL: plain English. Errors: E_DOMAIN (no such run), of the database (4xx), E_NOMEM. */
FC_API int fc_report_answer(fc_store *store, int64_t run, const fc_report_options *options,
                            fc_diag *diag, char **out);
FC_API int fc_report_comparison(fc_store *store, int64_t a, int64_t b,
                                const fc_report_options *options, fc_diag *diag, char **out);
/* The fleet over time as SVG. */
FC_API int fc_report_chart(fc_store *store, int64_t run, fc_lang lang, fc_diag *diag, char **out);

#ifdef __cplusplus
}
#endif
#endif
