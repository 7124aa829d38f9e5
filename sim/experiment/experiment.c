/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/experiment.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/text.h"

/* Records on their way: enough that the workers go on while the writer writes a batch
 * (store_write.c), but no more bytes than this, and some a thread in any case. */
enum { SLOTS_A_THREAD = 4, SLOTS = 512, SLOT_BYTES = 16 * 1024 * 1024, MAX_THREADS = 1024 };

/* How often a run that goes on says so (fc_store_note_part). */
static const double SEEN_SECONDS = 5;

/* A record on its way from a worker to the writer. */
typedef struct slot {
    fc_record record;
    uint32_t replication;
    int code;       /* FC_OK, or why the replication failed */
    char *sentence; /* its message, malloc'd */
    struct slot *next;
} slot;

typedef struct queue {
    slot *first, *last;
} queue;

typedef struct pool {
    const fc_plan *plan;
    const fc_sample_points *points; /* may be NULL */
    const uint32_t *todo;           /* replication numbers */
    uint32_t n_todo, next;
    unsigned working; /* workers that have not ended */
    bool cancelled;
    const atomic_bool *stop;
    const fc_part *part;
    queue empty, full;
    pthread_mutex_t lock;
    pthread_cond_t has_empty, has_full;
} pool;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void push(queue *q, slot *s)
{
    s->next = NULL;
    if (q->last)
        q->last->next = s;
    else
        q->first = s;
    q->last = s;
}

static slot *pop(queue *q)
{
    slot *s = q->first;
    if (s && !(q->first = s->next)) q->last = NULL;
    return s;
}

/* The next replication to do and a slot for it; NULL when there is nothing left. */
static slot *take_work(pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->cancelled && p->next < p->n_todo && !p->empty.first)
        pthread_cond_wait(&p->has_empty, &p->lock);
    slot *s = NULL;
    bool stop = p->stop && atomic_load_explicit(p->stop, memory_order_relaxed);
    if (!p->cancelled && !stop && p->next < p->n_todo) {
        s = pop(&p->empty);
        s->replication = p->todo[p->next++];
    }
    pthread_mutex_unlock(&p->lock);
    return s;
}

static void hand_over(pool *p, slot *s)
{
    pthread_mutex_lock(&p->lock);
    push(&p->full, s);
    pthread_cond_signal(&p->has_full);
    pthread_mutex_unlock(&p->lock);
}

/* "fleets.korea.programmes.state.install: a parameter is ..."; malloc'd, NULL if there is none. */
static char *say_failure(const fc_diag *diag)
{
    fc_text text = FC_TEXT_EMPTY;
    char *sentence = fc_diag_sentence(diag, 0, FC_LANG_EN);
    const char *path = fc_diag_place(diag, 0).path;
    if (!sentence || !path || !*path) return sentence;
    fc_text_printf(&text, "%s: %s", path, sentence);
    free(sentence);
    return fc_text_take(&text);
}

void fc_sample_uniforms(const fc_sample_points *points, uint32_t n_unknowns, uint32_t replication,
                        double *out)
{
    const double *at = points->quantiles + (size_t)(replication / points->each) * points->n_columns;
    for (uint32_t i = 0; i < n_unknowns; i++)
        out[i] = points->column_of[i] == FC_NO_COLUMN ? NAN : at[points->column_of[i]];
}

static void *work(void *argument)
{
    pool *p = argument;
    fc_world *world = NULL;
    fc_diag *diag = fc_diag_create();
    uint32_t n = p->plan->n_unknowns;
    double *uniforms = p->points ? calloc((size_t)n + 1, sizeof *uniforms) : NULL;
    int ret = diag ? fc_world_create(p->plan, &world) : FC_E_NOMEM;
    if (p->points && !uniforms) ret = FC_E_NOMEM;
    for (slot *s; (s = take_work(p));) {
        if (uniforms) fc_sample_uniforms(p->points, n, s->replication, uniforms);
        s->code =
            ret ? ret : fc_world_run_at(world, s->replication, uniforms, NULL, &s->record, diag);
        if (s->code && !ret) s->sentence = say_failure(diag);
        fc_diag_clear(diag);
        hand_over(p, s);
    }
    free(uniforms);
    fc_world_free(world);
    fc_diag_free(diag);
    pthread_mutex_lock(&p->lock);
    p->working--;
    pthread_cond_signal(&p->has_full);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Writes one record; the slot is empty again afterwards. */
static int write_slot(fc_store *store, const pool *p, slot *s, fc_diag *diag,
                      fc_experiment_result *out)
{
    int ret;
    if (s->code == FC_E_NOMEM) {
        /* The machine's doing, not the replication's: nothing to record. */
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    } else if (s->code) {
        out->failed++;
        ret = fc_store_add_failure(store, out->run, s->replication, s->code,
                                   s->sentence ? s->sentence : fc_error_text(s->code, FC_LANG_EN),
                                   diag);
    } else {
        out->events += s->record.events;
        ret = fc_store_add(store, p->plan, out->run, s->replication, &s->record, diag);
    }
    free(s->sentence);
    s->sentence = NULL;
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

/* Takes what the workers finish until they have all ended. */
static int write_all(fc_store *store, pool *p, const fc_experiment_options *options, fc_diag *diag,
                     fc_experiment_result *out)
{
    int ret = FC_OK;
    uint32_t waiting = 0;
    double seen = now();
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->full.first && p->working > 0) pthread_cond_wait(&p->has_full, &p->lock);
        slot *s = pop(&p->full);
        if (!s) break;
        pthread_mutex_unlock(&p->lock);
        if (!ret) ret = write_slot(store, p, s, diag, out);
        if (!ret && is_time_to_flush(out, ++waiting)) {
            ret = fc_store_flush(store, diag);
            waiting = 0;
        }
        if (!ret && now() - seen > SEEN_SECONDS) {
            seen = now();
            ret = fc_store_note_part(store, p->part, diag);
        }
        if (!ret && options->progress)
            options->progress(options->self, out->found + out->done, out->total, out->failed);
        pthread_mutex_lock(&p->lock);
        if (ret) p->cancelled = true;
        push(&p->empty, s);
        pthread_cond_broadcast(&p->has_empty);
    }
    pthread_mutex_unlock(&p->lock);
    return ret;
}

