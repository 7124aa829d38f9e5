/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/init.h"

static fc_handler *const handlers[FC_N_EVENT_KINDS] = {
#define FC_X(kind, handler) [FC_EV_##kind] = handler,
    FC_EVENT_TABLE(FC_X)
#undef FC_X
};

/* ---- what the files of the model share ------------------------------------------------------ */

int fc_reserve(void *array, size_t *capacity, size_t need, size_t bytes)
{
    size_t wanted = *capacity * 2 > need ? *capacity * 2 : need + 8;
    char *old = NULL, *grown = NULL;

    if (need <= *capacity) return FC_OK;
    memcpy(&old, array, sizeof old);
    grown = reallocarray(old, wanted, bytes);
    if (grown == NULL) return FC_E_NOMEM;
    memset(grown + *capacity * bytes, 0, (wanted - *capacity) * bytes);
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return FC_OK;
}

int fc_schedule(fc_world *world, double time, unsigned class, fc_event what, fc_handle *out)
{
    double now = fc_now(world);

    if (out != NULL) *out = FC_NO_EVENT;
    if (!(time < world->plan->horizon)) return FC_OK;
    return fc_calendar_schedule(&world->calendar, time > now ? time : now, class, what, out);
}

int fc_out_of_domain(fc_world *world, const char *path, const char *what)
{
    return fc_fail(world->diag, FC_E_DOMAIN, &(fc_place){.path = path}, what, NULL);
}

int fc_ledger_broken(fc_world *world, const char *ledger, const char *path, const char *what)
{
    return fc_fail(world->diag, FC_E_LEDGER, &(fc_place){.path = path}, ledger, what, NULL);
}

int fc_log(fc_world *world, const char *what, const char *entity, int32_t lot, double amount,
           const char *unit)
{
    const fc_observer *observer = world->observer;

    if (observer == NULL || observer->log == NULL) return FC_OK;
    return observer->log(observer->self, &(fc_log_entry){.time = fc_now(world),
                                                         .what = what,
                                                         .entity = entity,
                                                         .lot = lot,
                                                         .amount = amount,
                                                         .unit = unit});
}

/* ---- creation ------------------------------------------------------------------------------- */

/* Names what a lot's or failure's draws belong to; the seed is in the parameters' keys. */
static uint64_t key_of(const fc_world *world, const char *path, const char *purpose)
{
    return fc_stream_key(world->plan->seed, path, purpose);
}

static int32_t fleet_owning(const fc_plan *plan, uint32_t index, bool stock)
{
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_fleet *fleet = &plan->fleets[f];
        uint32_t first = stock ? fleet->first_stock : fleet->first_programme;

        if (index - first < (stock ? fleet->n_stocks : fleet->n_programmes)) return (int32_t)f;
    }
    return 0;
}

static int create_holding(fc_world *world, uint32_t index, bool stock, fc_holding *holding)
{
    const fc_plan *plan = world->plan;
    const char *name = stock ? plan->stocks[index].name : plan->programmes[index].name;

    holding->fleet = fleet_owning(plan, index, stock);
    holding->path = fc_arena_printf(world->arena, "%s.%s.%s", plan->fleets[holding->fleet].name,
                                    stock ? "stock" : "programmes", name);
    holding->ordinal = fc_arena_array(world->arena, plan->n_accelerators, sizeof *holding->ordinal);
    if (holding->path == NULL || holding->ordinal == NULL) return FC_E_NOMEM;
    holding->key = key_of(world, holding->path, "lot");
    holding->tender_key = key_of(world, holding->path, "tender");
    holding->programme = stock ? FC_NONE : (int32_t)index;
    holding->stock = stock ? (int32_t)index : FC_NONE;
    if (!stock) {
        const fc_programme *programme = &plan->programmes[index];
        holding->hosts = &programme->host;
        holding->dearer =
            fc_arena_array(world->arena, programme->pays_from.n + 1u, sizeof *holding->dearer);
        if (holding->dearer == NULL) return FC_E_NOMEM;
    } else {
        uint32_t n = plan->stocks[index].site != FC_NONE;
        holding->own_host = (fc_refs){.n = n, .index = &plan->stocks[index].site};
        holding->hosts = &holding->own_host;
    }
    return FC_OK;
}

