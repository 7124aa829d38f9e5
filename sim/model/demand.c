/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand.h"

#include <math.h>
#include <stdlib.h>

#include "model/demand_clearing.h"
#include "model/demand_share.h"
#include "model/demand_windows.h"
#include "model/world.h"

/* ---- creation ------------------------------------------------------------------------------ */

static const fc_demand_spec *spec_of(const fc_world *world, int32_t fleet)
{
    return &world->plan->fleets[fleet].demand;
}

static void add_model(fc_demand_state *d, int32_t model)
{
    for (uint32_t g = 0; g < d->n_groups; g++) {
        if (d->model[g] == model) return;
    }
    d->model[d->n_groups++] = model;
}

static void add_mix(fc_demand_state *d, const fc_mix *mix)
{
    for (uint32_t i = 0; i < mix->n; i++) add_model(d, mix->model[i]);
}

void fc_demand_list_models(const fc_plan *plan, int32_t fleet, int32_t *model, uint32_t *n)
{
    const fc_fleet *f = &plan->fleets[fleet];
    fc_demand_state d = {.model = model};

    for (uint32_t i = 0; i < f->n_stocks; i++)
        add_model(&d, plan->stocks[f->first_stock + i].model);
    for (uint32_t i = 0; i < f->n_programmes; i++) {
        const fc_programme *p = &plan->programmes[f->first_programme + i];

        add_mix(&d, &p->mix);
        for (uint32_t m = 0; m < p->mix_by_year.n; m++) add_mix(&d, &p->mix_by_year.mix[m]);
        for (uint32_t m = 0; m < p->fallback.models.n; m++)
            add_model(&d, p->fallback.models.index[m]);
    }
    for (uint32_t i = 0; i < f->demand.n_classes; i++) {
        const fc_refs *needed = &plan->classes[f->demand.first_class + i].models;
        for (uint32_t m = 0; m < needed->n; m++) add_model(&d, needed->index[m]);
    }
    for (uint32_t i = 0; i < f->demand.n_services; i++) {
        const fc_refs *needed = &plan->services[f->demand.first_service + i].models;
        for (uint32_t m = 0; m < needed->n; m++) add_model(&d, needed->index[m]);
    }
    *n = d.n_groups;
}

uint32_t fc_demand_groups(const fc_demand_state *d, const fc_refs *models)
{
    uint32_t bits = 0;

    for (uint32_t g = 0; g < d->n_groups; g++) {
        for (uint32_t i = 0; i < models->n; i++)
            if (models->index[i] == d->model[g]) bits |= 1u << g;
    }
    return bits;
}

static int create_class(fc_world *world, int32_t fleet, uint32_t index)
{
    const fc_user_class *class = &world->plan->classes[index];
    fc_demand_state *d = &world->demands[fleet];
    fc_class_state *state = &world->classes[index];
    uint32_t p =
        class->pool == FC_NONE ? 0 : (uint32_t) class->pool - spec_of(world, fleet)->first_pool;
    fc_pool_state *pool = &d->pools[p];

    state->path = fc_arena_printf(world->arena, "%s.demand.classes.%s",
                                  world->plan->fleets[fleet].name, class->name);
    if (state->path == NULL) return FC_E_NOMEM;
    state->arrivals.key = fc_stream_key(world->plan->seed, state->path, "arrival");
    state->of_flow = state->of_jobs = &state->work;
    state->groups = fc_demand_groups(d, &class->models);
    state->preferred = fc_demand_groups(d, &class->prefers);
    if (class->access != FC_NONE) return FC_OK; /* what comes are projects */
    state->index = (uint16_t)pool->n_classes;
    pool->classes[pool->n_classes++] = index;
    d->hourly |= class->hours.share != NULL;
    return FC_OK;
}

