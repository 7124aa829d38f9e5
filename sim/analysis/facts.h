/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a run says of itself, from its stored inputs. */
#ifndef FC_ANALYSIS_FACTS_H
#define FC_ANALYSIS_FACTS_H

#include "analysis/summary.h"

/* E_DOMAIN if there is no such run. */
int fc_run_find(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_run_info *out);

/* The headline target: who, how many, by when, counted at which milestone; its path is NULL if the
 * run has none. The figures of the result are left at 0. */
int fc_target_find(fc_store *store, fc_arena *arena, const fc_run_info *run, fc_diag *diag,
                   fc_target_facts *out);

/* The fleet of that name; NULL: the first. Empty texts if there is none. */
int fc_fleet_find(fc_store *store, fc_arena *arena, int64_t run, const char *name, fc_diag *diag,
                  fc_fleet_info *out);

/* Who can act on each cause: as the fleet says, else as the table of causes does. */
int fc_bodies_find(fc_store *store, fc_arena *arena, int64_t run, const char *fleet, fc_diag *diag,
                   fc_body out[FC_N_CAUSES]);

/* How many figures (quantities, mixes, changes) the scenario gives, and how sure they are. */
int fc_inputs_count(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                    fc_input_facts *out);

#endif
