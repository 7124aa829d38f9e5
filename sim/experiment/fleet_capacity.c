/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/fleet_capacity.h"

#include <stdio.h>
#include <stdlib.h>
#include "kernel/stream.h"

/* What is known of the models while the replication runs. */
typedef struct taker {
    const fc_fleet_cluster_ask *ask;
    fc_fleet_cluster *out;
    size_t room;
    int64_t running[FC_MAX_GROUPS]; /* GPUs */
    int64_t units[FC_MAX_GROUPS];
    int64_t gpus; /* of all units */
    uint64_t key, strikes;
} taker;

static uint32_t unit_of(const taker *t, uint32_t group)
{
    uint32_t size = t->out->groups[group].server_gpus;
    return size ? size : 1;
}

/* The group of a model; FC_MAX_GROUPS: there is no room for one more. */
static uint32_t group_of(taker *t, const fc_running_change *change)
{
    fc_fleet_cluster *out = t->out;
    uint32_t group = 0;
    while (group < out->n_groups && out->models[group] != change->model) group++;
    if (group < out->n_groups || group == FC_MAX_GROUPS) return group;
    out->models[group] = change->model;
    out->groups[group].server_gpus = t->ask->pooled ? 0 : (uint32_t)change->per_server;
    out->n_groups++;
    return group;
}

static int push(taker *t, const fc_capacity_change *change)
{
    fc_fleet_cluster *out = t->out;
    if (out->n_changes == t->room) {
        size_t room = t->room ? 2 * t->room : 256;
        fc_capacity_change *grown = realloc(out->changes, room * sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        out->changes = grown;
        t->room = room;
    }
    out->changes[out->n_changes++] = *change;
    return FC_OK;
}

/* fc_observer.running */
static int take(void *self, const fc_running_change *change)
{
    taker *t = self;
    if (change->fleet != t->ask->fleet) return FC_OK;
    uint32_t group = group_of(t, change);
    if (group == FC_MAX_GROUPS) return FC_E_FULL;
    t->running[group] += change->more;
    int64_t more = t->running[group] / unit_of(t, group) - t->units[group];
    if (more == 0) return FC_OK;
    t->units[group] += more;
    t->gpus += more * unit_of(t, group);
    fc_gpu_group *g = &t->out->groups[group];
    fc_capacity_change c = {.time = change->time - t->ask->from,
                            .kind = more > 0         ? FC_CAPACITY_ADD
                                    : change->leaves ? FC_CAPACITY_TAKE
                                                     : FC_CAPACITY_STRIKE,
                            .group = group,
                            .units = (uint32_t)(more > 0 ? more : -more)};
    if (c.kind == FC_CAPACITY_STRIKE) {
        fc_stream stream;
        fc_stream_init(&stream, t->key, t->ask->replication, t->strikes++);
        c.place = fc_stream_uniform(&stream);
    }
    if (c.time <= 0) {
        g->units = g->most = (uint32_t)t->units[group];
        t->out->least = t->out->most = t->gpus;
        return FC_OK;
    }
    if (t->units[group] > g->most) g->most = (uint32_t)t->units[group];
    if (t->gpus > t->out->most) t->out->most = t->gpus;
    if (t->gpus < t->out->least) t->out->least = t->gpus;
    return push(t, &c);
}

static int simulate(taker *t, fc_diag *diag)
{
    fc_world *world = NULL;
    fc_record record = {0};
    fc_observer observer = {.running = take, .self = t};
    int ret = fc_world_create(t->ask->plan, &world);
    if (!ret) ret = fc_record_init(&record, t->ask->plan);
    if (!ret) ret = fc_world_run(world, t->ask->replication, &observer, &record, diag);
    fc_record_free(&record);
    fc_world_free(world);
    return ret;
}

int fc_fleet_cluster_make(const fc_fleet_cluster_ask *ask, fc_diag *diag, fc_fleet_cluster *out)
{
    const char *fleet = ask->plan->fleets[ask->fleet].name;
    taker t = {.ask = ask, .out = out, .key = fc_stream_key(ask->plan->seed, fleet, "struck")};
    *out = (fc_fleet_cluster){0};
    int ret = simulate(&t, diag);
    char limit[16];
    snprintf(limit, sizeof limit, "%d", FC_MAX_GROUPS);
    if (ret == FC_E_FULL && fc_diag_errors(diag) == 0)
        fc_fail(diag, ret, NULL, limit, FC_BOTH("models that run", "가동 모델"), NULL);
    else if (ret == FC_E_NOMEM && fc_diag_errors(diag) == 0)
        fc_fail(diag, ret, NULL, NULL);
    return ret;
}

void fc_fleet_cluster_free(fc_fleet_cluster *cluster)
{
    free(cluster->changes);
    *cluster = (fc_fleet_cluster){0};
}

/* fc_capacity_source.next */
static int next_change(void *context, fc_capacity_change *change, bool *more)
{
    fc_fleet_cluster *cluster = context;
    *more = cluster->next < cluster->n_changes;
    if (*more) *change = cluster->changes[cluster->next++];
    return FC_OK;
}

fc_capacity_source fc_fleet_cluster_changes(fc_fleet_cluster *cluster)
{
    cluster->next = 0;
    return (fc_capacity_source){next_change, cluster};
}
