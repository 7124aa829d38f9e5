/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The electricity bill of a meter. Energy is given its price whenever a price may change and at
 * month ends, at the price of the last moment before; the demand charge, the fund and the tax are
 * worked out at month ends. Each amount is rounded once, to minor units of the fleet's currency.
 *
 * Billing demand of a month is the highest of its own peak and of those of the eleven months
 * before that are among the tariff's demand months, and at least the floor share of the contract
 * power (Korea: KEPCO's basic supply terms, article 68: July to September and December to February,
 * 30 %). Months before the start are not known and count as nothing.
 */
#include <math.h>
#include <string.h>

#include "model/energy.h"
#include "model/tariff.h"
#include "model/world.h"

double fc_before(double t)
{
    return t > 0.0 ? nextafter(t, 0.0) : 0.0;
}

double fc_price_at(fc_world *world, int32_t fleet, const fc_price *price, double t)
{
    double amount = fc_param_or(world->params, price->value, t, 0.0);

    if (!fc_param_given(price->value)) return 0.0;
    return amount * fc_exchange(world, price->currency, world->plan->fleets[fleet].currency, t);
}

int fc_charge(fc_world *world, int32_t fleet, double amount, int64_t *sum)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double minor = rint(amount * pow(10.0, world->plan->currencies[plan->currency].minor_digits));

    if (!(fabs(minor) <= 0x1p53))
        return fc_out_of_domain(world, plan->name, "an amount of running cost");
    *sum += (int64_t)minor;
    return FC_OK;
}

/* ---- energy -------------------------------------------------------------------------------- */

static const fc_price *energy_price(const fc_tariff *tariff, fc_season season, int period)
{
    const fc_price *own = &tariff->season[season].price[period];

    return fc_param_given(own->value) ? own : &tariff->energy;
}

typedef struct rates {
    double energy[FC_N_PERIODS], climate, fuel, adder, ppa, ppa_share;
} rates;

static rates rates_at(fc_world *world, const fc_meter *meter, double t)
{
    const fc_tariff *tariff = meter->tariff;
    int month = fc_epoch_date(world->plan->epoch, t).month;
    int32_t fleet = meter->fleet;
    rates r = {.adder = fc_price_at(world, fleet, &meter->terms.adder, t),
               .ppa = fc_price_at(world, fleet, &meter->terms.ppa_price, t),
               .ppa_share = fc_param_or(world->params, meter->terms.ppa_share, t, 0.0)};

    if (tariff != NULL) {
        fc_load_rule hours = fc_tariff_hours(tariff);
        fc_season season = fc_load_season(&hours, month);

        for (int p = 0; p < FC_N_PERIODS; p++)
            r.energy[p] = fc_price_at(world, fleet, energy_price(tariff, season, p), t);
        r.climate = fc_price_at(world, fleet, &tariff->climate, t);
        r.fuel = fc_price_at(world, fleet, &tariff->fuel, t);
    }
    return r;
}

int fc_meter_value(fc_world *world, fc_meter *meter, double t)
{
    rates r = rates_at(world, meter, fc_before(t));
    int ret = FC_OK;

    for (int a = 0; a < meter->n_as; a++) {
        fc_register *as = &meter->as[a];
        double kwh = 0, charge = 0, amounts[FC_N_ELECTRICITY_COSTS] = {0};

        for (int p = 0; p < FC_N_PERIODS; p++) {
            double of_period = (double)as->by_period[p] / FC_KWH;

            kwh += of_period;
            charge += of_period * r.energy[p];
            as->by_period[p] = 0;
        }
        amounts[FC_COST_energy] = charge * (1.0 - r.ppa_share);
        amounts[FC_COST_climate] = kwh * (1.0 - r.ppa_share) * r.climate;
        amounts[FC_COST_fuel] = kwh * (1.0 - r.ppa_share) * r.fuel;
        amounts[FC_COST_adder] = kwh * r.adder;
        amounts[FC_COST_ppa] = kwh * r.ppa_share * r.ppa;
        for (int c = FC_COST_energy; ret == FC_OK && c <= FC_COST_ppa; c++)
            ret = fc_charge(world, meter->fleet, amounts[c], &as->bill[c]);
    }
    return ret;
}

/* ---- the end of a month -------------------------------------------------------------------- */

double fc_contract_power(fc_world *world, const fc_meter *meter, double t)
{
    double energised =
        meter->site != FC_NONE ? (double)world->sites[meter->site].energised / 1e3 : 0.0;

    return fc_param_or(world->params, meter->terms.contract_power, t, energised);
}

/* mW; `calendar_month` is that of the month which ends. */
static int64_t billing_demand(const fc_tariff *tariff, const fc_register *as, uint32_t month,
                              int calendar_month, double floor_mw)
{
    int64_t demand = as->month_peak;

    for (uint32_t back = 1; back <= 11 && back <= month; back++) {
        int then = (calendar_month - 1 - (int)back + 12) % 12 + 1;
        int64_t peak = as->peaks[(month - back) % 12];

        if ((tariff->demand_months >> then & 1) && peak > demand) demand = peak;
    }
    return (double)demand >= floor_mw ? demand : (int64_t)rint(floor_mw);
}

static int charge_on_top(fc_world *world, const fc_meter *meter, fc_register *as, double t)
{
    double share[] = {fc_param_or(world->params, meter->tariff->fund, t, 0.0),
                      fc_param_or(world->params, meter->tariff->vat, t, 0.0)};
    int64_t base = 0;

    for (int c = 0; c < FC_COST_fund; c++) base += as->bill[c];
    for (int i = 0; i < 2; i++) {
        double amount = rint((double)base * share[i]);

        if (!(fabs(amount) <= 0x1p53))
            return fc_out_of_domain(world, meter->tariff->name, "a share of the bill");
        as->bill[FC_COST_fund + i] += (int64_t)amount;
    }
    return FC_OK;
}

int fc_meter_close(fc_world *world, fc_meter *meter, uint32_t month, double share, double t)
{
    double last = fc_before(t);
    int calendar_month = fc_epoch_date(world->plan->epoch, last).month, ret = FC_OK;
    const fc_tariff *tariff = meter->tariff;

    fc_meter_advance(meter, fc_second(t));
    ret = fc_meter_value(world, meter, t);
    for (int a = 0; ret == FC_OK && tariff != NULL && a < meter->n_as; a++) {
        fc_register *as = &meter->as[a];
        double least = fc_param_or(world->params, tariff->demand_floor, last, 0.0) * 1e3 *
                       fc_contract_power(world, meter, last);
        int64_t demand = billing_demand(tariff, as, month, calendar_month, least);
        double price = fc_price_at(world, meter->fleet, &tariff->demand, last);

        ret = fc_charge(world, meter->fleet, (double)demand / FC_KW * price * share,
                        &as->bill[FC_COST_demand]);
        if (ret == FC_OK) ret = charge_on_top(world, meter, as, last);
    }
    return ret;
}
