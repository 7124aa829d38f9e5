/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan_check.h"

#include <math.h>

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

static void enter(checker *c, const char *name)
{
    c->name = name;
    if (!name) wrong(c, "an entity without a name");
}

static void param(checker *c, fc_param p, const char *what)
{
    if (p >= c->plan->n_params) wrong(c, what);
}

/* A parameter the model cannot do without. */
static void needed(checker *c, fc_param p, const char *what)
{
    if (p == 0 || p >= c->plan->n_params) wrong(c, what);
}

static void index_of(checker *c, int32_t index, uint32_t n, const char *what)
{
    if (index < 0 || (uint32_t)index >= n) wrong(c, what);
}

static void indices(checker *c, const fc_refs *refs, uint32_t n, const char *what)
{
    if (refs->n && !refs->index) wrong(c, what);
    for (uint32_t i = 0; i < refs->n && refs->index; i++) index_of(c, refs->index[i], n, what);
}

/* Entities lie in the order of those they belong to: `next` is the first one not taken yet. */
static void range(checker *c, uint32_t first, uint32_t count, uint32_t *next, uint32_t n,
                  const char *what)
{
    if (count == 0) return;
    if (first != *next || count > n - *next)
        wrong(c, what);
    else
        *next += count;
}

/* A price has a currency. */
static void price(checker *c, fc_param p, int32_t currency, const char *what)
{
    param(c, p, what);
    if (p) index_of(c, currency, c->plan->n_currencies, "no such price currency");
}

static void check_catalogue(checker *c)
{
    const fc_plan *plan = c->plan;

    for (uint32_t i = 0; i < plan->n_currencies; i++) {
        const fc_currency *currency = &plan->currencies[i];
        enter(c, currency->code);
        needed(c, currency->per_usd, "no exchange rate");
        if (currency->minor_digits < 0 || currency->minor_digits > 4) wrong(c, "minor digits");
    }
    for (uint32_t i = 0; i < plan->n_accelerators; i++) {
        const fc_accelerator *model = &plan->accelerators[i];
        enter(c, model->name);
        needed(c, model->per_server, "no server size");
        needed(c, model->server_power, "no server power");
        param(c, model->bf16_dense, "bf16_dense");
        price(c, model->price, model->price_currency, "price");
        param(c, model->on_sale, "on_sale");
        param(c, model->lead_time, "lead_time");
        param(c, model->servers_per_rack, "servers_per_rack");
        param(c, model->peak_power, "peak_power");
        param(c, model->idle_power, "idle_power");
        index_of(c, model->needs, 2, "no such cooling");
    }
}

static void check_mix(checker *c, const fc_mix *mix)
{
    double sum = 0;

    if (mix->n == 0 || !mix->model || !mix->share) {
        wrong(c, "no mix");
        return;
    }
    for (uint32_t i = 0; i < mix->n; i++) {
        index_of(c, mix->model[i], c->plan->n_accelerators, "no such model in the mix");
        if (!(mix->share[i] >= 0)) wrong(c, "a negative share in the mix");
        sum += mix->share[i];
    }
    if (!(fabs(sum - 1) < 1e-9)) wrong(c, "shares of the mix that do not sum to 1");
}

static void check_mixes(checker *c, const fc_programme *programme)
{
    const fc_year_mixes *mixes = &programme->mix_by_year;

    if (programme->mix_by != FC_MIX_BY_MONEY && programme->mix_by != FC_MIX_BY_COUNT)
        wrong(c, "no such kind of mix");
    if (mixes->n == 0) {
        check_mix(c, &programme->mix);
        return;
    }
    if (!mixes->year || !mixes->mix) {
        wrong(c, "no mixes by year");
        return;
    }
    for (uint32_t i = 0; i < mixes->n; i++) {
        check_mix(c, &mixes->mix[i]);
        if (i > 0 && mixes->year[i] <= mixes->year[i - 1]) wrong(c, "years out of order");
    }
}

static void check_procurement(checker *c, const fc_programme *programme)
{
    const fc_tender *tender = &programme->tender;

    indices(c, &programme->targets, c->plan->n_targets, "no such target");
    param(c, programme->spares, "spares");
    param(c, programme->margin, "margin");
    if (programme->when != FC_WHEN_EARLIEST && programme->when != FC_WHEN_LATEST_SAFE)
        wrong(c, "no such time to order");
    param(c, tender->review, "review");
    param(c, tender->call, "call");
    param(c, tender->fails, "fails");
    param(c, tender->relaunch, "relaunch");
    param(c, tender->at_most, "calls at most");
    if (tender->call == 0 &&
        (tender->review || tender->fails || tender->relaunch || tender->at_most))
        wrong(c, "a tender without a call");
    indices(c, &programme->fallback.models, c->plan->n_accelerators,
            "no such model to fall back on");
    if (programme->fallback.otherwise != FC_OTHERWISE_WAIT &&
        programme->fallback.otherwise != FC_OTHERWISE_CANCEL)
        wrong(c, "no such fallback");
}

