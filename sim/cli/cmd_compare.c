/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include "cli/cli.h"
#include "cli/one_replication.h"
#include "cli/runner.h"

static int compare(fc_cli *cli, fc_store *store, const int64_t runs[2])
{
    char *text;
    fc_report_options options = {.lang = cli->lang, .json = cli->json};
    int ret = fc_report_comparison(store, runs[0], runs[1], &options, cli->diag, &text);
    if (!ret) ret = fc_cli_write(cli, text);
    free(text);
    return ret;
}

static int run(fc_cli *cli)
{
    const char *path = cli->output ? cli->output : "results.db";
    fc_store *store = NULL;
    fc_scenario *scenarios[2] = {NULL, NULL};
    int64_t runs[2] = {0, 0};
    bool failed = false, files = false;
    int ret = FC_OK;
    for (size_t i = 0; i < 2; i++) {
        if (!fc_cli_is_scenario(cli->args[i])) continue;
        files = true;
        int code = fc_cli_load(cli, cli->args[i], &scenarios[i]);
        if (code && !ret) ret = code;
    }
    if (!ret) ret = fc_store_open(path, files ? FC_STORE_WRITE : FC_STORE_READ, cli->diag, &store);
    for (size_t i = 0; i < 2 && !ret; i++)
        ret = scenarios[i] ? fc_cli_simulate(cli, store, path, scenarios[i], &runs[i], &failed)
                           : fc_store_find_run(store, cli->args[i], cli->diag, &runs[i]);
    if (!ret) ret = compare(cli, store, runs);
    if (!ret && failed) ret = fc_cli_some_failed(cli, store, path, runs, cli->args, 2);
    int closed = fc_store_close(store);
    if (!ret) ret = closed;
    for (size_t i = 0; i < 2; i++) fc_scenario_free(scenarios[i]);
    return ret;
}

const fc_command fc_command_compare = {
    .name = "compare",
    .arguments = "A B",
    .summary =
        FC_BOTH("compare two scenarios, future by future", "두 시나리오를 모의마다 짝지어 비교"),
    .doc =
        FC_BOTH("A and B are scenario files (what is missing is simulated), a policy of theirs put "
                "in force as in plan.yaml+policy, or runs of the results database, by name or "
                "scenario hash (see status). Futures are paired by replication: differences with "
                "95 % intervals, and the share of futures in which A is ahead.",
                "A와 B는 시나리오 파일(없는 모의는 실행함), plan.yaml+policy처럼 정책을 시행한 "
                "시나리오, 또는 결과 데이터베이스에 있는 실행의 이름이나 시나리오 해시(status "
                "참고)입니다. 모의 번호로 짝지어 차이와 95 % 구간, A가 앞서는 비율을 출력합니다."),
    .takes = FC_CLI_RUNS | FC_CLI_SCENARIO | FC_CLI_JSON,
    .min_args = 2,
    .max_args = 2,
    .run = run,
};
