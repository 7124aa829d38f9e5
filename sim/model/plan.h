/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plan: what a scenario says, as plain typed structs. Built once (by the scenario layer, or by
 * hand in a C program), read-only while it runs, shared by all threads.
 *
 * Times are double seconds from the horizon's start at 00:00 local (see kernel/date.h); a date
 * means its 00:00. Power is in W, shares are fractions, money is in major units of a currency
 * here (whole won, dollars) and int64 minor units in the ledgers. Entities refer to one another
 * by index into the plan's arrays; FC_NONE means none.
 */
#ifndef FC_MODEL_PLAN_H
#define FC_MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "kernel/date.h"
#include "kernel/distribution.h"
#include "model/metric_table.h"
#include "model/plan_demand.h"
#include "model/plan_energy.h"
#include "model/plan_inference.h"
#include "model/plan_values.h"

/* ---- entities ---------------------------------------------------------------------------- */

/* A random walk about an exchange rate's path (exchange.c). */
typedef struct fc_walk {
    fc_param volatility; /* standard deviation of the logarithm after a year; 0: no walk */
    fc_param reversion;  /* rate at which it returns to the path; 0: never */
    fc_param from;       /* date; 0: the start */
} fc_walk;

typedef struct fc_currency {
    const char *code; /* KRW */
    int minor_digits; /* 0 for KRW, 2 for USD */
    fc_param per_usd; /* exchange rate path, units of this currency a US dollar */
    double weaker;    /* counterfactual: so many units more a US dollar, at all times */
    fc_walk walk;
} fc_currency;

typedef enum fc_cooling { FC_AIR, FC_LIQUID } fc_cooling; /* what a server must have */

typedef struct fc_accelerator {
    const char *name, *title, *vendor;
    fc_param per_server;   /* accelerators in the unit that is bought (server or rack) */
    fc_param server_power; /* W, rated, of that unit */
    fc_param peak_power;   /* W it draws at full load; 0: as rated */
    fc_param idle_power;   /* W it draws without load; 0: nothing */
    fc_param bf16_dense;   /* FLOP/s, dense */
    fc_param price;        /* an accelerator, its share of the server included */
    int32_t price_currency;
    fc_param on_sale;          /* date of first volume delivery */
    fc_param lead_time;        /* order to delivery */
    fc_param servers_per_rack; /* of that unit, where a rack's power is no limit; 0: one */
    int needs;                 /* fc_cooling */
} fc_accelerator;

typedef enum fc_mix_by { FC_MIX_BY_MONEY, FC_MIX_BY_COUNT } fc_mix_by;

typedef struct fc_mix {
    uint32_t n;
    const int32_t *model; /* plan->accelerators */
    const double *share;  /* of money or of accelerators (fc_mix_by); sums to 1 */
} fc_mix;

/* Mixes by the calendar year of the order: before the first year the first, and between two years
 * and after the last the one before. */
typedef struct fc_year_mixes {
    uint32_t n;
    const int64_t *year; /* increasing */
    const fc_mix *mix;
} fc_year_mixes;

/* What exists when the horizon starts. */
typedef struct fc_stock {
    const char *name;
    int32_t model, site; /* site FC_NONE: housed outside the sites that are modelled */
    fc_param count;
    fc_param since; /* date of entry into service; may lie before the start */
} fc_stock;

/* What a part of a budget may be spent on. */
typedef enum fc_line {
    FC_LINE_GPU,      /* accelerators and their servers */
    FC_LINE_BUILDING, /* phases of sites */
    FC_LINE_RUNNING,
    FC_N_LINES
} fc_line;

typedef enum fc_budget_type {
    FC_BUDGET_SUPPLEMENTARY, /* of the fiscal year in which it is enacted, spendable at once */
    FC_BUDGET_MAIN, /* of the fiscal year whose first day is nearest to its enactment, and not
                     * spendable before that day */
} fc_budget_type;

/* How the money gets to who buys. All but DIRECT hand it on when it is released; EQUITY and LOAN
 * are to come back some day. */
typedef enum fc_money_kind {
    FC_MONEY_DIRECT,
    FC_MONEY_CONTRIBUTION,
    FC_MONEY_SUBSIDY,
    FC_MONEY_EQUITY,
    FC_MONEY_LOAN,
} fc_money_kind;

