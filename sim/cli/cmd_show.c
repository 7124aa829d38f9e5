/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include "cli/cli.h"
#include "scenario/tree_print.h"

enum { RESOLVED, DIFF };

static const struct argp_option options[] = {
    {"resolved", FC_CLI_OWN + RESOLVED, NULL, 0,
     FC_BOTH("Print the scenario as resolved, each value with where it was set (default)",
             "모두 적용된 시나리오를, 값마다 정해진 곳과 함께 출력(기본)"),
     0},
    {"diff", FC_CLI_OWN + DIFF, "PARENT", 0,
     FC_BOTH(
         "Print only what makes it differ from another scenario, or from a layer such as a parent",
         "다른 시나리오나 상위 파일과 다른 부분만 출력"),
     0},
    {0}};

static int run(fc_cli *cli)
{
    const char *diff_with = cli->own[DIFF];
    fc_scenario *scenario = NULL;
    const fc_tree *parent = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_cli_load(cli, cli->args[0], &scenario) : FC_E_NOMEM;
    if (!ret && diff_with) {
        cli->n_with = cli->n_sets = 0; /* the command line changes the scenario, not its parent */
        ret = fc_cli_resolve(cli, diff_with, arena, &parent);
    }
    if (!ret)
        ret = diff_with ? fc_tree_diff(parent, scenario->tree, stdout, NULL)
                        : fc_tree_print_resolved(scenario->tree, stdout, cli->lang);
    if (!ret) ret = fc_cli_write(cli, "");
    fc_scenario_free(scenario);
    fc_arena_free(arena);
    return ret;
}

const fc_command fc_command_show = {
    .name = "show",
    .arguments = "SCENARIO",
    .summary = FC_BOTH("print a scenario as resolved, or what differs from its parent",
                       "모두 적용된 시나리오나 상위 파일과의 차이를 출력"),
    .doc = FC_BOTH("The resolved form is itself a scenario: parents, policies and --set worked in, "
                   "each value followed by the file and line that set it and what it replaced.",
                   "출력은 그 자체로 시나리오입니다. 상위 파일, 정책, --set이 모두 적용되어 있고, "
                   "값마다 정해진 파일과 줄, 바뀌기 전의 값이 적혀 있습니다."),
    .takes = FC_CLI_SCENARIO,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
