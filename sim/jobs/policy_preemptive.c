/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Priority with preemption: when the first of the queue does not fit, running jobs of strictly
 * lower priority are stopped for it, the lowest first and of equals the one that arrived last,
 * until it fits; none are stopped if all of them would not be enough. Of these whoever need not
 * stop is spared, the highest priority first: the head would not fit beside any one of those that
 * do stop. (Kubernetes chooses its victims on a node so.) They go back to their place in the queue
 * and go on from what they have saved.
 */
#include "jobs/scheduler.h"

static double priority(const fc_job *job)
{
    return -(double)job->priority;
}

/* What would be on a group if some of its jobs ended. */
typedef struct clearing {
    fc_scheduler *s;
    uint32_t group;
    const fc_job *head;
    int64_t free; /* flat; of servers fc_servers_suppose keeps it */
} clearing;

static fc_group *group_of(const clearing *c)
{
    return &c->s->cluster.groups[c->group];
}

static void suppose(clearing *c, const fc_ordered_entry *victim, bool ends)
{
    fc_servers *servers = &group_of(c)->servers;
    uint32_t share = fc_task_at(c->s, victim->slot)->share;

    if (fc_group_is_flat(group_of(c)))
        c->free += ends ? victim->gpus : -(int64_t)victim->gpus;
    else if (ends)
        fc_servers_suppose_end(servers, share);
    else
        fc_servers_suppose_start(servers, share);
}

static bool fits(const clearing *c)
{
    const fc_group *g = group_of(c);

    if (fc_group_is_flat(g)) return c->free >= c->head->gpus;
    return fc_servers_room(g->servers.size, g->servers.then_level) >= c->head->gpus;
}

/* Supposes that the jobs that may be stopped end, one after the other, until the head fits; *last
 * is the last of them. False: it would not without all of them. */
static bool suppose_until_it_fits(clearing *c, fc_ordered_entry *last)
{
    const fc_ordered *victims = &c->s->victims[c->group];
    fc_group *g = group_of(c);
    bool more = fc_ordered_first(victims, last);

    if (g->free + fc_ordered_gpus_through(victims, c->head->priority - 0.5) < c->head->gpus)
        return false;
    c->free = (int64_t)g->free - (int64_t)g->leaving;
    if (!fc_group_is_flat(g)) fc_servers_suppose(&g->servers);
    for (; more && last->key < c->head->priority;
         more = fc_ordered_after(victims, last->key, last->seq, last)) {
        suppose(c, last, true);
        if (fits(c)) return true;
    }
    return false;
}

/* From the last one back: who is not needed runs on, the others stop. */
static int stop_needed(clearing *c, fc_ordered_entry victim)
{
    const fc_ordered *victims = &c->s->victims[c->group];
    int ret = FC_OK;

    for (bool more = true; more && ret == FC_OK;
         more = fc_ordered_before(victims, victim.key, victim.seq, &victim)) {
        suppose(c, &victim, false);
        if (fits(c)) continue;
        suppose(c, &victim, true);
        ret = fc_scheduler_stop(c->s, victim.slot);
    }
    return ret;
}

static uint32_t group_to_clear(fc_scheduler *s, const fc_job *head)
{
    uint32_t among = fc_cluster_groups_of(&s->cluster, head), fits = UINT32_MAX;
    fc_ordered_entry last = {0};

    for (uint32_t i = 0; i < s->cluster.count; i++) {
        clearing c = {.s = s, .group = i, .head = head};
        if (!(among >> i & 1) || !suppose_until_it_fits(&c, &last)) continue;
        if (head->preferred >> i & 1) return i;
        if (fits == UINT32_MAX) fits = i;
    }
    return fits;
}

static int pass(fc_scheduler *s)
{
    fc_ordered_entry first = {0}, last = {0};
    int ret = fc_scheduler_start_heads(s);

    while (ret == FC_OK && fc_scheduler_first(s, s->cluster.all, &first)) {
        const fc_job *head = &fc_task_at(s, first.slot)->job;
        clearing c = {.s = s, .group = group_to_clear(s, head), .head = head};
        if (c.group == UINT32_MAX || !suppose_until_it_fits(&c, &last)) break;
        ret = stop_needed(&c, last);
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
