/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fair share: among the accounts whose first job lies within their quota, the one that used least
 * for its share (accounts.h) is next, ties in order of arrival; within an account the order of
 * arrival. If that job does not fit, all wait for it on the groups it can run on. A job that asks
 * for more than its account's quota or than runs now is passed over.
 */
#include "jobs/scheduler.h"

/* The most that a job of the account may ask for. */
static uint64_t most_of(const fc_scheduler *s, uint32_t account)
{
    uint64_t most = 0;

    for (uint32_t bits = fc_queue_groups_of(&s->queue, account); bits; bits &= bits - 1) {
        uint64_t here = fc_group_expected(&s->cluster.groups[__builtin_ctz(bits)]);
        if (here > most) most = here;
    }
    return fc_accounts_within_quota(&s->accounts, account, most);
}

/* The account's first job that is not passed over. */
static bool first_of(const fc_scheduler *s, uint32_t account, fc_ordered_entry *out)
{
    uint64_t most = most_of(s, account);

    for (bool more = fc_queue_first_of(&s->queue, account, most, out); more;
         more = fc_queue_after(&s->queue, account, out, out)) {
        const fc_job *job = &fc_task_at(s, out->slot)->job;
        if (job->gpus <= most && fc_cluster_may_hold(&s->cluster, job, s->cluster.all)) return true;
    }
    return false;
}

/* On groups that nobody waits for. */
static bool next_job(fc_scheduler *s, uint32_t open, fc_ordered_entry *out)
{
    double least = INFINITY;
    bool found = false;

    for (uint32_t i = 0; i < s->accounts.count; i++) {
        fc_ordered_entry entry = {0};
        if (!first_of(s, i, &entry)) continue;
        if (!fc_accounts_allow(&s->accounts, i, entry.gpus)) continue;
        if (!fc_cluster_may_hold(&s->cluster, &fc_task_at(s, entry.slot)->job, open)) continue;
        double use = fc_accounts_use(&s->accounts, i, s->now);
        if (!found || use < least || (use == least && entry.seq < out->seq)) {
            *out = entry;
            least = use;
            found = true;
        }
    }
    return found;
}

static int pass(fc_scheduler *s)
{
    fc_ordered_entry entry = {0};
    uint32_t open = s->cluster.all;
    int ret = FC_OK;

    while (ret == FC_OK && open && next_job(s, open, &entry)) {
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

const fc_policy fc_policy_fair = {
    .name = "fair",
    .bands = FC_BAND_ACCOUNT,
    .shares = true,
    .pass = pass,
};