/* Orders on money that is not released yet, and paid when it is. */
typedef struct fc_ahead {
    fc_param ceiling; /* of such orders at any time, in the budget's currency; 0: none */
    fc_param from;    /* date; 0: from the start */
} fc_ahead;

enum { FC_QUARTERS_NAMED = 3 }; /* what they leave comes in the fourth */

typedef struct fc_budget {
    const char *name;
    int type, kind;        /* fc_budget_type, fc_money_kind */
    fc_param requested;    /* what the ministry asked for; 0: the bill, or the amount */
    fc_param requested_on; /* date; 0: not known */
    fc_param bill;         /* what the bill says; 0: what was requested, or the amount */
    fc_param introduced;   /* date the bill goes to parliament; 0: not known */
    fc_param cut;          /* share of the bill that is not granted, below 0: more is; 0: none */
    fc_param amount;       /* enacted, in `currency`, major units; 0: the bill less the cut */
    int32_t currency;
    fc_param enacted;          /* date */
    fc_param probability;      /* that it is enacted at all; 0: surely */
    fc_param line[FC_N_LINES]; /* shares of the amount, each of what those before it leave at most;
                                * 0: none of it, GPU: all */
    fc_param apportioned[FC_QUARTERS_NAMED]; /* shares released from the quarters of its fiscal
                                              * year on; all 0: everything at once */
    fc_param lapses;                         /* date uncommitted money is lost; 0: never */
    fc_param carry_over;    /* duration: fiscal years after its own until it is; 0: for ever */
    fc_param private_share; /* of public and private money together; 0: none is private */
    fc_ahead ahead;
} fc_budget;

typedef enum fc_order_rule {
    FC_RULE_SPEND,     /* whole servers for all the money free, at each release */
    FC_RULE_SCHEDULE,  /* dated quantities, as far as money is free; the rest when it comes */
    FC_RULE_TO_TARGET, /* what targets miss, and spares, as far as money is free */
    FC_RULE_REFRESH,   /* what other programmes' retired accelerators leave open, ahead of time */
} fc_order_rule;

typedef enum fc_order_when {
    FC_WHEN_EARLIEST,    /* as soon as there is money */
    FC_WHEN_LATEST_SAFE, /* on the last date that is expected to be early enough */
} fc_order_when;

/* How a programme comes to a contract: a review, then calls for bids until one does not fail. */
typedef struct fc_tender {
    fc_param review;   /* duration before the first call; 0: none */
    fc_param call;     /* duration of a call, a day at least; 0: it buys without a tender */
    fc_param fails;    /* share of calls that fail; 0: none does */
    fc_param relaunch; /* duration from a failed call to the next; 0: none */
    fc_param at_most;  /* calls of one tender, then it is given up; 0: no limit */
} fc_tender;

/* What becomes of a lot whose export is denied or banned. */
typedef enum fc_otherwise { FC_OTHERWISE_WAIT, FC_OTHERWISE_CANCEL } fc_otherwise;

typedef struct fc_fallback {
    fc_refs models; /* bought instead: the first of them that is not banned */
    int otherwise;  /* fc_otherwise, when there is none (left) */
} fc_fallback;

/* What becomes of a lot when the term of its contract ends. */
typedef enum fc_term_end { FC_TERM_DISPOSE, FC_TERM_TRANSFER, FC_TERM_RENEW } fc_term_end;

/* The term of a contract with who operates a programme's accelerators. */
typedef struct fc_term {
    fc_param lasts;   /* duration from commissioning; 0: none */
    fc_param ends;    /* the date on which it ends, no longer part of it; 0: none */
    int then;         /* fc_term_end */
    int otherwise;    /* RENEW: of what is not renewed, DISPOSE or TRANSFER */
    fc_param renewed; /* RENEW: share of a lot's servers, each time; 0: all */
    fc_param renewal; /* RENEW: duration of a term renewed; 0: it does not end again */
    fc_param cost;    /* RENEW: an accelerator, each time; 0: nothing */
    int32_t cost_currency;
} fc_term;

typedef enum fc_owner { FC_OWNER_FLEET, FC_OWNER_OPERATOR } fc_owner;

/* When a contract is paid: shares of its cost. The rest is paid on delivery. */
typedef struct fc_payments {
    fc_param advance;    /* on the order; 0: none */
    fc_param acceptance; /* when it is commissioned; 0: none */
} fc_payments;

