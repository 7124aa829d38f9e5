/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What changes the rules while the world runs: dates of the plan on which something is due, steps
 * of its calendar paths, and drivers (shocks and policies).
 *
 * When a driver comes into force or ends, what it changes is read anew: dates that have not come
 * move (whatever the driver says of work in progress: nothing has begun), durations under way as
 * the change says, levels at once.
 */
#include <math.h>

#include "model/world.h"

/* ---- dates ---------------------------------------------------------------------------------- */

fc_due *fc_due_of(const fc_world *world, fc_due_kind kind, uint32_t entity)
{
    const fc_plan *plan = world->plan;
    const uint32_t n[] = {
        [FC_DUE_REQUEST] = plan->n_budgets,      [FC_DUE_BILL] = plan->n_budgets,
        [FC_DUE_RELEASE] = plan->n_budgets,      [FC_DUE_LAPSE] = plan->n_budgets,
        [FC_DUE_AHEAD] = plan->n_budgets,        [FC_DUE_PROGRAMME] = plan->n_programmes,
        [FC_DUE_PHASE] = plan->n_phases,         [FC_DUE_TARGET] = plan->n_targets,
        [FC_DUE_RULE_FROM] = plan->n_grid_rules, [FC_DUE_RULE_UNTIL] = plan->n_grid_rules,
    };
    uint32_t first = 0;

    for (fc_due_kind before = 0; before < kind; before++) first += n[before];
    return &world->dues[first + entity];
}

static int create_dues(fc_world *world)
{
    const fc_plan *plan = world->plan;

    world->n_dues = 5 * plan->n_budgets + plan->n_programmes + plan->n_phases + plan->n_targets +
                    2 * plan->n_grid_rules;
    world->dues = fc_arena_array(world->arena, world->n_dues, sizeof *world->dues);
    if (world->dues == NULL) return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        *fc_due_of(world, FC_DUE_REQUEST, i) = (fc_due){.param = plan->budgets[i].requested_on,
                                                        .otherwise = NAN,
                                                        .class = FC_CLASS_RELEASE,
                                                        .entity = i,
                                                        .handle = fc_request_due};
        *fc_due_of(world, FC_DUE_BILL, i) = (fc_due){.param = plan->budgets[i].introduced,
                                                     .otherwise = NAN,
                                                     .class = FC_CLASS_RELEASE,
                                                     .entity = i,
                                                     .handle = fc_bill_due};
        *fc_due_of(world, FC_DUE_RELEASE, i) = (fc_due){.param = plan->budgets[i].enacted,
                                                        .otherwise = NAN,
                                                        .class = FC_CLASS_RELEASE,
                                                        .entity = i,
                                                        .handle = fc_budget_due};
        *fc_due_of(world, FC_DUE_LAPSE, i) = (fc_due){.param = plan->budgets[i].lapses,
                                                      .otherwise = NAN,
                                                      .class = FC_CLASS_RELEASE,
                                                      .entity = i,
                                                      .handle = fc_lapse_due};
        *fc_due_of(world, FC_DUE_AHEAD, i) =
            (fc_due){.param = plan->budgets[i].ahead.from,
                     .otherwise = fc_param_given(plan->budgets[i].ahead.ceiling) ? 0 : NAN,
                     .class = FC_CLASS_RELEASE,
                     .entity = i,
                     .handle = fc_ahead_due};
    }
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        *fc_due_of(world, FC_DUE_PROGRAMME, i) = (fc_due){.param = plan->programmes[i].start,
                                                          .class = FC_CLASS_ORDER,
                                                          .entity = i,
                                                          .handle = fc_order_due};
    }
    for (uint32_t i = 0; i < plan->n_phases; i++) {
        *fc_due_of(world, FC_DUE_PHASE, i) = (fc_due){.param = plan->phases[i].start,
                                                      .class = FC_CLASS_CAPACITY,
                                                      .entity = i,
                                                      .handle = fc_phase_due};
    }
    for (uint32_t i = 0; i < plan->n_targets; i++) {
        *fc_due_of(world, FC_DUE_TARGET, i) = (fc_due){.param = plan->targets[i].by,
                                                       .otherwise = NAN,
                                                       .offset = FC_DAY,
                                                       .class = FC_CLASS_SAMPLE,
                                                       .entity = i,
                                                       .handle = fc_target_due};
    }
    for (uint32_t i = 0; i < plan->n_grid_rules; i++) {
        fc_due due = {
            .otherwise = NAN, .class = FC_CLASS_CHANGE, .entity = i, .handle = fc_grid_rule_due};

        due.param = plan->grid_rules[i].from;
        *fc_due_of(world, FC_DUE_RULE_FROM, i) = due;
        due.param = plan->grid_rules[i].until;
        *fc_due_of(world, FC_DUE_RULE_UNTIL, i) = due;
    }
    return FC_OK;
}

