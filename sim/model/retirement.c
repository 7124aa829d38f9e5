/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Service life: from commissioning until the lot is retired, those in repair or curtailed
 * included. Its room and its staff go to those who wait.
 */
#include "model/world.h"

fc_param fc_service_life(const fc_world *world, const fc_lot *lot)
{
    int32_t programme = world->holdings[lot->holding].programme;

    return programme == FC_NONE ? 0 : world->plan->programmes[programme].service_life;
}

int fc_service_begin(fc_world *world, fc_lot *lot)
{
    if (!fc_param_given(fc_service_life(world, lot))) return FC_OK; /* serves for ever */
    return fc_activity_run(world, lot, FC_A_SERVICE);
}

int fc_service_end(fc_world *world, fc_lot *lot)
{
    int ret = FC_OK;

    fc_upkeep_stop(world, lot);
    ret = fc_lot_move(world, lot, FC_ST_RUNNING, FC_ST_RETIRED, lot->count[FC_ST_RUNNING]);
    if (ret != FC_OK) return ret;
    ret = fc_lot_move(world, lot, FC_ST_REPAIR, FC_ST_RETIRED, lot->count[FC_ST_REPAIR]);
    if (ret != FC_OK) return ret;
    ret = fc_lot_move(world, lot, FC_ST_CURTAILED, FC_ST_RETIRED, lot->count[FC_ST_CURTAILED]);
    if (ret == FC_OK) ret = fc_hosting_release(world, lot);
    if (ret == FC_OK) ret = fc_staff_release(world, lot);
    return ret == FC_OK ? fc_order_replan(world) : ret;
}
