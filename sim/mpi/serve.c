/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpi/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "experiment/worker.h"
#include "mpi/wire.h"

/* A run, as far as this process has to do with it. */
typedef struct server {
    MPI_Comm processes;
    fc_mpi_task task;
    fc_scenario *scenario;
    fc_worker *worker;
    fc_record record;
    double *work; /* number and uniforms of a replication */
    fc_mpi_result result;
    fc_text bytes;    /* of the result that is on its way */
    MPI_Request sent; /* ... */
} server;

/* ---- getting ready --------------------------------------------------------------------------- */

static int differ(fc_mpi_ready *ready, const char *what, const char *theirs, const char *ours)
{
    snprintf(ready->reason, sizeof ready->reason, "%s %s <> %s", what, ours, theirs);
    return FC_E_PROCESS;
}

/* What a counterfactual changes, which no text says. */
static int adjust_plan(fc_plan *plan, const fc_mpi_task *task, const double *weaker)
{
    if (plan->n_outcomes != task->n_outcomes || plan->n_months != task->n_months ||
        plan->n_currencies != task->n_currencies || plan->n_classes != task->n_classes ||
        plan->n_series < task->n_series || plan->n_draws < task->n_draws ||
        (task->n_uniforms && task->n_uniforms != plan->n_unknowns))
        return FC_E_INTERNAL;
    plan->n_series = task->n_series;
    plan->n_draws = task->n_draws;
    plan->without = task->without;
    for (uint32_t i = 0; i < plan->n_currencies; i++) plan->currencies[i].weaker = weaker[i];
    return FC_OK;
}

static int load(server *s, const char *text, const double *weaker, fc_mpi_ready *ready)
{
    const fc_mpi_task *task = &s->task;
    const int64_t seed = (int64_t)task->seed;
    const fc_scenario_options options = {.seed = &seed};
    fc_mpi_task here;
    fc_diag *diag = fc_diag_create();
    int ret = diag ? fc_scenario_load_text("mpi", text, task->text, &options, diag, &s->scenario)
                   : FC_E_NOMEM;
    char *sentence = ret && diag ? fc_diag_sentence(diag, 0, FC_LANG_EN) : NULL;
    snprintf(ready->reason, sizeof ready->reason, "%s", sentence ? sentence : "");
    free(sentence);
    fc_diag_free(diag);
    if (!ret) ret = fc_mpi_describe(s->scenario, &here);
    if (ret) return ret;
    if (strcmp(here.version, task->version) != 0)
        return differ(ready, "version", task->version, here.version);
    if (strcmp(here.libm, task->libm) != 0) return differ(ready, "libm", task->libm, here.libm);
    if (strcmp(here.tree, task->tree) != 0) return differ(ready, "scenario", task->tree, here.tree);
    return adjust_plan(s->scenario->plan, task, weaker);
}

static int get_ready(server *s, const char *text, const double *weaker, fc_mpi_ready *ready)
{
    int length, ret = load(s, text, weaker, ready);
    s->work = calloc((size_t)s->task.n_uniforms + 1, sizeof *s->work);
    if (!ret && !s->work) ret = FC_E_NOMEM;
    if (!ret) ret = fc_worker_create(s->scenario->plan, &s->worker);
    if (!ret) ret = fc_record_init(&s->record, s->scenario->plan);
    if (ret && !*ready->reason)
        snprintf(ready->reason, sizeof ready->reason, "%s", fc_error_text(ret, FC_LANG_EN));
    ready->code = ret;
    MPI_Get_processor_name(ready->host, &length);
    MPI_Gather(ready, sizeof *ready, MPI_BYTE, NULL, 0, MPI_BYTE, 0, s->processes);
    return ret;
}

/* ---- simulating ------------------------------------------------------------------------------ */

/* A receiver that is busy with sending to this process must not find it waiting: so results go out
 * while the next replication is simulated, and each is waited for before the next. */
static void wait_for_last(server *s)
{
    /* The call that began it is in another function, or there was none yet (MPI_REQUEST_NULL).
     * NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker) */
    MPI_Wait(&s->sent, MPI_STATUS_IGNORE);
}

static void simulate(server *s)
{
    char *sentence;
    uint32_t replication = (uint32_t)s->work[0];
    const double *uniforms = s->task.n_uniforms ? s->work + 1 : NULL;
    int code = fc_worker_run(s->worker, replication, uniforms, &s->record, &sentence);
    wait_for_last(s); /* which lies in the same place */
    s->result =
        (fc_mpi_result){.replication = replication, .code = code, .events = s->record.events};
    fc_mpi_pack(&s->task, &s->result, &s->record, sentence, &s->bytes);
    free(sentence);
    bool failed = fc_text_failed(&s->bytes);
    if (failed) s->result.code = FC_E_NOMEM;
    const void *bytes = failed ? (const void *)&s->result : s->bytes.data;
    size_t length = failed ? sizeof s->result : s->bytes.length;
    MPI_Isend(bytes, (int)length, MPI_BYTE, 0, FC_MPI_RESULT, s->processes, &s->sent);
}

/* Until the run is done: also where this process could not take part. */
static void work(server *s, bool ready)
{
    MPI_Status status;
    double nothing;
    for (;;) {
        double *to = ready ? s->work : &nothing;
        int room = ready ? (int)s->task.n_uniforms + 1 : 0;
        MPI_Recv(to, room, MPI_DOUBLE, 0, MPI_ANY_TAG, s->processes, &status);
        if (!ready || status.MPI_TAG == FC_MPI_DONE) break; /* who is not gets nothing else */
        simulate(s);
    }
    wait_for_last(s);
}

static void serve_run(server *s)
{
    fc_mpi_ready ready = {0};
    char *text = malloc(s->task.text + 1);
    double *weaker = calloc((size_t)s->task.n_currencies + 1, sizeof *weaker);
    if (!text || !weaker) MPI_Abort(s->processes, 1); /* what is broadcast has to go somewhere */
    MPI_Bcast(text, (int)s->task.text, MPI_BYTE, 0, s->processes);
    MPI_Bcast(weaker, (int)s->task.n_currencies, MPI_DOUBLE, 0, s->processes);
    int ret = get_ready(s, text, weaker, &ready);
    free(text);
    free(weaker);
    work(s, !ret);
    fc_worker_free(s->worker);
    fc_record_free(&s->record);
    fc_scenario_free(s->scenario);
    fc_text_free(&s->bytes);
    free(s->work);
}

void fc_mpi_serve(MPI_Comm processes)
{
    for (;;) {
        server s = {.processes = processes, .bytes = FC_TEXT_EMPTY, .sent = MPI_REQUEST_NULL};
        MPI_Bcast(&s.task, sizeof s.task, MPI_BYTE, 0, processes);
        if (!s.task.text) return;
        serve_run(&s);
    }
}
