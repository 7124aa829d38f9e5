/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Spending from the accounts of a budget. Every payment is also valued at the fleet's base date:
 *
 *     present value  x / (1 + r)^a       r: the nominal discount rate a year
 *     real           x / (1 + i)^a       i: inflation a year
 *
 * with a the years (of 365.25 days) from the base date to the payment, negative before it (Brealey,
 * Myers and Allen, "Principles of Corporate Finance", ch. 2 and 3). x is nominal, at the exchange
 * rate of the payment.
 */
#include <math.h>

#include "model/world.h"

int fc_budget_digits(const fc_world *world, uint32_t budget)
{
    return world->plan->currencies[world->plan->budgets[budget].currency].minor_digits;
}

const fc_account *fc_account_of(const fc_world *world, uint32_t budget, fc_line line)
{
    return &world->budgets[budget].line[line];
}

static int broken(fc_world *world, uint32_t budget, const char *what)
{
    return fc_ledger_broken(world, "budget", world->plan->budgets[budget].name, what);
}

int32_t fc_fleet_of_budget(const fc_plan *plan, uint32_t budget)
{
    int32_t fleet = 0;

    while (budget - plan->fleets[fleet].first_budget >= plan->fleets[fleet].n_budgets) fleet++;
    return fleet;
}

/* ---- what can be spent --------------------------------------------------------------------- */

/* What may be ordered ahead of the release by any one line. */
static int64_t ceiling(fc_world *world, uint32_t budget)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    const fc_budget_state *state = &world->budgets[budget];
    int64_t most = 0;

    if (!fc_param_given(plan->ahead.ceiling) || state->released || state->refused) return 0;
    if (!fc_due_of(world, FC_DUE_AHEAD, budget)->come) return 0;
    if (fc_money(fc_param_at(world->params, plan->ahead.ceiling, fc_now(world)),
                 fc_budget_digits(world, budget), &most) != FC_OK)
        return 0;
    return most;
}

int64_t fc_budget_spendable(fc_world *world, uint32_t budget, fc_line line)
{
    const fc_budget_state *state = &world->budgets[budget];
    int64_t left = ceiling(world, budget);

    for (int i = 0; left > 0 && i < FC_N_LINES; i++) left -= state->line[i].ahead;
    return state->line[line].free + (left > 0 ? left : 0);
}

int fc_budget_commit(fc_world *world, uint32_t budget, fc_line line, int64_t amount)
{
    int64_t spendable = fc_budget_spendable(world, budget, line);
    fc_account *account = &world->budgets[budget].line[line];

    if (amount > spendable ||
        fc_account_commit(account, amount, account->ahead + spendable - account->free) != FC_OK)
        return broken(world, budget, "overspent");
    return FC_OK;
}

/* ---- payments ------------------------------------------------------------------------------ */

static double years_since(fc_world *world, fc_param base)
{
    double now = fc_now(world);

    return (now - fc_param_draw(world->params, base, now, 0)) / FC_YEAR;
}

static double discounted(fc_world *world, double x, fc_param rate, double years)
{
    double a_year = fc_param_at(world->params, rate, fc_now(world)) * FC_YEAR;

    return fc_param_given(rate) ? x * pow(1.0 + a_year, -years) : 0.0;
}

void fc_budget_note_paid(fc_world *world, uint32_t budget, int64_t paid)
{
    const fc_fleet *fleet = &world->plan->fleets[fc_fleet_of_budget(world->plan, budget)];
    const fc_valuation *valuation = &fleet->valuation;
    fc_budget_state *state = &world->budgets[budget];
    double x = 0, years = 0;

    if (paid == 0 || !fc_param_given(valuation->base)) return;
    x = fc_money_major(paid, fc_budget_digits(world, budget)) *
        fc_exchange(world, world->plan->budgets[budget].currency, fleet->currency, fc_now(world));
    years = years_since(world, valuation->base);
    state->present_value += discounted(world, x, valuation->discount_rate, years);
    state->real += discounted(world, x, valuation->inflation, years);
}

int fc_budget_pay(fc_world *world, uint32_t budget, fc_line line, int64_t then, int64_t now)
{
    fc_account *account = &world->budgets[budget].line[line];
    int64_t before = account->paid;

    if (then != now && fc_account_revalue(account, then, now) != FC_OK)
        return broken(world, budget, "a payment at the exchange rate of its day");
    if (fc_account_pay(account, now) != FC_OK)
        return broken(world, budget, "a payment of more than was committed");
    fc_budget_note_paid(world, budget, account->paid - before);
    return FC_OK;
}

int fc_budget_refund(fc_world *world, uint32_t budget, fc_line line, int64_t open, int64_t paid)
{
    fc_account *account = &world->budgets[budget].line[line];
    int64_t before = account->paid;

    if (fc_account_return(account, paid) != FC_OK || fc_account_cancel(account, open) != FC_OK)
        return broken(world, budget, "cancelled");
    fc_budget_note_paid(world, budget, account->paid - before);
    return FC_OK;
}

/* ---- running cost -------------------------------------------------------------------------- */

double fc_running_money(fc_world *world, int32_t f)
{
    const fc_fleet *fleet = &world->plan->fleets[f];
    double sum = 0;

    for (uint32_t i = 0; i < fleet->n_budgets; i++) {
        uint32_t b = fleet->first_budget + i;
        double rate =
            fc_exchange(world, world->plan->budgets[b].currency, fleet->currency, fc_now(world));

        sum += rate * fc_money_major(fc_account_of(world, b, FC_LINE_RUNNING)->free,
                                     fc_budget_digits(world, b));
    }
    return sum;
}

int fc_running_pay(fc_world *world, int32_t f, double amount, double *paid)
{
    const fc_fleet *fleet = &world->plan->fleets[f];
    int ret = FC_OK;

    *paid = 0;
    for (uint32_t i = 0; ret == FC_OK && i < fleet->n_budgets && *paid < amount; i++) {
        uint32_t b = fleet->first_budget + i;
        int digits = fc_budget_digits(world, b);
        int64_t free = fc_account_of(world, b, FC_LINE_RUNNING)->free, part = free;
        double rate =
            fc_exchange(world, world->plan->budgets[b].currency, fleet->currency, fc_now(world));
        double wanted = rint((amount - *paid) / rate * pow(10.0, digits));

        if (wanted < (double)free) part = (int64_t)wanted;
        if (part == 0) continue;
        ret = fc_budget_commit(world, b, FC_LINE_RUNNING, part);
        if (ret == FC_OK) ret = fc_budget_pay(world, b, FC_LINE_RUNNING, part, part);
        *paid = part < free ? amount : *paid + rate * fc_money_major(part, digits);
    }
    if (*paid > amount) *paid = amount;
    return ret;
}
