/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The world of one replication: the state that events change. Private to the model.
 *
 * Counts of accelerators change through fc_lot_*() only, money through fc_account_*() only, and
 * power through the functions of activity_hosting.c. An event is a row of FC_EVENT_TABLE and its
 * handler; handlers return FC_OK or the error that ends the replication.
 *
 * Memory is allocated when the world is created; buffers grow when a replication needs more and
 * keep what they have. Lots do not move.
 */
#ifndef FC_MODEL_WORLD_H
#define FC_MODEL_WORLD_H

#include "kernel/calendar.h"
#include "kernel/stats.h"
#include "model/activity.h"
#include "model/budget.h"
#include "model/delay_ledger.h"
#include "model/energy.h"
#include "model/demand.h"
#include "model/funding_gap.h"
#include "model/grants.h"
#include "model/lot.h"
#include "model/metric_table.h"
#include "model/params.h"
#include "model/phase.h"
#include "model/removal.h"
#include "model/simulate.h"
#include "model/target.h"
#include "model/upkeep.h"
#include "model/users.h"

/* Order of events at one instant: first the observer of what was up to now, then what changes the
 * rules, then money and capacity, then the flow of goods, then orders. */
enum {
    FC_CLASS_SAMPLE,
    FC_CLASS_CHANGE,
    FC_CLASS_RELEASE,
    FC_CLASS_CAPACITY,
    FC_CLASS_FLOW,
    FC_CLASS_ORDER,
};

/* X(kind, handler): subject and detail as the handler says. */
#define FC_EVENT_TABLE(X)                                                                          \
    X(MONTH_END, fc_on_month_end)         /* month */                                              \
    X(DRIVER, fc_on_driver)               /* driver: comes into force or ends */                   \
    X(REVIEW, fc_on_review)               /* driver: is its condition met? */                      \
    X(ANNOUNCED, fc_on_announced)         /* holding: a step of the announced path */              \
    X(UPKEEP_CHANGE, fc_on_upkeep_change) /* fleet: a step of the failure rate or the crews */     \
    X(DUE, fc_on_due)                     /* fc_due */                                             \
    X(RELEASE, fc_on_release)             /* budget: a quarter of its fiscal year begins */        \
    X(YEAR_END, fc_on_year_end)           /* fleet; fiscal year of the horizon */                  \
    X(PHASE_DONE, fc_on_phase_done)       /* phase; whose stage ends: fc_phase_work */             \
    X(SITE_CHANGE, fc_on_site_change)     /* site: a step of its racks or available power */       \
    X(STAFF_MONTH, fc_on_staff_month)     /* fleet; month: people have come and gone */            \
    X(ACTIVITY_END, fc_on_activity_end)   /* lot; fc_activity_id */                                \
    X(FAILURE, fc_on_failure)             /* lot */                                                \
    X(REPAIR, fc_on_repair)               /* fc_repair; fleet: it ends */                          \
    X(AGE, fc_on_age)                     /* lot: its failure rate steps with its age */           \
    X(BATCH, fc_on_batch)                 /* lot: a step of its failures and repairs ends */       \
    X(TENDER, fc_on_tender)               /* programme: a stage of its tender ends */              \
    X(EXPORT_RULE, fc_on_export_rule)     /* a rule begins, ends or changes */                     \
    X(FALLBACK, fc_on_fallback)           /* lot that may not be exported */                       \
    X(TERMS, fc_on_terms_change)          /* a price, a load or a PUE steps */                     \
    X(SHUT, fc_on_shut)                   /* fleet: servers go off, or on, for want of money */    \
    X(ALLOTMENT, fc_on_allotment)         /* fleet: a quarter begins, or an allotment changes */   \
    X(DEMAND, fc_on_demand)               /* fleet: a step of a path of its demand */              \
    X(HAND_ON, fc_on_hand_on)             /* fleet: have jobs let go of what others are to have */ \
    X(CALL_CLOSES, fc_on_call_closes)     /* call: no more applications for this round */          \
    X(CALL_DECIDES, fc_on_call_decides)   /* call: who of them gets what */                        \
    X(GRANT_ENDS, fc_on_grant_ends)       /* fc_grant.serial */                                    \
    X(GRANT_LOOK, fc_on_grant_look)       /* fc_grant.serial: is it used? */                       \
    X(ORDER, fc_on_order)                 /* programme */

typedef enum fc_event_kind {
#define FC_X(kind, handler) FC_EV_##kind,
    FC_EVENT_TABLE(FC_X)
#undef FC_X
        FC_N_EVENT_KINDS
} fc_event_kind;

