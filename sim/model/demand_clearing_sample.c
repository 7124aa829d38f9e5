/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The jobs that a clearing function is learned from, and their gangs.
 */
#include <math.h>
#include <stdlib.h>

#include "jobs/clearing.h"
#include "model/demand_clearing.h"
#include "model/world.h"

/* Jobs: a pilot tells how large gangs are. The sample is of no more than REPEATS times as many as
 * come within the horizon: what is learned is then known better than it shows in one replication.
 * TIMES: stretches of the horizon, each looked at in its middle. */
enum { PILOT = 4096, LEAST = 512, REPEATS = 4, TIMES = 128 };

/* Pools of so many gangs hold all they can: in order of arrival, with backfill, and with backfill
 * but few small jobs (a quarter of the gang, or less): less than FILLING of the work. What lies
 * idle then is less than 0.7 % and 0.3 % of the GPUs, but near a load of 1, and of gangs that are
 * all alike up to one gang. */
static const double ALL = 64, ALL_OF_BACKFILL = 16, ALL_OF_ALIKE = 32, FILLING = 0.05;

/* Nobody runs the last replication: its draws belong to no job. */
#define REPLICATION UINT32_MAX

static double time_of(const fc_world *world, uint32_t i)
{
    return world->plan->horizon * (i + 0.5) / TIMES;
}

/* Jobs a second of each class at each time, summed up (TIMES x classes, time by time). */
static double sum_rates(fc_world *world, const fc_pool_state *pool, double *upto)
{
    double sum = 0;

    for (uint32_t i = 0; i < TIMES; i++) {
        for (uint32_t k = 0; k < pool->n_classes; k++) {
            sum += fc_arrival_mean(world, pool->classes[k], time_of(world, i));
            *upto++ = sum;
        }
    }
    return sum;
}

