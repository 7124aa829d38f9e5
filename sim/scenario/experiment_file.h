/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Experiment files: which scenarios, under which policies, at which points, how often. Read with
 * the documents, key table and messages of scenarios; every problem is reported in one pass.
 *
 *     fleetcast_experiment: 1
 *     scenarios: [korea-30k-2030.yaml]             # from this file's folder
 *     policies: [none, grid-act, grid-act+faster]  # each with each scenario
 *     design: {kind: latin_hypercube, points: 400}
 *     factors:
 *       exchange-rate: {key: world.currencies.KRW.per_usd, range: {low: 1300 KRW/USD, ...}}
 *       grid: {key: "fleets.korea.sites.*.phases.*.connect"}   # as the scenario has it
 *
 * What a factor's key takes is checked when the scenarios are loaded with it.
 */
#ifndef FC_SCENARIO_EXPERIMENT_FILE_H
#define FC_SCENARIO_EXPERIMENT_FILE_H

#include "scenario/key.h"
#include "scenario/tree.h"

typedef enum fc_design_kind { /* as the choices of design.kind */
                              FC_DESIGN_GRID,
                              FC_DESIGN_ONE_AT_A_TIME,
                              FC_DESIGN_LIST,
                              FC_DESIGN_LATIN_HYPERCUBE,
                              FC_DESIGN_SOBOL,
                              FC_DESIGN_MONTE_CARLO
} fc_design_kind;

/* Whether the points are quantiles of what nobody knows, not values. (A list may be either.) */
static inline bool fc_design_is_sampled(fc_design_kind kind)
{
    return kind >= FC_DESIGN_LATIN_HYPERCUBE;
}

typedef struct fc_factor {
    const char *name;
    const char *key;   /* path or selector, as in --set */
    const char *range; /* a distribution as YAML in one line; NULL: the scenario's own */
    uint32_t n_values;
    const char *const *values; /* as YAML in one line */
    fc_place place;
} fc_factor;

/* One entry of `policies`: names joined by '+', or none. */
typedef struct fc_policies {
    const char *text; /* "" for none */
    size_t n;
    const char *const *names;
} fc_policies;

typedef struct fc_experiment_design { /* the section `design` */
    int kind;                         /* fc_design_kind */
    int64_t points, shifts;           /* points 0: not given */
    const char *file;                 /* list: from the working directory */
} fc_experiment_design;

typedef struct fc_experiment_file {
    int64_t version, replications, seed; /* replications 0, seed -1: as the scenarios say */
    const char *title[2], *description[2];
    const char *precision;
    fc_experiment_design design;
    const char *name; /* of the file, without folder and ending */
    const char *file;
    uint32_t n_scenarios, n_policies, n_factors;
    const char *const *scenarios;      /* paths from the working directory */
    const char *const *scenario_names; /* without folder and ending, each another */
    const fc_policies *policies;       /* at least one */
    const fc_factor *factors;
} fc_experiment_file;

/* Into the arena. Errors: those of documents and keys (3xx), E_NOMEM. */
int fc_experiment_file_load(fc_arena *arena, const char *path, fc_diag *diag,
                            const fc_experiment_file **out);

/* The keys of an experiment file; the struct they fill is fc_experiment_file. */
extern const fc_section fc_section_experiment;

#endif
