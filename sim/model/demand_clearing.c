/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand_clearing.h"

#include <math.h>
#include <stdlib.h>

#include "jobs/clearing.h"
#include "model/world.h"

/* Jobs: a pilot tells how large gangs are. The sample is of no more than REPEATS times as many as
 * come within the horizon: what is learned is then known better than it shows in one replication.
 */
enum { PILOT = 4096, SAMPLE = 65536, LEAST = 512, REPEATS = 4 };

/* Nobody runs the last replication: its draws belong to no job. */
#define REPLICATION UINT32_MAX

/* Jobs of a full sample at each load, an eighth of which fill the cluster: most where chance
 * decides who waits, few where queues are long and it takes time to look through them. What is held
 * then has a standard error of 0.2 to 0.4 %. */
static const struct {
    double load;
    uint32_t jobs;
} POINTS[FC_CLEARING_LOADS] = {
    {0.4, SAMPLE / 8}, {0.6, SAMPLE / 8}, {0.7, SAMPLE / 4}, {0.8, SAMPLE},     {0.85, SAMPLE / 2},
    {0.9, SAMPLE / 2}, {1, SAMPLE / 2},   {1.2, SAMPLE / 4}, {1.5, SAMPLE / 8}, {2, SAMPLE / 8}};
enum { LOAD_OF_1 = 6 };
/* Of the pool, over the gang. From the last on all can be held, under backfill from an earlier one:
 * what lies idle is less than 0.3 % of the GPUs then, but near a load of 1. */
static const double SIZES[FC_CLEARING_SIZES + 1] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
enum { LAST_OF_BACKFILL = 7 };

static bool backfills(const fc_policy *policy)
{
    return policy == &fc_policy_easy || policy == &fc_policy_conservative;
}

int fc_clearing_create(fc_world *world, fc_pool_state *pool)
{
    const fc_demand_spec *spec = &world->plan->fleets[pool->fleet].demand;
    fc_clearing *c = NULL;

    if (spec->detail != FC_DETAIL_FLUID || fc_param_given(spec->packing) || pool->n_classes == 0)
        return FC_OK;
    c = pool->clearing = fc_arena_alloc(world->arena, sizeof *c);
    if (c == NULL) return FC_E_NOMEM;
    *c = (fc_clearing){.last = FC_CLEARING_SIZES};
    if (backfills(fc_policy_at((unsigned)spec->policy))) c->last = LAST_OF_BACKFILL;
    c->classes = fc_arena_array(world->arena, pool->n_classes, sizeof *c->classes);
    c->accounts = fc_arena_array(world->arena, pool->n_classes, sizeof *c->accounts);
    return c->classes == NULL || c->accounts == NULL ? FC_E_NOMEM : FC_OK;
}

void fc_clearing_free(fc_pool_state *pool)
{
    if (pool->clearing != NULL) free(pool->clearing->jobs);
}

/* ---- the sample ---------------------------------------------------------------------------- */

/* The class of a job whose uniform is u: by their rates. */
static uint32_t class_at(const double *rates, uint32_t n, double u)
{
    uint32_t i = 0;

    while (i + 1 < n && u >= rates[i]) u -= rates[i++];
    return i;
}

static void count_class(fc_clearing_class *class, const fc_job *job)
{
    class->jobs += 1;
    class->work += job->gpus * job->duration;
    class->duration += job->duration;
    class->patience += job->impatient ? job->patience : INFINITY;
}

static void finish_classes(fc_clearing *c, uint32_t n)
{
    double work = 0;

    for (uint32_t i = 0; i < n; i++) work += c->classes[i].work;
    for (uint32_t i = 0; i < n; i++) {
        fc_clearing_class *class = &c->classes[i];

        class->work = work > 0 ? class->work / work : 0;
        if (!(class->jobs > 0)) continue;
        class->duration /= class->jobs;
        class->patience /= class->jobs;
    }
}