/* The first sum above x. */
static uint32_t find_sum(const double *upto, uint32_t n, double x)
{
    uint32_t low = 0, high = n - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (upto[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* With the parameters of the sample. */
static int draw_jobs(fc_world *world, const fc_pool_state *pool, const double *upto, uint32_t n,
                     fc_job *jobs)
{
    uint32_t cells = TIMES * pool->n_classes;
    uint64_t key =
        fc_stream_key(world->plan->seed, world->plan->fleets[pool->fleet].name, "clearing");
    double arrival = 0;

    for (uint32_t k = 0; k < n; k++) {
        fc_stream stream;

        fc_stream_init(&stream, key, REPLICATION, k);
        arrival += fc_exponential(&stream);
        uint32_t i = find_sum(upto, cells, fc_stream_uniform(&stream) * upto[cells - 1]);
        uint32_t class = pool->classes[i % pool->n_classes];
        int ret = fc_job_draw(world, class, k + 1, time_of(world, i / pool->n_classes), &jobs[k]);
        if (ret != FC_OK) return ret;
        jobs[k].arrival = arrival;
        jobs[k].groups = jobs[k].preferred = 0;
    }
    return FC_OK;
}

/* GPUs in the servers of the fleet's first model, which stand for all; 0: places do not matter. */
static uint32_t server_gpus(const fc_world *world, int32_t fleet)
{
    const fc_demand_state *d = &world->demands[fleet];
    double gpus = 0;

    if (world->plan->fleets[fleet].demand.placement != FC_PLACEMENT_SERVERS || d->n_groups == 0)
        return 0;
    gpus = fc_param_or(world->params, world->plan->accelerators[d->model[0]].per_server, 0, 1);
    return gpus >= 1 && gpus <= FC_MAX_SERVER_GPUS ? (uint32_t)rint(gpus) : 0;
}

/* Room for n jobs (or as many as the sample has at most), and some in it. E_DOMAIN. */
static int sample_with(fc_world *world, fc_pool_state *pool, uint32_t n, double *upto, fc_job **out)
{
    fc_clearing *c = pool->clearing;
    double sum = sum_rates(world, pool, upto), come = sum / TIMES * world->plan->horizon;
    int ret = FC_OK;

    if (!(sum > 0 && sum < INFINITY)) return FC_E_DOMAIN;
    c->server_gpus = server_gpus(world, pool->fleet);
    if ((ret = fc_demand_jobs_accounts(world, pool, c->accounts)) != FC_OK) return ret;
    c->most = (uint32_t)fmin(fmax(ceil(REPEATS * come), LEAST), FC_CLEARING_SAMPLE);
    n = n < c->most ? n : c->most;
    *out = calloc(n, sizeof **out);
    return *out ? draw_jobs(world, pool, upto, n, *out) : FC_E_NOMEM;
}

/* By the medians of what is unknown. *out: NULL if they cannot be drawn. E_NOMEM. */
static int make_sample(fc_world *world, fc_pool_state *pool, uint32_t n, fc_job **out)
{
    const fc_plan *plan = world->plan;
    fc_params *own = world->params, *params = NULL;
    fc_diag *diag = world->diag;
    double *upto = calloc((size_t)TIMES * pool->n_classes, sizeof *upto);
    double *medians = calloc(plan->n_unknowns + 1u, sizeof *medians);
    int ret = upto && medians ? fc_params_create(plan, &params) : FC_E_NOMEM;

    *out = NULL;
    for (uint32_t i = 0; medians && i < plan->n_unknowns; i++) medians[i] = 0.5;
    if (ret == FC_OK) ret = fc_params_begin(params, REPLICATION, medians, NULL);
    if (ret == FC_OK) {
        world->params = params;
        world->diag = NULL;
        ret = sample_with(world, pool, n, upto, out);
        world->params = own;
        world->diag = diag;
    }
    if (ret != FC_OK) {
        free(*out);
        *out = NULL;
    }
    fc_params_free(params);
    free(upto);
    free(medians);
    return ret == FC_E_DOMAIN ? FC_OK : ret;
}

/* ---- gangs --------------------------------------------------------------------------------- */

static int by_gpus(const void *a, const void *b)
{
    const fc_job *x = a, *y = b;

    return (x->gpus > y->gpus) - (x->gpus < y->gpus);
}

static double work_of(const fc_job *jobs, uint32_t n, fc_overrun overrun)
{
    double sum = 0;

    for (uint32_t i = 0; i < n; i++) sum += jobs[i].gpus * fc_job_holds(&jobs[i], overrun);
    return sum;
}

/* Of n jobs in order of their GPUs, the first whose gang is the least that a tenth of the
 * GPU-seconds are of, or of greater ones. */
static uint32_t large_gang(const fc_job *jobs, uint32_t n, double work, fc_overrun overrun)
{
    double above = 0;
    uint32_t i = n;

    while (i > 0 && above < 0.1 * work) {
        i--;
        above += jobs[i].gpus * fc_job_holds(&jobs[i], overrun);
    }
    while (i > 0 && jobs[i - 1].gpus == jobs[i].gpus) i--;
    return i;
}

/* How many gangs make a pool that holds all it can, n jobs of which are as large at most. */
static double gangs_of_all(bool backfill, const fc_job *jobs, uint32_t n, double gang, double unit,
                           double work, fc_overrun overrun)
{
    uint32_t small = 0;

    if (!backfill) return ALL;
    while (small < n && 4.0 * jobs[small].gpus <= gang) small++;
    if (gang <= unit) return ALL_OF_BACKFILL;
    return work_of(jobs, small, overrun) >= FILLING * work ? ALL_OF_BACKFILL : ALL_OF_ALIKE;
}

static void list_gangs(fc_clearing *c, const fc_demand_spec *spec, fc_job *jobs, uint32_t n)
{
    const fc_policy *policy = fc_policy_at((unsigned)spec->policy);
    bool backfill = policy == &fc_policy_easy || policy == &fc_policy_conservative;
    fc_overrun overrun = (fc_overrun)spec->overrun;
    double unit = c->server_gpus ? c->server_gpus : 1, work = 0;

    qsort(jobs, n, sizeof *jobs, by_gpus);
    while (c->n_gangs < FC_CLEARING_GANGS && (work = work_of(jobs, n, overrun)) > 0) {
        uint32_t first = large_gang(jobs, n, work, overrun);
        double gpus = ceil(jobs[first].gpus / unit) * unit;

        if (c->n_gangs == 0 || gpus < c->gangs[c->n_gangs - 1].gpus)
            c->gangs[c->n_gangs++] =
                (fc_clearing_gang){gpus, gpus * gangs_of_all(backfill, jobs, n, jobs[first].gpus,
                                                             unit, work, overrun)};
        n = first;
    }
}

int fc_clearing_find_gangs(fc_world *world, fc_pool_state *pool)
{
    fc_clearing *c = pool->clearing;
    fc_job *jobs = NULL;
    int ret = make_sample(world, pool, PILOT, &jobs);

    if (jobs != NULL)
        list_gangs(c, &world->plan->fleets[pool->fleet].demand, jobs,
                   c->most < PILOT ? c->most : PILOT);
    c->begun = ret == FC_OK;
    free(jobs);
    return ret;
}

int fc_clearing_draw(fc_world *world, fc_pool_state *pool)
{
    fc_clearing *c = pool->clearing;
    int ret = make_sample(world, pool, FC_CLEARING_SAMPLE, &c->jobs);

    c->sampled = ret == FC_OK;
    if (ret == FC_OK && c->jobs == NULL) c->n_gangs = 0;
    return ret;
}
