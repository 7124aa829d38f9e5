/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay_fleet.h"

#include <inttypes.h>
#include <string.h>
#include "scenario/nearest.h"

/* The index of the fleet that is meant. */
static int find(fc_cli *cli, const fc_plan *plan, const char *name, int32_t *out)
{
    fc_nearest nearest = fc_nearest_start(name ? name : "", cli->diag);
    fc_text names = FC_TEXT_EMPTY;
    *out = FC_NONE;
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const char *one = plan->fleets[f].name;
        if (name ? strcmp(name, one) == 0 : plan->n_fleets == 1) *out = (int32_t)f;
        fc_nearest_try(&nearest, one);
        fc_text_printf(&names, "%s%s", f ? ", " : "", one);
    }
    const fc_place place = {.path = "--fleet"};
    int ret = FC_OK;
    if (*out == FC_NONE && !name)
        ret = fc_fail(cli->diag, FC_E_FLEET_CHOICE, NULL, names.data, NULL);
    else if (*out == FC_NONE && nearest.found)
        ret = fc_fail(cli->diag, FC_E_REFERENCE, &place, name, "fleets", nearest.found, NULL);
    else if (*out == FC_NONE)
        ret = fc_fail(cli->diag, FC_E_REFERENCE_LIST, &place, name, "fleets", names.data, NULL);
    fc_text_free(&names);
    return ret;
}

/* Seconds from the start of the horizon. */
static int read_from(fc_cli *cli, const fc_plan *plan, fc_replay_fleet *fleet, double *out)
{
    int64_t start = plan->epoch.start_day, day = start,
            end = start + (int64_t)(plan->horizon / FC_DAY);
    fc_date date;
    bool good = !fleet->from || fc_date_parse(fleet->from, &date, NULL) == FC_OK;
    if (good && fleet->from) day = fc_date_days(date);
    if (!good || day < start || day >= end) {
        char first[FC_DATE_TEXT], last[FC_DATE_TEXT];
        fc_date_format(fc_date_of_days(start), FC_DATE_ISO, first);
        fc_date_format(fc_date_of_days(end - 1), FC_DATE_ISO, last);
        return fc_fail(cli->diag, FC_E_FROM_DATE, NULL, fleet->from ? fleet->from : "", first, last,
                       NULL);
    }
    fc_date_format(fc_date_of_days(day), FC_DATE_ISO, fleet->date);
    *out = (double)(day - start) * FC_DAY;
    return FC_OK;
}

int fc_replay_fleet_load(fc_cli *cli, fc_replay_fleet *fleet)
{
    fc_fleet_cluster_ask ask = {.replication = fleet->replication, .pooled = fleet->pooled};
    int ret = fc_cli_load(cli, fleet->scenario, &fleet->loaded);
    if (ret) return ret;
    const fc_plan *plan = ask.plan = fleet->loaded->plan;
    ret = find(cli, plan, fleet->name, &ask.fleet);
    if (!ret) ret = read_from(cli, plan, fleet, &ask.from);
    if (!ret) ret = fc_fleet_cluster_make(&ask, cli->diag, &fleet->cluster);
    if (ret) return ret;
    const fc_fleet *f = &plan->fleets[ask.fleet];
    fleet->name = f->name;
    fleet->told = (fc_replay_fleet_told){
        .scenario = fleet->scenario,
        .title = {f->title_en ? f->title_en : f->name, f->title_ko ? f->title_ko : f->name},
        .from = fleet->date,
        .replication = fleet->replication,
        .least = fleet->cluster.least,
        .most = fleet->cluster.most};
    if (fleet->cluster.most > 0) return FC_OK;
    return fc_fail(cli->diag, FC_E_NO_GPUS, NULL, f->name, fleet->date, NULL);
}

void fc_replay_fleet_free(fc_replay_fleet *fleet)
{
    fc_fleet_cluster_free(&fleet->cluster);
    fc_scenario_free(fleet->loaded);
    fleet->loaded = NULL;
}

void fc_replay_fleet_settings(const fc_replay_fleet *fleet, fc_text *out)
{
    fc_text_printf(out, "scenario=%s fleet=%s from=%s replication=%" PRIu32 "%s ",
                   fleet->loaded->hash, fleet->name, fleet->date, fleet->replication,
                   fleet->pooled ? " pooled" : "");
}
