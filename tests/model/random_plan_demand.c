/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_chaos.h"

static fc_demand_spec demand_spec(chaos *c)
{
    static const int details[] = {FC_DETAIL_FLUID, FC_DETAIL_JOBS, FC_DETAIL_JOBS,
                                  FC_DETAIL_WINDOWS, FC_DETAIL_WINDOWS};
    fc_demand_spec spec = {.detail = details[below(c, 5)]};

    spec.window_length = maybe(c, FC_DAY, 20 * FC_DAY);
    spec.windows_a_quarter = maybe(c, 1, 5);
    spec.policy = below(c, 7);
    spec.overrun = below(c, 2);
    spec.placement = below(c, 2);
    spec.packing = maybe(c, 0, 1);
    spec.rebound = maybe(c, 0, 1.2);
    for (int i = 0; i < FC_N_WORKLOADS; i++) spec.work_per_result[i] = maybe(c, 0.2, 1.5);
    spec.run_work = maybe(c, 1e20, 1e26);
    return spec;
}

static fc_factors speeds(chaos *c)
{
    int first = below(c, MODELS), second = (first + 1) % MODELS;
    fc_param one = some(c, 0.1, 4), two = some(c, 0.1, 4);

    return build_factors(c->b, 1 + below(c, 2), first, one, second, two);
}

static void service(chaos *c, int i, int32_t pool)
{
    static const double hours[FC_HOURS] = {[1] = 0.125, [8] = 0.5, [20] = 0.375};
    static const double days[FC_WEEKDAYS] = {[0] = 0.75, [4] = 0.25};
    fc_service service = {.name = letters[i], .pool = pool};

    service.users = below(c, 2) ? wave(c, 1e4) : some(c, 0, 1e4);
    service.tokens_per_user = some(c, 0, 1e4 / FC_DAY);
    service.tokens_per_gpu = some(c, 10, 50);
    if (below(c, 2) == 0) service.hours.share = hours;
    if (below(c, 3) == 0) service.days.share = days;
    if (below(c, 3) == 0) service.relative_speed = speeds(c);
    service.target_load = maybe(c, 0.3, 1);
    service.replica = maybe(c, 1, 12);
    service.at_least = maybe(c, 0, 30);
    service.scaling = below(c, 2);
    service.scale_up_delay = maybe(c, 0, 2 * FC_HOUR);
    service.scale_down_delay = maybe(c, 0, 30 * FC_HOUR);
    service.overflow = below(c, 2);
    service.offshore_price = maybe(c, 0, 5);
    service.offshore_currency = below(c, 2);
    if (below(c, 3) == 0) service.models = build_refs(c->b, 1, below(c, MODELS));
    build_service(c->b, service);
}

static fc_call call(chaos *c, int i, int32_t pool)
{
    static const double rounds[] = {-50 * FC_DAY, 3 * FC_DAY, 200 * FC_DAY, 201 * FC_DAY};
    fc_call out = {.name = letters[i], .pool = pool, .order = below(c, 2)};

    if (below(c, 3) == 0) out.models = build_refs(c->b, 1, below(c, MODELS));
    if (below(c, 3) == 0) {
        out.rounds = rounds;
        out.n_rounds = 1 + (uint32_t)below(c, 4);
    } else {
        out.closes = build_number(c->b, "closes", between(c, -100, 300) * FC_DAY);
        out.every = some(c, 10 * FC_DAY, 200 * FC_DAY);
    }
    out.regional_bonus = maybe(c, 0, 3);
    if (below(c, 2) == 0) {
        out.price = some(c, 0, 5);
        out.price_currency = below(c, 2);
        out.co_payment = some(c, 0, 1);
    }
    out.review = maybe(c, 0, 100 * FC_DAY);
    out.quota = maybe(c, 0, 300);
    out.share = below(c, 2) ? 0 : wave(c, 1);
    out.cap = maybe(c, 5, 100);
    out.term = some(c, 1 * FC_DAY, 400 * FC_DAY);
    if (below(c, 2) == 0) {
        out.reclaim_every = some(c, 10 * FC_DAY, 100 * FC_DAY);
        out.reclaim_below = some(c, 0, 1);
    }
    return out;
}