/* With the parameters of the sample. `rates`: of the pool's classes, shares. */
static int draw_jobs(fc_world *world, fc_pool_state *pool, const double *rates, uint32_t n,
                     fc_job *jobs)
{
    double t = world->plan->horizon / 2, arrival = 0;
    uint64_t key =
        fc_stream_key(world->plan->seed, world->plan->fleets[pool->fleet].name, "clearing");
    fc_clearing *c = pool->clearing;
    int ret = FC_OK;

    for (uint32_t i = 0; i < pool->n_classes; i++) c->classes[i] = (fc_clearing_class){0};
    for (uint32_t k = 0; ret == FC_OK && k < n; k++) {
        fc_stream stream;

        fc_stream_init(&stream, key, REPLICATION, k);
        arrival += fc_exponential(&stream);
        uint32_t class = class_at(rates, pool->n_classes, fc_stream_uniform(&stream));
        ret = fc_job_draw(world, pool->classes[class], k + 1, t, &jobs[k]);
        if (ret != FC_OK) return ret;
        jobs[k].arrival = arrival;
        jobs[k].groups = jobs[k].preferred = 0;
        count_class(&c->classes[class], &jobs[k]);
    }
    finish_classes(c, pool->n_classes);
    return ret;
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

/* Draws n jobs, or as many as the sample has at most, by the medians of what is unknown. E_DOMAIN:
 * none come, or some cannot be drawn. */
static int draw_sample(fc_world *world, fc_pool_state *pool, uint32_t n, fc_job *jobs)
{
    const fc_plan *plan = world->plan;
    fc_params *own = world->params, *params = NULL;
    fc_diag *diag = world->diag;
    double *rates = calloc(pool->n_classes, sizeof *rates);
    double *medians = calloc(plan->n_unknowns + 1u, sizeof *medians), sum = 0;
    int ret = rates && medians ? fc_params_create(plan, &params) : FC_E_NOMEM;

    for (uint32_t i = 0; medians && i < plan->n_unknowns; i++) medians[i] = 0.5;
    if (ret == FC_OK) ret = fc_params_begin(params, REPLICATION, medians, NULL);
    if (ret != FC_OK) goto out;
    world->params = params;
    world->diag = NULL;
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        rates[i] = fc_arrival_mean(world, pool->classes[i], plan->horizon / 2);
        sum += rates[i];
    }
    for (uint32_t i = 0; i < pool->n_classes; i++) rates[i] /= sum;
    pool->clearing->server_gpus = server_gpus(world, pool->fleet);
    if (!(sum > 0 && sum < INFINITY)) ret = FC_E_DOMAIN;
    if (ret == FC_OK) ret = fc_demand_jobs_accounts(world, pool, pool->clearing->accounts);
    pool->clearing->most = (uint32_t)fmin(fmax(ceil(REPEATS * sum * plan->horizon), LEAST), SAMPLE);
    if (n > pool->clearing->most) n = pool->clearing->most;
    if (ret == FC_OK) ret = draw_jobs(world, pool, rates, n, jobs);
out:
    world->params = own;
    world->diag = diag;
    fc_params_free(params);
    free(rates);
    free(medians);
    return ret;
}

static int by_gpus(const void *a, const void *b)
{
    const fc_job *x = a, *y = b;

    return (x->gpus > y->gpus) - (x->gpus < y->gpus);
}

/* The least gang that a tenth of the GPU-seconds are of, or of greater ones. */
static uint32_t large_gang(fc_job *jobs, uint32_t n)
{
    double sum = 0, above = 0;
    uint32_t i = n;

    qsort(jobs, n, sizeof *jobs, by_gpus);
    for (uint32_t k = 0; k < n; k++) sum += jobs[k].gpus * jobs[k].duration;
    while (i > 0 && above < 0.1 * sum) {
        i--;
        above += jobs[i].gpus * jobs[i].duration;
    }
    return sum > 0 ? jobs[i].gpus : 0;
}

/* Room for n jobs and some of them in it, or FC_OK and NULL if they cannot be drawn: a flow draws
 * none and goes on without. */
static int make_sample(fc_world *world, fc_pool_state *pool, uint32_t n, fc_job **out)
{
    fc_job *jobs = calloc(n, sizeof *jobs);
    int ret = jobs ? draw_sample(world, pool, n, jobs) : FC_E_NOMEM;

    if (ret != FC_OK) {
        free(jobs);
        jobs = NULL;
    }
    *out = jobs;
    return ret == FC_E_DOMAIN ? FC_OK : ret;
}

