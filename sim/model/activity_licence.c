/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Export licences, beside supply: a lot leaves when it is made and may be exported.
 *
 * Of the rules in force on a model for a buyer the strictest holds (of equally strict ones the
 * first). Free: the lot may leave. Licence: it applies, and is told after the rule's delay; a share
 * is denied. Banned: it may not leave, whatever it was granted before. A change of the rules works
 * on every lot that has not left: what was free may need a licence, what is banned no longer may
 * apply.
 *
 * A lot that is denied or banned waits until the rules change; or, as its programme's fallback
 * says, its order is cancelled. The money of a cancelled order buys the first of the fallback's
 * models that is not banned (of a lot that is itself such a one: the first after it), at that day's
 * price, without a new tender, in the place that it had among the programme's lots; what is left
 * is free again. What is banned on the day of an order is not ordered in the first place but by a
 * fallback that waits.
 */
#include <math.h>

#include "model/world.h"

/* ---- the rules ---------------------------------------------------------------------------- */

static bool names(const fc_refs *refs, int32_t index)
{
    for (uint32_t i = 0; i < refs->n; i++) {
        if (refs->index[i] == index) return true;
    }
    return refs->n == 0;
}

static bool applies(fc_world *world, const fc_export_rule *rule, int32_t model, int32_t fleet)
{
    const fc_accelerator *accelerator = &world->plan->accelerators[model];
    double now = fc_now(world), from = -INFINITY, until = INFINITY;

    if (!names(&rule->models, model) || !names(&rule->buyers, fleet)) return false;
    if (fc_param_given(rule->at_least) &&
        !(fc_param_at(world->params, accelerator->bf16_dense, now) >=
          fc_param_at(world->params, rule->at_least, now)))
        return false;
    if (fc_param_given(rule->from)) from = fc_param_draw(world->params, rule->from, now, 0);
    if (fc_param_given(rule->until)) until = fc_param_draw(world->params, rule->until, now, 0);
    return from <= now && now < until;
}

fc_export_status fc_export_status_of(fc_world *world, int32_t model, int32_t fleet, int32_t *rule)
{
    const fc_plan *plan = world->plan;
    fc_export_status strictest = FC_EXPORT_FREE;

    *rule = FC_NONE;
    if (fc_without(world, FC_CAUSE_licence)) return FC_EXPORT_FREE;
    for (uint32_t i = 0; i < plan->n_export_rules; i++) {
        double status = 0;

        if (!applies(world, &plan->export_rules[i], model, fleet)) continue;
        status = rint(fc_param_at(world->params, plan->export_rules[i].status, fc_now(world)));
        if (!(status > (double)strictest)) continue;
        strictest = status >= FC_EXPORT_BANNED ? FC_EXPORT_BANNED : FC_EXPORT_LICENCE;
        *rule = (int32_t)i;
    }
    return strictest;
}

static bool banned(fc_world *world, int32_t model, int32_t fleet)
{
    int32_t rule = FC_NONE;

    return fc_export_status_of(world, model, fleet, &rule) == FC_EXPORT_BANNED;
}

/* What the fallback buys in place of a model, FC_NONE: nothing. */
static int32_t instead(fc_world *world, const fc_holding *holding, int32_t model)
{
    const fc_refs *models = &world->plan->programmes[holding->programme].fallback.models;
    uint32_t i = 0;

    while (i < models->n && models->index[i] != model) i++;
    for (i = i < models->n ? i + 1 : 0; i < models->n; i++) {
        if (!banned(world, models->index[i], holding->fleet)) return models->index[i];
    }
    return FC_NONE;
}

static bool waits(const fc_world *world, const fc_holding *holding)
{
    const fc_fallback *fallback = &world->plan->programmes[holding->programme].fallback;

    return fallback->otherwise == FC_OTHERWISE_WAIT;
}

int32_t fc_export_choice(fc_world *world, const fc_holding *holding, int32_t model)
{
    int32_t other = FC_NONE;

    if (world->plan->n_export_rules == 0 || !banned(world, model, holding->fleet)) return model;
    other = instead(world, holding, model);
    return other == FC_NONE && waits(world, holding) ? model : other;
}

/* ---- a lot's licence ---------------------------------------------------------------------- */

fc_param fc_licence_delay(const fc_world *world, const fc_lot *lot)
{
    if (lot->licence.state != FC_LICENCE_APPLIED) return 0;
    return world->plan->export_rules[lot->licence.rule].delay;
}

/* Once all else of now is done, does what the programme does with a lot that may not leave. */
static int fall_back_soon(fc_world *world, const fc_lot *lot)
{
    const fc_holding *holding = &world->holdings[lot->holding];
    fc_event what = {.kind = FC_EV_FALLBACK, .subject = (uint32_t)lot->index};

    if (world->plan->programmes[holding->programme].fallback.models.n == 0 && waits(world, holding))
        return FC_OK;
    return fc_schedule(world, fc_now(world), FC_CLASS_ORDER, what, NULL);
}

