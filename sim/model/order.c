/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Order rules: when and how much a programme buys.
 *
 *   spend      whole servers for all the money that is free, at each release
 *   schedule   what the cumulative quantity is ahead of what was bought, rounded up to whole
 *              servers, as far as money is free; the rest at later releases
 *   to_target  what targets miss, and spares (order_target.c), rounded up likewise
 *   refresh    what retired accelerators leave open (order_refresh.c), rounded up likewise
 *
 * Each budget in turn is spent on the mix (offer.c). One lot a budget and model. A programme that
 * needs a tender starts one when it could buy something, and buys when that has succeeded, with
 * what is free and wanted then.
 */
#include <math.h>

#include "model/world.h"

/* ---- how much is wanted ------------------------------------------------------------------- */

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

static fc_demand demand_of(fc_world *world, const fc_holding *holding, double *next)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    fc_demand demand = {.gpus = INT64_MAX};
    int64_t quantity = INT64_MAX;

    *next = INFINITY;
    if (fc_param_given(programme->at_most)) {
        double most = fc_param_at(world->params, programme->at_most, fc_now(world));
        demand.gpus = whole(most) - holding->bought;
    }
    if (programme->rule == FC_RULE_SCHEDULE) quantity = missing(world, holding);
    if (programme->rule == FC_RULE_TO_TARGET) quantity = fc_target_demand(world, holding, next);
    if (programme->rule == FC_RULE_REFRESH) quantity = fc_refresh_demand(world, holding, next);
    if (programme->rule != FC_RULE_SPEND && quantity <= demand.gpus)
        demand = (fc_demand){.gpus = quantity, .round_up = true};
    return demand;
}

fc_demand fc_order_demand(fc_world *world, const fc_holding *holding)
{
    double next = 0;

    return demand_of(world, holding, &next);
}

static bool started(const fc_world *world, const fc_holding *holding)
{
    return fc_due_of(world, FC_DUE_PROGRAMME, (uint32_t)holding->programme)->come;
}

