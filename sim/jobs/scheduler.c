/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "jobs/scheduler.h"

static int init_groups(fc_scheduler *s, const fc_jobs_spec *spec)
{
    int ret = FC_OK;

    if (s->policy->plans) {
        s->profiles = calloc(spec->group_count, sizeof *s->profiles);
        if (!s->profiles) return FC_E_NOMEM;
    }
    if (s->policy->preempts) {
        s->victims = calloc(spec->group_count, sizeof *s->victims);
        if (!s->victims) return FC_E_NOMEM;
        for (uint32_t i = 0; ret == FC_OK && i < spec->group_count; i++)
            ret = fc_ordered_init(&s->victims[i], false);
    }
    return ret;
}

int fc_scheduler_init(fc_scheduler *s, const fc_jobs_spec *spec)
{
    int ret = FC_OK;

    *s = (fc_scheduler){.policy = spec->policy, .overrun = spec->overrun};
    fc_tasks_init(&s->tasks);
    fc_queue_init(&s->queue, spec->policy->bands);
    ret = fc_calendar_init(&s->calendar, 1024);
    if (ret == FC_OK) ret = fc_cluster_init(&s->cluster, spec->groups, spec->group_count);
    if (ret == FC_OK) ret = fc_measures_init(&s->measures, spec);
    if (ret == FC_OK) ret = fc_accounts_init(&s->accounts, spec);
    if (ret == FC_OK && s->policy->shares) ret = fc_turns_init(&s->turns, s->accounts.count);
    if (ret == FC_OK) ret = init_groups(s, spec);
    s->cluster.indexed = spec->policy->reads_ends;
    return ret;
}

void fc_scheduler_free(fc_scheduler *s)
{
    for (uint32_t i = 0; i < s->cluster.count; i++) {
        if (s->profiles) fc_profile_free(&s->profiles[i]);
        if (s->victims) fc_ordered_free(&s->victims[i]);
    }
    free(s->profiles);
    free(s->victims);
    fc_calendar_free(&s->calendar);
    fc_tasks_free(&s->tasks);
    fc_cluster_free(&s->cluster);
    fc_queue_free(&s->queue);
    fc_measures_free(&s->measures);
    fc_accounts_free(&s->accounts);
    fc_turns_free(&s->turns);
}

static fc_ordered_entry queue_entry(const fc_task *task, uint32_t slot)
{
    return (fc_ordered_entry){.key = task->key,
                              .seq = task->seq,
                              .length = fc_task_expected(task),
                              .gpus = task->job.gpus,
                              .slot = slot};
}

int fc_scheduler_queue(fc_scheduler *s, uint32_t slot)
{
    fc_task *task = fc_task_at(s, slot);

    if (s->policy->shares) fc_turns_touch(&s->turns, task->job.account);
    return fc_queue_add(&s->queue, queue_entry(task, slot),
                        fc_cluster_groups_of(&s->cluster, &task->job), task->job.account);
}

void fc_scheduler_unqueue(fc_scheduler *s, uint32_t slot)
{
    const fc_task *task = fc_task_at(s, slot);
    fc_ordered_entry entry = queue_entry(task, slot);

    if (s->policy->shares) fc_turns_touch(&s->turns, task->job.account);
    fc_queue_remove(&s->queue, &entry, fc_cluster_groups_of(&s->cluster, &task->job),
                    task->job.account);
    /* An empty queue gets no pass that would look at it anew. */
    if (s->queue.count == 0) s->reservation.made = false;
}

int fc_scheduler_expect_end(fc_scheduler *s, uint32_t slot)
{
    fc_task *task = fc_task_at(s, slot);
    double left = fc_task_left(task), expected = fc_task_expected(task);
    fc_event event = {.kind = FC_JOB_ENDS, .subject = slot};

    if (left > expected && s->overrun == FC_OVERRUN_KILL)
        event.kind = FC_JOB_KILLED;
    else if (left > expected && s->policy->reads_ends)
        event.kind = FC_JOB_OVERRUNS;
    return fc_calendar_schedule(&s->calendar,
                                task->start + (event.kind == FC_JOB_ENDS ? left : expected), 0,
                                event, &task->event);
}

/* The running jobs of a group, those first that are preempted first: of the lowest priority, and
 * among these the one that started last. */
static fc_ordered_entry victim_entry(const fc_task *task, uint32_t slot)
{
    return (fc_ordered_entry){.key = task->job.priority,
                              .seq = ~task->seq,
                              .length = -task->start,
                              .gpus = task->job.gpus,
                              .slot = slot};
}

