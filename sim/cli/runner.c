/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "cli/progress.h"
#include "experiment/experiment.h"
#include "report/chart_svg.h"

static atomic_bool interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
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
                FC_SAY(cli,
                       "%s: %u replications (%.1f million events) in %.1f s, %u in all in %s\n",
                       "%s: 모의 %u회(사건 %.1f백만 건) %.1f초, 모두 %u회를 %s에 저장\n"),
                scenario->name, result->done, (double)result->events / 1e6, seconds,
                result->found + result->done, path);
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
                                     .progress = fc_progress_show,
                                     .self = &progress,
                                     .stop = &interrupted};
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND}, old_int,
                     old_term;
    sigaction(SIGINT, &action, &old_int);
    sigaction(SIGTERM, &action, &old_term);
    double started = now();
    fc_experiment_result result;
    int ret = fc_experiment_run(store, scenario, &options, cli->diag, &result);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    fc_progress_end(&progress);
    if (ret) return ret;
    *run = result.run;
    *failed |= result.failed > 0;
    say_done(cli, scenario, path, &result, now() - started);
    return result.stopped ? fc_fail(cli->diag, FC_E_INTERRUPTED, NULL, path, NULL) : FC_OK;
}

/* A slip of the hand must not cost a scenario or a database. */
static bool may_replace(const char *path)
{
    char head[4];
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) return true;
    FILE *file = fopen(path, "r");
    bool chart = file && fread(head, 1, sizeof head, file) == sizeof head &&
                 memcmp(head, "<svg", sizeof head) == 0;
    if (file) fclose(file);
    return chart;
}

int fc_cli_chart(fc_cli *cli, fc_store *store, int64_t run, const char *path)
{
    if (!may_replace(path))
        return fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, path,
                       FC_BOTH("it holds something else than a chart", "차트가 아닌 파일입니다"),
                       NULL);
    fc_text text = FC_TEXT_EMPTY;
    int ret = fc_chart_svg(store, run, cli->lang, cli->diag, &text);
    FILE *file = NULL;
    if (!ret && fc_text_failed(&text)) ret = FC_E_NOMEM;
    if (!ret && !(file = fopen(path, "w")))
        ret = fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
    bool broken = !ret && fwrite(text.data, 1, text.length, file) != text.length;
    if (file && fclose(file)) broken = true;
    if (broken) ret = fc_fail(cli->diag, FC_E_FILE_WRITE, NULL, path, strerror(errno), NULL);
    fc_text_free(&text);
    return ret;
}
