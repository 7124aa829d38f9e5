/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phases of a site: the works that bring power.
 *
 *     start [-> money] -> permit -> build ------------------------> energised
 *           -> notice -> review [-> retry -> review ...] -> connect ->
 *
 * A phase is energised when both works have ended; the one that ended last (both at once: the
 * building) is what those who waited for it are charged to, stage by stage. A stage that is not
 * given takes no time; whether there is a review is decided when it would begin (grid.c), and
 * again at each new attempt. When a rule changes, who is no longer to be assessed goes on at once.
 * A phase that is cancelled never begins.
 */
#include <math.h>

#include "model/world.h"

enum {
    STAGE_MONEY,
    STAGE_PERMIT,
    STAGE_BUILD,
    STAGE_NOTICE,
    STAGE_REVIEW,
    STAGE_RETRY,
    STAGE_CONNECT
};

static const int causes[] = {
    [STAGE_MONEY] = FC_CAUSE_funding,     [STAGE_PERMIT] = FC_CAUSE_permit,
    [STAGE_BUILD] = FC_CAUSE_building,    [STAGE_NOTICE] = FC_CAUSE_grid,
    [STAGE_REVIEW] = FC_CAUSE_assessment, [STAGE_RETRY] = FC_CAUSE_assessment,
    [STAGE_CONNECT] = FC_CAUSE_grid,
};

static fc_phase_work work_of(int stage)
{
    return stage <= STAGE_BUILD ? FC_WORK_BUILD : FC_WORK_CONNECT;
}

static int schedule(fc_world *world, uint32_t phase, fc_phase_work w)
{
    fc_work *work = &world->phases[phase].work[w];
    fc_event what = {.kind = FC_EV_PHASE_DONE, .subject = phase, .detail = (uint64_t)w};

    return fc_schedule(world, work->due, FC_CLASS_CAPACITY, what, &work->event);
}

static void note_part(fc_work *work, int cause, double from)
{
    if (work->n_parts > 0 && work->parts[work->n_parts - 1].cause == cause) return;
    work->parts[work->n_parts++] = (fc_part){.from = from, .cause = cause};
}

void fc_phase_lacks(fc_world *world, uint32_t phase)
{
    fc_phase_state *state = &world->phases[phase];
    int64_t gaps[FC_N_GAPS] = {0};

    if (state->unfunded) fc_gap_of_phase(world, phase, gaps);
    for (int i = 0; i < FC_N_GAPS; i++)
        fc_level_int_set(&state->lacked[i], fc_second(fc_now(world)), gaps[i]);
}

/* The stage begins at `at`, which lies in the past where a phase began before the horizon. What
 * belongs to the site is drawn for each of its phases and attempts. */
static int run(fc_world *world, uint32_t phase, int stage, double at, fc_param duration)
{
    const fc_phase *plan = &world->plan->phases[phase];
    fc_phase_state *state = &world->phases[phase];
    fc_work *work = &state->work[work_of(stage)];
    bool own = duration == plan->permit || duration == plan->build || duration == plan->connect;
    double lasts = 0;

    if (fc_without(world, causes[stage])) duration = 0;
    work->stage = stage;
    work->param = duration;
    work->occurrence = own ? 0 : fc_mix_id(state->key, work->attempts);
    if (fc_param_given(duration))
        lasts = fc_param_draw(world->params, duration, at, work->occurrence);
    if (!(lasts >= 0.0)) {
        return fc_out_of_domain(world, world->plan->params[duration].path, "a duration below zero");
    }
    work->began = at;
    work->due = at + lasts;
    note_part(work, causes[stage], at);
    return schedule(world, phase, work_of(stage));
}

static int connect(fc_world *world, uint32_t phase, double at)
{
    return run(world, phase, STAGE_CONNECT, at, world->plan->phases[phase].connect);
}

static int assess(fc_world *world, uint32_t phase, double at)
{
    fc_assessment assessment;

    if (!fc_grid_assesses(world, phase, at, &assessment)) return connect(world, phase, at);
    world->phases[phase].work[FC_WORK_CONNECT].attempts++;
    return run(world, phase, STAGE_REVIEW, at, assessment.review);
}

