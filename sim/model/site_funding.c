/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Building money: the works of a phase begin when the building lines of its site's budgets can pay
 * all of them, power x cost at the prices and rates of that day. The budgets are drawn on in their
 * order; the money is committed then and paid when the halls are built. A site that names no
 * budgets or no cost is built with money from elsewhere.
 */
#include <math.h>

#include "model/world.h"

static const fc_site *site_of(const fc_world *world, uint32_t phase)
{
    return &world->plan->sites[world->phases[phase].site];
}

static int cost_of(fc_world *world, uint32_t phase, double *cost)
{
    const fc_site *site = site_of(world, phase);
    double now = fc_now(world);

    *cost = fc_param_draw(world->params, world->plan->phases[phase].power, now, 0) / 1e3 *
            fc_param_draw(world->params, site->cost, now, 0);
    if (*cost >= 0.0 && *cost < (double)FC_ACCOUNT_LIMIT) return FC_OK;
    return fc_out_of_domain(world, world->phases[phase].path, "the cost of the works");
}

/* Minor units of a budget's currency for one major unit of the cost's. */
static double rate_of(fc_world *world, const fc_site *site, uint32_t budget)
{
    return fc_exchange(world, site->cost_currency, world->plan->budgets[budget].currency,
                       fc_now(world)) *
           pow(10.0, fc_budget_digits(world, budget));
}

/* Takes what each budget can give, in order, until `cost` is covered; commits it, or only counts.
 * *left is what is not covered. */
static int draw(fc_world *world, uint32_t phase, double cost, bool commit, double *left)
{
    const fc_site *site = site_of(world, phase);
    int ret = FC_OK;

    *left = cost;
    for (uint32_t k = 0; ret == FC_OK && k<site->pays_from.n && * left> 0.0; k++) {
        uint32_t b = (uint32_t)site->pays_from.index[k];
        int64_t part = fc_budget_spendable(world, b, FC_LINE_BUILDING);
        double rate = rate_of(world, site, b), wanted = rint(*left * rate);

        if (wanted <= (double)part) {
            part = (int64_t)wanted;
            *left = 0.0;
        } else {
            *left -= (double)part / rate;
        }
        if (!commit) continue;
        world->phases[phase].committed[k] = part;
        ret = fc_budget_commit(world, b, FC_LINE_BUILDING, part);
    }
    return ret;
}

int fc_phase_fund(fc_world *world, uint32_t phase, bool *funded)
{
    const fc_site *site = site_of(world, phase);
    double cost = 0, left = 0;
    int ret = FC_OK;

    *funded = true;
    if (site->pays_from.n == 0 || !fc_param_given(site->cost)) return FC_OK;
    if ((ret = cost_of(world, phase, &cost)) != FC_OK) return ret;
    ret = draw(world, phase, cost, false, &left);
    *funded = left <= 0.0;
    return ret == FC_OK && *funded ? draw(world, phase, cost, true, &left) : ret;
}

int fc_phase_pay(fc_world *world, uint32_t phase)
{
    const fc_refs *pays = &site_of(world, phase)->pays_from;
    int64_t *committed = world->phases[phase].committed;
    int ret = FC_OK;

    for (uint32_t k = 0; ret == FC_OK && k < pays->n; k++) {
        if (committed[k] == 0) continue;
        ret = fc_budget_pay(world, (uint32_t)pays->index[k], FC_LINE_BUILDING, committed[k],
                            committed[k]);
        committed[k] = 0;
    }
    return ret;
}

int fc_phases_funded(fc_world *world)
{
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_phases; i++) {
        bool funded = false;

        if (!world->phases[i].unfunded) continue;
        ret = fc_phase_fund(world, i, &funded);
        if (ret != FC_OK) break;
        if (funded)
            ret = fc_phase_build(world, i);
        else
            fc_phase_lacks(world, i);
    }
    return ret;
}
