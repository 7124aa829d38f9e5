/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand on one fleet, down the whole street.
 */
#ifndef FC_TEST_DEMAND_STREET_H
#define FC_TEST_DEMAND_STREET_H

#include "kernel/stats.h"
#include "street.h"

/* A fleet of `gpus` h100, and `npus`, from the start, with keys of its own, of its demand, and what
 * follows the fleets; "" for none. A class's keys go into `demand`. */
typedef struct demand_street {
    const char *end; /* of the horizon that begins on 2025-01-01; NULL: 2026-01-01 */
    int gpus, npus;  /* npus: of another model */
    const char *fleet, *demand, *rest;
} demand_street;

fc_scenario *load_demand(const demand_street *s);
seen see_demand(const demand_street *s, uint32_t replication);

/* Outcomes of a class and of the fleet. */
double of_class(const seen *s, int metric, int32_t class);
double of_fleet(const seen *s, int metric);

/* An outcome over replications from 0 on: `most` of them, or the share of tests/share.h. */
fc_tally repeat_demand(const demand_street *s, int metric, int32_t entity, uint32_t most);
/* That the mean is right as far as Student's interval of 99.99 % tells, and that this is less than
 * `within` of it. */
void assert_mean(const fc_tally *tally, double expected, double within);

#endif