static int schedule_due(fc_world *world, uint32_t index)
{
    fc_due *due = &world->dues[index];
    fc_event what = {.kind = FC_EV_DUE, .subject = index};

    due->event = FC_NO_EVENT;
    due->date = due->otherwise;
    if (fc_param_given(due->param))
        due->date = fc_param_draw(world->params, due->param, fc_now(world), 0);
    if (fc_without(world, FC_CAUSE_funding)) {
        if (due->handle == fc_budget_due) due->date = fmin(due->date, 0.0);
        if (due->handle == fc_lapse_due) due->date = NAN;
    }
    if (isnan(due->date)) return FC_OK;
    return fc_schedule(world, due->date + due->offset, due->class, what, &due->event);
}

int fc_on_due(fc_world *world, const fc_event *event)
{
    fc_due *due = &world->dues[event->subject];

    due->come = true;
    return due->handle(world, due->entity);
}

/* ---- steps of calendar paths ---------------------------------------------------------------- */

static int mark_value(fc_world *world, uint32_t index, unsigned class, fc_event what)
{
    const fc_value *value = &world->plan->values[index];
    bool path = value->form == FC_FORM_STEP || value->form == FC_FORM_LINEAR;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < value->n_args; i++) {
        if (path) {
            ret = fc_reserve(&world->marks, &world->mark_capacity, world->n_marks + 1,
                             sizeof *world->marks);
            if (ret != FC_OK) return ret;
            world->marks[world->n_marks++] =
                (fc_mark){.time = value->times[i], .class = class, .what = what};
        }
        ret = mark_value(world, value->args[i], class, what);
    }
    return ret;
}

/* `what` is to happen whenever a path behind the parameter steps. */
static int mark(fc_world *world, fc_param p, unsigned class, fc_event what)
{
    const fc_param_info *info = &world->plan->params[p];
    int ret = FC_OK;

    if (!fc_param_given(p)) return FC_OK;
    ret = mark_value(world, info->value, class, what);
    for (uint32_t i = 0; ret == FC_OK && i < info->n_changes; i++)
        ret = mark_value(world, world->plan->changes[info->first_change + i].value, class, what);
    return ret;
}

static int mark_lead_times(fc_world *world, const fc_programme *programme, fc_event order)
{
    uint32_t n = programme->mix_by_year.n > 0 ? programme->mix_by_year.n : 1;
    int ret = FC_OK;

    for (uint32_t m = 0; m < n; m++) {
        const fc_mix *mix =
            programme->mix_by_year.n > 0 ? &programme->mix_by_year.mix[m] : &programme->mix;

        for (uint32_t i = 0; ret == FC_OK && i < mix->n; i++) {
            fc_param lead_time = world->plan->accelerators[mix->model[i]].lead_time;
            ret = mark(world, lead_time, FC_CLASS_ORDER, order);
        }
    }
    return ret;
}

static int mark_price(fc_world *world, const fc_price *price)
{
    return mark(world, price->value, FC_CLASS_CHANGE, (fc_event){.kind = FC_EV_TERMS});
}

