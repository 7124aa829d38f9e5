/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include "base/arena.h"
#include "experiment/sweep.h"
#include "fleetcast/results.h"

/* The caller's progress, which may say that it is enough. */
typedef struct watcher {
    const fc_run_options *options;
    atomic_bool stop;
} watcher;

static void watch(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    watcher *w = self;
    if (w->options->progress && w->options->progress(w->options->self, done, total, failed))
        atomic_store(&w->stop, true);
}

/* What the experiment layer takes. */
static fc_experiment_options options_of(watcher *w)
{
    const fc_run_options *o = w->options;
    return (fc_experiment_options){.replications = o->replications,
                                   .threads = o->threads,
                                   .shard = o->shard,
                                   .shards = o->shards,
                                   .force = o->force,
                                   .progress = watch,
                                   .self = w,
                                   .stop = &w->stop};
}

static void note_precision(fc_run_result *out, const fc_precision_result *reached)
{
    out->precise = reached->reached;
    out->estimate = reached->estimate;
    out->low = reached->interval.low;
    out->high = reached->interval.high;
}

static const fc_run_result nothing = {.estimate = NAN, .low = NAN, .high = NAN};
static const fc_run_options defaults = {0};

int fc_run(fc_store *store, fc_scenario *scenario, const fc_run_options *options, fc_diag *diag,
           fc_run_result *out)
{
    watcher w = {.options = options ? options : &defaults};
    fc_experiment_options each = options_of(&w);
    fc_experiment_result result = {0};
    fc_precision precision;
    fc_precision_result reached;
    const char *wanted = w.options->precision;
    *out = nothing;
    int ret = wanted ? fc_precision_parse(wanted, diag, &precision) : FC_OK;
    if (ret) return ret;
    if (w.options->force) fc_store_mix_libm(store);
    ret = wanted
              ? fc_experiment_run_until(store, scenario, &precision, &each, diag, &result, &reached)
              : fc_experiment_run(store, scenario, &each, diag, &result);
    if (ret) return ret;
    if (wanted) note_precision(out, &reached);
    out->run = result.run;
    out->found = result.found;
    out->done = result.done;
    out->failed = result.failed;
    out->stopped = result.stopped;
    return FC_OK;
}

/* ---- experiments ----------------------------------------------------------------------------- */

static int run_sweep(fc_store *store, fc_arena *arena, const fc_experiment_file *file,
                     const fc_load_options *load, watcher *w, fc_diag *diag, fc_run_result *out)
{
    const char *wanted = w->options->precision ? w->options->precision : file->precision;
    fc_precision precision;
    fc_sweep *sweep;
    fc_sweep_result result;
    fc_sweep_setup setup = {.replications = w->options->replications,
                            .seed = load ? load->seed : NULL,
                            .data = load ? load->data : NULL};
    int ret = wanted ? fc_precision_parse(wanted, diag, &precision) : FC_OK;
    if (!ret) ret = fc_sweep_prepare(arena, file, &setup, diag, &sweep);
    if (!ret && wanted) ret = fc_sweep_takes_precision(sweep, diag);
    if (ret) return ret;
    fc_sweep_options options = {.each = options_of(w), .precision = wanted ? &precision : NULL};
    if ((ret = fc_sweep_run(store, sweep, &options, diag, &result))) return ret;
    out->found = result.found;
    out->done = result.done;
    out->failed = result.failed;
    out->unbuilt = result.unbuilt;
    out->stopped = result.stopped;
    return FC_OK;
}

int fc_run_experiment(fc_store *store, const char *path, const fc_load_options *load,
                      const fc_run_options *options, fc_diag *diag, fc_run_result *out)
{
    watcher w = {.options = options ? options : &defaults};
    const fc_experiment_file *file;
    fc_arena *arena = fc_arena_create();
    *out = nothing;
    int ret = arena ? fc_experiment_file_load(arena, path, diag, &file) : FC_E_NOMEM;
    if (w.options->force) fc_store_mix_libm(store);
    if (!ret) ret = run_sweep(store, arena, file, load, &w, diag, out);
    fc_arena_free(arena);
    return ret;
}
