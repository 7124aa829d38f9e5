/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/one_replication.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "kernel/date.h"
#include "store/design.h"

typedef struct event_log {
    const fc_plan *plan;
    FILE *out; /* NULL: only counted */
    uint64_t n;
} event_log;

/* date,time of day,what,entity,lot,amount,unit */
static int write_event(void *self, const fc_log_entry *entry)
{
    event_log *log = self;
    log->n++;
    if (!log->out) return FC_OK;
    double day = floor(entry->time / FC_DAY), rest = entry->time - day * FC_DAY;
    char date[FC_DATE_TEXT];
    fc_date on = fc_date_of_days(log->plan->epoch.start_day + (int64_t)day);
    fprintf(log->out, "%s,%02d:%02d:%02d,%s,%s,", fc_date_format(on, FC_DATE_ISO, date),
            (int)(rest / 3600), (int)(rest / 60) % 60, (int)rest % 60, entry->what, entry->entity);
    if (entry->lot != FC_NONE) fprintf(log->out, "%d", entry->lot);
    fprintf(log->out, ",%.15g,%s\n", entry->amount, entry->unit);
    return ferror(log->out) ? FC_E_FILE_WRITE : FC_OK;
}

static int simulate(fc_cli *cli, const fc_scenario *scenario, const double *uniforms, uint32_t r,
                    event_log *log)
{
    fc_world *world = NULL;
    fc_record record = {0};
    fc_observer observer = {.log = write_event, .self = log, .verify = true};
    int ret = fc_world_create(scenario->plan, &world);
    if (!ret) ret = fc_record_init(&record, scenario->plan);
    if (!ret) ret = fc_world_run_at(world, r, uniforms, &observer, &record, cli->diag);
    if (!ret && !cli->quiet)
        fprintf(stderr,
                FC_SAY(cli, "%s: replication %u ended well: %llu events, %llu of them logged\n",
                       "%s: 모의 %u번 정상 종료: 사건 %llu건, 기록 %llu건\n"),
                scenario->name, r, (unsigned long long)record.events, (unsigned long long)log->n);
    fc_record_free(&record);
    fc_world_free(world);
    return ret;
}

/* ---- is it the future that is meant? -----------------------------------------------------------
 */

const char *fc_cli_looked_at(const fc_cli *cli)
{
    static const char usual[] = "results.db";
    return cli->output ? cli->output : access(usual, R_OK) == 0 ? usual : NULL;
}

static int check_stored(fc_cli *cli, fc_store *store, const char *path, fc_scenario *scenario)
{
    fc_text changes = FC_TEXT_EMPTY;
    int64_t run;
    bool there;
    int ret = fc_store_changes(store, scenario, cli->diag, &there, &changes);
    if (!ret && changes.length && cli->output)
        ret = fc_fail(cli->diag, FC_E_ONLY_OTHER, NULL, scenario->name, path, changes.data, NULL);
    else if (!ret && changes.length)
        fc_warn(cli->diag, FC_W_ONLY_OTHER, NULL, scenario->name, path, changes.data, NULL);
    else if (!ret && !there && cli->output)
        ret = fc_store_find_run(store, scenario->name, cli->diag, &run);
    fc_text_free(&changes);
    return ret;
}

/* What lies here as results.db may be anything; what -o names must be a results file. */
static int check_meant(fc_cli *cli, fc_scenario *scenario)
{
    const char *path = fc_cli_looked_at(cli);
    fc_store *store;
    if (!path) return FC_OK;
    int ret = fc_store_open(path, FC_STORE_READ, cli->output ? cli->diag : NULL, &store);
    if (ret) return cli->output ? ret : FC_OK;
    ret = check_stored(cli, store, path, scenario);
    fc_store_close(store);
    return ret;
}

static void say_point(const fc_cli *cli, const char *name, const fc_sample_points *points,
                      uint32_t r)
{
    fprintf(stderr,
            FC_SAY(cli, "%s: replication %u is of point %u (replications a point: %u)\n",
                   "%s: 모의 %u번은 설계점 %u번의 것(설계점마다 모의 %u회)\n"),
            name, r, r / points->each, points->each);
}

