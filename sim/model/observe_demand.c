/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of demand.
 */
#include <math.h>
#include <stdlib.h>

#include "model/demand_windows.h"
#include "model/world.h"

/* ---- of a fleet ---------------------------------------------------------------------------- */

/* GPU-seconds of all classes. */
typedef struct totals {
    double held, used, served, lost, offshore, abandoned, rent;
    double unmet[FC_N_OBSTACLES];
    double starting; /* unmet while replicas of services start */
    double backlog;  /* of jobs and projects that wait as the horizon ends */
} totals;

static void add_services(const fc_world *world, const fc_demand_spec *spec, totals *sum)
{
    for (uint32_t i = 0; i < spec->n_services; i++) {
        const fc_service_work *w = &world->services[spec->first_service + i].sum;

        sum->held += w->held;
        sum->used += w->used;
        sum->served += w->served;
        sum->offshore += w->offshore;
        sum->abandoned += w->unserved;
        sum->rent += w->rent;
        sum->unmet[FC_OBSTACLE_TOO_FEW] += w->unmet[FC_UNSERVED_TOO_FEW];
        sum->unmet[FC_OBSTACLE_WRONG_MODEL] += w->unmet[FC_UNSERVED_WRONG_MODEL];
        sum->starting += w->unmet[FC_UNSERVED_STARTING];
    }
}

double fc_class_load(fc_world *world, uint32_t class, double t)
{
    return fc_param_or(world->params, world->plan->classes[class].load, t, 1);
}

static totals add_up(fc_world *world, int32_t fleet, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    totals sum = {0};

    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        const fc_class_work *w = &world->classes[i].work;

        sum.held +=
            world->plan->classes[i].access == FC_NONE ? w->held : world->grants.tallies[i].active;
        sum.used += w->held * fc_class_load(world, i, t);
        sum.served += w->held - w->lost;
        sum.lost += w->lost;
        sum.offshore += w->offshore;
        sum.abandoned += w->abandoned;
        sum.rent += w->rent;
        sum.backlog += world->classes[i].rest.backlog;
        for (int k = 0; k < FC_N_OBSTACLES; k++) sum.unmet[k] += w->unmet[k];
    }
    add_services(world, spec, &sum);
    return sum;
}

static double fragmented(const fc_world *world, int32_t fleet)
{
    const fc_demand_state *d = &world->demands[fleet];
    double area = 0;

    for (uint32_t p = 0; p < d->n_pools; p++) {
        fc_jobs_summary summary;

        if (d->pools[p].sample != NULL) area += fc_windows_fragmented(&d->pools[p]);
        if (d->pools[p].sample != NULL) continue;

        if (d->pools[p].engine == NULL) continue;
        fc_jobs_summary_of(d->pools[p].engine, &summary);
        area += summary.levels.fragmented * (summary.until - summary.from);
    }
    return area;
}

/* A run has accelerators of one model at one site; what stands outside the sites that are modelled
 * counts as one site a programme or stock. */
static bool together(const fc_lot *a, const fc_lot *b)
{
    return a->fleet == b->fleet && a->model == b->model &&
           (a->site == FC_NONE ? b->holding == a->holding && b->site == FC_NONE
                               : b->site == a->site);
}

static void find_largest(fc_world *world, int32_t fleet, double t, double *gpus, double *flops)
{
    *gpus = *flops = 0;
    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];
        double peak = 0, n = 0;

        if (lot->fleet != fleet || lot->count[FC_ST_RUNNING] == 0) continue;
        peak = fc_param_or(world->params, world->plan->accelerators[lot->model].bf16_dense, t, 0);
        for (size_t k = 0; k < world->n_lots; k++) {
            if (together(lot, world->lots[k])) n += (double)world->lots[k]->count[FC_ST_RUNNING];
        }
        if (n * peak <= *flops) continue;
        *gpus = n;
        *flops = n * peak;
    }
}

