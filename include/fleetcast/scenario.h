/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scenarios: loaded, checked, said back.
 *
 *     const char *const with[] = {"works_from_2026"};
 *     fc_load_options options = {.with = with, .n_with = 1};
 *     fc_scenario *scenario;
 *     if (fc_load("korea.yaml", &options, diag, &scenario)) ...      // diag says what is wrong
 *
 * A scenario that was loaded is valid: everything that can be wrong with it was looked for. It does
 * not change any more but for a cache that fc_run fills in, so it is for one fc_run at a time.
 */
#ifndef FLEETCAST_SCENARIO_H
#define FLEETCAST_SCENARIO_H

#include <stdint.h>
#include "fleetcast/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fc_scenario fc_scenario;

typedef struct fc_load_options {
    const char *data;        /* folder of the catalogue, for `extends: data:NAME`; NULL: none.
                              * Installed: pkg-config --variable=catalogue fleetcast */
    const char *const *with; /* as --with: names of policies and shocks to put in force */
    size_t n_with;
    const char *const *sets; /* as --set: "fleets.korea.budgets.b.amount=1 tn KRW" */
    size_t n_sets;
    const int64_t *seed; /* in place of the scenario's; NULL: as it says */
} fc_load_options;

/* Loads a scenario with its parents. `options` may be NULL. Every error that can be found in one
 * pass goes to `diag`; the first is returned (3xx), or E_NOMEM; *out is then NULL. Warnings go to
 * `diag` too and are no failure. */
FC_API int fc_load(const char *path, const fc_load_options *options, fc_diag *diag,
                   fc_scenario **out);
/* The same for a text in memory (UTF-8, need not end with NUL). `name` stands for its file: in
 * messages, as the run's name, and its folder is where parents are sought. */
FC_API int fc_load_text(const char *name, const char *text, size_t length,
                        const fc_load_options *options, fc_diag *diag, fc_scenario **out);
FC_API void fc_scenario_free(fc_scenario *scenario); /* NULL: nothing */

/* The strings live as long as the scenario. */
FC_API const char *fc_scenario_name(const fc_scenario *scenario); /* "korea+works_from_2026" */
/* SHA-256, hexadecimal, of what was resolved: equal for scenarios that say the same. */
FC_API const char *fc_scenario_hash(const fc_scenario *scenario);
FC_API uint64_t fc_scenario_seed(const fc_scenario *scenario);
FC_API uint32_t fc_scenario_replications(const fc_scenario *scenario); /* as it asks for */

/* What the scenario says, in plain sentences (as `fleetcast validate`), and the scenario resolved
 * into one YAML text, each value with where it was set (as `fleetcast show`). *out is malloc'd.
 * E_NOMEM. */
FC_API int fc_scenario_describe(const fc_scenario *scenario, fc_lang lang, char **out);
FC_API int fc_scenario_resolved(const fc_scenario *scenario, fc_lang lang, char **out);

/* What makes `to` differ from `from`, one value a line (as `fleetcast show --diff`): "+ path: new",
 * "- path: old", "~ path: old -> new"; "" where they say the same. *out is malloc'd. E_NOMEM. */
FC_API int fc_scenario_difference(const fc_scenario *from, const fc_scenario *to, char **out);

/* A complete, commented scenario of an invented country (as `fleetcast init`), a constant. */
FC_API const char *fc_scenario_starter(fc_lang lang);

#ifdef __cplusplus
}
#endif
#endif
