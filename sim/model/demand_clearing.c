/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand_clearing.h"

#include <math.h>
#include <stdlib.h>

#include "jobs/clearing.h"
#include "model/world.h"

/* Between one gang and two there are so many nodes. What lies idle, and its waves, become less as
 * the pool grows: a quarter as many up to four gangs, and none then but those beside multiples. */
static const double NODES = 16;

/* Jobs of a full sample at each load, an eighth of which fill the cluster: most where chance
 * decides who waits, few where queues are long and it takes time to look through them. What is held
 * then has a standard error of 0.2 to 0.4 %. */
static const struct {
    double load;
    uint32_t jobs;
} POINTS[FC_CLEARING_LOADS] = {{0.4, FC_CLEARING_SAMPLE / 8},  {0.6, FC_CLEARING_SAMPLE / 8},
                               {0.7, FC_CLEARING_SAMPLE / 4},  {0.8, FC_CLEARING_SAMPLE},
                               {0.85, FC_CLEARING_SAMPLE / 2}, {0.9, FC_CLEARING_SAMPLE / 2},
                               {1, FC_CLEARING_SAMPLE / 2},    {1.2, FC_CLEARING_SAMPLE / 4},
                               {1.5, FC_CLEARING_SAMPLE / 8},  {2, FC_CLEARING_SAMPLE / 8}};
enum { LOAD_OF_1 = 6 };
int fc_clearing_create(fc_world *world, fc_pool_state *pool)
{
    const fc_demand_spec *spec = &world->plan->fleets[pool->fleet].demand;
    fc_clearing *c = NULL;

    if (spec->detail != FC_DETAIL_FLUID || fc_param_given(spec->packing) || pool->n_classes == 0)
        return FC_OK;
    c = pool->clearing = fc_arena_alloc(world->arena, sizeof *c);
    if (c == NULL) return FC_E_NOMEM;
    *c = (fc_clearing){0};
    c->classes = fc_arena_array(world->arena, pool->n_classes, sizeof *c->classes);
    c->accounts = fc_arena_array(world->arena, pool->n_classes, sizeof *c->accounts);
    return c->classes == NULL || c->accounts == NULL ? FC_E_NOMEM : FC_OK;
}

static void free_jobs(fc_clearing *c)
{
    free(c->jobs);
    c->jobs = NULL;
}

void fc_clearing_free(fc_pool_state *pool)
{
    if (pool->clearing == NULL) return;
    free_jobs(pool->clearing);
    free(pool->clearing->curves);
}

/* Jobs are kept as long as there is something to learn: they can be drawn again. */
void fc_clearing_begin(fc_pool_state *pool)
{
    fc_clearing *c = pool->clearing;

    if (c == NULL) return;
    if (!c->learned) free_jobs(c);
    c->learned = false;
    for (size_t i = 0; i < c->n_curves; i++) c->curves[i].told = false;
}

/* ---- a curve ------------------------------------------------------------------------------- */

static void count_class(fc_clearing_class *class, const fc_job *job, fc_overrun overrun)
{
    double holds = fc_job_holds(job, overrun);

    class->jobs += 1;
    class->work += job->gpus * holds;
    class->duration += holds;
    class->patience += job->impatient ? job->patience : INFINITY;
}

/* Of jobs that are no larger than a pool of so many GPUs. */
static void count_classes(fc_clearing *c, uint32_t n, double gpus, fc_overrun overrun)
{
    double work = 0;

    for (uint32_t i = 0; i < n; i++) c->classes[i] = (fc_clearing_class){0};
    for (uint32_t k = 0; k < c->most; k++) {
        if (c->jobs[k].gpus <= gpus)
            count_class(&c->classes[c->jobs[k].class], &c->jobs[k], overrun);
    }
    for (uint32_t i = 0; i < n; i++) work += c->classes[i].work;
    for (uint32_t i = 0; i < n; i++) {
        fc_clearing_class *class = &c->classes[i];

        class->work = work > 0 ? class->work / work : 0;
        if (!(class->jobs > 0)) continue;
        class->duration /= class->jobs;
        class->patience /= class->jobs;
    }
}

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
    curve->held[k] = held;
    curve->wanted[k] = held / part_held(c, spec->classes, load, lasts / 2, held);
    if (k > 0) curve->wanted[k] = fmax(curve->wanted[k], curve->wanted[k - 1]);
    return FC_OK;
}

static int learn(fc_world *world, fc_pool_state *pool, double gpus, fc_clearing_curve *curve)
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
    int ret = c->jobs ? FC_OK : fc_clearing_draw(world, pool);

    if (ret == FC_OK && c->jobs == NULL) ret = FC_E_DOMAIN; /* they could be drawn before */
    if (ret != FC_OK) return ret;
    group.server_gpus = c->server_gpus;
    group.units = (uint32_t)(gpus / (c->server_gpus ? c->server_gpus : 1));
    *curve = (fc_clearing_curve){.gpus = gpus};
    count_classes(c, pool->n_classes, gpus, spec.overrun);
    for (uint32_t k = 0; ret == FC_OK && k < FC_CLEARING_LOADS; k++)
        ret = add_point(c, &spec, k, curve);
    return ret;
}