typedef int fc_handler(fc_world *world, const fc_event *event);
#define FC_X(kind, handler) fc_handler handler;
FC_EVENT_TABLE(FC_X)
#undef FC_X

/* A date of the plan on which something is due. While it has not come, a driver may move it. */
typedef struct fc_due {
    fc_param param;
    double otherwise; /* where the parameter is not given; NaN: never */
    double offset;    /* it is due so much later than the date */
    unsigned class;
    uint32_t entity;
    int (*handle)(fc_world *world, uint32_t entity);
    /* state */
    double date; /* as read last; may lie before the start */
    fc_handle event;
    bool come;
} fc_due;

/* A date known beforehand at which a path of the plan steps. */
typedef struct fc_mark {
    double time;
    unsigned class;
    fc_event what;
} fc_mark;

typedef enum fc_tender_stage {
    FC_TENDER_NONE,
    FC_TENDER_REVIEW,
    FC_TENDER_CALL,
    FC_TENDER_RELAUNCH, /* between a failed call and the next */
    FC_TENDER_CONTRACT, /* a call has not failed: the order is being placed */
} fc_tender_stage;

typedef struct fc_tender_state {
    fc_tender_stage stage;
    uint64_t ordinal, attempt; /* tender of the programme, call of the tender; the first is 1 */
    double since;              /* it began */
    int64_t gpus;              /* it would buy, by the money and prices of the moment */
    fc_param param;            /* duration of the stage under way, as occurrence */
    uint64_t occurrence;
    double began, due;
    fc_handle event;
} fc_tender_state;

/* The lots of one programme or of one entry of the stock. */
typedef struct fc_holding {
    /* of the plan */
    const char *path; /* korea.programmes.state-2025 */
    uint64_t key, tender_key;
    int32_t fleet;
    int32_t programme, stock; /* one of them FC_NONE */
    const fc_refs *hosts;
    fc_refs own_host;
    /* state */
    int32_t first_lot, last_lot;
    int64_t count[FC_N_STATES];
    int64_t bought;    /* accelerators ordered so far and not cancelled */
    int64_t refused;   /* of those cancelled, not ordered anew */
    fc_dearer *dearer; /* of what was bought, by budget of pays_from */
    uint64_t *ordinal; /* lots ordered so far of each of the plan's accelerators */
    fc_handle order_event;
    fc_handle safe_event; /* the date on which it would order by rule LATEST_SAFE */
    fc_tender_state tender;
    struct fc_wish { /* SCHEDULE: when the cumulative quantity wanted rose to what */
        double since, quantity;
    } * wishes;
    size_t n_wishes, wish_capacity;
    fc_delay_ledger delay;
} fc_holding;

/* An exchange rate's random walk about its path. */
typedef struct fc_walk_state {
    uint64_t key;
    uint32_t n;     /* calendar months that the horizon touches */
    double *factor; /* of each; NULL: there is no walk */
} fc_walk_state;

/* Power at the supply point in mW, exact. Invariants: used <= energised; used - off <= available
 * <= energised, where off is what curtailed servers would draw. */
typedef struct fc_site_state {
    int64_t energised, available, used, off;
    int64_t racks_used;
    int32_t first_lot, last_lot; /* in the order in which they took room */
} fc_site_state;

/* First come, first served. */
typedef struct fc_lot_queue {
    int32_t *lots;
    size_t n, capacity;
} fc_lot_queue;

/* People in millionths of a person. */
typedef struct fc_staff_state {
    double stock;               /* persons */
    double since;               /* the stock is that of */
    int64_t bound, crews, busy; /* crews 0: no limit */
    fc_lot_queue to_install, to_operate;
    fc_level busy_crews, all_crews, unstaffed; /* for time averages; W */
} fc_staff_state;

typedef struct fc_fleet_state {
    int64_t count[FC_N_STATES];
    int64_t ordered;         /* accelerators that ever were in a lot */
    bool milestones_changed; /* since targets were looked at last */
    bool allocation_changed; /* since the ledgers were charged for it last */
    fc_level commissioned, in_repair, not_in_service; /* for time averages, accelerators */
    fc_level curtailed, unpaid;
    int64_t assessments_failed, phases_cancelled;
    int32_t *queue; /* lots that wait for room, in order of delivery */
    size_t waiting, capacity;
    int32_t *to_ship; /* lots that wait for an allotment, in the order of their contracts */
    size_t n_to_ship, to_ship_capacity;
    fc_handle quarter_event;
    int64_t failed_calls;
    int64_t renewed;       /* accelerators whose term was renewed, each time */
    double first_contract; /* INFINITY: none yet */
    fc_upkeep_state upkeep;
    fc_staff_state staff;
} fc_fleet_state;

