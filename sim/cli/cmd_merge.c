/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include "cli/cli.h"
#include "fleetcast/results.h"

enum { FORCE };

static const struct argp_option options[] = {
    {"force", FC_CLI_OWN + FORCE, NULL, 0,
     FC_BOTH("Merge although scenario, seed, version or libm of runs of one name differ",
             "이름이 같은 실행의 시나리오·시드·버전·libm이 달라도 병합"),
     0},
    {0}};

/* What lacks, of all runs and experiments. */
typedef struct lacking {
    uint64_t replications, points, failed, unbuilt;
} lacking;

static void end_line(const fc_cli *cli, const fc_missing *what)
{
    if (*what->shards) fprintf(stderr, FC_SAY(cli, ", of shards %s", ", 샤드 %s"), what->shards);
    fputs("\n", stderr);
}

static void add_run(const fc_cli *cli, const fc_missing *run, lacking *sum)
{
    sum->replications += run->missing;
    sum->failed += run->failed;
    if (run->missing && !cli->quiet) {
        fprintf(stderr, FC_SAY(cli, "%s: %u replications are missing", "%s: 모의 %u회 없음"),
                run->name, run->missing);
        end_line(cli, run);
    }
    if (run->failed && !cli->quiet)
        fprintf(stderr,
                FC_SAY(cli, "%s: %u replications failed; they are listed in the table failure\n",
                       "%s: 모의 %u회 실패; failure 표에 기록\n"),
                run->name, run->failed);
}

static void add_experiment(const fc_cli *cli, const fc_missing *experiment, lacking *sum)
{
    sum->points += experiment->missing;
    sum->unbuilt += experiment->failed;
    if (experiment->missing && !cli->quiet) {
        fprintf(stderr, FC_SAY(cli, "%s: %u points are missing", "%s: 설계점 %u개 없음"),
                experiment->name, experiment->missing);
        end_line(cli, experiment);
    }
    if (experiment->failed && !cli->quiet)
        fprintf(stderr,
                FC_SAY(cli,
                       "%s: %u points could not be built; the table point says why (sentence)\n",
                       "%s: 만들 수 없는 설계점 %u개; point 표의 sentence에 까닭을 기록\n"),
                experiment->name, experiment->failed);
}

/* Says what lacks: E_INCOMPLETE, or where nothing is missing E_SOME_FAILED or E_UNBUILT. */
static int look_for_missing(fc_cli *cli, fc_store *store, fc_arena *arena)
{
    fc_missing *runs, *experiments;
    size_t n_runs, n_experiments;
    lacking sum = {0};
    char replications[24], points[24];
    int ret = fc_store_missing_replications(store, arena, cli->diag, &runs, &n_runs);
    if (!ret) ret = fc_store_missing_points(store, arena, cli->diag, &experiments, &n_experiments);
    if (ret) return ret;
    for (size_t i = 0; i < n_runs; i++) add_run(cli, &runs[i], &sum);
    for (size_t i = 0; i < n_experiments; i++) add_experiment(cli, &experiments[i], &sum);
    snprintf(replications, sizeof replications, "%" PRIu64, sum.replications);
    snprintf(points, sizeof points, "%" PRIu64, sum.points);
    if (sum.replications || sum.points)
        return fc_fail(cli->diag, FC_E_INCOMPLETE, NULL, cli->args[0], replications, points, NULL);
    if (sum.failed) return fc_fail(cli->diag, FC_E_SOME_FAILED, NULL, cli->args[0], "", NULL);
    return sum.unbuilt ? fc_fail(cli->diag, FC_E_UNBUILT, NULL, cli->args[0], NULL) : FC_OK;
}

/* Before the first database is made. */
static int look_at_others(const fc_cli *cli)
{
    int ret = FC_OK;
    for (size_t i = 1; i < cli->n_args && !ret; i++) {
        fc_store *other = NULL;
        ret = fc_store_open(cli->args[i], FC_STORE_READ, cli->diag, &other);
        fc_store_close(other);
    }
    return ret;
}

static int merge_all(fc_cli *cli, fc_store *store)
{
    int ret = FC_OK;
    for (size_t i = 1; i < cli->n_args && !ret; i++) {
        fc_merge_result result;
        ret = fc_store_merge(store, cli->args[i], cli->own[FORCE] != NULL, cli->diag, &result);
        if (!ret && !cli->quiet)
            fprintf(stderr,
                    FC_SAY(cli, "%s: %" PRId64 " replications, %" PRId64 " were in %s already\n",
                           "%s: 모의 %" PRId64 "회, 이미 있던 것 %" PRId64 "회(%s)\n"),
                    cli->args[i], result.replications, result.there, cli->args[0]);
    }
    return ret;
}

static int run(fc_cli *cli)
{
    fc_store *store = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? look_at_others(cli) : FC_E_NOMEM;
    if (!ret) ret = fc_store_open(cli->args[0], FC_STORE_WRITE, cli->diag, &store);
    if (!ret) ret = merge_all(cli, store);
    if (!ret) ret = look_for_missing(cli, store, arena);
    int closed = fc_store_close(store);
    fc_arena_free(arena);
    return ret ? ret : closed;
}

const fc_command fc_command_merge = {
    .name = "merge",
    .arguments = "OUT.DB IN.DB...",
    .summary = FC_BOTH("put results databases together, such as shards of one run",
                       "결과 데이터베이스를 하나로 합치기(샤드 등)"),
    .doc = FC_BOTH(
        "Adds what the others hold to the first, which is made where it does not exist. "
        "What is there already is passed over, and a merge that was killed can be "
        "repeated. Says which replications and points are missing (exit code 8) and how "
        "many failed (exit code 5).",
        "나머지 데이터베이스의 내용을 첫째에 더합니다. 첫째가 없으면 만듭니다. 이미 있는 "
        "것은 건너뛰며, 중단된 병합은 다시 실행하면 됩니다. 빠진 모의와 설계점(종료 코드 8), "
        "실패한 모의의 수(종료 코드 5)를 알려 줍니다."),
    .min_args = 2,
    .max_args = FC_CLI_MAX_ARGS,
    .options = options,
    .run = run,
};
