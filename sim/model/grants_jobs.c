/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs on a grant: a Poisson process of them while it lasts, first come, first served on the GPUs
 * that it has in service. Where it has fewer than before, free ones go first, then those of the
 * jobs that end last, which start again from their last checkpoint. At the end of the term what
 * runs is killed and what waits is never run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/world.h"

struct fc_grant_queue {
    fc_world *world;
    uint32_t class;
    uint64_t number; /* of the project */
    uint32_t gpus;   /* most of a job */
    fc_jobs *engine;
    int64_t units;
    double rate;                 /* jobs a second */
    uint64_t jobs;               /* drawn so far */
    double next;                 /* the next arrival */
    double bound;                /* the engine may look no further */
    bool killed;                 /* the grant is over */
    fc_capacity_change *changes; /* that the engine has not seen */
    size_t first_change, n_changes, change_capacity;
};

/* Of the job to come: told apart by project and job. */
static uint64_t occurrence_of(const fc_grant_queue *queue)
{
    return (queue->number << 24) + queue->jobs;
}

static void draw_gap(fc_grant_queue *queue)
{
    fc_stream stream;

    queue->jobs++;
    fc_stream_init(&stream, queue->world->grants.tallies[queue->class].job_key,
                   queue->world->replication, occurrence_of(queue));
    queue->next = queue->rate > 0 ? queue->next + fc_exponential(&stream) / queue->rate : INFINITY;
}

/* fc_job_source.next */
static int next_job(void *self, fc_job *job, bool *more)
{
    fc_grant_queue *queue = self;
    fc_world *world = queue->world;
    const fc_user_class *class = &world->plan->classes[queue->class];
    const fc_grant_jobs *jobs = &class->jobs;
    uint64_t k = occurrence_of(queue);
    double t = queue->next, gpus = 0, duration = 0, checkpoint = INFINITY;

    *more = t < queue->bound;
    if (!*more) return FC_OK;
    gpus = fc_param_draw(world->params, jobs->gpus, t, k);
    duration =
        fc_param_draw(world->params, jobs->duration, t, k) * fc_work_factor(world, queue->class, t);
    if (jobs->checkpoint) checkpoint = fc_param_draw(world->params, jobs->checkpoint, t, k);
    if (!(gpus >= 0 && gpus <= FC_MAX_UNITS) || !(duration >= 0 && duration < INFINITY) ||
        !(checkpoint >= 0))
        return fc_out_of_domain(world, world->classes[queue->class].path,
                                "GPUs, duration or checkpoint of a job on a grant");
    *job = (fc_job){.id = queue->jobs,
                    .arrival = t,
                    .duration = duration,
                    .gpus = (uint32_t)fmin(fmax(rint(gpus), 1), queue->gpus),
                    .checkpoint = checkpoint};
    draw_gap(queue);
    return FC_OK;
}

/* fc_capacity_source.next */
static int next_change(void *self, fc_capacity_change *change, bool *more)
{
    fc_grant_queue *queue = self;

    *more = queue->first_change < queue->n_changes &&
            queue->changes[queue->first_change].time < queue->bound;
    if (*more) *change = queue->changes[queue->first_change++];
    return FC_OK;
}

/* A job is there as the horizon ends; that of projects is counted in projects. */
static void count_rest(const fc_grant_queue *queue, const fc_job_result *result)
{
    fc_class_rest *rest = &queue->world->classes[queue->class].rest;
    fc_class_rest jobs = {0};

    if (result->status > FC_JOB_SUSPENDED) return;
    fc_count_rest(&jobs, result);
    rest->backlog += jobs.backlog;
    rest->never_started += result->status == FC_JOB_WAITING;
}

/* fc_job_sink.take */
static int take(void *self, const fc_job_result *result)
{
    fc_grant_queue *queue = self;
    fc_class_work *work = &queue->world->classes[queue->class].work;
    fc_grant_tally *tally = &queue->world->grants.tallies[queue->class];
    const fc_job *job = result->job;
    double wanted = job->gpus * job->duration;

    work->held += job->gpus * result->held;
    work->lost += job->gpus * (queue->killed ? result->held : result->lost);
    if (!queue->killed) count_rest(queue, result);
    if (!queue->killed) return FC_OK;
    work->killed += result->status == FC_JOB_RUNNING || result->status == FC_JOB_SUSPENDED;
    if (result->status != FC_JOB_WAITING) return FC_OK;
    work->abandoned += wanted;
    tally->ungranted += wanted;
    return fc_histogram_add(&tally->jobs.left, queue->bound - job->arrival);
}

