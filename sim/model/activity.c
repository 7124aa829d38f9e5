/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/activity.h"

#include <math.h>

#include "model/world.h"

#define AFTER(id) (1u << (id))

const fc_activity fc_activities[FC_N_ACTIVITIES] = {
    [FC_A_FUNDING] = {.cause = FC_CAUSE_funding},
    [FC_A_TENDER] = {.after = AFTER(FC_A_FUNDING),
                     .cause = FC_CAUSE_tender,
                     .begin = fc_tender_begin},
    [FC_A_SUPPLY] = {.after = AFTER(FC_A_TENDER),
                     .cause = FC_CAUSE_supply,
                     .not_before = fc_supply_not_before,
                     .duration = fc_supply_lead_time,
                     .end = fc_supply_end},
    [FC_A_LICENCE] = {.after = AFTER(FC_A_TENDER),
                      .cause = FC_CAUSE_licence,
                      .duration = fc_licence_delay,
                      .begin = fc_licence_begin,
                      .over = fc_licence_over,
                      .end = fc_licence_end},
    [FC_A_SHIPPING] = {.done = "delivery",
                       .after = AFTER(FC_A_SUPPLY) | AFTER(FC_A_LICENCE),
                       .cause = FC_CAUSE_supply,
                       .begin = fc_shipping_begin,
                       .end = fc_shipping_end},
    [FC_A_HOSTING] = {.done = "energised",
                      .after = AFTER(FC_A_SHIPPING),
                      .cause = FC_CAUSE_building,
                      .begin = fc_hosting_begin,
                      .parts = fc_hosting_parts},
    [FC_A_CREW] = {.after = AFTER(FC_A_HOSTING), .cause = FC_CAUSE_staff, .begin = fc_crew_begin},
    [FC_A_INSTALL] = {.after = AFTER(FC_A_CREW),
                      .cause = FC_CAUSE_staff,
                      .duration = fc_install_duration},
    [FC_A_STAFF] = {.done = "in_service",
                    .after = AFTER(FC_A_INSTALL),
                    .cause = FC_CAUSE_talent,
                    .begin = fc_staff_wait,
                    .end = fc_staff_end},
    [FC_A_SERVICE] = {.done = "retired",
                      .after = AFTER(FC_A_STAFF),
                      .cause = FC_CAUSE_retired,
                      .duration = fc_service_life,
                      .begin = fc_service_begin,
                      .end = fc_service_end},
    [FC_A_TERM] = {.done = "term_end",
                   .after = AFTER(FC_A_STAFF),
                   .cause = FC_CAUSE_retired,
                   .not_before = fc_term_date,
                   .duration = fc_term_duration,
                   .begin = fc_term_begin,
                   .over = fc_term_over,
                   .end = fc_term_end_of},
};

/* All of `after` have ended: the one that ended last, at one instant the first in table order.
 * FC_NONE if one has not ended. */
static int32_t last_to_end(const fc_lot *lot, unsigned after)
{
    int32_t last = FC_NONE;

    for (int32_t a = 0; a < FC_N_ACTIVITIES; a++) {
        if ((after & AFTER(a)) == 0) continue;
        if (lot->step[a].end == INFINITY) return FC_NONE;
        if (last == FC_NONE || lot->step[a].end > lot->step[last].end) last = a;
    }
    return last;
}

static int begin(fc_world *world, fc_lot *lot, fc_activity_id id, int32_t driver)
{
    fc_step *step = &lot->step[id];

    step->start = step->began = fc_now(world);
    step->driver = driver;
    if (fc_activities[id].begin != NULL) return fc_activities[id].begin(world, lot);
    return fc_activity_run(world, lot, id);
}

int fc_activity_done(fc_world *world, fc_lot *lot, fc_activity_id id)
{
    const fc_activity *activity = &fc_activities[id];
    int ret = FC_OK;

    lot->step[id].end = fc_now(world);
    if (activity->end != NULL) ret = activity->end(world, lot);
    if (ret == FC_OK && activity->done != NULL) {
        ret = fc_log(world, activity->done, world->holdings[lot->holding].path, lot->index,
                     (double)lot->gpus, "GPU");
    }
    for (fc_activity_id a = 0; ret == FC_OK && a < FC_N_ACTIVITIES; a++) {
        int32_t driver = FC_NONE;

        if ((fc_activities[a].after & AFTER(id)) == 0) continue;
        driver = last_to_end(lot, fc_activities[a].after);
        if (driver != FC_NONE) ret = begin(world, lot, a, driver);
    }
    return ret;
}

