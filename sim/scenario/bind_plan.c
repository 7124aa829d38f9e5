/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole scenario into a plan: entities in their arrays, each bound by its section. */
#include "scenario/bind_plan.h"

#include <stdlib.h>
#include <string.h>
#include "kernel/init.h"
#include "scenario/scenario.h"

static bool is_atomic(const char *const *path, size_t depth, const fc_node *value)
{
    if (fc_key_is_atomic(path, depth)) return true;
    /* {value: spend, source: ...} on a key that is no quantity. */
    const fc_key *key = fc_key_at(path, depth, NULL);
    return key && key->type != FC_K_SECTION && key->type != FC_K_NAMED &&
           key->type != FC_K_CHANGES && fc_node_get(value, "value");
}

static bool is_group(const char *const *path, size_t depth)
{
    const fc_key *key = fc_key_at(path, depth, NULL);
    return key && (key->type == FC_K_SECTION || key->type == FC_K_NAMED);
}

const fc_tree_schema fc_scenario_schema = {.is_atomic = is_atomic, .is_group = is_group};

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
    default:
        return NULL;
    }
}

/* Defaults that are not in the key table: absent references. */
static void preset(fc_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_stocks; i++) plan->stocks[i].site = FC_NONE;
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
    NAME(stocks, FC_ENTITY_STOCK);
    NAME(budgets, FC_ENTITY_BUDGET);
    NAME(programmes, FC_ENTITY_PROGRAMME);
    NAME(sites, FC_ENTITY_SITE);
    NAME(phases, FC_ENTITY_PHASE);
    NAME(targets, FC_ENTITY_TARGET);
    NAME(allotments, FC_ENTITY_ALLOTMENT);
    NAME(export_rules, FC_ENTITY_EXPORT_RULE);
#undef NAME
}

/* Members of one owner stand together: sets first and count. */
static void range_of(const fc_roster *r, int32_t owner, uint32_t *first, uint32_t *n)
{
    *first = *n = 0;
    for (uint32_t i = 0; i < r->n; i++)
        if (r->owner[i] == owner && (*n)++ == 0) *first = i;
}

static void link_entities(fc_plan *plan, const fc_rosters *rosters)
{
    const fc_roster *of = rosters->of;
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        fc_fleet *f = &plan->fleets[i];
        int32_t owner = (int32_t)i;
        range_of(&of[FC_ENTITY_STOCK], owner, &f->first_stock, &f->n_stocks);
        range_of(&of[FC_ENTITY_BUDGET], owner, &f->first_budget, &f->n_budgets);
        range_of(&of[FC_ENTITY_PROGRAMME], owner, &f->first_programme, &f->n_programmes);
        range_of(&of[FC_ENTITY_SITE], owner, &f->first_site, &f->n_sites);
        range_of(&of[FC_ENTITY_TARGET], owner, &f->first_target, &f->n_targets);
        range_of(&of[FC_ENTITY_ALLOTMENT], owner, &f->first_allotment, &f->n_allotments);
    }
    for (uint32_t i = 0; i < plan->n_allotments; i++)
        plan->allotments[i].fleet = of[FC_ENTITY_ALLOTMENT].owner[i];
    for (uint32_t i = 0; i < plan->n_sites; i++) {
        plan->sites[i].fleet = of[FC_ENTITY_SITE].owner[i];
        range_of(&of[FC_ENTITY_PHASE], (int32_t)i, &plan->sites[i].first_phase,
                 &plan->sites[i].n_phases);
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
        [FC_ENTITY_FLEET] = sizeof(fc_fleet),
        [FC_ENTITY_STOCK] = sizeof(fc_stock),
        [FC_ENTITY_BUDGET] = sizeof(fc_budget),
        [FC_ENTITY_PROGRAMME] = sizeof(fc_programme),
        [FC_ENTITY_SITE] = sizeof(fc_site),
        [FC_ENTITY_PHASE] = sizeof(fc_phase),
        [FC_ENTITY_TARGET] = sizeof(fc_target),
        [FC_ENTITY_ALLOTMENT] = sizeof(fc_allotment),
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
    return ret ? ret : fc_binder_add_param(&s->b, value, "USD", &s->b.plan->currencies[0].per_usd);
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
        {FC_ENTITY_FLEET, &fc_section_fleet},
        {FC_ENTITY_STOCK, &fc_section_stock},
        {FC_ENTITY_BUDGET, &fc_section_budget},
        {FC_ENTITY_PROGRAMME, &fc_section_programme},
        {FC_ENTITY_SITE, &fc_section_site},
        {FC_ENTITY_PHASE, &fc_section_phase},
        {FC_ENTITY_TARGET, &fc_section_target},
        {FC_ENTITY_ALLOTMENT, &fc_section_allotment},
    };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int ret = bind_kind(s, order[i].kind, order[i].section);
        if (ret) return ret;
    }
    return FC_OK;
}