/* The task's account holds so many more. */
static void hold(fc_scheduler *s, const fc_task *task, int64_t gpus)
{
    if (!s->policy->shares) return;
    fc_accounts_hold(&s->accounts, task->job.account, s->now, gpus);
    fc_turns_touch(&s->turns, task->job.account);
}

static int start_on(fc_scheduler *s, uint32_t slot, uint32_t group, bool within, bool *started)
{
    fc_task *task = fc_task_at(s, slot);
    int ret = FC_OK;

    /* A restarted job may already have used up its estimate. */
    while (fc_task_expected(task) <= 0 && fc_task_left(task) > 0)
        task->estimate = fc_longer_estimate(task->estimate);
    task->group = group;
    task->start = s->now;
    task->expected_end = s->now + fc_task_expected(task);
    ret = fc_cluster_hold(&s->cluster, task, slot, within, started);
    if (ret || !*started) return ret;
    fc_measures_hold(&s->measures, task, s->now, 1);
    hold(s, task, task->job.gpus);
    if (s->victims) ret = fc_ordered_insert(&s->victims[group], victim_entry(task, slot));
    if (ret) return ret;
    if (task->event != FC_NO_EVENT) fc_calendar_cancel(&s->calendar, task->event);
    task->status = FC_JOB_RUNNING;
    if (isnan(task->first_start)) {
        task->first_start = s->now;
        ret = fc_measures_first_start(&s->measures, task);
    }
    return ret ? ret : fc_scheduler_expect_end(s, slot);
}

int fc_scheduler_start(fc_scheduler *s, uint32_t slot, uint32_t group)
{
    bool started = false;

    return start_on(s, slot, group, false, &started);
}

int fc_scheduler_start_within(fc_scheduler *s, uint32_t slot, uint32_t group, bool *started)
{
    return start_on(s, slot, group, true, started);
}

bool fc_scheduler_first(fc_scheduler *s, uint32_t open, fc_ordered_entry *out)
{
    fc_ordered_entry entry = {0};
    bool found = false;

    if (!fc_queue_first(&s->queue, out)) return false;
    if (fc_cluster_may_hold(&s->cluster, &fc_task_at(s, out->slot)->job, open)) return true;
    for (uint32_t i = 0; i < s->cluster.count; i++) {
        if (!(open >> i & 1)) continue;
        uint64_t most = fc_group_expected(&s->cluster.groups[i]);
        if (!fc_queue_find(&s->queue, i, most, INFINITY, &entry)) continue;
        if (!found || fc_entry_before(&entry, out)) *out = entry;
        found = true;
    }
    return found;
}

int fc_scheduler_start_heads(fc_scheduler *s)
{
    fc_ordered_entry entry = {0};
    uint32_t open = s->cluster.all; /* groups that nobody waits for */
    int ret = FC_OK;

    while (ret == FC_OK && open && fc_scheduler_first(s, open, &entry)) {
        const fc_job *job = &fc_task_at(s, entry.slot)->job;
        uint32_t group = fc_cluster_choose(&s->cluster, job, open);

        if (group == UINT32_MAX) {
            open &= ~fc_cluster_groups_of(&s->cluster, job);
            continue;
        }
        fc_scheduler_unqueue(s, entry.slot);
        ret = fc_scheduler_start(s, entry.slot, group);
    }
    return ret;
}

void fc_scheduler_end_run(fc_scheduler *s, uint32_t slot)
{
    fc_task *task = fc_task_at(s, slot);

    if (task->event != FC_NO_EVENT) fc_calendar_cancel(&s->calendar, task->event);
    task->event = FC_NO_EVENT;
    task->held += s->now - task->start;
    fc_cluster_release(&s->cluster, task);
    fc_measures_hold(&s->measures, task, s->now, -1);
    if (s->victims) {
        fc_ordered_entry entry = victim_entry(task, slot);
        fc_ordered_remove(&s->victims[task->group], entry.key, entry.seq);
    }
    hold(s, task, -(int64_t)task->job.gpus);
    s->disturbed = true;
}

int fc_scheduler_stop(fc_scheduler *s, uint32_t slot)
{
    fc_task *task = fc_task_at(s, slot);
    double work = task->saved + (s->now - task->start), saved = fc_task_saved_of(task, work);

    fc_scheduler_end_run(s, slot);
    task->lost += work - saved;
    task->saved = saved;
    task->restarts++;
    task->status = FC_JOB_SUSPENDED;
    task->promise = NAN;
    return fc_scheduler_queue(s, slot);
}