static uint32_t widest_mix(const fc_plan *plan)
{
    uint32_t widest = 1;

    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        const fc_programme *programme = &plan->programmes[i];

        if (programme->mix.n > widest) widest = programme->mix.n;
        for (uint32_t m = 0; m < programme->mix_by_year.n; m++) {
            if (programme->mix_by_year.mix[m].n > widest) widest = programme->mix_by_year.mix[m].n;
        }
    }
    return widest;
}

static int create_holdings(fc_world *world)
{
    const fc_plan *plan = world->plan;
    uint32_t widest = widest_mix(plan);
    int ret = FC_OK;

    world->n_holdings = plan->n_programmes + plan->n_stocks;
    world->holdings = fc_arena_array(world->arena, world->n_holdings, sizeof *world->holdings);
    if (world->holdings == NULL) return FC_E_NOMEM;
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_programmes; i++)
        ret = create_holding(world, i, false, &world->holdings[i]);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_stocks; i++)
        ret = create_holding(world, i, true, &world->holdings[plan->n_programmes + i]);
    if (ret != FC_OK) return ret;
    world->offers = fc_arena_array(world->arena, widest, sizeof *world->offers);
    world->parts = fc_arena_array(world->arena, widest, sizeof *world->parts);
    return world->offers == NULL || world->parts == NULL ? FC_E_NOMEM : FC_OK;
}

static int create_phases(fc_world *world)
{
    const fc_plan *plan = world->plan;

    world->phases = fc_arena_array(world->arena, plan->n_phases, sizeof *world->phases);
    if (world->phases == NULL) return FC_E_NOMEM;
    for (uint32_t s = 0; s < plan->n_sites; s++) {
        const fc_site *site = &plan->sites[s];

        for (uint32_t p = site->first_phase; p < site->first_phase + site->n_phases; p++) {
            world->phases[p].site = (int32_t)s;
            world->phases[p].path =
                fc_arena_printf(world->arena, "%s.sites.%s.phases.%s",
                                plan->fleets[site->fleet].name, site->name, plan->phases[p].name);
            if (world->phases[p].path == NULL) return FC_E_NOMEM;
            world->phases[p].key = key_of(world, world->phases[p].path, "phase");
            world->phases[p].committed = fc_arena_array(world->arena, site->pays_from.n + 1u,
                                                        sizeof *world->phases[p].committed);
            if (world->phases[p].committed == NULL) return FC_E_NOMEM;
        }
    }
    return FC_OK;
}

static int create_rest(fc_world *world)
{
    const fc_plan *plan = world->plan;

    world->budgets = fc_arena_array(world->arena, plan->n_budgets, sizeof *world->budgets);
    world->sites = fc_arena_array(world->arena, plan->n_sites, sizeof *world->sites);
    world->fleets = fc_arena_array(world->arena, plan->n_fleets, sizeof *world->fleets);
    world->targets = fc_arena_array(world->arena, plan->n_targets, sizeof *world->targets);
    world->allotments = fc_arena_array(world->arena, plan->n_allotments, sizeof *world->allotments);
    world->model_keys =
        fc_arena_array(world->arena, plan->n_accelerators, sizeof *world->model_keys);
    if (world->budgets == NULL || world->sites == NULL || world->fleets == NULL ||
        world->targets == NULL || world->model_keys == NULL || world->allotments == NULL)
        return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        int32_t fleet = fc_fleet_of_budget(plan, i);
        const char *path = fc_arena_printf(world->arena, "%s.budgets.%s", plan->fleets[fleet].name,
                                           plan->budgets[i].name);

        if (path == NULL) return FC_E_NOMEM;
        world->budgets[i].key = key_of(world, path, "enacted");
    }
    world->licence_key = key_of(world, "export_rules", "licence");
    for (uint32_t i = 0; i < plan->n_accelerators; i++)
        world->model_keys[i] = key_of(world, plan->accelerators[i].name, "model");
    for (uint32_t i = 0; i < plan->n_fleets; i++) {
        world->fleets[i].upkeep.key = key_of(world, plan->fleets[i].name, "failure");
        world->fleets[i].upkeep.scrap_key = key_of(world, plan->fleets[i].name, "scrapped");
        if (fc_repair_create(world, (int32_t)i) != FC_OK) return FC_E_NOMEM;
    }
    return fc_calendar_init(&world->calendar, 256);
}

