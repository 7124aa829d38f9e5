/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include "cli/cli.h"
#include "cli/runner.h"
#include "report/compare_text.h"

/* A run is called by its name or by the first digits of its hash, as `status` lists them. */
static bool is_called(const fc_run_info *run, const char *name)
{
    size_t length = strlen(name);
    return strcmp(run->name, name) == 0 || (length >= 6 && strncmp(run->hash, name, length) == 0);
}

/* The newest run that is called so. */
static int find_run(fc_cli *cli, fc_store *store, fc_arena *arena, const char *path,
                    const char *name, int64_t *run)
{
    fc_run_info *runs;
    size_t n;
    int ret = fc_store_runs(store, arena, cli->diag, &runs, &n);
    if (ret) return ret;
    fc_text all = FC_TEXT_EMPTY;
    *run = -1;
    for (size_t i = 0; i < n; i++) {
        if (is_called(&runs[i], name)) *run = runs[i].id;
        fc_text_printf(&all, "%s%s", i ? ", " : "", runs[i].name);
    }
    if (*run < 0)
        ret = fc_fail(cli->diag, FC_E_NO_RUN, NULL, name, path, all.data ? all.data : "-", NULL);
    fc_text_free(&all);
    return ret;
}

static int compare(fc_cli *cli, fc_store *store, fc_arena *arena, const int64_t runs[2])
{
    fc_text text = FC_TEXT_EMPTY;
    fc_comparison *comparison;
    int ret = fc_compare_runs(store, arena, runs[0], runs[1], cli->diag, &comparison);
    if (!ret && cli->json)
        ret = fc_comparison_json(comparison, &text);
    else if (!ret)
        ret = fc_comparison_text(comparison, cli->lang, &text);
    if (!ret) ret = fc_text_failed(&text) ? FC_E_NOMEM : fc_cli_write(cli, text.data);
    fc_text_free(&text);
    return ret;
}

static int run(fc_cli *cli)
{
    const char *path = cli->output ? cli->output : "results.db";
    fc_store *store = NULL;
    fc_scenario *scenarios[2] = {NULL, NULL};
    int64_t runs[2] = {0, 0};
    bool failed = false, files = false;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? FC_OK : FC_E_NOMEM;
    for (size_t i = 0; i < 2; i++) {
        if (!fc_cli_is_scenario(cli->args[i])) continue;
        files = true;
        int code = fc_cli_load(cli, cli->args[i], &scenarios[i]);
        if (code && !ret) ret = code;
    }
    if (!ret) ret = fc_store_open(path, files ? FC_STORE_WRITE : FC_STORE_READ, cli->diag, &store);
    for (size_t i = 0; i < 2 && !ret; i++)
        ret = scenarios[i] ? fc_cli_simulate(cli, store, path, scenarios[i], &runs[i], &failed)
                           : find_run(cli, store, arena, path, cli->args[i], &runs[i]);
    if (!ret) ret = compare(cli, store, arena, runs);
    int closed = fc_store_close(store);
    if (!ret) ret = closed;
    for (size_t i = 0; i < 2; i++) fc_scenario_free(scenarios[i]);
    fc_arena_free(arena);
    return ret ? ret : failed ? fc_fail(cli->diag, FC_E_SOME_FAILED, NULL, path, NULL) : FC_OK;
}

const fc_command fc_command_compare = {
    .name = "compare",
    .arguments = "A B",
    .summary = "compare two scenarios, future by future",
    .doc = "A and B are scenario files (what is missing is simulated), a policy of theirs put in "
           "force "
           "as in plan.yaml+policy, or runs of the results database, by name or scenario hash (see "
           "status). Futures are paired by replication: differences with 95 % intervals, and the "
           "share of futures in which A is ahead.",
    .takes = FC_CLI_RUNS | FC_CLI_SCENARIO | FC_CLI_JSON,
    .min_args = 2,
    .max_args = 2,
    .run = run,
};
