/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Order rule refresh: accelerator for accelerator, what the programmes it replaces have lost, or
 * will lose so soon that a successor ordered later would come too late.
 *
 * It orders ahead of the end of a service life, or of a term that is not renewed, by as much as an
 * order is expected to take: tender, lead time (or wait for a licence) and installation at their
 * means, and the margin. Whether a term will be renewed nobody knows beforehand: what is not
 * renewed is replaced when it has left.
 */
#include <math.h>

#include "model/world.h"

/* When the lot is to leave, as far as can be known; INFINITY: not known. */
static double leaves(const fc_world *world, const fc_lot *lot)
{
    int32_t programme = world->holdings[lot->holding].programme;
    double end = lot->step[FC_A_SERVICE].due;

    if (world->plan->programmes[programme].term.then == FC_TERM_RENEW) return end;
    return fmin(end, lot->step[FC_A_TERM].due);
}

int64_t fc_refresh_demand(fc_world *world, const fc_holding *holding, double *next)
{
    const fc_refs *replaces = &world->plan->programmes[holding->programme].replaces;
    int64_t wanted = 0;

    for (uint32_t i = 0; i < replaces->n; i++) {
        const fc_holding *old = &world->holdings[replaces->index[i]];

        for (int32_t l = old->first_lot; l != FC_NONE; l = world->lots[l]->next) {
            const fc_lot *lot = world->lots[l];
            double latest = 0;

            if (!lot->commissioned) continue;
            if (!fc_lot_has_left(lot)) {
                latest = leaves(world, lot);
                if (latest == INFINITY) continue;
                latest = fc_order_latest(world, holding, latest);
            }
            if (latest <= fc_now(world))
                wanted += lot->gpus;
            else
                *next = fmin(*next, latest);
        }
    }
    return wanted - holding->bought;
}

int fc_refresh_soon(fc_world *world)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++) {
        if (world->plan->programmes[i].rule == FC_RULE_REFRESH) ret = fc_order_soon(world, i);
    }
    return ret;
}
