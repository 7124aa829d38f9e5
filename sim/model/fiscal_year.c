/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fiscal years: what is carried over, what lapses, and the accounts of the year.
 *
 * For every budget and line, to the minor unit:
 *
 *     available     what was free or committed as the year began, and what came in during it
 *     available     = really spent + lapsed + carried over
 *     really spent  paid to who sells
 *     spent         by the ministry: the same where it buys itself; where it has handed the money
 * on to who buys, all that is available carried over  free or committed as the year ends ahead
 * ordered on money of later years
 *
 * Spending rate and actual spending rate are spent and really spent over available.
 */
#include <math.h>

#include "model/world.h"

/* ---- the calendar -------------------------------------------------------------------------- */

static int first_month(const fc_plan *plan, int32_t fleet)
{
    int64_t month = plan->fleets[fleet].fiscal_year_starts;

    return month > 0 ? (int)month : 1;
}

/* A year that begins in the second half of a calendar year is named by the next. */
static int later_name(int month)
{
    return month > 6;
}

int fc_fiscal_year_at(const fc_plan *plan, int32_t fleet, double t)
{
    int month = first_month(plan, fleet);

    return fc_date_fiscal_year(fc_epoch_date(plan->epoch, t), month, 1) + later_name(month);
}

double fc_fiscal_year_begins(const fc_plan *plan, int32_t fleet, int year)
{
    int month = first_month(plan, fleet);

    return fc_epoch_time(plan->epoch, fc_fiscal_year_start(year - later_name(month), month, 1));
}

uint32_t fc_fiscal_years(const fc_plan *plan, int32_t fleet, int *first)
{
    int last = fc_fiscal_year_at(plan, fleet, plan->horizon - FC_DAY);

    *first = fc_fiscal_year_at(plan, fleet, 0);
    return plan->fleets[fleet].fiscal_year_starts == 0 ? 0 : (uint32_t)(last - *first + 1);
}

int fc_fiscal_year_now(const fc_world *world, uint32_t budget)
{
    return fc_fiscal_year_at(world->plan, fc_fleet_of_budget(world->plan, budget), fc_now(world));
}

int fc_carried_over_until(fc_world *world, uint32_t budget)
{
    fc_param carry_over = world->plan->budgets[budget].carry_over;

    if (!fc_param_given(carry_over) || fc_without(world, FC_CAUSE_funding)) return INT32_MAX;
    return world->budgets[budget].fiscal_year +
           (int)floor(fc_param_at(world->params, carry_over, fc_now(world)) / FC_YEAR + 1e-9);
}

/* ---- the end of a year --------------------------------------------------------------------- */

static void add_line(fc_fiscal_year *year, const fc_account *then, const fc_account *now,
                     double unit, bool handed_on)
{
    double carried = (double)(now->free + now->committed);
    double spent = (double)(now->paid - then->paid), lapsed = (double)(now->lapsed - then->lapsed);
    double available = carried + spent + lapsed;

    year->available += unit * available;
    year->spent += unit * (handed_on ? available : spent);
    year->really_spent += unit * spent;
    year->carried_over += unit * carried;
    year->lapsed += unit * lapsed;
    year->ahead += unit * (double)now->ahead;
}

/* `year`, counted from the first of the horizon, ends at t; or the horizon ends then. */
static int close_year(fc_world *world, int32_t f, uint32_t year, double t)
{
    const fc_plan *plan = world->plan;
    const fc_fleet *fleet = &plan->fleets[f];
    fc_fiscal_year *sum = fleet->fiscal_year_starts == 0 ? NULL : &world->fiscal_years[f][year];
    int ended = fc_fiscal_year_at(plan, f, 0) + (int)year;
    bool over = fc_fiscal_year_begins(plan, f, ended + 1) <= t;
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < fleet->n_budgets; i++) {
        uint32_t b = fleet->first_budget + i;
        fc_budget_state *state = &world->budgets[b];
        double unit =
            fc_exchange(world, plan->budgets[b].currency, fleet->currency, fmax(t - FC_DAY, 0.0)) /
            pow(10.0, fc_budget_digits(world, b));

        if (over && state->released && !state->lapsed && fc_carried_over_until(world, b) <= ended)
            ret = fc_lapse_due(world, b);
        for (int line = 0; line < FC_N_LINES; line++) {
            if (sum != NULL)
                add_line(sum, &state->opening[line], &state->line[line], unit,
                         plan->budgets[b].kind != FC_MONEY_DIRECT);
            state->opening[line] = state->line[line];
        }
    }
    return ret;
}

static int schedule_end(fc_world *world, int32_t fleet, uint32_t year)
{
    int ended = fc_fiscal_year_at(world->plan, fleet, 0) + (int)year;
    double end = fc_fiscal_year_begins(world->plan, fleet, ended + 1);
    fc_event what = {.kind = FC_EV_YEAR_END, .subject = (uint32_t)fleet, .detail = year};

    return fc_schedule(world, end, FC_CLASS_SAMPLE, what, NULL);
}

int fc_on_year_end(fc_world *world, const fc_event *event)
{
    uint32_t year = (uint32_t)event->detail;
    int ret = close_year(world, (int32_t)event->subject, year, fc_now(world));

    return ret == FC_OK ? schedule_end(world, (int32_t)event->subject, year + 1) : ret;
}

static bool keeps_years(const fc_world *world, int32_t f)
{
    const fc_fleet *fleet = &world->plan->fleets[f];
    bool needed = fleet->fiscal_year_starts != 0;

    for (uint32_t i = 0; i < fleet->n_budgets; i++)
        needed |= fc_param_given(world->plan->budgets[fleet->first_budget + i].carry_over);
    return needed;
}

int fc_fiscal_begin(fc_world *world)
{
    int ret = FC_OK, first = 0;

    for (uint32_t f = 0; ret == FC_OK && f < world->plan->n_fleets; f++) {
        uint32_t n = fc_fiscal_years(world->plan, (int32_t)f, &first);

        for (uint32_t y = 0; y < n; y++) world->fiscal_years[f][y] = (fc_fiscal_year){0};
        if (keeps_years(world, (int32_t)f)) ret = schedule_end(world, (int32_t)f, 0);
    }
    return ret;
}

/* The year that the horizon's end cuts short, or that ends with it. */
int fc_fiscal_end(fc_world *world)
{
    const fc_plan *plan = world->plan;
    int ret = FC_OK;

    for (int32_t f = 0; ret == FC_OK && f < (int32_t)plan->n_fleets; f++) {
        int last = fc_fiscal_year_at(plan, f, plan->horizon - FC_DAY);

        if (keeps_years(world, f))
            ret = close_year(world, f, (uint32_t)(last - fc_fiscal_year_at(plan, f, 0)),
                             plan->horizon);
    }
    return ret;
}

int fc_fiscal_create(fc_world *world)
{
    int first = 0;

    world->fiscal_years =
        fc_arena_array(world->arena, world->plan->n_fleets + 1u, sizeof *world->fiscal_years);
    if (world->fiscal_years == NULL) return FC_E_NOMEM;
    for (uint32_t f = 0; f < world->plan->n_fleets; f++) {
        uint32_t n = fc_fiscal_years(world->plan, (int32_t)f, &first);

        world->fiscal_years[f] = fc_arena_array(world->arena, n + 1u, sizeof **world->fiscal_years);
        if (world->fiscal_years[f] == NULL) return FC_E_NOMEM;
    }
    return FC_OK;
}