/* Of the fleet added last, whose first pool, if there are calls, is given out by them. */
static void applicants(chaos *c, fc_user_class *users)
{
    const fc_plan *plan = build_unfinished(c->b);
    const fc_demand_spec *spec = &plan->fleets[plan->n_fleets - 1].demand;

    users->access = FC_NONE;
    users->users = below(c, 3) == 0 ? 1 + below(c, 20) : 0;
    users->skew = maybe(c, 0, 2);
    users->region = below(c, 3);
    if (spec->n_calls == 0) return;
    if (users->pool != plan->calls[spec->first_call].pool) return;
    users->access = (int32_t)spec->first_call + below(c, (int)spec->n_calls);
    users->pool = FC_NONE;
    users->duration = 0;
    if (users->leaves == FC_LEAVES_AT_ARRIVAL) users->leaves = FC_LEAVES_OFFSHORE;
    users->use = maybe(c, 0, 1);
    if (below(c, 2) == 0) return;
    users->jobs.arrivals = some(c, 0, 3 / FC_DAY);
    users->jobs.gpus = some(c, 1, 60);
    users->jobs.duration = some(c, 0, 10 * FC_DAY);
    users->jobs.checkpoint = maybe(c, 0, FC_DAY);
}

/* Of the fleet added last. */
void random_demand(chaos *c, int32_t *pools)
{
    static const double hours[FC_HOURS] = {[3] = 0.25, [9] = 0.5, [23] = 0.25};
    static const double days[FC_WEEKDAYS] = {[0] = 0.5, [6] = 0.5};
    fc_plan *plan = build_unfinished(c->b);
    int32_t first = *pools;
    int n = below(c, 3);

    plan->fleets[plan->n_fleets - 1].demand = demand_spec(c);

    for (int i = 0; i < n; i++)
        *pools = build_pool(c->b, (fc_pool){.name = letters[i], .share = wave(c, 0.7)}) + 1;
    for (int i = below(c, 3); i > 0; i--) build_call(c->b, call(c, i, n > 0 ? first : FC_NONE));
    for (int i = 1 + below(c, 3); i > 0; i--) {
        fc_user_class users = {.name = letters[i], .pool = FC_NONE};

        if (n > 0) users.pool = first + below(c, n);
        users.work = below(c, FC_N_WORKLOADS);
        users.arrivals = below(c, 2) ? wave(c, 1 / FC_DAY) : some(c, 0, 1 / FC_DAY);
        if (below(c, 3) == 0) users.hours.share = hours;
        if (below(c, 3) == 0) users.days.share = days;
        users.gpus = some(c, 1, 100);
        users.duration = some(c, 0, below(c, 4) ? 3 * FC_DAY : 100 * FC_DAY);
        users.estimate = maybe(c, 0.3, 3);
        users.patience = maybe(c, 0, 5 * FC_DAY);
        users.priority = maybe(c, 0, 5);
        users.checkpoint = maybe(c, 0, FC_DAY);
        users.leaves = below(c, 3);
        users.offshore_price = maybe(c, 0, 5);
        users.offshore_currency = below(c, 2);
        if (below(c, 3) == 0) users.models = build_refs(c->b, 1, below(c, MODELS));
        if (below(c, 3) == 0) users.prefers = build_refs(c->b, 1, below(c, MODELS));
        users.share = maybe(c, 0.1, 4);
        users.quota = maybe(c, 1, 200);
        applicants(c, &users);
        build_class(c->b, users);
    }
    if (plan->fleets[plan->n_fleets - 1].demand.n_calls > 0) return; /* a pool may be theirs */
    for (int i = below(c, 3); i > 0; i--) service(c, i, n > 0 ? first + below(c, n) : FC_NONE);
    if (below(c, 2) == 0) plan->fleets[plan->n_fleets - 1].terms.load_from = FC_LOAD_OF_DEMAND;
}
