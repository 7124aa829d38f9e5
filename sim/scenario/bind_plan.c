/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole scenario into a plan: entities in their arrays, each bound by its section. */
#include "scenario/bind_plan.h"

#include <string.h>
#include "scenario/bind_energy.h"
#include "scenario/tree_print.h"

/* Where the plan keeps each kind of entity. */
static void *array_of(fc_plan *plan, fc_entity kind, uint32_t **count)
{
    switch (kind) {
    case FC_ENTITY_CURRENCY:
        *count = &plan->n_currencies;
        return &plan->currencies;
    case FC_ENTITY_ACCELERATOR:
        *count = &plan->n_accelerators;
        return &plan->accelerators;
    case FC_ENTITY_GRID_RULE:
        *count = &plan->n_grid_rules;
        return &plan->grid_rules;
    case FC_ENTITY_EXPORT_RULE:
        *count = &plan->n_export_rules;
        return &plan->export_rules;
    case FC_ENTITY_TARIFF:
        *count = &plan->n_tariffs;
        return &plan->tariffs;
    case FC_ENTITY_FLEET:
        *count = &plan->n_fleets;
        return &plan->fleets;
    case FC_ENTITY_STOCK:
        *count = &plan->n_stocks;
        return &plan->stocks;
    case FC_ENTITY_BUDGET:
        *count = &plan->n_budgets;
        return &plan->budgets;
    case FC_ENTITY_PROGRAMME:
        *count = &plan->n_programmes;
        return &plan->programmes;
    case FC_ENTITY_SITE:
        *count = &plan->n_sites;
        return &plan->sites;
    case FC_ENTITY_PHASE:
        *count = &plan->n_phases;
        return &plan->phases;
    case FC_ENTITY_TARGET:
        *count = &plan->n_targets;
        return &plan->targets;
    case FC_ENTITY_ALLOTMENT:
        *count = &plan->n_allotments;
        return &plan->allotments;
    case FC_ENTITY_POOL:
        *count = &plan->n_pools;
        return &plan->pools;
    case FC_ENTITY_CLASS:
        *count = &plan->n_classes;
        return &plan->classes;
    case FC_ENTITY_SERVICE:
        *count = &plan->n_services;
        return &plan->services;
    case FC_ENTITY_CALL:
        *count = &plan->n_calls;
        return &plan->calls;
    default:
        return NULL;
    }
}

/* Defaults that are not in the key table: absent references. */
static void preset(fc_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_stocks; i++) plan->stocks[i].site = FC_NONE;
    for (uint32_t i = 0; i < plan->n_fleets; i++) plan->fleets[i].terms.tariff = FC_NONE;
    for (uint32_t i = 0; i < plan->n_sites; i++) plan->sites[i].terms.tariff = FC_NONE;
    for (uint32_t i = 0; i < plan->n_classes; i++)
        plan->classes[i].pool = plan->classes[i].access = FC_NONE;
    for (uint32_t i = 0; i < plan->n_services; i++) plan->services[i].pool = FC_NONE;
    for (uint32_t i = 0; i < plan->n_calls; i++) plan->calls[i].pool = FC_NONE;
}

static void name_entities(fc_plan *plan, const fc_rosters *rosters)
{
    for (uint32_t i = 0; i < plan->n_currencies; i++) {
        const char *code = fc_roster_name(rosters, FC_ENTITY_CURRENCY, i);
        bool no_cents = strcmp(code, "KRW") == 0 || strcmp(code, "JPY") == 0;
        plan->currencies[i] = (fc_currency){.code = code, .minor_digits = no_cents ? 0 : 2};
    }
    plan->h100 = FC_NONE;
    for (uint32_t i = 0; i < plan->n_accelerators; i++) {
        const char *name = fc_roster_name(rosters, FC_ENTITY_ACCELERATOR, i);
        plan->accelerators[i].name = plan->accelerators[i].title = name;
        if (strcmp(name, "h100") == 0) plan->h100 = (int32_t)i;
    }
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        fc_fleet *fleet = &plan->fleets[i];
        fleet->name = fleet->title_en = fleet->title_ko =
            fc_roster_name(rosters, FC_ENTITY_FLEET, i);
    }
#define NAME(array, kind)                                                                          \
    for (uint32_t i = 0; i < plan->n_##array; i++)                                                 \
    plan->array[i].name = fc_roster_name(rosters, kind, i)
    NAME(grid_rules, FC_ENTITY_GRID_RULE);
    NAME(export_rules, FC_ENTITY_EXPORT_RULE);
    NAME(tariffs, FC_ENTITY_TARIFF);
    NAME(stocks, FC_ENTITY_STOCK);
    NAME(budgets, FC_ENTITY_BUDGET);
    NAME(programmes, FC_ENTITY_PROGRAMME);
    NAME(sites, FC_ENTITY_SITE);
    NAME(phases, FC_ENTITY_PHASE);
    NAME(targets, FC_ENTITY_TARGET);
    NAME(allotments, FC_ENTITY_ALLOTMENT);
    NAME(pools, FC_ENTITY_POOL);
    NAME(classes, FC_ENTITY_CLASS);
    NAME(services, FC_ENTITY_SERVICE);
    NAME(calls, FC_ENTITY_CALL);
#undef NAME
}