/* It could have left, and now may not. Until now it went the way of supply. */
static int reopen(fc_world *world, fc_lot *lot)
{
    fc_step *step = &lot->step[FC_A_LICENCE];

    step->start = step->began = fc_now(world);
    step->end = INFINITY;
    step->driver = FC_A_SUPPLY;
    if (lot->step[FC_A_SUPPLY].end == INFINITY) return FC_OK;
    fc_shipping_withdraw(world, lot);
    return fc_lot_move(world, lot, FC_ST_ORDERED, FC_ST_HELD, lot->gpus);
}

/* What the rules of the moment mean for a lot that has not left. */
static int judge(fc_world *world, fc_lot *lot)
{
    fc_step *step = &lot->step[FC_A_LICENCE];
    fc_lot_licence *licence = &lot->licence;
    int32_t rule = FC_NONE;
    fc_export_status status = fc_export_status_of(world, lot->model, lot->fleet, &rule);
    bool open = step->end == INFINITY;
    int ret = FC_OK;

    if (status == FC_EXPORT_LICENCE) {
        if (licence->state == FC_LICENCE_APPLIED || licence->state == FC_LICENCE_GRANTED)
            return FC_OK;
        if (licence->state == FC_LICENCE_DENIED && licence->rule == rule)
            return fall_back_soon(world, lot);
    }
    fc_calendar_cancel(&world->calendar, step->event);
    step->event = FC_NO_EVENT;
    if (status == FC_EXPORT_FREE) {
        licence->state = FC_LICENCE_NONE;
        return open ? fc_activity_done(world, lot, FC_A_LICENCE) : FC_OK;
    }
    if (!open && (ret = reopen(world, lot)) != FC_OK) return ret;
    if (status == FC_EXPORT_LICENCE) {
        *licence = (fc_lot_licence){FC_LICENCE_APPLIED, rule, licence->applications + 1};
        return fc_activity_run(world, lot, FC_A_LICENCE);
    }
    licence->state = FC_LICENCE_NONE;
    step->due = INFINITY;
    return fall_back_soon(world, lot);
}

int fc_licence_begin(fc_world *world, fc_lot *lot)
{
    bool bought = world->holdings[lot->holding].programme != FC_NONE;

    if (!bought || world->plan->n_export_rules == 0)
        return fc_activity_done(world, lot, FC_A_LICENCE);
    return judge(world, lot);
}

/* The decision. */
int fc_licence_over(fc_world *world, fc_lot *lot, bool *done)
{
    const fc_export_rule *rule = &world->plan->export_rules[lot->licence.rule];
    const char *path = world->holdings[lot->holding].path;
    double share = fc_param_or(world->params, rule->denied, fc_now(world), 0.0);
    fc_stream stream;
    int ret = FC_OK;

    fc_stream_init(&stream, world->licence_key, world->replication,
                   fc_mix_id(lot->id, lot->licence.applications));
    *done = fc_stream_uniform(&stream) >= share;
    lot->licence.state = *done ? FC_LICENCE_GRANTED : FC_LICENCE_DENIED;
    ret = fc_log(world, *done ? "licence" : "denied", path, lot->index, (double)lot->gpus, "GPU");
    if (*done || ret != FC_OK) return ret;
    lot->step[FC_A_LICENCE].due = INFINITY;
    return fall_back_soon(world, lot);
}

int fc_licence_end(fc_world *world, fc_lot *lot)
{
    return fc_lot_move(world, lot, FC_ST_HELD, FC_ST_ORDERED, lot->count[FC_ST_HELD]);
}

/* ---- the fallback ------------------------------------------------------------------------- */

static int cancel_order(fc_world *world, fc_lot *lot)
{
    fc_holding *holding = &world->holdings[lot->holding];
    int ret = fc_budget_refund(world, (uint32_t)lot->budget, FC_LINE_GPU, lot->cost,
                               lot->contract.advance);

    lot->cost = lot->contract.advance = 0;
    fc_gap_note(world, holding, lot->budget, lot->contract.dearer, -1);
    fc_delay_cancelled(world, lot);
    for (fc_activity_id a = 0; a < FC_N_ACTIVITIES; a++) {
        fc_step *step = &lot->step[a];

        if (step->start == INFINITY || step->end < INFINITY) continue;
        fc_calendar_cancel(&world->calendar, step->event);
        step->end = fc_now(world);
    }
    holding->bought -= lot->gpus;
    holding->refused += lot->gpus;
    if (ret == FC_OK)
        ret = fc_lot_move(world, lot, FC_ST_ORDERED, FC_ST_CANCELLED, lot->count[FC_ST_ORDERED]);
    if (ret == FC_OK)
        ret = fc_lot_move(world, lot, FC_ST_HELD, FC_ST_CANCELLED, lot->count[FC_ST_HELD]);
    if (ret != FC_OK) return ret;
    return fc_log(world, "cancelled", holding->path, lot->index, (double)lot->gpus, "GPU");
}

