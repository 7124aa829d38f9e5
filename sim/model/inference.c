/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inference.h"

#include <math.h>

#include "model/demand_windows.h"
#include "model/world.h"

static const fc_demand_spec *spec_of(const fc_world *world, int32_t fleet)
{
    return &world->plan->fleets[fleet].demand;
}

/* ---- creation ------------------------------------------------------------------------------ */

/* The greatest share of a profile, over the mean one. */
static double swing(const double *share, int n)
{
    double most = 0;

    for (int i = 0; share != NULL && i < n; i++) most = fmax(most, n * share[i]);
    return share == NULL ? 1 : most;
}

static int create_pool(fc_world *world, fc_pool_state *pool)
{
    uint32_t groups = world->demands[pool->fleet].n_groups + 1;
    fc_pool_services *s = fc_arena_alloc(world->arena, sizeof *s);

    if (s == NULL) return FC_E_NOMEM;
    *s = (fc_pool_services){.pool = pool, .state = world->services};
    s->index =
        fc_arena_array(world->arena, spec_of(world, pool->fleet)->n_services, sizeof *s->index);
    s->claimed = fc_arena_array(world->arena, groups, sizeof *s->claimed);
    s->left = fc_arena_array(world->arena, groups, sizeof *s->left);
    s->taken = fc_arena_array(world->arena, groups, sizeof *s->taken);
    if (!s->index || !s->claimed || !s->left || !s->taken) return FC_E_NOMEM;
    pool->services = pool->services_of_jobs = s;
    return FC_OK;
}

static int create_service(fc_world *world, int32_t fleet, uint32_t index)
{
    const fc_service *plan = &world->plan->services[index];
    fc_demand_state *d = &world->demands[fleet];
    fc_service_state *state = &world->services[index];
    uint32_t p =
        plan->pool == FC_NONE ? 0 : (uint32_t)plan->pool - spec_of(world, fleet)->first_pool;
    fc_pool_state *pool = &d->pools[p];
    int ret = pool->services == NULL ? create_pool(world, pool) : FC_OK;

    if (ret != FC_OK) return ret;
    state->path = fc_arena_printf(world->arena, "%s.demand.services.%s",
                                  world->plan->fleets[fleet].name, plan->name);
    state->counted = &state->sum;
    state->units = fc_arena_array(world->arena, d->n_groups + 1, sizeof *state->units);
    state->got = fc_arena_array(world->arena, d->n_groups + 1, sizeof *state->got);
    state->speed = fc_arena_array(world->arena, d->n_groups + 1, sizeof *state->speed);
    if (!state->path || !state->units || !state->got || !state->speed) return FC_E_NOMEM;
    if (pool->services->n == 0)
        pool->services->key = fc_stream_key(world->plan->seed, state->path, "preempted");
    pool->services->index[pool->services->n++] = index;
    state->groups = fc_demand_groups(d, &plan->models);
    state->day_swing = swing(plan->hours.share, FC_HOURS);
    state->week_swing = swing(plan->days.share, FC_WEEKDAYS);
    d->hourly |= plan->hours.share != NULL;
    return FC_OK;
}

int fc_services_create(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < spec->n_services; i++)
        ret = create_service(world, fleet, spec->first_service + i);
    return ret;
}

void fc_services_free(fc_world *world)
{
    for (uint32_t i = 0; world->services != NULL && i < world->plan->n_services; i++) {
        fc_recent_free(&world->services[i].asked);
        fc_recent_free(&world->services[i].started);
    }
}

void fc_services_begin(fc_world *world, fc_pool_services *s)
{
    uint32_t groups = world->demands[s->pool->fleet].n_groups;

    for (uint32_t g = 0; g < groups; g++) s->claimed[g] = 0;
    s->look = -INFINITY;
    s->moved = true;
    s->moves = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        fc_service_state *state = &s->state[s->index[i]];

        for (uint32_t g = 0; g < groups; g++) state->units[g] = state->got[g] = 0;
        state->stale = true;
        state->lost = false;
        state->wanted = state->granted = state->ready = state->held = 0;
        state->sum = *state->counted = (fc_service_work){0};
        fc_recent_begin(&state->asked, false, 0);
        fc_recent_begin(&state->started, true, 0);
    }
}

/* ---- looking ------------------------------------------------------------------------------- */

/* GPUs that would do, of models that it cannot run on and no service has. */
static double elsewhere(const fc_world *world, const fc_pool_services *s,
                        const fc_service_state *state)
{
    const fc_demand_state *d = &world->demands[s->pool->fleet];
    double gpus = 0;

    for (uint32_t g = 0; state->groups != 0 && g < d->n_groups; g++) {
        if ((state->groups >> g & 1) == 0 && s->pool->units[g] > s->claimed[g])
            gpus += (double)(s->pool->units[g] - s->claimed[g]) * d->unit[g];
    }
    return gpus;
}

