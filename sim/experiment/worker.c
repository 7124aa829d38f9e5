/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/worker.h"

#include <stdlib.h>
#include "base/text.h"

struct fc_worker {
    fc_world *world;
    fc_diag *diag;
};

int fc_worker_create(const fc_plan *plan, fc_worker **out)
{
    int ret = FC_E_NOMEM;
    fc_worker *worker = calloc(1, sizeof *worker);
    if (worker && (worker->diag = fc_diag_create())) ret = fc_world_create(plan, &worker->world);
    *out = worker;
    if (ret) {
        fc_worker_free(worker);
        *out = NULL;
    }
    return ret;
}

void fc_worker_free(fc_worker *worker)
{
    if (!worker) return;
    fc_world_free(worker->world);
    fc_diag_free(worker->diag);
    free(worker);
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

int fc_worker_run(fc_worker *worker, uint32_t replication, const double *uniforms, fc_record *out,
                  char **sentence)
{
    int ret = fc_world_run_at(worker->world, replication, uniforms, NULL, out, worker->diag);
    *sentence = ret ? say_failure(worker->diag) : NULL;
    fc_diag_clear(worker->diag);
    return ret;
}
