/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tenders: a review, then calls for bids until one does not fail.
 *
 * A tender starts when its programme could buy something. A programme has one at a time: money that
 * is released meanwhile joins it, for the order is placed when a call has succeeded, with what is
 * free and wanted then, at that day's prices and exchange rates. Money that lapses meanwhile is
 * lost. After `at_most` failed calls the tender is given up; the next occasion to buy (a release,
 * a step of the quantity) starts another.
 *
 * The tender's number in the programme, and the call's in the tender, are the occurrence of what is
 * drawn, so that they are the same in every scenario.
 */
#include <math.h>

#include "model/world.h"

static const fc_tender *plan_of(const fc_world *world, const fc_holding *holding)
{
    return &world->plan->programmes[holding->programme].tender;
}

static uint64_t occurrence_of(const fc_tender_state *tender)
{
    return fc_mix_id(tender->ordinal, tender->attempt);
}

static int schedule(fc_world *world, fc_holding *holding)
{
    fc_event what = {.kind = FC_EV_TENDER, .subject = (uint32_t)holding->programme};

    return fc_schedule(world, holding->tender.due, FC_CLASS_ORDER, what, &holding->tender.event);
}

/* A stage begins; a call takes a day at least, so that calls that fail end some time. */
static int enter(fc_world *world, fc_holding *holding, fc_tender_stage stage)
{
    const fc_tender *plan = plan_of(world, holding);
    fc_tender_state *tender = &holding->tender;
    double now = fc_now(world), lasts = 0;

    tender->stage = stage;
    if (stage == FC_TENDER_CALL) tender->attempt++;
    tender->param = stage == FC_TENDER_REVIEW ? plan->review
                    : stage == FC_TENDER_CALL ? plan->call
                                              : plan->relaunch;
    tender->occurrence = occurrence_of(tender);
    if (fc_param_given(tender->param))
        lasts = fc_param_draw(world->params, tender->param, now, tender->occurrence);
    if (!(lasts >= 0.0))
        return fc_out_of_domain(world, world->plan->params[tender->param].path,
                                "a duration below zero");
    if (stage == FC_TENDER_CALL) lasts = fmax(lasts, FC_DAY);
    tender->began = now;
    tender->due = now + lasts;
    return schedule(world, holding);
}

int fc_tender_start(fc_world *world, fc_holding *holding)
{
    fc_tender_state *tender = &holding->tender;
    bool reviewed = !fc_param_given(plan_of(world, holding)->review);
    int ret = fc_log(world, "tender", holding->path, FC_NONE, (double)tender->gpus, "GPU");

    tender->ordinal++;
    tender->attempt = 0;
    tender->since = fc_now(world);
    if (ret != FC_OK) return ret;
    return enter(world, holding, reviewed ? FC_TENDER_CALL : FC_TENDER_REVIEW);
}

static bool call_fails(fc_world *world, const fc_holding *holding)
{
    fc_param fails = plan_of(world, holding)->fails;
    double share = fc_param_or(world->params, fails, fc_now(world), 0.0);
    fc_stream stream;

    fc_stream_init(&stream, holding->tender_key, world->replication,
                   occurrence_of(&holding->tender));
    return fc_stream_uniform(&stream) < share;
}

static int failed(fc_world *world, fc_holding *holding)
{
    fc_param at_most = plan_of(world, holding)->at_most;
    double most = fc_param_or(world->params, at_most, fc_now(world), INFINITY);
    fc_tender_state *tender = &holding->tender;
    int ret =
        fc_log(world, "failed_call", holding->path, FC_NONE, (double)tender->attempt, "attempt");

    world->fleets[holding->fleet].failed_calls++;
    if (ret != FC_OK) return ret;
    if ((double)tender->attempt < most) return enter(world, holding, FC_TENDER_RELAUNCH);
    tender->stage = FC_TENDER_NONE;
    return FC_OK;
}

static int succeeded(fc_world *world, fc_holding *holding)
{
    int ret = FC_OK;

    holding->tender.stage = FC_TENDER_CONTRACT;
    holding->tender.gpus = 0;
    ret = fc_order_contract(world, (uint32_t)holding->programme);
    holding->tender.stage = FC_TENDER_NONE;
    return ret;
}

int fc_on_tender(fc_world *world, const fc_event *event)
{
    fc_holding *holding = &world->holdings[event->subject];
    int ret = FC_OK;

    if (holding->tender.stage != FC_TENDER_CALL) {
        ret = enter(world, holding, FC_TENDER_CALL);
    } else if (call_fails(world, holding)) {
        ret = failed(world, holding);
    } else {
        ret = succeeded(world, holding);
    }
    return ret == FC_OK ? fc_delay_touch(world, (int32_t)event->subject) : ret;
}

/* The step of a lot that is being ordered: from the money to the contract. */
int fc_tender_begin(fc_world *world, fc_lot *lot)
{
    const fc_tender_state *tender = &world->holdings[lot->holding].tender;
    fc_step *funding = &lot->step[FC_A_FUNDING], *step = &lot->step[FC_A_TENDER];

    if (tender->stage == FC_TENDER_CONTRACT) {
        step->start = step->began = fmax(tender->since, funding->start);
        funding->end = step->start;
    }
    return fc_activity_done(world, lot, FC_A_TENDER);
}

int fc_tender_changed(fc_world *world, fc_param p, fc_in_progress how)
{
    int ret = FC_OK;

    if (how == FC_KEEP) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++) {
        fc_holding *holding = &world->holdings[i];
        fc_tender_state *tender = &holding->tender;

        if (tender->stage == FC_TENDER_NONE || tender->param != p) continue;
        fc_calendar_cancel(&world->calendar, tender->event);
        fc_duration_changed(world, p, how, tender->occurrence, &tender->began, &tender->due);
        if (tender->stage == FC_TENDER_CALL)
            tender->due = fmax(tender->due, tender->began + FC_DAY);
        ret = schedule(world, holding);
    }
    return ret;
}
