/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The options of `replay`, read into what the replay takes. */
#ifndef FC_CLI_REPLAY_OPTIONS_H
#define FC_CLI_REPLAY_OPTIONS_H

#include "base/text.h"
#include "cli/cli.h"
#include "cli/replay_fleet.h"
#include "trace/replay.h"

enum { FC_REPLAY_MOST_POLICIES = 16 };

typedef struct fc_replay_options {
    fc_replay_spec spec; /* without policy, sink and progress */
    fc_gpu_group groups[FC_MAX_GROUPS];
    const fc_policy *policies[FC_REPLAY_MOST_POLICIES];
    const char *names[FC_REPLAY_MOST_POLICIES];
    size_t n_policies;
    fc_replay_fleet fleet; /* where a scenario's fleet is the cluster */
    fc_text settings; /* all that changes results, but the policy, as one text: "gpus=64 ..." */
} fc_replay_options;

extern const struct argp_option fc_replay_argp[];

/* E_USAGE, the numbers of quantities, those of a scenario, with messages. To be freed in any case.
 */
int fc_replay_options_read(fc_cli *cli, fc_replay_options *out);
void fc_replay_options_free(fc_replay_options *options);

#endif
