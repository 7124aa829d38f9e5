/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/init.h"

enum { MOST = 4096 }; /* of each kind of thing in a plan by hand */

struct plan_builder {
    fc_plan *plan;
    fc_arena *arena;
};

static void give_up(const char *why)
{
    fprintf(stderr, "plan_builder: %s\n", why);
    exit(1);
}

static void *array(plan_builder *b, size_t n, size_t bytes)
{
    void *out = fc_arena_array(b->arena, n, bytes);
    if (!out) give_up("out of memory");
    return out;
}

static fc_date date_of(const char *text)
{
    fc_date date;
    if (fc_date_parse(text, &date, NULL) != FC_OK) give_up(text);
    return date;
}

plan_builder *build_start(const char *start, const char *end, uint64_t seed)
{
    fc_kernel_init();
    plan_builder *b = calloc(1, sizeof *b);
    if (!b || !(b->arena = fc_arena_create())) give_up("out of memory");
    fc_plan *plan = b->plan = array(b, 1, sizeof *plan);

    plan->arena = b->arena;
    plan->seed = seed;
    plan->epoch = fc_epoch_on(date_of(start));
    plan->horizon = fc_epoch_time(plan->epoch, date_of(end));
    plan->h100 = FC_NONE;
#define ARRAY(member) plan->member = array(b, MOST, sizeof *plan->member)
    ARRAY(values);
    ARRAY(params);
    ARRAY(changes);
    ARRAY(drivers);
    ARRAY(currencies);
    ARRAY(accelerators);
    ARRAY(grid_rules);
    ARRAY(fleets);
    ARRAY(stocks);
    ARRAY(budgets);
    ARRAY(programmes);
    ARRAY(sites);
    ARRAY(phases);
    ARRAY(targets);
    ARRAY(allotments);
    ARRAY(export_rules);
    ARRAY(pools);
    ARRAY(classes);
    ARRAY(services);
    ARRAY(calls);
    ARRAY(tariffs);
#undef ARRAY
    build_param(b, "(not given)", build_constant(b, 0));
    return b;
}

fc_plan *build_unfinished(plan_builder *b)
{
    return b->plan;
}

/* Changes grouped by parameter, in the order added. */
static void group_changes(plan_builder *b)
{
    fc_plan *plan = b->plan;
    fc_change *grouped = array(b, (size_t)plan->n_changes + 1, sizeof *grouped);
    uint32_t n = 0;

    for (fc_param p = 0; p < plan->n_params; p++) {
        plan->params[p].first_change = n;
        for (uint32_t i = 0; i < plan->n_changes; i++)
            if (plan->changes[i].param == p) grouped[n++] = plan->changes[i];
        plan->params[p].n_changes = n - plan->params[p].first_change;
    }
    plan->changes = grouped;
}

int build_plan_or_fail(plan_builder *b, fc_diag *diag, fc_plan **out)
{
    group_changes(b);
    *out = b->plan;
    free(b);
    return fc_plan_finish(*out, diag);
}

fc_plan *build_plan(plan_builder *b)
{
    fc_plan *plan;
    fc_diag *diag = fc_diag_create();

    if (build_plan_or_fail(b, diag, &plan) != FC_OK) {
        for (size_t i = 0; i < fc_diag_size(diag); i++) {
            char *text = fc_diag_text(diag, i, FC_LANG_EN);
            fprintf(stderr, "%s\n", text ? text : "out of memory");
            free(text);
        }
        give_up("the plan is refused");
    }
    fc_diag_free(diag);
    return plan;
}

/* ---- values ------------------------------------------------------------------------------ */

double build_time(const plan_builder *b, const char *date)
{
    return fc_epoch_time(b->plan->epoch, date_of(date));
}

static uint32_t add_value(plan_builder *b, fc_value value)
{
    if (b->plan->n_values == MOST) give_up("too many values");
    if (value.path) value.key = fc_stream_key(b->plan->seed, value.path, "value");
    value.factor = FC_NONE;
    b->plan->values[b->plan->n_values] = value;
    return b->plan->n_values++;
}

