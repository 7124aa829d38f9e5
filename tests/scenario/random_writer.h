/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Within the generator of random scenarios: who writes, where, and what was written before. The
 * walk through the key table is random_scenario.c; what the table cannot say of keys that need or
 * exclude one another is random_left_out.c and, of demand, random_demand.c; shocks, policies and
 * correlations are random_drivers.c. */
#ifndef FC_TEST_RANDOM_WRITER_H
#define FC_TEST_RANDOM_WRITER_H

#include "random_scenario.h"
#include "random_value.h"

enum { PATH = 160, MOST_VALUES = 1500, MOST_FLEETS = 2, MOST_CHANGES = 8 };

/* A value that was written, for those that refer to it. */
typedef struct written {
    char path[PATH];
    char pattern[PATH]; /* the same with wildcards; "" if others may lack the key */
    char region[PATH];  /* the same with a region; "" */
    random_want want;
    fc_form form;
} written;

/* What is decided of a fleet's demand before it is written. */
typedef struct random_demand {
    bool any, loads; /* whether there is any; whether it says how loaded servers are */
    fc_detail detail;
    /* Of the call, class, or service being written. */
    bool listed, scores, pays, applies, patient, uses, told_apart, abroad, speeds;
} random_demand;

typedef struct writer {
    fc_stream stream;
    fc_text *out;
    int count[FC_N_ENTITIES][MOST_FLEETS]; /* of the world: in column 0 */
    written values[MOST_VALUES];
    int n_values;
    int fleet;                 /* being written */
    bool in_driver;            /* what is being written is no value that others may refer to */
    bool lasts, renews;        /* the term being written */
    bool ages, scraps, spares; /* the upkeep being written */
    bool shuts;                /* what arrears of the fleet being written do */
    fc_order_rule rule;        /* of the programme being written */
    bool priced, in_dollars;   /* it has a price of its own, and owes some of it in dollars */
    const char *paid_in;       /* currency of all its budgets; NULL: they differ */
    const char *budgets[MOST_FLEETS][8]; /* their currencies */
    const char *money;                   /* currency of the entity being written */
    bool requests; /* the budget being written says what was requested, not the amount */
    bool builds;   /* the site being written is built with money of budgets */
    const char *region;
    random_demand demand[MOST_FLEETS];
} writer;

/* Where one stands: in the text and in the tree. */
typedef struct place {
    int indent;
    char path[PATH], pattern[PATH], region[PATH];
} place;

int writer_below(writer *w, int n);
int writer_count(const writer *w, fc_entity kind);
/* How the i-th entity of a kind is called. */
const char *writer_name(fc_entity kind, int i, char buffer[32]);
/* `name:`, and what follows it. */
void writer_begin_line(writer *w, int indent, const char *name);
void writer_key(writer *w, const fc_section *section, const fc_key *key, const place *at);

/* Whether a key is left out where it stands. */
bool random_left_out(writer *w, const fc_section *section, const fc_key *key);

/* Demand: how much of it each fleet has; its keys; a choice and a pool that fit what else there
 * is (`chosen` where any does); a list of shares. */
void random_decide_demand(writer *w);
/* The horizon's end: demand takes every hour, and so has fewer of them. */
const char *random_end(const writer *w);
bool random_is_of_demand(const fc_section *section);
bool random_demand_left_out(writer *w, const fc_section *section, const fc_key *key);
int random_demand_choice(writer *w, const fc_section *section, const fc_key *key, int chosen);
int random_demand_pool(writer *w, const fc_section *section);
void random_profile(writer *w, const fc_key *key);

/* Shocks, policies and correlations of what was written. */
void random_drivers(writer *w);

#endif
