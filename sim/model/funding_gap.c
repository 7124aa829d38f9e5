/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/funding_gap.h"

#include <math.h>

#include "model/world.h"

/* Of prices and rates alone: bits of a set of 4. */
enum { AT_PRICE = 1, AT_RATE = 2, N_COSTS = 4 };

static int cost_under(int set)
{
    return ((set & FC_LIFT_PRICE) != 0 ? AT_PRICE : 0) +
           ((set & FC_LIFT_EXCHANGE) != 0 ? AT_RATE : 0);
}

/* ---- sharing out --------------------------------------------------------------------------- */

/* Gives `left` units more to those with the largest remainders, one each. */
static void give_rest(fc_int128 left, fc_int128 *remainders, int n, fc_int128 *out)
{
    while (left-- > 0) {
        int next = 0;

        for (int i = 1; i < n; i++) {
            if (remainders[i] > remainders[next]) next = i;
        }
        remainders[next] = -1;
        out[next]++;
    }
}

void fc_gap_share(const int64_t n[FC_LIFT_SETS], int64_t wanted, int64_t out[FC_N_GAPS])
{
    /* |S|! (k - |S| - 1)! of k = 4 handicaps: in how many of the 24 orders S comes before. */
    static const int64_t orders[FC_N_LIFTS] = {6, 2, 2, 6};
    int64_t gained = n[FC_LIFT_SETS - 1] - n[0];
    fc_int128 parts[FC_N_LIFTS], remainders[FC_N_LIFTS], left = gained;

    for (int i = 0; i < FC_N_LIFTS; i++) {
        fc_int128 sum = 0;

        for (int set = 0; set < FC_LIFT_SETS; set++) {
            int size = 0;

            if ((set >> i & 1) != 0) continue;
            for (int k = 0; k < FC_N_LIFTS; k++) size += set >> k & 1;
            sum += (fc_int128)orders[size] * (n[set | 1 << i] - n[set]);
        }
        parts[i] = sum / 24;
        remainders[i] = sum % 24;
        left -= parts[i];
    }
    give_rest(left, remainders, FC_N_LIFTS, parts);
    out[FC_GAP_unbudgeted] = wanted - gained;
    for (int i = 0; i < FC_N_LIFTS; i++) out[FC_GAP_unreleased + i] = (int64_t)parts[i];
}

void fc_gap_spread(fc_int128 amount, const fc_level_int *levels, int64_t t,
                   fc_int128 out[FC_N_GAPS])
{
    fc_int128 weights[FC_N_GAPS], parts[FC_N_GAPS], remainders[FC_N_GAPS];
    fc_int128 total = 0, left = amount;

    for (int i = 0; levels != NULL && i < FC_N_GAPS; i++)
        total += weights[i] = fc_level_int_integral(&levels[i], t);
    if (total == 0) {
        out[FC_GAP_unbudgeted] += amount;
        return;
    }
    for (int i = 0; i < FC_N_GAPS; i++) {
        parts[i] = amount * weights[i] / total;
        remainders[i] = amount * weights[i] % total;
        left -= parts[i];
    }
    give_rest(left, remainders, FC_N_GAPS, parts);
    for (int i = 0; i < FC_N_GAPS; i++) out[i] += parts[i];
}

/* ---- money ---------------------------------------------------------------------------------- */

static double reckoned_on(fc_world *world, uint32_t budget)
{
    const fc_due_kind stages[] = {FC_DUE_REQUEST, FC_DUE_BILL, FC_DUE_RELEASE};
    double date = NAN;

    for (int i = 0; i < 3 && isnan(date); i++) date = fc_due_of(world, stages[i], budget)->date;
    return fmax(fmin(date, fc_now(world)), 0.0);
}

