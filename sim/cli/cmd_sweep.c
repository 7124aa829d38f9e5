/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/one_replication.h"
#include "cli/runner.h"
#include "experiment/sweep.h"
#include "report/sweep_text.h"

enum { WRITE_DESIGN, DRY, ONLY, EVENTS };

static const struct argp_option options[] = {
    {"write-design", FC_CLI_OWN + WRITE_DESIGN, "FILE", 0,
     FC_BOTH("Write the design's points as CSV, which a list design reads back",
             "설계점을 CSV로 쓰기(list 설계로 다시 읽을 수 있음)"),
     0},
    {"only", FC_CLI_OWN + ONLY, "NAME:R", 0,
     FC_BOTH("Simulate replication R of the run NAME alone and store nothing, e.g. one of the "
             "table failure",
             "실행 NAME의 모의 R번 하나만 실행하고 저장하지 않음(예: failure 표에 있는 것)"),
     0},
    {"events", FC_CLI_OWN + EVENTS, "FILE", 0,
     FC_BOTH("With --only: write what happened in it as CSV",
             "--only와 함께: 일어난 사건을 CSV로 쓰기"),
     0},
    {"dry-run", FC_CLI_OWN + DRY, NULL, 0,
     FC_BOTH("Check everything and say what would run", "모두 검사하고 실행될 내용만 알림"), 0},
    {0}};

/* The runs that are done, in order. */
typedef struct watcher {
    fc_progress progress; /* first: fc_progress_show takes it for itself */
    const fc_cli *cli;
    const char *precision; /* as asked for; NULL: it was not */
    int64_t *runs;
    size_t n, room;
} watcher;

static void on_done(void *self, const fc_scenario *scenario, const fc_experiment_result *result,
                    const fc_precision_result *reached)
{
    watcher *w = self;
    if (w->n < w->room) w->runs[w->n++] = result->run;
    if (!reached || result->stopped || w->cli->quiet) return;
    fc_progress_end(&w->progress);
    fc_cli_say_precision(w->cli, scenario->name, w->precision, reached);
}

/* `open`: each run ends when it is precise enough. */
static void say_plan(const fc_cli *cli, const fc_sweep *sweep, bool open)
{
    size_t runs = (size_t)sweep->n_cases * (sweep->design.quantiles ? 1 : sweep->design.n_points);
    fprintf(stderr,
            open ? FC_SAY(cli, "%s: %u points of %u %s, %zu runs, at most %llu replications\n",
                          "%s: 설계점 %u개, 차원 %u(%s), 실행 %zu개, 모의 최대 %llu회\n")
                 : FC_SAY(cli, "%s: %u points of %u %s, %zu runs, %llu replications in all\n",
                          "%s: 설계점 %u개, 차원 %u(%s), 실행 %zu개, 모의 모두 %llu회\n"),
            sweep->file->name, sweep->design.n_points, sweep->design.n_columns,
            sweep->design.quantiles ? FC_SAY(cli, "unknowns", "미지수")
                                    : FC_SAY(cli, "factors", "요인"),
            runs, (unsigned long long)sweep->replications);
}

static void say_done(const fc_cli *cli, const fc_sweep *sweep, const fc_sweep_result *r,
                     const char *path)
{
    if (cli->quiet) return;
    fprintf(stderr,
            FC_SAY(cli, "%s: %llu replications, %llu in all in %s\n",
                   "%s: 모의 %llu회, 모두 %llu회를 %s에 저장\n"),
            sweep->file->name, (unsigned long long)r->done, (unsigned long long)r->found + r->done,
            path);
    if (r->failed)
        fprintf(stderr,
                FC_SAY(cli, "%s: %llu replications failed; they are listed in the table failure\n",
                       "%s: 모의 %llu회 실패; failure 표에 기록\n"),
                sweep->file->name, (unsigned long long)r->failed);
    if (r->unbuilt)
        fprintf(stderr,
                FC_SAY(cli,
                       "%s: %u points could not be built; the table point says why (sentence)\n",
                       "%s: 만들 수 없는 설계점 %u개; point 표의 sentence에 까닭을 기록\n"),
                sweep->file->name, r->unbuilt);
}

