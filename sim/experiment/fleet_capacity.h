/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scenario's fleet as a cluster for jobs: how many accelerators of each model run, and when that
 * changes, in one replication. A trace is replayed on it (trace/replay.h).
 *
 *     fc_fleet_cluster cluster;
 *     fc_fleet_cluster_ask ask = {.plan = plan, .fleet = 0, .from = start};
 *     if (fc_fleet_cluster_make(&ask, diag, &cluster) == FC_OK) ...
 *     spec.groups = cluster.groups;
 *     spec.group_count = cluster.n_groups;
 *     spec.changes = fc_fleet_cluster_changes(&cluster); // from the beginning, each time it is
 * called
 */
#ifndef FC_EXPERIMENT_FLEET_CAPACITY_H
#define FC_EXPERIMENT_FLEET_CAPACITY_H

#include "jobs/capacity.h"
#include "model/simulate.h"

typedef struct fc_fleet_cluster_ask {
    const fc_plan *plan;
    int32_t fleet; /* plan->fleets */
    uint32_t replication;
    double from; /* s from the start of the horizon: the cluster's time 0 */
    bool pooled; /* any free GPUs of a model serve a job; else servers of the model's size do */
} fc_fleet_cluster_ask;

typedef struct fc_fleet_cluster {
    fc_gpu_group groups[FC_MAX_GROUPS]; /* of models that ever run; `units`: at time 0 */
    int32_t models[FC_MAX_GROUPS];      /* plan->accelerators */
    uint32_t n_groups;
    fc_capacity_change
        *changes; /* after time 0, in order of time; after the horizon there are none */
    size_t n_changes, next;
    int64_t least, most; /* GPUs, from time 0 on */
} fc_fleet_cluster;

/* Simulates the replication. Of what leaves as planned the free and the emptiest servers go first;
 * what fails, is curtailed or unpaid are servers side by side, from a place that is drawn. Jobs on
 * either stop. A model whose
 * accelerators are no whole number of servers lacks the last one. Errors: those of fc_world_run,
 * E_FULL (more than FC_MAX_GROUPS models). The cluster is to be freed in any case. */
int fc_fleet_cluster_make(const fc_fleet_cluster_ask *ask, fc_diag *diag, fc_fleet_cluster *out);
void fc_fleet_cluster_free(fc_fleet_cluster *cluster);

/* The changes as a source, from the first one on. */
fc_capacity_source fc_fleet_cluster_changes(fc_fleet_cluster *cluster);

#endif