/* The curve of a node, learned if nobody has been there. */
static int find_curve(fc_world *world, fc_pool_state *pool, double gpus, fc_clearing_curve **out)
{
    fc_clearing *c = pool->clearing;
    size_t i = 0;
    int ret = FC_OK;

    while (i < c->n_curves && c->curves[i].gpus != gpus) i++;
    if (i == c->n_curves) {
        ret = fc_reserve(&c->curves, &c->curve_capacity, i + 1, sizeof *c->curves);
        if (ret == FC_OK) ret = learn(world, pool, gpus, &c->curves[i]);
        if (ret != FC_OK) return ret;
        c->n_curves++;
        c->learned = true;
    }
    *out = &c->curves[i];
    return FC_OK;
}

/* ---- where a pool lies --------------------------------------------------------------------- */

const fc_clearing_gang *fc_clearing_gang_of(const fc_clearing *c, double gpus)
{
    uint32_t i = 0;

    while (i < c->n_gangs && c->gangs[i].gpus > gpus) i++;
    return i < c->n_gangs && gpus < c->gangs[i].all ? &c->gangs[i] : NULL;
}

fc_clearing_place fc_clearing_place_of(const fc_clearing *c, double gpus)
{
    const fc_clearing_gang *gang = fc_clearing_gang_of(c, gpus);
    double unit = c->server_gpus ? c->server_gpus : 1, fit = floor(gpus / gang->gpus);
    double begin = fit * gang->gpus, end = begin + gang->gpus;
    double times = fit < 2 ? 1 : fit < 4 ? 4 : NODES;
    double apart = fmax(floor(gang->gpus * times / NODES / unit), 1) * unit;
    fc_clearing_place place = {0};

    if (gang > c->gangs) end = fmin(end, gang[-1].gpus);
    end -= unit; /* the last size that is no multiple yet */
    place.below = fmin(begin + floor((gpus - begin) / apart) * apart, end);
    place.above = fmin(place.below + apart, end);
    if (place.above > place.below)
        place.part = fmin((gpus - place.below) / (place.above - place.below), 1);
    return place;
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

/* GPUs held on a node where so many are wanted. */
static int held_at(fc_world *world, fc_pool_state *pool, double gpus, double wanted, double *held)
{
    fc_clearing_curve *curve = NULL;
    int ret = find_curve(world, pool, gpus, &curve);

    if (ret == FC_OK && !curve->told) ret = tell(world, pool, curve);
    if (ret == FC_OK) *held = gpus * read_curve(curve, wanted / gpus);
    return ret;
}

/* The GPUs of the model that a GPU of the pool is of, on average: no gang has GPUs of two. */
static double size_of(const fc_world *world, const fc_pool_state *pool)
{
    const fc_demand_state *d = &world->demands[pool->fleet];
    double sum = 0, squares = 0;

    for (uint32_t g = 0; g < d->n_groups; g++) {
        double gpus = (double)pool->units[g] * d->unit[g];

        sum += gpus;
        squares += gpus * gpus;
    }
    return sum > 0 ? squares / sum : 0;
}

/* Whether there is something to learn from is known before a step, whatever ran before. */
int fc_clearing_matters(fc_world *world, fc_pool_state *pool, bool *matters)
{
    fc_clearing *c = pool->clearing;
    int ret = FC_OK;

    *matters = false;
    if (c == NULL) return FC_OK;
    if (!c->begun) ret = fc_clearing_find_gangs(world, pool);
    if (ret != FC_OK || c->n_gangs == 0 || !(pool->capacity > 0)) return ret;
    if (fc_clearing_gang_of(c, size_of(world, pool)) == NULL) return FC_OK;
    if (!c->sampled) ret = fc_clearing_draw(world, pool);
    *matters = c->n_gangs > 0;
    return ret;
}

int fc_clearing_held(fc_world *world, fc_pool_state *pool, double gpus, double wanted, double *held)
{
    double part = size_of(world, pool) / pool->capacity, size = part * gpus, less = 0, more = 0;
    fc_clearing_place place;
    int ret = FC_OK;

    *held = fmin(wanted, gpus);
    if (fc_clearing_gang_of(pool->clearing, size) == NULL) return FC_OK;
    place = fc_clearing_place_of(pool->clearing, size);
    ret = held_at(world, pool, place.below, part * wanted, &less);
    more = less;
    if (ret == FC_OK && place.part > 0)
        ret = held_at(world, pool, place.above, part * wanted, &more);
    if (ret == FC_OK) *held = fmin(*held, (less + place.part * (more - less)) / part);
    return ret;
}
