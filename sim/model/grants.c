/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/grants.h"

#include <math.h>
#include <stdlib.h>

#include "model/world.h"

/* ---- creation ------------------------------------------------------------------------------ */

static int create_call(fc_world *world, uint32_t index)
{
    const fc_plan *plan = world->plan;
    const fc_call *call = &plan->calls[index];
    const fc_demand_spec *spec = &plan->fleets[call->fleet].demand;
    const fc_demand_state *d = &world->demands[call->fleet];
    fc_call_state *state = &world->grants.calls[index];

    state->path = fc_arena_printf(world->arena, "%s.demand.calls.%s",
                                  plan->fleets[call->fleet].name, call->name);
    state->classes = fc_arena_array(world->arena, spec->n_classes + 1, sizeof *state->classes);
    if (state->path == NULL || state->classes == NULL) return FC_E_NOMEM;
    state->pool = call->pool == FC_NONE ? 0 : (uint32_t)call->pool - spec->first_pool;
    state->groups = fc_demand_groups(d, &call->models);
    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        if (plan->classes[i].access == (int32_t)index) state->classes[state->n_classes++] = i;
    }
    return FC_OK;
}

int fc_grants_create(fc_world *world)
{
    const fc_plan *plan = world->plan;
    fc_grants *g = &world->grants;
    int ret = FC_OK;

    if (plan->n_calls == 0) return FC_OK;
    g->calls = fc_arena_array(world->arena, plan->n_calls, sizeof *g->calls);
    g->tallies = fc_arena_array(world->arena, plan->n_classes + 1, sizeof *g->tallies);
    g->allocated = fc_arena_array(world->arena, plan->n_fleets, sizeof *g->allocated);
    g->left = fc_arena_array(world->arena, plan->n_pools + 1, sizeof *g->left);
    if (g->tallies == NULL || g->allocated == NULL || g->left == NULL) g->calls = NULL;
    if (g->calls == NULL) return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_classes; i++) {
        fc_grant_tally *tally = &g->tallies[i];
        const char *path = world->classes[i].path;

        tally->wait = tally->jobs.wait = tally->jobs.left = FC_HISTOGRAM_EMPTY;
        tally->jobs.slowdown = tally->jobs.turnaround = FC_HISTOGRAM_EMPTY;
        tally->job_key = fc_stream_key(plan->seed, path, "grant-job");
        tally->lot_key = fc_stream_key(plan->seed, path, "grant-lot");
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_calls; i++) ret = create_call(world, i);
    return ret;
}

static void forget_grants(fc_grants *g)
{
    for (size_t i = 0; i < g->n; i++) fc_grant_queue_free(g->grants[i].queue);
    g->n = 0;
}

static void forget_tally(fc_grant_tally *tally)
{
    fc_grant_tally empty = {.job_key = tally->job_key, .lot_key = tally->lot_key};

    fc_histogram_free(&tally->wait);
    fc_job_measures_free(&tally->jobs);
    empty.wait = tally->wait;
    empty.jobs.wait = tally->jobs.wait;
    empty.jobs.left = tally->jobs.left;
    empty.jobs.slowdown = tally->jobs.slowdown;
    empty.jobs.turnaround = tally->jobs.turnaround;
    *tally = empty;
}

void fc_grants_free(fc_world *world)
{
    fc_grants *g = &world->grants;

    if (g->calls == NULL) return;
    forget_grants(g);
    free(g->grants);
    for (uint32_t i = 0; i < world->plan->n_calls; i++) free(g->calls[i].waiting);
    for (uint32_t i = 0; i < world->plan->n_classes; i++) forget_tally(&g->tallies[i]);
}

bool fc_grants_has(const fc_world *world, int32_t fleet, uint32_t pool)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;

    for (uint32_t i = 0; i < spec->n_calls; i++) {
        if (world->grants.calls[spec->first_call + i].pool == pool) return true;
    }
    return false;
}

/* ---- a replication ------------------------------------------------------------------------- */