/* Members of one owner stand together: member i belongs to the range that starts at *first. */
static void join(uint32_t i, uint32_t *first, uint32_t *n)
{
    if ((*n)++ == 0) *first = i;
}

static void link_entities(fc_plan *plan, const fc_rosters *rosters)
{
    const fc_roster *of = rosters->of;
#define JOIN(kind, member)                                                                         \
    for (uint32_t i = 0; i < of[kind].n; i++) {                                                    \
        fc_fleet *f = &plan->fleets[of[kind].owner[i]];                                            \
        join(i, &f->first_##member, &f->n_##member##s);                                            \
    }
    JOIN(FC_ENTITY_STOCK, stock)
    JOIN(FC_ENTITY_BUDGET, budget)
    JOIN(FC_ENTITY_PROGRAMME, programme)
    JOIN(FC_ENTITY_SITE, site)
    JOIN(FC_ENTITY_TARGET, target)
    JOIN(FC_ENTITY_ALLOTMENT, allotment)
#undef JOIN
    for (uint32_t i = 0; i < plan->n_pools; i++) {
        fc_demand_spec *demand = &plan->fleets[of[FC_ENTITY_POOL].owner[i]].demand;
        join(i, &demand->first_pool, &demand->n_pools);
    }
    for (uint32_t i = 0; i < plan->n_classes; i++) {
        plan->classes[i].fleet = of[FC_ENTITY_CLASS].owner[i];
        fc_demand_spec *demand = &plan->fleets[plan->classes[i].fleet].demand;
        join(i, &demand->first_class, &demand->n_classes);
    }
    for (uint32_t i = 0; i < plan->n_services; i++) {
        plan->services[i].fleet = of[FC_ENTITY_SERVICE].owner[i];
        fc_demand_spec *demand = &plan->fleets[plan->services[i].fleet].demand;
        join(i, &demand->first_service, &demand->n_services);
    }
    for (uint32_t i = 0; i < plan->n_calls; i++) {
        plan->calls[i].fleet = of[FC_ENTITY_CALL].owner[i];
        fc_demand_spec *demand = &plan->fleets[plan->calls[i].fleet].demand;
        join(i, &demand->first_call, &demand->n_calls);
    }
    for (uint32_t i = 0; i < plan->n_allotments; i++)
        plan->allotments[i].fleet = of[FC_ENTITY_ALLOTMENT].owner[i];
    for (uint32_t i = 0; i < plan->n_sites; i++) plan->sites[i].fleet = of[FC_ENTITY_SITE].owner[i];
    for (uint32_t i = 0; i < plan->n_phases; i++) {
        fc_site *site = &plan->sites[of[FC_ENTITY_PHASE].owner[i]];
        join(i, &site->first_phase, &site->n_phases);
    }
}

static int make_arrays(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    static const size_t sizes[FC_N_ENTITIES] = {
        [FC_ENTITY_CURRENCY] = sizeof(fc_currency),
        [FC_ENTITY_ACCELERATOR] = sizeof(fc_accelerator),
        [FC_ENTITY_GRID_RULE] = sizeof(fc_grid_rule),
        [FC_ENTITY_EXPORT_RULE] = sizeof(fc_export_rule),
        [FC_ENTITY_TARIFF] = sizeof(fc_tariff),
        [FC_ENTITY_FLEET] = sizeof(fc_fleet),
        [FC_ENTITY_STOCK] = sizeof(fc_stock),
        [FC_ENTITY_BUDGET] = sizeof(fc_budget),
        [FC_ENTITY_PROGRAMME] = sizeof(fc_programme),
        [FC_ENTITY_SITE] = sizeof(fc_site),
        [FC_ENTITY_PHASE] = sizeof(fc_phase),
        [FC_ENTITY_TARGET] = sizeof(fc_target),
        [FC_ENTITY_ALLOTMENT] = sizeof(fc_allotment),
        [FC_ENTITY_POOL] = sizeof(fc_pool),
        [FC_ENTITY_CLASS] = sizeof(fc_user_class),
        [FC_ENTITY_SERVICE] = sizeof(fc_service),
        [FC_ENTITY_CALL] = sizeof(fc_call),
    };
    for (int kind = 0; kind < FC_N_ENTITIES; kind++) {
        uint32_t *count;
        void *slot = array_of(plan, (fc_entity)kind, &count);
        if (!slot) continue;
        *count = s->rosters->of[kind].n;
        void *array = fc_arena_array(s->b.arena, *count + 1, sizes[kind]);
        if (!array) return FC_E_NOMEM;
        memcpy(slot, &array, sizeof array);
    }
    preset(plan);
    name_entities(plan, s->rosters);
    link_entities(plan, s->rosters);
    return FC_OK;
}

/* USD is worth itself. */
static int bind_dollar(fc_section_binder *s)
{
    uint32_t value;
    int ret = fc_binder_add_value(
        &s->b, &(fc_value){.form = FC_FORM_NUMBER, .number = 1, .factor = FC_NONE, .path = "USD"},
        &value);
    fc_param *per_usd = &s->b.plan->currencies[0].per_usd;
    return ret ? ret : fc_binder_add_param(&s->b, value, "USD", NULL, per_usd);
}

static int bind_kind(fc_section_binder *s, fc_entity kind, const fc_section *section)
{
    const fc_roster *r = &s->rosters->of[kind];
    uint32_t *count;
    void *slot = array_of(s->b.plan, kind, &count);
    char *base;
    memcpy(&base, slot, sizeof base);
    for (uint32_t i = 0; i < r->n; i++) {
        if (!r->entry[i]) continue;
        int32_t owner = kind == FC_ENTITY_FLEET ? (int32_t)i : r->owner[i];
        int ret = fc_bind_section(s, section, r->entry[i], owner, base + i * section->size);
        if (ret) return ret;
    }
    return FC_OK;
}

static int bind_entities(fc_section_binder *s)
{
    static const struct {
        fc_entity kind;
        const fc_section *section;
    } order[] = {
        {FC_ENTITY_CURRENCY, &fc_section_currency},
        {FC_ENTITY_ACCELERATOR, &fc_section_accelerator},
        {FC_ENTITY_GRID_RULE, &fc_section_grid_rule},
        {FC_ENTITY_EXPORT_RULE, &fc_section_export_rule},
        {FC_ENTITY_TARIFF, &fc_section_tariff},
        {FC_ENTITY_FLEET, &fc_section_fleet},
        {FC_ENTITY_STOCK, &fc_section_stock},
        {FC_ENTITY_BUDGET, &fc_section_budget},
        {FC_ENTITY_PROGRAMME, &fc_section_programme},
        {FC_ENTITY_SITE, &fc_section_site},
        {FC_ENTITY_PHASE, &fc_section_phase},
        {FC_ENTITY_TARGET, &fc_section_target},
        {FC_ENTITY_ALLOTMENT, &fc_section_allotment},
        {FC_ENTITY_POOL, &fc_section_pool},
        {FC_ENTITY_CLASS, &fc_section_class},
        {FC_ENTITY_SERVICE, &fc_section_service},
        {FC_ENTITY_CALL, &fc_section_call},
    };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int ret = bind_kind(s, order[i].kind, order[i].section);
        if (ret) return ret;
    }
    return FC_OK;
}

