/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/energy.h"

#include <math.h>
#include <string.h>

#include "model/tariff.h"
#include "model/world.h"

/* ---- creation ------------------------------------------------------------------------------ */

static void create_meter(fc_world *world, fc_meter *meter, uint32_t fleet, int32_t site)
{
    const fc_plan *plan = world->plan;

    meter->fleet = (int32_t)fleet;
    meter->site = site;
    meter->n_as = world->energy->fleets[fleet].may_shut ? FC_N_AS : 1;
    meter->terms = fc_terms_at(plan, fleet, site);
    if (meter->terms.tariff != FC_NONE) meter->tariff = &plan->tariffs[meter->terms.tariff];
}

int fc_energy_create(fc_world *world)
{
    const fc_plan *plan = world->plan;
    fc_energy *energy = fc_arena_alloc(world->arena, sizeof *energy);
    bool any = false;

    if (energy == NULL) return FC_E_NOMEM;
    *energy = (fc_energy){.n_meters = plan->n_sites + plan->n_fleets};
    energy->meters = fc_arena_array(world->arena, energy->n_meters, sizeof *energy->meters);
    energy->fleets = fc_arena_array(world->arena, plan->n_fleets, sizeof *energy->fleets);
    if (energy->meters == NULL || energy->fleets == NULL) return FC_E_NOMEM;
    world->energy = energy;
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        fc_fleet_costs *costs = &energy->fleets[i];

        costs->metered = fc_plan_is_metered(plan, i);
        costs->may_shut = plan->fleets[i].running.arrears == FC_ARREARS_SHUT;
        any |= costs->metered;
        costs->years = fc_arena_array(world->arena, plan->n_years, sizeof *costs->years);
        if (costs->years == NULL) return FC_E_NOMEM;
        create_meter(world, &energy->meters[plan->n_sites + i], i, FC_NONE);
    }
    for (uint32_t i = 0; i < plan->n_sites; i++)
        create_meter(world, &energy->meters[i], (uint32_t)plan->sites[i].fleet, (int32_t)i);
    if (!any) world->energy = NULL;
    return FC_OK;
}

static void reset_meter(fc_meter *meter)
{
    meter->since = 0;
    memset(meter->before, 0, sizeof meter->before);
    memset(meter->draw, 0, sizeof meter->draw);
    memset(meter->energy, 0, sizeof meter->energy);
    memset(meter->billed, 0, sizeof meter->billed);
    meter->metered = 0;
    meter->water = meter->over_permit = meter->load = 0;
    memset(meter->as, 0, sizeof meter->as);
}

void fc_energy_begin(fc_world *world)
{
    if (world->energy == NULL) return;
    for (uint32_t i = 0; i < world->energy->n_meters; i++) {
        reset_meter(&world->energy->meters[i]);
        fc_meter_read(world, &world->energy->meters[i], 0);
    }
    fc_running_begin(world);
}

/* ---- a meter ------------------------------------------------------------------------------- */

void fc_meter_advance(fc_meter *meter, int64_t second)
{
    int64_t lasted = second - meter->since, at[FC_N_PERIODS] = {second, 0, 0};
    int64_t it = meter->draw[FC_LOAD] + meter->draw[FC_IDLE];
    bool makes_peak = true;
    double water = 0;

    if (lasted <= 0) return;
    if (meter->tariff != NULL) {
        fc_load_seconds(&meter->tariff->calendar, second, at);
        makes_peak = !meter->tariff->off_peak_demand ||
                     at[FC_OFF_PEAK] - meter->before[FC_OFF_PEAK] < lasted;
    }
    for (int a = 0; a < meter->n_as; a++) {
        fc_register *as = &meter->as[a];

        for (int p = 0; p < FC_N_PERIODS; p++)
            as->by_period[p] += (fc_int128)as->drawn * (at[p] - meter->before[p]);
        if (makes_peak && as->drawn > as->month_peak) as->month_peak = as->drawn;
    }
    for (int k = 0; k < FC_N_ENERGY_KINDS; k++)
        meter->energy[k] += (fc_int128)meter->draw[k] * lasted;
    meter->metered += (fc_int128)meter->as[FC_AS_IS].drawn * lasted;
    if (meter->wue > 0.0) {
        water = (double)it / FC_KWH * meter->wue / 1e3; /* m3 a second */
        meter->water += water * (double)lasted;
        if (water * FC_DAY > meter->permit) meter->over_permit += (double)lasted;
    }
    memcpy(meter->before, at, sizeof at);
    meter->since = second;
}

