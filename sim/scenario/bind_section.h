/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binding sections: the walk over the tree that fills the plan's entities. Private.
 */
#ifndef FC_SCENARIO_BIND_SECTION_H
#define FC_SCENARIO_BIND_SECTION_H

#include "scenario/bind.h"
#include "scenario/roster.h"

typedef struct fc_section_binder {
    fc_binder b;
    const fc_tree *tree;
    const fc_section *root; /* of the whole document: a scenario's or an experiment's */
    const fc_rosters *rosters;
} fc_section_binder;

/* Binds one section's keys into `out` (its struct in the plan). References are sought within
 * `owner` (a fleet's index). Entries of FC_K_NAMED, FC_K_CHANGES, FC_K_NAMES, FC_K_DAYS and
 * FC_K_CORRELATIONS rows are checked for their shape only: whoever wants them reads the tree. */
int fc_bind_section(fc_section_binder *s, const fc_section *section, const fc_entry *entry,
                    int32_t owner, void *out);

/* The index of a reference; reports an unknown name with the nearest. */
int32_t fc_bind_reference(fc_section_binder *s, fc_entity kind, int32_t owner, const fc_node *node,
                          const char *path);

/* Reports a name that is not there, with the nearest of `kind` (or `also`, if it is not
 * FC_ENTITY_NONE) that `owner` could mean. */
void fc_bind_unknown_name(fc_section_binder *s, fc_entity kind, fc_entity also, int32_t owner,
                          const char *name, const fc_place *place);

/* The shares of models, which sum to 1; such shares by year. Report what is wrong. */
int fc_bind_mix(fc_section_binder *s, const fc_node *node, const char *path, fc_mix *out);
int fc_bind_mixes(fc_section_binder *s, const fc_node *node, const char *path, fc_year_mixes *out);

/* {accelerator: value of the row's kind}. Reports what is wrong. */
int fc_bind_factors(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                    fc_factors *out);

/* bind_life.c: {age: factor}. Reports what is wrong. */
int fc_bind_ages(fc_section_binder *s, const fc_node *node, const char *path, fc_ages *out);
/* bind_demand.c: a list of as many shares as the row says, which sum to 1. Reports what is wrong.
 */
int fc_bind_profile(fc_section_binder *s, const fc_key *key, const fc_node *node, const char *path,
                    fc_profile_shares *out);
/* What the key table cannot say of pools and classes of users. Reports what is wrong. */
void fc_bind_check_demand(fc_section_binder *s);
/* bind_inference.c: the same of inference services, and that there is either. */
void fc_bind_check_inference(fc_section_binder *s);
/* bind_grants.c: the dates on which rounds of calls close, each once. Reports what is wrong. */
int fc_bind_rounds(fc_section_binder *s);
/* ... of grants, of users within classes, and of targets that count what is
 * allocated; reports it. */
void fc_bind_check_grants(fc_section_binder *s);

/* bind_life.c: what the key table cannot say of terms and of allotments; reports it. */
void fc_bind_check_life(fc_section_binder *s);
/* What the key table cannot say of budgets, payments and exchange rates. Reports what is wrong. */
void fc_bind_check_money(fc_section_binder *s);

/* Whether a text stands there, not empty; reports it if not. `what` names the key. */
bool fc_bind_is_text(fc_section_binder *s, const fc_node *node, const char *path, const char *what);

/* A list of texts, or one text: its items. Reports other shapes; *count is 0 then. */
int fc_bind_names(fc_section_binder *s, const fc_entry *entry, const fc_node *const **out,
                  size_t *count);

/* Reports items that refer to the same entity. E_NOMEM. */
int fc_bind_check_twice(fc_section_binder *s, const fc_node *const *items, const int32_t *index,
                        size_t count, const char *path);

#endif
