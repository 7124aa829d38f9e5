/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Supply: from the order until the lot is made. An accelerator that is not on sale yet is made from
 * its first sale on; the lead time is the one of the day of the order. What exists when the horizon
 * starts is "made" on the date it came into service.
 */
#include <math.h>

#include "model/world.h"

fc_param fc_supply_not_before(const fc_world *world, const fc_lot *lot)
{
    int32_t stock = world->holdings[lot->holding].stock;

    if (stock != FC_NONE) return world->plan->stocks[stock].since;
    if (fc_without(world, FC_CAUSE_supply)) return 0;
    return world->plan->accelerators[lot->model].on_sale;
}

fc_param fc_supply_lead_time(const fc_world *world, const fc_lot *lot)
{
    bool stock = world->holdings[lot->holding].stock != FC_NONE;

    if (stock || fc_without(world, FC_CAUSE_supply)) return 0;
    return world->plan->accelerators[lot->model].lead_time;
}

int fc_supply_end(fc_world *world, fc_lot *lot)
{
    if (lot->step[FC_A_LICENCE].end < INFINITY) return FC_OK;
    return fc_lot_move(world, lot, FC_ST_ORDERED, FC_ST_HELD, lot->gpus);
}
