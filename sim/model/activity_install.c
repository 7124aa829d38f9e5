/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Installation and acceptance: from energised room until the lot is commissioned and runs.
 */
#include "model/world.h"

fc_param fc_install_duration(const fc_world *world, const fc_lot *lot)
{
    int32_t programme = world->holdings[lot->holding].programme;

    return programme == FC_NONE ? 0 : world->plan->programmes[programme].install;
}

int fc_install_end(fc_world *world, fc_lot *lot)
{
    int ret = FC_OK;

    lot->commissioned = true;
    ret = fc_lot_move(world, lot, FC_ST_INSTALLING, FC_ST_RUNNING, lot->gpus);
    return ret == FC_OK ? fc_upkeep_start(world, lot) : ret;
}
