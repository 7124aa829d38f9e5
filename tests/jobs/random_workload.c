/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/stream.h"
#include "random_workload.h"

/* From low to high, both included. */
static double whole(fc_stream *s, uint64_t low, uint64_t high)
{
    return (double)(low + fc_stream_below(s, high - low + 1));
}

static uint32_t gang(fc_stream *s, uint32_t most)
{
    uint64_t pick = fc_stream_below(s, 10);

    if (pick < 5) return 1;
    if (pick < 8) return 1 + (uint32_t)fc_stream_below(s, most / 4 + 1);
    return 1 + (uint32_t)fc_stream_below(s, most);
}

static uint32_t add_groups(random_workload *w, fc_stream *s, workload_kind kind)
{
    uint32_t most = 0;

    w->group_count = kind.groups ? 1 + (uint32_t)fc_stream_below(s, 3) : 1;
    for (uint32_t i = 0; i < w->group_count; i++) {
        fc_gpu_group *g = &w->groups[i];
        bool servers = kind.servers && fc_stream_below(s, 3) > 0;

        g->server_gpus = servers ? 1u << fc_stream_below(s, 4) : 0;
        g->units = servers ? (uint32_t)whole(s, 1, 6) : (uint32_t)whole(s, 4, 40);
        g->most = g->units;
        uint32_t gpus = g->units * (servers ? g->server_gpus : 1);
        if (gpus > most) most = gpus;
    }
    return most;
}

static void add_job(random_workload *w, fc_stream *s, workload_kind kind, uint32_t most,
                    double arrival)
{
    fc_job *job = &w->jobs[w->job_count];

    *job = (fc_job){.id = w->job_count, .arrival = arrival};
    w->job_count++;
    job->gpus = gang(s, most);
    job->duration = fc_stream_below(s, 20) == 0 ? 0 : whole(s, 1, 60);
    job->estimate = job->duration;
    if (kind.estimates) {
        uint64_t pick = fc_stream_below(s, 4);
        if (pick == 0) job->estimate = whole(s, 1, 100);
        if (pick > 1) job->estimate = job->duration * whole(s, 1, 5);
    }
    job->priority = (int32_t)fc_stream_below(s, 4) - 2;
    job->account = (uint16_t)fc_stream_below(s, MOST_ACCOUNTS);
    job->class = job->account;
    uint64_t pick = fc_stream_below(s, 3);
    job->checkpoint = pick == 0 ? 0 : pick == 1 ? INFINITY : whole(s, 1, 20);
    if (kind.groups) {
        job->groups = (uint32_t)fc_stream_below(s, 1u << w->group_count);
        job->preferred = (uint32_t)fc_stream_below(s, 1u << w->group_count);
    }
    job->impatient = kind.patience && fc_stream_below(s, 3) == 0;
    job->patience = whole(s, 0, 50);
    job->offshore = (fc_offshore)fc_stream_below(s, 3);
}

static void add_changes(random_workload *w, fc_stream *s, double end)
{
    uint32_t away[3] = {0};
    bool fails = fc_stream_below(s, 2); /* or units are struck and stay away */

    for (double t = whole(s, 0, 30); t < end && w->change_count < MOST_CHANGES;
         t += whole(s, 0, 60)) {
        uint32_t group = (uint32_t)fc_stream_below(s, w->group_count);
        fc_capacity_change *c = &w->changes[w->change_count];
        uint64_t pick = fc_stream_below(s, 3);

        *c = (fc_capacity_change){.time = t, .group = group, .units = 1};
        if (pick == 0 && fails) {
            c->kind = FC_CAPACITY_FAIL;
            c->place = fc_stream_uniform(s);
            c->back = whole(s, 0, 80);
        } else if (pick == 0 && away[group] + 1 < w->groups[group].units) {
            uint32_t most = w->groups[group].units - away[group] - 1;
            c->kind = fc_stream_below(s, 3) ? FC_CAPACITY_STRIKE : FC_CAPACITY_TAKE;
            c->place = fc_stream_uniform(s);
            c->units = 1 + (uint32_t)fc_stream_below(s, most < 8 ? most : 8);
            away[group] += c->units;
        } else if (pick == 1 && away[group] + 1 < w->groups[group].units) {
            c->kind = FC_CAPACITY_REMOVE;
            away[group]++;
        } else if (away[group] > 0) {
            c->kind = FC_CAPACITY_ADD;
            away[group]--;
        } else {
            continue;
        }
        w->change_count++;
    }
    for (uint32_t i = 0; i < w->group_count; i++) { /* in the end all are back */
        if (away[i] == 0) continue;
        w->changes[w->change_count++] = (fc_capacity_change){
            .time = end, .kind = FC_CAPACITY_ADD, .group = i, .units = away[i]};
    }
}

void make_workload(random_workload *w, uint64_t seed, workload_kind kind)
{
    fc_stream s;
    double t = 0;

    *w = (random_workload){.overrun = FC_OVERRUN_EXTEND};
    fc_stream_init(&s, fc_stream_key(seed, "workload", "test"), 0, 0);
    if (kind.estimates && fc_stream_below(&s, 2) == 0) w->overrun = FC_OVERRUN_KILL;
    for (int i = 0; i < MOST_ACCOUNTS; i++) {
        w->accounts[i].share = whole(&s, 1, 5);
        w->accounts[i].quota = fc_stream_below(&s, 2) ? 0 : (uint32_t)whole(&s, 4, 60);
    }
    uint32_t most = add_groups(w, &s, kind);
    uint64_t gap = 1 + fc_stream_below(&s, 12);
    size_t count = 20 + fc_stream_below(&s, MOST_JOBS - 20);
    for (size_t i = 0; i < count; i++) {
        t += (double)fc_stream_below(&s, gap);
        add_job(w, &s, kind, most, t);
    }
    if (kind.changes) add_changes(w, &s, t);
}

fc_jobs_spec workload_spec(const random_workload *w, const fc_policy *policy)
{
    return (fc_jobs_spec){.policy = policy,
                          .overrun = w->overrun,
                          .groups = w->groups,
                          .group_count = w->group_count,
                          .accounts = w->accounts,
                          .account_count = MOST_ACCOUNTS,
                          .classes = MOST_ACCOUNTS,
                          .half_life = 100};
}