int fc_cli_run_one(fc_cli *cli, fc_scenario *scenario, const fc_sample_points *points, uint32_t r,
                   const char *events)
{
    int ret = check_meant(cli, scenario);
    if (ret) return ret;
    uint32_t n = scenario->plan->n_unknowns;
    double *uniforms = points ? calloc((size_t)n + 1, sizeof *uniforms) : NULL;
    event_log log = {.plan = scenario->plan};
    if (points && !uniforms) return FC_E_NOMEM;
    if (points) fc_sample_uniforms(points, n, r, uniforms);
    if (points && !cli->quiet) say_point(cli, scenario->name, points, r);
    if (events && !(log.out = fopen(events, "w")))
        ret = fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, events, strerror(errno), NULL);
    if (log.out) fputs("date,time,what,entity,lot,amount,unit\n", log.out);
    bool failed = false;
    if (!ret) {
        ret = simulate(cli, scenario, uniforms, r, &log);
        failed = ret && ret != FC_E_NOMEM && ret != FC_E_FILE_WRITE;
    }
    if (log.out && fclose(log.out) && !ret) ret = FC_E_FILE_WRITE;
    if (ret == FC_E_FILE_WRITE) ret = fc_fail(cli->diag, ret, NULL, events, strerror(errno), NULL);
    free(uniforms);
    if (!failed) return ret;
    char number[16];
    snprintf(number, sizeof number, "%u", r);
    return fc_fail(cli->diag, FC_E_REPLICATION, NULL, number, scenario->name, NULL);
}

/* ---- the command that does it ------------------------------------------------------------------
 */

/* A word of a command for the shell, after a blank. */
static void add_word(fc_text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./=+:,@%";
    fc_text_add(out, " ");
    if (*word && !word[strspn(word, plain)]) {
        fc_text_add(out, word);
        return;
    }
    fc_text_add(out, "'");
    for (; *word; word++)
        if (*word == '\'')
            fc_text_add(out, "'\\''");
        else
            fc_text_addn(out, word, 1);
    fc_text_add(out, "'");
}

static void add_option(fc_text *out, const char *option, const char *value)
{
    add_word(out, option);
    add_word(out, value);
}

/* `run` NULL: of a scenario, not of an experiment. */
static void write_command(const fc_cli *cli, const char *file, const char *path, const char *run,
                          int64_t replication, fc_text *out)
{
    char number[24];
    fc_text only = FC_TEXT_EMPTY;
    fc_text_add(out, run ? "fleetcast sweep" : "fleetcast run");
    add_word(out, file);
    snprintf(number, sizeof number, "%lld", (long long)cli->replications);
    if (run && cli->replications) add_option(out, "-n", number);
    snprintf(number, sizeof number, "%lld", (long long)cli->seed);
    if (cli->seed_given) add_option(out, "-s", number);
    for (size_t i = 0; i < cli->n_with; i++) add_option(out, "--with", cli->with[i]);
    for (size_t i = 0; i < cli->n_sets; i++) add_option(out, "--set", cli->sets[i]);
    add_option(out, "-o", path);
    fc_text_printf(&only, "%s%s%lld", run ? run : "", run ? ":" : "", (long long)replication);
    add_option(out, "--only", only.data ? only.data : "");
    fc_text_free(&only);
}

static const char *name_of(const fc_run_info *runs, size_t n, int64_t run)
{
    for (size_t i = 0; i < n; i++)
        if (runs[i].id == run) return runs[i].name;
    return "";
}

int fc_cli_some_failed(fc_cli *cli, fc_store *store, const char *path, const int64_t *runs,
                       const char *const *files, size_t n)
{
    fc_text command = FC_TEXT_EMPTY, words = FC_TEXT_EMPTY;
    fc_run_info *known = NULL;
    size_t n_known = 0;
    int64_t replication = -1;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_runs(store, arena, cli->diag, &known, &n_known) : FC_E_NOMEM;
    for (size_t i = 0; i < n && !ret && replication < 0; i++) {
        ret = fc_store_first_failure(store, runs[i], cli->diag, &replication);
        if (!ret && replication >= 0)
            write_command(cli, files ? files[i] : cli->args[0], path,
                          files ? NULL : name_of(known, n_known, runs[i]), replication, &command);
    }
    if (command.data)
        fc_text_printf(&words, "; one of them alone: %s\x1f. 하나만 다시: %s", command.data,
                       command.data);
    if (!ret)
        ret = fc_fail(cli->diag, FC_E_SOME_FAILED, NULL, path, words.data ? words.data : "", NULL);
    fc_text_free(&command);
    fc_text_free(&words);
    fc_arena_free(arena);
    return ret;
}
