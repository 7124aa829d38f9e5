/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * First come, first served: one that does not fit blocks all behind it on the groups it can run on.
 */
#include "jobs/scheduler.h"

const fc_policy fc_policy_fifo = {
    .name = "fifo",
    .pass = fc_scheduler_start_heads,
};
