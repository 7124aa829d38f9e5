/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/counterfactual.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/params.h"
#include "model/removal.h"
#include "scenario/quantity.h"

static void hash_of(const char *of, const char *what, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    sha256_update(&sha, strlen(of) + 1, (const uint8_t *)of);
    sha256_update(&sha, strlen(what) + 1, (const uint8_t *)what);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02" PRIx8, digest[i]);
}

static const char *title_of(const fc_scenario *scenario, int lang)
{
    const char *title = scenario->root.title[lang];
    return title && *title ? title : scenario->name;
}

/* Names it, and keeps nothing but outcomes. */
static int name(const fc_scenario *of, const char *what, const char *en, const char *ko,
                fc_scenario *out)
{
    if (!what || !en || !ko) return FC_E_NOMEM;
    out->of = fc_arena_strdup(out->arena, of->hash);
    out->what = what;
    out->name = fc_arena_printf(out->arena, "%s %s", of->name, what);
    out->root.title[0] = fc_arena_printf(out->arena, "%s: %s", title_of(of, 0), en);
    out->root.title[1] = fc_arena_printf(out->arena, "%s: %s", title_of(of, 1), ko);
    if (!out->of || !out->name || !out->root.title[0] || !out->root.title[1]) return FC_E_NOMEM;
    hash_of(of->hash, what, out->hash);
    out->plan->n_series = 0;
    out->plan->n_draws = 0;
    return FC_OK;
}

/* What it says is that of `of`, whose tree and plan it shares. */
static int share(const fc_scenario *of, fc_scenario **out)
{
    fc_scenario *scenario = *out = calloc(1, sizeof *scenario);
    if (!scenario) return FC_E_NOMEM;
    *scenario = *of;
    scenario->arena = fc_arena_create();
    scenario->plan = malloc(sizeof *scenario->plan);
    if (scenario->plan) *scenario->plan = *of->plan;
    if (scenario->plan) scenario->plan->arena = NULL; /* it owns nothing */
    return scenario->arena && scenario->plan ? FC_OK : FC_E_NOMEM;
}

static int give(int ret, fc_scenario **out)
{
    if (ret == FC_OK) return ret;
    fc_scenario_free(*out);
    *out = NULL;
    return ret;
}

int fc_scenario_without(const fc_scenario *of, fc_cause cause, fc_scenario **out)
{
    const fc_cause_info *info = &fc_causes[cause];
    assert(fc_removals[cause].en != NULL);
    int ret = share(of, out);
    if (ret) return give(ret, out);
    fc_arena *arena = (*out)->arena;
    (*out)->plan->without |= UINT64_C(1) << cause;
    ret = name(of, fc_arena_printf(arena, "without %s", info->id),
               fc_arena_printf(arena, "without %s", info->en),
               fc_arena_printf(arena, "%s 지연 없음", info->ko), *out);
    return give(ret, out);
}

/* ---- the exchange rate ------------------------------------------------------------------------
 */

static const fc_fleet *headline_fleet(const fc_scenario *scenario)
{
    const fc_plan *plan = scenario->plan;
    for (uint32_t f = 0; scenario->headline != FC_NONE && f < plan->n_fleets; f++) {
        const fc_fleet *fleet = &plan->fleets[f];
        if ((uint32_t)scenario->headline - fleet->first_target < fleet->n_targets) return fleet;
    }
    return plan->n_fleets ? &plan->fleets[0] : NULL;
}

static bool is_dearer(const fc_plan *plan, const fc_programme *programme, const fc_mix *mix,
                      int32_t currency)
{
    for (uint32_t i = 0; i < mix->n; i++) {
        const fc_accelerator *model = &plan->accelerators[mix->model[i]];
        int32_t of = programme->price ? programme->price_currency : model->price_currency;
        if (of != FC_NONE && of != currency) return true;
    }
    return false;
}

/* Whether any of the fleet's budgets in the currency pays prices in another one. */
static bool is_exposed(const fc_plan *plan, const fc_fleet *fleet, int32_t currency)
{
    bool exposed = false;
    for (uint32_t p = 0; p < fleet->n_programmes; p++) {
        const fc_programme *programme = &plan->programmes[fleet->first_programme + p];
        bool pays = false;
        for (uint32_t b = 0; b < programme->pays_from.n; b++)
            pays |= plan->budgets[programme->pays_from.index[b]].currency == currency;
        if (!pays) continue;
        exposed |= programme->exchange.in_dollars != 0;
        exposed |= is_dearer(plan, programme, &programme->mix, currency);
        for (uint32_t y = 0; y < programme->mix_by_year.n; y++)
            exposed |= is_dearer(plan, programme, &programme->mix_by_year.mix[y], currency);
    }
    return exposed;
}

