/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Summary: what the answer to a run says, as plain numbers, from the results database alone.
 *
 * Dates are days since 1970-01-01. What was not reached within the horizon counts as INFINITY, so
 * that a quantile is INFINITY where it falls among those replications. NaN: the run has no such
 * figure. Strings live in the arena.
 */
#ifndef FC_ANALYSIS_SUMMARY_H
#define FC_ANALYSIS_SUMMARY_H

#include "analysis/demand_facts.h"
#include "analysis/fan.h"
#include "analysis/money_facts.h"
#include "analysis/running_facts.h"
#include "kernel/stats.h"
#include "model/metric_table.h"
#include "store/store.h"

/* A share of replications, with its interval at the summary's level: Wilson's, where replications
 * share what nobody knows as fc_share_interval has it. */
typedef struct fc_chance {
    uint64_t hits, n;
    double p; /* NaN if n is 0 */
    fc_interval interval;
} fc_chance;

/* Quantiles across replications. */
typedef struct fc_spread {
    size_t n;
    double low, median, high; /* 5 %, 50 %, 95 % */
} fc_spread;

/* The target that the answer opens with, counted at each milestone. */
typedef struct fc_target_facts {
    const char *path; /* fleets.korea.targets.end-2030; NULL: the scenario has no target */
    const char *name, *entity, *fleet; /* end-2030, korea.targets.end-2030, korea */
    int64_t by;                        /* its last day */
    double gpus;
    fc_milestone counted_at;
    fc_chance met;                         /* by its date, at its own milestone */
    fc_chance held;                        /* still (or again) there on its date */
    fc_chance reached_by[FC_N_MILESTONES]; /* by its date, at each milestone */
    fc_spread reached[FC_N_MILESTONES];
    fc_chance not_reached; /* at its own milestone, within the horizon */
    fc_spread count;       /* on its date, at its own milestone */
} fc_target_facts;

/* The fleet at the end of a day: medians across replications, each metric by itself. */
typedef struct fc_standing {
    int64_t day;                /* a month end of the series */
    double value[FC_N_METRICS]; /* those with a monthly series; NaN for the rest */
} fc_standing;

typedef struct fc_cause_facts {
    fc_cause cause;
    double gpu_days; /* mean over replications */
    double share;    /* of all that was charged; 0 if nothing was */
} fc_cause_facts;

/* A draw and how it goes with the headline. */
typedef struct fc_driver_facts {
    const char *path;
    double rho; /* Spearman's rank correlation; above 0: more (later) of it, a better headline */
} fc_driver_facts;
enum { FC_N_TOP_DRIVERS = 3, FC_DRIVERS_MIN_N = 50 };

/* How sure the figures are that the scenario gives. */
typedef struct fc_input_facts {
    size_t figures, assumptions, unverified, unsourced;
} fc_input_facts;

typedef struct fc_summary {
    fc_run_info run;
    fc_fleet_info fleet; /* of the headline; the first where there is none */
    size_t n;            /* replications */
    size_t independent;  /* of a sampled design: points or shifts, which alone are; else n */
    double
        level; /* confidence of intervals: 0.95, or that of the run's last look (fc_store_level) */
    fc_target_facts target;
    int64_t focus;        /* the day that page one speaks of: the target's, else the last */
    fc_standing at_focus; /* on it, or on the last month end before it */
    fc_standing before;   /* at the end of the year before, if within the horizon */
    size_t n_years;
    const fc_standing *years; /* year ends, and the horizon's end */
    fc_spread idle;           /* contracted and not in service, time average */
    double idle_mean;
    fc_spread failures, repair_share;
    fc_money_facts money;
    fc_cause_facts causes[FC_N_CAUSES]; /* the greatest first; ties in the order of the table */
    fc_body bodies[FC_N_CAUSES];        /* who can act on each cause of the table */
    double charged;                     /* GPU-days in all, mean; NaN: nothing was announced */
    fc_running_facts running;           /* of the year of `focus` */
    fc_demand_facts demand;
    size_t n_drivers;
    fc_driver_facts drivers[FC_N_TOP_DRIVERS];
    fc_input_facts inputs;
} fc_summary;

/* Errors: E_DOMAIN (no such run), of the store (4xx), E_NOMEM. A run without finished replications
 * gives n 0 and NaN. Of the replications' values a few metrics are in memory at a time. */
int fc_summary_make(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_summary *out);

/* Type 7, NaN left out; NaN of no values. E_NOMEM. */
int fc_spread_of(const double *values, size_t n, fc_spread *out);
/* The same of an outcome over a run's replications, and, unless NULL, its mean (NaN of none). The
 * values themselves are not kept. `entity` NULL is E_NOMEM: what names it was not made. */
int fc_outcome_spread(fc_store *store, int64_t run, const char *metric, const char *entity,
                      fc_diag *diag, fc_spread *out, double *mean);

#endif
