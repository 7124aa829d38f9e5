/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One replication with what happens in it. */
#include "fleetcast/simulate.h"
#include "model/simulate.h"
#include "scenario/scenario.h"

typedef struct watcher {
    const fc_plan *plan;
    fc_watch *watch;
    void *self;
} watcher;

/* The model's times are seconds since the start of the horizon. */
static int pass_on(void *self, const fc_log_entry *entry)
{
    const watcher *w = self;
    fc_log_event event = {.day = (double)w->plan->epoch.start_day + entry->time / FC_DAY,
                          .what = entry->what,
                          .entity = entry->entity,
                          .lot = entry->lot,
                          .amount = entry->amount,
                          .unit = entry->unit};
    return w->watch(w->self, &event);
}

int fc_simulate_one(const fc_scenario *scenario, uint32_t replication, fc_watch *watch, void *self,
                    fc_diag *diag)
{
    watcher w = {.plan = scenario->plan, .watch = watch, .self = self};
    fc_observer observer = {.log = watch ? pass_on : NULL, .self = &w, .verify = true};
    fc_world *world = NULL;
    fc_record record = {0};
    int ret = fc_world_create(scenario->plan, &world);
    if (!ret) ret = fc_record_init(&record, scenario->plan);
    if (ret)
        fc_fail(diag, ret, NULL, NULL);
    else
        ret = fc_world_run(world, replication, &observer, &record, diag);
    fc_record_free(&record);
    fc_world_free(world);
    return ret;
}