/* The rate expected at the start. */
static int rate_of(const fc_plan *plan, int32_t currency, double *rate)
{
    fc_params *params = NULL;
    int ret = fc_params_create(plan, &params);
    if (!ret) ret = fc_params_begin(params, 0, NULL, NULL);
    if (!ret) *rate = fc_param_expected(params, plan->currencies[currency].per_usd, 0);
    fc_params_free(params);
    return ret;
}

static int weaken(const fc_scenario *of, int32_t currency, double step, fc_scenario **out)
{
    int ret = share(of, out);
    if (ret) return give(ret, out);
    fc_plan *plan = (*out)->plan;
    fc_arena *arena = (*out)->arena;
    size_t n = plan->n_currencies;
    fc_currency *currencies = fc_arena_array(arena, n, sizeof *currencies);
    if (!currencies) return give(FC_E_NOMEM, out);
    memcpy(currencies, plan->currencies, n * sizeof *currencies);
    currencies[currency].weaker = step;
    plan->currencies = currencies;
    const char *code = currencies[currency].code;
    ret = name(of, fc_arena_printf(arena, "%s +%g", code, step),
               fc_arena_printf(arena, "%s weaker by %g a dollar", code, step),
               fc_arena_printf(arena, "달러당 %g%s 약세", step, fc_currency_word(code)), *out);
    return give(ret, out);
}

int fc_scenario_weaker(const fc_scenario *of, fc_scenario **out)
{
    const fc_fleet *fleet = headline_fleet(of);
    double rate = 0;
    *out = NULL;
    if (!fleet || fleet->currency == FC_NONE || !is_exposed(of->plan, fleet, fleet->currency))
        return FC_OK;
    if (strcmp(of->plan->currencies[fleet->currency].code, "USD") == 0) return FC_OK;
    int ret = rate_of(of->plan, fleet->currency, &rate);
    if (ret || !(rate > 0 && rate < INFINITY)) return ret;
    return weaken(of, fleet->currency, pow(10, floor(log10(rate)) - 1), out);
}

/* ---- policies ---------------------------------------------------------------------------------
 */

int fc_scenario_as_option(const fc_scenario *of, const char *policy, fc_scenario *scenario)
{
    fc_arena *arena = scenario->arena;
    const fc_entry *entry =
        fc_entry_child(fc_entry_child(scenario->tree->root, "policies"), policy);
    const fc_entry *title = fc_entry_child(entry, "title");
    const fc_node *en = fc_entry_value(fc_entry_child(title, "en"));
    const fc_node *ko = fc_entry_value(fc_entry_child(title, "ko")), *both = fc_entry_value(title);
    if (both) {
        en = both->kind == FC_NODE_MAP ? fc_node_get(both, "en") : both;
        ko = both->kind == FC_NODE_MAP ? fc_node_get(both, "ko") : both;
    }
    return name(of, fc_arena_printf(arena, "with %s", policy), en ? en->text : policy,
                ko   ? ko->text
                : en ? en->text
                     : policy,
                scenario);
}

static bool is_in_force(const fc_tree *tree, const char *policy)
{
    const fc_node *active = fc_entry_value(fc_entry_child(tree->root, "active"));
    for (size_t i = 0; i < tree->applied_count; i++)
        if (strcmp(tree->applied[i], policy) == 0) return true;
    for (size_t i = 0; active && active->kind == FC_NODE_SEQUENCE && i < active->count; i++)
        if (strcmp(active->items[i]->text, policy) == 0) return true;
    return false;
}

int fc_scenario_options_left(const fc_scenario *scenario, const char *const **names, size_t *n)
{
    const fc_entry *policies = fc_entry_child(scenario->tree->root, "policies");
    size_t all = policies && policies->is_map ? policies->count : 0;
    const char **list = fc_arena_array(scenario->arena, all + 1, sizeof *list);
    *n = 0;
    *names = list;
    if (!list) return FC_E_NOMEM;
    for (const fc_entry *e = all ? policies->first : NULL; e; e = e->next)
        if (!is_in_force(scenario->tree, e->name)) list[(*n)++] = e->name;
    return FC_OK;
}
