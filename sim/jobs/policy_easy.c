/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EASY backfill over the order of arrival, the queue searched to its end (reservation.h says the
 * rules). The reservation is that of the first job that asks for no more than runs. When only
 * arrivals have happened since the last pass, the reservation stands, and of the jobs waiting none
 * can start that could not before: time passes and GPUs become fewer. So only the one that arrives
 * is looked at.
 */
#include <assert.h>

#include "jobs/scheduler.h"

/* What may start beside the reservation on each group: any gang up to `ending` GPUs that ends
 * within `length`, and any up to `lasting`. */
typedef struct limits {
    uint64_t ending, lasting;
    double length;
} limits;

static limits limits_on(const fc_scheduler *s, uint32_t group)
{
    const fc_reservation *r = &s->reservation;
    uint64_t room = fc_group_room(&s->cluster.groups[group]);
    limits l = {.ending = room, .lasting = room, .length = INFINITY};

    if (group == r->group && !isinf(r->time) && room > 0) {
        l.lasting = fc_reservation_room(r, &s->cluster);
        l.length = r->time - s->now;
    }
    return l;
}

/* Starts the job if it may start beside the reservation. */
static int try_start(fc_scheduler *s, uint32_t slot, bool queued, bool *started)
{
    const fc_task *task = fc_task_at(s, slot);
    fc_reservation *r = &s->reservation;
    uint32_t gpus = task->job.gpus, may = 0;
    bool lasts = false; /* beyond the shadow time */

    *started = false;
    for (uint32_t i = 0; i < s->cluster.count; i++) {
        limits l = limits_on(s, i);
        bool ends = gpus <= l.ending && fc_task_expected(task) <= l.length;
        if (ends || gpus <= l.lasting) may |= 1u << i;
        if (i == r->group) lasts = !ends;
    }
    uint32_t group = fc_cluster_choose(&s->cluster, &task->job, may);
    if (group == UINT32_MAX) return FC_OK;
    if (queued) fc_scheduler_unqueue(s, slot);
    if (group != r->group || !lasts) {
        *started = true;
        return fc_scheduler_start(s, slot, group);
    }
    if (fc_group_is_flat(&s->cluster.groups[group])) r->extra -= gpus;
    return fc_scheduler_start_within(s, slot, group, started);
}

static int reserve(fc_scheduler *s)
{
    fc_ordered_entry head = {0};

    if (s->reservation.made) return FC_OK;
    s->reservation = (fc_reservation){.time = INFINITY};
    if (!fc_scheduler_first(s, s->cluster.all, &head)) return FC_OK;
    return fc_reservation_make(&s->reservation, &s->cluster, &s->tasks,
                               &fc_task_at(s, head.slot)->job);
}

static bool has_room(const fc_scheduler *s, uint32_t gpus)
{
    for (uint32_t i = 0; i < s->cluster.count; i++) {
        if (fc_group_room(&s->cluster.groups[i]) >= gpus) return true;
    }
    return false;
}

static int arrive(fc_scheduler *s, uint32_t slot, bool *started)
{
    *started = false;
    if (!has_room(s, fc_task_at(s, slot)->job.gpus)) return FC_OK;
    int ret = reserve(s);
    return ret ? ret : try_start(s, slot, false, started);
}

/* The first in the queue that may start. */
static bool find_candidate(const fc_scheduler *s, fc_ordered_entry *out)
{
    fc_ordered_entry entry = {0};
    bool found = false;

    for (uint32_t i = 0; i < s->cluster.count; i++) {
        limits l = limits_on(s, i);
        bool here = fc_queue_find(&s->queue, i, l.ending, l.length, &entry);
        if (here && (!found || fc_entry_before(&entry, out))) *out = entry;
        found |= here;
        if (isinf(l.length)) continue;
        here = fc_queue_find(&s->queue, i, l.lasting, INFINITY, &entry);
        if (here && (!found || fc_entry_before(&entry, out))) *out = entry;
        found |= here;
    }
    return found;
}

/* Starts the first of the queue until one does not fit. */
static int start_heads(fc_scheduler *s)
{
    fc_ordered_entry entry = {0};
    uint32_t group = 0;
    int ret = FC_OK;

    while (ret == FC_OK && fc_scheduler_first(s, s->cluster.all, &entry)) {
        group = fc_cluster_choose(&s->cluster, &fc_task_at(s, entry.slot)->job, UINT32_MAX);
        if (group == UINT32_MAX) break;
        fc_scheduler_unqueue(s, entry.slot);
        ret = fc_scheduler_start(s, entry.slot, group);
    }
    return ret;
}

static int pass(fc_scheduler *s)
{
    fc_ordered_entry entry = {0};
    bool started = true;
    int ret = FC_OK;

    if (!s->disturbed) return FC_OK;
    s->reservation = (fc_reservation){0};
    ret = start_heads(s);
    if (ret || s->queue.count == 0 || !has_room(s, 1)) return ret;
    ret = reserve(s);
    while (ret == FC_OK && started && find_candidate(s, &entry))
        ret = try_start(s, entry.slot, true, &started);
    return ret;
}

const fc_policy fc_policy_easy = {
    .name = "easy",
    .bands = FC_BAND_SIZE,
    .reads_ends = true,
    .arrive = arrive,
    .pass = pass,
};