unsigned fc_processors(void)
{
    cpu_set_t set; /* those this process may use, as a batch system or taskset grants them */
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

static size_t slots_for(const fc_plan *plan, unsigned threads, uint32_t todo)
{
    size_t numbers = (size_t)plan->n_series * plan->n_months + plan->n_outcomes + plan->n_draws;
    size_t fit = SLOT_BYTES / ((numbers + 1) * sizeof(double)), least = threads * SLOTS_A_THREAD;
    size_t n = fit < SLOTS ? fit : SLOTS;
    if (n > todo) n = todo;
    return n > least ? n : least;
}

static int run_pool(fc_store *store, pool *p, unsigned threads,
                    const fc_experiment_options *options, fc_diag *diag, fc_experiment_result *out)
{
    int ret = FC_E_NOMEM;
    unsigned started = 0;
    size_t n_slots = slots_for(p->plan, threads, p->n_todo);
    assert(threads > 0 && n_slots > 0);
    pthread_t *ids = calloc(threads, sizeof *ids);
    slot *slots = calloc(n_slots, sizeof *slots);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->has_empty, NULL);
    pthread_cond_init(&p->has_full, NULL);
    if (!ids || !slots) goto out;
    for (size_t i = 0; i < n_slots; i++) {
        if ((ret = fc_record_init(&slots[i].record, p->plan))) goto out;
        push(&p->empty, &slots[i]);
    }
    p->working = threads;
    for (; started < threads; started++)
        if (pthread_create(&ids[started], NULL, work, p)) break;
    ret = started ? FC_OK : FC_E_NOMEM;
    pthread_mutex_lock(&p->lock);
    p->working -= threads - started; /* fewer threads than asked for do the same work */
    pthread_mutex_unlock(&p->lock);
    if (!ret) ret = write_all(store, p, options, diag, out);
    for (unsigned i = 0; i < started; i++) pthread_join(ids[i], NULL);
out:
    for (size_t i = 0; slots && i < n_slots; i++) {
        fc_record_free(&slots[i].record);
        free(slots[i].sentence);
    }
    pthread_cond_destroy(&p->has_full);
    pthread_cond_destroy(&p->has_empty);
    pthread_mutex_destroy(&p->lock);
    free(slots);
    free(ids);
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

static fc_part part_of(const fc_experiment_options *options, uint32_t n,
                       const fc_experiment_result *result)
{
    return (fc_part){.run = result->run,
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
    if (!ret) ret = find_todo(store, n, options, diag, &todo, out);
    uint32_t missing = out->total - out->found;
    unsigned threads = options->threads ? options->threads : fc_processors();
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    fc_part part = part_of(options, n, out);
    if (!ret && missing > 0) ret = fc_store_note_part(store, &part, diag);
    if (!ret && missing > 0) {
        pool p = {.plan = scenario->plan,
                  .points = options->points,
                  .todo = todo,
                  .n_todo = missing,
                  .stop = options->stop,
                  .part = &part};
        ret = run_pool(store, &p, threads < missing ? threads : missing, options, diag, out);
        int flushed = fc_store_flush(store, diag); /* what is finished is kept in any case */
        if (!ret) ret = flushed;
        out->stopped = !ret && out->done < missing;
    }
    /* Also where nothing was missing: the run may have been killed before its summary. */
    if (!ret) ret = fc_store_summarise(store, out->run, threads, diag);
    part.ended = !out->stopped;
    if (!ret) ret = fc_store_note_part(store, &part, diag);
    free(todo);
    return ret;
}
