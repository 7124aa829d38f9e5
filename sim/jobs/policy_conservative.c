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
 * no place for its gang. So the first job of a group that waits is kept servers for, as EASY does
 * for the first in the queue (reservation.h): those it will find when its time has come, or as soon
 * afterwards as there are any; no other may start there that would take these beyond that time. A
 * job that finds no place when its time has come waits, and all promises are made anew, at once and
 * as long as it does.
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

/* Starts the jobs whose time has come; *late: of one on servers it had, in vain. */
static int start_promised(fc_scheduler *s, bool *late)
{
    fc_reservation kept[FC_MAX_GROUPS] = {{0}};
    fc_ordered_entry entry = {0};
    int ret = FC_OK;

    *late = false;
    for (bool more = fc_queue_first(&s->queue, &entry); ret == FC_OK && more;
         more = fc_queue_after(&s->queue, 0, &entry, &entry)) {
        const fc_task *task = fc_task_at(s, entry.slot);
        uint32_t group = task->group;
        bool due = task->promise <= s->now;
        bool flat = fc_group_is_flat(&s->cluster.groups[group]);

        if (flat && !due) continue; /* its promise says all that is kept for it */
        if (!due || fc_group_room(&s->cluster.groups[group]) < entry.gpus) {
            if (!kept[group].made && !isinf(task->promise))
                ret = fc_reservation_make_on(&kept[group], &s->cluster, group, &s->tasks,
                                             entry.gpus, task->promise);
        } else if (kept[group].made) {
            ret = start_beside(s, &kept[group], entry.slot);
        } else {
            fc_scheduler_unqueue(s, entry.slot);
            ret = fc_scheduler_start(s, entry.slot, group);
        }
        *late = *late || (due && !flat && task->status != FC_JOB_RUNNING);
    }
    return ret;
}

/* Promises to all. *stand: those made before are to be kept; false if they cannot. */
static int plan(fc_scheduler *s, bool *stand)
{
    int ret = begin(s);

    if (ret == FC_OK && *stand) {
        ret = keep_promises(s, stand);
        if (ret == FC_OK && !*stand) ret = begin(s);
    }
    return ret ? ret : renew_promises(s, *stand);
}

static int pass(fc_scheduler *s)
{
    bool stand = true, late = false;
    int ret = FC_OK;

    if (s->queue.count == 0) return FC_OK;
    ret = plan(s, &stand);
    if (ret == FC_OK) ret = start_promised(s, &late);
    if (ret || !late || !stand) return ret;
    stand = false;
    ret = plan(s, &stand);
    return ret ? ret : start_promised(s, &late);
}

const fc_policy fc_policy_conservative = {
    .name = "conservative",
    .bands = FC_BAND_ONE,
    .reads_ends = true,
    .plans = true,
    .pass = pass,
};
