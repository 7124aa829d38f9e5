/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Installation and acceptance: what a crew does from its coming until the lot is installed.
 */
#include "model/world.h"

fc_param fc_install_duration(const fc_world *world, const fc_lot *lot)
{
    int32_t programme = world->holdings[lot->holding].programme;

    if (fc_without(world, FC_CAUSE_staff)) return 0;
    return programme == FC_NONE ? 0 : world->plan->programmes[programme].install;
}
