/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running a world in tests: its log as text, outcomes by metric.
 */
#ifndef FC_TEST_WORLD_HELPER_H
#define FC_TEST_WORLD_HELPER_H

#include "base/text.h"
#include "model/metric_table.h"
#include "model/simulate.h"

/* One replication of a plan, verified after every event; frees nothing but itself. */
typedef struct trial {
    const fc_plan *plan;
    fc_world *world;
    fc_record record;
    fc_diag *diag;
    fc_text log; /* "day what entity lot amount unit", a line an entry; failures left out */
} trial;

trial trial_start(const fc_plan *plan);
int trial_run(trial *t, uint32_t replication); /* fills record and log */
void trial_end(trial *t);
/* start, one run that must succeed. */
trial trial_of(const fc_plan *plan, uint32_t replication);

double outcome(const trial *t, int metric, int32_t fleet, int32_t entity);
double series(const trial *t, int metric, int32_t fleet, uint32_t month);
/* Sum of the delay over causes, GPU days. */
double delay_sum(const trial *t, int32_t fleet);
/* Same outcomes, series and draws, bit for bit. */
bool same_record(const fc_plan *plan, const fc_record *a, const fc_record *b);

#endif