int fc_world_create(const fc_plan *plan, fc_world **out)
{
    fc_world *world = calloc(1, sizeof *world);
    int ret = FC_OK;

    *out = NULL;
    if (world == NULL) return FC_E_NOMEM;
    fc_kernel_init();
    world->plan = plan;
    world->arena = fc_arena_create();
    ret = world->arena == NULL ? FC_E_NOMEM : fc_params_create(plan, &world->params);
    if (ret == FC_OK) ret = create_holdings(world);
    if (ret == FC_OK) ret = create_phases(world);
    if (ret == FC_OK) ret = create_rest(world);
    if (ret == FC_OK) ret = fc_exchange_create(world);
    if (ret == FC_OK) ret = fc_fiscal_create(world);
    if (ret == FC_OK) ret = fc_energy_create(world);
    if (ret == FC_OK) ret = fc_change_create(world);
    if (ret == FC_OK) ret = fc_demand_create(world);
    if (ret == FC_OK) {
        *out = world;
    } else {
        fc_world_free(world);
    }
    return ret;
}

void fc_world_free(fc_world *world)
{
    if (world == NULL) return;
    fc_calendar_free(&world->calendar);
    fc_params_free(world->params);
    for (uint32_t i = 0; world->holdings != NULL && i < world->n_holdings; i++)
        free(world->holdings[i].wishes);
    for (uint32_t i = 0; world->fleets != NULL && i < world->plan->n_fleets; i++) {
        free(world->fleets[i].queue);
        free(world->fleets[i].to_ship);
        fc_repair_free(world, (int32_t)i);
        free(world->fleets[i].staff.to_install.lots);
        free(world->fleets[i].staff.to_operate.lots);
    }
    for (size_t i = 0; i < world->age_capacity; i++) free(world->ages[i].born);
    for (size_t i = 0; i < world->batch_capacity; i++) {
        free(world->batches[i].by_crew);
        free(world->batches[i].by_replacement);
    }
    free(world->ages);
    free(world->batches);
    fc_demand_free(world);
    free(world->shortages.entries);
    free(world->marks);
    free(world->lots);
    fc_arena_free(world->arena);
    free(world);
}

int fc_record_init(fc_record *record, const fc_plan *plan)
{
    size_t series = (size_t)plan->n_months * plan->n_series;

    *record = (fc_record){
        .outcomes = calloc(plan->n_outcomes + 1u, sizeof *record->outcomes),
        .series = calloc(series + 1, sizeof *record->series),
        .draws = calloc(plan->n_draws + 1u, sizeof *record->draws),
        .waits = calloc(FC_WAITS_A_CLASS * (size_t)plan->n_classes + 1, sizeof *record->waits),
        .n_waits = FC_WAITS_A_CLASS * (size_t)plan->n_classes,
    };
    if (record->outcomes != NULL && record->series != NULL && record->draws != NULL &&
        record->waits != NULL)
        return FC_OK;
    fc_record_free(record);
    return FC_E_NOMEM;
}

void fc_record_free(fc_record *record)
{
    free(record->outcomes);
    free(record->series);
    free(record->draws);
    for (size_t i = 0; record->waits != NULL && i < record->n_waits; i++)
        free(record->waits[i].data);
    free(record->waits);
    *record = (fc_record){0};
}

