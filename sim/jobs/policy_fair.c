/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fair share: among the accounts whose first job lies within their quota, the one that used least
 * for its share (accounts.h) is next, ties in order of arrival; within an account the order of
 * arrival. If that job does not fit, all wait for it.
 */
#include "jobs/scheduler.h"

static bool next_job(fc_scheduler *s, fc_ordered_entry *out)
{
    double least = INFINITY;
    bool found = false;

    for (uint32_t i = 0; i < s->accounts.count; i++) {
        fc_ordered_entry entry = {0};
        if (!fc_queue_first_of(&s->queue, i, &entry)) continue;
        if (!fc_accounts_allow(&s->accounts, i, entry.gpus)) continue;
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
    int ret = FC_OK;

    while (ret == FC_OK && next_job(s, &entry)) {
        uint32_t group =
            fc_cluster_choose(&s->cluster, &fc_task_at(s, entry.slot)->job, UINT32_MAX);
        if (group == UINT32_MAX) break;
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