/* What an allotment has let through in the quarter under way. */
typedef struct fc_allotment_state {
    double quarter_ends;
    int64_t delivered;
} fc_allotment_state;

/* How much a programme wants. */
typedef struct fc_demand {
    int64_t gpus;  /* INT64_MAX: no limit */
    bool round_up; /* to whole servers */
} fc_demand;

/* One model of a mix while an order is worked out. */
typedef struct fc_offer {
    int32_t model; /* that is bought: the mix's, or in its place another */
    bool barred;   /* banned, and nothing is bought in its place */
    double share;  /* of the mix */
    int64_t per_server;
    int64_t wanted;  /* servers still wanted, INT64_MAX: no limit */
    double part;     /* of the mix, while servers are apportioned */
    double gpu_cost; /* minor units of the budget's currency */
    int32_t owed_in; /* as fc_contract */
    int64_t servers, cost;
    uint64_t id;
} fc_offer;

struct fc_world {
    const fc_plan *plan;
    fc_params *params;
    fc_calendar calendar;
    uint32_t replication;
    uint64_t events;
    const fc_observer *observer;
    fc_record *record;
    fc_diag *diag;

    fc_lot **lots;
    size_t n_lots, lot_capacity, lots_made;
    fc_holding *holdings; /* programmes, then stocks */
    uint32_t n_holdings;
    fc_budget_state *budgets;
    fc_fiscal_year **fiscal_years; /* of each fleet that keeps accounts by year */
    fc_walk_state *walks;          /* one a currency */
    fc_phase_state *phases;
    fc_site_state *sites;
    fc_fleet_state *fleets;
    fc_target_state *targets;
    fc_demand_state *demands;   /* one a fleet */
    fc_class_state *classes;    /* plan->classes */
    fc_service_state *services; /* plan->services */
    fc_grants grants;
    fc_class_users *users; /* plan->classes */
    double *all_users;     /* room for a number for each */
    fc_offer *offers;      /* room for one mix */
    double *parts;         /* of each, while they are apportioned */
    uint32_t n_offers;
    uint64_t *model_keys;
    uint64_t licence_key; /* stream of decisions on licences */
    fc_allotment_state *allotments;
    fc_shortage_pool shortages;
    fc_energy *energy;    /* NULL: the plan says nothing of energy and running cost */
    fc_server_ages *ages; /* by lot, where ages differ */
    fc_batch *batches;    /* by lot, of those that are batched */
    size_t age_capacity, batch_capacity;

    fc_due *dues; /* see fc_due_of */
    uint32_t n_dues;
    fc_mark *marks;
    size_t n_marks, mark_capacity;
    uint32_t *strikes; /* plan->changes by driver: those of d are from strike_start[d] */
    uint32_t *strike_start;
    fc_arena *arena;
};

/* ---- world.c */
/* Grows *array to hold `need` elements; new ones are zero. FC_E_NOMEM. */
int fc_reserve(void *array, size_t *capacity, size_t need, size_t bytes);
/* Schedules for `time`, or for now if that has passed; nothing if it lies beyond the horizon. */
int fc_schedule(fc_world *world, double time, unsigned class, fc_event what, fc_handle *out);
int fc_out_of_domain(fc_world *world, const char *path, const char *what);
int fc_ledger_broken(fc_world *world, const char *ledger, const char *path, const char *what);
int fc_log(fc_world *world, const char *what, const char *entity, int32_t lot, double amount,
           const char *unit);

static inline double fc_now(const fc_world *world)
{
    return fc_calendar_now(&world->calendar);
}

/* Whether the replication is a counterfactual in which this cause of delay is removed. */
static inline bool fc_without(const fc_world *world, int cause)
{
    return (world->plan->without >> cause & 1) != 0;
}

/* ---- change.c: dates that drivers may move, and drivers */
typedef enum fc_due_kind {
    FC_DUE_REQUEST,
    FC_DUE_BILL,
    FC_DUE_RELEASE,
    FC_DUE_LAPSE,
    FC_DUE_AHEAD,
    FC_DUE_PROGRAMME,
    FC_DUE_PHASE,
    FC_DUE_TARGET,
    FC_DUE_RULE_FROM,
    FC_DUE_RULE_UNTIL,
} fc_due_kind;

int fc_change_create(fc_world *world);
int fc_change_begin(fc_world *world);
fc_due *fc_due_of(const fc_world *world, fc_due_kind kind, uint32_t entity);

/* ---- budget.h: money */

