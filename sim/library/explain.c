/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/explain.h"

#include <stdlib.h>
#include "analysis/explain.h"
#include "scenario/counterfactual.h"

static int load_option(const fc_explainer *explainer, const fc_scenario *of, const char *policy,
                       fc_scenario **out)
{
    int ret = explainer->load(explainer->self, policy, out);
    return ret ? ret : fc_scenario_as_option(of, policy, *out);
}

int fc_explain_load_options(const fc_explainer *explainer, fc_scenario *scenario,
                            fc_explain_options *out)
{
    const char *const *names;
    size_t n;
    *out = (fc_explain_options){0};
    int ret = fc_scenario_options_left(scenario, &names, &n);
    if (ret) return ret;
    if (!(out->scenario = calloc(n + 1, sizeof(fc_scenario *)))) return FC_E_NOMEM;
    for (; out->n < n && !ret; out->n++)
        ret = load_option(explainer, scenario, names[out->n], &out->scenario[out->n]);
    return ret;
}

void fc_explain_free_options(fc_explain_options *options)
{
    for (size_t i = 0; i < options->n; i++) fc_scenario_free(options->scenario[i]);
    free(options->scenario);
    *options = (fc_explain_options){0};
}

/* Runs a counterfactual, and frees it. */
static int run_and_free(const fc_explainer *explainer, fc_scenario *scenario)
{
    int64_t ignored;
    int ret = explainer->run(explainer->self, scenario, &ignored);
    fc_scenario_free(scenario);
    return ret;
}

static int find_causes(fc_store *store, int64_t run, fc_diag *diag, fc_cause causes[FC_N_CAUSES],
                       size_t *n)
{
    fc_arena *arena = fc_arena_create();
    fc_summary summary;
    int ret = arena ? fc_summary_make(store, arena, run, diag, &summary) : FC_E_NOMEM;
    if (!ret) *n = fc_explain_causes(&summary, causes);
    fc_arena_free(arena);
    return ret;
}

int fc_explain_run(fc_store *store, const fc_explainer *explainer, const fc_scenario *scenario,
                   const fc_explain_options *options, int64_t run, fc_diag *diag)
{
    fc_cause causes[FC_N_CAUSES];
    fc_scenario *other = NULL;
    size_t n = 0;
    int64_t ignored;
    int ret = find_causes(store, run, diag, causes, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        ret = fc_scenario_without(scenario, causes[i], &other);
        if (!ret) ret = run_and_free(explainer, other);
    }
    if (!ret) ret = fc_scenario_weaker(scenario, &other);
    if (!ret && other) ret = run_and_free(explainer, other);
    for (size_t i = 0; i < options->n && !ret; i++)
        ret = explainer->run(explainer->self, options->scenario[i], &ignored);
    return ret;
}