static int find_gang(fc_world *world, fc_pool_state *pool)
{
    fc_job *jobs = NULL;
    int ret = make_sample(world, pool, PILOT, &jobs);

    if (jobs != NULL) pool->clearing->gang = large_gang(jobs, PILOT);
    pool->clearing->begun = ret == FC_OK;
    free(jobs);
    return ret;
}

static int find_jobs(fc_world *world, fc_pool_state *pool)
{
    int ret = make_sample(world, pool, SAMPLE, &pool->clearing->jobs);

    if (ret == FC_OK && pool->clearing->jobs == NULL) pool->clearing->gang = 0;
    return ret;
}

/* ---- a curve ------------------------------------------------------------------------------- */

/* What the flow holds in balance if it holds a part f of what is wanted. */
static double in_balance(const fc_clearing *c, uint32_t n, double load, double longest, double f)
{
    double held = 0;

    for (uint32_t i = 0; i < n; i++) {
        const fc_clearing_class *class = &c->classes[i];
        double patience = fmin(class->patience, longest);
        double leave = patience > 0 ? -expm1(-FC_HOUR / patience) : 1;

        if (class->work > 0)
            held += f * load * class->work / (f + (1 - f) * class->duration * leave / FC_HOUR);
    }
    return held;
}

/* The part of what is wanted that the flow has to hold so that in balance `held` is held. */
static double part_held(const fc_clearing *c, uint32_t n, double load, double longest, double held)
{
    double low = 0, high = 1;

    for (int i = 0; i < 60 && held < load; i++) {
        double f = (low + high) / 2;

        if (in_balance(c, n, load, longest, f) < held)
            low = f;
        else
            high = f;
    }
    return high;
}

/* One load. A queue of jobs that wait for ever grows while the sample runs: it is on average as
 * long as if they had patience for half of that time. */
static int add_point(fc_clearing *c, const fc_jobs_spec *spec, uint32_t k, fc_clearing_curve *curve)
{
    uint32_t n = POINTS[k].jobs < c->most ? POINTS[k].jobs : c->most;
    fc_job_sample sample = {.jobs = c->jobs, .count = n, .warm = n / 8};
    double load = POINTS[k].load, lasts = 0, held = 0;
    int ret = fc_jobs_clear(spec, &sample, load, &held, &lasts);

    if (ret == FC_E_DOMAIN) held = load; /* jobs beyond all bounds: as without */
    if (ret != FC_OK && ret != FC_E_DOMAIN) return ret;
    held = fmin(held, 1);
    if (k > 0) held = fmax(held, curve->held[k - 1]);
    curve->held[k] = held;
    curve->wanted[k] = held / part_held(c, spec->classes, load, lasts / 2, held);
    if (k > 0) curve->wanted[k] = fmax(curve->wanted[k], curve->wanted[k - 1]);
    return FC_OK;
}

static int learn(fc_world *world, fc_pool_state *pool, uint32_t size)
{
    const fc_demand_spec *demand = &world->plan->fleets[pool->fleet].demand;
    const fc_policy *policy = fc_policy_at((unsigned)demand->policy);
    fc_clearing *c = pool->clearing;
    fc_gpu_group group = {.grows = true};
    /* Promises to everyone take time as the square of the queue, and little else. */
    fc_jobs_spec spec = {.policy = policy == &fc_policy_conservative ? &fc_policy_easy : policy,
                         .overrun = (fc_overrun)demand->overrun,
                         .groups = &group,
                         .group_count = 1,
                         .classes = pool->n_classes,
                         .accounts = c->accounts,
                         .account_count = pool->n_classes};
    fc_clearing_curve *curve = &c->curves[size];
    double unit = c->server_gpus ? c->server_gpus : 1;
    int ret = FC_OK;

    group.server_gpus = c->server_gpus;
    group.units = (uint32_t)fmin(ceil(SIZES[size] * c->gang / unit), FC_MAX_UNITS);
    curve->gpus = group.units * unit;
    for (uint32_t k = 0; ret == FC_OK && k < FC_CLEARING_LOADS; k++)
        ret = add_point(c, &spec, k, curve);
    curve->known = ret == FC_OK;
    return ret;
}

/* ---- reading it ---------------------------------------------------------------------------- */