/* `includes` names programmes and stock of the target's fleet; a name that both have means both. */
static int bind_included(fc_section_binder *s, const fc_entry *list, int32_t owner,
                         fc_target *target)
{
    const fc_node *const *items;
    size_t count, errors = fc_diag_errors(s->b.diag);
    int ret = fc_bind_names(s, list, &items, &count);
    if (ret) return ret;
    int32_t *programmes = fc_arena_array(s->b.arena, count + 1, sizeof *programmes);
    int32_t *stocks = fc_arena_array(s->b.arena, count + 1, sizeof *stocks);
    int32_t *found = fc_arena_array(s->b.arena, count + 1, sizeof *found);
    const char *path = fc_entry_path(s->b.arena, list);
    if (!programmes || !stocks || !found || !path) return FC_E_NOMEM;
    fc_place place = fc_entry_place(s->b.arena, list);
    if (count == 0 && fc_diag_errors(s->b.diag) == errors)
        fc_fail(s->b.diag, FC_E_LIST_EMPTY, &place, list->name, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *name = items[i]->text;
        int32_t stock = fc_roster_find(s->rosters, FC_ENTITY_STOCK, owner, name);
        int32_t programme = fc_roster_find(s->rosters, FC_ENTITY_PROGRAMME, owner, name);
        if (stock != FC_NONE) stocks[target->stocks.n++] = stock;
        if (programme != FC_NONE) programmes[target->programmes.n++] = programme;
        /* Apart from each other, so that only what is named twice is the same. */
        found[i] = programme != FC_NONE ? programme : stock != FC_NONE ? -2 - stock : FC_NONE;
        place = fc_node_place(items[i], path);
        if (found[i] == FC_NONE)
            fc_bind_unknown_name(s, FC_ENTITY_PROGRAMME, FC_ENTITY_STOCK, owner, name, &place);
    }
    target->programmes.index = programmes;
    target->stocks.index = stocks;
    return fc_bind_check_twice(s, items, found, count, path);
}