uint32_t build_constant(plan_builder *b, double x)
{
    return add_value(b, (fc_value){.form = FC_FORM_NUMBER, .number = x});
}

uint32_t build_drawn_of(plan_builder *b, fc_form form, const char *path, fc_distribution_kind kind,
                        int n, const uint32_t *values)
{
    uint32_t *args = array(b, (size_t)n, sizeof *args);

    for (int i = 0; i < n; i++) args[i] = values[i];
    return add_value(
        b,
        (fc_value){.form = form, .kind = kind, .n_args = (uint32_t)n, .args = args, .path = path});
}

static uint32_t drawn_of_numbers(plan_builder *b, fc_form form, const char *path,
                                 fc_distribution_kind kind, int n, va_list numbers)
{
    uint32_t args[FC_DIST_MAX_PARAMETERS];

    if (n > FC_DIST_MAX_PARAMETERS) give_up(path);
    for (int i = 0; i < n; i++) args[i] = build_constant(b, va_arg(numbers, double));
    return build_drawn_of(b, form, path, kind, n, args);
}

uint32_t build_unknown(plan_builder *b, const char *path, fc_distribution_kind kind, int n, ...)
{
    va_list numbers;
    va_start(numbers, n);
    uint32_t value = drawn_of_numbers(b, FC_FORM_UNKNOWN, path, kind, n, numbers);
    va_end(numbers);
    return value;
}

uint32_t build_varies(plan_builder *b, const char *path, fc_distribution_kind kind, int n, ...)
{
    va_list numbers;
    va_start(numbers, n);
    uint32_t value = drawn_of_numbers(b, FC_FORM_VARIES, path, kind, n, numbers);
    va_end(numbers);
    return value;
}

uint32_t build_path_of(plan_builder *b, fc_form form, double before, int n, const double *times,
                       const uint32_t *values)
{
    uint32_t *args = array(b, (size_t)n, sizeof *args);
    double *copy = array(b, (size_t)n, sizeof *copy);

    for (int i = 0; i < n; i++) {
        args[i] = values[i];
        copy[i] = times[i];
    }
    return add_value(
        b, (fc_value){
               .form = form, .number = before, .n_args = (uint32_t)n, .args = args, .times = copy});
}

fc_value *build_value(plan_builder *b, uint32_t value)
{
    return &b->plan->values[value];
}

void build_copula(plan_builder *b, int n, const uint32_t *unknowns, const double *cholesky)
{
    size_t cells = (size_t)n * (size_t)n;
    double *copy = array(b, cells, sizeof *copy);

    memcpy(copy, cholesky, cells * sizeof *copy);
    for (int i = 0; i < n; i++) b->plan->values[unknowns[i]].factor = i;
    b->plan->cholesky = copy;
    b->plan->n_factors = (uint32_t)n;
}

/* ---- parameters -------------------------------------------------------------------------- */

fc_param build_param(plan_builder *b, const char *path, uint32_t value)
{
    if (b->plan->n_params == MOST) give_up("too many parameters");
    b->plan->params[b->plan->n_params] = (fc_param_info){.value = value, .path = path};
    return b->plan->n_params++;
}

fc_param build_number(plan_builder *b, const char *path, double x)
{
    return build_param(b, path, build_constant(b, x));
}

fc_param build_date(plan_builder *b, const char *path, const char *date)
{
    return build_number(b, path, build_time(b, date));
}

fc_param build_steps(plan_builder *b, const char *path, double before, ...)
{
    double times[64];
    uint32_t values[64];
    int n = 0;
    va_list points;

    va_start(points, before);
    for (const char *date; (date = va_arg(points, const char *)) != NULL; n++) {
        if (n == 64) give_up(path);
        times[n] = build_time(b, date);
        values[n] = build_constant(b, va_arg(points, double));
    }
    va_end(points);
    return build_param(b, path, build_path_of(b, FC_FORM_STEP, before, n, times, values));
}