static int substitute(fc_world *world, fc_lot *lot, int32_t model, int64_t money)
{
    fc_holding *holding = &world->holdings[lot->holding];
    fc_demand demand = fc_order_demand(world, holding);
    int64_t spendable = fc_budget_spendable(world, (uint32_t)lot->budget, FC_LINE_GPU);
    fc_offer offer;
    fc_lot *other = NULL;
    int ret = FC_OK;

    if (money > spendable)
        money = spendable; /* it was ordered ahead of money, which may not come */
    ret = fc_offer_alone(world, holding, model, lot->budget, demand, money, &offer);
    if (ret != FC_OK || offer.servers == 0) return ret;
    ret = fc_order_place(world, holding, &offer, lot->budget, &other);
    return ret == FC_OK ? fc_lot_place_behind(world, other, lot) : ret;
}

int fc_on_fallback(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    const fc_holding *holding = &world->holdings[lot->holding];
    bool refused =
        lot->step[FC_A_LICENCE].end == INFINITY && lot->licence.state != FC_LICENCE_APPLIED;
    int32_t budget = lot->budget, model = FC_NONE;
    int64_t money = lot->cost + lot->contract.advance;
    int ret = FC_OK;

    if (!refused) return FC_OK; /* the rules have changed again, or it was done with before */
    model = instead(world, holding, lot->model);
    if (model == FC_NONE && waits(world, holding)) return FC_OK;
    ret = cancel_order(world, lot);
    if (ret == FC_OK && model != FC_NONE) ret = substitute(world, lot, model, money);
    if (ret == FC_OK) ret = fc_budget_lapse_again(world, (uint32_t)budget);
    return ret == FC_OK ? fc_delay_touch(world, lot->holding) : ret;
}

/* ---- the rules change --------------------------------------------------------------------- */

/* All lots that have not left, and what may now be ordered. */
static int review(fc_world *world)
{
    size_t n = world->n_lots;
    int ret = FC_OK;

    for (size_t i = 0; ret == FC_OK && i < n; i++) {
        fc_lot *lot = world->lots[i];
        bool here = lot->count[FC_ST_ORDERED] + lot->count[FC_ST_HELD] > 0;

        if (here && world->holdings[lot->holding].programme != FC_NONE) ret = judge(world, lot);
    }
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++)
        ret = fc_order_soon(world, i);
    return ret;
}

int fc_on_export_rule(fc_world *world, const fc_event *event)
{
    (void)event;
    return review(world);
}

static int schedule_date(fc_world *world, uint32_t rule, fc_param date)
{
    fc_event what = {.kind = FC_EV_EXPORT_RULE, .subject = rule};
    double at = 0, now = fc_now(world);

    if (!fc_param_given(date)) return FC_OK;
    at = fc_param_draw(world->params, date, now, 0);
    return at > now ? fc_schedule(world, at, FC_CLASS_CHANGE, what, NULL) : FC_OK;
}

int fc_export_begin(fc_world *world)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_export_rules; i++) {
        ret = schedule_date(world, i, world->plan->export_rules[i].from);
        if (ret == FC_OK) ret = schedule_date(world, i, world->plan->export_rules[i].until);
    }
    return ret;
}

/* Those who were denied under a rule that now denies another share may try again. */
static void forget_denials(fc_world *world, uint32_t rule)
{
    for (size_t i = 0; i < world->n_lots; i++) {
        fc_lot_licence *licence = &world->lots[i]->licence;
        if (licence->state == FC_LICENCE_DENIED && licence->rule == (int32_t)rule)
            licence->state = FC_LICENCE_NONE;
    }
}

int fc_export_changed(fc_world *world, fc_param p)
{
    fc_event what = {.kind = FC_EV_EXPORT_RULE};
    bool changed = false;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_export_rules; i++) {
        const fc_export_rule *rule = &world->plan->export_rules[i];

        if (p == rule->denied) forget_denials(world, i);
        if (p == rule->from || p == rule->until) ret = schedule_date(world, i, p);
        changed |= p == rule->from || p == rule->until || p == rule->status || p == rule->denied;
    }
    if (ret != FC_OK || !changed) return ret;
    return fc_schedule(world, fc_now(world), FC_CLASS_CHANGE, what, NULL);
}
