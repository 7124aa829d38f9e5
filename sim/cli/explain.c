/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain.h"

#include "cli/runner.h"

typedef struct with_cli {
    fc_cli *cli;
    fc_store *store;
    const char *path; /* of the scenario, to be loaded; of the database, to be run into */
    bool *failed;
} with_cli;

static int load(void *self, const char *policy, fc_scenario **out)
{
    with_cli *with = self;
    fc_cli *cli = with->cli;
    if (cli->n_with == FC_CLI_MAX_ARGS)
        return fc_fail(cli->diag, FC_E_USAGE, NULL,
                       FC_BOTH("too many --with", "--with가 너무 많습니다"), NULL);
    cli->with[cli->n_with++] = policy;
    int ret = fc_cli_load(cli, with->path, out);
    cli->n_with--;
    return ret;
}

static int run_one(void *self, fc_scenario *scenario, int64_t *run)
{
    with_cli *with = self;
    return fc_cli_simulate(with->cli, with->store, with->path, scenario, run, with->failed);
}

int fc_cli_load_options(fc_cli *cli, const char *path, fc_scenario *scenario,
                        fc_explain_options *out)
{
    with_cli with = {.cli = cli, .path = path};
    return fc_explain_load_options(&(fc_explainer){.load = load, .self = &with}, scenario, out);
}

int fc_cli_explain(fc_cli *cli, fc_store *store, const char *path, const fc_scenario *scenario,
                   const fc_explain_options *options, int64_t run, bool *failed)
{
    with_cli with = {.cli = cli, .store = store, .path = path, .failed = failed};
    fc_explainer explainer = {.run = run_one, .self = &with};
    return fc_explain_run(store, &explainer, scenario, options, run, cli->diag);
}