/* The draw that follows from the servers that are on. */
static void set_draw(fc_meter *meter)
{
    for (int a = 0; a < meter->n_as; a++) {
        fc_register *as = &meter->as[a];
        int64_t load = (int64_t)rint((double)(as->peak - as->idle) * meter->load);
        int64_t overhead = (int64_t)rint((double)(as->idle + load) * (meter->pue - 1.0));

        as->drawn = as->idle + load + overhead;
        if (a != FC_AS_IS) continue;
        meter->draw[FC_LOAD] = load;
        meter->draw[FC_IDLE] = as->idle;
        meter->draw[FC_OVERHEAD] = overhead;
    }
}

static bool is_summer(const fc_world *world, double t)
{
    int month = fc_epoch_date(world->plan->epoch, t).month;

    return month >= 6 && month <= 8;
}

void fc_meter_read(fc_world *world, fc_meter *meter, double t)
{
    const fc_terms *terms = &meter->terms;
    fc_params *params = world->params;

    if (terms->load_from == FC_LOAD_STATED)
        meter->load = fmin(fmax(fc_param_or(params, terms->load, t, 1.0), 0.0), 1.0);
    meter->pue = fc_param_or(params, terms->pue, t, 1.0);
    if (is_summer(world, t)) meter->pue = fc_param_or(params, terms->summer_pue, t, meter->pue);
    meter->pue = fmin(fmax(meter->pue, 1.0), 100.0); /* changes may carry it out of its range */
    meter->wue = fc_param_or(params, terms->wue, t, 0.0);
    meter->permit = fc_param_or(params, terms->water_permit, t, INFINITY);
    set_draw(meter);
}

void fc_energy_load(fc_world *world, int32_t fleet, double until, double load)
{
    for (uint32_t i = 0; i < world->energy->n_meters; i++) {
        fc_meter *meter = &world->energy->meters[i];

        if (meter->fleet != fleet) continue;
        meter->load = load;
        set_draw(meter);
        fc_meter_advance(meter, fc_second(until));
    }
}

int fc_energy_changed(fc_world *world)
{
    double now = fc_now(world);
    int ret = FC_OK;

    if (world->energy == NULL) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->energy->n_meters; i++) {
        fc_meter *meter = &world->energy->meters[i];

        if (!world->energy->fleets[meter->fleet].metered) continue;
        if ((ret = fc_demand_follow(world, meter->fleet, now)) != FC_OK) break;
        fc_meter_advance(meter, fc_second(now));
        ret = fc_meter_value(world, meter, now);
        fc_meter_read(world, meter, now);
    }
    return ret;
}

int fc_on_terms_change(fc_world *world, const fc_event *event)
{
    (void)event;
    return fc_energy_changed(world);
}

/* ---- lots ---------------------------------------------------------------------------------- */

static int64_t milliwatts(double watts)
{
    return (int64_t)rint(fmin(fmax(watts, 0.0), 1e12) * 1e3);
}

/* Of one accelerator; of what exists the catalogue's. */
static double purchase_price(fc_world *world, const fc_lot *lot)
{
    const fc_plan *plan = world->plan;
    const fc_accelerator *model = &plan->accelerators[lot->model];
    int32_t currency = plan->fleets[lot->fleet].currency;
    double now = fc_now(world), price = 0;

    if (lot->budget != FC_NONE) {
        int32_t from = plan->budgets[lot->budget].currency;
        return fc_money_major(lot->cost, plan->currencies[from].minor_digits) / (double)lot->gpus *
               fc_exchange(world, from, currency, now);
    }
    price = fc_param_or(world->params, model->price, now, 0.0);
    return price > 0.0 ? price * fc_exchange(world, model->price_currency, currency, now) : 0.0;
}

int fc_energy_lot(fc_world *world, fc_lot *lot)
{
    const fc_accelerator *model = &world->plan->accelerators[lot->model];
    double now = fc_now(world), rated = lot->server_power;
    double peak = fc_param_or(world->params, model->peak_power, now, rated);
    double idle = fc_param_or(world->params, model->idle_power, now, 0.0);

    if (world->energy == NULL) return FC_OK;
    peak = fmin(peak, rated); /* a rating is a limit */
    lot->draw = (fc_server_draw){milliwatts(rated), milliwatts(peak), milliwatts(fmin(idle, peak))};
    return fc_charge(world, lot->fleet, purchase_price(world, lot), &lot->value);
}

static fc_meter *meter_of(const fc_world *world, const fc_lot *lot)
{
    uint32_t elsewhere = world->plan->n_sites + (uint32_t)lot->fleet;

    return &world->energy->meters[lot->site != FC_NONE ? (uint32_t)lot->site : elsewhere];
}

