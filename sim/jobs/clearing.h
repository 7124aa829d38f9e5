/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cluster serves when so much is wanted of it: the same jobs come faster or slower until
 * they want a given share of its GPUs, and are run under its own policy, placement and patience.
 * Near a load of 1 and beyond, gangs that are large against the cluster leave GPUs free that nobody
 * can take; how many depends on policy and mix, and no formula covers them all (for strict order
 * and exponential durations there is one: Rumyantsev and Morozov 2017, "Stability criterion of a
 * multiserver model with simultaneous service", Annals of Operations Research 252:29). So it is
 * measured.
 */
#ifndef FC_JOBS_CLEARING_H
#define FC_JOBS_CLEARING_H

#include "jobs/jobs.h"

/* Jobs in order of arrival; their `arrival` is in any unit, from 0. The first `warm` (1 to count -
 * 2) fill the cluster and are not counted. */
typedef struct fc_job_sample {
    const fc_job *jobs;
    uint32_t count, warm;
} fc_job_sample;

/* How long a job that nothing interrupts holds its GPUs. */
static inline double fc_job_holds(const fc_job *job, fc_overrun overrun)
{
    bool killed = overrun == FC_OVERRUN_KILL && job->estimate > 0;

    return killed ? fmin(job->duration, job->estimate) : job->duration;
}

/* Runs the sample on the cluster of `spec`, which has one group, at a load above 0: GPU-seconds
 * wanted of those there are, by jobs that are no larger than the cluster. *served: share of the
 * GPUs that what starts will hold, at most the load. Jobs start instead of being wanted but for
 * those that leave and what the queue gains, so that chance in what is wanted cancels out. *lasts:
 * seconds that count. FC_E_DOMAIN, FC_E_NOMEM, FC_E_FULL, FC_E_LEDGER. */
int fc_jobs_clear(const fc_jobs_spec *spec, const fc_job_sample *sample, double load,
                  double *served, double *lasts);

#endif