/* `includes` names programmes and stock of the target's fleet. */
static int bind_includes(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    const fc_roster *targets = &s->rosters->of[FC_ENTITY_TARGET];
    for (uint32_t t = 0; t < targets->n; t++) {
        const fc_entry *list = fc_entry_child(targets->entry[t], "includes");
        plan->targets[t].includes_all = !list;
        if (!list) continue;
        const fc_node *const *items;
        size_t count;
        int ret = fc_bind_names(s, list, &items, &count);
        if (ret) return ret;
        int32_t *programmes = fc_arena_array(s->b.arena, count + 1, sizeof *programmes);
        int32_t *stocks = fc_arena_array(s->b.arena, count + 1, sizeof *stocks);
        const char *path = fc_entry_path(s->b.arena, list);
        if (!programmes || !stocks || !path) return FC_E_NOMEM;
        fc_target *target = &plan->targets[t];
        int32_t owner = targets->owner[t];
        for (size_t i = 0; i < count; i++) {
            int32_t stock = fc_roster_find(s->rosters, FC_ENTITY_STOCK, owner, items[i]->text);
            if (stock != FC_NONE) {
                stocks[target->stocks.n++] = stock;
                continue;
            }
            int32_t programme = fc_bind_reference(s, FC_ENTITY_PROGRAMME, owner, items[i], path);
            if (programme != FC_NONE) programmes[target->programmes.n++] = programme;
        }
        target->programmes.index = programmes;
        target->stocks.index = stocks;
    }
    return FC_OK;
}

/* Whether the target counts what the programme buys. */
static bool counts(const fc_target *target, uint32_t programme)
{
    for (uint32_t i = 0; i < target->programmes.n; i++)
        if (target->programmes.index[i] == (int32_t)programme) return true;
    return target->includes_all;
}

static void check_targets(fc_section_binder *s, uint32_t programme, const fc_place *place)
{
    const fc_plan *plan = s->b.plan;
    const fc_programme *p = &plan->programmes[programme];
    if (p->rule != FC_RULE_TO_TARGET) return;
    if (p->targets.n == 0)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, place, "order.targets",
                FC_BOTH("rule: to_target needs the targets to order for",
                        "rule: to_target에는 대상 목표가 필요합니다"),
                NULL);
    for (uint32_t i = 0; i < p->targets.n; i++) {
        int32_t t = p->targets.index[i];
        if (t != FC_NONE && !counts(&plan->targets[t], programme))
            fc_fail(s->b.diag, FC_E_ORDER_TARGET, place, plan->targets[t].name, NULL);
    }
}

static bool without_price(const fc_plan *plan, const fc_programme *p, int32_t model)
{
    return !p->price && model != FC_NONE && !plan->accelerators[model].price;
}

/* Every model that the programme may come to buy has a price. */
static void check_prices(fc_section_binder *s, const fc_programme *p, const fc_place *place)
{
    const fc_plan *plan = s->b.plan;
    bool missing = false;
    for (uint32_t m = 0; m < p->mix.n; m++) missing |= without_price(plan, p, p->mix.model[m]);
    for (uint32_t y = 0; y < p->mix_by_year.n; y++)
        for (uint32_t m = 0; m < p->mix_by_year.mix[y].n; m++)
            missing |= without_price(plan, p, p->mix_by_year.mix[y].model[m]);
    for (uint32_t m = 0; m < p->fallback.models.n; m++)
        missing |= without_price(plan, p, p->fallback.models.index[m]);
    if (missing)
        fc_fail(s->b.diag, FC_E_KEY_MISSING, place, "price",
                FC_BOTH("the catalogue has no price for a model of the mix",
                        "구성에 든 모델의 목록 가격이 없습니다"),
                NULL);
}

/* What the key table cannot say. */
static void check_entities(fc_section_binder *s)
{
    fc_plan *plan = s->b.plan;
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        fc_programme *p = &plan->programmes[i];
        const fc_entry *entry = s->rosters->of[FC_ENTITY_PROGRAMME].entry[i];
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        if (p->rule == FC_RULE_SCHEDULE && !p->quantity)
            fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "order.quantity",
                    FC_BOTH("rule: schedule needs dated quantities",
                            "rule: schedule에는 날짜별 수량이 필요합니다"),
                    NULL);
        bool mixed = entry->is_map &&
                     (fc_entry_child(entry, "mix") || fc_entry_child(entry, "mix_by_order_year"));
        if (!mixed)
            fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "mix",
                    FC_BOTH("models bought, by share; or mix_by_order_year",
                            "구매 모델 구성; 또는 mix_by_order_year"),
                    NULL);
        check_targets(s, i, &place);
        check_prices(s, p, &place);
    }
    for (uint32_t i = 1; i < plan->n_currencies; i++) {
        /* The unit of per_usd names the currency: 1421.4 KRW/USD under KRW. */
        const fc_entry *entry = s->rosters->of[FC_ENTITY_CURRENCY].entry[i];
        fc_place place = fc_entry_key_place(s->b.arena, entry);
        if (!fc_currency_known(entry->name))
            fc_fail(s->b.diag, FC_E_REFERENCE_LIST, &place, entry->name,
                    FC_BOTH("currency codes", "통화 코드"), "KRW, EUR, JPY, CNY, GBP, INR, ...",
                    NULL);
    }
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
        fc_text_printf(&all, "%s%s", i ? ", " : "", path);
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
    fc_place place = fc_entry_place(s->b.arena, fc_tree_find(s->tree, "horizon"));
    fc_fail(s->b.diag, FC_E_HORIZON, &place, fc_date_format(root->end, FC_DATE_ISO, end),
            fc_date_format(root->start, FC_DATE_ISO, start), NULL);
}

