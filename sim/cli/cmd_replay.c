/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cli/output_file.h"
#include "cli/progress.h"
#include "cli/replay_options.h"
#include "report/replay_report.h"
#include "store/replay_store.h"
#include "trace/job_csv.h"

/* Where the jobs go: a CSV file, a results database, or nowhere. */
typedef struct output {
    fc_cli *cli;
    FILE *csv;
    fc_store *store;
    fc_replay_writer *writer;
    const char *policy;
} output;

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

static int open_output(fc_cli *cli, fc_replay_options *options, output *out)
{
    *out = (output){.cli = cli};
    if (!cli->output) return FC_OK;
    if (!ends_in(cli->output, ".csv")) {
        int ret = fc_replay_content(cli->args[0], cli->diag, &options->settings);
        if (!ret && fc_text_failed(&options->settings)) ret = FC_E_NOMEM;
        return ret ? ret : fc_store_open(cli->output, FC_STORE_WRITE, cli->diag, &out->store);
    }
    int ret = fc_output_open(cli, cli->output, "job_id,", &out->csv);
    if (!ret) fc_job_csv_header(out->csv);
    return ret;
}

static int take_csv(void *self, const fc_replay_row *row)
{
    output *out = self;
    fc_job_csv_row(out->csv, out->policy, row);
    return ferror(out->csv) ? fc_fail(out->cli->diag, FC_E_FILE_WRITE, NULL, out->cli->output,
                                      strerror(errno), NULL)
                            : FC_OK;
}

static int replay_one(fc_cli *cli, fc_replay_options *options, size_t i, output *out,
                      fc_replay_result *result)
{
    fc_replay_spec spec = options->spec;
    fc_progress progress;
    int ret = FC_OK;
    spec.policy = options->policies[i];
    spec.trace.names = cli->output != NULL;
    if (options->fleet.scenario) spec.changes = fc_fleet_cluster_changes(&options->fleet.cluster);
    out->policy = options->names[i];
    if (out->csv) spec.sink = (fc_replay_sink){take_csv, out};
    if (out->store) {
        fc_replay_id id = {cli->args[0], out->policy, options->settings.data};
        ret = fc_replay_writer_begin(out->store, &id, cli->diag, &out->writer);
        spec.sink = (fc_replay_sink){fc_replay_writer_take, out->writer};
    }
    fc_progress_start(&progress, cli, options->names[i]);
    spec.progress = fc_progress_share;
    spec.progress_self = &progress;
    /* What is wrong with the trace is told once, however many policies there are. */
    fc_diag *diag = i == 0 ? cli->diag : fc_diag_create();
    if (!ret) ret = diag ? fc_replay_run(&spec, diag, result) : FC_E_NOMEM;
    fc_progress_end(&progress);
    ret = fc_replay_writer_end(out->writer, ret, result);
    out->writer = NULL;
    if (i > 0) {
        if (ret && diag && fc_diag_errors(cli->diag) == 0)
            fc_fail(cli->diag, ret, NULL, out->policy, NULL);
        fc_diag_free(diag);
    }
    return ret;
}

static int print(fc_cli *cli, const fc_replay_options *options, const fc_replay_result *results)
{
    fc_text text = FC_TEXT_EMPTY;
    const fc_replay_report report = {.trace = cli->args[0],
                                     .groups = options->spec.groups,
                                     .group_count = options->spec.group_count,
                                     .fleet = options->fleet.scenario ? &options->fleet.told : NULL,
                                     .overrun = options->spec.overrun,
                                     .exact = options->spec.exact,
                                     .policies = options->names,
                                     .results = results,
                                     .n = options->n_policies};
    int ret = FC_OK;
    if (cli->json)
        ret = fc_replay_json(&report, &text);
    else
        fc_replay_text(&report, cli->lang, &text);
    if (!ret && fc_text_failed(&text)) ret = FC_E_NOMEM;
    if (!ret) ret = fc_cli_write(cli, text.data);
    fc_text_free(&text);
    return ret;
}

static int run(fc_cli *cli)
{
    fc_replay_options options;
    fc_replay_result results[FC_REPLAY_MOST_POLICIES];
    output out = {.cli = cli};
    int ret = fc_replay_options_read(cli, &options);
    if (!ret) ret = open_output(cli, &options, &out);
    for (size_t i = 0; !ret && i < options.n_policies; i++)
        ret = replay_one(cli, &options, i, &out, &results[i]);
    int closed = fc_output_close(cli, cli->output, out.csv);
    if (!ret) ret = closed;
    closed = fc_store_close(out.store);
    if (!ret) ret = closed;
    fc_cli_report(cli);
    if (!ret) ret = print(cli, &options, results);
    fc_replay_options_free(&options);
    return ret;
}

const fc_command fc_command_replay = {
    .name = "replay",
    .arguments = "TRACE",
    .summary = FC_BOTH("run the jobs of a real trace on a cluster of your own",
                       "실제 트레이스의 작업을 원하는 클러스터에서 재현"),
    .doc = FC_BOTH("Reads a job trace (Standard Workload Format 2.2, or the CSV of Helios, Acme, "
                   "Philly or Alibaba's openb; plain or gzip), runs its jobs under one or several "
                   "scheduling policies, and prints waits, slowdown and allocation. With -o, what "
                   "became of each job goes to a CSV file (FILE.csv) or into a results database.",
                   "작업 트레이스(표준 작업 기록 형식 2.2, 또는 Helios·Acme·Philly·Alibaba openb의 "
                   "CSV, gzip 가능)를 읽어 하나 이상의 스케줄링 정책으로 실행하고 대기 시간, "
                   "지연비, 배정률을 출력합니다. -o를 쓰면 작업별 결과를 CSV 파일(FILE.csv)이나 "
                   "결과 데이터베이스에 저장합니다."),
    .takes = FC_CLI_OUTPUT | FC_CLI_SEED | FC_CLI_JSON | FC_CLI_SCENARIO,
    .min_args = 1,
    .max_args = 1,
    .options = fc_replay_argp,
    .run = run,
};