/* ---- a replication -------------------------------------------------------------------------- */

static void reset_holding(fc_world *world, fc_holding *holding)
{
    holding->first_lot = holding->last_lot = FC_NONE;
    holding->bought = holding->refused = 0;
    holding->order_event = holding->safe_event = FC_NO_EVENT;
    holding->tender = (fc_tender_state){0};
    holding->n_wishes = 0;
    holding->delay = (fc_delay_ledger){0};
    memset(holding->count, 0, sizeof holding->count);
    memset(holding->ordinal, 0, world->plan->n_accelerators * sizeof *holding->ordinal);
    if (holding->programme != FC_NONE) {
        uint32_t n = world->plan->programmes[holding->programme].pays_from.n;
        memset(holding->dearer, 0, n * sizeof *holding->dearer);
    }
}

static void reset_fleet(fc_fleet_state *fleet)
{
    memset(fleet->count, 0, sizeof fleet->count);
    fleet->ordered = 0;
    fleet->waiting = fleet->n_to_ship = 0;
    fleet->quarter_event = FC_NO_EVENT;
    fleet->failed_calls = fleet->renewed = 0;
    fleet->first_contract = INFINITY;
    fleet->milestones_changed = true;
    fleet->allocation_changed = true;
    fc_level_init(&fleet->commissioned, 0, 0);
    fc_level_init(&fleet->in_repair, 0, 0);
    fc_level_init(&fleet->not_in_service, 0, 0);
    fc_level_init(&fleet->curtailed, 0, 0);
    fc_level_init(&fleet->unpaid, 0, 0);
    fleet->assessments_failed = fleet->phases_cancelled = 0;
}

static void reset(fc_world *world)
{
    const fc_plan *plan = world->plan;

    fc_calendar_clear(&world->calendar);
    world->events = 0;
    world->n_lots = 0;
    world->shortages.count = 0;
    for (uint32_t i = 0; i < world->n_holdings; i++) reset_holding(world, &world->holdings[i]);
    for (uint32_t i = 0; i < plan->n_budgets; i++)
        world->budgets[i] = (fc_budget_state){.key = world->budgets[i].key};
    for (uint32_t i = 0; i < plan->n_sites; i++)
        world->sites[i] = (fc_site_state){.first_lot = FC_NONE, .last_lot = FC_NONE};
    for (uint32_t i = 0; i < plan->n_allotments; i++)
        world->allotments[i] = (fc_allotment_state){0};
    for (uint32_t i = 0; i < plan->n_fleets; i++) reset_fleet(&world->fleets[i]);
    for (uint32_t i = 0; i < plan->n_phases; i++) {
        const fc_phase_state *old = &world->phases[i];
        world->phases[i] = (fc_phase_state){
            .path = old->path, .key = old->key, .site = old->site, .committed = old->committed};
        memset(old->committed, 0, plan->sites[old->site].pays_from.n * sizeof *old->committed);
    }
    for (uint32_t i = 0; i < plan->n_targets; i++) {
        fc_target_state *target = &world->targets[i];

        *target = (fc_target_state){.count_by = NAN};
        for (int m = 0; m < FC_N_MILESTONES; m++) target->reached[m] = INFINITY;
    }
}

/* What exists goes the way of all lots: delivered on the day it came into service. */
static int begin_stock(fc_world *world, uint32_t index)
{
    const fc_stock *stock = &world->plan->stocks[index];
    const fc_accelerator *model = &world->plan->accelerators[stock->model];
    fc_holding *holding = &world->holdings[world->plan->n_programmes + index];
    double count = fc_param_draw(world->params, stock->count, 0, 0);
    double per_server = fc_param_or(world->params, model->per_server, 0, 1);
    fc_lot_order order = {
        .holding = (int32_t)(world->plan->n_programmes + index),
        .model = stock->model,
        .budget = FC_NONE,
        .owed_in = FC_NONE,
        .id = holding->key,
        .server_power = fc_param_or(world->params, model->server_power, 0, 0),
    };
    fc_lot *lot = NULL;
    int ret = FC_OK;

    if (!(count >= 0.0 && count <= 1e12 && per_server >= 1.0 && per_server <= 1e6))
        return fc_out_of_domain(world, holding->path, "a number of accelerators");
    order.gpus = (int64_t)rint(count);
    order.per_server = (int64_t)rint(per_server);
    if (order.gpus == 0) return FC_OK;
    ret = fc_lot_create(world, &order, &lot);
    return ret == FC_OK ? fc_activity_done(world, lot, FC_A_FUNDING) : ret;
}