static int create_pools(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    fc_demand_state *d = &world->demands[fleet];

    d->n_pools = spec->n_pools > 0 ? spec->n_pools : 1;
    d->pools = fc_arena_array(world->arena, d->n_pools, sizeof *d->pools);
    d->share = fc_arena_array(world->arena, d->n_pools + 1, sizeof *d->share);
    d->idle_units = fc_arena_array(world->arena, d->n_groups + 1, sizeof *d->idle_units);
    d->idle_late = fc_arena_array(world->arena, d->n_groups + 1, sizeof *d->idle_late);
    if (!d->pools || !d->share || !d->idle_units || !d->idle_late) return FC_E_NOMEM;
    for (uint32_t p = 0; p < d->n_pools; p++) {
        fc_pool_state *pool = &d->pools[p];

        *pool = (fc_pool_state){.world = world, .fleet = fleet};
        pool->classes = fc_arena_array(world->arena, spec->n_classes + 1, sizeof *pool->classes);
        pool->units = fc_arena_array(world->arena, d->n_groups + 1, sizeof *pool->units);
        pool->owed = fc_arena_array(world->arena, d->n_groups + 1, sizeof *pool->owed);
        pool->late = fc_arena_array(world->arena, d->n_groups + 1, sizeof *pool->late);
        pool->ran = fc_arena_array(world->arena, d->n_groups + 1, sizeof *pool->ran);
        pool->claims = fc_arena_array(world->arena, spec->n_classes + 1, sizeof *pool->claims);
        if (!pool->classes || !pool->units || !pool->owed || !pool->late || !pool->ran ||
            !pool->claims)
            return FC_E_NOMEM;
    }
    return FC_OK;
}

static int create_fleet(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    const fc_plan *plan = world->plan;
    fc_demand_state *d = &world->demands[fleet];
    int ret = FC_OK;

    d->any = spec->n_classes > 0 || spec->n_services > 0;
    if (!d->any) return FC_OK;
    d->model = fc_arena_array(world->arena, plan->n_accelerators + 1, sizeof *d->model);
    d->unit = fc_arena_array(world->arena, plan->n_accelerators + 1, sizeof *d->unit);
    d->running = fc_arena_array(world->arena, plan->n_accelerators + 1, sizeof *d->running);
    if (d->model == NULL || d->unit == NULL || d->running == NULL) return FC_E_NOMEM;
    fc_demand_list_models(plan, fleet, d->model, &d->n_groups);
    d->struck = fc_stream_key(plan->seed, plan->fleets[fleet].name, "struck");
    ret = create_pools(world, fleet);
    for (uint32_t i = 0; ret == FC_OK && i < spec->n_classes; i++)
        ret = create_class(world, fleet, spec->first_class + i);
    if (ret == FC_OK) ret = fc_services_create(world, fleet);
    for (uint32_t p = 0; ret == FC_OK && spec->detail == FC_DETAIL_WINDOWS && p < d->n_pools; p++)
        ret = fc_windows_create(world, &d->pools[p]);
    for (uint32_t p = 0; ret == FC_OK && p < d->n_pools; p++)
        ret = fc_clearing_create(world, &d->pools[p]);
    return ret;
}

int fc_demand_create(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    world->demands = fc_arena_array(world->arena, plan->n_fleets, sizeof *world->demands);
    world->classes = fc_arena_array(world->arena, plan->n_classes + 1, sizeof *world->classes);
    world->services = fc_arena_array(world->arena, plan->n_services + 1, sizeof *world->services);
    if (!world->demands || !world->classes || !world->services) return FC_E_NOMEM;
    for (uint32_t f = 0; ret == FC_OK && f < plan->n_fleets; f++)
        ret = create_fleet(world, (int32_t)f);
    if (ret == FC_OK) ret = fc_users_create(world);
    return ret == FC_OK ? fc_grants_create(world) : ret;
}

void fc_demand_free(fc_world *world)
{
    fc_services_free(world);
    fc_grants_free(world);
    for (uint32_t f = 0; world->demands != NULL && f < world->plan->n_fleets; f++) {
        fc_demand_state *d = &world->demands[f];

        for (uint32_t p = 0; d->pools != NULL && p < d->n_pools; p++) {
            fc_jobs_free(d->pools[p].engine);
            fc_windows_free(world, &d->pools[p]);
            fc_clearing_free(&d->pools[p]);
            free(d->pools[p].changes);
        }
    }
}

/* ---- a replication ------------------------------------------------------------------------- */

