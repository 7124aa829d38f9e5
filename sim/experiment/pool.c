/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/pool.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#include "experiment/worker.h"

/* Records on their way: enough that the workers go on while the writer writes a batch
 * (store_write.c), but no more bytes than this, and some a thread in any case. */
enum { SLOTS_A_THREAD = 4, SLOTS = 512, SLOT_BYTES = 16 * 1024 * 1024, MAX_THREADS = 1024 };

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
    const fc_pool_task *task;
    uint32_t next;    /* of task->todo */
    unsigned working; /* workers that have not ended */
    bool cancelled;
    queue empty, full;
    pthread_mutex_t lock;
    pthread_cond_t has_empty, has_full;
} pool;

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
    while (!p->cancelled && p->next < p->task->n_todo && !p->empty.first)
        pthread_cond_wait(&p->has_empty, &p->lock);
    slot *s = NULL;
    bool stop = p->task->stop && atomic_load_explicit(p->task->stop, memory_order_relaxed);
    if (!p->cancelled && !stop && p->next < p->task->n_todo) {
        s = pop(&p->empty);
        s->replication = p->task->todo[p->next++];
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
    fc_worker *worker = NULL;
    uint32_t n = p->task->plan->n_unknowns;
    double *uniforms = p->task->points ? calloc((size_t)n + 1, sizeof *uniforms) : NULL;
    int ret = p->task->points && !uniforms ? FC_E_NOMEM : FC_OK;
    if (!ret) ret = fc_worker_create(p->task->plan, &worker);
    for (slot *s; (s = take_work(p));) {
        if (uniforms) fc_sample_uniforms(p->task->points, n, s->replication, uniforms);
        s->code =
            ret ? ret : fc_worker_run(worker, s->replication, uniforms, &s->record, &s->sentence);
        hand_over(p, s);
    }
    free(uniforms);
    fc_worker_free(worker);
    pthread_mutex_lock(&p->lock);
    p->working--;
    pthread_cond_signal(&p->has_full);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

int fc_pool_take(const fc_pool_task *task, uint32_t replication, int code, const char *sentence,
                 const fc_record *record, fc_diag *diag)
{
    fc_replication one = {.number = replication, .code = code, .record = code ? NULL : record};
    if (code == FC_E_NOMEM) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (code) one.sentence = sentence ? sentence : fc_error_text(code, FC_LANG_EN);
    return task->take(task->self, &one);
}

/* Hands one record to who takes it; the slot is empty again afterwards. */
static int take_slot(const fc_pool_task *task, slot *s, fc_diag *diag)
{
    int ret = fc_pool_take(task, s->replication, s->code, s->sentence, &s->record, diag);
    free(s->sentence);
    s->sentence = NULL;
    return ret;
}

/* Takes what the workers finish until they have all ended. */
static int take_all(pool *p, fc_diag *diag)
{
    int ret = FC_OK;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->full.first && p->working > 0) pthread_cond_wait(&p->has_full, &p->lock);
        slot *s = pop(&p->full);
        if (!s) break;
        pthread_mutex_unlock(&p->lock);
        if (!ret) ret = take_slot(p->task, s, diag);
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

unsigned fc_pool_threads(unsigned threads)
{
    if (!threads) threads = fc_processors();
    return threads < MAX_THREADS ? threads : MAX_THREADS;
}

int fc_pool_run(const fc_pool_task *task, fc_diag *diag)
{
    pool all = {.task = task}, *p = &all;
    int ret = FC_E_NOMEM;
    unsigned started = 0, threads = fc_pool_threads(task->threads);
    if (threads > task->n_todo) threads = task->n_todo;
    size_t n_slots = slots_for(task->plan, threads, task->n_todo);
    assert(threads > 0 && n_slots > 0);
    pthread_t *ids = calloc(threads, sizeof *ids);
    slot *slots = calloc(n_slots, sizeof *slots);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->has_empty, NULL);
    pthread_cond_init(&p->has_full, NULL);
    if (!ids || !slots) goto out;
    for (size_t i = 0; i < n_slots; i++) {
        if ((ret = fc_record_init(&slots[i].record, task->plan))) goto out;
        push(&p->empty, &slots[i]);
    }
    p->working = threads;
    for (; started < threads; started++)
        if (pthread_create(&ids[started], NULL, work, p)) break;
    ret = started ? FC_OK : FC_E_NOMEM;
    pthread_mutex_lock(&p->lock);
    p->working -= threads - started; /* fewer threads than asked for do the same work */
    pthread_mutex_unlock(&p->lock);
    if (!ret) ret = take_all(p, diag);
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
