/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shortest job first, by the estimate of the whole duration; nothing running is stopped. The
 * shortest that does not fit blocks all longer ones.
 */
#include "jobs/scheduler.h"

static double estimate(const fc_job *job)
{
    return job->estimate > 0 ? job->estimate : job->duration;
}

const fc_policy fc_policy_sjf = {
    .name = "sjf",
    .key = estimate,
    .pass = fc_scheduler_start_heads,
};
