/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key table: every key a scenario may use, one row each, grouped in sections. Validation,
 * hints, the plan, the JSON Schema and the reference document all read this table; a new key is
 * one row here and one field in model/plan.h.
 *
 * A section is a map with fixed keys (a site, a budget). Its rows say where in the section's
 * struct of the plan the value goes.
 */
#ifndef FC_SCENARIO_KEY_H
#define FC_SCENARIO_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include "base/text.h"
#include "model/plan.h"
#include "scenario/unit.h"

typedef enum fc_key_type {
    FC_K_SECTION,      /* a map with the keys of `section` */
    FC_K_NAMED,        /* a map of names, each with the keys of `section` */
    FC_K_TEXT,         /* const char * */
    FC_K_TEXTS,        /* a text, or {en: , ko: }: two const char *, en then ko */
    FC_K_WHOLE,        /* a whole number fixed for the run: int64_t */
    FC_K_DAY,          /* a date fixed for the run: fc_date */
    FC_K_CHOICE,       /* one of `choices`: int, its index */
    FC_K_VALUE,        /* a quantity of `want`, which may vary as `may` says: fc_param */
    FC_K_REF,          /* the name of a `target` entity: int32_t, its index */
    FC_K_REFS,         /* a list of such names: fc_refs */
    FC_K_MIX,          /* accelerator: share; the shares sum to 100 %: fc_mix */
    FC_K_MIXES,        /* year: such a mix: fc_year_mixes */
    FC_K_FACTORS,      /* accelerator: a quantity of `want`, as VALUE: fc_factors */
    FC_K_AGES,         /* age: factor, beginning with age 0: fc_ages */
    FC_K_DAYS,         /* a list of dates: read by the policy binder, and of holidays */
    FC_K_MONTHS,       /* spans of months, 6-8: uint32_t, bit m the month m from 1 */
    FC_K_HOURS,        /* spans of hours, 9-12: uint32_t, bit h the hour from h:00 */
    FC_K_PROFILE,      /* a list of `max` shares, which sum to 100 %: fc_profile_shares */
    FC_K_CHANGES,      /* path: value, for shocks and policies: read by the policy binder */
    FC_K_NAMES,        /* a list of names or file names: read by the layers */
    FC_K_CORRELATIONS, /* a list of {between: [path, path], correlation: } */
    FC_K_ANY,          /* of experiments: a value of another key, checked there; a list of such */
    FC_K_ANYS,
} fc_key_type;

/* What a value may be beside one number. */
enum {
    FC_MAY_UNKNOWN = 1, /* drawn once a replication */
    FC_MAY_VARY = 2,    /* drawn at each occurrence (one a lot, failure, phase: see the doc line) */
    FC_MAY_STEP = 4,    /* a calendar path of steps */
    FC_MAY_LINEAR = 8,  /* a calendar path of straight lines */
    FC_MAY_CHANGE = 16, /* shocks and policies may change it from a date on */
};

typedef enum fc_entity { /* what can be named and referred to */
                         FC_ENTITY_NONE,
                         FC_ENTITY_CURRENCY,
                         FC_ENTITY_ACCELERATOR,
                         FC_ENTITY_GRID_RULE,
                         FC_ENTITY_EXPORT_RULE,
                         FC_ENTITY_TARIFF,
                         FC_ENTITY_FLEET,
                         FC_ENTITY_STOCK, /* this and the rest: within their fleet */
                         FC_ENTITY_BUDGET,
                         FC_ENTITY_PROGRAMME,
                         FC_ENTITY_SITE,
                         FC_ENTITY_PHASE,
                         FC_ENTITY_TARGET,
                         FC_ENTITY_ALLOTMENT,
                         FC_ENTITY_POOL,
                         FC_ENTITY_CLASS,
                         FC_ENTITY_SERVICE,
                         FC_ENTITY_CALL,
                         FC_ENTITY_DRIVER,
                         FC_N_ENTITIES
} fc_entity;

typedef struct fc_section fc_section;

