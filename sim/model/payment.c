/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Contracts of lots: what they cost in the currency of their budget, and when that is paid.
 *
 * An instalment C of a contract signed at the exchange rate R is paid at the rate r of its day as
 *
 *     C (1 + e (r/R - 1)),   e = share that is owed in the other currency x (1 - hedge)
 *
 * The difference is booked: a loss takes free money of the line and then money from outside the
 * budget, a gain is free again.
 */
#include <math.h>

#include "model/world.h"

double fc_owed_rate(fc_world *world, int32_t owed_in, int32_t account_currency)
{
    if (owed_in == FC_NONE) return fc_per_usd(world, account_currency, fc_now(world));
    return fc_exchange(world, owed_in, account_currency, fc_now(world));
}

double fc_price_at_rate(fc_world *world, const fc_programme *programme, int32_t currency,
                        int32_t account_currency)
{
    const fc_exposure *exchange = &programme->exchange;
    double now = fc_now(world), share = 0, planned = 0;

    if (!fc_param_given(exchange->budget_rate)) return 1.0;
    if (currency != FC_NONE && currency != account_currency) return 1.0;
    share = fc_param_or(world->params, exchange->in_dollars, now, 0.0);
    planned = fc_param_at(world->params, exchange->budget_rate, now);
    return 1.0 + share * (fc_per_usd(world, account_currency, now) / planned - 1.0);
}

static double exposed(fc_world *world, const fc_programme *programme, int32_t owed_in)
{
    const fc_exposure *exchange = &programme->exchange;
    double now = fc_now(world), hedge = fc_param_or(world->params, exchange->hedge, now, 1.0);

    if (owed_in != FC_NONE) return 1.0 - hedge;
    return (1.0 - hedge) * fc_param_or(world->params, exchange->in_dollars, now, 0.0);
}

/* What an instalment costs at today's rate. */
static int64_t todays_cost(fc_world *world, const fc_lot *lot, const fc_programme *programme,
                           int64_t part)
{
    double share = exposed(world, programme, lot->contract.owed_in), rate = 0;

    if (share == 0.0) return part;
    rate = fc_owed_rate(world, lot->contract.owed_in, world->plan->budgets[lot->budget].currency);
    return part + (int64_t)rint((double)part * share * (rate / lot->contract.rate - 1.0));
}

static int64_t instalment(fc_world *world, const fc_lot *lot, const fc_programme *programme,
                          fc_instalment which)
{
    double now = fc_now(world), whole = (double)(lot->cost + lot->contract.advance), kept = 0;

    if (which == FC_ON_ACCEPTANCE) return lot->cost;
    if (which == FC_ON_ORDER)
        return (int64_t)rint(whole *
                             fc_param_or(world->params, programme->payments.advance, now, 0.0));
    kept = rint(whole * fc_param_or(world->params, programme->payments.acceptance, now, 0.0));
    return kept < (double)lot->cost ? lot->cost - (int64_t)kept : 0;
}

int fc_lot_pay(fc_world *world, fc_lot *lot, fc_instalment which)
{
    const fc_programme *programme = NULL;
    uint32_t budget = (uint32_t)lot->budget;
    int64_t part = 0, now = 0, free = 0;
    int ret = FC_OK;

    if (lot->budget == FC_NONE) return FC_OK;
    programme = &world->plan->programmes[world->holdings[lot->holding].programme];
    free = fc_account_of(world, budget, FC_LINE_GPU)->free;
    part = instalment(world, lot, programme, which);
    if (part == 0) return FC_OK;
    now = todays_cost(world, lot, programme, part);
    lot->cost -= part;
    if (which == FC_ON_ORDER) lot->contract.advance = part;
    ret = fc_budget_pay(world, budget, FC_LINE_GPU, part, now);
    if (now > part) { /* what a loss took cannot buy any more */
        double lost = (double)(free - fc_account_of(world, budget, FC_LINE_GPU)->free);
        fc_dearer loss = {.exchange = lost, .both = lost};
        fc_gap_note(world, &world->holdings[lot->holding], lot->budget, loss, 1);
    }
    if (ret != FC_OK || now >= part) return ret;
    ret = fc_budget_lapse_again(world, budget); /* a gain may buy more */
    return ret == FC_OK ? fc_budget_wake(world, budget) : ret;
}