static int bind_includes(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    const fc_roster *targets = &s->rosters->of[FC_ENTITY_TARGET];
    for (uint32_t t = 0; t < targets->n; t++) {
        const fc_entry *list = fc_entry_child(targets->entry[t], "includes");
        plan->targets[t].includes_all = !list;
        int ret = list ? bind_included(s, list, targets->owner[t], &plan->targets[t]) : FC_OK;
        if (ret) return ret;
    }
    return FC_OK;
}

static int find_headline(fc_section_binder *s, fc_scenario *scenario)
{
    const fc_roster *targets = &s->rosters->of[FC_ENTITY_TARGET];
    scenario->headline = FC_NONE;
    fc_text all = FC_TEXT_EMPTY;
    for (uint32_t i = 0; i < targets->n; i++) {
        const char *path = fc_entry_path(s->b.arena, targets->entry[i]);
        if (!path) return FC_E_NOMEM;
        if (scenario->root.headline ? strcmp(path, scenario->root.headline) == 0
                                    : targets->owner[i] == targets->owner[0])
            scenario->headline = (int32_t)i;
        if (all.length < 200) fc_text_printf(&all, "%s%s", i ? ", " : "", path);
    }
    if (scenario->root.headline && scenario->headline == FC_NONE) {
        fc_place place = fc_entry_place(s->b.arena, fc_entry_child(s->tree->root, "headline"));
        fc_fail(s->b.diag, FC_E_HEADLINE, &place, scenario->root.headline,
                all.data ? all.data : "-", NULL);
    }
    fc_text_free(&all);
    return FC_OK;
}

static void check_horizon(fc_section_binder *s, const fc_root *root)
{
    if (!root->start.year || !root->end.year) return; /* missing: reported already */
    int64_t days = fc_date_days(root->end) - fc_date_days(root->start);
    if (days > 0 && days <= 36525) return;
    char start[FC_DATE_TEXT], end[FC_DATE_TEXT];
    fc_place place = fc_entry_place(s->b.arena, fc_tree_find(s->tree, "horizon.end"));
    fc_fail(s->b.diag, FC_E_HORIZON, &place, fc_date_format(root->end, FC_DATE_ISO, end),
            fc_date_format(root->start, FC_DATE_ISO, start), NULL);
}

static int bind_all(fc_section_binder *s, fc_scenario *scenario, const int64_t *seed)
{
    fc_plan *plan = s->b.plan;
    fc_param none;
    int ret = fc_binder_add_param(&s->b, 0, "", NULL, &none); /* parameter 0: not given */
    /* The root first: dates need the horizon's start, streams the seed. */
    if (ret ||
        (ret = fc_bind_section(s, &fc_section_root, s->tree->root, FC_NONE, &scenario->root)))
        return ret;
    if (seed) scenario->root.seed = *seed;
    check_horizon(s, &scenario->root);
    plan->seed = (uint64_t)scenario->root.seed;
    if (scenario->root.start.year) {
        plan->epoch = fc_epoch_on(scenario->root.start);
        if (scenario->root.end.year) plan->horizon = fc_epoch_time(plan->epoch, scenario->root.end);
    }
    if ((ret = make_arrays(s)) || (ret = bind_dollar(s)) || (ret = bind_entities(s)) ||
        (ret = bind_includes(s)) || (ret = fc_bind_holidays(s)) || (ret = fc_bind_rounds(s)))
        return ret;
    if ((ret = fc_bind_aliases(&s->b))) return ret;
    fc_bind_check_entities(s);
    fc_check_energy(s);
    if ((ret = fc_bind_drivers(s)) || (ret = fc_bind_correlations(s)) ||
        (ret = find_headline(s, scenario)))
        return ret;
    return FC_OK;
}

int fc_bind_plan(fc_scenario *scenario, const fc_rosters *rosters, const int64_t *seed,
                 fc_diag *diag)
{
    fc_plan *plan = scenario->plan;
    fc_section_binder s = {.b = {.plan = plan, .arena = plan->arena, .diag = diag},
                           .tree = scenario->tree,
                           .root = &fc_section_root,
                           .rosters = rosters};
    size_t errors = fc_diag_errors(diag);
    int ret = bind_all(&s, scenario, seed);
    if (ret) return ret;
    if (fc_diag_errors(diag) > errors) return fc_diag_first(diag);
    return fc_plan_finish(plan, diag);
}
