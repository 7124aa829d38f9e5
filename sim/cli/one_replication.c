/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/one_replication.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/date.h"

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

int fc_cli_run_one(fc_cli *cli, const fc_scenario *scenario, const fc_sample_points *points,
                   uint32_t r, const char *events)
{
    uint32_t n = scenario->plan->n_unknowns;
    double *uniforms = points ? calloc((size_t)n + 1, sizeof *uniforms) : NULL;
    event_log log = {.plan = scenario->plan};
    if (points && !uniforms) return FC_E_NOMEM;
    if (points) fc_sample_uniforms(points, n, r, uniforms);
    int ret = FC_OK;
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