/* The first closing at or after the start. */
static int begin_call(fc_world *world, uint32_t index)
{
    const fc_call *call = &world->plan->calls[index];
    fc_call_state *state = &world->grants.calls[index];
    double first = 0, every = 0;
    fc_event what = {.kind = FC_EV_CALL_CLOSES, .subject = index};

    state->n_waiting = 0;
    state->given = state->most = 0;
    state->rounds = 0;
    if (call->n_rounds > 0) {
        for (state->next = 0; state->next < call->n_rounds; state->next++)
            if (call->rounds[state->next] >= 0)
                return fc_schedule(world, call->rounds[state->next], FC_CLASS_RELEASE, what, NULL);
        return FC_OK;
    }
    first = fc_param_at(world->params, call->closes, 0) + FC_DAY; /* its end */
    every = fc_param_at(world->params, call->every, 0);
    if (!(every >= FC_DAY) || !(fabs(first) < INFINITY))
        return fc_out_of_domain(world, state->path, "dates of rounds");
    if (first < 0) first += ceil(-first / every) * every;
    return fc_schedule(world, first, FC_CLASS_RELEASE, what, NULL);
}

void fc_grants_forget(fc_world *world)
{
    forget_grants(&world->grants);
    world->grants.made = 0;
}

int fc_grants_begin(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    fc_grants *g = &world->grants;
    int ret = FC_OK;

    if (g->calls == NULL) return FC_OK;
    g->allocated[fleet] = 0;
    for (uint32_t i = 0; i < spec->n_classes; i++) forget_tally(&g->tallies[spec->first_class + i]);
    for (uint32_t i = 0; ret == FC_OK && world->demands[fleet].any && i < spec->n_calls; i++)
        ret = begin_call(world, spec->first_call + i);
    return ret;
}

/* ---- who applies --------------------------------------------------------------------------- */

double fc_call_cap(const fc_world *world, uint32_t call, double t)
{
    return fc_param_or(world->params, world->plan->calls[call].cap, t, INFINITY);
}

/* GPU-seconds of work that would come in a second of a grant of so many GPUs. */
static double work_rate(fc_world *world, const fc_project *p, double gpus, double t)
{
    const fc_user_class *class = &world->plan->classes[p->class];
    fc_params *params = world->params;
    double jobs = 0;

    if (!class->jobs.arrivals) return gpus * p->use;
    jobs = fc_param_draw(params, class->jobs.arrivals, t, p->number) *
           fmax(fc_param_at(params, class->jobs.gpus, t), 1) *
           fc_param_at(params, class->jobs.duration, t) * fc_work_factor(world, p->class, t);
    return fmin(jobs, gpus);
}

/* Terms of one call are told apart by class as well as by project. */
double fc_project_term(fc_world *world, uint32_t call, const fc_project *p, double t)
{
    uint64_t occurrence =
        (world->grants.tallies[p->class].lot_key & ~UINT64_C(0xffffffff)) + p->number;

    return fc_param_draw(world->params, world->plan->calls[call].term, t, occurrence);
}

/* GPU-seconds of work that it would have done in a term from t on. */
static double work_of(fc_world *world, uint32_t call, const fc_project *p, double t)
{
    double gpus = fmin((double)p->wanted, fc_call_cap(world, call, t));

    return fmax(work_rate(world, p, gpus, t) * fc_project_term(world, call, p, t), 0);
}

void fc_project_leaves(fc_world *world, uint32_t call, const fc_project *p, double t)
{
    const fc_user_class *class = &world->plan->classes[p->class];
    fc_class_work *work = &world->classes[p->class].work;
    fc_grant_tally *tally = &world->grants.tallies[p->class];
    double wanted = work_of(world, call, p, t);

    tally->left++;
    tally->ungranted += wanted;
    if (class->leaves == FC_LEAVES_NEVER_RUN) {
        work->abandoned += wanted;
    } else {
        work->offshore += wanted;
        work->rent += wanted / FC_HOUR * fc_offshore_price(world, p->class, t);
    }
}

/* The number-th project of the class, which applies at t. Efficiency makes it want fewer GPUs, for
 * its term is what it is. */
