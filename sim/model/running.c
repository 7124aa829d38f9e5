/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running cost: at each month's end a fleet is billed for electricity, space, maintenance,
 * licences, network and staff, and pays what it has money for; the rest is owed.
 *
 * Where arrears beyond a limit shut servers down, the fleet runs the share of what is in service
 * that the money paid at the last month's end is of the cost of running all of it: the first
 * ordered stay on, by whole servers. A server that is off for want of money costs nothing but its
 * space (colocation). When no more than the limit is owed, everything runs again.
 */
#include <math.h>
#include <string.h>

#include "model/energy.h"
#include "model/tariff.h"
#include "model/world.h"

enum { FIVE_YEARS = 60 };

void fc_running_begin(fc_world *world)
{
    const fc_plan *plan = world->plan;

    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        fc_fleet_costs *costs = &world->energy->fleets[i];

        memset(costs->years, 0, plan->n_years * sizeof *costs->years);
        *costs = (fc_fleet_costs){.metered = costs->metered,
                                  .may_shut = costs->may_shut,
                                  .years = costs->years,
                                  .on = 1.0};
    }
}

/* What there is of `amount`, where running all of the fleet would have cost `full`: of `funded` if
 * that is given, else of the running lines of its budgets; without either it is all there. */
static int money_for(fc_world *world, int32_t fleet, int64_t amount, int64_t full, double t,
                     int64_t *paid)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    int digits = world->plan->currencies[plan->currency].minor_digits, ret = FC_OK;
    double money = 0;

    *paid = amount;
    if (fc_without(world, FC_CAUSE_opex)) return FC_OK;
    if (fc_param_given(plan->running.funded)) {
        money =
            floor((double)full * fmin(fc_param_at(world->params, plan->running.funded, t), 1e3));
    } else if (fc_plan_budgets_running(world->plan, (uint32_t)fleet)) {
        ret = fc_running_pay(world, fleet, fc_money_major(amount, digits), &money);
        money = rint(money * pow(10.0, digits));
    } else {
        return FC_OK;
    }
    if (isnan(money)) return fc_out_of_domain(world, plan->name, "money for running cost");
    if (money < (double)amount) *paid = (int64_t)fmax(money, 0.0);
    return ret;
}

/* ---- the month's cost ---------------------------------------------------------------------- */

/* The month that ends: its place and its length. */
typedef struct closing {
    uint32_t month;
    double last;   /* the moment before its end */
    double length; /* seconds of the calendar month */
    double share;  /* of the calendar month that lies in the horizon */
    double end;
    int year; /* of the horizon, from 0 */
} closing;

static closing closing_of(const fc_plan *plan, uint32_t month, double t)
{
    closing c = {.month = month, .last = fc_before(t), .end = t};
    fc_date date = fc_epoch_date(plan->epoch, c.last);

    c.length = fc_month_days(date.year, date.month) * FC_DAY;
    c.share = (t - (month > 0 ? plan->month_ends[month - 1] : 0.0)) / c.length;
    c.year = date.year - plan->first_year;
    return c;
}

/* Level x time of the month. */
static double of_month(fc_level_int *level, fc_int128 *before, double t)
{
    fc_int128 now = fc_level_int_integral(level, fc_second(t)), area = now - *before;

    *before = now;
    return (double)area;
}