static void check_vendors(checker *c)
{
    const fc_plan *plan = c->plan;

    for (uint32_t i = 0; i < plan->n_allotments; i++) {
        const fc_allotment *allotment = &plan->allotments[i];
        enter(c, allotment->name);
        index_of(c, allotment->fleet, plan->n_fleets, "no such fleet");
        indices(c, &allotment->models, plan->n_accelerators, "no such model");
        if (allotment->models.n == 0) wrong(c, "an allotment of no model");
        needed(c, allotment->a_quarter, "no number");
    }
    for (uint32_t i = 0; i < plan->n_export_rules; i++) {
        const fc_export_rule *rule = &plan->export_rules[i];
        enter(c, rule->name);
        indices(c, &rule->models, plan->n_accelerators, "no such model");
        indices(c, &rule->buyers, plan->n_fleets, "no such buyer");
        param(c, rule->at_least, "at_least");
        param(c, rule->from, "from");
        param(c, rule->until, "until");
        needed(c, rule->status, "no status");
        param(c, rule->delay, "delay");
        param(c, rule->denied, "denied");
    }
}

static void check_end(checker *c, const fc_programme *programme)
{
    const fc_term *term = &programme->term;

    param(c, programme->service_life, "service_life");
    param(c, term->lasts, "term.lasts");
    param(c, term->ends, "term.ends");
    if (term->lasts && term->ends) wrong(c, "a term with a duration and a date");
    param(c, term->renewed, "term.renewed");
    param(c, term->renewal, "term.renewal");
    price(c, term->cost, term->cost_currency, "term.cost");
    index_of(c, term->then, 3, "no such end of a term");
    index_of(c, term->otherwise, 2, "no such end of what is not renewed");
    index_of(c, programme->owner, 2, "no such owner");
    param(c, programme->operator_share, "operator_share");
}

static void check_programme(checker *c, const fc_programme *programme)
{
    const fc_plan *plan = c->plan;

    enter(c, programme->name);
    indices(c, &programme->pays_from, plan->n_budgets, "no such budget");
    if (programme->rule == FC_RULE_SCHEDULE)
        needed(c, programme->quantity, "no quantity to order");
    else if (programme->rule == FC_RULE_TO_TARGET && programme->targets.n == 0)
        wrong(c, "no target to order for");
    else if (programme->rule == FC_RULE_REFRESH && programme->replaces.n == 0)
        wrong(c, "no programme to replace");
    else if (programme->rule == FC_RULE_REFRESH || programme->rule == FC_RULE_SPEND ||
             programme->rule == FC_RULE_TO_TARGET)
        param(c, programme->quantity, "quantity");
    else
        wrong(c, "no such order rule");
    param(c, programme->at_most, "at_most");
    param(c, programme->start, "start");
    check_mixes(c, programme);
    check_procurement(c, programme);
    price(c, programme->price, programme->price_currency, "price");
    indices(c, &programme->host, plan->n_sites, "no such site");
    param(c, programme->install, "install");
    indices(c, &programme->replaces, plan->n_programmes, "no such programme");
    check_end(c, programme);
    param(c, programme->announced, "announced");
}

static void check_stock(checker *c)
{
    const fc_plan *plan = c->plan;

    for (uint32_t i = 0; i < plan->n_stocks; i++) {
        const fc_stock *stock = &plan->stocks[i];
        enter(c, stock->name);
        index_of(c, stock->model, plan->n_accelerators, "no such model");
        if (stock->site != FC_NONE) index_of(c, stock->site, plan->n_sites, "no such site");
        needed(c, stock->count, "no count");
        param(c, stock->since, "since");
    }
}

static void rate(checker *c, const fc_price *p, const char *what)
{
    price(c, p->value, p->currency, what);
}

