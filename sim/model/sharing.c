/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Owner, operator and user: who operates a programme's accelerators may keep a share of them for
 * its own use, and may own them. Neither changes what becomes of them; both say whose they are.
 */
#include <math.h>

#include "model/world.h"

int64_t fc_operator_part(fc_world *world, const fc_holding *holding, int64_t n)
{
    fc_param p = 0;
    double share = 0;

    if (holding->programme == FC_NONE) return 0;
    p = world->plan->programmes[holding->programme].operator_share;
    share = fmin(fmax(fc_param_or(world->params, p, fc_now(world), 0.0), 0.0), 1.0);
    /* 10 % of 80 is 8, not 7 for the last bit. */
    return (int64_t)floor((double)n * share * (1 + 1e-12));
}

int64_t fc_operator_used(fc_world *world, int32_t fleet)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < world->n_holdings; i++) {
        const fc_holding *holding = &world->holdings[i];

        if (holding->fleet == fleet)
            sum +=
                fc_operator_part(world, holding, fc_milestone_count(holding->count, FC_IN_SERVICE));
    }
    return sum;
}

int64_t fc_operator_owned(fc_world *world, int32_t fleet)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < world->plan->n_programmes; i++) {
        const fc_holding *holding = &world->holdings[i];

        if (holding->fleet == fleet && world->plan->programmes[i].owner == FC_OWNER_OPERATOR)
            sum += fc_milestone_count(holding->count, FC_IN_SERVICE);
    }
    return sum;
}