static double run_metric(fc_world *world, int metric, int32_t fleet, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    double gpus = 0, flops = 0, mfu = fc_param_or(world->params, spec->run_mfu, t, 1);

    find_largest(world, fleet, t, &gpus, &flops);
    if (metric == FC_M_largest_run) return gpus;
    if (!(flops * mfu > 0)) return NAN;
    return fc_param_at(world->params, spec->run_work, t) / (flops * mfu) / FC_DAY;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* Jobs that have come to a queue, or projects to a call. */
static double arrivals_of(const fc_world *world, uint32_t index)
{
    const fc_user_class *plan = &world->plan->classes[index];
    const fc_class_state *class = &world->classes[index];
    bool flows = world->plan->fleets[plan->fleet].demand.detail != FC_DETAIL_JOBS;

    return flows && plan->access == FC_NONE ? class->work.arrived
                                            : (double)(class->arrivals.ordinal - 1);
}

/* Of jobs that queue. */
static double killed_share(const fc_world *world, const fc_demand_spec *spec)
{
    double killed = 0, came = 0;

    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        if (world->plan->classes[i].access != FC_NONE) continue;
        killed += world->classes[i].work.killed;
        came += arrivals_of(world, i);
    }
    return ratio(killed, came);
}

double fc_demand_metric(fc_world *world, int metric, int32_t fleet, double t)
{
    const fc_demand_state *d = &world->demands[fleet];
    double running = fc_level_integral(&d->running_gpus, t);
    totals sum = add_up(world, fleet, t);

    switch (metric) {
    case FC_M_gpus_allocated:
        return d->allocated;
    case FC_M_allocation:
        return ratio(sum.held, running);
    case FC_M_utilisation:
        return ratio(sum.used, running);
    case FC_M_fragmented_share:
        return ratio(fragmented(world, fleet), running);
    case FC_M_home_share:
        return ratio(sum.served, sum.served + sum.offshore);
    case FC_M_unmet_share:
        return ratio(sum.offshore + sum.abandoned, sum.served + sum.offshore + sum.abandoned);
    case FC_M_offshore_rent:
        return sum.rent;
    case FC_M_unmet_too_few:
        return sum.unmet[FC_OBSTACLE_TOO_FEW] / FC_HOUR;
    case FC_M_unmet_wrong_model:
        return sum.unmet[FC_OBSTACLE_WRONG_MODEL] / FC_HOUR;
    case FC_M_unmet_fragmented:
        return sum.unmet[FC_OBSTACLE_FRAGMENTED] / FC_HOUR;
    case FC_M_unmet_starting:
        return sum.starting / FC_HOUR;
    case FC_M_unmet_quota:
        return sum.unmet[FC_OBSTACLE_QUOTA] / FC_HOUR;
    case FC_M_lost_share:
        return ratio(sum.lost, sum.held);
    case FC_M_backlog:
        return sum.backlog / FC_HOUR;
    case FC_M_backlog_share:
        return ratio(sum.backlog, sum.served + sum.offshore + sum.abandoned + sum.backlog);
    case FC_M_killed_share:
        return killed_share(world, &world->plan->fleets[fleet].demand);
    case FC_M_non_capital_share:
        return fc_users_non_capital(world, fleet);
    case FC_M_unmet_no_grant:
    case FC_M_granted_share:
    case FC_M_co_payments:
    case FC_M_gini_users:
    case FC_M_top10_share:
        return fc_grant_metric(world, metric, fleet);
    default:
        return run_metric(world, metric, fleet, t);
    }
}

/* ---- of a class ---------------------------------------------------------------------------- */

static double quantile(const fc_histogram *h, double p)
{
    return fc_histogram_count(h) > 0 ? fc_histogram_quantile(h, p) : NAN;
}

/* Over those that started, those that left, and those that have done neither, which are taken to
 * wait for longer than all others: NaN where it is one of them, or out of memory. */
static double wait_of_all(const fc_job_measures *m, uint64_t never_started, double p)
{
    fc_histogram all;
    double wait = NAN;

    if (fc_jobs_wait_of_all(m, &all) != FC_OK) return NAN;
    if (fc_histogram_add_times(&all, INFINITY, never_started) == FC_OK) wait = quantile(&all, p);
    fc_histogram_free(&all);
    return isfinite(wait) ? wait : NAN;
}

static double job_metric(const fc_job_measures *m, uint64_t never_started, int metric)
{
    double left = (double)fc_histogram_count(&m->left);

    switch (metric) {
    case FC_M_class_left_share:
        return ratio(left, left + (double)fc_histogram_count(&m->wait));
    case FC_M_wait_p50:
        return quantile(&m->wait, 0.5) / FC_HOUR;
    case FC_M_wait_p95:
        return quantile(&m->wait, 0.95) / FC_HOUR;
    case FC_M_wait_p99:
        return quantile(&m->wait, 0.99) / FC_HOUR;
    case FC_M_wait_mean:
        return fc_histogram_mean(&m->wait) / FC_HOUR;
    case FC_M_wait_all_p50:
        return wait_of_all(m, never_started, 0.5) / FC_HOUR;
    case FC_M_wait_all_p95:
        return wait_of_all(m, never_started, 0.95) / FC_HOUR;
    case FC_M_wait_all_p99:
        return wait_of_all(m, never_started, 0.99) / FC_HOUR;
    case FC_M_slowdown_p50:
        return fc_slowdown_quantile(&m->slowdown, 0.5);
    case FC_M_slowdown_p95:
        return fc_slowdown_quantile(&m->slowdown, 0.95);
    default:
        return fc_slowdown_quantile(&m->slowdown, 0.99);
    }
}