/* ---- drivers ----------------------------------------------------------------------------- */

int32_t build_driver(plan_builder *b, fc_driver driver)
{
    if (b->plan->n_drivers == MOST) give_up("too many drivers");
    if (driver.n_reviews == 0) driver.when_metric = FC_NONE;
    driver.key = fc_stream_key(b->plan->seed, driver.name, "driver");
    b->plan->drivers[b->plan->n_drivers] = driver;
    return (int32_t)b->plan->n_drivers++;
}

void build_change(plan_builder *b, int32_t driver, fc_param param, fc_change_op op, uint32_t value,
                  fc_in_progress in_progress)
{
    if (b->plan->n_changes == MOST) give_up("too many changes");
    b->plan->changes[b->plan->n_changes++] = (fc_change){.param = param,
                                                         .driver = (uint32_t)driver,
                                                         .op = op,
                                                         .value = value,
                                                         .in_progress = in_progress};
}

/* ---- entities ---------------------------------------------------------------------------- */

fc_refs build_refs(plan_builder *b, int n, ...)
{
    int32_t *index = array(b, (size_t)n, sizeof *index);
    va_list list;

    va_start(list, n);
    for (int i = 0; i < n; i++) index[i] = va_arg(list, int);
    va_end(list);
    return (fc_refs){.n = (uint32_t)n, .index = index};
}

fc_factors build_factors(plan_builder *b, int n, ...)
{
    int32_t *model = array(b, (size_t)n, sizeof *model);
    fc_param *factor = array(b, (size_t)n, sizeof *factor);
    va_list list;

    va_start(list, n);
    for (int i = 0; i < n; i++) {
        model[i] = va_arg(list, int);
        factor[i] = va_arg(list, fc_param);
    }
    va_end(list);
    return (fc_factors){.n = (uint32_t)n, .model = model, .factor = factor};
}

fc_mix build_mix(plan_builder *b, int n, ...)
{
    int32_t *model = array(b, (size_t)n, sizeof *model);
    double *share = array(b, (size_t)n, sizeof *share);
    va_list list;

    va_start(list, n);
    for (int i = 0; i < n; i++) {
        model[i] = va_arg(list, int);
        share[i] = va_arg(list, double);
    }
    va_end(list);
    return (fc_mix){.n = (uint32_t)n, .model = model, .share = share};
}

/* The fleet added last, with the entity counted as its. */
static fc_fleet *owner(plan_builder *b)
{
    if (b->plan->n_fleets == 0) give_up("an entity before the first fleet");
    return &b->plan->fleets[b->plan->n_fleets - 1];
}

