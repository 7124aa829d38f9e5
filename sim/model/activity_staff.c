/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People: crews that install, and staff that operates what is installed.
 *
 * A fleet has a stock of people. At each month's end it has changed by d(stock) = (graduates +
 * training - outflow x stock) dt, with the rates of that moment. A lot waits for a free crew
 * before it is installed, and for staff in proportion to its rated IT power before it is
 * commissioned; as many whole servers of it as can be staffed are. Each queue is first come first
 * served, without overtaking; people who become free go to what is installed first. Nobody is
 * taken away from what runs: a stock that falls below those at work takes on no more. Staff of a
 * retired lot is free again. Accelerators that exist bind staff, but wait neither for it nor for a
 * crew.
 *
 * People are counted in millionths, so that sums are exact.
 */
#include <math.h>

#include "model/world.h"

static const fc_staff *plan_of(const fc_world *world, int32_t fleet)
{
    return &world->plan->fleets[fleet].staff;
}

static int64_t millionths(double persons)
{
    return (int64_t)rint(fmin(fmax(persons, 0.0), 1e12) * 1e6);
}

/* People who have no work; without a stock there are always enough. */
static int64_t free_people(const fc_world *world, int32_t fleet)
{
    const fc_staff_state *staff = &world->fleets[fleet].staff;
    int64_t left = 0;

    if (!fc_param_given(plan_of(world, fleet)->stock)) return INT64_MAX;
    if (fc_without(world, FC_CAUSE_talent)) return INT64_MAX;
    left = (int64_t)floor(fmin(staff->stock, 1e12) * 1e6) - staff->bound;
    return left > 0 ? left : 0;
}

static int enqueue(fc_lot_queue *queue, const fc_lot *lot)
{
    int ret = fc_reserve(&queue->lots, &queue->capacity, queue->n + 1, sizeof *queue->lots);

    if (ret == FC_OK) queue->lots[queue->n++] = lot->index;
    return ret;
}

static void dequeue(fc_lot_queue *queue)
{
    queue->n--;
    for (size_t i = 0; i < queue->n; i++) queue->lots[i] = queue->lots[i + 1];
}

/* In whole milliwatts, so that sums are exact. */
static double it_power(const fc_lot *lot)
{
    return rint(lot->server_power * 1e3) * (double)fc_lot_servers(lot);
}

/* ---- crews --------------------------------------------------------------------------------- */

/* What exists stands and runs already: it binds staff, and waits for nobody. */
static bool is_stock(const fc_world *world, const fc_lot *lot)
{
    return world->holdings[lot->holding].stock != FC_NONE;
}

static bool take_crew(fc_world *world, fc_lot *lot)
{
    fc_staff_state *staff = &world->fleets[lot->fleet].staff;
    double now = fc_now(world);
    bool needed = !is_stock(world, lot) && !fc_without(world, FC_CAUSE_staff);
    int64_t size =
        millionths(fc_param_or(world->params, plan_of(world, lot->fleet)->crew_size, now, 0.0));

    if (!needed) size = 0;
    if (needed && staff->crews > 0 && staff->busy >= staff->crews) return false;
    if (size > free_people(world, lot->fleet)) return false;
    lot->crew = size;
    staff->bound += size;
    staff->busy++;
    fc_level_set(&staff->busy_crews, now, (double)staff->busy);
    return true;
}

static void free_crew(fc_world *world, fc_lot *lot)
{
    fc_staff_state *staff = &world->fleets[lot->fleet].staff;

    staff->bound -= lot->crew;
    lot->crew = 0;
    staff->busy--;
    fc_level_set(&staff->busy_crews, fc_now(world), (double)staff->busy);
}

int fc_crew_begin(fc_world *world, fc_lot *lot)
{
    fc_lot_queue *queue = &world->fleets[lot->fleet].staff.to_install;

    lot->step[FC_A_CREW].due = INFINITY;
    if ((queue->n == 0 || is_stock(world, lot)) && take_crew(world, lot))
        return fc_activity_done(world, lot, FC_A_CREW);
    return enqueue(queue, lot);
}

/* ---- staff --------------------------------------------------------------------------------- */

/* Staffs as many whole servers as there are people for; *lot becomes the part that waits, NULL if
 * none does. */
static int take_staff(fc_world *world, fc_lot **lot)
{
    fc_lot *staffed = *lot, *rest = NULL;
    fc_staff_state *staff = &world->fleets[staffed->fleet].staff;
    double needed = fc_param_or(world->params, plan_of(world, staffed->fleet)->needed_per_mw,
                                fc_now(world), 0.0);
    int64_t a_server = millionths(needed * staffed->server_power / 1e6);
    int64_t left = free_people(world, staffed->fleet), servers = fc_lot_servers(staffed);
    int ret = FC_OK;

    if (left == INT64_MAX) a_server = 0;
    if (a_server > 0 && left / a_server < servers && !is_stock(world, staffed)) {
        servers = left / a_server;
        if (servers == 0) return FC_OK;
        if ((ret = fc_lot_split(world, staffed, servers, &rest)) != FC_OK) return ret;
    }
    *lot = rest;
    staffed->staff = a_server;
    staff->bound += a_server * servers;
    return fc_activity_done(world, staffed, FC_A_STAFF);
}

