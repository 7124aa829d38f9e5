/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Funding: where money comes from, and when it is lost.
 *
 * A budget is requested, introduced as a bill, and enacted or refused, each on its day; the first
 * two only say what was asked for, and since when it is on its way. A supplementary one belongs to
 * the fiscal year of that day; a main one to the year whose first day is nearest, and is not
 * released before that day. Without apportionment all is released at once; with it, what the
 * quarters begun by now have, and more at the beginning of each quarter of its fiscal year, all of
 * it in the fourth. Private money comes with the public. An amount that is changed touches only
 * what has not been released.
 *
 * What is not bound by a contract on the day the budget lapses is lost; and what becomes free
 * after that day, at once.
 */
#include <math.h>

#include "model/world.h"

enum { QUARTERS = FC_QUARTERS_NAMED + 1 };

int fc_budget_wake(fc_world *world, uint32_t budget)
{
    int ret = fc_phases_funded(world);

    for (uint32_t p = 0; ret == FC_OK && p < world->plan->n_programmes; p++) {
        const fc_refs *pays = &world->plan->programmes[p].pays_from;
        bool pays_it = false;

        for (uint32_t i = 0; i < pays->n; i++) pays_it |= pays->index[i] == (int32_t)budget;
        if (pays_it) ret = fc_order_soon(world, p);
    }
    return ret;
}

/* ---- how much ------------------------------------------------------------------------------ */

/* The first of them that is given. */
static double first_given(fc_world *world, fc_param a, fc_param b)
{
    return fc_param_draw(world->params, fc_param_given(a) ? a : b, fc_now(world), 0);
}

static double amount_of(fc_world *world, const fc_budget *plan)
{
    double now = fc_now(world);

    if (fc_param_given(plan->amount)) return fc_param_draw(world->params, plan->amount, now, 0);
    return first_given(world, plan->bill, plan->requested) *
           fmax(1.0 - fc_param_or(world->params, plan->cut, now, 0.0), 0.0);
}

/* What was asked for, by the ministry or in the bill; without either the amount. */
static double asked(fc_world *world, const fc_budget *plan, bool in_bill)
{
    if (!fc_param_given(plan->requested) && !fc_param_given(plan->bill))
        return amount_of(world, plan);
    return in_bill ? first_given(world, plan->bill, plan->requested)
                   : first_given(world, plan->requested, plan->bill);
}

/* Notes what was asked for and what was granted. */
static int note_grant(fc_world *world, uint32_t budget, double amount)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    fc_budget_state *state = &world->budgets[budget];
    int digits = fc_budget_digits(world, budget);

    if (fc_money(amount, digits, &state->granted) != FC_OK ||
        fc_money(asked(world, plan, true), digits, &state->bill) != FC_OK ||
        fc_money(asked(world, plan, false), digits, &state->requested) != FC_OK)
        return fc_out_of_domain(world, plan->name, "an amount of money");
    return FC_OK;
}

static int note_stage(fc_world *world, uint32_t budget, const char *what, bool in_bill)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    int ret = fc_log(world, what, plan->name, FC_NONE, asked(world, plan, in_bill), "money");

    return ret == FC_OK ? fc_delay_gaps(world) : ret;
}

int fc_request_due(fc_world *world, uint32_t budget)
{
    return note_stage(world, budget, "requested", false);
}

int fc_bill_due(fc_world *world, uint32_t budget)
{
    return note_stage(world, budget, "bill", true);
}

/* Whether it has been asked for: where it is not said when, it always was. */
static bool is_asked_for(const fc_world *world, uint32_t budget)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    fc_due_kind first = fc_param_given(plan->requested_on) ? FC_DUE_REQUEST : FC_DUE_BILL;

    if (fc_due_of(world, FC_DUE_RELEASE, budget)->come) return true;
    if (!fc_param_given(plan->requested_on) && !fc_param_given(plan->introduced)) return true;
    return fc_due_of(world, first, budget)->come;
}