static fc_param param_of(const fc_world *world, const fc_lot *lot, fc_param_of_lot *which)
{
    return which == NULL ? 0 : which(world, lot);
}

int fc_activity_schedule_end(fc_world *world, fc_lot *lot, fc_activity_id id)
{
    fc_event what = {
        .kind = FC_EV_ACTIVITY_END, .subject = (uint32_t)lot->index, .detail = (uint64_t)id};

    return fc_schedule(world, lot->step[id].due, FC_CLASS_FLOW, what, &lot->step[id].event);
}

void fc_activity_stop(fc_world *world, fc_lot *lot, fc_activity_id id)
{
    fc_step *step = &lot->step[id];

    fc_calendar_cancel(&world->calendar, step->event);
    step->event = FC_NO_EVENT;
    step->start = step->due = INFINITY;
}

int fc_activity_run(fc_world *world, fc_lot *lot, fc_activity_id id)
{
    const fc_activity *activity = &fc_activities[id];
    fc_param gate = param_of(world, lot, activity->not_before);
    fc_param duration = param_of(world, lot, activity->duration);
    fc_step *step = &lot->step[id];
    double now = fc_now(world);

    step->began = now;
    if (fc_param_given(gate))
        step->began = fmax(now, fc_param_draw(world->params, gate, now, lot->id));
    step->due = step->began;
    if (fc_param_given(duration)) {
        double lasts = fc_param_draw(world->params, duration, now, lot->id);

        if (!(lasts >= 0.0)) {
            return fc_out_of_domain(world, world->plan->params[duration].path,
                                    "a duration below zero");
        }
        step->due += lasts;
    }
    return fc_activity_schedule_end(world, lot, id);
}

int fc_on_activity_end(fc_world *world, const fc_event *event)
{
    fc_lot *lot = world->lots[event->subject];
    fc_activity_id id = (fc_activity_id)event->detail;
    bool done = true;
    int ret = FC_OK;

    if (fc_activities[id].over != NULL) ret = fc_activities[id].over(world, lot, &done);
    return ret == FC_OK && done ? fc_activity_done(world, lot, id) : ret;
}

void fc_duration_changed(fc_world *world, fc_param p, fc_in_progress how, uint64_t k, double *began,
                         double *due)
{
    double now = fc_now(world), share = (*due - now) / (*due - *began);
    double left = 0;

    if (how == FC_KEEP || !(*due > now) || isinf(*due)) return;
    left = fmax(0.0, fc_param_remaining(world->params, p, *began, *due, now, k, how));
    *due = now + left;
    /* A later change finds the share left by the new pace, as if it had always been so. */
    if (how == FC_RESCALE) *began = *due - left / share;
}

static int step_changed(fc_world *world, fc_lot *lot, fc_activity_id id, fc_param p,
                        fc_in_progress how)
{
    fc_step *step = &lot->step[id];
    fc_param gate = param_of(world, lot, fc_activities[id].not_before);
    fc_param duration = param_of(world, lot, fc_activities[id].duration);

    if (p != gate && p != duration) return FC_OK;
    fc_calendar_cancel(&world->calendar, step->event);
    step->event = FC_NO_EVENT;
    if (step->began > fc_now(world)) return fc_activity_run(world, lot, id); /* not yet running */
    if (p == duration) fc_duration_changed(world, p, how, lot->id, &step->began, &step->due);
    return fc_activity_schedule_end(world, lot, id);
}

int fc_activity_changed(fc_world *world, fc_param p, fc_in_progress how)
{
    int ret = FC_OK;

    if (how == FC_KEEP) return FC_OK;
    for (size_t i = 0; ret == FC_OK && i < world->n_lots; i++) {
        fc_lot *lot = world->lots[i];

        for (fc_activity_id a = 0; ret == FC_OK && a < FC_N_ACTIVITIES; a++) {
            bool under_way = lot->step[a].start < INFINITY && lot->step[a].end == INFINITY;

            if (under_way && fc_activities[a].duration != NULL)
                ret = step_changed(world, lot, a, p, how);
        }
    }
    return ret;
}
