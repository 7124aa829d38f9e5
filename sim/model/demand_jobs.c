/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand job by job: each pool has a job engine, fed with the arrivals of its classes and with the
 * changes of its capacity, and never further than to where the world has come.
 */
#include <math.h>
#include <string.h>

#include "model/demand_windows.h"
#include "model/world.h"

/* ---- what the engine asks for -------------------------------------------------------------- */

/* fc_job_source.next: the earliest of the classes' next arrivals, ties in the plan's order. */
static int next_job(void *self, fc_job *job, bool *more)
{
    fc_pool_state *pool = self;
    fc_world *world = pool->world;
    uint32_t first = 0;
    int ret = FC_OK;

    if (pool->sample != NULL && fc_windows_take_first(pool, job)) {
        *more = true;
        return FC_OK;
    }
    for (uint32_t i = 1; i < pool->n_classes; i++) {
        if (world->classes[pool->classes[i]].next < world->classes[pool->classes[first]].next)
            first = i;
    }
    uint32_t class = pool->classes[first];
    fc_class_state *state = &world->classes[class];
    *more = state->next < INFINITY;
    if (!*more) return FC_OK;
    ret = fc_job_draw(world, class, state->arrivals.ordinal, state->next, job);
    fc_arrivals_take(world, class);
    if (state->sample != NULL) state->sample->jobs.arrived += 1;
    state->next = fc_arrivals_next(world, class, pool->bound);
    return ret;
}

/* fc_capacity_source.next */
static int next_change(void *self, fc_capacity_change *change, bool *more)
{
    fc_pool_state *pool = self;

    *more = pool->first_change < pool->n_changes &&
            pool->changes[pool->first_change].time < pool->bound;
    if (*more) *change = pool->changes[pool->first_change++];
    return FC_OK;
}

static void count_held(const fc_pool_state *pool, const fc_job_result *result)
{
    uint32_t class = pool->classes[result->job->class];
    fc_class_work *work = pool->world->classes[class].of_jobs;
    double held = result->job->gpus * result->held;

    work->held += held;
    work->lost += result->job->gpus * result->lost;
    fc_users_add(pool->world, class, fc_user_of(pool->world, class, result->job->id), held);
}

/* fc_job_sink.take: a job has left. */
static int take(void *self, const fc_job_result *result)
{
    fc_pool_state *pool = self;
    fc_world *world = pool->world;
    const fc_job *job = result->job;
    uint32_t class = pool->classes[job->class];
    fc_class_work *work = world->classes[class].of_jobs;
    double wanted = job->gpus * job->duration;
    int ret = FC_OK;

    count_held(pool, result);
    if (result->status == FC_JOB_FAILED) work->killed += 1;
    if (pool->sample != NULL) ret = fc_windows_see(world, pool, result);
    if (ret != FC_OK || result->status < FC_JOB_OFFSHORE) return ret;
    if (result->status == FC_JOB_OFFSHORE) {
        work->offshore += wanted;
        work->rent += wanted / FC_HOUR * fc_offshore_price(world, class, result->end);
    } else {
        work->abandoned += wanted;
    }
    work->unmet[fc_jobs_obstacle(pool->engine, job)] += wanted;
    return FC_OK;
}

void fc_count_rest(fc_class_rest *rest, const fc_job_result *result)
{
    const fc_job *job = result->job;

    if (result->status == FC_JOB_RUNNING) {
        rest->running += 1;
        return;
    }
    rest->waiting += 1;
    rest->backlog += job->gpus * (job->duration - (result->held - result->lost));
}

/* fc_job_sink.take at the horizon's end: a job is still there. */
static int take_rest(void *self, const fc_job_result *result)
{
    fc_pool_state *pool = self;
    fc_class_rest *rest = &pool->world->classes[pool->classes[result->job->class]].rest;

    fc_count_rest(rest, result);
    if (pool->sample != NULL) return fc_windows_see(pool->world, pool, result);
    rest->never_started += result->status == FC_JOB_WAITING;
    count_held(pool, result);
    return FC_OK;
}

/* ---- running ------------------------------------------------------------------------------- */

int fc_demand_jobs_accounts(fc_world *world, const fc_pool_state *pool, fc_job_account *accounts)
{
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        const fc_user_class *class = &world->plan->classes[pool->classes[i]];
        double quota = fc_param_or(world->params, class->quota, 0, 0);

        accounts[i].share = fc_param_or(world->params, class->share, 0, 1);
        if (!(accounts[i].share > 0) || !(quota >= 0 && quota <= UINT32_MAX))
            return fc_out_of_domain(world, world->classes[pool->classes[i]].path,
                                    "a share or quota");
        accounts[i].quota = (uint32_t)rint(quota);
    }
    return FC_OK;
}