static bool is_on(fc_state state, int as)
{
    return state == FC_ST_RUNNING || (state == FC_ST_UNPAID && as == FC_IN_FULL);
}

static bool is_served(fc_state state, int as)
{
    if (state == FC_ST_UNPAID) return as == FC_IN_FULL;
    return state == FC_ST_RUNNING || state == FC_ST_REPAIR || state == FC_ST_CURTAILED;
}

static void add(fc_level_int *level, int64_t second, int64_t change)
{
    fc_level_int_set(level, second, level->value + change);
}

static void follow_service(fc_world *world, const fc_lot *lot, int as, int64_t gpus,
                           int64_t servers)
{
    fc_fleet_costs *costs = &world->energy->fleets[lot->fleet];
    int64_t now = fc_second(fc_now(world));

    add(&costs->gpus[as], now, gpus);
    add(&costs->value[as], now, gpus * lot->value);
    add(&meter_of(world, lot)->as[as].rated, now, servers * lot->draw.rated);
}

void fc_energy_moved(fc_world *world, const fc_lot *lot, fc_state from, fc_state to, int64_t n)
{
    fc_fleet_costs *costs = &world->energy->fleets[lot->fleet];
    fc_meter *meter = meter_of(world, lot);
    int running = is_on(to, FC_AS_IS) - is_on(from, FC_AS_IS);
    int64_t servers = n == lot->per_server ? 1 : (n + lot->per_server - 1) / lot->per_server;
    int64_t now = fc_second(fc_now(world));

    if (!costs->metered) return;
    fc_meter_advance(meter, now);
    if (running != 0) add(&costs->running, now, running * n);
    for (int a = 0; a < meter->n_as; a++) {
        int on = is_on(to, a) - is_on(from, a), served = is_served(to, a) - is_served(from, a);

        meter->as[a].peak += on * servers * lot->draw.peak;
        meter->as[a].idle += on * servers * lot->draw.idle;
        if (served != 0) follow_service(world, lot, a, served * n, served * servers);
    }
    if (to == FC_ST_RUNNING && from == FC_ST_INSTALLING)
        costs->bought |= world->holdings[lot->holding].programme != FC_NONE;
    set_draw(meter);
}

/* ---- conservation -------------------------------------------------------------------------- */

typedef struct recount {
    int64_t peak, idle, rated;
} recount;

static void recount_lot(const fc_lot *lot, int as, recount *sum)
{
    int64_t on = 0, served = 0;

    for (int s = 0; s < FC_N_STATES; s++) {
        if (is_on((fc_state)s, as)) on += lot->count[s];
        if (is_served((fc_state)s, as)) served += lot->count[s];
    }
    on = (on + lot->per_server - 1) / lot->per_server;
    served = (served + lot->per_server - 1) / lot->per_server;
    sum->peak += on * lot->draw.peak;
    sum->idle += on * lot->draw.idle;
    sum->rated += served * lot->draw.rated;
}

static int verify_meter(fc_world *world, const fc_meter *meter)
{
    const char *name = meter->site != FC_NONE ? world->plan->sites[meter->site].name
                                              : world->plan->fleets[meter->fleet].name;
    fc_int128 energy = 0;
    int64_t draw = 0;

    for (int a = 0; a < meter->n_as; a++) {
        const fc_register *as = &meter->as[a];
        recount sum = {0};

        for (size_t i = 0; i < world->n_lots; i++)
            if (meter_of(world, world->lots[i]) == meter) recount_lot(world->lots[i], a, &sum);
        if (sum.peak != as->peak || sum.idle != as->idle || sum.rated != as->rated.value)
            return fc_ledger_broken(world, "energy", name, "servers that draw power");
    }
    for (int k = 0; k < FC_N_ENERGY_KINDS; k++) {
        draw += meter->draw[k];
        energy += meter->energy[k];
    }
    if (draw != meter->as[FC_AS_IS].drawn || energy != meter->metered)
        return fc_ledger_broken(world, "energy", name, "load + idle + overhead = metered");
    return FC_OK;
}

int fc_energy_verify(fc_world *world)
{
    int ret = FC_OK;

    if (world->energy == NULL) return FC_OK;
    for (uint32_t i = 0; ret == FC_OK && i < world->energy->n_meters; i++) {
        const fc_meter *meter = &world->energy->meters[i];
        if (world->energy->fleets[meter->fleet].metered) ret = verify_meter(world, meter);
    }
    return ret == FC_OK ? fc_running_verify(world) : ret;
}