static void check_tariffs(checker *c)
{
    for (uint32_t i = 0; i < c->plan->n_tariffs; i++) {
        const fc_tariff *tariff = &c->plan->tariffs[i];
        enter(c, tariff->name);
        rate(c, &tariff->energy, "energy price");
        for (int s = 0; s < FC_N_SEASONS; s++)
            for (int p = 0; p < FC_N_PERIODS; p++) {
                rate(c, &tariff->season[s].price[p], "season's price");
                if (!tariff->energy.value && !tariff->season[s].price[p].value)
                    wrong(c, "a season and load period without a price");
            }
        index_of(c, tariff->saturday, 3, "no such rule for Saturdays");
        index_of(c, tariff->sunday, 3, "no such rule for Sundays");
        index_of(c, tariff->holiday, 3, "no such rule for holidays");
        if (tariff->n_holidays && !tariff->holidays) wrong(c, "no holidays");
        for (uint32_t h = 1; h < tariff->n_holidays && tariff->holidays; h++)
            if (tariff->holidays[h] <= tariff->holidays[h - 1]) wrong(c, "holidays out of order");
        rate(c, &tariff->demand, "demand charge");
        index_of(c, tariff->off_peak_demand, 2, "no such rule for off-peak demand");
        param(c, tariff->demand_floor, "demand floor");
        rate(c, &tariff->climate, "climate surcharge");
        rate(c, &tariff->fuel, "fuel adjustment");
        param(c, tariff->fund, "fund");
        param(c, tariff->vat, "vat");
    }
    if (c->plan->n_tariffs && c->plan->horizon > 1e4 * FC_YEAR)
        wrong(c, "a horizon too long for tariffs");
}

static void check_terms(checker *c, const fc_terms *terms)
{
    uint32_t n = c->plan->n_tariffs;

    if (n > 0 && terms->tariff != FC_NONE) index_of(c, terms->tariff, n, "no such tariff");
    param(c, terms->load, "load");
    param(c, terms->pue, "pue");
    param(c, terms->summer_pue, "summer_pue");
    param(c, terms->contract_power, "contract_power");
    rate(c, &terms->adder, "adder");
    param(c, terms->ppa_share, "ppa.share");
    rate(c, &terms->ppa_price, "ppa.price");
    param(c, terms->wue, "wue");
    param(c, terms->water_permit, "water permit");
    rate(c, &terms->colocation, "colocation");
}

static void check_running(checker *c, const fc_fleet *fleet)
{
    const fc_running_cost *running = &fleet->running;

    check_terms(c, &fleet->terms);
    param(c, running->maintenance, "maintenance");
    rate(c, &running->licences, "licences");
    rate(c, &running->network, "network");
    rate(c, &running->staff, "staff");
    param(c, running->funded, "funded");
    index_of(c, running->arrears, 2, "no such rule for arrears");
    rate(c, &running->arrears_limit, "arrears_limit");
    param(c, running->written_off, "written_off");
    index_of(c, fleet->carbon.headline, FC_N_CARBON_BASES, "no such basis of emissions");
    for (int b = 0; b < FC_N_CARBON_BASES; b++)
        param(c, fleet->carbon.factor[b], "emission factor");
}

static void check_assessment(checker *c, const fc_assessment *assessment)
{
    param(c, assessment->at_least, "at_least");
    param(c, assessment->passed, "passed");
    param(c, assessment->review, "review");
    param(c, assessment->retry, "retry");
}

static void check_grid_rules(checker *c)
{
    for (uint32_t i = 0; i < c->plan->n_grid_rules; i++) {
        const fc_grid_rule *rule = &c->plan->grid_rules[i];
        enter(c, rule->name);
        param(c, rule->from, "from");
        param(c, rule->until, "until");
        index_of(c, rule->kind, 4, "no such kind of site");
        index_of(c, rule->waived, 2, "an assessment neither required nor waived");
        check_assessment(c, &rule->assessment);
    }
}

static void check_staff(checker *c, const fc_staff *staff)
{
    param(c, staff->stock, "staff.stock");
    param(c, staff->graduates, "staff.graduates");
    param(c, staff->training, "staff.training");
    param(c, staff->outflow, "staff.outflow");
    param(c, staff->needed_per_mw, "staff.needed_per_mw");
    param(c, staff->crews, "staff.crews");
    param(c, staff->crew_size, "staff.crew_size");
}

