/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the sentences about a scenario have in common. Private to sentences*.c. */
#ifndef FC_SCENARIO_SPEAKER_H
#define FC_SCENARIO_SPEAKER_H

#include "scenario/value_words.h"

typedef struct fc_speaker {
    const fc_scenario *scenario;
    const fc_plan *plan;
    fc_words w;
    bool ko;
    fc_text *out;
} fc_speaker;

/* Says a sentence in the speaker's language; arguments may be numbered, %2$s. */
#define SAY(s, en, ko_, ...) fc_text_printf((s)->out, (s)->ko ? ko_ : en, __VA_ARGS__)
/* One without arguments. */
#define SAY_PLAIN(s, en, ko_) fc_text_add((s)->out, (s)->ko ? ko_ : en)
/* One about a parameter (%s), if it is given. */
#define SAY_IF(s, p, en, ko_)                                                                      \
    do {                                                                                           \
        if (p) SAY(s, en, ko_, fc_words_param(&(s)->w, p));                                        \
    } while (0)

/* The names of entities of a kind: "a, b and c". */
const char *fc_speaker_refs(fc_speaker *s, const fc_refs *list, fc_entity kind);

/* ---- sentences_supply.c: how purchases come about -------------------------------------------- */

void fc_say_export_rule(fc_speaker *s, const fc_export_rule *rule);
void fc_say_allotment(fc_speaker *s, const fc_allotment *allotment);
void fc_say_order_for_targets(fc_speaker *s, const fc_programme *p);
/* Which models, as the beginning of a sentence. */
void fc_say_mix(fc_speaker *s, const fc_programme *p);
void fc_say_tender(fc_speaker *s, const fc_tender *tender);
void fc_say_fallback(fc_speaker *s, const fc_fallback *fallback);

/* ---- sentences_life.c: how they are operated, and how it ends -------------------------------- */

void fc_say_life(fc_speaker *s, const fc_programme *p);
void fc_say_upkeep(fc_speaker *s, const fc_upkeep *u);
void fc_say_refresh(fc_speaker *s, const fc_programme *p);

/* ---- sentences_money.c: budgets, payments, exchange rates ------------------------------------ */

void fc_say_budget(fc_speaker *s, const fc_budget *budget);
void fc_say_payments(fc_speaker *s, const fc_programme *p);
void fc_say_walk(fc_speaker *s, const fc_walk *walk);
void fc_say_fiscal(fc_speaker *s, const fc_fleet *fleet);
void fc_say_building_money(fc_speaker *s, const fc_site *site);

/* ---- sentences_demand.c: users ----------------------------------------------------------------
 */

void fc_say_demand(fc_speaker *s, const fc_demand_spec *demand);
/* ", by hour and weekday"; "" if neither */
const char *fc_profile_words(const fc_speaker *s, fc_profile_shares hours, fc_profile_shares days);
void fc_say_service(fc_speaker *s, const fc_service *service); /* sentences_inference.c */

/* ---- sentences_grants.c: calls, and what is done with grants --------------------------------- */

void fc_say_call(fc_speaker *s, const fc_call *call);
void fc_say_projects(fc_speaker *s, const fc_user_class *c); /* of a class with access */
void fc_say_users(fc_speaker *s, const fc_user_class *c);

/* ---- sentences_site.c: sites, the grid, and people ------------------------------------------- */

void fc_say_grid_rule(fc_speaker *s, const fc_grid_rule *rule);
void fc_say_site(fc_speaker *s, const fc_site *site, const char *title);
void fc_say_staff(fc_speaker *s, const fc_staff *staff);

/* ---- sentences_energy.c: electricity, water, emissions, running cost --------------------------
 */

void fc_say_tariff(fc_speaker *s, const fc_tariff *tariff);
/* What a site says itself, a line each. */
void fc_say_terms(fc_speaker *s, const fc_terms *terms, const char *indent);
void fc_say_running_cost(fc_speaker *s, const fc_fleet *fleet);

#endif
