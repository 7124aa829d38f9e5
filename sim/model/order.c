/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Order rules: when and how much a programme buys.
 *
 *   spend     whole servers for all the money that is free, at each release
 *   schedule  what the cumulative quantity is ahead of what was bought, rounded up to whole
 *             servers, as far as money is free; the rest at later releases
 *
 * Each budget in turn is spent by the mix's shares of its money, whole servers of each model; what
 * is left goes to the models in descending order of their shares. Where the number is limited (by
 * the quantity or at_most), it is apportioned over the mix by largest remainders, a model's part
 * being its share of the money over its price. One lot a budget and model.
 */
#include <math.h>

#include "model/world.h"

/* ---- how much is wanted ------------------------------------------------------------------- */

typedef struct fc_demand {
    int64_t gpus;  /* INT64_MAX: no limit */
    bool round_up; /* to whole servers */
} fc_demand;

static int64_t whole(double x)
{
    return (int64_t)rint(fmin(fmax(x, 0.0), 1e15));
}

static int64_t missing(fc_world *world, const fc_holding *holding)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    double quantity = fc_param_or(world->params, programme->quantity, fc_now(world), 0.0);

    return whole(quantity) - holding->bought;
}

static fc_demand demand_of(fc_world *world, const fc_holding *holding)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    fc_demand demand = {.gpus = INT64_MAX};

    if (fc_param_given(programme->at_most)) {
        double most = fc_param_at(world->params, programme->at_most, fc_now(world));
        demand.gpus = whole(most) - holding->bought;
    }
    if (programme->rule == FC_RULE_SCHEDULE) {
        int64_t quantity = missing(world, holding);

        if (quantity <= demand.gpus) demand = (fc_demand){.gpus = quantity, .round_up = true};
    }
    return demand;
}

static bool started(const fc_world *world, const fc_holding *holding)
{
    return fc_due_of(world, FC_DUE_PROGRAMME, (uint32_t)holding->programme)->come;
}

int fc_order_blocker(fc_world *world, const fc_holding *holding)
{
    if (!started(world, holding) || demand_of(world, holding).gpus <= 0) return FC_CAUSE_unplanned;
    /* It wants more than it has bought: money that is not released, or that bought too few. */
    return FC_CAUSE_funding;
}

/* ---- when it was wanted ------------------------------------------------------------------- */

static int note_wish(fc_world *world, fc_holding *holding)
{
    double quantity = (double)(missing(world, holding) + holding->bought);
    size_t n = holding->n_wishes;
    int ret = FC_OK;

    if (n > 0 && quantity <= holding->wishes[n - 1].quantity) return FC_OK;
    ret = fc_reserve(&holding->wishes, &holding->wish_capacity, n + 1, sizeof *holding->wishes);
    if (ret != FC_OK) return ret;
    holding->wishes[n] = (struct fc_wish){.since = fc_now(world), .quantity = quantity};
    holding->n_wishes++;
    return FC_OK;
}

static double wanted_since(const fc_world *world, const fc_holding *holding)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];

    if (programme->rule == FC_RULE_SPEND)
        return fc_due_of(world, FC_DUE_PROGRAMME, (uint32_t)holding->programme)->date;
    for (size_t i = 0; i < holding->n_wishes; i++) {
        if (holding->wishes[i].quantity > (double)holding->bought) return holding->wishes[i].since;
    }
    return fc_now(world);
}

/* ---- the mix ------------------------------------------------------------------------------ */

static fc_param price_of(const fc_world *world, const fc_programme *programme, int32_t model,
                         int32_t *currency)
{
    const fc_accelerator *accelerator = &world->plan->accelerators[model];
    bool own = fc_param_given(programme->price);

    *currency = own ? programme->price_currency : accelerator->price_currency;
    return own ? programme->price : accelerator->price;
}

