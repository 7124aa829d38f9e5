/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Energy: meters that count what is drawn at the sites, and what it costs. Private to the model.
 *
 * A meter stands at each site, and one at what a fleet houses outside its sites. It adds up the
 * draw of the servers that run: one draws idle + (peak - idle) x load of IT power, the facility PUE
 * times that. Between two events the draw is constant, so a meter is brought up to date only when
 * something changes, and the load calendar (kernel/load_calendar.h) says how many seconds of each
 * load period have passed. Power is in whole milliwatts, energy in milliwatt-seconds, times in
 * whole seconds: sums are exact, and always
 *
 *     load + idle + overhead = metered
 *
 * The load is stated, or what demand uses (demand_load.c): then demand is brought up to a time
 * before the meters are.
 *
 * Servers in repair, off for want of power or money, or not yet commissioned draw nothing.
 *
 * Everything that costs is counted twice where servers may be off for want of money: as it is, and
 * as it would be if they were on ("in full").
 */
#ifndef FC_MODEL_ENERGY_H
#define FC_MODEL_ENERGY_H

#include "kernel/stats.h"
#include "model/lot.h"
#include "model/metric_table.h"
#include "model/plan.h"

struct fc_world;

typedef enum fc_as { FC_AS_IS, FC_IN_FULL, FC_N_AS } fc_as;
typedef enum fc_energy_kind { FC_LOAD, FC_IDLE, FC_OVERHEAD, FC_N_ENERGY_KINDS } fc_energy_kind;

/* mW s in a kWh; mW in a kW. */
#define FC_KWH 3.6e9
#define FC_KW 1e6

typedef struct fc_register {
    int64_t peak, idle; /* mW of IT power of the servers that are on: at full load, without load */
    int64_t drawn;      /* mW at the supply point */
    fc_int128 by_period[FC_N_PERIODS];    /* mW s that have no price yet */
    int64_t month_peak;                   /* mW, of the month under way */
    int64_t peaks[12];                    /* of the months before, by ordinal modulo 12 */
    fc_level_int rated;                   /* mW of rated IT power in service */
    fc_int128 rated_before;               /* its integral when the month began */
    int64_t bill[FC_N_ELECTRICITY_COSTS]; /* of the month, minor units of the fleet's currency */
} fc_register;

typedef struct fc_meter {
    /* of the plan */
    int32_t fleet, site; /* site FC_NONE: what the fleet houses elsewhere */
    int n_as;            /* 1: both countings are the same */
    fc_terms terms;
    const fc_tariff *tariff; /* NULL: none */
    /* state */
    int64_t since;                       /* up to date to this second */
    int64_t before[FC_N_PERIODS];        /* seconds of each period before it */
    double load, pue, wue, permit;       /* as read last; permit in m3 a day, INFINITY: none */
    int64_t draw[FC_N_ENERGY_KINDS];     /* mW, as it is; they sum to `drawn` */
    fc_int128 energy[FC_N_ENERGY_KINDS]; /* mW s, from the start on */
    fc_int128 metered;                   /* the same of `drawn` */
    fc_int128 billed[FC_N_ENERGY_KINDS]; /* `energy` when the month began */
    double water, over_permit;           /* m3 and seconds, of the month under way */
    fc_register as[FC_N_AS];
} fc_meter;

/* Sums of a calendar year. Money in minor units of the fleet's currency. */
typedef struct fc_cost_year {
    double energy[FC_N_ENERGY_KINDS]; /* kWh */
    int64_t peak;                     /* mW */
    int64_t cost[FC_N_COSTS], full, paid;
    double carbon[FC_N_CARBON_BASES]; /* kg */
    double water, over_permit;        /* m3, s */
} fc_cost_year;

/* What running a fleet costs, and who pays. At any moment billed = paid + owed. */
typedef struct fc_fleet_costs {
    bool metered, may_shut; /* of the plan */
    int64_t billed, paid, owed;
    fc_level_int value[FC_N_AS]; /* purchase prices of what is in service, minor units */
    fc_level_int gpus[FC_N_AS];  /* accelerators in service */
    fc_int128 value_before[FC_N_AS], gpus_before[FC_N_AS];
    fc_level_int running; /* accelerators that run */
    fc_int128 running_before;
    double on;       /* share of what is in service that the money is enough for */
    bool bought;     /* a programme's purchase has entered service ... */
    uint32_t months; /* ... and so many months have been counted since */
    int64_t cost_5y, electricity_5y, unfunded_5y;
    double pv_cost, pv_hours; /* major units; accelerator-hours */
    fc_cost_year *years;      /* plan->n_years */
} fc_fleet_costs;

typedef struct fc_energy {
    uint32_t n_meters; /* sites, then fleets */
    fc_meter *meters;
    fc_fleet_costs *fleets;
} fc_energy;

/* ---- energy.c: what is drawn */
/* world->energy, NULL where the plan says nothing of energy and cost. */
int fc_energy_create(struct fc_world *world);
void fc_energy_begin(struct fc_world *world);
/* A lot has been ordered: what its servers draw and were bought for. */
int fc_energy_lot(struct fc_world *world, fc_lot *lot);
/* n of the lot's accelerators went from one state to another. */
void fc_energy_moved(struct fc_world *world, const fc_lot *lot, fc_state from, fc_state to,
                     int64_t n);
/* Prices, load or PUE may have changed now. */
int fc_energy_changed(struct fc_world *world);
/* Until then the fleet's servers are so loaded, since when that was said last. */
void fc_energy_load(struct fc_world *world, int32_t fleet, double until, double load);
void fc_meter_advance(fc_meter *meter, int64_t second);
void fc_meter_read(struct fc_world *world, fc_meter *meter, double t);
int fc_energy_verify(struct fc_world *world);

/* ---- bill.c: what it costs */
/* Just before t: the last moment of an interval that ends there. */
double fc_before(double t);
/* The price in major units of the fleet's currency; 0 where there is none. */
double fc_price_at(struct fc_world *world, int32_t fleet, const fc_price *price, double t);
/* Major to minor units of the fleet's currency, added to *sum. E_DOMAIN beyond 2^53. */
int fc_charge(struct fc_world *world, int32_t fleet, double amount, int64_t *sum);
/* Gives what was metered since it was done last its price: that of just before t. */
int fc_meter_value(struct fc_world *world, fc_meter *meter, double t);
/* W */
double fc_contract_power(struct fc_world *world, const fc_meter *meter, double t);
/* Ends the month with that ordinal, of `share` of a calendar month, at t: demand charge, fund, VAT.
 */
int fc_meter_close(struct fc_world *world, fc_meter *meter, uint32_t month, double share, double t);

/* ---- running.c: a fleet's running cost */
void fc_running_begin(struct fc_world *world);
/* Ends a month: bills, pays, and decides what may run. `month` counts from 0. */
int fc_running_close(struct fc_world *world, uint32_t month, double t);
int fc_running_verify(struct fc_world *world);

/* Ends the month that the horizon's end ends. */
int fc_running_end(struct fc_world *world);

/* ---- observe_energy.c: of a fleet that is metered; else NaN, or 0 for a series */
double fc_energy_metric(struct fc_world *world, int metric, int32_t fleet, double t);
double fc_energy_of_year(const struct fc_world *world, int metric, int32_t fleet, int32_t year);
double fc_cost_of_year(const struct fc_world *world, int32_t fleet, int32_t entity);

#endif