static void check_upkeep(checker *c, const fc_upkeep *upkeep)
{
    const fc_ages *ages = &upkeep->by_age;

    param(c, upkeep->failure_rate, "failure_rate");
    param(c, upkeep->repair_time, "repair_time");
    param(c, upkeep->crews, "crews");
    param(c, upkeep->scrapped, "scrapped");
    param(c, upkeep->replacement, "replacement");
    param(c, upkeep->spares, "spares");
    param(c, upkeep->swap_time, "swap_time");
    param(c, upkeep->exact_up_to, "exact_up_to");
    index_of(c, upkeep->repaired_as, 2, "no such age of what is repaired");
    if (ages->n > 0 && (!ages->from || !ages->factor || ages->from[0] != 0)) {
        wrong(c, "ages that do not begin with 0");
        return;
    }
    for (uint32_t i = 0; i < ages->n; i++) {
        if (i > 0 && !(ages->from[i] > ages->from[i - 1])) wrong(c, "ages out of order");
        if (!(ages->factor[i] >= 0 && ages->factor[i] < 1e6)) wrong(c, "a factor of an age");
    }
}

static void check_sites(checker *c)
{
    const fc_plan *plan = c->plan;
    uint32_t next = 0;

    for (uint32_t i = 0; i < plan->n_sites; i++) {
        const fc_site *site = &plan->sites[i];
        enter(c, site->name);
        index_of(c, site->fleet, plan->n_fleets, "no such fleet");
        param(c, site->design_pue, "design_pue");
        index_of(c, site->kind, 3, "no such kind of site");
        index_of(c, site->cooling, 2, "no such cooling");
        param(c, site->available, "available");
        param(c, site->rack_limit, "rack_limit");
        param(c, site->racks, "racks");
        param(c, site->notice, "notice");
        check_assessment(c, &site->assessment);
        check_terms(c, &site->terms);
        range(c, site->first_phase, site->n_phases, &next, plan->n_phases, "phases out of order");
    }
    for (uint32_t i = 0; i < plan->n_phases; i++) {
        const fc_phase *phase = &plan->phases[i];
        enter(c, phase->name);
        needed(c, phase->power, "no power");
        param(c, phase->start, "start");
        param(c, phase->build, "build");
        param(c, phase->connect, "connect");
        param(c, phase->permit, "permit");
        param(c, phase->cancelled, "cancelled");
    }
}

static void check_targets(checker *c)
{
    const fc_plan *plan = c->plan;

    for (uint32_t i = 0; i < plan->n_targets; i++) {
        const fc_target *target = &plan->targets[i];
        enter(c, target->name);
        needed(c, target->by, "no date");
        needed(c, target->gpus, "no number");
        index_of(c, target->counted_at, FC_N_MILESTONES, "no such milestone");
        index_of(c, target->operator_counts, 2, "operator_counts");
        indices(c, &target->programmes, plan->n_programmes, "no such programme");
        indices(c, &target->stocks, plan->n_stocks, "no such stock");
    }
}

static void check_fleets(checker *c)
{
    const fc_plan *plan = c->plan;
    uint32_t stock = 0, budget = 0, programme = 0, site = 0, target = 0, allotment = 0;

    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        const fc_fleet *f = &plan->fleets[i];
        enter(c, f->name);
        index_of(c, f->currency, plan->n_currencies, "no such currency");
        range(c, f->first_stock, f->n_stocks, &stock, plan->n_stocks, "stocks out of order");
        range(c, f->first_budget, f->n_budgets, &budget, plan->n_budgets, "budgets out of order");
        range(c, f->first_programme, f->n_programmes, &programme, plan->n_programmes,
              "programmes out of order");
        range(c, f->first_site, f->n_sites, &site, plan->n_sites, "sites out of order");
        range(c, f->first_target, f->n_targets, &target, plan->n_targets, "targets out of order");
        range(c, f->first_allotment, f->n_allotments, &allotment, plan->n_allotments,
              "allotments out of order");
        check_upkeep(c, &f->upkeep);
        check_staff(c, &f->staff);
        check_running(c, f);
    }
    c->name = NULL;
    if (stock != plan->n_stocks || budget != plan->n_budgets || programme != plan->n_programmes ||
        site != plan->n_sites || target != plan->n_targets || allotment != plan->n_allotments)
        wrong(c, "an entity that belongs to no fleet");
}

int fc_plan_check_entities(const fc_plan *plan, fc_diag *diag)
{
    checker c = {.plan = plan, .diag = diag};

    if (!(plan->horizon > 0) || !isfinite(plan->horizon)) wrong(&c, "an empty horizon");
    check_catalogue(&c);
    check_tariffs(&c);
    check_stock(&c);
    for (uint32_t i = 0; i < plan->n_programmes; i++) check_programme(&c, &plan->programmes[i]);
    check_grid_rules(&c);
    check_sites(&c);
    check_targets(&c);
    check_vendors(&c);
    check_fleets(&c);
    return c.ret;
}