static int print_table(fc_cli *cli, fc_store *store, const fc_sweep *sweep, const watcher *w)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_sweep_row *rows;
    size_t n;
    fc_arena *arena = fc_arena_create();
    bool sampled = sweep->design.quantiles != NULL;
    int ret = arena ? fc_sweep_rows(store, arena, w->runs, w->n, sampled, cli->diag, &rows, &n)
                    : FC_E_NOMEM;
    if (!ret)
        ret = cli->json ? fc_sweep_json(sweep->file->name, rows, n, &text)
                        : fc_sweep_text(rows, n, cli->lang, &text);
    if (!ret && text.data) ret = fc_cli_write(cli, text.data);
    fc_text_free(&text);
    fc_arena_free(arena);
    return ret;
}

static int simulate(fc_cli *cli, const fc_sweep *sweep, const fc_precision *precision,
                    const char *path)
{
    size_t runs = (size_t)sweep->n_cases * (sweep->design.quantiles ? 1 : sweep->design.n_points);
    watcher w = {.cli = cli,
                 .precision = precision ? precision->text : NULL,
                 .runs = calloc(runs + 1, sizeof *w.runs),
                 .room = runs};
    fc_store *store = NULL;
    fc_sweep_result result = {0};
    fc_sweep_options o = {.each = {.threads = (unsigned)cli->jobs,
                                   .shard = cli->shard,
                                   .shards = cli->shards,
                                   .force = cli->force,
                                   .engine = cli->engine,
                                   .progress = fc_progress_show,
                                   .self = &w},
                          .precision = precision,
                          .done = on_done};
    int ret = w.runs ? FC_OK : FC_E_NOMEM;
    if (!ret) ret = fc_cli_open(cli, path, &store);
    fc_progress_start(&w.progress, cli, sweep->file->name);
    if (!ret) {
        o.each.stop = fc_cli_catch_signals();
        ret = fc_sweep_run(store, sweep, &o, cli->diag, &result);
        fc_cli_release_signals();
    }
    fc_progress_end(&w.progress);
    if (!ret) say_done(cli, sweep, &result, path);
    if (!ret && result.stopped) ret = fc_fail(cli->diag, FC_E_INTERRUPTED, NULL, path, NULL);
    fc_cli_report(cli);
    if (!ret) ret = print_table(cli, store, sweep, &w);
    if (!ret && result.failed)
        ret = fc_cli_some_failed(cli, store, path, w.runs, NULL, w.n);
    else if (!ret && result.unbuilt)
        ret = fc_fail(cli->diag, FC_E_UNBUILT, NULL, path, NULL);
    int closed = fc_store_close(store);
    free(w.runs);
    return ret ? ret : closed;
}

/* ---- --only: one replication of one run, nothing stored ----------------------------------------
 */

/* NAME:R, or R alone: *run is NULL then. */
static int read_only(const fc_cli *cli, fc_arena *arena, const char **run, uint32_t *r)
{
    const char *text = cli->own[ONLY], *colon = strrchr(text, ':');
    *r = (uint32_t)fc_cli_whole(cli, "--only", colon ? colon + 1 : text, 0, INT64_C(4294967294));
    *run = colon ? fc_arena_strndup(arena, text, (size_t)(colon - text)) : NULL;
    return colon && !*run ? FC_E_NOMEM : FC_OK;
}

/* Which point a replication of a sample is at hangs on how many a point has: as they were run,
 * where a results file tells. */
static int stored_each(fc_cli *cli, const char *experiment, const char *run, uint32_t *each)
{
    const char *path = fc_cli_looked_at(cli);
    fc_store *store;
    uint32_t n;
    *each = 0;
    if (!path || fc_store_open(path, FC_STORE_READ, NULL, &store)) return FC_OK;
    int ret = fc_store_each(store, experiment, run, cli->diag, each, &n);
    fc_store_close(store);
    if (ret || n < 2) return ret;
    return fc_fail(
        cli->diag, FC_E_USAGE, NULL,
        FC_BOTH("the results file holds runs of this name with different replications a "
                "point: say with -n which is meant",
                "결과 파일에 설계점당 모의 횟수가 다른 같은 이름의 실행이 있습니다. -n으로 "
                "횟수를 밝히십시오"),
        NULL);
}

