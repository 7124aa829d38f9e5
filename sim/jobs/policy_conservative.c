/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conservative backfill: every job is promised a start when it arrives, the earliest at which it
 * fits between the running jobs and all promises made before (Feitelson and Weil, IPPS/SPDP 1998).
 * When something ends early, the waiting jobs are taken in order of arrival, and each is moved to
 * the earliest start that the promises to the others leave ("compression"): never later. Only when
 * GPUs fail or leave, or a job exceeds its estimate, so that promises cannot all be kept, new ones
 * are made to all in order of arrival.
 *
 * Promises count GPUs. On servers there may be enough of them when a job's time has come, and yet
 * no place for its gang. The first such job of a group is then kept servers for, as EASY does for
 * the first in the queue (reservation.h): no other may start there that would take these beyond the
 * time at which it will find them. All promises are made anew as long as it waits.
 */
#include "jobs/scheduler.h"

/* The earliest start, of groups that promise the same one with a place for the gang now, and of
 * these a preferred one: as a job that finds nobody waiting chooses, too. */
static int promise_to(fc_scheduler *s, fc_task *task)
{
    uint32_t among = fc_cluster_groups_of(&s->cluster, &task->job), best = 0;
    double length = fc_task_expected(task), start = INFINITY;
    bool best_has_place = false;

    for (uint32_t i = 0; i < s->cluster.count; i++) {
        if (!(among >> i & 1)) continue;
        double here = fc_profile_earliest(&s->profiles[i], task->job.gpus, length);
        bool preferred = (task->job.preferred >> i & 1) && !(task->job.preferred >> best & 1);
        bool has_place = here == s->now && fc_group_room(&s->cluster.groups[i]) >= task->job.gpus;
        bool better = has_place == best_has_place ? preferred : has_place;
        if (here < start || (here == start && better)) {
            start = here;
            best = i;
            best_has_place = has_place;
        }
    }
    task->promise = start;
    task->group = best;
    if (isinf(start)) return FC_OK;
    return fc_profile_add(&s->profiles[best], start, start + length, -(int64_t)task->job.gpus);
}

static int add_end(void *profile, const fc_ordered_entry *entry)
{
    return fc_profile_append(profile, entry->key, entry->gpus);
}

/* What is expected to be free without any promise. */
static int begin(fc_scheduler *s)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < s->cluster.count; i++) {
        fc_group *g = &s->cluster.groups[i];

        ret = fc_profile_begin(&s->profiles[i], s->now, (int64_t)g->free - (int64_t)g->leaving);
        if (ret == FC_OK) ret = fc_ordered_visit(&g->running, add_end, &s->profiles[i]);
    }
    return ret;
}

/* Promises that stand, cut out of the profiles; false in *kept if they cannot all be kept. */
static int keep_promises(fc_scheduler *s, bool *kept)
{
    fc_ordered_entry entry = {0};
    int ret = FC_OK;

    *kept = true;
    for (bool more = fc_queue_first(&s->queue, &entry); ret == FC_OK && more;
         more = fc_queue_after(&s->queue, 0, &entry, &entry)) {
        fc_task *task = fc_task_at(s, entry.slot);
        if (isnan(task->promise) || isinf(task->promise)) continue;
        if (task->promise < s->now) *kept = false;
        if (!*kept) break;
        ret = fc_profile_add(&s->profiles[task->group], task->promise, task->promise + entry.length,
                             -(int64_t)entry.gpus);
    }
    for (uint32_t i = 0; i < s->cluster.count; i++)
        *kept =
            *kept && s->cluster.groups[i].leaving == 0 && fc_profile_least(&s->profiles[i]) >= 0;
    return ret;
}

/* Every waiting job in order: the promise it has is taken back and a new one made. */
static int renew_promises(fc_scheduler *s, bool standing)
{
    fc_ordered_entry entry = {0};
    int ret = FC_OK;

    for (bool more = fc_queue_first(&s->queue, &entry); ret == FC_OK && more;
         more = fc_queue_after(&s->queue, 0, &entry, &entry)) {
        fc_task *task = fc_task_at(s, entry.slot);
        bool has = !isnan(task->promise) && !isinf(task->promise);
        if (standing && has && !s->disturbed) continue;
        if (standing && has)
            ret = fc_profile_add(&s->profiles[task->group], task->promise,
                                 task->promise + entry.length, entry.gpus);
        if (ret == FC_OK) ret = promise_to(s, task);
    }
    return ret;
}

/* Starts a job on the group of its promise, if there is a place for it beside what is kept there
 * for another. */
static int start_beside(fc_scheduler *s, fc_reservation *kept, uint32_t slot)
{
    fc_task *task = fc_task_at(s, slot);
    bool ends = isinf(kept->time) || fc_task_expected(task) <= kept->time - s->now, started = true;

    if (!ends && fc_reservation_room(kept, &s->cluster) < task->job.gpus) return FC_OK;
    fc_scheduler_unqueue(s, slot);
    if (ends) return fc_scheduler_start(s, slot, kept->group);
    return fc_scheduler_start_within(s, slot, kept->group, &started);
}

/* Starts the jobs whose time has come. */
static int start_promised(fc_scheduler *s)
{
    fc_reservation kept[FC_MAX_GROUPS] = {{0}};
    fc_ordered_entry entry = {0};
    int ret = FC_OK;

    for (bool more = fc_queue_first(&s->queue, &entry); ret == FC_OK && more;
         more = fc_queue_after(&s->queue, 0, &entry, &entry)) {
        uint32_t group = fc_task_at(s, entry.slot)->group;

        if (fc_task_at(s, entry.slot)->promise > s->now) continue;
        if (fc_group_room(&s->cluster.groups[group]) < entry.gpus) {
            if (!kept[group].made)
                ret =
                    fc_reservation_make_on(&kept[group], &s->cluster, group, &s->tasks, entry.gpus);
        } else if (kept[group].made) {
            ret = start_beside(s, &kept[group], entry.slot);
        } else {
            fc_scheduler_unqueue(s, entry.slot);
            ret = fc_scheduler_start(s, entry.slot, group);
        }
    }
    return ret;
}

static int pass(fc_scheduler *s)
{
    bool kept = true;
    int ret = FC_OK;

    if (s->queue.count == 0) return FC_OK;
    ret = begin(s);
    if (ret == FC_OK) ret = keep_promises(s, &kept);
    if (ret == FC_OK && !kept) ret = begin(s);
    if (ret == FC_OK) ret = renew_promises(s, kept);
    return ret ? ret : start_promised(s);
}

const fc_policy fc_policy_conservative = {
    .name = "conservative",
    .reads_ends = true,
    .plans = true,
    .pass = pass,
};