/* What has a price while it flows: monthly charges are read at month ends. */
static int mark_terms(fc_world *world, const fc_terms *terms)
{
    const fc_param params[] = {terms->load, terms->pue,       terms->summer_pue,
                               terms->wue,  terms->ppa_share, terms->water_permit};
    int ret = mark_price(world, &terms->adder);

    if (ret == FC_OK) ret = mark_price(world, &terms->ppa_price);
    for (size_t i = 0; ret == FC_OK && i < sizeof params / sizeof *params; i++)
        ret = mark_price(world, &(fc_price){.value = params[i]});
    return ret;
}

static int mark_tariff(fc_world *world, const fc_tariff *tariff)
{
    int ret = mark_price(world, &tariff->energy);

    for (int s = 0; s < FC_N_SEASONS; s++)
        for (int p = 0; ret == FC_OK && p < FC_N_PERIODS; p++)
            ret = mark_price(world, &tariff->season[s].price[p]);
    if (ret == FC_OK) ret = mark_price(world, &tariff->climate);
    return ret == FC_OK ? mark_price(world, &tariff->fuel) : ret;
}

static int create_energy_marks(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    if (world->energy == NULL) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_tariffs; i++)
        ret = mark_tariff(world, &plan->tariffs[i]);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++)
        ret = mark_terms(world, &plan->fleets[i].terms);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_sites; i++)
        ret = mark_terms(world, &plan->sites[i].terms);
    return ret;
}

/* A calendar path of demand is read day by day, but for when it steps within a day. */
static int mark_demand(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_pools; i++) {
        int32_t fleet = 0;
        while (i - plan->fleets[fleet].demand.first_pool >= plan->fleets[fleet].demand.n_pools)
            fleet++;
        fc_event what = {.kind = FC_EV_DEMAND, .subject = (uint32_t)fleet};
        ret = mark(world, plan->pools[i].share, FC_CLASS_CAPACITY, what);
    }
    return ret;
}

static int create_marks(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_programmes; i++) {
        const fc_programme *programme = &plan->programmes[i];
        fc_event order = {.kind = FC_EV_ORDER, .subject = i};
        fc_event announced = {.kind = FC_EV_ANNOUNCED, .subject = i};

        ret = mark(world, programme->announced, FC_CLASS_CHANGE, announced);
        if (ret == FC_OK) ret = mark(world, programme->quantity, FC_CLASS_ORDER, order);
        if (ret == FC_OK) ret = mark(world, programme->at_most, FC_CLASS_ORDER, order);
        if (ret == FC_OK &&
            (programme->when == FC_WHEN_LATEST_SAFE || programme->rule == FC_RULE_REFRESH))
            ret = mark_lead_times(world, programme, order);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_allotments; i++) {
        fc_event allotment = {.kind = FC_EV_ALLOTMENT,
                              .subject = (uint32_t)plan->allotments[i].fleet};
        ret = mark(world, plan->allotments[i].a_quarter, FC_CLASS_FLOW, allotment);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_export_rules; i++) {
        fc_event rule = {.kind = FC_EV_EXPORT_RULE, .subject = i};
        ret = mark(world, plan->export_rules[i].status, FC_CLASS_CHANGE, rule);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++) {
        fc_event upkeep = {.kind = FC_EV_UPKEEP_CHANGE, .subject = i};

        ret = mark(world, plan->fleets[i].upkeep.failure_rate, FC_CLASS_CAPACITY, upkeep);
        if (ret == FC_OK)
            ret = mark(world, plan->fleets[i].upkeep.crews, FC_CLASS_CAPACITY, upkeep);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_sites; i++) {
        fc_event site = {.kind = FC_EV_SITE_CHANGE, .subject = i};

        ret = mark(world, plan->sites[i].available, FC_CLASS_CAPACITY, site);
        if (ret == FC_OK) ret = mark(world, plan->sites[i].racks, FC_CLASS_CAPACITY, site);
    }
    if (ret == FC_OK) ret = create_energy_marks(world);
    return ret == FC_OK ? mark_demand(world) : ret;
}

