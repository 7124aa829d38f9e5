/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plan, part 2: electricity, water, carbon and running cost.
 *
 * A parameter that is not given (0) is a charge that is not there, unless said otherwise. Prices
 * are those of the moment at which something is used; each has a currency of its own.
 */
#ifndef FC_MODEL_PLAN_ENERGY_H
#define FC_MODEL_PLAN_ENERGY_H

#include "kernel/load_calendar.h"
#include "model/plan_values.h"

typedef struct fc_price {
    fc_param value;
    int32_t currency; /* plan->currencies */
} fc_price;

typedef struct fc_tariff_season {
    uint32_t months;                /* bit 1: January; of OTHER_SEASON unused: what is left */
    uint32_t mid_hours, peak_hours; /* bit h: the hour from h:00 */
    fc_price price[FC_N_PERIODS];   /* a kWh; not given: the tariff's `energy` */
} fc_tariff_season;

typedef struct fc_tariff {
    const char *name;
    fc_price energy; /* a kWh, where the season has no price */
    fc_tariff_season season[FC_N_SEASONS];
    int saturday, sunday, holiday; /* fc_milder */
    uint32_t n_holidays;
    const int64_t *holidays; /* day numbers, ascending */
    /* Demand charge: of a kW of billing demand and month. Billing demand is the highest of the
     * month's peak and of the peaks of those of the eleven months before that are among
     * `demand_months`, and at least `demand_floor` of the contract power. */
    fc_price demand;
    uint32_t demand_months;    /* bit 1: January */
    int off_peak_demand;       /* 1: power drawn in off-peak hours only makes no peak */
    fc_param demand_floor;     /* share */
    fc_price climate, fuel;    /* surcharges a kWh; fuel may be negative */
    fc_param fund, vat;        /* shares of all of the above */
    fc_load_calendar calendar; /* fc_plan_finish fills it in */
} fc_tariff;

/* How far servers that run are loaded. */
typedef enum fc_load_from {
    FC_LOAD_STATED,    /* as `load` says */
    FC_LOAD_OF_DEMAND, /* as the fleet's demand uses their accelerators, hour by hour */
} fc_load_from;

/* On what terms electricity and water are had and space is leased: of a site, or of what a fleet
 * houses outside its sites. What a site does not give is its fleet's, as said at each. */
typedef struct fc_terms {
    int32_t tariff;          /* fleet's; FC_NONE, or a plan without tariffs: no bill */
    int load_from;           /* the fleet's only: fc_load_from */
    fc_param load;           /* fleet's; share of the range from idle to peak power; 0: all */
    fc_param pue;            /* facility W a W of IT; 0: the site's design PUE, elsewhere 1 */
    fc_param summer_pue;     /* from June to August; 0: as the rest of the year */
    fc_param contract_power; /* W; 0: the site's energised power, elsewhere none */
    fc_price adder;          /* regional, a kWh */
    fc_param ppa_share;      /* fleet's; of the energy, bought from a generator */
    fc_price ppa_price;      /* fleet's; a kWh of it, instead of energy charge and surcharges */
    fc_param wue;            /* fleet's; litres a kWh of IT energy */
    fc_param water_permit;   /* m3 a day; 0: no limit */
    fc_price colocation;     /* a kW of rated IT power and month */
} fc_terms;

typedef enum fc_arrears {
    FC_ARREARS_CONTINUE, /* what is not paid is owed, and all goes on */
    FC_ARREARS_SHUT,     /* beyond the limit servers are off for want of money */
} fc_arrears;

typedef struct fc_running_cost {
    fc_param maintenance;   /* share of the purchase price a second (rate) */
    fc_price licences;      /* an accelerator and hour */
    fc_price network;       /* the same */
    fc_price staff;         /* a kW of rated IT power and month */
    fc_param funded;        /* share of the cost of running all that is in service; 0: what the
                             * running lines of the budgets have, all if there are none */
    int arrears;            /* fc_arrears */
    fc_price arrears_limit; /* SHUT: as much may be owed; 0: nothing */
    fc_param written_off;   /* duration over which a purchase is written off; 0: 5 years */
} fc_running_cost;

/* Emission factors never mixed: each basis is a sum of its own. X(id, English, Korean). */
/* clang-format off */
#define FC_CARBON_TABLE(X) \
    X(consumption, "consumption factor", "소비단 배출계수") \
    X(location,    "location-based (generation)", "지역 기반(발전단)") \
    X(life_cycle,  "life cycle", "전과정") \
    X(market,      "market-based (without PPA)", "시장 기반(PPA 제외)")
/* clang-format on */

typedef enum fc_carbon_basis {
#define FC_X(id, en, ko) FC_CARBON_##id,
    FC_CARBON_TABLE(FC_X)
#undef FC_X
        FC_N_CARBON_BASES
} fc_carbon_basis;

typedef struct fc_carbon {
    int headline;                       /* fc_carbon_basis */
    fc_param factor[FC_N_CARBON_BASES]; /* kg a kWh */
} fc_carbon;

#endif
