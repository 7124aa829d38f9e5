/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "jobs/measures.h"
#include "kernel/stats.h"

int fc_measures_init(fc_measures *m, const fc_jobs_spec *spec)
{
    uint32_t classes = spec->classes > 0 ? spec->classes : 1;

    *m = (fc_measures){.warmup = spec->warmup, .warm = !(spec->warmup > 0)};
    m->slowdown_bound = spec->slowdown_bound > 0 ? spec->slowdown_bound : FC_SLOWDOWN_BOUND;
    m->class = calloc(classes, sizeof *m->class);
    m->holding = calloc(classes, sizeof *m->holding);
    if (!m->class || !m->holding) return FC_E_NOMEM;
    m->classes = classes;
    for (uint32_t i = 0; i < classes; i++) {
        fc_job_measures *c = &m->class[i];
        c->wait = c->left = c->slowdown = c->turnaround = FC_HISTOGRAM_EMPTY;
    }
    return FC_OK;
}

void fc_job_measures_free(fc_job_measures *c)
{
    fc_histogram_free(&c->wait);
    fc_histogram_free(&c->left);
    fc_histogram_free(&c->slowdown);
    fc_histogram_free(&c->turnaround);
}

void fc_measures_free(fc_measures *m)
{
    for (uint32_t i = 0; i < m->classes; i++) fc_job_measures_free(&m->class[i]);
    free(m->class);
    free(m->holding);
    *m = (fc_measures){0};
}

void fc_measures_arrival(fc_measures *m, const fc_job *job)
{
    m->class[job->class].counts.arrived++;
}

static bool is_measured(const fc_measures *m, const fc_task *task)
{
    return task->job.arrival >= m->warmup;
}

int fc_measures_first_start(fc_measures *m, const fc_task *task)
{
    if (!is_measured(m, task)) return FC_OK;
    return fc_histogram_add(&m->class[task->job.class].wait, task->first_start - task->job.arrival);
}

/* Of a job that is done: its wait here is the time it did not run, restarts included. */
static int add_done(fc_measures *m, fc_job_measures *c, const fc_task *task, double now)
{
    double turnaround = now - task->job.arrival, run = task->job.duration;
    double wait = turnaround > run ? turnaround - run : 0;
    int ret = fc_histogram_add(&c->turnaround, turnaround);

    if (ret) return ret;
    return fc_histogram_add(&c->slowdown, fc_bounded_slowdown(wait, run, m->slowdown_bound));
}

int fc_measures_leave(fc_measures *m, const fc_task *task, fc_job_status status, double now)
{
    fc_job_measures *c = &m->class[task->job.class];
    double gpus = task->job.gpus, wanted = gpus * task->job.duration;
    bool measured = is_measured(m, task);

    c->counts.status[status]++;
    c->work.served += gpus * (task->held - task->lost);
    c->work.lost += gpus * task->lost;
    switch (status) {
    case FC_JOB_DONE:
        return measured ? add_done(m, c, task, now) : FC_OK;
    case FC_JOB_OFFSHORE:
        c->work.offshore += wanted;
        break;
    case FC_JOB_ABANDONED:
        c->work.abandoned += wanted;
        break;
    case FC_JOB_REJECTED:
        c->work.rejected += wanted;
        return FC_OK;
    default: /* failed: it ran, and nothing of it is of use */
        return FC_OK;
    }
    return measured ? fc_histogram_add(&c->left, now - task->job.arrival) : FC_OK;
}

static void advance(fc_measures *m, double now)
{
    double seconds = now - m->since;

    if (!(seconds > 0)) return;
    for (int i = 0; i < FC_MEASURES_LEVELS; i++) m->area[i] += m->level[i] * seconds;
    m->since = now;
}

double *fc_measures_levels(fc_measures *m, double now)
{
    if (!m->warm && now >= m->warmup) {
        advance(m, m->warmup);
        memset(m->area, 0, sizeof m->area);
        m->warm = true;
        m->start = m->warmup;
        m->most_waiting = 0;
    }
    advance(m, now);
    return m->level;
}

double fc_measures_mean(const fc_measures *m, fc_measures_level level, double now)
{
    fc_measures then = *m;

    advance(&then, now);
    return then.since > then.start ? then.area[level] / (then.since - then.start)
                                   : then.level[level];
}

int fc_jobs_wait_of_all(const fc_job_measures *c, fc_histogram *out)
{
    int ret = FC_OK;

    *out = FC_HISTOGRAM_EMPTY;
    ret = fc_histogram_merge(out, &c->wait);
    if (ret == FC_OK) ret = fc_histogram_merge(out, &c->left);
    if (ret) fc_histogram_free(out);
    return ret;
}

double fc_slowdown_quantile(const fc_histogram *slowdown, double p)
{
    double value = fc_histogram_quantile(slowdown, p);

    return value >= 1 && value < 1 + 1.0 / FC_HISTOGRAM_PARTS ? 1 : value;
}

double fc_jain_index(const double *values, size_t n)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    return sum * sum / ((double)n * squares);
}

/* G = 2 sum(i x_i) / (n sum x) - (n + 1) / n over ascending x, i from 1. */
double fc_gini_coefficient(double *values, size_t n)
{
    double sum = 0, ranked = 0;

    fc_sort(values, n);
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        ranked += (double)(i + 1) * values[i];
    }
    return 2 * ranked / ((double)n * sum) - ((double)n + 1) / (double)n;
}
