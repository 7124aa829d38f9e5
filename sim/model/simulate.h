/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One replication: a plan and a number in, a record out.
 *
 *     fc_world *world;                          // reusable: one a thread
 *     fc_record record;
 *     if ((ret = fc_world_create(plan, &world)) == FC_OK) ...
 *     fc_record_init(&record, plan);
 *     for (uint32_t r = 0; r < 1000; r++)
 *         if ((ret = fc_world_run(world, r, NULL, &record, diag)) != FC_OK) ...
 *
 * Same plan, seed and replication number give the same record, bit for bit, whatever the world
 * ran before.
 */
#ifndef FC_MODEL_SIMULATE_H
#define FC_MODEL_SIMULATE_H

#include "fleetcast/simulate.h"
#include "model/plan.h"

typedef struct fc_world fc_world;

/* What happened in a replication, for people: "2025-09-01 lot 3 delivered". Optional. */
typedef struct fc_log_entry {
    double time;
    const char *what;   /* release, lapse, tender, failed_call (which attempt), order, licence,
                         * denied, cancelled, delivery, energised, in_service, failure,
                         * retired, renewed, term_end, phase_start, phase (its power), driver */
    const char *entity; /* korea.programmes.state-2025 */
    int32_t lot;        /* FC_NONE where there is none */
    double amount;      /* accelerators, W or money, as `unit` says */
    const char *unit;
} fc_log_entry;

/* More accelerators of a fleet run, or fewer: what a cluster of jobs has. */
typedef struct fc_running_change {
    double time;
    int32_t fleet, model; /* plan->fleets, plan->accelerators */
    int64_t per_server;   /* accelerators in a server of the lot */
    int64_t more;         /* below 0: fewer */
    bool leaves;          /* for good, as planned: what is free goes first */
} fc_running_change;

typedef struct fc_observer {
    /* NULL, or told of everything; what it returns, if not FC_OK, ends the replication with it */
    int (*log)(void *self, const fc_log_entry *entry);
    int (*running)(void *self, const fc_running_change *change); /* the same */
    void *self;
    bool verify; /* check every conservation law after every event (slow) */
} fc_observer;

int fc_world_create(const fc_plan *plan, fc_world **out);
void fc_world_free(fc_world *world);

int fc_record_init(fc_record *record, const fc_plan *plan);
void fc_record_free(fc_record *record);

/* Errors: E_NOMEM, E_LEDGER (a conservation law failed; the diag names it), E_DOMAIN (a drawn
 * value is out of its key's range), E_FULL. The world may be used again after any of them. */
int fc_world_run(fc_world *world, uint32_t replication, const fc_observer *observer,
                 fc_record *record, fc_diag *diag);

/* The same at a point of a design: `uniforms` (plan->n_unknowns numbers in the order of
 * plan->draw_names, NaN: drawn as ever; NULL: all are) stand in for those of the unknowns. */
int fc_world_run_at(fc_world *world, uint32_t replication, const double *uniforms,
                    const fc_observer *observer, fc_record *record, fc_diag *diag);

#endif