int fc_demand_jobs_begin(fc_world *world, fc_pool_state *pool)
{
    const fc_demand_spec *plan = &world->plan->fleets[pool->fleet].demand;
    const fc_demand_state *d = &world->demands[pool->fleet];
    fc_gpu_group groups[FC_MAX_GROUPS] = {0};
    fc_jobs_spec spec = {.policy = fc_policy_at((unsigned)plan->policy),
                         .overrun = (fc_overrun)plan->overrun,
                         .groups = groups,
                         .group_count = d->n_groups,
                         .classes = pool->n_classes,
                         .account_count = pool->n_classes};
    fc_arena *scratch = NULL;
    fc_job_account *accounts = NULL;
    int ret = FC_OK;

    fc_jobs_free(pool->engine);
    pool->engine = NULL;
    if (pool->n_classes == 0 || d->n_groups == 0) return FC_OK;
    for (uint32_t g = 0; g < d->n_groups; g++) {
        groups[g].grows = true;
        groups[g].server_gpus = plan->placement == FC_PLACEMENT_SERVERS ? d->unit[g] : 0;
    }
    scratch = fc_arena_create();
    accounts = scratch ? fc_arena_array(scratch, pool->n_classes, sizeof *accounts) : NULL;
    if (accounts == NULL) {
        ret = FC_E_NOMEM;
        goto out;
    }
    spec.accounts = accounts;
    if ((ret = fc_demand_jobs_accounts(world, pool, accounts)) != FC_OK) goto out;
    ret = fc_jobs_create(&spec, &pool->engine);
out:
    fc_arena_free(scratch);
    return ret;
}

int fc_demand_jobs_run(fc_world *world, fc_pool_state *pool, double t)
{
    fc_jobs_input input = {
        .jobs = {next_job, pool}, .changes = {next_change, pool}, .sink = {take, pool}};
    int ret = FC_OK;

    if (pool->engine == NULL) return FC_OK;
    pool->bound = t;
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_state *class = &world->classes[pool->classes[i]];
        bool rests = fc_windows_rest(pool, class);

        class->next = rests ? INFINITY : fc_arrivals_next(world, pool->classes[i], t);
    }
    ret = fc_jobs_run(pool->engine, &input, t);
    /* The changes that have been seen make room. */
    pool->n_changes -= pool->first_change;
    if (pool->n_changes > 0)
        memmove(pool->changes, pool->changes + pool->first_change,
                pool->n_changes * sizeof *pool->changes);
    pool->first_change = 0;
    if (ret == FC_E_LEDGER)
        return fc_ledger_broken(world, "job", world->plan->fleets[pool->fleet].name,
                                "jobs that came and what became of them");
    return ret;
}

int fc_demand_jobs_pass(fc_world *world, fc_pool_state *pool, double from, double to)
{
    fc_pool_services *services = pool->services_of_jobs;
    int ret = FC_OK;

    if (services == NULL) return fc_demand_jobs_run(world, pool, to);
    while (ret == FC_OK && from < to) {
        double next = to;

        if (from >= services->look) ret = fc_services_look(world, services, from);
        next = fmin(to, services->look);
        if (ret == FC_OK) ret = fc_demand_jobs_run(world, pool, next);
        fc_services_count(world, services, from, next);
        from = next;
    }
    return ret;
}

/* Jobs of a class that have come to the engine. */
static uint64_t arrived_of(const fc_class_state *class)
{
    if (class->sample == NULL) return class->arrivals.ordinal - 1;
    return (uint64_t) class->sample->jobs.arrived + class->sample->first;
}

/* Job by job: came = done + left + killed + running + waiting. */
int fc_demand_jobs_end(fc_world *world, fc_pool_state *pool)
{
    fc_job_sink sink = {take_rest, pool};
    int ret = fc_jobs_tell_rest(pool->engine, &sink);

    for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
        const fc_class_state *class = &world->classes[pool->classes[i]];
        const fc_job_counts *counts = &fc_jobs_class(pool->engine, i)->counts;
        uint64_t jobs = (uint64_t) class->rest.running + (uint64_t) class->rest.waiting;

        for (int k = 0; k < FC_JOB_STATUSES; k++) jobs += counts->status[k];
        if (jobs != arrived_of(class))
            ret = fc_ledger_broken(world, "job", class->path,
                                   "jobs that came, and those done, left, killed or there");
    }
    return ret;
}

/* The engine has the pool's units, but for the changes that it has not seen yet. */
int fc_demand_jobs_verify(fc_world *world, const fc_pool_state *pool)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    const char *name = world->plan->fleets[pool->fleet].name;
    uint64_t arrived = 0;
    fc_jobs_summary summary;

    for (uint32_t g = 0; g < d->n_groups; g++) {
        int64_t units = fc_jobs_units(pool->engine, g);
        int64_t leaving = fc_jobs_leaving(pool->engine, g);

        for (size_t i = pool->first_change; i < pool->n_changes; i++) {
            const fc_capacity_change *change = &pool->changes[i];
            if (change->group != g) continue;
            units += change->kind == FC_CAPACITY_ADD ? change->units : -(int64_t)change->units;
            if (change->kind == FC_CAPACITY_ADD) leaving -= change->units;
        }
        if (leaving > (int64_t)pool->owed[g] + fc_services_await(pool->services_of_jobs, g))
            return fc_ledger_broken(world, "job", name, "GPUs that jobs let go of and who waits");
        if (pool->services != NULL) units += pool->services_of_jobs->claimed[g];
        if (units != pool->units[g])
            return fc_ledger_broken(world, "job", name, "GPUs of a pool and those its jobs share");
    }
    fc_jobs_summary_of(pool->engine, &summary);
    for (uint32_t i = 0; i < pool->n_classes; i++)
        arrived += arrived_of(&world->classes[pool->classes[i]]);
    if (arrived != summary.counts.arrived)
        return fc_ledger_broken(world, "job", name, "jobs that came");
    return FC_OK;
}