/* What exchange rates do to a price. */
typedef struct fc_exposure {
    fc_param in_dollars;  /* share of a price in the budget's currency that is owed in dollars; 0:
                           * none. A price in another currency is owed in that, all of it */
    fc_param budget_rate; /* units of the budget's currency a dollar at which such a price was
                           * reckoned; 0: that of the order */
    fc_param hedge;       /* share of what is owed that is paid at the rate of the order; 0: all */
} fc_exposure;

typedef struct fc_programme {
    const char *name;
    fc_refs pays_from; /* budgets, in the order they are drawn on */
    int rule;          /* fc_order_rule */
    fc_param quantity; /* SCHEDULE: cumulative accelerators wanted by date (a step path) */
    fc_param at_most;  /* accelerators the programme buys in all; 0: no limit */
    fc_param start;    /* date of the first order at the earliest; 0: horizon start */
    fc_refs targets;   /* TO_TARGET: plan->targets of its fleet */
    fc_param spares;   /* TO_TARGET: share of a target's number ordered on top; 0: none */
    int when;          /* TO_TARGET: fc_order_when */
    fc_param margin;   /* LATEST_SAFE, REFRESH: duration kept in hand; 0: none */
    fc_refs replaces;  /* REFRESH: plan->programmes of its fleet */
    fc_mix mix;
    int mix_by;                /* fc_mix_by */
    fc_year_mixes mix_by_year; /* in place of `mix` where there are any */
    fc_tender tender;
    fc_fallback fallback;
    fc_param price; /* all-in price an accelerator; 0: the catalogue's */
    int32_t price_currency;
    fc_payments payments;
    fc_exposure exchange;
    fc_refs host;          /* sites, in order of preference */
    fc_param install;      /* energised room to commissioned, a lot */
    fc_param service_life; /* commissioned to retired; 0: never */
    fc_term term;
    int owner;               /* fc_owner */
    fc_param operator_share; /* of its accelerators, for the operator's own use; 0: none */
    fc_param announced; /* cumulative accelerators announced in service (a step path); 0: none */
} fc_programme;

/* An assessment of what a site of this power does to the grid: attempts until one is passed. */
typedef struct fc_assessment {
    fc_param at_least; /* W of the site's phases together; 0: of any size */
    fc_param passed;   /* share of the attempts; 0: all */
    fc_param review;   /* duration of an attempt */
    fc_param retry;    /* from a failed attempt to the next */
} fc_assessment;

typedef enum fc_site_kind { FC_SITE_NEW, FC_SITE_EXISTING, FC_SITE_COLOCATION } fc_site_kind;
typedef enum fc_hall { FC_HALL_LIQUID, FC_HALL_AIR } fc_hall; /* LIQUID takes air-cooled, too */

/* Whether sites are assessed, by region, kind and date. Of the rules that match the last decides.
 */
typedef struct fc_grid_rule {
    const char *name;
    const char *region;   /* of the sites it is for; NULL: all */
    int kind;             /* 0: all; else 1 + fc_site_kind */
    fc_param from, until; /* in force on [from, until); 0: always */
    int waived;           /* 1: no assessment */
    fc_assessment assessment;
} fc_grid_rule;

/* What a vendor sets aside for a fleet: models of which no more is delivered in a calendar quarter.
 */
typedef struct fc_allotment {
    const char *name;
    int32_t fleet;
    fc_refs models;
    fc_param a_quarter; /* accelerators, of all the models together */
} fc_allotment;

/* A rule on exports, of the vendors' government. Of several that apply at once the strictest
 * holds, of equally strict ones the first. */
typedef enum fc_export_status {
    FC_EXPORT_FREE,
    FC_EXPORT_LICENCE, /* each lot needs a licence */
    FC_EXPORT_BANNED,
    FC_N_EXPORT_STATUSES
} fc_export_status;

typedef struct fc_export_rule {
    const char *name;
    fc_refs models;       /* none: all */
    fc_param at_least;    /* FLOP/s dense BF16: of those only the ones as fast; 0: any */
    fc_refs buyers;       /* plan->fleets; none: all */
    fc_param from, until; /* dates: in force on [from, until); 0: ever, for ever */
    fc_param status;      /* fc_export_status as a number */
    fc_param delay;       /* LICENCE: from the application to the decision, a lot; 0: none */
    fc_param denied;      /* LICENCE: share of applications denied; 0: none */
} fc_export_rule;