typedef struct fc_key {
    const char *name;
    fc_key_type type;
    bool required;
    unsigned may;
    fc_unit_want want;          /* VALUE */
    double min, max;            /* VALUE, WHOLE: inclusive, in fc_dim_base units; 0,0: no limits */
    bool last_day;              /* dates: a month or quarter means its last day, not its first */
    const char *fallback;       /* as written in a scenario; NULL: none */
    fc_in_progress in_progress; /* what a change does to work under way */
    const fc_section *section;  /* SECTION, NAMED */
    fc_entity target;           /* REF, REFS; MIX: accelerators */
    const char *const *choices; /* CHOICE; VALUE: names that stand for 0, 1, ...; NULL-terminated */
    bool flat;              /* a path of counts is before its first date what it is then, not 0 */
    bool none_before;       /* a path of something else is 0 before its first date */
    size_t offset;          /* in the section's struct */
    size_t currency_offset; /* money: where the int32_t currency goes; 0: not kept */
    const char *en, *ko;    /* doc lines */
} fc_key;

/* Cumulative counts are 0 before their first date; a price is what it is first. */
static inline bool fc_key_flat_before(const fc_key *key)
{
    return key->flat || (key->want.dim != FC_DIM_COUNT && !key->none_before);
}

struct fc_section {
    const char *id;     /* site.phase */
    fc_entity entity;   /* FC_ENTITY_NONE for a plain section */
    const fc_key *keys; /* ends with name NULL */
    size_t size;        /* of its struct in the plan (or in fc_root) */
    const char *en, *ko;
};

/* What is said once for the whole scenario. */
typedef struct fc_root {
    int64_t version, replications, seed;
    const char *title[2], *description[2]; /* en, ko */
    fc_date start, end;
    const char *headline;
} fc_root;

/* A shock or a policy: what the plan keeps, and what goes to each of its changes. */
typedef struct fc_driver_row {
    fc_driver driver;
    int in_progress; /* fc_in_progress, FC_NONE: as each key says */
} fc_driver_row;

extern const fc_section fc_section_root;
extern const fc_section fc_section_world, fc_section_accelerator, fc_section_currency;
extern const fc_section fc_section_fleet, fc_section_stock, fc_section_budget, fc_section_programme,
    fc_section_site, fc_section_phase, fc_section_target;
extern const fc_section fc_section_grid_rule, fc_section_site_grid, fc_section_staff;
extern const fc_section fc_section_bodies;
extern const fc_section fc_section_term, fc_section_upkeep;
extern const fc_section fc_section_tariff, fc_section_electricity, fc_section_water,
    fc_section_site_electricity, fc_section_site_water, fc_section_carbon, fc_section_running_cost;
extern const fc_section fc_section_tender, fc_section_fallback, fc_section_allotment,
    fc_section_export_rule;
extern const fc_section fc_section_walk, fc_section_payments, fc_section_exchange,
    fc_section_valuation;
extern const fc_section fc_section_demand, fc_section_pool, fc_section_class, fc_section_service;
extern const fc_section fc_section_call, fc_section_grant_jobs;
extern const fc_section fc_section_shock, fc_section_policy;

/* Keys that may stand beside any value or in any map: source, certainty, known_by, note. */
extern const fc_key fc_remark_keys[];
extern const char *const fc_certainties[];       /* high, medium, low, assumption, unverified */
extern const char *const fc_in_progress_names[]; /* as fc_in_progress */
extern const char *const fc_series_names[];      /* ids of the fleet metrics with monthly series */

/* The row of `name` in a section, NULL if there is none. */
const fc_key *fc_key_find(const fc_section *section, const char *name);
const fc_key *fc_remark_find(const char *name);
/* The nearest name in a section (or among the remarks), NULL if nothing is near. */
const char *fc_key_nearest(const fc_section *section, const char *name);
/* Adds the path of the least deep place under `root` where a key of exactly this name stands
 * (fleets.NAME.budgets), the first one in the order of the tables; nothing if there is none. */
void fc_key_home(const fc_section *root, const char *name, fc_text *path);

/* The row a path leads to (names of entities match anything), NULL if none; *section is the
 * section it stands in. Path components as in the scenario: {"fleets", "korea", "sites", ...}. */
const fc_key *fc_key_at(const char *const *path, size_t depth, const fc_section **section);
/* The same from another root than a scenario's. */
const fc_key *fc_key_within(const fc_section *root, const char *const *path, size_t depth,
                            const fc_section **section);

/* Whether a map at `path` is one value, replaced whole when layers merge: a distribution, a
 * calendar path, a mix, a value with its source. */
bool fc_key_is_atomic(const char *const *path, size_t depth);

#endif
