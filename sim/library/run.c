/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include "base/arena.h"
#include "experiment/sweep.h"
#include "fleetcast/results.h"
#include "library/explain.h"

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

/* A shard that there is none of would be nothing, and found to be done. */
static int check_shard(const fc_run_options *o, fc_diag *diag)
{
    if (o->shards ? o->shard >= 1 && o->shard <= o->shards : o->shard == 0) return FC_OK;
    return fc_fail(diag, FC_E_USAGE, NULL,
                   FC_BOTH("fc_run_options: `shard` is from 1 to `shards`, and both are 0 where "
                           "nothing is split",
                           "fc_run_options: shard에는 1부터 shards까지의 수를 적고, 나누지 않을 "
                           "때는 둘 다 0으로 두십시오"),
                   NULL);
}

static void note_precision(fc_run_result *out, const fc_precision_result *reached)
{
    out->precise = reached->reached;
    out->n = reached->n;
    out->without = reached->without;
    out->level = reached->level;
    out->estimate = reached->estimate;
    out->low = reached->interval.low;
    out->high = reached->interval.high;
}

static const fc_run_result nothing = {.estimate = NAN, .low = NAN, .high = NAN, .level = NAN};
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
    int ret = check_shard(w.options, diag);
    if (!ret && wanted) ret = fc_precision_parse(wanted, diag, &precision);
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

/* ---- counterfactuals ------------------------------------------------------------------------- */

/* A scenario that is run with its counterfactuals. */
typedef struct explained {
    fc_store *store;
    const char *path;
    const fc_load_options *load;
    const fc_run_options *options;
    fc_diag *diag;
    fc_run_result *sum;
} explained;

static int load_with(void *self, const char *policy, fc_scenario **out)
{
    const explained *e = self;
    fc_load_options options = e->load ? *e->load : (fc_load_options){0};
    const char **with = calloc(options.n_with + 1, sizeof *with);
    if (!with) return fc_fail(e->diag, FC_E_NOMEM, NULL, NULL);
    for (size_t i = 0; i < options.n_with; i++) with[i] = options.with[i];
    with[options.n_with++] = policy;
    options.with = with;
    int ret = fc_load(e->path, &options, e->diag, out);
    free(with);
    return ret;
}

static int run_one(void *self, fc_scenario *scenario, int64_t *run)
{
    const explained *e = self;
    fc_run_result one;
    if (e->sum->stopped) return FC_OK;
    int ret = fc_run(e->store, scenario, e->options, e->diag, &one);
    if (ret) return ret;
    *run = one.run;
    e->sum->found += one.found;
    e->sum->done += one.done;
    e->sum->failed += one.failed;
    e->sum->stopped = one.stopped;
    return FC_OK;
}

static int explain(explained *e, fc_scenario *scenario)
{
    fc_explainer explainer = {.load = load_with, .run = run_one, .self = e};
    fc_explain_options left = {0};
    int ret = fc_explain_load_options(&explainer, scenario, &left);
    if (!ret) ret = run_one(e, scenario, &e->sum->run);
    if (!ret && !e->sum->stopped)
        ret = fc_explain_run(e->store, &explainer, scenario, &left, e->sum->run, e->diag);
    fc_explain_free_options(&left);
    return ret;
}

int fc_run_explained(fc_store *store, const char *path, const fc_load_options *load,
                     const fc_run_options *options, fc_diag *diag, fc_run_result *out)
{
    const fc_run_options *o = options ? options : &defaults;
    fc_scenario *scenario = NULL;
    explained e = {
        .store = store, .path = path, .load = load, .options = o, .diag = diag, .sum = out};
    *out = nothing;
    if (o->shard || o->shards || o->precision)
        return fc_fail(diag, FC_E_USAGE, NULL,
                       FC_BOTH("counterfactuals need the whole run, without shards or a precision",
                               "원인 분석에는 샤드나 정밀도 지정 없이 전체 실행이 필요합니다"),
                       NULL);
    int ret = fc_load(path, load, diag, &scenario);
    if (!ret) ret = explain(&e, scenario);
    fc_scenario_free(scenario);
    return ret;
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
    int ret = arena ? check_shard(w.options, diag) : FC_E_NOMEM;
    if (!ret) ret = fc_experiment_file_load(arena, path, diag, &file);
    if (w.options->force) fc_store_mix_libm(store);
    if (!ret) ret = run_sweep(store, arena, file, load, &w, diag, out);
    fc_arena_free(arena);
    return ret;
}