int fc_demand_begin(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    fc_demand_state *d = &world->demands[fleet];
    int ret = FC_OK;

    if (!d->any) return FC_OK;
    d->now = 0;
    d->month_began = d->held_before = d->allocated = d->queued = d->queued_before = d->used = 0;
    for (uint32_t i = 0; i < spec->n_classes; i++) {
        fc_class_state *class = &world->classes[spec->first_class + i];

        class->work = (fc_class_work){0};
        class->flow = (fc_flow){.day = NAN};
        class->rest = (fc_class_rest){0};
        fc_arrivals_begin(world, spec->first_class + i);
    }
    for (uint32_t p = 0; p < d->n_pools; p++) {
        d->pools[p].first_change = d->pools[p].n_changes = 0;
        d->pools[p].capacity = d->pools[p].bound = 0;
        for (uint32_t g = 0; g < d->n_groups; g++) d->pools[p].ran[g] = 0;
        fc_clearing_begin(&d->pools[p]);
        if (d->pools[p].services == NULL) continue;
        fc_services_begin(world, d->pools[p].services);
        fc_services_begin(world, d->pools[p].services_of_jobs);
    }
    ret = fc_demand_begin_capacity(world, fleet);
    for (uint32_t p = 0; ret == FC_OK && p < d->n_pools; p++) {
        if (spec->detail != FC_DETAIL_FLUID) ret = fc_demand_jobs_begin(world, &d->pools[p]);
        if (spec->detail == FC_DETAIL_WINDOWS) fc_windows_begin(world, &d->pools[p]);
    }
    if (ret == FC_OK) ret = fc_users_begin(world, fleet);
    return ret == FC_OK ? fc_grants_begin(world, fleet) : ret;
}

static int run_pools(fc_world *world, int32_t fleet, double t)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    fc_demand_state *d = &world->demands[fleet];
    int ret = FC_OK;

    for (uint32_t p = 0; ret == FC_OK && p < d->n_pools; p++) {
        fc_pool_state *pool = &d->pools[p];

        if (pool->n_classes == 0 && pool->services == NULL) continue;
        ret = spec->detail == FC_DETAIL_JOBS    ? fc_demand_jobs_pass(world, pool, d->now, t)
              : spec->detail == FC_DETAIL_FLUID ? fc_demand_fluid_run(world, pool, d->now, t)
                                                : fc_windows_run(world, pool, d->now, t);
    }
    d->now = t;
    return ret;
}

int fc_demand_advance(fc_world *world, int32_t fleet, double t)
{
    fc_demand_state *d = &world->demands[fleet];
    bool feeds = fc_demand_feeds_load(world, fleet);
    int ret = FC_OK;

    while (ret == FC_OK && d->any && t > d->now) {
        double from = d->now, to = feeds ? fmin(fc_demand_next_load(world, fleet), t) : t;

        ret = run_pools(world, fleet, to);
        if (ret == FC_OK && feeds) ret = fc_demand_feed_load(world, fleet, to - from);
    }
    return ret;
}

/* GPU-seconds held by jobs that queue. */
static double queued(const fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    const fc_demand_state *d = &world->demands[fleet];
    double held = fc_services_held(world, fleet);

    if (spec->detail == FC_DETAIL_FLUID) {
        for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
            if (world->plan->classes[i].access == FC_NONE) held += world->classes[i].work.held;
        }
        return held;
    }
    for (uint32_t p = 0; spec->detail == FC_DETAIL_WINDOWS && p < d->n_pools; p++)
        held += fc_windows_held(world, &d->pools[p]);
    if (spec->detail == FC_DETAIL_WINDOWS) return held;
    for (uint32_t p = 0; p < d->n_pools; p++) {
        fc_jobs_summary summary;

        if (d->pools[p].engine == NULL) continue;
        fc_jobs_summary_of(d->pools[p].engine, &summary);
        if (summary.until > summary.from)
            held += summary.levels.held * (summary.until - summary.from);
    }
    return held;
}

double fc_demand_held(const fc_world *world, int32_t fleet)
{
    return queued(world, fleet) + fc_grants_held(world, fleet);
}

double fc_demand_allocated(const fc_world *world, int32_t fleet)
{
    if (fc_without(world, FC_CAUSE_allocation))
        return (double)world->fleets[fleet].count[FC_ST_RUNNING];
    double granted = world->grants.calls == NULL ? 0 : (double)world->grants.allocated[fleet];

    return granted + world->demands[fleet].queued;
}

