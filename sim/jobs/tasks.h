/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The jobs that are there now: waiting, running or suspended. Places ("slots") are used again, so
 * that memory follows the most jobs that were there at once.
 */
#ifndef FC_JOBS_TASKS_H
#define FC_JOBS_TASKS_H

#include "jobs/job.h"
#include "kernel/calendar.h"

enum { FC_NO_SLOT = UINT32_MAX };

/* Three cache lines, because thousands of tasks do not stay in the processor's first cache: a job
 * that ends reads the second, and little of the third. */
typedef struct fc_task {
    double key;     /* in the queue: the policy's order, ties by seq */
    double promise; /* conservative: reserved start; NaN: none */
    fc_job job;     /* ends within the second line */

    uint64_t seq;    /* order of arrival, from 1; 0: the slot is free */
    fc_handle event; /* its next: end or overrun while running, patience while waiting */
    double start;    /* of the present run */
    uint32_t share;  /* running on servers: its first share */
    uint32_t group;  /* running: where; conservative: of the promise */

    double held, lost;   /* of the runs before, s */
    double expected_end; /* of the present run */
    double estimate;     /* of the whole duration; grows when it is exceeded */
    double first_start;  /* NaN: not yet */
    double saved;        /* work that no failure can undo, s */
    uint32_t restarts;
    uint32_t next_free;
    uint8_t status; /* FC_JOB_WAITING, RUNNING, SUSPENDED */
} fc_task;

enum { FC_CACHE_LINE = 64 };
_Static_assert(sizeof(fc_task) == 3 * FC_CACHE_LINE, "a task fills cache lines");

typedef struct fc_tasks {
    fc_task *task;
    uint32_t size, used, free;
    uint32_t count; /* slots in use */
    uint64_t seq;   /* of the last arrival */
} fc_tasks;

void fc_tasks_init(fc_tasks *t);
void fc_tasks_free(fc_tasks *t);

/* A slot for a job that arrives, waiting. Tasks may move in memory. FC_E_NOMEM, FC_E_FULL. */
int fc_tasks_add(fc_tasks *t, const fc_job *job, uint32_t *slot);
void fc_tasks_remove(fc_tasks *t, uint32_t slot);

/* What is left to run, and what the scheduler thinks is left. */
static inline double fc_task_left(const fc_task *task)
{
    return task->job.duration - task->saved;
}

static inline double fc_task_expected(const fc_task *task)
{
    return task->estimate - task->saved;
}

/* The estimate turned out too short: it doubles, and grows by a minute at least. */
static inline double fc_longer_estimate(double estimate)
{
    return fmax(2 * estimate, estimate + 60);
}

/* The work that remains saved of `work` seconds when the job is stopped. */
double fc_task_saved_of(const fc_task *task, double work);

#endif
