/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phases of sites while the world runs: works and grid connection, which bring power, and the money
 * for the works.
 */
#ifndef FC_MODEL_PHASE_H
#define FC_MODEL_PHASE_H

#include "kernel/calendar.h"
#include "kernel/stats.h"
#include "model/activity.h"
#include "model/metric_table.h"
#include "model/plan.h"

struct fc_world;

/* Two works of a phase go on beside one another, each in stages (phase.c). */
typedef enum fc_phase_work { FC_WORK_BUILD, FC_WORK_CONNECT, FC_N_WORKS } fc_phase_work;

typedef struct fc_work {
    int stage;      /* fc_stage under way */
    fc_param param; /* its duration, as occurrence */
    uint64_t occurrence;
    double began, due;
    fc_handle event;
    bool done;
    double failed; /* when the last assessment failed */
    uint64_t attempts;
    fc_part parts[FC_MOST_PARTS]; /* what it went through so far, for the delay ledger */
    size_t n_parts;
} fc_work;

typedef struct fc_phase_state {
    const char *path;
    uint64_t key;       /* stream of its own chances */
    int64_t *committed; /* by each budget of its site, minor units, until the works are paid */
    int32_t site;
    fc_work work[FC_N_WORKS];
    bool started, energised;
    bool unfunded;                  /* its works wait for money */
    fc_level_int lacked[FC_N_GAPS]; /* why, while they do; sums to FC_GAP_WHOLE */
} fc_phase_state;

/* ---- phase.c: works and grid connection, which bring power */
int fc_phase_due(struct fc_world *world, uint32_t phase);
int fc_phase_build(struct fc_world *world, uint32_t phase); /* there is money for its works now */
int fc_phase_changed(struct fc_world *world, fc_param p, fc_in_progress how);
/* The work of a phase that ends (or is to end) last, and when; INFINITY: not known yet. */
const fc_work *fc_phase_last_work(const fc_phase_state *phase, double *ends);

/* ---- site_funding.c: money for phases of sites */
/* Commits what the works of a phase cost; *funded says whether there was money for all of it. */
int fc_phase_fund(struct fc_world *world, uint32_t phase, bool *funded);
int fc_phase_pay(struct fc_world *world, uint32_t phase); /* its works are finished */
int fc_phases_funded(struct fc_world *world);             /* those that wait for money look again */
/* Notes why the phase has no money, if it waits for it. */
void fc_phase_lacks(struct fc_world *world, uint32_t phase);

#endif
