/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "store/replay_store.h"
#include "store/store.h"

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

/* "running, 120/s, left 3 min"; `at_most`: it may be less. */
static void add_running(const fc_cli *cli, const fc_run_state *state, bool at_most, fc_text *out)
{
    char left[32];
    fc_text_add(out, FC_SAY(cli, "running", "진행 중"));
    if (isnan(state->rate)) return;
    fc_progress_time(state->seconds_left, left, sizeof left);
    fc_text_printf(out,
                   at_most ? FC_SAY(cli, ", %.0f/s, left at most %s", ", %.0f/s, 남은 시간 최대 %s")
                           : FC_SAY(cli, ", %.0f/s, left %s", ", %.0f/s, 남은 시간 %s"),
                   state->rate, left);
}

/* How far a run is: nothing where it has ended, "running ...", "unfinished: 300 of 1000". */
static int add_state(fc_cli *cli, fc_store *store, const fc_run_info *run, fc_text *out)
{
    fc_run_state state;
    int ret = fc_store_run_state(store, run->id, cli->diag, &state);
    if (ret) return ret;
    if (!state.begun && run->replications == 0) {
        fc_text_add(out, FC_SAY(cli, "  just begun", "  막 시작함"));
    } else if (state.running) {
        fc_text_add(out, "  ");
        add_running(cli, &state, false, out);
    } else if (state.begun && !state.ended) {
        fc_text_printf(out, FC_SAY(cli, "  unfinished: %llu of %llu", "  미완료: %llu/%llu"),
                       (unsigned long long)state.stored, (unsigned long long)state.wanted);
    }
    return FC_OK;
}

/* "levers: 3 of 4 points, 650 of 800 replications, running, 175/s, left 1 s". */
static void add_experiment(const fc_cli *cli, const fc_experiment_info *e, fc_text *out)
{
    const fc_run_state *state = &e->state;
    fc_text_printf(out,
                   FC_SAY(cli, "%s: %llu of %llu points, %llu of %s%llu replications",
                          "%s: 설계점 %llu/%llu개, 모의 %llu/%s%llu회"),
                   e->name, (unsigned long long)e->done, (unsigned long long)e->asked,
                   (unsigned long long)state->stored,
                   e->at_most && !state->ended ? FC_SAY(cli, "at most ", "최대 ") : "",
                   (unsigned long long)state->wanted);
    if (state->failed)
        fc_text_printf(out, FC_SAY(cli, ", %llu failed", ", 실패 %llu회"),
                       (unsigned long long)state->failed);
    if (e->unbuilt)
        fc_text_printf(
            out, FC_SAY(cli, ", %llu points could not be built", ", 만들 수 없는 설계점 %llu개"),
            (unsigned long long)e->unbuilt);
    fc_text_add(out, state->ended ? "" : ", ");
    if (state->running)
        add_running(cli, state, e->at_most, out);
    else if (!state->ended)
        fc_text_add(out, FC_SAY(cli, "unfinished", "미완료"));
    fc_text_add(out, "\n");
}

static int list_experiments(fc_cli *cli, fc_store *store, fc_arena *arena, fc_text *out)
{
    fc_experiment_info *experiments;
    size_t n;
    int ret = fc_store_experiments(store, arena, cli->diag, &experiments, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        fc_text_add(out, i ? "" : "\n");
        if (experiments[i].asked) add_experiment(cli, &experiments[i], out);
    }
    return ret;
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
        ret = add_state(cli, store, &runs[i], &out);
        fc_text_add(&out, "\n");
    }
    if (!ret) ret = list_experiments(cli, store, arena, &out);
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
