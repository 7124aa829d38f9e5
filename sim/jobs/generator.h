/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs drawn from distributions: a source for the engine. Arrivals of a class of users are a
 * Poisson process whose rate follows a calendar path, by inversion of the cumulative rate. All that
 * is random about the i-th job of a class comes from occurrence i of the class's own stream, so
 * that neither the policy nor another class moves it.
 */
#ifndef FC_JOBS_GENERATOR_H
#define FC_JOBS_GENERATOR_H

#include "jobs/job.h"
#include "kernel/distribution.h"
#include "kernel/path.h"
#include "kernel/stream.h"

typedef struct fc_job_class {
    fc_job like;         /* what all its jobs have in common: priority, groups, class, ... */
    const fc_path *rate; /* arrivals a second, nowhere negative */
    uint64_t key;        /* of its stream (fc_stream_key) */
    const fc_distribution *gpus;     /* rounded to a whole number, at least 1 */
    const fc_distribution *duration; /* s; below 0 is 0 */
    const fc_distribution *patience; /* s; NULL: waits for ever, or as `like` says */
    const fc_distribution *estimate; /* what is estimated is the duration times this; NULL: exactly
                                      * the duration */
} fc_job_class;

enum { FC_JOB_DRAWS = 5 }; /* the most that is random about a job, the gap before it included */

typedef struct fc_class_state {
    fc_path_cursor rate;
    uint64_t drawn;                            /* jobs so far */
    fc_job next;                               /* arrival INFINITY: none */
    double ahead[FC_JOB_DRAWS][FC_STREAM_ROW]; /* of job i at i % FC_STREAM_ROW, in order of draw */
} fc_class_state;

/* The classes stay the caller's. */
typedef struct fc_job_generator {
    const fc_job_class *classes;
    fc_class_state *states;
    uint32_t count;
    uint32_t replication;
    uint64_t jobs; /* given out; the id of the next */
    double until;  /* no arrivals from then on; INFINITY: no end */
    uint64_t most; /* no more jobs than this */
} fc_job_generator;

/* FC_E_NOMEM. */
int fc_job_generator_init(fc_job_generator *g, const fc_job_class *classes, uint32_t count,
                          uint32_t replication, double until, uint64_t most);
void fc_job_generator_free(fc_job_generator *g);
fc_job_source fc_job_generator_source(fc_job_generator *g);

#endif