static int month_of(fc_world *world, int32_t fleet, double t)
{
    fc_demand_state *d = &world->demands[fleet];
    double held = 0, by_jobs = 0, before = d->month_began;
    int ret = FC_OK;

    if (!d->any) return FC_OK;
    if ((ret = fc_demand_advance(world, fleet, t)) != FC_OK) return ret;
    for (uint32_t p = 0; p < d->n_pools && d->pools[p].sample != NULL; p++) {
        if ((ret = fc_windows_publish(world, &d->pools[p])) != FC_OK) return ret;
    }
    if ((ret = fc_grants_advance(world, fleet, t)) != FC_OK) return ret;
    by_jobs = queued(world, fleet);
    held = by_jobs + fc_grants_held(world, fleet);
    if (t > before) {
        d->allocated = (held - d->held_before) / (t - before);
        d->queued = (by_jobs - d->queued_before) / (t - before);
        /* Of the month that has just passed: its last second. */
        fc_targets_look_at(world, fleet, FC_ALLOCATED, t - 1);
    }
    d->held_before = held;
    d->queued_before = by_jobs;
    d->month_began = t;
    world->fleets[fleet].allocation_changed = true;
    return FC_OK;
}

int fc_demand_month(fc_world *world, double t)
{
    int ret = FC_OK;

    for (uint32_t f = 0; ret == FC_OK && f < world->plan->n_fleets; f++)
        ret = month_of(world, (int32_t)f, t);
    return ret;
}

int fc_demand_end(fc_world *world)
{
    int ret = fc_demand_month(world, world->plan->horizon);

    for (uint32_t f = 0; ret == FC_OK && f < world->plan->n_fleets; f++) {
        fc_demand_state *d = &world->demands[f];

        for (uint32_t p = 0; ret == FC_OK && d->any && p < d->n_pools; p++) {
            if (d->pools[p].engine != NULL) ret = fc_demand_jobs_end(world, &d->pools[p]);
            fc_demand_fluid_end(world, &d->pools[p]);
        }
        if (ret == FC_OK && d->any) ret = fc_grants_end(world, (int32_t)f);
    }
    return ret;
}

/* ---- changes ------------------------------------------------------------------------------- */

static bool sets_rate(const fc_demand_spec *spec, const fc_user_class *class, fc_param p)
{
    return p == class->arrivals || p == spec->rebound || p == spec->work_per_result[class->work];
}

/* What a job is, is read when it arrives; only flows keep it for a day. */
static bool sets_flow(const fc_user_class *class, fc_param p)
{
    return p == class->gpus || p == class->duration || p == class->patience;
}

static int changed(fc_world *world, int32_t fleet, fc_param p)
{
    const fc_plan *plan = world->plan;
    const fc_demand_spec *spec = spec_of(world, fleet);
    double now = fc_now(world);
    int ret = FC_OK;

    for (uint32_t i = spec->first_class; ret == FC_OK && i < spec->first_class + spec->n_classes;
         i++) {
        const fc_user_class *class = &plan->classes[i];
        bool rate = sets_rate(spec, class, p);

        if (!rate && !sets_flow(class, p)) continue;
        if (class->access != FC_NONE)
            ret = fc_grants_collect(world, (uint32_t) class->access, now);
        else
            ret = fc_demand_advance(world, fleet, now);
        if (ret == FC_OK && rate) fc_arrivals_cut(world, i, now);
        world->classes[i].flow.day = NAN;
    }
    if (p == spec->packing && ret == FC_OK) ret = fc_demand_advance(world, fleet, now);
    if (ret == FC_OK && fc_services_read(world, fleet, p)) {
        ret = fc_demand_advance(world, fleet, now);
        fc_services_changed(world, fleet, p);
    }
    for (uint32_t i = spec->first_pool; ret == FC_OK && i < spec->first_pool + spec->n_pools; i++) {
        if (p == plan->pools[i].share) ret = fc_demand_shares_changed(world, fleet);
    }
    return ret;
}

int fc_demand_changed(fc_world *world, fc_param p)
{
    int ret = FC_OK;

    for (uint32_t f = 0; ret == FC_OK && f < world->plan->n_fleets; f++) {
        if (world->demands[f].any) ret = changed(world, (int32_t)f, p);
    }
    return ret;
}

