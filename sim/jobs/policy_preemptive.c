/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Priority with preemption: when the first of the queue does not fit, running jobs of strictly
 * lower priority are stopped for it, the lowest first and of equals the one that arrived last,
 * until it fits; none are stopped if all of them would not be enough. They go back to their place
 * in the queue and go on from what they have saved.
 */
#include "jobs/scheduler.h"

static double priority(const fc_job *job)
{
    return -(double)job->priority;
}

static bool fits_on_servers(fc_scheduler *s, uint32_t group, const fc_job *job)
{
    fc_servers *servers = &s->cluster.groups[group].servers;
    fc_ordered_entry entry = {0};
    bool more = fc_ordered_first(&s->victims[group], &entry);

    fc_servers_suppose(servers);
    while (more && entry.key < job->priority) {
        fc_servers_suppose_end(servers, fc_task_at(s, entry.slot)->share);
        if (fc_servers_room(servers->size, servers->then_level) >= job->gpus) return true;
        more = fc_ordered_after(&s->victims[group], entry.key, entry.seq, &entry);
    }
    return false;
}

/* Whether the job would fit on the group without all that it may preempt there. */
static bool would_fit(fc_scheduler *s, uint32_t group, const fc_job *job)
{
    const fc_group *g = &s->cluster.groups[group];

    if (!fc_group_is_flat(g)) return fits_on_servers(s, group, job);
    return g->free + fc_ordered_gpus_through(&s->victims[group], job->priority - 0.5) >=
           job->gpus + g->leaving;
}

static uint32_t group_to_clear(fc_scheduler *s, const fc_job *job)
{
    uint32_t among = fc_cluster_groups_of(&s->cluster, job), fits = UINT32_MAX;

    for (uint32_t i = 0; i < s->cluster.count; i++) {
        if (!(among >> i & 1) || !would_fit(s, i, job)) continue;
        if (job->preferred >> i & 1) return i;
        if (fits == UINT32_MAX) fits = i;
    }
    return fits;
}

static int pass(fc_scheduler *s)
{
    fc_ordered_entry head = {0}, victim = {0};
    int ret = fc_scheduler_start_heads(s);

    while (ret == FC_OK && fc_scheduler_first(s, s->cluster.all, &head)) {
        uint32_t gpus = head.gpus;
        uint32_t group = group_to_clear(s, &fc_task_at(s, head.slot)->job);
        if (group == UINT32_MAX) break;
        while (ret == FC_OK && fc_group_room(&s->cluster.groups[group]) < gpus &&
               fc_ordered_first(&s->victims[group], &victim))
            ret = fc_scheduler_stop(s, victim.slot);
        if (ret == FC_OK) ret = fc_scheduler_start_heads(s);
    }
    return ret;
}

const fc_policy fc_policy_preemptive = {
    .name = "preemptive",
    .preempts = true,
    .key = priority,
    .pass = pass,
};