static int serve_installed(fc_world *world, fc_staff_state *staff)
{
    fc_lot_queue *queue = &staff->to_operate;
    int ret = FC_OK;

    while (ret == FC_OK && queue->n > 0) {
        fc_lot *lot = world->lots[queue->lots[0]];
        int32_t first = lot->index;
        double waited = it_power(lot);

        if ((ret = take_staff(world, &lot)) != FC_OK) return ret;
        if (lot != NULL && lot->index == first) return FC_OK; /* nobody is free */
        if (lot != NULL) waited -= it_power(lot);
        fc_level_add(&staff->unstaffed, fc_now(world), -waited);
        if (lot != NULL) {
            queue->lots[0] = lot->index;
            return FC_OK;
        }
        dequeue(queue);
    }
    return ret;
}

int fc_staff_end(fc_world *world, fc_lot *lot)
{
    int ret = FC_OK;

    lot->commissioned = true;
    ret = fc_lot_move(world, lot, FC_ST_INSTALLING, FC_ST_RUNNING, lot->gpus);
    if (ret == FC_OK) ret = fc_lot_pay(world, lot, FC_ON_ACCEPTANCE);
    if (ret == FC_OK) ret = fc_upkeep_start(world, lot);
    if (ret == FC_OK) ret = fc_refresh_soon(world);
    return ret == FC_OK ? fc_curtail_start(world, lot) : ret;
}

/* ---- people come and go -------------------------------------------------------------------- */

static int serve(fc_world *world, int32_t fleet)
{
    fc_staff_state *staff = &world->fleets[fleet].staff;
    int ret = serve_installed(world, staff);

    while (ret == FC_OK && staff->to_install.n > 0) {
        fc_lot *lot = world->lots[staff->to_install.lots[0]];

        if (!take_crew(world, lot)) return FC_OK;
        dequeue(&staff->to_install);
        ret = fc_activity_done(world, lot, FC_A_CREW);
    }
    return ret;
}

/* Its crew is free. */
int fc_staff_wait(fc_world *world, fc_lot *lot)
{
    int32_t fleet = lot->fleet;
    fc_staff_state *staff = &world->fleets[fleet].staff;
    int ret = FC_OK;

    free_crew(world, lot);
    lot->step[FC_A_STAFF].due = INFINITY;
    if (staff->to_operate.n == 0 || is_stock(world, lot)) ret = take_staff(world, &lot);
    if (ret == FC_OK && lot != NULL) {
        fc_level_add(&staff->unstaffed, fc_now(world), it_power(lot));
        ret = enqueue(&staff->to_operate, lot);
    }
    return ret == FC_OK ? serve(world, fleet) : ret;
}

int fc_staff_release(fc_world *world, fc_lot *lot)
{
    world->fleets[lot->fleet].staff.bound -= lot->staff * fc_lot_servers(lot);
    lot->staff = 0;
    return serve(world, lot->fleet);
}

static int read_crews(fc_world *world, int32_t fleet)
{
    fc_staff_state *staff = &world->fleets[fleet].staff;
    double now = fc_now(world);
    double crews = fc_param_or(world->params, plan_of(world, fleet)->crews, now, 0.0);

    if (!(crews >= 0.0)) return fc_out_of_domain(world, "staff.crews", "a number of crews");
    staff->crews = (int64_t)rint(fmin(crews, 1e9));
    fc_level_set(&staff->all_crews, now, (double)staff->crews);
    return FC_OK;
}

int fc_staff_changed(fc_world *world, int32_t fleet)
{
    int ret = read_crews(world, fleet);

    return ret == FC_OK ? serve(world, fleet) : ret;
}

static int next_month(fc_world *world, int32_t fleet, uint32_t month)
{
    fc_event what = {.kind = FC_EV_STAFF_MONTH, .subject = (uint32_t)fleet, .detail = month};

    if (month >= world->plan->n_months) return FC_OK;
    return fc_schedule(world, world->plan->month_ends[month], FC_CLASS_CAPACITY, what, NULL);
}

int fc_on_staff_month(fc_world *world, const fc_event *event)
{
    int32_t fleet = (int32_t)event->subject;
    const fc_staff *plan = plan_of(world, fleet);
    fc_staff_state *staff = &world->fleets[fleet].staff;
    double now = fc_now(world);
    double change = fc_param_or(world->params, plan->graduates, now, 0.0) +
                    fc_param_or(world->params, plan->training, now, 0.0) -
                    fc_param_or(world->params, plan->outflow, now, 0.0) * staff->stock;
    int ret = FC_OK;

    if (isnan(change)) return fc_out_of_domain(world, "staff", "people who come and go");
    staff->stock = fmax(staff->stock + change * (now - staff->since), 0.0);
    staff->since = now;
    ret = serve(world, fleet);
    return ret == FC_OK ? next_month(world, fleet, (uint32_t)event->detail + 1) : ret;
}

int fc_staff_begin(fc_world *world, int32_t fleet)
{
    const fc_staff *plan = plan_of(world, fleet);
    fc_staff_state *staff = &world->fleets[fleet].staff;

    staff->stock = staff->since = 0;
    staff->bound = staff->busy = 0;
    staff->to_install.n = staff->to_operate.n = 0;
    fc_level_init(&staff->busy_crews, 0, 0);
    fc_level_init(&staff->all_crews, 0, 0);
    fc_level_init(&staff->unstaffed, 0, 0);
    if (fc_param_given(plan->stock)) {
        staff->stock = fc_param_draw(world->params, plan->stock, 0, 0);
        if (!(staff->stock >= 0.0))
            return fc_out_of_domain(world, world->plan->params[plan->stock].path,
                                    "a number of people");
        int ret = next_month(world, fleet, 0);
        if (ret != FC_OK) return ret;
    }
    return read_crews(world, fleet);
}
