/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain.h"

#include <stdlib.h>
#include "analysis/explain.h"
#include "cli/runner.h"
#include "scenario/counterfactual.h"

static int load_option(fc_cli *cli, const char *path, const fc_scenario *of, const char *policy,
                       fc_scenario **out)
{
    if (cli->n_with == FC_CLI_MAX_ARGS)
        return fc_fail(cli->diag, FC_E_USAGE, NULL,
                       FC_BOTH("too many --with", "--with가 너무 많습니다"), NULL);
    cli->with[cli->n_with++] = policy;
    int ret = fc_cli_load(cli, path, out);
    cli->n_with--;
    return ret ? ret : fc_scenario_as_option(of, policy, *out);
}

int fc_cli_load_options(fc_cli *cli, const char *path, fc_scenario *scenario, fc_cli_options *out)
{
    const char *const *names;
    size_t n;
    *out = (fc_cli_options){0};
    int ret = fc_scenario_options_left(scenario, &names, &n);
    if (ret) return ret;
    if (!(out->scenario = calloc(n + 1, sizeof(fc_scenario *)))) return FC_E_NOMEM;
    for (; out->n < n && !ret; out->n++)
        ret = load_option(cli, path, scenario, names[out->n], &out->scenario[out->n]);
    return ret;
}

void fc_cli_free_options(fc_cli_options *options)
{
    for (size_t i = 0; i < options->n; i++) fc_scenario_free(options->scenario[i]);
    free(options->scenario);
    *options = (fc_cli_options){0};
}

/* Runs a counterfactual, and frees it. */
static int run_and_free(fc_cli *cli, fc_store *store, const char *path, fc_scenario *scenario,
                        bool *failed)
{
    int64_t run;
    int ret = fc_cli_simulate(cli, store, path, scenario, &run, failed);
    fc_scenario_free(scenario);
    return ret;
}

static int find_causes(fc_cli *cli, fc_store *store, int64_t run, fc_cause causes[FC_N_CAUSES],
                       size_t *n)
{
    fc_arena *arena = fc_arena_create();
    fc_summary summary;
    int ret = arena ? fc_summary_make(store, arena, run, cli->diag, &summary) : FC_E_NOMEM;
    if (!ret) *n = fc_explain_causes(&summary, causes);
    fc_arena_free(arena);
    return ret;
}

int fc_cli_explain(fc_cli *cli, fc_store *store, const char *path, const fc_scenario *scenario,
                   const fc_cli_options *options, int64_t run, bool *failed)
{
    fc_cause causes[FC_N_CAUSES];
    fc_scenario *other = NULL;
    size_t n = 0;
    int ret = find_causes(cli, store, run, causes, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        ret = fc_scenario_without(scenario, causes[i], &other);
        if (!ret) ret = run_and_free(cli, store, path, other, failed);
    }
    if (!ret) ret = fc_scenario_weaker(scenario, &other);
    if (!ret && other) ret = run_and_free(cli, store, path, other, failed);
    int64_t ignored;
    for (size_t i = 0; i < options->n && !ret; i++)
        ret = fc_cli_simulate(cli, store, path, options->scenario[i], &ignored, failed);
    return ret;
}
