/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Service life: from commissioning until the lot is retired, those in repair or curtailed
 * included. Its room and its staff go to those who wait, whatever made it leave.
 */
#include "model/world.h"

fc_param fc_service_life(const fc_world *world, const fc_lot *lot)
{
    int32_t programme = world->holdings[lot->holding].programme;

    if (fc_without(world, FC_CAUSE_retired)) return 0;
    return programme == FC_NONE ? 0 : world->plan->programmes[programme].service_life;
}

int fc_service_begin(fc_world *world, fc_lot *lot)
{
    if (!fc_param_given(fc_service_life(world, lot))) return FC_OK; /* serves for ever */
    return fc_activity_run(world, lot, FC_A_SERVICE);
}

int fc_lot_leave(fc_world *world, fc_lot *lot, fc_state to)
{
    static const fc_state from[] = {FC_ST_RUNNING, FC_ST_REPAIR, FC_ST_CURTAILED, FC_ST_UNPAID};
    int ret = fc_upkeep_stop(world, lot);

    fc_activity_stop(world, lot, FC_A_SERVICE);
    fc_activity_stop(world, lot, FC_A_TERM);
    for (size_t i = 0; ret == FC_OK && i < sizeof from / sizeof *from; i++)
        ret = fc_lot_move(world, lot, from[i], to, lot->count[from[i]]);
    if (ret == FC_OK) ret = fc_hosting_release(world, lot);
    if (ret == FC_OK) ret = fc_staff_release(world, lot);
    return ret == FC_OK ? fc_order_replan(world) : ret;
}

int fc_service_end(fc_world *world, fc_lot *lot)
{
    return fc_lot_leave(world, lot, FC_ST_RETIRED);
}