/* Servers of each model that make up `demand`, by largest remainders. */
static void apportion(fc_world *world, const fc_programme *programme, fc_demand demand)
{
    const fc_mix *mix = &programme->mix;
    double now = fc_now(world), total = 0;
    int64_t gpus = 0;

    for (uint32_t i = 0; i < mix->n; i++) {
        int32_t currency = FC_NONE;
        fc_param price = price_of(world, programme, mix->model[i], &currency);
        double usd = fc_param_at(world->params, price, now);

        if (currency != FC_NONE)
            usd /= fc_param_or(world->params, world->plan->currencies[currency].per_usd, now, 1.0);
        world->offers[i].part = mix->share[i] / usd;
        total += world->offers[i].part;
    }
    for (uint32_t i = 0; i < mix->n; i++) {
        fc_offer *offer = &world->offers[i];
        double servers = (double)demand.gpus * (offer->part / total) / (double)offer->per_server;

        offer->wanted = (int64_t)floor(servers);
        offer->part = servers - floor(servers);
        gpus += offer->wanted * offer->per_server;
    }
    for (uint32_t round = 0; round < mix->n && gpus < demand.gpus; round++) {
        fc_offer *next = &world->offers[0];

        for (uint32_t i = 1; i < mix->n; i++) {
            if (world->offers[i].part > next->part) next = &world->offers[i];
        }
        next->part = -1;
        if (!demand.round_up && gpus + next->per_server > demand.gpus) continue;
        next->wanted++;
        gpus += next->per_server;
    }
}

static int prepare(fc_world *world, const fc_programme *programme, fc_demand demand)
{
    double now = fc_now(world);

    for (uint32_t i = 0; i < programme->mix.n; i++) {
        const fc_accelerator *model = &world->plan->accelerators[programme->mix.model[i]];
        double per_server = fc_param_or(world->params, model->per_server, now, 1.0);

        if (!(per_server >= 1.0 && per_server <= 1e6))
            return fc_out_of_domain(world, model->name, "accelerators a server");
        world->offers[i] = (fc_offer){.per_server = whole(per_server), .wanted = INT64_MAX};
    }
    if (demand.gpus < INT64_MAX) apportion(world, programme, demand);
    return FC_OK;
}

/* ---- what the money buys ------------------------------------------------------------------ */

static double cost_of(const fc_offer *offer, int64_t servers)
{
    return rint((double)(servers * offer->per_server) * offer->gpu_cost);
}

/* The most servers, up to those wanted, whose cost rounded to minor units is within `money`. */
static int64_t affordable(const fc_offer *offer, double money)
{
    double most = floor(money / ((double)offer->per_server * offer->gpu_cost));
    int64_t n = most < (double)offer->wanted ? (int64_t)most : offer->wanted;

    while (n > 0 && cost_of(offer, n) > money) n--;
    while (n < offer->wanted && cost_of(offer, n + 1) <= money) n++;
    return n;
}

static void buy(fc_offer *offer, double money)
{
    offer->servers = affordable(offer, money);
    offer->cost = (int64_t)cost_of(offer, offer->servers);
}

static int quote(fc_world *world, const fc_holding *holding, uint32_t i, int32_t budget)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    int32_t model = programme->mix.model[i], currency = FC_NONE;
    int32_t account_currency = world->plan->budgets[budget].currency;
    fc_param price = price_of(world, programme, model, &currency);
    fc_offer *offer = &world->offers[i];
    double now = fc_now(world), cost = 0;

    offer->id = fc_mix_id(fc_mix_id(holding->key, world->model_keys[model]), holding->ordinal[i]);
    cost = fc_param_draw(world->params, price, now, offer->id);
    cost *= fc_exchange(world, currency, account_currency, now);
    cost *= pow(10.0, world->plan->currencies[account_currency].minor_digits);
    /* Below, a server would cost nothing; money would buy no end of them. */
    if (!(cost >= 1.0 && cost < (double)FC_ACCOUNT_LIMIT))
        return fc_out_of_domain(world, holding->path, "the price of an accelerator");
    offer->gpu_cost = cost;
    return FC_OK;
}