/* What is held, as a share of the GPUs; a straight line from nothing to the first point. */
static double read_curve(const fc_clearing_curve *curve, double wanted)
{
    uint32_t i = 0;
    double x = 0, y = 0, held = 0;

    while (i < FC_CLEARING_LOADS && curve->wanted[i] <= wanted) i++;
    if (i == FC_CLEARING_LOADS) return curve->held[i - 1];
    if (i > 0) {
        x = curve->wanted[i - 1];
        y = curve->held[i - 1];
    }
    held = y + (curve->held[i] - y) * (wanted - x) / (curve->wanted[i] - x);
    return fmin(held, wanted);
}

/* For the log: "korea.demand.pools.academia,,91.2,% of 256 GPU at load 1". */
static int tell(fc_world *world, const fc_pool_state *pool, fc_clearing_curve *curve)
{
    const fc_fleet *fleet = &world->plan->fleets[pool->fleet];
    const fc_pool *named = &world->plan->pools[fleet->demand.first_pool];
    const char *dot = fleet->demand.n_pools ? ".pools." : "", *name = "", *unit = NULL;

    curve->told = true;
    if (world->observer == NULL || world->observer->log == NULL) return FC_OK;
    if (fleet->demand.n_pools) name = named[pool - world->demands[pool->fleet].pools].name;
    name = fc_arena_printf(world->arena, "%s.demand%s%s", fleet->name, dot, name);
    unit = fc_arena_printf(world->arena, "%% of %.0f GPU at load 1", curve->gpus);
    if (name == NULL || unit == NULL) return FC_E_NOMEM;
    return fc_log(world, "usable", name, FC_NONE, 100 * curve->held[LOAD_OF_1], unit);
}

static int held_at(fc_world *world, fc_pool_state *pool, uint32_t size, double wanted, double *held)
{
    fc_clearing_curve *curve = &pool->clearing->curves[size];
    int ret = FC_OK;

    *held = fmin(wanted, 1);
    if (size >= pool->clearing->last) return FC_OK;
    if (!curve->known) ret = learn(world, pool, size);
    if (ret == FC_OK && !curve->told) ret = tell(world, pool, curve);
    if (ret == FC_OK) *held = read_curve(curve, wanted);
    return ret;
}

/* Over the gang, the GPUs of the model that a GPU of the pool is of, on average: no gang has GPUs
 * of two. */
static double size_of(const fc_world *world, const fc_pool_state *pool)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    double sum = 0, squares = 0;

    for (uint32_t g = 0; g < d->n_groups; g++) {
        double gpus = (double)pool->units[g] * d->unit[g];

        sum += gpus;
        squares += gpus * gpus;
    }
    return sum > 0 ? squares / sum / pool->clearing->gang : 0;
}

void fc_clearing_begin(fc_pool_state *pool)
{
    for (uint32_t i = 0; pool->clearing != NULL && i < FC_CLEARING_SIZES; i++)
        pool->clearing->curves[i].told = false;
}

/* Whether there is something to learn from is known before a step, whatever ran before. */
int fc_clearing_matters(fc_world *world, fc_pool_state *pool, bool *matters)
{
    fc_clearing *c = pool->clearing;
    int ret = FC_OK;

    *matters = false;
    if (c == NULL) return FC_OK;
    if (!c->begun) ret = find_gang(world, pool);
    if (ret != FC_OK || c->gang == 0 || !(pool->capacity > 0)) return ret;
    if (size_of(world, pool) >= SIZES[c->last]) return FC_OK;
    if (c->jobs == NULL) ret = find_jobs(world, pool);
    *matters = c->gang > 0;
    return ret;
}

int fc_clearing_held(fc_world *world, fc_pool_state *pool, double gpus, double wanted, double *held)
{
    const fc_clearing *c = pool->clearing;
    double size = size_of(world, pool) * gpus / pool->capacity, less = 0, more = 0, part = 0;
    uint32_t i = 0;
    int ret = FC_OK;

    size = fmax(size, SIZES[0]);
    while (i + 1 < c->last && SIZES[i + 1] <= size) i++;
    /* What lies idle goes about as the gang over the pool. */
    part = (1 / SIZES[i] - 1 / size) / (1 / SIZES[i] - 1 / SIZES[i + 1]);
    ret = held_at(world, pool, i, wanted / gpus, &less);
    more = less;
    if (ret == FC_OK && part > 0) ret = held_at(world, pool, i + 1, wanted / gpus, &more);
    *held = gpus * (less + part * (more - less));
    return ret;
}
