/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Offers: how many servers of each model of a mix the money of a budget buys.
 *
 *   by money  each model gets its share of the money, whole servers of it; what is left goes to the
 *             models in descending order of their shares. Where the number is limited, it is
 *             apportioned by largest remainders, a model's part being its share over its price.
 *   by count  the most accelerators whose apportionment by the shares, by largest remainders,
 *             the money pays.
 *
 * A model that may not be exported is replaced as the programme's fallback says, or left out.
 */
#include <math.h>

#include "model/world.h"

static int64_t whole(double x)
{
    return (int64_t)rint(fmin(fmax(x, 0.0), 1e15));
}

const fc_mix *fc_mix_of(const fc_world *world, const fc_programme *programme)
{
    const fc_year_mixes *by_year = &programme->mix_by_year;
    int year = fc_epoch_date(world->plan->epoch, fc_now(world)).year;
    uint32_t i = 0;

    if (by_year->n == 0) return &programme->mix;
    while (i + 1 < by_year->n && by_year->year[i + 1] <= year) i++;
    return &by_year->mix[i];
}

fc_param fc_price_of(const fc_world *world, const fc_programme *programme, int32_t model,
                     int32_t *currency)
{
    const fc_accelerator *accelerator = &world->plan->accelerators[model];
    bool own = fc_param_given(programme->price);

    *currency = own ? programme->price_currency : accelerator->price_currency;
    return own ? programme->price : accelerator->price;
}

uint64_t fc_next_lot(const fc_world *world, const fc_holding *holding, int32_t model)
{
    return fc_mix_id(fc_mix_id(holding->key, world->model_keys[model]), holding->ordinal[model]);
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* Servers of each model that make up `demand`, by largest remainders of their parts. */
static void apportion(fc_world *world, fc_demand demand, const double *parts)
{
    double total = 0;
    int64_t gpus = 0;

    for (uint32_t i = 0; i < world->n_offers; i++) total += parts[i];
    for (uint32_t i = 0; i < world->n_offers; i++) {
        fc_offer *offer = &world->offers[i];
        double servers = (double)demand.gpus * (parts[i] / total) / (double)offer->per_server;

        offer->wanted = offer->barred ? 0 : (int64_t)floor(servers);
        offer->part = offer->barred ? -1 : servers - floor(servers);
        gpus += offer->wanted * offer->per_server;
    }
    for (uint32_t round = 0; round < world->n_offers && gpus < demand.gpus; round++) {
        fc_offer *next = &world->offers[0];

        for (uint32_t i = 1; i < world->n_offers; i++) {
            if (world->offers[i].part > next->part) next = &world->offers[i];
        }
        if (next->part < 0) return;
        next->part = -1;
        if (!demand.round_up && gpus + next->per_server > demand.gpus) continue;
        next->wanted++;
        gpus += next->per_server;
    }
}

/* A model's part of the number: of what is mixed by money, its share over its price. */
static double part_of(fc_world *world, const fc_programme *programme, const fc_offer *offer)
{
    int32_t currency = FC_NONE;
    fc_param price = fc_price_of(world, programme, offer->model, &currency);
    double now = fc_now(world), usd = fc_param_at(world->params, price, now);

    if (currency != FC_NONE) usd /= fc_per_usd(world, currency, now);
    return offer->share / usd;
}

static int start_offer(fc_world *world, int32_t model, fc_offer *offer)
{
    const fc_accelerator *plan = &world->plan->accelerators[model];
    double per_server = fc_param_or(world->params, plan->per_server, fc_now(world), 1.0);

    if (!(per_server >= 1.0 && per_server <= 1e6))
        return fc_out_of_domain(world, plan->name, "accelerators a server");
    *offer = (fc_offer){.model = model, .per_server = whole(per_server), .wanted = INT64_MAX};
    return FC_OK;
}

int fc_offers_prepare(fc_world *world, const fc_holding *holding, fc_demand demand)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    const fc_mix *mix = fc_mix_of(world, programme);

    world->n_offers = mix->n;
    for (uint32_t i = 0; i < mix->n; i++) {
        int32_t choice = fc_export_choice(world, holding, mix->model[i]);
        fc_offer *offer = &world->offers[i];
        int ret = start_offer(world, choice == FC_NONE ? mix->model[i] : choice, offer);

        if (ret != FC_OK) return ret;
        offer->share = mix->share[i];
        offer->barred = choice == FC_NONE;
        if (offer->barred) offer->wanted = 0;
    }
    if (demand.gpus == INT64_MAX || programme->mix_by == FC_MIX_BY_COUNT) return FC_OK;
    for (uint32_t i = 0; i < mix->n; i++) {
        fc_offer *offer = &world->offers[i];
        world->parts[i] = offer->barred ? 0 : part_of(world, programme, offer);
    }
    apportion(world, demand, world->parts);
    return FC_OK;
}

/* ---- money -------------------------------------------------------------------------------- */

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

/* The price of the offer and what its lot's draws belong to; `earlier` lots of the model will have
 * been ordered before it. */
