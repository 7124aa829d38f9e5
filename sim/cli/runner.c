/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/runner.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/output_file.h"
#include "cli/progress.h"
#include "experiment/experiment.h"

static atomic_bool interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

static struct sigaction old_int, old_term;

const atomic_bool *fc_cli_catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, &old_int);
    sigaction(SIGTERM, &action, &old_term);
    return &interrupted;
}

void fc_cli_release_signals(void)
{
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
}

int fc_cli_open(fc_cli *cli, const char *path, fc_store **out)
{
    int ret = fc_store_open(path, FC_STORE_WRITE, cli->diag, out);
    if (!ret && cli->force) fc_store_mix_libm(*out);
    return ret;
}

void fc_cli_say_precision(const fc_cli *cli, const char *name, const char *text,
                          const fc_precision_result *reached)
{
    fprintf(stderr, "%s: %s (%s): ", name, text, reached->entity);
    fprintf(stderr,
            reached->reached ? FC_SAY(cli, "reached with %u replications", "모의 %u회에서 도달")
                             : FC_SAY(cli, "not reached with %u replications, the most",
                                      "상한인 모의 %u회까지 미도달"),
            reached->n);
    if (reached->without)
        fprintf(stderr, FC_SAY(cli, ", of which %u have no value", "(그중 값이 없는 것 %u회)"),
                reached->without);
    fprintf(
        stderr,
        FC_SAY(cli, ": %.6g, from %.6g to %.6g (%.2f %%)\n", ": %.6g, 구간 %.6g ~ %.6g(%.2f %%)\n"),
        reached->estimate, reached->interval.low, reached->interval.high,
        100 * reached->half_width);
}

int fc_cli_load_all(fc_cli *cli, fc_scenario **out)
{
    int ret = FC_OK;
    for (size_t i = 0; i < cli->n_args; i++) {
        int code = fc_cli_load(cli, cli->args[i], &out[i]);
        if (code && !ret) ret = code;
    }
    return ret;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void say_done(const fc_cli *cli, const fc_scenario *scenario, const char *path,
                     const fc_experiment_result *result, double seconds)
{
    if (cli->quiet) return;
    if (result->done == 0)
        fprintf(stderr,
                FC_SAY(cli, "%s: all %u replications were already in %s\n",
                       "%s: 모의 %u회가 이미 %s에 있음\n"),
                scenario->name, result->total, path);
    else
        fprintf(stderr,
                FC_SAY(cli, "%s: %u replications in %.1f s, %u in all in %s\n",
                       "%s: 모의 %u회 %.1f초, 모두 %u회를 %s에 저장\n"),
                scenario->name, result->done, seconds, result->found + result->done, path);
    if (result->failed)
        fprintf(stderr,
                FC_SAY(cli,
                       "%s: %u replications failed; they are listed in the table "
                       "failure\n",
                       "%s: 모의 %u회 실패; failure 표에 기록\n"),
                scenario->name, result->failed);
}

int fc_cli_simulate(fc_cli *cli, fc_store *store, const char *path, fc_scenario *scenario,
                    int64_t *run, bool *failed)
{
    fc_progress progress;
    fc_progress_start(&progress, cli, scenario->name);
    fc_experiment_options options = {.replications = (uint32_t)cli->replications,
                                     .threads = (unsigned)cli->jobs,
                                     .shard = cli->shard,
                                     .shards = cli->shards,
                                     .force = cli->force,
                                     .engine = cli->engine,
                                     .progress = fc_progress_show,
                                     .self = &progress,
                                     .stop = fc_cli_catch_signals()};
    double started = now();
    fc_experiment_result result;
    fc_precision precision;
    fc_precision_result reached = {0};
    int ret = cli->precision ? fc_precision_parse(cli->precision, cli->diag, &precision) : FC_OK;
    if (!ret)
        ret = cli->precision ? fc_experiment_run_until(store, scenario, &precision, &options,
                                                       cli->diag, &result, &reached)
                             : fc_experiment_run(store, scenario, &options, cli->diag, &result);
    fc_cli_release_signals();
    fc_progress_end(&progress);
    if (ret) return ret;
    if (cli->precision && !result.stopped && !cli->quiet)
        fc_cli_say_precision(cli, scenario->name, cli->precision, &reached);
    *run = result.run;
    *failed |= result.failed > 0;
    say_done(cli, scenario, path, &result, now() - started);
    return result.stopped ? fc_fail(cli->diag, FC_E_INTERRUPTED, NULL, path, NULL) : FC_OK;
}

int fc_cli_chart(fc_cli *cli, fc_store *store, int64_t run, const char *path)
{
    FILE *file = NULL;
    char *text;
    int ret = fc_report_chart(store, run, cli->lang, cli->diag, &text);
    if (!ret) ret = fc_output_open(cli, path, "<svg", &file);
    if (!ret) fputs(text, file);
    int closed = fc_output_close(cli, path, file);
    free(text);
    return ret ? ret : closed;
}