/* Everything it would buy is banned, and it buys nothing in its place. */
static bool barred(fc_world *world, const fc_holding *holding)
{
    const fc_mix *mix = fc_mix_of(world, &world->plan->programmes[holding->programme]);

    for (uint32_t i = 0; i < mix->n; i++) {
        if (fc_export_choice(world, holding, mix->model[i]) != FC_NONE) return false;
    }
    return true;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void fc_order_blockers(fc_world *world, const fc_holding *holding, int64_t slots,
                       int64_t charge[FC_N_CAUSES])
{
    int64_t refused = smaller(slots, holding->refused);
    int64_t in_tender = holding->tender.stage == FC_TENDER_NONE ? 0 : holding->tender.gpus;
    fc_demand demand = {0};

    charge[FC_CAUSE_licence] += refused;
    slots -= refused;
    in_tender = smaller(slots, in_tender);
    charge[FC_CAUSE_tender] += in_tender;
    slots -= in_tender;
    if (slots == 0) return;
    if (started(world, holding)) demand = fc_order_demand(world, holding);
    if (demand.gpus < INT64_MAX) demand.gpus -= refused + in_tender;
    /* What it wants beyond what it has bought waits for money that is not released, or that bought
     * too few; what it does not even want is not planned. */
    int64_t wanted = demand.gpus > 0 ? smaller(slots, demand.gpus) : 0;

    charge[barred(world, holding) ? FC_CAUSE_licence : FC_CAUSE_funding] += wanted;
    charge[FC_CAUSE_unplanned] += slots - wanted;
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

    if (programme->rule != FC_RULE_SCHEDULE)
        return fc_due_of(world, FC_DUE_PROGRAMME, (uint32_t)holding->programme)->date;
    for (size_t i = 0; i < holding->n_wishes; i++) {
        if (holding->wishes[i].quantity > (double)holding->bought) return holding->wishes[i].since;
    }
    return fc_now(world);
}

/* ---- buying ------------------------------------------------------------------------------- */

int fc_order_place(fc_world *world, fc_holding *holding, const fc_offer *offer, int32_t budget,
                   fc_lot **out)
{
    fc_param power = world->plan->accelerators[offer->model].server_power;
    fc_fleet_state *fleet = &world->fleets[holding->fleet];
    fc_lot_order order = {
        .holding = (int32_t)(holding - world->holdings),
        .model = offer->model,
        .budget = budget,
        .id = offer->id,
        .gpus = offer->servers * offer->per_server,
        .per_server = offer->per_server,
        .cost = offer->cost,
        .owed_in = offer->owed_in,
        .rate = fc_owed_rate(world, offer->owed_in, world->plan->budgets[budget].currency),
        .server_power = fc_param_or(world->params, power, fc_now(world), 0.0),
        .wanted = wanted_since(world, holding),
    };
    fc_dearer dearer = {0};
    fc_lot *lot = NULL;
    int ret = fc_budget_commit(world, (uint32_t)budget, FC_LINE_GPU, offer->cost);

    if (ret != FC_OK) return ret;
    holding->ordinal[offer->model]++;
    holding->refused -= smaller(holding->refused, order.gpus);
    fleet->first_contract = fmin(fleet->first_contract, fc_now(world));
    if (holding->delay.kept) dearer = fc_gap_dearer(world, holding, budget, offer);
    fc_gap_note(world, holding, budget, dearer, 1);
    if ((ret = fc_lot_create(world, &order, &lot)) != FC_OK) return ret;
    lot->contract.dearer = dearer;
    if ((ret = fc_lot_pay(world, lot, FC_ON_ORDER)) != FC_OK) return ret;
    if (out != NULL) *out = lot;
    ret = fc_log(world, "order", holding->path, lot->index, (double)lot->gpus, "GPU");
    return ret == FC_OK ? fc_activity_done(world, lot, FC_A_FUNDING) : ret;
}

/* What the money buys: ordered, or only counted. */
static int go_shopping(fc_world *world, fc_holding *holding, bool order, int64_t *gpus)
{
    const fc_programme *programme = &world->plan->programmes[holding->programme];
    fc_demand left = fc_order_demand(world, holding);
    int ret = FC_OK;

    *gpus = 0;
    if (left.gpus <= 0) return FC_OK;
    ret = fc_offers_prepare(world, holding, left);
    for (uint32_t b = 0; ret == FC_OK && b < programme->pays_from.n; b++) {
        int32_t budget = programme->pays_from.index[b];

        ret = fc_offers_fill(world, holding, budget, left);
        for (uint32_t i = 0; ret == FC_OK && i < world->n_offers; i++) {
            fc_offer *offer = &world->offers[i];
            int64_t n = offer->servers * offer->per_server;

            if (n == 0) continue;
            if (order) ret = fc_order_place(world, holding, offer, budget, NULL);
            *gpus += n;
            if (offer->wanted < INT64_MAX) offer->wanted -= offer->servers;
            if (left.gpus < INT64_MAX) left.gpus -= n;
        }
    }
    return ret;
}

static int purchase(fc_world *world, fc_holding *holding)
{
    fc_tender_state *tender = &holding->tender;
    int64_t gpus = 0;
    int ret = FC_OK;

    if (!fc_tender_needed(world, &world->plan->programmes[holding->programme]))
        return go_shopping(world, holding, true, &gpus);
    ret = go_shopping(world, holding, false, &gpus);
    tender->gpus = gpus;
    if (ret != FC_OK || tender->stage != FC_TENDER_NONE || gpus == 0) return ret;
    holding->refused = 0;
    return fc_tender_start(world, holding);
}

/* Comes back on the date by which more has to be ordered. */
static int look_again(fc_world *world, fc_holding *holding)
{
    int rule = world->plan->programmes[holding->programme].rule;
    fc_event what = {.kind = FC_EV_ORDER, .subject = (uint32_t)holding->programme};
    double next = INFINITY;

    if (rule != FC_RULE_TO_TARGET && rule != FC_RULE_REFRESH) return FC_OK;
    demand_of(world, holding, &next);
    fc_calendar_cancel(&world->calendar, holding->safe_event);
    holding->safe_event = FC_NO_EVENT;
    if (next == INFINITY) return FC_OK;
    return fc_schedule(world, next, FC_CLASS_ORDER, what, &holding->safe_event);
}

int fc_order_due(fc_world *world, uint32_t index)
{
    const fc_programme *programme = &world->plan->programmes[index];
    fc_holding *holding = &world->holdings[index];
    int ret = FC_OK;

    if (!started(world, holding)) return FC_OK;
    if (programme->rule == FC_RULE_SCHEDULE) ret = note_wish(world, holding);
    if (ret == FC_OK) ret = purchase(world, holding);
    if (ret == FC_OK) ret = look_again(world, holding);
    return ret == FC_OK ? fc_delay_touch(world, (int32_t)index) : ret;
}

int fc_order_contract(fc_world *world, uint32_t index)
{
    fc_holding *holding = &world->holdings[index];
    int64_t gpus = 0;
    int ret = go_shopping(world, holding, true, &gpus);

    return ret == FC_OK ? look_again(world, holding) : ret;
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
