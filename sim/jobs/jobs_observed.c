/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The job engine as it is looked at: what is there, and what has been observed.
 */
#include <stdlib.h>

#include "jobs/jobs_state.h"

double fc_jobs_now(const fc_jobs *jobs)
{
    return jobs->scheduler.now;
}

uint32_t fc_jobs_units(const fc_jobs *jobs, uint32_t group)
{
    return fc_cluster_units(&jobs->scheduler.cluster, group);
}

uint32_t fc_jobs_leaving(const fc_jobs *jobs, uint32_t group)
{
    return fc_cluster_leaving(&jobs->scheduler.cluster, group);
}

uint64_t fc_jobs_held(const fc_jobs *jobs, uint32_t group)
{
    return jobs->scheduler.cluster.groups[group].held;
}

fc_obstacle fc_jobs_obstacle(const fc_jobs *jobs, const fc_job *job)
{
    const fc_scheduler *s = &jobs->scheduler;
    fc_job anywhere = *job;

    if (s->policy->shares && !fc_accounts_allow(&s->accounts, job->account, job->gpus))
        return FC_OBSTACLE_QUOTA;
    if (fc_cluster_is_fragmented_for(&s->cluster, job)) return FC_OBSTACLE_FRAGMENTED;
    anywhere.groups = 0;
    if (fc_cluster_choose(&s->cluster, job, UINT32_MAX) == UINT32_MAX &&
        fc_cluster_choose(&s->cluster, &anywhere, UINT32_MAX) != UINT32_MAX)
        return FC_OBSTACLE_WRONG_MODEL;
    return FC_OBSTACLE_TOO_FEW;
}

int fc_jobs_check_conservation(const fc_jobs *jobs)
{
    const fc_scheduler *s = &jobs->scheduler;
    fc_jobs_summary summary;
    uint64_t sum = 0;

    fc_jobs_summary_of(jobs, &summary);
    for (int i = 0; i < FC_JOB_STATUSES; i++) sum += summary.counts.status[i];
    return sum == summary.counts.arrived && s->queue.count <= s->tasks.count ? FC_OK : FC_E_LEDGER;
}

static int by_seq(const void *a, const void *b)
{
    const fc_task *const *x = a, *const *y = b;

    return ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

int fc_jobs_tell_rest(const fc_jobs *jobs, const fc_job_sink *sink)
{
    const fc_scheduler *s = &jobs->scheduler;
    uint32_t n = 0;
    int ret = FC_OK;
    const fc_task **rest = malloc(((size_t)s->tasks.count + 1) * sizeof *rest);

    if (!rest) return FC_E_NOMEM;
    for (uint32_t i = 0; i < s->tasks.used; i++) {
        if (s->tasks.task[i].seq > 0) rest[n++] = &s->tasks.task[i];
    }
    qsort(rest, n, sizeof *rest, by_seq);
    for (uint32_t i = 0; ret == FC_OK && i < n; i++)
        ret = fc_jobs_tell(s, sink, rest[i], (fc_job_status)rest[i]->status, NAN);
    free(rest);
    return ret;
}

static void add_class(fc_job_counts *counts, fc_job_work *work, const fc_job_measures *c)
{
    counts->arrived += c->counts.arrived;
    for (int i = 0; i < FC_JOB_STATUSES; i++) counts->status[i] += c->counts.status[i];
    work->served += c->work.served;
    work->lost += c->work.lost;
    work->offshore += c->work.offshore;
    work->abandoned += c->work.abandoned;
    work->rejected += c->work.rejected;
}

void fc_jobs_summary_of(const fc_jobs *jobs, fc_jobs_summary *out)
{
    const fc_scheduler *s = &jobs->scheduler;
    const fc_measures *m = &s->measures;

    *out = (fc_jobs_summary){.from = m->start, .until = s->now, .instants = jobs->instants};
    for (uint32_t i = 0; i < m->classes; i++) add_class(&out->counts, &out->work, &m->class[i]);
    for (uint32_t i = 0; i < s->tasks.used; i++) {
        if (s->tasks.task[i].seq > 0) out->counts.status[s->tasks.task[i].status]++;
    }
    out->levels =
        (fc_jobs_levels){.in_service = fc_measures_mean(m, FC_LEVEL_IN_SERVICE, s->now),
                         .held = fc_measures_mean(m, FC_LEVEL_HELD, s->now),
                         .fragmented = fc_measures_mean(m, FC_LEVEL_FRAGMENTED, s->now),
                         .waiting = fc_measures_mean(m, FC_LEVEL_WAITING, s->now),
                         .running = fc_measures_mean(m, FC_LEVEL_RUNNING, s->now),
                         .waiting_gpus = fc_measures_mean(m, FC_LEVEL_WAITING_GPUS, s->now),
                         .most_waiting = m->most_waiting};
}

const fc_job_measures *fc_jobs_class(const fc_jobs *jobs, uint32_t class)
{
    const fc_measures *m = &jobs->scheduler.measures;

    return class < m->classes ? &m->class[class] : NULL;
}

double fc_jobs_class_held(const fc_jobs *jobs, uint32_t class, double now)
{
    const fc_measures *m = &jobs->scheduler.measures;

    return m->holding[class].gpus * now - m->holding[class].moment;
}

int fc_jobs_all_classes(const fc_jobs *jobs, fc_job_measures *out)
{
    const fc_measures *m = &jobs->scheduler.measures;
    int ret = FC_OK;

    *out = (fc_job_measures){.wait = FC_HISTOGRAM_EMPTY,
                             .left = FC_HISTOGRAM_EMPTY,
                             .slowdown = FC_HISTOGRAM_EMPTY,
                             .turnaround = FC_HISTOGRAM_EMPTY};
    for (uint32_t i = 0; ret == FC_OK && i < m->classes; i++) {
        const fc_job_measures *c = &m->class[i];

        add_class(&out->counts, &out->work, c);
        ret = fc_histogram_merge(&out->wait, &c->wait);
        if (ret == FC_OK) ret = fc_histogram_merge(&out->left, &c->left);
        if (ret == FC_OK) ret = fc_histogram_merge(&out->slowdown, &c->slowdown);
        if (ret == FC_OK) ret = fc_histogram_merge(&out->turnaround, &c->turnaround);
    }
    if (ret) fc_job_measures_free(out);
    return ret;
}

int fc_jobs_verify(const fc_jobs *jobs)
{
    const fc_scheduler *s = &jobs->scheduler;
    uint64_t held = 0, waiting = 0;
    double by_class = 0;
    int ret = fc_jobs_check_conservation(jobs);

    for (uint32_t i = 0; i < s->measures.classes; i++) by_class += s->measures.holding[i].gpus;
    for (uint32_t i = 0; i < s->tasks.used; i++) {
        const fc_task *task = &s->tasks.task[i];
        if (task->seq == 0) continue;
        if (task->status == FC_JOB_RUNNING)
            held += task->job.gpus;
        else
            waiting++;
    }
    if (ret == FC_OK && (held != fc_cluster_held(&s->cluster) || (double)held != by_class ||
                         waiting != s->queue.count || !fc_cluster_verify(&s->cluster, &s->tasks) ||
                         !fc_queue_verify(&s->queue)))
        ret = FC_E_INTERNAL;
    return ret == FC_OK ? fc_calendar_verify(&s->calendar) : ret;
}
