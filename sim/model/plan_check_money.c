/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan_check.h"

/* What is being looked at: problems are reported under its name. */
typedef struct checker {
    const fc_plan *plan;
    fc_diag *diag;
    const char *name;
    int ret;
} checker;

static void wrong(checker *c, const char *what)
{
    c->ret = fc_first(c->ret, fc_plan_wrong(c->diag, c->name, "%s", what));
}

static void param(checker *c, fc_param p, const char *what)
{
    if (p >= c->plan->n_params) wrong(c, what);
}

static void choice(checker *c, int chosen, int n, const char *what)
{
    if (chosen < 0 || chosen >= n) wrong(c, what);
}

static void check_budget(checker *c, const fc_budget *budget)
{
    c->name = budget->name;
    if (!budget->name) wrong(c, "a budget without a name");
    if (!budget->amount && !budget->bill && !budget->requested) wrong(c, "no amount");
    if (budget->cut && (budget->amount || (!budget->bill && !budget->requested)))
        wrong(c, "a cut that is not one of what was asked for");
    if (budget->requested_on && !budget->requested) wrong(c, "a day on which nothing is requested");
    if (!budget->enacted) wrong(c, "no date");
    if (budget->currency < 0 || (uint32_t)budget->currency >= c->plan->n_currencies)
        wrong(c, "no such currency");
    choice(c, budget->type, FC_BUDGET_MAIN + 1, "no such type of budget");
    choice(c, budget->kind, FC_MONEY_LOAN + 1, "no such kind of money");
    param(c, budget->amount, "amount");
    param(c, budget->requested, "requested");
    param(c, budget->requested_on, "requested_on");
    param(c, budget->bill, "bill");
    param(c, budget->introduced, "introduced");
    param(c, budget->cut, "cut");
    param(c, budget->enacted, "enacted");
    param(c, budget->probability, "probability");
    for (int i = 0; i < FC_N_LINES; i++) param(c, budget->line[i], "line");
    for (int i = 0; i < FC_QUARTERS_NAMED; i++) param(c, budget->apportioned[i], "apportioned");
    param(c, budget->lapses, "lapses");
    param(c, budget->carry_over, "carry_over");
    param(c, budget->private_share, "private_share");
    param(c, budget->ahead.ceiling, "ceiling");
    param(c, budget->ahead.from, "from");
    if (budget->ahead.from && !budget->ahead.ceiling) wrong(c, "orders ahead without a ceiling");
}

static void check_programme(checker *c, const fc_programme *programme)
{
    const fc_exposure *exchange = &programme->exchange;

    c->name = programme->name;
    param(c, programme->payments.advance, "advance");
    param(c, programme->payments.acceptance, "acceptance");
    param(c, exchange->in_dollars, "in_dollars");
    param(c, exchange->budget_rate, "budget_rate");
    param(c, exchange->hedge, "hedge");
    if (exchange->budget_rate && !(programme->price && exchange->in_dollars))
        wrong(c, "a budget rate without a price of its own that is owed in dollars");
}

static void check_site(checker *c, const fc_site *site)
{
    c->name = site->name;
    if (site->pays_from.n && !site->pays_from.index) wrong(c, "no budgets");
    for (uint32_t i = 0; i < site->pays_from.n && site->pays_from.index; i++) {
        int32_t budget = site->pays_from.index[i];
        if (budget < 0 || (uint32_t)budget >= c->plan->n_budgets) wrong(c, "no such budget");
    }
    param(c, site->cost, "cost");
    if (site->cost &&
        (site->cost_currency < 0 || (uint32_t)site->cost_currency >= c->plan->n_currencies))
        wrong(c, "no such currency of the cost");
    if ((site->cost != 0) != (site->pays_from.n != 0)) wrong(c, "a cost without who pays it");
}

int fc_plan_check_money(const fc_plan *plan, fc_diag *diag)
{
    checker c = {.plan = plan, .diag = diag};

    for (uint32_t i = 0; i < plan->n_budgets; i++) check_budget(&c, &plan->budgets[i]);
    for (uint32_t i = 0; i < plan->n_programmes; i++) check_programme(&c, &plan->programmes[i]);
    for (uint32_t i = 0; i < plan->n_sites; i++) check_site(&c, &plan->sites[i]);
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        const fc_fleet *fleet = &plan->fleets[i];

        c.name = fleet->name;
        if (fleet->fiscal_year_starts < 0 || fleet->fiscal_year_starts > 12)
            wrong(&c, "no such month");
        param(&c, fleet->valuation.base, "base");
        param(&c, fleet->valuation.discount_rate, "discount_rate");
        param(&c, fleet->valuation.inflation, "inflation");
    }
    for (uint32_t i = 0; i < plan->n_currencies; i++) {
        const fc_walk *walk = &plan->currencies[i].walk;

        c.name = plan->currencies[i].code;
        param(&c, walk->volatility, "volatility");
        param(&c, walk->reversion, "reversion");
        param(&c, walk->from, "from");
        if ((walk->reversion || walk->from) && !walk->volatility)
            wrong(&c, "a walk without a volatility");
    }
    return c.ret;
}
