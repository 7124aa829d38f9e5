/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Worker: simulates one replication after another, on a thread or in a process of its own. */
#ifndef FC_EXPERIMENT_WORKER_H
#define FC_EXPERIMENT_WORKER_H

#include "model/simulate.h"

typedef struct fc_worker fc_worker;

/* The plan must outlive it. E_NOMEM. */
int fc_worker_create(const fc_plan *plan, fc_worker **out);
void fc_worker_free(fc_worker *worker); /* NULL: nothing */

/* Simulates a replication; `uniforms` as in fc_world_run_at. Returns why it failed, or FC_OK.
 * *sentence is then its message, malloc'd, with the path it is about; NULL if there is none. */
int fc_worker_run(fc_worker *worker, uint32_t replication, const double *uniforms, fc_record *out,
                  char **sentence);

#endif
