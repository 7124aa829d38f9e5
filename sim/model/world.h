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
#include "model/account.h"
#include "model/activity.h"
#include "model/delay_ledger.h"
#include "model/lot.h"
#include "model/metric_table.h"
#include "model/params.h"
#include "model/simulate.h"

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
    X(PHASE_DONE, fc_on_phase_done)       /* phase; which work: fc_phase_work */                   \
    X(ACTIVITY_END, fc_on_activity_end)   /* lot; fc_activity_id */                                \
    X(FAILURE, fc_on_failure)             /* lot */                                                \
    X(REPAIR, fc_on_repair)               /* lot; 1: its short server */                           \
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

/* The lots of one programme or of one entry of the stock. */
typedef struct fc_holding {
    /* of the plan */
    const char *path; /* korea.programmes.state-2025 */
    uint64_t key;
    int32_t fleet;
    int32_t programme, stock; /* one of them FC_NONE */
    const fc_refs *hosts;
    fc_refs own_host;
    /* state */
    int32_t first_lot, last_lot;
    int64_t count[FC_N_STATES];
    int64_t bought;    /* accelerators ordered so far */
    uint64_t *ordinal; /* lots ordered so far of each model of the mix */
    fc_handle order_event;
    struct fc_wish { /* SCHEDULE: when the cumulative quantity wanted rose to what */
        double since, quantity;
    } * wishes;
    size_t n_wishes, wish_capacity;
    fc_delay_ledger delay;
} fc_holding;

typedef enum fc_phase_work { FC_WORK_BUILD, FC_WORK_CONNECT, FC_N_WORKS } fc_phase_work;

typedef struct fc_phase_state {
    const char *path;
    int32_t site;
    double began[FC_N_WORKS], due[FC_N_WORKS];
    fc_handle event[FC_N_WORKS];
    bool done[FC_N_WORKS];
    bool started, energised;
    int cause; /* of the work that ended last, once energised */
} fc_phase_state;

/* Power at the supply point in mW, exact. Invariant: used <= energised. */
typedef struct fc_site_state {
    int64_t energised, used;
} fc_site_state;

typedef struct fc_failed_server {
    int32_t lot;
    bool is_short;
    uint64_t occurrence; /* of its repair */
} fc_failed_server;

typedef struct fc_upkeep_state {
    uint64_t key;        /* stream of failures */
    int64_t crews, busy; /* crews INT64_MAX: as many as there are failures */
    uint64_t failures;
    fc_failed_server *queue; /* ring of servers that wait for a crew, first come first served */
    size_t head, waiting, capacity;
} fc_upkeep_state;

typedef struct fc_fleet_state {
    int64_t count[FC_N_STATES];
    int64_t ordered;                                  /* accelerators that ever were in a lot */
    bool milestones_changed;                          /* since targets were looked at last */
    fc_level commissioned, in_repair, not_in_service; /* for time averages, accelerators */
    int32_t *queue; /* lots that wait for room, in order of delivery */
    size_t waiting, capacity;
    fc_upkeep_state upkeep;
} fc_fleet_state;

typedef struct fc_target_state {
    const char *path;
    double reached[FC_N_MILESTONES]; /* INFINITY: not yet */
    double count_by;                 /* on its date; NaN until that has come */
    bool met, held;
} fc_target_state;

/* One model of a mix while an order is worked out. */
typedef struct fc_offer {
    int64_t per_server;
    int64_t wanted;  /* servers still wanted, INT64_MAX: no limit */
    double part;     /* of the mix, while servers are apportioned */
    double gpu_cost; /* minor units of the budget's currency */
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
    fc_account *accounts; /* one a budget */
    fc_phase_state *phases;
    fc_site_state *sites;
    fc_fleet_state *fleets;
    fc_target_state *targets;
    fc_offer *offers; /* room for one mix */
    uint64_t *model_keys;
    fc_shortage_pool shortages;

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

/* ---- change.c: dates that drivers may move, and drivers */
typedef enum fc_due_kind {
    FC_DUE_RELEASE,
    FC_DUE_LAPSE,
    FC_DUE_PROGRAMME,
    FC_DUE_PHASE,
    FC_DUE_TARGET,
} fc_due_kind;

int fc_change_create(fc_world *world);
int fc_change_begin(fc_world *world);
fc_due *fc_due_of(const fc_world *world, fc_due_kind kind, uint32_t entity);

/* ---- activity_funding.c: money */
int fc_budget_due(fc_world *world, uint32_t budget); /* its money is released */
int fc_lapse_due(fc_world *world, uint32_t budget);
double fc_exchange(fc_world *world, int32_t from, int32_t to, double t); /* `to` for one `from` */

/* ---- order.c: what to buy with it */
int fc_order_due(fc_world *world, uint32_t programme);  /* buys what it wants and can pay, now */
int fc_order_soon(fc_world *world, uint32_t programme); /* ... once all else of now is done */
int fc_order_blocker(fc_world *world, const fc_holding *holding); /* an unbound slot's fc_cause */

/* ---- activity_hosting.c */
int fc_phase_due(fc_world *world, uint32_t phase);
int fc_hosting_serve(fc_world *world, int32_t fleet, int cause);
int fc_hosting_release(fc_world *world, fc_lot *lot); /* gives its room to those who wait */
int fc_hosting_changed(fc_world *world, fc_param p, fc_in_progress how);

/* ---- upkeep.c */
int fc_upkeep_begin(fc_world *world, int32_t fleet);
int fc_upkeep_start(fc_world *world, fc_lot *lot); /* its servers run from now on */
void fc_upkeep_stop(fc_world *world, fc_lot *lot);
int fc_upkeep_changed(fc_world *world, int32_t fleet);

/* ---- delay_ledger.c */
int fc_announced_changed(fc_world *world, int32_t holding);

/* ---- observe.c */
int fc_target_due(fc_world *world, uint32_t target);
double fc_metric_at(fc_world *world, int metric, int32_t fleet, double t); /* t: now, or the end */
int64_t fc_milestone_count(const int64_t count[FC_N_STATES], fc_milestone milestone);
void fc_targets_look(fc_world *world, int32_t fleet);
void fc_observe_end(fc_world *world);

/* ---- conservation.c */
/* Recounts everything: states of lots, holdings and fleets; slots; accounts; power. E_LEDGER
 * names what does not add up. */
int fc_world_verify(fc_world *world);

#endif