int fc_on_demand(fc_world *world, const fc_event *event)
{
    int32_t fleet = (int32_t)event->subject;

    return world->demands[fleet].any ? fc_demand_shares_changed(world, fleet) : FC_OK;
}

/* ---- conservation -------------------------------------------------------------------------- */

/* GPUs of a group that jobs, services and grants hold; -1: not known, for an engine has yet to see
 * what its pool has lost. */
static int64_t held_of_group(const fc_world *world, int32_t fleet, uint32_t group)
{
    const fc_demand_state *d = &world->demands[fleet];
    const fc_grants *grants = &world->grants;
    int64_t held = 0;

    for (uint32_t p = 0; p < d->n_pools; p++) {
        const fc_pool_state *pool = &d->pools[p];
        const fc_pool_services *services = pool->services_of_jobs;

        if (pool->n_changes > 0) return -1;
        if (pool->engine != NULL) held += (int64_t)fc_jobs_held(pool->engine, group);
        if (services != NULL)
            held += (int64_t)(services->claimed[group] - fc_services_await(services, group)) *
                    d->unit[group];
    }
    for (size_t i = 0; grants->calls != NULL && i < grants->n; i++) {
        const fc_grant *grant = &grants->grants[i];
        if (world->plan->calls[grant->call].fleet == fleet && grant->group == group)
            held += grant->active;
    }
    return held;
}

static int verify_group(fc_world *world, int32_t fleet, uint32_t group)
{
    const fc_demand_state *d = &world->demands[fleet];
    const char *name = world->plan->fleets[fleet].name;
    int64_t running = 0, units = d->idle_units[group], owed = 0, late = d->idle_late[group];

    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];
        if (lot->fleet == fleet && lot->model == d->model[group])
            running += lot->count[FC_ST_RUNNING];
    }
    for (uint32_t p = 0; p < d->n_pools; p++) {
        units += d->pools[p].units[group];
        owed += d->pools[p].owed[group];
        late += d->pools[p].late[group];
    }
    if (running != d->running[group] || units + owed != running / d->unit[group])
        return fc_ledger_broken(world, "job", name, "accelerators that run and those of the pools");
    if (owed != late)
        return fc_ledger_broken(world, "job", name, "GPUs that pools owe and those that are owed");
    if (held_of_group(world, fleet, group) > running)
        return fc_ledger_broken(world, "job", name, "GPUs that run and those that users hold");
    return FC_OK;
}

/* Fluid: what came is held, left or still there. */
static int verify_flow(fc_world *world, uint32_t index)
{
    const fc_class_state *class = &world->classes[index];
    const fc_class_work *w = class->of_flow;
    double gone = w->held + w->offshore + w->abandoned, came = class->flow.came;

    if (!(fabs(came - gone - class->flow.work - class->flow.stuck) <= 1e-6 * (1 + came)))
        return fc_ledger_broken(world, "job", class->path,
                                "work that came, is held, left or waits");
    return FC_OK;
}

int fc_demand_verify(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    const fc_demand_state *d = &world->demands[fleet];
    int ret = FC_OK;

    if (!d->any) return FC_OK;
    for (uint32_t g = 0; ret == FC_OK && g < d->n_groups; g++) ret = verify_group(world, fleet, g);
    for (uint32_t p = 0; ret == FC_OK && p < d->n_pools; p++) {
        if (d->pools[p].engine != NULL) ret = fc_demand_jobs_verify(world, &d->pools[p]);
        if (ret == FC_OK && spec->detail != FC_DETAIL_JOBS)
            ret = fc_demand_fluid_verify(world, &d->pools[p]);
        if (ret != FC_OK || d->pools[p].services == NULL) continue;
        ret = fc_services_verify(world, d->pools[p].services);
        if (ret == FC_OK) ret = fc_services_verify(world, d->pools[p].services_of_jobs);
    }
    for (uint32_t i = spec->first_class; ret == FC_OK && i < spec->first_class + spec->n_classes;
         i++) {
        if (spec->detail != FC_DETAIL_JOBS && world->plan->classes[i].access == FC_NONE)
            ret = verify_flow(world, i);
    }
    return ret == FC_OK ? fc_grants_verify(world, fleet) : ret;
}