/* Replicas that have their GPUs, and those that serve. */
static int take_stock(fc_world *world, fc_pool_services *s, fc_service_state *state, double t)
{
    const fc_demand_state *d = &world->demands[s->pool->fleet];
    double short_of = state->missing > 0 ? state->missing : INFINITY, gpus = 0, fast = 0;
    int ret = FC_OK;

    state->held = 0;
    for (uint32_t g = 0; g < d->n_groups; g++) {
        if (state->got[g] == 0) continue;
        state->held += (double)state->got[g] * d->unit[g];
        double whole = (double)fc_unit_replicas(state->got[g], state->replica, d->unit[g]);
        gpus += whole * state->replica;
        fast += whole * state->replica * state->speed[g];
    }
    state->granted = fmin(fast, fc_recent_at(&state->asked, t));
    state->gpus_each = fast > 0 ? gpus / fast : 1;
    state->lacks =
        elsewhere(world, s, state) >= short_of ? FC_UNSERVED_WRONG_MODEL : FC_UNSERVED_TOO_FEW;
    ret = fc_recent_set(&state->started, t, state->granted);
    state->ready = fc_recent_at(&state->started, t);
    return ret;
}

static double next_look(const fc_service_state *state)
{
    return fmin(state->until, fmin(fc_recent_next(&state->asked), fc_recent_next(&state->started)));
}

static bool waits_for_jobs(const fc_world *world, const fc_pool_services *s,
                           const fc_service_state *state)
{
    if (fc_services_engine(s) == NULL) return false;
    for (uint32_t g = 0; g < world->demands[s->pool->fleet].n_groups; g++)
        if (state->got[g] < state->units[g]) return true;
    return false;
}

/* Whether units have to be given out anew. */
static bool asks_anew(const fc_world *world, const fc_pool_services *s, fc_service_state *state,
                      double t)
{
    return fc_recent_at(&state->asked, t) != state->placed || waits_for_jobs(world, s, state);
}

int fc_services_look(fc_world *world, fc_pool_services *s, double t)
{
    static const double again = 10 * 60;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < s->n; i++) {
        fc_service_state *state = &s->state[s->index[i]];

        if (state->stale || t >= state->until) ret = fc_service_needs(world, s->index[i], state, t);
        /* A replica that has lost a unit starts anew, even if it gets another one now. */
        if (ret == FC_OK && state->lost) ret = take_stock(world, s, state, t);
        state->lost = false;
        s->moved |= asks_anew(world, s, state, t);
    }
    if (ret == FC_OK && s->moved) ret = fc_services_place(world, s, t);
    s->moved = false;
    s->look = INFINITY;
    for (uint32_t i = 0; ret == FC_OK && i < s->n; i++) {
        fc_service_state *state = &s->state[s->index[i]];

        ret = take_stock(world, s, state, t);
        s->look = fmin(s->look, next_look(state));
        if (waits_for_jobs(world, s, state)) s->look = fmin(s->look, t + again);
    }
    return ret;
}

/* ---- counting ------------------------------------------------------------------------------ */

/* GPUs fully used; rounding in the need is not unmet. */
static double served_of(const fc_service_state *state)
{
    return state->need <= state->ready * (1 + 1e-12) ? state->need : state->ready;
}

static void count_unmet(const fc_service *plan, fc_service_state *state, double lasted)
{
    fc_service_work *sum = state->counted;
    double served = served_of(state), unmet = (state->need - served) * lasted;
    double starting = (fmin(state->need, state->granted) - served) * lasted;

    sum->unmet[FC_UNSERVED_STARTING] += starting;
    sum->unmet[state->lacks] += unmet - starting;
    if (plan->overflow == FC_OVERFLOW_OFFSHORE) {
        sum->offshore += unmet;
        sum->rent += unmet / FC_HOUR * state->price;
    } else {
        sum->unserved += unmet;
    }
}

static void count(const fc_service *plan, fc_service_state *state, double lasted)
{
    fc_service_work *sum = state->counted;
    double served = served_of(state);

    sum->came += state->need * lasted;
    sum->served += served * lasted;
    sum->used += served * state->gpus_each * lasted;
    sum->given += state->granted * lasted;
    sum->wanted += state->wanted * lasted;
    sum->held += state->held * lasted;
    sum->peak = fmax(sum->peak, state->wanted);
    sum->tokens_came += state->rate * lasted;
    sum->tokens_served += state->rate * lasted * (state->need > 0 ? served / state->need : 1);
    if (state->need > served) count_unmet(plan, state, lasted);
}