static int draw_project(fc_world *world, uint32_t index, uint64_t number, double t, fc_project *out)
{
    const fc_user_class *class = &world->plan->classes[index];
    fc_params *params = world->params;
    double gpus = fc_param_draw(params, class->gpus, t, number) * fc_work_factor(world, index, t);
    double patience = INFINITY;
    fc_stream stream;

    *out = (fc_project){.number = number, .class = index, .applied = t, .use = 1};
    if (class->patience) patience = fc_param_draw(params, class->patience, t, number);
    if (class->priority) out->score = fc_param_draw(params, class->priority, t, number);
    if (class->region == FC_REGION_NON_CAPITAL)
        out->score += fc_param_or(params, world->plan->calls[class->access].regional_bonus, t, 0);
    if (class->use) out->use = fc_param_draw(params, class->use, t, number);
    if (!(gpus >= 0 && gpus <= FC_MAX_UNITS) || !(patience >= 0) || !(fabs(out->score) <= 1e12) ||
        !(out->use >= 0 && out->use <= 1))
        return fc_out_of_domain(world, world->classes[index].path,
                                "GPUs, patience, priority or use of a project");
    out->wanted = (int64_t)fmax(rint(gpus), 1);
    out->leaves = t + patience;
    fc_stream_init(&stream, world->grants.tallies[index].lot_key, world->replication, number);
    out->lot = fc_stream_uniform(&stream);
    out->user = fc_user_of(world, index, number);
    return FC_OK;
}

int fc_grants_collect(fc_world *world, uint32_t call, double t)
{
    fc_call_state *state = &world->grants.calls[call];
    int ret = FC_OK;

    for (;;) {
        uint32_t first = 0;
        double earliest = INFINITY;

        for (uint32_t i = 0; i < state->n_classes; i++) {
            double next = fc_arrivals_next(world, state->classes[i], t);
            if (!(next < earliest)) continue;
            earliest = next;
            first = state->classes[i];
        }
        if (earliest == INFINITY) return FC_OK;
        ret = fc_reserve(&state->waiting, &state->capacity, state->n_waiting + 1,
                         sizeof *state->waiting);
        if (ret != FC_OK) return ret;
        fc_project *project = &state->waiting[state->n_waiting];
        ret = draw_project(world, first, world->classes[first].arrivals.ordinal, earliest, project);
        if (ret != FC_OK) return ret;
        state->n_waiting++;
        world->grants.tallies[first].wanted += project->wanted;
        fc_arrivals_take(world, first);
    }
}

int fc_grants_advance(fc_world *world, int32_t fleet, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < spec->n_calls; i++)
        ret = fc_grants_collect(world, spec->first_call + i, t);
    return ret == FC_OK ? fc_grants_settle(world, fleet, t) : ret;
}

int fc_grants_settle(fc_world *world, int32_t fleet, double t)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    fc_grants *g = &world->grants;
    int ret = FC_OK;

    for (size_t i = 0; spec->n_calls > 0 && ret == FC_OK && i < g->n; i++) {
        fc_grant *grant = &g->grants[i];

        if (world->plan->calls[grant->call].fleet != fleet) continue;
        fc_grant_settle(world, grant, t);
        if (grant->queue != NULL) ret = fc_grant_queue_run(grant->queue, t);
    }
    return ret;
}

/* It waits as the horizon ends. */
static void project_waits(fc_world *world, uint32_t call, const fc_project *p)
{
    fc_class_rest *rest = &world->classes[p->class].rest;

    rest->waiting += 1;
    rest->backlog += work_of(world, call, p, world->plan->horizon);
}

/* The horizon ends: whose patience has ended has left, who waits and jobs that are there are
 * counted. */
int fc_grants_end(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    fc_grants *g = &world->grants;
    int ret = FC_OK;

    for (uint32_t c = spec->first_call; c < spec->first_call + spec->n_calls; c++) {
        fc_call_state *state = &g->calls[c];
        size_t kept = 0;

        for (size_t i = 0; i < state->n_waiting; i++) {
            const fc_project p = state->waiting[i];
            if (p.leaves < world->plan->horizon) {
                fc_project_leaves(world, c, &p, p.leaves);
                continue;
            }
            project_waits(world, c, &p);
            state->waiting[kept++] = p;
        }
        state->n_waiting = kept;
    }
    for (size_t i = 0; spec->n_calls > 0 && ret == FC_OK && i < g->n; i++) {
        const fc_grant *grant = &g->grants[i];
        if (grant->queue != NULL && world->plan->calls[grant->call].fleet == fleet)
            ret = fc_grant_queue_close(grant->queue, false);
    }
    return ret;
}

