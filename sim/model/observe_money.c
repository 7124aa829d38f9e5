/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of money. Budgets in other currencies than the fleet's count at the exchange
 * rate of the moment.
 */
#include <math.h>

#include "model/world.h"

typedef int64_t fc_part_of_account(const fc_account *account);

#define PART(name, expression)                                                                     \
    static int64_t name(const fc_account *a)                                                       \
    {                                                                                              \
        return expression;                                                                         \
    }
PART(released, a->released)
PART(received, a->received)
PART(committed, a->committed)
PART(paid, a->paid)
PART(lapsed, a->lapsed)
PART(ahead, a->ahead)
PART(exchange_loss, a->exchange_loss)
PART(topped_up, a->topped_up)
PART(contracted, a->paid + a->committed + a->ahead - a->due)
#undef PART

/* Major units of the fleet's currency for a minor unit of the budget's. */
static double unit_of(fc_world *world, uint32_t budget, int32_t fleet, double t)
{
    int32_t currency = world->plan->budgets[budget].currency;
    double unit = fc_money_major(1, world->plan->currencies[currency].minor_digits);

    return unit * fc_exchange(world, currency, world->plan->fleets[fleet].currency, t);
}

static double sum_of_line(fc_world *world, int32_t fleet, fc_line line, double t,
                          fc_part_of_account *part)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double sum = 0;

    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        uint32_t b = plan->first_budget + i;
        int32_t currency = world->plan->budgets[b].currency;

        sum += fc_money_major(part(fc_account_of(world, b, line)),
                              world->plan->currencies[currency].minor_digits) *
               fc_exchange(world, currency, plan->currency, t);
    }
    return sum;
}

static double sum_of(fc_world *world, int32_t fleet, double t, fc_part_of_account *part)
{
    double sum = 0;

    for (fc_line line = 0; line < FC_N_LINES; line++)
        sum += sum_of_line(world, fleet, line, t, part);
    return sum;
}

static double decided(fc_world *world, int32_t fleet, double t, int metric)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double sum = 0;

    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        uint32_t b = plan->first_budget + i;
        const fc_budget_state *state = &world->budgets[b];

        sum +=
            unit_of(world, b, fleet, t) * (double)(metric == FC_M_money_granted ? state->granted
                                                   : metric == FC_M_money_bill  ? state->bill
                                                                                : state->requested);
    }
    return sum;
}

static double state_share(fc_world *world, int32_t fleet, double t)
{
    double public = sum_of(world, fleet, t, released);

    return public / (public + sum_of(world, fleet, t, received));
}

static double recoverable_share(fc_world *world, int32_t fleet, double t)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double sum = 0;

    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        uint32_t b = plan->first_budget + i;
        int kind = world->plan->budgets[b].kind;

        if (kind != FC_MONEY_EQUITY && kind != FC_MONEY_LOAN) continue;
        for (fc_line line = 0; line < FC_N_LINES; line++)
            sum += unit_of(world, b, fleet, t) * (double)fc_account_of(world, b, line)->released;
    }
    return sum / sum_of(world, fleet, t, released);
}

/* An accelerator that a programme has ordered, and not cancelled. */
static double unit_price(fc_world *world, int32_t fleet, fc_line line, double t)
{
    int64_t bought = 0;

    for (uint32_t i = 0; i < world->n_holdings; i++) {
        const fc_holding *holding = &world->holdings[i];
        if (holding->fleet == fleet && holding->stock == FC_NONE) bought += holding->bought;
    }
    return bought > 0 ? sum_of_line(world, fleet, line, t, contracted) / (double)bought : NAN;
}

static double valued(const fc_world *world, int32_t fleet, bool real)
{
    const fc_fleet *plan = &world->plan->fleets[fleet];
    double sum = 0;

    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        const fc_budget_state *state = &world->budgets[plan->first_budget + i];
        sum += real ? state->real : state->present_value;
    }
    return sum;
}

double fc_money_metric(fc_world *world, int metric, int32_t fleet, double t)
{
    switch (metric) {
    case FC_M_money_released:
        return sum_of(world, fleet, t, released);
    case FC_M_money_received:
        return sum_of(world, fleet, t, received);
    case FC_M_money_committed:
        return sum_of(world, fleet, t, committed);
    case FC_M_money_paid:
        return sum_of(world, fleet, t, paid);
    case FC_M_money_lapsed:
        return sum_of(world, fleet, t, lapsed);
    case FC_M_money_ahead:
        return sum_of(world, fleet, t, ahead);
    case FC_M_exchange_rate:
        return fc_per_usd(world, world->plan->fleets[fleet].currency, fmax(t - FC_DAY, 0.0));
    case FC_M_money_requested:
    case FC_M_money_bill:
    case FC_M_money_granted:
        return decided(world, fleet, t, metric);
    case FC_M_exchange_loss:
        return sum_of(world, fleet, t, exchange_loss);
    case FC_M_exchange_top_up:
        return sum_of(world, fleet, t, topped_up);
    case FC_M_state_share:
        return state_share(world, fleet, t);
    case FC_M_recoverable_share:
        return recoverable_share(world, fleet, t);
    case FC_M_unit_price_gpu:
        return unit_price(world, fleet, FC_LINE_GPU, t);
    case FC_M_unit_price_building:
        return unit_price(world, fleet, FC_LINE_BUILDING, t);
    case FC_M_unit_price_running:
        return unit_price(world, fleet, FC_LINE_RUNNING, t);
    case FC_M_paid_present_value:
        return valued(world, fleet, false);
    case FC_M_paid_real:
        return valued(world, fleet, true);
    default:
        return NAN;
    }
}

double fc_fiscal_metric(const fc_world *world, int metric, int32_t fleet, uint32_t year)
{
    const fc_fiscal_year *y = &world->fiscal_years[fleet][year];

    switch (metric) {
    case FC_M_year_available:
        return y->available;
    case FC_M_year_spent:
        return y->spent;
    case FC_M_year_really_spent:
        return y->really_spent;
    case FC_M_year_carried_over:
        return y->carried_over;
    case FC_M_year_lapsed:
        return y->lapsed;
    case FC_M_year_ahead:
        return y->ahead;
    case FC_M_year_spending_rate:
        return y->available > 0.0 ? y->spent / y->available : NAN;
    case FC_M_year_actual_rate:
        return y->available > 0.0 ? y->really_spent / y->available : NAN;
    default:
        return NAN;
    }
}