/* ---- exchange.c */
int fc_exchange_create(fc_world *world);
void fc_exchange_begin(fc_world *world);
double fc_exchange(fc_world *world, int32_t from, int32_t to, double t); /* `to` for one `from` */
double fc_per_usd(fc_world *world, int32_t currency, double t); /* units of it for a US dollar */

/* ---- order.c: what to buy with it */
/* Buys what it wants and can pay, now; where it needs a tender, starts one. */
int fc_order_due(fc_world *world, uint32_t programme);
int fc_order_soon(fc_world *world, uint32_t programme);     /* ... once all else of now is done */
int fc_order_contract(fc_world *world, uint32_t programme); /* its tender has succeeded */
fc_demand fc_order_demand(fc_world *world, const fc_holding *holding);
/* A lot of the offer; *out may be NULL. */
int fc_order_place(fc_world *world, fc_holding *holding, const fc_offer *offer, int32_t budget,
                   fc_lot **out);
/* Adds `slots` unbound ones to what keeps the programme from ordering them. */
void fc_order_blockers(fc_world *world, const fc_holding *holding, int64_t slots,
                       int64_t charge[FC_N_CAUSES]);

/* ---- order_target.c: rule to_target */
/* What its targets miss; *next: when more of it falls due by rule LATEST_SAFE, INFINITY: not. */
int64_t fc_target_demand(fc_world *world, const fc_holding *holding, double *next);
int fc_order_replan(fc_world *world); /* programmes of that rule look anew */

/* When to start so that what the programme orders is expected to be in service by `date`. */
double fc_order_latest(fc_world *world, const fc_holding *holding, double date);

/* ---- order_refresh.c: rule refresh */
/* What has left, or is about to, and is not replaced yet; *next: when more of it falls due. */
int64_t fc_refresh_demand(fc_world *world, const fc_holding *holding, double *next);
int fc_refresh_soon(fc_world *world); /* something was commissioned: it will leave some day */

/* ---- offer.c: from money and numbers to servers of each model */
const fc_mix *fc_mix_of(const fc_world *world, const fc_programme *programme); /* of today */
/* world->offers for what the programme wants. */
int fc_offers_prepare(fc_world *world, const fc_holding *holding, fc_demand demand);
/* Works out servers and cost of each for the free money of a budget. */
int fc_offers_fill(fc_world *world, const fc_holding *holding, int32_t budget, fc_demand left);
/* The price of a model for a programme and its currency, FC_NONE: US dollars. */
fc_param fc_price_of(const fc_world *world, const fc_programme *programme, int32_t model,
                     int32_t *currency);
/* Occurrence of what is drawn for the next lot of a model. */
uint64_t fc_next_lot(const fc_world *world, const fc_holding *holding, int32_t model);
/* One model alone, for at most `money`. */
int fc_offer_alone(fc_world *world, const fc_holding *holding, int32_t model, int32_t budget,
                   fc_demand demand, int64_t money, fc_offer *out);

/* ---- tender.c */
static inline bool fc_tender_needed(const fc_world *world, const fc_programme *programme)
{
    return programme->tender.call != 0 && !fc_without(world, FC_CAUSE_tender);
}
int fc_tender_start(fc_world *world, fc_holding *holding);
int fc_tender_changed(fc_world *world, fc_param p, fc_in_progress how);

/* ---- activity_licence.c: export rules */
int fc_export_begin(fc_world *world);
int fc_export_changed(fc_world *world, fc_param p);
/* What is ordered in place of a model: itself, another that may be exported, or FC_NONE. */
int32_t fc_export_choice(fc_world *world, const fc_holding *holding, int32_t model);
fc_export_status fc_export_status_of(fc_world *world, int32_t model, int32_t fleet,
                                     int32_t *rule); /* the rule that says so, FC_NONE: none */

/* ---- activity_shipping.c: allotments */
int fc_shipping_changed(fc_world *world, fc_param p);
void fc_shipping_withdraw(fc_world *world, fc_lot *lot); /* it may not leave after all */

/* ---- activity_hosting.c */
/* What a lot that waits for room lacks at the first of its sites that would take its model. */
typedef enum fc_lack { FC_LACK_POWER, FC_LACK_SUPPLY, FC_LACK_SPACE, FC_LACK_DENSITY } fc_lack;
/* Gives what room there is to those who wait; `phase` brought it, or FC_NONE. */
int fc_hosting_serve(fc_world *world, int32_t fleet, int32_t phase);
int fc_hosting_release(fc_world *world, fc_lot *lot); /* gives its room to those who wait */
void fc_hosting_split(fc_world *world, fc_lot *lot, fc_lot *rest); /* of a lot that has room */