/* ---- drivers -------------------------------------------------------------------------------- */

static int create_strikes(fc_world *world)
{
    const fc_plan *plan = world->plan;
    uint32_t n = 0;

    world->strikes = fc_arena_array(world->arena, plan->n_changes, sizeof *world->strikes);
    world->strike_start =
        fc_arena_array(world->arena, plan->n_drivers + 1, sizeof *world->strike_start);
    if (world->strikes == NULL || world->strike_start == NULL) return FC_E_NOMEM;
    for (uint32_t d = 0; d < plan->n_drivers; d++) {
        world->strike_start[d] = n;
        for (uint32_t c = 0; c < plan->n_changes; c++) {
            if (plan->changes[c].driver == d) world->strikes[n++] = c;
        }
    }
    world->strike_start[plan->n_drivers] = n;
    return FC_OK;
}

static int sites_changed(fc_world *world, fc_param p)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_sites; i++) {
        const fc_site *site = &plan->sites[i];

        if (p == site->available || p == site->racks || p == site->rack_limit)
            ret = fc_site_changed(world, i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_grid_rules; i++) {
        if (p == plan->grid_rules[i].assessment.at_least) ret = fc_grid_rule_due(world, i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++) {
        const fc_staff *staff = &plan->fleets[i].staff;

        if (p == staff->crews || p == staff->crew_size || p == staff->needed_per_mw)
            ret = fc_staff_changed(world, (int32_t)i);
    }
    return ret;
}

/* What may be spent, or what works cost. */
static int money_changed(fc_world *world, fc_param p)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_budgets; i++) {
        if (p == plan->budgets[i].ahead.ceiling) ret = fc_budget_wake(world, i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_sites; i++) {
        if (p == plan->sites[i].cost) ret = fc_phases_funded(world);
    }
    return ret;
}

static int levels_changed(fc_world *world, fc_param p)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < plan->n_programmes; i++) {
        const fc_programme *programme = &plan->programmes[i];

        if (p == programme->announced) ret = fc_announced_changed(world, (int32_t)i);
        if (ret == FC_OK && (p == programme->quantity || p == programme->at_most))
            ret = fc_order_soon(world, i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++) {
        const fc_upkeep *upkeep = &plan->fleets[i].upkeep;

        if (p == upkeep->failure_rate || p == upkeep->crews)
            ret = fc_upkeep_changed(world, (int32_t)i);
        world->fleets[i].milestones_changed = true; /* a target's number may have changed */
    }
    return ret;
}

static int dues_changed(fc_world *world, fc_param p)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->n_dues; i++) {
        fc_due *due = &world->dues[i];

        if (due->param != p || due->come) continue;
        fc_calendar_cancel(&world->calendar, due->event);
        ret = schedule_due(world, i);
    }
    return ret;
}

/* A driver came into force or ended. One that changes a parameter twice strikes it once. */
static int strike(fc_world *world, uint32_t driver)
{
    const fc_change *changes = world->plan->changes;
    int ret = FC_OK;

    for (uint32_t i = world->strike_start[driver]; i < world->strike_start[driver + 1]; i++) {
        const fc_change *change = &changes[world->strikes[i]];
        bool again = i > world->strike_start[driver] &&
                     changes[world->strikes[i - 1]].param == change->param;

        if (again) continue;
        if ((ret = dues_changed(world, change->param)) != FC_OK) return ret;
        ret = fc_activity_changed(world, change->param, change->in_progress);
        if (ret != FC_OK) return ret;
        ret = fc_phase_changed(world, change->param, change->in_progress);
        if (ret != FC_OK) return ret;
        ret = fc_repair_changed(world, change->param, change->in_progress);
        if (ret != FC_OK) return ret;
        if ((ret = sites_changed(world, change->param)) != FC_OK) return ret;
        if ((ret = money_changed(world, change->param)) != FC_OK) return ret;
        ret = fc_tender_changed(world, change->param, change->in_progress);
        if (ret != FC_OK) return ret;
        if ((ret = fc_shipping_changed(world, change->param)) != FC_OK) return ret;
        if ((ret = fc_export_changed(world, change->param)) != FC_OK) return ret;
        if ((ret = levels_changed(world, change->param)) != FC_OK) return ret;
        if ((ret = fc_demand_changed(world, change->param)) != FC_OK) return ret;
    }
    if ((ret = fc_energy_changed(world)) != FC_OK) return ret;
    if ((ret = fc_order_replan(world)) != FC_OK) return ret;
    return fc_log(world, "driver", world->plan->drivers[driver].name, FC_NONE, 0, "");
}

