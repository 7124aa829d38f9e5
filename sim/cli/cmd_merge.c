/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include "base/text.h"
#include "cli/cli.h"
#include "store/merge.h"

enum { FORCE };

static const struct argp_option options[] = {
    {"force", FC_CLI_OWN + FORCE, NULL, 0,
     FC_BOTH("Merge although scenario, seed, version or libm of runs of one name differ",
             "이름이 같은 실행의 시나리오·시드·버전·libm이 달라도 병합"),
     0},
    {0}};

/* Says of each run what is missing. */
static int say_missing(fc_cli *cli, fc_store *store, fc_arena *arena)
{
    fc_run_info *runs;
    size_t n;
    int ret = fc_store_runs(store, arena, cli->diag, &runs, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        fc_text text = FC_TEXT_EMPTY;
        uint32_t missing;
        ret = fc_store_missing(store, runs[i].id, cli->diag, &text, &missing);
        if (!ret && missing && !cli->quiet)
            fprintf(stderr,
                    FC_SAY(cli, "%s: %u replications are missing, of shards %s\n",
                           "%s: 모의 %u회 없음, 샤드 %s\n"),
                    runs[i].name, missing, text.data ? text.data : "");
        fc_text_free(&text);
    }
    return ret;
}

static int run(fc_cli *cli)
{
    fc_store *store = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_open(cli->args[0], FC_STORE_WRITE, cli->diag, &store) : FC_E_NOMEM;
    for (size_t i = 1; i < cli->n_args && !ret; i++) {
        fc_merge_result result;
        ret = fc_store_merge(store, cli->args[i], cli->own[FORCE] != NULL, cli->diag, &result);
        if (!ret && !cli->quiet)
            fprintf(stderr,
                    FC_SAY(cli, "%s: %" PRId64 " replications, %" PRId64 " were in %s already\n",
                           "%s: 모의 %" PRId64 "회, 이미 있던 것 %" PRId64 "회(%s)\n"),
                    cli->args[i], result.replications, result.there, cli->args[0]);
    }
    if (!ret) ret = say_missing(cli, store, arena);
    int closed = fc_store_close(store);
    fc_arena_free(arena);
    return ret ? ret : closed;
}

const fc_command fc_command_merge = {
    .name = "merge",
    .arguments = "OUT.DB IN.DB...",
    .summary = FC_BOTH("put results databases together, such as shards of one run",
                       "결과 데이터베이스를 하나로 합치기(샤드 등)"),
    .doc =
        FC_BOTH("Adds what the others hold to the first, which is made where it does not exist. "
                "What is there already is passed over, and a merge that was killed can be "
                "repeated. Says which replications are missing.",
                "나머지 데이터베이스의 내용을 첫째에 더합니다. 첫째가 없으면 만듭니다. 이미 있는 "
                "것은 건너뛰며, 중단된 병합은 다시 실행하면 됩니다. 빠진 모의 번호를 알려 줍니다."),
    .min_args = 2,
    .max_args = FC_CLI_MAX_ARGS,
    .options = options,
    .run = run,
};
