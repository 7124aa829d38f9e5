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

/* The account's turn: none while its first job lies beyond its quota. */
static fc_turn turn_of(const fc_scheduler *s, uint32_t account)
{
    fc_turn turn = {0};
    fc_ordered_entry entry = {0};

    if (!first_of(s, account, &entry)) return turn;
    if (!fc_accounts_allow(&s->accounts, account, entry.gpus)) return turn;
    fc_accounts_line(&s->accounts, account, &turn.a, &turn.b);
    turn.seq = entry.seq;
    turn.slot = entry.slot;
    turn.groups = fc_cluster_holders_of(&s->cluster, &fc_task_at(s, entry.slot)->job);
    return turn;
}

/* Enters the turns anew of all accounts that something happened to. */
static int enter_touched(fc_scheduler *s, double x)
{
    uint32_t account = 0;
    int ret = FC_OK;

    while (ret == FC_OK && fc_turns_touched(&s->turns, &account))
        ret = fc_turns_enter(&s->turns, account, turn_of(s, account), x);
    return ret;
}

/* All are touched where something happened to all: the largest gangs that a group can hold have
 * changed, or the epoch has. Returns x. */
static double begin(fc_scheduler *s)
{
    bool all = fc_accounts_set_epoch(&s->accounts, s->now);

    for (uint32_t i = 0; i < s->cluster.count; i++) {
        uint64_t expected = fc_group_expected(&s->cluster.groups[i]);
        all = all || expected != s->turns.expected[i];
        s->turns.expected[i] = expected;
    }
    for (uint32_t i = 0; all && i < s->accounts.count; i++) fc_turns_touch(&s->turns, i);
    return fc_accounts_x(&s->accounts, s->now);
}

static int pass(fc_scheduler *s)
{
    uint32_t open = s->cluster.all; /* groups that nobody waits for */
    double x = begin(s);
    const fc_turn *turn = NULL;
    int ret = enter_touched(s, x);

    while (ret == FC_OK && open && (turn = fc_turns_first(&s->turns, open, x)) != NULL) {
        uint32_t slot = turn->slot;
        const fc_job *job = &fc_task_at(s, slot)->job;
        uint32_t group = fc_cluster_choose(&s->cluster, job, open);

        if (group == UINT32_MAX) {
            open &= ~fc_cluster_groups_of(&s->cluster, job);
            continue;
        }
        fc_scheduler_unqueue(s, slot);
        ret = fc_scheduler_start(s, slot, group);
        if (ret == FC_OK) ret = enter_touched(s, x);
    }
    return ret;
}

const fc_policy fc_policy_fair = {
    .name = "fair",
    .bands = FC_BAND_ACCOUNT,
    .shares = true,
    .pass = pass,
};
