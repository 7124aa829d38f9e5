/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Experiments in the results database: which run, and which of its replications, is which point.
 *
 *   design        an experiment: its name, kind of design, scenarios, policies, factors
 *   factor        its columns: a factor, or the path of what is drawn
 *   design_value  what each point has there: a value as written, or a quantile
 *   point         scenario x policies x point: its run and replications, or why there is none.
 *                 Where points are runs of their own, they have as many as were ever asked for
 *   part          what was asked of a run, by whom (shard) and when; not part of the digest
 *   look          the last look at a run that is to be as precise as asked for; not part of it
 * either
 *
 * Views: v_point (the outcomes of each point), v_design (its values).
 */
#ifndef FC_STORE_DESIGN_H
#define FC_STORE_DESIGN_H

#include "store/store.h"

/* An experiment, all texts as they are kept; equal texts mean the same experiment. */
typedef struct fc_design_info {
    const char *name, *title_en, *title_ko, *file;
    const char *kind, *scenarios, *policies, *factors, *replications, *seed;
    const char *points; /* how many, and of sobol in how many shifts */
    const char *hash;   /* of the points */
    const char *base;   /* of the scenarios, and what else the runs hang on */
    uint32_t n_points, n_columns;
    const char *const *columns;
    const double *quantiles;  /* n_points x n_columns, or */
    const char *const *cells; /* the same, NULL: as the scenario says */
    /* Adds to `out` how the scenarios have changed, asked where nothing else has. */
    int (*changes)(void *self, fc_text *out);
    void *self;
} fc_design_info;

/* Finds the experiment or adds it with its values. E_DESIGN_CHANGED, with what differs, if there is
 * another of its name, unless `force`: then it stands beside it. Where points are runs of their own
 * more replications are the same experiment, which then has the larger number of both. */
int fc_store_begin_design(fc_store *store, const fc_design_info *info, bool force, fc_diag *diag,
                          int64_t *design);

/* Points [first, first + n) of a scenario and policies are the run's replications from
 * `replication` on, `each` a point. A point never gets fewer than it had. */
typedef struct fc_point_range {
    int64_t design;
    const char *scenario, *policies;
    uint32_t first, n;
    int64_t run;
    uint64_t replication;
    uint32_t each;
} fc_point_range;
int fc_store_add_points(fc_store *store, const fc_point_range *range, fc_diag *diag);
/* A point that cannot be built, and why. */
int fc_store_fail_point(fc_store *store, int64_t design, const char *scenario, const char *policies,
                        uint32_t point, int code, const char *sentence, fc_diag *diag);

/* What of a run's replications is independent: replications i and j only where i / independent and
 * j / independent (in whole numbers) differ, and they share a point where i / point and j / point
 * are equal. Both 1 where all are: of a run that is no sampled design's, and of Monte Carlo or a
 * Latin hypercube of one replication a point (which is on the safe side for the latter). Of a Sobol
 * design the shifts are the independent ones. */
typedef struct fc_run_blocks {
    uint32_t point, independent;
} fc_run_blocks;
int fc_store_run_blocks(fc_store *store, int64_t run, fc_diag *diag, fc_run_blocks *out);

/* ---- parts of a run ---------------------------------------------------------------------------
 */

/* Whether a replication of a run belongs to shard `shard` of `shards` (counted from 1): they take
 * turns through the replications of the whole experiment. */
static inline bool fc_shard_has(uint32_t shard, uint32_t shards, uint64_t offset, uint32_t r)
{
    return shards <= 1 || (offset + r) % shards == shard - 1;
}

/* Notes that a part (fleetcast/results.h) goes on, has ended or was stopped. Of the part `run`,
 * `shard`, `shards`, `wanted`, `found`, `offset`, `replications` are the caller's; `began` is
 * filled in the first time, where it is 0. */
int fc_store_note_part(fc_store *store, fc_run_part *part, fc_diag *diag);

/* ---- looks of a precision ----------------------------------------------------------------------
 */

/* A run that is looked at again and again until it is precise enough has intervals at the level of
 * its last look (experiment/precision.h). Who then asks it for less looks at fewer of the
 * replications that it has: its intervals, over all of them, stay those of the larger look. */
typedef struct fc_look {
    const char *precision; /* as asked for */
    uint32_t number;       /* from 0 */
    uint32_t n;            /* replications looked at, those that failed too; 0: there was no look */
    double level;          /* confidence of its interval */
    bool reached;
} fc_look;
/* Keeps a look that is over as many replications as the one noted before, or more. */
int fc_store_note_look(fc_store *store, int64_t run, const fc_look *look, fc_diag *diag);
/* The look of a run that is kept, in the arena. */
int fc_store_find_look(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_look *out);
/* The confidence of intervals over all replications of a run: of the look that is kept where it has
 * no more than that looked at, else 0.95. */
int fc_store_level(fc_store *store, int64_t run, fc_diag *diag, double *level);

extern const char fc_schema_looks[];

/* ---- going on ----------------------------------------------------------------------------------
 */

/* Whether a run may be begun or continued: E_RUN_CHANGED, with the difference, where an unfinished
 * run of this name and file has another scenario, seed or version. Of a finished one whose scenario
 * has changed a warning says that the new run stands beside it. */
int fc_store_check_resume(fc_store *store, fc_scenario *scenario, fc_diag *diag);
/* *there: whether the file holds the very run of this scenario, seed and version. If not, `out`
 * gets how the last run of its name differs ("seed: 1 -> 2; ..."), and nothing where there is none.
 */
int fc_store_changes(fc_store *store, fc_scenario *scenario, fc_diag *diag, bool *there,
                     fc_text *out);
/* The first replication of a run that failed; -1: none did. */
int fc_store_first_failure(fc_store *store, int64_t run, fc_diag *diag, int64_t *replication);
/* How many replications a point of a sampled experiment has in its runs of that name (NULL: any);
 * *each is 0 where there are none, *n how many different numbers there are. */
int fc_store_each(fc_store *store, const char *experiment, const char *run, fc_diag *diag,
                  uint32_t *each, uint32_t *n);
/* From now on a run is continued though its libm differs. */
void fc_store_mix_libm(fc_store *store);

extern const char fc_schema_designs[]; /* tables and views, as SQL */

#endif
