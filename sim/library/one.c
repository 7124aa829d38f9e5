/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One replication with what happens in it. */
#include "experiment/pool.h"
#include "experiment/sweep.h"
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

/* `uniforms`: of the unknowns, NULL: as they are drawn. */
static int simulate(const fc_scenario *scenario, uint32_t replication, const double *uniforms,
                    fc_watch *watch, void *self, fc_diag *diag)
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
        ret = fc_world_run_at(world, replication, uniforms, &observer, &record, diag);
    fc_record_free(&record);
    fc_world_free(world);
    return ret;
}

int fc_simulate_one(const fc_scenario *scenario, uint32_t replication, fc_watch *watch, void *self,
                    fc_diag *diag)
{
    return simulate(scenario, replication, NULL, watch, self, diag);
}

/* ---- of an experiment --------------------------------------------------------------------------
 */

static int find(const fc_experiment_place *place, const fc_load_options *load, fc_arena *arena,
                fc_diag *diag, fc_scenario **scenario, fc_sample_points *points)
{
    const fc_experiment_file *file;
    fc_sweep *sweep;
    fc_sweep_setup setup = {.replications = place->replications,
                            .seed = load ? load->seed : NULL,
                            .data = load ? load->data : NULL};
    int ret = fc_experiment_file_load(arena, place->path, diag, &file);
    if (!ret) ret = fc_sweep_prepare(arena, file, &setup, diag, &sweep);
    if (ret) return ret;
    return fc_sweep_find(sweep, place->run, place->replication, arena, diag, scenario, points);
}

int fc_simulate_one_of(const fc_experiment_place *place, const fc_load_options *load,
                       fc_watch *watch, void *self, fc_diag *diag)
{
    fc_scenario *scenario = NULL;
    fc_sample_points points = {0};
    double *uniforms = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? find(place, load, arena, diag, &scenario, &points)
                    : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret && points.quantiles) {
        uint32_t n = scenario->plan->n_unknowns;
        if ((uniforms = fc_arena_array(arena, (size_t)n + 1, sizeof *uniforms)))
            fc_sample_uniforms(&points, n, place->replication, uniforms);
        else
            ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    }
    if (!ret) ret = simulate(scenario, place->replication, uniforms, watch, self, diag);
    fc_scenario_free(scenario);
    fc_arena_free(arena);
    return ret;
}