static int build(fc_world *world, uint32_t phase, double at)
{
    const fc_phase *plan = &world->plan->phases[phase];

    return fc_param_given(plan->permit) ? run(world, phase, STAGE_PERMIT, at, plan->permit)
                                        : run(world, phase, STAGE_BUILD, at, plan->build);
}

static void wait_for_money(fc_world *world, uint32_t phase, double at)
{
    fc_work *work = &world->phases[phase].work[FC_WORK_BUILD];

    world->phases[phase].unfunded = true;
    work->stage = STAGE_MONEY;
    work->param = 0;
    work->began = at;
    work->due = INFINITY;
    work->event = FC_NO_EVENT;
    note_part(work, causes[STAGE_MONEY], at);
    work->parts[work->n_parts - 1].lacked = world->phases[phase].lacked;
    fc_phase_lacks(world, phase);
}

int fc_phase_build(fc_world *world, uint32_t phase)
{
    world->phases[phase].unfunded = false;
    fc_phase_lacks(world, phase);
    return build(world, phase, fc_now(world));
}

static int begin_works(fc_world *world, uint32_t phase, double at)
{
    fc_param notice = world->plan->sites[world->phases[phase].site].notice;
    bool funded = false;
    int ret = FC_OK;

    if (at < 0.0) /* what was begun before the horizon was paid for then */
        funded = true;
    else
        ret = fc_phase_fund(world, phase, &funded);
    if (ret == FC_OK && funded) ret = build(world, phase, at);
    if (ret != FC_OK) return ret;
    if (!funded) wait_for_money(world, phase, at);
    return fc_param_given(notice) ? run(world, phase, STAGE_NOTICE, at, notice)
                                  : assess(world, phase, at);
}

static bool is_cancelled(fc_world *world, uint32_t phase, double at)
{
    fc_param chance = world->plan->phases[phase].cancelled;
    fc_stream stream;

    if (!fc_param_given(chance)) return false;
    fc_stream_init(&stream, world->phases[phase].key, world->replication, 0);
    return fc_stream_uniform(&stream) < fc_param_at(world->params, chance, at);
}

static fc_fleet_state *fleet_of(const fc_world *world, uint32_t phase)
{
    return &world->fleets[world->plan->sites[world->phases[phase].site].fleet];
}

int fc_phase_due(fc_world *world, uint32_t phase)
{
    fc_phase_state *state = &world->phases[phase];
    double start = fc_due_of(world, FC_DUE_PHASE, phase)->date;
    int ret = FC_OK;

    if (is_cancelled(world, phase, start)) {
        fleet_of(world, phase)->phases_cancelled++;
        return fc_log(world, "phase_cancelled", state->path, FC_NONE, 0, "W");
    }
    ret = fc_log(world, "phase_start", state->path, FC_NONE, 0, "W");
    state->started = true;
    state->work[FC_WORK_CONNECT].failed = -INFINITY;
    return ret == FC_OK ? begin_works(world, phase, start) : ret;
}

static int energise(fc_world *world, uint32_t phase)
{
    fc_phase_state *state = &world->phases[phase];
    fc_site_state *site = &world->sites[state->site];
    fc_param power = world->plan->phases[phase].power;
    double watts = fc_param_draw(world->params, power, fc_now(world), 0);
    int ret = FC_OK;

    if (!(watts >= 0.0)) return fc_out_of_domain(world, state->path, "power below zero");
    state->energised = true;
    site->energised += (int64_t)rint(fmin(watts, 1e15) * 1e3);
    ret = fc_log(world, "phase", state->path, FC_NONE, watts, "W");
    if (ret == FC_OK) ret = fc_curtail(world, (uint32_t)state->site);
    if (ret != FC_OK) return ret;
    return fc_hosting_serve(world, world->plan->sites[state->site].fleet, (int32_t)phase);
}

