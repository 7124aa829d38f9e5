/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/scenario.h"

#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/init.h"
#include "scenario/bind_plan.h"

/* ---- what the merging has to know of keys --------------------------------------------------- */

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

/* ---- hash ----------------------------------------------------------------------------------- */

static void add_text(struct sha256_ctx *sha, const char *text)
{
    sha256_update(sha, strlen(text) + 1, (const uint8_t *)text); /* texts hold no NUL */
}

static void add_names(struct sha256_ctx *sha, const fc_entry *map)
{
    for (const fc_entry *e = map && map->is_map ? map->first : NULL; e; e = e->next)
        add_text(sha, e->name);
    add_text(sha, "");
}

/* The tree's own hash does not see the order in which things are named; the model does: orders
 * placed on one day, changes that strike at one instant, the last GPU of a mix. */
static int hash_scenario(const fc_tree *tree, const fc_rosters *rosters, char hex[65])
{
    static const char *const drivers[] = {"shocks", "policies"}, *const ops[] = {"set", "scale",
                                                                                 "add"};
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    int ret = fc_tree_hash(tree, hex);
    if (ret) return ret;
    sha256_init(&sha);
    add_text(&sha, hex);
    for (int k = 1; k < FC_N_ENTITIES; k++) {
        for (uint32_t i = 0; i < rosters->of[k].n; i++)
            add_text(&sha, fc_roster_name(rosters, (fc_entity)k, i));
        add_text(&sha, "");
    }
    const fc_roster *programmes = &rosters->of[FC_ENTITY_PROGRAMME];
    for (uint32_t i = 0; i < programmes->n; i++) {
        const fc_node *mix = fc_entry_value(fc_entry_child(programmes->entry[i], "mix"));
        const fc_node *models = fc_node_get(mix, "value");
        if (!models) models = mix;
        for (size_t m = 0; models && models->kind == FC_NODE_MAP && m < models->count; m++)
            add_text(&sha, models->pairs[m].key->text);
        add_text(&sha, "");
    }
    for (size_t d = 0; d < 2; d++) {
        const fc_entry *map = fc_entry_child(tree->root, drivers[d]);
        add_names(&sha, map);
        for (const fc_entry *e = map && map->is_map ? map->first : NULL; e; e = e->next)
            for (size_t op = 0; op < 3; op++) add_names(&sha, fc_entry_child(e, ops[op]));
    }
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02" PRIx8, digest[i]);
    return FC_OK;
}

/* ---- loading -------------------------------------------------------------------------------- */

/* The last two steps of a --set: "end-2030.gpus=25000". */
static const char *set_name(const char *set)
{
    const char *value = strchr(set, '='), *at = value ? value : set;
    for (int dots = 0; at > set; at--)
        if (at[-1] == '.' && ++dots == 2) break;
    return at;
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
    for (size_t i = 0; name && options && i < options->layers.sets_count; i++)
        name = fc_arena_printf(arena, "%s+%s", name, set_name(options->layers.sets[i]));
    return name;
}

static int bind(fc_scenario *scenario, const int64_t *seed, fc_diag *diag)
{
    fc_rosters rosters;
    fc_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return FC_E_NOMEM;
    scenario->plan = plan;
    if (!(plan->arena = fc_arena_create())) return FC_E_NOMEM;
    int ret = fc_rosters_fill(scenario->arena, scenario->tree, &rosters);
    if (ret || (ret = fc_bind_plan(scenario, &rosters, seed, diag))) return ret;
    return hash_scenario(scenario->tree, &rosters, scenario->hash);
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
    if (ret && !scenario->tree) goto fail;
    /* Keys given twice (ret) do not keep the rest from being looked at, and come first. */
    int bound = bind(scenario, options ? options->seed : NULL, diag);
    if (!ret || bound == FC_E_NOMEM) ret = bound;
    if (ret) goto fail;
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