/* What there would be to order with under each set, in minor units, but for what was saved. */
static void money_of(fc_world *world, uint32_t budget, fc_line line, double out[FC_LIFT_SETS])
{
    const fc_account *account = fc_account_of(world, budget, line);
    int64_t spendable = fc_budget_spendable(world, budget, line);
    /* What may be ordered ahead of the release is not waited for. */
    double pending = fc_budget_pending(world, budget, line) - (double)(spendable - account->free);

    for (int set = 0; set < FC_LIFT_SETS; set++) {
        out[set] = (double)spendable;
        if ((set & FC_LIFT_RELEASE) != 0) out[set] += fmax(pending, 0.0);
        if ((set & FC_LIFT_LAPSE) != 0) out[set] += (double)account->lapsed;
    }
}

/* ---- programmes ------------------------------------------------------------------------------ */

/* An accelerator of lot `id`, in minor units of the budget's currency. */
static void cost_of_model(fc_world *world, const fc_holding *holding, int32_t model, int32_t budget,
                          uint64_t id, double out[N_COSTS])
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    int32_t currency = FC_NONE, account = world->plan->budgets[budget].currency;
    fc_param p = fc_price_of(world, programme, model, &currency);
    double now = fc_now(world), then = reckoned_on(world, (uint32_t)budget);
    double unit = pow(10.0, fc_budget_digits(world, (uint32_t)budget));
    double price[2] = {fc_param_draw(world->params, p, now, id),
                       fc_param_expected(world->params, p, then)};
    double rate[2] = {fc_exchange(world, currency, account, now) *
                          fc_price_at_rate(world, programme, currency, account),
                      fc_exchange(world, currency, account, then)};

    if (!(price[1] < price[0])) price[1] = price[0];
    if (!(rate[1] < rate[0])) rate[1] = rate[0];
    for (int at = 0; at < N_COSTS; at++)
        out[at] = price[(at & AT_PRICE) != 0] * rate[(at & AT_RATE) != 0] * unit;
}

/* An accelerator of today's mix; *per_server the fewest of any model's. False: all are banned. */
static bool cost_of_mix(fc_world *world, const fc_holding *holding, int32_t budget,
                        double out[N_COSTS], double *per_server)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    const fc_mix *mix = fc_mix_of(world, programme);
    double shares = 0, sum[N_COSTS] = {0};

    *per_server = INFINITY;
    for (uint32_t i = 0; i < mix->n; i++) {
        int32_t model = fc_export_choice(world, holding, mix->model[i]);
        double cost[N_COSTS];

        if (model == FC_NONE) continue;
        cost_of_model(world, holding, model, budget, fc_next_lot(world, holding, model), cost);
        *per_server =
            fmin(*per_server,
                 rint(fc_param_or(world->params, world->plan->accelerators[model].per_server,
                                  fc_now(world), 1.0)));
        shares += mix->share[i];
        for (int at = 0; at < N_COSTS; at++)
            sum[at] += programme->mix_by == FC_MIX_BY_COUNT ? mix->share[i] * cost[at]
                                                            : mix->share[i] / cost[at];
    }
    for (int at = 0; at < N_COSTS; at++)
        out[at] = programme->mix_by == FC_MIX_BY_COUNT ? sum[at] / shares : shares / sum[at];
    return shares > 0;
}

static double saved(const fc_dearer *dearer, int at)
{
    const double by[N_COSTS] = {0, dearer->price, dearer->exchange, dearer->both};

    return by[at];
}