/* What depends on a meter alone, as `as`. */
static int close_meter(fc_world *world, fc_meter *meter, const closing *c,
                       int64_t cost[FC_N_AS][FC_N_COSTS])
{
    const fc_running_cost *plan = &world->plan->fleets[meter->fleet].running;
    double space = fc_price_at(world, meter->fleet, &meter->terms.colocation, c->last);
    double people = fc_price_at(world, meter->fleet, &plan->staff, c->last), leased = 0;
    int ret = fc_meter_close(world, meter, c->month, c->share, c->end);

    for (int a = meter->n_as - 1; ret == FC_OK && a >= 0; a--) {
        fc_register *as = &meter->as[a];
        double months = of_month(&as->rated, &as->rated_before, c->end) / FC_KW / c->length;

        if (a == meter->n_as - 1) leased = months; /* off or not, it takes space */
        ret = fc_charge(world, meter->fleet, leased * space, &cost[a][FC_COST_colocation]);
        if (ret == FC_OK)
            ret = fc_charge(world, meter->fleet, months * people, &cost[a][FC_COST_staff]);
        for (int k = 0; k < FC_N_ELECTRICITY_COSTS; k++) {
            cost[a][k] += as->bill[k];
            as->bill[k] = 0;
        }
    }
    return ret;
}

static double discount_rate(fc_world *world, int32_t fleet, double t)
{
    fc_param p = world->plan->fleets[fleet].valuation.discount_rate;

    return FC_YEAR * fc_param_or(world->params, p, t, 0.0);
}

/* What depends on the fleet as a whole. */
static int close_fleet(fc_world *world, int32_t fleet, int n_as, const closing *c,
                       int64_t cost[FC_N_AS][FC_N_COSTS])
{
    fc_fleet_costs *costs = &world->energy->fleets[fleet];
    const fc_running_cost *plan = &world->plan->fleets[fleet].running;
    double upkeep = fc_param_or(world->params, plan->maintenance, c->last, 0.0);
    double licences = fc_price_at(world, fleet, &plan->licences, c->last);
    double network = fc_price_at(world, fleet, &plan->network, c->last);
    int digits = world->plan->currencies[world->plan->fleets[fleet].currency].minor_digits;
    int ret = FC_OK;

    for (int a = 0; ret == FC_OK && a < n_as; a++) {
        double value = of_month(&costs->value[a], &costs->value_before[a], c->end);
        double hours = of_month(&costs->gpus[a], &costs->gpus_before[a], c->end) / FC_HOUR;

        if (a == n_as - 1) {
            /* Its purchase price as an annuity: r / (1 - (1 + r)^-n) of it a year. */
            double r = discount_rate(world, fleet, c->last);
            double n =
                fc_param_or(world->params, plan->written_off, c->last, 5 * FC_YEAR) / FC_YEAR;
            double annuity = r > 0.0 ? r / (1.0 - pow(1.0 + r, -n)) : 1.0 / n;

            costs->pv_cost +=
                value / pow(10.0, digits) / FC_YEAR * annuity * pow(1.0 + r, -c->end / FC_YEAR);
        }
        ret = fc_charge(world, fleet, value / pow(10.0, digits) * upkeep,
                        &cost[a][FC_COST_maintenance]);
        if (ret == FC_OK)
            ret = fc_charge(world, fleet, hours * licences, &cost[a][FC_COST_licences]);
        if (ret == FC_OK) ret = fc_charge(world, fleet, hours * network, &cost[a][FC_COST_network]);
    }
    return ret;
}

/* ---- the year's sums ----------------------------------------------------------------------- */

/* Energy, peaks, emissions and water of a meter. */
static void add_meter(fc_world *world, fc_meter *meter, const closing *c, fc_cost_year *year,
                      int64_t *peak)
{
    const fc_carbon *carbon = &world->plan->fleets[meter->fleet].carbon;
    double ppa = fc_param_or(world->params, meter->terms.ppa_share, c->last, 0.0), kwh = 0;

    for (int k = 0; k < FC_N_ENERGY_KINDS; k++) {
        double of_kind = (double)(meter->energy[k] - meter->billed[k]) / FC_KWH;

        meter->billed[k] = meter->energy[k];
        year->energy[k] += of_kind;
        kwh += of_kind;
    }
    for (int b = 0; b < FC_N_CARBON_BASES; b++) {
        double factor = fc_param_or(world->params, carbon->factor[b], c->last, 0.0);

        year->carbon[b] += kwh * factor * (b == FC_CARBON_market ? 1.0 - ppa : 1.0);
    }
    year->water += meter->water;
    year->over_permit += meter->over_permit;
    meter->water = meter->over_permit = 0;
    if (meter->site != FC_NONE) *peak += meter->as[FC_AS_IS].month_peak;
    for (int a = 0; a < meter->n_as; a++) {
        meter->as[a].peaks[c->month % 12] = meter->as[a].month_peak;
        meter->as[a].month_peak = 0;
    }
}