int fc_grant_queue_create(fc_world *world, const fc_grant *grant, fc_grant_queue **out)
{
    const fc_user_class *class = &world->plan->classes[grant->project.class];
    fc_gpu_group group = {.grows = true};
    fc_jobs_spec spec = {.policy = &fc_policy_fifo, .groups = &group, .group_count = 1};
    fc_grant_queue *queue = calloc(1, sizeof *queue);
    int ret = FC_OK;

    *out = NULL;
    if (queue == NULL) return FC_E_NOMEM;
    queue->world = world;
    queue->class = grant->project.class;
    queue->number = grant->project.number;
    queue->gpus = (uint32_t)grant->gpus;
    queue->next = grant->since;
    queue->rate = fc_param_draw(world->params, class->jobs.arrivals, grant->since, queue->number);
    if (!(queue->rate >= 0 && queue->rate < INFINITY))
        ret = fc_out_of_domain(world, world->classes[queue->class].path, "jobs of a project");
    if (ret == FC_OK) ret = fc_jobs_create(&spec, &queue->engine);
    if (ret != FC_OK) {
        fc_grant_queue_free(queue);
        return ret;
    }
    draw_gap(queue);
    *out = queue;
    return FC_OK;
}

void fc_grant_queue_free(fc_grant_queue *queue)
{
    if (queue == NULL) return;
    fc_jobs_free(queue->engine);
    free(queue->changes);
    free(queue);
}

int fc_grant_queue_shift(fc_grant_queue *queue, double now, int64_t more)
{
    fc_capacity_change change = {.time = now,
                                 .kind = more > 0 ? FC_CAPACITY_ADD : FC_CAPACITY_TAKE,
                                 .units = (uint32_t)(more > 0 ? more : -more)};
    int ret = fc_reserve(&queue->changes, &queue->change_capacity, queue->n_changes + 1,
                         sizeof *queue->changes);

    if (ret != FC_OK) return ret;
    queue->changes[queue->n_changes++] = change;
    queue->units += more;
    return FC_OK;
}

int fc_grant_queue_run(fc_grant_queue *queue, double t)
{
    fc_jobs_input input = {
        .jobs = {next_job, queue}, .changes = {next_change, queue}, .sink = {take, queue}};
    int ret = FC_OK;

    queue->bound = t;
    ret = fc_jobs_run(queue->engine, &input, t);
    queue->n_changes -= queue->first_change;
    if (queue->n_changes > 0)
        memmove(queue->changes, queue->changes + queue->first_change,
                queue->n_changes * sizeof *queue->changes);
    queue->first_change = 0;
    if (ret == FC_E_LEDGER)
        return fc_ledger_broken(queue->world, "job", queue->world->classes[queue->class].path,
                                "jobs on a grant and what became of them");
    return ret;
}

double fc_grant_queue_held(const fc_grant_queue *queue)
{
    fc_jobs_summary summary;

    fc_jobs_summary_of(queue->engine, &summary);
    return summary.until > summary.from ? summary.levels.held * (summary.until - summary.from) : 0;
}

int fc_grant_queue_close(fc_grant_queue *queue, bool killed)
{
    fc_job_measures *sum = &queue->world->grants.tallies[queue->class].jobs;
    const fc_job_measures *own = fc_jobs_class(queue->engine, 0);
    fc_job_sink sink = {take, queue};
    int ret = FC_OK;

    queue->killed = killed;
    ret = fc_jobs_tell_rest(queue->engine, &sink);
    if (ret == FC_OK) ret = fc_histogram_merge(&sum->wait, &own->wait);
    if (ret == FC_OK) ret = fc_histogram_merge(&sum->left, &own->left);
    if (ret == FC_OK) ret = fc_histogram_merge(&sum->slowdown, &own->slowdown);
    return ret == FC_OK ? fc_histogram_merge(&sum->turnaround, &own->turnaround) : ret;
}

int64_t fc_grant_queue_units(const fc_grant_queue *queue)
{
    int64_t units = fc_jobs_units(queue->engine, 0);

    for (size_t i = queue->first_change; i < queue->n_changes; i++) {
        const fc_capacity_change *change = &queue->changes[i];
        units += change->kind == FC_CAPACITY_ADD ? change->units : -(int64_t)change->units;
    }
    return units;
}
