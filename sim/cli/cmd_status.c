/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>
#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "store/design.h"
#include "store/replay_store.h"

enum { DIGEST };

static const struct argp_option options[] = {
    {"digest", FC_CLI_OWN + DIGEST, NULL, 0,
     FC_BOTH("Print the SHA-256 of the canonical dump: equal for equal results",
             "정규 덤프의 SHA-256을 출력: 결과가 같으면 같음"),
     0},
    {0}};

static void head(fc_text *out, const fc_cli *cli, size_t width)
{
    const char *const cells[] = {
        FC_SAY(cli, "replications", "모의 횟수"),
        FC_SAY(cli, "failed", "실패"),
        FC_SAY(cli, "seed", "시드"),
    };
    static const int widths[] = {14, 10, 12};
    const char *first = FC_SAY(cli, "run", "실행");
    fc_text_printf(out, "%s%*s", first, (int)(width - fc_text_width(first)), "");
    for (size_t i = 0; i < 3; i++)
        fc_text_printf(out, "%*s%s", widths[i] - (int)fc_text_width(cells[i]), "", cells[i]);
    fc_text_printf(out, "  %s\n", FC_SAY(cli, "scenario hash", "시나리오 해시"));
}

/* Who was heard of so lately goes on: parts say so every 5 s. */
static const double ALIVE_SECONDS = 15;

/* How far a run is: "done", "running, 120/s, left 3 min", "unfinished: 300 of 1000". */
static int add_state(fc_cli *cli, fc_store *store, fc_arena *arena, const fc_run_info *run,
                     fc_text *out)
{
    fc_part *parts;
    size_t n;
    int ret = fc_store_parts(store, arena, run->id, cli->diag, &parts, &n);
    if (!ret && n == 0 && run->replications == 0)
        fc_text_add(out, FC_SAY(cli, "  just begun", "  막 시작함"));
    if (ret || n == 0) return ret;
    double now = (double)time(NULL), rate = 0;
    uint64_t wanted = 0;
    bool alive = false, ended = true;
    for (size_t i = 0; i < n; i++) {
        const fc_part *p = &parts[i];
        wanted += p->wanted;
        ended &= p->ended;
        if (p->ended || now - p->seen > ALIVE_SECONDS) continue;
        alive = true;
        rate += ((double)run->replications - p->found) / (fmax(now - p->began, 0) + 1);
    }
    uint64_t stored = (uint64_t)run->replications;
    uint64_t left = wanted > stored ? wanted - stored : 0;
    char time_left[32];
    if (rate > 0) fc_progress_time((double)left / rate, time_left, sizeof time_left);
    if (alive && rate > 0)
        fc_text_printf(out,
                       FC_SAY(cli, "  running, %.0f/s, left %s", "  진행 중, %.0f/s, 남은 시간 %s"),
                       rate, time_left);
    else if (alive)
        fc_text_add(out, FC_SAY(cli, "  running", "  진행 중"));
    else if (!ended)
        fc_text_printf(out, FC_SAY(cli, "  unfinished: %llu of %llu", "  미완료: %llu/%llu"),
                       (unsigned long long)stored, (unsigned long long)wanted);
    return FC_OK;
}

static int list_replays(fc_cli *cli, fc_store *store, fc_arena *arena, size_t *n, fc_text *out)
{
    fc_replay_info *replays;
    size_t width = 8;
    int ret = fc_store_replays(store, arena, cli->diag, &replays, n);
    if (ret || *n == 0) return ret;
    for (size_t i = 0; i < *n; i++)
        if (fc_text_width(replays[i].trace) > width) width = fc_text_width(replays[i].trace);
    const char *const cells[] = {FC_SAY(cli, "replay of", "재현"), FC_SAY(cli, "policy", "정책"),
                                 FC_SAY(cli, "jobs", "작업"), FC_SAY(cli, "settings", "설정")};
    static const int widths[] = {0, 14, 12, 0};
    fc_text_printf(out, "%s%*s", cells[0], (int)width - (int)fc_text_width(cells[0]), "");
    for (size_t i = 1; i < 3; i++)
        fc_text_printf(out, "%*s%s", widths[i] - (int)fc_text_width(cells[i]), "", cells[i]);
    fc_text_printf(out, "  %s\n", cells[3]);
    for (size_t i = 0; i < *n; i++)
        fc_text_printf(out, "%s%*s  %12s  %10" PRId64 "  %s\n", replays[i].trace,
                       (int)(width - fc_text_width(replays[i].trace)), "", replays[i].policy,
                       replays[i].jobs, replays[i].settings);
    return FC_OK;
}

static int list_runs(fc_cli *cli, fc_store *store, fc_arena *arena)
{
    fc_run_info *runs;
    size_t n, n_replays = 0, width = 8;
    fc_text replays = FC_TEXT_EMPTY;
    int ret = fc_store_runs(store, arena, cli->diag, &runs, &n);
    if (!ret) ret = list_replays(cli, store, arena, &n_replays, &replays);
    if (ret) {
        fc_text_free(&replays);
        return ret;
    }
    for (size_t i = 0; i < n; i++)
        if (fc_text_width(runs[i].name) > width) width = fc_text_width(runs[i].name);
    fc_text out = FC_TEXT_EMPTY;
    if (n == 0 && n_replays == 0)
        fc_text_add(&out, FC_SAY(cli, "no runs yet\n", "실행 기록 아직 없음\n"));
    if (n > 0) head(&out, cli, width);
    for (size_t i = 0; i < n && !ret; i++) {
        fc_text_printf(&out, "%s%*s  %12" PRId64 "  %8" PRId64 "  %10s  %.12s", runs[i].name,
                       (int)(width - fc_text_width(runs[i].name)), "", runs[i].replications,
                       runs[i].failures, runs[i].seed, runs[i].hash);
        ret = add_state(cli, store, arena, &runs[i], &out);
        fc_text_add(&out, "\n");
    }
    if (n_replays) fc_text_printf(&out, "%s%s", n ? "\n" : "", replays.data);
    fc_text_free(&replays);
    if (!ret) ret = fc_text_failed(&out) ? FC_E_NOMEM : fc_cli_write(cli, out.data);
    fc_text_free(&out);
    return ret;
}

static int run(fc_cli *cli)
{
    fc_store *store = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_open(cli->args[0], FC_STORE_READ, cli->diag, &store) : FC_E_NOMEM;
    if (!ret && cli->own[DIGEST]) {
        char hex[66];
        if (!(ret = fc_store_digest(store, cli->diag, hex))) {
            hex[64] = '\n';
            hex[65] = '\0';
            ret = fc_cli_write(cli, hex);
        }
    } else if (!ret) {
        ret = list_runs(cli, store, arena);
    }
    fc_store_close(store);
    fc_arena_free(arena);
    return ret;
}

const fc_command fc_command_status = {
    .name = "status",
    .arguments = "RESULTS.DB",
    .summary = FC_BOTH("say what a results database holds, or print its digest",
                       "결과 데이터베이스의 내용이나 해시를 출력"),
    .doc = FC_BOTH("May be used while a run is writing to the database.",
                   "실행이 데이터베이스에 쓰는 중에도 쓸 수 있습니다."),
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