static int bind_all(fc_section_binder *s, fc_scenario *scenario, const int64_t *seed)
{
    fc_plan *plan = s->b.plan;
    fc_param none;
    int ret = fc_binder_add_param(&s->b, 0, "", &none); /* parameter 0: not given */
    /* The root first: dates need the horizon's start, streams the seed. */
    if (ret ||
        (ret = fc_bind_section(s, &fc_section_root, s->tree->root, FC_NONE, &scenario->root)))
        return ret;
    if (seed) scenario->root.seed = *seed;
    check_horizon(s, &scenario->root);
    plan->seed = (uint64_t)scenario->root.seed;
    if (scenario->root.start.year) {
        plan->epoch = fc_epoch_on(scenario->root.start);
        plan->horizon = fc_epoch_time(plan->epoch, scenario->root.end);
    }
    if ((ret = make_arrays(s)) || (ret = bind_dollar(s)) || (ret = bind_entities(s)) ||
        (ret = bind_includes(s)))
        return ret;
    check_entities(s);
    if ((ret = fc_bind_aliases(&s->b)) || (ret = fc_bind_drivers(s)) ||
        (ret = fc_bind_correlations(s)) || (ret = find_headline(s, scenario)))
        return ret;
    return FC_OK;
}

static int bind_scenario(fc_scenario *scenario, const int64_t *seed, fc_diag *diag)
{
    fc_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return FC_E_NOMEM;
    scenario->plan = plan;
    if (!(plan->arena = fc_arena_create())) return FC_E_NOMEM;
    fc_rosters rosters;
    int ret = fc_rosters_fill(scenario->arena, scenario->tree, &rosters);
    if (ret) return ret;
    fc_section_binder s = {.b = {.plan = plan, .arena = plan->arena, .diag = diag},
                           .tree = scenario->tree,
                           .rosters = &rosters};
    size_t errors = fc_diag_errors(diag);
    if ((ret = bind_all(&s, scenario, seed))) return ret;
    if (fc_diag_errors(diag) > errors) return fc_diag_first(diag);
    return fc_plan_finish(plan, diag);
}

static const char *scenario_name(fc_arena *arena, const char *path,
                                 const fc_scenario_options *options)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');
    char *name =
        fc_arena_strndup(arena, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
    for (size_t i = 0; name && options && i < options->layers.with_count; i++)
        name = fc_arena_printf(arena, "%s+%s", name, options->layers.with[i]);
    return name;
}

static int load(const char *name, const char *text, size_t length,
                const fc_scenario_options *options, fc_diag *diag, fc_scenario **out)
{
    *out = NULL;
    fc_kernel_init();
    int ret = FC_E_NOMEM;
    fc_scenario *scenario = calloc(1, sizeof *scenario);
    fc_diag *own = diag ? NULL : fc_diag_create(); /* errors are counted even if unwanted */
    if (!diag) diag = own;
    if (!scenario || !diag || !(scenario->arena = fc_arena_create())) goto fail;
    fc_layer_options layers = options ? options->layers : (fc_layer_options){0};
    layers.schema = &fc_scenario_schema;
    scenario->name = scenario_name(scenario->arena, name, options);
    scenario->file = fc_arena_strdup(scenario->arena, name);
    if (!scenario->name || !scenario->file) goto fail;
    ret = text ? fc_layers_resolve_text(scenario->arena, name, text, length, &layers, diag,
                                        &scenario->tree)
               : fc_layers_resolve(scenario->arena, name, &layers, diag, &scenario->tree);
    if (ret) goto fail;
    if ((ret = bind_scenario(scenario, options ? options->seed : NULL, diag))) goto fail;
    if ((ret = fc_tree_hash(scenario->tree, scenario->hash))) goto fail;
    fc_diag_free(own);
    *out = scenario;
    return FC_OK;
fail:
    if (ret == FC_E_NOMEM) fc_fail(diag, ret, NULL, NULL);
    fc_diag_free(own);
    fc_scenario_free(scenario);
    return ret;
}

int fc_scenario_load(const char *path, const fc_scenario_options *options, fc_diag *diag,
                     fc_scenario **out)
{
    return load(path, NULL, 0, options, diag, out);
}

int fc_scenario_load_text(const char *name, const char *text, size_t length,
                          const fc_scenario_options *options, fc_diag *diag, fc_scenario **out)
{
    return load(name, text, length, options, diag, out);
}

void fc_scenario_free(fc_scenario *scenario)
{
    if (!scenario) return;
    fc_plan_free(scenario->plan);
    free(scenario->plan);
    fc_arena_free(scenario->arena);
    free(scenario);
}