/* Of the class's jobs, in its pool or on its grants; NULL: its pool is no queue of jobs, or has no
 * GPUs ever. */
static const fc_job_measures *measures_of(const fc_world *world, uint32_t index)
{
    const fc_class_state *class = &world->classes[index];
    const fc_user_class *plan = &world->plan->classes[index];
    const fc_demand_spec *spec = &world->plan->fleets[plan->fleet].demand;
    uint32_t pool = plan->pool == FC_NONE ? 0 : (uint32_t)plan->pool - spec->first_pool;
    const fc_jobs *engine = world->demands[plan->fleet].pools[pool].engine;

    if (plan->access != FC_NONE) return &world->grants.tallies[index].jobs;
    if (engine == NULL) return NULL;
    return class->sample ? &class->sample->measures : fc_jobs_class(engine, class->index);
}

double fc_class_metric(fc_world *world, int metric, uint32_t index)
{
    const fc_class_state *class = &world->classes[index];
    const fc_job_measures *measures = measures_of(world, index);

    if (metric >= FC_M_projects_granted && metric <= FC_M_grant_wait_mean)
        return fc_grant_class_metric(world, metric, index);
    switch (metric) {
    case FC_M_class_arrivals:
        return arrivals_of(world, index);
    case FC_M_class_served:
        return (class->work.held - class->work.lost) / FC_HOUR;
    case FC_M_class_lost:
        return class->work.lost / FC_HOUR;
    case FC_M_class_offshore:
        return class->work.offshore / FC_HOUR;
    case FC_M_class_abandoned:
        return class->work.abandoned / FC_HOUR;
    case FC_M_class_killed:
        return class->work.killed;
    case FC_M_class_waiting:
        return class->rest.waiting;
    case FC_M_class_backlog:
        return class->rest.backlog / FC_HOUR;
    default:
        if (measures == NULL) return NAN;
        return job_metric(measures, class->rest.never_started, metric);
    }
}

/* ---- histograms ---------------------------------------------------------------------------- */

static int write_histogram(const fc_histogram *h, fc_bytes *out)
{
    free(out->data);
    *out = (fc_bytes){0};
    return fc_histogram_write(h, &out->data, &out->length);
}

/* Those that left, and, as waits without end, those that have neither left nor started. */
static int write_others(const fc_histogram *left, uint64_t never_started, fc_bytes *out)
{
    fc_histogram all = FC_HISTOGRAM_EMPTY;
    int ret = fc_histogram_merge(&all, left);

    if (ret == FC_OK) ret = fc_histogram_add_times(&all, INFINITY, never_started);
    if (ret == FC_OK) ret = write_histogram(&all, out);
    fc_histogram_free(&all);
    return ret;
}

static int write_jobs(const fc_job_measures *m, uint64_t never_started, fc_bytes *out)
{
    static const fc_job_measures none = {
        .wait = {.min = INFINITY}, .left = {.min = INFINITY}, .slowdown = {.min = INFINITY}};
    int ret = FC_OK;

    if (m == NULL) m = &none;
    ret = write_histogram(&m->wait, &out[FC_WAITS_STARTED]);
    if (ret == FC_OK) ret = write_others(&m->left, never_started, &out[FC_WAITS_GONE]);
    return ret == FC_OK ? write_histogram(&m->slowdown, &out[FC_WAITS_SLOWDOWN]) : ret;
}

int fc_observe_waits(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_classes; i++) {
        fc_bytes *out = &world->record->waits[FC_WAITS_A_CLASS * (size_t)i];

        if (fc_plan_tells_jobs(plan, i))
            ret = write_jobs(measures_of(world, i), world->classes[i].rest.never_started, out);
        if (ret == FC_OK && plan->classes[i].access != FC_NONE)
            ret = write_histogram(&world->grants.tallies[i].wait, &out[FC_WAITS_GRANTED]);
    }
    return ret;
}