#define ADD(member, entity)                                                                        \
    do {                                                                                           \
        if (b->plan->n_##member == MOST) give_up("too many " #member);                             \
        b->plan->member[b->plan->n_##member] = (entity);                                           \
    } while (0)

int32_t build_currency(plan_builder *b, const char *code, int minor_digits, fc_param per_usd)
{
    fc_currency currency = {.code = code, .minor_digits = minor_digits, .per_usd = per_usd};
    ADD(currencies, currency);
    return (int32_t)b->plan->n_currencies++;
}

int32_t build_accelerator(plan_builder *b, fc_accelerator accelerator)
{
    ADD(accelerators, accelerator);
    return (int32_t)b->plan->n_accelerators++;
}

int32_t build_grid_rule(plan_builder *b, fc_grid_rule rule)
{
    ADD(grid_rules, rule);
    return (int32_t)b->plan->n_grid_rules++;
}

int32_t build_fleet(plan_builder *b, fc_fleet fleet)
{
    fleet.first_stock = b->plan->n_stocks;
    fleet.first_budget = b->plan->n_budgets;
    fleet.first_programme = b->plan->n_programmes;
    fleet.first_site = b->plan->n_sites;
    fleet.first_target = b->plan->n_targets;
    fleet.first_allotment = b->plan->n_allotments;
    fleet.n_allotments = 0;
    fleet.demand.n_pools = fleet.demand.n_classes = fleet.demand.n_services = 0;
    fleet.demand.n_pools = fleet.demand.n_classes = fleet.demand.n_calls = 0;
    fleet.n_stocks = fleet.n_budgets = fleet.n_programmes = fleet.n_sites = fleet.n_targets = 0;
    ADD(fleets, fleet);
    return (int32_t)b->plan->n_fleets++;
}

int32_t build_stock(plan_builder *b, fc_stock stock)
{
    owner(b)->n_stocks++;
    ADD(stocks, stock);
    return (int32_t)b->plan->n_stocks++;
}

int32_t build_budget(plan_builder *b, fc_budget budget)
{
    owner(b)->n_budgets++;
    ADD(budgets, budget);
    return (int32_t)b->plan->n_budgets++;
}

int32_t build_programme(plan_builder *b, fc_programme programme)
{
    owner(b)->n_programmes++;
    ADD(programmes, programme);
    return (int32_t)b->plan->n_programmes++;
}

int32_t build_site(plan_builder *b, fc_site site)
{
    owner(b)->n_sites++;
    site.fleet = (int32_t)b->plan->n_fleets - 1;
    site.first_phase = b->plan->n_phases;
    site.n_phases = 0;
    ADD(sites, site);
    return (int32_t)b->plan->n_sites++;
}

int32_t build_phase(plan_builder *b, fc_phase phase)
{
    if (b->plan->n_sites == 0) give_up("a phase before the first site");
    b->plan->sites[b->plan->n_sites - 1].n_phases++;
    ADD(phases, phase);
    return (int32_t)b->plan->n_phases++;
}

int32_t build_target(plan_builder *b, fc_target target)
{
    owner(b)->n_targets++;
    ADD(targets, target);
    return (int32_t)b->plan->n_targets++;
}

int32_t build_allotment(plan_builder *b, fc_allotment allotment)
{
    owner(b)->n_allotments++;
    allotment.fleet = (int32_t)b->plan->n_fleets - 1;
    ADD(allotments, allotment);
    return (int32_t)b->plan->n_allotments++;
}

int32_t build_pool(plan_builder *b, fc_pool pool)
{
    fc_demand_spec *demand = &owner(b)->demand;

    if (demand->n_pools++ == 0) demand->first_pool = b->plan->n_pools;
    ADD(pools, pool);
    return (int32_t)b->plan->n_pools++;
}

int32_t build_call(plan_builder *b, fc_call call)
{
    fc_demand_spec *demand = &owner(b)->demand;

    if (demand->n_calls++ == 0) demand->first_call = b->plan->n_calls;
    call.fleet = (int32_t)b->plan->n_fleets - 1;
    ADD(calls, call);
    return (int32_t)b->plan->n_calls++;
}

int32_t build_class(plan_builder *b, fc_user_class users)
{
    fc_demand_spec *demand = &owner(b)->demand;

    if (demand->n_classes++ == 0) demand->first_class = b->plan->n_classes;
    users.fleet = (int32_t)b->plan->n_fleets - 1;
    if (demand->n_calls == 0) users.access = FC_NONE;
    ADD(classes, users);
    return (int32_t)b->plan->n_classes++;
}

int32_t build_service(plan_builder *b, fc_service service)
{
    fc_demand_spec *demand = &owner(b)->demand;

    if (demand->n_services++ == 0) demand->first_service = b->plan->n_services;
    service.fleet = (int32_t)b->plan->n_fleets - 1;
    ADD(services, service);
    return (int32_t)b->plan->n_services++;
}

int32_t build_export_rule(plan_builder *b, fc_export_rule rule)
{
    ADD(export_rules, rule);
    return (int32_t)b->plan->n_export_rules++;
}

int32_t build_tariff(plan_builder *b, fc_tariff tariff)
{
    ADD(tariffs, tariff);
    return (int32_t)b->plan->n_tariffs++;
}