double fc_grants_held(const fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    double held = 0;

    for (uint32_t i = 0; spec->n_calls > 0 && i < spec->n_classes; i++)
        held += world->grants.tallies[spec->first_class + i].active;
    return held;
}

double fc_grants_used(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    const fc_grants *g = &world->grants;
    double now = world->demands[fleet].now, used = 0;

    if (spec->n_calls == 0) return 0;
    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        const fc_user_class *class = &world->plan->classes[i];
        double held = class->jobs.arrivals ? g->tallies[i].used : world->classes[i].work.held;

        if (class->access != FC_NONE) used += held * fc_class_load(world, i, now);
    }
    for (size_t i = 0; i < g->n; i++) {
        const fc_grant *grant = &g->grants[i];

        if (grant->queue == NULL || world->plan->calls[grant->call].fleet != fleet) continue;
        used += fc_grant_queue_held(grant->queue) * fc_class_load(world, grant->project.class, now);
    }
    return used;
}

/* ---- conservation -------------------------------------------------------------------------- */

/* What a pool's grants have in service is what they were given or what the pool has, the less. */
static int verify_pool(fc_world *world, int32_t fleet, uint32_t pool, uint32_t group, int64_t *sum)
{
    const fc_demand_state *d = &world->demands[fleet];
    const fc_grants *g = &world->grants;
    int64_t has = (int64_t)d->pools[pool].units[group] * d->unit[group], given = 0, active = 0;

    for (size_t i = 0; i < g->n; i++) {
        const fc_grant *grant = &g->grants[i];
        const fc_call_state *call = &g->calls[grant->call];

        if (world->plan->calls[grant->call].fleet != fleet || call->pool != pool ||
            grant->group != group)
            continue;
        given += grant->gpus;
        active += grant->active;
        if (grant->active < 0 || grant->active > grant->gpus)
            return fc_ledger_broken(world, "job", call->path, "GPUs of a grant");
        if (grant->queue != NULL && fc_grant_queue_units(grant->queue) != grant->active)
            return fc_ledger_broken(world, "job", call->path, "GPUs of a grant and of its jobs");
    }
    *sum += active;
    if (active != (given < has ? given : has))
        return fc_ledger_broken(world, "job", world->plan->fleets[fleet].name,
                                "GPUs of a pool and those of its grants");
    return FC_OK;
}

static int verify_call(fc_world *world, uint32_t index)
{
    const fc_call_state *state = &world->grants.calls[index];

    if (state->given > state->most)
        return fc_ledger_broken(world, "job", state->path, "GPUs of a round and its quota");
    for (uint32_t c = 0; c < state->n_classes; c++) {
        const fc_grant_tally *tally = &world->grants.tallies[state->classes[c]];
        uint64_t projects = tally->granted + tally->left;

        for (size_t i = 0; i < state->n_waiting; i++)
            projects += state->waiting[i].class == state->classes[c];
        if (projects != world->classes[state->classes[c]].arrivals.ordinal - 1)
            return fc_ledger_broken(world, "job", state->path, "projects that came");
    }
    return FC_OK;
}

int fc_grants_verify(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    const fc_demand_state *d = &world->demands[fleet];
    int64_t allocated = 0;
    int ret = FC_OK;

    if (spec->n_calls == 0) return FC_OK;
    for (uint32_t p = 0; p < d->n_pools; p++) {
        for (uint32_t g = 0; ret == FC_OK && g < d->n_groups; g++)
            if (fc_grants_has(world, fleet, p)) ret = verify_pool(world, fleet, p, g, &allocated);
    }
    for (uint32_t i = 0; ret == FC_OK && i < spec->n_calls; i++)
        ret = verify_call(world, spec->first_call + i);
    if (ret == FC_OK && allocated != world->grants.allocated[fleet])
        ret = fc_ledger_broken(world, "job", world->plan->fleets[fleet].name,
                               "GPUs allocated and those of the grants");
    return ret;
}