static int64_t sum_of(const int64_t *cost, int n)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++) sum += cost[i];
    return sum;
}

static void add_five_years(fc_fleet_costs *costs, const int64_t cost[FC_N_COSTS], int64_t full,
                           int64_t paid)
{
    if (!costs->bought || costs->months >= FIVE_YEARS) return;
    costs->months++;
    costs->cost_5y += sum_of(cost, FC_N_COSTS);
    costs->electricity_5y += sum_of(cost, FC_N_ELECTRICITY_COSTS);
    costs->unfunded_5y += full - paid;
}

/* ---- paying -------------------------------------------------------------------------------- */

static int pay(fc_world *world, int32_t fleet, const closing *c, int64_t billed, int64_t full,
               int64_t *paid)
{
    fc_fleet_costs *costs = &world->energy->fleets[fleet];
    const fc_running_cost *plan = &world->plan->fleets[fleet].running;
    int64_t limit = 0;
    int ret = FC_OK;

    costs->billed += billed;
    costs->owed += billed;
    *paid = 0;
    if (costs->owed > 0) ret = money_for(world, fleet, costs->owed, full, c->last, paid);
    if (ret != FC_OK) return ret;
    costs->paid += *paid;
    costs->owed -= *paid;
    ret = fc_charge(world, fleet, fc_price_at(world, fleet, &plan->arrears_limit, c->last), &limit);
    costs->on = 1.0;
    if (costs->may_shut && costs->owed > limit && full > 0)
        costs->on = fmin((double)*paid / (double)full, 1.0);
    return ret;
}

static int close(fc_world *world, int32_t fleet, const closing *c)
{
    fc_fleet_costs *costs = &world->energy->fleets[fleet];
    fc_cost_year *year = &costs->years[c->year];
    int64_t cost[FC_N_AS][FC_N_COSTS] = {{0}}, peak = 0, billed = 0, full = 0, paid = 0;
    int n_as = costs->may_shut ? FC_N_AS : 1, ret = FC_OK;
    fc_event shut = {.kind = FC_EV_SHUT, .subject = (uint32_t)fleet};
    double was_on = costs->on, discount = 0, hours = 0;
    int digits = world->plan->currencies[world->plan->fleets[fleet].currency].minor_digits;

    for (uint32_t i = 0; ret == FC_OK && i < world->energy->n_meters; i++) {
        fc_meter *meter = &world->energy->meters[i];

        if (meter->fleet != fleet) continue;
        ret = close_meter(world, meter, c, cost);
        add_meter(world, meter, c, year, &peak);
        if (c->end < world->plan->horizon) fc_meter_read(world, meter, c->end);
    }
    if (ret == FC_OK) ret = close_fleet(world, fleet, n_as, c, cost);
    if (ret != FC_OK) return ret;
    billed = sum_of(cost[FC_AS_IS], FC_N_COSTS);
    full = sum_of(cost[n_as - 1], FC_N_COSTS);
    if ((ret = pay(world, fleet, c, billed, full, &paid)) != FC_OK) return ret;

    for (int k = 0; k < FC_N_COSTS; k++) year->cost[k] += cost[FC_AS_IS][k];
    year->full += full;
    year->paid += paid;
    if (peak > year->peak) year->peak = peak;
    add_five_years(costs, cost[FC_AS_IS], full, paid);
    discount = pow(1.0 + discount_rate(world, fleet, c->last), -c->end / FC_YEAR);
    hours = of_month(&costs->running, &costs->running_before, c->end) / FC_HOUR;
    costs->pv_cost += fc_money_major(billed, digits) * discount;
    costs->pv_hours += hours * discount;
    if (costs->on < 1.0 || was_on < 1.0)
        ret = fc_schedule(world, c->end, FC_CLASS_CAPACITY, shut, NULL);
    if (ret != FC_OK) return ret;
    return fc_log(world, "running_cost", world->plan->fleets[fleet].name, FC_NONE,
                  fc_money_major(billed, digits), "money");
}

