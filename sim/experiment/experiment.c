/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/experiment.h"

#include <stdlib.h>
#include <time.h>

/* How often a run that goes on says so (fc_store_note_part). */
static const double SEEN_SECONDS = 5;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Where the records go. */
typedef struct writer {
    fc_store *store;
    const fc_plan *plan;
    const fc_experiment_options *options;
    fc_run_part *part;
    fc_diag *diag;
    fc_experiment_result *out;
    uint32_t waiting; /* taken since the last flush */
    double seen;
} writer;

static int write_one(const writer *w, const fc_replication *one)
{
    fc_experiment_result *out = w->out;
    int ret;
    if (one->code) {
        out->failed++;
        ret = fc_store_add_failure(w->store, out->run, one->number, one->code, one->sentence,
                                   w->diag);
    } else {
        out->events += one->record->events;
        ret = fc_store_add(w->store, w->plan, out->run, one->number, one->record, w->diag);
    }
    out->done += !ret;
    return ret;
}

/* Towards the end the batches get smaller, or the last one would be written while every worker has
 * already ended: whenever as many wait to be written as are still to come. */
static bool is_time_to_flush(const fc_experiment_result *out, uint32_t waiting)
{
    enum { FEWEST = 16 };
    return waiting >= FEWEST && waiting >= out->total - out->found - out->done;
}

static int take(void *self, const fc_replication *one)
{
    writer *w = self;
    const fc_experiment_options *options = w->options;
    int ret = write_one(w, one);
    if (!ret && is_time_to_flush(w->out, ++w->waiting)) {
        ret = fc_store_flush(w->store, w->diag);
        w->waiting = 0;
    }
    if (!ret && now() - w->seen > SEEN_SECONDS) {
        w->seen = now();
        ret = fc_store_note_part(w->store, w->part, w->diag);
    }
    if (!ret && options->progress)
        options->progress(options->self, w->out->found + w->out->done, w->out->total,
                          w->out->failed);
    return ret;
}

/* The replications of this shard that are not stored. */
static int find_todo(fc_store *store, uint32_t n, const fc_experiment_options *options,
                     fc_diag *diag, uint32_t **todo, fc_experiment_result *out)
{
    bool *done = calloc((size_t)n + 1, sizeof *done);
    *todo = calloc((size_t)n + 1, sizeof **todo);
    int ret = done && *todo ? fc_store_done(store, out->run, n, done, diag) : FC_E_NOMEM;
    out->total = 0;
    out->found = 0;
    uint32_t count = 0;
    for (uint32_t r = 0; !ret && r < n; r++) {
        if (!fc_shard_has(options->shard, options->shards, options->offset, r)) continue;
        out->total++;
        if (done[r])
            out->found++;
        else
            (*todo)[count++] = r;
    }
    free(done);
    return ret;
}

static fc_run_part part_of(const fc_experiment_options *options, uint32_t n,
                           const fc_experiment_result *result)
{
    return (fc_run_part){.run = result->run,
                         .shard = options->shards ? options->shard : 1,
                         .shards = options->shards ? options->shards : 1,
                         .wanted = result->total,
                         .found = result->found,
                         .offset = options->offset,
                         .replications = n};
}

int fc_experiment_run(fc_store *store, fc_scenario *scenario, const fc_experiment_options *options,
                      fc_diag *diag, fc_experiment_result *out)
{
    *out = (fc_experiment_result){0};
    uint32_t n =
        options->replications ? options->replications : (uint32_t)scenario->root.replications;
    uint32_t *todo = NULL;
    int ret = options->force ? FC_OK : fc_store_check_resume(store, scenario, diag);
    if (!ret) ret = fc_store_begin_run(store, scenario, diag, &out->run);
    if (!ret && options->begun) ret = options->begun(options->self, out->run);
    if (!ret) ret = find_todo(store, n, options, diag, &todo, out);
    uint32_t missing = out->total - out->found;
    fc_run_part part = part_of(options, n, out);
    if (!ret && missing > 0) ret = fc_store_note_part(store, &part, diag);
    if (!ret && missing > 0) {
        writer to = {.store = store,
                     .plan = scenario->plan,
                     .options = options,
                     .part = &part,
                     .diag = diag,
                     .out = out,
                     .seen = now()};
        fc_pool_task task = {.plan = scenario->plan,
                             .points = options->points,
                             .todo = todo,
                             .n_todo = missing,
                             .threads = options->threads,
                             .stop = options->stop,
                             .take = take,
                             .self = &to};
        const fc_engine *engine = options->engine;
        ret = engine ? engine->run(engine->self, scenario, &task, diag) : fc_pool_run(&task, diag);
        int flushed = fc_store_flush(store, diag); /* what is finished is kept in any case */
        if (!ret) ret = flushed;
        out->stopped = !ret && out->done < missing;
    }
    /* Also where nothing was missing: the run may have been killed before its summary. */
    if (!ret) ret = fc_store_summarise(store, out->run, fc_pool_threads(options->threads), diag);
    part.ended = !out->stopped;
    part.stopped = out->stopped;
    if (!ret) ret = fc_store_note_part(store, &part, diag);
    free(todo);
    return ret;
}
