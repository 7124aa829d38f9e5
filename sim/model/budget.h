/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Budgets while the world runs: one account a line (account.h), releases, orders, payments. Amounts
 * are minor units of the budget's currency.
 *
 * Whoever spends from a line asks for what can be spent, commits it, and pays it when it falls due:
 *
 *     if (fc_budget_spendable(world, budget, FC_LINE_BUILDING) >= cost)
 *         ret = fc_budget_commit(world, budget, FC_LINE_BUILDING, cost);
 *     ...
 *     ret = fc_budget_pay(world, budget, FC_LINE_BUILDING, cost, cost_at_todays_rate);
 *
 * Running cost is paid as it comes up, from the running lines of all of a fleet's budgets in their
 * order: fc_running_pay says how much of it there was money for. What is not paid is the caller's
 * to remember. It is told of new money by fc_running_money (bills that are in arrears).
 */
#ifndef FC_MODEL_BUDGET_H
#define FC_MODEL_BUDGET_H

#include "kernel/calendar.h"
#include "model/account.h"
#include "model/plan.h"

struct fc_world;

typedef struct fc_budget_state {
    uint64_t key; /* stream of whether it is enacted */
    fc_account line[FC_N_LINES];
    fc_account opening[FC_N_LINES];   /* as the fiscal year under way began */
    bool refused;                     /* it will not be enacted */
    bool released;                    /* at least the first of it */
    bool lapsed;                      /* what is free is lost at once */
    int fiscal_year;                  /* its own, once it is enacted */
    int64_t requested, bill, granted; /* once it is enacted or refused */
    fc_handle event;                  /* its next release */
    double present_value, real;       /* of what was paid, major units of the fleet's currency */
} fc_budget_state;

/* ---- budget.c: what the world spends */
const fc_account *fc_account_of(const struct fc_world *world, uint32_t budget, fc_line line);
int64_t fc_budget_spendable(struct fc_world *world, uint32_t budget, fc_line line);
int fc_budget_commit(struct fc_world *world, uint32_t budget, fc_line line, int64_t amount);
/* Pays what was committed as `then` and now costs `now`; what there is no money for yet is paid
 * when it comes. */
int fc_budget_pay(struct fc_world *world, uint32_t budget, fc_line line, int64_t then, int64_t now);
/* An order is void: `open` of it was to be paid, `paid` comes back. */
int fc_budget_refund(struct fc_world *world, uint32_t budget, fc_line line, int64_t open,
                     int64_t paid);
/* `amount` of the fleet's running cost, in major units of the fleet's currency: *paid of it are
 * paid, at the exchange rates of the moment. */
int fc_running_pay(struct fc_world *world, int32_t fleet, double amount, double *paid);
/* What the running lines of the fleet could pay now, in major units of its currency. */
double fc_running_money(struct fc_world *world, int32_t fleet);
int fc_budget_digits(const struct fc_world *world, uint32_t budget); /* minor digits */
int32_t fc_fleet_of_budget(const fc_plan *plan, uint32_t budget);
/* So much of the budget was paid now (below 0: came back): its value at the base date. */
void fc_budget_note_paid(struct fc_world *world, uint32_t budget, int64_t paid);

/* ---- activity_funding.c: where it comes from */
int fc_budget_due(struct fc_world *world, uint32_t budget);  /* the day it is enacted */
int fc_request_due(struct fc_world *world, uint32_t budget); /* the day it is requested */
int fc_bill_due(struct fc_world *world, uint32_t budget);    /* the day its bill is introduced */
int fc_ahead_due(struct fc_world *world, uint32_t budget);   /* orders on it may begin */
int fc_lapse_due(struct fc_world *world, uint32_t budget);
int fc_budget_lapse_again(struct fc_world *world, uint32_t budget); /* if it has lapsed */
/* What is budgeted for a line and not released, minor units, private money with it: nothing of what
 * was refused, has lapsed, or is yet to be requested. */
double fc_budget_pending(struct fc_world *world, uint32_t budget, fc_line line);
/* What came in, or what may be committed, has changed: wakes those who wait for it. */
int fc_budget_wake(struct fc_world *world, uint32_t budget);

/* ---- payment.c: contracts of lots */
struct fc_lot;
typedef enum fc_instalment { FC_ON_ORDER, FC_ON_DELIVERY, FC_ON_ACCEPTANCE } fc_instalment;
int fc_lot_pay(struct fc_world *world, struct fc_lot *lot, fc_instalment instalment);
/* What a dollar's rate makes of a price in the budget's currency: 1 where it was reckoned at the
 * rate of today. */
double fc_price_at_rate(struct fc_world *world, const fc_programme *programme, int32_t currency,
                        int32_t account_currency);
/* The rate that what is owed follows, for a budget's currency. */
double fc_owed_rate(struct fc_world *world, int32_t owed_in, int32_t account_currency);

/* ---- fiscal_year.c */
/* What a fiscal year came to, in major units of the fleet's currency at the rate of its last day.
 */
typedef struct fc_fiscal_year {
    double available, spent, really_spent, carried_over, lapsed, ahead;
} fc_fiscal_year;

int fc_fiscal_create(struct fc_world *world);
int fc_fiscal_begin(struct fc_world *world);
int fc_fiscal_year_now(const struct fc_world *world, uint32_t budget);
/* The last fiscal year into which what is free of an enacted budget is carried over. */
int fc_carried_over_until(struct fc_world *world, uint32_t budget);
int fc_fiscal_end(struct fc_world *world); /* closes the year under way, at the horizon's end */
/* The fiscal year of a fleet at a time, as it is named: by the calendar year that has most of it
 * (of six months each: the later). Its first day. */
int fc_fiscal_year_at(const fc_plan *plan, int32_t fleet, double t);
double fc_fiscal_year_begins(const fc_plan *plan, int32_t fleet, int year);
/* How many fiscal years the horizon touches, and the first of them. */
uint32_t fc_fiscal_years(const fc_plan *plan, int32_t fleet, int *first);

#endif