/* ---- phase.h: works and grid connection, which bring power */

/* ---- grid.c: impact assessments */
bool fc_grid_assesses(fc_world *world, uint32_t phase, double t, fc_assessment *out);
bool fc_grid_passes(fc_world *world, uint32_t phase, const fc_assessment *assessment);
int fc_grid_rule_due(fc_world *world, uint32_t rule); /* it comes into force, or ends */

/* ---- curtailment.c: servers off for want of power; last come, first off */
int fc_curtail(fc_world *world, uint32_t site);     /* reads anew what may be drawn, and obeys */
int fc_curtail_start(fc_world *world, fc_lot *lot); /* it is commissioned */
/* How many of the servers that are repaired are to stay off. */
int64_t fc_curtail_held(const fc_lot *lot);
fc_state fc_off_state(const fc_lot *lot); /* CURTAILED or UNPAID: of its servers that are off */
/* How many of the lot's servers are to be off, where `left` is left by those who came before it and
 * was `enough` for them; both are brought up to date. */
int64_t fc_curtail_off(const fc_lot *lot, int64_t *left, bool *enough);
int fc_site_changed(fc_world *world, uint32_t site);

/* ---- activity_staff.c */
int fc_staff_begin(fc_world *world, int32_t fleet);
int fc_staff_changed(fc_world *world, int32_t fleet);
int fc_staff_release(fc_world *world, fc_lot *lot); /* it is retired */

/* ---- retirement.c */
/* All of a lot in service leaves it, to RETIRED or TRANSFERRED. */
int fc_lot_leave(fc_world *world, fc_lot *lot, fc_state to);

/* ---- sharing.c: whose accelerators they are, and who uses them */
/* How many of n accelerators of a holding its operator keeps for its own use: rounded down. */
int64_t fc_operator_part(fc_world *world, const fc_holding *holding, int64_t n);
int64_t fc_operator_used(fc_world *world, int32_t fleet);  /* of those in service */
int64_t fc_operator_owned(fc_world *world, int32_t fleet); /* of those in service */

/* ---- upkeep.c */
int fc_upkeep_begin(fc_world *world, int32_t fleet);
int fc_upkeep_start(fc_world *world, fc_lot *lot); /* its servers run from now on */
/* Of a lot's servers so many that run and so many that are off are from now on the branch's. */
int fc_upkeep_branch(fc_world *world, fc_lot *lot, fc_lot *branch, int64_t run, int64_t off);
int fc_upkeep_stop(fc_world *world, fc_lot *lot);
int fc_upkeep_changed(fc_world *world, int32_t fleet);
/* The server runs again, or is off where power is short. */
int fc_upkeep_restore(fc_world *world, const fc_failed_server *server);

/* ---- repair.c */
int fc_repair_create(fc_world *world, int32_t fleet);
void fc_repair_free(fc_world *world, int32_t fleet);
int fc_repair_reset(fc_world *world, int32_t fleet);
int fc_repair_begin(fc_world *world, const fc_failed_server *server); /* it has failed */
int fc_repair_serve(fc_world *world, int32_t fleet);                  /* crews may be free */
int fc_repair_changed(fc_world *world, fc_param p, fc_in_progress how);
int fc_repair_verify(fc_world *world, int32_t fleet);

/* ---- batch.c */
bool fc_batch_wanted(fc_world *world, const fc_lot *lot);
int fc_batch_start(fc_world *world, fc_lot *lot);
int fc_batch_stop(fc_world *world, fc_lot *lot);
void fc_batch_expose(fc_world *world, fc_lot *lot); /* its rate, or who runs, is about to change */
int fc_batch_verify(fc_world *world, const fc_lot *lot);

/* ---- delay_ledger.c */
int fc_announced_changed(fc_world *world, int32_t holding);

/* ---- observe.c */
double fc_metric_at(fc_world *world, int metric, int32_t fleet, double t); /* t: now, or the end */
/* Of a milestone that states of accelerators tell: up to IN_SERVICE. */
int64_t fc_milestone_count(const int64_t count[FC_N_STATES], fc_milestone milestone);
void fc_observe_end(fc_world *world);

/* ---- observe_money.c */
double fc_money_metric(fc_world *world, int metric, int32_t fleet,
                       double t); /* NaN: not of money */
double fc_fiscal_metric(const fc_world *world, int metric, int32_t fleet, uint32_t year);

/* ---- conservation.c */
/* Recounts everything: states of lots, holdings and fleets; slots; accounts; power. E_LEDGER
 * names what does not add up. */
int fc_world_verify(fc_world *world);

#endif
