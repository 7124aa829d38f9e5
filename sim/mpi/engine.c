/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpi/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mpi/wire.h"

/* Replications that a process has at once: one to do, one to go on with. */
enum { AHEAD = 2 };

typedef struct crew {
    MPI_Comm processes;
    int n; /* with this one */
    fc_mpi_task task;
    const fc_pool_task *todo;
    uint32_t next; /* of todo->todo */
    uint32_t out;  /* handed out, not back yet */
    char *text;
    double *weaker, *work; /* work: number and uniforms of a replication */
    size_t room;           /* bytes of `result` */
    unsigned char *result;
    fc_bytes *waits;     /* FC_WAITS_A_CLASS of each class */
    fc_mpi_ready *ready; /* of each process */
} crew;

/* ---- beginning and end of a run -------------------------------------------------------------- */

static int prepare(crew *c, const fc_scenario *scenario)
{
    const fc_plan *plan = scenario->plan;
    int ret = fc_mpi_describe(scenario, &c->task);
    if (!ret) ret = fc_scenario_resolved(scenario, FC_LANG_EN, &c->text);
    if (ret) return ret;
    c->task.text = strlen(c->text);
    c->task.n_uniforms = c->todo->points ? plan->n_unknowns : 0;
    c->weaker = calloc((size_t)plan->n_currencies + 1, sizeof *c->weaker);
    c->work = calloc((size_t)plan->n_unknowns + 1, sizeof *c->work);
    c->waits = calloc(FC_WAITS_A_CLASS * (size_t)plan->n_classes + 1, sizeof *c->waits);
    c->ready = calloc((size_t)c->n, sizeof *c->ready);
    if (!c->weaker || !c->work || !c->waits || !c->ready) return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_currencies; i++) c->weaker[i] = plan->currencies[i].weaker;
    return FC_OK;
}

static int announce(crew *c, fc_diag *diag)
{
    MPI_Bcast(&c->task, sizeof c->task, MPI_BYTE, 0, c->processes);
    MPI_Bcast(c->text, (int)c->task.text, MPI_BYTE, 0, c->processes);
    MPI_Bcast(c->weaker, (int)c->task.n_currencies, MPI_DOUBLE, 0, c->processes);
    MPI_Gather(MPI_IN_PLACE, 0, MPI_BYTE, c->ready, sizeof *c->ready, MPI_BYTE, 0, c->processes);
    for (int i = 1; i < c->n; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        if (c->ready[i].code)
            return fc_fail(diag, FC_E_PROCESS, NULL, number, c->ready[i].host, c->ready[i].reason,
                           NULL);
    }
    return FC_OK;
}

static void release(const crew *c)
{
    for (int i = 1; i < c->n; i++) MPI_Send(NULL, 0, MPI_BYTE, i, FC_MPI_DONE, c->processes);
}

/* ---- a run ----------------------------------------------------------------------------------- */

/* Nothing is handed out once all is, or the run is to stop. */
static void hand_out(crew *c, int process)
{
    const fc_pool_task *todo = c->todo;
    bool stop = todo->stop && atomic_load_explicit(todo->stop, memory_order_relaxed);
    if (stop || c->next == todo->n_todo) return;
    uint32_t replication = todo->todo[c->next++], n = c->task.n_uniforms;
    c->work[0] = replication;
    if (n) fc_sample_uniforms(todo->points, n, replication, c->work + 1);
    MPI_Send(c->work, (int)n + 1, MPI_DOUBLE, process, FC_MPI_WORK, c->processes);
    c->out++;
}

/* The next result, from whomever. */
static int receive(crew *c, size_t *bytes)
{
    MPI_Status status;
    int n;
    MPI_Probe(MPI_ANY_SOURCE, FC_MPI_RESULT, c->processes, &status);
    MPI_Get_count(&status, MPI_BYTE, &n);
    *bytes = (size_t)n;
    if (*bytes > c->room) {
        unsigned char *grown = realloc(c->result, *bytes);
        if (!grown) MPI_Abort(c->processes, 1); /* what was sent has to go somewhere */
        c->result = grown;
        c->room = *bytes;
    }
    MPI_Recv(c->result, n, MPI_BYTE, status.MPI_SOURCE, FC_MPI_RESULT, c->processes,
             MPI_STATUS_IGNORE);
    return status.MPI_SOURCE;
}

static int take(const crew *c, size_t bytes, fc_diag *diag)
{
    fc_record record;
    const char *sentence;
    fc_mpi_result result = fc_mpi_unpack(&c->task, c->result, bytes, c->waits, &record, &sentence);
    return fc_pool_take(c->todo, result.replication, result.code, sentence, &record, diag);
}

static int simulate(crew *c, fc_diag *diag)
{
    int ret = FC_OK;
    for (int k = 0; k < AHEAD; k++)
        for (int i = 1; i < c->n; i++) hand_out(c, i);
    while (c->out > 0) {
        size_t bytes;
        int process = receive(c, &bytes);
        c->out--;
        /* Before it is taken: who brought it has something to do while this one writes. */
        if (!ret) hand_out(c, process);
        if (!ret) ret = take(c, bytes, diag);
    }
    return ret;
}

static int run(void *self, const fc_scenario *scenario, const fc_pool_task *task, fc_diag *diag)
{
    crew c = {.processes = *(MPI_Comm *)self, .todo = task};
    MPI_Comm_size(c.processes, &c.n);
    int ret = prepare(&c, scenario);
    if (ret) {
        fc_fail(diag, ret, NULL, NULL);
    } else {
        ret = announce(&c, diag);
        if (!ret) ret = simulate(&c, diag);
        release(&c);
    }
    free(c.text);
    free(c.weaker);
    free(c.work);
    free(c.result);
    free(c.waits);
    free(c.ready);
    return ret;
}

fc_engine fc_mpi_engine(MPI_Comm *processes)
{
    return (fc_engine){.run = run, .self = processes};
}

void fc_mpi_dismiss(MPI_Comm processes)
{
    fc_mpi_task end = {0};
    MPI_Bcast(&end, sizeof end, MPI_BYTE, 0, processes);
}
