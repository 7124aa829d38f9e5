/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/tasks.h"

void fc_tasks_init(fc_tasks *t)
{
    *t = (fc_tasks){.free = FC_NO_SLOT};
}

void fc_tasks_free(fc_tasks *t)
{
    free(t->task);
    fc_tasks_init(t);
}

static int grow(fc_tasks *t)
{
    uint32_t size = t->size < 64 ? 64 : t->size + t->size / 2;

    if (size > FC_CALENDAR_MAX_PENDING) size = FC_CALENDAR_MAX_PENDING;
    if (size == t->size) return FC_E_FULL;
    fc_task *task = aligned_alloc(FC_CACHE_LINE, size * sizeof *task);
    if (!task) return FC_E_NOMEM;
    if (t->used > 0) memcpy(task, t->task, t->used * sizeof *task);
    free(t->task);
    t->task = task;
    t->size = size;
    return FC_OK;
}

int fc_tasks_add(fc_tasks *t, const fc_job *job, uint32_t *slot)
{
    int ret = FC_OK;

    if (t->free != FC_NO_SLOT) {
        *slot = t->free;
        t->free = t->task[*slot].next_free;
    } else {
        if (t->used == t->size && (ret = grow(t)) != FC_OK) return ret;
        *slot = t->used++;
    }
    t->task[*slot] = (fc_task){.job = *job,
                               .seq = ++t->seq,
                               .estimate = job->estimate > 0 ? job->estimate : job->duration,
                               .first_start = NAN,
                               .promise = NAN,
                               .status = FC_JOB_WAITING};
    t->count++;
    return FC_OK;
}

void fc_tasks_remove(fc_tasks *t, uint32_t slot)
{
    t->task[slot].seq = 0;
    t->task[slot].next_free = t->free;
    t->free = slot;
    t->count--;
}

double fc_task_saved_of(const fc_task *task, double work)
{
    double interval = task->job.checkpoint;

    if (interval == 0) return work;
    /* An infinite interval gives 0. */
    return fmax(task->saved, floor(work / interval) * (isinf(interval) ? 0 : interval));
}