static int end_review(fc_world *world, uint32_t phase, double at)
{
    fc_phase_state *state = &world->phases[phase];
    fc_work *work = &state->work[FC_WORK_CONNECT];
    fc_assessment assessment;
    int ret = FC_OK;

    if (!fc_grid_assesses(world, phase, at, &assessment) ||
        fc_grid_passes(world, phase, &assessment)) {
        ret = fc_log(world, "assessment_passed", state->path, FC_NONE, (double)work->attempts, "1");
        return ret == FC_OK ? connect(world, phase, at) : ret;
    }
    if (!(at - work->failed >= 1.0)) {
        return fc_out_of_domain(world, state->path,
                                "an impact assessment that fails again and again in no time");
    }
    work->failed = at;
    fleet_of(world, phase)->assessments_failed++;
    ret = fc_log(world, "assessment_failed", state->path, FC_NONE, (double)work->attempts, "1");
    return ret == FC_OK ? run(world, phase, STAGE_RETRY, at, assessment.retry) : ret;
}

int fc_on_phase_done(fc_world *world, const fc_event *event)
{
    uint32_t phase = event->subject;
    fc_phase_state *state = &world->phases[phase];
    fc_work *work = &state->work[event->detail];

    switch (work->stage) {
    case STAGE_PERMIT:
        return run(world, phase, STAGE_BUILD, work->due, world->plan->phases[phase].build);
    case STAGE_NOTICE:
    case STAGE_RETRY:
        return assess(world, phase, work->due);
    case STAGE_REVIEW:
        return end_review(world, phase, work->due);
    default:
        work->done = true;
        break;
    }
    if (work->stage == STAGE_BUILD) {
        int ret = fc_phase_pay(world, phase);

        if (ret != FC_OK) return ret;
    }
    if (!state->work[FC_WORK_BUILD].done || !state->work[FC_WORK_CONNECT].done) return FC_OK;
    return energise(world, phase);
}

/* ---- changes ------------------------------------------------------------------------------- */

int fc_phase_changed(fc_world *world, fc_param p, fc_in_progress how)
{
    int ret = FC_OK;

    if (how == FC_KEEP) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_phases; i++) {
        fc_phase_state *state = &world->phases[i];

        for (fc_phase_work w = 0; ret == FC_OK && w < FC_N_WORKS; w++) {
            fc_work *work = &state->work[w];

            if (!state->started || work->done || work->param != p) continue;
            fc_calendar_cancel(&world->calendar, work->event);
            fc_duration_changed(world, p, how, work->occurrence, &work->began, &work->due);
            ret = schedule(world, i, w);
        }
    }
    return ret;
}

/* Who is under assessment and no longer has to be goes on. */
int fc_grid_rule_due(fc_world *world, uint32_t rule)
{
    fc_assessment assessment;
    double now = fc_now(world);
    int ret = FC_OK;

    (void)rule;
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_phases; i++) {
        fc_phase_state *state = &world->phases[i];
        fc_work *work = &state->work[FC_WORK_CONNECT];

        if (!state->started || (work->stage != STAGE_REVIEW && work->stage != STAGE_RETRY))
            continue;
        if (fc_grid_assesses(world, i, now, &assessment)) continue;
        fc_calendar_cancel(&world->calendar, work->event);
        ret = fc_log(world, "assessment_waived", state->path, FC_NONE, (double)work->attempts, "1");
        if (ret == FC_OK) ret = connect(world, i, now);
    }
    return ret;
}

/* ---- for those who wait -------------------------------------------------------------------- */

static double end_of(const fc_work *work)
{
    bool last_stage = work->stage == STAGE_BUILD || work->stage == STAGE_CONNECT;

    return last_stage ? work->due : INFINITY;
}

const fc_work *fc_phase_last_work(const fc_phase_state *phase, double *ends)
{
    const fc_work *build = &phase->work[FC_WORK_BUILD], *connection = &phase->work[FC_WORK_CONNECT];
    double built = end_of(build), connected = end_of(connection);

    *ends = fmax(built, connected);
    if (built == connected) return connection->due > build->due ? connection : build;
    return connected > built ? connection : build;
}
