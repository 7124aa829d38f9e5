/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lots: accelerators of one model that are ordered together and go through the activities
 * together, until a site takes only some of them: then the lot is split.
 *
 * Every accelerator is at each moment in exactly one state of exactly one lot. Only the functions
 * below change the counts; they keep the totals of the lot's holding and fleet, and the delay
 * ledger, in step.
 */
#ifndef FC_MODEL_LOT_H
#define FC_MODEL_LOT_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel/calendar.h"
#include "kernel/stream.h"

struct fc_world;

typedef enum fc_state {
    FC_ST_ORDERED,    /* contract signed (or held), not yet delivered */
    FC_ST_HELD,       /* made, and held for want of an export licence */
    FC_ST_WAREHOUSE,  /* delivered, waiting for energised room */
    FC_ST_INSTALLING, /* has its room; being installed and accepted */
    FC_ST_RUNNING,    /* commissioned and working */
    FC_ST_REPAIR,     /* commissioned, failed: waiting for a crew or with it */
    FC_ST_CURTAILED,  /* commissioned, off for want of power */
    FC_ST_UNPAID,     /* commissioned, off for want of money to run it */
    FC_ST_RETIRED,
    FC_ST_TRANSFERRED, /* at the end of its term, to the operator */
    FC_ST_CANCELLED,
    FC_N_STATES
} fc_state;

typedef enum fc_activity_id {
    FC_A_FUNDING,  /* from when the programme wants to buy until there is money */
    FC_A_TENDER,   /* money to order: review, calls for bids */
    FC_A_SUPPLY,   /* order until it is made: on sale, lead time */
    FC_A_LICENCE,  /* order to leave to export */
    FC_A_SHIPPING, /* made and free to leave, to delivery: the vendor's allotment */
    FC_A_HOSTING,  /* delivery to energised room */
    FC_A_CREW,     /* room to a free installation crew */
    FC_A_INSTALL,  /* crew to installed */
    FC_A_STAFF,    /* installed to commissioned: operations staff */
    FC_A_SERVICE,  /* commissioned to retired */
    FC_A_TERM,     /* commissioned to the end of its contract's term */
    FC_N_ACTIVITIES
} fc_activity_id;

/* One activity of one lot as it was lived: for the delay ledger, and to move its end. */
typedef struct fc_step {
    double start;    /* INFINITY: not begun */
    double began;    /* when its duration began to run, at `start` or later */
    double due;      /* scheduled end; INFINITY: not known, it waits for something */
    double end;      /* INFINITY: not ended */
    int32_t driver;  /* fc_activity_id whose end let this begin; FC_NONE: the programme's wish */
    int32_t cause;   /* fc_cause it is charged to */
    fc_handle event; /* its end, FC_NO_EVENT if none is scheduled */
} fc_step;

/* Servers of a commissioned lot and when the next one fails (upkeep.c). All servers are alike but
 * for one short server, where a stock is not a whole number of servers. */
typedef struct fc_server_pool {
    int64_t full, full_up; /* servers of full size: all of them, and those that run */
    int64_t full_off;      /* of them, those that are curtailed or unpaid */
    bool has_short, short_up, short_off;
    bool ages_differ; /* from server to server */
    bool batched;     /* failures and repairs by the step (batch.c) */
    double born;      /* when the lot's servers were new */
    double short_born;
    double rate;            /* failures a server-second */
    double residual, since; /* unit exponential left to the next candidate, as of `since` */
    fc_handle event, age_event;
    fc_stream stream;
    uint64_t failures;
} fc_server_pool;

/* What one server of a lot draws, in mW of IT power (energy.c). */
typedef struct fc_server_draw {
    int64_t rated, peak, idle; /* idle <= peak <= rated */
} fc_server_draw;

/* Where a lot stands with the export rules (activity_licence.c). */
typedef enum fc_licence {
    FC_LICENCE_NONE,    /* needs none, or (banned) can have none */
    FC_LICENCE_APPLIED, /* under `rule` */
    FC_LICENCE_GRANTED,
    FC_LICENCE_DENIED,
} fc_licence;

typedef struct fc_lot_licence {
    fc_licence state;
    int32_t rule;          /* plan->export_rules: of the application */
    uint64_t applications; /* so far */
} fc_lot_licence;

/* How many of the lot's slots are short (delay_ledger.c). */
typedef struct fc_lot_shortage {
    int64_t now;
    int32_t first, last; /* how many were, until it is commissioned; FC_NONE: no entries */
} fc_lot_shortage;

/* Where a lot has its room (activity_hosting.c, curtailment.c). */
typedef struct fc_room {
    int32_t phase;         /* that brought it; FC_NONE: room that was there */
    int lack;              /* fc_lack: why it waits, while it does */
    int32_t before, after; /* lots of the site in the order in which they came; FC_NONE */
    int64_t racks;         /* it stands in; 0: they are not counted */
    int64_t off;           /* its servers that there is no power for, failed ones among them */
} fc_room;