/* The share of the amount that is released when so many quarters have begun. */
static double apportioned(fc_world *world, const fc_budget *plan, int quarters)
{
    double now = fc_now(world), sum = 0;
    bool given = false;

    for (int q = 0; q < FC_QUARTERS_NAMED; q++) given |= fc_param_given(plan->apportioned[q]);
    if (!given || quarters >= QUARTERS || fc_without(world, FC_CAUSE_funding)) return 1.0;
    for (int q = 0; q < quarters; q++)
        sum += fc_param_or(world->params, plan->apportioned[q], now, 0.0);
    return fmin(sum, 1.0);
}

static double share_of_line(fc_world *world, const fc_budget *plan, fc_line line)
{
    return fc_param_or(world->params, plan->line[line], fc_now(world), line == FC_LINE_GPU);
}

/* Private money that belongs to so much public money. */
static double matching(fc_world *world, const fc_budget *plan)
{
    double share = fc_param_or(world->params, plan->private_share, fc_now(world), 0.0);

    share = fmin(share, 0.99); /* as far as a scenario may go; a change may ask for more */
    return share / (1.0 - share);
}

/* Brings a line up to its share of the amount. */
static int release_line(fc_world *world, uint32_t budget, fc_line line, double amount)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    fc_account *account = &world->budgets[budget].line[line];
    int64_t public = 0, private = 0, before = account->paid;
    int digits = fc_budget_digits(world, budget);
    double matched = amount * matching(world, plan);
    int ret = FC_OK;

    if (fc_money(amount, digits, &public) != FC_OK || fc_money(matched, digits, &private) != FC_OK)
        return fc_out_of_domain(world, plan->name, "an amount of money");
    if (public > account->released) ret = fc_account_release(account, public - account->released);
    if (ret == FC_OK && private > account->received)
        ret = fc_account_receive(account, private - account->received);
    if (ret != FC_OK) return fc_ledger_broken(world, "budget", plan->name, "release");
    fc_budget_note_paid(world, budget, account->paid - before);
    return FC_OK;
}

double fc_budget_pending(fc_world *world, uint32_t budget, fc_line line)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    const fc_budget_state *state = &world->budgets[budget];
    const fc_account *account = &state->line[line];
    double share = 0, left = 1, whole = 0;

    if (state->refused || state->lapsed || !is_asked_for(world, budget)) return 0;
    for (fc_line l = 0; l <= line; l++) {
        share = fmin(share_of_line(world, plan, l), left);
        left -= share;
    }
    whole = amount_of(world, plan) * share * (1.0 + matching(world, plan)) *
            pow(10.0, fc_budget_digits(world, budget));
    return fmax(whole - (double)(account->released + account->received + account->ahead), 0.0);
}

/* ---- when ---------------------------------------------------------------------------------- */

/* Quarters of the budget's fiscal year that have begun, and when the next does. */
static int quarters_begun(const fc_world *world, uint32_t budget, double *next)
{
    const fc_plan *plan = world->plan;
    int32_t fleet = fc_fleet_of_budget(plan, budget);
    double first = fc_fiscal_year_begins(plan, fleet, world->budgets[budget].fiscal_year);
    fc_date day = fc_epoch_date(plan->epoch, first);
    int n = 0;

    *next = first;
    while (n < QUARTERS && *next <= fc_now(world)) {
        n++;
        *next = fc_epoch_time(plan->epoch, fc_date_add_months(day, 3 * n));
    }
    return n;
}

static int64_t total(const fc_budget_state *state)
{
    int64_t sum = 0;

    for (int line = 0; line < FC_N_LINES; line++) sum += state->line[line].released;
    return sum;
}

static int release(fc_world *world, uint32_t budget)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    fc_budget_state *state = &world->budgets[budget];
    fc_event again = {.kind = FC_EV_RELEASE, .subject = budget};
    int64_t before = total(state);
    double next = 0, left = 1;
    int quarters = quarters_begun(world, budget, &next);
    double amount = amount_of(world, plan), part = amount * apportioned(world, plan, quarters);
    int ret = note_grant(world, budget, amount);

    state->released = true;
    state->lapsed |= fc_carried_over_until(world, budget) < fc_fiscal_year_now(world, budget);
    for (fc_line line = 0; ret == FC_OK && line < FC_N_LINES; line++) {
        double share = fmin(share_of_line(world, plan, line), left);

        left -= share;
        ret = release_line(world, budget, line, part * share);
    }
    if (ret == FC_OK)
        ret =
            fc_log(world, "release", plan->name, FC_NONE,
                   fc_money_major(total(state) - before, fc_budget_digits(world, budget)), "money");
    if (ret == FC_OK) ret = fc_budget_lapse_again(world, budget);
    if (ret == FC_OK && quarters < QUARTERS && apportioned(world, plan, quarters) < 1.0)
        ret = fc_schedule(world, next, FC_CLASS_RELEASE, again, &state->event);
    return ret == FC_OK ? fc_budget_wake(world, budget) : ret;
}