void fc_gap_of_programme(fc_world *world, const fc_holding *holding, int64_t wanted,
                         int64_t out[FC_N_GAPS])
{
    const fc_refs *pays = &world->plan->programmes[holding->programme].pays_from;
    double bought[FC_LIFT_SETS] = {0};
    int64_t n[FC_LIFT_SETS];

    for (uint32_t k = 0; k < pays->n; k++) {
        double cost[N_COSTS], money[FC_LIFT_SETS], per_server = 1;

        if (!cost_of_mix(world, holding, pays->index[k], cost, &per_server)) continue;
        money_of(world, (uint32_t)pays->index[k], FC_LINE_GPU, money);
        for (int set = 0; set < FC_LIFT_SETS; set++) {
            int at = cost_under(set);
            double all = (money[set] + saved(&holding->dearer[k], at)) / cost[at];

            if (all > 0) bought[set] += floor(all / per_server * (1 + 1e-12)) * per_server;
        }
    }
    for (int set = 0; set < FC_LIFT_SETS; set++)
        n[set] = bought[set] < (double)wanted ? (int64_t)bought[set] : wanted;
    fc_gap_share(n, wanted, out);
}

fc_dearer fc_gap_dearer(fc_world *world, const fc_holding *holding, int32_t budget,
                        const fc_offer *offer)
{
    double cost[N_COSTS], whole = (double)offer->cost;

    cost_of_model(world, holding, offer->model, budget, offer->id, cost);
    return (fc_dearer){
        .price = whole * (1 - cost[AT_PRICE] / cost[0]),
        .exchange = whole * (1 - cost[AT_RATE] / cost[0]),
        .both = whole * (1 - cost[AT_PRICE | AT_RATE] / cost[0]),
    };
}

void fc_gap_note(fc_world *world, fc_holding *holding, int32_t budget, fc_dearer dearer,
                 double sign)
{
    const fc_refs *pays = &world->plan->programmes[holding->programme].pays_from;

    for (uint32_t k = 0; k < pays->n; k++) {
        if (pays->index[k] != budget) continue;
        holding->dearer[k].price += sign * dearer.price;
        holding->dearer[k].exchange += sign * dearer.exchange;
        holding->dearer[k].both += sign * dearer.both;
        return;
    }
}

/* ---- phases ---------------------------------------------------------------------------------- */

/* The works of a phase in minor units of a budget's currency. */
static void cost_of_works(fc_world *world, uint32_t phase, uint32_t budget, double out[N_COSTS])
{
    const fc_site *site = &world->plan->sites[world->phases[phase].site];
    int32_t account = world->plan->budgets[budget].currency;
    double now = fc_now(world), then = reckoned_on(world, budget);
    double unit = pow(10.0, fc_budget_digits(world, budget)) / 1e3 *
                  fc_param_draw(world->params, world->plan->phases[phase].power, now, 0);
    double price[2] = {fc_param_draw(world->params, site->cost, now, 0),
                       fc_param_expected(world->params, site->cost, then)};
    double rate[2] = {fc_exchange(world, site->cost_currency, account, now),
                      fc_exchange(world, site->cost_currency, account, then)};

    if (!(price[1] < price[0])) price[1] = price[0];
    if (!(rate[1] < rate[0])) rate[1] = rate[0];
    for (int at = 0; at < N_COSTS; at++)
        out[at] = price[(at & AT_PRICE) != 0] * rate[(at & AT_RATE) != 0] * unit;
}

void fc_gap_of_phase(fc_world *world, uint32_t phase, int64_t out[FC_N_GAPS])
{
    const fc_refs *pays = &world->plan->sites[world->phases[phase].site].pays_from;
    double covered[FC_LIFT_SETS] = {0};
    int64_t n[FC_LIFT_SETS] = {0};

    for (uint32_t k = 0; k < pays->n; k++) {
        double cost[N_COSTS], money[FC_LIFT_SETS];

        cost_of_works(world, phase, (uint32_t)pays->index[k], cost);
        money_of(world, (uint32_t)pays->index[k], FC_LINE_BUILDING, money);
        for (int set = 0; set < FC_LIFT_SETS; set++)
            covered[set] += money[set] / cost[cost_under(set)];
    }
    for (int set = 1; set < FC_LIFT_SETS; set++)
        n[set] = covered[set] >= 1 - 1e-12 ? FC_GAP_WHOLE : 0;
    fc_gap_share(n, FC_GAP_WHOLE, out);
}
