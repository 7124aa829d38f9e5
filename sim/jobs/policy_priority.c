/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Highest priority first, equals in order of arrival; nothing running is stopped. One that
 * does not fit blocks all behind it on the groups it can run on.
 */
#include "jobs/scheduler.h"

static double priority(const fc_job *job)
{
    return -(double)job->priority;
}

const fc_policy fc_policy_priority = {
    .name = "priority",
    .key = priority,
    .pass = fc_scheduler_start_heads,
};