int fc_on_release(fc_world *world, const fc_event *event)
{
    return release(world, event->subject);
}

static bool is_refused(fc_world *world, uint32_t budget)
{
    fc_param chance = world->plan->budgets[budget].probability;
    fc_stream stream;

    if (!fc_param_given(chance)) return false;
    fc_stream_init(&stream, world->budgets[budget].key, world->replication, 0);
    return fc_stream_uniform(&stream) >= fc_param_at(world->params, chance, fc_now(world));
}

int fc_budget_due(fc_world *world, uint32_t budget)
{
    const fc_budget *plan = &world->plan->budgets[budget];
    fc_budget_state *state = &world->budgets[budget];
    fc_event what = {.kind = FC_EV_RELEASE, .subject = budget};
    int32_t fleet = fc_fleet_of_budget(world->plan, budget);
    double enacted = fc_due_of(world, FC_DUE_RELEASE, budget)->date, begins = 0, next = 0;

    if (is_refused(world, budget)) {
        int ret = note_grant(world, budget, 0);

        state->refused = true;
        if (ret == FC_OK) ret = fc_log(world, "refused", plan->name, FC_NONE, 0, "money");
        return ret == FC_OK ? fc_delay_gaps(world) : ret;
    }
    state->fiscal_year = fc_fiscal_year_at(world->plan, fleet, enacted);
    if (plan->type != FC_BUDGET_MAIN || fc_without(world, FC_CAUSE_funding))
        return release(world, budget);
    begins = fc_fiscal_year_begins(world->plan, fleet, state->fiscal_year);
    next = fc_fiscal_year_begins(world->plan, fleet, state->fiscal_year + 1);
    if (next - enacted > enacted - begins) return release(world, budget);
    state->fiscal_year++;
    if (next <= fc_now(world)) return release(world, budget);
    return fc_schedule(world, next, FC_CLASS_RELEASE, what, &state->event);
}

int fc_ahead_due(fc_world *world, uint32_t budget)
{
    return fc_budget_wake(world, budget);
}

/* ---- lapse --------------------------------------------------------------------------------- */

/* What is free of a budget that has lapsed, in minor units; it is not any more. */
static int lapse(fc_world *world, uint32_t budget, int64_t *lost)
{
    fc_budget_state *state = &world->budgets[budget];

    *lost = 0;
    for (int line = 0; line < FC_N_LINES; line++) {
        fc_account *account = &state->line[line];

        *lost += account->free;
        if (fc_account_lapse(account, account->free) != FC_OK)
            return fc_ledger_broken(world, "budget", world->plan->budgets[budget].name, "lapse");
    }
    return FC_OK;
}

static int log_lapse(fc_world *world, uint32_t budget, int64_t lost)
{
    return fc_log(world, "lapse", world->plan->budgets[budget].name, FC_NONE,
                  fc_money_major(lost, fc_budget_digits(world, budget)), "money");
}

int fc_budget_lapse_again(fc_world *world, uint32_t budget)
{
    int64_t lost = 0;
    int ret = world->budgets[budget].lapsed ? lapse(world, budget, &lost) : FC_OK;

    return ret == FC_OK && lost > 0 ? log_lapse(world, budget, lost) : ret;
}

int fc_lapse_due(fc_world *world, uint32_t budget)
{
    int64_t lost = 0;
    int ret = lapse(world, budget, &lost);

    world->budgets[budget].lapsed = true;
    if (ret == FC_OK) ret = log_lapse(world, budget, lost);
    return ret == FC_OK ? fc_delay_gaps(world) : ret;
}