/* What was bought cost so much more than its budget was reckoned at: by the price, by the exchange
 * rate, by both; minor units of the budget's currency (funding_gap.h). */
typedef struct fc_dearer {
    double price, exchange, both;
} fc_dearer;

/* On what terms it was bought (payment.c). */
typedef struct fc_contract {
    int32_t owed_in; /* currency that what is owed follows; FC_NONE: the dollar */
    double rate;     /* of that, on the day of the order */
    int64_t advance; /* paid on the order, minor units of the budget's currency */
    fc_dearer dearer;
} fc_contract;

typedef struct fc_lot {
    /* what every failure and repair looks at comes first */
    int64_t gpus; /* all of its accelerators: the sum of count */
    int64_t count[FC_N_STATES];
    int32_t next; /* the next lot of its holding in order sequence, FC_NONE: last */
    int32_t holding, fleet;
    bool commissioned;
    fc_lot_shortage shortage;
    int64_t per_server;
    uint64_t id; /* occurrence of its draws: the same in every run that orders this lot */
    fc_server_pool servers;

    int32_t index; /* in world->lots */
    int32_t model;
    int32_t budget; /* that pays for it; FC_NONE: none */
    int32_t site;   /* where it has room; FC_NONE: none yet, or outside the sites modelled */
    uint64_t children;
    uint64_t renewals; /* of its term, so far */
    int64_t cost;      /* minor units of the budget's currency, still committed */
    fc_contract contract;
    fc_lot_licence licence;
    double server_power; /* W, rated */
    int64_t server_need; /* mW at the site's supply point a server, where it has room */
    fc_room room;
    int64_t unpaid; /* its servers that there is no money for, failed ones among them */
    fc_server_draw draw;
    int64_t value; /* purchase price of one accelerator, minor units of the fleet's currency */
    int64_t crew, staff; /* millionths of a person: of its crew; that operate one server */
    fc_step step[FC_N_ACTIVITIES];
} fc_lot;

/* What a new lot is. */
typedef struct fc_lot_order {
    int32_t holding, model, budget;
    uint64_t id;
    int64_t gpus, per_server, cost;
    int32_t owed_in; /* as fc_contract */
    double rate;
    double server_power;
    double wanted; /* when the programme wanted it */
} fc_lot_order;

static inline int64_t fc_lot_servers(const fc_lot *lot)
{
    return (lot->gpus + lot->per_server - 1) / lot->per_server;
}

static inline int64_t fc_lot_in_service(const fc_lot *lot)
{
    return lot->count[FC_ST_RUNNING] + lot->count[FC_ST_REPAIR] + lot->count[FC_ST_CURTAILED] +
           lot->count[FC_ST_UNPAID];
}

/* It was in service, and is no longer. */
static inline bool fc_lot_has_left(const fc_lot *lot)
{
    return lot->count[FC_ST_RETIRED] > 0 || lot->count[FC_ST_TRANSFERRED] > 0;
}

/* A new lot, all of it ordered now, last in its holding. FC_E_NOMEM. */
int fc_lot_create(struct fc_world *world, const fc_lot_order *order, fc_lot **out);

/* Moves n accelerators, 0 <= n <= count[from]. Errors: of the delay ledger. */
int fc_lot_move(struct fc_world *world, fc_lot *lot, fc_state from, fc_state to, int64_t n);

/* Puts the lot that was ordered last in its holding right behind another one of it: the slots that
 * this one frees are the first that it gets. Errors: of the delay ledger. */
int fc_lot_place_behind(struct fc_world *world, fc_lot *lot, fc_lot *other);

/* Keeps the first `servers` of a lot that waits and is all in one state, and puts the others in a
 * new lot right behind it, with the same history. 0 < servers < fc_lot_servers(lot). */
int fc_lot_split(struct fc_world *world, fc_lot *lot, int64_t servers, fc_lot **rest);

/* Of a lot in service the last `servers`, all of full size and none of them failed, go on as a lot
 * of their own right behind it, running those that can; what fails and is repaired meanwhile stays
 * with the lot. 0 < servers < fc_lot_servers(lot). Errors: of the failure rate. */
int fc_lot_branch(struct fc_world *world, fc_lot *lot, int64_t servers, fc_lot **branch);

/* Mixes two 64-bit numbers into one that identifies the pair (finaliser of splitmix64: Steele,
 * Lea and Flood 2014, "Fast splittable pseudorandom number generators"). */
static inline uint64_t fc_mix_id(uint64_t a, uint64_t b)
{
    uint64_t x = a + UINT64_C(0x9e3779b97f4a7c15) * (b + 1);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

#endif