static int quote(fc_world *world, const fc_holding *holding, fc_offer *offer, int32_t budget,
                 uint64_t earlier)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    int32_t currency = FC_NONE, account_currency = world->plan->budgets[budget].currency;
    fc_param price = fc_price_of(world, programme, offer->model, &currency);
    uint64_t of_model = fc_mix_id(holding->key, world->model_keys[offer->model]);
    double now = fc_now(world), cost = 0;

    offer->id = fc_mix_id(of_model, holding->ordinal[offer->model] + earlier);
    cost = fc_param_draw(world->params, price, now, offer->id);
    cost *= fc_exchange(world, currency, account_currency, now);
    cost *= fc_price_at_rate(world, programme, currency, account_currency);
    cost *= pow(10.0, world->plan->currencies[account_currency].minor_digits);
    /* Below, a server would cost nothing; money would buy no end of them. */
    if (!(cost >= 1.0 && cost < (double)FC_ACCOUNT_LIMIT))
        return fc_out_of_domain(world, holding->path, "the price of an accelerator");
    offer->gpu_cost = cost;
    offer->owed_in = currency == account_currency ? FC_NONE : currency;
    return FC_OK;
}

static void fill_by_money(fc_world *world, int64_t money)
{
    int64_t left = money;
    double previous = INFINITY;

    for (uint32_t i = 0; i < world->n_offers; i++) {
        buy(&world->offers[i], floor(world->offers[i].share * (double)money));
        left -= world->offers[i].cost;
    }
    for (uint32_t done = 0; done < world->n_offers;) {
        double share = -1;

        for (uint32_t i = 0; i < world->n_offers; i++) {
            const fc_offer *offer = &world->offers[i];
            if (offer->share < previous && offer->share > share) share = offer->share;
        }
        for (uint32_t i = 0; i < world->n_offers; i++) {
            fc_offer *offer = &world->offers[i];

            if (offer->share != share) continue;
            left += offer->cost;
            buy(offer, (double)left);
            left -= offer->cost;
            done++;
        }
        if (share < 0) return;
        previous = share;
    }
}

/* Whether the money pays n accelerators in the mix's proportions; offers[].wanted are they. */
static bool pays(fc_world *world, int64_t n, fc_demand demand, int64_t money)
{
    fc_demand some = {.gpus = n, .round_up = demand.round_up && n == demand.gpus};
    double cost = 0;

    apportion(world, some, world->parts);
    for (uint32_t i = 0; i < world->n_offers; i++)
        cost += cost_of(&world->offers[i], world->offers[i].wanted);
    return cost <= (double)money;
}

/* The cost of n is in proportion to n but for less than a server of each model, so what is found by
 * bisection is the most, but for what lies as close above it. */
static int64_t most_paid(fc_world *world, fc_demand demand, int64_t money, int64_t beyond,
                         int64_t close)
{
    int64_t paid = 0, best = 0;

    if (beyond >= demand.gpus && pays(world, demand.gpus, demand, money)) return demand.gpus;
    if (beyond > demand.gpus) beyond = demand.gpus;
    while (beyond - paid > 1) {
        int64_t middle = paid + (beyond - paid) / 2;

        if (pays(world, middle, demand, money))
            paid = middle;
        else
            beyond = middle;
    }
    best = paid;
    for (int64_t n = paid + 1; n <= paid + close && n < demand.gpus; n++) {
        if (pays(world, n, demand, money)) best = n;
    }
    return best;
}

static void fill_by_count(fc_world *world, int64_t money, fc_demand demand)
{
    double cheapest = INFINITY, shares = 0;
    int64_t close = 0, n = 0;

    for (uint32_t i = 0; i < world->n_offers; i++) {
        fc_offer *offer = &world->offers[i];

        world->parts[i] = offer->barred ? 0 : offer->share;
        shares += world->parts[i];
        cheapest = fmin(cheapest, offer->gpu_cost);
        close += offer->per_server;
    }
    if (!(shares > 0)) return;
    n = most_paid(world, demand, money, (int64_t)((double)money / cheapest) + close + 1, close);
    if (n == 0) return;
    pays(world, n, demand, money);
    for (uint32_t i = 0; i < world->n_offers; i++) {
        fc_offer *offer = &world->offers[i];
        offer->servers = offer->wanted;
        offer->cost = (int64_t)cost_of(offer, offer->servers);
    }
}

int fc_offers_fill(fc_world *world, const fc_holding *holding, int32_t budget, fc_demand left)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    int64_t money = fc_budget_spendable(world, (uint32_t)budget, FC_LINE_GPU);

    for (uint32_t i = 0; i < world->n_offers; i++) world->offers[i].servers = 0;
    if (money == 0 || left.gpus <= 0) return FC_OK;
    for (uint32_t i = 0; i < world->n_offers; i++) {
        uint64_t earlier = 0;
        int ret = FC_OK;

        for (uint32_t k = 0; k < i; k++)
            earlier += world->offers[k].model == world->offers[i].model;
        ret = quote(world, holding, &world->offers[i], budget, earlier);
        if (ret != FC_OK) return ret;
    }
    if (programme->mix_by == FC_MIX_BY_COUNT) {
        fill_by_count(world, money, left);
    } else {
        fill_by_money(world, money);
    }
    return FC_OK;
}

int fc_offer_alone(fc_world *world, const fc_holding *holding, int32_t model, int32_t budget,
                   fc_demand demand, int64_t money, fc_offer *out)
{
    int ret = start_offer(world, model, out);

    if (ret == FC_OK) ret = quote(world, holding, out, budget, 0);
    if (ret != FC_OK) return ret;
    if (demand.gpus < INT64_MAX) {
        int64_t spare = demand.round_up ? out->per_server - 1 : 0;
        out->wanted = demand.gpus <= 0 ? 0 : (demand.gpus + spare) / out->per_server;
    }
    buy(out, (double)money);
    return FC_OK;
}