int fc_on_driver(fc_world *world, const fc_event *event)
{
    return strike(world, event->subject);
}

int fc_on_review(fc_world *world, const fc_event *event)
{
    uint32_t d = event->subject;
    const fc_driver *driver = &world->plan->drivers[d];
    fc_event what = {.kind = FC_EV_DRIVER, .subject = d};
    double now = fc_now(world), until = fc_driver_until(world->params, d);
    double threshold = fc_param_or(world->params, driver->when_threshold, now, 0.0);
    double value = fc_metric_at(world, driver->when_metric, driver->when_fleet, now);
    bool met = driver->when_compare == 0 ? value < threshold : value >= threshold;
    int ret = FC_OK;

    if (!met || fc_driver_from(world->params, d) < INFINITY || until <= now) return FC_OK;
    fc_driver_activate(world->params, d, now);
    if (!(fc_driver_from(world->params, d) <= now)) return FC_OK; /* its chance was not drawn */
    ret = fc_schedule(world, until, FC_CLASS_CHANGE, what, NULL);
    return ret == FC_OK ? strike(world, d) : ret;
}

static int begin_driver(fc_world *world, uint32_t d)
{
    const fc_driver *driver = &world->plan->drivers[d];
    fc_event strikes = {.kind = FC_EV_DRIVER, .subject = d};
    fc_event review = {.kind = FC_EV_REVIEW, .subject = d};
    double from = fc_driver_from(world->params, d), until = fc_driver_until(world->params, d);
    int ret = FC_OK;

    if (driver->when_metric != FC_NONE) {
        for (uint32_t i = 0; ret == FC_OK && i < driver->n_reviews; i++) {
            if (driver->reviews[i] >= 0.0)
                ret = fc_schedule(world, driver->reviews[i], FC_CLASS_CHANGE, review, NULL);
        }
        return ret;
    }
    if (!(from < until)) return FC_OK;
    if (from > 0.0) ret = fc_schedule(world, from, FC_CLASS_CHANGE, strikes, NULL);
    if (ret == FC_OK && until > 0.0)
        ret = fc_schedule(world, until, FC_CLASS_CHANGE, strikes, NULL);
    return ret;
}

/* ---- a replication begins ------------------------------------------------------------------- */

int fc_change_create(fc_world *world)
{
    int ret = create_dues(world);

    if (ret == FC_OK) ret = create_strikes(world);
    return ret == FC_OK ? create_marks(world) : ret;
}

int fc_change_begin(fc_world *world)
{
    int ret = FC_OK;

    for (uint32_t d = 0; ret == FC_OK && d < world->plan->n_drivers; d++)
        ret = begin_driver(world, d);
    for (uint32_t i = 0; ret == FC_OK && i < world->n_dues; i++) {
        world->dues[i].come = false;
        ret = schedule_due(world, i);
    }
    for (size_t i = 0; ret == FC_OK && i < world->n_marks; i++) {
        const fc_mark *m = &world->marks[i];
        if (m->time > 0.0) ret = fc_schedule(world, m->time, m->class, m->what, NULL);
    }
    return ret;
}