typedef struct fc_phase {
    const char *name;
    fc_param power;     /* W at the supply point */
    fc_param start;     /* works and grid application begin */
    fc_param permit;    /* duration before the works; 0: none is needed */
    fc_param build;     /* duration; 0 s: an existing hall */
    fc_param connect;   /* duration of the grid connection, beside the works */
    fc_param cancelled; /* chance that it never comes; 0: none */
} fc_phase;

typedef struct fc_site {
    const char *name, *region;
    int32_t fleet;
    int kind;                 /* fc_site_kind */
    fc_param design_pue;      /* supply W a W of rated IT */
    fc_param available;       /* share of the energised power that may be drawn; 0: all */
    int cooling;              /* fc_hall */
    fc_param rack_limit;      /* W a rack; 0: no limit */
    fc_param racks;           /* a path; 0: no limit */
    fc_param notice;          /* duration of the notice before the grid application; 0: none */
    fc_assessment assessment; /* of its own (given: review or passed), unless a rule waives it */
    fc_refs pays_from; /* budgets whose building lines pay its phases; none: money is no limit */
    fc_param cost;     /* of a kW at the supply point, in cost_currency */
    int32_t cost_currency;
    fc_terms terms;
    uint32_t first_phase, n_phases; /* plan->phases */
} fc_site;

typedef enum fc_milestone {
    FC_CONTRACTED, /* ordered (or held), neither cancelled nor retired */
    FC_DELIVERED,
    FC_ENERGISED,  /* has power: installing or commissioned */
    FC_IN_SERVICE, /* commissioned and not retired; ordinary repairs do not unmeet it */
    FC_ALLOCATED,  /* held by users: by grants, or by jobs that queue */
    FC_N_MILESTONES
} fc_milestone;

typedef struct fc_target {
    const char *name;
    fc_param by; /* date; "by" is the end of that day */
    fc_param gpus;
    int counted_at;      /* fc_milestone */
    int operator_counts; /* 0: with the operator's share; 1: without */
    bool includes_all;
    fc_refs programmes; /* indices into plan->programmes */
    fc_refs stocks;     /* indices into plan->stocks */
} fc_target;

/* Steps over the age of a server: factor[i] from age from[i] on; from[0] is 0, ages increase. */
typedef struct fc_ages {
    uint32_t n; /* 0: one at any age */
    const double *from, *factor;
} fc_ages;

typedef enum fc_repaired { FC_REPAIRED_OLD, FC_REPAIRED_NEW } fc_repaired;

typedef struct fc_upkeep { /* failures and repairs of servers */
    fc_param failure_rate; /* failures a server-second (rate) while it runs */
    fc_ages by_age;        /* factor on it */
    int repaired_as;       /* fc_repaired: what age a repaired server has */
    fc_param repair_time;  /* hands-on and parts, a failure */
    fc_param crews;        /* repairs at once; 0: as many as there are failures */
    fc_param scrapped;     /* share of failures that no crew can mend; 0: none */
    fc_param replacement;  /* duration until a new server stands in for a scrapped one; 0: none */
    fc_param spares;       /* servers in reserve, of each model; 0: none, and no pool */
    fc_param swap_time;    /* duration until a spare has taken the place of a failed one; 0: none */
    fc_param exact_up_to;  /* lots of more servers are batched; 0: none is */
} fc_upkeep;

/* People who install and operate. Without `stock` there are enough of them. */
typedef struct fc_staff {
    fc_param stock;               /* persons at the start */
    fc_param graduates, training; /* persons a second who join (rate) */
    fc_param outflow;             /* share of the stock that leaves a second (rate) */
    fc_param needed_per_mw;       /* persons a MW of rated IT power in service; 0: none */
    fc_param crews;               /* lots that can be installed at once; 0: no limit */
    fc_param crew_size;           /* persons of the stock in a crew; 0: none of them */
} fc_staff;

/* Money of different dates made comparable. */
typedef struct fc_valuation {
    fc_param base;          /* date; 0: no valuation */
    fc_param discount_rate; /* nominal, a year, as a rate; 0: no present value */
    fc_param inflation;     /* likewise; 0: no real figures */
} fc_valuation;