/* Fills in offers[].servers and cost. */
static void share_out(fc_world *world, const fc_mix *mix, int64_t money)
{
    int64_t left = money;
    double previous = INFINITY;

    for (uint32_t i = 0; i < mix->n; i++) {
        buy(&world->offers[i], floor(mix->share[i] * (double)money));
        left -= world->offers[i].cost;
    }
    for (uint32_t done = 0; done < mix->n;) {
        double share = -1;

        for (uint32_t i = 0; i < mix->n; i++) {
            if (mix->share[i] < previous && mix->share[i] > share) share = mix->share[i];
        }
        for (uint32_t i = 0; i < mix->n; i++) {
            fc_offer *offer = &world->offers[i];

            if (mix->share[i] != share) continue;
            left += offer->cost;
            buy(offer, (double)left);
            left -= offer->cost;
            done++;
        }
        if (share < 0) return;
        previous = share;
    }
}

static int place(fc_world *world, fc_holding *holding, uint32_t i, int32_t budget)
{
    fc_offer *offer = &world->offers[i];
    int32_t model = world->plan->programmes[holding->programme].mix.model[i];
    fc_param power = world->plan->accelerators[model].server_power;
    fc_lot_order order = {
        .holding = (int32_t)(holding - world->holdings),
        .model = model,
        .budget = budget,
        .id = offer->id,
        .gpus = offer->servers * offer->per_server,
        .per_server = offer->per_server,
        .cost = offer->cost,
        .server_power = fc_param_or(world->params, power, fc_now(world), 0.0),
        .wanted = wanted_since(world, holding),
    };
    fc_lot *lot = NULL;
    int ret = fc_account_commit(&world->accounts[budget], offer->cost);

    if (ret != FC_OK) return fc_ledger_broken(world, "budget", holding->path, "overspent");
    if (offer->wanted < INT64_MAX) offer->wanted -= offer->servers;
    holding->ordinal[i]++;
    if ((ret = fc_lot_create(world, &order, &lot)) != FC_OK) return ret;
    ret = fc_log(world, "order", holding->path, lot->index, (double)lot->gpus, "GPU");
    return ret == FC_OK ? fc_activity_done(world, lot, FC_A_FUNDING) : ret;
}

static int spend(fc_world *world, fc_holding *holding, int32_t budget)
{
    const fc_mix *mix = &world->plan->programmes[holding->programme].mix;
    int64_t money = world->accounts[budget].free;
    int ret = FC_OK;

    if (money == 0) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < mix->n; i++) ret = quote(world, holding, i, budget);
    if (ret != FC_OK) return ret;
    share_out(world, mix, money);
    for (uint32_t i = 0; ret == FC_OK && i < mix->n; i++) {
        if (world->offers[i].servers > 0) ret = place(world, holding, i, budget);
    }
    return ret;
}

int fc_order_due(fc_world *world, uint32_t index)
{
    const fc_programme *programme = &world->plan->programmes[index];
    fc_holding *holding = &world->holdings[index];
    fc_demand demand = {0};
    int ret = FC_OK;

    if (!started(world, holding)) return FC_OK;
    if (programme->rule == FC_RULE_SCHEDULE) ret = note_wish(world, holding);
    if (ret != FC_OK) return ret;
    demand = demand_of(world, holding);
    if (demand.gpus > 0) {
        ret = prepare(world, programme, demand);
        for (uint32_t b = 0; ret == FC_OK && b < programme->pays_from.n; b++)
            ret = spend(world, holding, programme->pays_from.index[b]);
    }
    return ret == FC_OK ? fc_delay_touch(world, (int32_t)index) : ret;
}

int fc_on_order(fc_world *world, const fc_event *event)
{
    return fc_order_due(world, event->subject);
}

int fc_order_soon(fc_world *world, uint32_t programme)
{
    fc_holding *holding = &world->holdings[programme];
    fc_event what = {.kind = FC_EV_ORDER, .subject = programme};

    if (fc_calendar_pending(&world->calendar, holding->order_event)) return FC_OK;
    return fc_schedule(world, fc_now(world), FC_CLASS_ORDER, what, &holding->order_event);
}