static int begin(fc_world *world)
{
    const fc_plan *plan = world->plan;
    fc_event month = {.kind = FC_EV_MONTH_END};
    int ret = FC_OK;

    fc_exchange_begin(world);
    ret = fc_fiscal_begin(world);
    if (ret == FC_OK) ret = fc_change_begin(world);
    fc_energy_begin(world);
    if (ret == FC_OK) ret = fc_export_begin(world);
    fc_grants_forget(world);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_fleets; i++) {
        ret = fc_upkeep_begin(world, (int32_t)i);
        if (ret == FC_OK) ret = fc_staff_begin(world, (int32_t)i);
        if (ret == FC_OK) ret = fc_demand_begin(world, (int32_t)i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_programmes; i++)
        ret = fc_announced_changed(world, (int32_t)i);
    for (uint32_t i = 0; ret == FC_OK && i < plan->n_stocks; i++) ret = begin_stock(world, i);
    if (ret == FC_OK && plan->n_months > 0)
        ret = fc_schedule(world, plan->month_ends[0], FC_CLASS_SAMPLE, month, NULL);
    return ret;
}

static int simulate(fc_world *world)
{
    bool always = world->observer != NULL && world->observer->verify;
    uint32_t n_fleets = world->plan->n_fleets;
    fc_event event;
    int ret = FC_OK;

    while (fc_calendar_next(&world->calendar, world->plan->horizon, &event)) {
        world->events++;
        if ((ret = handlers[event.kind](world, &event)) != FC_OK) return ret;
        for (uint32_t f = 0; f < n_fleets; f++) {
            if (!world->fleets[f].milestones_changed) continue;
            world->fleets[f].milestones_changed = false;
            fc_targets_look(world, (int32_t)f);
        }
        if ((ret = fc_delay_allocations(world, fc_now(world))) != FC_OK) return ret;
        if (always && (ret = fc_world_verify(world)) != FC_OK) return ret;
    }
    return FC_OK;
}

int fc_world_run(fc_world *world, uint32_t replication, const fc_observer *observer,
                 fc_record *record, fc_diag *diag)
{
    return fc_world_run_at(world, replication, NULL, observer, record, diag);
}

int fc_world_run_at(fc_world *world, uint32_t replication, const double *uniforms,
                    const fc_observer *observer, fc_record *record, fc_diag *diag)
{
    int ret = FC_OK;

    world->replication = replication;
    world->observer = observer;
    world->record = record;
    world->diag = diag;
    reset(world);
    ret = fc_params_begin(world->params, replication, uniforms, diag);
    if (ret == FC_OK) ret = begin(world);
    if (ret == FC_OK) ret = simulate(world);
    if (ret == FC_OK) ret = fc_running_end(world);
    if (ret == FC_OK) ret = fc_fiscal_end(world);
    if (ret == FC_OK) ret = fc_demand_end(world);
    if (ret == FC_OK) ret = fc_delay_allocations(world, world->plan->horizon);
    if (ret == FC_OK) ret = fc_world_verify(world);
    if (ret == FC_OK) ret = fc_delay_close(world);
    if (ret == FC_OK) ret = fc_observe_waits(world);
    if (ret != FC_OK) return ret;
    fc_observe_end(world);
    fc_params_draws(world->params, record->draws);
    record->events = world->events;
    return FC_OK;
}
