/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output_file.h"
#include "store/replay_store.h"
#include "trace/names.h"
#include "trace/swf_write.h"

enum { FORMAT, REPLAY };

static const struct argp_option options[] = {
    {"format", FC_CLI_OWN + FORMAT, "swf", 0,
     FC_BOTH("What to write: swf, the Standard Workload Format 2.2",
             "출력 형식: swf(표준 작업 기록 형식 2.2)"),
     0},
    {"replay", FC_CLI_OWN + REPLAY, "N", 0,
     FC_BOTH("Which replay of the database (needed where it holds several)",
             "데이터베이스에 있는 재현의 번호(여럿이면 필요)"),
     0},
    {0}};

typedef struct writing {
    FILE *file;
    const fc_replay_info *info;
    fc_names users, groups;
    uint64_t number;
} writing;

/* A whole number as it is where all are; else numbers from 1 by first appearance. */
static int number_of(fc_names *names, bool whole, const char *text, int64_t *out)
{
    int32_t number = -1;
    *out = -1;
    if (!text) return FC_OK;
    int ret = whole ? FC_OK : fc_names_number(names, text, strlen(text), &number);
    *out = whole ? strtoll(text, NULL, 10) : number + 1;
    return ret;
}

static int write_job(void *self, const fc_stored_job *job)
{
    writing *w = self;
    bool done = strcmp(job->final_state, "done") == 0, started = !isnan(job->starting_time);
    fc_swf_job out = {.number = ++w->number,
                      .submit = job->submission_time,
                      .wait = job->starting_time - job->submission_time,
                      .run = job->finish_time - job->starting_time,
                      .requested = job->requested_time,
                      .gpus = job->gpus,
                      .status = done                      ? 1
                                : !started                ? 5
                                : isnan(job->finish_time) ? -1
                                                          : 0};
    if (w->info->whole_ids) out.number = strtoull(job->job_id, NULL, 10);
    int ret = number_of(&w->users, w->info->whole_users, job->user, &out.user);
    if (!ret) ret = number_of(&w->groups, w->info->whole_groups, job->group, &out.group);
    if (!ret) fc_swf_write_job(w->file, &out);
    return ret;
}

static int write_swf(fc_cli *cli, fc_store *store, const fc_replay_info *info, FILE *file)
{
    writing w = {.file = file, .info = info};
    fc_text note = FC_TEXT_EMPTY;
    fc_text_printf(&note,
                   "a schedule simulated by fleetcast %s: policy %s, %s\n"
                   "of the trace %s (%s); a processor is a GPU",
                   info->version, info->policy, info->settings, info->trace, info->format);
    if (!info->whole_ids)
        fc_text_add(&note, "\njobs are numbered in order of submission: the ids of the trace are "
                           "no numbers");
    if (fc_text_failed(&note)) return FC_E_NOMEM;
    fc_swf_header header = {.note = note.data,
                            .unix_start = info->origin,
                            .jobs = (uint64_t)info->jobs,
                            .gpus = (uint64_t)info->gpus};
    fc_swf_write_header(file, &header);
    int ret = fc_store_replay_jobs(store, info->id, write_job, &w, cli->diag);
    fc_names_free(&w.users);
    fc_names_free(&w.groups);
    fc_text_free(&note);
    return ret;
}

/* The replay that is meant; where that is not clear, an error that lists them. */
static int choose(fc_cli *cli, const fc_replay_info *infos, size_t n, const fc_replay_info **out)
{
    const char *wanted = cli->own[REPLAY];
    fc_text list = FC_TEXT_EMPTY;
    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        char id[24];
        snprintf(id, sizeof id, "%" PRId64, infos[i].id);
        if (wanted ? strcmp(wanted, id) == 0 : n == 1) *out = &infos[i];
        fc_text_printf(&list, "%s%s (%s, %s, %s)", i ? "; " : "", id, infos[i].trace,
                       infos[i].policy, infos[i].settings);
    }
    int ret = FC_OK;
    if (!*out)
        ret = fc_fail(cli->diag, FC_E_NO_REPLAY, NULL, cli->args[0],
                      list.length ? list.data : FC_BOTH("none", "없음"), NULL);
    fc_text_free(&list);
    return ret;
}

static int run(fc_cli *cli)
{
    fc_store *store = NULL;
    fc_replay_info *infos;
    const fc_replay_info *info;
    size_t n;
    FILE *file = stdout;
    const char *format = cli->own[FORMAT];
    if (!format || strcmp(format, "swf") != 0)
        return fc_fail(
            cli->diag, FC_E_USAGE, NULL,
            FC_BOTH("say what to write: --format swf", "무엇을 쓸지 적으십시오: --format swf"),
            NULL);
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_open(cli->args[0], FC_STORE_READ, cli->diag, &store) : FC_E_NOMEM;
    if (!ret) ret = fc_store_replays(store, arena, cli->diag, &infos, &n);
    if (!ret) ret = choose(cli, infos, n, &info);
    if (!ret && cli->output) ret = fc_output_open(cli, cli->output, "; Version", &file);
    if (!ret) ret = write_swf(cli, store, info, file);
    if (file == stdout) {
        if (!ret) ret = fc_cli_write(cli, "");
    } else {
        int closed = fc_output_close(cli, cli->output, file);
        if (!ret) ret = closed;
    }
    fc_store_close(store);
    fc_arena_free(arena);
    return ret;
}

const fc_command fc_command_export = {
    .name = "export",
    .arguments = "RESULTS.DB",
    .summary = FC_BOTH("write a replay's schedule as a workload log (SWF)",
                       "재현한 일정을 작업 기록(SWF)으로 쓰기"),
    .doc = FC_BOTH(
        "Writes what a replay stored in a results database to stdout, or with -o to a file.",
        "재현이 결과 데이터베이스에 저장한 일정을 표준 출력이나 파일(-o)에 씁니다."),
    .takes = FC_CLI_OUTPUT,
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