static int run_alone(fc_cli *cli, const fc_experiment_file *file, fc_sweep_setup setup,
                     fc_arena *arena)
{
    fc_scenario *scenario = NULL;
    fc_sample_points points;
    fc_sweep *sweep = NULL;
    const char *run;
    uint32_t r;
    int ret = read_only(cli, arena, &run, &r);
    if (!ret && !setup.replications) ret = stored_each(cli, file->name, run, &setup.replications);
    if (!ret) ret = fc_sweep_prepare(arena, file, &setup, cli->diag, &sweep);
    if (!ret) ret = fc_sweep_find(sweep, run, r, arena, cli->diag, &scenario, &points);
    if (!ret)
        ret = fc_cli_run_one(cli, scenario, points.quantiles ? &points : NULL, r, cli->own[EVENTS]);
    fc_scenario_free(scenario);
    return ret;
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static int sweep_file(fc_cli *cli, fc_arena *arena, const char *path)
{
    const fc_experiment_file *file;
    fc_precision precision;
    fc_sweep *sweep = NULL;
    char data[4096];
    fc_sweep_setup setup = {.replications = (uint32_t)cli->replications,
                            .seed = cli->seed_given ? &cli->seed : NULL,
                            .data = fc_cli_data_folder(data, sizeof data) ? data : NULL};
    int ret = fc_experiment_file_load(arena, cli->args[0], cli->diag, &file);
    if (!ret && cli->own[ONLY]) return run_alone(cli, file, setup, arena);
    const char *wanted = cli->precision ? cli->precision : ret ? NULL : file->precision;
    if (!ret && wanted) ret = fc_precision_parse(wanted, cli->diag, &precision);
    if (!ret) ret = fc_sweep_prepare(arena, file, &setup, cli->diag, &sweep);
    if (!ret && wanted) ret = fc_sweep_takes_precision(sweep, cli->diag);
    if (ret) return ret;
    if (cli->own[WRITE_DESIGN])
        ret = fc_design_write(&sweep->design, cli->own[WRITE_DESIGN], cli->diag);
    if (!ret && (!cli->quiet || cli->own[DRY])) say_plan(cli, sweep, wanted != NULL);
    if (!ret && cli->own[DRY]) return fc_sweep_try(sweep, cli->diag);
    if (ret) return ret;
    return simulate(cli, sweep, wanted ? &precision : NULL, path);
}

static int run(fc_cli *cli)
{
    const char *path = cli->output ? cli->output : "results.db";
    fc_arena *arena = fc_arena_create();
    int ret = arena ? sweep_file(cli, arena, path) : FC_E_NOMEM;
    fc_arena_free(arena);
    return ret;
}

const fc_command fc_command_sweep = {
    .name = "sweep",
    .arguments = "EXPERIMENT",
    .summary = FC_BOTH("run an experiment: scenarios x policies x points of a design",
                       "실험 실행: 시나리오 × 정책 × 설계점"),
    .doc = FC_BOTH(
        "An experiment file names scenarios, policies and factors, and a design: grid, list, "
        "one_at_a_time, latin_hypercube, sobol or monte_carlo. Each point is stored with the "
        "results (tables design, point; views v_design, v_point). Stopped at any moment, the same "
        "command goes on where it was.",
        "실험 파일에는 시나리오, 정책, 요인과 설계(grid, list, one_at_a_time, latin_hypercube, "
        "sobol, monte_carlo)를 적습니다. 설계점은 결과와 함께 저장됩니다(표 design·point, 뷰 "
        "v_design·v_point). 언제 중단되어도 같은 명령으로 이어서 실행됩니다."),
    .takes = FC_CLI_RUNS | FC_CLI_PARTS | FC_CLI_JSON,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