int fc_running_close(fc_world *world, uint32_t month, double t)
{
    closing c = closing_of(world->plan, month, t);
    int ret = FC_OK;

    if (world->energy == NULL) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_fleets; i++) {
        if (!world->energy->fleets[i].metered) continue;
        ret = fc_demand_follow(world, (int32_t)i, t);
        if (ret == FC_OK) ret = close(world, (int32_t)i, &c);
    }
    return ret;
}

int fc_running_end(fc_world *world)
{
    const fc_plan *plan = world->plan;

    if (plan->n_months == 0 || plan->month_ends[plan->n_months - 1] < plan->horizon) return FC_OK;
    return fc_running_close(world, plan->n_months - 1, plan->horizon);
}

/* ---- off for want of money ----------------------------------------------------------------- */

int fc_on_shut(fc_world *world, const fc_event *event)
{
    int32_t fleet = (int32_t)event->subject;
    double on = world->energy->fleets[fleet].on, all = 0;
    int64_t left = 0;
    bool enough = true;
    int ret = FC_OK;

    for (size_t i = 0; i < world->n_lots; i++) {
        const fc_lot *lot = world->lots[i];
        if (lot->fleet == fleet && fc_lot_in_service(lot) > 0)
            all += (double)(lot->draw.rated * fc_lot_servers(lot));
    }
    left = (int64_t)floor(all * on);
    for (size_t i = 0; ret == FC_OK && i < world->n_lots; i++) {
        fc_lot *lot = world->lots[i];
        int64_t servers = fc_lot_servers(lot), most = servers;

        if (lot->fleet != fleet || fc_lot_in_service(lot) == 0) continue;
        if (on < 1.0 && lot->draw.rated > 0) {
            if (!enough || left / lot->draw.rated < servers) {
                most = enough ? left / lot->draw.rated : 0;
                enough = false;
            }
            left -= most * lot->draw.rated;
        }
        lot->unpaid = servers - most;
        ret = fc_curtail_start(world, lot);
    }
    return ret;
}

/* ---- conservation -------------------------------------------------------------------------- */

int fc_running_verify(fc_world *world)
{
    for (uint32_t i = 0; i < world->plan->n_fleets; i++) {
        const fc_fleet_costs *costs = &world->energy->fleets[i];
        const char *name = world->plan->fleets[i].name;
        int64_t running = world->fleets[i].count[FC_ST_RUNNING], year = 0, paid = 0;
        int64_t served = fc_milestone_count(world->fleets[i].count, FC_IN_SERVICE);

        if (!costs->metered) continue;
        if (costs->billed != costs->paid + costs->owed)
            return fc_ledger_broken(world, "running cost", name, "billed = paid + owed");
        for (uint32_t y = 0; y < world->plan->n_years; y++) {
            year += sum_of(costs->years[y].cost, FC_N_COSTS);
            paid += costs->years[y].paid;
        }
        if (year != costs->billed || paid != costs->paid)
            return fc_ledger_broken(world, "running cost", name, "lines of the years");
        if (costs->running.value != running ||
            costs->gpus[costs->may_shut ? FC_IN_FULL : FC_AS_IS].value != served ||
            (costs->may_shut &&
             costs->gpus[FC_AS_IS].value != served - world->fleets[i].count[FC_ST_UNPAID]))
            return fc_ledger_broken(world, "running cost", name, "accelerators that cost");
    }
    return FC_OK;
}