typedef struct fc_fleet {
    const char *name, *title_en, *title_ko;
    int32_t currency;           /* of its reports */
    int64_t fiscal_year_starts; /* month, 1 to 12; 0: January, and no accounts by fiscal year */
    fc_valuation valuation;
    /* index ranges into the plan's arrays */
    uint32_t first_stock, n_stocks;
    uint32_t first_budget, n_budgets;
    uint32_t first_programme, n_programmes;
    uint32_t first_site, n_sites;
    uint32_t first_target, n_targets;
    uint32_t first_allotment, n_allotments;
    fc_upkeep upkeep;
    fc_staff staff;
    fc_terms terms; /* for what is housed outside its sites, and where a site has none */
    fc_carbon carbon;
    fc_running_cost running;
    fc_demand_spec demand;
    fc_body bodies[FC_N_CAUSES]; /* who can act, for reports; NULL: as the table of causes says */
} fc_fleet;

/* What is observed: one number a replication (outcome), or one a month end (series). */
typedef struct fc_observable {
    int metric; /* fc_metric, metric_table.h */
    int32_t fleet;
    /* TARGET scope: plan->targets; CAUSE: fc_cause; GAP: fc_gap; FISCAL, YEAR: which year of the
     * horizon, from 0; COST: year x FC_N_COSTS + fc_cost; CLASS: plan->classes; SERVICE:
     * plan->services; FLEET: FC_NONE */
    int32_t entity;
    const char *name; /* korea, korea.targets.end-2030, korea.delay.grid, korea.2027,
                       * korea.2027.cost.staff */
    const char *unit; /* the metric's; for money the code of the fleet's currency */
} fc_observable;

typedef struct fc_plan {
    fc_epoch epoch; /* the horizon's first day */
    double horizon; /* seconds; exclusive */
    uint64_t seed;
    uint64_t
        without; /* counterfactual: set (bits) of causes of delay that are removed (removal.h) */

    uint32_t n_values;
    fc_value *values;  /* an argument's index is below its user's */
    uint32_t n_params; /* params[0] is "not given" */
    fc_param_info *params;
    uint32_t n_changes;
    fc_change *changes; /* sorted by parameter */
    uint32_t n_drivers;
    fc_driver *drivers;
    uint32_t n_factors;
    const double *cholesky; /* n_factors x n_factors, row-major lower triangle of the copula */

    uint32_t n_currencies;
    fc_currency *currencies;
    uint32_t n_accelerators;
    fc_accelerator *accelerators;
    int32_t h100; /* the accelerator that H100-equivalents count in, the first named h100 or
                   * h100-something; FC_NONE: none (fc_plan_finish fills it in) */
    uint32_t n_grid_rules;
    fc_grid_rule *grid_rules;
    uint32_t n_fleets;
    fc_fleet *fleets;
    uint32_t n_stocks;
    fc_stock *stocks;
    uint32_t n_budgets;
    fc_budget *budgets;
    uint32_t n_programmes;
    fc_programme *programmes;
    uint32_t n_sites;
    fc_site *sites;
    uint32_t n_phases;
    fc_phase *phases;
    uint32_t n_targets;
    fc_target *targets;
    uint32_t n_allotments;
    fc_allotment *allotments;
    uint32_t n_export_rules;
    fc_export_rule *export_rules;
    uint32_t n_tariffs;
    fc_tariff *tariffs;
    uint32_t n_pools;
    fc_pool *pools;
    uint32_t n_classes;
    fc_user_class *classes;
    uint32_t n_services;
    fc_service *services;
    uint32_t n_calls;
    fc_call *calls;

    /* From here on filled in by fc_plan_finish. */
    uint32_t n_months; /* month ends within the horizon, and its end */
    double *month_ends;
    int first_year;   /* calendar years of the horizon */
    uint32_t n_years; /* ... how many it touches */
    uint32_t n_outcomes;
    fc_observable *outcomes;
    uint32_t n_series;
    fc_observable *series;
    uint32_t n_unknowns; /* unknowns with a key of their own: one uniform each */
    uint32_t n_draws;    /* what is recorded as drawn: the unknowns, then the drivers; 0: nothing */
    const char **draw_names;

    fc_arena *arena; /* holds everything above */
} fc_plan;

/* Fills in what follows from the rest (h100, month ends, observables, draws) and checks every
 * index, range and stream key: values of one key have one path, and no driver shares a key. Every
 * problem goes to `diag`; returns the first. Errors: E_PLAN, E_STREAM_KEY, E_DISTRIBUTION (of
 * numbers that make none), E_NOMEM. */
int fc_plan_finish(fc_plan *plan, fc_diag *diag);
/* Frees the arena; the fc_plan itself may lie in it, or with the caller (it is then emptied). */
void fc_plan_free(fc_plan *plan);

#endif
