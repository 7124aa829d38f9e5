/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kinds of quantity (dimensions): what a key can want, in which unit its value is handed on, and
 * what messages, schema and reference say of it.
 */
#ifndef FC_SCENARIO_DIMENSION_H
#define FC_SCENARIO_DIMENSION_H

#include "fleetcast/error.h"

/* Kinds of quantity, each with the unit in which its value is handed on ("XXX": the currency). */
typedef enum fc_dim {
    FC_DIM_NUMBER,     /* plain number, no unit */
    FC_DIM_COUNT,      /* whole number, with or without a counting word: 30,000 GPUs, 3만 장 */
    FC_DIM_SHARE,      /* fraction: 59 % -> 0.59 */
    FC_DIM_DURATION,   /* s; month = 30.4375 days, quarter = 3 months, year = 365.25 days */
    FC_DIM_DATE,       /* days since 1970-01-01 */
    FC_DIM_POWER,      /* W */
    FC_DIM_RACK_POWER, /* W/rack; "/rack" may be left out */
    FC_DIM_ENERGY,     /* kWh */
    FC_DIM_MONEY,      /* major units of the currency */
    FC_DIM_ITEM_PRICE, /* money an item: 30000 USD, 30000 USD/GPU; which item: fc_unit_want.item */
    FC_DIM_ENERGY_PRICE, /* XXX/kWh */
    FC_DIM_POWER_PRICE,  /* XXX/kW, to buy or build: 68 bn KRW/MW */
    FC_DIM_DEMAND_PRICE, /* XXX/kW-month: demand charge, colocation */
    FC_DIM_GPU_PRICE,    /* XXX/GPU-h: rental */
    FC_DIM_CARBON_PRICE, /* XXX/t */
    FC_DIM_EXCHANGE,     /* currency / per_currency: 1421.4 KRW/USD */
    FC_DIM_COMPUTE,      /* FLOPS (a rate; FLOP/s) */
    FC_DIM_WORK,         /* FLOP */
    FC_DIM_GPU_TIME,     /* GPU-h */
    FC_DIM_BYTES,        /* B, decimal prefixes: 1 GB = 1e9 B */
    FC_DIM_BANDWIDTH,    /* B/s */
    FC_DIM_MASS,         /* kg, of CO2 equivalent */
    FC_DIM_EMISSION,     /* kg/kWh */
    FC_DIM_VOLUME,       /* m3 */
    FC_DIM_WATER_USE,    /* L/kWh */
    FC_DIM_WATER_RATE,   /* m3/day */
    FC_DIM_RATE,         /* 1/s: /day, %/year, jobs/day, /server-year */
    FC_DIM_LIMIT         /* how many there are */
} fc_dim;

/* What a count counts. A rack of 72 is not a GPU: words of another kind are refused. */
typedef enum fc_item {
    FC_ITEM_ANY, /* any counting word, or none */
    FC_ITEM_GPU,
    FC_ITEM_SERVER,
    FC_ITEM_RACK,
    FC_ITEM_USER,
    FC_ITEM_JOB,
    FC_ITEM_TOKEN,
    FC_ITEM_LIMIT
} fc_item;

const char *fc_item_name(fc_item item, fc_lang lang); /* "GPUs", "GPU(장)" */

/* What a key wants. Currencies: three-letter code, or NULL for any. */
typedef struct fc_unit_want {
    fc_dim dim;
    fc_item item;
    const char *currency;
    const char *per_currency; /* exchange rates only */
} fc_unit_want;

/* For messages, schema and reference. Strings are constants. */
const char *fc_dim_id(fc_dim dim);                 /* "energy-price" */
const char *fc_dim_name(fc_dim dim, fc_lang lang); /* "a price of energy", "전력량 단가" */
const char *fc_dim_base(fc_dim dim);               /* "XXX/kWh"; "" if plain */
const char *fc_unit_example(fc_dim dim);           /* "172.99 KRW/kWh" */
/* The units a message or a reference lists, the usual first: "MW, kW, GW, W". "" if plain. */
const char *fc_unit_list(fc_dim dim);
/* The item in fc_dim_base (GPU of a GPU-hour, rack of W/rack; else ANY), and between which
 * exponents items may stand in a unit of the kind: -1 "per item", 0 none, 1 "of items". */
fc_item fc_dim_item(fc_dim dim, int *least, int *most);

#endif
