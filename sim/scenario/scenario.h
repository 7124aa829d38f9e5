/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scenario: a file, its parents and the command line's changes, checked and turned into a plan.
 *
 *     fc_scenario *scenario;
 *     if (fc_scenario_load("korea.yaml", NULL, diag, &scenario) == FC_OK)
 *         run(scenario->plan);
 */
#ifndef FC_SCENARIO_SCENARIO_H
#define FC_SCENARIO_SCENARIO_H

#include "fleetcast/scenario.h"
#include "model/plan.h"
#include "scenario/key.h"
#include "scenario/layers.h"

struct fc_scenario {
    const char *name; /* of the file, without folder and ending; then "+policy" for each --with and
                         "+end-2030.gpus=25000" for each --set */
    const char *file;
    fc_root root;     /* title, horizon, replications, seed */
    int32_t headline; /* index of the target the answer opens with, FC_NONE: no target */
    const fc_tree *tree;
    fc_plan *plan;
    char hash[65];         /* of what was resolved: equal for scenarios that say the same */
    const char *of, *what; /* a counterfactual (counterfactual.h): of which hash, and what; or NULL
                            */
    fc_arena *arena;       /* of the tree and the names */
};

typedef struct fc_scenario_options {
    fc_layer_options layers; /* its schema is filled in */
    const int64_t *seed;     /* in place of the scenario's; NULL: as it says */
} fc_scenario_options;

/* Loads, resolves, checks and binds. Reports every error that can be found in one pass and returns
 * the first (3xx), or E_NOMEM; *out is then NULL. */
int fc_scenario_load(const char *path, const fc_scenario_options *options, fc_diag *diag,
                     fc_scenario **out);
/* The same for a text in memory; `name` stands for its file. */
int fc_scenario_load_text(const char *name, const char *text, size_t length,
                          const fc_scenario_options *options, fc_diag *diag, fc_scenario **out);

/* The resolved values one by one, as the results database keeps them. */
typedef struct fc_input {
    const char *path, *value; /* value: as YAML in one line */
    const char *unit;         /* base unit of the key, "" if it has none */
    const char *layer, *file; /* where it was set */
    int line;
    const char *source, *certainty, *known_by, *note; /* its own or the nearest above; NULL: none */
} fc_input;

/* All of them, in the tree's order, in the scenario's arena. E_NOMEM. */
int fc_scenario_inputs(fc_scenario *scenario, const fc_input **out, size_t *count);
/* The same for any resolved tree, such as a catalogue of data/. */
int fc_tree_inputs(fc_arena *arena, const fc_tree *tree, const fc_input **out, size_t *count);

/* The unit of what plan->draw_names calls so: the key's base unit, "date" for dates and drivers. */
const char *fc_draw_unit(const char *path);

/* What the merging has to know of keys. */
extern const fc_tree_schema fc_scenario_schema;

#endif
