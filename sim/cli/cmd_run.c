/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include "cli/cli.h"
#include "cli/explain.h"
#include "cli/one_replication.h"
#include "cli/runner.h"

enum { FULL, CHART, EXPLAIN, ONLY, EVENTS };

static const struct argp_option options[] = {
    {"full", FC_CLI_OWN + FULL, NULL, 0,
     FC_BOTH("Add the annex: exact values and intervals", "붙임 추가: 정확한 값과 구간"), 0},
    {"explain", FC_CLI_OWN + EXPLAIN, NULL, 0,
     FC_BOTH("Also run the futures without each cause of delay, and with each policy not in force",
             "지연 원인을 하나씩 없앤 경우와 시행하지 않은 정책을 시행한 경우도 모의"),
     0},
    {"only", FC_CLI_OWN + ONLY, "R", 0,
     FC_BOTH("Simulate replication R alone and store nothing, e.g. one of the table failure",
             "모의 R번 하나만 실행하고 저장하지 않음(예: failure 표에 있는 것)"),
     0},
    {"events", FC_CLI_OWN + EVENTS, "FILE", 0,
     FC_BOTH("With --only: write what happened in it as CSV",
             "--only와 함께: 일어난 사건을 CSV로 쓰기"),
     0},
    {"chart", FC_CLI_OWN + CHART, "FILE", 0,
     FC_BOTH("Write a chart of the fleet over time (SVG)", "시간에 따른 보유 GPU 그림(SVG) 쓰기"),
     0},
    {0}};

/* What stands before answer i of n; i = n: after the last. Several make one JSON array. */
static int write_between(fc_cli *cli, size_t i, size_t n)
{
    const char *text = !cli->json ? (i > 0 && i < n ? "\n" : "")
                       : n == 1   ? ""
                       : i == 0   ? "[\n"
                       : i < n    ? ",\n"
                                  : "]\n";
    return fc_cli_write(cli, text);
}

static int answer(fc_cli *cli, fc_store *store, int64_t run)
{
    char *text = NULL;
    fc_report_options how = {
        .lang = cli->lang, .json = cli->json, .full = cli->own[FULL] != NULL, .color = cli->color};
    /* Another process may have added to the run since it was simulated: without a summary of all of
     * it every value would be read. */
    int ret = fc_store_summarise(store, run, fc_pool_threads((unsigned)cli->jobs), cli->diag);
    if (!ret) ret = fc_report_answer(store, run, &how, cli->diag, &text);
    if (!ret) ret = fc_cli_write(cli, text);
    if (!ret && cli->own[CHART]) ret = fc_cli_chart(cli, store, run, cli->own[CHART]);
    free(text);
    return ret;
}

/* --only: one replication, nothing stored. */
static int run_alone(fc_cli *cli)
{
    fc_scenario *scenario;
    if (cli->n_args > 1 || !cli->own[ONLY])
        return fc_fail(cli->diag, FC_E_USAGE, NULL,
                       FC_BOTH("--events needs --only, and --only one scenario",
                               "--events에는 --only가, --only에는 시나리오 하나가 필요합니다"),
                       NULL);
    uint32_t r = (uint32_t)fc_cli_whole(cli, "--only", cli->own[ONLY], 0, 9999999);
    int ret = fc_cli_load(cli, cli->args[0], &scenario);
    if (ret) return ret;
    ret = fc_cli_run_one(cli, scenario, NULL, r, cli->own[EVENTS]);
    fc_scenario_free(scenario);
    return ret;
}

static int run(fc_cli *cli)
{
    const char *path = cli->output ? cli->output : "results.db";
    if (cli->own[CHART] && cli->n_args > 1)
        return fc_fail(
            cli->diag, FC_E_USAGE, NULL,
            FC_BOTH("--chart draws one scenario", "--chart에는 시나리오를 하나만 쓰십시오"), NULL);
    if (cli->own[ONLY] || cli->own[EVENTS]) return run_alone(cli);
    if (cli->own[EXPLAIN] && (cli->shards || cli->precision))
        return fc_fail(cli->diag, FC_E_USAGE, NULL,
                       FC_BOTH("--explain needs the whole run: give it without --shard and "
                               "--precision once that is done",
                               "--explain에는 전체 실행이 필요합니다: 끝난 뒤에 --shard와 "
                               "--precision 없이 쓰십시오"),
                       NULL);
    fc_store *store = NULL;
    fc_scenario *scenarios[FC_CLI_MAX_ARGS] = {NULL};
    fc_explain_options options_of[FC_CLI_MAX_ARGS] = {{0}};
    bool explain = cli->own[EXPLAIN] != NULL;
    int64_t runs[FC_CLI_MAX_ARGS];
    bool failed = false;
    /* All scenarios are checked before the first is run, or a file touched. */
    int ret = fc_cli_load_all(cli, scenarios);
    for (size_t i = 0; !ret && explain && i < cli->n_args; i++)
        ret = fc_cli_load_options(cli, cli->args[i], scenarios[i], &options_of[i]);
    if (!ret) ret = fc_cli_open(cli, path, &store);
    size_t n = 0;
    for (; !ret && n < cli->n_args; n++) {
        ret = fc_cli_simulate(cli, store, path, scenarios[n], &runs[n], &failed);
        if (!ret && explain)
            ret = fc_cli_explain(cli, store, path, scenarios[n], &options_of[n], runs[n], &failed);
    }
    fc_cli_report(cli);
    for (size_t i = 0; !ret && i < n; i++) {
        ret = write_between(cli, i, n);
        if (!ret) ret = answer(cli, store, runs[i]);
    }
    if (!ret) ret = write_between(cli, n, n);
    if (!ret && failed) ret = fc_cli_some_failed(cli, store, path, runs, cli->args, n);
    int closed = fc_store_close(store);
    if (!ret) ret = closed;
    for (size_t i = 0; i < cli->n_args; i++) {
        fc_explain_free_options(&options_of[i]);
        fc_scenario_free(scenarios[i]);
    }
    return ret;
}

const fc_command fc_command_run = {
    .name = "run",
    .arguments = "SCENARIO...",
    .summary =
        FC_BOTH("simulate scenarios and print the answer", "시나리오를 모의하고 한 쪽 요약을 출력"),
    .doc = FC_BOTH("Simulates every replication that the results database does not hold yet, on "
                   "all processors, and prints the one-page answer. Stopped at any moment, the "
                   "same command goes on where it was. With --explain every future is also run "
                   "without each cause of delay, with each policy that is not in force, and at a "
                   "weaker exchange rate, and the answer says what would be gained.",
                   "결과 데이터베이스에 아직 없는 모의를 모든 프로세서로 실행하고 한 쪽 요약을 "
                   "출력합니다. 언제 중단되어도 같은 명령으로 이어서 실행됩니다. --explain을 쓰면 "
                   "지연 원인을 하나씩 없앤 경우, 시행하지 않은 정책을 시행한 경우, 환율이 더 오른 "
                   "경우도 모의하여 얼마나 나아지는지 알려 줍니다."),
    .takes = FC_CLI_RUNS | FC_CLI_SCENARIO | FC_CLI_JSON | FC_CLI_PARTS,
    .min_args = 1,
    .max_args = FC_CLI_MAX_ARGS,
    .options = options,
    .run = run,
};
