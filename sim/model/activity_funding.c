/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Funding: appropriations become free money on the day they are enacted, and what is then not
 * bound by a contract is lost on the day they lapse. A budget enacted after it lapsed is lost at
 * once.
 */
#include "model/world.h"

double fc_per_usd(fc_world *world, int32_t currency, double t)
{
    const fc_currency *plan = &world->plan->currencies[currency];

    return fc_param_or(world->params, plan->per_usd, t, 1.0) + plan->weaker;
}

double fc_exchange(fc_world *world, int32_t from, int32_t to, double t)
{
    if (from == to || from == FC_NONE || to == FC_NONE) return 1.0;
    return fc_per_usd(world, to, t) / fc_per_usd(world, from, t);
}

static int digits(const fc_world *world, uint32_t budget)
{
    return world->plan->currencies[world->plan->budgets[budget].currency].minor_digits;
}

static int wake_programmes(fc_world *world, uint32_t budget)
{
    int ret = FC_OK;

    for (uint32_t p = 0; ret == FC_OK && p < world->plan->n_programmes; p++) {
        const fc_refs *pays = &world->plan->programmes[p].pays_from;
        bool pays_it = false;

        for (uint32_t i = 0; i < pays->n; i++) pays_it |= pays->index[i] == (int32_t)budget;
        if (pays_it) ret = fc_order_soon(world, p);
    }
    return ret;
}

int fc_budget_due(fc_world *world, uint32_t budget)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    double now = fc_now(world);
    double share = fc_param_or(world->params, plan->gpu_share, now, 1.0);
    double amount = fc_param_draw(world->params, plan->amount, now, 0) * share;
    int64_t money = 0;
    int ret = fc_money(amount, digits(world, budget), &money);

    if (ret != FC_OK) return fc_out_of_domain(world, plan->name, "an amount of money");
    ret = fc_account_release(&world->accounts[budget], money);
    if (ret != FC_OK) return fc_ledger_broken(world, "budget", plan->name, "release");
    ret = fc_log(world, "release", plan->name, FC_NONE, amount, "money");
    if (ret == FC_OK && fc_due_of(world, FC_DUE_LAPSE, budget)->come)
        ret = fc_lapse_due(world, budget);
    return ret == FC_OK ? wake_programmes(world, budget) : ret;
}

int fc_budget_refund(fc_world *world, uint32_t budget, int64_t amount)
{
    if (fc_account_cancel(&world->accounts[budget], amount) == FC_OK) return FC_OK;
    return fc_ledger_broken(world, "budget", world->plan->budgets[budget].name, "cancelled");
}

int fc_budget_lapse_again(fc_world *world, uint32_t budget)
{
    if (!fc_due_of(world, FC_DUE_LAPSE, budget)->come) return FC_OK;
    return world->accounts[budget].free > 0 ? fc_lapse_due(world, budget) : FC_OK;
}

int fc_lapse_due(fc_world *world, uint32_t budget)
{
    fc_account *account = &world->accounts[budget];
    int64_t lost = account->free;
    int ret = fc_account_lapse(account, lost);

    if (ret != FC_OK)
        return fc_ledger_broken(world, "budget", world->plan->budgets[budget].name, "lapse");
    return fc_log(world, "lapse", world->plan->budgets[budget].name, FC_NONE,
                  fc_money_major(lost, digits(world, budget)), "money");
}
