/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/demand_details.h"

#include <string.h>

/* Entities of a fleet's demand that have metrics: fleets.FLEET.demand.SECTION.NAME in a scenario,
 * with a key that every one has, and FLEET.NAMED.NAME in the results. */
static const struct {
    const char *section, *key, *named;
    fc_scope scope;
} kinds[] = {
    {"classes", "arrivals", "demand", FC_SCOPE_CLASS},
    {"services", "users", "services", FC_SCOPE_SERVICE},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

typedef struct source {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    int64_t run;
    const char *fleet;
} source;

static int read_metrics(const source *from, const char *entity, fc_demand_entity *out)
{
    int ret = FC_OK;
    for (int m = 0; !ret && m < FC_N_METRICS; m++) {
        bool is_of = fc_metrics[m].scope == out->scope && fc_is_demand_metric(m);
        out->value[m] = (fc_spread){0};
        if (!is_of || fc_metrics[m].kind != FC_KIND_OUTCOME) continue;
        ret = fc_outcome_spread(from->store, from->run, fc_metrics[m].id, entity, from->diag,
                                &out->value[m], NULL);
    }
    return ret;
}

/* The name in fleets.korea.demand.SECTION.NAME.KEY; NULL: another path. */
static const char *name_of(const source *from, const char *path, int kind)
{
    const char *prefix =
        fc_arena_printf(from->arena, "fleets.%s.demand.%s.", from->fleet, kinds[kind].section);
    size_t n = prefix ? strlen(prefix) : 0;
    if (!prefix || strncmp(path, prefix, n) != 0) return NULL;
    const char *dot = strchr(path + n, '.');
    if (!dot || strcmp(dot + 1, kinds[kind].key) != 0) return NULL;
    return fc_arena_strndup(from->arena, path + n, (size_t)(dot - path) - n);
}

static int add_entities(const source *from, const fc_input *inputs, size_t n, int kind,
                        fc_demand_details *out)
{
    int ret = FC_OK;
    for (size_t i = 0; !ret && i < n; i++) {
        const char *name = name_of(from, inputs[i].path, kind);
        if (!name) continue;
        const char *entity =
            fc_arena_printf(from->arena, "%s.%s.%s", from->fleet, kinds[kind].named, name);
        if (!entity) return fc_fail(from->diag, FC_E_NOMEM, NULL, NULL);
        out->entity[out->n] = (fc_demand_entity){.name = name, .scope = kinds[kind].scope};
        ret = read_metrics(from, entity, &out->entity[out->n++]);
    }
    return ret;
}

/* Each kind of entity has one such key an entity. */
static size_t count_entities(const source *from, const fc_input *inputs, size_t n)
{
    size_t count = 0;
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < n; i++) count += name_of(from, inputs[i].path, kind) != NULL;
    return count;
}

int fc_demand_details_make(fc_store *store, fc_arena *arena, const fc_summary *summary,
                           fc_diag *diag, fc_demand_details *out)
{
    const source from = {store, arena, diag, summary->run.id, summary->fleet.name};
    fc_input *inputs;
    size_t n;
    *out = (fc_demand_details){0};
    int ret = fc_store_inputs(store, arena, from.run, diag, &inputs, &n);
    if (ret) return ret;
    size_t count = count_entities(&from, inputs, n);
    if (count == 0) return FC_OK;
    out->entity = fc_arena_array(arena, count + 1, sizeof *out->entity);
    if (!out->entity) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    out->entity[out->n] = (fc_demand_entity){.scope = FC_SCOPE_FLEET};
    ret = read_metrics(&from, from.fleet, &out->entity[out->n++]);
    for (int kind = 0; !ret && kind < KINDS; kind++)
        ret = add_entities(&from, inputs, n, kind, out);
    return ret;
}