void fc_services_count(fc_world *world, fc_pool_services *s, double from, double to)
{
    const fc_demand_state *d = &world->demands[s->pool->fleet];

    for (uint32_t i = 0; i < s->n; i++)
        count(&world->plan->services[s->index[i]], &s->state[s->index[i]], to - from);
    for (uint32_t g = 0; g < d->n_groups; g++)
        s->taken[g] += (double)s->claimed[g] * d->unit[g] * (to - from);
}

int fc_services_run(fc_world *world, fc_pool_services *s, double from, double to)
{
    int ret = FC_OK;

    for (uint32_t g = 0; g < world->demands[s->pool->fleet].n_groups; g++) s->taken[g] = 0;
    while (ret == FC_OK && from < to) {
        double next = to;

        if (from >= s->look) ret = fc_services_look(world, s, from);
        next = fmin(to, s->look);
        fc_services_count(world, s, from, next);
        from = next;
    }
    return ret;
}

double fc_services_held(const fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    double held = 0;

    for (uint32_t i = 0; i < spec->n_services; i++)
        held += fc_windows_service_alone(&world->services[spec->first_service + i]).held;
    return held;
}

/* ---- changes ------------------------------------------------------------------------------- */

static bool reads(const fc_demand_spec *spec, const fc_service *s, fc_param p)
{
    const fc_param read[] = {s->users,
                             s->tokens_per_user,
                             s->tokens_per_gpu,
                             s->target_load,
                             s->replica,
                             s->at_least,
                             s->scale_up_delay,
                             s->scale_down_delay,
                             s->offshore_price,
                             spec->rebound,
                             spec->work_per_result[FC_WORKLOAD_INFERENCE]};

    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (read[i] == p) return true;
    return false;
}

bool fc_services_read(const fc_world *world, int32_t fleet, fc_param p)
{
    const fc_demand_spec *spec = spec_of(world, fleet);

    for (uint32_t i = 0; i < spec->n_services; i++)
        if (reads(spec, &world->plan->services[spec->first_service + i], p)) return true;
    return false;
}

void fc_services_changed(fc_world *world, int32_t fleet, fc_param p)
{
    const fc_demand_spec *spec = spec_of(world, fleet);
    fc_demand_state *d = &world->demands[fleet];

    for (uint32_t i = spec->first_service; i < spec->first_service + spec->n_services; i++) {
        const fc_service *plan = &world->plan->services[i];
        fc_pool_state *pool =
            &d->pools[plan->pool == FC_NONE ? 0 : (uint32_t)plan->pool - spec->first_pool];
        fc_pool_services *both[] = {pool->services, pool->services_of_jobs};

        if (!reads(spec, plan, p)) continue;
        for (int k = 0; k < 2; k++) {
            both[k]->state[i].stale = both[k]->moved = true;
            both[k]->look = -INFINITY;
        }
    }
}

/* ---- conservation -------------------------------------------------------------------------- */

static int verify_service(fc_world *world, const fc_service_state *state)
{
    const fc_service_work *sum = state->counted;
    double missed = sum->offshore + sum->unserved, unmet = 0, slack = 1e-9 * (1 + sum->came);

    for (int k = 0; k < FC_N_UNSERVED; k++) unmet += sum->unmet[k];
    if (!(fabs(sum->came - sum->served - missed) <= slack) || !(fabs(unmet - missed) <= slack))
        return fc_ledger_broken(world, "job", state->path,
                                "work that came, was served at home, went abroad or was not");
    if (!(state->ready <= state->granted &&
          state->granted * state->gpus_each <= state->held * (1 + 1e-12)))
        return fc_ledger_broken(world, "job", state->path, "GPUs that it has and that serve");
    return FC_OK;
}

int fc_services_verify(fc_world *world, const fc_pool_services *s)
{
    const char *name = world->plan->fleets[s->pool->fleet].name;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < s->n; i++)
        ret = verify_service(world, &s->state[s->index[i]]);
    for (uint32_t g = 0; ret == FC_OK && g < world->demands[s->pool->fleet].n_groups; g++) {
        uint32_t units = 0;
        bool right = true;

        for (uint32_t i = 0; i < s->n; i++) {
            const fc_service_state *state = &s->state[s->index[i]];

            units += state->units[g];
            right &= state->got[g] <= state->units[g];
        }
        if (!right || units != s->claimed[g] || units > s->pool->units[g])
            ret = fc_ledger_broken(world, "job", name, "GPUs of a pool and those of its services");
    }
    return ret;
}
